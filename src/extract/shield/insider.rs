//! What each of the holders that are counted together knows: its own part of every cell. None of it is published and none of it is kept
//! with the cells; it makes each of them an attacker of the others.

use super::draft::{Drafts, Key};
use super::late::{Base, Bases};
use super::part::is_care;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet};
use crate::extract::figures::Held;
use std::collections::{BTreeMap, BTreeSet};

/// What each holder that is counted with others has, by the cell of the others.
pub(super) type Own = Vec<(Key, Held)>;

/// The parts of all cells that holders share.
pub(super) fn own(drafts: &Drafts, members: &[String]) -> Own {
    let shared = drafts
        .iter()
        .filter(|((_, codes), _)| codes[0] == SMALL_HOLDERS);
    let mut all = Own::new();
    for ((sheet, codes), draft) in shared {
        for agb in members {
            let mut codes = codes.clone();
            agb.clone_into(&mut codes[0]);
            let mut held = draft.parts.get(agb).cloned().unwrap_or_default();
            held.sums.resize(draft.sums.len(), 0);
            all.push(((*sheet, codes), held));
        }
    }
    all
}

/// Brings the parts of what is shared in line with what is shown of it. Where the figures of an earlier release are repeated, whose they
/// were is no longer known: then one of them takes what is over or short, or has all of it.
pub(super) fn share_out(bases: &mut Bases, members: &[String]) {
    share_out_care(bases, members);
    for ((sheet, _), base) in bases.iter_mut().filter(|((_, c), _)| c[0] == SMALL_HOLDERS) {
        let n: i64 = base.parts.iter().map(|part| part.1.n).sum();
        let is_known = n == base.n && base.parts.iter().all(|part| members.contains(&part.0));
        if let Some(first) = members.first().filter(|_| !is_known && !is_care(*sheet)) {
            let all = Held {
                n: base.n,
                sums: base.sums.clone(),
            };
            base.parts = vec![(first.clone(), all)];
        }
        proportion(base);
    }
}

/// Gives each of those who share a cell a part of its sums by how many are theirs, where their own sums are not those of the cell.
fn proportion(base: &mut Base) {
    let has_all = |place: usize| {
        let of = |part: &(String, Held)| part.1.sums.get(place).copied().unwrap_or(0);
        base.parts.iter().map(of).sum::<i64>() == base.sums[place]
    };
    if (0..base.sums.len()).all(has_all) {
        return;
    }
    let mut left = (base.n, base.sums.clone());
    for (_, held) in &mut base.parts {
        let share = |sum: &i64| {
            let part = i128::from(*sum) * i128::from(held.n) / i128::from(left.0.max(1));
            i64::try_from(part).unwrap_or(*sum)
        };
        held.sums = left.1.iter().map(share).collect();
        left.0 -= held.n;
        for (sum, by) in left.1.iter_mut().zip(&held.sums) {
            *sum -= by;
        }
    }
}

fn share_out_care(bases: &mut Bases, members: &[String]) {
    let of = bases
        .keys()
        .filter(|(sheet, codes)| is_care(*sheet) && codes[0] == SMALL_HOLDERS);
    let profiles: BTreeSet<String> = of.map(|(_, codes)| codes[1].clone()).collect();
    for profile in profiles {
        let is_it = |(sheet, codes): &Key| {
            is_care(*sheet) && codes[0] == SMALL_HOLDERS && codes[1] == profile
        };
        let keys: Vec<Key> = bases.keys().filter(|key| is_it(key)).cloned().collect();
        let block = Block {
            bases,
            keys: &keys,
            members,
        };
        if block.is_even() {
            continue;
        }
        let taker = members.iter().find(|taker| block.others_fit(taker));
        let parts: Vec<Vec<(String, Held)>> = keys.iter().map(|k| block.parts(k, taker)).collect();
        for (key, parts) in keys.iter().zip(parts) {
            if let Some(base) = bases.get_mut(key) {
                base.parts = parts;
            }
        }
    }
}

/// The shared care under one profile.
struct Block<'a> {
    bases: &'a Bases,
    keys: &'a [Key],
    members: &'a [String],
}

impl Block<'_> {
    fn of<'a>(&'a self, key: &Key) -> (i64, BTreeMap<&'a str, i64>) {
        let base = self.bases.get(key);
        let mut parts: BTreeMap<&str, i64> = BTreeMap::new();
        for (agb, held) in base.map_or(&[][..], |b| b.parts.as_slice()) {
            *parts.entry(agb).or_default() += held.n;
        }
        (base.map_or(0, |b| b.n), parts)
    }

    fn is_even(&self) -> bool {
        self.keys.iter().all(|key| {
            let (n, parts) = self.of(key);
            parts.values().sum::<i64>() == n
                && parts
                    .keys()
                    .all(|agb| self.members.iter().any(|m| m == agb))
        })
    }

    /// Whether the others have no more than there is in any cell, and each of them the same in volume and in response.
    fn others_fit(&self, taker: &str) -> bool {
        let mut sums: BTreeMap<(&str, Sheet), i64> = BTreeMap::new();
        for key in self.keys {
            let (n, parts) = self.of(key);
            let others = parts.iter().filter(|(agb, _)| **agb != taker);
            let others = others.filter(|(agb, _)| self.members.iter().any(|m| m == *agb));
            let mut sum = 0;
            for (agb, part) in others {
                sum += part;
                *sums.entry((*agb, key.0)).or_default() += part;
            }
            if sum > n {
                return false;
            }
        }
        let of = |agb: &str, sheet| sums.get(&(agb, sheet)).copied().unwrap_or(0);
        let has = |sheet| self.keys.iter().any(|key| key.0 == sheet);
        !(has(Sheet::Volume) && has(Sheet::Response))
            || self
                .members
                .iter()
                .all(|m| of(m, Sheet::Volume) == of(m, Sheet::Response))
    }

    /// The parts of a cell when one takes what the others leave, or when the first has all.
    fn parts(&self, key: &Key, taker: Option<&String>) -> Vec<(String, Held)> {
        let (n, parts) = self.of(key);
        let held = |(agb, n): (String, i64)| {
            let sums = Vec::new();
            (agb, Held { n, sums })
        };
        let Some(taker) = taker else {
            let first = self.members.first();
            return first
                .map(|agb| held((agb.clone(), n)))
                .into_iter()
                .collect();
        };
        let is_other = |agb: &str| agb != taker && self.members.iter().any(|m| m == agb);
        let others = parts.into_iter().filter(|(agb, _)| is_other(agb));
        let mut all: Vec<(String, i64)> = others.map(|(agb, n)| (agb.to_owned(), n)).collect();
        let rest = n - all.iter().map(|part| part.1).sum::<i64>();
        all.push((taker.clone(), rest));
        all.retain(|part| part.1 > 0);
        all.into_iter().map(held).collect()
    }
}
