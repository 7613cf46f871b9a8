//! A square basis of columns, factorised so that systems with it are solved in about as many steps as it has entries: triangular as far as
//! singletons reach, the rest by elimination of the sparsest first, later exchanges of one column as a product form. Numbers only.

use super::{NONE, narrow};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Exchanges after which the factors are worth making anew.
const MOST_EXCHANGES: usize = 64;
/// How much smaller than the largest of its column a pivot may be.
const THRESHOLD: f64 = 0.1;
const TINY: f64 = 1e-9;

/// Sparse lists of entries, one after the other.
#[derive(Debug, Clone, Default)]
struct Lists {
    ends: Vec<u32>,
    entries: Vec<(u32, f64)>,
}

impl Lists {
    fn clear(&mut self) {
        self.ends.clear();
        self.entries.clear();
    }

    fn close(&mut self) {
        self.ends.push(narrow(self.entries.len()));
    }

    fn of(&self, at: usize) -> &[(u32, f64)] {
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.entries[from as usize..self.ends[at] as usize]
    }
}

/// A column that took the place of another, as the factors before it see it.
#[derive(Debug, Clone)]
struct Exchange {
    position: u32,
    pivot: f64,
    others: Vec<(u32, f64)>,
}

/// The factors of a basis.
#[derive(Debug, Clone, Default)]
pub(super) struct Factor {
    /// Row and position of each pivot, in order.
    pivots: Vec<(u32, u32, f64)>,
    /// Pivots with something beneath them, and what: row and multiple.
    lower_of: Vec<u32>,
    lower: Lists,
    /// Per pivot what stands above it in its column, by row, and right of it in its row, by position.
    above: Lists,
    right: Lists,
    exchanges: Vec<Exchange>,
}

/// What is left to eliminate.
struct Rest {
    rows: Vec<Vec<(u32, f64)>>,
    /// Rows that touch a position, and perhaps some that did once.
    touching: Vec<Vec<u32>>,
    /// Entries of each row and of each position among what is left; 0 when pivoted.
    row_count: Vec<u32>,
    count: Vec<u32>,
    row_open: Vec<bool>,
    open: Vec<bool>,
    /// Open positions by their count, and some by a count that they once had.
    queue: BinaryHeap<Reverse<(u32, u32)>>,
}

impl Factor {
    /// The identity: every position is its own row.
    pub(super) fn reset(&mut self, size: usize) {
        self.forget();
        for at in 0..narrow(size) {
            self.pivots.push((at, at, 1.0));
            self.above.close();
            self.right.close();
        }
    }

    fn forget(&mut self) {
        self.pivots.clear();
        self.lower_of.clear();
        self.lower.clear();
        self.above.clear();
        self.right.clear();
        self.exchanges.clear();
    }

    /// Whether it is time to factorise anew.
    pub(super) fn is_stale(&self) -> bool {
        self.exchanges.len() >= MOST_EXCHANGES
    }

    /// Whether anything was exchanged since it was factorised.
    pub(super) fn has_exchanges(&self) -> bool {
        !self.exchanges.is_empty()
    }

    /// Factorises; the columns by position, each with its rows. False when they depend on each other.
    pub(super) fn factorise(&mut self, columns: &[Vec<(u32, f64)>]) -> bool {
        let right = self.pivot(columns, columns.len());
        let is_whole = right.len() == columns.len();
        if is_whole {
            self.finish(&right);
        }
        is_whole
    }

    /// Factorises as many of the columns as do not depend on each other; every position is a row, one without a column its own unit.
    /// Gives the column of each.
    pub(super) fn factorise_some(
        &mut self,
        columns: &[Vec<(u32, f64)>],
        rows: usize,
    ) -> Vec<Option<u32>> {
        let mut right = self.pivot(columns, rows);
        let mut taken = vec![None; rows];
        let mut place = vec![NONE; columns.len()];
        for (row, column, _) in &mut self.pivots {
            taken[*row as usize] = Some(*column);
            place[*column as usize] = *row;
            *column = *row;
        }
        for entries in &mut right {
            entries.retain(|(column, _)| place[*column as usize] != NONE);
            for (column, _) in entries {
                *column = place[*column as usize];
            }
        }
        for row in (0..narrow(rows)).filter(|r| taken[*r as usize].is_none()) {
            self.pivots.push((row, row, 1.0));
            right.push(Vec::new());
        }
        self.finish(&right);
        taken
    }

