//! The tables of an extract as the engine sees them: volume and response in one, because the total of the responses is a cell of the
//! volume; every instrument and every indicator by itself, because nothing adds up over those.

use super::draft::Key;
use super::means::tables;
use super::tree::Tree;
use crate::domain::coupling::Response;
use crate::domain::sheet::{Sheet, TOTAL};
use crate::extract::built::BuiltCell;
use crate::extract::fault::Fault;
use crate::extract::problem::Problem;
use crate::extract::read::{Branch, Hierarchy, Record, Status, Table};

/// The dimension of diagnosis groups and responses.
const ANSWER: &str = "answer";

/// What a table needs to know of a cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct View {
    pub(super) n: i64,
    pub(super) status: Status,
    pub(super) bounds: Option<(i64, i64)>,
}

/// Tables that are tied together.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Part {
    /// The cell of each row.
    pub(in crate::extract) keys: Vec<Key>,
    pub(in crate::extract) table: Table,
    pub(super) hierarchies: Vec<Hierarchy>,
}

impl View {
    /// A cell as it was kept.
    pub(super) fn of(cell: &BuiltCell) -> Self {
        Self {
            n: cell.n,
            status: cell.status,
            bounds: None,
        }
    }
}

impl Part {
    /// Whether it is the part of volume and response.
    pub(super) fn is_care(&self) -> bool {
        matches!(self.keys[0].0, Sheet::Volume | Sheet::Response)
    }

    /// Which part it is: the same for the same part of two extracts.
    pub(super) fn name(&self) -> Key {
        let (sheet, codes) = &self.keys[0];
        match sheet {
            Sheet::Effect => (*sheet, codes[2..].to_vec()),
            Sheet::Cqi => (*sheet, codes[1..].to_vec()),
            _ => (Sheet::Volume, Vec::new()),
        }
    }

    /// The row of a cell.
    pub(in crate::extract) fn place(&self, key: &Key) -> Option<usize> {
        self.keys.iter().position(|k| k == key)
    }

    /// The cells and sums.
    pub(in crate::extract) fn problem(&self) -> Result<Problem, Fault> {
        Problem::new(std::slice::from_ref(&self.table), &self.hierarchies, TOTAL)
    }
}

/// The parts of an extract: of cells in the order in which they are kept.
pub(super) fn parts<'a>(
    cells: impl Iterator<Item = (&'a Key, View)> + Clone,
    tree: &Tree,
) -> Vec<Part> {
    let mut parts = Vec::new();
    let care: Vec<(&Key, View)> = cells
        .clone()
        .filter(|(key, _)| matches!(key.0, Sheet::Volume | Sheet::Response))
        .collect();
    if !care.is_empty() {
        parts.push(part_of_care(&care, tree));
    }
    let views: std::collections::BTreeMap<&Key, View> = cells.clone().collect();
    for keys in tables(cells.map(|(key, _)| key)) {
        let width = if keys[0].0 == Sheet::Effect { 2 } else { 1 };
        let names = &keys[0].0.dimensions()[..width];
        let rows = keys.iter().filter_map(|key| {
            let view = views.get(key)?;
            Some(record(key.1[..width].to_vec(), *view))
        });
        parts.push(Part {
            table: table(names, rows.collect()),
            hierarchies: Vec::new(),
            keys,
        });
    }
    parts
}

/// Diagnosis groups and responses are two ways in which the same clients add up, so they are two hierarchies of one dimension.
fn part_of_care(cells: &[(&Key, View)], tree: &Tree) -> Part {
    let rows = cells.iter().map(|((sheet, codes), view)| {
        let mut codes = codes.clone();
        if *sheet == Sheet::Response {
            codes[2] = response(&codes[2]);
        }
        record(codes, *view)
    });
    let responses: Vec<String> = Response::CODES.iter().map(|code| response(code)).collect();
    let answers = responses.iter().map(|code| (code.as_str(), TOTAL));
    Part {
        keys: cells.iter().map(|(key, _)| (*key).clone()).collect(),
        table: table(&["organisation", "profile", ANSWER], rows.collect()),
        hierarchies: vec![hierarchy(tree.branches()), hierarchy(answers)],
    }
}

/// A response among the diagnosis groups, so that no code stands for both.
fn response(code: &str) -> String {
    format!("response:{code}")
}

fn hierarchy<'a>(branches: impl Iterator<Item = (&'a str, &'a str)>) -> Hierarchy {
    let branches = branches.map(|(code, parent)| Branch {
        line: 0,
        code: code.to_owned(),
        parent: parent.to_owned(),
    });
    Hierarchy {
        file: String::new(),
        dimension: ANSWER.to_owned(),
        branches: branches.collect(),
    }
}

fn table(dimensions: &[&str], rows: Vec<Record>) -> Table {
    let mut table = Table {
        file: String::new(),
        dimensions: dimensions.iter().map(|d| (*d).to_owned()).collect(),
        rows,
    };
    for (line, row) in (1..).zip(&mut table.rows) {
        row.line = line;
    }
    table
}

fn record(codes: Vec<String>, view: View) -> Record {
    Record {
        line: 0,
        codes,
        value: view.n,
        status: view.status,
        n: None,
        lower: view.bounds.map(|b| b.0),
        upper: view.bounds.map(|b| b.1),
    }
}
