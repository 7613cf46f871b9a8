//! The loop of a worker: claim, run, give signs of life, look after lost workers, stop in order. Not what the jobs do.

use super::context::{Context, millis, name_of_host};
use super::{pause, periodic, rescue, run};
use crate::domain::job::JobKind;
use crate::domain::time::{DAY, SECOND, Timestamp};
use crate::mail::smtp::Abandon;
use crate::service::{Error, Services};
use crate::store::job::{self, Hold, Job, Wish};
use crate::store::lease::{self, CLOCK_SKEW, Lease};
use crate::store::watch::Watch;
use crate::store::{Access, Engine, StoreError, outbox, worker};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{Id, JoinHandle, JoinSet};
use tokio::time::Instant;

/// How long running jobs may finish after the wish to stop.
const GRACE: Duration = Duration::from_secs(14);
/// How long they may take to give back what they cannot finish.
const LAST: Duration = Duration::from_secs(4);
/// How long what was cut off may take to be written down.
const CUT: Duration = Duration::from_secs(1);
/// The first two for the worker inside a console, which has to be gone in two seconds.
const HASTE: Duration = Duration::from_millis(450);
/// A clock that differs this much from the database's is not to be trusted with leases.
const MOST_SKEW: i64 = 2 * SECOND;
/// Workers not seen for so long are forgotten.
const FORGET: i64 = 30 * DAY;

/// Whether a worker needs the lease that only one can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// It takes the lease when it is free, and works in any case.
    May,
    /// It works only while it holds the lease.
    Must,
}

/// When a worker ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// When it is told to.
    Stopped,
    /// When nothing is due.
    Idle,
}

struct Running {
    job: Job,
    tell: watch::Sender<bool>,
}

/// A process that takes jobs.
pub struct Worker {
    context: Arc<Context>,
    row: worker::Worker,
    lead: Lead,
    dismissed: bool,
    skewed: bool,
    tasks: JoinSet<()>,
    running: HashMap<Id, Running>,
    done: usize,
    next_beat: Instant,
    next_sweep: Instant,
    next_claim: Instant,
    next_due: Option<Instant>,
}

/// Runs jobs until nothing is due; gives how many ran.
pub async fn drain(services: Services) -> Result<usize, Error> {
    let (_keep, never) = watch::channel(false);
    Worker::once(services, never).await
}

