//! A build: the same each time, all or nothing, to be stopped; and what was released before stays known, recalled or not.

use super::deliveries::{deliver, deliver_more};
use super::stage::{Person, cast, define, row};
use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::domain::job::JobKind;
use portaal_console::domain::right::Role;
use portaal_console::extract::read::Status;
use portaal_console::mail::smtp::Abandon;
use portaal_console::service::Error;
use portaal_console::service::error::Rule;
use portaal_console::service::extract::{building, inspect};
use portaal_console::service::submission::{Errand, Outcome};
use portaal_console::store::job::{self, Job, Wish};
use portaal_console::store::{extract, extract_content};
use portaal_console::work;
use std::collections::HashMap;

async fn claim(world: &World) -> Job {
    let now = world.services.clock.now();
    let mut tx = world.services.db.write().await.expect("transaction");
    let wish = Wish {
        worker: "lost",
        kinds: &[JobKind::Extract],
        most: 1,
        now,
        until: now.plus(30_000),
    };
    let jobs = job::claim(&mut tx, &wish).await.expect("claim");
    tx.commit().await.expect("commit");
    jobs.into_iter().next().expect("a job")
}

async fn work_off(world: &World, id: &str, job: &Job) -> Outcome {
    let errand = Errand {
        id,
        job: Some(job),
        abandon: Abandon::never(),
    };
    let done = building::work_off(&world.services, &errand).await;
    done.expect("worked off")
}

async fn drain(world: &World) {
    work::drain(world.services.clone()).await.expect("drained");
}

#[test]
fn a_build_is_the_same_each_time_and_a_lost_worker_leaves_nothing_of_it() {
    each(async |world| {
        deliver(&world).await;
        let cast = cast(&world).await;
        let id = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        let twice = cast.bram.act(Act::ExtractBuild, &id, &[]).await;
        assert!(
            matches!(twice, Err(Error::Rule(Rule::ExtractBuilding))),
            "{twice:?}"
        );
        let lost = claim(&world).await;
        // Its lease runs out while it builds: somebody else takes the job, and what comes of the first is thrown away.
        world.services.clock.set(lost.lease_until.plus(1));
        let mut tx = world.services.db.write().await.expect("transaction");
        let now = world.services.clock.now();
        assert_eq!(job::sweep(&mut tx, now, 10).await.expect("sweep").len(), 1);
        tx.commit().await.expect("commit");
        assert_eq!(work_off(&world, &id, &lost).await, Outcome::Lost);
        assert_eq!(row(&world, &id).await.state, "draft");
        for table in [
            "SELECT count(*) FROM extract_cell",
            "SELECT count(*) FROM extract_file",
        ] {
            assert_eq!(number(&world, table).await, 0);
        }
        drain(&world).await;
        let first = row(&world, &id).await;
        assert_eq!(
            (first.state.as_str(), first.verdict.as_str()),
            ("built", "safe"),
            "{first:?}"
        );
        assert!(first.hidden_count > 0 && first.smallest >= 10, "{first:?}");
        assert!(first.holders_in > 0, "{first:?}");
        cast.anna.does(Act::ExtractBuild, &id).await;
        drain(&world).await;
        let second = row(&world, &id).await;
        assert_eq!(
            (second.digest, second.manifest_digest),
            (first.digest, first.manifest_digest)
        );
    });
}

#[test]
fn a_build_that_nobody_wants_any_more_leaves_a_draft() {
    each(async |world| {
        deliver(&world).await;
        let cast = cast(&world).await;
        let id = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        cast.bram.does(Act::ExtractStop, &id).await;
        drain(&world).await;
        assert_eq!(row(&world, &id).await.state, "draft");
        cast.anna.does(Act::ExtractBuild, &id).await;
        let running = claim(&world).await;
        cast.bram.does(Act::ExtractStop, &id).await;
        assert_eq!(work_off(&world, &id, &running).await, Outcome::Nothing);
        let idle = cast.bram.act(Act::ExtractStop, &id, &[]).await;
        assert!(
            matches!(idle, Err(Error::Rule(Rule::ExtractIdle))),
            "{idle:?}"
        );
        assert_eq!(row(&world, &id).await.state, "draft");
    });
}

