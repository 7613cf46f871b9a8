//! The queue on both databases: nothing twice, nothing lost, whoever lost the lease changes nothing; and the worker that runs on it.

use crate::support::db::{World, each};
use crate::support::mailbox::{At, Do, Mailbox, queue, services, with_config};
use portaal_console::clock::Clock;
use portaal_console::domain::job::{JobKind, Outcome, State};
use portaal_console::domain::mail::{State as MailState, Template};
use portaal_console::domain::time::{SECOND, Timestamp};
use portaal_console::service::Services;
use portaal_console::store::job::{self, Hold, Job, New, Wish};
use portaal_console::store::{Access, Db, Engine, Query, lease, outbox, worker};
use portaal_console::work::{Worker, drain, embedded};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Longest wait for something that must come.
const PATIENCE: Duration = Duration::from_secs(20);

async fn put(db: &Db, subject: &str, at: Timestamp) -> bool {
    let mut tx = db.write().await.expect("transaction");
    let new = New {
        kind: JobKind::Submission,
        subject,
        run_at: at,
        at,
        request: "",
    };
    let inserted = job::insert(&mut tx, &new).await.expect("insert");
    tx.commit().await.expect("commit");
    inserted
}

async fn take(db: &Db, worker: &str, most: i64, now: Timestamp) -> Vec<Job> {
    let mut tx = db.write().await.expect("transaction");
    let wish = Wish {
        worker,
        kinds: JobKind::ALL,
        most,
        now,
        until: now.plus(30 * SECOND),
    };
    let jobs = job::claim(&mut tx, &wish).await.expect("claim");
    tx.commit().await.expect("commit");
    jobs
}

async fn sweep(db: &Db, now: Timestamp) -> Vec<Job> {
    let mut tx = db.write().await.expect("transaction");
    let jobs = job::sweep(&mut tx, now, 100).await.expect("sweep");
    tx.commit().await.expect("commit");
    jobs
}

async fn by_id(db: &Db, id: &str) -> Job {
    let mut tx = db.read().await.expect("transaction");
    job::by_id(&mut tx, id).await.expect("query").expect("job")
}

#[test]
fn eight_workers_take_each_job_once() {
    each(async |world: Arc<World>| {
        let now = world.services.clock.now();
        let mut tx = world.services.db.write().await.expect("transaction");
        for n in 0..400 {
            let subject = format!("{n:03}");
            let new = New {
                kind: JobKind::Submission,
                subject: &subject,
                run_at: now,
                at: now,
                request: "",
            };
            assert!(job::insert(&mut tx, &new).await.expect("insert"));
        }
        tx.commit().await.expect("commit");
        let mut workers = JoinSet::new();
        for n in 0..8 {
            let url = world.url().to_owned();
            workers.spawn(async move {
                let db = Db::open(&url, Access::ReadWrite).await.expect("database");
                let name = format!("worker {n}");
                let mut mine = Vec::new();
                loop {
                    let jobs = take(&db, &name, 3, now).await;
                    if jobs.is_empty() {
                        break;
                    }
                    for job in jobs {
                        let mut tx = db.write().await.expect("transaction");
                        assert_eq!(
                            job::finish(&mut tx, &job, now, "").await.expect("finish"),
                            Hold::Kept
                        );
                        tx.commit().await.expect("commit");
                        mine.push((job.subject, job.attempt));
                    }
                }
                db.close().await;
                mine
            });
        }
        let all: Vec<(String, i64)> = workers.join_all().await.into_iter().flatten().collect();
        assert_eq!(all.len(), 400);
        let once: BTreeMap<&String, i64> = all.iter().map(|(s, a)| (s, *a)).collect();
        assert_eq!(once.len(), 400, "no job twice");
        assert!(once.values().all(|a| *a == 1));
    });
}

#[test]
fn one_open_job_per_record_and_kind() {
    each(async |world: Arc<World>| {
        let (db, now) = (&world.services.db, world.services.clock.now());
        assert!(put(db, "a", now).await);
        assert!(!put(db, "a", now).await, "available");
        assert!(put(db, "b", now).await, "another record");
        let jobs = take(db, "w", 9, now).await;
        assert_eq!(
            jobs.iter().map(|j| j.subject.as_str()).collect::<Vec<_>>(),
            ["a", "b"],
            "oldest first"
        );
        assert!(!put(db, "a", now).await, "running");
        let mut tx = db.write().await.expect("transaction");
        assert_eq!(
            job::hold(&mut tx, &jobs[0], now, "stop")
                .await
                .expect("hold"),
            Hold::Kept
        );
        assert_eq!(
            job::finish(&mut tx, &jobs[1], now, "")
                .await
                .expect("finish"),
            Hold::Kept
        );
        tx.commit().await.expect("commit");
        assert!(!put(db, "a", now).await, "held");
        assert!(put(db, "b", now).await, "completed");
        let mut tx = db.write().await.expect("transaction");
        assert!(
            job::cancel(&mut tx, JobKind::Submission, "a", now)
                .await
                .expect("cancel")
        );
        assert!(
            !job::cancel(&mut tx, JobKind::Submission, "a", now)
                .await
                .expect("cancel")
        );
        tx.commit().await.expect("commit");
        assert!(put(db, "a", now).await, "cancelled");
    });
}

