//! Judges one row by itself: personal data in the wrong place, types, codes, ranges and the rules within a row.
//! It keeps nothing between rows, so rows may be judged in any order and by several threads.

use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::NaiveDate;

use super::cell::{self, Reading};
use super::finding::{Code, Severity};
use super::header::Layout;
use super::rules::{Check, Row, Value};
use super::scanner::Record;
use super::specification::{Field, Position, Specification};
use super::value::{DateForm, DecimalSign};

/// What rows are judged by.
pub(super) struct Judge {
    specification: &'static Specification,
    day_of_delivery: NaiveDate,
}

/// A finding within a row: the ledger knows the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) severity: Severity,
    pub(super) column: Option<Position>,
}

/// Everything that the ledger and the service need to know of one row. It is used again for the next row.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    pub(super) faults: Vec<Fault>,
    pub(super) values: Vec<Value>,
    /// A bit per position whose cell is filled.
    pub(super) filled: u64,
    /// Columns with a date, and the form it has.
    pub(super) dates: Vec<(Position, DateForm)>,
    pub(super) decimal: Option<(Position, DecimalSign)>,
    /// Digest of the key.
    pub(super) key: u64,
    /// Digest of the group and digest of the columns that must be equal within it.
    pub(super) group: Option<(u64, u64)>,
    pub(super) measured: Measured,
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

impl Judge {
    pub(super) fn new(specification: &'static Specification, day_of_delivery: NaiveDate) -> Self {
        Self {
            specification,
            day_of_delivery,
        }
    }

    /// Judges a row into a verdict.
    pub(super) fn judge(&self, record: &Record, layout: &Layout, verdict: &mut Verdict) {
        verdict.clear();
        for (position, field) in self.specification.fields.iter().enumerate() {
            verdict.read(position, field, record.cell(layout.cells[position]));
        }
        self.judge_row(verdict);
        self.digest(record, layout, verdict);
        verdict.measured = self.weigh_measurement(verdict);
    }

    fn judge_row(&self, verdict: &mut Verdict) {
        for rule in &self.specification.rules {
            let row = Row {
                specification: self.specification,
                values: &verdict.values,
                filled: verdict.filled,
                day_of_delivery: self.day_of_delivery,
            };
            if !rule.is_broken_by(&row) {
                continue;
            }
            verdict.faults.push(Fault {
                code: rule.code,
                severity: rule.severity,
                column: rule.column,
            });
            if let Some(column) = rule.column {
                verdict.values[column] = Value::Absent;
            }
        }
    }

    fn digest(&self, record: &Record, layout: &Layout, verdict: &mut Verdict) {
        let digest = |positions: &[Position]| {
            let mut hasher = DefaultHasher::new();
            for &position in positions {
                record.cell(layout.cells[position]).hash(&mut hasher);
            }
            hasher.finish()
        };
        verdict.key = digest(&self.specification.primary_key);
        verdict.group = self
            .specification
            .rules
            .iter()
            .find_map(|rule| match &rule.check {
                Check::SameWithin { group, columns } => Some((digest(group), digest(columns))),
                _ => None,
            });
    }

    fn weigh_measurement(&self, verdict: &Verdict) -> Measured {
        let columns = || self.specification.measurement.iter().copied();
        if columns().all(|position| verdict.filled >> position & 1 == 0) {
            return Measured::Nothing;
        }
        let spoilt = verdict
            .faults
            .iter()
            .any(|fault| fault.severity >= Severity::Measurement);
        let complete = columns().all(|position| verdict.values[position] != Value::Absent);
        if complete && !spoilt {
            Measured::Accepted
        } else {
            Measured::Ignored
        }
    }
}

impl Verdict {
    fn clear(&mut self) {
        self.faults.clear();
        self.values.clear();
        self.dates.clear();
        (self.filled, self.decimal) = (0, None);
    }

    fn read(&mut self, position: Position, field: &Field, cell: &str) {
        let value = match cell::read(field, cell) {
            Ok(None) => Value::Absent,
            Ok(Some(Reading {
                value,
                date,
                decimal,
            })) => {
                self.dates.extend(date.map(|form| (position, form)));
                self.decimal = self.decimal.or(decimal.map(|sign| (position, sign)));
                value
            }
            Err((code, severity)) => {
                self.fault(code, severity, position);
                Value::Absent
            }
        };
        self.filled |= u64::from(!cell.is_empty()) << position;
        self.values.push(value);
    }

    fn fault(&mut self, code: Code, severity: Severity, position: Position) {
        self.faults.push(Fault {
            code,
            severity,
            column: Some(position),
        });
    }
}
