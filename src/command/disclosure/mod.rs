//! `disclosure protect`, `audit` and `verify`: tables in, tables and verdicts out. No database is opened here, and no rule lives here.

mod audit;
mod input;
mod masked;
mod protect;
mod running;
mod verify;

pub use audit::AUDIT;
pub use protect::PROTECT;
pub use verify::VERIFY;
