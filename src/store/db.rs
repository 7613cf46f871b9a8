//! The database and its transactions: one enum at the connection, plain functions everywhere else. No table is named here.

use super::error::StoreError;
use super::fault::{self, Faults};
use super::query::{Query, Record, Value, first_int};
use crate::domain::time::Timestamp;
use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool, Transaction};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

/// Which database this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one writer.
    Sqlite,
    /// A server.
    Postgres,
}

/// Whether the program may change records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Access {
    /// It may.
    #[default]
    ReadWrite,
    /// Every transaction is read-only, but for the audit's own.
    ReadOnly,
}

#[derive(Debug, Clone)]
enum Pools {
    Sqlite { write: SqlitePool, read: SqlitePool },
    Postgres(PgPool),
}

/// A database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Db {
    pools: Pools,
    access: Access,
    url: Arc<str>,
    faults: Option<Arc<Faults>>,
}

/// A transaction. Dropped without `commit`, it is rolled back.
pub struct Tx {
    on: On,
    faults: Option<Arc<Faults>>,
}

enum On {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Milliseconds that a transaction waits for a connection or for another writer.
const PATIENCE: Duration = Duration::from_secs(10);

impl Db {
    /// Opens a database by URL; makes an `SQLite` file that does not exist, readable by its owner alone.
    pub async fn open(url: &str, access: Access) -> Result<Self, StoreError> {
        let pools = if url.starts_with("sqlite:") {
            open_sqlite(url).await?
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url).await?
        } else {
            return Err(StoreError::Url("sqlite:PATH | postgres://…".to_owned()));
        };
        Ok(Self {
            pools,
            access,
            url: url.into(),
            faults: None,
        })
    }

    /// The same database with operations that fail by a plan; for tests.
    #[must_use]
    pub fn with_faults(self, faults: Arc<Faults>) -> Self {
        Self {
            faults: Some(faults),
            ..self
        }
    }

    fn tx(&self, on: On) -> Tx {
        Tx {
            on,
            faults: self.faults.clone(),
        }
    }

    /// The URL it was opened with; holds the password, so never to be shown.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Which database this is.
    pub const fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Whether records may be changed.
    pub const fn access(&self) -> Access {
        self.access
    }

    /// A transaction that reads one consistent state.
    pub async fn read(&self) -> Result<Tx, StoreError> {
        fault::operation(self.faults.as_ref())?;
        Ok(self.tx(match &self.pools {
            Pools::Sqlite { read, .. } => On::Sqlite(read.begin_with("BEGIN").await?),
            Pools::Postgres(pool) => On::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        }))
    }

    /// A transaction that changes records; on a database opened read-only every change in it fails.
    pub async fn write(&self) -> Result<Tx, StoreError> {
        match self.access {
            Access::ReadOnly => self.read().await,
            Access::ReadWrite => self.append().await,
        }
    }

    /// A transaction for the audit, which is written even when records may not be changed.
    pub async fn append(&self) -> Result<Tx, StoreError> {
        fault::operation(self.faults.as_ref())?;
        Ok(self.tx(match &self.pools {
            Pools::Sqlite { write, .. } => On::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => On::Postgres(pool.begin().await?),
        }))
    }

    /// Applies migrations.
    pub async fn migrate(&self, migrator: &sqlx::migrate::Migrator) -> Result<(), StoreError> {
        let applied = match &self.pools {
            Pools::Sqlite { write, .. } => migrator.run(write).await,
            Pools::Postgres(pool) => migrator.run(pool).await,
        };
        applied.map_err(|e| StoreError::Schema(e.to_string()))
    }

    /// The `PostgreSQL` pool, for the one thing that has no twin: LISTEN.
    pub(super) const fn postgres(&self) -> Option<&PgPool> {
        match &self.pools {
            Pools::Sqlite { .. } => None,
            Pools::Postgres(pool) => Some(pool),
        }
    }