    /// Chooses pivots as long as there are any. Gives what stands right of each in its row, by position, as it was then.
    fn pivot(&mut self, columns: &[Vec<(u32, f64)>], rows: usize) -> Vec<Vec<(u32, f64)>> {
        self.forget();
        let mut rest = Rest::new(columns, rows);
        let mut right = Vec::new();
        rest.peel_columns(self, &mut right);
        rest.peel_rows(self, &mut right);
        rest.eliminate(self, &mut right);
        right
    }

    fn finish(&mut self, right: &[Vec<(u32, f64)>]) {
        let mut order = vec![0; right.len()];
        for (k, (_, position, _)) in self.pivots.iter().enumerate() {
            order[*position as usize] = k;
        }
        let mut above: Vec<Vec<(u32, f64)>> = vec![Vec::new(); right.len()];
        for (k, entries) in right.iter().enumerate() {
            for (position, factor) in entries {
                above[order[*position as usize]].push((self.pivots[k].0, *factor));
            }
            self.right.entries.extend_from_slice(entries);
            self.right.close();
        }
        for entries in above {
            self.above.entries.extend(entries);
            self.above.close();
        }
    }

    /// Solves for a right side by row, which is used up; the answer is by position.
    pub(super) fn solve(&self, by_row: &mut [f64], answer: &mut [f64]) {
        for (at, k) in self.lower_of.iter().enumerate() {
            let value = by_row[self.pivots[*k as usize].0 as usize];
            if value != 0.0 {
                for (row, multiple) in self.lower.of(at) {
                    by_row[*row as usize] -= multiple * value;
                }
            }
        }
        for (k, (row, position, pivot)) in self.pivots.iter().enumerate().rev() {
            let value = by_row[*row as usize];
            if value == 0.0 {
                answer[*position as usize] = 0.0;
                continue;
            }
            let value = value / pivot;
            answer[*position as usize] = value;
            for (row, factor) in self.above.of(k) {
                by_row[*row as usize] -= factor * value;
            }
        }
        for exchange in &self.exchanges {
            let at = exchange.position as usize;
            if answer[at] != 0.0 {
                let value = answer[at] / exchange.pivot;
                for (other, factor) in &exchange.others {
                    answer[*other as usize] -= factor * value;
                }
                answer[at] = value;
            }
        }
    }

    /// Solves the transposed system for a right side by position, which is used up; the answer is by row.
    pub(super) fn solve_across(&self, by_position: &mut [f64], answer: &mut [f64]) {
        for exchange in self.exchanges.iter().rev() {
            let others = exchange.others.iter();
            let taken: f64 = others.map(|(o, f)| by_position[*o as usize] * f).sum();
            let at = exchange.position as usize;
            by_position[at] = (by_position[at] - taken) / exchange.pivot;
        }
        for (k, (row, position, pivot)) in self.pivots.iter().enumerate() {
            let value = by_position[*position as usize];
            if value == 0.0 {
                answer[*row as usize] = 0.0;
                continue;
            }
            let value = value / pivot;
            answer[*row as usize] = value;
            for (position, factor) in self.right.of(k) {
                by_position[*position as usize] -= factor * value;
            }
        }
        for (at, k) in self.lower_of.iter().enumerate().rev() {
            let beneath = self.lower.of(at).iter();
            let taken: f64 = beneath.map(|(row, m)| m * answer[*row as usize]).sum();
            answer[self.pivots[*k as usize].0 as usize] -= taken;
        }
    }

