//! Figures out: which cells of a table must be hidden so that nobody can work them out, and the proof of it. Pure code: no database, no
//! clock, no files and no sentences for people.

mod audit;
mod beside;
pub mod built;
mod certificate;
mod cube;
pub mod definition;
mod demand;
mod difference;
mod fault;
pub mod figures;
mod grid;
mod kernel;
mod leaves;
mod number;
pub mod outgoing;
mod pattern;
mod problem;
mod progress;
mod protect;
pub mod read;
pub mod reading;
mod relief;
mod repair;
mod rules;
mod seen;
mod shift;
mod stack;
mod sums;
mod tableau;
pub mod tally;
mod verify;
mod witness;

pub use audit::{Finding, Inside, Verdict, audit, inside};
pub use beside::{Beside, Kind, Relation};
pub use certificate::{Certificate, FORM, Way};
pub use difference::{Difference, differences};
pub use fault::{Fault, Wrong};
pub use problem::{Cell, Problem};
pub use progress::{Progress, Quiet, Stage, Stopped};
pub use protect::{Protected, protect};
pub use rules::{Interval, Reason, Rules, Zeros};
pub use shift::Shift;
pub use sums::Sums;
pub use verify::{Proven, Refusal, verify};
