//! Hides more where no table shows a need met: the cheapest cube that does, else the cheapest shift of any form, else everything below.
//! Which cells an insider knows is heeded by leaving them alone.

use super::beside::Kind;
use super::cube::{CubeSearch, Grid};
use super::grid::grid;
use super::number::real_of;
use super::problem::narrow;
use super::progress::{Progress, Stage, Stopped};
use super::protect::{Run, SMALL};
use super::shift::{Found, Shift, Shifter};
use super::stack;
use super::sums::holds;
use super::tableau::Chance;
use std::collections::BTreeMap;

/// Steps of setting relations right beside a shift.
const MOST_STEPS: usize = 400;
/// Searches for a shift in whole numbers.
const BARRED: usize = 12;

impl<'a> Run<'a> {
    /// Hides more for needs that are still open: the cheapest cube, else the cheapest shift of any form.
    pub(super) fn extend(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        let open = self.largest_first();
        if open.is_empty() {
            return Ok(());
        }
        let grid = grid(self.problem);
        let mut shifter: Option<Shifter<'a>> = None;
        for (done, need) in open.iter().enumerate() {
            progress.step(Stage::Extending, done, open.len())?;
            // Each witness convinces some attackers; the next must convince others.
            let mut avoid = None;
            while !self.witnesses.is_met(*need)
                && avoid.as_deref() != Some(self.witnesses.avoid(*need))
            {
                avoid = Some(self.witnesses.avoid(*need).to_vec());
                self.open_up(grid.as_ref(), &mut shifter, *need);
            }
        }
        match grid {
            Some(grid) if self.has_dear_needs() => self.relieve(&grid, progress),
            _ => Ok(()),
        }
    }

    /// Looks for a witness of a need, and hides what it moves.
    fn open_up(&mut self, grid: Option<&Grid>, shifter: &mut Option<Shifter<'a>>, need: usize) {
        let demand = self.witnesses.demand(need);
        let (cell, changes) = (demand.cell, demand.need.changes());
        let avoid: Vec<u32> = self.witnesses.avoid(need).to_vec();
        // All of those at once is the shortest way when there is one; else one after the other.
        let mut ways = vec![avoid.clone()];
        if avoid.len() > 1 {
            ways.extend(avoid.iter().map(|code| vec![*code]));
        }
        for way in ways {
            let prices = self.prices(&way);
            for change in &changes {
                let shift = self.find(grid, shifter, &prices, cell, *change);
                if let Some(shift) = shift {
                    self.hide(&shift);
                    self.witnesses.offer(&shift);
                    self.witnesses.offer_multiples(&unit(&shift));
                    return;
                }
            }
        }
    }

    /// The cheapest shift that is found to change a cell by this much.
    fn find(
        &self,
        grid: Option<&Grid>,
        shifter: &mut Option<Shifter<'a>>,
        prices: &[u64],
        cell: usize,
        change: i64,
    ) -> Option<Shift> {
        let is_tabled = self.problem.cells[cell].kind == Kind::Table;
        let stack = grid.filter(|_| is_tabled).and_then(|g| {
            let found = stack::cheapest(g, &self.values, prices, (cell, change), u64::MAX);
            found.map(|(_, shift)| shift)
        });
        let stack = stack.and_then(|shift| self.complete(shift, prices));
        let cube = || {
            let cube = grid.and_then(|g| self.cubes(g, prices, cell, change));
            cube.and_then(|shift| self.complete(shift, prices))
        };
        let cube = stack.or_else(cube);
        cube.or_else(|| self.shift(shifter, prices, cell, change))
            .or_else(|| self.all_below(prices, cell, change))
    }

    /// One cube through the cell; for a total that must fall, one through each leaf of it.
    fn cubes(&self, grid: &Grid, prices: &[u64], cell: usize, change: i64) -> Option<Shift> {
        if self.problem.cells[cell].kind != Kind::Table {
            return None;
        }
        if change > 0 || self.problem.sums.is_leaf(cell) {
            return CubeSearch::new(grid, &self.values, prices).cheapest(cell, cell, change);
        }
        let (mut values, mut prices) = (self.values.clone(), prices.to_vec());
        let mut left = change;
        for leaf in self.leaves_of(cell) {
            let by = left.max(-values[leaf]);
            if by == 0 || prices[leaf] == u64::MAX {
                continue;
            }
            let cube = CubeSearch::new(grid, &values, &prices).cheapest(leaf, cell, by)?;
            for (cell, by) in cube {
                values[cell as usize] += by;
                prices[cell as usize] = 0;
            }
            left -= by;
        }
        let changes = values.iter().zip(&self.values).enumerate();
        let changes = changes.filter(|(_, (new, old))| new != old);
        (left == 0).then(|| {
            changes
                .map(|(at, (new, old))| (narrow(at), new - old))
                .collect()
        })
    }

