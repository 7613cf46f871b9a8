//! The cheapest way to change one cell by an amount so that every sum still holds and no cell falls below 0: a dual simplex that starts
//! from the unchanged table and only ever looks at the sums it disturbs. What it finds is checked as whole numbers; it proves nothing by itself.

use super::number::{real_of, whole_of};
use super::sums::Sums;

/// Cells and what is added to each, the changed cell included.
pub type Shift = Vec<(u32, i64)>;

/// What came of a search.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// A shift in whole numbers.
    Whole(Shift),
    /// The cheapest shift has broken parts, in these cells.
    Broken(Vec<u32>),
    /// No shift exists, not even in broken parts.
    Nothing,
    /// Not decided within the steps allowed.
    Undecided,
}

/// How many pivots a search may take.
const MOST_STEPS: usize = 3000;
const TINY: f64 = 1e-7;
const NONE: u32 = u32::MAX;

/// Where a cell is that is not in the basis, or on which side of 0 one that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Rest,
    Floor,
    Above,
    Below,
}

/// A search, reused for many cells.
pub(super) struct Shifter<'a> {
    sums: &'a Sums,
    values: &'a [i64],
    /// What it costs to let a cell move: 0 when it is hidden, infinite when it must not.
    pub(super) dues: Vec<f64>,
    /// Price of a unit, so that the shortest of equals is taken.
    units: Vec<f64>,
    cell: usize,
    amount: f64,
    /// Sums in the basis, and the position of each, `NONE` outside.
    active: Vec<u32>,
    slot: Vec<u32>,
    /// Cells in the basis, and the position of each, `NONE` outside.
    basis: Vec<u32>,
    position: Vec<u32>,
    place: Vec<Place>,
    /// Rows of the inverse, `stride` apart: one per cell of the basis, one column per active sum.
    inverse: Vec<f64>,
    stride: usize,
    /// Change of each cell.
    change: Vec<f64>,
    touched: Vec<u32>,
    duals: Vec<f64>,
    weight: Vec<f64>,
    seen: Vec<u32>,
    /// Sums that the search has disturbed, and what each lacks.
    lacks: Vec<f64>,
    disturbed: Vec<u32>,
    is_disturbed: Vec<bool>,
}

/// What leaves the basis.
#[derive(Debug, Clone, Copy)]
enum Leaving {
    /// A sum that does not hold.
    Sum(u32),
    /// A cell of the basis, that goes to 0 or to its floor.
    Cell(usize, Place),
}

impl<'a> Shifter<'a> {
    pub(super) fn new(sums: &'a Sums, values: &'a [i64], units: Vec<f64>) -> Self {
        let (rows, cells) = (sums.rows().len(), sums.cells());
        Self {
            sums,
            values,
            dues: vec![f64::INFINITY; cells],
            units,
            cell: 0,
            amount: 0.0,
            active: Vec::new(),
            slot: vec![NONE; rows],
            basis: Vec::new(),
            position: vec![NONE; cells],
            stride: 0,
            place: vec![Place::Rest; cells],
            inverse: Vec::new(),
            change: vec![0.0; cells],
            touched: Vec::new(),
            duals: Vec::new(),
            weight: vec![0.0; cells],
            seen: Vec::new(),
            lacks: vec![0.0; rows],
            disturbed: Vec::new(),
            is_disturbed: vec![false; rows],
        }
    }

    /// The cheapest shift that adds an amount, of either sign, to a cell.
    pub(super) fn find(&mut self, cell: usize, amount: i64) -> Found {
        self.clear();
        (self.cell, self.amount) = (cell, real_of(amount));
        if self.values[cell] + amount < 0 {
            return Found::Nothing;
        }
        self.set(cell, self.amount);
        for _ in 0..MOST_STEPS {
            self.settle();
            let Some((leaving, up)) = self.leaving() else {
                return self.result();
            };
            if !self.pivot(leaving, up) {
                return Found::Nothing;
            }
        }
        Found::Undecided
    }

