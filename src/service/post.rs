//! Mails that an action causes: put in the outbox with their job, in the transaction of the action. Never a secret in them.

use super::frame::Work;
use super::{Done, Error};
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::Language;
use crate::domain::time::SECOND;
use crate::language::state;
use crate::mail::template;
use crate::store::{job, outbox};
use serde_json::Value;

/// One mail to be queued.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Which text.
    pub template: Template,
    /// In which language.
    pub language: Language,
    /// To which address.
    pub to: String,
    /// Name of the recipient.
    pub name: String,
    /// What the text needs, by name.
    pub parameters: Value,
    /// Organisation that it belongs to.
    pub organisation: Option<String>,
    /// Record that it is about.
    pub about: (Kind, String),
}

impl Work<'_> {
    /// Queues a mail with this transaction.
    pub fn post(&mut self, letter: Letter) {
        self.letters.push(letter);
    }
}

/// Writes the letters to the outbox, each with its job, and tells which.
pub(super) async fn flush(work: &mut Work<'_>, done: &mut Done) -> Result<(), Error> {
    for letter in std::mem::take(&mut work.letters) {
        let stored = letter.parameters.to_string();
        template::read(letter.template, &stored).map_err(|e| Error::Internal(e.to_string()))?;
        queue(work, &letter, &stored, None).await?;
        let label = state::label(
            Kind::Mail,
            letter.template.as_str(),
            work.call.actor.language,
        );
        done.said
            .push(format!("{label} → {} <{}>", letter.name, letter.to));
    }
    Ok(())
}

fn send_at(work: &Work<'_>) -> crate::domain::time::Timestamp {
    work.now
        .plus(work.services.settings.undo_seconds.saturating_mul(SECOND))
}

/// Puts one mail in the outbox with its job; gives the mail's id.
pub(super) async fn queue(
    work: &mut Work<'_>,
    letter: &Letter,
    stored: &str,
    resend_of: Option<&str>,
) -> Result<String, Error> {
    let id = super::new_id();
    let message_id = format!("<{id}@{}>", host(&work.services.settings.sender));
    let send_at = send_at(work);
    let new = outbox::New {
        id: &id,
        template: letter.template,
        language: letter.language.as_str(),
        recipient: &letter.to,
        recipient_name: &letter.name,
        parameters: stored,
        organisation_id: letter.organisation.as_deref(),
        object_kind: letter.about.0,
        object_id: &letter.about.1,
        at: work.now,
        queued_by: &work.call.actor.name,
        send_at,
        give_up_at: send_at.plus(work.services.settings.queue.give_up),
        message_id: &message_id,
        resend_of,
    };
    outbox::insert(&mut work.tx, &new).await?;
    let kind = JobKind::Mail;
    let request = &work.call.request;
    job::insert(
        &mut work.tx,
        &job::New {
            kind,
            subject: &id,
            run_at: send_at,
            at: work.now,
            request,
        },
    )
    .await?;
    Ok(id)
}

/// The part of an address after the `@`.
fn host(address: &str) -> &str {
    address
        .rsplit_once('@')
        .map_or("localhost", |(_, host)| host.trim_end_matches('>'))
}
