//! Every action by every role that may not: exit 4, nothing changed, one audit row each.

use super::{first_operator, import, organisation, registration, text};
use crate::support::db::{Mark, World, each_marked};
use crate::support::program::{Said, audit_rows, contents, run, run_with};
use portaal_console::command::{self, Leaf};
use portaal_console::domain::action::{Act, Field, FieldKind, Reason, Target};

use portaal_console::domain::right::{Role, rights};
use std::collections::BTreeMap;

/// One existing record per kind, to take actions on.
type Records = BTreeMap<&'static str, String>;

async fn records(world: &World) -> Records {
    let open = import(world, "87654321");
    organisation(world, "12345678");
    let invite = [
        "account",
        "invite",
        "--organisation",
        "12345678",
        "--name",
        "B",
        "--email",
        "b@linde.example",
        "--roles",
        "reader",
        "--output",
        "json",
    ];
    let account = text(&run(world, &invite).exits(0).rows()[0], "id");
    let mut all = Records::from([
        ("registration", open),
        ("organisation", "12345678".to_owned()),
        ("account", account),
        ("operator", "auditor".to_owned()),
    ]);
    for (kind, sql) in [
        ("mail", "SELECT id FROM mail"),
        ("acceptance", "SELECT id FROM acceptance"),
        ("agreement", "SELECT id FROM agreement"),
    ] {
        let mut tx = world.services.db.read().await.expect("transaction");
        let query = portaal_console::store::Query::new(sql);
        let found: Option<(String,)> = tx.optional(query).await.expect("record");
        tx.rollback().await.expect("rollback");
        all.extend(found.map(|(id,)| (kind, id)));
    }
    all
}

fn value(field: &Field) -> String {
    match field.kind {
        FieldKind::Line => "tekst".to_owned(),
        FieldKind::Email => "x@linde.example".to_owned(),
        FieldKind::Date => "2026-10-05".to_owned(),
        FieldKind::Digits(n) => "1".repeat(n),
        FieldKind::Choice(codes) | FieldKind::Choices(codes) => {
            codes.first().copied().unwrap_or("").to_owned()
        }
        FieldKind::Flag => String::new(),
        FieldKind::Reference(_) => "12345678".to_owned(),
    }
}

/// The words of an action with all that it needs; none when there is no record to take it on.
fn words(act: Act, records: &Records) -> Option<Vec<String>> {
    let spec = act.spec();
    let mut words = vec![command::noun_of(spec.noun).to_owned(), spec.verb.to_owned()];
    if spec.target != Target::Nothing {
        words.push(records.get(spec.noun.as_str())?.clone());
    }
    for field in spec.fields.iter().filter(|f| f.required) {
        let name = match field.name {
            "language" => format!("{}-language", spec.noun),
            name => name.replace('_', "-"),
        };
        words.extend([format!("--{name}"), value(field)]);
    }
    if spec.reason == Reason::Required {
        words.extend(["--reason".to_owned(), "proef".to_owned()]);
    }
    Some(words)
}

fn as_login(world: &World, login: &str, words: &[String], stdin: &str) -> Said {
    let mut all = vec!["--as", login];
    all.extend(words.iter().map(String::as_str));
    run_with(world, &all, stdin)
}

#[test]
fn what_a_role_may_not_is_refused_and_audited() {
    each_marked(Mark::Demo, |world| async move {
        first_operator(&world, "support,administrator,on_call");
        for role in Role::ALL {
            world.operator(role.as_str(), &[*role]).await;
        }
        let records = records(&world).await;
        for entry in command::entries() {
            let Leaf::Act(act) = entry.leaf else { continue };
            let Some(words) = words(act, &records) else {
                continue;
            };
            let right = act.spec().right;
            for role in Role::ALL.iter().filter(|r| !rights(**r).contains(&right)) {
                refused(&world, role.as_str(), &words, "").await;
            }
        }
    });
}

#[test]
fn what_stands_in_no_table_is_refused_too() {
    each_marked(Mark::Demo, |world| async move {
        first_operator(&world, "support,administrator,on_call");
        world
            .operator("release_manager", &[Role::ReleaseManager])
            .await;
        let file = world.state.path().join("x.pdf");
        std::fs::write(&file, b"%PDF-1.4\n%%EOF\n").expect("file");
        let file = file.display().to_string();
        let publish = format!(
            "agreement publish {file} --name x --title y --valid-from 2026-10-01 --grace-until 2026-10-02"
        );
        let add = format!("submission add {file} --organisation 12345678");
        let rows = [
            ("registration import -", registration("12345678")),
            (
                "organisation import-marks -",
                "agb,kind,valid_from,valid_until\n".to_owned(),
            ),
            ("account activate", "kibgi_00".to_owned()),
            (publish.as_str(), String::new()),
            (add.as_str(), String::new()),
            (
                "agreement record-acceptance --organisation 12345678 --account a --remote 192.0.2.1",
                String::new(),
            ),
            ("audit verify", String::new()),
            ("audit anchor", String::new()),
            ("audit export", String::new()),
        ];
        for (line, stdin) in rows {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            refused(&world, "release_manager", &words, &stdin).await;
        }
    });
}

async fn refused(world: &World, login: &str, words: &[String], stdin: &str) {
    let (before, rows) = (contents(world).await, audit_rows(world).await);
    let said = as_login(world, login, words, stdin);
    assert_eq!(said.code, 4, "{login} {words:?}: {said:?}");
    assert_eq!(said.out, "", "{login} {words:?}");
    let after = audit_rows(world).await;
    assert_eq!(
        after,
        (rows.0 + 1, rows.1 + 1),
        "one audit row: {login} {words:?}"
    );
    assert_eq!(contents(world).await, before, "{login} {words:?}");
}

#[test]
fn acting_as_somebody_works_on_a_demo_alone() {
    crate::support::db::each(|world| async move {
        first_operator(&world, "administrator");
        world.operator("auditor", &[Role::Auditor]).await;
        run(&world, &["--as", "auditor", "audit", "verify"]).exits(4);
    });
    each_marked(Mark::Demo, |world| async move {
        world.operator("auditor", &[Role::Auditor]).await;
        run(&world, &["--as", "auditor", "audit", "verify"]).exits(0);
        let said = run(&world, &["--as", "auditor", "audit", "export"]).exits(0);
        assert!(said.out.contains("\"on_behalf\":\"auditor\""), "{said:?}");
    });
}
