//! The console without a terminal: keys in, picture out.

use crate::support::console::{Console, Opening};
use crate::support::world;
use portaal_console::console::message::{Effect, Exit, Msg};
use portaal_console::console::theme::{Glyphs, Theme};
use portaal_console::language::Language;

fn check(name: &str, shot: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("console_{name}"), shot));
}

/// Name, size, keys.
const PICTURES: &[(&str, (u16, u16), &str)] = &[
    ("overview_80", (80, 24), ""),
    ("overview_120", (120, 40), ""),
    ("list_80", (80, 24), "2 j j"),
    ("list_120", (120, 40), "2 j j"),
    ("list_60", (60, 15), "2"),
    ("list_marks", (80, 24), "2 Space Space j v j j v"),
    ("list_stage", (80, 24), "2 l l"),
    ("list_nothing", (80, 24), "2 / 'zzz' Enter"),
    ("list_filter_fields", (80, 24), "2 / 'st'"),
    ("list_filter_codes", (80, 24), "2 / 'status:'"),
    ("list_filter_wrong", (80, 24), "2 / 'stotus:x'"),
    ("list_sorts", (80, 24), "2 s"),
    ("list_actions", (80, 24), "2 x"),
    ("list_side", (120, 40), "2 o"),
    ("two_lists", (80, 24), "5 Tab"),
    ("record_80", (80, 24), "2 Enter"),
    ("record_120", (120, 40), "2 Enter"),
    ("record_related", (80, 24), "2 Enter Tab j j"),
    ("record_text", (80, 24), "2 Enter Tab Tab"),
    ("record_fields", (80, 24), "2 Enter Y"),
    ("form", (80, 24), "2 x Enter"),
    ("form_wrong", (80, 24), "2 x Enter Down '12a' Ctrl-o"),
    ("palette", (80, 24), ": 'mail'"),
    ("help", (80, 24), "2 ?"),
    ("help_search", (80, 24), "2 ? 'mark'"),
    ("unknown_key", (80, 24), "2 !"),
];

#[test]
fn pictures() {
    for (name, size, keys) in PICTURES {
        let mut console = Console::with(Opening {
            size: *size,
            ..Opening::default()
        });
        console.press(keys).wait(1000);
        check(name, &console.shot());
    }
}

#[test]
fn pictures_in_other_looks() {
    let looks = [
        (
            "mono",
            Opening {
                theme: Theme::Mono,
                ..Opening::default()
            },
        ),
        (
            "ascii",
            Opening {
                glyphs: Glyphs::Ascii,
                ..Opening::default()
            },
        ),
        (
            "contrast",
            Opening {
                theme: Theme::Contrast,
                ..Opening::default()
            },
        ),
        (
            "english",
            Opening {
                language: Language::En,
                ..Opening::default()
            },
        ),
    ];
    for (name, opening) in looks {
        let mut console = Console::with(opening);
        console.press("2 j Space");
        check(&format!("look_{name}"), &console.shot());
    }
}

#[test]
fn ascii_alone_decorates_in_ascii() {
    let mut console = Console::with(Opening {
        glyphs: Glyphs::Ascii,
        ..Opening::default()
    });
    for keys in ["", "2 j Space", "x", "Esc Enter", "Esc Esc : 'a'"] {
        console.press(keys);
        let text = console.text().replace(['ë', 'ö', '’', '\''], "");
        assert!(text.is_ascii(), "{text}");
    }
}

#[test]
fn before_the_database_is_open_the_frame_stands() {
    let console = Console::unconnected(Opening::default());
    check("connecting", &console.shot());
}

#[test]
fn every_size_is_painted() {
    for width in (1..=130).step_by(7) {
        for height in 1..=45 {
            let mut console = Console::with(Opening {
                size: (width, height),
                ..Opening::default()
            });
            for keys in [
                "2", "x", "Esc", "Enter", "x Enter", "Esc", ": 'a'", "Esc", "?", "Esc", "/ 'st'",
            ] {
                console.press(keys);
                console.paint();
            }
        }
    }
}

#[test]
fn selection_stays_on_its_row_when_rows_arrive() {
    let mut console = Console::open();
    console.press("2 j j j Space j");
    let here = console
        .app
        .pane()
        .and_then(|p| p.window.row())
        .map(|r| r.id.clone());
    let mut fresh: Vec<_> = (9000..9003).map(world::row).collect();
    fresh.append(&mut console.rows);
    console.rows = fresh;
    console.tell(Msg::Changed);
    console.wait(200);
    let pane = console.app.pane().expect("a list");
    assert_eq!(pane.window.row().map(|r| r.id.clone()), here);
    assert_eq!(pane.fresh, 3, "the banner counts what came in");
    assert!(pane.marks.contains_key(&world::id(3)));
    check("list_fresh", &console.shot());
    console.press("g");
    assert_eq!(console.app.pane().map(|p| p.fresh), Some(0));
}

#[test]
fn nothing_moves_while_paused() {
    let mut console = Console::open();
    console.press("2 p");
    console.rows.remove(0);
    console.tell(Msg::Changed);
    console.wait(5000);
    assert_eq!(
        console
            .app
            .pane()
            .and_then(|p| p.window.rows.first().map(|r| r.id.clone())),
        Some(world::id(0))
    );
    assert!(console.text().contains("er is nieuws"));
    console.press("p");
    assert_eq!(
        console
            .app
            .pane()
            .and_then(|p| p.window.rows.first().map(|r| r.id.clone())),
        Some(world::id(1))
    );
}

