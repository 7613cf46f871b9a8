//! Which cells must be hidden for their own sake, and how far their values must stay open.

use super::beside::Kind;
use super::problem::Cell;
use super::read::Status;
use serde::{Deserialize, Serialize};

/// What becomes of zeros that stand in a table; absent cells are structurally impossible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zeros {
    /// Hidden, as small.
    #[default]
    Protect,
    /// Published.
    Publish,
}

/// What must stay open of a cell hidden for its own sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// A second value.
    Exact,
    /// A small cell from 0 to the minimum count, another from its given bounds or that much either way.
    #[default]
    Threshold,
}

/// The rules of one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Lowest count that may be published.
    pub min_count: i64,
    /// What becomes of zeros.
    pub zeros: Zeros,
    /// What must stay open.
    pub interval: Interval,
    /// A dimension of which each code is somebody who knows its own cells and must not learn those of others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub insider: Option<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            min_count: 10,
            zeros: Zeros::Protect,
            interval: Interval::Threshold,
            insider: None,
        }
    }
}

/// Why a cell is hidden for its own sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Fewer contributors than the minimum count.
    Small,
    /// Nobody.
    Zero,
    /// The table said so.
    Given,
}

impl Rules {
    /// Why a cell must be hidden; none when it may be published.
    pub fn reason(&self, cell: &Cell) -> Option<Reason> {
        if matches!(cell.kind, Kind::Known | Kind::Free) {
            return None;
        }
        let count = cell.n.unwrap_or(cell.value);
        if cell.status == Status::Primary {
            return Some(Reason::Given);
        }
        if count == 0 {
            return (self.zeros == Zeros::Protect).then_some(Reason::Zero);
        }
        (count < self.min_count).then_some(Reason::Small)
    }

    /// The lowest and highest value that must stay possible for a hidden cell, as bounds: at most the first, at least the second.
    pub fn bounds(&self, cell: &Cell) -> (i64, i64) {
        if let (Some(lower), Some(upper)) = (cell.lower, cell.upper) {
            return (lower, upper);
        }
        let (low, high) = if cell.value < self.min_count {
            (0, self.min_count)
        } else {
            (
                (cell.value - self.min_count).max(0),
                cell.value + self.min_count,
            )
        };
        (cell.lower.unwrap_or(low), cell.upper.unwrap_or(high))
    }
}

/// What must be possible for one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Another value than the true one.
    Other,
    /// This change, or one further down.
    Down(i64),
    /// This change, or one further up.
    Up(i64),
}

impl Need {
    /// Whether a change of the cell is what was needed.
    pub(super) const fn is_met(self, change: i64) -> bool {
        match self {
            Self::Other => change != 0,
            Self::Down(by) => change <= by,
            Self::Up(by) => change >= by,
        }
    }

    /// Changes worth trying, dearest last.
    pub(super) fn changes(self) -> Vec<i64> {
        match self {
            Self::Other => vec![1, -1, 2, -2, 3, -3],
            Self::Down(by) => vec![by],
            Self::Up(by) => vec![by, by + 1, by + 2],
        }
    }
}
