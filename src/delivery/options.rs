//! What a delivery is checked against, and what is too much. Given by the caller: no clock and no setting is read here.

use chrono::NaiveDate;

use super::format::Format;

/// What a delivery is checked against.
#[derive(Debug, Clone)]
pub struct Options {
    /// AGB code of the delivering organisation; without it, a file may hold any one organisation.
    pub organisation: Option<String>,
    /// The day of delivery: nothing in the file may lie after it.
    pub as_of: NaiveDate,
    /// What the connection names; without it, the file decides.
    pub specification: Option<Format>,
    /// What is too much.
    pub limits: Limits,
    /// Threads that judge; changes speed only, never a finding.
    pub threads: usize,
}

impl Options {
    /// The ordinary limits, for any organisation.
    pub fn new(as_of: NaiveDate) -> Self {
        Self {
            organisation: None,
            as_of,
            specification: None,
            limits: Limits::default(),
            threads: 2,
        }
    }
}

/// Bounds of a delivery.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Rows below the header.
    pub rows: u64,
    /// Bytes of a line (of a record, when a quoted cell spans lines).
    pub line_bytes: usize,
    /// Columns of the header.
    pub columns: usize,
    /// How many times larger than an archive its contents may be, once they are of any size.
    pub ratio: u64,
    /// Bytes that are read at a time; changes speed only, never a finding.
    pub block_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 2 << 30,
            rows: 10_000_000,
            line_bytes: 64 * 1024,
            columns: 200,
            ratio: 200,
            block_bytes: 64 * 1024,
        }
    }
}
