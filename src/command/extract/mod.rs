//! `extract`: what is neither a list nor an action of the table. Definitions from a file, why a cell is
//! hidden, the registry, coverage, and the check of a directory without a database.

mod coverage;
mod define;
mod explain;
mod registry;
mod verify;

pub use coverage::COVERAGE;
pub use define::DEFINE;
pub use explain::EXPLAIN;
pub use registry::REGISTRY;
pub use verify::VERIFY;

use super::output::{self, Format, Grid, Head, csv, json, table};
use super::{Context, Failure, Session};
use crate::language::Message;
use crate::ui::Cell;
use serde_json::{Map, Value, json};

const fn head(name: &'static str, title: &'static Message, rank: u8) -> Head {
    Head { name, title, rank }
}

/// Writes a grid in the form that was asked.
fn write(context: &Context, session: &Session, grid: &Grid) -> Result<(), Failure> {
    match context.format() {
        Format::Json => {
            let row = |cells: &Vec<Cell>| -> Value {
                let pairs = grid.heads.iter().zip(cells);
                let map: Map<String, Value> = pairs
                    .map(|(head, cell)| (head.name.to_owned(), cell.json()))
                    .collect();
                map.into()
            };
            let rows: Vec<Value> = grid.rows.iter().map(row).collect();
            output::data(json::write(&json!({ "rows": rows })).as_bytes())
        }
        Format::Csv => output::data(csv::write(grid).as_bytes()),
        Format::Table => output::data(table::write(grid, session.reader()).as_bytes()),
    }
}
