//! From the outbox to an end state, on both databases: sent, tried again, paused, given up, in doubt, frozen — each visible.

use crate::support::db::{World, each};
use crate::support::mailbox::{At, Do, Mailbox, queue, services};
use portaal_console::domain::job::{JobKind, State as JobState};
use portaal_console::domain::kind::Kind;
use portaal_console::domain::mail::{Attempt as Outcome, Event, State, Step, Template};
use portaal_console::domain::time::{DAY, HOUR, MINUTE, SECOND};
use portaal_console::service::Services;
use portaal_console::store::job::{self, Hold, Job, Wish};
use portaal_console::store::outbox::{self, Attempt, Change, Mail};
use portaal_console::store::{counter, lease};
use portaal_console::work::{drain, pause};
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use tokio::runtime::Handle;

async fn mail(services: &Services, id: &str) -> Mail {
    let mut tx = services.db.read().await.expect("transaction");
    outbox::by_id(&mut tx, id)
        .await
        .expect("query")
        .expect("mail")
}

async fn attempts(services: &Services, id: &str) -> Vec<Attempt> {
    let mut tx = services.db.read().await.expect("transaction");
    outbox::attempts(&mut tx, id).await.expect("query")
}

async fn open_job(services: &Services, id: &str) -> Option<Job> {
    let mut tx = services.db.read().await.expect("transaction");
    job::open(&mut tx, JobKind::Mail, id).await.expect("query")
}

/// Counters as they are kept must be what counting gives.
async fn counted(services: &Services, expected: &[(&str, i64)]) {
    let mut tx = services.db.read().await.expect("transaction");
    let kept = counter::of(&mut tx, Kind::Mail).await.expect("query");
    let kept: Vec<(&str, i64)> = kept
        .iter()
        .map(|(s, n)| (s.as_str(), *n))
        .filter(|(_, n)| *n != 0)
        .collect();
    assert_eq!(kept, expected);
}

fn forward(world: &World, by: i64) {
    let clock = &world.services.clock;
    clock.set(clock.now().plus(by));
}

async fn pass(services: &Services) -> usize {
    drain(services.clone()).await.expect("worker")
}

#[test]
fn a_mail_becomes_a_file_of_its_own() {
    each(async |world: Arc<World>| {
        let services = world.services.clone();
        let id = queue(&services, Template::AccountInvitation).await;
        counted(&services, &[("queued", 1)]).await;
        assert_eq!(pass(&services).await, 1);
        assert_eq!(pass(&services).await, 0);
        let row = mail(&services, &id).await;
        assert_eq!((row.state, row.attempts), (State::Sent, 1));
        assert_eq!(row.sent_at, services.clock.now());
        counted(&services, &[("sent", 1)]).await;
        let path = world.state.path().join("mail").join(format!("{id}.eml"));
        let file = std::fs::read_to_string(&path).expect("file");
        assert!(
            file.contains(&format!("Message-ID: <{id}@infinitcare.example>")),
            "{file}"
        );
        assert!(
            file.replace("=\r\n", "").contains("/uitnodiging/kibgi_"),
            "the token is in the mail"
        );
        assert!(!row.parameters.contains("kibgi_"), "and nowhere else");
        let mode = std::fs::metadata(&path).expect("file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let directory = std::fs::read_dir(path.parent().expect("directory")).expect("directory");
        assert_eq!(directory.count(), 1, "nothing unfinished stays");
        let all = attempts(&services, &id).await;
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].outcome, all[0].step), (Outcome::Sent, Step::File));
    });
}

#[test]
fn the_time_to_undo_is_waited_for() {
    each(async |world: Arc<World>| {
        let services = world.services.clone();
        let id = queue(&services, Template::TestMessage).await;
        let mut tx = services.db.write().await.expect("transaction");
        let row = outbox::by_id(&mut tx, &id)
            .await
            .expect("query")
            .expect("mail");
        assert!(
            job::cancel(&mut tx, JobKind::Mail, &id, row.queued_at)
                .await
                .expect("cancel")
        );
        let change = Change::at(row.queued_at);
        let state = outbox::apply(&mut tx, &row, Event::Cancel, change)
            .await
            .expect("apply");
        assert_eq!(state, Some(State::Cancelled));
        assert_eq!(
            outbox::apply(&mut tx, &row, Event::Cancel, change)
                .await
                .expect("apply"),
            None,
            "the version is used up"
        );
        tx.commit().await.expect("commit");
        assert_eq!(pass(&services).await, 0);
        assert_eq!(mail(&services, &id).await.state, State::Cancelled);
        counted(&services, &[("cancelled", 1)]).await;
    });
}

