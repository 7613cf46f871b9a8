//! Delivered files through the service: held without an acceptance, checked, stored once, replaced by newer ones.

use crate::onboarding::{accept, activate, number, organisation, publish};
use crate::storing;
use crate::support::db::{World, each};
use portaal_console::delivery::sample::{self, Faults, Sample};
use portaal_console::domain::right::Role;
use portaal_console::mail::smtp::Abandon;
use portaal_console::service::arrival::{self, By};
use portaal_console::service::submission::{Errand, Outcome};
use portaal_console::service::{Actor, Error, submission};
use portaal_console::store::{Query, job, submission as rows};
use std::path::PathBuf;
use std::sync::Arc;

/// A synthetic file in the world's directory.
fn file(world: &World, name: &str, rows: u64, seed: u64, faults: Faults) -> PathBuf {
    let path = world.state.path().join(name);
    let mut out = Vec::new();
    let as_of = chrono::NaiveDate::from_ymd_opt(2026, 10, 4).expect("date");
    let sample = Sample {
        organisation: "06010001".to_owned(),
        rows,
        seed,
        faults,
        as_of,
    };
    sample::write(&sample, &mut out).expect("sample");
    std::fs::write(&path, out).expect("file");
    path
}

struct Cast {
    support: Arc<Actor>,
    on_call: Arc<Actor>,
}

async fn cast(world: &World) -> Cast {
    let support = world.operator("sanne", &[Role::Support]).await;
    let on_call = world.operator("piket", &[Role::OnCall]).await;
    let admin = world.operator("admin", &[Role::Administrator]).await;
    publish(world, &admin, "2021-09", "2026-12-31").await;
    let organisation = organisation(world, &support, "06010001").await;
    activate(world, &support, &organisation, "a.deboer@linde.example").await;
    Cast { support, on_call }
}

async fn state(world: &World, id: &str) -> rows::Submission {
    let mut tx = world.services.db.read().await.expect("transaction");
    rows::by_id(&mut tx, id)
        .await
        .expect("row")
        .expect("submission")
}

fn by(organisation: &str) -> By {
    By::Operator {
        organisation: organisation.to_owned(),
        connection: None,
    }
}

async fn add(world: &World, cast: &Cast, path: &std::path::Path) -> String {
    let call = world.call(&cast.on_call, "");
    arrival::add(&world.services, &call, &by("06010001"), path)
        .await
        .expect("added")
        .id
}

#[test]
fn without_an_acceptance_it_is_held_and_goes_on_once_there_is_one() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = add(&world, &cast, &file(&world, "a.csv", 40, 1, Faults::None)).await;
        let row = state(&world, &id).await;
        assert_eq!(
            (row.state.as_str(), row.hold.as_str()),
            ("held", "no_acceptance")
        );
        submission::process(&world.services, &id)
            .await
            .expect("asked too early");
        assert_eq!(
            state(&world, &id).await.state,
            "held",
            "still nothing to process it by"
        );
        assert_eq!(number(&world, "SELECT count(*) FROM care_path").await, 0);
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let sql = "SELECT count(*) FROM job WHERE kind = 'submission' AND state = 'available'";
        assert_eq!(number(&world, sql).await, 1, "the acceptance sends it on");
        submission::process(&world.services, &id)
            .await
            .expect("processed");
        let row = state(&world, &id).await;
        assert_eq!((row.state.as_str(), row.row_count), ("processed", 40));
        assert!(number(&world, "SELECT count(*) FROM care_path").await > 0);
    });
}

#[test]
fn identical_bytes_are_recognised_and_a_newer_file_replaces() {
    each(async |world| {
        let cast = cast(&world).await;
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let path = file(&world, "a.csv", 40, 1, Faults::None);
        let first = add(&world, &cast, &path).await;
        submission::process(&world.services, &first)
            .await
            .expect("processed");
        assert_eq!(
            add(&world, &cast, &path).await,
            first,
            "the first one is given back"
        );
        assert_eq!(number(&world, "SELECT count(*) FROM submission").await, 1);
        let paths = number(&world, "SELECT count(*) FROM care_path").await;
        let longer = add(&world, &cast, &file(&world, "b.csv", 60, 1, Faults::None)).await;
        submission::process(&world.services, &longer)
            .await
            .expect("processed");
        let row = state(&world, &longer).await;
        assert!(
            row.paths_new > 0 && row.paths_same + row.paths_changed >= paths - 1,
            "{row:?}"
        );
        let sql = "SELECT count(*) FROM (SELECT client_key FROM care_path WHERE superseded_by = ''
            GROUP BY organisation_id, client_key, path_key, kind HAVING count(*) > 1) AS doubles";
        assert_eq!(number(&world, sql).await, 0, "no care path counts twice");
    });
}

