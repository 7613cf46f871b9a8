//! A statement with its values, the same for both databases. Only program text can become SQL; everything else is bound.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row};

/// A value that can be bound on both databases.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, or a typed NULL.
    Text(Option<String>),
    /// Whole number, or a typed NULL.
    Int(Option<i64>),
    /// Floating point number.
    Real(f64),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl From<&str> for Value {
    fn from(v: &str) -> Self {
        Self::Text(Some(v.to_owned()))
    }
}
impl From<String> for Value {
    fn from(v: String) -> Self {
        Self::Text(Some(v))
    }
}
impl From<&String> for Value {
    fn from(v: &String) -> Self {
        Self::Text(Some(v.clone()))
    }
}
impl From<Option<String>> for Value {
    fn from(v: Option<String>) -> Self {
        Self::Text(v)
    }
}
impl From<Option<&str>> for Value {
    fn from(v: Option<&str>) -> Self {
        Self::Text(v.map(str::to_owned))
    }
}
impl From<i64> for Value {
    fn from(v: i64) -> Self {
        Self::Int(Some(v))
    }
}
impl From<u32> for Value {
    fn from(v: u32) -> Self {
        Self::Int(Some(i64::from(v)))
    }
}
impl From<f64> for Value {
    fn from(v: f64) -> Self {
        Self::Real(v)
    }
}
impl From<Vec<u8>> for Value {
    fn from(v: Vec<u8>) -> Self {
        Self::Bytes(v)
    }
}
impl From<crate::domain::time::Timestamp> for Value {
    fn from(v: crate::domain::time::Timestamp) -> Self {
        Self::Int(Some(v.0))
    }
}

/// A statement and its values. `$1` may repeat.
#[derive(Debug, Clone, Default)]
pub struct Query {
    pub(super) sql: String,
    pub(super) values: Vec<Value>,
}

impl Query {
    /// Begins with a piece of program text.
    pub fn new(sql: &'static str) -> Self {
        Self {
            sql: sql.to_owned(),
            values: Vec::new(),
        }
    }

    /// Adds a piece of program text.
    #[must_use]
    pub fn push(mut self, sql: &'static str) -> Self {
        self.sql.push_str(sql);
        self
    }

    /// Binds the next value; its placeholder stands in the text already.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds the next value and adds its placeholder here.
    #[must_use]
    pub fn arg(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self.sql.push('$');
        self.sql.push_str(&self.values.len().to_string());
        self
    }

    /// Adds one more assignment of an UPDATE: `, column = $n`.
    #[must_use]
    pub fn set(self, column: &'static str, value: impl Into<Value>) -> Self {
        self.push(", ").push(column).push(" = ").arg(value)
    }

    /// Binds several values and adds their placeholders here, separated by commas.
    #[must_use]
    pub fn args<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.sql.push_str(", ");
            }
            self = self.arg(value);
        }
        self
    }
}

/// A row that can be read from both databases; given by `#[derive(sqlx::FromRow)]`.
pub trait Record: Send + Unpin + Sized + 'static {
    /// Reads an `SQLite` row.
    fn of_sqlite(row: &SqliteRow) -> sqlx::Result<Self>;
    /// Reads a `PostgreSQL` row.
    fn of_postgres(row: &PgRow) -> sqlx::Result<Self>;
}

impl<T> Record for T
where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin + 'static,
{
    fn of_sqlite(row: &SqliteRow) -> sqlx::Result<Self> {
        Self::from_row(row)
    }
    fn of_postgres(row: &PgRow) -> sqlx::Result<Self> {
        Self::from_row(row)
    }
}

/// The first column of a row as a whole number.
pub(super) fn first_int<R: Row>(row: &R) -> sqlx::Result<i64>
where
    usize: sqlx::ColumnIndex<R>,
    i64: for<'r> sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    row.try_get(0)
}
