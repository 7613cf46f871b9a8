//! What can be wrong with tables and hierarchies that are read, with file and line. No sentences for people: those are in `language`.

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// The text is no CSV: a quote is never closed, or a row is too short or too long.
    Form,
    /// A column that must be there is missing, or stands there twice.
    Column,
    /// A field that must be a whole number is none.
    Number,
    /// A count below 0.
    Negative,
    /// A status that does not exist.
    Status,
    /// A protection interval that does not hold the value.
    Interval,
    /// The same cell has a second value.
    Twice,
    /// A total is not the sum of its parts.
    Total,
    /// Parts have no total.
    NoTotal,
    /// A code stands in no hierarchy, or its parent leads nowhere.
    Parent,
    /// A hierarchy goes round.
    Cycle,
    /// A hierarchy names a dimension that no table has.
    Dimension,
    /// A certificate cannot be read.
    Certificate,
    /// More cells or codes than can be worked on.
    Size,
}

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {wrong:?} {what}")]
pub struct Fault {
    /// The file, as it was given.
    pub file: String,
    /// Line, counted from 1; 0 when it concerns the file as a whole.
    pub line: u64,
    /// What is wrong.
    pub wrong: Wrong,
    /// The column, code or cell that it is about.
    pub what: String,
}

impl Fault {
    /// A fault at a line.
    pub fn at(file: &str, line: u64, wrong: Wrong, what: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            wrong,
            what: what.into(),
        }
    }
}