async fn release(cast: &super::stage::Cast, id: &str) {
    cast.anna.does(Act::ExtractRequest, id).await;
    cast.bram.does(Act::ExtractApprove, id).await;
    cast.anna.does(Act::ExtractRelease, id).await;
}

/// Published counts by table and codes.
async fn published(world: &World, id: &str) -> HashMap<String, i64> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let all = extract_content::cells(&mut tx, id).await.expect("cells");
    tx.rollback().await.expect("rollback");
    let open = all
        .into_iter()
        .filter(|c| c.status == Status::Published.letter());
    open.filter(|c| c.sheet != "benchmark")
        .map(|c| {
            (
                format!("{}/{}/{}/{}", c.sheet, c.code_1, c.code_2, c.code_3),
                c.n,
            )
        })
        .collect()
}

#[test]
fn what_was_recalled_is_held_against_the_next_release() {
    each(async |world| {
        deliver(&world).await;
        let cast = cast(&world).await;
        let first = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &first).await;
        drain(&world).await;
        release(&cast, &first).await;
        cast.bram.does(Act::ExtractRecall, &first).await;
        deliver_more(&world, "06010001", 1).await;
        let second = define(&cast.bram, "2026").await;
        cast.bram.does(Act::ExtractBuild, &second).await;
        drain(&world).await;
        let e = row(&world, &second).await;
        assert_eq!(
            (e.state.as_str(), e.verdict.as_str()),
            ("built", "safe"),
            "{e:?}"
        );
        let before = row(&world, &first).await.digest;
        let mut tx = world.services.db.read().await.expect("transaction");
        let inside = extract::inside(&mut tx, &second).await.expect("inside");
        tx.rollback().await.expect("rollback");
        assert!(
            inside.expect("there").0.contains(&before),
            "the manifest names what it was held against"
        );
        let (was, is) = (
            published(&world, &first).await,
            published(&world, &second).await,
        );
        let close: Vec<_> = is
            .iter()
            .filter_map(|(cell, n)| Some((cell, n - was.get(cell)?)))
            .filter(|(_, d)| *d != 0 && d.abs() < 10)
            .collect();
        assert!(
            close.is_empty(),
            "the one who came is given away: {close:?}"
        );
    });
}

#[test]
fn hidden_figures_are_for_release_managers_and_who_looks_is_noted() {
    each(async |world| {
        deliver(&world).await;
        let cast = cast(&world).await;
        let id = define(&cast.anna, "2026").await;
        cast.anna.does(Act::ExtractBuild, &id).await;
        drain(&world).await;
        let support = Person::new(&world, "support", &[Role::Support]).await;
        for (person, sees) in [(&cast.anna, true), (&support, false)] {
            let whole = inspect::whole(&person.services, &person.actor, &id)
                .await
                .expect("read");
            let hidden = whole.built.cells.iter().filter(|c| c.status.is_hidden());
            let known = hidden
                .filter(|c| c.n > 0 || !c.sums.is_empty() || c.rule.is_some())
                .count();
            assert_eq!(known > 0, sees);
            assert_eq!(whole.built.certificate.is_empty(), !sees);
        }
        let views =
            "SELECT count(*) FROM audit WHERE action = 'extract.inspect' AND outcome = 'done'";
        assert_eq!(number(&world, views).await, 2);
        let place = (
            portaal_console::domain::sheet::Sheet::Volume,
            vec!["Total".to_owned(); 3],
        );
        let denied = inspect::explain(&support.services, &support.actor, &id, &place).await;
        assert!(matches!(denied, Err(Error::Right { .. })), "{denied:?}");
    });
}
