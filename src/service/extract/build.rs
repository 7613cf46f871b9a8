//! The build of an extract: asked for, stopped, and its content dropped when it is built anew. The building itself is a job.

use super::super::Done;
use super::super::error::{Error, Rule};
use super::super::frame::{Note, Work};
use super::{advance, label, load};
use crate::domain::extract::{Event, State};
use crate::domain::job::{self as jobs, JobKind};
use crate::domain::kind::Kind;
use crate::store::extract::{self, Extract, Inside};
use crate::store::{extract_content, job};
use serde_json::json;

/// Asks for a build. What was built before is dropped with its request and approval: they were of that content.
pub(crate) async fn ask(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let mut row = load(work, id, Event::Change).await?;
    let open = job::open(&mut work.tx, JobKind::Extract, &row.id).await?;
    match open {
        Some(held) if held.state == jobs::State::Held => {
            job::release(&mut work.tx, &held.id, work.now).await?;
        }
        Some(_) => return Err(Error::Rule(Rule::ExtractBuilding)),
        None => enqueue(work, &row.id).await?,
    }
    drop_content(work, &mut row).await?;
    row.building.clone_from(&work.call.request);
    row.build_error.clear();
    row.changed_at = work.now;
    row.changed_by = work.by();
    extract::save(&mut work.tx, &row).await?;
    work.detail(json!({ "period": row.period }));
    Ok(Done::of(row.id.clone(), label(&row)))
}

async fn enqueue(work: &mut Work<'_>, id: &str) -> Result<(), Error> {
    let (kind, request) = (JobKind::Extract, &work.call.request);
    let new = job::New {
        kind,
        subject: id,
        run_at: work.now,
        at: work.now,
        request,
    };
    job::insert(&mut work.tx, &new).await?;
    Ok(())
}

/// Back to the draft, when it is more than that.
async fn drop_content(work: &mut Work<'_>, row: &mut Extract) -> Result<(), Error> {
    if row.state == State::Draft.as_str() {
        return Ok(());
    }
    let before = advance(work, row, Event::Change).await?;
    let digest = std::mem::take(&mut row.digest);
    row.manifest_digest.clear();
    row.verdict.clear();
    row.code_version.clear();
    row.built_by.clear();
    row.built_at = crate::domain::time::Timestamp::NEVER;
    (row.cell_count, row.hidden_count, row.smallest) = (0, 0, 0);
    (row.holders_in, row.holders_out, row.waiting) = (0, 0, 0);
    extract::save_built(&mut work.tx, row, Inside::default()).await?;
    extract_content::clear(&mut work.tx, &row.id).await?;
    work.note(Note {
        action: "extract.change".to_owned(),
        kind: Kind::Extract,
        id: row.id.clone(),
        organisation: String::new(),
        detail: json!({ "state": { "before": before, "after": row.state }, "digest": digest }),
    });
    Ok(())
}

/// Stops a build that waits or runs; the draft stays a draft.
pub(crate) async fn stop(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let found = extract::lock(&mut work.tx, id).await?;
    let mut row = found.ok_or_else(|| Error::missing(Kind::Extract, id))?;
    if row.building.is_empty() {
        return Err(Error::Rule(Rule::ExtractIdle));
    }
    row.building.clear();
    row.stage.clear();
    (row.stage_done, row.stage_total) = (0, 0);
    row.changed_at = work.now;
    row.changed_by = work.by();
    job::cancel(&mut work.tx, JobKind::Extract, &row.id, work.now).await?;
    extract::save(&mut work.tx, &row).await?;
    work.detail(json!({ "period": row.period }));
    Ok(Done::of(row.id.clone(), label(&row)))
}