#[test]
fn a_refusal_for_now_is_tried_again_with_the_same_identity() {
    each(async |world: Arc<World>| {
        // First the server wants it later, then the connection breaks at RCPT, then it takes the mail.
        let mailbox = Mailbox::start(|number, at| match (number, at) {
            (0, At::Dot) => Do::Say(b"451 4.7.1 \x1b[31mgreylisted\xe2\x80\xae\r\n".to_vec()),
            (1, At::Rcpt) => Do::Drop,
            _ => Do::Usual,
        });
        let services = services(&world, mailbox.port, "");
        let id = queue(&services, Template::AccountInvitation).await;
        pass(&services).await;
        let first = mail(&services, &id).await;
        assert_eq!((first.state, first.attempts), (State::Deferred, 1));
        assert_eq!(
            first.reply, "451 4.7.1 [31mgreylisted",
            "nothing that steers a terminal is kept"
        );
        assert!(first.send_at > services.clock.now());
        assert_eq!(pass(&services).await, 0, "not before its time");
        forward(&world, 2 * MINUTE);
        pass(&services).await;
        let second = mail(&services, &id).await;
        assert_eq!((second.state, second.attempts), (State::Deferred, 2));
        assert!(second.reply.starts_with("[dropped]"), "{}", second.reply);
        forward(&world, 10 * MINUTE);
        pass(&services).await;
        let third = mail(&services, &id).await;
        assert_eq!((third.state, third.attempts), (State::Sent, 3));
        let received = mailbox.received();
        assert_eq!(received.len(), 2);
        assert_eq!(
            received[0], received[1],
            "every attempt carries the same bytes, the token included"
        );
        let outcomes: Vec<_> = attempts(&services, &id)
            .await
            .iter()
            .map(|a| (a.attempt, a.outcome, a.step, a.code))
            .collect();
        assert_eq!(
            outcomes,
            [
                (1, Outcome::Deferred, Step::Body, 451),
                (2, Outcome::Deferred, Step::Recipient, 0),
                (3, Outcome::Sent, Step::Body, 250),
            ]
        );
        assert!(open_job(&services, &id).await.is_none());
        counted(&services, &[("sent", 1)]).await;
    });
}

#[test]
fn a_refusal_for_good_is_final_and_a_lost_answer_is_a_doubt() {
    each(async |world: Arc<World>| {
        for (at, what, state, calls) in [
            (At::Rcpt, Do::reply(550), State::Failed, 1),
            (At::Dot, Do::reply(554), State::Failed, 1),
            (At::Dot, Do::Drop, State::Unknown, 1),
            (At::Dot, Do::Silence, State::Unknown, 1),
            (At::Dot, Do::reply(354), State::Unknown, 1),
        ] {
            let mailbox = Mailbox::at(at, what);
            let services = services(&world, mailbox.port, "");
            let id = queue(&services, Template::TestMessage).await;
            pass(&services).await;
            assert_eq!(mail(&services, &id).await.state, state);
            forward(&world, 3 * DAY);
            assert_eq!(pass(&services).await, 0, "never repeated");
            assert_eq!(mailbox.connections(), calls);
            assert!(open_job(&services, &id).await.is_none());
        }
        counted(&world.services, &[("failed", 2), ("unknown", 3)]).await;
    });
}