    fn clear(&mut self) {
        for row in self.active.drain(..) {
            self.slot[row as usize] = NONE;
        }
        for cell in self.touched.drain(..) {
            self.change[cell as usize] = 0.0;
            self.place[cell as usize] = Place::Rest;
        }
        for row in self.disturbed.drain(..) {
            self.is_disturbed[row as usize] = false;
        }
        for cell in self.basis.drain(..) {
            self.position[cell as usize] = NONE;
        }
        self.duals.clear();
    }

    fn set(&mut self, cell: usize, change: f64) {
        self.change[cell] = change;
        self.touched.push(narrow(cell));
        for (row, _) in self.sums.of(cell) {
            if !self.is_disturbed[*row as usize] {
                self.is_disturbed[*row as usize] = true;
                self.disturbed.push(*row);
            }
        }
    }

    /// The row of the inverse of one cell of the basis.
    fn inverse_of(&self, b: usize) -> &[f64] {
        let from = b * self.stride;
        &self.inverse[from..from + self.basis.len()]
    }

    /// Works out the cells of the basis, the duals, and what each disturbed sum lacks.
    fn settle(&mut self) {
        let size = self.basis.len();
        let mut need = vec![0.0; size];
        for (at, row) in self.active.iter().enumerate() {
            for (cell, sign) in self.sums.row(*row as usize) {
                let cell = *cell as usize;
                if !matches!(self.place[cell], Place::Above | Place::Below) || cell == self.cell {
                    need[at] -= f64::from(*sign) * self.change[cell];
                }
            }
        }
        self.duals.clear();
        self.duals.resize(size, 0.0);
        for b in 0..size {
            let cell = self.basis[b] as usize;
            let row = &self.inverse[b * self.stride..b * self.stride + size];
            self.change[cell] = row.iter().zip(&need).map(|(m, n)| m * n).sum();
            let slope = self.slope(cell);
            for (dual, m) in self.duals.iter_mut().zip(row) {
                *dual += slope * m;
            }
        }
        for row in &self.disturbed {
            let row = *row as usize;
            let cells = self.sums.row(row).iter();
            self.lacks[row] = if self.slot[row] == NONE {
                -cells
                    .map(|(c, sign)| f64::from(*sign) * self.change[*c as usize])
                    .sum::<f64>()
            } else {
                0.0
            };
        }
    }

    fn price(&self, cell: usize) -> f64 {
        self.dues[cell] / self.amount.abs() + self.units[cell]
    }

    fn slope(&self, cell: usize) -> f64 {
        match self.place[cell] {
            Place::Above => self.price(cell),
            _ => -self.price(cell),
        }
    }

    /// The worst of what does not fit, and whether it must rise.
    fn leaving(&self) -> Option<(Leaving, bool)> {
        let mut worst: Option<(f64, Leaving, bool)> = None;
        let mut consider = |amount: f64, leaving, up| {
            if amount > TINY && worst.as_ref().is_none_or(|w| amount > w.0) {
                worst = Some((amount, leaving, up));
            }
        };
        for row in &self.disturbed {
            let lack = self.lacks[*row as usize];
            consider(lack.abs(), Leaving::Sum(*row), lack > 0.0);
        }
        for (b, cell) in self.basis.iter().enumerate() {
            let cell = *cell as usize;
            let change = self.change[cell];
            if self.place[cell] == Place::Above {
                consider(-change, Leaving::Cell(b, Place::Rest), true);
            } else {
                consider(change, Leaving::Cell(b, Place::Rest), false);
                consider(
                    -change - real_of(self.values[cell]),
                    Leaving::Cell(b, Place::Floor),
                    true,
                );
            }
        }
        worst.map(|(_, leaving, up)| (leaving, up))
    }

