//! The screens of the console, as data: one file per screen, one line here.

pub mod spec;

pub use spec::{Answer, Enter, Filter, List, Load, Open, Screen, Stage};

/// Every screen, in the order of their digits.
pub static ALL: &[&Screen] = &[];
