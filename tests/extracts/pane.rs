//! The pane beside a figure: what the files say of it, why it is a dot and what would help, for who may know; and whose turn an
//! extract is.

use super::deliveries::deliver;
use super::stage::{Person, built, cast, define, draft, row};
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::domain::job::JobKind;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::Role;
use portaal_console::language::{Language, display};
use portaal_console::service::extract::inspect;
use portaal_console::service::reads::{extract, figure, reason};
use portaal_console::service::{Actor, Services};
use portaal_console::store::extract as store;
use portaal_console::store::extract_content::{self, Cell as Stored};
use portaal_console::store::job::{self, Wish};
use portaal_console::ui::record::Body;
use portaal_console::ui::{Cell, Query, Record};
use portaal_console::work;
use std::fmt::Write;

/// Table, codes and what is the case.
const CELLS: &[(&str, [&str; 3], &str)] = &[
    (
        "response",
        ["06010001", "Total", "completer"],
        "shown, and its row",
    ),
    (
        "response",
        ["06010004", "Total", "dropout"],
        "shown, its row is not",
    ),
    ("effect", ["06010002", "Total", "SQ48"], "shown, with means"),
    ("volume", ["06010001", "chronisch", "gedrag"], "too small"),
    ("volume", ["06010001", "kort", "05"], "hidden for others"),
    (
        "effect",
        ["06010003", "Total", "BSI"],
        "hidden for its sums",
    ),
    (
        "volume",
        ["Total", "Total", "Total"],
        "too few care providers",
    ),
];

fn reading(who: &Person, language: Language) -> Actor {
    Actor {
        language,
        ..(*who.actor).clone()
    }
}

/// The identifier of a cell, found as people find it.
async fn place(services: &Services, actor: &Actor, of: &str, codes: [&str; 3]) -> String {
    let [organisation, profile, code] = codes;
    let query = Query {
        filter: format!(
            "{of} organisation:\"{organisation}\" profile:\"{profile}\" code:\"{code}\""
        ),
        limit: 3,
        ..Query::default()
    };
    let page = figure::page(services, actor, &query).await.expect("page");
    assert_eq!(page.rows.len(), 1, "{}", query.filter);
    page.rows[0].id.clone()
}

/// A pane as text.
fn text(record: &Record, language: Language) -> String {
    let mut text = format!("== {}\n", record.title);
    let Body::Sections(sections) = &record.tabs[0].body else {
        unreachable!("{record:?}");
    };
    for (title, body) in sections {
        let _ = writeln!(text, "{}", title.text(language));
        match body {
            Body::Text(lines) => {
                for line in lines {
                    let _ = writeln!(text, "  {line}");
                }
            }
            Body::Fields(fields) => {
                for (name, cell) in fields {
                    let shown = match cell {
                        Cell::Text(shown) => shown,
                        Cell::Hidden => ".",
                        other => unreachable!("{other:?}"),
                    };
                    let _ = writeln!(text, "  {}: {shown}", name.text(language));
                }
            }
            other => unreachable!("{other:?}"),
        }
    }
    text
}

/// The panes of all cells.
async fn panes(id: &str, who: &Person, language: Language) -> Vec<String> {
    let actor = reading(who, language);
    let mut all = Vec::new();
    for (sheet, codes, _) in CELLS {
        let of = format!("extract:{id} sheet:{sheet}");
        let place = place(&who.services, &actor, &of, *codes).await;
        let record = reason::figure(&who.services, &actor, &place).await;
        all.push(text(&record.expect("pane"), language));
    }
    all
}

fn check(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("pane_{name}"), text));
}

#[test]
fn a_pane_says_what_the_files_say_and_why_a_dot_to_who_may_know() {
    each(async |world| {
        deliver(&world).await;
        let cast = cast(&world).await;
        let id = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        work::drain(world.services.clone()).await.expect("drained");
        for (language, name) in [(Language::Nl, "nl"), (Language::En, "en")] {
            let all = panes(&id, &cast.anna, language).await;
            check(name, &all.join("\n"));
            // Without the right: what is shown is shown, and one sentence for whatever is hidden and for whatever reason.
            let veiled = panes(&id, &cast.chef, language).await;
            assert_eq!(veiled[..3], all[..3]);
            let without_title = |pane: &String| pane.split_once('\n').expect("lines").1.to_owned();
            let hidden: Vec<String> = veiled[3..].iter().map(without_title).collect();
            assert!(hidden.iter().all(|pane| *pane == hidden[0]), "{hidden:?}");
            check(&format!("veiled_{name}"), &veiled[3]);
        }
        shares_are_those_of_the_file(&world, &cast.anna, &id).await;
    });
}

