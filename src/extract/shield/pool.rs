//! Which holders are counted together because each alone is too small. Not what is hidden of them: that is decided cell by cell.

use crate::domain::sheet::{SMALL_HOLDERS, TOTAL};
use crate::extract::definition::Definition;
use crate::extract::earlier::Earlier;
use crate::extract::figures::{Figures, Holder};
use std::collections::{BTreeMap, BTreeSet};

/// Fewest members of a pool. In a pool of two each subtracts itself and knows the other; so one or two small holders keep their own name,
/// and the rules for every cell hide what must be hidden of them.
pub(super) const FEWEST: usize = 3;

/// The holders that are counted together.
#[derive(Debug, Default)]
pub(super) struct Pool(BTreeSet<String>);

impl Pool {
    /// Decides who belongs to it. Who was in it in an earlier release of the same period stays in, and who stood alone stays alone:
    /// whoever left or joined it between two releases would be the difference of its two totals. A holder without a single closed care
    /// path delivers only CQi and stands alone. `before` are the earlier releases of the same period, oldest first.
    pub(super) fn of(figures: &Figures, definition: &Definition, before: &[&Earlier]) -> Self {
        let most = definition.rules.pool_at_most.value;
        let mut placed: BTreeMap<&str, bool> = BTreeMap::new();
        for release in before {
            let alone = release.cells.iter().map(|c| c.codes[0].as_str());
            let alone = alone.filter(|code| ![TOTAL, SMALL_HOLDERS].contains(code));
            for (agb, is_in) in release
                .pooled
                .iter()
                .map(|agb| (agb.as_str(), true))
                .chain(alone.map(|agb| (agb, false)))
            {
                placed.entry(agb).or_insert(is_in);
            }
        }
        let is_small = |h: &&Holder| {
            let before = placed.get(h.agb.as_str()).copied();
            before.unwrap_or((1..=most).contains(&h.closed))
        };
        let holders = figures.holders.iter().filter(|h| h.left_out.is_none());
        let members: BTreeSet<String> = holders.filter(is_small).map(|h| h.agb.clone()).collect();
        let was_there = placed.values().any(|is_in| *is_in);
        // One or two who are left of a pool that was out stay one: its cells are hidden then, and their own names would give its past away.
        if members.len() < FEWEST && !was_there {
            return Self::default();
        }
        Self(members)
    }

    /// The code under which a holder is counted.
    pub(super) fn code<'a>(&self, agb: &'a str) -> &'a str {
        if self.0.contains(agb) {
            SMALL_HOLDERS
        } else {
            agb
        }
    }

    /// AGB codes of its members.
    pub(super) fn members(&self) -> Vec<String> {
        self.0.iter().cloned().collect()
    }
}
