//! What somebody sees who lays a release beside an earlier one: the change of every cell that both show. A change of fewer than the minimum
//! count is somebody who came or went, so the cell is hidden now.
//! Not what follows from sums over several releases: that is in `joint`.

use super::draft::{Draft, Drafts, Key};
use super::late::is_small as is_few;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::{BuiltCell, Rule};
use crate::extract::definition::{Definition, Period, PeriodKind};
use crate::extract::earlier::Earlier;
use crate::extract::figures::Held;
use crate::extract::read::Status;
use std::collections::{BTreeMap, BTreeSet};

/// Marks the cells that an earlier release would give a change away of.
pub(super) fn mark(
    drafts: &mut Drafts,
    earlier: &[Earlier],
    period: &str,
    pooled: &BTreeSet<String>,
    definition: &Definition,
) {
    let least = definition.rules.min_count.value;
    let mut found = halves(drafts, earlier, period, least);
    for (place, release) in earlier.iter().enumerate() {
        if !release.overlaps(period) {
            continue;
        }
        let then = Then::of(release, period);
        let present: BTreeSet<&String> = drafts.keys().map(|(_, codes)| &codes[0]).collect();
        for (key, draft) in drafts.iter() {
            let small = then.change(key, draft, drafts, least);
            let gone = || then.gone(key, &present, least);
            let pool = || then.pool(key, drafts, pooled, least);
            let change = small.or_else(gone).or_else(pool);
            let range = change.map(|change| range(draft.n, change, least));
            if let Some(range) = range.or_else(|| then.corrected(key, draft, place, least)) {
                found.push((key.clone(), range));
            }
        }
    }
    for (key, range) in found {
        if let Some(draft) = drafts.get_mut(&key) {
            hide(draft, range, least);
        }
    }
}

/// What a year gives away beside both of its halves: what was added to, taken from or corrected in one of them since.
fn halves(drafts: &Drafts, earlier: &[Earlier], period: &str, least: i64) -> Vec<(Key, Range)> {
    let Some(now) = Period::parse(period) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (one, other) in pairs(earlier, &now) {
        let (first, second) = (
            Then::of(&earlier[one], period),
            Then::of(&earlier[other], period),
        );
        for (key, draft) in drafts {
            let Some((a, b)) = first.shown(key).zip(second.shown(key)) else {
                continue;
            };
            // Of a year its halves, of a half the year without the other half.
            let sign = if now.kind == PeriodKind::Year { 1 } else { -1 };
            let change = draft.n - a.n - sign * b.n;
            let sums = draft.sums.iter().zip(a.sums.iter().zip(&b.sums));
            let is_equal = sums.into_iter().all(|(n, (a, b))| *n == a + sign * b);
            let of = |rows: &Vec<i64>| {
                let at = |place: usize| rows.get(place).copied().unwrap_or(0);
                at(one) + at(other)
            };
            let rows: Vec<i64> = draft.changed.values().map(of).filter(|r| *r > 0).collect();
            let is_few = change == 0 && !is_equal && (rows.is_empty() || is_few(&rows, least));
            if is_small(change, least) || is_few {
                found.push((key.clone(), range_of_rows(draft.n, change, least)));
            }
        }
    }
    found
}

/// Earlier releases of which two and the extract in the making are a year and its halves: both halves, or the year and the other half.
fn pairs(earlier: &[Earlier], now: &Period) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (one, first) in earlier.iter().enumerate() {
        for (other, second) in earlier.iter().enumerate() {
            let Some((a, b)) = Period::parse(&first.period).zip(Period::parse(&second.period))
            else {
                continue;
            };
            let (year, halves) = match now.kind {
                PeriodKind::Year => (now, [&a, &b]),
                PeriodKind::HalfYear => (&a, [&b, now]),
            };
            let is_whole = year.kind == PeriodKind::Year
                && halves
                    .iter()
                    .all(|h| h.kind == PeriodKind::HalfYear && h.overlaps(year));
            if is_whole && halves[0].text < halves[1].text
                || is_whole && now.kind == PeriodKind::HalfYear && halves[0] != halves[1]
            {
                pairs.push((one, other));
            }
        }
    }
    pairs
}

/// Lowest and highest value that must stay possible.
type Range = (i64, i64);

/// Lets a change be anything from nothing to enough.
const fn range(n: i64, change: i64, least: i64) -> Range {
    if change > 0 {
        (n - change, n - change + least)
    } else {
        (n - change - least, n - change)
    }
}

/// As `range`; where as many are counted as before, it is their scores that must not be known, and their number may be.
const fn range_of_rows(n: i64, change: i64, least: i64) -> Range {
    if change == 0 {
        (n, n + least)
    } else {
        range(n, change, least)
    }
}

fn hide(draft: &mut Draft, (low, high): Range, least: i64) {
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
    /// What each of those who were counted together had.
    own: &'a BTreeMap<Key, Held>,
    /// Whether it is of the period of the extract in the making.
    is_now: bool,
}

impl<'a> Then<'a> {
    fn of(release: &'a Earlier, period: &str) -> Self {
        let cells = release.cells.iter().filter(|c| c.sheet != Sheet::Benchmark);
        let own = |c: &&BuiltCell| ![TOTAL, SMALL_HOLDERS].contains(&c.codes[0].as_str());
        Self {
            organisations: cells.clone().filter(own).map(|c| &c.codes[0]).collect(),
            cells: cells.map(|c| ((c.sheet, c.codes.as_slice()), c)).collect(),
            pooled: release.pooled.iter().collect(),
            own: &release.own,
            is_now: release.period == period,
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
        // Who is counted with others knows its own part of a cell then and now.
        let member = |agb: &String| {
            let before = self.own.get(&(key.0, with(&key.1, agb)))?.n;
            let rest = change - (draft.parts.get(agb)?.n - before);
            is_small(rest, least).then_some(rest)
        };
        let shared = draft.parts.keys().filter(|_| change != 0);
        if let Some(rest) = shared.into_iter().find_map(member) {
            return Some(rest);
        }
        let is_total = key.1[0] == TOTAL;
        let knowing = draft.parts.keys().filter(|_| is_total && change != 0);
        knowing
            .filter(|agb| self.organisations.contains(agb))
            .find_map(|a| own(&a))
    }

    /// Figures that both show and that differ in too few rows, although as many are counted: one score that was corrected, one who went and
    /// one who came. Where nobody knows how many rows differ, it may be one.
    fn corrected(&self, key: &Key, draft: &Draft, place: usize, least: i64) -> Option<Range> {
        let then = self.shown(key)?;
        let change = draft.n - then.n;
        if change.abs() >= least || change == 0 && then.sums == draft.sums {
            return None;
        }
        let rows = draft.changed.values();
        let rows = rows.map(|of| of.get(place).copied().unwrap_or(0));
        let rows: Vec<i64> = rows.filter(|r| *r > 0).collect();
        let is_few = rows.is_empty() || is_few(&rows, least);
        // Of the same period as many as before are known to be as many; of another they may be more.
        let is_known = self.is_now && change == 0;
        let range = range_of_rows(draft.n, change, least);
        is_few.then_some(if is_known { (draft.n, draft.n) } else { range })
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
