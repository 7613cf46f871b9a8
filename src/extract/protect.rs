//! Hides what must be hidden, and no more than it finds needed: a pattern by linear algebra, then whole tables that prove each hidden cell
//! open, then more cells where there is no such table. What it gives has a witness for every need, or it says which need has none.

use super::cube::{CubeSearch, Grid};
use super::grid::grid;
use super::kernel::{Kernel, Row};
use super::leaves::{entries, leaves};
use super::number::{real_of, whole_of};
use super::pattern::{Role, Search};
use super::problem::{Problem, narrow};
use super::progress::{Progress, Stage, Stopped};
use super::read::Status;
use super::rules::{Interval, Need, Rules, needs};
use super::shift::{Found, Shift, Shifter, holds};
use super::tableau::{Chance, Tableau};
use super::witness::Witnesses;

/// What came of protecting.
#[derive(Debug, Clone)]
pub struct Protected {
    /// What became of each cell.
    pub status: Vec<Status>,
    /// Whole tables as changes of the true one: together they prove that every need is met.
    pub witnesses: Vec<Shift>,
    /// Cells that no pattern keeps open: the tables hold too little else.
    pub open: Vec<usize>,
}

/// Cells up to which every way is tried: beyond it, walks and searches over the whole table take too long.
const SMALL: usize = 1_500;
/// Rounds of leaving a valley, times the number of cells.
const WANDERING: usize = 400_000;
/// Entries of the kernel times open needs, up to which walks are worth their time.
const MOST_WORK: usize = 20_000_000;
/// As much for walks that only have to begin.
const MOST_WORK_EXACT: usize = 400_000_000;
/// Pivots of one walk.
const PATIENCE: usize = 12;

/// Protects the tables.
pub fn protect(
    problem: &Problem,
    rules: &Rules,
    seed: u64,
    progress: &mut dyn Progress,
) -> Result<Protected, Stopped> {
    let mut run = Run::new(problem, rules, seed);
    run.pattern(progress)?;
    run.prove(progress)?;
    run.extend(progress)?;
    Ok(run.result())
}

struct Run<'a> {
    problem: &'a Problem,
    rules: &'a Rules,
    needs: Vec<(usize, Need)>,
    values: Vec<i64>,
    /// Primary cells.
    primary: Vec<bool>,
    hidden: Vec<bool>,
    search: Search,
    /// What each leaf moves.
    leaves: Vec<Shift>,
    witnesses: Witnesses<'a>,
    seed: u64,
}

impl<'a> Run<'a> {
    fn new(problem: &'a Problem, rules: &'a Rules, seed: u64) -> Self {
        let values: &'a [i64] = problem.values();
        let primary: Vec<bool> = problem
            .cells
            .iter()
            .map(|c| rules.reason(c).is_some())
            .collect();
        let needs = needs(problem, rules);
        let fixed: Vec<bool> = problem
            .cells
            .iter()
            .zip(&primary)
            .map(|(c, p)| c.value == 0 && !p)
            .collect();
        let leaves = leaves(problem, &fixed);
        let moving = leaves.rows.iter().map(entries).collect();
        let tableau = Tableau::new(moving, leaves.own, leaves.columns, seed);
        let mut parts = vec![Role::Known; leaves.columns];
        for (at, cell) in problem.cells.iter().enumerate() {
            parts[at] = if primary[at] {
                Role::Primary
            } else if cell.value == 0 {
                Role::Known
            } else {
                Role::Priced(cell.value.unsigned_abs())
            };
        }
        Self {
            witnesses: Witnesses::new(&problem.sums, values, &needs),
            search: Search::new(tableau, parts, seed),
            leaves: leaves.rows,
            hidden: primary.clone(),
            values: values.to_vec(),
            problem,
            rules,
            needs,
            primary,
            seed,
        }
    }

    /// The cheapest pattern in which the sums give no primary cell away.
    fn pattern(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        self.search.publish_dearest(progress)?;
        self.search.descend(progress)?;
        if self.rules.interval == Interval::Exact {
            let rounds = WANDERING / self.values.len().max(1);
            self.search.wander(rounds.min(400), progress)?;
        }
        for (cell, hidden) in self.hidden.iter_mut().enumerate() {
            *hidden |= self.search.hidden()[cell];
        }
        Ok(())
    }

