//! Cells that stand in no table but are tied to its cells: what an earlier release showed or hid, what came since, the room that an
//! inequality leaves. The caller says how they hang together; nothing of them is ever published by us.

use super::problem::{Cell, Problem, narrow};
use super::read::Status;
use serde::{Deserialize, Serialize};

/// Where a cell stands, and what that means for its protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// In a table: shown unless it must be hidden.
    #[default]
    Table,
    /// Beside the tables, and known to everybody.
    Known,
    /// Beside the tables, unknown, and of no concern: it may move wherever its relations let it.
    Free,
    /// Beside the tables, unknown, and must stay so: within its bounds, as a primary cell.
    Guarded,
}

/// Cells whose signed sum everybody knows.
pub type Relation = Vec<(u32, i8)>;

/// A cell beside the tables. It counts, so it is never below 0; what may be negative is given a large value instead, for only changes matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beside {
    /// What it counts.
    pub value: i64,
    /// What it means.
    pub kind: Kind,
    /// A cell of a table whose codes it shares: who knows that one as its own knows this one too.
    pub with: Option<usize>,
    /// Lowest and highest value that must stay possible, as for a cell of a table.
    pub bounds: (Option<i64>, Option<i64>),
}

impl Problem {
    /// Adds a cell beside the tables and gives its number. All are added after the tables were read.
    pub fn add(&mut self, beside: Beside) -> usize {
        let at = self.cells.len();
        let codes = beside.with.map(|cell| self.cells[cell].codes.clone());
        self.cells.push(Cell {
            codes: codes.unwrap_or_default(),
            value: beside.value,
            status: match beside.kind {
                Kind::Table | Kind::Known => Status::Published,
                Kind::Free => Status::Secondary,
                Kind::Guarded => Status::Primary,
            },
            n: None,
            lower: beside.bounds.0,
            upper: beside.bounds.1,
            kind: if beside.kind == Kind::Table {
                Kind::Known
            } else {
                beside.kind
            },
            place: (beside.with.unwrap_or(usize::MAX), 0),
        });
        self.values.push(beside.value);
        self.sums.add_cell();
        at
    }

    /// Ties cells together: everybody knows their signed sum, whatever it is.
    pub fn relate(&mut self, cells: &[(usize, i8)]) {
        let row = cells.iter().map(|(cell, sign)| (narrow(*cell), *sign));
        self.sums.relate(row.collect());
    }

    /// The cells beside the tables as they were added, and the relations that tie cells together.
    pub fn beside(&self) -> (Vec<Beside>, Vec<Relation>) {
        let cells = self.cells.iter().skip(self.tabled());
        let cells = cells.map(|cell| Beside {
            value: cell.value,
            kind: cell.kind,
            with: (cell.place.0 != usize::MAX).then_some(cell.place.0),
            bounds: (cell.lower, cell.upper),
        });
        let rows = self.sums.rows().iter().enumerate();
        let rows = rows.filter(|(number, _)| self.sums.head(*number).is_none());
        (cells.collect(), rows.map(|(_, row)| row.clone()).collect())
    }

    /// How many cells stand in tables; those beside follow.
    pub fn tabled(&self) -> usize {
        let beside = self.cells.iter().rev();
        self.cells.len() - beside.take_while(|c| c.kind != Kind::Table).count()
    }
}