/// What the pane says of a response is what stands in the file, for every response.
async fn shares_are_those_of_the_file(world: &World, who: &Person, id: &str) {
    let file = inspect::file(&world.services, &who.actor, id, "response.csv").await;
    let file = String::from_utf8(file.expect("file")).expect("UTF-8");
    let (mut shown, mut dots) = (0, 0);
    for line in file.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let [organisation, profile, response, n, share] = fields[..] else {
            unreachable!("{line}");
        };
        if n == "." {
            assert_eq!(share, ".", "{line}");
            continue;
        }
        let of = format!("extract:{id} sheet:response");
        let codes = [organisation, profile, response];
        let place = place(&who.services, &who.actor, &of, codes).await;
        let pane = reason::figure(&who.services, &who.actor, &place).await;
        let pane = text(&pane.expect("pane"), Language::Nl);
        assert!(
            pane.contains(&format!("aandeel, %: {share}\n")),
            "{line}\n{pane}"
        );
        assert!(pane.contains(&format!("aantal: {n}\n")), "{line}\n{pane}");
        shown += usize::from(share != ".");
        dots += usize::from(share == ".");
    }
    assert!(
        shown > 2 && dots > 0,
        "{shown} shares, {dots} beside a hidden row"
    );
}

/// Six organisations with a mean difference of -1 point and a half further each.
fn spread() -> Vec<Stored> {
    let cell = |position: i64, organisation: &str, tenths: i64, status: &str| Stored {
        position,
        sheet: "effect".to_owned(),
        code_1: organisation.to_owned(),
        code_2: "Total".to_owned(),
        code_3: "SQ48".to_owned(),
        n: 20,
        sums: format!("{},{},0,0,0", 20 * 60_000, 20 * (60_000 + tenths * 100)),
        status: status.to_owned(),
        rule: if status == "u" { "contributors" } else { "" }.to_owned(),
    };
    let mut all = vec![cell(1, "Total", 0, "u")];
    for n in 0..6_i64 {
        all.push(cell(n + 2, &format!("0601000{n}"), -10 - n * 5, "s"));
    }
    // A hidden mean lies far outside, and may not be seen in where the spread ends.
    all.push(cell(8, "06010009", 400, "x"));
    all
}

#[test]
fn a_spread_ends_where_the_shown_means_end_in_the_readers_own_numbers() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = draft(&cast.anna).await;
        let mut tx = world.services.db.write().await.expect("transaction");
        let stored = extract_content::insert_cells(&mut tx, &id, &spread()).await;
        stored.expect("cells");
        tx.commit().await.expect("commit");
        for (language, ends) in [
            (Language::Nl, "  -3,5 █▁█▁█▁▁█▁█▁█ -1,0\n"),
            (Language::En, "  -3.5 █▁█▁█▁▁█▁█▁█ -1.0\n"),
        ] {
            let actor = reading(&cast.anna, language);
            let of = format!("extract:{id} sheet:effect");
            let codes = ["Total", "Total", "SQ48"];
            let place = place(&world.services, &actor, &of, codes).await;
            let pane = reason::figure(&world.services, &actor, &place).await;
            let pane = text(&pane.expect("pane"), language);
            assert!(pane.contains(ends), "{pane}");
        }
    });
}

#[test]
fn numbers_are_written_as_people_of_a_language_do() {
    for (text, nl, en) in [
        ("0", "0", "0"),
        ("-0.5", "-0,5", "-0.5"),
        ("12.30", "12,30", "12.30"),
        ("-1234.5", "-1.234,5", "-1,234.5"),
        ("1234567", "1.234.567", "1,234,567"),
    ] {
        assert_eq!(display::decimal(text, Language::Nl), nl);
        assert_eq!(display::decimal(text, Language::En), en);
    }
}

