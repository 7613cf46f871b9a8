//! Two pairs of eyes: one person asks for a release, another approves it; either answer is taken back, or falls with who gave it.

use super::super::error::{Error, Rule};
use super::super::fields::{Values, check, get};
use super::super::frame::{Note, Work};
use super::super::operator::has;
use super::super::{Actor, Done, Services, step_of};
use super::{advance, caution, in_person, label, load, login_of, past, still_may, view};
use crate::domain::action::Act;
use crate::domain::check::Flaw;
use crate::domain::extract::{Event, Verdict, step};
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::store::extract::{self, Extract};
use crate::store::extract_content;
use crate::store::operator::Operator;
use serde_json::json;

/// Asks for the release of what was built, as it is now.
pub(crate) async fn request(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    in_person(work).await?;
    past::hold(work).await?;
    let mut row = load(work, id, Event::Request).await?;
    if row.verdict != Verdict::Safe.as_str() {
        return Err(Error::Rule(Rule::ExtractOpen));
    }
    super::release::fit(work, &row).await?;
    let before = advance(work, &mut row, Event::Request).await?;
    let actor = &work.call.actor;
    row.requested_by.clone_from(&actor.operator);
    login_of(actor).clone_into(&mut row.requested_login);
    row.requested_at = work.now;
    row.requested_digest.clone_from(&row.digest);
    work.call.reason.trim().clone_into(&mut row.request_reason);
    extract::save(&mut work.tx, &row).await?;
    work.detail(json!({ "state": { "before": before, "after": row.state }, "digest": row.digest }));
    told(work, &row).await
}

/// Characters of a digest that name it: as many as lists show.
const ENOUGH: usize = 12;

/// What the form of an action holds when it is opened: for an approval the digest that is shown with it, and sent.
pub(in crate::service) fn values(act: Act, row: &Extract) -> Values {
    let digest = || row.digest.chars().take(ENOUGH).collect();
    let named = (act == Act::ExtractApprove).then(|| ("digest".to_owned(), digest()));
    named.into_iter().collect()
}

/// Notes that somebody had the form of an approval before them, which shows what would leave and what our attacks found.
pub(in crate::service) async fn show(
    services: &Services,
    actor: &Actor,
    id: &str,
    version: i64,
) -> Result<(), Error> {
    let mut tx = services.db.read().await?;
    let row = extract::by_id(&mut tx, id).await?;
    tx.rollback().await?;
    match row.filter(|r| r.version == version) {
        Some(row) => view::note_decider(services, actor, &row).await,
        None => Ok(()),
    }
}

/// The digest that the approver names; empty when they name the version of the row instead.
fn named(work: &Work<'_>, given: &Values) -> Result<String, Error> {
    let given = check(Act::ExtractApprove.spec().fields, given)?;
    let digest = get(&given, "digest").to_ascii_lowercase();
    let flaw = match digest.len() {
        0 if work.call.version.is_some() => return Ok(digest),
        0 => Flaw::Missing,
        n if n >= ENOUGH && digest.bytes().all(|b| b.is_ascii_hexdigit()) => return Ok(digest),
        _ => Flaw::BadDigest,
    };
    Err(Error::invalid("digest", flaw))
}

