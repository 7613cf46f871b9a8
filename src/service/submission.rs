//! Delivered files: held without a valid acceptance, checked, stored. Their receipt is in `arrival`, formats and rules are in
//! `delivery`.

use super::error::Error;
use super::frame::Work;
use super::processing::{self, Checked};
use super::{Actor, Call, Done, Services, step_of};
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::right::{Language, Right};
use crate::domain::submission::{Event, Hold, State, step};
use crate::language::display;
use crate::store::submission::{self, Source, Submission};
use crate::store::{agreement, counter, job, organisation};
use serde_json::json;
use std::sync::Arc;

/// Queues the check of a submission.
pub(super) async fn enqueue(work: &mut Work<'_>, id: &str) -> Result<(), Error> {
    let (kind, request) = (JobKind::Submission, &work.call.request);
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

/// Sends held submissions of an organisation on, now that there is an acceptance.
pub(super) async fn release_held(work: &mut Work<'_>, organisation: &str) -> Result<usize, Error> {
    let held = submission::held_without_acceptance(&mut work.tx, organisation).await?;
    for (id,) in &held {
        enqueue(work, id).await?;
    }
    Ok(held.len())
}

pub(super) async fn load(work: &mut Work<'_>, id: &str) -> Result<Submission, Error> {
    // The organisation first, as everyone does: an acceptance or an end of it waits for this, or this for it.
    if let Some(seen) = submission::by_id(&mut work.tx, id).await? {
        organisation::lock(&mut work.tx, &seen.organisation_id).await?;
    }
    let found = submission::lock(&mut work.tx, id).await?;
    let row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Submission,
        id: id.to_owned(),
    })?;
    work.belongs_to(&row.organisation_id);
    Ok(row)
}

async fn move_to(work: &mut Work<'_>, row: &mut Submission, event: Event) -> Result<(), Error> {
    let next = step_of(Kind::Submission, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    counter::shift(
        &mut work.tx,
        Kind::Submission,
        Some(&row.state),
        Some(next.as_str()),
    )
    .await?;
    next.as_str().clone_into(&mut row.state);
    row.state_at = work.now;
    row.changed_at = work.now;
    row.changed_by = work.by();
    Ok(())
}

/// Checks and stores a submission; called by the worker, and safe to call again after a crash.
pub async fn process(services: &Services, id: &str) -> Result<(), Error> {
    let actor = Arc::new(Actor::system("worker", Language::Nl));
    let call = Call::new(&actor);
    if begin(services, &call, id).await? == Next::Stop {
        return Ok(());
    }
    let mut tx = services.db.read().await?;
    let row = submission::by_id(&mut tx, id).await?;
    tx.rollback().await?;
    let row = row.ok_or_else(|| Error::Missing {
        kind: Kind::Submission,
        id: id.to_owned(),
    })?;
    let agb = agb_of(services, &row.organisation_id).await?;
    match processing::check(services, &row, agb).await {
        Ok(checked) => finish(services, &call, id, checked).await,
        Err(error) => {
            fail(services, &call, id).await?;
            Err(error)
        }
    }
}

async fn agb_of(services: &Services, organisation: &str) -> Result<String, Error> {
    let mut tx = services.db.read().await?;
    let o = organisation::by_id(&mut tx, organisation).await?;
    tx.rollback().await?;
    o.map(|o| o.agb).ok_or_else(|| Error::Missing {
        kind: Kind::Organisation,
        id: organisation.to_owned(),
    })
}

#[derive(PartialEq, Eq)]
enum Next {
    Check,
    Stop,
}

/// Takes a submission into validation, or holds it when there is no acceptance that counts today.
async fn begin(services: &Services, call: &Call, id: &str) -> Result<Next, Error> {
    let right = Right::Submissions;
    let mut work = Work::begin_as(
        services,
        call,
        "submission.validate",
        right,
        Kind::Submission,
        id,
    )
    .await?;
    let mut row = load(&mut work, id).await?;
    let state: Option<State> = row.state.parse().ok();
    match state {
        Some(State::Received | State::Held | State::Failed) => {}
        // Left behind by a worker that died: nothing of it was stored, so it begins again.
        Some(State::Validating) => {
            work.tx.rollback().await?;
            return Ok(Next::Check);
        }
        _ => {
            work.tx.rollback().await?;
            return Ok(Next::Stop);
        }
    }
    let before = row.state.clone();
    let result = begin_in(&mut work, &mut row).await;
    let next = if row.state == State::Validating.as_str() {
        Next::Check
    } else {
        Next::Stop
    };
    let done = result.map(|()| {
        work.detail(json!({ "state": { "before": before, "after": row.state }, "hold": row.hold }));
        Done::default()
    });
    work.end(done).await?;
    Ok(next)
}

async fn begin_in(work: &mut Work<'_>, row: &mut Submission) -> Result<(), Error> {
    let today = display::iso_date(work.now);
    if agreement::counts(&mut work.tx, &row.organisation_id, &today).await? {
        move_to(work, row, Event::Validate).await?;
        row.hold.clear();
    } else if row.state != State::Held.as_str() {
        move_to(work, row, Event::Hold).await?;
        Hold::NoAcceptance.as_str().clone_into(&mut row.hold);
    }
    Ok(submission::save(&mut work.tx, row).await?)
}

/// Stores the outcome: findings, care paths, measurements, state, counts and audit, or nothing.
async fn finish(services: &Services, call: &Call, id: &str, checked: Checked) -> Result<(), Error> {
    let right = Right::Submissions;
    let mut work = Work::begin_as(
        services,
        call,
        "submission.process",
        right,
        Kind::Submission,
        id,
    )
    .await?;
    let result = finish_in(&mut work, id, checked).await;
    work.end(result).await.map(|_| ())
}

async fn finish_in(work: &mut Work<'_>, id: &str, checked: Checked) -> Result<Done, Error> {
    let mut row = load(work, id).await?;
    // Held back while it was being checked, or finished by another worker: then there is nothing to store.
    if row.state != State::Validating.as_str() {
        work.is_moot();
        return Ok(Done::default());
    }
    if !agreement::counts(
        &mut work.tx,
        &row.organisation_id,
        &display::iso_date(work.now),
    )
    .await?
    {
        // The acceptance ended while the file was being checked: nothing of it is stored.
        return hold(work, row, Hold::NoAcceptance).await;
    }
    checked.write_to(&mut row);
    submission::put_findings(&mut work.tx, id, &checked.findings).await?;
    move_to(work, &mut row, checked.verdict).await?;
    if checked.verdict != Event::Refuse {
        store_paths(work, &mut row, &checked).await?;
        move_to(work, &mut row, Event::Process).await?;
    }
    submission::save(&mut work.tx, &row).await?;
    let day = display::iso_date(work.now);
    counter::daily(&mut work.tx, daily_name(&row.state), &day, 1).await?;
    work.detail(
        json!({ "state": { "before": "validating", "after": row.state }, "rows": row.row_count,
        "accepted": row.accepted, "ignored": row.ignored, "findings": row.finding_count }),
    );
    Ok(Done {
        id: row.id,
        ..Done::default()
    })
}

fn daily_name(state: &str) -> &'static str {
    if state == State::Processed.as_str() {
        "submission.processed"
    } else {
        "submission.failed"
    }
}

