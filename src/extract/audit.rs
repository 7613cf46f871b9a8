//! The attack on a table that is about to leave: for every hidden cell how low and how high it can be, given all that is published. What is
//! called open has a whole table behind it; what is called closed has a proof by linear programming, or no table that we could find.

use super::beside::Kind;
use super::cube::Grid;
use super::demand::{Demand, Insiders, attacked, demands, demands_of, insiders};
use super::grid::grid;
use super::kernel::Kernel;
use super::leaves::{entries, leaves};
use super::number::real_of;
use super::pattern::{Role, Search};
use super::problem::Problem;
use super::progress::{Heed, Progress, Stage, Stopped};
use super::protect::whole;
use super::region::{Layout, Region};
use super::rules::Rules;
use super::shift::{Found, Shift, Shifter, unit};
use super::stack;
use super::sums::holds;
use super::tableau::{Chance, Tableau};
use super::witness::Witnesses;

/// What an attacker can make of a hidden cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Its value.
    Exact,
    /// Less than must stay open.
    Narrow,
    /// Nothing that must not be known.
    Safe,
}

/// What was found of one hidden cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// The cell.
    pub cell: usize,
    /// Lowest value that is shown possible.
    pub lower: i64,
    /// Highest value that is shown possible.
    pub upper: i64,
    /// What it means.
    pub verdict: Verdict,
}

/// Hidden cells up to which the whole interval of each is worked out, not only what must be open.
const FULL: usize = 60;
const PATIENCE: usize = 12;
/// Cells above which a shift is first looked for around a cell.
const LARGE: usize = 1_000;
/// Codes of the widest dimension that count as around it: few, then more.
const NEAR: [usize; 2] = [6, 12];
/// Entries of the kernel times open needs, up to which all needs are walked for; beyond it only those of any other value.
const MOST_WORK: usize = 4_000_000;

/// Attacks the hidden cells among those that the attacker does not know already.
pub fn audit(
    problem: &Problem,
    rules: &Rules,
    known: &[bool],
    progress: &mut dyn Progress,
) -> Result<Vec<Finding>, Stopped> {
    let hidden = hidden(problem, known);
    let demands = attacked(problem, rules, &hidden);
    attack((problem, grid(problem).as_ref()), hidden, demands, progress)
}

/// Between what a hidden cell can lie at most, no further than it is asked: beyond that a linear programme proves that no table is.
pub(super) fn at_most(
    problem: &Problem,
    asked: &[(usize, (i64, i64))],
    progress: &mut dyn Progress,
) -> Result<Vec<(i64, i64)>, Stopped> {
    let is_hidden = |cell: usize| problem.cells[cell].status.is_hidden();
    let region = Region::new(&problem.sums, is_hidden);
    let mut searcher = Searcher::new(&region, problem.values());
    let mut all = Vec::new();
    for (done, (cell, (low, high))) in asked.iter().enumerate() {
        progress.step(Stage::Attacking, done, asked.len())?;
        let value = problem.values()[*cell];
        let mut can = |by: i64| {
            !matches!(
                searcher.search(*cell, by, &mut || Ok(())),
                Ok(Found::Nothing)
            )
        };
        let down = furthest(0, value - low, &mut |by| can(-by));
        let up = furthest(0, high - value, &mut can);
        all.push((value - down, value + up));
    }
    Ok(all)
}

/// A finding of an insider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inside {
    /// The dimension of the insiders.
    pub dimension: usize,
    /// The insider's code in it.
    pub code: u32,
    /// What it breaks.
    pub finding: Finding,
}

/// Lets each insider that the rules name attack what must be hidden for its own sake, and gives what they break.
pub fn inside(
    problem: &Problem,
    rules: &Rules,
    progress: &mut dyn Progress,
) -> Result<Vec<Inside>, Stopped> {
    let name = rules.insider.as_deref();
    let place = problem
        .dimensions
        .iter()
        .position(|d| Some(d.as_str()) == name);
    let Some(dimension) = place else {
        return Ok(Vec::new());
    };
    let knowing = Insiders::new(problem, name);
    let all = demands(problem, rules, &knowing);
    let (grid, mut found) = (grid(problem), Vec::new());
    for code in insiders(problem, dimension) {
        let known: Vec<bool> = knowing.of.iter().map(|of| *of == code).collect();
        let demands = demands_of(code, &all);
        let hidden = hidden(problem, &known);
        let attacked = attack((problem, grid.as_ref()), hidden, demands, progress)?;
        let broken = attacked.into_iter().filter(|f| f.verdict != Verdict::Safe);
        found.extend(broken.map(|finding| Inside {
            dimension,
            code,
            finding,
        }));
    }
    Ok(found)
}