/// The worker inside a console: on an embedded database only, and only while no other such worker holds the lease.
pub async fn embedded(services: Services, mut stop: watch::Receiver<bool>) -> Result<(), Error> {
    if services.db.engine() != Engine::Sqlite || services.db.access() == Access::ReadOnly {
        return Ok(());
    }
    let pause = millis(services.settings.queue.lease / 2);
    loop {
        let mut worker = Worker::new(services.clone(), "console", Lead::Must)?;
        if worker.lead().await.unwrap_or(false) {
            if worker.begin().await.is_ok() {
                // Trouble ends this turn; the next one begins anew.
                let _ = worker.work(&mut stop, Until::Stopped).await;
            }
            worker.leave().await;
        }
        tokio::select! {
            () = asked(&mut stop) => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// A worker that runs beside a console.
pub struct Companion {
    stop: watch::Sender<bool>,
    task: JoinHandle<Result<(), Error>>,
}

/// Begins the worker inside a console, beside it. Dropping the companion leaves it running until the process ends.
pub fn accompany(services: Services) -> Companion {
    let (stop, stopped) = watch::channel(false);
    // Without a worker the bar of the console says so; the console itself goes on.
    let task = tokio::spawn(embedded(services, stopped));
    Companion { stop, task }
}

impl Companion {
    /// Stops it in order, so that the next worker need not wait for its lease: at once when it is idle, within two seconds else.
    pub async fn part(self) {
        let _ = self.stop.send(true);
        let _ = tokio::time::timeout(HASTE * 4, self.task).await;
    }
}

/// Waits for the wish to stop; for ever when nobody can express it any more.
async fn asked(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|s| *s).await.is_err() {
        std::future::pending::<()>().await;
    }
}

async fn woken(watch: &mut Option<Watch>) -> Result<(), StoreError> {
    match watch {
        Some(watch) => watch.changed().await,
        None => std::future::pending().await,
    }
}

impl Worker {
    /// Takes jobs until `stop` says so, then finishes or gives back within 20 seconds. Gives how many jobs ran.
    pub async fn run(services: Services, stop: watch::Receiver<bool>) -> Result<usize, Error> {
        Self::serve(services, stop, Until::Stopped).await
    }

    /// As `run`, and ends by itself when nothing is due.
    pub async fn once(services: Services, stop: watch::Receiver<bool>) -> Result<usize, Error> {
        Self::serve(services, stop, Until::Idle).await
    }

    async fn serve(
        services: Services,
        mut stop: watch::Receiver<bool>,
        until: Until,
    ) -> Result<usize, Error> {
        let mut worker = Self::new(services, "worker", Lead::May)?;
        worker.begin().await?;
        let result = worker.work(&mut stop, until).await;
        worker.leave().await;
        result.map(|()| worker.done)
    }

    fn new(services: Services, via: &str, lead: Lead) -> Result<Self, Error> {
        if services.db.access() == Access::ReadOnly {
            return Err(StoreError::ReadOnly.into());
        }
        let now = services.clock.now();
        let id = uuid::Uuid::now_v7().to_string();
        let row = worker::Worker {
            id: id.clone(),
            host: name_of_host(),
            pid: i64::from(std::process::id()),
            via: via.to_owned(),
            started_at: now,
            seen_at: now,
            stopped_at: Timestamp::NEVER,
        };
        Ok(Self {
            context: Arc::new(Context::new(services, id)),
            row,
            lead,
            dismissed: false,
            skewed: false,
            tasks: JoinSet::new(),
            running: HashMap::new(),
            done: 0,
            next_beat: Instant::now(),
            next_sweep: Instant::now(),
            next_claim: Instant::now(),
            next_due: None,
        })
    }

    /// Registers, and gives every mail that waits without a job its job.
    async fn begin(&mut self) -> Result<(), Error> {
        self.beat().await?;
        let mut tx = self.context.write().await?;
        let now = self.context.now();
        worker::forget(&mut tx, now.plus(-FORGET)).await?;
        for mail in outbox::orphans(&mut tx, 1000).await? {
            tracing::warn!(mail = mail.id, "a mail had no job");
            let new = job::New {
                kind: JobKind::Mail,
                subject: &mail.id,
                run_at: mail.send_at,
                at: now,
                request: "",
            };
            job::insert(&mut tx, &new).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn work(&mut self, stop: &mut watch::Receiver<bool>, until: Until) -> Result<(), Error> {
        let poll = millis(self.context.services.settings.queue.poll);
        let mut changes: Option<Watch> = None;
        loop {
            if *stop.borrow() || self.dismissed {
                return Ok(());
            }
            let turn = self.turn().await;
            match (turn, until) {
                (Ok(0), Until::Idle) if self.running.is_empty() => return Ok(()),
                (Ok(_), _) => {}
                (Err(e), Until::Idle) => return Err(e.into()),
                (Err(e), Until::Stopped) => {
                    tracing::warn!(error = %e, "the database does not answer");
                    changes = None;
                    self.next_claim = Instant::now() + poll.max(Duration::from_secs(1));
                }
            }
            if changes.is_none() && until == Until::Stopped {
                changes = Watch::open(&self.context.services.db).await.ok();
            }
            let next = self.next_look(changes.as_ref(), poll);
            tokio::select! {
                () = asked(stop) => {}
                () = tokio::time::sleep_until(next) => {}
                Some(ended) = self.tasks.join_next_with_id() => self.ended(ended).await,
                woke = woken(&mut changes) => if woke.is_err() { changes = None; },
            }
        }
    }

    /// When to look again if nothing wakes this worker. A worker that hears of changes needs no poll: it waits for what it knows
    /// is coming, and its signs of life are look-ups too.
    fn next_look(&self, changes: Option<&Watch>, poll: Duration) -> Instant {
        let ticks = self.next_beat.min(self.next_sweep);
        let soon = Instant::now() + poll;
        if changes.is_none() || !self.running.is_empty() {
            return ticks.min(soon);
        }
        self.next_due.map_or(ticks, |due| ticks.min(due.max(soon)))
    }

    /// What is due of: a sign of life, a look for lost workers, new jobs. Gives how many jobs were taken.
    async fn turn(&mut self) -> Result<usize, StoreError> {
        let now = Instant::now();
        let settings = self.context.services.settings.queue;
        if now >= self.next_beat {
            // Soon again when this one fails.
            self.next_beat = now + millis(settings.heartbeat.min(SECOND));
            self.beat().await?;
            self.next_beat = now + millis(settings.heartbeat);
        }
        if now >= self.next_sweep {
            self.next_sweep = now + millis(settings.sweep);
            rescue::sweep(&self.context).await?;
            if let Err(e) = periodic::turn(&self.context).await {
                tracing::warn!(error = %e, "periodic work failed; the next turn tries again");
            }
        }
        if now < self.next_claim || self.skewed || self.dismissed {
            return Ok(0);
        }
        self.take(settings.slots).await
    }

    async fn take(&mut self, slots: usize) -> Result<usize, StoreError> {
        let free = slots.saturating_sub(self.running.len());
        if free == 0 {
            return Ok(0);
        }
        let now = self.context.now();
        let mut tx = self.context.services.db.read().await?;
        let mut kinds = JobKind::ALL.to_vec();
        if !pause::open(&mut tx, now).await? {
            kinds.retain(|k| *k != JobKind::Mail);
        }
        let any = job::any_due(&mut tx, &kinds, now).await?;
        let due = job::next_due(&mut tx).await?;
        tx.rollback().await?;
        if !any {
            self.next_due = due.map(|at| Instant::now() + millis(at.since(now).max(1)));
            return Ok(0);
        }
        let mut tx = self.context.write().await?;
        let wish = Wish {
            worker: &self.context.worker,
            kinds: &kinds,
            most: i64::try_from(free).unwrap_or(1),
            now,
            until: self.context.lease(),
        };
        let jobs = job::claim(&mut tx, &wish).await?;
        tx.commit().await?;
        let count = jobs.len();
        for job in jobs {
            self.start(job);
        }
        Ok(count)
    }

    fn start(&mut self, job: Job) {
        let (tell, heard) = watch::channel(false);
        let context = Arc::clone(&self.context);
        let own = job.clone();
        let task = self.tasks.spawn(async move {
            run::run(&context, &own, &Abandon::following(heard)).await;
        });
        self.running.insert(task.id(), Running { job, tell });
    }

    async fn ended(&mut self, ended: Result<(Id, ()), tokio::task::JoinError>) {
        let (id, crash) = match ended {
            Ok((id, ())) => (id, None),
            Err(e) => (e.id(), Some(e)),
        };
        self.done += 1;
        if let (Some(was), Some(crash)) = (self.running.remove(&id), crash) {
            tracing::error!(job = was.job.id, "a job crashed");
            let error = run::Next::Failed(if crash.is_panic() {
                "crashed".to_owned()
            } else {
                "cut off".to_owned()
            });
            run::settle(&self.context, &was.job, error).await;
        }
    }

    /// A sign of life for the worker and for each of its jobs. Whoever lost a job is told to stop.
    async fn beat(&mut self) -> Result<(), StoreError> {
        self.look_at_clock().await?;
        let mut tx = self.context.write().await?;
        self.row.seen_at = self.context.now();
        worker::seen(&mut tx, &self.row).await?;
        for running in self.running.values() {
            if job::extend(&mut tx, &running.job, self.context.lease()).await? == Hold::Lost {
                let _ = running.tell.send(true);
            }
        }
        tx.commit().await?;
        if self.context.services.db.engine() == Engine::Sqlite && !self.lead().await? {
            self.dismissed = self.lead == Lead::Must;
        }
        Ok(())
    }

    /// Takes or renews the lease of the one worker of an embedded database.
    async fn lead(&mut self) -> Result<bool, StoreError> {
        let mut tx = self.context.write().await?;
        let (now, until) = (self.context.now(), self.context.lease());
        let taken = lease::take(&mut tx, lease::WORKER, &self.context.worker, now, until).await?;
        tx.commit().await?;
        Ok(taken)
    }

    async fn look_at_clock(&mut self) -> Result<(), StoreError> {
        let services = &self.context.services;
        let server = services.db.server_time().await?;
        let Some(server) = server.filter(|_| services.clock.runs()) else {
            return Ok(());
        };
        let skew = services.clock.now().since(server);
        let was = self.skewed;
        self.skewed = skew.abs() > MOST_SKEW;
        if !was && !self.skewed {
            return Ok(());
        }
        let mut tx = self.context.write().await?;
        if self.skewed {
            tracing::error!(
                skew,
                "the clock differs from the database's: no jobs are taken"
            );
            let row = Lease {
                name: CLOCK_SKEW.to_owned(),
                holder: self.context.worker.clone(),
                until: server.plus(services.settings.queue.heartbeat.saturating_mul(3)),
                detail: skew.to_string(),
            };
            lease::set(&mut tx, &row).await?;
        } else {
            lease::give_back(&mut tx, CLOCK_SKEW, &self.context.worker).await?;
        }
        tx.commit().await
    }

    /// Lets running jobs finish, then asks them to give back, then gives back itself what could not.
    async fn leave(&mut self) {
        let (grace, last) = match self.lead {
            Lead::May => (GRACE, LAST),
            Lead::Must => (HASTE, HASTE),
        };
        self.wait_until(Instant::now() + grace).await;
        for running in self.running.values() {
            let _ = running.tell.send(true);
        }
        self.wait_until(Instant::now() + last).await;
        if tokio::time::timeout(CUT.min(last), self.cut())
            .await
            .is_err()
        {
            tracing::warn!("a job did not end; its lease runs out");
        }
        if let Err(e) = self.sign_off().await {
            tracing::warn!(error = %e, "the worker could not sign off");
        }
    }

    /// Cuts off what still runs, and gives its jobs back once nothing of them runs any more. A mail is not given back: whoever finds
    /// it judges by how far it got.
    async fn cut(&mut self) {
        self.tasks.abort_all();
        while let Some(ended) = self.tasks.join_next_with_id().await {
            match ended {
                Err(e) if e.is_cancelled() => self.give_back(e.id()).await,
                ended => self.ended(ended).await,
            }
        }
    }

    async fn give_back(&mut self, id: Id) {
        let was = self.running.remove(&id);
        if let Some(was) = was.filter(|was| was.job.kind != JobKind::Mail) {
            tracing::warn!(job = was.job.id, "a job was cut off and given back");
            run::settle(
                &self.context,
                &was.job,
                run::Next::given_back(&self.context),
            )
            .await;
        }
    }

    async fn wait_until(&mut self, deadline: Instant) {
        while !self.running.is_empty() {
            tokio::select! {
                Some(ended) = self.tasks.join_next_with_id() => self.ended(ended).await,
                () = tokio::time::sleep_until(deadline) => return,
                () = tokio::time::sleep_until(self.next_beat) => {
                    let beat = millis(self.context.services.settings.queue.heartbeat);
                    self.next_beat = Instant::now() + beat;
                    let _ = self.beat().await;
                }
            }
        }
    }

    async fn sign_off(&mut self) -> Result<(), StoreError> {
        let mut tx = self.context.write().await?;
        self.row.seen_at = self.context.now();
        self.row.stopped_at = self.row.seen_at;
        worker::seen(&mut tx, &self.row).await?;
        lease::give_back(&mut tx, lease::WORKER, &self.context.worker).await?;
        lease::give_back(&mut tx, CLOCK_SKEW, &self.context.worker).await?;
        tx.notify().await?;
        tx.commit().await
    }
}
