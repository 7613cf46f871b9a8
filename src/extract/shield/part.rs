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
/// The dimension of organisations.
const ORGANISATION: &str = "organisation";

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
    /// What everybody knows beside the sums.
    pub(super) ties: Ties,
    /// From which row on they are those of holders that are counted together: never published, and known to nobody but the holder.
    pub(super) shared: usize,
}

impl View {
    /// What is a holder's own of a shared cell: hidden, and of no concern, for that holder knows it and nobody else is told.
    const fn own(n: i64) -> Self {
        Self {
            n,
            status: Status::Primary,
            bounds: Some((n, n)),
        }
    }

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

    /// The cells and sums, without what else ties cells together.
    pub(in crate::extract) fn problem(&self) -> Result<Problem, Fault> {
        Problem::new(std::slice::from_ref(&self.table), &self.hierarchies, TOTAL)
    }

    /// The cells and sums of what holders have that are counted together, as if it were of one.
    pub(super) fn joined(&self) -> Result<Problem, Fault> {
        if !self.is_shared() {
            return self.problem();
        }
        let mut table = self.table.clone();
        table.rows.truncate(self.shared);
        let own = |h: &&Hierarchy| h.dimension != ORGANISATION;
        let hierarchies: Vec<Hierarchy> = self.hierarchies.iter().filter(own).cloned().collect();
        Problem::new(&[table], &hierarchies, TOTAL)
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
        Ok(problem)
    }

    /// As it is attacked: an effect that is hidden for others need not keep its count. It could have been shown, and what it shields is
    /// kept open by itself; its own table keeps it from being worked out there.
    pub(super) fn settled(&self) -> Self {
        let mut part = self.clone();
        if self.is_care() {
            for ((sheet, _), row) in part.keys.iter().zip(&mut part.table.rows) {
                if *sheet == Sheet::Effect && row.status == Status::Secondary {
                    row.status = Status::Primary;
                    (row.lower, row.upper) = (Some(row.value), Some(row.value));
                }
            }
        }
        part
    }

    /// Whether holders that are counted together stand in it with their own rows.
    pub(super) fn is_shared(&self) -> bool {
        self.shared < self.keys.len()
    }

    /// Whose a row is; of a cell beside the rows, that of the row it goes with.
    pub(super) fn owner(&self, row: usize) -> &str {
        let beside = row.checked_sub(self.keys.len());
        let with = beside.map(|at| self.ties.beside.get(at).and_then(|b| b.with));
        let key = with.unwrap_or(Some(row)).and_then(|row| self.keys.get(row));
        key.map_or(TOTAL, |key| key.1[0].as_str())
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
    if care.iter().any(|(key, _)| key.0 != Sheet::Effect) {
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
            shared: keys.len(),
            keys,
        });
    }
    parts
}

/// Diagnosis groups and responses are two ways in which the same clients add up, so they are two hierarchies of one dimension. Those of
/// an effect are some of the completers, perhaps in several instruments: they add up in nothing there.
///
/// Holders that are counted together are a group of organisations: each has rows of its own beneath the shared ones.
fn part_of_care(cells: &[(&Key, View)], own: &Own, tree: &Tree) -> Part {
    let hidden = own.iter().map(|(key, n)| (key, View::own(*n)));
    let all: Vec<(&Key, View)> = cells.iter().copied().chain(hidden).collect();
    let rows = all.iter().map(|((sheet, codes), view)| {
        let mut codes = codes.clone();
        match sheet {
            Sheet::Response => codes[2] = response(&codes[2]),
            Sheet::Effect => codes[2] = instrument(&codes[2]),
            _ => {}
        }
        record(codes, *view)
    });
    let table = table(&[ORGANISATION, "profile", ANSWER], rows.collect());
    let keys: Vec<Key> = all.iter().map(|(key, _)| (*key).clone()).collect();
    let shared = cells.len();
    Part {
        ties: Ties::of(&keys, &table.rows, shared < keys.len()),
        hierarchies: hierarchies(&keys, shared, tree),
        keys,
        table,
        shared,
    }
}

fn hierarchies(keys: &[Key], shared: usize, tree: &Tree) -> Vec<Hierarchy> {
    let responses: Vec<String> = Response::CODES.iter().map(|code| response(code)).collect();
    let answers = responses.iter().map(|code| (code.as_str(), TOTAL));
    let mut all = vec![
        hierarchy(ANSWER, tree.branches()),
        hierarchy(ANSWER, answers),
    ];
    let effects = keys.iter().filter(|key| key.0 == Sheet::Effect);
    let instruments: BTreeSet<String> = effects.map(|key| instrument(&key.1[2])).collect();
    if !instruments.is_empty() {
        let roots = instruments.iter().map(|i| (i.as_str(), ROOT));
        all.push(hierarchy(ANSWER, roots));
    }
    if shared < keys.len() {
        let mut above: BTreeMap<&str, &str> = BTreeMap::new();
        for (row, (_, codes)) in keys.iter().enumerate() {
            let parent = if row < shared { TOTAL } else { SMALL_HOLDERS };
            above.insert(&codes[0], parent);
        }
        above.remove(TOTAL);
        all.push(hierarchy(ORGANISATION, above.into_iter()));
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

fn hierarchy<'a>(dimension: &str, branches: impl Iterator<Item = (&'a str, &'a str)>) -> Hierarchy {
    let branches = branches.map(|(code, parent)| Branch {
        line: 0,
        code: code.to_owned(),
        parent: parent.to_owned(),
    });
    Hierarchy {
        file: String::new(),
        dimension: dimension.to_owned(),
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