    /// The `SQLite` reader pool, for `PRAGMA data_version`.
    pub(super) const fn sqlite_reader(&self) -> Option<&SqlitePool> {
        match &self.pools {
            Pools::Sqlite { read, .. } => Some(read),
            Pools::Postgres(_) => None,
        }
    }

    /// The `SQLite` writer pool, for settings of its one connection.
    pub(super) const fn sqlite_writer(&self) -> Option<&SqlitePool> {
        match &self.pools {
            Pools::Sqlite { write, .. } => Some(write),
            Pools::Postgres(_) => None,
        }
    }

    /// Begins to watch for changes.
    pub async fn watch(&self) -> Result<super::watch::Watch, StoreError> {
        super::watch::Watch::open(self).await
    }

    /// Closes all connections, waiting for those in use.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// The server's time on `PostgreSQL`; none on `SQLite`, where this machine's clock is the truth.
    pub async fn server_time(&self) -> Result<Option<Timestamp>, StoreError> {
        let Pools::Postgres(pool) = &self.pools else {
            return Ok(None);
        };
        let sql = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
        let row = sqlx::query(sql).fetch_one(pool).await?;
        Ok(Some(Timestamp(first_int(&row)?)))
    }
}

async fn open_sqlite(url: &str) -> Result<Pools, StoreError> {
    let options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("trusted_schema", "OFF")
        .statement_cache_capacity(64);
    let path = options.get_filename().to_path_buf();
    make_private(&path)?;
    let write = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_with(options.clone())
        .await?;
    let read = SqlitePoolOptions::new()
        .max_connections(2)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Pools::Sqlite { write, read })
}

/// Makes the file and its directory for the owner alone, before the database would make them for everyone.
fn make_private(path: &std::path::Path) -> Result<(), StoreError> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    let fail = |e: std::io::Error| StoreError::Unreachable(e.to_string());
    if path.as_os_str().is_empty() || path.as_os_str() == ":memory:" || path.exists() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(parent)
            .map_err(fail)?;
    }
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(fail)?;
    Ok(())
}

async fn open_postgres(url: &str) -> Result<Pools, StoreError> {
    let options = PgConnectOptions::from_str(url)?
        .application_name("portaal")
        .statement_cache_capacity(64)
        .options([
            ("idle_in_transaction_session_timeout", "20s"),
            ("lock_timeout", "10s"),
            ("statement_timeout", "120s"),
        ]);
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres(pool))
}

macro_rules! bound {
    ($query:expr) => {{
        let mut statement = sqlx::query(AssertSqlSafe($query.sql));
        for value in $query.values {
            statement = match value {
                Value::Text(v) => statement.bind(v),
                Value::Int(v) => statement.bind(v),
                Value::Real(v) => statement.bind(v),
                Value::Bytes(v) => statement.bind(v),
            };
        }
        statement
    }};
}

impl Tx {
    /// Which database this runs on.
    pub const fn engine(&self) -> Engine {
        match self.on {
            On::Sqlite(_) => Engine::Sqlite,
            On::Postgres(_) => Engine::Postgres,
        }
    }

