//! Jobs on the queue as staff handle them: run again what is held, end what must not run. Running them is the worker's.

use super::Done;
use super::error::{Error, Rule};
use super::frame::Work;
use crate::domain::job::{JobKind, State};
use crate::domain::kind::Kind;
use crate::language::state;
use crate::store::bulk;
use crate::store::job::{self, Job};
use serde_json::json;

async fn load(work: &mut Work<'_>, id: &str) -> Result<Job, Error> {
    let found = job::by_id(&mut work.tx, id).await?;
    found.ok_or_else(|| Error::missing(Kind::Job, id))
}

fn label(work: &Work<'_>, row: &Job) -> String {
    state::label(Kind::Job, row.kind.as_str(), work.call.actor.language)
}

/// A held job runs again with a clean count; one that waits for a later moment runs now.
pub(super) async fn retry(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    let done = match row.state {
        State::Held => job::release(&mut work.tx, &row.id, work.now).await?,
        State::Available => {
            job::hasten(&mut work.tx, &row.id, work.now).await?;
            true
        }
        State::Running | State::Completed | State::Cancelled => false,
    };
    if !done {
        return Err(Error::state(Kind::Job, row.state.as_str(), "retry"));
    }
    work.detail(json!({ "kind": row.kind.as_str(), "subject": row.subject,
        "state": { "before": row.state.as_str(), "after": State::Available.as_str() } }));
    Ok(Done::of(row.id.clone(), label(work, &row)))
}

/// A job that does not run is ended. What a mail needs is ended with the mail, so that none is lost silently.
pub(super) async fn cancel(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    if row.kind == JobKind::Mail {
        return Err(Error::Rule(Rule::CancelTheMail));
    }
    if !job::stop(&mut work.tx, &row.id, work.now).await? {
        return Err(Error::state(Kind::Job, row.state.as_str(), "cancel"));
    }
    if row.kind == JobKind::Bulk {
        bulk::end(&mut work.tx, &row.subject, "cancelled", work.now).await?;
    }
    work.detail(json!({ "kind": row.kind.as_str(), "subject": row.subject,
        "state": { "before": row.state.as_str(), "after": State::Cancelled.as_str() } }));
    Ok(Done::of(row.id.clone(), label(work, &row)))
}