#[test]
fn the_whole_list_can_be_walked_and_memory_stays_small() {
    let mut console = Console::open();
    console.press("2");
    for _ in 0..200 {
        console.press("PgDn");
        let kept = console.app.pane().map_or(0, |p| p.window.rows.len());
        assert!(kept <= 700, "{kept} rows in memory");
    }
    let last = console
        .app
        .pane()
        .and_then(|p| p.window.row())
        .map(|r| r.id.clone());
    assert_eq!(last, Some(world::id(world::ROWS - 1)));
    for _ in 0..200 {
        console.press("PgUp");
    }
    let first = console
        .app
        .pane()
        .and_then(|p| p.window.row())
        .map(|r| r.id.clone());
    assert_eq!(first, Some(world::id(0)));
    console.press("G");
    let last = console
        .app
        .pane()
        .and_then(|p| p.window.row())
        .map(|r| r.id.clone());
    assert_eq!(last, Some(world::id(world::ROWS - 1)));
    console.press("k k");
    assert_eq!(
        console
            .app
            .pane()
            .and_then(|p| p.window.row())
            .map(|r| r.id.clone()),
        Some(world::id(world::ROWS - 3))
    );
}

#[test]
fn steps_beyond_what_is_read_are_made_up_when_it_arrives() {
    let mut console = Console::open();
    console.press("2");
    console.slow = true;
    for _ in 0..300 {
        console.press("j");
    }
    console.release();
    let row = console
        .app
        .pane()
        .and_then(|p| p.window.row())
        .map(|r| r.id.clone());
    assert!(row > Some(world::id(60)), "{row:?}");
}

#[test]
fn late_replies_are_dropped() {
    let mut console = Console::open();
    console.press("2");
    console.slow = true;
    console.press("l");
    let first = std::mem::take(&mut console.held);
    console.press("l");
    let second = std::mem::take(&mut console.held);
    console.held = second.into_iter().chain(first).collect();
    console.release();
    let states: Vec<_> = console
        .app
        .pane()
        .map(|p| p.window.rows.iter().map(|r| r.state.clone()).collect())
        .unwrap_or_default();
    assert!(states.iter().all(|s| s == "in_setup"), "{states:?}");
}

#[test]
fn escape_undoes_one_thing_at_a_time_and_never_quits() {
    let mut console = Console::open();
    console.press("2 Space / 'praktijk' Enter / 'x'");
    assert!(console.app.pane().is_some_and(|p| p.typing.is_some()));
    console.press("Esc");
    assert!(
        console
            .app
            .pane()
            .is_some_and(|p| p.typing.is_none() && p.filter == "praktijk")
    );
    console.press("Esc");
    assert!(
        console
            .app
            .pane()
            .is_some_and(|p| p.filter.is_empty() && p.marks.len() == 1)
    );
    console.press("Esc");
    assert!(console.app.pane().is_some_and(|p| p.marks.is_empty()));
    console.press("Esc Esc Esc");
    assert!(!console.out.iter().any(|e| matches!(e, Effect::Leave(_))));
    console.press("q");
    assert!(
        console
            .out
            .iter()
            .any(|e| matches!(e, Effect::Leave(Exit::Quit)))
    );
}

#[test]
fn control_c_leaves_only_when_pressed_twice() {
    let mut console = Console::open();
    console.press("Ctrl-c j Ctrl-c");
    assert!(!console.out.iter().any(|e| matches!(e, Effect::Leave(_))));
    console.press("Ctrl-c");
    assert!(
        console
            .out
            .iter()
            .any(|e| matches!(e, Effect::Leave(Exit::Interrupted)))
    );
}

#[test]
fn a_row_of_the_overview_leads_to_its_filtered_list() {
    let mut console = Console::open();
    console.press("Enter");
    let pane = console.app.pane().expect("a list");
    assert_eq!(pane.filter, "status:received");
    assert!(pane.window.rows.iter().all(|r| r.state == "received"));
    console.press("-");
    assert_eq!(console.app.board_index(), 0);
}

#[test]
fn a_lost_database_is_told_and_found_again() {
    let mut console = Console::open();
    console.press("2");
    console.gone = true;
    console.press("Ctrl-r");
    assert!(console.text().contains("database niet bereikbaar"));
    console.press("x Enter");
    assert!(
        console.note().contains("niets gewijzigd worden"),
        "{}",
        console.note()
    );
    assert!(console.ran.is_empty());
    console.gone = false;
    console.wait(2500);
    assert!(!console.text().contains("database niet bereikbaar"));
    assert!(console.note().contains("weer bereikbaar"));
}

#[test]
fn the_lock_blanks_everything_and_any_key_reads_again() {
    let mut console = Console::open();
    console.press("2").wait(901_000);
    check("locked", &console.shot());
    console.press("q");
    assert!(
        !console.out.iter().any(|e| matches!(e, Effect::Leave(_))),
        "the key that unlocks does nothing else"
    );
    assert!(console.text().contains("Aanmeldingen"));
}
