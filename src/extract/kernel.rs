//! The deviations that hidden cells allow, as real rows that an attacker can walk along: the simplex method over whole tables, from the
//! true one to one in which a cell is as low or as high as was asked. What it reaches is checked elsewhere, with additions.

use super::number::{real_of, whole_of};
use super::shift::Shift;

/// Below this a number counts as 0.
const TINY: f64 = 1e-7;

/// One row: how each cell moves when the row's own cell rises by 1.
pub(super) type Row = Vec<(u32, f64)>;

/// Rows over hidden cells, reduced: each owns a cell that no other row touches.
pub(super) struct Kernel {
    rows: Vec<Row>,
    own: Vec<u32>,
    /// Row that owns a cell, `u32::MAX` for none.
    owner: Vec<u32>,
    start: Vec<f64>,
    at: Vec<f64>,
    moved: Vec<u32>,
    is_moved: Vec<bool>,
    /// Rows as they were before the walk, so that each walk begins with short ones.
    before: Vec<(usize, u32, Row)>,
    is_changed: Vec<bool>,
}

/// A step along a row.
#[derive(Debug, Clone, Copy)]
struct Step {
    row: usize,
    length: f64,
    gain: f64,
    barrier: Option<u32>,
}

impl Kernel {
    pub(super) fn new(values: &[i64]) -> Self {
        let start: Vec<f64> = values.iter().map(|v| real_of(*v)).collect();
        Self {
            rows: Vec::new(),
            own: Vec::new(),
            owner: vec![u32::MAX; values.len()],
            at: start.clone(),
            start,
            moved: Vec::new(),
            is_moved: vec![false; values.len()],
            before: Vec::new(),
            is_changed: Vec::new(),
        }
    }

    /// Takes a row that is reduced already: it owns a cell that no other row touches.
    pub(super) fn take_row(&mut self, own: usize, row: Row) {
        self.owner[own] = narrow(self.rows.len());
        self.own.push(narrow(own));
        self.rows.push(row);
        self.is_changed.push(false);
    }

