//! Which holders are counted together because each alone is too small. Not what is hidden of them: that is decided cell by cell.

use crate::domain::sheet::SMALL_HOLDERS;
use crate::extract::definition::Definition;
use crate::extract::earlier::Earlier;
use crate::extract::figures::Figures;
use std::collections::BTreeSet;

/// Fewest members of a pool. In a pool of two each subtracts itself and knows the other; so one or two small holders keep their own name,
/// and the rules for every cell hide what must be hidden of them.
pub(super) const FEWEST: usize = 3;

/// The holders that are counted together.
#[derive(Debug, Default)]
pub(super) struct Pool(BTreeSet<String>);

impl Pool {
    /// Decides who belongs to it. Who was in it in an earlier release of the same period stays in: whoever left it between two releases
    /// would be the difference of its two totals. A holder without a single closed care path delivers only CQi and stands alone.
    pub(super) fn of(figures: &Figures, definition: &Definition, same: &[&Earlier]) -> Self {
        let most = definition.rules.pool_at_most.value;
        let before: BTreeSet<&String> = same.iter().flat_map(|e| &e.pooled).collect();
        let holders = figures.holders.iter().filter(|h| h.left_out.is_none());
        let small = holders.filter(|h| (1..=most).contains(&h.closed) || before.contains(&h.agb));
        let members: BTreeSet<String> = small.map(|h| h.agb.clone()).collect();
        if members.len() < FEWEST {
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
