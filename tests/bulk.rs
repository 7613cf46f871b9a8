//! Bulk runs: frozen when confirmed, worked off once each, resumed after a crash, with the rights of the moment.

use crate::onboarding::{accounts_of, activate, number, organisation, values};
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::domain::right::Role;
use portaal_console::service::bulk::{self, Progress};
use portaal_console::service::{self, Actor, Error};
use portaal_console::store::{Query, bulk as rows};
use std::sync::Arc;

/// Two organisations with four active accounts, as targets of a bulk run.
async fn targets(world: &World, support: &Arc<Actor>) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    for agb in ["06010001", "06010002"] {
        let id = organisation(world, support, agb).await;
        activate(world, support, &id, "a.deboer@linde.example").await;
        activate(world, support, &id, "b.smit@linde.example").await;
        all.extend(
            accounts_of(world, &id)
                .await
                .into_iter()
                .map(|a| (a.id, a.version)),
        );
    }
    all
}

async fn tally(world: &World, id: &str) -> Vec<(String, i64)> {
    let mut tx = world.services.db.read().await.expect("transaction");
    rows::tally(&mut tx, id).await.expect("tally")
}

async fn work_off(world: &World, id: &str) {
    while bulk::step(&world.services, id).await.expect("step") == Progress::More {}
}

#[test]
fn a_row_that_changed_in_the_meantime_is_skipped_and_says_who() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let colleague = world.operator("joost", &[Role::Support]).await;
        let all = targets(&world, &support).await;
        let call = world.call(&support, "verdacht verkeer");
        let done = bulk::start(&world.services, &call, Act::AccountLock, &all, &values(&[]))
            .await
            .expect("started");
        let first = &all[0].0;
        let theirs = world.call(&colleague, "zelf al gezien");
        service::run(
            &world.services,
            &theirs,
            Act::AccountLock,
            first,
            &values(&[]),
        )
        .await
        .expect("first");
        work_off(&world, &done.id).await;
        assert_eq!(
            tally(&world, &done.id).await,
            [("done".to_owned(), 3), ("skipped".to_owned(), 1)]
        );
        let sql = "SELECT count(*) FROM bulk_item WHERE state = 'skipped' AND detail <> ''";
        assert_eq!(number(&world, sql).await, 1, "the skipped row says why");
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM account WHERE state = 'locked'"
            )
            .await,
            4
        );
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM bulk WHERE state = 'completed'"
            )
            .await,
            1
        );
    });
}

#[test]
fn a_run_that_is_worked_off_by_two_does_each_row_once() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let all = targets(&world, &support).await;
        let call = world.call(&support, "verdacht verkeer");
        let done = bulk::start(&world.services, &call, Act::AccountLock, &all, &values(&[]))
            .await
            .expect("started");
        tokio::join!(
            work_off(&world, &done.id),
            work_off(&world, &done.id),
            work_off(&world, &done.id)
        );
        assert_eq!(tally(&world, &done.id).await, [("done".to_owned(), 4)]);
        let sql = "SELECT count(*) FROM audit WHERE action = 'account.lock' AND outcome = 'done'";
        assert_eq!(
            number(&world, sql).await,
            5,
            "four rows and the start of the run"
        );
    });
}

#[test]
fn who_lost_the_right_in_the_meantime_does_nothing_more() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let admin = world.operator("admin", &[Role::Administrator]).await;
        let all = targets(&world, &support).await;
        let call = world.call(&support, "verdacht verkeer");
        let done = bulk::start(&world.services, &call, Act::AccountLock, &all, &values(&[]))
            .await
            .expect("started");
        let leave = world.call(&admin, "uit dienst");
        let removed = service::run(
            &world.services,
            &leave,
            Act::OperatorRemove,
            &support.operator,
            &values(&[]),
        )
        .await;
        removed.expect("removed");
        work_off(&world, &done.id).await;
        assert_eq!(tally(&world, &done.id).await, [("skipped".to_owned(), 4)]);
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM account WHERE state = 'locked'"
            )
            .await,
            0
        );
    });
}

#[test]
fn a_plan_tells_who_can_and_changes_nothing() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let auditor = world.operator("controle", &[Role::Auditor]).await;
        let all = targets(&world, &support).await;
        let call = world.call(&support, "verdacht");
        service::run(
            &world.services,
            &call,
            Act::AccountLock,
            &all[1].0,
            &values(&[]),
        )
        .await
        .expect("one is locked");
        let audits = number(&world, "SELECT count(*) FROM audit").await;
        let plan = bulk::plan(&world.services, &call, Act::AccountLock, &all, &values(&[]))
            .await
            .expect("plan");
        let refused: Vec<bool> = plan.iter().map(|p| p.refusal.is_some()).collect();
        assert_eq!(refused, [false, true, false, false]);
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM account WHERE state = 'locked'"
            )
            .await,
            1
        );
        assert_eq!(
            number(&world, "SELECT count(*) FROM audit").await,
            audits,
            "trying out is no attempt"
        );
        let theirs = world.call(&auditor, "verdacht");
        let refused = bulk::plan(
            &world.services,
            &theirs,
            Act::AccountLock,
            &all,
            &values(&[]),
        )
        .await;
        assert!(matches!(refused, Err(Error::Right { .. })), "{refused:?}");
    });
}

#[test]
fn a_claim_tells_colleagues_and_runs_out() {
    each(async |world| {
        let support = world.operator("sanne", &[Role::Support]).await;
        let colleague = world.operator("joost", &[Role::Support]).await;
        let id = organisation(&world, &support, "06010001").await;
        service::form(&world.services, &support, Act::OrganisationEdit, &id)
            .await
            .expect("form");
        service::form(&world.services, &colleague, Act::OrganisationEdit, &id)
            .await
            .expect("a claim forbids nothing");
        let holder = async || {
            let mut tx = world.services.db.read().await.expect("transaction");
            let sql = "SELECT operator_name FROM claim WHERE object_id = $1 AND until > $2";
            let now = world.services.clock.now();
            let row: Option<(String,)> = tx
                .optional(Query::new(sql).bind(&id).bind(now))
                .await
                .expect("claim");
            row.map(|r| r.0)
        };
        assert_eq!(
            holder().await.as_deref(),
            Some("Persoon sanne"),
            "the first one keeps it"
        );
        let begin = world.services.clock.now();
        world.services.clock.set(begin.plus(10 * 60 * 1000 + 1));
        assert_eq!(holder().await, None, "it ran out");
        service::form(&world.services, &colleague, Act::OrganisationEdit, &id)
            .await
            .expect("form");
        assert_eq!(holder().await.as_deref(), Some("Persoon joost"));
        world.services.clock.set(begin);
    });
}
