//! Gives back what turns out unneeded: a table that alone makes cells hidden is dropped, the dearest first, and when all that it showed can
//! be shown again for less, what it alone moved is published.

use super::beside::Kind;
use super::cube::Grid;
use super::progress::{Progress, Stage, Stopped};
use super::protect::Run;
use super::shift::Shift;
use super::stack;
use super::witness::Dropped;
use std::collections::BTreeMap;

/// Times that everything is gone through.
const ROUNDS: usize = 4;
/// Witnesses that may share a cell which is tried to be done without.
const MOST_SHARING: u32 = 200;

impl Run<'_> {
    /// Goes through all witnesses, and through all cells that several share, until little more is given back.
    pub(super) fn relieve(
        &mut self,
        grid: &Grid,
        progress: &mut dyn Progress,
    ) -> Result<(), Stopped> {
        for _ in 0..ROUNDS {
            let mut gained = 0;
            for group in [Self::by_witness, Self::by_cell] {
                let mut uses = self.uses();
                let order = group(self, &uses);
                for (done, group) in order.iter().enumerate() {
                    progress.step(Stage::Relieving, done, order.len())?;
                    gained += self.relieve_group(grid, &mut uses, group);
                }
            }
            if gained == 0 {
                break;
            }
        }
        self.uses();
        Ok(())
    }

    /// Each witness that alone moves something, the dearest first.
    fn by_witness(&self, uses: &[u32]) -> Vec<Vec<usize>> {
        let priced = (0..self.witnesses.kept.len()).map(|w| (self.alone(uses, &[w]), w));
        let mut order: Vec<(u64, usize)> = priced.filter(|(price, _)| *price > 0).collect();
        order.sort_unstable_by_key(|(price, w)| (std::cmp::Reverse(*price), *w));
        order.into_iter().map(|(_, w)| vec![w]).collect()
    }

    /// The witnesses that move each cell, the dearest cell first.
    fn by_cell(&self, uses: &[u32]) -> Vec<Vec<usize>> {
        let few = |cell: &usize| (2..=MOST_SHARING).contains(&uses[*cell]) && !self.stays(*cell);
        let mut cells: Vec<usize> = (0..self.values.len()).filter(few).collect();
        cells.sort_by_key(|c| (std::cmp::Reverse(self.values[*c]), *c));
        let mut groups: BTreeMap<usize, Vec<usize>> =
            cells.iter().map(|c| (*c, Vec::new())).collect();
        for (witness, shift) in self.witnesses.kept.iter().enumerate() {
            for cell in stack::cells(shift) {
                if let Some(group) = groups.get_mut(&cell) {
                    group.push(witness);
                }
            }
        }
        cells.iter().filter_map(|c| groups.remove(c)).collect()
    }

    /// How many witnesses move each cell. What none moves is published.
    fn uses(&mut self) -> Vec<u32> {
        self.witnesses.thin();
        let mut uses = vec![0; self.values.len()];
        for shift in &self.witnesses.kept {
            count(&mut uses, shift, 1);
        }
        for (cell, uses) in uses.iter().enumerate() {
            self.hidden[cell] = *uses > 0 || self.stays(cell);
        }
        uses
    }

    /// Whether a cell is hidden whatever moves.
    fn stays(&self, cell: usize) -> bool {
        self.primary[cell] || self.problem.cells[cell].kind == Kind::Free
    }

    /// What is counted in the cells that only these witnesses move.
    fn alone(&self, uses: &[u32], group: &[usize]) -> u64 {
        let mut moves: BTreeMap<usize, u32> = BTreeMap::new();
        for cell in group
            .iter()
            .flat_map(|w| stack::cells(&self.witnesses.kept[*w]))
        {
            *moves.entry(cell).or_default() += 1;
        }
        let alone = moves
            .iter()
            .filter(|(c, n)| uses[**c] == **n && !self.stays(**c));
        alone.map(|(c, _)| self.values[*c].unsigned_abs()).sum()
    }

    /// Tries to do without some witnesses. Gives by how much less is hidden.
    fn relieve_group(&mut self, grid: &Grid, uses: &mut [u32], group: &[usize]) -> u64 {
        let price = self.alone(uses, group);
        if price == 0 {
            return 0;
        }
        let (dropped, alone) = self.drop_group(uses, group);
        let demands: Vec<usize> = dropped.iter().flat_map(|one| one.demands.clone()).collect();
        let first = self.witnesses.kept.len();
        let mut paid = 0;
        let mut newly: Vec<usize> = Vec::new();
        for need in &demands {
            while !self.witnesses.is_met(*need) && paid < price {
                let Some((more, shift)) = self.again(grid, *need, price - paid) else {
                    paid = price;
                    break;
                };
                paid += more;
                for cell in stack::cells(&shift)
                    .filter(|c| !self.hidden[*c])
                    .collect::<Vec<_>>()
                {
                    self.hidden[cell] = true;
                    newly.push(cell);
                }
                if !self.witnesses.offer(&shift) {
                    paid = price;
                }
            }
        }
        if paid < price {
            for shift in &self.witnesses.kept[first..] {
                count(uses, shift, 1);
            }
            return price - paid;
        }
        for cell in newly {
            self.hidden[cell] = false;
        }
        for cell in alone {
            self.hidden[cell] = true;
        }
        for one in dropped.into_iter().rev() {
            count(uses, &one.shift, 1);
            self.witnesses.restore(one, first);
        }
        0
    }

    /// Forgets some witnesses and publishes what they alone moved; gives both.
    fn drop_group(&mut self, uses: &mut [u32], group: &[usize]) -> (Vec<Dropped>, Vec<usize>) {
        let mut dropped: Vec<Dropped> = Vec::new();
        let mut alone: Vec<usize> = Vec::new();
        for witness in group {
            let one = self.witnesses.drop_one(*witness);
            count(uses, &one.shift, -1);
            let bare = stack::cells(&one.shift).filter(|c| uses[*c] == 0 && !self.stays(*c));
            alone.extend(bare);
            dropped.push(one);
        }
        for cell in &alone {
            self.hidden[*cell] = false;
        }
        (dropped, alone)
    }

    /// Another witness of a need, cheaper than this.
    fn again(&self, grid: &Grid, need: usize, most: u64) -> Option<(u64, Shift)> {
        let demand = self.witnesses.demand(need);
        let room = self.room(self.witnesses.avoid(need));
        let mut best: Option<(u64, Shift)> = None;
        if self.problem.cells[demand.cell].kind != Kind::Table {
            return None;
        }
        for change in demand.need.changes() {
            let bound = best.as_ref().map_or(most, |(price, _)| *price);
            let (depths, prices) = (&room.depths, &room.prices);
            let found = stack::cheapest(grid, depths, prices, (demand.cell, change), bound);
            let found = found.and_then(|(_, shift)| self.complete(shift, &room));
            let found = found.map(|shift| (stack::price(prices, &shift), shift));
            best = found.filter(|(price, _)| *price < bound).or(best);
        }
        best
    }
}

fn count(uses: &mut [u32], shift: &Shift, by: i32) {
    for cell in stack::cells(shift) {
        uses[cell] = uses[cell].saturating_add_signed(by);
    }
}
