//! Conditions on rows and the SQL that they become. Only program text becomes SQL; every value is bound. Not what a filter
//! means: that is `filter`.

use super::query::{Query, Value};

/// A condition on one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Never true.
    Never,
    /// A column compared with a value; the operator stands in the text.
    Compare(&'static str, &'static str, Value),
    /// A column that holds one of the values.
    Among(&'static str, Vec<Value>),
    /// As `Among` for so many values that reading in order and skipping beats an index on the column.
    Dense(&'static str, Vec<Value>),
    /// A column that holds the pattern.
    Like(&'static str, String),
    /// A column that stands in the rows of a statement with one value.
    Within(&'static str, &'static str, String),
    /// Program text.
    Holds(&'static str),
    /// All of them.
    All(Vec<Self>),
    /// One of them.
    Any(Vec<Self>),
    /// Not so, or unknown.
    Not(Box<Self>),
}

impl Condition {
    /// Whether it can never be true, so that nothing need be asked.
    pub fn never(&self) -> bool {
        match self {
            Self::Never => true,
            Self::All(all) => all.iter().any(Self::never),
            Self::Any(any) => any.iter().all(Self::never),
            Self::Compare(..)
            | Self::Among(..)
            | Self::Dense(..)
            | Self::Like(..)
            | Self::Within(..)
            | Self::Holds(_)
            | Self::Not(_) => false,
        }
    }

    /// Writes the condition at the end of a statement.
    pub fn write(&self, query: Query) -> Query {
        match self {
            Self::Never => query.push("1 = 0"),
            Self::Compare(column, op, value) => query.push(column).push(op).arg(value.clone()),
            Self::Dense(column, values) => {
                let query = query.push("(").push(column).push(" || '') IN (");
                query.args(values.clone()).push(")")
            }
            Self::Among(column, values) if values.len() == 1 => {
                query.push(column).push(" = ").args(values.clone())
            }
            Self::Among(column, values) => {
                let query = query.push(column).push(" IN (");
                query.args(values.clone()).push(")")
            }
            Self::Like(column, pattern) => query
                .push(column)
                .push(" LIKE ")
                .arg(pattern.as_str())
                .push(" ESCAPE '\\'"),
            Self::Within(column, lookup, pattern) => {
                let query = query.push(column).push(" IN (");
                // A lookup may compare `$1` with more than one column.
                let parts = lookup.split("$1").enumerate();
                let bound = parts.fold(query, |q, (i, part)| {
                    let q = if i > 0 { q.arg(pattern.as_str()) } else { q };
                    q.push(part)
                });
                bound.push(")")
            }
            Self::Holds(text) => query.push("(").push(text).push(")"),
            Self::All(all) => joined(query, all, " AND "),
            Self::Any(any) => joined(query, any, " OR "),
            Self::Not(one) => one.write(query.push("(")).push(") IS NOT TRUE"),
        }
    }
}

fn joined(query: Query, conditions: &[Condition], word: &'static str) -> Query {
    let mut query = query.push("(");
    for (i, condition) in conditions.iter().enumerate() {
        if i > 0 {
            query = query.push(word);
        }
        query = condition.write(query);
    }
    query.push(")")
}