    /// Locks the rows of a SELECT until the end; `SQLite` has one writer and needs nothing.
    pub const fn for_update(&self) -> &'static str {
        match self.on {
            On::Sqlite(_) => "",
            On::Postgres(_) => " FOR UPDATE",
        }
    }

    /// As `for_update`, leaving out rows that somebody else has locked.
    pub const fn skip_locked(&self) -> &'static str {
        match self.on {
            On::Sqlite(_) => "",
            On::Postgres(_) => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Runs a statement; gives the number of rows that it changed.
    pub async fn execute(&mut self, query: Query) -> Result<u64, StoreError> {
        fault::operation(self.faults.as_ref())?;
        Ok(match &mut self.on {
            On::Sqlite(tx) => bound!(query).execute(&mut **tx).await?.rows_affected(),
            On::Postgres(tx) => bound!(query).execute(&mut **tx).await?.rows_affected(),
        })
    }

    /// All rows.
    pub async fn all<R: Record>(&mut self, query: Query) -> Result<Vec<R>, StoreError> {
        fault::operation(self.faults.as_ref())?;
        match &mut self.on {
            On::Sqlite(tx) => {
                let rows = bound!(query).fetch_all(&mut **tx).await?;
                Ok(rows.iter().map(R::of_sqlite).collect::<sqlx::Result<_>>()?)
            }
            On::Postgres(tx) => {
                let rows = bound!(query).fetch_all(&mut **tx).await?;
                Ok(rows
                    .iter()
                    .map(R::of_postgres)
                    .collect::<sqlx::Result<_>>()?)
            }
        }
    }

    /// Hands each row to a function, without keeping them all in memory.
    pub async fn each<R: Record, F>(&mut self, query: Query, mut take: F) -> Result<(), StoreError>
    where
        F: FnMut(R) + Send,
    {
        fault::operation(self.faults.as_ref())?;
        match &mut self.on {
            On::Sqlite(tx) => {
                let mut rows = bound!(query).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    take(R::of_sqlite(&row)?);
                }
            }
            On::Postgres(tx) => {
                let mut rows = bound!(query).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await? {
                    take(R::of_postgres(&row)?);
                }
            }
        }
        Ok(())
    }

    /// The first row, if there is one.
    pub async fn optional<R: Record>(&mut self, query: Query) -> Result<Option<R>, StoreError> {
        fault::operation(self.faults.as_ref())?;
        match &mut self.on {
            On::Sqlite(tx) => {
                let row = bound!(query).fetch_optional(&mut **tx).await?;
                Ok(row.as_ref().map(R::of_sqlite).transpose()?)
            }
            On::Postgres(tx) => {
                let row = bound!(query).fetch_optional(&mut **tx).await?;
                Ok(row.as_ref().map(R::of_postgres).transpose()?)
            }
        }
    }

    /// The first column of the first row as a whole number; 0 when there is no row.
    pub async fn number(&mut self, query: Query) -> Result<i64, StoreError> {
        let row: Option<(i64,)> = self.optional(query).await?;
        Ok(row.map_or(0, |r| r.0))
    }

    /// Makes everything in it lasting. A lost connection here leaves it in doubt.
    pub async fn commit(self) -> Result<(), StoreError> {
        let end = fault::commit(self.faults.as_ref());
        if end == fault::Commit::Undone {
            return Err(StoreError::Unreachable("on request".to_owned()));
        }
        let done = match self.on {
            On::Sqlite(tx) => tx.commit().await,
            On::Postgres(tx) => tx.commit().await,
        };
        done.map_err(|e| match StoreError::from(e) {
            StoreError::Unreachable(text) => StoreError::Doubt(text),
            other => other,
        })?;
        match end {
            fault::Commit::AnswerLost => Err(StoreError::Doubt("on request".to_owned())),
            fault::Commit::Whole | fault::Commit::Undone => Ok(()),
        }
    }

    /// Takes everything back.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.on {
            On::Sqlite(tx) => tx.rollback().await?,
            On::Postgres(tx) => tx.rollback().await?,
        }
        Ok(())
    }

    /// Tells every console and worker on `PostgreSQL` that something changed, once this commits.
    pub async fn notify(&mut self) -> Result<(), StoreError> {
        fault::operation(self.faults.as_ref())?;
        if let On::Postgres(tx) = &mut self.on {
            sqlx::query("SELECT pg_notify('portaal', '')")
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }

    /// Sends rows to a table by COPY; only on `PostgreSQL`.
    pub(super) async fn copy_in(
        &mut self,
        table: &'static str,
        columns: &'static str,
        form: &'static str,
        rows: Vec<u8>,
    ) -> Result<(), StoreError> {
        fault::operation(self.faults.as_ref())?;
        let On::Postgres(tx) = &mut self.on else {
            return Err(StoreError::Other("no COPY here".to_owned()));
        };
        let sql = format!("COPY {table} ({columns}) {form}");
        let mut copy = tx.copy_in_raw(&sql).await?;
        copy.send(rows).await?;
        copy.finish().await?;
        Ok(())
    }
}
