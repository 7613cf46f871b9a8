//! Exit codes: an interface for scripts, so each error has exactly one. Not the sentences.

use crate::config::ConfigError;
use crate::service::Error;
use crate::store::StoreError;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// Failed.
    Failed,
    /// The arguments or settings do not fit.
    Usage,
    /// The database or network is not there now; the same command may work later.
    Retryable,
    /// Right or session forbids it.
    Denied,
    /// Somebody saved first, or the state or a rule forbids it.
    Conflict,
    /// A second person must do it.
    SecondPerson,
    /// Stopped by Ctrl-c.
    Interrupted,
    /// The terminal of the console went away; as shells number a hang-up.
    HungUp,
    /// The console was asked to end; as shells number it.
    Terminated,
}

impl Exit {
    /// The number that the shell sees.
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Retryable => 3,
            Self::Denied => 4,
            Self::Conflict => 5,
            Self::SecondPerson => 6,
            Self::Interrupted => 130,
            Self::HungUp => 129,
            Self::Terminated => 143,
        }
    }

    /// The worse of two, for a command over many records: what a script can do least about.
    pub fn worse(self, other: Self) -> Self {
        if other.weight() > self.weight() {
            other
        } else {
            self
        }
    }

    const fn weight(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Conflict => 1,
            Self::SecondPerson => 2,
            Self::Denied => 3,
            Self::Usage => 4,
            Self::Retryable => 5,
            Self::Failed => 6,
            Self::Interrupted | Self::HungUp | Self::Terminated => 7,
        }
    }
}

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A use case did not happen.
    #[error(transparent)]
    Service(#[from] Error),
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The arguments do not fit together; the sentence is in the reader's language.
    #[error("{0}")]
    Usage(String),
    /// A file or stream cannot be read or written.
    #[error("{path}: {detail}")]
    File {
        /// The file, as it was given.
        path: String,
        /// What the system says.
        detail: String,
    },
    /// It was told already: only the code is left to give.
    #[error("told")]
    Told(Exit),
    /// Nobody reads the output any more, as with `| head`: no error.
    #[error("output closed")]
    Closed,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Service(Error::Store(error))
    }
}

impl Failure {
    /// A file that cannot be read or written.
    pub fn file(path: impl Into<String>, error: &std::io::Error) -> Self {
        Self::File {
            path: path.into(),
            detail: error.to_string(),
        }
    }

    /// Its exit code.
    pub const fn exit(&self) -> Exit {
        match self {
            Self::Service(error) => of(error),
            Self::Config(_) | Self::Usage(_) | Self::File { .. } => Exit::Usage,
            Self::Told(exit) => *exit,
            Self::Closed => Exit::Done,
        }
    }
}

/// The exit code of a use case that did not happen.
pub const fn of(error: &Error) -> Exit {
    match error {
        Error::Right { .. } | Error::Denied(..) => Exit::Denied,
        Error::State { .. } | Error::Conflict { .. } | Error::Claimed { .. } | Error::Rule(_) => {
            Exit::Conflict
        }
        Error::Invalid(_) | Error::ReasonMissing | Error::Filter(_) => Exit::Usage,
        Error::SecondPerson => Exit::SecondPerson,
        Error::Store(error) => of_store(error),
        Error::Storage(_) => Exit::Retryable,
        Error::Missing { .. } | Error::Internal(_) => Exit::Failed,
    }
}

const fn of_store(error: &StoreError) -> Exit {
    match error {
        StoreError::Unreachable(_)
        | StoreError::Busy(_)
        | StoreError::Full(_)
        | StoreError::Doubt(_) => Exit::Retryable,
        StoreError::Unique | StoreError::ForeignKey | StoreError::Refused(_) => Exit::Conflict,
        StoreError::ReadOnly => Exit::Denied,
        StoreError::Url(_) | StoreError::Schema(_) => Exit::Usage,
        StoreError::Unreadable(_) | StoreError::Other(_) => Exit::Failed,
    }
}

/// The name of an error in JSON; never translated.
pub const fn name(error: &Error) -> &'static str {
    match error {
        Error::Right { .. } => "right",
        Error::Denied(..) => "denied",
        Error::State { .. } => "state",
        Error::Conflict { .. } => "conflict",
        Error::Claimed { .. } => "claimed",
        Error::Missing { .. } => "missing",
        Error::Invalid(_) => "invalid",
        Error::ReasonMissing => "reason",
        Error::Rule(_) => "rule",
        Error::Filter(_) => "filter",
        Error::SecondPerson => "second_person",
        Error::Store(error) if error.retryable() => "unavailable",
        Error::Store(_) => "database",
        Error::Storage(_) => "storage",
        Error::Internal(_) => "internal",
    }
}
