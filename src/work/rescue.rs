//! What a lost worker left behind: its jobs become available again, and a mail on its way is judged by how far it got.

use super::context::Context;
use crate::domain::job::{JobKind, State as JobState};
use crate::domain::mail::{Attempt, Event, State, Step, Trouble};
use crate::domain::time::Timestamp;
use crate::store::job::{self, Job};
use crate::store::outbox::{self, Change, Counts, End, Mail};
use crate::store::{StoreError, Tx};

/// What a worker found when it looked after a mail that was being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// It was not being sent.
    Quiet,
    /// The body had not begun to leave: it can be sent again.
    NotSent,
    /// The body may have arrived: nobody can tell.
    Doubt,
}

/// Takes back all jobs whose worker gave no sign of life in time; gives how many.
pub(super) async fn sweep(context: &Context) -> Result<usize, StoreError> {
    let mut count = 0;
    loop {
        // One job per transaction: it locks counters, and in a fixed order only for one mail.
        let mut tx = context.write().await?;
        let now = context.now();
        let jobs = job::sweep(&mut tx, now, 1).await?;
        let Some(job) = jobs.first() else {
            tx.rollback().await?;
            return Ok(count);
        };
        if job.kind == JobKind::Mail {
            look_after(&mut tx, job, now).await?;
        }
        tx.notify().await?;
        tx.commit().await?;
        tracing::warn!(job = job.id, kind = %job.kind, state = %job.state, "took over from a lost worker");
        count += 1;
    }
}

async fn look_after(tx: &mut Tx, job: &Job, now: Timestamp) -> Result<(), StoreError> {
    let Some(mail) = outbox::lock(tx, &job.subject).await? else {
        return Ok(());
    };
    let last = match job.state {
        JobState::Held => Event::Fail,
        JobState::Available | JobState::Running | JobState::Completed | JobState::Cancelled => {
            Event::Defer
        }
    };
    if settle(tx, &mail, last, now).await? == Found::Doubt {
        job::cancel(tx, JobKind::Mail, &mail.id, now).await?;
    }
    Ok(())
}

/// Ends the attempt of a worker that is gone. In doubt the mail becomes `unknown`; else `otherwise` happens to it.
pub(super) async fn settle(
    tx: &mut Tx,
    mail: &Mail,
    otherwise: Event,
    now: Timestamp,
) -> Result<Found, StoreError> {
    if mail.state != State::Sending {
        return Ok(Found::Quiet);
    }
    let open = outbox::open_attempt(tx, &mail.id).await?;
    let doubt = open.as_ref().is_some_and(|a| a.step == Step::Body);
    let (event, outcome, found) = if doubt {
        (Event::Lose, Attempt::Unknown, Found::Doubt)
    } else {
        (otherwise, Attempt::Lost, Found::NotSent)
    };
    let said = format!("[{}]", Trouble::WorkerLost);
    let change = Change {
        at: now,
        send_at: Some(now),
        counts: Counts::Yes,
        reply: Some(&said),
    };
    outbox::apply(tx, mail, event, change).await?;
    if let Some(attempt) = open {
        let end = End {
            at: now,
            outcome,
            step: attempt.step,
            code: 0,
            reply: &said,
        };
        outbox::end_attempt(tx, &mail.id, attempt.attempt, end).await?;
    }
    Ok(found)
}
