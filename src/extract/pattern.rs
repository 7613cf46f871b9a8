//! Which cells to hide so that no primary cell can be computed from the sums: the largest that can be published are published first,
//! then hidden cells are exchanged for cheaper ones as long as that helps. Not whether an interval is wide enough.

use super::kernel::Row;
use super::progress::{Progress, Stage, Stopped};
use super::tableau::{Chance, Direction, Entry, Tableau, inverses, real, times};
use std::collections::HashMap;

/// What a cell is to the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Must stay hidden, and open.
    Primary,
    /// May be hidden, at this price.
    Priced(u64),
    /// Never published, and of no concern.
    Free,
    /// Never hidden: a sum that is always known, say.
    Known,
}

/// A search over the patterns of one table.
pub(super) struct Search {
    tableau: Tableau,
    roles: Vec<Role>,
    hidden: Vec<bool>,
    chance: Chance,
}

/// A group of hidden cells that move together: to publish one is to publish all.
#[derive(Debug, Clone, Copy, Default)]
struct Group {
    price: u64,
    primaries: u32,
    dearest: u32,
    most: u64,
}

impl Group {
    fn add(&mut self, column: u32, role: Role) {
        match role {
            Role::Primary => self.primaries += 1,
            Role::Known | Role::Free => {}
            Role::Priced(price) => {
                self.price += price;
                if price >= self.most {
                    (self.most, self.dearest) = (price, column);
                }
            }
        }
    }
}

/// Hide this published cell, publish that hidden one.
#[derive(Debug, Clone, Copy)]
struct Exchange {
    row: usize,
    column: usize,
    gain: u64,
}

impl Search {
    pub(super) fn new(tableau: Tableau, roles: Vec<Role>, seed: u64) -> Self {
        Self {
            hidden: vec![true; roles.len()],
            chance: Chance::new(seed),
            tableau,
            roles,
        }
    }

    pub(super) fn hidden(&self) -> &[bool] {
        &self.hidden
    }

    /// The deviations that hidden cells allow, each with the cell that it alone moves.
    pub(super) fn free_rows(&self) -> Vec<(usize, Row)> {
        let rows = (0..self.tableau.rows()).filter(|r| self.tableau.is_free(*r));
        rows.map(|r| (self.tableau.own(r), real_row(self.tableau.row(r))))
            .collect()
    }

    /// Deviations that would be allowed if one published cell were hidden, each with those that it carries along.
    pub(super) fn bound_rows(&self) -> Vec<Row> {
        let known = |row: &[Entry]| {
            row.iter()
                .any(|e| self.roles[e.column as usize] == Role::Known)
        };
        let rows = (0..self.tableau.rows()).filter(|r| !self.tableau.is_free(*r));
        let rows = rows.map(|r| self.tableau.row(r)).filter(|r| !known(r));
        rows.map(real_row).collect()
    }

    fn price(&self) -> u64 {
        let hidden = self.roles.iter().zip(&self.hidden).filter(|(_, h)| **h);
        hidden.map(|(role, _)| price(*role)).sum()
    }

    /// Publishes what is known anyway, then the dearest cells that leave every primary open.
    pub(super) fn publish_dearest(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        let mut order: Vec<usize> = (0..self.roles.len()).collect();
        order.sort_by_key(|c| (std::cmp::Reverse(rank(self.roles[*c])), *c));
        for (done, column) in order.into_iter().enumerate() {
            progress.step(Stage::Publishing, done, self.roles.len())?;
            let role = self.roles[column];
            if role == Role::Known || matches!(role, Role::Priced(_)) && !self.pins(column) {
                self.publish(column);
            }
        }
        self.mark_known();
        Ok(())
    }

    /// Whether publishing a column gives a primary away.
    fn pins(&mut self, column: usize) -> bool {
        let Some(row) = self.tableau.shortest(column) else {
            return false;
        };
        let mut there = self.tableau.row(row).iter().map(|e| e.column as usize);
        there.any(|c| self.roles[c] == Role::Primary && self.tableau.together(c, column))
    }

    fn publish(&mut self, column: usize) {
        self.hidden[column] = false;
        if self.tableau.moves(column) {
            self.tableau.publish(column);
        }
    }

    /// Hides the cell of a row and what was known through it.
    fn release(&mut self, row: usize) {
        self.tableau.release(row);
        for entry in self.tableau.row(row) {
            self.hidden[entry.column as usize] = true;
        }
    }

    /// Publishes groups without a primary, dearest first, until none is left.
    fn close(&mut self) {
        while let Some(column) = self.needless() {
            self.publish(column);
            self.mark_known();
        }
        self.mark_known();
    }

    fn mark_known(&mut self) {
        for (column, hidden) in self.hidden.iter_mut().enumerate() {
            *hidden &= self.tableau.moves(column);
        }
    }

    fn needless(&self) -> Option<usize> {
        let groups = self.groups().1;
        let needless = groups.values().filter(|g| g.primaries == 0 && g.price > 0);
        let dearest = needless.max_by_key(|g| (g.price, std::cmp::Reverse(g.dearest)));
        dearest.map(|g| g.dearest as usize)
    }

