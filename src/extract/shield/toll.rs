//! What attacks come to: how many cells were attacked, how many gave way, and which those are.

use super::draft::Key;
use crate::extract::built::{Attack, Find, Leak};
use std::collections::BTreeSet;

/// Finds that are kept of one attack; more are counted, but nobody reads them all.
const MOST: usize = 1_000;

/// Attacks of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Toll {
    tried: i64,
    open: i64,
    finds: BTreeSet<Find>,
}

impl Toll {
    /// Counts cells that are attacked.
    pub(super) fn try_out(&mut self, cells: usize) {
        self.tried += i64::try_from(cells).unwrap_or(i64::MAX);
    }

    /// Counts a cell that gave way, to somebody who knows their own figures or who kept a release, or to everybody.
    pub(super) fn give(
        &mut self,
        key: Option<&Key>,
        leak: Leak,
        who: Option<&str>,
        release: Option<&str>,
    ) {
        let Some(key) = key else {
            self.open += 1;
            return;
        };
        self.keep(Find {
            sheet: key.0,
            codes: key.1.clone(),
            leak,
            who: who.map(ToOwned::to_owned),
            release: release.map(ToOwned::to_owned),
        });
    }

    /// Keeps the first of all in their order; what was found twice counts once.
    fn keep(&mut self, find: Find) {
        if self.finds.insert(find) {
            self.open += 1;
            if self.finds.len() > MOST {
                self.finds.pop_last();
            }
        }
    }

    pub(super) const fn is_open(&self) -> bool {
        self.open > 0
    }

    pub(super) fn add(&mut self, other: Self) {
        self.tried += other.tried;
        let beyond = other.open - i64::try_from(other.finds.len()).unwrap_or(0);
        self.open += beyond.max(0);
        other.finds.into_iter().for_each(|find| self.keep(find));
    }

    /// What it comes to in the end.
    pub(super) fn attack(self, attacker: &str) -> Attack {
        Attack {
            attacker: attacker.to_owned(),
            tried: self.tried,
            open: self.open,
            finds: self.finds.into_iter().collect(),
        }
    }
}
