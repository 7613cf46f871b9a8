//! A list: its columns, what is asked of it and one page of its rows. Rows have lost their type here, so one list view serves all.

use super::cell::Cell;
use crate::domain::time::Timestamp;
use crate::language::Message;

pub use crate::domain::order::{Cursor, Side};

/// How wide a column is, in terminal cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// Always this wide.
    Fixed(u16),
    /// At least `min`, and a share of what is left by weight.
    Fill {
        /// Least width.
        min: u16,
        /// Share of the rest.
        weight: u16,
    },
}

/// One column of a list.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Key in JSON and header in CSV; never translated.
    pub name: &'static str,
    /// Header on screen.
    pub title: &'static Message,
    /// Its width.
    pub width: Width,
    /// Shown when there is room: 0 always, higher numbers go first on a narrow screen.
    pub rank: u8,
    /// Name of the sort that this column stands for, when it has one.
    pub sort: Option<&'static str>,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Identifier of the record; cursor and marks belong to it.
    pub id: String,
    /// Version of the record when it was read; 0 where records have none.
    pub version: i64,
    /// State code, empty where records have none.
    pub state: String,
    /// What people call the record, for confirmations and the palette.
    pub label: String,
    /// Values in the order of the columns.
    pub cells: Vec<Cell>,
    /// Where this row stands in the order, to page on from here.
    pub cursor: Cursor,
}

/// What is asked of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// Filter as typed; see `domain::filter`.
    pub filter: String,
    /// Name of a sort, `-` before it for descending; empty for the list's own order.
    pub sort: String,
    /// Page on from here; when absent from the first row, or up to the last when `side` is `Before`.
    pub cursor: Option<Cursor>,
    /// Which side of the cursor.
    pub side: Side,
    /// Rows at most.
    pub limit: u32,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Rows in the order asked.
    pub rows: Vec<Row>,
    /// Whether there are rows before the first.
    pub before: bool,
    /// Whether there are rows after the last.
    pub after: bool,
    /// How many rows the whole list holds, when that is known without counting.
    pub total: Option<i64>,
    /// How many records are in each state, over the whole list without its filter; empty where nobody keeps count.
    pub counts: Vec<(String, i64)>,
    /// When it was read.
    pub at: Timestamp,
}
