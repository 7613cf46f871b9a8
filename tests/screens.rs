//! The console without a terminal: keys in, picture out.

use crate::support::console::{Console, Opening};
use crate::support::world;
use portaal_console::console::message::{Effect, Exit, Msg};
use portaal_console::console::theme::{Glyphs, Theme};
use portaal_console::domain::action::Act;
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
    for width in [1, 2, 7, 20, 59, 60, 61, 80, 109, 110, 130] {
        for height in (1..=45).step_by(if width < 60 { 11 } else { 3 }) {
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
fn a_code_that_does_not_exist_keeps_the_filter_open_and_a_typed_state_goes_before_the_stage() {
    let mut console = Console::open();
    console
        .press("2 /")
        .tell(Msg::Paste("status:recieved".to_owned()));
    console.press("Enter");
    let pane = console.app.pane().expect("a list");
    assert!(
        pane.typing.is_some() && pane.filter.is_empty(),
        "nothing was taken"
    );
    assert!(
        console.text().contains("'status' neemt ontvangen"),
        "{}",
        console.text()
    );
    console
        .press("Esc Esc / ")
        .tell(Msg::Paste("status:ontvangen".to_owned()));
    console.press("Enter");
    assert_eq!(
        console.app.pane().expect("a list").filter,
        "status:ontvangen",
        "a label is taken too"
    );
    console.press("Esc l l");
    assert_eq!(
        console.app.pane().expect("a list").whole_filter(),
        "status:in_setup",
        "the stage alone"
    );
    console
        .press("/")
        .tell(Msg::Paste("status:received".to_owned()));
    console.press("Enter");
    let whole = console.app.pane().expect("a list").whole_filter();
    assert_eq!(
        whole, "status:received",
        "not both, which nothing could meet"
    );
}

#[test]
fn a_reason_that_must_be_given_is_asked_first() {
    let form = portaal_console::ui::form::Form {
        act: Act::RegistrationReject,
        id: "x".to_owned(),
        version: 1,
        label: "Praktijk".to_owned(),
        fields: Act::RegistrationReject.spec().fields,
        values: std::collections::BTreeMap::new(),
        preview: Vec::new(),
        confirm: String::new(),
    };
    let view = portaal_console::console::views::form::FormView::new(form, Vec::new());
    let first = view.entries.first().map(|e| &e.slot);
    assert!(matches!(
        first,
        Some(portaal_console::console::views::form::Slot::Reason(_))
    ));
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

#[test]
fn enter_at_a_question_means_no_and_y_means_yes() {
    let mut console = Console::open();
    console.all_are("invited").press("4 x j Enter");
    check("confirm", &console.shot());
    console.press("Enter");
    assert!(console.ran.is_empty());
    console.press("x j Enter y");
    assert_eq!(console.ran.len(), 1);
    assert!(console.note().starts_with("Gedaan"), "{}", console.note());
}

#[test]
fn the_key_that_starts_never_confirms() {
    let tries = [
        ("invited", "4 x j Enter Enter Enter Enter"),
        ("invited", "4 x j Enter x x"),
        ("active", "3 x j Enter 'weg' Enter Enter Enter Enter"),
    ];
    for (state, keys) in tries {
        let mut console = Console::open();
        console.all_are(state).press(keys);
        assert!(console.ran.is_empty(), "{keys}");
    }
}

#[test]
fn what_cannot_be_undone_asks_for_its_name() {
    let mut console = Console::open();
    console
        .all_are("active")
        .press("3 x j Enter 'opgeheven' Ctrl-o");
    check("confirm_name", &console.shot());
    console.press("'Praktijk' Enter");
    assert!(console.ran.is_empty());
    console.press("Ctrl-u 'Praktijk_De_Linde_0' Enter");
    assert_eq!(console.ran.len(), 1);
    assert_eq!(
        console.ran.first().map(|r| r.reason.as_str()),
        Some("opgeheven")
    );
}

#[test]
fn a_form_is_checked_shown_and_saved() {
    let mut console = Console::open();
    console.values = [
        ("name", "Linde"),
        ("kvk", "12345678"),
        ("email", "a@linde.example"),
        ("contact", "A. Linde"),
        ("language", "nl"),
    ]
    .map(|(k, v)| (k.to_owned(), v.to_owned()))
    .into();
    console.press("3 x Enter '_BV' Enter");
    assert!(console.text().contains("Linde BV"));
    assert!(
        console.out.iter().any(|e| matches!(e, Effect::Keep(..))),
        "typing keeps a draft"
    );
    console.press("Ctrl-o");
    check("form_preview", &console.shot());
    console.press("y");
    let run = console.ran.first().expect("it ran");
    assert_eq!(run.values.get("name").map(String::as_str), Some("Linde BV"));
    assert_eq!(run.targets.first().map(|t| t.version), Some(1));
    assert!(
        console.out.iter().any(|e| matches!(e, Effect::Forget(_))),
        "saving forgets the draft"
    );
    assert_eq!(console.app.stack.len(), 1);
}

#[test]
fn a_draft_is_offered_again() {
    let mut console = Console::open();
    console.press("3 x Enter '_BV' Esc");
    assert!(console.note().contains("concept"), "{}", console.note());
    console.press("x Enter");
    check("draft_offered", &console.shot());
    console.press("Enter");
    assert!(console.text().contains("BV"));
    console.press("Esc x Enter j Enter");
    assert!(!console.text().contains("BV"), "begun again");
}

#[test]
fn a_draft_on_an_older_version_becomes_a_conflict() {
    let mut console = Console::open();
    console.press("3 x Enter '_BV' Esc");
    console.version = 2;
    console.values.insert("name".into(), "Elders".into());
    console.press("x Enter Enter");
    assert!(console.text().contains("Elders") && console.text().contains("BV"));
}

#[test]
fn a_conflict_shows_three_values_and_overwrites_nothing() {
    use portaal_console::domain::kind::Kind;
    use portaal_console::service::Error;
    let mut console = Console::open();
    console.values = [
        ("name", "Linde"),
        ("kvk", "12345678"),
        ("email", "a@linde.example"),
        ("contact", "A. Linde"),
        ("language", "nl"),
    ]
    .map(|(k, v)| (k.to_owned(), v.to_owned()))
    .into();
    console.press("3 x Enter '_BV' Enter Enter Enter Enter 'Zwolle' Ctrl-o");
    console.answer = Box::new(|run| {
        let seen = run.targets.first().map_or(0, |t| t.version);
        if seen == 2 {
            return Ok(portaal_console::service::Done::default());
        }
        let by = "A. Bakker".to_owned();
        Err(Error::Conflict {
            kind: Kind::Organisation,
            id: "x".into(),
            version: 2,
            by,
            at: world::NOW,
        })
    });
    console.version = 2;
    console.values.insert("name".into(), "Linde NV".into());
    console.press("y");
    check("conflict", &console.shot());
    assert_eq!(console.ran.len(), 1);
    console.press("Ctrl-o");
    assert!(console.text().contains("Kies eerst"));
    console.press("Right Ctrl-o");
    assert!(console.text().contains("Linde BV") && console.text().contains("Zwolle"));
    console.press("Ctrl-o y");
    let last = console.ran.last().expect("ran again");
    assert_eq!(
        last.targets.first().map(|t| t.version),
        Some(2),
        "on the version that was compared"
    );
    assert_eq!(
        last.values.get("name").map(String::as_str),
        Some("Linde BV")
    );
    assert_eq!(console.app.stack.len(), 1);
}

#[test]
fn many_rows_are_planned_frozen_and_counted() {
    let mut console = Console::open();
    console
        .all_are("active")
        .press("4 Space Space Space x Enter 'lek' Ctrl-o");
    check("bulk_plan", &console.shot());
    console.rows.clear();
    console.tell(Msg::Changed);
    console.wait(200);
    console.press("y");
    let run = console.ran.first().expect("it ran");
    assert_eq!(run.targets.len(), 3, "what was marked stays what is meant");
    assert_eq!(run.reason, "lek");
}

#[test]
fn marking_all_marks_what_matches_beyond_the_page() {
    let mut console = Console::open();
    console.press("4 / 'status:received' Enter *");
    let marks = console.app.pane().map_or(0, |p| p.marks.len());
    assert_eq!(
        marks,
        console
            .rows
            .iter()
            .filter(|r| r.state == "received")
            .count()
    );
}

#[test]
fn greyed_actions_say_why_and_do_nothing() {
    let mut console = Console::open();
    console.press("2 j x");
    assert!(console.text().contains("Dat kan niet"));
    console.press("Enter");
    assert!(console.ran.is_empty());
}

#[test]
fn a_read_only_session_is_told_and_cannot_write() {
    let mut console = Console::unconnected(Opening::default());
    let mut actor = (*world::actor()).clone();
    actor.read_only = true;
    console.tell(Msg::Connected(actor.into()));
    assert!(console.text().contains("ALLEEN LEZEN"));
    console.all_are("invited").press("4 x j Enter y");
    assert!(console.ran.is_empty());
}

#[test]
fn pasted_text_is_one_safe_line() {
    let mut console = Console::open();
    console.press("3 x Enter");
    console.tell(Msg::Paste("Linde\u{1b}[2J\u{202e}\r\nBV\n".into()));
    assert!(console.text().contains("Linde[2J BV"), "{}", console.text());
    console.press("Esc 2 x Enter");
}

#[test]
fn hostile_text_never_reaches_a_cell() {
    let hostile = "\u{1b}]0;x\u{7}\u{9b}31m\u{202e}abc\u{200b}\u{feff}\r\n\u{0}\u{85}";
    let mut console = Console::open();
    for row in &mut console.rows {
        row.label = hostile.into();
        row.cells = row
            .cells
            .iter()
            .map(|_| portaal_console::ui::Cell::Text(hostile.into()))
            .collect();
        row.state = hostile.into();
    }
    for keys in [
        "2",
        "x",
        "Esc Y",
        "Esc Enter",
        "Esc : 'abc'",
        "Esc Space / 'abc'",
        "Esc 4 x Enter",
    ] {
        console.press(keys);
        let (picture, _) = console.paint();
        for cell in picture.content() {
            let bad = cell
                .symbol()
                .chars()
                .find(|c| portaal_console::domain::check::unprintable(*c));
            assert_eq!(bad, None, "after {keys}");
        }
    }
}

#[test]
fn copying_says_how_much_and_what() {
    let mut console = Console::open();
    console.press("2 y");
    let copied = console
        .out
        .iter()
        .any(|e| matches!(e, Effect::Copy(text) if *text == world::id(0)));
    assert!(copied);
    assert!(console.note().contains("36 B"), "{}", console.note());
}

#[test]
fn what_is_copied_is_cut_at_what_terminals_take() {
    use portaal_console::console::copy::{MOST, Wrap, sequence, told};
    let long = "é".repeat(MOST);
    let sent = sequence(&long, Wrap::Plain);
    assert!(sent.len() <= 100_000, "{}", sent.len());
    assert!(told(&long, Language::Nl).contains("Te lang"));
    assert!(sequence("x", Wrap::Tmux).contains("\u{1b}Ptmux;\u{1b}\u{1b}]52;"));
}

#[test]
fn the_palette_finds_screens_by_both_names_and_takes_a_filter() {
    for name in ["submissions", "aanleveringen"] {
        let mut console = Console::open();
        console.press(&format!(": '{name}_status:received' Enter"));
        assert_eq!(
            console.app.board().map(|b| b.screen.name_en),
            Some("submissions")
        );
        assert_eq!(
            console.app.pane().map(|p| p.filter.as_str()),
            Some("status:received")
        );
    }
}

#[test]
fn the_palette_finds_records_when_typing_rests() {
    let mut console = Console::open();
    console.press(": 'Rijnstroom'").wait(500);
    check("palette_records", &console.shot());
    console.press("Enter");
    assert!(console.text().contains("Rijnstroom"));
    assert_eq!(console.app.stack.len(), 2);
}

#[test]
fn help_runs_the_line_that_is_chosen() {
    let mut console = Console::open();
    console.press("2 ? 'sorteren' Enter");
    assert!(console.text().contains("Sorteren op"), "{}", console.text());
}

#[test]
fn leaving_asks_when_a_draft_is_open() {
    let mut console = Console::open();
    console.press("3 x Enter 'x' Esc q");
    check("quit", &console.shot());
    console.press("Enter");
    assert!(!console.out.iter().any(|e| matches!(e, Effect::Leave(_))));
    console.press("q y");
    assert!(
        console
            .out
            .iter()
            .any(|e| matches!(e, Effect::Leave(Exit::Quit)))
    );
}

#[test]
fn the_next_record_is_one_key_away() {
    let mut console = Console::open();
    console.press("2 Enter n n");
    assert!(console.text().contains("GGZ Het Baken 2"));
    console.press("N");
    assert!(console.text().contains("Stichting De Linde 1"));
}

fn parser((width, height): (u16, u16)) -> vt100::Parser {
    use std::num::NonZeroU16;
    let side = |n| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
    vt100::Parser::new(side(height), side(width), 0)
}

/// What a terminal shows after these bytes, line by line.
fn shown(parser: &vt100::Parser, width: u16) -> Vec<String> {
    parser
        .screen()
        .rows(0, width)
        .map(|l| l.trim_end().to_owned())
        .collect()
}

#[test]
fn the_terminal_shows_what_was_painted() {
    use portaal_console::console::draw::encode::Shown;
    let keys = "2 j j j Ctrl-d Ctrl-d PgDn PgDn k k Ctrl-u PgUp Enter Tab j j j G g Tab Esc x Esc : 'mail' Esc ? Esc \
                5 Tab 2 / 'st' Tab Esc Space v j j v l l h n N G k k k k PgUp PgUp 1 2 o j j";
    for size in [(80_u16, 24_u16), (120, 40), (61, 16)] {
        let mut console = Console::with(Opening {
            size,
            ..Opening::default()
        });
        for cell in console
            .rows
            .iter_mut()
            .step_by(3)
            .filter_map(|r| r.cells.first_mut())
        {
            *cell = portaal_console::ui::Cell::Text("宽字 é\u{301} 宽宽".into());
        }
        let mut parser = parser(size);
        let mut terminal = Shown::unknown();
        for key in keys
            .split(' ')
            .chain(std::iter::repeat_n("j", 90))
            .chain(std::iter::repeat_n("k", 90))
        {
            console.press(key).wait(200);
            let (picture, spot) = console.paint();
            let wanted: Vec<String> = console.text().split('\n').map(str::to_owned).collect();
            let bytes = terminal.frame(picture, spot);
            parser.process(bytes.as_bytes());
            assert_eq!(shown(&parser, size.0), wanted, "{size:?} after {key}");
            if let Some((x, y)) = spot {
                assert_eq!(
                    parser.screen().cursor_position(),
                    (y, x),
                    "{size:?} after {key}"
                );
            }
        }
    }
}

#[test]
fn a_step_of_the_cursor_costs_few_bytes_and_nothing_costs_none() {
    use portaal_console::console::draw::encode::Shown;
    let mut console = Console::with(Opening {
        size: (120, 40),
        ..Opening::default()
    });
    console.press("2");
    let mut shown = Shown::unknown();
    let (picture, spot) = console.paint();
    let first = shown.frame(picture, spot);
    assert!(first.len() < 8000, "{}", first.len());
    for n in 0..100 {
        console.press("j");
        let (picture, spot) = console.paint();
        let bytes = shown.frame(picture, spot).len();
        assert!(bytes <= 400, "step {n} costs {bytes} bytes");
    }
    console.press("PgDn");
    let (picture, spot) = console.paint();
    assert!(shown.frame(picture, spot).len() <= 5000);
    let (picture, spot) = console.paint();
    assert_eq!(
        shown.frame(picture, spot),
        "",
        "the same picture costs nothing"
    );
    console.app.take_changed();
    console.tell(Msg::Changed);
    console.wait(5000);
    assert!(
        !console.app.take_changed(),
        "the same rows again are nothing to draw"
    );
}

#[test]
fn drafts_outlive_the_session_for_their_owner_alone() {
    use portaal_console::console::drafts::{Book, Draft};
    use std::os::unix::fs::PermissionsExt;
    let state = tempfile::tempdir().expect("a directory");
    let draft = Draft {
        act: "organisation edit".into(),
        label: "Praktijk".into(),
        ..Draft::default()
    };
    let book = Book::new(state.path(), "portaal.db");
    book.keep("organisation edit 1".into(), draft.clone());
    book.flush().expect("written");
    let directory = state.path().join("drafts");
    let mode = |path: &std::path::Path| {
        std::fs::metadata(path).expect("there").permissions().mode() & 0o777
    };
    assert_eq!(mode(&directory), 0o700);
    let inner = std::fs::read_dir(&directory)
        .expect("there")
        .flatten()
        .next()
        .expect("one")
        .path();
    assert_eq!(mode(&inner), 0o700);
    let file = std::fs::read_dir(&inner)
        .expect("there")
        .flatten()
        .next()
        .expect("one")
        .path();
    assert_eq!(mode(&file), 0o600);
    let name = file.file_name().map(|n| n.to_string_lossy().into_owned());
    assert!(
        !name.unwrap_or_default().contains("organisation"),
        "no name in the name"
    );
    assert!(
        Book::new(state.path(), "another.db").open().is_empty(),
        "each database has its own"
    );
    let later = Book::new(state.path(), "portaal.db");
    assert_eq!(later.open().get("organisation edit 1"), Some(&draft));
    later.forget("organisation edit 1");
    later.flush().expect("written");
    assert!(Book::new(state.path(), "portaal.db").open().is_empty());
    assert!(!file.exists());
}