    /// Puts a column in the place of another; given as the answer of `solve` for it.
    pub(super) fn exchange(&mut self, position: usize, column: &[f64]) {
        let there = column.iter().enumerate();
        let others = there.filter(|(at, f)| *at != position && f.abs() > 1e-13);
        self.exchanges.push(Exchange {
            position: narrow(position),
            pivot: column[position],
            others: others.map(|(at, f)| (narrow(at), *f)).collect(),
        });
    }
}

impl Rest {
    fn new(columns: &[Vec<(u32, f64)>], rows: usize) -> Self {
        let size = columns.len();
        let mut rest = Self {
            rows: vec![Vec::new(); rows],
            touching: vec![Vec::new(); size],
            row_count: vec![0; rows],
            count: vec![0; size],
            row_open: vec![true; rows],
            open: vec![true; size],
            queue: BinaryHeap::new(),
        };
        for (position, column) in columns.iter().enumerate() {
            for (row, factor) in column {
                rest.rows[*row as usize].push((narrow(position), *factor));
                rest.touching[position].push(*row);
                rest.row_count[*row as usize] += 1;
                rest.count[position] += 1;
            }
        }
        rest
    }

    /// Closes a row and a position, and keeps what the row has in positions still open.
    fn take(
        &mut self,
        factor: &mut Factor,
        right: &mut Vec<Vec<(u32, f64)>>,
        (row, position): (u32, u32),
    ) {
        self.row_open[row as usize] = false;
        self.open[position as usize] = false;
        let entries = std::mem::take(&mut self.rows[row as usize]);
        let own = entries.iter().find(|(p, _)| *p == position);
        factor
            .pivots
            .push((row, position, own.map_or(1.0, |(_, f)| *f)));
        let open = entries.into_iter().filter(|(p, _)| self.open[*p as usize]);
        right.push(open.collect());
    }

    /// Positions with one open row.
    fn peel_columns(&mut self, factor: &mut Factor, right: &mut Vec<Vec<(u32, f64)>>) {
        let mut queue: Vec<u32> = (0..narrow(self.count.len()))
            .filter(|p| self.count[*p as usize] == 1)
            .collect();
        while let Some(position) = queue.pop() {
            let at = position as usize;
            if !self.open[at] || self.count[at] != 1 {
                continue;
            }
            let mut rows = self.touching[at].iter();
            let Some(row) = rows.find(|r| self.row_open[**r as usize]).copied() else {
                continue;
            };
            self.take(factor, right, (row, position));
            for (other, _) in right.last().into_iter().flatten() {
                let count = &mut self.count[*other as usize];
                *count -= 1;
                if *count == 1 {
                    queue.push(*other);
                }
            }
        }
        for row in 0..self.rows.len() {
            let open = &self.open;
            self.rows[row].retain(|(p, _)| open[*p as usize]);
            self.row_count[row] = narrow(self.rows[row].len());
        }
    }

    /// Rows with one open position.
    fn peel_rows(&mut self, factor: &mut Factor, right: &mut Vec<Vec<(u32, f64)>>) {
        let mut queue: Vec<u32> = (0..narrow(self.rows.len()))
            .filter(|r| self.row_count[*r as usize] == 1)
            .collect();
        while let Some(row) = queue.pop() {
            if !self.row_open[row as usize] || self.row_count[row as usize] != 1 {
                continue;
            }
            let mut entries = self.rows[row as usize].iter();
            let Some((position, pivot)) = entries.find(|(p, _)| self.open[*p as usize]).copied()
            else {
                continue;
            };
            self.take(factor, right, (row, position));
            let beneath = self.lower(factor, position, pivot);
            for (other, _) in beneath {
                let count = &mut self.row_count[other as usize];
                *count -= 1;
                if *count == 1 {
                    queue.push(other);
                }
            }
        }
        for row in 0..self.rows.len() {
            let open = &self.open;
            self.rows[row].retain(|(p, _)| open[*p as usize]);
        }
        for at in 0..self.touching.len() {
            let open = &self.row_open;
            self.touching[at].retain(|r| open[*r as usize]);
            self.count[at] = narrow(self.touching[at].len());
        }
    }

