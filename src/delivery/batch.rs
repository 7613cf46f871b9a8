//! What judging a piece of the file gives: notes per row in the order of the piece, for the ledger to enter.
//! Cells are kept as places in the text, which travels along.

use super::accepted::Handed;
use super::finding::{Code, Column, Severity};
use super::scan::Cell;
use super::specification::Position;
use super::value::{DateForm, DecimalSign};

/// A piece of the file and what was judged of it; used again for the next piece.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) text: String,
    /// Bytes of the text that stand in the file; behind them are cells whose doubled quotes were made single.
    pub(super) length: usize,
    pub(super) notes: Notes,
}

/// What was judged of some rows.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) rows: Vec<RowNote>,
    /// Faults of all rows, each row's after those of the row before.
    pub(super) faults: Vec<Fault>,
    /// Numbers that might be citizen service numbers, by suspected column.
    pub(super) numbers: Vec<(usize, u32)>,
    /// Rows to hand over when nothing refuses the file.
    pub(super) handed: Vec<Handed>,
    /// Line ends in the text.
    pub(super) lines: u64,
}

/// A finding within a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) severity: Severity,
    pub(super) column: Option<Column>,
}

/// Everything that the ledger needs to know of one row.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowNote {
    /// Line on which the row starts, counted from 0 within the text.
    pub(super) line: u64,
    /// Where its faults end.
    pub(super) faults: usize,
    pub(super) kind: RowKind,
    /// Digest of the key.
    pub(super) key: u64,
    /// Digest of the care path, and of the columns that must be equal within it.
    pub(super) group: (u64, u64),
    pub(super) forms: Forms,
    pub(super) decimal: Option<(Position, DecimalSign)>,
    pub(super) organisation: Cell,
    /// Place of what it hands over.
    pub(super) handed: Option<usize>,
}

/// What kind of row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    /// Of the wrong width; nothing else of it was judged.
    WrongWidth,
    /// Something refuses the file; its key says nothing.
    Refused(Measured),
    /// Fit to be compared with other rows.
    Sound(Measured),
}

/// What became of the measurement of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Measured {
    /// The row has none.
    #[default]
    Nothing,
    Accepted,
    Ignored,
}

/// The columns with a date, a bit per position, by the form that the date has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Forms {
    iso: u64,
    dutch: u64,
    compact: u64,
}

impl Forms {
    pub(super) fn note(&mut self, position: Position, form: DateForm) {
        *self.of(form) |= 1 << position;
    }

    pub(super) fn has(&self, position: Position, form: DateForm) -> bool {
        let mut all = *self;
        *all.of(form) >> position & 1 == 1
    }

    /// Whether every column of these has that form in the others too.
    pub(super) fn within(&self, others: &Self) -> bool {
        self.iso & !others.iso == 0
            && self.dutch & !others.dutch == 0
            && self.compact & !others.compact == 0
    }

    /// Those of these columns.
    pub(super) fn only(self, mask: u64) -> Self {
        Self {
            iso: self.iso & mask,
            dutch: self.dutch & mask,
            compact: self.compact & mask,
        }
    }

    fn of(&mut self, form: DateForm) -> &mut u64 {
        match form {
            DateForm::Iso => &mut self.iso,
            DateForm::Dutch => &mut self.dutch,
            DateForm::Compact => &mut self.compact,
        }
    }
}

impl Notes {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
        self.faults.clear();
        self.numbers.clear();
        self.handed.clear();
        self.lines = 0;
    }
}