    /// The combination of sums that says how the leaving one depends on cells outside the basis.
    fn combination(&self, leaving: Leaving) -> Vec<(u32, f64)> {
        let size = self.basis.len();
        match leaving {
            Leaving::Cell(b, _) => {
                let row = self.inverse_of(b);
                // A cell of the basis falls by this when a cell outside rises.
                self.active
                    .iter()
                    .copied()
                    .zip(row.iter().map(|m| -m))
                    .collect()
            }
            Leaving::Sum(row) => {
                let mut weights = vec![0.0; size];
                for (cell, sign) in self.sums.row(row as usize) {
                    if let Some(b) = self.position(*cell) {
                        for (weight, m) in weights.iter_mut().zip(self.inverse_of(b)) {
                            *weight -= f64::from(*sign) * m;
                        }
                    }
                }
                let mut all: Vec<(u32, f64)> = self.active.iter().copied().zip(weights).collect();
                all.push((row, 1.0));
                all
            }
        }
    }

    fn position(&self, cell: u32) -> Option<usize> {
        let position = self.position[cell as usize];
        (position != NONE).then_some(position as usize)
    }

    /// Lets the cheapest cell in. False when there is none: then no shift exists.
    fn pivot(&mut self, leaving: Leaving, up: bool) -> bool {
        let combination = self.combination(leaving);
        self.seen.clear();
        for (row, weight) in &combination {
            if weight.abs() < 1e-10 {
                continue;
            }
            for (cell, sign) in self.sums.row(*row as usize) {
                if self.weight[*cell as usize] == 0.0 {
                    self.seen.push(*cell);
                    self.weight[*cell as usize] = f64::MIN_POSITIVE;
                }
                self.weight[*cell as usize] += weight * f64::from(*sign);
            }
        }
        let mut best: Option<(f64, f64, u32, Place)> = None;
        for cell in &self.seen {
            let index = *cell as usize;
            let weight = std::mem::take(&mut self.weight[index]);
            if weight.abs() < 1e-9 || index == self.cell || self.dues[index].is_infinite() {
                continue;
            }
            // Rising by one brings the leaving one up by `weight`.
            let rises = (weight > 0.0) == up;
            let (room, place) = match (self.place[index], rises) {
                (Place::Rest, true) => (self.price(index) - self.pull(index), Place::Above),
                (Place::Rest, false) if self.values[index] > 0 => {
                    (self.price(index) + self.pull(index), Place::Below)
                }
                (Place::Floor, true) => (-self.price(index) - self.pull(index), Place::Below),
                _ => continue,
            };
            let ratio = room.max(0.0) / weight.abs();
            let better = best.as_ref().is_none_or(|b| {
                ratio < b.0 - 1e-9
                    || ratio < b.0 + 1e-9
                        && (weight.abs(), std::cmp::Reverse(*cell)) > (b.1, std::cmp::Reverse(b.2))
            });
            if better {
                best = Some((ratio, weight.abs(), *cell, place));
            }
        }
        // A cell that passes 0 may go on at the other side, when that is cheaper than stopping there.
        if let Leaving::Cell(b, Place::Rest) = leaving {
            let cell = self.basis[b] as usize;
            let other = if self.place[cell] == Place::Above {
                Place::Below
            } else {
                Place::Above
            };
            if (other == Place::Above || self.values[cell] > 0)
                && best.as_ref().is_none_or(|x| 2.0 * self.price(cell) <= x.0)
            {
                self.place[cell] = other;
                return true;
            }
        }
        let Some((_, _, cell, place)) = best else {
            return false;
        };
        self.enter(leaving, cell, place);
        true
    }

    /// What the duals say a cell is worth when it rises.
    fn pull(&self, cell: usize) -> f64 {
        let of = self.sums.of(cell).iter();
        of.map(|(row, sign)| match self.slot[*row as usize] {
            NONE => 0.0,
            slot => self.duals[slot as usize] * f64::from(*sign),
        })
        .sum()
    }

