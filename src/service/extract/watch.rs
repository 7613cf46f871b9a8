//! A long build while it runs: how far it is, written for staff to see, and the wish to end it, from the worker or from staff.

use super::super::Services;
use super::super::error::Error;
use super::super::submission::Errand;
use crate::extract::{Progress, Stage, Stopped};
use crate::store::extract;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// How often progress is written.
const OFTEN: Duration = Duration::from_secs(1);

/// How far a build is, and whether it should end.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    stage: AtomicU8,
    done: AtomicUsize,
    of: AtomicUsize,
    stop: AtomicBool,
}

/// What a build tells its progress to.
pub(super) struct Listener(Arc<Gauge>);

impl Gauge {
    /// Something that a build can be told to tell.
    pub(super) fn listener(gauge: &Arc<Self>) -> Listener {
        Listener(Arc::clone(gauge))
    }

    fn now(&self) -> (&'static str, i64, i64) {
        let number = |n: &AtomicUsize| i64::try_from(n.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        let stage = usize::from(self.stage.load(Ordering::Relaxed));
        let stage = STAGES.get(stage).copied().unwrap_or_default();
        (stage, number(&self.done), number(&self.of))
    }
}

/// Codes of the stages, in the order of `place`.
const STAGES: &[&str] = &[
    "counting",
    "publishing",
    "exchanging",
    "witnesses",
    "extending",
    "attacking",
    "relieving",
];

const fn place(stage: Stage) -> u8 {
    match stage {
        Stage::Counting => 0,
        Stage::Publishing => 1,
        Stage::Exchanging => 2,
        Stage::Witnesses => 3,
        Stage::Extending => 4,
        Stage::Attacking => 5,
        Stage::Relieving => 6,
    }
}

impl Progress for Listener {
    fn step(&mut self, stage: Stage, done: usize, of: usize) -> Result<(), Stopped> {
        self.0.stage.store(place(stage), Ordering::Relaxed);
        self.0.done.store(done, Ordering::Relaxed);
        self.0.of.store(of, Ordering::Relaxed);
        if self.0.stop.load(Ordering::Relaxed) {
            return Err(Stopped);
        }
        Ok(())
    }
}

/// What is watched, for whom.
pub(super) struct Watched<'a> {
    pub(super) services: &'a Services,
    pub(super) errand: &'a Errand<'a>,
    /// The request whose build it is.
    pub(super) building: &'a str,
    pub(super) gauge: &'a Gauge,
}

/// Waits for a part of a build, writing how far it is. When it should end it is told so, and waited for: nothing runs on unseen.
pub(super) async fn watched<T>(
    watch: &Watched<'_>,
    running: impl Future<Output = T>,
) -> Result<T, Error> {
    tokio::pin!(running);
    let mut tick = interval_at(Instant::now() + OFTEN, OFTEN);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut asked = false;
    loop {
        tokio::select! {
            done = &mut running => return Ok(done),
            () = watch.errand.abandon.asked(), if !asked => {
                asked = true;
                watch.gauge.stop.store(true, Ordering::Relaxed);
            }
            _ = tick.tick() => match told(watch).await {
                Ok(true) => {}
                Ok(false) => watch.gauge.stop.store(true, Ordering::Relaxed),
                // Progress that cannot be shown is no reason to stop.
                Err(e) => tracing::debug!(error = %e, "progress was not written"),
            },
        }
    }
}

async fn told(watch: &Watched<'_>) -> Result<bool, Error> {
    let now = watch.gauge.now();
    show(watch.services, watch.errand.id, watch.building, now).await
}

/// Writes how far a build is; false when it is not wanted any more.
pub(super) async fn show(
    services: &Services,
    id: &str,
    building: &str,
    now: (&str, i64, i64),
) -> Result<bool, Error> {
    let mut tx = services.db.write().await?;
    let wanted = extract::progress(&mut tx, id, building, now).await?;
    tx.notify().await?;
    tx.commit().await?;
    Ok(wanted)
}
