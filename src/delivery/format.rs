//! What a delivery can follow, by name and version: a table as CSV, or the XML import of the former benchmark.
//! It only tells them apart; how each is read stands with each.

use super::sbg;
use super::specification::{self, Specification};

/// A specification of either kind.
#[derive(Debug, Clone, Copy)]
pub enum Format {
    /// CSV with a header.
    Table(&'static Specification),
    /// XML.
    Import,
}

impl Format {
    /// Every format.
    pub fn all() -> impl Iterator<Item = Self> {
        let tables = specification::all().iter().map(Self::Table);
        tables.chain([Self::Import])
    }

    /// The format with this name and version.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|format| format.name() == name)
    }

    /// Name and version, such as `rom-1`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Table(specification) => &specification.name,
            Self::Import => sbg::name(),
        }
    }
}
