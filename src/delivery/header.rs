//! Reads the first record as column names: which cell holds which column, which columns are extra, and what is wrong.
//! Case, order and surrounding blanks are free; nothing else is.

use super::finding::{Code, Column, Finding, Severity};
use super::scanner::Record;
use super::specification::Specification;

/// Where the columns of a specification are in this file.
#[derive(Debug)]
pub(super) struct Layout {
    /// Cell per position of the specification.
    pub(super) cells: Vec<usize>,
    /// Cells that the specification does not know.
    pub(super) extra: Vec<usize>,
}

impl Layout {
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
    let row = Some(record.line());
    let mut findings = Vec::new();
    let mut cells = vec![None; specification.fields.len()];
    let mut extra = Vec::new();
    let mut extra_names = Vec::new();
    for index in 0..record.width() {
        let name = normalise(record.cell(index));
        let numbered = Some(Column::Numbered(index + 1));
        let known = specification.position(&name);
        if name.is_empty() {
            findings.push(Finding::file(Code::BlankColumn, row, numbered));
        } else if let Some(position) = known {
            if cells[position].replace(index).is_some() {
                let column = Some(Column::Named(&specification.fields[position].name));
                findings.push(Finding::file(Code::DuplicateColumn, row, column));
            }
        } else if extra_names.contains(&name) {
            findings.push(Finding::file(Code::DuplicateColumn, row, numbered));
        } else {
            findings.push(Finding {
                severity: Severity::Remark,
                ..Finding::file(Code::ExtraColumn, row, numbered)
            });
            extra.push(index);
            extra_names.push(name);
        }
    }
    for (field, cell) in specification.fields.iter().zip(&cells) {
        if cell.is_none() {
            findings.push(Finding::file(
                Code::MissingColumn,
                row,
                Some(Column::Named(&field.name)),
            ));
        }
    }
    let sound = findings
        .iter()
        .all(|finding| finding.severity != Severity::File);
    let layout = sound.then(|| Layout {
        cells: cells.into_iter().flatten().collect(),
        extra,
    });
    Header { findings, layout }
}
