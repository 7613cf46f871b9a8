//! What a database says of itself: its version and the settings that safety depends on. Not its records.

use super::{Db, Engine, Query, StoreError, Tx};

/// Oldest PostgreSQL, as it numbers itself.
pub const OLDEST_POSTGRES: i64 = 150_000;

/// What a database says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Version as it writes it.
    pub version: String,
    /// Version as a number; 0 where there is none to compare.
    pub number: i64,
    /// Settings by name: what is, and what should be.
    pub pragmas: Vec<(&'static str, String, &'static str)>,
}

/// Asks the database.
pub async fn read(db: &Db) -> Result<Health, StoreError> {
    let mut tx = db.read().await?;
    let health = match db.engine() {
        Engine::Sqlite => sqlite(&mut tx).await?,
        Engine::Postgres => postgres(&mut tx).await?,
    };
    tx.rollback().await?;
    Ok(health)
}

async fn sqlite(tx: &mut Tx) -> Result<Health, StoreError> {
    let journal = "SELECT CAST(journal_mode AS TEXT) FROM pragma_journal_mode";
    let synchronous = "SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous";
    let foreign = "SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys";
    Ok(Health {
        version: format!("SQLite {}", text(tx, "SELECT sqlite_version()").await?),
        number: 0,
        pragmas: vec![
            ("journal_mode", text(tx, journal).await?, "wal"),
            ("synchronous", text(tx, synchronous).await?, "2"),
            ("foreign_keys", text(tx, foreign).await?, "1"),
        ],
    })
}

async fn postgres(tx: &mut Tx) -> Result<Health, StoreError> {
    let version = "SELECT CAST(current_setting('server_version') AS TEXT)";
    let number = "SELECT CAST(current_setting('server_version_num') AS BIGINT)";
    Ok(Health {
        version: format!("PostgreSQL {}", text(tx, version).await?),
        number: tx.number(Query::new(number)).await?,
        pragmas: Vec::new(),
    })
}

async fn text(tx: &mut Tx, sql: &'static str) -> Result<String, StoreError> {
    let row: Option<(String,)> = tx.optional(Query::new(sql)).await?;
    Ok(row.map(|r| r.0).unwrap_or_default())
}
