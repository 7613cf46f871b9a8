//! The tables of an extract as the engine sees them: volume and response in one, because the total of the responses is a cell of the
//! volume, and with them the counts of effect, which are tied to the completers; every instrument and every indicator by itself as well,
//! because scores add up within those only.

use super::draft::Key;
use super::insider::Own;
use super::means::tables;
use super::tie::Ties;
use super::tree::Tree;
use crate::domain::coupling::Response;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::BuiltCell;
use crate::extract::fault::Fault;
use crate::extract::problem::{Problem, ROOT};
use crate::extract::read::{Branch, Hierarchy, Record, Status, Table};
use std::collections::{BTreeMap, BTreeSet};

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
    /// Whether it is that of volume and response with the counts of effect, and not that of one instrument or indicator.
    pub(super) is_care: bool,
    pub(super) hierarchies: Vec<Hierarchy>,
    /// What everybody knows beside the sums.
    pub(super) ties: Ties,
    /// Holders that are counted together, each with what it knows: its part of cells by row, and of cells beside the rows.
    pub(super) members: BTreeMap<String, BTreeMap<u32, i64>>,
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
    /// Which part it is: the same for the same part of two extracts.
    pub(super) fn name(&self) -> Key {
        let (sheet, codes) = &self.keys[0];
        match sheet {
            _ if self.is_care => (Sheet::Volume, Vec::new()),
            Sheet::Effect => (*sheet, codes[2..].to_vec()),
            Sheet::Cqi => (*sheet, codes[1..].to_vec()),
            _ => (Sheet::Volume, Vec::new()),
        }
    }

    /// The row of a cell.
    pub(in crate::extract) fn place(&self, key: &Key) -> Option<usize> {
        self.keys.iter().position(|k| k == key)
    }

    /// The cells and sums, without what else ties cells together.
    pub(in crate::extract) fn problem(&self) -> Result<Problem, Fault> {
        Problem::new(std::slice::from_ref(&self.table), &self.hierarchies, TOTAL)
    }

    /// The cells and sums and everything that ties them; the cells beside the tables come last.
    pub(in crate::extract) fn tied(&self) -> Result<Problem, Fault> {
        let mut problem = self.problem()?;
        for beside in &self.ties.beside {
            problem.add(*beside);
        }
        for relation in &self.ties.relations {
            let cells = relation.iter().map(|(cell, sign)| (*cell as usize, *sign));
            problem.relate(&cells.collect::<Vec<_>>());
        }
        problem.members = self.members.values().cloned().collect();
        Ok(problem)
    }

    /// As it is attacked: an effect that is hidden for others need not keep its count. It could have been shown, and what it shields is
    /// kept open by itself; its own table keeps it from being worked out there.
    pub(super) fn settled(&self, least: i64) -> Self {
        let mut part = self.clone();
        if self.is_care {
            for ((sheet, _), row) in part.keys.iter().zip(&mut part.table.rows) {
                let is_other = row.status == Status::Secondary && row.value >= least;
                if *sheet == Sheet::Effect && is_other {
                    row.status = Status::Primary;
                    (row.lower, row.upper) = (Some(row.value), Some(row.value));
                }
            }
        }
        part
    }

    /// What a row counts, or a cell beside the rows.
    pub(super) fn value(&self, row: usize) -> i64 {
        let beside = row.checked_sub(self.keys.len());
        let beside = beside.and_then(|at| self.ties.beside.get(at));
        let own = self.table.rows.get(row).map(|row| row.value);
        own.or(beside.map(|b| b.value)).unwrap_or(0)
    }

    /// Whose a row is; of a cell beside the rows, that of the row it goes with.
    pub(super) fn owner(&self, row: usize) -> &str {
        self.named(row).map_or(TOTAL, |key| key.1[0].as_str())
    }

    /// What a row counts; of a cell beside the rows, the row it goes with.
    pub(super) fn named(&self, row: usize) -> Option<&Key> {
        let beside = row.checked_sub(self.keys.len());
        let with = beside.map(|at| self.ties.beside.get(at).and_then(|b| b.with));
        with.unwrap_or(Some(row)).and_then(|row| self.keys.get(row))
    }
}