#[test]
fn a_broken_file_is_invalid_with_findings_and_stores_nothing() {
    each(async |world| {
        let cast = cast(&world).await;
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let id = add(
            &world,
            &cast,
            &file(&world, "a.csv", 200, 3, Faults::Any(20)),
        )
        .await;
        submission::process(&world.services, &id)
            .await
            .expect("checked");
        let row = state(&world, &id).await;
        assert_eq!(row.state, "invalid");
        assert!(row.finding_count > 0);
        assert_eq!(number(&world, "SELECT count(*) FROM care_path").await, 0);
        let audited =
            "SELECT count(*) FROM audit WHERE action = 'submission.process' AND outcome = 'done'";
        assert_eq!(number(&world, audited).await, 1);
    });
}

#[test]
fn no_client_key_stands_in_the_database() {
    each(async |world| {
        let cast = cast(&world).await;
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let path = file(&world, "a.csv", 30, 5, Faults::None);
        let text = std::fs::read_to_string(&path).expect("text");
        let id = add(&world, &cast, &path).await;
        submission::process(&world.services, &id)
            .await
            .expect("processed");
        let mut tx = world.services.db.read().await.expect("transaction");
        for line in text.lines().skip(1) {
            let key = line.split(';').nth(1).expect("koppelnummer").to_owned();
            let sql = "SELECT count(*) FROM care_path WHERE client_key = $1 OR path_key = $1";
            assert_eq!(
                tx.number(Query::new(sql).bind(key.into_bytes()))
                    .await
                    .expect("count"),
                0
            );
        }
    });
}

#[test]
fn a_worker_that_died_half_way_leaves_nothing_half_stored() {
    each(async |world| {
        let cast = cast(&world).await;
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let id = add(&world, &cast, &file(&world, "a.csv", 40, 1, Faults::None)).await;
        let mut tx = world.services.db.write().await.expect("transaction");
        let sql = "UPDATE submission SET state = 'validating' WHERE id = $1";
        tx.execute(Query::new(sql).bind(&id))
            .await
            .expect("as the dead worker left it");
        tx.commit().await.expect("commit");
        let first = storing::claim(&world, "one").await;
        let later = world.services.clock.now().plus(31_000);
        world.services.clock.set(later);
        let mut tx = world.services.db.write().await.expect("transaction");
        job::sweep(&mut tx, later, 9).await.expect("taken over");
        tx.commit().await.expect("commit");
        let second = storing::claim(&world, "two").await;
        let run = async |job| {
            let errand = Errand {
                id: &id,
                job: Some(job),
                abandon: Abandon::never(),
            };
            submission::work_off(&world.services, &errand).await
        };
        // The one that was thought dead may notice it at any moment; it never fails the other.
        let (thought_dead, alive) = tokio::join!(run(&first), run(&second));
        assert!(
            !matches!(thought_dead, Ok(Outcome::Settled)),
            "{thought_dead:?}"
        );
        if !matches!(alive, Ok(Outcome::Settled)) {
            run(&second).await.expect("again");
        }
        assert_eq!(state(&world, &id).await.state, "processed");
        let sql = "SELECT count(*) FROM audit WHERE action = 'submission.process'";
        assert_eq!(number(&world, sql).await, 1, "stored once");
    });
}

#[test]
fn a_file_that_cannot_be_read_fails_and_can_be_tried_again() {
    each(async |world| {
        let cast = cast(&world).await;
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let id = add(&world, &cast, &file(&world, "a.csv", 10, 1, Faults::None)).await;
        let kept = world
            .services
            .settings
            .files
            .join(state(&world, &id).await.sha256);
        let away = kept.with_extension("away");
        std::fs::rename(&kept, &away).expect("taken away");
        assert!(matches!(
            submission::process(&world.services, &id).await,
            Err(Error::Internal(_))
        ));
        assert_eq!(state(&world, &id).await.state, "failed");
        std::fs::rename(&away, &kept).expect("put back");
        submission::process(&world.services, &id)
            .await
            .expect("again");
        assert_eq!(state(&world, &id).await.state, "processed");
    });
}

#[test]
fn kept_files_are_the_owners_alone_and_named_by_their_hash() {
    use std::os::unix::fs::PermissionsExt;
    each(async |world| {
        let cast = cast(&world).await;
        let id = add(
            &world,
            &cast,
            &file(&world, "naam van een client.csv", 10, 1, Faults::None),
        )
        .await;
        let kept = world
            .services
            .settings
            .files
            .join(state(&world, &id).await.sha256);
        let mode = std::fs::metadata(&kept).expect("kept").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600);
    });
}

