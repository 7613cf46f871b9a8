//! The rows of a list that are in memory: a run of pages around the cursor. Cursor and first visible row follow their ids.

use crate::console::layout::follow;
use crate::domain::time::Timestamp;
use crate::ui::{Page, Row};

/// Rows kept in memory at most.
const MOST: usize = 600;

/// A run of rows of a list.
#[derive(Debug, Default)]
pub struct Window {
    /// The rows in order.
    pub rows: Vec<Row>,
    /// Whether there are rows before the first.
    pub before: bool,
    /// Whether there are rows after the last.
    pub after: bool,
    /// How many rows the whole list holds, when known.
    pub total: Option<i64>,
    /// Rows per state, for the stage strip.
    pub counts: Vec<(String, i64)>,
    /// When it was last read.
    pub at: Timestamp,
    /// Place of the cursor.
    pub cursor: usize,
    /// Place of the first visible row.
    pub top: usize,
}

/// Where the cursor goes when rows are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Stays on its row.
    Stay,
}

/// How far the cursor moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// By rows; the page scrolls only at its edge.
    Rows(isize),
    /// By rows, the page along with it.
    Scroll(isize),
}

impl Window {
    /// The row under the cursor.
    pub fn row(&self) -> Option<&Row> {
        self.rows.get(self.cursor)
    }

    /// The place of a row.
    pub fn place(&self, id: &str) -> Option<usize> {
        self.rows.iter().position(|r| r.id == id)
    }

    /// The visible rows.
    pub fn visible(&self, height: usize) -> &[Row] {
        let end = self.top.saturating_add(height).min(self.rows.len());
        self.rows.get(self.top..end).unwrap_or_default()
    }

    /// Moves the cursor; what could not be moved for lack of rows is given back.
    pub fn step(&mut self, step: Step, height: usize) -> isize {
        let (by, scroll) = match step {
            Step::Rows(by) => (by, false),
            Step::Scroll(by) => (by, true),
        };
        let last = self.rows.len().saturating_sub(1);
        let wanted = self.cursor.cast_signed().saturating_add(by);
        let reached = wanted.clamp(0, last.cast_signed());
        if scroll {
            self.top = self.top.saturating_add_signed(by);
        }
        self.cursor = reached.unsigned_abs();
        self.settle(height);
        wanted - reached
    }

    /// Puts the cursor on a row.
    pub fn go(&mut self, place: usize, height: usize) {
        self.cursor = place;
        self.settle(height);
    }

    /// Brings cursor and first visible row back within the rows.
    pub fn settle(&mut self, height: usize) {
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
        // No empty lines at the end while there are rows to show above.
        self.top = self.top.min(self.rows.len().saturating_sub(height.max(1)));
        self.top = follow(self.top, self.cursor, height);
    }

    /// Puts a page in place of all rows. Gives back how many rows are new before the one that was first.
    pub fn replace(&mut self, page: Page, anchor: Anchor, height: usize) -> i64 {
        let cursor_id = self.row().map(|r| r.id.clone());
        let top_id = self.rows.get(self.top).map(|r| r.id.clone());
        let first_id = self.rows.first().map(|r| r.id.clone());
        let at_start = !self.before;
        let offset = self.cursor.saturating_sub(self.top);
        let grown = page
            .total
            .zip(self.total)
            .map_or(0, |(now, then)| now - then);
        self.rows = page.rows;
        self.before = page.before;
        self.after = page.after;
        self.total = page.total;
        self.counts = page.counts;
        self.at = page.at;
        match anchor {
            Anchor::First => (self.cursor, self.top) = (0, 0),
            Anchor::Last => (self.cursor, self.top) = (self.rows.len(), self.rows.len()),
            Anchor::Stay => {
                let cursor = cursor_id.and_then(|id| self.place(&id));
                self.cursor = cursor.unwrap_or(self.cursor);
                let top = top_id.and_then(|id| self.place(&id));
                self.top = top.unwrap_or_else(|| self.cursor.saturating_sub(offset));
            }
        }
        self.settle(height);
        if at_start && !self.before {
            return first_id
                .and_then(|id| self.place(&id))
                .and_then(|n| i64::try_from(n).ok())
                .unwrap_or(0);
        }
        grown.max(0)
    }

    /// Adds the page that follows.
    pub fn append(&mut self, page: Page, height: usize) {
        self.rows.extend(page.rows);
        self.after = page.after;
        let spare = self
            .rows
            .len()
            .saturating_sub(MOST)
            .min(self.top.saturating_sub(2 * height));
        if spare > 0 {
            self.rows.drain(..spare);
            self.before = true;
            self.cursor = self.cursor.saturating_sub(spare);
            self.top -= spare;
        }
    }

    /// Adds the page that goes before.
    pub fn prepend(&mut self, page: Page, height: usize) {
        let count = page.rows.len();
        self.rows.splice(0..0, page.rows);
        self.before = page.before;
        self.cursor += count;
        self.top += count;
        let keep = self.top.saturating_add(3 * height).max(MOST);
        if self.rows.len() > keep {
            self.rows.truncate(keep);
            self.after = true;
        }
    }

    /// Whether a page holds the very rows that are in memory already.
    pub fn same(&self, page: &Page) -> bool {
        if self.counts != page.counts || self.total != page.total {
            return false;
        }
        let Some(first) = page.rows.first() else {
            return self.rows.is_empty();
        };
        let Some(from) = self.place(&first.id) else {
            return false;
        };
        let here = self.rows.get(from..from + page.rows.len());
        let starts_alike = from > 0 || self.before == page.before;
        let ends_alike = page.after || from + page.rows.len() == self.rows.len();
        starts_alike && ends_alike && here == Some(page.rows.as_slice())
    }
}
