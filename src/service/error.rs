//! Why a use case did not happen. The sentences are in `language::error`.

use crate::domain::action::Act;
use crate::domain::check::Flaw;
use crate::domain::filter::FilterError;
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::time::Timestamp;
use crate::store::StoreError;

/// What kind of rule refuses, besides right and state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The session was opened read-only.
    ReadOnly,
    /// The login is not an operator.
    UnknownOperator,
    /// The operator was removed.
    RemovedOperator,
    /// `--as` on a database that is not a demo.
    NotDemo,
    /// No kernel fact says who this is.
    NoIdentity,
    /// The session came to the database by a login that is not the operator's own.
    SharedLogin,
}

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor lacks a right.
    #[error("{act:?} needs the right {right}")]
    Right {
        /// What was asked; `None` for reading.
        act: Option<Act>,
        /// The right that is missing.
        right: Right,
    },
    /// The actor may not act at all here.
    #[error("denied: {0:?}")]
    Denied(Denied, String),
    /// The state forbids it.
    #[error("{kind} in state {state} does not allow {event}")]
    State {
        /// Kind of record.
        kind: Kind,
        /// Its state code.
        state: String,
        /// What was asked, as a verb code.
        event: &'static str,
    },
    /// Somebody saved first.
    #[error("{kind} {id} was changed by {by}")]
    Conflict {
        /// Kind of record.
        kind: Kind,
        /// Its id.
        id: String,
        /// Version now.
        version: i64,
        /// Who changed it, empty when unknown.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// There is no such record.
    #[error("no {kind} {id}")]
    Missing {
        /// Kind of record.
        kind: Kind,
        /// The id or code given.
        id: String,
    },
    /// A colleague has it in hand.
    #[error("claimed by {by}")]
    Claimed {
        /// Who.
        by: String,
        /// Until when.
        until: Timestamp,
    },
    /// Values that do not fit: field and flaw, with the value's own name where it helps.
    #[error("invalid values")]
    Invalid(Vec<Wrong>),
    /// A reason must be given.
    #[error("a reason is required")]
    ReasonMissing,
    /// A rule of the domain forbids it.
    #[error("rule: {0:?}")]
    Rule(Rule),
    /// The filter or sort is wrong.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// A second person must do it.
    #[error("needs a second person")]
    SecondPerson,
    /// The database refused or is gone.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file cannot be written now, as on a full disk; may pass by itself. The text is for the log.
    #[error("{0}")]
    Storage(String),
    /// Something else that the operator can do nothing about; the text is for the log.
    #[error("{0}")]
    Internal(String),
}

/// One value that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Path of the field, such as `users[1].email`.
    pub field: String,
    /// What is wrong.
    pub flaw: Flaw,
}

/// Rules of the domain that are not states or rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// The last active signatory needs a successor or an explicit waiver.
    LastSignatory,
    /// An acceptance may only be given by an active signatory of the organisation.
    NotSignatory,
    /// The invitation was used, replaced or is too old.
    InvitationInvalid,
    /// The ten seconds to undo are over, or the mail left.
    UndoTooLate,
    /// Another organisation has this AGB code.
    AgbTaken,
    /// An operator cannot remove their own administrator role or the last administrator.
    LastAdministrator,
    /// The set-up is not complete.
    SetupIncomplete,
    /// The document of the agreement is missing or not a PDF.
    DocumentMissing,
    /// The key of a delivery was given before, with other bytes.
    KeyReused,
    /// A delivery must come from an active account of the organisation with the role submitter.
    NotSubmitter,
    /// A file in a watched folder belongs to nobody who delivers there.
    NotTheirFolder,
    /// A connection of this organisation, vendor and route is open already.
    ConnectionExists,
    /// Two codes of the connection work already.
    TwoLicences,
    /// No handshake was issued for the connection.
    HandshakeMissing,
    /// The code of the handshake was collected already.
    HandshakeCollected,
    /// The handshake was replaced, withdrawn or is too old.
    HandshakeInvalid,
    /// A test run of the connection waits to be judged.
    TestRunOpen,
    /// Where there is no vendor nobody is tested.
    TestRunWithoutVendor,
    /// A demo world would stand in a database that people use.
    DatabaseInUse,
    /// A delivery is held for want of an acceptance, and there is none yet.
    NoAcceptance,
    /// The cause is not the vendor's to mend, or nobody knows the vendor.
    NotForVendor,
    /// The vendor was mailed about the cause, and nothing came since.
    AlreadyMailed {
        /// When.
        at: Timestamp,
    },
    /// A job that sends a mail is ended by cancelling the mail.
    CancelTheMail,
    /// Our own attacks worked out hidden figures of the extract.
    ExtractOpen,
    /// A build of the extract waits or runs.
    ExtractBuilding,
    /// No build of the extract waits or runs.
    ExtractIdle,
    /// The files of the extract are not those of its digest.
    ExtractChanged,
    /// Who asked for the release or approved it may not any more.
    ApprovalVoid,
    /// Since the build something left that the extract was not attacked beside.
    ExtractOutdated,
    /// Who approves did not look at the extract as it is.
    ExtractUnseen,
    /// There is no holder in the extract.
    ExtractEmpty,
}

impl Error {
    /// There is no such record.
    pub fn missing(kind: Kind, id: &str) -> Self {
        Self::Missing {
            kind,
            id: id.to_owned(),
        }
    }

    /// The state forbids an event.
    pub fn state(kind: Kind, state: &str, event: &'static str) -> Self {
        Self::State {
            kind,
            state: state.to_owned(),
            event,
        }
    }

    /// One value does not fit.
    pub fn invalid(field: &str, flaw: Flaw) -> Self {
        Self::Invalid(vec![Wrong {
            field: field.to_owned(),
            flaw,
        }])
    }

    /// The code of a refusal that deserves an audit row; `None` for mistakes in the input and for trouble.
    pub fn refusal(&self) -> Option<&'static str> {
        match self {
            Self::Right { .. } => Some("right"),
            Self::Denied(..) => Some("denied"),
            Self::State { .. } => Some("state"),
            Self::Conflict { .. } => Some("conflict"),
            Self::Rule(_) => Some("rule"),
            Self::SecondPerson => Some("second_person"),
            Self::Claimed { .. } => Some("claimed"),
            Self::Missing { .. }
            | Self::Invalid(_)
            | Self::ReasonMissing
            | Self::Filter(_)
            | Self::Store(_)
            | Self::Storage(_)
            | Self::Internal(_) => None,
        }
    }
}
