//! What can move at all when some cells stand fast, and the sums among that: a search over it is as long as the region is large, not the
//! table.

use super::beside::Kind;
use super::problem::{Problem, TOTAL, narrow};
use super::shift::Shift;
use super::sums::Sums;
use std::cmp::Reverse;
use std::collections::HashSet;

/// Where the cells stand: their codes side by side.
pub(super) struct Layout {
    dimensions: usize,
    /// Those of each cell; `NOWHERE` for what shares no codes.
    codes: Vec<u32>,
    /// Whether a cell stands in a table and is not known to everybody.
    is_tabled: Vec<bool>,
    /// The dimension with most codes, and how many.
    wide: (usize, usize),
}

const NOWHERE: u32 = u32::MAX;

impl Layout {
    /// Where the cells of a problem stand.
    pub(super) fn new(problem: &Problem) -> Self {
        let dimensions = problem.codes.len();
        let codes = problem.cells.iter().flat_map(|cell| {
            let of = |d: usize| cell.codes.get(d).copied().unwrap_or(NOWHERE);
            (0..dimensions).map(of)
        });
        let wide = (0..dimensions).map(|d| (d, problem.codes[d].len()));
        Self {
            dimensions,
            codes: codes.collect(),
            is_tabled: problem
                .cells
                .iter()
                .map(|c| c.kind == Kind::Table)
                .collect(),
            wide: wide.max_by_key(|w| w.1).unwrap_or_default(),
        }
    }

    fn of(&self, cell: usize) -> &[u32] {
        &self.codes[cell * self.dimensions..][..self.dimensions]
    }

    /// The code of a cell in the widest dimension, if it has one.
    fn wide(&self, cell: usize) -> Option<usize> {
        let code = self.of(cell).get(self.wide.0).copied();
        code.filter(|c| *c != NOWHERE).map(|c| c as usize)
    }

    /// What is around a cell; all is equally near to one that shares no codes.
    pub(super) fn around(&self, cell: usize, is_free: impl Fn(usize) -> bool) -> Near<'_> {
        let own = self.of(cell);
        let Some(wide) = self.wide(cell) else {
            return Near {
                layout: self,
                rank: Vec::new(),
            };
        };
        let mut score = vec![0_usize; self.wide.1];
        for at in (0..self.is_tabled.len()).filter(|at| self.is_tabled[*at] && is_free(*at)) {
            let same = own.iter().zip(self.of(at)).filter(|(a, b)| a == b).count();
            let Some(code) = self.wide(at) else { continue };
            let same = narrow(same - usize::from(code == wide));
            score[code] = score[code].saturating_add(8_usize.saturating_pow(same));
        }
        let mut order: Vec<usize> = (0..score.len()).collect();
        order.sort_by_key(|c| (Reverse(score[*c]), *c));
        let mut rank = vec![0; score.len()];
        for (at, code) in order.into_iter().enumerate() {
            rank[code] = at;
        }
        (rank[TOTAL as usize], rank[wide]) = (0, 0);
        Near { layout: self, rank }
    }
}

/// What is around a cell: the codes of the widest dimension, those first whose free cells have most in common with it.
pub(super) struct Near<'a> {
    layout: &'a Layout,
    rank: Vec<usize>,
}

impl Near<'_> {
    /// Whether a cell is among the nearest so many codes, or beside the tables.
    pub(super) fn has(&self, cell: usize, codes: usize) -> bool {
        let rank = || self.rank.get(self.layout.wide(cell)?);
        !self.layout.is_tabled[cell] || rank().is_none_or(|rank| *rank < codes)
    }
}

/// Cells that can move, numbered anew.
pub(super) struct Region {
    pub(super) sums: Sums,
    /// The number of each among all cells.
    pub(super) cells: Vec<u32>,
}

impl Region {
    /// The region of the cells that may move. A cell that is alone in a sum cannot, nor can those that are then left alone.
    pub(super) fn new(all: &Sums, may: impl Fn(usize) -> bool) -> Self {
        let mut moves: Vec<bool> = (0..all.cells()).map(may).collect();
        let mut count = vec![0_u32; all.rows().len()];
        for (row, _) in movers(&moves).flat_map(|cell| all.of(cell)) {
            count[*row as usize] += 1;
        }
        let mut alone: Vec<usize> = (0..count.len()).filter(|row| count[*row] == 1).collect();
        while let Some(row) = alone.pop() {
            let mut cells = all.row(row).iter().map(|(cell, _)| *cell as usize);
            let Some(cell) = cells.find(|cell| moves[*cell]) else {
                continue;
            };
            moves[cell] = false;
            for (row, _) in all.of(cell) {
                count[*row as usize] -= 1;
                if count[*row as usize] == 1 {
                    alone.push(*row as usize);
                }
            }
        }
        let cells: Vec<u32> = movers(&moves).map(narrow).collect();
        let mut sums = Sums::new(cells.len());
        let mut seen: HashSet<Vec<(u32, i8)>> = HashSet::new();
        let rows = (0..count.len()).filter(|row| count[*row] > 0);
        for row in rows {
            let mut row: Vec<(u32, i8)> = all.row(row).to_vec();
            row.retain(|(cell, _)| moves[*cell as usize]);
            for (cell, _) in &mut row {
                *cell = cells.binary_search(cell).map_or(0, narrow);
            }
            row.sort_unstable();
            if seen.insert(row.clone()) {
                sums.relate(row);
            }
        }
        Self { sums, cells }
    }

    /// What each cell of the region has of a list over all cells.
    pub(super) fn of<T: Copy>(&self, all: &[T]) -> Vec<T> {
        self.cells.iter().map(|cell| all[*cell as usize]).collect()
    }

    /// A shift within the region by the numbers of all cells.
    pub(super) fn outside(&self, shift: Shift) -> Shift {
        let shift = shift.into_iter();
        shift
            .map(|(at, by)| (self.cells[at as usize], by))
            .collect()
    }

    /// The number of a cell in the region, if it can move.
    pub(super) fn number(&self, cell: usize) -> Option<usize> {
        self.cells.binary_search(&narrow(cell)).ok()
    }
}

fn movers(moves: &[bool]) -> impl Iterator<Item = usize> + '_ {
    (0..moves.len()).filter(|cell| moves[*cell])
}
