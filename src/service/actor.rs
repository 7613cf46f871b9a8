//! Who acts, from where and how: the operator, what the kernel says and what the session claims. Not the rights table.

use crate::domain::right::{self, Language, Right, Role};
use std::sync::Arc;

/// Where a call comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// `console`, `cli`, `worker`, `intake`, `demo`.
    pub via: &'static str,
    /// Name of this machine.
    pub host: String,
    /// Terminal device, empty when there is none.
    pub tty: String,
    /// `SSH_CONNECTION` as the session claims it.
    pub ssh: String,
    /// User id of the process.
    pub uid: u32,
}

/// A member of staff, or the system itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Identifier of the operator; empty for the system.
    pub operator: String,
    /// OS login.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Language of the screen.
    pub language: Language,
    /// Login on whose behalf, with `--as` on a demo database.
    pub on_behalf: String,
    /// From where.
    pub origin: Origin,
    /// Whether every write is refused.
    pub read_only: bool,
    /// Whether this is the system: worker, intake, demo. Only the program makes such an actor.
    pub system: bool,
}

impl Actor {
    /// Whether one of the roles carries the right.
    pub fn may(&self, wanted: Right) -> bool {
        self.system || right::may(&self.roles, wanted)
    }

    /// The system acting for itself.
    pub fn system(via: &'static str, language: Language) -> Self {
        Self {
            operator: String::new(),
            login: String::new(),
            name: format!("portaal {via}"),
            roles: Vec::new(),
            language,
            on_behalf: String::new(),
            origin: Origin {
                via,
                ..Origin::default()
            },
            read_only: false,
            system: true,
        }
    }
}

/// Whether a call takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// It takes effect.
    #[default]
    Commit,
    /// Everything is done and checked, then rolled back.
    DryRun,
}

/// One call of a use case.
#[derive(Debug, Clone)]
pub struct Call {
    /// Who.
    pub actor: Arc<Actor>,
    /// Why, as typed; empty when none was given.
    pub reason: String,
    /// Whether it takes effect.
    pub mode: Mode,
    /// Version of the record that the person saw; `None` to take it as it is.
    pub version: Option<i64>,
    /// Identifier of the request, the same in every audit row that it causes.
    pub request: String,
    /// Bulk run and position whose outcome this is; marked in the same transaction.
    pub item: Option<(String, i64)>,
}

impl Call {
    /// A call that takes effect, without a reason and on the record as it is.
    pub fn new(actor: &Arc<Actor>) -> Self {
        Self {
            actor: Arc::clone(actor),
            reason: String::new(),
            mode: Mode::Commit,
            version: None,
            request: super::new_id(),
            item: None,
        }
    }
}