    /// Notes the multiples of the last pivot that open rows hold in its position, and gives them.
    fn lower(&self, factor: &mut Factor, position: u32, pivot: f64) -> Vec<(u32, f64)> {
        let mut beneath = Vec::new();
        for row in &self.touching[position as usize] {
            if self.row_open[*row as usize] {
                let mut entries = self.rows[*row as usize].iter();
                if let Some((_, f)) = entries.find(|(p, _)| *p == position) {
                    beneath.push((*row, f / pivot));
                }
            }
        }
        if !beneath.is_empty() {
            factor.lower_of.push(narrow(factor.pivots.len() - 1));
            factor.lower.entries.extend_from_slice(&beneath);
            factor.lower.close();
        }
        beneath
    }

    /// What singletons do not reach: the position with fewest rows next, in its shortest row that is not too small there.
    fn eliminate(&mut self, factor: &mut Factor, right: &mut Vec<Vec<(u32, f64)>>) {
        let open = (0..narrow(self.open.len())).filter(|p| self.open[*p as usize]);
        self.queue = open.map(|p| Reverse((self.count[p as usize], p))).collect();
        let mut place = vec![NONE; self.open.len()];
        while let Some(Reverse((count, position))) = self.queue.pop() {
            if !self.open[position as usize] || self.count[position as usize] != count {
                continue;
            }
            let Some((row, pivot)) = self.pivot_of(position) else {
                continue;
            };
            self.take(factor, right, (row, position));
            let beneath = self.lower(factor, position, pivot);
            let pivot_row = right.last().cloned().unwrap_or_default();
            for (other, _) in &pivot_row {
                self.count[*other as usize] -= 1;
            }
            for (other, multiple) in beneath {
                self.subtract(other as usize, position, multiple, &pivot_row, &mut place);
            }
            for (other, _) in &pivot_row {
                let count = self.count[*other as usize];
                self.queue.push(Reverse((count, *other)));
            }
        }
    }

    fn pivot_of(&mut self, position: u32) -> Option<(u32, f64)> {
        let mut rows = std::mem::take(&mut self.touching[position as usize]);
        rows.sort_unstable();
        rows.dedup();
        let mut there: Vec<(u32, f64)> = Vec::new();
        for row in &rows {
            if self.row_open[*row as usize] {
                let mut entries = self.rows[*row as usize].iter();
                if let Some((_, f)) = entries.find(|(p, _)| *p == position) {
                    there.push((*row, *f));
                }
            }
        }
        self.touching[position as usize] = there.iter().map(|(row, _)| *row).collect();
        let most = there.iter().fold(0.0_f64, |most, (_, f)| most.max(f.abs()));
        if most < TINY {
            return None;
        }
        let large = there
            .into_iter()
            .filter(|(_, f)| f.abs() >= THRESHOLD * most);
        large.min_by_key(|(row, _)| self.rows[*row as usize].len())
    }

    fn subtract(
        &mut self,
        row: usize,
        position: u32,
        multiple: f64,
        pivot_row: &[(u32, f64)],
        place: &mut [u32],
    ) {
        let mut entries = std::mem::take(&mut self.rows[row]);
        entries.retain(|(p, _)| *p != position);
        for (at, (other, _)) in entries.iter().enumerate() {
            place[*other as usize] = narrow(at);
        }
        for (other, factor) in pivot_row {
            let by = multiple * factor;
            match place[*other as usize] {
                NONE => {
                    entries.push((*other, -by));
                    self.touching[*other as usize].push(narrow(row));
                    self.count[*other as usize] += 1;
                }
                at => entries[at as usize].1 -= by,
            }
        }
        for (other, _) in &entries {
            place[*other as usize] = NONE;
        }
        let count = &mut self.count;
        entries.retain(|(other, factor)| {
            let is_there = factor.abs() > 1e-12;
            if !is_there {
                count[*other as usize] -= 1;
            }
            is_there
        });
        self.rows[row] = entries;
    }
}
