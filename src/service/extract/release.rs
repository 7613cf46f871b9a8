//! A release: what was approved leaves, once; it can be recalled, and who fetched it is written down. Its files are written by a
//! job after the commit.

use super::super::error::{Error, Rule};
use super::super::fields::{Values, check, get};
use super::super::frame::Work;
use super::super::post::Letter;
use super::super::{Done, step_of};
use super::answer::{conflict, told, void};
use super::{advance, in_person, label, load, login_of, past, still_may};
use crate::domain::action::Act;
use crate::domain::extract::{Event, State, left, step};
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::Language;
use crate::language::{display, extract as say};
use crate::store::extract::{self, Extract};
use crate::store::extract_content::{self, Fetch};
use crate::store::job;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Refuses what cannot leave, whoever answers: nobody in it, other files than its digest, another registry than its build knew.
/// Under `past::hold`.
pub(super) async fn fit(work: &mut Work<'_>, row: &Extract) -> Result<(), Error> {
    if row.holders_in == 0 {
        return Err(Error::Rule(Rule::ExtractEmpty));
    }
    intact(work, row).await?;
    past::current(work, row).await
}

/// Refuses when the files are not the ones that the digest was made of.
async fn intact(work: &mut Work<'_>, row: &Extract) -> Result<(), Error> {
    let files = extract_content::files(&mut work.tx, &row.id).await?;
    for file in &files {
        let content = extract_content::content(&mut work.tx, &row.id, &file.name).await?;
        let content = content.map(|c| c.0).unwrap_or_default();
        if hex::encode(Sha256::digest(&content)) != file.sha256 {
            return Err(Error::Rule(Rule::ExtractChanged));
        }
    }
    let sums = files.iter().map(|f| (f.name.as_str(), f.sha256.as_str()));
    if files.is_empty() || crate::extract::outgoing::digest(sums) != row.digest {
        return Err(Error::Rule(Rule::ExtractChanged));
    }
    Ok(())
}

/// Lets what was approved leave. Both who asked and who approved must still be in service and have the right, now.
pub(crate) async fn release(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    in_person(work).await?;
    let seen = extract::by_id(&mut work.tx, id).await?;
    let seen = seen.ok_or_else(|| Error::missing(Kind::Extract, id))?;
    if seen.state == State::Requested.as_str() {
        return Err(Error::SecondPerson);
    }
    step_of(Kind::Extract, &seen.state, Event::Release.as_str(), |s| {
        step(s, Event::Release)
    })?;
    let who = work.call.actor.operator.clone();
    let people = [seen.requested_by.as_str(), seen.approved_by.as_str(), &who];
    let may = still_may(work, &people).await?;
    let held = past::hold(work).await?;
    let mut row = load(work, id, Event::Release).await?;
    let same = (&row.requested_by, &row.approved_by) == (&seen.requested_by, &seen.approved_by);
    if !same || row.digest != row.requested_digest || row.digest != row.approved_digest {
        return Err(conflict(&row));
    }
    if row.requested_by.is_empty() || row.approved_by == row.requested_by {
        return Err(Error::SecondPerson);
    }
    if !may {
        return Err(Error::Rule(Rule::ApprovalVoid));
    }
    fit(work, &row).await?;
    let before = advance(work, &mut row, Event::Release).await?;
    row.released_by = who;
    login_of(&work.call.actor).clone_into(&mut row.released_login);
    row.released_at = work.now;
    extract::save(&mut work.tx, &row).await?;
    enqueue(work, &row.id).await?;
    work.detail(
        json!({ "state": { "before": before, "after": row.state }, "digest": row.digest,
        "requested_by": row.requested_login, "approved_by": row.approved_login }),
    );
    let mut done = told(work, &row).await?;
    done.said.extend(overtake(work, held, &row.id).await?);
    Ok(done)
}

/// What was to be answered beside an older registry must be built again: its answers fall, and it is said which.
async fn overtake(
    work: &mut Work<'_>,
    held: Vec<Extract>,
    released: &str,
) -> Result<Vec<String>, Error> {
    let mut said = Vec::new();
    for other in past::overtaken(work, held, released).await? {
        let language = work.call.actor.language;
        said.push(say::OVERTAKEN.with(language, &[("label", &label(&other))]));
        void(work, other, ("released", released)).await?;
    }
    Ok(said)
}

/// Puts the outgoing directory on the queue to be brought in line with the registry.
async fn enqueue(work: &mut Work<'_>, id: &str) -> Result<(), Error> {
    let (kind, request) = (JobKind::Outgoing, &work.call.request);
    if let Some(open) = job::open(&mut work.tx, kind, id).await? {
        // One that stands still looks at the state when it runs.
        job::release(&mut work.tx, &open.id, work.now).await?;
        return Ok(());
    }
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

/// Recalls a release: KiBG is told, the files go from the outgoing directory; what was known of it stays known.
pub(crate) async fn recall(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let mut row = load(work, id, Event::Recall).await?;
    let before = advance(work, &mut row, Event::Recall).await?;
    row.recalled_by.clone_from(&work.call.actor.operator);
    row.recalled_at = work.now;
    work.call.reason.trim().clone_into(&mut row.recall_reason);
    extract::save(&mut work.tx, &row).await?;
    enqueue(work, &row.id).await?;
    let letter = letter(work, &row, Template::ExtractRecalled);
    work.post(letter);
    work.detail(json!({ "state": { "before": before, "after": row.state }, "digest": row.digest }));
    Ok(Done::of(row.id.clone(), label(&row)))
}

/// A mail to KiBG about a release: which one, never what is in it.
pub(super) fn letter(work: &Work<'_>, row: &Extract, template: Template) -> Letter {
    Letter {
        template,
        language: Language::Nl,
        to: work.services.settings.kibg.clone(),
        name: "KiBG".to_owned(),
        parameters: json!({ "extract": label(row), "directory": row.directory, "digest": row.digest }),
        organisation: None,
        about: (Kind::Extract, row.id.clone()),
    }
}

/// Writes down that a release was fetched.
pub(crate) async fn fetched(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let given = check(Act::ExtractFetched.spec().fields, given)?;
    let found = extract::lock(&mut work.tx, id).await?;
    let mut row = found.ok_or_else(|| Error::missing(Kind::Extract, id))?;
    if !row.state.parse().is_ok_and(left) {
        return Err(Error::state(Kind::Extract, &row.state, "fetched"));
    }
    let on = Some(get(&given, "on")).filter(|day| !day.is_empty());
    let fetch = Fetch {
        at: work.now,
        fetched_on: on.map_or_else(|| display::iso_date(work.now), str::to_owned),
        fetched_by: get(&given, "by").to_owned(),
        noted_by: work.by(),
    };
    let key = super::super::new_id();
    extract_content::insert_fetch(&mut work.tx, &key, &row.id, &fetch).await?;
    row.fetches += 1;
    row.fetched_at = work.now;
    row.changed_at = work.now;
    row.changed_by = work.by();
    extract::save(&mut work.tx, &row).await?;
    work.detail(json!({ "on": fetch.fetched_on, "by": "changed" }));
    Ok(Done::of(row.id.clone(), label(&row)))
}
