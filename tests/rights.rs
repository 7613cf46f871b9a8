//! Every action against every role: what a role may not do changes nothing and leaves one audit row.

use crate::onboarding::{number, values};
use crate::support::db::{World, each};
use portaal_console::domain::action::{Act, FieldKind};
use portaal_console::domain::right::{self, Right, Role};
use portaal_console::service::fields::Values;
use portaal_console::service::{self, Call, Denied, Error};
use std::sync::Arc;

/// Values that fit the fields of an action, so that nothing but the right can refuse it.
fn fitting(act: Act) -> Values {
    let of = |kind: FieldKind| match kind {
        FieldKind::Line => "Iets".to_owned(),
        FieldKind::Email => "iemand@zorg.example".to_owned(),
        FieldKind::Date => "2026-10-05".to_owned(),
        FieldKind::Digits(n) => "1".repeat(n),
        FieldKind::Choice(codes) | FieldKind::Choices(codes) => codes[0].to_owned(),
        FieldKind::Flag => "yes".to_owned(),
        FieldKind::Reference(_) => "onbekend".to_owned(),
    };
    act.spec()
        .fields
        .iter()
        .map(|f| (f.name.to_owned(), of(f.kind)))
        .collect()
}

/// Rows of every table that an action could write to, but for the audit.
async fn rows(world: &World) -> Vec<i64> {
    let mut all = Vec::new();
    for sql in [
        "SELECT count(*) FROM registration",
        "SELECT count(*) FROM organisation",
        "SELECT count(*) FROM account",
        "SELECT count(*) FROM acceptance",
        "SELECT count(*) FROM agreement",
        "SELECT count(*) FROM mail",
        "SELECT count(*) FROM job",
        "SELECT count(*) FROM bulk",
        "SELECT count(*) FROM operator",
        "SELECT COALESCE(CAST(sum(version) AS BIGINT), 0) FROM operator",
        "SELECT COALESCE(CAST(sum(n) AS BIGINT), 0) FROM counter",
    ] {
        all.push(number(world, sql).await);
    }
    all
}

#[test]
fn a_forbidden_role_changes_nothing_and_leaves_one_audit_row() {
    each(async |world| {
        let mut actors = Vec::new();
        for role in Role::ALL {
            actors.push((*role, world.operator(role.as_str(), &[*role]).await));
        }
        let mut refused = 0;
        for (role, actor) in &actors {
            for act in Act::ALL {
                if right::may(&[*role], act.spec().right) {
                    continue;
                }
                let before = rows(&world).await;
                let call = world.call(actor, "een reden");
                let result = service::run(&world.services, &call, *act, "x", &fitting(*act)).await;
                assert!(
                    matches!(result, Err(Error::Right { .. })),
                    "{role} {act:?}: {result:?}"
                );
                refused += 1;
                assert_eq!(rows(&world).await, before, "{role} {act:?}");
                let audited = number(
                    &world,
                    "SELECT count(*) FROM audit WHERE outcome = 'refused'",
                )
                .await;
                assert_eq!(audited, refused, "{role} {act:?}");
            }
        }
        assert!(refused > 60, "the table forbids a lot: {refused}");
    });
}

#[test]
fn a_read_only_session_writes_nothing_but_its_refusal() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let mut closed = (*support).clone();
        closed.read_only = true;
        let call = Call::new(&Arc::new(closed));
        let given = values(&[("to", "iemand@zorg.example")]);
        let result = service::run(&world.services, &call, Act::MailTest, "", &given).await;
        assert!(
            matches!(result, Err(Error::Denied(Denied::ReadOnly, _))),
            "{result:?}"
        );
        assert_eq!(number(&world, "SELECT count(*) FROM mail").await, 0);
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM audit WHERE outcome = 'refused'"
            )
            .await,
            1
        );
    });
}

#[test]
fn no_role_both_asks_and_gives_what_needs_two_people() {
    assert!(!right::may(&[Role::Administrator], Right::Extracts));
    for role in Role::ALL {
        assert!(right::may(&[*role], Right::Read), "{role} reads");
    }
    assert!(
        Act::ALL
            .iter()
            .all(|act| !right::may(&[Role::Auditor], act.spec().right)),
        "an auditor writes nothing"
    );
}

#[test]
fn whoever_lost_access_loses_it_in_an_open_console_too_and_can_be_taken_back() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        let remove = world.call(&admin, "uit dienst");
        let id = support.operator.clone();
        service::run(
            &world.services,
            &remove,
            Act::OperatorRemove,
            &id,
            &values(&[]),
        )
        .await
        .expect("removed");
        let given = values(&[("to", "iemand@zorg.example")]);
        let call = world.call(&support, "");
        let late = service::run(&world.services, &call, Act::MailTest, "", &given).await;
        assert!(
            matches!(late, Err(Error::Denied(Denied::RemovedOperator, _))),
            "{late:?}"
        );
        assert_eq!(number(&world, "SELECT count(*) FROM mail").await, 0);
        let back = values(&[
            ("login", "sanne"),
            ("name", "Sanne Visser"),
            ("roles", "auditor"),
        ]);
        service::run(&world.services, &remove, Act::OperatorAdd, "", &back)
            .await
            .expect("taken back");
        let demoted = service::run(&world.services, &call, Act::MailTest, "", &given).await;
        assert!(
            matches!(demoted, Err(Error::Right { .. })),
            "the roles of now: {demoted:?}"
        );
        assert_eq!(number(&world, "SELECT count(*) FROM operator").await, 2);
    });
}