async fn store_paths(
    work: &mut Work<'_>,
    row: &mut Submission,
    checked: &Checked,
) -> Result<(), Error> {
    let (organisation, kind, submission) = (
        row.organisation_id.clone(),
        row.kind.clone(),
        row.id.clone(),
    );
    let from = Source {
        organisation: &organisation,
        kind: &kind,
        submission: &submission,
        received_at: row.received_at,
    };
    for path in &checked.paths {
        let stored = submission::put_care_path(&mut work.tx, from, path).await?;
        match stored {
            submission::Stored::New => row.paths_new += 1,
            submission::Stored::Changed => row.paths_changed += 1,
            submission::Stored::Same | submission::Stored::Older => row.paths_same += 1,
        }
    }
    Ok(())
}

/// Marks a submission as failed for a technical reason; the queue tries again.
async fn fail(services: &Services, call: &Call, id: &str) -> Result<(), Error> {
    let right = Right::Submissions;
    let mut work = Work::begin_as(
        services,
        call,
        "submission.fail",
        right,
        Kind::Submission,
        id,
    )
    .await?;
    let result = fail_in(&mut work, id).await;
    work.end(result).await.map(|_| ())
}

async fn fail_in(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let mut row = load(work, id).await?;
    if row.state != State::Validating.as_str() {
        work.is_moot();
        return Ok(Done::default());
    }
    move_to(work, &mut row, Event::Fail).await?;
    Hold::Technical.as_str().clone_into(&mut row.reason);
    submission::save(&mut work.tx, &row).await?;
    work.detail(json!({ "state": { "before": "validating", "after": row.state } }));
    Ok(Done::default())
}

/// Holds a submission, and tells why.
pub(super) async fn hold(
    work: &mut Work<'_>,
    mut row: Submission,
    why: Hold,
) -> Result<Done, Error> {
    let before = row.state.clone();
    move_to(work, &mut row, Event::Hold).await?;
    why.as_str().clone_into(&mut row.hold);
    submission::save(&mut work.tx, &row).await?;
    work.detail(json!({ "state": { "before": before, "after": row.state }, "hold": row.hold }));
    Ok(Done::default())
}
