//! Delivered files: held without a valid acceptance, checked, stored. Their receipt is in `arrival`, formats and rules are in
//! `delivery`.

use super::delivery_mail;
use super::error::Error;
use super::frame::Work;
use super::processing::{self, Checked, Keep, Stop, Task};
use super::{Actor, Call, Done, Services, step_of, test_run};
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::right::{Language, Right};
use crate::domain::submission::{Event, Hold, State, step};
use crate::language::display;
use crate::mail::smtp::Abandon;
use crate::store::care_path::{self, Delivery};
use crate::store::job::Job;
use crate::store::stage::{self, Batch};
use crate::store::submission::{self, Submission};
use crate::store::{agreement, counter, job, obligation, organisation};
use serde_json::json;
use std::sync::Arc;

/// Puts a delivery on the queue: for now, or for the night where deliveries are processed then. A test run does not wait, for
/// somebody waits for it.
pub(super) async fn enqueue(work: &mut Work<'_>, id: &str) -> Result<(), Error> {
    let (kind, request) = (JobKind::Submission, &work.call.request);
    let night = work.services.settings.processing.begins(work.now);
    let test = night != work.now && submission::is_test(&mut work.tx, id).await?;
    let new = job::New {
        kind,
        subject: id,
        run_at: if test { work.now } else { night },
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

/// The one place where a submission changes state; `cause` says what it fails by, empty when nothing does.
pub(super) async fn move_to(
    work: &mut Work<'_>,
    row: &mut Submission,
    event: Event,
    cause: &str,
) -> Result<(), Error> {
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
    cause.clone_into(&mut row.cause);
    row.state_at = work.now;
    row.changed_at = work.now;
    row.changed_by = work.by();
    work.moved(&row.id);
    Ok(())
}

/// A submission to be worked off, with the ticket of its job: whoever lost that changes nothing.
pub struct Errand<'a> {
    /// The submission.
    pub id: &'a str,
    /// Its job; none where nobody else can be at it.
    pub job: Option<&'a Job>,
    /// The wish to end early.
    pub abandon: Abandon,
}

/// How an errand ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// What was done and the end of the job were written together.
    Settled,
    /// There was nothing to do.
    Nothing,
    /// It was given back unfinished.
    GivenBack,
    /// Somebody else has the job.
    Lost,
}

/// Checks and stores a submission; safe to call again after a crash.
pub async fn process(services: &Services, id: &str) -> Result<(), Error> {
    let errand = Errand {
        id,
        job: None,
        abandon: Abandon::never(),
    };
    work_off(services, &errand).await.map(|_| ())
}

