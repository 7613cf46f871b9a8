//! What can be done: one function per use case, each rights → legal step → version → effect, audit, mails and jobs in one
//! transaction. Console, command line, worker and intake write through here and nowhere else.

pub mod actor;
pub mod error;

pub use actor::{Actor, Call, Mode, Origin};
pub use error::{Denied, Error};

use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::time::Timestamp;
use crate::store::Db;
use std::sync::Arc;

/// Everything that a use case needs; cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// The database.
    pub db: Db,
    /// The only source of the time.
    pub clock: Clock,
    /// Settings in force.
    pub settings: Arc<Settings>,
}

/// What an action did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Done {
    /// Identifier of the record, the new one when one was made.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Lines that tell what happened beyond the obvious: mails queued, records made.
    pub said: Vec<String>,
    /// Until when `undo` takes it back.
    pub undo_until: Option<Timestamp>,
}
