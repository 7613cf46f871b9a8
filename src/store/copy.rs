//! Many rows at once: COPY on `PostgreSQL`, INSERT of several rows on `SQLite`. For history that nobody waits for, never for a use
//! case; counts, audit and mails are the caller's.

use super::db::{Db, Engine, Tx};
use super::error::StoreError;
use super::query::{Query, Value};
use chrono::NaiveDate;

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
        if tx.engine() == Engine::Postgres && rows >= COPY_FROM {
            let text = self.text();
            return tx
                .copy_in(self.table, self.columns, "FROM STDIN", text)
                .await;
        }
        self.insert(tx).await
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

/// Takes the cells of a row one by one, in the order of the columns.
pub(super) trait Cells {
    /// Text.
    fn text(&mut self, value: &str);
    /// Bytes.
    fn bytes(&mut self, value: &[u8]);
    /// A whole number, or none.
    fn whole(&mut self, value: Option<i64>);
    /// A number.
    fn real(&mut self, value: f64);
    /// A day as `YYYY-MM-DD`, empty for none.
    fn date(&mut self, value: Option<NaiveDate>) {
        match value {
            Some(day) => self.text(&day.to_string()),
            None => self.text(""),
        }
    }
}

impl Cells for Vec<Value> {
    fn text(&mut self, value: &str) {
        self.push(Value::from(value));
    }
    fn bytes(&mut self, value: &[u8]) {
        self.push(Value::from(value.to_vec()));
    }
    fn whole(&mut self, value: Option<i64>) {
        self.push(Value::Int(value));
    }
    fn real(&mut self, value: f64) {
        self.push(Value::from(value));
    }
}

/// Rows in the binary form of COPY: each cell its length and its bytes.
struct Binary(Vec<u8>);

/// Signature, flags, length of the extension of the header.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

impl Binary {
    fn cell(&mut self, bytes: &[u8]) {
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
    }
}

impl Cells for Binary {
    fn text(&mut self, value: &str) {
        self.cell(value.as_bytes());
    }
    fn bytes(&mut self, value: &[u8]) {
        self.cell(value);
    }
    fn whole(&mut self, value: Option<i64>) {
        match value {
            Some(number) => self.cell(&number.to_be_bytes()),
            None => self.0.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
    }
    fn real(&mut self, value: f64) {
        self.cell(&value.to_be_bytes());
    }
}

/// A table that large numbers of typed rows are written to; texts in it hold no NUL.
#[derive(Debug)]
pub(super) struct Load {
    pub(super) table: &'static str,
    pub(super) columns: &'static str,
}

impl Load {
    /// Writes rows; `put` hands over the cells of one.
    pub(super) async fn write<R>(
        &self,
        tx: &mut Tx,
        rows: &[R],
        mut put: impl FnMut(&R, &mut dyn Cells),
    ) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        let width = self.columns.split(',').count();
        if tx.engine() == Engine::Postgres && rows.len() >= COPY_FROM {
            let fields = i16::try_from(width).unwrap_or(i16::MAX).to_be_bytes();
            let mut binary = Binary(Vec::with_capacity(rows.len() * width * 16));
            binary.0.extend_from_slice(HEADER);
            for row in rows {
                binary.0.extend_from_slice(&fields);
                put(row, &mut binary);
            }
            binary.0.extend_from_slice(&(-1_i16).to_be_bytes());
            let form = "FROM STDIN (FORMAT binary)";
            return tx.copy_in(self.table, self.columns, form, binary.0).await;
        }
        let mut sheet = Sheet::new(self.table, self.columns);
        for row in rows {
            put(row, &mut sheet.cells);
        }
        sheet.insert(tx).await
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
