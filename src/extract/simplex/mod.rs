//! A dual simplex over the sums of a table: cells change as cheaply as they can so that one changes as asked and every sum holds. Prices are
//! by unit and the same in both directions; a cell that has one rests at no change. Numbers only: what it finds is checked elsewhere.

mod factor;
mod state;

use super::number::real_of;
use super::progress::{Heed, Stopped};
use super::sums::Sums;
use factor::Factor;
use state::{Entering, Place, Work};

pub(super) use state::{Start, State};

const TINY: f64 = 1e-7;
/// Least factor that is divided by.
const LEAST_PIVOT: f64 = 1e-7;
/// No position, or no row.
const NONE: u32 = u32::MAX;

/// A search, reused for many cells.
pub(super) struct Simplex<'a> {
    sums: &'a Sums,
    /// How far each cell can fall.
    pub(super) depths: Vec<i64>,
    /// What it costs to let a cell move: 0 when it is hidden.
    dues: Vec<f64>,
    /// Price of a unit, so that the shortest of equals is taken.
    units: Vec<f64>,
    /// Pivots since the search began.
    pub(super) steps: usize,
    cell: usize,
    amount: f64,
    pub(super) state: State,
    loose: Vec<bool>,
    factor: Factor,
    work: Work,
}

/// What leaves the basis: its position, where it goes, and whether it must rise to get there.
#[derive(Debug, Clone, Copy)]
struct Leaving {
    position: usize,
    to: f64,
    rises: bool,
}

/// How one run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Everything fits.
    Fits,
    /// No change fits.
    Nothing,
    /// Not decided within the steps allowed, or the numbers went astray.
    Undecided,
}

impl<'a> Simplex<'a> {
    /// A search over these sums: how far each cell can fall, what it costs to let it move, and its price by unit.
    pub(super) fn new(sums: &'a Sums, depths: Vec<i64>, dues: Vec<f64>, units: Vec<f64>) -> Self {
        let (rows, cells) = (sums.rows().len(), sums.cells());
        Self {
            sums,
            depths,
            dues,
            units,
            steps: 0,
            cell: 0,
            amount: 0.0,
            state: State::default(),
            loose: vec![false; cells],
            factor: Factor::default(),
            work: Work::new(rows, cells),
        }
    }

    /// A start with none of the sums held yet.
    pub(super) fn bare(&self) -> Start {
        let mut factor = Factor::default();
        factor.reset(self.sums.rows().len());
        Start {
            members: (0..self.sums.rows().len())
                .map(|row| narrow(self.cells() + row))
                .collect(),
            factor,
            loose: vec![false; self.cells()],
        }
    }

    /// A start with these cells in the basis, as many as the sums allow.
    pub(super) fn start(&self, cells: &[u32]) -> Start {
        let column = |cell: &u32| {
            let of = self.sums.of(*cell as usize).iter();
            of.map(|(row, sign)| (*row, f64::from(*sign))).collect()
        };
        let columns: Vec<Vec<(u32, f64)>> = cells.iter().map(column).collect();
        let mut start = self.bare();
        let taken = start.factor.factorise_some(&columns, start.members.len());
        for (row, column) in taken.into_iter().enumerate() {
            if let Some(at) = column {
                start.members[row] = cells[at as usize];
                start.loose[cells[at as usize] as usize] = true;
            }
        }
        start
    }

    /// Begins to change a cell by an amount.
    pub(super) fn begin(&mut self, start: &Start, cell: usize, amount: i64) {
        (self.cell, self.amount, self.steps) = (cell, real_of(amount), 0);
        let cells = self.cells();
        self.state.reset(&self.depths, &start.members);
        self.loose.clone_from(&start.loose);
        self.factor.clone_from(&start.factor);
        let state = &mut self.state;
        for (position, member) in start.members.iter().enumerate() {
            let cell = *member as usize;
            if cell < cells {
                state.position[cell] = narrow(position);
                state.place[cell] = Place::Above;
                state.rest[cell] = state.low[cell];
            }
        }
        let amount = self.amount;
        (state.low[cell], state.high[cell], state.rest[cell]) = (amount, amount, amount);
        if state.position[cell] == NONE {
            self.column(narrow(cell));
            let state = &mut self.state;
            state.change[cell] = amount;
            for (position, by) in self.work.column.iter().enumerate() {
                state.change[state.basis[position] as usize] = -by * amount;
            }
        }
    }

