//! The cells of all tables with their totals, before anything is decided about them.

use super::late::{Base, Bases};
use super::tree::Tree;
use crate::domain::coupling::Response;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::Rule;
use crate::extract::figures::Held;
use crate::extract::read::Status;
use std::collections::{BTreeMap, BTreeSet};

/// A cell in the making.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) n: i64,
    pub(super) sums: Vec<i64>,
    /// What each organisation has in it, when it is one of several.
    pub(super) parts: BTreeMap<String, Held>,
    pub(super) status: Status,
    /// Why it is hidden for its own sake.
    pub(super) rule: Option<Rule>,
    /// What must stay possible, when it is not what the minimum count asks.
    pub(super) bounds: Option<(i64, i64)>,
    /// Rows that each organisation changed since each release that was asked after.
    pub(super) changed: BTreeMap<String, Vec<i64>>,
    /// Whether an earlier release showed it and nothing changed: to hide it hides nothing.
    pub(super) is_out: bool,
}

/// What became of a cell so far: whether it is hidden, why, and whether that is of use.
pub(super) type Fate = (Status, Option<Rule>, bool);

/// Table and codes of a cell.
pub(super) type Key = (Sheet, Vec<String>);
/// The cells of all tables.
pub(super) type Drafts = BTreeMap<Key, Draft>;

impl Draft {
    /// Contributions of organisations, largest first.
    pub(super) fn largest(&self) -> Vec<i64> {
        let mut all: Vec<i64> = self
            .parts
            .values()
            .map(|held| held.n)
            .filter(|n| *n > 0)
            .collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all
    }

    /// What became of it.
    pub(super) const fn fate(&self) -> Fate {
        (self.status, self.rule, self.is_out)
    }

    /// Makes that of it again.
    pub(super) const fn meets(&mut self, fate: Fate) {
        (self.status, self.rule, self.is_out) = fate;
    }

    fn add(&mut self, base: &Base, is_joint: bool) {
        self.n += base.n;
        self.sums.resize(base.sums.len().max(self.sums.len()), 0);
        for (sum, by) in self.sums.iter_mut().zip(&base.sums) {
            *sum += by;
        }
        for (agb, rows) in &base.changed {
            let all = self.changed.entry(agb.clone()).or_default();
            all.resize(all.len().max(rows.len()), 0);
            all.iter_mut().zip(rows).for_each(|(sum, by)| *sum += by);
        }
        if is_joint {
            for (agb, held) in &base.parts {
                self.parts.entry(agb.clone()).or_default().add(held);
            }
        }
    }
}

/// All cells with their totals.
///
/// A combination that is absent is absent for the receiver too. Of organisation and profile, organisation and instrument, and organisation
/// and questionnaire only those with a client are there: that an organisation offers a profile or uses an instrument is public, and rows
/// full of hidden zeros would tell nobody anything. The risk that remains: who knows somebody to be treated there learns from a profile
/// that is absent that it is not theirs. Within a combination that is there, every diagnosis group that anybody has, every response, every
/// instrument of the organisation and every indicator of the questionnaire is a cell, and a zero among them is hidden as small.
pub(super) fn with_totals(bases: &Bases, tree: &Tree) -> Drafts {
    let mut drafts = Drafts::new();
    for ((sheet, codes), base) in bases {
        raise(&mut drafts, *sheet, codes, base, tree);
    }
    for (sheet, codes) in zeros(bases) {
        let mut nobody = Base::default();
        nobody.sums.resize(sheet.sums().len(), 0);
        raise(&mut drafts, sheet, &codes, &nobody, tree);
    }
    drafts
}

/// Adds a cell to everything that it counts in.
fn raise(drafts: &mut Drafts, sheet: Sheet, codes: &[String], base: &Base, tree: &Tree) {
    let total = |code: &str| vec![code.to_owned(), TOTAL.to_owned()];
    let second = match sheet {
        Sheet::Cqi => vec![codes[1].clone()],
        _ => total(&codes[1]),
    };
    let third: Vec<String> = match sheet {
        Sheet::Volume => tree
            .chain(&codes[2])
            .into_iter()
            .map(ToOwned::to_owned)
            .collect(),
        _ => vec![codes[2].clone()],
    };
    for organisation in total(&codes[0]) {
        let is_joint = organisation == TOTAL || organisation == SMALL_HOLDERS;
        for second in &second {
            for third in &third {
                let key = vec![organisation.clone(), second.clone(), third.clone()];
                drafts.entry((sheet, key)).or_default().add(base, is_joint);
            }
        }
    }
}

/// Combinations without anybody that could have had somebody.
fn zeros(bases: &Bases) -> Vec<Key> {
    let of = |sheet: Sheet| {
        bases
            .keys()
            .filter(move |(s, _)| *s == sheet)
            .map(|(_, c)| c)
    };
    let diagnoses: BTreeSet<&String> = of(Sheet::Volume).map(|c| &c[2]).collect();
    let offers: BTreeSet<&[String]> = of(Sheet::Volume).map(|c| &c[..2]).collect();
    let mut all = Vec::new();
    for offer in offers {
        let cell = |code: &str| vec![offer[0].clone(), offer[1].clone(), code.to_owned()];
        all.extend(diagnoses.iter().map(|d| (Sheet::Volume, cell(d))));
        let responses = Response::ALL.iter();
        all.extend(responses.map(|r| (Sheet::Response, cell(r.as_str()))));
    }
    // Every instrument of an organisation under each of its profiles, and every indicator of a questionnaire that it uses.
    let cares = of(Sheet::Volume).chain(of(Sheet::Effect));
    all.extend(cross(Sheet::Effect, cares, of(Sheet::Effect), 0));
    all.extend(cross(Sheet::Cqi, of(Sheet::Cqi), of(Sheet::Cqi), 1));
    all.retain(|key| !bases.contains_key(key));
    all
}

/// The first two codes of some cells with the last of others that share one of the two.
fn cross<'a>(
    sheet: Sheet,
    some: impl Iterator<Item = &'a Vec<String>>,
    others: impl Iterator<Item = &'a Vec<String>>,
    shared: usize,
) -> BTreeSet<Key> {
    let mut last: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for codes in others {
        last.entry(&codes[shared]).or_default().insert(&codes[2]);
    }
    let some: BTreeSet<&[String]> = some.map(|codes| &codes[..2]).collect();
    let of = |codes: &'a [String]| {
        let last = last.get(&codes[shared]).into_iter().flatten();
        last.map(move |last| {
            (
                sheet,
                vec![codes[0].clone(), codes[1].clone(), (*last).clone()],
            )
        })
    };
    some.into_iter().flat_map(of).collect()
}

/// The cells in the order in which they are kept: by table and codes, totals first.
pub(super) fn ordered(drafts: &Drafts) -> Vec<(&Key, &Draft)> {
    let mut all: Vec<(&Key, &Draft)> = drafts.iter().collect();
    all.sort_by_cached_key(|((sheet, codes), _)| order(*sheet, codes));
    all
}

/// What cells are ordered by.
pub(super) fn order(sheet: Sheet, codes: &[String]) -> (Sheet, Vec<(bool, String)>) {
    (
        sheet,
        codes.iter().map(|c| (c != TOTAL, c.clone())).collect(),
    )
}
