//! Figures out: which cells of a table must be hidden so that nobody can work them out, and the proof of it. Pure code: no database, no
//! clock, no files and no sentences for people.

pub mod advise;
mod audit;
pub mod built;
mod certificate;
mod cube;
pub mod definition;
mod difference;
pub mod earlier;
pub mod explain;
mod fault;
pub mod figures;
mod grid;
mod kernel;
mod leaves;
pub mod measure;
mod number;
mod pattern;
mod problem;
mod progress;
mod protect;
pub mod read;
pub mod reading;
mod rules;
pub mod shield;
mod shift;
mod sums;
mod tableau;
mod verify;
mod witness;

pub use audit::{Finding, Verdict, audit};
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