/// Approves what was asked for, and nothing else: bound to the digest that the approver saw, by somebody other than the requester.
pub(crate) async fn approve(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    in_person(work).await?;
    let seen = extract::by_id(&mut work.tx, id).await?;
    let seen = seen.ok_or_else(|| Error::missing(Kind::Extract, id))?;
    step_of(Kind::Extract, &seen.state, Event::Approve.as_str(), |s| {
        step(s, Event::Approve)
    })?;
    let approver = work.call.actor.operator.clone();
    if seen.requested_by.is_empty() || seen.requested_by == approver {
        return Err(Error::SecondPerson);
    }
    let named = named(work, given)?;
    // People before the records, as whoever takes a right away does.
    let may = still_may(work, &[&seen.requested_by, &approver]).await?;
    past::hold(work).await?;
    let mut row = load(work, id, Event::Approve).await?;
    let same = row.requested_by == seen.requested_by && row.requested_digest == row.digest;
    if !same || !row.digest.starts_with(&named) {
        return Err(conflict(&row));
    }
    if !may {
        return Err(Error::Rule(Rule::ApprovalVoid));
    }
    if !view::seen(&mut work.tx, &approver, &row).await? {
        return Err(Error::Rule(Rule::ExtractUnseen));
    }
    super::release::fit(work, &row).await?;
    let before = advance(work, &mut row, Event::Approve).await?;
    row.approved_by = approver;
    login_of(&work.call.actor).clone_into(&mut row.approved_login);
    row.approved_at = work.now;
    row.approved_digest.clone_from(&row.requested_digest);
    work.call.reason.trim().clone_into(&mut row.approve_reason);
    extract::save(&mut work.tx, &row).await?;
    work.detail(
        json!({ "state": { "before": before, "after": row.state }, "digest": row.digest,
        "requested_by": row.requested_login }),
    );
    told(work, &row).await
}

/// What was asked for is not what is there any more.
pub(super) fn conflict(row: &Extract) -> Error {
    Error::Conflict {
        kind: Kind::Extract,
        id: row.id.clone(),
        version: row.version,
        by: row.changed_by.clone(),
        at: row.changed_at,
    }
}

/// Takes a request or an approval back; what was built stays.
pub(crate) async fn withdraw(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let mut row = load(work, id, Event::WithdrawRequest).await?;
    let before = advance(work, &mut row, Event::WithdrawRequest).await?;
    extract::save(&mut work.tx, &row).await?;
    work.detail(json!({ "state": { "before": before, "after": row.state }, "digest": row.digest }));
    Ok(Done::of(row.id.clone(), label(&row)))
}

/// Requests and approvals of an operator who may not give them any more fall. The operator is locked by the caller.
pub(crate) async fn fall_with(work: &mut Work<'_>, operator: &Operator) -> Result<(), Error> {
    if has(operator, Right::Extracts) {
        return Ok(());
    }
    for row in extract::lock_of(&mut work.tx, &operator.id).await? {
        void(work, row, ("operator", &operator.login)).await?;
    }
    Ok(())
}

/// Both answers fall, for what is named; the row is locked by the caller.
pub(super) async fn void(
    work: &mut Work<'_>,
    mut row: Extract,
    (what, which): (&str, &str),
) -> Result<(), Error> {
    let before = advance(work, &mut row, Event::Void).await?;
    extract::save(&mut work.tx, &row).await?;
    work.note(Note {
        action: "extract.void".to_owned(),
        kind: Kind::Extract,
        id: row.id,
        organisation: String::new(),
        detail: json!({ "state": { "before": before, "after": row.state }, what: which }),
    });
    Ok(())
}

/// What was done, with what would leave, what our own attacks found and what this database cannot guarantee.
pub(super) async fn told(work: &mut Work<'_>, row: &Extract) -> Result<Done, Error> {
    use crate::language::display::number;
    use crate::language::{Message, extract as say};
    let attacks = extract_content::attacks(&mut work.tx, &row.id).await?;
    let sum = |of: fn(&extract_content::Attack) -> i64| attacks.iter().map(of).sum();
    let language = work.call.actor.language;
    let line = |message: &Message, n: i64| message.with(language, &[("n", &number(n, language))]);
    let mut said = vec![
        say::DIGEST.with(language, &[("digest", &row.digest)]),
        line(&say::CELLS, row.cell_count),
        line(&say::HIDDEN, row.hidden_count),
        line(&say::SMALLEST, row.smallest),
        line(&say::HOLDERS, row.holders_in),
        line(&say::ATTACKED, sum(|a| a.tried)),
        line(&say::WORKED_OUT, sum(|a| a.open)),
    ];
    said.extend(caution(work));
    Ok(Done {
        said,
        ..Done::of(row.id.clone(), label(row))
    })
}
