//! What a check tells: what was detected, whether the file is valid, how much counts and everything that was found.
//! Plain data without a sentence.

use super::container::Container;
use super::dialect::Delimiter;
use super::encoding::Encoding;
use super::finding::Finding;
use super::value::{DateForm, DecimalSign};
use crate::domain::code::codes;

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How the file turned out to be written.
    pub detected: Detected,
    /// Valid, with remarks, or not.
    pub status: Status,
    /// Rows below the header, damaged ones included.
    pub rows: u64,
    /// Measurements that count; none in an invalid file.
    pub accepted: u64,
    /// Measurements that do not count; all of them in an invalid file.
    pub ignored: u64,
    /// Digest of the bytes in hexadecimal; none when the size limit stopped the reading, for part of a file is not the file.
    pub sha256: Option<String>,
    /// How many bytes were read.
    pub bytes: u64,
    /// In the order of the file; then what concerns a whole column; then, per rule over the first hundred, the count of the rest.
    pub findings: Vec<Finding>,
}

/// How a file is written; none where it did not come so far, or where it does not occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detected {
    /// What surrounds the text.
    pub container: Container,
    /// How the text is encoded.
    pub encoding: Option<Encoding>,
    /// What separates the cells.
    pub delimiter: Option<Delimiter>,
    /// The sign before decimals.
    pub decimal: Option<DecimalSign>,
    /// How dates are written.
    pub date_form: Option<DateForm>,
    /// Name and version of the specification.
    pub specification: Option<&'static str>,
}

codes! {
    /// The verdict over a file.
    pub enum Status {
        /// Nothing was found.
        Valid = "valid",
        /// Accepted; some values or measurements may not count.
        ValidWithRemarks = "valid_with_remarks",
        /// Refused as a whole.
        Invalid = "invalid",
    }
}
