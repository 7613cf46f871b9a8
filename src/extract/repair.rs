//! Hides more where no table shows a need met: the cheapest cube that does, else the cheapest shift of any form, else everything below.
//! Which cells an insider knows is heeded by leaving them alone.

use super::beside::Kind;
use super::cube::{CubeSearch, Grid};
use super::grid::grid;
use super::number::real_of;
use super::problem::narrow;
use super::progress::{Heed, Progress, Stage, Stopped};
use super::protect::Run;
use super::region::Region;
use super::shift::{Found, Shift, Shifter, unit};
use super::stack;
use super::sums::holds;
use super::tableau::Chance;
use std::collections::BTreeMap;

/// Steps of setting relations right beside a shift.
const MOST_STEPS: usize = 400;
/// Cells up to which a shift is looked for among all of them.
const MIDDLING: usize = 5_000;
/// Codes of the widest dimension among whose cells it is looked for beyond that.
const NEAR: usize = 6;
/// As many, where only what is hidden already may move: what is found there costs nothing.
const CLOSE: usize = 2;
/// Pivots times sums that looking for shifts may take where cubes are known.
const MOST_LABOUR: usize = 200_000_000;

/// Looking for shifts of any form.
struct Hunt {
    /// Price of a unit of change of each cell.
    units: Vec<f64>,
    /// Pivots times sums so far.
    labour: usize,
}

/// What a shift may do.
pub(super) struct Room {
    /// What it costs to let each cell move; the highest number when it must not.
    pub(super) prices: Vec<u64>,
    /// How far each cell can fall.
    pub(super) depths: Vec<i64>,
}

impl Hunt {
    /// The cheapest shift of a region that changes a cell by this much.
    fn find(
        &mut self,
        region: &Region,
        room: &Room,
        (cell, change): (usize, i64),
        heed: Heed,
    ) -> Result<Option<Shift>, Stopped> {
        let Some(target) = region.number(cell) else {
            return Ok(None);
        };
        let depths = region.of(&room.depths);
        let dues = region.of(&room.prices).into_iter();
        let dues = dues.map(|price| real_of(price.cast_signed())).collect();
        let mut shifter = Shifter::new(&region.sums, depths, dues, region.of(&self.units));
        let found = shifter.find(target, change, heed)?;
        self.labour += shifter.steps.saturating_mul(region.sums.rows().len());
        Ok(match found {
            Found::Whole(shift) => Some(region.outside(shift)),
            Found::Broken | Found::Nothing | Found::Undecided => None,
        })
    }
}

