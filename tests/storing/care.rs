//! What is kept no longer than needed, one client that is erased on request, and who owes a delivery.

use super::{AGB, deliverer, file, lines, receive, row, scores};
use crate::cli::first_operator;
use crate::onboarding::{accept, activate, number};
use crate::support::db::{BEGIN, World, each};
use crate::support::program::run_with;
use portaal_console::domain::kind::Kind;
use portaal_console::domain::right::{Language, Role};
use portaal_console::domain::time::{DAY, HOUR, MINUTE, Timestamp};
use portaal_console::service::{
    self, Actor, Call, Error, erasure, obligation, retention, submission,
};
use portaal_console::store::Query;
use secrecy::SecretString;
use std::path::PathBuf;
use std::sync::Arc;

fn system() -> Call {
    Call::new(&Arc::new(Actor::system("worker", Language::Nl)))
}

async fn execute(world: &World, sql: &'static str) {
    let mut tx = world.services.db.write().await.expect("transaction");
    tx.execute(Query::new(sql)).await.expect("statement");
    tx.commit().await.expect("commit");
}

/// The kept file of a delivery.
async fn kept(world: &World, id: &str) -> PathBuf {
    let row = row(world, id).await;
    world.services.settings.files.join(&row.sha256)
}

async fn look(world: &World, at: Timestamp) {
    world.services.clock.set(at);
    retention::files(&world.services, &system())
        .await
        .expect("looked");
}

#[test]
fn files_go_thirty_days_after_the_end_and_ninety_after_receipt() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let done = receive(&world, &actor, BEGIN, &file(AGB, &lines([(1, 1)]))).await;
        submission::process(&world.services, &done)
            .await
            .expect("processed");
        let waits = receive(&world, &actor, BEGIN, &file(AGB, &lines([(2, 2)]))).await;
        let (file_done, file_waits) = (kept(&world, &done).await, kept(&world, &waits).await);
        look(&world, BEGIN.plus(30 * DAY - MINUTE)).await;
        assert!(file_done.exists() && file_waits.exists());
        look(&world, BEGIN.plus(30 * DAY)).await;
        assert!(!file_done.exists() && file_waits.exists());
        assert_eq!(
            row(&world, &done).await.file_removed_at,
            BEGIN.plus(30 * DAY)
        );
        look(&world, BEGIN.plus(90 * DAY)).await;
        assert!(!file_waits.exists());
        let gone = row(&world, &waits).await;
        assert_eq!(
            (gone.state.as_str(), gone.reason.as_str()),
            ("withdrawn", "file_removed")
        );
        let audited = "SELECT count(*) FROM audit WHERE action = 'submission.remove-file'";
        assert_eq!(number(&world, audited).await, 2);
        let open = "SELECT count(*) FROM job WHERE kind = 'submission' AND subject NOT IN
            (SELECT id FROM submission WHERE state = 'processed') AND state = 'available'";
        assert_eq!(
            number(&world, open).await,
            0,
            "nothing waits for a file that is gone"
        );
        // The same bytes can be delivered again.
        let again = receive(
            &world,
            &actor,
            BEGIN.plus(91 * DAY),
            &file(AGB, &lines([(2, 2)])),
        )
        .await;
        assert_ne!(again, waits);
        world.services.clock.set(BEGIN);
    });
}

#[test]
fn a_crash_between_file_and_audit_is_harmless() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let done = receive(&world, &actor, BEGIN, &file(AGB, &lines([(1, 1)]))).await;
        submission::process(&world.services, &done)
            .await
            .expect("processed");
        let path = kept(&world, &done).await;
        std::fs::remove_file(&path).expect("removed, then the worker died");
        look(&world, BEGIN.plus(31 * DAY)).await;
        assert_eq!(
            row(&world, &done).await.file_removed_at,
            BEGIN.plus(31 * DAY)
        );
        // The same bytes once more are the same delivery, and leave no file.
        let again = receive(
            &world,
            &actor,
            BEGIN.plus(32 * DAY),
            &file(AGB, &lines([(1, 1)])),
        )
        .await;
        assert_eq!((again, path.exists()), (done, false));
        world.services.clock.set(BEGIN);
    });
}