#[test]
fn a_server_in_trouble_pauses_the_outbox_and_burns_nothing() {
    each(async |world: Arc<World>| {
        static CODE: AtomicU16 = AtomicU16::new(0);
        for (at, code) in [
            (At::Greeting, 421),
            (At::Ehlo, 421),
            (At::Mail, 454),
            (At::Rcpt, 421),
            (At::Mail, 530),
            (At::Mail, 550),
        ] {
            CODE.store(code, Ordering::SeqCst);
            let mailbox = Mailbox::start(move |_, now| {
                let code = CODE.load(Ordering::SeqCst);
                if now == at && code > 0 {
                    Do::reply(code)
                } else {
                    Do::Usual
                }
            });
            let services = services(&world, mailbox.port, "[queue]\nslots = 1\n");
            let ids = [
                queue(&services, Template::TestMessage).await,
                queue(&services, Template::SetupNotice).await,
            ];
            pass(&services).await;
            assert_eq!(mailbox.connections(), 1, "the second mail did not even try");
            let (first, second) = (
                mail(&services, &ids[0]).await,
                mail(&services, &ids[1]).await,
            );
            assert_eq!((first.state, first.attempts), (State::Deferred, 0));
            assert_eq!((second.state, second.attempts), (State::Queued, 0));
            let mut waits = Vec::new();
            for _ in 0..7 {
                let mut tx = services.db.read().await.expect("transaction");
                let now = services.clock.now();
                let pause = pause::current(&mut tx)
                    .await
                    .expect("query")
                    .expect("pause");
                assert!(!pause::open(&mut tx, now).await.expect("query"));
                assert_eq!(pause.until.since(now), pause.wait);
                assert!(pause.said.contains(&code.to_string()), "{}", pause.said);
                tx.rollback().await.expect("rollback");
                waits.push(pause.wait / SECOND);
                assert_eq!(pass(&services).await, 0);
                forward(&world, pause.wait);
                pass(&services).await;
            }
            assert_eq!(
                waits,
                [30, 60, 120, 240, 480, 900, 900],
                "growing, with an end"
            );
            CODE.store(0, Ordering::SeqCst);
            forward(&world, HOUR);
            pass(&services).await;
            for id in &ids {
                let row = mail(&services, id).await;
                assert_eq!((row.state, row.attempts), (State::Sent, 1));
            }
            let mut tx = services.db.read().await.expect("transaction");
            assert_eq!(pause::current(&mut tx).await.expect("query"), None);
            let tried = outbox::attempts(&mut tx, &ids[0]).await.expect("query");
            let last = tried.last().map(|a| a.outcome);
            assert_eq!(last, Some(Outcome::Sent));
            assert!(
                tried
                    .iter()
                    .rev()
                    .skip(1)
                    .all(|a| a.outcome == Outcome::Paused)
            );
        }
    });
}

#[test]
fn given_up_visibly_after_the_configured_time() {
    each(async |world: Arc<World>| {
        let mailbox = Mailbox::at(At::Rcpt, Do::reply(450));
        let services = services(&world, mailbox.port, "[queue]\ngive_up_hours = 5\n");
        let id = queue(&services, Template::TestMessage).await;
        let mut tries = 0;
        while mail(&services, &id).await.state != State::Failed {
            tries += 1;
            assert!(tries < 50, "no end");
            let row = mail(&services, &id).await;
            let clock = &services.clock;
            clock.set(clock.now().max(row.send_at));
            pass(&services).await;
        }
        let row = mail(&services, &id).await;
        assert!(row.reply.starts_with("[given_up] 450"), "{}", row.reply);
        assert!((6..=12).contains(&tries), "{tries} tries in five hours");
        assert!(services.clock.now() <= row.give_up_at);
        assert!(open_job(&services, &id).await.is_none());
    });
}

#[test]
fn frozen_until_a_person_thaws_it() {
    each(async |world: Arc<World>| {
        let services = world.services.clone();
        let id = queue(&services, Template::TestMessage).await;
        let mut tx = services.db.write().await.expect("transaction");
        pause::freeze(&mut tx, "test", "restored from a backup")
            .await
            .expect("freeze");
        tx.commit().await.expect("commit");
        assert_eq!(pass(&services).await, 0);
        forward(&world, 30 * DAY);
        assert_eq!(pass(&services).await, 0);
        let mut tx = services.db.write().await.expect("transaction");
        let why = pause::frozen(&mut tx).await.expect("query");
        assert_eq!(
            why,
            Some(("test".to_owned(), "restored from a backup".to_owned()))
        );
        assert!(pause::thaw(&mut tx).await.expect("thaw"));
        tx.commit().await.expect("commit");
        pass(&services).await;
        assert_eq!(
            mail(&services, &id).await.state,
            State::Sent,
            "tried once even though it is late"
        );
    });
}