    fn enter(&mut self, leaving: Leaving, cell: u32, place: Place) {
        let size = self.basis.len();
        let mut column = vec![0.0; size];
        for (row, sign) in self.sums.of(cell as usize) {
            let slot = self.slot[*row as usize];
            if slot != NONE {
                for (b, value) in column.iter_mut().enumerate() {
                    *value += self.inverse[b * self.stride + slot as usize] * f64::from(*sign);
                }
            }
        }
        match leaving {
            Leaving::Cell(b, to) => {
                let out = self.basis[b] as usize;
                self.place[out] = to;
                let floor = if to == Place::Floor {
                    -real_of(self.values[out])
                } else {
                    0.0
                };
                self.set(out, floor);
                self.replace(b, &column);
                self.basis[b] = cell;
                self.position[out] = NONE;
                self.position[cell as usize] = narrow(b);
            }
            Leaving::Sum(row) => {
                self.border(row, cell, &column);
                self.slot[row as usize] = narrow(self.active.len());
                self.active.push(row);
                self.position[cell as usize] = narrow(self.basis.len());
                self.basis.push(cell);
            }
        }
        self.place[cell as usize] = place;
        self.set(cell as usize, 0.0);
    }

    /// The inverse after the cell at position `b` gave way to one with this column.
    fn replace(&mut self, b: usize, column: &[f64]) {
        let by = 1.0 / column[b];
        let pivot: Vec<(usize, f64)> = nonzero(self.inverse_of(b))
            .map(|(at, m)| (at, m * by))
            .collect();
        let size = self.basis.len();
        for (row, factor) in nonzero(column) {
            let from = row * self.stride;
            let row = &mut self.inverse[from..from + size];
            for (at, p) in &pivot {
                row[*at] -= factor * p;
            }
        }
        let from = b * self.stride;
        for (at, p) in pivot {
            self.inverse[from + at] = p;
        }
    }

    /// The inverse with one more sum and one more cell.
    fn border(&mut self, row: u32, cell: u32, column: &[f64]) {
        let size = self.basis.len();
        self.make_room(size + 1);
        let mut across = vec![0.0; size];
        let mut corner = 0.0;
        for (other, sign) in self.sums.row(row as usize) {
            let sign = f64::from(*sign);
            if *other == cell {
                corner += sign;
            } else if let Some(b) = self.position(*other) {
                corner -= sign * column[b];
                for (value, m) in across.iter_mut().zip(self.inverse_of(b)) {
                    *value += sign * m;
                }
            }
        }
        let by = 1.0 / corner;
        let across: Vec<(usize, f64)> = nonzero(&across).collect();
        for (b, factor) in nonzero(column) {
            let from = b * self.stride;
            for (at, a) in &across {
                self.inverse[from + at] += factor * by * a;
            }
            self.inverse[from + size] = -factor * by;
        }
        let from = size * self.stride;
        for (at, a) in across {
            self.inverse[from + at] = -a * by;
        }
        self.inverse[from + size] = by;
    }

    /// Room for an inverse of this size, the new row and column 0.
    fn make_room(&mut self, size: usize) {
        if size > self.stride {
            let stride = (2 * size).max(64);
            let mut larger = vec![0.0; stride * stride];
            for b in 0..size - 1 {
                larger[b * stride..b * stride + size - 1].copy_from_slice(self.inverse_of(b));
            }
            (self.inverse, self.stride) = (larger, stride);
            return;
        }
        let last = (size - 1) * self.stride;
        self.inverse[last..last + size].fill(0.0);
        for b in 0..size - 1 {
            self.inverse[b * self.stride + size - 1] = 0.0;
        }
    }

    fn result(&self) -> Found {
        let mut cells = self.touched.clone();
        cells.sort_unstable();
        cells.dedup();
        let mut shift = Shift::new();
        let mut broken = Vec::new();
        for cell in cells {
            let change = self.change[cell as usize];
            let whole = change.round();
            if (change - whole).abs() > 1e-5 {
                broken.push(cell);
            } else if whole != 0.0 {
                shift.push((cell, whole_of(whole)));
            }
        }
        if broken.is_empty() {
            Found::Whole(shift)
        } else {
            Found::Broken(broken)
        }
    }
}

fn nonzero(numbers: &[f64]) -> impl Iterator<Item = (usize, f64)> {
    numbers
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, n)| n.abs() > 1e-12)
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
