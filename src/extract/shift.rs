//! The cheapest way to change one cell by an amount so that every sum still holds and no cell falls below 0, in whole numbers: a linear
//! programme, and a few branches where the cheapest has broken parts. What it finds is checked elsewhere; it proves nothing by itself.

use super::number::whole_of;
use super::progress::{Heed, Stopped};
use super::simplex::{End, Simplex, Start, State};
use super::sums::Sums;

/// Cells and what is added to each, the changed cell included.
pub type Shift = Vec<(u32, i64)>;

/// What came of a search.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// A shift in whole numbers.
    Whole(Shift),
    /// The cheapest shift has broken parts, and no branch that was tried has none.
    Broken,
    /// No shift exists, not even in broken parts.
    Nothing,
    /// Not decided within the steps allowed.
    Undecided,
}

/// Pivots that a search may take, its branches included.
const MOST_STEPS: usize = 6000;
/// Branches of a search.
const MOST_BRANCHES: usize = 40;

/// A search, reused for many cells.
pub(super) struct Shifter<'a> {
    simplex: Simplex<'a>,
    /// From cells that move freely: few steps. From none: the shortest shift, with fewer broken parts.
    starts: Vec<Start>,
    /// Pivots of all searches so far.
    pub(super) steps: usize,
}

/// Left to try: where the search stood, and the ends of the cell that was broken there.
struct Branch {
    state: State,
    cell: usize,
    ends: (f64, f64),
}

impl<'a> Shifter<'a> {
    /// Searches over these sums. A unit of change of each cell costs as much as `units` says, so that the shortest of equals is taken;
    /// those of `free` cost nothing.
    pub(super) fn new(sums: &'a Sums, values: &[i64], units: Vec<f64>, free: &[u32]) -> Self {
        let simplex = Simplex::new(sums, values, units);
        Self {
            starts: vec![simplex.start(free), simplex.bare()],
            simplex,
            steps: 0,
        }
    }

    /// What it costs to let each cell move: 0 when it is hidden, infinite when it must not.
    pub(super) fn dues(&mut self) -> &mut [f64] {
        &mut self.simplex.dues
    }

    /// How far each cell can fall: to nothing, unless told otherwise.
    pub(super) fn depths(&mut self) -> &mut [i64] {
        &mut self.simplex.depths
    }

    /// The cheapest shift that adds an amount, of either sign, to a cell.
    pub(super) fn find(&mut self, cell: usize, amount: i64, heed: Heed) -> Result<Found, Stopped> {
        if self.simplex.depths[cell] + amount < 0 {
            return Ok(Found::Nothing);
        }
        let mut found = Found::Undecided;
        for start in 0..self.starts.len() {
            self.simplex.begin(&self.starts[start], cell, amount);
            found = self.branch(heed)?;
            self.steps += self.simplex.steps;
            if matches!(found, Found::Whole(_) | Found::Nothing) {
                break;
            }
        }
        Ok(found)
    }

    fn branch(&mut self, heed: Heed) -> Result<Found, Stopped> {
        let mut left: Vec<Branch> = Vec::new();
        let mut none = Found::Nothing;
        for _ in 0..=MOST_BRANCHES {
            match self.simplex.run(MOST_STEPS, heed)? {
                End::Undecided => return Ok(Found::Undecided),
                End::Fits => {
                    let Some((cell, change)) = self.simplex.broken() else {
                        return Ok(Found::Whole(self.result()));
                    };
                    none = Found::Broken;
                    let (first, second) = self.sides(cell, change);
                    left.push(Branch {
                        state: self.simplex.state.clone(),
                        cell,
                        ends: second,
                    });
                    self.simplex.bound(cell, first);
                }
                End::Nothing => {
                    let Some(branch) = left.pop() else {
                        return Ok(none);
                    };
                    if !self.simplex.resume(branch.state) {
                        return Ok(Found::Undecided);
                    }
                    self.simplex.bound(branch.cell, branch.ends);
                }
            }
        }
        Ok(Found::Broken)
    }

    /// The ends of a cell beneath and above a broken change, the nearer first; of equals the one towards no change.
    fn sides(&self, cell: usize, change: f64) -> ((f64, f64), (f64, f64)) {
        let state = &self.simplex.state;
        let down = (state.low[cell], change.floor());
        let up = (change.ceil(), state.high[cell]);
        let part = change - change.floor();
        let is_half = (part - 0.5).abs() < 1e-6;
        if is_half && change > 0.0 || !is_half && part < 0.5 {
            (down, up)
        } else {
            (up, down)
        }
    }

    fn result(&self) -> Shift {
        let changes = self.simplex.changes();
        changes.map(|(cell, by)| (cell, whole_of(by))).collect()
    }
}
