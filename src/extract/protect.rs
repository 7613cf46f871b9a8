//! Hides what must be hidden, and no more than it finds needed: a pattern by linear algebra, then whole tables that prove each hidden cell
//! open, then more cells where there is no such table. What it gives has a witness for every need, or it says which need has none.

use super::beside::Kind;
use super::demand::{Insiders, demands};
use super::kernel::{Kernel, Row};
use super::leaves::{entries, leaves};
use super::number::{real_of, whole_of};
use super::pattern::{Role, Search};
use super::problem::{Cell, Problem, narrow};
use super::progress::{Progress, Stage, Stopped};
use super::read::Status;
use super::region::Layout;
use super::rules::{Interval, Rules};
use super::shift::Shift;
use super::tableau::Tableau;
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
pub(super) const SMALL: usize = 1_500;
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

/// One run.
pub(super) struct Run<'a> {
    pub(super) problem: &'a Problem,
    pub(super) layout: Layout,
    rules: &'a Rules,
    pub(super) values: Vec<i64>,
    /// Primary cells.
    pub(super) primary: Vec<bool>,
    pub(super) hidden: Vec<bool>,
    search: Search,
    /// What each leaf moves.
    pub(super) leaves: Vec<Shift>,
    pub(super) witnesses: Witnesses<'a>,
    pub(super) seed: u64,
}

impl<'a> Run<'a> {
    fn new(problem: &'a Problem, rules: &'a Rules, seed: u64) -> Self {
        let values: &'a [i64] = problem.values();
        let primary: Vec<bool> = problem
            .cells
            .iter()
            .map(|c| rules.reason(c).is_some())
            .collect();
        let insiders = Insiders::new(problem, rules.insider.as_deref());
        let demands = demands(problem, rules, &insiders);
        let is_free = |at: usize| problem.cells[at].kind == Kind::Free;
        let fixed: Vec<bool> = problem
            .cells
            .iter()
            .zip(&primary)
            .map(|(c, p)| c.value == 0 && !p && c.kind != Kind::Free)
            .collect();
        let leaves = leaves(problem, &fixed);
        let moving = leaves.rows.iter().map(entries).collect();
        let tableau = Tableau::new(moving, leaves.own, leaves.columns, seed);
        let parts = roles(problem, &primary, leaves.columns);
        Self {
            witnesses: Witnesses::new(problem, insiders, demands),
            search: Search::new(tableau, parts, seed),
            leaves: leaves.rows,
            hidden: (0..primary.len())
                .map(|c| primary[c] || is_free(c))
                .collect(),
            values: values.to_vec(),
            layout: Layout::new(problem),
            problem,
            rules,
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
                let cell = self.witnesses.demand(*need).cell;
                for change in self.witnesses.demand(*need).need.changes() {
                    if !self.witnesses.is_met(*need) && self.witnesses.avoid(*need).is_empty() {
                        self.walk(&mut kernel, &mut foreign, cell, change, extend);
                    }
                }
            }
        }
        Ok(())
    }

    /// What is open, the largest amounts first: what they hide serves the smaller ones.
    pub(super) fn largest_first(&self) -> Vec<usize> {
        let mut open: Vec<usize> = self.witnesses.open().collect();
        let demand = |need: &usize| self.witnesses.demand(*need);
        let size = |need: &usize| demand(need).need.changes().first().map(|c| c.abs());
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

    /// Whether more is needed than the pattern was made for, so that what was added is worth another look.
    pub(super) fn has_dear_needs(&self) -> bool {
        self.rules.interval == Interval::Threshold || self.rules.insider.is_some()
    }

    fn result(mut self) -> Protected {
        let moved = self.witnesses.thin();
        let open = self.witnesses.open().map(|n| self.witnesses.demand(n).cell);
        let mut open: Vec<usize> = open.collect();
        open.dedup();
        let status = |cell: usize| {
            if self.primary[cell] {
                Status::Primary
            } else if self.problem.cells[cell].kind != Kind::Table {
                self.problem.cells[cell].status
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

/// What each column is to the search; those after the cells are known.
fn roles(problem: &Problem, primary: &[bool], columns: usize) -> Vec<Role> {
    let role = |(cell, is_primary): (&Cell, &bool)| {
        if *is_primary {
            Role::Primary
        } else if cell.kind == Kind::Free {
            Role::Free
        } else if cell.value == 0 || cell.kind == Kind::Known {
            Role::Known
        } else {
            Role::Priced(cell.value.unsigned_abs())
        }
    };
    let mut roles: Vec<Role> = problem.cells.iter().zip(primary).map(role).collect();
    roles.resize(columns, Role::Known);
    roles
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
