//! An extract of which our own attacks found something: it stays here, and who may know is told which cells gave way, and to whom.

use super::stage::{Person, built, draft, finish};
use crate::support::db::{World, each};
use crate::support::program::run;
use portaal_console::domain::action::Act;
use portaal_console::domain::right::{Right, Role};
use portaal_console::domain::sheet::SMALL_HOLDERS;
use portaal_console::domain::time::Timestamp;
use portaal_console::language::{Language, Message, extract as say, screen};
use portaal_console::service::error::Rule;
use portaal_console::service::extract::words;
use portaal_console::service::reads::{extract, figure, reason};
use portaal_console::service::{Actor, Error, identity};
use portaal_console::store::extract_content::{self as content, Attack, Cell as Stored, Holder};
use portaal_console::store::extract_find::{self, Find};
use portaal_console::store::{Query, StoreError};
use portaal_console::ui::record::{Body, Related};
use portaal_console::ui::{Query as Asked, Record};
use serde_json::Value;

const OWN: &str = "06010001";
const OTHER: &str = "06010002";
const TOLD: &str = "De Linde, met de eigen cijfers, kan dit aantal herleiden";

/// Who runs these tests, as a release manager: the program knows them by their login.
async fn myself(world: &World) -> Person {
    let login = identity::kernel_facts().expect("kernel").login;
    let actor = world.operator(&login, &[Role::ReleaseManager]).await;
    Person {
        services: world.services.clone(),
        actor,
    }
}

/// A total that is shown over two cells that are not, and of which one gave way to the other and to whoever kept a release.
async fn opened(world: &World, person: &Person, release: &str) -> String {
    let id = draft(person).await;
    let mut tx = world.services.db.write().await.expect("transaction");
    let all = [
        ("Total", 24, "s", ""),
        (OWN, 5, "u", "small"),
        (OTHER, 19, "x", ""),
    ];
    let cell = |(position, (agb, n, status, rule)): (i64, (&str, i64, &str, &str))| Stored {
        position,
        sheet: "volume".to_owned(),
        code_1: agb.to_owned(),
        code_2: "kort".to_owned(),
        code_3: "Total".to_owned(),
        n,
        sums: String::new(),
        status: status.to_owned(),
        rule: rule.to_owned(),
    };
    let cells: Vec<Stored> = (1..).zip(all).map(cell).collect();
    content::insert_cells(&mut tx, &id, &cells)
        .await
        .expect("cells");
    let holder = |agb: &str, name: &str| Holder {
        agb: agb.to_owned(),
        name: name.to_owned(),
        holds_mark: 1,
        closed: 90,
        pooled: 0,
        left_out: String::new(),
    };
    let holders = [holder(OWN, "De Wilg"), holder(OTHER, "De Linde")];
    content::insert_holders(&mut tx, &id, &holders)
        .await
        .expect("holders");
    let attack = |position: i64, attacker: &str, open: i64| Attack {
        position,
        attacker: attacker.to_owned(),
        tried: 2,
        open,
    };
    let attacks = [
        attack(1, "outsider", 0),
        attack(2, "insider", 1),
        attack(3, "earlier", 1),
    ];
    content::insert_attacks(&mut tx, &id, &attacks)
        .await
        .expect("attacks");
    let find = |attacker: &str, leak: &str, who: &str, release: &str| Find {
        attacker: attacker.to_owned(),
        sheet: "volume".to_owned(),
        code_1: OWN.to_owned(),
        code_2: "kort".to_owned(),
        code_3: "Total".to_owned(),
        leak: leak.to_owned(),
        who: who.to_owned(),
        release: release.to_owned(),
    };
    let finds = [
        find("insider", "count", OTHER, ""),
        find("earlier", "change", "", release),
    ];
    extract_find::insert(&mut tx, &id, &finds)
        .await
        .expect("finds");
    finish(&mut tx, &id, "found", "open").await;
    tx.commit().await.expect("commit");
    id
}

fn is(title: &Message, wanted: &Message) -> bool {
    title.text(Language::En) == wanted.text(Language::En)
}

fn attacks(record: &Record) -> &Body {
    let tab = record
        .tabs
        .iter()
        .find(|t| is(t.title, &screen::TAB_ATTACKS));
    &tab.expect("attacks").body
}

/// What stands under the heading of what was found.
fn found(record: &Record) -> Option<&Body> {
    let Body::Sections(sections) = attacks(record) else {
        return None;
    };
    let all = sections.iter().find(|(title, _)| is(title, &screen::FOUND));
    all.map(|(_, body)| body)
}

fn list(body: &Body) -> &Related {
    match body {
        Body::List(list) => list,
        other => unreachable!("{other:?}"),
    }
}

fn line(related: &Related, row: usize) -> String {
    let cells = related.rows[row].cells.iter();
    let all: Vec<String> = cells
        .map(|c| c.show(Language::Nl, Timestamp::NEVER))
        .collect();
    all.join(" | ")
}

