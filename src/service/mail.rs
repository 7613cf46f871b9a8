//! Mail as staff handle it: resend, cancel, undo, bounced, test. Sending is the worker's.

use super::error::{Error, Rule};
use super::fields::{Values, check, get};
use super::frame::Work;
use super::post::{Letter, queue};
use super::registration::language_of;
use super::{Done, step_of};
use crate::domain::action::Act;
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::mail::{Event, State, Template, step};
use crate::domain::time::{SECOND, Timestamp};
use crate::language::command::ALREADY_SENT;
use crate::language::{display, state};
use crate::store::outbox::{self, Change, Mail};
use crate::store::{job, registration};
use serde_json::json;

async fn load(work: &mut Work<'_>, id: &str) -> Result<Mail, Error> {
    let found = outbox::lock(&mut work.tx, id).await?;
    let row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Mail,
        id: id.to_owned(),
    })?;
    work.belongs_to(row.organisation_id.as_deref().unwrap_or_default());
    Ok(row)
}

async fn apply(work: &mut Work<'_>, row: &Mail, event: Event) -> Result<State, Error> {
    let state = row.state.as_str();
    step_of(Kind::Mail, state, event.as_str(), |s| step(s, event))?;
    work.same_version(Kind::Mail, &row.id, row.version, "", row.state_at)?;
    let applied = outbox::apply(&mut work.tx, row, event, Change::at(work.now)).await?;
    applied.ok_or_else(|| Error::State {
        kind: Kind::Mail,
        state: state.to_owned(),
        event: event.as_str(),
    })
}

/// Queues the same mail again, to where the record's address is now; the new one points to the first.
pub(super) async fn resend(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    step_of(
        Kind::Mail,
        row.state.as_str(),
        Event::Resend.as_str(),
        |s| step(s, Event::Resend),
    )?;
    work.same_version(Kind::Mail, &row.id, row.version, "", row.state_at)?;
    if row.template == Template::AccountInvitation {
        return reinvite(work, &row).await;
    }
    if row.template == Template::HandshakeLink {
        let connection = row.object_id.clone();
        return super::handshake::send_again(work, &connection).await;
    }
    let letter = Letter {
        template: row.template,
        language: language_of(&row.language),
        to: current_address(work, &row).await?,
        name: row.recipient_name.clone(),
        parameters: json!({}),
        organisation: row.organisation_id.clone(),
        about: (
            row.object_kind.parse().unwrap_or(Kind::Mail),
            row.object_id.clone(),
        ),
    };
    let first = row.resend_of.clone().unwrap_or_else(|| row.id.clone());
    let new = queue(work, &letter, &row.parameters, Some(&first)).await?;
    work.detail(json!({ "new": new, "first": first, "template": row.template.as_str() }));
    let undo = work
        .now
        .plus(work.services.settings.undo_seconds.saturating_mul(SECOND));
    let mut said = already(work, &first).await?;
    said.push(format!("→ {} <{}>", letter.name, letter.to));
    Ok(Done {
        id: new,
        label: label_of(work, &row),
        said,
        undo_until: Some(undo),
        secret: None,
    })
}

/// What people call a mail: its text and its recipient.
fn label_of(work: &Work<'_>, row: &Mail) -> String {
    let text = state::label(Kind::Mail, row.template.as_str(), work.call.actor.language);
    format!("{text} → {}", row.recipient_name)
}

/// When and to whom this mail, or a repetition of it, was sent already.
async fn already(work: &mut Work<'_>, first: &str) -> Result<Vec<String>, Error> {
    let language = work.call.actor.language;
    let sent = outbox::sent_of(&mut work.tx, first).await?;
    let told = sent.iter().map(|(at, to)| {
        let at = display::moment(Timestamp(*at), language);
        ALREADY_SENT.with(language, &[("at", &at), ("to", to)])
    });
    Ok(told.collect())
}

/// An invitation is never repeated: a new one is made, so that only the newest works.
async fn reinvite(work: &mut Work<'_>, row: &Mail) -> Result<Done, Error> {
    let account = row.object_id.clone();
    super::account::resend_by_mail(work, &account).await
}

/// Where the record's address is now: a corrected address counts, the old one does not.
async fn current_address(work: &mut Work<'_>, row: &Mail) -> Result<String, Error> {
    let of_registration = row.object_kind == Kind::Registration.as_str();
    if of_registration && let Some(r) = registration::by_id(&mut work.tx, &row.object_id).await? {
        return Ok(r.email);
    }
    let general = matches!(
        row.template,
        Template::SetupConfirmation | Template::AgreementAccepted | Template::StatusMessage
    );
    let Some(organisation) = row.organisation_id.as_deref().filter(|_| general) else {
        return Ok(row.recipient.clone());
    };
    let found = crate::store::organisation::by_id(&mut work.tx, organisation).await?;
    Ok(found.map_or_else(|| row.recipient.clone(), |o| o.email))
}

/// Stops a mail that has not left.
pub(super) async fn cancel(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    let state = apply(work, &row, Event::Cancel).await?;
    job::cancel(&mut work.tx, JobKind::Mail, &row.id, work.now).await?;
    work.detail(json!({ "state": { "before": row.state.as_str(), "after": state.as_str() } }));
    Ok(Done::of(row.id.clone(), label_of(work, &row)))
}

/// Takes a queued mail back within its first seconds.
pub(super) async fn undo(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    if row.state != State::Queued || work.now >= row.send_at {
        return Err(Error::Rule(Rule::UndoTooLate));
    }
    cancel(work, id).await
}

/// Records that a mail came back.
pub(super) async fn bounce(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    let state = apply(work, &row, Event::Bounce).await?;
    work.detail(json!({ "state": { "before": row.state.as_str(), "after": state.as_str() } }));
    Ok(Done::of(row.id.clone(), label_of(work, &row)))
}

/// Queues a test mail.
pub(super) async fn test(work: &mut Work<'_>, given: &Values) -> Result<Done, Error> {
    let given = check(Act::MailTest.spec().fields, given)?;
    let letter = Letter {
        template: Template::TestMessage,
        language: work.call.actor.language,
        to: get(&given, "to").to_owned(),
        name: work.by(),
        parameters: json!({ "operator": work.by() }),
        organisation: None,
        about: (Kind::System, String::new()),
    };
    let id = queue(work, &letter, &letter.parameters.to_string(), None).await?;
    work.is_about(Kind::Mail, &id);
    work.detail(json!({ "template": Template::TestMessage.as_str() }));
    let said = vec![format!("→ {}", letter.to)];
    let undo = work
        .now
        .plus(work.services.settings.undo_seconds.saturating_mul(SECOND));
    Ok(Done {
        id,
        label: state::label(
            Kind::Mail,
            Template::TestMessage.as_str(),
            work.call.actor.language,
        ),
        said,
        undo_until: Some(undo),
        secret: None,
    })
}
