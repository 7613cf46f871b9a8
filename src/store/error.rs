//! What went wrong in the database, in kinds that both databases share. Never a constraint's name, never a value.

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A row with this key exists.
    #[error("a row with this key exists")]
    Unique,
    /// A row that this one needs does not exist, or others need this one.
    #[error("a related row is missing or still in use")]
    ForeignKey,
    /// A CHECK or trigger refused.
    #[error("the database refused: {0}")]
    Refused(String),
    /// The transaction may only read.
    #[error("the database is open read-only")]
    ReadOnly,
    /// The database cannot be reached; may pass by itself.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The database is busy or chose this transaction to give way; may be tried again.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The disk of the database is full; may pass when somebody makes room.
    #[error("the disk of the database is full: {0}")]
    Full(String),
    /// The connection broke while committing: nobody knows whether it happened.
    #[error("the connection broke while committing: {0}")]
    Doubt(String),
    /// A row could not be read as what it should be.
    #[error("unreadable row: {0}")]
    Unreadable(String),
    /// The URL names no database that this program knows.
    #[error("not a database URL: {0}")]
    Url(String),
    /// The schema is older or newer than this program.
    #[error("the schema does not fit this program: {0}")]
    Schema(String),
    /// Anything else.
    #[error("database: {0}")]
    Other(String),
}

impl StoreError {
    /// Whether it is worth trying again without changing anything.
    pub const fn retryable(&self) -> bool {
        matches!(
            self,
            Self::Unreachable(_) | Self::Busy(_) | Self::Full(_) | Self::Doubt(_)
        )
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        let text = error.to_string();
        match error {
            E::Database(e) => of_database(e.as_ref()),
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
                Self::Unreachable(text)
            }
            E::ColumnDecode { .. }
            | E::Decode(_)
            | E::ColumnNotFound(_)
            | E::TypeNotFound { .. } => Self::Unreadable(text),
            E::Configuration(_) => Self::Url(text),
            _ => Self::Other(text),
        }
    }
}

fn of_database(error: &dyn sqlx::error::DatabaseError) -> StoreError {
    use sqlx::error::ErrorKind;
    let code = error.code().unwrap_or_default().into_owned();
    match error.kind() {
        ErrorKind::UniqueViolation => return StoreError::Unique,
        ErrorKind::ForeignKeyViolation => return StoreError::ForeignKey,
        ErrorKind::CheckViolation | ErrorKind::NotNullViolation => {
            return StoreError::Refused("check".to_owned());
        }
        _ => {}
    }
    match code.as_str() {
        // SQLite: RAISE(ABORT) in a trigger; PostgreSQL: restrict_violation of our own triggers.
        "1811" | "23001" => StoreError::Refused(error.message().to_owned()),
        // SQLite: readonly and its extensions; PostgreSQL: read-only transaction.
        "8" | "264" | "520" | "776" | "1032" | "1288" | "25006" => StoreError::ReadOnly,
        // SQLite: busy, locked, snapshot; PostgreSQL: serialization, deadlock, lock timeout.
        "5" | "6" | "261" | "517" | "40001" | "40P01" | "55P03" => {
            StoreError::Busy(error.message().to_owned())
        }
        // SQLite: full; PostgreSQL: disk full.
        "13" | "53100" => StoreError::Full(error.message().to_owned()),
        // SQLite: i/o error, cannot open; PostgreSQL: connection, shutdown, too many.
        "10" | "14" | "57P01" | "57P02" | "57P03" | "53300" => {
            StoreError::Unreachable(error.message().to_owned())
        }
        code if code.starts_with("08") => StoreError::Unreachable(error.message().to_owned()),
        // PostgreSQL: no such login, no such database.
        code if code.starts_with("28") || code == "3D000" => {
            StoreError::Unreachable(error.message().to_owned())
        }
        "42P01" => StoreError::Schema(error.message().to_owned()),
        "1" if error.message().starts_with("no such table") => {
            StoreError::Schema(error.message().to_owned())
        }
        _ => StoreError::Other(error.message().to_owned()),
    }
}
