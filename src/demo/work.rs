//! The queue as the workers of the past left it: jobs that are done, failed, held, or whose worker was lost.

use super::stage::Stage;
use crate::domain::job::JobKind;
use crate::domain::time::{SECOND, Timestamp};
use crate::service::Error;
use crate::store::Tx;
use crate::store::job::{self, Hold, Job, Wish};

/// Takes the one job of a kind that is due.
pub(super) async fn claim(
    stage: &Stage<'_>,
    tx: &mut Tx,
    kind: JobKind,
) -> Result<Option<Job>, Error> {
    let now = stage.services.clock.now();
    let wish = Wish {
        worker: &stage.workers.at(now),
        kinds: &[kind],
        most: 1,
        now,
        until: now.plus(30 * SECOND),
    };
    Ok(job::claim(tx, &wish).await?.pop())
}

/// The due job of a kind was done.
pub(super) async fn finish(stage: &Stage<'_>, kind: JobKind) -> Result<(), Error> {
    let mut tx = stage.services.db.write().await?;
    let now = stage.services.clock.now();
    if let Some(job) = claim(stage, &mut tx, kind).await? {
        let (Hold::Kept | Hold::Lost) = job::finish(&mut tx, &job, now.plus(SECOND), "").await?;
    }
    Ok(tx.commit().await?)
}

/// How often a job fails before it is held.
const MOST: usize = 5;

/// The due job of a kind fails: it is tried again at a moment, or held after several attempts.
pub(super) async fn fail(
    stage: &Stage<'_>,
    kind: JobKind,
    again: Option<Timestamp>,
    error: &str,
) -> Result<(), Error> {
    let mut tx = stage.services.db.write().await?;
    let now = stage.services.clock.now();
    let attempts = if again.is_some() { 1 } else { MOST };
    for attempt in 1..=attempts {
        let Some(job) = claim(stage, &mut tx, kind).await? else {
            break;
        };
        let (Hold::Kept | Hold::Lost) = match again {
            Some(at) => job::fail(&mut tx, &job, now.plus(SECOND), at, error).await?,
            None if attempt == MOST => job::hold(&mut tx, &job, now.plus(SECOND), error).await?,
            None => job::fail(&mut tx, &job, now.plus(SECOND), now, error).await?,
        };
    }
    Ok(tx.commit().await?)
}
