//! Judges one row by itself: personal data in the wrong place, types, codes, ranges and the rules within a row.
//! It keeps nothing between rows, so rows may be judged in any order and by several threads.

use std::hash::{BuildHasher, Hasher, RandomState};

use chrono::NaiveDate;

use super::accepted::Handed;
use super::batch::{Fault, Measured, Notes, RowKind, RowNote};
use super::cell::{self, Written};
use super::citizen_number::suspicious;
use super::finding::{Code, Column, Severity};
use super::header::Layout;
use super::options::Options;
use super::personal;
use super::rules::{Check, Row, Value};
use super::scan::Cell;
use super::specification::{Field, Position, Role, Specification};
use super::steady::{Columns, Known, Run, Steady};

/// What rows are judged by.
pub(super) struct Judge<'a> {
    specification: &'static Specification,
    layout: &'a Layout,
    day_of_delivery: NaiveDate,
    /// Whether anyone takes the rows.
    handing: Handing,
    delimiter: u8,
    /// A secret of this check, so that nobody can write a file whose digests collide.
    secret: RandomState,
    /// What tells care paths apart.
    group: Columns,
    /// What must be equal within one.
    columns: Columns,
    /// What else the key has.
    rest_of_key: Columns,
    steady: Option<Steady>,
    everything: Vec<Reading>,
    loose: Vec<Reading>,
    every_rule: Vec<usize>,
    every_suspect: Vec<usize>,
}

/// A column that is read: where it stands and what it must be.
#[derive(Clone, Copy)]
struct Reading {
    position: Position,
    cell: usize,
    field: &'static Field,
}

/// Whether accepted rows are handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handing {
    Over,
    Nothing,
}

/// Room that judging needs, and what is known of the row before; used again for every row.
#[derive(Debug, Default)]
pub(super) struct Room {
    values: Vec<Value>,
    key: Vec<u8>,
    known: Option<Known>,
}

impl Room {
    /// Another text begins.
    pub(super) fn forget(&mut self) {
        self.known = None;
    }
}

/// A row as it stands in a text.
#[derive(Clone, Copy)]
pub(super) struct Standing<'a> {
    pub(super) text: &'a [u8],
    /// Without surrounding blanks and quotes.
    pub(super) cells: &'a [Cell],
    /// Line on which it starts, counted from 0 within the text.
    pub(super) line: u64,
    pub(super) form: RowForm,
}

/// Whether the text of a row is that of its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum RowForm {
    /// Between two cells is the delimiter and nothing else.
    Bare,
    /// There are blanks or quotes too.
    #[default]
    Dressed,
}

impl<'a> Standing<'a> {
    /// A cell; empty beyond the last.
    #[inline]
    fn cell(&self, index: usize) -> Cell {
        self.cells.get(index).copied().unwrap_or(Cell::NOTHING)
    }

