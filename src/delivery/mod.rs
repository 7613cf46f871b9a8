//! What comes in: bytes are read, checked against a specification and turned into findings and accepted rows.
//! No database, no clock, no network and no sentence for people lives here.

mod accepted;
mod batch;
mod care_paths;
mod cell;
mod check;
mod citizen_number;
mod code_list;
mod container;
mod content;
mod cqi_sample;
mod crew;
mod dialect;
mod encoding;
mod fault;
mod finding;
mod header;
mod judge;
mod ledger;
mod marks;
mod options;
mod personal;
mod piece;
mod report;
mod rules;
pub mod sample;
mod scan;
mod scanner;
mod schema;
mod seen;
mod source;
pub mod specification;
mod steady;
mod value;
mod zip;

pub use accepted::{ANSWERS, Accepted, CarePathRow, Measurement, Moment, Place, RespondentRow};
pub use check::{check, check_into, check_only};
pub use citizen_number::passes_eleven_test;
pub use container::Container;
pub use dialect::Delimiter;
pub use encoding::Encoding;
pub use finding::{Code, Column, Finding, KEPT_PER_RULE, Severity};
pub use options::{Limits, Options};
pub use report::{Detected, Report, Status};
pub use value::{DateForm, DecimalSign};
