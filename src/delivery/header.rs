//! Reads the first record as column names: which cell holds which column, which columns are extra, and what is wrong.
//! Case, order and surrounding blanks are free; nothing else is.

use std::collections::HashSet;

use super::finding::{Code, Column, Finding, Severity};
use super::rules::Check;
use super::scanner::Record;
use super::specification::Specification;

/// Where the columns of a specification are in this file.
#[derive(Debug)]
pub(super) struct Layout {
    /// Cell per position of the specification.
    pub(super) cells: Vec<usize>,
    /// Cells that the specification does not know.
    pub(super) extra: Vec<usize>,
    /// Columns that must not hold citizen service numbers, and their cells.
    pub(super) suspects: Vec<(Column, usize)>,
}

impl Layout {
    fn new(specification: &'static Specification, cells: Vec<usize>, extra: Vec<usize>) -> Self {
        let suspected = specification
            .rules
            .iter()
            .filter_map(|rule| match &rule.check {
                Check::NoCitizenNumbers(columns) => Some(columns),
                _ => None,
            });
        let named = suspected.flatten().map(|&position| {
            let column = Column::Named(&specification.fields[position].name);
            (column, cells[position])
        });
        let unknown = extra.iter().map(|&cell| (Column::Numbered(cell + 1), cell));
        let suspects = named.chain(unknown).collect();
        Self {
            cells,
            extra,
            suspects,
        }
    }

    /// The column of a cell, by name only when it has one that the specification knows.
    pub(super) fn column(&self, cell: usize, specification: &'static Specification) -> Column {
        let position = self.cells.iter().position(|&other| other == cell);
        position.map_or(Column::Numbered(cell + 1), |position| {
            Column::Named(&specification.fields[position].name)
        })
    }
}

/// A header that was read: its findings, and a layout unless one of them refuses the file.
pub(super) struct Header {
    pub(super) findings: Vec<Finding>,
    pub(super) layout: Option<Layout>,
}

/// A column name as it is compared.
pub(super) fn normalise(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Reads the names of a header.
pub(super) fn read(record: &Record, specification: &'static Specification) -> Header {
    let mut reading = Reading {
        specification,
        cells: vec![None; specification.fields.len()],
        extra: Vec::new(),
        names: HashSet::new(),
    };
    let row = Some(record.line());
    let at = |(code, severity, column)| Finding {
        code,
        severity,
        row,
        column: Some(column),
        count: 1,
    };
    let names = (0..record.width()).map(|cell| (cell, normalise(record.cell(cell))));
    let mut findings: Vec<_> = names
        .filter_map(|(cell, name)| reading.take(cell, name))
        .map(at)
        .collect();
    findings.extend(reading.missing().map(at));
    let sound = findings
        .iter()
        .all(|finding| finding.severity != Severity::File);
    let layout = sound.then(|| {
        let cells = reading.cells.into_iter().flatten().collect();
        Layout::new(specification, cells, reading.extra)
    });
    Header { findings, layout }
}

struct Reading {
    specification: &'static Specification,
    cells: Vec<Option<usize>>,
    extra: Vec<usize>,
    names: HashSet<String>,
}

impl Reading {
    /// Takes the next name; says what is wrong with it.
    fn take(&mut self, cell: usize, name: String) -> Option<(Code, Severity, Column)> {
        let known = self.specification.position(&name);
        let column = known.map_or(Column::Numbered(cell + 1), |position| self.named(position));
        if name.is_empty() {
            return Some((Code::BlankColumn, Severity::File, column));
        }
        let parts = &self.specification.free_text;
        let is_for_free_text = parts.iter().any(|part| name.contains(part.as_str()));
        if !self.names.insert(name) {
            return Some((Code::DuplicateColumn, Severity::File, column));
        }
        if let Some(position) = known {
            self.cells[position] = Some(cell);
            return None;
        }
        self.extra.push(cell);
        if is_for_free_text {
            return Some((Code::FreeText, Severity::File, column));
        }
        Some((Code::ExtraColumn, Severity::Remark, column))
    }

    fn missing(&self) -> impl Iterator<Item = (Code, Severity, Column)> {
        let absent = self
            .cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| cell.is_none());
        absent.map(|(position, _)| (Code::MissingColumn, Severity::File, self.named(position)))
    }

    fn named(&self, position: usize) -> Column {
        Column::Named(&self.specification.fields[position].name)
    }
}