async fn filtered(world: &World, who: &Actor, filter: &str) -> Result<Vec<String>, Error> {
    let query = Asked {
        filter: filter.to_owned(),
        limit: 10,
        ..Asked::default()
    };
    let page = figure::page(&world.services, who, &query).await?;
    Ok(page.rows.into_iter().map(|r| r.id).collect())
}

#[test]
fn which_cells_gave_way_is_told_to_who_may_know() {
    each(async |world| {
        let anna = Person::new(&world, "anna", &[Role::ReleaseManager]).await;
        let chef = Person::new(&world, "chef", &[Role::Administrator]).await;
        let before = built(&world, &anna).await;
        let id = opened(&world, &anna, &before).await;
        let seen = extract::open(&anna.services, &anna.actor, &id)
            .await
            .expect("record");
        let all = list(found(&seen).expect("what was found"));
        assert_eq!(all.rows.len(), 2);
        assert_eq!(
            line(all, 0),
            "De Linde | volume | De Wilg | Kort | Totaal | aantal | "
        );
        assert_eq!(
            line(all, 1),
            "ontvanger van eerdere | volume | De Wilg | Kort | Totaal | te kleine wijziging | kibg-1 2025"
        );
        assert_eq!(all.rows[0].id, format!("{id}:2"), "it opens the cell");
        let other = extract::open(&chef.services, &chef.actor, &id)
            .await
            .expect("record");
        let Some(Body::Text(lines)) = found(&other) else {
            unreachable!("{:?}", attacks(&other));
        };
        assert_eq!(lines, &[say::FOUND_TO_MANAGERS.text(Language::Nl)]);
        // A safe one has nothing under it.
        let safe = extract::open(&anna.services, &anna.actor, &before)
            .await
            .expect("record");
        assert!(found(&safe).is_none());

        let filter = format!("extract:{id} found:ja");
        let cells = filtered(&world, &anna.actor, &filter).await.expect("cells");
        assert_eq!(cells, [format!("{id}:2")]);
        let refused = filtered(&world, &chef.actor, &filter).await;
        assert!(
            matches!(
                refused,
                Err(Error::Right {
                    right: Right::Extracts,
                    ..
                })
            ),
            "{refused:?}"
        );

        let pane = reason::figure(&anna.services, &anna.actor, &format!("{id}:2"))
            .await
            .expect("pane");
        let pane = format!("{:?}", pane.tabs[0].body);
        assert!(pane.contains(TOLD), "{pane}");
        assert!(
            pane.contains("Wie kibg-1 2025 bewaarde, kan herleiden hoe weinig"),
            "{pane}"
        );
        let veiled = reason::figure(&chef.services, &chef.actor, &format!("{id}:2"))
            .await
            .expect("pane");
        assert!(!format!("{:?}", veiled.tabs[0].body).contains("De Linde"));

        let asked = anna.act(Act::ExtractRequest, &id, &[]).await;
        assert!(
            matches!(asked, Err(Error::Rule(Rule::ExtractOpen))),
            "{asked:?}"
        );
    });
}

#[test]
fn the_command_line_tells_which_cells_gave_way_too() {
    each(async |world| {
        let anna = myself(&world).await;
        let before = built(&world, &anna).await;
        let id = opened(&world, &anna, &before).await;
        let words = [
            "extract",
            "explain",
            id.as_str(),
            "--sheet",
            "volume",
            OWN,
            "kort",
            "Total",
        ];
        let said = run(&world, &[&words[..], &["--language", "nl"]].concat()).exits(0);
        assert!(said.out.contains(TOLD), "{said:?}");
        let said = run(&world, &[&words[..], &["--output", "json"]].concat()).exits(0);
        let data: Value = serde_json::from_str(&said.out).expect("JSON");
        assert_eq!(data["found"][0]["who"], OTHER);
        assert_eq!(data["found"][1]["release"], before.as_str());
        let said = run(
            &world,
            &["extract", "show", id.as_str(), "--language", "en"],
        )
        .exits(0);
        assert!(said.out.contains("What was worked out"), "{said:?}");
    });
}