#[test]
fn whoever_lost_the_lease_changes_nothing() {
    each(async |world: Arc<World>| {
        let (db, now) = (&world.services.db, world.services.clock.now());
        put(db, "a", now).await;
        let frozen = take(db, "frozen", 1, now).await.pop().expect("job");
        assert!(
            sweep(db, now.plus(30 * SECOND)).await.is_empty(),
            "the lease still holds"
        );
        let later = now.plus(31 * SECOND);
        let swept = sweep(db, later).await;
        assert_eq!(
            (swept.len(), swept[0].state, swept[0].rescues),
            (1, State::Available, 1)
        );
        let other = take(db, "other", 1, later).await.pop().expect("job");
        assert_eq!((other.id.as_str(), other.attempt), (frozen.id.as_str(), 2));
        for stale in [
            &frozen,
            &Job {
                attempt: 2,
                ..frozen.clone()
            },
            &Job {
                attempt: 3,
                ..other.clone()
            },
        ] {
            let mut tx = db.write().await.expect("transaction");
            assert_eq!(
                job::extend(&mut tx, stale, later).await.expect("extend"),
                Hold::Lost
            );
            assert_eq!(
                job::finish(&mut tx, stale, later, "")
                    .await
                    .expect("finish"),
                Hold::Lost
            );
            assert_eq!(
                job::fail(&mut tx, stale, later, later, "x")
                    .await
                    .expect("fail"),
                Hold::Lost
            );
            assert_eq!(
                job::snooze(&mut tx, stale, later, later, "x")
                    .await
                    .expect("snooze"),
                Hold::Lost
            );
            assert_eq!(
                job::hold(&mut tx, stale, later, "x").await.expect("hold"),
                Hold::Lost
            );
            tx.commit().await.expect("commit");
        }
        assert_eq!(by_id(db, &other.id).await, other, "untouched");
        let mut tx = db.write().await.expect("transaction");
        assert_eq!(
            job::finish(&mut tx, &other, later, "ok")
                .await
                .expect("finish"),
            Hold::Kept
        );
        assert_eq!(
            job::finish(&mut tx, &other, later, "ok")
                .await
                .expect("finish"),
            Hold::Lost,
            "only once"
        );
        let all = job::attempts(&mut tx, &other.id).await.expect("attempts");
        tx.commit().await.expect("commit");
        let outcomes: Vec<_> = all
            .iter()
            .map(|a| (a.attempt, a.worker.as_str(), a.outcome))
            .collect();
        assert_eq!(
            outcomes,
            [(1, "frozen", Outcome::Rescued), (2, "other", Outcome::Done)]
        );
    });
}

#[test]
fn a_job_that_kills_its_worker_twice_is_held() {
    each(async |world: Arc<World>| {
        let db = &world.services.db;
        let mut now = world.services.clock.now();
        put(db, "a", now).await;
        for state in [State::Available, State::Held] {
            take(db, "w", 1, now).await.pop().expect("job");
            now = now.plus(31 * SECOND);
            assert_eq!(sweep(db, now).await.pop().map(|j| j.state), Some(state));
        }
        assert!(take(db, "w", 1, now).await.is_empty(), "held is not taken");
        let mut tx = db.write().await.expect("transaction");
        let open = job::open(&mut tx, JobKind::Submission, "a")
            .await
            .expect("query")
            .expect("job");
        assert!(open.error.contains("was lost"), "{}", open.error);
        assert!(job::release(&mut tx, &open.id, now).await.expect("release"));
        tx.commit().await.expect("commit");
        let again = take(db, "w", 1, now).await.pop().expect("job");
        assert_eq!((again.attempt, again.rescues), (3, 0));
    });
}