#[test]
fn what_an_organisation_left_goes_after_the_agreed_term() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let id = receive(&world, &actor, BEGIN, &file(AGB, &lines([(1, 1), (2, 2)]))).await;
        submission::process(&world.services, &id)
            .await
            .expect("processed");
        let look = async |at: Timestamp| {
            world.services.clock.set(at);
            retention::ended(&world.services, &system())
                .await
                .expect("looked");
        };
        look(BEGIN.plus(400 * DAY)).await;
        assert_eq!(scores(&world).await, [1, 2], "the agreement holds");
        let mut tx = world.services.db.write().await.expect("transaction");
        let sql = "UPDATE acceptance SET state = 'terminated', state_at = $1";
        tx.execute(Query::new(sql).bind(BEGIN.plus(400 * DAY)))
            .await
            .expect("ended");
        tx.commit().await.expect("commit");
        look(BEGIN.plus(489 * DAY)).await;
        assert_eq!(scores(&world).await, [1, 2], "the term is not over");
        look(BEGIN.plus(490 * DAY)).await;
        for table in [
            "SELECT count(*) FROM care_path",
            "SELECT count(*) FROM measurement",
        ] {
            assert_eq!(number(&world, table).await, 0);
        }
        let kept = row(&world, &id).await;
        assert_eq!(
            (kept.state.as_str(), kept.paths_new, kept.accepted),
            ("processed", 2, 2)
        );
        let audited = "SELECT count(*) FROM audit WHERE action = 'organisation.erase'";
        assert_eq!(number(&world, audited).await, 1);
        look(BEGIN.plus(491 * DAY)).await;
        assert_eq!(number(&world, audited).await, 1, "once");
        world.services.clock.set(BEGIN);
    });
}

#[test]
fn an_erased_client_is_gone_and_stays_away() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let admin = world.operator("beheer", &[Role::Administrator]).await;
        let text = file(AGB, &lines([(1, 1), (2, 2), (3, 3)]));
        let id = receive(&world, &actor, BEGIN, &text).await;
        submission::process(&world.services, &id)
            .await
            .expect("processed");
        let key = |text: &str| SecretString::from(text.to_owned());
        let by = |actor: &Arc<Actor>, why: &str| world.call(actor, why);
        let services = &world.services;
        let refused = erasure::client(services, &by(&actor, "verzoek"), AGB, &key("K000002")).await;
        assert!(matches!(refused, Err(Error::Right { .. })), "{refused:?}");
        let telling =
            erasure::client(services, &by(&admin, "om K000002"), AGB, &key("K000002")).await;
        assert!(
            matches!(telling, Err(Error::Invalid(_))),
            "the reason is kept: {telling:?}"
        );
        assert_eq!(scores(&world).await, [1, 2, 3]);
        let done = erasure::client(services, &by(&admin, "verzoek 12"), AGB, &key("K000002")).await;
        assert!(
            done.expect("erased")
                .said
                .iter()
                .any(|line| line.contains('1'))
        );
        assert_eq!(scores(&world).await, [1, 3]);
        // The next delivery holds the whole past again, and a new client.
        let text = file(AGB, &lines([(1, 1), (2, 9), (3, 3), (4, 4)]));
        let again = receive(&world, &actor, BEGIN.plus(MINUTE), &text).await;
        submission::process(&world.services, &again)
            .await
            .expect("processed");
        assert_eq!(scores(&world).await, [1, 3, 4]);
        let counted = row(&world, &again).await;
        assert_eq!(
            (counted.paths_new, counted.paths_changed, counted.paths_same),
            (1, 0, 2)
        );
        let mut tx = world.services.db.read().await.expect("transaction");
        let audit: Vec<(String, String)> = tx
            .all(Query::new(
                "SELECT reason, detail FROM audit WHERE action = 'client.erase'",
            ))
            .await
            .expect("audit");
        assert!(!format!("{audit:?}").contains("K000002"), "{audit:?}");
        drop(tx);
        world.services.clock.set(BEGIN);
    });
}

