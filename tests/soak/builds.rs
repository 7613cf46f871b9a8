//! Extracts whose worker goes away while it builds them: told to stop, it gives the job back; killed, another takes over after the
//! lease and makes the same.

use super::signals::{on_postgres, signal};
use super::{number, settings, until, worker};
use crate::extracts::deliveries::deliver_many;
use crate::extracts::stage::{cast, define, row};
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::store::{Engine, Query};
use portaal_console::work;
use rustix::process::Signal;
use std::time::{Duration, Instant};

/// A queue in which a lost worker is noticed after some seconds: protection leaves little of the machine to others.
const PATIENT: &str =
    "[queue]\nlease_ms = 4000\nheartbeat_ms = 500\nsweep_ms = 500\npoll_ms = 50\n";

const BUILDING: &str =
    "SELECT count(*) FROM extract WHERE state = 'draft' AND stage NOT IN ('', 'counting')";
const ROWS: &str =
    "SELECT (SELECT count(*) FROM extract_cell) + (SELECT count(*) FROM extract_file)
    + (SELECT count(*) FROM extract_holder) + (SELECT count(*) FROM extract_submission)";

#[test]
fn a_worker_for_once_told_to_stop_while_it_builds_gives_the_job_back() {
    on_postgres(async |world| {
        settings(&world, PATIENT);
        deliver_many(&world, 60).await;
        let cast = cast(&world).await;
        let id = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        let mut stopping = worker(world.state.path(), world.url(), &["--once"]);
        until(&world, "the protection", BUILDING, 1).await;
        signal(&stopping, Signal::TERM);
        let begin = Instant::now();
        let status = stopping.wait().expect("it ends");
        let took = begin.elapsed();
        assert_eq!(status.code(), Some(130), "by itself, not by the signal");
        assert!(took < Duration::from_secs(20), "after {took:?}");
        // A machine that builds this in fourteen seconds has finished it.
        if number(&world, "SELECT count(*) FROM extract WHERE state = 'built'").await == Some(1) {
            return;
        }
        let given_back = "SELECT count(*) FROM job j JOIN job_attempt a ON a.job_id = j.id
            WHERE j.kind = 'extract' AND j.state = 'available' AND j.failures = 0 AND j.rescues = 0
            AND a.outcome = 'snoozed' AND a.detail = 'interrupted'";
        assert_eq!(number(&world, given_back).await, Some(1), "given back");
        assert_eq!(number(&world, ROWS).await, Some(0), "nothing half written");
        assert_eq!(row(&world, &id).await.state, "draft");
    });
}

/// What of an extract leaves, by digest.
async fn files(world: &World, id: &str) -> Vec<(String, String)> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let sql = "SELECT name, sha256 FROM extract_file WHERE extract_id = $1 ORDER BY name";
    let all = tx.all(Query::new(sql).bind(id)).await.expect("files");
    tx.rollback().await.expect("rollback");
    all
}

#[test]
fn a_build_whose_worker_is_killed_is_made_once_by_another_and_the_same() {
    each(async |world| {
        settings(&world, PATIENT);
        deliver_many(&world, 24).await;
        let cast = cast(&world).await;
        let whole = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &whole).await;
        work::drain(world.services.clone()).await.expect("drained");
        let (wanted, rows) = (row(&world, &whole).await, number(&world, ROWS).await);
        let id = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        let mut killed = worker(world.state.path(), world.url(), &[]);
        until(&world, "the protection", BUILDING, 1).await;
        killed.kill().expect("killed");
        killed.wait().expect("gone");
        let leased = "SELECT count(*) FROM job WHERE kind = 'extract' AND state = 'running'";
        assert_eq!(number(&world, leased).await, Some(1), "in the middle of it");
        assert_eq!(number(&world, ROWS).await, rows, "nothing half written");
        // On an embedded database there is one worker at a time.
        let many = if world.engine == Engine::Postgres {
            2
        } else {
            1
        };
        let others = (0..many).map(|_| worker(world.state.path(), world.url(), &[]));
        let mut others: Vec<_> = others.collect();
        let built = "SELECT count(*) FROM extract WHERE state = 'built'";
        until(&world, "the other worker", built, 2).await;
        for other in &others {
            signal(other, Signal::TERM);
        }
        for other in &mut others {
            assert!(other.wait().expect("it ends").success());
        }
        let e = row(&world, &id).await;
        assert_eq!((e.verdict.as_str(), &e.digest), ("safe", &wanted.digest));
        assert_eq!(e.manifest_digest, wanted.manifest_digest);
        assert_eq!(files(&world, &id).await, files(&world, &whole).await);
        assert_eq!(
            number(&world, ROWS).await,
            rows.map(|n| n * 2),
            "one result"
        );
        let attempts = "SELECT count(*) FROM job_attempt a JOIN job j ON j.id = a.job_id WHERE j.kind = 'extract'
            AND j.rescues = 1 AND ((a.attempt = 1 AND a.outcome = 'rescued') OR (a.attempt = 2 AND a.outcome = 'done'))";
        assert_eq!(number(&world, attempts).await, Some(2));
        let once = "SELECT count(*) FROM audit WHERE action = 'extract.built' AND outcome = 'done'";
        assert_eq!(number(&world, once).await, Some(2), "each once");
    });
}