    fn groups(&self) -> (Vec<u32>, HashMap<Direction, Group>) {
        let hidden = (0..self.hidden.len()).filter(|c| self.hidden[*c]);
        let hidden: Vec<u32> = hidden.filter_map(|c| u32::try_from(c).ok()).collect();
        let mut groups: HashMap<Direction, Group> = HashMap::new();
        for (column, (direction, _)) in hidden.iter().zip(self.tableau.directions(&hidden)) {
            let group = groups.entry(direction).or_default();
            group.add(*column, self.roles[*column as usize]);
        }
        (hidden, groups)
    }

    /// Exchanges hidden cells for cheaper ones until no single exchange helps.
    pub(super) fn descend(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        while let Some(best) = self.best_exchange() {
            progress.step(Stage::Exchanging, 0, 0)?;
            self.exchange(best);
        }
        Ok(())
    }

    /// Leaves the valley: hides a few cheap cells that are entangled with a hidden one, publishes what that makes needless, descends,
    /// and goes back when it led nowhere cheaper.
    pub(super) fn wander(
        &mut self,
        rounds: usize,
        progress: &mut dyn Progress,
    ) -> Result<(), Stopped> {
        let (mut best, mut cheapest) = (self.hidden.clone(), self.price());
        for round in 0..rounds {
            progress.step(Stage::Exchanging, round, rounds)?;
            let few = 1 + self.chance.below(4);
            for _ in 0..few {
                if let Some(row) = self.some_row() {
                    self.release(row);
                }
            }
            self.close();
            self.descend(progress)?;
            let price = self.price();
            if price <= cheapest {
                cheapest = price;
                best.clone_from(&self.hidden);
            } else {
                self.restore(&best);
            }
        }
        Ok(())
    }

    fn some_row(&mut self) -> Option<usize> {
        if self.tableau.rows() == 0 {
            return None;
        }
        for _ in 0..200 {
            let row = self.chance.below(self.tableau.rows());
            if self.tableau.is_free(row) {
                continue;
            }
            let cost = self.cost(row, 400);
            if cost.is_some() {
                return Some(row);
            }
        }
        None
    }

    fn restore(&mut self, hidden: &[bool]) {
        for row in 0..self.tableau.rows() {
            if !self.tableau.is_free(row) && hidden[self.tableau.own(row)] {
                self.tableau.release(row);
            }
        }
        for (column, hidden) in hidden.iter().enumerate() {
            if !hidden && self.tableau.moves(column) {
                self.tableau.publish(column);
            }
        }
        self.hidden.copy_from_slice(hidden);
    }

    fn exchange(&mut self, exchange: Exchange) {
        self.release(exchange.row);
        self.publish(exchange.column);
        self.mark_known();
        self.close();
    }

    /// What it costs to hide the cell of a published row; none when it is more than `most`.
    fn cost(&self, row: usize, most: u64) -> Option<u64> {
        let own = self.tableau.own(row);
        let mut cost = price(self.roles[own]);
        if cost > most || self.roles[own] == Role::Known {
            return None;
        }
        cost = 0;
        for entry in self.tableau.row(row) {
            let column = entry.column as usize;
            if !self.hidden[column] {
                if self.roles[column] == Role::Known {
                    return None;
                }
                cost += price(self.roles[column]);
                if cost > most {
                    return None;
                }
            }
        }
        Some(cost)
    }

    fn best_exchange(&self) -> Option<Exchange> {
        let (hidden, groups) = self.groups();
        let most = groups.values().map(|g| g.price).max().unwrap_or(0);
        let mut number: HashMap<Direction, u32> = HashMap::new();
        let mut place = vec![(u32::MAX, 0); self.roles.len()];
        let directions = self.tableau.directions(&hidden);
        let sizes: Vec<u32> = directions.iter().map(|d| d.1).collect();
        for ((column, direction), inverse) in hidden.iter().zip(directions).zip(inverses(&sizes)) {
            let next = u32::try_from(number.len()).unwrap_or(u32::MAX);
            let group = *number.entry(direction.0).or_insert(next);
            place[*column as usize] = (group, inverse);
        }
        let mut best: Option<Exchange> = None;
        let mut parts: Vec<(u32, u32, u32)> = Vec::new();
        for row in 0..self.tableau.rows() {
            if self.tableau.is_free(row) {
                continue;
            }
            let Some(cost) = self.cost(row, most) else {
                continue;
            };
            parts.clear();
            for entry in self.tableau.row(row) {
                let (group, inverse) = place[entry.column as usize];
                if group != u32::MAX {
                    parts.push((group, times(entry.factor, inverse), entry.column));
                }
            }
            parts.sort_unstable();
            for part in parts.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
                let mut group = Group::default();
                for (_, _, column) in part {
                    group.add(*column, self.roles[*column as usize]);
                }
                if group.primaries == 0
                    && group.price > cost
                    && best.is_none_or(|b| b.gain < group.price - cost)
                {
                    best = Some(Exchange {
                        row,
                        column: group.dearest as usize,
                        gain: group.price - cost,
                    });
                }
            }
        }
        best
    }
}

fn real_row(row: &[Entry]) -> Row {
    row.iter().map(|e| (e.column, real(e.factor))).collect()
}

fn price(role: Role) -> u64 {
    match role {
        Role::Priced(price) => price,
        Role::Primary | Role::Known | Role::Free => 0,
    }
}

fn rank(role: Role) -> u64 {
    match role {
        Role::Known => u64::MAX,
        other => price(other),
    }
}