    /// The leaves that a cell is made of.
    fn leaves_of(&self, cell: usize) -> impl Iterator<Item = usize> + '_ {
        let moving = move |row: &&Shift| row.iter().any(|(c, _)| *c as usize == cell);
        let leaf = |row: &Shift| {
            let mut cells = row.iter().map(|(c, _)| *c as usize);
            cells.find(|c| self.problem.sums.is_leaf(*c))
        };
        self.leaves.iter().filter(moving).filter_map(leaf)
    }

    /// Lets cells beside the tables take up what a shift does to their relations; none when they cannot.
    pub(super) fn complete(&self, shift: Shift, prices: &[u64]) -> Option<Shift> {
        let sums = &self.problem.sums;
        if self.problem.tabled() == self.values.len() {
            return holds(sums, &self.values, &shift).then_some(shift);
        }
        let fixed: Vec<u32> = shift.iter().map(|(c, _)| *c).collect();
        let mut changes: BTreeMap<u32, i64> = shift.into_iter().collect();
        let rows = changes.keys().flat_map(|c| sums.of(*c as usize));
        let mut open: Vec<u32> = rows.map(|(row, _)| *row).collect();
        open.sort_unstable();
        open.dedup();
        for _ in 0..MOST_STEPS {
            let Some(row) = open.pop() else { break };
            let change = |cell: &u32| changes.get(cell).copied().unwrap_or(0);
            let cells = sums.row(row as usize);
            let mut lack: i64 = cells.iter().map(|(c, s)| -change(c) * i64::from(*s)).sum();
            let mut takers: Vec<(u32, i8)> = cells.to_vec();
            takers.retain(|(c, _)| *c as usize >= self.problem.tabled() && !fixed.contains(c));
            takers.sort_by_key(|(c, _)| (sums.of(*c as usize).len(), *c));
            for (cell, sign) in takers {
                let at = cell as usize;
                if lack == 0 || prices[at] == u64::MAX {
                    continue;
                }
                let now = changes.entry(cell).or_default();
                let by = (lack * i64::from(sign)).max(-self.values[at] - *now);
                *now += by;
                lack -= by * i64::from(sign);
                let others = sums.of(at).iter().map(|(r, _)| *r);
                open.extend(others.filter(|r| *r != row && by != 0));
            }
        }
        let shift: Shift = changes.into_iter().filter(|(_, by)| *by != 0).collect();
        holds(sums, &self.values, &shift).then_some(shift)
    }

    fn hide(&mut self, shift: &Shift) {
        for (cell, _) in shift {
            self.hidden[*cell as usize] = true;
        }
    }

    /// What it costs to let each cell move; the cells of these insiders must not.
    pub(super) fn prices(&self, avoid: &[u32]) -> Vec<u64> {
        let price = |at: usize| {
            if avoid.contains(&self.witnesses.owner(at)) {
                u64::MAX
            } else if self.hidden[at] {
                0
            } else if self.values[at] == 0 || self.problem.cells[at].kind == Kind::Known {
                u64::MAX
            } else {
                self.values[at].unsigned_abs()
            }
        };
        (0..self.values.len()).map(price).collect()
    }

    fn shift(
        &self,
        shifter: &mut Option<Shifter<'a>>,
        prices: &[u64],
        cell: usize,
        change: i64,
    ) -> Option<Shift> {
        if self.values.len() > 3 * SMALL {
            return None;
        }
        let mut random = Chance::new(self.seed ^ 0x5eed);
        let units = (0..self.values.len())
            .map(|_| 0.02 + random.part() / 50.0)
            .collect();
        let shifter = shifter
            .get_or_insert_with(|| Shifter::new(&self.problem.sums, self.problem.values(), units));
        for (at, price) in prices.iter().enumerate() {
            shifter.dues[at] = if *price == u64::MAX {
                f64::INFINITY
            } else {
                real_of(price.cast_signed())
            };
        }
        // What comes out in broken parts is tried again without one of those.
        let mut barred = Vec::new();
        for _ in 0..BARRED {
            match shifter.find(cell, change) {
                Found::Whole(shift) => return Some(shift),
                Found::Broken(cells) => {
                    let one = cells[random.below(cells.len())] as usize;
                    barred.push((one, shifter.dues[one]));
                    shifter.dues[one] = f64::INFINITY;
                }
                Found::Nothing | Found::Undecided => {
                    let (one, due) = barred.pop()?;
                    shifter.dues[one] = due;
                }
            }
        }
        None
    }

    /// The last resort: everything that a cell is made of moves, and every total with it.
    fn all_below(&self, prices: &[u64], cell: usize, change: i64) -> Option<Shift> {
        let mut shift: BTreeMap<u32, i64> = BTreeMap::new();
        let mut left = change;
        let moving = |row: &&Shift| row.iter().any(|(c, _)| *c as usize == cell);
        for row in self.leaves.iter().filter(moving) {
            let cells = || {
                row.iter()
                    .filter(|(c, _)| (*c as usize) < self.values.len())
            };
            let leaf = cells().find(|(c, _)| self.problem.sums.is_leaf(*c as usize));
            let leaf = leaf.map_or(0, |(c, _)| self.values[*c as usize]);
            let by = if change < 0 { left.max(-leaf) } else { left };
            if cells().any(|(c, _)| prices[*c as usize] == u64::MAX) {
                continue;
            }
            for (column, factor) in cells() {
                *shift.entry(*column).or_default() += by * factor;
            }
            left -= by;
        }
        let shift: Shift = shift.into_iter().filter(|(_, by)| *by != 0).collect();
        let shift = (left == 0).then_some(shift)?;
        self.complete(shift, prices)
    }
}

/// A shift divided by what all its changes share.
fn unit(shift: &Shift) -> Shift {
    let shared = shift.iter().fold(0, |a, (_, b)| divisor(a, b.abs())).max(1);
    shift.iter().map(|(c, by)| (*c, by / shared)).collect()
}

fn divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { divisor(b, a % b) }
}
