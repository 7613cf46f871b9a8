//! Colleagues at the same group at the same time: each delivery runs once, and who came too late is told whom to ask.

use super::stage::{Agreed, act, cast, cause, failed, row, values};
use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::service::bulk::{self, Progress};
use portaal_console::service::{self, Call, Error, Mode};
use portaal_console::store::{Query, cause as groups};
use portaal_console::work;

async fn work_off(world: &World, id: &str) {
    while bulk::step(&world.services, id).await.expect("step") == Progress::More {}
}

async fn targets(world: &World, cause: &str) -> Vec<(String, i64)> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let members = groups::members(&mut tx, cause, 100).await.expect("members");
    members.into_iter().map(|m| (m.id, m.version)).collect()
}

#[test]
fn two_people_try_the_same_group_again_and_each_delivery_runs_once() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        for seed in 1..=4 {
            failed(&world, &cast, seed).await;
        }
        let cause = cause(&world, "technical").await;
        let first = act(&world, &cast.on_call, Act::CauseRetry, &cause, &[])
            .await
            .expect("first");
        let second = act(&world, &cast.colleague, Act::CauseRetry, &cause, &[])
            .await
            .expect("second");
        tokio::join!(work_off(&world, &first.id), work_off(&world, &second.id));
        let done = "SELECT count(*) FROM bulk_item WHERE state = 'done'";
        assert_eq!(
            number(&world, done).await,
            4,
            "each once, by one of the two"
        );
        let told =
            "SELECT count(*) FROM bulk_item WHERE state = 'skipped' AND detail LIKE '%Persoon %'";
        assert_eq!(
            number(&world, told).await,
            4,
            "the other is told who was first"
        );
        work::drain(world.services.clone())
            .await
            .expect("worked off");
        let stored =
            "SELECT count(*) FROM audit WHERE action = 'submission.process' AND outcome = 'done'";
        assert_eq!(number(&world, stored).await, 4);
        let open = "SELECT count(*) FROM submission WHERE state = 'processed'";
        assert_eq!(number(&world, open).await, 4);
    });
}

#[test]
fn what_a_colleague_withdrew_between_plan_and_yes_is_skipped_by_name() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        for seed in 1..=3 {
            failed(&world, &cast, seed).await;
        }
        let cause = cause(&world, "technical").await;
        let frozen = targets(&world, &cause).await;
        let call = world.call(&cast.on_call, "");
        let plan = bulk::plan(
            &world.services,
            &call,
            Act::SubmissionRetry,
            &frozen,
            &values(&[]),
        )
        .await;
        assert!(plan.expect("plan").iter().all(|p| p.refusal.is_none()));
        act(
            &world,
            &cast.colleague,
            Act::SubmissionWithdraw,
            &frozen[1].0,
            &[],
        )
        .await
        .expect("withdrawn");
        let done = bulk::start(
            &world.services,
            &call,
            Act::SubmissionRetry,
            &frozen,
            &values(&[]),
        )
        .await;
        work_off(&world, &done.expect("started").id).await;
        let sql = "SELECT count(*) FROM bulk_item WHERE state = 'skipped' AND object_id = $1 AND detail LIKE '%Persoon joost%'";
        let mut tx = world.services.db.read().await.expect("transaction");
        let skipped = tx
            .number(Query::new(sql).bind(&frozen[1].0))
            .await
            .expect("count");
        assert_eq!(skipped, 1, "named, with who did what");
        drop(tx);
        assert_eq!(row(&world, &frozen[1].0).await.state, "withdrawn");
        let done = "SELECT count(*) FROM bulk_item WHERE state = 'done'";
        assert_eq!(number(&world, done).await, 2);
    });
}

#[test]
fn a_rehearsal_says_how_many_can_and_why_others_cannot() {
    each(async |world| {
        let cast = cast(&world, Agreed::Yes).await;
        for seed in 1..=2 {
            failed(&world, &cast, seed).await;
        }
        let cause = cause(&world, "technical").await;
        let audits = number(&world, "SELECT count(*) FROM audit").await;
        let call = Call {
            mode: Mode::DryRun,
            ..world.call(&cast.on_call, "")
        };
        let done = service::run(
            &world.services,
            &call,
            Act::CauseRetry,
            &cause,
            &values(&[]),
        )
        .await;
        let said = done.expect("rehearsed").said;
        assert_eq!(said, ["2 kunnen, 0 niet"]);
        assert_eq!(number(&world, "SELECT count(*) FROM audit").await, audits);
        assert_eq!(number(&world, "SELECT count(*) FROM bulk").await, 0);
        let unknown = service::run(
            &world.services,
            &call,
            Act::CauseRetry,
            "nothing",
            &values(&[]),
        )
        .await;
        assert!(matches!(unknown, Err(Error::Missing { .. })), "{unknown:?}");
    });
}
