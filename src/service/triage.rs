//! What staff do about a delivery that stands still: try again, reject, withdraw, take it in hand, write something down, mail.
//! The file itself is checked by `processing`, and why it stands still is kept by `standing`.

use super::error::{Error, Rule};
use super::fields::{Values, check, get};
use super::frame::Work;
use super::post::Letter;
use super::registration::language_of;
use super::submission::{enqueue, load, move_to};
use super::{Done, Services};
use crate::domain::action::Act;
use crate::domain::job::{JobKind, State as JobState};
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::submission::{Event, Hold};
use crate::domain::time::{MINUTE, Timestamp};
use crate::language::{display, state, triage as say};
use crate::store::organisation::{self, Organisation};
use crate::store::submission::{self, Submission};
use crate::store::{agreement, claim, job, remark};
use serde_json::json;

/// The submission that somebody acts on, as that person saw it, with its organisation.
async fn seen(work: &mut Work<'_>, id: &str) -> Result<(Submission, Organisation), Error> {
    let row = load(work, id).await?;
    work.same_version(
        Kind::Submission,
        &row.id,
        row.version,
        &row.changed_by,
        row.changed_at,
    )?;
    let found = organisation::by_id(&mut work.tx, &row.organisation_id).await?;
    let o = found.ok_or_else(|| Error::missing(Kind::Organisation, &row.organisation_id))?;
    Ok((row, o))
}

/// What people call a submission: whose, of which kind, when it came. Never its file name, which may name a person.
pub fn label(work: &Work<'_>, row: &Submission, o: &Organisation) -> String {
    let language = work.call.actor.language;
    let kind = state::label(Kind::Submission, &row.kind, language);
    let at = display::moment(row.received_at, language);
    format!("{} {kind} {at}", o.name)
}

fn moved(work: &mut Work<'_>, row: &Submission, before: &str) {
    work.detail(
        json!({ "state": { "before": before, "after": row.state }, "cause": row.cause, "hold": row.hold }),
    );
}

/// Back to the queue, at once: the worker takes it as if it had just come in.
pub(super) async fn retry(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let (mut row, o) = seen(work, id).await?;
    let before = row.state.clone();
    if row.hold == Hold::NoAcceptance.as_str() {
        let today = display::iso_date(work.now);
        if !agreement::counts(&mut work.tx, &row.organisation_id, &today).await? {
            return Err(Error::Rule(Rule::NoAcceptance));
        }
    }
    move_to(work, &mut row, Event::Retry, "").await?;
    row.hold.clear();
    row.reason.clear();
    row.cause.clear();
    submission::save(&mut work.tx, &row).await?;
    requeue(work, &row.id).await?;
    moved(work, &row, &before);
    Ok(Done::of(row.id.clone(), label(work, &row, &o)))
}

/// The open job of a submission runs now; a new one where there is none. One that runs already is enough.
async fn requeue(work: &mut Work<'_>, id: &str) -> Result<(), Error> {
    match job::open(&mut work.tx, JobKind::Submission, id).await? {
        None => enqueue(work, id).await,
        Some(open) => {
            if open.state == JobState::Held {
                job::release(&mut work.tx, &open.id, work.now).await?;
            } else {
                job::hasten(&mut work.tx, &open.id, work.now).await?;
            }
            Ok(())
        }
    }
}

/// Ends a delivery for good: rejected by staff, or withdrawn on behalf of whoever delivered it. Its file goes by the usual terms.
pub(super) async fn close(work: &mut Work<'_>, id: &str, event: Event) -> Result<Done, Error> {
    let (mut row, o) = seen(work, id).await?;
    let before = row.state.clone();
    let given_up = row.cause.clone();
    move_to(work, &mut row, event, &given_up).await?;
    row.hold.clear();
    work.call.reason.trim().clone_into(&mut row.reason);
    submission::save(&mut work.tx, &row).await?;
    job::cancel(&mut work.tx, JobKind::Submission, &row.id, work.now).await?;
    moved(work, &row, &before);
    Ok(Done::of(row.id.clone(), label(work, &row, &o)))
}