/// Whether a cell stands with the care of an organisation.
pub(super) const fn is_care(sheet: Sheet) -> bool {
    matches!(sheet, Sheet::Volume | Sheet::Response | Sheet::Effect)
}

/// The parts of an extract: of cells in the order in which they are kept, and of what is each holder's own of shared ones.
pub(super) fn parts<'a>(
    cells: impl Iterator<Item = (&'a Key, View)> + Clone,
    own: &Own,
    tree: &Tree,
) -> Vec<Part> {
    let mut parts = Vec::new();
    let care: Vec<(&Key, View)> = cells.clone().filter(|(key, _)| is_care(key.0)).collect();
    if !care.is_empty() {
        parts.push(part_of_care(&care, own, tree));
    }
    let views: BTreeMap<&Key, View> = cells.clone().collect();
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
            ties: Ties::default(),
            members: BTreeMap::new(),
            is_care: false,
            keys,
        });
    }
    parts
}

/// Diagnosis groups and responses are two ways in which the same clients add up, so they are two hierarchies of one dimension. Those of
/// an effect are some of the completers, perhaps in several instruments: they add up in nothing there.
fn part_of_care(cells: &[(&Key, View)], own: &Own, tree: &Tree) -> Part {
    let rows = cells.iter().map(|((sheet, codes), view)| {
        let mut codes = codes.clone();
        match sheet {
            Sheet::Response => codes[2] = response(&codes[2]),
            Sheet::Effect => codes[2] = instrument(&codes[2]),
            _ => {}
        }
        record(codes, *view)
    });
    let table = table(&["organisation", "profile", ANSWER], rows.collect());
    let keys: Vec<Key> = cells.iter().map(|(key, _)| (*key).clone()).collect();
    let ties = Ties::of(&keys, &table.rows);
    Part {
        members: members(&keys, &ties, own),
        hierarchies: hierarchies(&keys, tree),
        is_care: true,
        ties,
        keys,
        table,
    }
}

/// What each holder that is counted with others knows of the rows that it counts in, and of what ties these.
fn members(keys: &[Key], ties: &Ties, own: &Own) -> BTreeMap<String, BTreeMap<u32, i64>> {
    let rows: BTreeMap<(Sheet, &[String]), u32> = (0..)
        .zip(keys)
        .map(|(row, (sheet, codes))| ((*sheet, codes.as_slice()), row))
        .collect();
    let mut all: BTreeMap<String, BTreeMap<u32, i64>> = BTreeMap::new();
    for ((sheet, codes), held) in own.iter().filter(|((sheet, _), _)| is_care(*sheet)) {
        for whole in [SMALL_HOLDERS, TOTAL] {
            let mut above = codes.clone();
            whole.clone_into(&mut above[0]);
            if let Some(row) = rows.get(&(*sheet, above.as_slice())) {
                all.entry(codes[0].clone())
                    .or_default()
                    .insert(*row, held.n);
            }
        }
    }
    for own in all.values_mut() {
        own.extend(ties.own(own, keys));
    }
    all
}

fn hierarchies(keys: &[Key], tree: &Tree) -> Vec<Hierarchy> {
    let responses: Vec<String> = Response::CODES.iter().map(|code| response(code)).collect();
    let answers = responses.iter().map(|code| (code.as_str(), TOTAL));
    let mut all = vec![hierarchy(tree.branches()), hierarchy(answers)];
    let effects = keys.iter().filter(|key| key.0 == Sheet::Effect);
    let instruments: BTreeSet<String> = effects.map(|key| instrument(&key.1[2])).collect();
    if !instruments.is_empty() {
        let roots = instruments.iter().map(|i| (i.as_str(), ROOT));
        all.push(hierarchy(roots));
    }
    all
}

/// A response among the diagnosis groups, so that no code stands for both.
fn response(code: &str) -> String {
    format!("response:{code}")
}

/// An instrument among them.
fn instrument(code: &str) -> String {
    format!("instrument:{code}")
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
