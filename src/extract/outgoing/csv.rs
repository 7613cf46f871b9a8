//! A table as CSV: RFC 4180, a header, `\n` at the end of a line. No field can become a formula in a spreadsheet.

use super::grid::{Field, Grid, HIDDEN};
use csv::{Terminator, WriterBuilder};

/// The bytes of a table.
pub(super) fn write(grid: &Grid) -> Vec<u8> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    let mut written = writer.write_record(&grid.heads);
    for row in &grid.rows {
        written = written.and_then(|()| writer.write_record(row.iter().map(field)));
    }
    // Writing to memory cannot fail; an empty file would be seen at once.
    let bytes = written.ok().and_then(|()| writer.into_inner().ok());
    bytes.unwrap_or_default()
}

fn field(field: &Field) -> String {
    match field {
        Field::Text(text) => neutral(text),
        Field::Number(text, _) => text.clone(),
        Field::Hidden => HIDDEN.to_owned(),
        Field::Nothing => String::new(),
    }
}

/// Text that a spreadsheet takes as text, without characters that cannot be seen.
pub(super) fn neutral(text: &str) -> String {
    let shown = |c: char| {
        if crate::domain::check::unprintable(c) {
            ' '
        } else {
            c
        }
    };
    let clean: String = text.chars().map(shown).collect();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{clean}")
    } else {
        clean
    }
}
