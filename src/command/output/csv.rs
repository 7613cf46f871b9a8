//! A grid as CSV: RFC 4180 with a header of fixed names. No cell can become a formula in a spreadsheet.

use super::Grid;
use crate::ui::Cell;
use crate::ui::sane::sane;
use serde_json::Value;

/// The whole grid with its header.
pub fn write(grid: &Grid) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    let header = grid.heads.iter().map(|h| h.name);
    let mut written = writer.write_record(header);
    for row in &grid.rows {
        written = written.and_then(|()| writer.write_record(row.iter().map(field)));
    }
    // Writing to memory cannot fail; an empty text would be seen at once.
    let bytes = written.ok().and_then(|()| writer.into_inner().ok());
    String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
}

/// Rows of a table that is read again: exactly the text that was given.
pub fn records(rows: &[Vec<String>]) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::Any(b'\n'))
        .from_writer(Vec::new());
    let written = rows.iter().try_for_each(|row| writer.write_record(row));
    let bytes = written.ok().and_then(|()| writer.into_inner().ok());
    String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default()
}

fn field(cell: &Cell) -> String {
    match cell.json() {
        Value::Null => String::new(),
        Value::String(text) => neutral(&text),
        Value::Array(items) => {
            let parts: Vec<String> = items.iter().map(Value::to_string).collect();
            parts.join(" ")
        }
        other => other.to_string(),
    }
}

/// Text that a spreadsheet takes as text. The mark is judged before control characters become visible.
pub fn neutral(text: &str) -> String {
    let shown = sane(text);
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{shown}")
    } else {
        shown.into_owned()
    }
}