    #[inline]
    fn bytes(&self, index: usize) -> &'a [u8] {
        match self.cells.get(index) {
            Some(cell) => &self.text[cell.start..cell.end],
            None => &[],
        }
    }

    /// Where a run of cells stands in a bare row.
    fn span(&self, run: Option<Run>) -> Option<(usize, usize)> {
        let run = run.filter(|_| self.form == RowForm::Bare)?;
        Some((self.cell(run.first).start, self.cell(run.last).end))
    }
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        specification: &'static Specification,
        layout: &'a Layout,
        options: &Options,
        (delimiter, handing): (u8, Handing),
    ) -> Self {
        let within = specification
            .rules
            .iter()
            .find_map(|rule| match &rule.check {
                Check::SameWithin { group, columns } => {
                    Some((group.as_slice(), columns.as_slice()))
                }
                _ => None,
            });
        // Without such a rule, nothing but the key tells rows apart.
        let (group, columns) = within.unwrap_or((&specification.primary_key, &[]));
        let key = specification.primary_key.iter().copied();
        let steady = Steady::of(specification, layout, &[group, columns].concat());
        let reading = |position| Reading {
            position,
            cell: layout.cells[position],
            field: &specification.fields[position],
        };
        let loose = steady.iter().flat_map(|steady| &steady.loose);
        Self {
            specification,
            layout,
            day_of_delivery: options.as_of,
            handing,
            delimiter,
            secret: RandomState::new(),
            loose: loose.copied().map(reading).collect(),
            steady,
            rest_of_key: Columns::of(key.filter(|p| !group.contains(p)), layout),
            group: Columns::of(group.iter().copied(), layout),
            columns: Columns::of(columns.iter().copied(), layout),
            everything: (0..specification.fields.len()).map(reading).collect(),
            every_rule: (0..specification.rules.len()).collect(),
            every_suspect: (0..layout.suspects.len()).collect(),
        }
    }

    /// Judges a row and adds what was judged to the notes.
    pub(super) fn judge(&self, row: Standing<'_>, room: &mut Room, notes: &mut Notes) {
        let before = notes.faults.len();
        let mut written = Written::default();
        let steady = self.steady.as_ref();
        let span = row.span(steady.map(|steady| steady.run));
        let known = room.known.take().filter(|known| {
            span.is_some_and(|(start, end)| {
                row.text[known.start..known.end] == row.text[start..end]
            })
        });
        let (readings, rules, suspects) = match steady.filter(|_| known.is_some()) {
            Some(steady) => (&self.loose, &steady.rules, &steady.suspects),
            None => (&self.everything, &self.every_rule, &self.every_suspect),
        };
        let mut filled = known.map_or(0, |known| known.filled);
        written.forms = known.map_or(written.forms, |known| known.forms);
        filled |= self.read_cells(readings, row, room, (&mut written, &mut notes.faults));
        self.read_extra_cells(row, &mut notes.faults);
        self.judge_row(rules, filled, room, &mut notes.faults);
        let faults = &notes.faults[before..];
        let measured = self.weigh_measurement(filled, &room.values, faults);
        let refused = faults.iter().any(|fault| fault.severity == Severity::File);
        let kind = if refused {
            RowKind::Refused(measured)
        } else {
            RowKind::Sound(measured)
        };
        let group = known.map_or_else(|| self.digest_group(row, room), |known| known.group);
        if let (true, Some(steady), Some((start, end))) = (faults.is_empty(), steady, span) {
            room.known = Some(Known {
                start,
                end,
                filled: filled & steady.mask,
                forms: written.forms.only(steady.mask),
                group,
            });
        }
        self.note_numbers(suspects, row, notes);
        let handed = self.hand(row, kind, room, notes);
        notes.rows.push(RowNote {
            line: row.line,
            faults: notes.faults.len(),
            kind,
            key: self.digest_key(group.0, row, room),
            group,
            forms: written.forms,
            decimal: written.decimal,
            organisation: self.organisation(row),
            handed,
        });
    }

    /// Reads the cells of these columns; gives a bit per position whose cell is filled.
    fn read_cells(
        &self,
        readings: &[Reading],
        row: Standing<'_>,
        room: &mut Room,
        (written, faults): (&mut Written, &mut Vec<Fault>),
    ) -> u64 {
        room.values
            .resize(self.specification.fields.len(), Value::Absent);
        let mut filled = 0;
        for &Reading {
            position,
            cell,
            field,
        } in readings
        {
            let cell = row.bytes(cell);
            let value = &mut room.values[position];
            *value = Value::Absent;
            let read = if !cell.is_empty() {
                filled |= 1 << position;
                cell::read((position, field), cell, value, written)
            } else if field.required {
                Err((Code::Required, field.severity))
            } else {
                Ok(())
            };
            if let Err((code, severity)) = read {
                faults.push(Fault {
                    code,
                    severity,
                    column: Some(Column::Named(&field.name)),
                });
            }
        }
        filled
    }

    fn read_extra_cells(&self, row: Standing<'_>, faults: &mut Vec<Fault>) {
        for &index in &self.layout.extra {
            let cell = row.bytes(index);
            if let Some(code) = personal::recognise(cell, &personal::IN_EXTRA_COLUMNS) {
                faults.push(Fault {
                    code,
                    severity: Severity::File,
                    column: Some(Column::Numbered(index + 1)),
                });
            }
        }
    }

    fn judge_row(&self, rules: &[usize], filled: u64, room: &mut Room, faults: &mut Vec<Fault>) {
        for &at in rules {
            let rule = &self.specification.rules[at];
            let row = Row {
                specification: self.specification,
                values: &room.values,
                filled,
                day_of_delivery: self.day_of_delivery,
            };
            if !rule.is_broken_by(&row) {
                continue;
            }
            let field = rule.column.map(|column| &self.specification.fields[column]);
            faults.push(Fault {
                code: rule.code,
                severity: rule.severity,
                column: field.map(|field| Column::Named(&field.name)),
            });
            if let Some(column) = rule.column {
                room.values[column] = Value::Absent;
            }
        }
    }

    fn weigh_measurement(&self, filled: u64, values: &[Value], faults: &[Fault]) -> Measured {
        let columns = &self.specification.measurement;
        if columns.iter().all(|position| filled >> position & 1 == 0) {
            return Measured::Nothing;
        }
        let spoilt = faults
            .iter()
            .any(|fault| fault.severity >= Severity::Measurement);
        let complete = columns
            .iter()
            .all(|position| values[*position] != Value::Absent);
        if complete && !spoilt {
            Measured::Accepted
        } else {
            Measured::Ignored
        }
    }

    /// The digest of what tells care paths apart, and of what must be equal within one.
    fn digest_group(&self, row: Standing<'_>, room: &mut Room) -> (u64, u64) {
        let group = self.digest(0, &self.group, row, &mut room.key);
        (group, self.digest(1, &self.columns, row, &mut room.key))
    }

    fn digest_key(&self, group: u64, row: Standing<'_>, room: &mut Room) -> u64 {
        if self.rest_of_key.cells.is_empty() {
            return group;
        }
        self.digest(group, &self.rest_of_key, row, &mut room.key)
    }

    /// The digest of some cells with the delimiter between them. In a bare row that is what the file says.
    fn digest(&self, first: u64, columns: &Columns, row: Standing<'_>, key: &mut Vec<u8>) -> u64 {
        let mut hasher = self.secret.build_hasher();
        hasher.write_u64(first);
        if let Some((start, end)) = row.span(columns.run) {
            hasher.write(&row.text[start..end]);
            return hasher.finish();
        }
        key.clear();
        for (number, &cell) in columns.cells.iter().enumerate() {
            if number > 0 {
                key.push(self.delimiter);
            }
            for &byte in row.bytes(cell) {
                if byte == self.delimiter {
                    // No text has this byte, so a delimiter within quotes is told from one that is none.
                    key.push(0xFF);
                }
                key.push(byte);
            }
        }
        hasher.write(key);
        hasher.finish()
    }

    fn note_numbers(&self, suspects: &[usize], row: Standing<'_>, notes: &mut Notes) {
        for &suspect in suspects {
            let (_, index) = self.layout.suspects[suspect];
            let number = suspicious(row.bytes(index));
            notes.numbers.extend(number.map(|number| (suspect, number)));
        }
    }

    fn organisation(&self, row: Standing<'_>) -> Cell {
        let position = self.specification.with_role(Role::Organisation);
        position.map_or(Cell::NOTHING, |position| {
            row.cell(self.layout.cells[position])
        })
    }

    fn hand(
        &self,
        row: Standing<'_>,
        kind: RowKind,
        room: &Room,
        notes: &mut Notes,
    ) -> Option<usize> {
        let RowKind::Sound(measured) = kind else {
            return None;
        };
        if self.handing == Handing::Nothing {
            return None;
        }
        let cell = |role| {
            let position = self.specification.with_role(role)?;
            Some(row.cell(self.layout.cells[position]))
        };
        let handed = Handed::of(self.specification, measured, &room.values, &cell)?;
        notes.handed.push(handed);
        Some(notes.handed.len() - 1)
    }
}