/// Claims the one due job as a worker that will be lost.
async fn lost_worker(services: &Services, name: &str) -> Job {
    let now = services.clock.now();
    let mut tx = services.db.write().await.expect("transaction");
    let wish = Wish {
        worker: name,
        kinds: JobKind::ALL,
        most: 1,
        now,
        until: now.plus(30 * SECOND),
    };
    let mut jobs = job::claim(&mut tx, &wish).await.expect("claim");
    tx.commit().await.expect("commit");
    jobs.pop().expect("a job")
}

/// Brings a mail to where a worker is when it is lost.
async fn on_its_way(services: &Services, id: &str, worker: &str, step: Step) {
    let mut tx = services.db.write().await.expect("transaction");
    let now = services.clock.now();
    let row = outbox::lock(&mut tx, id)
        .await
        .expect("query")
        .expect("mail");
    let state = outbox::apply(&mut tx, &row, Event::Send, Change::at(now))
        .await
        .expect("apply");
    assert_eq!(state, Some(State::Sending));
    let attempt = outbox::begin_attempt(&mut tx, id, worker, now)
        .await
        .expect("attempt");
    outbox::reach(&mut tx, id, attempt, step)
        .await
        .expect("step");
    tx.commit().await.expect("commit");
}

#[test]
fn a_lost_worker_leaves_a_doubt_only_after_the_body_began_to_leave() {
    each(async |world: Arc<World>| {
        for (step, state, tries) in [
            (Step::Build, State::Sent, 2),
            (Step::Body, State::Unknown, 1),
        ] {
            let services = world.services.clone();
            let id = queue(&services, Template::TestMessage).await;
            let job = lost_worker(&services, "lost").await;
            on_its_way(&services, &id, "lost", step).await;
            assert_eq!(pass(&services).await, 0, "the lease still holds");
            forward(&world, 31 * SECOND);
            pass(&services).await;
            assert_eq!(mail(&services, &id).await.state, state, "{step}");
            let all = attempts(&services, &id).await;
            assert_eq!(all.len(), tries);
            let first = if step == Step::Body {
                Outcome::Unknown
            } else {
                Outcome::Lost
            };
            assert_eq!(all[0].outcome, first);
            assert_eq!(all[0].reply, "[worker_lost]");
            assert!(open_job(&services, &id).await.is_none());
            // It wakes up: nothing it says counts any more.
            let mut tx = services.db.write().await.expect("transaction");
            let now = services.clock.now();
            assert_eq!(
                job::finish(&mut tx, &job, now, "").await.expect("query"),
                Hold::Lost
            );
            tx.rollback().await.expect("rollback");
        }
        counted(&world.services, &[("sent", 1), ("unknown", 1)]).await;
    });
}

#[test]
fn a_mail_that_kills_its_worker_twice_fails_and_its_job_is_held() {
    each(async |world: Arc<World>| {
        let services = world.services.clone();
        let id = queue(&services, Template::TestMessage).await;
        for (round, state) in [(1, State::Deferred), (2, State::Failed)] {
            let name = format!("lost {round}");
            lost_worker(&services, &name).await;
            on_its_way(&services, &id, &name, Step::Build).await;
            forward(&world, 31 * SECOND);
            let mut frozen = services.db.write().await.expect("transaction");
            pause::freeze(&mut frozen, "test", "only the sweep")
                .await
                .expect("freeze");
            frozen.commit().await.expect("commit");
            pass(&services).await;
            assert_eq!(mail(&services, &id).await.state, state);
            let mut tx = services.db.write().await.expect("transaction");
            pause::thaw(&mut tx).await.expect("thaw");
            tx.commit().await.expect("commit");
        }
        let job = open_job(&services, &id).await.expect("job");
        assert_eq!((job.state, job.rescues), (JobState::Held, 2));
        assert_eq!(pass(&services).await, 0);
        // A person lets it go: there is nothing to send any more.
        let mut tx = services.db.write().await.expect("transaction");
        assert!(
            job::release(&mut tx, &job.id, services.clock.now())
                .await
                .expect("release")
        );
        tx.commit().await.expect("commit");
        pass(&services).await;
        assert!(open_job(&services, &id).await.is_none());
        assert_eq!(mail(&services, &id).await.state, State::Failed);
    });
}