fn hidden(problem: &Problem, known: &[bool]) -> Vec<bool> {
    let cells = problem.cells.iter().zip(known);
    cells.map(|(c, k)| c.status.is_hidden() && !k).collect()
}

fn attack(
    (problem, grid): (&Problem, Option<&Grid>),
    hidden: Vec<bool>,
    demands: Vec<Demand>,
    progress: &mut dyn Progress,
) -> Result<Vec<Finding>, Stopped> {
    let mut search = kernel_of(problem, &hidden, progress)?;
    let mut attack = Attack {
        witnesses: Witnesses::new(problem, Insiders::new(problem, None), demands),
        problem,
        reach: vec![(0, 0); problem.cells.len()],
        hidden,
    };
    attack.prove(&mut search, grid, progress)?;
    attack.findings(&search, progress)
}

/// The deviations that the hidden cells allow, all others published.
pub(super) fn kernel_of(
    problem: &Problem,
    hidden: &[bool],
    progress: &mut dyn Progress,
) -> Result<Search, Stopped> {
    let fixed: Vec<bool> = problem
        .cells
        .iter()
        .zip(hidden)
        .map(|(c, h)| c.value == 0 && !h)
        .collect();
    let leaves = leaves(problem, &fixed);
    let rows = leaves.rows.iter().map(entries).collect();
    let tableau = Tableau::new(rows, leaves.own, leaves.columns, 1);
    let mut roles = vec![Role::Known; leaves.columns];
    for (role, hidden) in roles.iter_mut().zip(hidden) {
        if *hidden {
            *role = Role::Primary;
        }
    }
    let mut search = Search::new(tableau, roles, 1);
    search.publish_dearest(progress)?;
    Ok(search)
}

struct Attack<'a> {
    problem: &'a Problem,
    hidden: Vec<bool>,
    witnesses: Witnesses<'a>,
    /// Lowest and highest change shown of each cell.
    reach: Vec<(i64, i64)>,
}

