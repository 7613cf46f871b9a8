//! Waking up when somebody changed something: LISTEN on `PostgreSQL`, `PRAGMA data_version` on `SQLite`. An optimisation:
//! whoever waits here also polls.

use super::db::Db;
use super::error::StoreError;
use sqlx::postgres::PgListener;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, SqlitePool};
use std::time::Duration;

/// Waits for changes by others.
pub enum Watch {
    /// A connection of its own, whose `data_version` moves when another connection commits.
    Sqlite(Box<SqliteConnection>, i64),
    /// A connection that listens.
    Postgres(Box<PgListener>),
}

/// How often `SQLite` is asked; one page in memory, no file is read.
const SQLITE_INTERVAL: Duration = Duration::from_secs(1);
/// How long `PostgreSQL` may stay silent before a change is assumed.
const POSTGRES_INTERVAL: Duration = Duration::from_secs(15);

impl Watch {
    /// Begins to watch.
    pub async fn open(db: &Db) -> Result<Self, StoreError> {
        if let Some(pool) = db.postgres() {
            let mut listener = PgListener::connect_with(pool).await?;
            listener.listen("portaal").await?;
            return Ok(Self::Postgres(Box::new(listener)));
        }
        let Some(pool) = db.sqlite_reader() else {
            return Err(StoreError::Url(String::new()));
        };
        let mut connection = own(pool).await?;
        let version = data_version(&mut connection).await?;
        Ok(Self::Sqlite(Box::new(connection), version))
    }

    /// Returns when something may have changed. An error means that the database is gone; open a new watch then.
    pub async fn changed(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection, seen) => loop {
                tokio::time::sleep(SQLITE_INTERVAL).await;
                let version = data_version(connection).await?;
                if version != *seen {
                    *seen = version;
                    return Ok(());
                }
            },
            Self::Postgres(listener) => {
                match tokio::time::timeout(POSTGRES_INTERVAL, listener.try_recv()).await {
                    Ok(Ok(Some(_))) | Err(_) => Ok(()),
                    Ok(Ok(None)) => Err(StoreError::Unreachable("connection closed".to_owned())),
                    Ok(Err(e)) => Err(e.into()),
                }
            }
        }
    }
}

async fn own(pool: &SqlitePool) -> Result<SqliteConnection, StoreError> {
    Ok(SqliteConnection::connect_with(&pool.connect_options()).await?)
}

async fn data_version(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let row = sqlx::query("PRAGMA data_version")
        .fetch_one(connection)
        .await?;
    Ok(super::query::first_int(&row)?)
}
