//! The form of a protected table that may leave: one mark for every hidden value, whatever hid it, and nothing that tells why.

use crate::command::output::{Format, csv, json};
use crate::extract::Problem;
use crate::extract::read::Status;
use serde_json::{Map, Value, json};

/// The mark of a hidden value.
const MARK: &str = ".";

/// The table as it may be published.
pub(super) fn masked(problem: &Problem, status: &[Status], format: Format) -> String {
    let shown = |at: usize| (!status[at].is_hidden()).then_some(problem.cells[at].value);
    if format == Format::Json {
        let row = |at: usize| {
            let codes = problem.dimensions.iter().cloned().zip(problem.names(at));
            let mut row: Map<String, Value> = codes.map(|(d, code)| (d, code.into())).collect();
            row.insert("value".to_owned(), json!(shown(at)));
            Value::Object(row)
        };
        let rows: Vec<Value> = (0..problem.cells.len()).map(row).collect();
        return json::write(&json!({ "rows": rows }));
    }
    let mut header = problem.dimensions.clone();
    header.push("value".to_owned());
    let row = |at: usize| {
        let mut row: Vec<String> = problem.names(at).into_iter().map(str::to_owned).collect();
        row.push(shown(at).map_or_else(|| MARK.to_owned(), |value| value.to_string()));
        row
    };
    let rows = (0..problem.cells.len()).map(row);
    csv::records(&std::iter::once(header).chain(rows).collect::<Vec<_>>())
}