#[test]
fn the_command_takes_the_key_from_stdin_alone() {
    each(|world| async move {
        first_operator(&world, "administrator,support,on_call");
        let words = [
            "client",
            "erase",
            "--organisation",
            AGB,
            "--reason",
            "verzoek",
        ];
        let nobody = run_with(&world, &words, "K000001\n").exits(1);
        assert!(!nobody.err.contains("K000001"), "{nobody:?}");
        run_with(&world, &[&words[..], &["K000001"]].concat(), "").exits(2);
        run_with(&world, &words[..4], "K000001\n").exits(2);
        crate::cli::organisation(&world, AGB);
        let dry = run_with(&world, &[&words[..], &["--dry-run"]].concat(), "K000001\n").exits(0);
        assert!(
            !dry.out.contains("K000001") && !dry.err.contains("K000001"),
            "{dry:?}"
        );
        assert_eq!(
            number(&world, "SELECT count(*) FROM erased_client").await,
            0
        );
        run_with(&world, &words, "K000001\n").exits(0);
        assert_eq!(
            number(&world, "SELECT count(*) FROM erased_client").await,
            1
        );
    });
}

#[test]
fn who_is_due_is_reminded_once_in_two_weeks() {
    each(async |world| {
        let actor = deliverer(&world).await;
        let support = world.operator("nog-een", &[Role::Support]).await;
        let organisation = service::find(&world.services, Kind::Organisation, AGB)
            .await
            .expect("organisation");
        let look = async |at: Timestamp| {
            world.services.clock.set(at);
            obligation::look_after(&world.services, &system())
                .await
                .expect("looked");
        };
        look(BEGIN).await;
        assert_eq!(
            number(&world, "SELECT count(*) FROM obligation").await,
            0,
            "no connection is live"
        );
        let mut tx = world.services.db.write().await.expect("transaction");
        let sql = "UPDATE connection SET state = 'live', live_at = $1, kinds = 'rom'";
        tx.execute(Query::new(sql).bind(BEGIN)).await.expect("live");
        tx.commit().await.expect("commit");
        let state = async || {
            let mut tx = world.services.db.read().await.expect("transaction");
            let sql = "SELECT state, due_on, reminders FROM obligation";
            let found: Vec<(String, String, i64)> = tx.all(Query::new(sql)).await.expect("rows");
            found
        };
        let is = |state: &str, due: &str, n: i64| vec![(state.to_owned(), due.to_owned(), n)];
        look(BEGIN).await;
        assert_eq!(state().await, is("on_track", "2027-04-05", 0));
        activate(&world, &support, &organisation, "b.smit@linde.example").await;
        execute(&world, "UPDATE account SET state = 'locked'").await;
        look(BEGIN.plus(160 * DAY)).await;
        assert_eq!(
            state().await,
            is("due", "2027-04-05", 0),
            "nobody is there to be reminded"
        );
        execute(&world, "UPDATE account SET state = 'active'").await;
        look(BEGIN.plus(160 * DAY + HOUR)).await;
        look(BEGIN.plus(161 * DAY)).await;
        assert_eq!(state().await, is("due", "2027-04-05", 1), "once");
        look(BEGIN.plus(175 * DAY)).await;
        assert_eq!(state().await, is("due", "2027-04-05", 2));
        look(BEGIN.plus(183 * DAY)).await;
        assert_eq!(
            state().await,
            is("overdue", "2027-04-05", 3),
            "at once when it is too late"
        );
        let mails = "SELECT count(*) FROM mail WHERE template = 'delivery_reminder'";
        assert_eq!(number(&world, mails).await, 3);
        accept(&world, &support, AGB, "a.deboer@linde.example")
            .await
            .ok();
        let text = file(AGB, &lines([(1, 1)]));
        let id = receive(&world, &actor, BEGIN.plus(184 * DAY), &text).await;
        execute(
            &world,
            "UPDATE acceptance SET valid_until = '2030-01-01', state = 'accepted'",
        )
        .await;
        submission::process(&world.services, &id)
            .await
            .expect("processed");
        assert_eq!(row(&world, &id).await.state, "processed");
        look(BEGIN.plus(185 * DAY)).await;
        assert_eq!(state().await, is("on_track", "2027-10-07", 3));
        execute(&world, "UPDATE connection SET state = 'revoked'").await;
        look(BEGIN.plus(186 * DAY)).await;
        assert_eq!(state().await, [], "owed no more");
        let counted =
            "SELECT CAST(COALESCE(sum(n), 0) AS BIGINT) FROM counter WHERE kind = 'obligation'";
        assert_eq!(number(&world, counted).await, 0, "counts follow");
        world.services.clock.set(BEGIN);
    });
}