#[test]
fn an_acceptance_that_ends_during_the_check_stops_the_processing() {
    each(async |world| {
        let cast = cast(&world).await;
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let id = add(&world, &cast, &file(&world, "a.csv", 20, 1, Faults::None)).await;
        let mut tx = world.services.db.write().await.expect("transaction");
        let validating =
            Query::new("UPDATE submission SET state = 'validating' WHERE id = $1").bind(&id);
        tx.execute(validating).await.expect("a check under way");
        tx.execute(Query::new("UPDATE acceptance SET state = 'terminated'"))
            .await
            .expect("ended meanwhile");
        tx.commit().await.expect("commit");
        submission::process(&world.services, &id)
            .await
            .expect("checked");
        let row = state(&world, &id).await;
        assert_eq!(
            (row.state.as_str(), row.hold.as_str()),
            ("held", "no_acceptance")
        );
        assert_eq!(number(&world, "SELECT count(*) FROM care_path").await, 0);
    });
}

#[test]
fn an_older_delivery_that_comes_late_replaces_nothing() {
    each(async |world| {
        let cast = cast(&world).await;
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let begin = world.services.clock.now();
        let old = add(&world, &cast, &file(&world, "a.csv", 20, 1, Faults::None)).await;
        world.services.clock.set(begin.plus(1000));
        let new = add(&world, &cast, &file(&world, "b.csv", 40, 1, Faults::None)).await;
        submission::process(&world.services, &new)
            .await
            .expect("the newer one first");
        submission::process(&world.services, &old)
            .await
            .expect("the older one late");
        let mut tx = world.services.db.read().await.expect("transaction");
        let sql = "SELECT count(*) FROM care_path WHERE superseded_by = '' AND submission_id = $1";
        assert_eq!(
            tx.number(Query::new(sql).bind(&old)).await.expect("count"),
            0,
            "the older one holds nothing"
        );
        assert_eq!(state(&world, &old).await.state, "processed");
        drop(tx);
        world.services.clock.set(begin);
    });
}

#[test]
fn what_the_queue_gave_up_is_held_for_a_person() {
    each(async |world| {
        let cast = cast(&world).await;
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let id = add(&world, &cast, &file(&world, "a.csv", 10, 1, Faults::None)).await;
        let mut tx = world.services.db.write().await.expect("transaction");
        let failed = Query::new("UPDATE submission SET state = 'failed' WHERE id = $1").bind(&id);
        tx.execute(failed).await.expect("failed");
        tx.execute(Query::new(
            "UPDATE job SET state = 'held' WHERE kind = 'submission'",
        ))
        .await
        .expect("given up");
        tx.commit().await.expect("commit");
        let system = Arc::new(Actor::system(
            "worker",
            portaal_console::language::Language::Nl,
        ));
        let call = portaal_console::service::Call::new(&system);
        portaal_console::service::stranded::look_after(&world.services, &call)
            .await
            .expect("looked after");
        let row = state(&world, &id).await;
        assert_eq!(
            (row.state.as_str(), row.hold.as_str()),
            ("held", "technical")
        );
    });
}

#[test]
fn what_is_held_though_there_is_an_acceptance_is_sent_on() {
    each(async |world| {
        let cast = cast(&world).await;
        let id = add(&world, &cast, &file(&world, "a.csv", 10, 1, Faults::None)).await;
        accept(&world, &cast.support, "06010001", "a.deboer@linde.example")
            .await
            .expect("accepted");
        let mut tx = world.services.db.write().await.expect("transaction");
        tx.execute(Query::new("DELETE FROM job WHERE kind = 'submission'"))
            .await
            .expect("missed each other");
        tx.commit().await.expect("commit");
        portaal_console::work::drain(world.services.clone())
            .await
            .expect("the worker looks now and then");
        portaal_console::work::drain(world.services.clone())
            .await
            .expect("and works it off");
        assert_eq!(state(&world, &id).await.state, "processed");
    });
}

#[test]
fn trying_out_and_refusals_keep_no_file() {
    each(async |world| {
        let cast = cast(&world).await;
        let path = file(&world, "a.csv", 10, 1, Faults::None);
        let kept = || std::fs::read_dir(&world.services.settings.files).map_or(0, Iterator::count);
        let mut call = world.call(&cast.on_call, "");
        let stranger = arrival::add(&world.services, &call, &by("99999999"), &path).await;
        assert!(
            matches!(stranger, Err(Error::Missing { .. })),
            "{stranger:?}"
        );
        assert_eq!(kept(), 0);
        call.mode = portaal_console::service::Mode::DryRun;
        arrival::add(&world.services, &call, &by("06010001"), &path)
            .await
            .expect("tried");
        assert_eq!(kept(), 0);
        add(&world, &cast, &path).await;
        assert_eq!(kept(), 1);
    });
}
