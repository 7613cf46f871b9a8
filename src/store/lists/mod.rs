//! The lists, one per file: where rows come from, what they can be filtered and sorted by, and the row. Reading is in `list`.

pub mod acceptance;
pub mod account;
pub mod agreement;
pub mod aside;
pub mod audit;
pub mod bulk;
pub mod cause;
pub mod connection;
pub mod extract;
pub mod figure;
pub mod job;
pub mod licence;
pub mod mail;
pub mod obligation;
pub mod operator;
pub mod organisation;
pub mod overview;
pub mod progress;
pub mod registration;
pub mod search;
pub mod submission;
pub mod test_run;
pub mod vendor;
pub mod worker;

/// Organisations by name or AGB code.
const ORGANISATIONS: &str =
    "SELECT id FROM organisation WHERE folded LIKE $1 ESCAPE '\\' OR agb LIKE $1 ESCAPE '\\'";

/// Vendors by name.
const VENDORS: &str = "SELECT id FROM vendor WHERE folded LIKE $1 ESCAPE '\\'";

/// Operators by name or login.
const OPERATORS: &str =
    "SELECT id FROM operator WHERE folded LIKE $1 ESCAPE '\\' OR login LIKE $1 ESCAPE '\\'";