#[test]
fn failing_and_snoozing_keep_every_attempt() {
    each(async |world: Arc<World>| {
        let db = &world.services.db;
        let now = world.services.clock.now();
        put(db, "a", now).await;
        let job = take(db, "w", 1, now).await.pop().expect("job");
        let mut tx = db.write().await.expect("transaction");
        let error = "no\u{1b}[2J \u{202e}way\n".repeat(100);
        assert_eq!(
            job::fail(&mut tx, &job, now, now.plus(SECOND), &error)
                .await
                .expect("fail"),
            Hold::Kept
        );
        tx.commit().await.expect("commit");
        assert!(
            take(db, "w", 1, now).await.is_empty(),
            "not before its time"
        );
        let job = take(db, "w", 1, now.plus(SECOND)).await.pop().expect("job");
        assert_eq!((job.attempt, job.failures), (2, 1));
        assert!(
            job.error.chars().count() <= 500 && !job.error.contains(['\u{1b}', '\u{202e}', '\n']),
            "{}",
            job.error
        );
        let mut tx = db.write().await.expect("transaction");
        assert_eq!(
            job::snooze(&mut tx, &job, now, now, "later")
                .await
                .expect("snooze"),
            Hold::Kept
        );
        tx.commit().await.expect("commit");
        let job = take(db, "w", 1, now).await.pop().expect("job");
        assert_eq!(
            (job.attempt, job.failures),
            (3, 1),
            "a snooze is no failure"
        );
        let mut tx = db.read().await.expect("transaction");
        let outcomes: Vec<_> = job::attempts(&mut tx, &job.id)
            .await
            .expect("attempts")
            .iter()
            .map(|a| a.outcome)
            .collect();
        assert_eq!(
            outcomes,
            [Outcome::Failed, Outcome::Snoozed, Outcome::Running]
        );
        assert!(take(db, "w", 0, now).await.is_empty());
    });
}

