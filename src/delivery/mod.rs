//! What comes in: bytes are read, checked against a specification and turned into findings and accepted rows.
//! No database, no clock, no network and no sentence for people lives here.

mod accepted;
mod cell;
mod check;
mod citizen_number;
mod code_list;
mod container;
mod dialect;
mod encoding;
mod fault;
mod finding;
mod format;
mod header;
mod judge;
mod ledger;
mod options;
mod personal;
mod report;
mod rules;
pub mod sample;
pub mod sbg;
mod scan;
mod scanner;
mod schema;
mod seen;
mod source;
pub mod specification;
mod value;

pub use accepted::{CarePathRow, Measurement, Moment, Place};
pub use check::check;
pub use citizen_number::passes_eleven_test;
pub use container::Container;
pub use dialect::Delimiter;
pub use encoding::Encoding;
pub use finding::{Code, Column, Finding, KEPT_PER_RULE, Severity};
pub use format::Format;
pub use options::{Limits, Options};
pub use report::{Detected, Report, Status};
pub use value::{DateForm, DecimalSign};
