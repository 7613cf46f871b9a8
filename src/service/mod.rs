//! What can be done: one function per use case, each rights → legal step → version → effect, audit, mails and jobs in one
//! transaction. Console, command line, worker and intake write through here and nowhere else.

pub mod acceptance;
pub mod account;
pub mod actor;
pub mod agreement;
pub mod arrival;
pub mod audit;
pub mod bulk;
pub mod cause;
pub mod connection;
mod delivery_mail;
pub mod document;
pub mod ending;
pub mod erasure;
pub mod error;
pub mod extract;
pub mod fields;
pub mod figures;
pub mod find;
pub mod form;
pub mod frame;
pub mod handshake;
pub mod identity;
pub mod intake_file;
pub mod job;
pub mod licence;
pub mod mail;
pub mod note;
pub mod obligation;
pub mod operator;
pub mod organisation;
pub mod post;
pub mod presence;
pub mod processing;
pub mod pulse;
pub mod read;
pub mod reads;
pub mod record;
pub mod registration;
pub mod report;
pub mod report_text;
pub mod retention;
mod rows;
pub mod run;
pub mod standing;
pub mod stranded;
pub mod submission;
pub mod tell;
pub mod test_run;
pub mod triage;
pub mod vendor;

pub use actor::{Actor, Call, Mode, Origin};
pub use error::{Denied, Error};
pub use find::find;
pub use form::form;
pub use run::run;
pub use tell::tell;

use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::kind::Kind;
use crate::domain::licence_code::LicenceCode;
use crate::domain::time::Timestamp;
use crate::store::meta::{self, Mark};
use crate::store::{Access, Db, Engine, StoreError, schema};
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
    /// What this database is.
    pub mark: Arc<Mark>,
}

impl Done {
    /// What happened to one record, with nothing to add.
    pub(crate) fn of(id: String, label: String) -> Self {
        Self {
            id,
            label,
            ..Self::default()
        }
    }
}

/// Opens the database of the settings; the clock follows the server where there is one.
pub async fn open(settings: Arc<Settings>, access: Access) -> Result<Services, Error> {
    let db = Db::open(&settings.database, access).await?;
    if schema::applied(&db).await? < schema::wanted() {
        prepare(&db).await?;
    }
    connect(db, settings).await
}

/// Brings an embedded database up to date by itself; a server's schema is only changed by `portaal migrate`.
async fn prepare(db: &Db) -> Result<(), Error> {
    match (db.engine(), db.access()) {
        (Engine::Sqlite, Access::ReadWrite) => Ok(schema::migrate(db).await?),
        (Engine::Sqlite | Engine::Postgres, _) => {
            Err(StoreError::Schema("portaal migrate".to_owned()).into())
        }
    }
}

/// Services on a database that is open and up to date.
pub async fn connect(db: Db, settings: Arc<Settings>) -> Result<Services, Error> {
    let clock = db
        .server_time()
        .await?
        .map_or_else(Clock::system, Clock::from);
    let mut tx = db.read().await?;
    let mark = meta::read(&mut tx).await?;
    tx.rollback().await?;
    Ok(Services {
        db,
        clock,
        settings,
        mark: Arc::new(mark),
    })
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
    /// What is shown once, to whoever did it, and kept nowhere.
    pub secret: Option<LicenceCode>,
}

/// A new identifier: UUIDv7, so that ids follow the order of making.
pub(crate) fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// 16 random bytes in hexadecimal, for what must not be guessed.
fn random_hex() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(hex::encode(bytes))
}

/// The state after an event, or the refusal that names the state.
fn step_of<S: std::str::FromStr>(
    kind: Kind,
    state: &str,
    event: &'static str,
    step: impl FnOnce(S) -> Option<S>,
) -> Result<S, Error> {
    let now: Option<S> = state.parse().ok();
    now.and_then(step).ok_or_else(|| Error::State {
        kind,
        state: state.to_owned(),
        event,
    })
}