    /// Needs that the pattern meets as it is, and in small tables those that a little more would meet.
    fn prove(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        let rows = self.search.free_rows();
        for (_, row) in &rows {
            if let Some(direction) = whole(row) {
                self.witnesses.offer_multiples(&direction);
            }
        }
        let open = self.largest_first();
        let entries: usize = rows.iter().map(|(_, row)| row.len()).sum();
        let is_small = self.values.len() <= SMALL;
        let most = match self.rules.interval {
            Interval::Exact => MOST_WORK_EXACT,
            Interval::Threshold => MOST_WORK,
        };
        if !is_small && entries.saturating_mul(open.len()) > most {
            return Ok(());
        }
        let mut kernel = Kernel::new(&self.values);
        for (own, row) in rows {
            kernel.take_row(own, row);
        }
        let mut foreign: Vec<Row> = if is_small {
            self.search.bound_rows()
        } else {
            Vec::new()
        };
        for extend in [false, true] {
            for (done, need) in open.iter().enumerate() {
                progress.step(Stage::Witnesses, done, open.len())?;
                for change in self.needs[*need].1.changes() {
                    if !self.witnesses.is_met(*need) {
                        self.walk(
                            &mut kernel,
                            &mut foreign,
                            self.needs[*need].0,
                            change,
                            extend,
                        );
                    }
                }
            }
        }
        Ok(())
    }

    /// What is open, the largest amounts first: what they hide serves the smaller ones.
    fn largest_first(&self) -> Vec<usize> {
        let mut open: Vec<usize> = self.witnesses.open().collect();
        let size = |need: &usize| self.needs[*need].1.changes().first().map(|c| c.abs());
        open.sort_by_key(|n| (std::cmp::Reverse(size(n)), *n));
        open
    }

    /// Walks to where a cell has changed as needed; lets other rows be followed when the kernel has no way.
    fn walk(
        &mut self,
        kernel: &mut Kernel,
        foreign: &mut Vec<Row>,
        cell: usize,
        change: i64,
        extend: bool,
    ) {
        kernel.reset();
        let mut left = kernel.walk(cell, real_of(change), PATIENCE);
        for _ in 0..40 {
            if left == 0.0 || !extend {
                break;
            }
            let Some(best) = self.best_foreign(kernel, foreign, cell, left) else {
                break;
            };
            let row = foreign.swap_remove(best);
            for (cell, _) in &row {
                self.hidden[*cell as usize] = true;
            }
            kernel.reset();
            kernel.add(&row);
            left = kernel.walk(cell, real_of(change), PATIENCE);
        }
        if left == 0.0
            && let Some(shift) = kernel.shift()
        {
            self.witnesses.offer(&shift);
        }
    }

    /// The row that brings the cell further at the lowest price for what it brings.
    fn best_foreign(
        &self,
        kernel: &Kernel,
        foreign: &[Row],
        cell: usize,
        left: f64,
    ) -> Option<usize> {
        let mut pulls: std::collections::HashMap<u32, f64> = kernel
            .pulls(cell)
            .into_iter()
            .map(|(c, f)| (c, -f))
            .collect();
        pulls.insert(narrow(cell), 1.0);
        let mut best: Option<(f64, usize)> = None;
        for (at, row) in foreign.iter().enumerate() {
            let slope: f64 = row
                .iter()
                .filter_map(|(c, f)| pulls.get(c).map(|p| p * f))
                .sum();
            let price: f64 = real_of(
                row.iter()
                    .filter(|(c, _)| !self.hidden[*c as usize])
                    .map(|(c, _)| self.values[*c as usize])
                    .sum::<i64>(),
            );
            if slope.abs() < 1e-7 || best.is_some_and(|b| price > b.0) {
                continue;
            }
            let gain = kernel.gain(row, cell, left);
            let price = price * left.abs() / gain.max(1e-9);
            if gain > 1e-7 && best.is_none_or(|b| price < b.0) {
                best = Some((price, at));
            }
        }
        best.map(|b| b.1)
    }

    /// Hides more for needs that are still open: the cheapest cube, else the cheapest shift of any form.
    fn extend(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        let open = self.largest_first();
        if open.is_empty() {
            return Ok(());
        }
        let grid = grid(self.problem);
        let mut shifter: Option<Shifter<'a>> = None;
        for (done, need) in open.iter().enumerate() {
            progress.step(Stage::Extending, done, open.len())?;
            if self.witnesses.is_met(*need) {
                continue;
            }
            let cell = self.needs[*need].0;
            for change in self.needs[*need].1.changes() {
                if self.witnesses.is_met(*need) {
                    break;
                }
                let prices = self.prices();
                let cube = grid
                    .as_ref()
                    .and_then(|g| self.cubes(g, &prices, cell, change));
                let cube = cube.filter(|shift| holds(&self.problem.sums, &self.values, shift));
                let shift = cube
                    .or_else(|| self.shift(&mut shifter, cell, change))
                    .or_else(|| self.all_below(cell, change));
                if let Some(shift) = shift {
                    self.hide(&shift);
                    self.witnesses.offer(&shift);
                    self.witnesses.offer_multiples(&unit(&shift));
                }
            }
        }
        Ok(())
    }

