//! Where a search stands, and the room that it works in.

use super::factor::Factor;
use super::{NONE, TINY, real_of};

/// Where a cell is: outside the basis at one of its ends or unchanged, or in it, on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Low,
    Rest,
    High,
    Below,
    Above,
}

/// What a search begins with.
#[derive(Debug, Clone)]
pub(in crate::extract) struct Start {
    /// The members of the basis by position: a cell, or a sum, counted on from the cells.
    pub(super) members: Vec<u32>,
    pub(super) factor: Factor,
    /// Cells among them: they move freely, and at no price.
    pub(super) loose: Vec<bool>,
}

/// Where a search stands; kept at a branch, to come back to.
#[derive(Debug, Clone, Default)]
pub(in crate::extract) struct State {
    /// What is in the basis, by position: a cell, or a sum that does not hold yet, counted on from the cells.
    pub(super) basis: Vec<u32>,
    /// The position of each, `NONE` outside.
    pub(super) position: Vec<u32>,
    pub(super) place: Vec<Place>,
    /// Change of each cell, and what each sum has too much.
    pub(super) change: Vec<f64>,
    pub(in crate::extract) low: Vec<f64>,
    pub(in crate::extract) high: Vec<f64>,
    /// Change at which a price by unit begins; the lowest where there is none.
    pub(super) rest: Vec<f64>,
    /// What the sums say a cell is worth when it rises.
    pub(super) worth: Vec<f64>,
    /// Squared length of each row of the inverse.
    pub(super) lengths: Vec<f64>,
}

/// Room to work in, 0 between uses.
#[derive(Debug, Default)]
pub(super) struct Work {
    pub(super) by_row: Vec<f64>,
    pub(super) by_position: Vec<f64>,
    pub(super) across: Vec<f64>,
    pub(super) column: Vec<f64>,
    pub(super) turned: Vec<f64>,
    pub(super) weight: Vec<f64>,
    pub(super) seen: Vec<u32>,
    pub(super) ready: Vec<Entering>,
}

/// What enters it: the price of that for each unit, where it goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entering {
    pub(super) ratio: f64,
    pub(super) factor: f64,
    pub(super) cell: u32,
    pub(super) place: Place,
}

impl State {
    pub(super) fn reset(&mut self, values: &[i64], members: &[u32]) {
        let (cells, rows) = (values.len(), members.len());
        self.basis.clear();
        self.basis.extend_from_slice(members);
        fill(&mut self.position, cells, NONE);
        fill(&mut self.place, cells, Place::Rest);
        fill(&mut self.change, cells + rows, 0.0);
        self.low.clear();
        self.low.extend(values.iter().map(|v| -real_of(*v)));
        fill(&mut self.high, cells, f64::INFINITY);
        fill(&mut self.rest, cells, 0.0);
        fill(&mut self.worth, cells, 0.0);
        fill(&mut self.lengths, rows, 1.0);
    }

    /// Whether a change is that at which a cell rests.
    pub(super) fn rests_at(&self, cell: usize, change: f64) -> bool {
        (change - self.rest[cell]).abs() < TINY
    }
}

impl Work {
    pub(super) fn new(rows: usize, cells: usize) -> Self {
        Self {
            by_row: vec![0.0; rows],
            by_position: vec![0.0; rows],
            across: vec![0.0; rows],
            column: vec![0.0; rows],
            turned: vec![0.0; rows],
            weight: vec![0.0; cells],
            ..Self::default()
        }
    }
}

fn fill<T: Copy>(list: &mut Vec<T>, size: usize, with: T) {
    list.clear();
    list.resize(size, with);
}
