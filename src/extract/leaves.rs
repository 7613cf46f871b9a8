//! The tables seen from their smallest cells: every total as a sum of leaves, which is where all deviations begin.

use super::problem::{Problem, narrow};
use super::shift::Shift;
use super::sums::Sums;
use super::tableau::{Entry, factor_of};
use std::collections::BTreeMap;

/// What moves when one leaf rises by 1: cells, and after them the columns that stand for sums that must agree.
pub(super) struct Leaves {
    /// Per leaf what it moves, itself included.
    pub(super) rows: Vec<Shift>,
    /// The leaf of each row.
    pub(super) own: Vec<u32>,
    /// Cells, and columns that no cell has.
    pub(super) columns: usize,
}

/// The leaves that can move: a zero that is published cannot.
pub(super) fn leaves(problem: &Problem, fixed: &[bool]) -> Leaves {
    let sums = &problem.sums;
    let first = first_sums(sums);
    let mut made: Vec<Option<Shift>> = vec![None; problem.cells.len()];
    for cell in order(sums, &first) {
        made[cell] = Some(match first[cell] {
            None if fixed[cell] => Shift::new(),
            None => vec![(narrow(cell), 1)],
            Some(row) => total(sums.row(row), &made),
        });
    }
    let mut columns: Vec<Shift> = made.into_iter().map(Option::unwrap_or_default).collect();
    for (number, row) in sums.rows().iter().enumerate() {
        let is_first = |total: usize| first[total] == Some(number);
        if !sums.head(number).is_some_and(is_first) {
            let difference = difference(row, &columns);
            if !difference.is_empty() {
                columns.push(difference);
            }
        }
    }
    turned(&columns, &first, fixed)
}

fn turned(columns: &[Shift], first: &[Option<usize>], fixed: &[bool]) -> Leaves {
    let mut place = vec![usize::MAX; first.len()];
    let mut own = Vec::new();
    for leaf in (0..first.len()).filter(|l| first[*l].is_none() && !fixed[*l]) {
        place[leaf] = own.len();
        own.push(narrow(leaf));
    }
    let mut rows = vec![Shift::new(); own.len()];
    for (column, parts) in columns.iter().enumerate() {
        for (leaf, by) in parts {
            rows[place[*leaf as usize]].push((narrow(column), *by));
        }
    }
    Leaves {
        rows,
        own,
        columns: columns.len(),
    }
}

/// The sum that a total is made of; none for a leaf.
fn first_sums(sums: &Sums) -> Vec<Option<usize>> {
    let mut first = vec![None; sums.cells()];
    for number in 0..sums.rows().len() {
        if let Some(total) = sums.head(number) {
            first[total].get_or_insert(number);
        }
    }
    first
}

/// Cells after everything that they are made of.
fn order(sums: &Sums, first: &[Option<usize>]) -> Vec<usize> {
    let mut order = Vec::with_capacity(first.len());
    let mut state = vec![0_u8; first.len()];
    for start in 0..first.len() {
        let mut open = vec![start];
        while let Some(cell) = open.last().copied() {
            let parts = first[cell].map_or(&[][..], |row| sums.row(row));
            let waiting = parts
                .iter()
                .map(|(c, _)| *c as usize)
                .filter(|c| *c != cell && state[*c] == 0);
            if state[cell] == 0 {
                open.extend(waiting);
                state[cell] = 1;
            } else {
                open.pop();
                if state[cell] == 1 {
                    state[cell] = 2;
                    order.push(cell);
                }
            }
        }
    }
    order
}

fn total(row: &[(u32, i8)], made: &[Option<Shift>]) -> Shift {
    let mut sum: BTreeMap<u32, i64> = BTreeMap::new();
    for (cell, _) in row.iter().filter(|(_, sign)| *sign > 0) {
        for (leaf, by) in made[*cell as usize].iter().flatten() {
            *sum.entry(*leaf).or_default() += by;
        }
    }
    sum.into_iter().filter(|(_, by)| *by != 0).collect()
}

fn difference(row: &[(u32, i8)], columns: &[Shift]) -> Shift {
    let mut sum: BTreeMap<u32, i64> = BTreeMap::new();
    for (cell, sign) in row {
        for (leaf, by) in &columns[*cell as usize] {
            *sum.entry(*leaf).or_default() += by * i64::from(*sign);
        }
    }
    sum.into_iter().filter(|(_, by)| *by != 0).collect()
}

/// A row of changes for a tableau.
pub(super) fn entries(row: &Shift) -> Vec<Entry> {
    let entry = |(column, by): &(u32, i64)| Entry {
        column: *column,
        factor: factor_of(*by),
    };
    row.iter().map(entry).collect()
}
