//! The forms of output: tables, JSON and CSV of every list; paging; and that nothing from outside steers a terminal.

use super::{first_operator, import, text};
use crate::support::db::{BEGIN, World, each};
use crate::support::program::run;
use portaal_console::command::{self, Leaf};
use portaal_console::store::registration::{self, Registration};

use std::collections::BTreeSet;

/// Text that tries everything: escape, bell, C1, bidi, zero width, line break, formula.
const HOSTILE: &str = "=cmd|'/C'!A0\u{1b}]0;x\u{7}\u{9b}31m\u{202e}gnp\u{200b}\u{85}a\nb\tc\u{7f}";

fn hostile(agb: &str) -> Registration {
    let text = || HOSTILE.to_owned();
    Registration {
        id: uuid::Uuid::now_v7().to_string(),
        agb: agb.to_owned(),
        name: text(),
        kvk: "12345678".to_owned(),
        street: text(),
        postcode: text(),
        city: text(),
        email: text(),
        phone: text(),
        contact: text(),
        language: "nl".to_owned(),
        route: "manual".to_owned(),
        vendor: text(),
        users: serde_json::json!([{ "name": HOSTILE, "email": HOSTILE, "roles": "signatory" }])
            .to_string(),
        state: "received".to_owned(),
        state_at: BEGIN,
        reason: text(),
        received_at: BEGIN,
        organisation_id: None,
        changed_at: BEGIN,
        changed_by: text(),
        folded: text(),
        version: 1,
    }
}

/// Stores a registration whose every text is hostile; gives its id.
pub async fn add_hostile(world: &World) -> String {
    let row = hostile("11111111");
    let mut tx = world.services.db.write().await.expect("transaction");
    registration::insert(&mut tx, &row).await.expect("row");
    tx.commit().await.expect("commit");
    row.id
}

fn lists() -> Vec<(&'static str, &'static str)> {
    let all = command::entries();
    let lists = all.iter().filter(|e| matches!(e.leaf, Leaf::List(_)));
    lists.map(|e| (e.noun, e.name)).collect()
}

#[test]
fn nothing_from_outside_steers_the_terminal() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        let id = add_hostile(&world).await;
        for output in ["table", "json", "csv"] {
            for (noun, name) in lists() {
                run(&world, &[noun, name, "--output", output])
                    .exits(0)
                    .is_safe();
            }
            let shown = run(&world, &["registration", "show", &id, "--output", output]);
            assert_eq!(shown.code, 0, "{shown:?}");
            shown.is_safe();
            run(
                &world,
                &[
                    "registration",
                    "reject",
                    &id,
                    "--reason",
                    HOSTILE,
                    "--dry-run",
                    "--output",
                    output,
                ],
            )
            .is_safe();
            run(
                &world,
                &[
                    "account", "lock", HOSTILE, "--reason", "x", "--output", output,
                ],
            )
            .exits(1)
            .is_safe();
        }
    });
}

#[test]
fn json_keeps_every_character() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        let id = add_hostile(&world).await;
        let words = [
            "registration",
            "reject",
            &id,
            "--reason",
            "x",
            "--dry-run",
            "--output",
            "json",
        ];
        let said = run(&world, &words).exits(0);
        assert_eq!(text(&said.rows()[0], "label"), HOSTILE);
    });
}

#[test]
fn csv_holds_no_formula() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        add_hostile(&world).await;
        for (noun, name) in lists() {
            let said = run(&world, &[noun, name, "--output", "csv"]).exits(0);
            let mut reader = csv::Reader::from_reader(said.out.as_bytes());
            for record in reader.records() {
                for field in &record.expect("record") {
                    let number = field.parse::<f64>().is_ok();
                    assert!(
                        number || !field.starts_with(['=', '+', '-', '@', '\t', '\r']),
                        "{field:?}"
                    );
                }
            }
        }
    });
}

#[test]
fn every_list_is_an_object_with_rows_and_next() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        import(&world, "12345678");
        for (noun, name) in lists() {
            let said = run(&world, &[noun, name, "--output", "json"]).exits(0);
            let json = said.json();
            let keys: Vec<&String> = json.as_object().expect("object").keys().collect();
            assert_eq!(keys, ["rows", "next"], "{noun} {name}");
            run(&world, &[noun, name, "--filter", "bestaatniet:1"]).exits(2);
            run(&world, &[noun, name, "--after", "%%%"]).exits(2);
            run(&world, &[noun, name, "--sort", "bestaatniet"]).exits(2);
        }
    });
}

#[test]
fn pages_follow_on_each_other() {
    each(|world| async move {
        first_operator(&world, "support,administrator");
        let made: BTreeSet<String> = (0..7)
            .map(|n| import(&world, &format!("1234567{n}")))
            .collect();
        let mut seen = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut words = vec!["registration", "list", "--limit", "3", "--output", "json"];
            if let Some(cursor) = &after {
                words.extend(["--after", cursor]);
            }
            let json = run(&world, &words).exits(0).json();
            let rows = json["rows"].as_array().cloned().unwrap_or_default();
            seen.extend(rows.iter().map(|r| text(r, "id")));
            after = json["next"].as_str().map(str::to_owned);
            if after.is_none() {
                break;
            }
            assert_eq!(rows.len(), 3);
        }
        assert_eq!(seen.len(), made.len());
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), made);
        let table = run(&world, &["registration", "list", "--limit", "2"]).exits(0);
        assert_eq!(table.out.lines().count(), 3);
        assert!(table.err.contains("--after"), "{table:?}");
    });
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let state = tempfile::tempdir().expect("directory");
    let program = env!("CARGO_BIN_EXE_portaal");
    let line = format!("'{program}' completions bash | head -n 1; exit ${{PIPESTATUS[0]}}");
    let status = std::process::Command::new("bash")
        .args(["-c", &line])
        .env("HOME", state.path())
        .output()
        .expect("bash");
    assert_eq!(status.status.code(), Some(0), "{status:?}");
    assert!(!String::from_utf8_lossy(&status.stderr).contains("panic"));
}