    /// Adds a row, made independent of the cells that other rows own.
    pub(super) fn add(&mut self, row: &Row) {
        let row = self.reduced(row);
        // The cell with most room makes the best owner: it bars later steps least.
        let best = row.iter().max_by(|a, b| {
            let key = |e: &(u32, f64)| {
                (
                    f64::from(u8::from((e.1.abs() - 1.0).abs() < TINY)),
                    self.start[e.0 as usize],
                )
            };
            key(a)
                .partial_cmp(&key(b))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        let Some((cell, _)) = best.copied() else {
            return;
        };
        let number = self.rows.len();
        self.rows.push(row);
        self.own.push(cell);
        self.is_changed.push(false);
        self.swap(number, cell as usize);
        self.keep();
    }

    /// A row without the cells that rows own.
    fn reduced(&self, row: &Row) -> Row {
        let mut result = row.clone();
        for (cell, factor) in row {
            let owner = self.owner[*cell as usize];
            if owner != u32::MAX {
                result = combined(&result, &self.rows[owner as usize], -factor);
            }
        }
        result
    }

    /// Takes the rows as they are now for those that each walk begins with.
    fn keep(&mut self) {
        for (row, _, _) in self.before.drain(..) {
            self.is_changed[row] = false;
        }
    }

    /// Back to the true table.
    pub(super) fn reset(&mut self) {
        for (row, _, _) in &self.before {
            self.owner[self.own[*row] as usize] = u32::MAX;
        }
        for (row, own, entries) in self.before.drain(..) {
            self.is_changed[row] = false;
            self.own[row] = own;
            self.owner[own as usize] = narrow(row);
            self.rows[row] = entries;
        }
        for cell in self.moved.drain(..) {
            self.at[cell as usize] = self.start[cell as usize];
            self.is_moved[cell as usize] = false;
        }
    }

    /// The table reached, as changes; none when it is not whole.
    pub(super) fn shift(&self) -> Option<Shift> {
        let mut shift = Shift::new();
        for cell in &self.moved {
            let change = self.at[*cell as usize] - self.start[*cell as usize];
            let whole = change.round();
            if (change - whole).abs() > 1e-5 {
                return None;
            }
            if whole != 0.0 {
                shift.push((*cell, whole_of(whole)));
            }
        }
        shift.sort_unstable();
        Some(shift)
    }

    /// Walks until the cell has gained `wanted`, of either sign. Gives what is still wanted.
    pub(super) fn walk(&mut self, cell: usize, wanted: f64, patience: usize) -> f64 {
        let mut left = wanted;
        for _ in 0..patience {
            if left.abs() < TINY {
                return 0.0;
            }
            let Some(step) = self.best_step(cell, left) else {
                return left;
            };
            self.follow(step);
            left -= step.gain * left.signum();
            if let (Some(barrier), true) = (step.barrier, left.abs() >= TINY)
                && barrier != self.own[step.row]
            {
                self.swap(step.row, barrier as usize);
            }
        }
        left
    }

    fn follow(&mut self, step: Step) {
        if step.length == 0.0 {
            return;
        }
        for (cell, factor) in &self.rows[step.row] {
            let cell = *cell as usize;
            let value = self.at[cell] + factor * step.length;
            let whole = value.round();
            self.at[cell] = if (value - whole).abs() < TINY {
                whole
            } else {
                value
            };
            if !self.is_moved[cell] {
                self.is_moved[cell] = true;
                self.moved.push(narrow(cell));
            }
        }
    }

    fn best_step(&self, cell: usize, left: f64) -> Option<Step> {
        let mut best: Option<Step> = None;
        for (number, row) in self.rows.iter().enumerate() {
            let slope = factor(row, cell);
            if slope == 0.0 {
                continue;
            }
            let sign = slope.signum() * left.signum();
            if sign < 0.0 && self.at[self.own[number] as usize] < TINY {
                continue;
            }
            let (most, barrier) = self.room(row, sign, left.abs() / slope.abs());
            let step = Step {
                row: number,
                length: sign * most,
                gain: slope.abs() * most,
                barrier,
            };
            if step.gain >= left.abs() - TINY {
                return Some(step);
            }
            // Steps of no length are taken in the order of cells, or the walk could go round.
            let better = best.is_none_or(|b| {
                step.gain > b.gain + TINY
                    || step.gain > b.gain - TINY && self.own[number] < self.own[b.row]
            });
            if better {
                best = Some(step);
            }
        }
        best
    }

    /// How far a row can be followed, and which cell bars the way.
    fn room(&self, row: &Row, sign: f64, most: f64) -> (f64, Option<u32>) {
        let (mut most, mut barrier): (f64, Option<u32>) = (most, None);
        for (cell, factor) in row {
            let change = factor * sign;
            if change < 0.0 {
                let room = self.at[*cell as usize] / -change;
                if room < most - TINY || room < most + TINY && barrier.is_some_and(|b| b > *cell) {
                    (most, barrier) = (room.min(most), Some(*cell));
                }
            }
        }
        (most, barrier)
    }

    /// What a cell would gain from where the walk ended, at most `left`, if another row could be followed too.
    pub(super) fn gain(&self, row: &Row, cell: usize, left: f64) -> f64 {
        let row = self.reduced(row);
        let slope = factor(&row, cell);
        if slope.abs() < TINY {
            return 0.0;
        }
        let sign = slope.signum() * left.signum();
        let (most, _) = self.room(&row, sign, left.abs() / slope.abs());
        most * slope.abs()
    }

    /// How a cell depends on the cells that rows own: what to weigh a foreign row with to know its slope.
    pub(super) fn pulls(&self, cell: usize) -> Vec<(u32, f64)> {
        let rows = self.rows.iter().zip(&self.own);
        let pulls = rows.map(|(row, own)| (*own, factor(row, cell)));
        pulls.filter(|(_, factor)| *factor != 0.0).collect()
    }

    fn remember(&mut self, row: usize) {
        if !self.is_changed[row] {
            self.is_changed[row] = true;
            self.before
                .push((row, self.own[row], self.rows[row].clone()));
        }
    }

    /// Makes a cell the own one of a row that touches it.
    fn swap(&mut self, row: usize, cell: usize) {
        let by = 1.0 / factor(&self.rows[row], cell);
        self.remember(row);
        let mut pivot = std::mem::take(&mut self.rows[row]);
        for entry in &mut pivot {
            entry.1 = snapped(entry.1 * by);
        }
        let old = self.own[row] as usize;
        if self.owner[old] == narrow(row) {
            self.owner[old] = u32::MAX;
        }
        self.own[row] = narrow(cell);
        self.owner[cell] = narrow(row);
        for other in 0..self.rows.len() {
            let by = factor(&self.rows[other], cell);
            if by != 0.0 {
                let new = combined(&self.rows[other], &pivot, -by);
                if self.is_changed[other] {
                    self.rows[other] = new;
                } else {
                    self.is_changed[other] = true;
                    let old = std::mem::replace(&mut self.rows[other], new);
                    self.before.push((other, self.own[other], old));
                }
            }
        }
        self.rows[row] = pivot;
    }
}

/// The factor of a row at a cell.
pub(super) fn factor(row: &Row, cell: usize) -> f64 {
    let at = row.binary_search_by_key(&narrow(cell), |e| e.0);
    at.map_or(0.0, |at| row[at].1)
}

/// A row plus a multiple of another.
fn combined(a: &Row, b: &Row, by: f64) -> Row {
    let mut sum = Row::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let left = a.get(i).map_or(u32::MAX, |e| e.0);
        let right = b.get(j).map_or(u32::MAX, |e| e.0);
        let value = match left.cmp(&right) {
            std::cmp::Ordering::Less => a[i].1,
            std::cmp::Ordering::Greater => by * b[j].1,
            std::cmp::Ordering::Equal => a[i].1 + by * b[j].1,
        };
        i += usize::from(left <= right);
        j += usize::from(right <= left);
        let value = snapped(value);
        if value != 0.0 {
            sum.push((left.min(right), value));
        }
    }
    sum
}

/// Whole numbers and simple fractions stay exact.
fn snapped(value: f64) -> f64 {
    let twelfths = (value * 12.0).round() / 12.0;
    if (value - twelfths).abs() < 1e-9 {
        twelfths
    } else {
        value
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