#[test]
fn what_cannot_be_sent_fails_with_a_reason_and_a_mail_without_a_job_gets_one() {
    each(async |world: Arc<World>| {
        let services = world.services.clone();
        let bad = queue(&services, Template::TestMessage).await;
        let orphan = queue(&services, Template::TestMessage).await;
        let mut tx = services.db.write().await.expect("transaction");
        let now = services.clock.now();
        job::cancel(&mut tx, JobKind::Mail, &orphan, now)
            .await
            .expect("cancel");
        let sql = "UPDATE mail SET parameters = '{}' WHERE id = $1";
        tx.execute(portaal_console::store::Query::new(sql).bind(&bad))
            .await
            .expect("update");
        tx.commit().await.expect("commit");
        pass(&services).await;
        let row = mail(&services, &bad).await;
        assert_eq!(row.state, State::Failed);
        assert!(row.reply.starts_with("[unsendable]"), "{}", row.reply);
        assert_eq!(mail(&services, &orphan).await.state, State::Sent);
        let mut tx = services.db.read().await.expect("transaction");
        assert!(
            lease::by_name(&mut tx, lease::OUTBOX_PAUSE)
                .await
                .expect("query")
                .is_none()
        );
    });
}

#[test]
fn whoever_lost_the_mail_at_the_last_moment_sends_nothing() {
    each(async |world: Arc<World>| {
        let (here, own) = (Handle::current(), world.services.clone());
        // While the server thinks about DATA the worker freezes past its lease, and its job is taken back.
        let mailbox = Mailbox::start(move |number, at| {
            if (number, at) == (0, At::Data) {
                here.block_on(async {
                    own.clock.set(own.clock.now().plus(31 * SECOND));
                    let mut tx = own.db.write().await.expect("transaction");
                    let now = own.clock.now();
                    assert_eq!(job::sweep(&mut tx, now, 1).await.expect("sweep").len(), 1);
                    tx.commit().await.expect("commit");
                });
            }
            Do::Usual
        });
        let services = services(&world, mailbox.port, "");
        let id = queue(&services, Template::TestMessage).await;
        pass(&services).await;
        assert_eq!(mail(&services, &id).await.state, State::Sent);
        assert_eq!(
            (mailbox.connections(), mailbox.received().len()),
            (2, 1),
            "the first sent no body"
        );
        let outcomes: Vec<_> = attempts(&services, &id)
            .await
            .iter()
            .map(|a| a.outcome)
            .collect();
        assert_eq!(outcomes, [Outcome::Lost, Outcome::Sent]);
    });
}

#[test]
fn whoever_lost_the_mail_after_the_body_leaves_the_doubt_as_it_is() {
    each(async |world: Arc<World>| {
        let (here, own) = (Handle::current(), world.services.clone());
        let mailbox = Mailbox::start(move |_, at| {
            if at == At::Dot {
                here.block_on(async {
                    own.clock.set(own.clock.now().plus(31 * SECOND));
                    assert_eq!(pass(&own).await, 0, "the other worker only looks after it");
                });
            }
            Do::Usual
        });
        let services = services(&world, mailbox.port, "timeout_ms = 5000\n");
        let id = queue(&services, Template::TestMessage).await;
        pass(&services).await;
        assert_eq!(mail(&services, &id).await.state, State::Unknown);
        assert_eq!(mailbox.received().len(), 1);
        forward(&world, DAY);
        assert_eq!(pass(&services).await, 0, "never repeated by itself");
        counted(&services, &[("unknown", 1)]).await;
    });
}
