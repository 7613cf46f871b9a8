//! A worker that is frozen past its lease, and one that is told to stop in the middle of a long check.

use super::{QUICK, complete, deliver, deliverers, large, number, settings, until, worker};
use crate::support::db::{Mark, World};
use portaal_console::store::Engine;
use rustix::process::{Pid, Signal, kill_process};
use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Sends a signal to a program.
pub fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_child(child);
    kill_process(pid, signal).expect("signal");
}

const CHECKING: &str =
    "SELECT count(*) FROM submission WHERE state = 'validating' AND checked_bytes > 0";

/// Runs a body on a fresh `PostgreSQL` database.
pub fn on_postgres<F: Future<Output = ()>>(body: impl FnOnce(Arc<World>) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.expect("runtime").block_on(async {
        let world = Arc::new(World::new(Engine::Postgres, Mark::Plain).await);
        body(Arc::clone(&world)).await;
        world.gone().await;
    });
}

#[test]
fn a_worker_frozen_past_its_lease_finishes_nothing() {
    on_postgres(async |world| {
        settings(&world, QUICK);
        let (actor, organisations) = deliverers(&world, 1).await;
        let agb = &organisations[0];
        deliver(&world, &actor, agb, &large(agb, 120_000)).await;
        let mut frozen = worker(world.state.path(), world.url(), &[]);
        until(&world, "the check", CHECKING, 1).await;
        signal(&frozen, Signal::STOP);
        let begin = Instant::now();
        let mut other = worker(world.state.path(), world.url(), &[]);
        until(
            &world,
            "the takeover",
            "SELECT count(*) FROM job WHERE kind = 'submission' AND attempt = 2",
            1,
        )
        .await;
        let taken_over = begin.elapsed();
        assert!(
            taken_over < Duration::from_secs(10),
            "{taken_over:?} with a lease of a second"
        );
        // It wakes up while the other one works, and again when everything is done.
        signal(&frozen, Signal::CONT);
        until(
            &world,
            "the end",
            "SELECT count(*) FROM submission WHERE state = 'processed'",
            1,
        )
        .await;
        signal(&frozen, Signal::TERM);
        signal(&other, Signal::TERM);
        frozen.wait().expect("it ends");
        other.wait().expect("it ends");
        complete(&world, 1, 120_000).await;
        let attempts = "SELECT count(*) FROM job_attempt a JOIN job j ON j.id = a.job_id WHERE j.kind = 'submission'
            AND ((a.attempt = 1 AND a.outcome = 'rescued') OR (a.attempt = 2 AND a.outcome = 'done'))";
        assert_eq!(
            number(&world, attempts).await,
            Some(2),
            "the frozen one finished nothing"
        );
    });
}

#[test]
fn a_worker_told_to_stop_is_gone_in_twenty_seconds_and_gives_back() {
    on_postgres(async |world| {
        settings(&world, QUICK);
        let (actor, organisations) = deliverers(&world, 1).await;
        let agb = &organisations[0];
        deliver(&world, &actor, agb, &large(agb, 1_500_000)).await;
        let mut stopping = worker(world.state.path(), world.url(), &[]);
        until(&world, "the check", CHECKING, 1).await;
        signal(&stopping, Signal::TERM);
        let begin = Instant::now();
        let status = stopping.wait().expect("it ends");
        let took = begin.elapsed();
        assert!(
            status.success() && took < Duration::from_secs(20),
            "{status} after {took:?}"
        );
        let given_back = "SELECT count(*) FROM job WHERE kind = 'submission' AND state IN ('available', 'completed')";
        assert_eq!(
            number(&world, given_back).await,
            Some(1),
            "finished or given back, never lost"
        );
        let staged =
            "SELECT (SELECT count(*) FROM stage_path) + (SELECT count(*) FROM stage_measurement)";
        assert_eq!(number(&world, staged).await, Some(0));
        crate::storing::check(&world).await;
    });
}
