//! The state of the installation in one look, for the bar of the console: workers, waiting jobs, who is here.

use super::read::begin;
use super::{Actor, Error, Services, presence};
use crate::store::{job, worker};
use crate::ui::pulse::Pulse;

/// Reads the pulse.
pub async fn pulse(services: &Services, actor: &Actor) -> Result<Pulse, Error> {
    let mut tx = begin(services, actor).await?;
    let now = services.clock.now();
    let since = now.plus(-services.settings.queue.lease);
    let workers = worker::alive(&mut tx, since).await?.len();
    let waiting = job::due(&mut tx, now).await?;
    tx.rollback().await?;
    let here = presence::online(services, actor).await?;
    let mut online: Vec<String> = here
        .into_iter()
        .filter(|p| p.operator_id != actor.operator)
        .map(|p| p.operator_name)
        .collect();
    online.sort();
    online.dedup();
    let workers = i64::try_from(workers).unwrap_or(i64::MAX);
    Ok(Pulse {
        demo: services.mark.demo,
        workers,
        waiting,
        online,
    })
}