    /// One cube through the cell; for a total that must fall, one through each leaf of it.
    fn cubes(&self, grid: &Grid, prices: &[u64], cell: usize, change: i64) -> Option<Shift> {
        if change > 0 || self.problem.sums.is_leaf(cell) {
            return CubeSearch::new(grid, &self.values, prices).cheapest(cell, cell, change);
        }
        let (mut values, mut prices) = (self.values.clone(), prices.to_vec());
        let mut left = change;
        for row in self
            .leaves
            .iter()
            .filter(|r| r.iter().any(|(c, _)| *c as usize == cell))
        {
            let leaf = row
                .iter()
                .find(|(c, _)| self.problem.sums.is_leaf(*c as usize));
            let leaf = leaf.map(|(c, _)| *c as usize)?;
            let by = left.max(-values[leaf]);
            if by == 0 {
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

    fn hide(&mut self, shift: &Shift) {
        for (cell, _) in shift {
            self.hidden[*cell as usize] = true;
        }
    }

    /// What it costs to let each cell move.
    fn prices(&self) -> Vec<u64> {
        let cells = self
            .values
            .iter()
            .zip(&self.hidden)
            .zip(&self.problem.cells);
        cells
            .map(|((value, hidden), _)| {
                if *hidden {
                    0
                } else if *value == 0 {
                    u64::MAX
                } else {
                    value.unsigned_abs()
                }
            })
            .collect()
    }

    fn shift(&self, shifter: &mut Option<Shifter<'a>>, cell: usize, change: i64) -> Option<Shift> {
        if self.values.len() > 2 * SMALL {
            return None;
        }
        let mut random = Chance::new(self.seed ^ 0x5eed);
        let units = (0..self.values.len())
            .map(|_| 0.02 + random.part() / 50.0)
            .collect();
        let shifter = shifter
            .get_or_insert_with(|| Shifter::new(&self.problem.sums, self.problem.values(), units));
        for (at, price) in self.prices().into_iter().enumerate() {
            shifter.dues[at] = if price == u64::MAX {
                f64::INFINITY
            } else {
                real_of(price.cast_signed())
            };
        }
        match shifter.find(cell, change) {
            Found::Whole(shift) => Some(shift),
            _ => None,
        }
    }

    /// The last resort: everything that a cell is made of moves, and every total with it.
    fn all_below(&self, cell: usize, change: i64) -> Option<Shift> {
        let mut shift: std::collections::BTreeMap<u32, i64> = std::collections::BTreeMap::new();
        let moving = |row: &&Shift| row.iter().any(|(c, _)| *c as usize == cell);
        for row in self.leaves.iter().filter(moving) {
            let leaf = row
                .iter()
                .find(|(c, _)| self.problem.sums.is_leaf(*c as usize));
            let leaf = leaf.map_or(0, |(c, _)| self.values[*c as usize]);
            let by = if change < 0 { -leaf } else { change };
            for (column, factor) in row
                .iter()
                .filter(|(c, _)| (*c as usize) < self.values.len())
            {
                *shift.entry(*column).or_default() += by * factor;
            }
            if change > 0 {
                break;
            }
        }
        let shift: Shift = shift.into_iter().filter(|(_, by)| *by != 0).collect();
        let moves_zero =
            |(c, _): &(u32, i64)| self.values[*c as usize] == 0 && !self.primary[*c as usize];
        (!shift.iter().any(moves_zero) && holds(&self.problem.sums, &self.values, &shift))
            .then_some(shift)
    }

    fn result(mut self) -> Protected {
        let moved = self.witnesses.thin();
        let open: Vec<usize> = self.witnesses.open().map(|n| self.needs[n].0).collect();
        let status = |cell: usize| {
            if self.primary[cell] {
                Status::Primary
            } else if moved[cell] || !open.is_empty() && self.hidden[cell] {
                Status::Secondary
            } else {
                Status::Published
            }
        };
        Protected {
            status: (0..self.values.len()).map(status).collect(),
            witnesses: self.witnesses.kept,
            open,
        }
    }
}

/// A row in whole numbers, if it is one.
pub(super) fn whole(row: &Row) -> Option<Shift> {
    let twelve = row.iter().all(|(_, f)| (f * 12.0).fract().abs() < 1e-9);
    let divisor = [1.0, 2.0, 3.0, 4.0, 6.0, 12.0]
        .into_iter()
        .find(|d| row.iter().all(|(_, f)| (f * d).fract().abs() < 1e-9));
    let divisor = divisor.filter(|_| twelve)?;
    Some(
        row.iter()
            .map(|(c, f)| (*c, whole_of(f * divisor)))
            .collect(),
    )
}

/// A shift divided by what all its changes share.
fn unit(shift: &Shift) -> Shift {
    let shared = shift.iter().fold(0, |a, (_, b)| divisor(a, b.abs())).max(1);
    shift.iter().map(|(c, by)| (*c, by / shared)).collect()
}

fn divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { divisor(b, a % b) }
}
