//! The cheapest way to change one cell by an amount so that every sum still holds and no cell falls below 0, in whole numbers: a linear
//! programme, and a few branches where the cheapest has broken parts. What it finds is checked elsewhere; it proves nothing by itself.

use super::number::whole_of;
use super::problem::narrow;
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

/// Pivots that a search may take, its branches included: from cells that move freely it is there soon or hardly ever.
const MOST_STEPS_FREE: usize = 600;
const MOST_STEPS: usize = 6000;
/// Branches of a search.
const MOST_BRANCHES: usize = 40;

/// A search, reused for many cells.
pub(super) struct Shifter<'a> {
    simplex: Simplex<'a>,
    /// From cells that move freely: few steps. From none: the shortest shift, with fewer broken parts. Each with the pivots it may take.
    starts: [(Start, usize); 2],
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
    /// Searches over these sums. Each cell can fall by its depth; to let it move at all costs its due, and a unit of change as much as
    /// `units` says, so that the shortest of equals is taken. Cells without a due may move freely.
    pub(super) fn new(sums: &'a Sums, depths: Vec<i64>, dues: Vec<f64>, units: Vec<f64>) -> Self {
        let free = (0..dues.len()).filter(|cell| dues[*cell] == 0.0);
        let free: Vec<u32> = free.map(narrow).collect();
        let simplex = Simplex::new(sums, depths, dues, units);
        Self {
            starts: [
                (simplex.start(&free), MOST_STEPS_FREE),
                (simplex.bare(), MOST_STEPS),
            ],
            simplex,
            steps: 0,
        }
    }

    /// The cheapest shift that adds an amount, of either sign, to a cell.
    pub(super) fn find(&mut self, cell: usize, amount: i64, heed: Heed) -> Result<Found, Stopped> {
        if self.simplex.depths[cell] + amount < 0 {
            return Ok(Found::Nothing);
        }
        let mut found = Found::Undecided;
        for at in 0..self.starts.len() {
            let (start, most) = &self.starts[at];
            self.simplex.begin(start, cell, amount);
            found = self.branch(*most, heed)?;
            self.steps += self.simplex.steps;
            if matches!(found, Found::Whole(_) | Found::Nothing) {
                break;
            }
        }
        Ok(found)
    }

    fn branch(&mut self, most: usize, heed: Heed) -> Result<Found, Stopped> {
        let mut left: Vec<Branch> = Vec::new();
        let mut none = Found::Nothing;
        for _ in 0..=MOST_BRANCHES {
            match self.simplex.run(most, heed)? {
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

/// A shift divided by what all its changes share.
pub(super) fn unit(shift: &Shift) -> Shift {
    let shared = shift.iter().fold(0, |a, (_, b)| divisor(a, b.abs())).max(1);
    shift.iter().map(|(c, by)| (*c, by / shared)).collect()
}

fn divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { divisor(b, a % b) }
}
