//! Whoever lost the job changes nothing, who is told to stop gives back, and a file that is not the one received is not stored.

use super::{AGB, check, claim, deliverer, file, lines, nothing_staged, receive, row};
use crate::onboarding::number;
use crate::support::db::{BEGIN, each};
use portaal_console::domain::time::{MINUTE, SECOND};
use portaal_console::mail::smtp::Abandon;
use portaal_console::service::submission::{Errand, Outcome, work_off};
use portaal_console::store::{Query, job, stage};
use tokio::sync::watch;

#[test]
fn a_frozen_worker_that_wakes_up_changes_nothing() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let text = file(AGB, &lines([(1, 10), (2, 20)]));
        let id = receive(&world, &actor, BEGIN, &text).await;
        let frozen = claim(&world, "frozen").await;
        world.services.clock.set(BEGIN.plus(31 * SECOND));
        let mut tx = world.services.db.write().await.expect("transaction");
        let swept = job::sweep(&mut tx, BEGIN.plus(31 * SECOND), 10)
            .await
            .expect("sweep");
        assert_eq!(swept.len(), 1);
        tx.commit().await.expect("commit");
        let errand = |job| Errand {
            id: &id,
            job: Some(job),
            abandon: Abandon::never(),
        };
        let before = work_off(&world.services, &errand(&frozen))
            .await
            .expect("it looks");
        assert_eq!(
            (before, row(&world, &id).await.state.as_str()),
            (Outcome::Lost, "received")
        );
        // The next worker has begun, then the frozen one comes with a whole check: it finishes nothing.
        let other = claim(&world, "other").await;
        let mut tx = world.services.db.write().await.expect("transaction");
        let begun =
            Query::new("UPDATE submission SET state = 'validating' WHERE id = $1").bind(&id);
        tx.execute(begun).await.expect("begun");
        tx.commit().await.expect("commit");
        let late = work_off(&world.services, &errand(&frozen))
            .await
            .expect("it looks");
        assert_eq!(
            (late, row(&world, &id).await.state.as_str()),
            (Outcome::Lost, "validating")
        );
        assert_eq!(number(&world, "SELECT count(*) FROM care_path").await, 0);
        assert_eq!(
            number(
                &world,
                "SELECT count(*) FROM audit WHERE action = 'submission.process'"
            )
            .await,
            0
        );
        let done = work_off(&world.services, &errand(&other))
            .await
            .expect("processed");
        assert_eq!(
            (done, row(&world, &id).await.state.as_str()),
            (Outcome::Settled, "processed")
        );
        let completed = "SELECT count(*) FROM job WHERE kind = 'submission' AND state = 'completed' AND attempt = 2";
        assert_eq!(number(&world, completed).await, 1, "with the effect");
        check(&world).await;
        nothing_staged(&world).await;
        world.services.clock.set(BEGIN);
    });
}

#[test]
fn who_is_told_to_stop_gives_back_and_leaves_nothing() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let many = (0..30_000).map(|n| (n, n % 140));
        let id = receive(&world, &actor, BEGIN, &file(AGB, &lines(many))).await;
        let job = claim(&world, "stopping").await;
        let (_tell, heard) = watch::channel(true);
        let errand = Errand {
            id: &id,
            job: Some(&job),
            abandon: Abandon::following(heard),
        };
        assert_eq!(
            work_off(&world.services, &errand).await.expect("stopped"),
            Outcome::GivenBack
        );
        nothing_staged(&world).await;
        let errand = Errand {
            abandon: Abandon::never(),
            ..errand
        };
        assert_eq!(
            work_off(&world.services, &errand).await.expect("processed"),
            Outcome::Settled
        );
        let done = row(&world, &id).await;
        assert_eq!(
            (done.state.as_str(), done.paths_new, done.checked_bytes),
            ("processed", 30_000, done.bytes)
        );
    });
}

#[test]
fn a_file_whose_bytes_changed_is_not_stored() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let text = file(AGB, &lines([(1, 10), (2, 20)]));
        let id = receive(&world, &actor, BEGIN, &text).await;
        let kept = world
            .services
            .settings
            .files
            .join(row(&world, &id).await.sha256);
        std::fs::write(&kept, text.replace("SQ48;20", "SQ48;21")).expect("changed");
        let job = claim(&world, "w").await;
        let errand = Errand {
            id: &id,
            job: Some(&job),
            abandon: Abandon::never(),
        };
        work_off(&world.services, &errand)
            .await
            .expect_err("not what was received");
        let failed = row(&world, &id).await;
        assert_eq!(
            (failed.state.as_str(), failed.cause.as_str()),
            ("failed", "technical:file_changed")
        );
        assert_eq!(number(&world, "SELECT count(*) FROM care_path").await, 0);
        nothing_staged(&world).await;
        std::fs::write(&kept, text).expect("put back");
        assert_eq!(
            work_off(&world.services, &errand).await.expect("processed"),
            Outcome::Settled
        );
        assert_eq!(row(&world, &id).await.cause, "");
        check(&world).await;
    });
}

#[test]
fn staged_rows_that_the_server_lost_are_noticed() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let id = receive(&world, &actor, BEGIN, &file(AGB, &lines([(1, 10)]))).await;
        let batch = stage::Batch {
            submission: &id,
            attempt: 1,
        };
        let mut tx = world.services.db.write().await.expect("transaction");
        let delivery = portaal_console::store::care_path::Delivery {
            organisation: "x",
            kind: "rom",
            batch,
            received_at: BEGIN,
            staged: stage::Staged {
                paths: 1,
                ..stage::Staged::default()
            },
        };
        let lost = portaal_console::store::care_path::take_over(&mut tx, &delivery).await;
        assert!(lost.is_err_and(|e| e.retryable()));
    });
}

#[test]
fn an_organisation_has_one_delivery_at_a_time_and_the_oldest_first() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let mut ids = Vec::new();
        for n in 0..3 {
            let text = file(AGB, &lines([(n, n)]));
            ids.push(
                receive(
                    &world,
                    &actor,
                    BEGIN.plus(i64::try_from(n).expect("n") * SECOND),
                    &text,
                )
                .await,
            );
        }
        let first = claim(&world, "one").await;
        assert_eq!(first.subject, ids[0]);
        let now = world.services.clock.now();
        let waits = async || {
            let mut tx = world.services.db.read().await.expect("transaction");
            let kinds = [portaal_console::domain::job::JobKind::Submission];
            !job::any_due(&mut tx, &kinds, now.plus(MINUTE))
                .await
                .expect("query")
        };
        assert!(waits().await, "the first one runs");
        let mut tx = world.services.db.write().await.expect("transaction");
        let failed = job::fail(&mut tx, &first, now, now.plus(10 * MINUTE), "x")
            .await
            .expect("fail");
        assert_eq!(failed, job::Hold::Kept);
        tx.commit().await.expect("commit");
        assert!(waits().await, "the first one is tried again before");
        world.services.clock.set(now.plus(10 * MINUTE));
        let again = claim(&world, "two").await;
        assert_eq!(again.subject, ids[0]);
        let mut tx = world.services.db.write().await.expect("transaction");
        let held = job::hold(&mut tx, &again, now, "x").await.expect("hold");
        assert_eq!(held, job::Hold::Kept);
        tx.commit().await.expect("commit");
        assert_eq!(
            claim(&world, "three").await.subject,
            ids[1],
            "a held one holds nobody up"
        );
        world.services.clock.set(BEGIN);
    });
}
