//! Whole tables that were found of one table of scores, and what they keep from whom. Not how they are found.

use super::field::{Attacker, Field, Quantity};
use super::scores::{Whole, rest};
use crate::domain::sheet::{SMALL_HOLDERS, TOTAL};
use crate::extract::shift::Shift;
use crate::extract::sums::Sums;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Whole tables, each with who sees through it.
#[derive(Debug, Default)]
pub(super) struct Wholes {
    all: Vec<(Whole, BTreeSet<String>)>,
    /// Their places by what they add to counts; of those that add something.
    by_counts: BTreeMap<Shift, Vec<usize>>,
    /// What they add to each cell: to its count, and to each of its sums where no count changes. With the place of the whole table.
    changes: HashMap<(Quantity, usize), Vec<(i64, usize)>>,
}

impl Wholes {
    /// Those of some whole tables that still are whole.
    pub(super) fn of(all: Vec<Whole>, field: &Field) -> Self {
        let mut found = Self::default();
        for whole in all {
            found.add(whole, field);
        }
        found
    }

    /// Checks whole tables; none when one of them is none: a sum does not hold, a cell is shown, or nobody could have these scores.
    pub(super) fn checked(all: &[Whole], field: &Field, sums: &Sums) -> Option<Self> {
        let mut found = Self::default();
        for whole in all {
            let mut shifts = std::iter::once(&whole.n).chain(&whole.sums);
            let is_one =
                shifts.all(|shift| is_balanced(shift, sums)) && found.add(whole.clone(), field);
            if !is_one {
                return None;
            }
        }
        Some(found)
    }

    /// Keeps a whole table; says whether it is one.
    pub(super) fn add(&mut self, whole: Whole, field: &Field) -> bool {
        let Some(by) = field.seen_by(&whole) else {
            return false;
        };
        let at = self.all.len();
        if !whole.n.is_empty() {
            self.by_counts.entry(whole.n.clone()).or_default().push(at);
        }
        let mut keep = |quantity, shift: &Shift| {
            for (cell, by) in shift {
                let of = self.changes.entry((quantity, *cell as usize));
                of.or_default().push((*by, at));
            }
        };
        keep(Quantity::Count, &whole.n);
        // Of a mean it is shown with the true counts, which only makes the attacker stronger.
        for quantity in field.quantities.iter().filter(|_| whole.n.is_empty()) {
            if let Some(sums) = quantity.place().and_then(|place| whole.sums.get(place)) {
                keep(*quantity, sums);
            }
        }
        self.all.push((whole, by));
        true
    }

    /// How far down and up a cell is seen to go in tables that somebody cannot tell from the true one.
    pub(super) fn reach(&self, at: usize, quantity: Quantity, attacker: Attacker) -> [i64; 2] {
        let changes = self.changes.get(&(quantity, at)).into_iter().flatten();
        let blind = changes.filter(|(_, place)| match attacker {
            Attacker::Insider(agb) => !self.all[*place].1.contains(agb),
            Attacker::Outsider => true,
        });
        blind.fold([0, 0], |[down, up], (by, _)| [down.max(-by), up.max(*by)])
    }

    /// Whether there are some with these counts.
    pub(super) fn has(&self, n: &Shift) -> bool {
        self.by_counts.contains_key(n)
    }

    /// Who sees through every table with these counts; none when there is no such table.
    pub(super) fn through(&self, n: &Shift) -> Option<BTreeSet<String>> {
        let mut all = self.by_counts.get(n)?.iter().map(|at| &self.all[*at].1);
        let first = all.next()?.clone();
        Some(all.fold(first, |one, other| &one & other))
    }

    /// Whether there is one with these counts that somebody does not see through.
    pub(super) fn is_hidden_from(&self, n: &Shift, attacker: Option<&str>) -> bool {
        let mut all = self.by_counts.get(n).into_iter().flatten();
        all.any(|at| attacker.is_none_or(|agb| !self.all[*at].1.contains(agb)))
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn into_inner(self) -> Vec<Whole> {
        self.all.into_iter().map(|(whole, _)| whole).collect()
    }
}

impl Field {
    /// Whose own figures a whole table would have to change: those of its cells, and those of whom it leaves too little of a shared one.
    /// None when a cell that it changes is shown, or nobody could have these scores.
    fn seen_by(&self, whole: &Whole) -> Option<BTreeSet<String>> {
        if whole.sums.len() != self.shape.len() {
            return None;
        }
        let mut by = BTreeSet::new();
        for (cell, (n, sums)) in &whole.changes() {
            let spot = self.spots.get(*cell).filter(|spot| spot.hidden)?;
            let n = spot.n + n;
            let sums: Vec<i64> = spot.sums.iter().zip(sums).map(|(s, by)| s + by).collect();
            let truth = (spot.n, spot.sums.as_slice());
            if n < 0 || !spot.is_odd && !self.shape.is_sure((n, &sums), truth) {
                return None;
            }
            if spot.key.1[0] != TOTAL {
                by.insert(spot.key.1[0].clone());
            }
            let members = spot.parts.iter();
            for (agb, held) in members.filter(|_| spot.key.1[0] == SMALL_HOLDERS) {
                let is_known = !spot.is_odd && held.sums.len() == sums.len();
                let [others, true_others] = [(n, sums.as_slice()), truth].map(|of| rest(of, held));
                let (others, true_others) =
                    ((others.0, &*others.1), (true_others.0, &*true_others.1));
                if n < held.n || is_known && !self.shape.is_sure(others, true_others) {
                    by.insert(agb.clone());
                }
            }
        }
        Some(by)
    }
}

/// Whether every sum holds when cells change so; the cells in order, each once.
fn is_balanced(shift: &Shift, sums: &Sums) -> bool {
    let is_there = |(cell, _): &(u32, i64)| (*cell as usize) < sums.cells();
    if !shift.is_sorted_by(|one, other| one.0 < other.0) || !shift.iter().all(is_there) {
        return false;
    }
    let mut change: HashMap<u32, i128> = HashMap::new();
    for (cell, by) in shift {
        for (row, sign) in sums.of(*cell as usize) {
            *change.entry(*row).or_default() += i128::from(*by) * i128::from(*sign);
        }
    }
    change.values().all(|by| *by == 0)
}