#[test]
fn a_lease_has_one_holder() {
    each(async |world: Arc<World>| {
        let db = &world.services.db;
        let now = world.services.clock.now();
        let take = async |holder: &str, now: Timestamp| {
            let mut tx = db.write().await.expect("transaction");
            let taken = lease::take(&mut tx, "worker", holder, now, now.plus(SECOND))
                .await
                .expect("take");
            tx.commit().await.expect("commit");
            taken
        };
        assert!(take("a", now).await);
        assert!(!take("b", now).await);
        assert!(take("a", now.plus(500)).await, "renewed");
        assert!(!take("b", now.plus(SECOND)).await);
        assert!(take("b", now.plus(1500)).await, "it ran out");
        let mut tx = db.write().await.expect("transaction");
        lease::give_back(&mut tx, "worker", "a")
            .await
            .expect("give back");
        assert_eq!(
            lease::by_name(&mut tx, "worker")
                .await
                .expect("query")
                .map(|l| l.holder),
            Some("b".to_owned())
        );
        lease::give_back(&mut tx, "worker", "b")
            .await
            .expect("give back");
        assert!(
            lease::by_name(&mut tx, "worker")
                .await
                .expect("query")
                .is_none()
        );
        tx.commit().await.expect("commit");
    });
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let waited = tokio::time::timeout(PATIENCE, async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    assert!(waited.await.is_ok(), "{what} did not come");
}

async fn state_of(services: &Services, id: &str) -> MailState {
    let mut tx = services.db.read().await.expect("transaction");
    outbox::by_id(&mut tx, id)
        .await
        .expect("query")
        .expect("mail")
        .state
}

async fn alive(services: &Services) -> Vec<worker::Worker> {
    let mut tx = services.db.read().await.expect("transaction");
    worker::alive(&mut tx, Timestamp::NEVER)
        .await
        .expect("query")
}

#[test]
fn a_worker_runs_until_it_is_told_to_stop() {
    each(async |world: Arc<World>| {
        let mailbox = Mailbox::start(|_, _| Do::Usual);
        let services = services(&world, mailbox.port, "[queue]\npoll_ms = 20\n");
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(Worker::run(services.clone(), stopped));
        until("the worker", async || alive(&services).await.len() == 1).await;
        let id = queue(&services, Template::TestMessage).await;
        until("the mail", async || {
            state_of(&services, &id).await == MailState::Sent
        })
        .await;
        stop.send(true).expect("it listens");
        let done = tokio::time::timeout(PATIENCE, running)
            .await
            .expect("it ends")
            .expect("no panic");
        assert_eq!(done.expect("no error"), 1);
        assert!(alive(&services).await.is_empty(), "it signed off");
    });
}

#[test]
fn a_stopping_worker_lets_a_mail_finish() {
    each(async |world: Arc<World>| {
        let slow = Do::Trickle(b"250 taken\r\n".to_vec(), Duration::from_millis(60));
        let mailbox = Mailbox::at(At::Dot, slow);
        let services = services(&world, mailbox.port, "[queue]\npoll_ms = 20\n");
        let id = queue(&services, Template::TestMessage).await;
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(Worker::run(services.clone(), stopped));
        until("the body", async || mailbox.received().len() == 1).await;
        stop.send(true).expect("it listens");
        tokio::time::timeout(PATIENCE, running)
            .await
            .expect("it ends")
            .expect("no panic")
            .expect("no error");
        assert_eq!(state_of(&services, &id).await, MailState::Sent);
    });
}

#[test]
fn two_workers_share_the_mails_and_send_each_once() {
    each(async |world: Arc<World>| {
        let mailbox = Mailbox::start(|_, _| Do::Usual);
        let services = services(&world, mailbox.port, "[queue]\npoll_ms = 20\n");
        let mut ids = Vec::new();
        for _ in 0..30 {
            ids.push(queue(&services, Template::TestMessage).await);
        }
        let (stop, stopped) = watch::channel(false);
        let mut workers = JoinSet::new();
        for _ in 0..2 {
            workers.spawn(Worker::run(services.clone(), stopped.clone()));
        }
        for id in &ids {
            until("a mail", async || {
                state_of(&services, id).await == MailState::Sent
            })
            .await;
        }
        stop.send(true).expect("they listen");
        let done: Vec<_> = workers
            .join_all()
            .await
            .into_iter()
            .map(|d| d.expect("no error"))
            .collect();
        assert_eq!(done.iter().sum::<usize>(), 30, "{done:?}");
        assert_eq!(mailbox.received().len(), 30);
    });
}

#[test]
fn consoles_on_an_embedded_database_have_one_worker_among_them() {
    each(async |world: Arc<World>| {
        let text = format!(
            "state = {:?}\n[queue]\nlease_ms = 400\nheartbeat_ms = 50\npoll_ms = 20\n",
            world.state.path().display().to_string()
        );
        let services = with_config(&world, &text);
        let (stop_first, first) = watch::channel(false);
        let (stop_second, second) = watch::channel(false);
        let first = tokio::spawn(embedded(services.clone(), first));
        if world.engine == Engine::Postgres {
            first.await.expect("no panic").expect("no error");
            assert!(alive(&services).await.is_empty(), "never on a server");
            return;
        }
        until("the first", async || alive(&services).await.len() == 1).await;
        let holder = alive(&services).await.pop().expect("worker").id;
        let second = tokio::spawn(embedded(services.clone(), second));
        let id = queue(&services, Template::TestMessage).await;
        until("the mail", async || {
            state_of(&services, &id).await == MailState::Sent
        })
        .await;
        assert_eq!(alive(&services).await.len(), 1, "the second waits");
        stop_first.send(true).expect("it listens");
        first.await.expect("no panic").expect("no error");
        until("the second", async || {
            alive(&services).await.iter().any(|w| w.id != holder)
        })
        .await;
        let id = queue(&services, Template::TestMessage).await;
        until("the mail", async || {
            state_of(&services, &id).await == MailState::Sent
        })
        .await;
        stop_second.send(true).expect("it listens");
        second.await.expect("no panic").expect("no error");
        assert!(alive(&services).await.is_empty());
    });
}

#[test]
fn a_job_that_keeps_failing_is_held() {
    each(async |world: Arc<World>| {
        let services = &world.services;
        put(&services.db, "no such submission", services.clock.now()).await;
        for failures in 1..=8 {
            assert_eq!(drain(services.clone()).await.expect("worker"), 1);
            let mut tx = services.db.read().await.expect("transaction");
            let job = job::open(&mut tx, JobKind::Submission, "no such submission")
                .await
                .expect("query")
                .expect("job");
            tx.rollback().await.expect("rollback");
            assert_eq!(job.failures, failures);
            let state = if failures == 8 {
                State::Held
            } else {
                State::Available
            };
            assert_eq!(job.state, state);
            assert!(job.error.contains("no such submission"), "{}", job.error);
            services.clock.set(services.clock.now().max(job.run_at));
        }
        assert_eq!(drain(services.clone()).await.expect("worker"), 0);
    });
}

#[test]
fn a_worker_whose_clock_is_wrong_takes_nothing() {
    each(async |world: Arc<World>| {
        let Some(server) = world.services.db.server_time().await.expect("time") else {
            return;
        };
        for (off, jobs) in [(5 * SECOND, 0), (-5 * SECOND, 0), (0, 1)] {
            let services = Services {
                clock: Clock::from(server.plus(off)),
                ..world.services.clone()
            };
            queue(&world.services, Template::TestMessage).await;
            let mut tx = services.db.write().await.expect("transaction");
            let sql = "UPDATE job SET run_at = 0 WHERE state = 'available'";
            tx.execute(Query::new(sql)).await.expect("update");
            let sql = "UPDATE mail SET send_at = 0 WHERE state = 'queued'";
            tx.execute(Query::new(sql)).await.expect("update");
            tx.commit().await.expect("commit");
            let done = drain(services).await.expect("worker");
            assert_eq!(done > 0, jobs > 0, "{off}");
        }
    });
}
