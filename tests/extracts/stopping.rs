//! A build that is asked to end, by the worker that does it or by staff: it ends soon, leaves a draft with nothing of it, and can be
//! built again.

use super::deliveries::deliver_many;
use super::stage::{cast, define, row};
use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::domain::job::{JobKind, Outcome as Ended, State};
use portaal_console::mail::smtp::Abandon;
use portaal_console::service::extract::building;
use portaal_console::service::submission::{Errand, Outcome};
use portaal_console::store::Engine;
use portaal_console::store::job::{self, Job, Wish};
use portaal_console::work;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Organisations whose figures take some seconds to protect in a build for tests.
const ENOUGH: usize = 24;
/// How soon a build ends that should: a step of the protection and a look at the database, on a machine that has more to do.
const SOON: Duration = Duration::from_secs(10);

/// Waits until an extract is being protected: figures are counted by then.
async fn protected(world: &World, id: &str) {
    let begin = Instant::now();
    loop {
        let now = row(world, id).await;
        if !["", "counting"].contains(&now.stage.as_str()) {
            return;
        }
        assert_eq!(
            now.state, "draft",
            "it was built before it could be stopped"
        );
        assert!(begin.elapsed() < Duration::from_mins(1), "{now:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Nothing of a build is there: a draft, without a stage, wanted still or not.
async fn nothing_of_it(world: &World, id: &str, wanted: bool) {
    let e = row(world, id).await;
    assert_eq!((e.state.as_str(), e.digest.as_str()), ("draft", ""));
    assert_eq!((e.stage.as_str(), e.stage_done, e.stage_total), ("", 0, 0));
    assert_eq!(!e.building.is_empty(), wanted, "{e:?}");
    let rows = "SELECT (SELECT count(*) FROM extract_cell) + (SELECT count(*) FROM extract_file)
        + (SELECT count(*) FROM extract_holder) + (SELECT count(*) FROM extract_attack)
        + (SELECT count(*) FROM extract_submission)";
    assert_eq!(number(world, rows).await, 0);
}

/// The newest job of an extract with how its last attempt ended.
async fn job_of(world: &World, id: &str) -> (Job, Ended) {
    let mut tx = world.services.db.read().await.expect("transaction");
    let job = job::open(&mut tx, JobKind::Extract, id).await.expect("job");
    let job = job.expect("an open job");
    let attempts = job::attempts(&mut tx, &job.id).await.expect("attempts");
    tx.rollback().await.expect("rollback");
    let last = attempts.last().expect("an attempt").outcome;
    (job, last)
}

async fn claim(world: &World) -> Job {
    let now = world.services.clock.now();
    let mut tx = world.services.db.write().await.expect("transaction");
    let wish = Wish {
        worker: "stopping",
        kinds: &[JobKind::Extract],
        most: 1,
        now,
        until: now.plus(30_000),
    };
    let jobs = job::claim(&mut tx, &wish).await.expect("claim");
    tx.commit().await.expect("commit");
    jobs.into_iter().next().expect("a job")
}

/// Builds until the worker wants to end, in the middle of protection; the job is given back as a worker does.
async fn given_back(world: &Arc<World>, id: &str) {
    let job = claim(world).await;
    let (stop, stopped) = watch::channel(false);
    let (services, subject, ticket) = (world.services.clone(), id.to_owned(), job.clone());
    let running = tokio::spawn(async move {
        let errand = Errand {
            id: &subject,
            job: Some(&ticket),
            abandon: Abandon::following(stopped),
        };
        building::work_off(&services, &errand).await
    });
    protected(world, id).await;
    stop.send(true).expect("it listens");
    let begin = Instant::now();
    let outcome = running.await.expect("no panic").expect("no error");
    let took = begin.elapsed();
    assert_eq!(outcome, Outcome::GivenBack);
    assert!(took < SOON, "it ended after {took:?}");
    nothing_of_it(world, id, true).await;
    let now = world.services.clock.now();
    let mut tx = world.services.db.write().await.expect("transaction");
    let kept = job::snooze(&mut tx, &job, now, now, "interrupted").await;
    assert_eq!(kept.expect("given back"), job::Hold::Kept);
    tx.commit().await.expect("commit");
}

/// Builds until somebody of staff does not want it any more, in the middle of protection.
async fn called_off(world: &Arc<World>, id: &str, who: &super::stage::Person) {
    let working = tokio::spawn(work::drain(world.services.clone()));
    protected(world, id).await;
    who.does(Act::ExtractStop, id).await;
    let begin = Instant::now();
    assert_eq!(working.await.expect("no panic").expect("drained"), 1);
    let took = begin.elapsed();
    assert!(took < SOON, "it ended after {took:?}");
    nothing_of_it(world, id, false).await;
}

#[test]
fn a_build_stopped_while_it_protects_ends_soon_and_can_be_built_again() {
    each(async |world| {
        deliver_many(&world, ENOUGH).await;
        let cast = cast(&world).await;
        let id = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        given_back(&world, &id).await;
        called_off(&world, &id, &cast.bram).await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        work::drain(world.services.clone()).await.expect("drained");
        let e = row(&world, &id).await;
        assert_eq!((e.state.as_str(), e.verdict.as_str()), ("built", "safe"));
        let built =
            "SELECT count(*) FROM audit WHERE action = 'extract.built' AND outcome = 'done'";
        assert_eq!(number(&world, built).await, 1);
    });
}

#[test]
fn a_console_that_is_left_while_it_builds_gives_the_job_back_at_once() {
    each(async |world| {
        if world.engine == Engine::Postgres {
            // A console works on an embedded database only.
            return;
        }
        deliver_many(&world, ENOUGH).await;
        let cast = cast(&world).await;
        let id = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        let companion = work::accompany(world.services.clone());
        protected(&world, &id).await;
        let begin = Instant::now();
        companion.part().await;
        let took = begin.elapsed();
        assert!(took < Duration::from_secs(3), "it was left after {took:?}");
        let (job, last) = loop {
            let (job, last) = job_of(&world, &id).await;
            if job.state != State::Running {
                break (job, last);
            }
            assert!(begin.elapsed() < SOON, "it stays leased: {job:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        assert_eq!((job.state, last), (State::Available, Ended::Snoozed));
        assert_eq!((job.failures, job.rescues), (0, 0), "nobody's fault");
        assert_eq!(row(&world, &id).await.state, "draft");
    });
}