/// Takes a delivery in hand for a while; refused while a colleague has it.
pub(super) async fn take(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    let actor = &work.call.actor;
    if !crate::domain::action::legal(Act::SubmissionClaim, &row.state) {
        return Err(Error::state(Kind::Submission, &row.state, "claim"));
    }
    let minutes = work.services.settings.claim_minutes;
    let until = work.now.plus(minutes.saturating_mul(MINUTE));
    let record = (Kind::Submission, row.id.as_str());
    let who = (actor.operator.as_str(), actor.name.as_str());
    let holder = claim::take(&mut work.tx, record, who, work.now, until).await?;
    if let Some((by, until)) = holder.filter(|(by, _)| *by != actor.name) {
        let until = Timestamp(until);
        return Err(Error::Claimed { by, until });
    }
    submission::assign(&mut work.tx, &row.id, &actor.login).await?;
    work.detail(json!({ "assigned": { "before": row.assigned, "after": actor.login } }));
    let found = organisation::by_id(&mut work.tx, &row.organisation_id).await?;
    let o = found.ok_or_else(|| Error::missing(Kind::Organisation, &row.organisation_id))?;
    let until = display::clock(until);
    Ok(Done {
        said: vec![say::CLAIMED_UNTIL.with(work.call.actor.language, &[("at", &until)])],
        ..Done::of(row.id.clone(), label(work, &row, &o))
    })
}

/// Lets go of a delivery.
pub(super) async fn release(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    let actor = &work.call.actor;
    if let Some((by, until)) = claim::of(&mut work.tx, Kind::Submission, id, work.now).await?
        && by != actor.name
    {
        let until = Timestamp(until);
        return Err(Error::Claimed { by, until });
    }
    claim::release(&mut work.tx, Kind::Submission, &row.id, &actor.operator).await?;
    submission::assign(&mut work.tx, &row.id, "").await?;
    work.detail(json!({ "assigned": { "before": row.assigned, "after": "" } }));
    Ok(Done::of(row.id.clone(), row.id.chars().take(13).collect()))
}

/// Writes down what somebody found out, for whoever looks next.
pub(super) async fn note(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let given = check(Act::SubmissionNote.spec().fields, given)?;
    let row = load(work, id).await?;
    let actor = &work.call.actor;
    let writer = (actor.operator.as_str(), actor.name.as_str());
    remark::add(&mut work.tx, &row.id, writer, get(&given, "text"), work.now).await?;
    work.detail(json!({ "text": "changed" }));
    Ok(Done::of(row.id.clone(), row.id.chars().take(13).collect()))
}

/// Queues a status mail about a delivery to its organisation.
pub(super) async fn message(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let given = check(Act::SubmissionMessage.spec().fields, given)?;
    let row = load(work, id).await?;
    let found = organisation::by_id(&mut work.tx, &row.organisation_id).await?;
    let o = found.ok_or_else(|| Error::missing(Kind::Organisation, &row.organisation_id))?;
    work.post(Letter {
        template: Template::StatusMessage,
        language: language_of(&o.language),
        to: o.email.clone(),
        name: o.contact.clone(),
        parameters: json!({ "contact": o.contact, "organisation": o.name,
            "subject": get(&given, "subject"), "text": get(&given, "text") }),
        organisation: Some(o.id.clone()),
        about: (Kind::Submission, row.id.clone()),
    });
    work.detail(json!({ "mail": Template::StatusMessage.as_str() }));
    Ok(Done::of(row.id.clone(), label(work, &row, &o)))
}

/// Lets go of what people took in hand and did not come back to. The worker comes here now and then.
pub async fn let_go(services: &Services) -> Result<(), Error> {
    let now = services.clock.now();
    let mut tx = services.db.read().await?;
    let left = submission::claims_run_out(&mut tx, now).await?;
    tx.rollback().await?;
    if left.is_empty() {
        return Ok(());
    }
    let mut tx = services.db.write().await?;
    for (id,) in &left {
        submission::assign(&mut tx, id, "").await?;
    }
    tx.notify().await?;
    Ok(tx.commit().await?)
}
