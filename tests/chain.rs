//! The audit chain: whatever is done to its rows behind the program's back, `verify` says so.

use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::domain::right::Role;
use portaal_console::service::audit::{self, Fault};
use portaal_console::service::{self, Actor, Call, Error};
use portaal_console::store::{Engine, Query};
use std::sync::Arc;

async fn fill(world: &World, actor: &Arc<Actor>, rows: usize) {
    for n in 0..rows {
        let given = crate::onboarding::values(&[("to", &format!("p{n}@zorg.example"))]);
        service::run(
            &world.services,
            &world.call(actor, ""),
            Act::MailTest,
            "",
            &given,
        )
        .await
        .expect("row");
    }
}

/// Does what an intruder with the rights of the owner could: the triggers are taken away first.
async fn tamper(world: &World, statements: &[&'static str]) {
    let mut tx = world.services.db.append().await.expect("transaction");
    let off: &[&'static str] = match world.engine {
        Engine::Sqlite => &[
            "DROP TRIGGER IF EXISTS audit_no_update",
            "DROP TRIGGER IF EXISTS audit_no_delete",
            "DROP TRIGGER IF EXISTS audit_in_order",
            "DROP TRIGGER IF EXISTS audit_head_forward",
        ],
        Engine::Postgres => &[
            "ALTER TABLE audit DISABLE TRIGGER USER",
            "ALTER TABLE audit_head DISABLE TRIGGER USER",
        ],
    };
    for sql in off.iter().chain(statements) {
        tx.execute(Query::new(sql)).await.expect(sql);
    }
    tx.commit().await.expect("commit");
}

#[test]
fn every_kind_of_tampering_is_found() {
    let cases: &[(&str, &[&'static str], Fault)] = &[
        ("edit", &["UPDATE audit SET reason = 'niets' WHERE sequence = 3"], Fault::Edited(3)),
        ("edit of the time", &["UPDATE audit SET at = at + 1 WHERE sequence = 2"], Fault::Edited(2)),
        ("delete", &["DELETE FROM audit WHERE sequence = 3"], Fault::Gap(4)),
        (
            "swap",
            &[
                "UPDATE audit SET sequence = 99 WHERE sequence = 2",
                "UPDATE audit SET sequence = 2 WHERE sequence = 3",
                "UPDATE audit SET sequence = 3 WHERE sequence = 99",
            ],
            Fault::Broken(2),
        ),
        ("cut tail", &["DELETE FROM audit WHERE sequence = 5"], Fault::CutTail(5)),
        (
            "cut tail and head",
            &[
                "DELETE FROM audit WHERE sequence = 5",
                "UPDATE audit_head SET sequence = 4, hash = (SELECT hash FROM audit WHERE sequence = 4)",
            ],
            Fault::Anchor(6),
        ),
        (
            "insert",
            &[
                "UPDATE audit SET sequence = 6 WHERE sequence = 5",
                "INSERT INTO audit SELECT 5, at, operator_id, login, actor, roles, on_behalf, via, host, tty, ssh, uid,
                    action, object_kind, object_id, organisation_id, outcome, reason, request, detail, previous, hash
                    FROM audit WHERE sequence = 4",
            ],
            Fault::Broken(5),
        ),
    ];
    for (name, statements, fault) in cases {
        each(async |world| {
            let support = world.operator("sanne", &[Role::Support]).await;
            let auditor = world.operator("controle", &[Role::Auditor]).await;
            fill(&world, &support, 5).await;
            let call = Call::new(&auditor);
            let kept = audit::anchor(&world.services, &call).await.expect("anchor");
            tamper(&world, &["DELETE FROM audit WHERE sequence > 5"]).await;
            restore_head(&world).await;
            tamper(&world, statements).await;
            // Only an anchor outside the database can tell that the tail and the head were cut together.
            let anchor = matches!(fault, Fault::Anchor(_)).then_some(kept.as_str());
            let found = audit::verify(&world.services, &call, anchor)
                .await
                .expect("verdict");
            assert_eq!(found.fault, Some(*fault), "{name}");
        });
    }
}

/// The head as it was before the anchor was noted, so that each case begins with five rows.
async fn restore_head(world: &World) {
    let sql =
        "UPDATE audit_head SET sequence = 5, hash = (SELECT hash FROM audit WHERE sequence = 5)";
    let mut tx = world.services.db.append().await.expect("transaction");
    tx.execute(Query::new(sql)).await.expect("head");
    tx.commit().await.expect("commit");
}

#[test]
fn the_database_itself_refuses_to_change_the_audit() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        fill(&world, &support, 2).await;
        for sql in [
            "UPDATE audit SET reason = 'x'",
            "DELETE FROM audit",
            "DELETE FROM audit_head",
            "UPDATE audit_head SET sequence = 1",
            "DELETE FROM meta",
            "UPDATE meta SET value = 'x' WHERE name = 'database_id'",
            "INSERT INTO meta (name, value) VALUES ('demo', 'yes')",
        ] {
            let mut tx = world.services.db.append().await.expect("transaction");
            assert!(tx.execute(Query::new(sql)).await.is_err(), "{sql}");
        }
        assert_eq!(number(&world, "SELECT count(*) FROM audit").await, 2);
    });
}

#[test]
fn many_at_once_make_one_chain() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let auditor = world.operator("controle", &[Role::Auditor]).await;
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (world, support) = (Arc::clone(&world), Arc::clone(&support));
            all.spawn(async move { fill(&world, &support, 10).await });
        }
        while let Some(done) = all.join_next().await {
            done.expect("task");
        }
        let verdict = audit::verify(&world.services, &Call::new(&auditor), None)
            .await
            .expect("verdict");
        assert_eq!((verdict.rows, verdict.fault), (80, None));
    });
}

#[test]
fn only_who_may_verify_and_export_does() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let auditor = world.operator("controle", &[Role::Auditor]).await;
        let refused = audit::verify(&world.services, &Call::new(&support), None).await;
        assert!(matches!(refused, Err(Error::Right { .. })));
        let mut nowhere = Vec::new();
        let refused = audit::export(&world.services, &Call::new(&support), &mut nowhere).await;
        assert!(matches!(refused, Err(Error::Right { .. })) && nowhere.is_empty());
        let mut out = Vec::new();
        let rows = audit::export(&world.services, &Call::new(&auditor), &mut out)
            .await
            .expect("export");
        let text = String::from_utf8(out).expect("text");
        assert_eq!(i64::try_from(text.lines().count()).expect("count"), rows);
        assert_eq!(rows, 3, "two refusals and the export itself");
    });
}