/// Checks and stores a submission for its job; called by the worker.
pub async fn work_off(services: &Services, errand: &Errand<'_>) -> Result<Outcome, Error> {
    let actor = Arc::new(Actor::system("worker", Language::Nl));
    let call = Call::new(&actor);
    let row = match begin(services, &call, errand).await? {
        Next::Check(row) => *row,
        Next::Stop(outcome) => return Ok(outcome),
    };
    let attempt = errand.job.map_or(0, |j| j.attempt);
    let task = Task {
        agb: agb_of(services, &row.organisation_id).await?,
        attempt,
        keep: if row.test == 0 {
            Keep::Rows
        } else {
            Keep::Nothing
        },
        abandon: &errand.abandon,
        row: &row,
    };
    let result = match processing::check(services, &task).await {
        Ok(checked) => finish(services, &call, errand, &checked).await,
        Err(Stop::Abandoned) => Ok(Outcome::GivenBack),
        Err(stop) => Err((stop.cause(), Error::from(stop))),
    };
    let result = match result {
        Ok(outcome) => Ok(outcome),
        Err((cause, error)) => {
            if let Err(e) = fail(services, &call, errand, cause).await {
                tracing::warn!(error = %e, "a failure was not written; the next attempt finds out");
            }
            Err(error)
        }
    };
    let batch = Batch {
        submission: &row.id,
        attempt,
    };
    if row.test == 0
        && let Err(e) = stage::clear(&services.db, batch).await
    {
        tracing::warn!(error = %e, "staged rows were left behind; the next look clears them");
    }
    result
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

enum Next {
    Check(Box<Submission>),
    Stop(Outcome),
}

/// Whether the job is still this worker's; then it stays so until a while from now.
async fn holds(work: &mut Work<'_>, errand: &Errand<'_>) -> Result<bool, Error> {
    let Some(job) = errand.job else {
        return Ok(true);
    };
    let until = work.now.plus(work.services.settings.queue.lease);
    Ok(job::extend(&mut work.tx, job, until).await? == job::Hold::Kept)
}

/// Ends the job together with what was done for it; false when the job is somebody else's, and then nothing may be kept.
async fn end_job(work: &mut Work<'_>, errand: &Errand<'_>) -> Result<bool, Error> {
    let Some(job) = errand.job else {
        return Ok(true);
    };
    Ok(job::finish(&mut work.tx, job, work.now, "").await? == job::Hold::Kept)
}

/// Takes a submission into validation, or holds it when there is no acceptance that counts today.
async fn begin(services: &Services, call: &Call, errand: &Errand<'_>) -> Result<Next, Error> {
    let right = Right::Submissions;
    let mut work = Work::begin_as(
        services,
        call,
        "submission.validate",
        right,
        Kind::Submission,
        errand.id,
    )
    .await?;
    let mut row = match load(&mut work, errand.id).await {
        Ok(row) => row,
        Err(error) => {
            return work
                .end(Err(error))
                .await
                .map(|_| Next::Stop(Outcome::Nothing));
        }
    };
    let before = row.state.clone();
    match row.state.parse() {
        Ok(State::Received | State::Held | State::Failed) => {}
        // Left behind by a worker that died: nothing of it was stored, so it begins again.
        Ok(State::Validating) => {
            work.tx.rollback().await?;
            return Ok(Next::Check(Box::new(row)));
        }
        _ => {
            work.tx.rollback().await?;
            return Ok(Next::Stop(Outcome::Nothing));
        }
    }
    if !holds(&mut work, errand).await? {
        work.tx.rollback().await?;
        return Ok(Next::Stop(Outcome::Lost));
    }
    let result = begin_in(&mut work, &mut row).await;
    let next = if row.state == State::Validating.as_str() {
        Next::Check(Box::new(row.clone()))
    } else {
        Next::Stop(Outcome::Nothing)
    };
    let done = result.map(|()| {
        work.detail(json!({ "state": { "before": before, "after": row.state }, "hold": row.hold }));
        Done::default()
    });
    work.end(done).await?;
    Ok(next)
}

async fn begin_in(work: &mut Work<'_>, row: &mut Submission) -> Result<(), Error> {
    if may_go_on(work, row).await? {
        move_to(work, row, Event::Validate, "").await?;
        row.hold.clear();
        row.reason.clear();
        row.checked_bytes = 0;
    } else if row.state != State::Held.as_str() {
        move_to(work, row, Event::Hold, Hold::NoAcceptance.as_str()).await?;
        Hold::NoAcceptance.as_str().clone_into(&mut row.hold);
        delivery_mail::tell(work, row, &[]).await?;
    }
    Ok(submission::save(&mut work.tx, row).await?)
}

/// Whether the organisation has an acceptance that counts today. A test run needs one too: it stores nothing, but it is read.
async fn may_go_on(work: &mut Work<'_>, row: &Submission) -> Result<bool, Error> {
    let today = display::iso_date(work.now);
    Ok(agreement::counts(&mut work.tx, &row.organisation_id, &today).await?)
}

/// Stores the outcome: findings, care paths, measurements, state, counts, mail, audit and the end of the job, or nothing.
async fn finish(
    services: &Services,
    call: &Call,
    errand: &Errand<'_>,
    checked: &Checked,
) -> Result<Outcome, (&'static str, Error)> {
    let outcome = finish_whole(services, call, errand, checked).await;
    outcome.map_err(|error| {
        let cause = match &error {
            Error::Store(e) => processing::cause_of(e),
            _ => "technical:internal",
        };
        (cause, error)
    })
}

async fn finish_whole(
    services: &Services,
    call: &Call,
    errand: &Errand<'_>,
    checked: &Checked,
) -> Result<Outcome, Error> {
    let right = Right::Submissions;
    let mut work = Work::begin_as(
        services,
        call,
        "submission.process",
        right,
        Kind::Submission,
        errand.id,
    )
    .await?;
    let mut outcome = Outcome::Settled;
    let mut result = finish_in(&mut work, errand.id, checked, &mut outcome).await;
    // The job last: its row is not locked while rows are moved, so signs of life go on.
    if result.is_ok() && outcome == Outcome::Settled {
        match end_job(&mut work, errand).await {
            Ok(true) => {}
            Ok(false) => {
                work.is_moot();
                outcome = Outcome::Lost;
            }
            Err(error) => result = Err(error),
        }
    }
    work.end(result).await.map(|_| outcome)
}

async fn finish_in(
    work: &mut Work<'_>,
    id: &str,
    checked: &Checked,
    outcome: &mut Outcome,
) -> Result<Done, Error> {
    let mut row = load(work, id).await?;
    // Held back while it was being checked, or finished by another worker: then there is nothing to store.
    if row.state != State::Validating.as_str() {
        work.is_moot();
        *outcome = Outcome::Nothing;
        return Ok(Done::default());
    }
    if !may_go_on(work, &row).await? {
        // The acceptance ended while the file was being checked: nothing of it is stored.
        return hold(work, row, Hold::NoAcceptance).await;
    }
    checked.write_to(&mut row);
    submission::put_findings(&mut work.tx, id, &checked.findings).await?;
    move_to(work, &mut row, checked.verdict, checked.refused_by()).await?;
    if checked.verdict != Event::Refuse && row.test == 0 {
        store_rows(work, &mut row, checked).await?;
        move_to(work, &mut row, Event::Process, "").await?;
    }
    submission::save(&mut work.tx, &row).await?;
    delivery_mail::tell(work, &row, &checked.findings).await?;
    if row.state == State::Processed.as_str() {
        let (organisation, at) = (&row.organisation_id, row.received_at);
        obligation::delivered(&mut work.tx, organisation, &row.kind, at).await?;
    }
    if row.test != 0 {
        test_run::judged(work, &row.id, checked.verdict).await?;
    } else {
        let day = display::iso_date(work.now);
        counter::daily(&mut work.tx, daily_name(&row.state), &day, 1).await?;
    }
    work.detail(
        json!({ "state": { "before": "validating", "after": row.state }, "rows": row.row_count,
        "accepted": row.accepted, "ignored": row.ignored, "findings": row.finding_count,
        "new": row.paths_new, "changed": row.paths_changed, "same": row.paths_same }),
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

/// Moves the staged rows into place and tells how many care paths were new, changed or the same.
async fn store_rows(
    work: &mut Work<'_>,
    row: &mut Submission,
    checked: &Checked,
) -> Result<(), Error> {
    let delivery = Delivery {
        organisation: &row.organisation_id,
        kind: &row.kind,
        batch: Batch {
            submission: &row.id,
            attempt: checked.attempt,
        },
        received_at: row.received_at,
        staged: checked.staged,
    };
    let tally = care_path::take_over(&mut work.tx, &delivery).await?;
    row.paths_new = tally.new;
    row.paths_changed = tally.changed;
    row.paths_same = tally.same;
    Ok(())
}

/// Marks a submission as failed for a technical reason; the queue tries again.
async fn fail(
    services: &Services,
    call: &Call,
    errand: &Errand<'_>,
    cause: &str,
) -> Result<(), Error> {
    let right = Right::Submissions;
    let mut work = Work::begin_as(
        services,
        call,
        "submission.fail",
        right,
        Kind::Submission,
        errand.id,
    )
    .await?;
    let result = fail_in(&mut work, errand, cause).await;
    work.end(result).await.map(|_| ())
}

async fn fail_in(work: &mut Work<'_>, errand: &Errand<'_>, cause: &str) -> Result<Done, Error> {
    let mut row = load(work, errand.id).await?;
    if row.state != State::Validating.as_str() || !holds(work, errand).await? {
        work.is_moot();
        return Ok(Done::default());
    }
    move_to(work, &mut row, Event::Fail, cause).await?;
    Hold::Technical.as_str().clone_into(&mut row.reason);
    submission::save(&mut work.tx, &row).await?;
    work.detail(
        json!({ "state": { "before": "validating", "after": row.state }, "cause": row.cause }),
    );
    Ok(Done::default())
}

/// Holds a submission, and tells why.
pub(super) async fn hold(
    work: &mut Work<'_>,
    mut row: Submission,
    why: Hold,
) -> Result<Done, Error> {
    let before = row.state.clone();
    let cause = match why {
        Hold::NoAcceptance => why.as_str().to_owned(),
        // What it failed by last; none when its worker was lost each time.
        Hold::Technical if row.cause.is_empty() => "technical:worker_lost".to_owned(),
        Hold::Technical => row.cause.clone(),
    };
    move_to(work, &mut row, Event::Hold, &cause).await?;
    why.as_str().clone_into(&mut row.hold);
    submission::save(&mut work.tx, &row).await?;
    delivery_mail::tell(work, &row, &[]).await?;
    work.detail(
        json!({ "state": { "before": before, "after": row.state }, "hold": row.hold,
        "cause": row.cause }),
    );
    Ok(Done::default())
}