impl Run<'_> {
    /// Hides more for needs that are still open: the cheapest cube, else the cheapest shift of any form.
    pub(super) fn extend(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        let open = self.largest_first();
        if open.is_empty() {
            return Ok(());
        }
        let grid = grid(self.problem);
        let mut hunt = self.hunt();
        for (done, need) in open.iter().enumerate() {
            progress.step(Stage::Extending, done, open.len())?;
            // Each witness convinces some attackers; the next must convince others.
            let mut avoid = None;
            while !self.witnesses.is_met(*need)
                && avoid.as_deref() != Some(self.witnesses.avoid(*need))
            {
                avoid = Some(self.witnesses.avoid(*need).to_vec());
                let mut heed = || progress.step(Stage::Extending, done, open.len());
                self.open_up(grid.as_ref(), &mut hunt, *need, &mut heed)?;
            }
        }
        match grid {
            Some(grid) if self.has_dear_needs() => self.relieve(&grid, progress),
            _ => Ok(()),
        }
    }

    /// Looks for a witness of a need, and hides what it moves.
    fn open_up(
        &mut self,
        grid: Option<&Grid>,
        hunt: &mut Hunt,
        need: usize,
        heed: Heed,
    ) -> Result<(), Stopped> {
        let demand = self.witnesses.demand(need);
        let (cell, changes) = (demand.cell, demand.need.changes());
        let avoid: Vec<u32> = self.witnesses.avoid(need).to_vec();
        // All of those at once is the shortest way when there is one; else one after the other.
        let mut ways = vec![avoid.clone()];
        if avoid.len() > 1 {
            ways.extend(avoid.iter().map(|code| vec![*code]));
        }
        for way in ways {
            let room = self.room(&way);
            for change in &changes {
                let shift = self.find(grid, hunt, &room, (cell, *change), heed)?;
                if let Some(shift) = shift {
                    self.hide(&shift);
                    self.witnesses.offer(&shift);
                    self.witnesses.offer_multiples(&unit(&shift));
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The cheapest shift that is found to change a cell by this much.
    fn find(
        &self,
        grid: Option<&Grid>,
        hunt: &mut Hunt,
        room: &Room,
        (cell, change): (usize, i64),
        heed: Heed,
    ) -> Result<Option<Shift>, Stopped> {
        let is_tabled = self.problem.cells[cell].kind == Kind::Table;
        let stack = grid.filter(|_| is_tabled).and_then(|g| {
            let (depths, prices) = (&room.depths, &room.prices);
            let found = stack::cheapest(g, depths, prices, (cell, change), u64::MAX);
            found.map(|(_, shift)| shift)
        });
        let stack = stack.and_then(|shift| self.complete(shift, room));
        let cube = || {
            let cube = grid.and_then(|g| self.cubes(g, room, cell, change));
            cube.and_then(|shift| self.complete(shift, room))
        };
        let known = stack.or_else(cube);
        let price = |shift: &Shift| stack::price(&room.prices, shift);
        let due = known.as_ref().map(price);
        if due == Some(0) {
            return Ok(known);
        }
        let cheaper = self.shift(hunt, room, (cell, change), due, heed)?;
        let cheaper = cheaper.filter(|shift| due.is_none_or(|due| price(shift) < due));
        Ok(cheaper
            .or(known)
            .or_else(|| self.all_below(room, cell, change)))
    }

    /// One cube through the cell; for a total that must fall, one through each leaf of it.
    fn cubes(&self, grid: &Grid, room: &Room, cell: usize, change: i64) -> Option<Shift> {
        if self.problem.cells[cell].kind != Kind::Table {
            return None;
        }
        if change > 0 || self.problem.sums.is_leaf(cell) {
            let mut search = CubeSearch::new(grid, &room.depths, &room.prices);
            return search.cheapest(cell, cell, change);
        }
        let (mut depths, mut prices) = (room.depths.clone(), room.prices.clone());
        let mut left = change;
        for leaf in self.leaves_of(cell) {
            let by = left.max(-depths[leaf]);
            if by == 0 || prices[leaf] == u64::MAX {
                continue;
            }
            let cube = CubeSearch::new(grid, &depths, &prices).cheapest(leaf, cell, by)?;
            for (cell, by) in cube {
                depths[cell as usize] += by;
                prices[cell as usize] = 0;
            }
            left -= by;
        }
        let changes = depths.iter().zip(&room.depths).enumerate();
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
    pub(super) fn complete(&self, shift: Shift, room: &Room) -> Option<Shift> {
        let (sums, Room { prices, depths }) = (&self.problem.sums, room);
        let tabled = self.problem.tabled();
        if tabled == depths.len() {
            return holds(sums, depths, &shift).then_some(shift);
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
            takers.retain(|(c, _)| *c as usize >= tabled && !fixed.contains(c));
            takers.sort_by_key(|(c, _)| (sums.of(*c as usize).len(), *c));
            for (cell, sign) in takers {
                let at = cell as usize;
                if lack == 0 || prices[at] == u64::MAX {
                    continue;
                }
                let now = changes.entry(cell).or_default();
                let by = (lack * i64::from(sign)).max(-depths[at] - *now);
                *now += by;
                lack -= by * i64::from(sign);
                let others = sums.of(at).iter().map(|(r, _)| *r);
                open.extend(others.filter(|r| *r != row && by != 0));
            }
        }
        let shift: Shift = changes.into_iter().filter(|(_, by)| *by != 0).collect();
        holds(sums, depths, &shift).then_some(shift)
    }

    fn hide(&mut self, shift: &Shift) {
        for (cell, _) in shift {
            self.hidden[*cell as usize] = true;
        }
    }

    /// What a shift may do that these insiders cannot tell from the truth: their own cells stay as they are, and what they have a part in does
    /// not fall below it.
    pub(super) fn room(&self, avoid: &[u32]) -> Room {
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
        Room {
            prices: (0..self.values.len()).map(price).collect(),
            depths: self.witnesses.depths(avoid),
        }
    }

    /// A shift of any form that costs less than what is known, as long as searching is worth it.
    fn shift(
        &self,
        hunt: &mut Hunt,
        room: &Room,
        (cell, change): (usize, i64),
        known: Option<u64>,
        heed: Heed,
    ) -> Result<Option<Shift>, Stopped> {
        if known.is_some() && hunt.labour > MOST_LABOUR {
            return Ok(None);
        }
        let most = known.unwrap_or(u64::MAX);
        let (sums, prices) = (&self.problem.sums, &room.prices);
        if self.values.len() <= MIDDLING {
            let region = Region::new(sums, |at| prices[at] < most);
            return hunt.find(&region, room, (cell, change), heed);
        }
        let near = self.layout.around(cell, |at| prices[at] == 0);
        for (codes, most) in [(CLOSE, most.min(1)), (NEAR, most)] {
            let region = Region::new(sums, |at| prices[at] < most && near.has(at, codes));
            if let Some(shift) = hunt.find(&region, room, (cell, change), heed)? {
                return Ok(Some(shift));
            }
        }
        Ok(None)
    }

    fn hunt(&self) -> Hunt {
        let mut random = Chance::new(self.seed ^ 0x5eed);
        let units = (0..self.values.len()).map(|_| 0.02 + random.part() / 50.0);
        Hunt {
            units: units.collect(),
            labour: 0,
        }
    }

    /// The last resort: everything that a cell is made of moves, and every total with it.
    fn all_below(&self, room: &Room, cell: usize, change: i64) -> Option<Shift> {
        let mut shift: BTreeMap<u32, i64> = BTreeMap::new();
        let mut left = change;
        let moving = |row: &&Shift| row.iter().any(|(c, _)| *c as usize == cell);
        for row in self.leaves.iter().filter(moving) {
            let cells = || {
                row.iter()
                    .filter(|(c, _)| (*c as usize) < self.values.len())
            };
            let leaf = cells().find(|(c, _)| self.problem.sums.is_leaf(*c as usize));
            let leaf = leaf.map_or(0, |(c, _)| room.depths[*c as usize]);
            let by = if change < 0 { left.max(-leaf) } else { left };
            if cells().any(|(c, _)| room.prices[*c as usize] == u64::MAX) {
                continue;
            }
            for (column, factor) in cells() {
                *shift.entry(*column).or_default() += by * factor;
            }
            left -= by;
        }
        let shift: Shift = shift.into_iter().filter(|(_, by)| *by != 0).collect();
        let shift = (left == 0).then_some(shift)?;
        self.complete(shift, room)
    }
}
