//! The console at triage: what stands beside the list, members of a cause, plans of which nothing can happen, Dutch field names.

use crate::support::console::{Console, Opening};
use crate::support::world;
use portaal_console::console::draw::encode::Shown;
use portaal_console::domain::action::Act;
use portaal_console::domain::filter::{Compare, parse};
use portaal_console::service::Mode;

fn wide() -> Console {
    Console::with(Opening {
        size: (120, 40),
        ..Opening::default()
    })
}

#[test]
fn an_explanation_stands_beside_its_list_where_there_is_room() {
    let mut console = wide();
    console.press("6 j").wait(200);
    let beside = console.app.side.detail.as_ref().map(|d| d.id.clone());
    assert_eq!(beside, Some(world::id(1)), "the row under the cursor");
    console.press("2").wait(200);
    assert!(
        console.app.side.detail.is_none(),
        "a list without one has the whole width"
    );
    console.press("6 o").wait(200);
    assert!(console.app.side.detail.is_none(), "a key hides it");
    console.press("o").wait(200);
    assert!(console.app.side.detail.is_some(), "and shows it again");
    let mut narrow = Console::open();
    narrow.press("6").wait(200);
    assert!(narrow.app.side.detail.is_none());
    narrow.press("o");
    assert_eq!(
        narrow.app.stack.len(),
        2,
        "where there is no room it is opened over the list"
    );
}

#[test]
fn a_step_beside_an_explanation_costs_few_bytes_and_rests_before_it_is_read() {
    let mut console = wide();
    console.press("6 j").wait(200);
    let mut shown = Shown::unknown();
    let (picture, spot) = console.paint();
    shown.frame(picture, spot);
    for _ in 0..5 {
        console.press("j");
        let (picture, spot) = console.paint();
        let bytes = shown.frame(picture, spot).len();
        assert!(bytes <= 400, "{bytes} bytes");
    }
    assert_eq!(
        console.app.side.detail.as_ref().map(|d| d.id.clone()),
        Some(world::id(1))
    );
    console.wait(200);
    assert_eq!(
        console.app.side.detail.as_ref().map(|d| d.id.clone()),
        Some(world::id(6))
    );
    console.slow = true;
    console.press("k k k k k").wait(200);
    let known = console
        .app
        .side
        .detail
        .as_ref()
        .is_some_and(|d| d.record.is_some());
    assert!(
        known,
        "what was read before is shown while it is read again"
    );
}

#[test]
fn a_cause_opens_its_members_and_escape_comes_back() {
    let mut console = wide();
    console.press("6 Tab j Enter");
    let pane = console.app.pane().expect("a list");
    assert_eq!(pane.whole_filter(), format!("group:{}", world::id(1)));
    assert!(
        console.text().contains("Stichting De Linde 1"),
        "under the name of the cause"
    );
    console.press("/ 'status:received' Enter");
    assert!(
        console
            .app
            .pane()
            .expect("a list")
            .whole_filter()
            .ends_with("status:received")
    );
    console.press("Esc Esc");
    let board = console.app.board().expect("a screen");
    assert_eq!(board.pane, 1, "back at the causes");
    console.press("Tab");
    assert_eq!(
        console.app.pane().expect("a list").whole_filter(),
        "",
        "all submissions again"
    );
}

#[test]
fn a_whole_opens_its_parts_again_and_again_and_escape_goes_back_step_by_step() {
    let mut console = wide();
    console.press("9 Tab");
    let rows: Vec<usize> = (0..40)
        .filter(|n| world::row(*n).state != "received")
        .take(2)
        .collect();
    let go = |n: usize| format!("g{}", " j".repeat(n));
    console.press(&format!("{} Enter", go(rows[0])));
    console.press(&format!("{} Enter", go(rows[1])));
    let label = |n: usize| world::row(n).label;
    let filter = |console: &Console| console.app.pane().expect("a list").whole_filter();
    assert_eq!(filter(&console), format!("group:{}", world::id(rows[1])));
    let path = format!("{} › {}", label(rows[0]), label(rows[1]));
    assert!(console.text().contains(&path), "{}", console.text());
    console.press("Esc");
    assert_eq!(filter(&console), format!("group:{}", world::id(rows[0])));
    let here = console
        .app
        .pane()
        .expect("a list")
        .window
        .row()
        .map(|r| r.id.clone());
    assert_eq!(
        here,
        Some(world::id(rows[1])),
        "on the row that it came from"
    );
    console.press("Esc");
    assert_eq!(filter(&console), "");
    let here = console
        .app
        .pane()
        .expect("a list")
        .window
        .row()
        .map(|r| r.id.clone());
    assert_eq!(here, Some(world::id(rows[0])));
    let nothing_in_it = (0..40).find(|n| world::row(*n).state == "received");
    console.press(&format!("{} Enter", go(nothing_in_it.expect("such a row"))));
    assert_eq!(console.app.stack.len(), 2, "its record is opened");
    console.press(&format!("Esc {} O", go(rows[0])));
    assert_eq!(
        console.app.stack.len(),
        2,
        "its own record, whatever is in it"
    );
    console.press("Esc");
    assert!(console.text().contains("O record"), "{}", console.text());
    console.press("2");
    assert!(!console.text().contains("O record"), "where Enter opens it");
    console.press("O");
    assert_eq!(console.app.stack.len(), 2, "as Enter does");
}

#[test]
fn an_action_on_a_cause_is_planned_on_its_members_and_frozen() {
    let mut console = wide();
    console.all_are("open").press("6 Tab x Enter");
    assert!(console.text().contains("kunnen"), "{}", console.text());
    console.press("y");
    let run = console.ran.first().expect("it ran");
    assert_eq!((run.act, run.mode), (Act::SubmissionRetry, Mode::Commit));
    assert_eq!(run.targets.len(), world::ROWS, "every member, as it was");
}

#[test]
fn a_plan_of_which_nothing_can_happen_takes_no_yes() {
    let mut console = Console::open();
    console.all_are("active");
    console
        .rows
        .retain(|r| r.id.ends_with(['1', '3', '5', '7', '9']));
    console.press("4 Space Space x Enter 'lek' Ctrl-o");
    assert!(
        console.text().contains("er valt niets te bevestigen"),
        "{}",
        console.text()
    );
    console.press("y Enter y");
    assert!(console.ran.is_empty());
    console.press("Esc Esc");
    assert!(!console.text().contains("bevestigen"));
}

#[test]
fn fields_have_their_dutch_names_too() {
    let fields = ["status", "vendor", "org", "age", "assigned", "kind"];
    let rows = [
        ("leverancier:rom", "vendor", Compare::Is),
        ("zorgaanbieder:linde", "org", Compare::Is),
        ("OUD>2d", "age", Compare::More),
        ("!bij", "assigned", Compare::Present),
        ("soort:cqi", "kind", Compare::Is),
    ];
    for (text, field, compare) in rows {
        let term = parse(text, &fields).expect(text).remove(0);
        assert_eq!(
            (term.field.as_str(), term.compare),
            (field, compare),
            "{text}"
        );
    }
    assert!(
        parse("bestand:x", &fields).is_err(),
        "a field that this list lacks stays unknown"
    );
}