    /// Sets new ends for a cell of the basis that is within neither.
    pub(super) fn bound(&mut self, cell: usize, (low, high): (f64, f64)) {
        let state = &mut self.state;
        (state.low[cell], state.high[cell]) = (low, high);
        if low >= state.rest[cell] {
            state.place[cell] = Place::Above;
        } else if high <= state.rest[cell] {
            state.place[cell] = Place::Below;
        }
    }

    /// Goes back to where the search once stood. False when the numbers do not allow it.
    pub(super) fn resume(&mut self, state: State) -> bool {
        self.state = state;
        self.factorise()
    }

    /// Pivots until all fits, or nothing can, or the steps are used up.
    pub(super) fn run(&mut self, most: usize, heed: Heed) -> Result<End, Stopped> {
        while self.steps < most {
            heed()?;
            let Some(leaving) = self.leaving() else {
                return Ok(End::Fits);
            };
            self.steps += 1;
            self.look_along(leaving.position);
            let entering = self.entering(leaving.rises);
            if self.passes(leaving, entering) {
                continue;
            }
            let Some(entering) = entering else {
                self.forget();
                return Ok(End::Nothing);
            };
            if !self.enter(leaving, entering) {
                return Ok(End::Undecided);
            }
        }
        Ok(End::Undecided)
    }

    fn cells(&self) -> usize {
        self.depths.len()
    }

    /// Price of a unit of change.
    fn price(&self, cell: usize) -> f64 {
        if self.loose[cell] || cell == self.cell {
            0.0
        } else {
            self.dues[cell] / self.amount.abs() + self.units[cell]
        }
    }

    /// How far a member of the basis goes where it is, and what a unit upwards costs there.
    fn side(&self, member: u32) -> (f64, f64, f64) {
        let cell = member as usize;
        if cell >= self.cells() {
            return (0.0, 0.0, 0.0);
        }
        let (low, high) = (self.state.low[cell], self.state.high[cell]);
        match self.state.place[cell] {
            Place::Above => (low.max(self.state.rest[cell]), high, self.price(cell)),
            _ => (low, high.min(self.state.rest[cell]), -self.price(cell)),
        }
    }

    /// What is furthest from where it may be, as far as rows of the inverse can be compared.
    fn leaving(&self) -> Option<Leaving> {
        let mut best: Option<(f64, Leaving)> = None;
        for (position, member) in self.state.basis.iter().enumerate() {
            let change = self.state.change[*member as usize];
            let (low, high, _) = self.side(*member);
            let (lack, to, rises) = if change < low - TINY {
                (low - change, low, true)
            } else if change > high + TINY {
                (change - high, high, false)
            } else {
                continue;
            };
            let score = lack * lack / self.state.lengths[position];
            if best.as_ref().is_none_or(|b| score > b.0) {
                let leaving = Leaving {
                    position,
                    to,
                    rises,
                };
                best = Some((score, leaving));
            }
        }
        best.map(|b| b.1)
    }

    /// How the one at a position depends on what is outside the basis: by `work.weight` of each cell in `work.seen`.
    fn look_along(&mut self, position: usize) {
        let work = &mut self.work;
        work.by_position.fill(0.0);
        work.by_position[position] = 1.0;
        self.factor
            .solve_across(&mut work.by_position, &mut work.across);
        self.state.lengths[position] = work.across.iter().map(|m| m * m).sum();
        work.seen.clear();
        for (row, weight) in work.across.iter().enumerate() {
            if weight.abs() < 1e-12 {
                continue;
            }
            for (cell, sign) in self.sums.row(row) {
                let there = &mut work.weight[*cell as usize];
                if *there == 0.0 {
                    work.seen.push(*cell);
                    *there = f64::MIN_POSITIVE;
                }
                *there += weight * f64::from(*sign);
            }
        }
    }

    /// Forgets what was seen.
    fn forget(&mut self) {
        for cell in self.work.seen.drain(..) {
            self.work.weight[cell as usize] = 0.0;
        }
    }

