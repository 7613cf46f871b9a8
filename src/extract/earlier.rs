//! An earlier release, as far as somebody knows it who kept every file and we who kept what was hidden in it. Recalled ones count too.

use super::built::BuiltCell;
use super::definition::{Definition, Period};
use super::figures::Held;
use crate::domain::sheet::Sheet;
use std::collections::BTreeMap;

/// A release that went out before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its number in the registry.
    pub name: String,
    /// Its period, such as `2025` or `2025-H1`.
    pub period: String,
    /// What it was made by.
    pub definition: Definition,
    /// Its cells, hidden ones with their value.
    pub cells: Vec<BuiltCell>,
    /// AGB codes of the holders that it counted together.
    pub pooled: Vec<String>,
    /// What each of those had of the cells that they shared, by its cell.
    pub own: BTreeMap<(Sheet, Vec<String>), Held>,
}

impl Earlier {
    /// Whether it counted the same period in the same way, so that a figure of it can stand for one of now.
    pub fn is_same(&self, period: &str, definition: &Definition) -> bool {
        self.period == period && self.definition == *definition
    }

    /// Whether it counted clients of a period; one that did not may still be tied to it by a third.
    pub fn overlaps(&self, period: &str) -> bool {
        let both = Period::parse(&self.period).zip(Period::parse(period));
        both.is_some_and(|(own, other)| own.overlaps(&other))
    }
}