impl Attack<'_> {
    fn prove(
        &mut self,
        search: &mut Search,
        grid: Option<&Grid>,
        progress: &mut dyn Progress,
    ) -> Result<(), Stopped> {
        let rows = search.free_rows();
        for (_, row) in &rows {
            if let Some(direction) = whole(row) {
                self.witnesses.offer_multiples(&direction);
            }
        }
        if let Some(grid) = grid {
            self.stack(grid, progress)?;
        }
        let entries: usize = rows.iter().map(|(_, row)| row.len()).sum();
        let open: Vec<usize> = self.witnesses.open().collect();
        if entries.saturating_mul(open.len()) > MOST_WORK {
            return Ok(());
        }
        let mut kernel = Kernel::new(self.problem.values());
        for (own, row) in rows {
            kernel.take_row(own, row);
        }
        self.try_each(progress, |(cell, change), _| {
            kernel.reset();
            let left = kernel.walk(cell, real_of(change), PATIENCE);
            Ok((left == 0.0).then(|| kernel.shift()).flatten())
        })
    }

    /// Cubes among the hidden cells, laid upon each other.
    fn stack(&mut self, grid: &Grid, progress: &mut dyn Progress) -> Result<(), Stopped> {
        let values = self.problem.values();
        let prices: Vec<u64> = self
            .hidden
            .iter()
            .map(|h| if *h { 0 } else { u64::MAX })
            .collect();
        let tabled = self.problem.tabled();
        self.try_each(progress, |(cell, change), _| {
            let found = (cell < tabled)
                .then(|| stack::cheapest(grid, values, &prices, (cell, change), u64::MAX));
            Ok(found.flatten().map(|(_, shift)| shift))
        })
    }

    /// Looks for a shift for each change that would meet an open need, until it is met.
    fn try_each(
        &mut self,
        progress: &mut dyn Progress,
        mut find: impl FnMut((usize, i64), Heed) -> Result<Option<Shift>, Stopped>,
    ) -> Result<(), Stopped> {
        let open: Vec<usize> = self.witnesses.open().collect();
        for (done, need) in open.iter().enumerate() {
            progress.step(Stage::Attacking, done, open.len())?;
            let cell = self.witnesses.demand(*need).cell;
            for change in self.witnesses.demand(*need).need.changes() {
                if self.witnesses.is_met(*need) {
                    break;
                }
                let mut heed = || progress.step(Stage::Attacking, done, open.len());
                if let Some(shift) = find((cell, change), &mut heed)? {
                    self.witnesses.offer(&shift);
                    self.witnesses.offer_multiples(&unit(&shift));
                }
            }
        }
        Ok(())
    }

    fn findings(
        mut self,
        search: &Search,
        progress: &mut dyn Progress,
    ) -> Result<Vec<Finding>, Stopped> {
        if self.problem.cells.len() > LARGE {
            for codes in NEAR {
                self.search_near(codes, progress)?;
            }
        }
        let region = Region::new(&self.problem.sums, |cell| self.hidden[cell]);
        let mut searcher = Searcher::new(&region, self.problem.values());
        let hidden = search.hidden();
        self.try_each(progress, |(cell, change), heed| {
            if hidden[cell] {
                searcher.find(cell, change, heed)
            } else {
                Ok(None)
            }
        })?;
        for (cell, change) in self.witnesses.kept.iter().flatten() {
            let (low, high) = &mut self.reach[*cell as usize];
            *low = (*low).min(*change);
            *high = (*high).max(*change);
        }
        let closed: std::collections::HashSet<usize> = self
            .witnesses
            .open()
            .map(|n| self.witnesses.demand(n).cell)
            .collect();
        let concerns = |c: &usize| self.hidden[*c] && self.problem.cells[*c].kind != Kind::Free;
        let cells: Vec<usize> = (0..self.hidden.len()).filter(concerns).collect();
        let all = cells.len() <= FULL;
        let mut found = Vec::new();
        for (done, cell) in cells.iter().enumerate() {
            progress.step(Stage::Attacking, done, cells.len())?;
            if search.hidden()[*cell] && (all || closed.contains(cell)) {
                self.stretch(&mut searcher, *cell);
            }
            found.push(self.finding(*cell, closed.contains(cell)));
        }
        Ok(found)
    }

    /// Looks for shifts among the hidden cells around each cell.
    fn search_near(&mut self, codes: usize, progress: &mut dyn Progress) -> Result<(), Stopped> {
        let (problem, hidden) = (self.problem, self.hidden.clone());
        let layout = Layout::new(problem);
        self.try_each(progress, |(cell, change), heed| {
            let near = layout.around(cell, |at| hidden[at]);
            let region = Region::new(&problem.sums, |at| hidden[at] && near.has(at, codes));
            Searcher::new(&region, problem.values()).find(cell, change, heed)
        })
    }

    /// Works out how far a cell goes in both directions, as far as whole tables show it.
    fn stretch(&mut self, searcher: &mut Searcher, cell: usize) {
        let most = self.problem.values().iter().max().copied().unwrap_or(0);
        let value = self.problem.values()[cell];
        let mut reaches = |change: i64| match searcher.find(cell, change, &mut || Ok(())) {
            Ok(Some(shift)) => holds(&self.problem.sums, self.problem.values(), &shift),
            _ => false,
        };
        let (low, high) = self.reach[cell];
        self.reach[cell].0 = -furthest(-low, value, &mut |by| reaches(-by));
        self.reach[cell].1 = furthest(high, most, &mut reaches);
    }

    fn finding(&self, cell: usize, closed: bool) -> Finding {
        let value = self.problem.values()[cell];
        let (low, high) = self.reach[cell];
        let verdict = match (closed, low == 0 && high == 0) {
            (true, true) => Verdict::Exact,
            (true, false) => Verdict::Narrow,
            (false, _) => Verdict::Safe,
        };
        Finding {
            cell,
            lower: value + low,
            upper: value + high,
            verdict,
        }
    }
}

/// A search among the hidden cells alone.
struct Searcher<'r> {
    region: &'r Region,
    shifter: Shifter<'r>,
}

impl<'r> Searcher<'r> {
    fn new(region: &'r Region, values: &[i64]) -> Self {
        let mut chance = Chance::new(7);
        let units: Vec<f64> = values.iter().map(|_| 1.0 + chance.part()).collect();
        let dues = vec![0.0; region.cells.len()];
        let (depths, units) = (region.of(values), region.of(&units));
        let shifter = Shifter::new(&region.sums, depths, dues, units);
        Self { region, shifter }
    }

    /// A shift that adds an amount to a cell.
    fn find(&mut self, cell: usize, amount: i64, heed: Heed) -> Result<Option<Shift>, Stopped> {
        Ok(match self.search(cell, amount, heed)? {
            Found::Whole(shift) => Some(self.region.outside(shift)),
            Found::Broken | Found::Nothing | Found::Undecided => None,
        })
    }

    fn search(&mut self, cell: usize, amount: i64, heed: Heed) -> Result<Found, Stopped> {
        match self.region.number(cell) {
            Some(target) => self.shifter.find(target, amount, heed),
            None => Ok(Found::Nothing),
        }
    }
}

/// The largest change that is possible, between one that is and one that nothing can exceed.
fn furthest(from: i64, most: i64, reaches: &mut impl FnMut(i64) -> bool) -> i64 {
    let (mut low, mut step) = (from, 1);
    while low < most && reaches((low + step).min(most)) {
        low = (low + step).min(most);
        step *= 2;
    }
    let mut high = (low + step).min(most + 1);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if reaches(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}
