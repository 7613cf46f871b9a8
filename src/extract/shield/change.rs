//! What somebody sees who lays a release beside an earlier one: the change of every cell that both show. A change of fewer than the minimum
//! count is somebody who came or went, so the cell is hidden now.
//!
//! A cell that the earlier release hides needs nothing here: a change that follows from the sums is a sum of cells of now minus the same sum
//! of cells of then, so the cell would follow from the sums of each release alone, and neither allows that.

use super::draft::{Draft, Drafts, Key};
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::{BuiltCell, Rule};
use crate::extract::definition::Definition;
use crate::extract::earlier::Earlier;
use crate::extract::read::Status;
use std::collections::{BTreeMap, BTreeSet};

/// Marks the cells that an earlier release would give a change away of.
pub(super) fn mark(
    drafts: &mut Drafts,
    earlier: &[Earlier],
    pooled: &BTreeSet<String>,
    definition: &Definition,
) {
    let least = definition.rules.min_count.value;
    let mut found: Vec<(Key, i64)> = Vec::new();
    for release in earlier {
        let then = Then::of(release);
        let present: BTreeSet<&String> = drafts.keys().map(|(_, codes)| &codes[0]).collect();
        for (key, draft) in drafts.iter() {
            let small = then.change(key, draft, drafts, least);
            let gone = || then.gone(key, &present, least);
            let pool = || then.pool(key, drafts, pooled, least);
            if let Some(change) = small.or_else(gone).or_else(pool) {
                found.push((key.clone(), change));
            }
        }
    }
    for (key, change) in found {
        if let Some(draft) = drafts.get_mut(&key) {
            hide(draft, change, least);
        }
    }
}

/// Lets the change be anything from nothing to enough.
fn hide(draft: &mut Draft, change: i64, least: i64) {
    let (low, high) = if change > 0 {
        (draft.n - change, draft.n - change + least)
    } else {
        (draft.n - change - least, draft.n - change)
    };
    let known = match (draft.bounds, draft.rule) {
        (Some(bounds), _) => Some(bounds),
        (None, Some(Rule::Small | Rule::Zero)) => Some((0, least)),
        (None, Some(_)) => Some((draft.n - least, draft.n + least)),
        (None, None) => None,
    };
    let (low, high) = known.map_or((low, high), |(l, h)| (l.min(low), h.max(high)));
    draft.bounds = Some((low.max(0), high));
    draft.status = Status::Primary;
    draft.rule.get_or_insert(Rule::Change);
}

/// An earlier release by its cells.
struct Then<'a> {
    cells: BTreeMap<(Sheet, &'a [String]), &'a BuiltCell>,
    pooled: BTreeSet<&'a String>,
    /// Organisations that had cells of their own.
    organisations: BTreeSet<&'a String>,
}

impl<'a> Then<'a> {
    fn of(release: &'a Earlier) -> Self {
        let cells = release.cells.iter().filter(|c| c.sheet != Sheet::Benchmark);
        let own = |c: &&BuiltCell| ![TOTAL, SMALL_HOLDERS].contains(&c.codes[0].as_str());
        Self {
            organisations: cells.clone().filter(own).map(|c| &c.codes[0]).collect(),
            cells: cells.map(|c| ((c.sheet, c.codes.as_slice()), c)).collect(),
            pooled: release.pooled.iter().collect(),
        }
    }

    fn shown(&self, (sheet, codes): &Key) -> Option<&BuiltCell> {
        let cell = self.cells.get(&(*sheet, codes.as_slice()))?;
        (!cell.status.is_hidden()).then_some(*cell)
    }

    /// A small change of a cell that was shown, to anybody or to an organisation that knows its own part of it.
    fn change(&self, key: &Key, draft: &Draft, drafts: &Drafts, least: i64) -> Option<i64> {
        let change = draft.n - self.shown(key)?.n;
        if is_small(change, least) {
            return Some(change);
        }
        let own = |agb: &&String| {
            let key = (key.0, with(&key.1, agb));
            let before = self
                .cells
                .get(&(key.0, key.1.as_slice()))
                .map_or(0, |c| c.n);
            let rest = change - (drafts.get(&key).map_or(0, |d| d.n) - before);
            is_small(rest, least).then_some(rest)
        };
        let is_total = key.1[0] == TOTAL;
        let knowing = draft.parts.keys().filter(|_| is_total && change != 0);
        knowing
            .filter(|agb| self.organisations.contains(agb))
            .find_map(|a| own(&a))
    }

    /// What organisations that are no longer in it take out of a total over organisations, when it is too little of one of them.
    fn gone(&self, key: &Key, present: &BTreeSet<&String>, least: i64) -> Option<i64> {
        if key.1[0] != TOTAL {
            return None;
        }
        self.shown(key)?;
        let gone = self
            .organisations
            .iter()
            .filter(|agb| !present.contains(**agb));
        let cells = gone.filter_map(|agb| {
            let codes = with(&key.1, agb);
            self.cells.get(&(key.0, codes.as_slice())).map(|c| c.n)
        });
        let mut all: Vec<i64> = cells.collect();
        all.sort_unstable();
        let sum: i64 = all.iter().sum();
        let largest = all.last().copied().unwrap_or(0);
        let is_alone = all.len() == 1 && sum < least;
        let rest = sum - largest;
        (is_alone || is_small(sum, least) || is_small(rest, least)).then_some(-if is_small(
            sum, least,
        ) {
            sum
        } else {
            rest
        })
    }

    /// A small change of those who were or are counted together, when others are counted together now.
    fn pool(
        &self,
        key: &Key,
        drafts: &Drafts,
        pooled: &BTreeSet<String>,
        least: i64,
    ) -> Option<i64> {
        if key.1[0] != SMALL_HOLDERS || pooled.iter().eq(self.pooled.iter().copied()) {
            return None;
        }
        let left = self.pooled.iter().filter(|agb| !pooled.contains(**agb));
        let joined = pooled.iter().filter(|agb| !self.pooled.contains(agb));
        let now = |agb: &&String| drafts.get(&(key.0, with(&key.1, agb))).map_or(0, |d| d.n);
        let then = |agb: &String| {
            let codes = with(&key.1, agb);
            self.cells
                .get(&(key.0, codes.as_slice()))
                .map_or(0, |c| c.n)
        };
        let after = drafts.get(key)?.n + left.map(now).sum::<i64>();
        let before = self.shown(key)?.n + joined.map(then).sum::<i64>();
        is_small(after - before, least).then_some(after - before)
    }
}

fn with(codes: &[String], organisation: &str) -> Vec<String> {
    let mut codes = codes.to_vec();
    organisation.clone_into(&mut codes[0]);
    codes
}

const fn is_small(change: i64, least: i64) -> bool {
    change != 0 && change.abs() < least
}