#[test]
fn how_many_holders_are_in_is_a_bar_for_each_way() {
    each(async |world| {
        let anna = Person::new(&world, "anna", &[Role::ReleaseManager]).await;
        let id = draft(&anna).await;
        let ways = [
            (1, 0, ""),
            (1, 0, ""),
            (1, 1, ""),
            (1, 0, "overdue"),
            (0, 0, ""),
            (0, 0, "ended"),
        ];
        let holder = |(n, (mark, pooled, why)): (i64, (i64, i64, &str))| Holder {
            agb: format!("0601000{n}"),
            name: "n".to_owned(),
            holds_mark: mark,
            closed: 1,
            pooled,
            left_out: why.to_owned(),
        };
        let all: Vec<Holder> = (1..).zip(ways).map(holder).collect();
        let mut tx = world.services.db.write().await.expect("transaction");
        content::insert_holders(&mut tx, &id, &all)
            .await
            .expect("holders");
        tx.commit().await.expect("commit");
        let seen = extract::open(&anna.services, &anna.actor, &id)
            .await
            .expect("record");
        let tab = seen
            .tabs
            .iter()
            .find(|t| is(t.title, &screen::TAB_COVERAGE));
        let Some(Body::Sections(sections)) = tab.map(|t| &t.body) else {
            unreachable!("{tab:?}");
        };
        let bars = list(&sections[0].1);
        let lines: Vec<String> = (0..bars.rows.len()).map(|row| line(bars, row)).collect();
        let expected = [
            "op eigen naam | 2 | ██████████ 50%",
            "samengevoegd | 1 | █████ 25%",
            "te laat | 1 | █████ 25%",
            "zonder keurmerk | 1 | ",
        ];
        assert_eq!(lines, expected);
        assert_eq!(bars.rows[0].cells[2].json(), 50);
        assert_eq!(list(&sections[1].1).rows.len(), ways.len());
    });
}

#[test]
fn what_was_found_goes_with_the_build() {
    each(async |world| {
        let anna = Person::new(&world, "anna", &[Role::ReleaseManager]).await;
        let id = opened(&world, &anna, "").await;
        let seen = extract::open(&anna.services, &anna.actor, &id)
            .await
            .expect("record");
        assert_eq!(
            line(list(found(&seen).expect("found")), 1)
                .matches("kibg")
                .count(),
            0
        );
        anna.does(Act::ExtractBuild, &id).await;
        let mut tx = world.services.db.read().await.expect("transaction");
        let left = extract_find::first(&mut tx, &id, 10).await.expect("finds");
        tx.rollback().await.expect("rollback");
        assert_eq!(left, []);
    });
}

#[test]
fn the_pool_is_named_and_an_older_build_says_that_it_does_not_know() {
    each(async |world| {
        let anna = Person::new(&world, "anna", &[Role::ReleaseManager]).await;
        let id = draft(&anna).await;
        let mut tx = world.services.db.write().await.expect("transaction");
        let attack = Attack {
            position: 1,
            attacker: "insider".to_owned(),
            tried: 2,
            open: 1,
        };
        content::insert_attacks(&mut tx, &id, &[attack])
            .await
            .expect("attacks");
        tx.commit().await.expect("commit");
        let open = async || {
            extract::open(&anna.services, &anna.actor, &id)
                .await
                .expect("record")
        };
        let older = open().await;
        let Some(Body::Text(lines)) = found(&older) else {
            unreachable!("{:?}", attacks(&older));
        };
        assert_eq!(lines, &[say::FOUND_UNKNOWN.text(Language::Nl)]);
        let find = Find {
            attacker: "insider".to_owned(),
            sheet: "cqi".to_owned(),
            code_1: OWN.to_owned(),
            code_2: "CQI-AMB-5.1".to_owned(),
            code_3: "gezondheid".to_owned(),
            leak: "mean".to_owned(),
            who: SMALL_HOLDERS.to_owned(),
            release: String::new(),
        };
        let mut tx = world.services.db.write().await.expect("transaction");
        extract_find::insert(&mut tx, &id, &[find])
            .await
            .expect("finds");
        let all = extract_find::first(&mut tx, &id, 1).await.expect("finds");
        tx.commit().await.expect("commit");
        let told = words::found(&all, Language::En);
        assert!(
            told[0].starts_with("Those who are counted together"),
            "{told:?}"
        );
        let seen = open().await;
        let all = list(found(&seen).expect("found"));
        assert!(
            line(all, 0).starts_with("Kleine aanbieders | cliëntervaring (CQi)"),
            "{}",
            line(all, 0)
        );
        assert_eq!(all.rows[0].id, "", "no extract has that cell");
    });
}

#[test]
fn what_was_found_cannot_be_changed_once_it_is_built() {
    each(async |world| {
        let anna = Person::new(&world, "anna", &[Role::ReleaseManager]).await;
        opened(&world, &anna, "").await;
        for sql in [
            "UPDATE extract_find SET who = ''",
            "DELETE FROM extract_find",
            "INSERT INTO extract_find SELECT extract_id, 9, attacker, sheet, code_1, code_2, code_3, leak, who, release_id \
                FROM extract_find WHERE position = 1",
        ] {
            let mut tx = world.services.db.write().await.expect("transaction");
            let done = tx.execute(Query::new(sql)).await;
            tx.rollback().await.expect("rollback");
            assert!(
                matches!(done, Err(StoreError::Refused(_))),
                "{sql}: {done:?}"
            );
        }
    });
}