    /// Until where the worth of a cell may go, and where the cell goes then; none when it is in the basis, fixed, or no hindrance.
    fn room(&self, cell: usize, rises: bool) -> Option<(f64, f64, Place)> {
        if self.state.position[cell] != NONE || cell == self.cell {
            return None;
        }
        let factor = if rises {
            self.work.weight[cell]
        } else {
            -self.work.weight[cell]
        };
        if factor.abs() < LEAST_PIVOT {
            return None;
        }
        let rest = self.state.rest[cell];
        let (low, high) = (self.state.low[cell] - rest, self.state.high[cell] - rest);
        let (worth, price) = (self.state.worth[cell], self.price(cell));
        let (room, place) = match (self.state.place[cell], factor > 0.0) {
            (Place::Rest, true) if low < 0.0 => (price - worth, Place::Below),
            (Place::Rest, false) if high > 0.0 => (price + worth, Place::Above),
            (Place::Low, false) if low < 0.0 => (worth - price, Place::Below),
            (Place::Low, false) => (worth + price, Place::Above),
            (Place::High, true) if high > 0.0 => (-worth - price, Place::Above),
            (Place::High, true) => (price - worth, Place::Below),
            _ => return None,
        };
        Some((room.max(0.0), factor, place))
    }

    /// The cheapest cell to let in; of those about equally cheap the one with the largest factor.
    fn entering(&mut self, rises: bool) -> Option<Entering> {
        let mut ready = std::mem::take(&mut self.work.ready);
        ready.clear();
        let mut most = f64::INFINITY;
        for cell in &self.work.seen {
            if let Some((room, factor, place)) = self.room(*cell as usize, rises) {
                most = most.min((room + 1e-9) / factor.abs());
                let ratio = room / factor.abs();
                if ratio <= most {
                    ready.push(Entering {
                        ratio,
                        factor,
                        cell: *cell,
                        place,
                    });
                }
            }
        }
        let cheap = ready.iter().filter(|e| e.ratio <= most);
        let best = cheap.max_by(|a, b| {
            let by_factor = a.factor.abs().total_cmp(&b.factor.abs());
            by_factor.then(b.cell.cmp(&a.cell))
        });
        let best = best.copied();
        self.work.ready = ready;
        best
    }

    /// What passes 0 may go on at the other side, when that is cheaper than stopping there.
    fn passes(&mut self, leaving: Leaving, entering: Option<Entering>) -> bool {
        let cell = self.state.basis[leaving.position] as usize;
        if cell >= self.cells() || !self.state.rests_at(cell, leaving.to) {
            return false;
        }
        let other = match self.state.place[cell] {
            Place::Above if self.state.low[cell] < leaving.to => Place::Below,
            Place::Below if self.state.high[cell] > leaving.to => Place::Above,
            _ => return false,
        };
        let price = 2.0 * self.price(cell);
        if entering.is_some_and(|e| e.ratio < price) {
            return false;
        }
        self.state.place[cell] = other;
        self.raise(leaving.position, if leaving.rises { price } else { -price });
        true
    }

    /// Adds to the worth of all cells seen as the one at a position gets dearer by this; forgets them.
    fn raise(&mut self, position: usize, by: f64) {
        let own = self.state.basis[position] as usize;
        for cell in self.work.seen.drain(..) {
            let weight = std::mem::take(&mut self.work.weight[cell as usize]);
            if self.state.position[cell as usize] == NONE || cell as usize == own {
                self.state.worth[cell as usize] += by * weight;
            }
        }
    }

    /// Lets one in and the other out. False when the numbers do not allow it.
    fn enter(&mut self, leaving: Leaving, entering: Entering) -> bool {
        let (position, cell) = (leaving.position, entering.cell as usize);
        let expected = self.work.weight[cell];
        self.column(entering.cell);
        let pivot = self.work.column[position];
        if (pivot - expected).abs() > 1e-6 * (1.0 + expected.abs()) {
            self.forget();
            return self.factor.has_exchanges() && self.factorise();
        }
        let out = self.state.basis[position] as usize;
        let by = if leaving.rises {
            entering.ratio
        } else {
            -entering.ratio
        };
        let own_worth = if out < self.cells() {
            -self.side(self.state.basis[position]).2 + by
        } else {
            0.0
        };
        self.raise(position, by);
        self.lengthen(position, pivot);
        let step = (self.state.change[out] - leaving.to) / pivot;
        for (at, factor) in self.work.column.iter().enumerate() {
            if *factor != 0.0 {
                self.state.change[self.state.basis[at] as usize] -= factor * step;
            }
        }
        self.state.change[out] = leaving.to;
        if out < self.cells() {
            self.state.worth[out] = own_worth;
            self.state.position[out] = NONE;
            self.state.place[out] = if self.state.rests_at(out, leaving.to)
                && self.state.low[out] < leaving.to
                && self.state.high[out] > leaving.to
            {
                Place::Rest
            } else if leaving.rises {
                Place::Low
            } else {
                Place::High
            };
        }
        self.state.change[cell] += step;
        self.state.basis[position] = entering.cell;
        self.state.position[cell] = narrow(position);
        self.state.place[cell] = entering.place;
        self.factor.exchange(position, &self.work.column);
        !self.factor.is_stale() || self.factorise()
    }

