//! Many rows at once: COPY on `PostgreSQL`, INSERT of several rows on `SQLite`. For history that nobody waits for, never for a use
//! case; counts, audit and mails are the caller's.

use super::db::{Db, Tx};
use super::error::StoreError;
use super::query::{Query, Value};

/// Rows of one table that wait to be written together.
#[derive(Debug)]
pub(super) struct Sheet {
    table: &'static str,
    columns: &'static str,
    width: usize,
    cells: Vec<Value>,
}

/// Rows from which COPY is worth its beginning and its end.
const COPY_FROM: usize = 40;
/// Rows of one INSERT: few sizes, so that statements are parsed once, and small ones, because `SQLite` searches its list of
/// parameters from the beginning for every one that it parses.
const SIZES: [usize; 4] = [48, 12, 3, 1];

impl Sheet {
    pub(super) fn new(table: &'static str, columns: &'static str) -> Self {
        Self {
            table,
            columns,
            width: columns.split(',').count(),
            cells: Vec::new(),
        }
    }

    /// Adds a row: one value per column, in their order.
    pub(super) fn row<const N: usize>(&mut self, values: [Value; N]) {
        debug_assert_eq!(N, self.width, "{}", self.table);
        self.cells.extend(values);
    }

    /// Writes the rows.
    pub(super) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        let rows = self.cells.len() / self.width;
        match tx {
            Tx::Postgres(tx) if rows >= COPY_FROM => {
                let sql = format!("COPY {} ({}) FROM STDIN", self.table, self.columns);
                let mut copy = tx.copy_in_raw(&sql).await?;
                copy.send(self.text()).await?;
                copy.finish().await?;
                Ok(())
            }
            Tx::Postgres(_) | Tx::Sqlite(_) => self.insert(tx).await,
        }
    }

    async fn insert(self, tx: &mut Tx) -> Result<(), StoreError> {
        let mut rows = self.cells.len() / self.width;
        let mut cells = self.cells.into_iter();
        for size in SIZES {
            while rows >= size {
                let mut query = Query::new("INSERT INTO ")
                    .push(self.table)
                    .push(" (")
                    .push(self.columns)
                    .push(") VALUES ");
                for (i, value) in cells.by_ref().take(size * self.width).enumerate() {
                    query = query.push(match (i, i % self.width) {
                        (0, _) => "(",
                        (_, 0) => "), (",
                        _ => ", ",
                    });
                    query = query.arg(value);
                }
                tx.execute(query.push(")")).await?;
                rows -= size;
            }
        }
        Ok(())
    }

    /// The rows as COPY reads them.
    fn text(&self) -> Vec<u8> {
        let mut out = String::with_capacity(self.cells.len() * 24);
        for (i, value) in self.cells.iter().enumerate() {
            if i > 0 {
                out.push(if i % self.width == 0 { '\n' } else { '\t' });
            }
            write_value(&mut out, value);
        }
        out.push('\n');
        out.into_bytes()
    }
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Text(None) | Value::Int(None) => out.push_str("\\N"),
        Value::Int(Some(number)) => out.push_str(&number.to_string()),
        Value::Real(number) => out.push_str(&number.to_string()),
        Value::Bytes(bytes) => {
            out.push_str("\\\\x");
            out.push_str(&hex::encode(bytes));
        }
        Value::Text(Some(text)) => {
            for c in text.chars() {
                match c {
                    '\\' => out.push_str("\\\\"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\t' => out.push_str("\\t"),
                    // PostgreSQL has no NUL in text.
                    '\0' => {}
                    other => out.push(other),
                }
            }
        }
    }
}

/// Adds a list of rows of values as `(…), (…)` to a statement, for `FROM (VALUES …) AS v`.
pub(super) fn listed<const N: usize>(
    mut query: Query,
    rows: impl IntoIterator<Item = [Value; N]>,
) -> Query {
    for (i, row) in rows.into_iter().enumerate() {
        query = query
            .push(if i == 0 { "(" } else { ", (" })
            .args(row)
            .push(")");
    }
    query
}

/// How much care is taken that what was committed survives a loss of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Every commit waits for the disk.
    Full,
    /// No commit waits: only for a database that can be made anew.
    None,
}

/// Sets the care of this connection. A database that people use never runs without.
pub async fn take_care(db: &Db, care: Care) -> Result<(), StoreError> {
    if let Some(pool) = db.postgres() {
        let sql = match care {
            Care::Full => "SET synchronous_commit TO on",
            Care::None => "SET synchronous_commit TO off",
        };
        sqlx::query(sql).execute(pool).await?;
    }
    if let Some(pool) = db.sqlite_writer() {
        let statements: &[&str] = match care {
            Care::Full => &[
                "PRAGMA synchronous = FULL",
                "PRAGMA wal_checkpoint(TRUNCATE)",
                "PRAGMA cache_size = -2000",
            ],
            Care::None => &["PRAGMA synchronous = OFF", "PRAGMA cache_size = -200000"],
        };
        for sql in statements {
            sqlx::query(*sql).execute(pool).await?;
        }
    }
    Ok(())
}
