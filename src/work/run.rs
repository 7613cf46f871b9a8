//! The one dispatch from the kind of a job to what it does, and what becomes of the job afterwards.

use super::backoff;
use super::context::Context;
use crate::domain::job::JobKind;
use crate::domain::time::Timestamp;
use crate::mail::smtp::Abandon;
use crate::service::bulk::Progress;
use crate::service::extract::{building, outgoing};
use crate::service::submission::{self, Errand, Outcome};
use crate::service::{self, Error};
use crate::store::StoreError;
use crate::store::job::{self, Hold, Job};

/// A job that failed this often is held until a person looks at it.
const MOST_FAILURES: i64 = 8;

/// What becomes of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// Its end was written together with its effect.
    Settled,
    /// Done.
    Done,
    /// There is more to do, not before.
    Again(Timestamp, &'static str),
    /// It failed.
    Failed(String),
}

impl Next {
    /// The worker ends: the job is there for the next one at once, and this attempt is no failure.
    pub(super) fn given_back(context: &Context) -> Self {
        Self::Again(context.now(), "interrupted")
    }
}

/// Runs one job to its end.
pub(super) async fn run(context: &Context, job: &Job, abandon: &Abandon) {
    let result = match job.kind {
        JobKind::Mail => super::mail::run(context, job, abandon).await,
        JobKind::Bulk => bulk(context, job, abandon).await,
        JobKind::Submission => submission(context, job, abandon).await,
        JobKind::Extract => extract(context, job, abandon).await,
        JobKind::Outgoing => outgoing(context, job, abandon).await,
    };
    let next = result.unwrap_or_else(|e| Next::Failed(e.to_string()));
    settle(context, job, next).await;
}

/// Writes down what became of a job. Where even that fails, its lease runs out and another worker takes it.
pub(super) async fn settle(context: &Context, job: &Job, next: Next) {
    if next == Next::Settled {
        return;
    }
    let mut patience = context.patience();
    let written = loop {
        match write(context, job, &next).await {
            Err(e) if patience.again(&e).await => {}
            written => break written,
        }
    };
    match written {
        Ok(Hold::Kept) => {}
        Ok(Hold::Lost) => tracing::warn!(job = job.id, "somebody else has the job"),
        Err(e) => tracing::error!(job = job.id, error = %e, "the end of a job was not written"),
    }
}

async fn write(context: &Context, job: &Job, next: &Next) -> Result<Hold, StoreError> {
    let now = context.now();
    let mut tx = context.write().await?;
    let hold = match next {
        Next::Settled => return Ok(Hold::Kept),
        Next::Done => job::finish(&mut tx, job, now, "").await?,
        Next::Again(at, why) => job::snooze(&mut tx, job, now, *at, why).await?,
        Next::Failed(error) if job.failures + 1 >= MOST_FAILURES => {
            job::hold(&mut tx, job, now, error).await?
        }
        Next::Failed(error) => {
            let again = now.plus(backoff::job(&job.id, job.failures + 1));
            let again = match job.kind {
                JobKind::Submission => context.services.settings.processing.begins(again),
                JobKind::Mail | JobKind::Bulk | JobKind::Extract | JobKind::Outgoing => again,
            };
            job::fail(&mut tx, job, now, again, error).await?
        }
    };
    match hold {
        Hold::Kept => {
            tx.notify().await?;
            tx.commit().await?;
        }
        Hold::Lost => tx.rollback().await?,
    }
    Ok(hold)
}

/// Works a bulk action off, piece by piece, until it ends or this worker should.
async fn bulk(context: &Context, job: &Job, abandon: &Abandon) -> Result<Next, Error> {
    loop {
        if abandon.wanted() {
            return Ok(Next::given_back(context));
        }
        if service::bulk::step(&context.services, &job.subject).await? == Progress::Ended {
            return Ok(Next::Done);
        }
    }
}

/// Checks and stores a delivered file.
async fn submission(context: &Context, job: &Job, abandon: &Abandon) -> Result<Next, Error> {
    let now = context.now();
    let processing = context.services.settings.processing;
    if processing.missed(job.run_at, now) {
        return Ok(Next::Again(processing.begins(now), "the night is over"));
    }
    let errand = errand(job, abandon);
    Ok(next_of(
        context,
        submission::work_off(&context.services, &errand).await?,
    ))
}

fn errand<'a>(job: &'a Job, abandon: &Abandon) -> Errand<'a> {
    Errand {
        id: &job.subject,
        job: Some(job),
        abandon: abandon.clone(),
    }
}

fn next_of(context: &Context, outcome: Outcome) -> Next {
    match outcome {
        Outcome::Settled | Outcome::Lost => Next::Settled,
        Outcome::Nothing => Next::Done,
        Outcome::GivenBack => Next::given_back(context),
    }
}

/// Builds an extract.
async fn extract(context: &Context, job: &Job, abandon: &Abandon) -> Result<Next, Error> {
    let errand = errand(job, abandon);
    let outcome = building::work_off(&context.services, &errand).await?;
    Ok(next_of(context, outcome))
}

/// Brings the outgoing directory in line with the registry.
async fn outgoing(context: &Context, job: &Job, abandon: &Abandon) -> Result<Next, Error> {
    let errand = errand(job, abandon);
    let outcome = outgoing::work_off(&context.services, &errand).await?;
    Ok(next_of(context, outcome))
}