    /// The column of a cell as the basis sees it.
    fn column(&mut self, cell: u32) {
        let work = &mut self.work;
        work.by_row.fill(0.0);
        for (row, sign) in self.sums.of(cell as usize) {
            work.by_row[*row as usize] = f64::from(*sign);
        }
        self.factor.solve(&mut work.by_row, &mut work.column);
    }

    /// What an exchange does to the lengths of all rows of the inverse.
    fn lengthen(&mut self, position: usize, pivot: f64) {
        let work = &mut self.work;
        work.by_row.copy_from_slice(&work.across);
        self.factor.solve(&mut work.by_row, &mut work.turned);
        let own = self.state.lengths[position];
        for (at, factor) in work.column.iter().enumerate() {
            if *factor != 0.0 && at != position {
                let part = factor / pivot;
                let length = &mut self.state.lengths[at];
                *length = (*length - 2.0 * part * work.turned[at] + part * part * own).max(1e-4);
            }
        }
        self.state.lengths[position] = (own / (pivot * pivot)).max(1e-4);
    }

    /// Factorises anew and works out changes and worth from that.
    fn factorise(&mut self) -> bool {
        let cells = self.cells();
        let column = |member: &u32| -> Vec<(u32, f64)> {
            if let Some(row) = (*member as usize).checked_sub(cells) {
                return vec![(narrow(row), 1.0)];
            }
            let of = self.sums.of(*member as usize).iter();
            of.map(|(row, sign)| (*row, f64::from(*sign))).collect()
        };
        let columns: Vec<Vec<(u32, f64)>> = self.state.basis.iter().map(column).collect();
        if !self.factor.factorise(&columns) {
            return false;
        }
        let work = &mut self.work;
        work.by_row.fill(0.0);
        for cell in 0..cells {
            let change = self.state.change[cell];
            if change != 0.0 && self.state.position[cell] == NONE {
                for (row, sign) in self.sums.of(cell) {
                    work.by_row[*row as usize] -= f64::from(*sign) * change;
                }
            }
        }
        self.factor.solve(&mut work.by_row, &mut work.turned);
        for (position, member) in self.state.basis.iter().enumerate() {
            self.state.change[*member as usize] = work.turned[position];
        }
        let slopes: Vec<f64> = self.state.basis.iter().map(|m| self.side(*m).2).collect();
        let work = &mut self.work;
        work.by_position.copy_from_slice(&slopes);
        self.factor
            .solve_across(&mut work.by_position, &mut work.across);
        for cell in 0..cells {
            let of = self.sums.of(cell).iter();
            let worth: f64 = of
                .map(|(row, sign)| -work.across[*row as usize] * f64::from(*sign))
                .sum();
            self.state.worth[cell] = worth;
        }
        true
    }

    /// The cell whose change is furthest from whole, if one is not.
    pub(super) fn broken(&self) -> Option<(usize, f64)> {
        let mut worst: Option<(f64, usize)> = None;
        for member in &self.state.basis {
            let cell = *member as usize;
            let change = self.state.change[cell];
            let off = (change - change.round()).abs();
            if cell < self.cells() && off > 1e-5 && worst.is_none_or(|w| off > w.0 + 1e-6) {
                worst = Some((off, cell));
            }
        }
        worst.map(|(_, cell)| (cell, self.state.change[cell]))
    }

    /// The change of each cell that has one, in order, rounded.
    pub(super) fn changes(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        let changes = self.state.change[..self.cells()].iter().enumerate();
        let changes = changes.map(|(cell, change)| (narrow(cell), change.round()));
        changes.filter(|(_, change)| *change != 0.0)
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}
