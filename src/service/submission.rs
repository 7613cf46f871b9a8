//! Delivered files: received, held without a valid acceptance, checked, stored. Formats and rules are in `delivery`.

use super::error::Error;
use super::frame::Work;
use super::intake_file::{self, Kept};
use super::processing::{self, Checked};
use super::{Actor, Call, Done, Services, find, step_of};
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::right::{Language, Right};
use crate::domain::submission::{Event, Hold, State, step};
use crate::domain::time::Timestamp;
use crate::language::{display, state};
use crate::store::organisation::{self, Organisation};
use crate::store::submission::{self, Source, Submission};
use crate::store::{agreement, counter, job};
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

/// Receives a file for an organisation: keeps the bytes, then the row and its job. Identical bytes give the first one back.
/// The bytes are copied outside any transaction, and only for an organisation that may deliver.
pub async fn add(services: &Services, call: &Call, agb: &str, path: &Path) -> Result<Done, Error> {
    let mut work = begin_add(services, call).await?;
    if let Err(error) = deliverer(&mut work, agb).await {
        return work.end(Err(error)).await;
    }
    work.tx.rollback().await?;
    let kept = intake_file::take(services, call.mode, path).await?;
    let mut work = begin_add(services, call).await?;
    let result = add_in(&mut work, agb, &kept).await;
    let result = work.end(result).await;
    if result.is_err() {
        intake_file::drop_unknown(services, &kept.sha256).await?;
    }
    result
}

async fn begin_add<'a>(services: &'a Services, call: &'a Call) -> Result<Work<'a>, Error> {
    let right = Right::Submissions;
    Work::begin_as(
        services,
        call,
        "submission.add",
        right,
        Kind::Submission,
        "",
    )
    .await
}

fn told(work: &Work<'_>, code: &str) -> String {
    state::label(Kind::Submission, code, work.call.actor.language)
}

/// The organisation, locked, when it may deliver.
async fn deliverer(work: &mut Work<'_>, agb: &str) -> Result<Organisation, Error> {
    let id = find::id_in(&mut work.tx, Kind::Organisation, agb).await?;
    let found = organisation::lock(&mut work.tx, &id).await?;
    let o = found.ok_or_else(|| Error::missing(Kind::Organisation, agb))?;
    work.belongs_to(&o.id);
    if o.state == "active" {
        Ok(o)
    } else {
        Err(Error::state(Kind::Organisation, &o.state, "deliver"))
    }
}

async fn add_in(work: &mut Work<'_>, agb: &str, kept: &Kept) -> Result<Done, Error> {
    let o = deliverer(work, agb).await?;
    if let Some(first) = submission::same_bytes(&mut work.tx, &o.id, &kept.sha256).await? {
        work.is_about(Kind::Submission, &first.id);
        work.detail(json!({ "identical": true, "sha256": kept.sha256 }));
        return Ok(Done {
            id: first.id,
            label: o.name,
            said: vec![told(work, &first.state)],
            ..Done::default()
        });
    }
    receive(work, o, kept).await
}

/// The row of a file that was not delivered before, with its job unless it is held.
async fn receive(work: &mut Work<'_>, o: Organisation, kept: &Kept) -> Result<Done, Error> {
    let accepted = agreement::counts(&mut work.tx, &o.id, &display::iso_date(work.now)).await?;
    let row = new_row(work, &o.id, kept, accepted)?;
    submission::insert(&mut work.tx, &row).await?;
    counter::shift(&mut work.tx, Kind::Submission, None, Some(&row.state)).await?;
    counter::daily(
        &mut work.tx,
        "submission.received",
        &display::iso_date(work.now),
        1,
    )
    .await?;
    if accepted {
        enqueue(work, &row.id).await?;
    }
    work.is_about(Kind::Submission, &row.id);
    work.detail(
        json!({ "sha256": row.sha256, "bytes": row.bytes, "state": { "after": row.state },
        "hold": row.hold }),
    );
    Ok(Done {
        id: row.id,
        label: o.name,
        said: vec![told(work, &row.state)],
        ..Done::default()
    })
}

fn new_row(
    work: &Work<'_>,
    organisation: &str,
    kept: &Kept,
    accepted: bool,
) -> Result<Submission, Error> {
    let received = State::Received;
    let held = step_of(Kind::Submission, received.as_str(), "hold", |s| {
        step(s, Event::Hold)
    })?;
    let state = if accepted { received } else { held };
    Ok(Submission {
        id: super::new_id(),
        organisation_id: organisation.to_owned(),
        vendor_id: None,
        kind: "rom".to_owned(),
        specification: "rom-1".to_owned(),
        source: "operator".to_owned(),
        file_name: kept.file_name.clone(),
        sha256: kept.sha256.clone(),
        bytes: kept.bytes,
        detected: "{}".to_owned(),
        state: state.as_str().to_owned(),
        state_at: work.now,
        hold: if accepted {
            String::new()
        } else {
            Hold::NoAcceptance.as_str().to_owned()
        },
        reason: String::new(),
        received_at: work.now,
        row_count: 0,
        accepted: 0,
        ignored: 0,
        finding_count: 0,
        paths_new: 0,
        paths_changed: 0,
        paths_same: 0,
        assigned: String::new(),
        changed_at: work.now,
        changed_by: work.by(),
        version: 1,
        connection_id: None,
        account_id: None,
        test: 0,
        cause: String::new(),
        checked_bytes: 0,
        file_removed_at: Timestamp::NEVER,
    })
}

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