/// What a list says that a build is at.
async fn at(world: &World, who: &Person) -> Cell {
    let query = Query {
        limit: 2,
        ..Query::default()
    };
    let page = extract::page(&world.services, &who.actor, &query).await;
    let place = extract::COLUMNS.iter().position(|c| c.name == "build");
    page.expect("page").rows[0].cells[place.expect("column")].clone()
}

#[test]
fn a_build_that_nobody_is_at_waits_however_far_it_was() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = draft(&cast.anna).await;
        let shown = |code: &str| Cell::Code(Kind::Extract, code.to_owned());
        assert_eq!(at(&world, &cast.anna).await, shown(""));
        cast.anna.does(Act::ExtractBuild, &id).await;
        assert_eq!(at(&world, &cast.anna).await, shown("waiting"));
        let building = row(&world, &id).await.building;
        let now = world.services.clock.now();
        let wish = Wish {
            worker: "lost",
            kinds: &[JobKind::Extract],
            most: 1,
            now,
            until: now.plus(1000),
        };
        let mut tx = world.services.db.write().await.expect("transaction");
        assert_eq!(job::claim(&mut tx, &wish).await.expect("claim").len(), 1);
        let progress = store::progress(&mut tx, &id, &building, ("extending", 1, 2)).await;
        assert!(progress.expect("written"));
        tx.commit().await.expect("commit");
        assert_eq!(at(&world, &cast.anna).await, shown("extending"));
        // Its worker is gone, and said nothing.
        let mut tx = world.services.db.write().await.expect("transaction");
        let swept = job::sweep(&mut tx, now.plus(2000), 10).await;
        assert_eq!(swept.expect("swept").len(), 1);
        tx.commit().await.expect("commit");
        assert_eq!(at(&world, &cast.anna).await, shown("waiting"));
    });
}

/// Whose turn it is, as each of these people sees it.
async fn turns(world: &World, id: &str, people: &[&Person]) -> Vec<String> {
    let mut all = Vec::new();
    let at = extract::COLUMNS.iter().position(|c| c.name == "turn");
    for who in people {
        let query = Query {
            filter: format!("id:{id}"),
            limit: 2,
            ..Query::default()
        };
        let page = extract::page(&world.services, &who.actor, &query).await;
        let page = page.expect("page");
        assert_eq!(page.rows.len(), 1);
        all.push(match &page.rows[0].cells[at.expect("column")] {
            Cell::Code(_, who) => who.clone(),
            Cell::Empty => "-".to_owned(),
            other => unreachable!("{other:?}"),
        });
    }
    all
}

#[test]
fn everybody_sees_whose_turn_it_is() {
    each(async |world| {
        let cast = cast(&world).await;
        let support = Person::new(&world, "support", &[Role::Support]).await;
        let people = [&cast.anna, &cast.bram, &cast.chef, &support];
        let id = built(&world, &cast.anna).await;
        let expect = async |state: &str, turn: [&str; 4]| {
            assert_eq!(row(&world, &id).await.state, state);
            assert_eq!(turns(&world, &id, &people).await, turn, "{state}");
        };
        expect("built", ["you", "you", "others", "others"]).await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        expect("draft", ["worker"; 4]).await;
        cast.anna.does(Act::ExtractStop, &id).await;
        expect("draft", ["you", "you", "others", "others"]).await;
        super::stage::fill(&world, &id, "a").await;
        cast.anna.does(Act::ExtractRequest, &id).await;
        expect("requested", ["yours", "you", "others", "others"]).await;
        cast.bram.does(Act::ExtractApprove, &id).await;
        expect("approved", ["you", "you", "others", "others"]).await;
        cast.bram.does(Act::ExtractRelease, &id).await;
        expect("released", ["worker"; 4]).await;
        work::drain(world.services.clone()).await.expect("drained");
        expect("released", ["-"; 4]).await;
        cast.bram.does(Act::ExtractRecall, &id).await;
        expect("recalled", ["worker"; 4]).await;
        work::drain(world.services.clone()).await.expect("drained");
        expect("recalled", ["-"; 4]).await;
    });
}
