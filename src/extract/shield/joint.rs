//! All releases of a stretch of time as one system. What did not change between two of them is one unknown, a year is its two halves, and
//! what came or went is a cell of its own; so what one shows counts in all, and what one hid stays hidden in all. Not what is hidden for
//! its own sake now: that is in `primary` and `change`.

use super::beheld::{Beheld, Named};
use super::draft::Key;
use super::part::Part;
use super::past::{Lens, Release, Side};
use super::tree::Tree;
use crate::domain::sheet::TOTAL;
use crate::extract::beside::{Beside, Kind};
use crate::extract::built::{Leak, Rule};
use crate::extract::definition::{Period, PeriodKind};
use crate::extract::fault::Fault;
use crate::extract::problem::Problem;
use crate::extract::read::Status;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The extract in the making beside all releases that count.
pub(super) struct Joint<'a> {
    pub(super) releases: &'a [Release<'a>],
    pub(super) period: Option<Period>,
    pub(super) pooled: &'a [String],
    pub(super) tree: &'a Tree,
    pub(super) least: i64,
}

/// Cells up to which all releases are protected as one system. Beyond, what an earlier release hid is hidden again, and the attack looks for
/// exact values.
pub(super) const MOST: usize = 3_000;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// Which cells must be hidden.
    Protect,
    /// What follows from what is shown.
    Attack,
}

impl Joint<'_> {
    /// Whether some release has this table.
    pub(super) fn is_tied(&self, part: &Part) -> bool {
        self.releases.iter().any(|r| r.has(&part.name()))
    }

    /// The cells of one table with all that releases tie to them.
    pub(super) fn problem(&self, part: &Part, aim: Aim) -> Result<Beheld, Fault> {
        let mut problem = part.tied()?;
        let mut hid = vec![false; part.keys.len()];
        let name = part.name();
        let found = self.releases.iter().filter_map(|r| r.side(&name));
        let others: Vec<Side> = found.collect::<Result<_, Fault>>()?;
        let Some(period) = self.period.clone().filter(|_| !others.is_empty()) else {
            return Ok(Beheld {
                named: BTreeMap::new(),
                rests: BTreeMap::new(),
                problem,
                hid,
            });
        };
        let now = Side::now(part, period, self.tree, self.pooled)?;
        for side in &others {
            for (at, _) in side.shown.iter().enumerate().filter(|(_, shown)| !**shown) {
                if let Some(cell) = now.at.get(&side.keys[at]) {
                    hid[*cell] |= side.period.overlaps(&now.period);
                }
            }
        }
        if aim == Aim::Attack {
            settle(&mut problem, part);
        }
        let sides = std::iter::once(now).chain(others).collect();
        let mut system = System {
            cells: Vec::new(),
            named: BTreeMap::new(),
            rests: BTreeMap::new(),
            as_now: vec![Vec::new()],
            whole: HashSet::new(),
            tied: tied(part),
            seen: HashSet::new(),
            problem: &mut problem,
            least: self.least,
            sides,
            aim,
        };
        system.tie();
        let (named, rests) = (system.named, system.rests);
        Ok(Beheld {
            problem,
            hid,
            named,
            rests,
        })
    }
}

/// What ties the rows of a part, without what is left over.
fn tied(part: &Part) -> HashSet<Vec<(u32, i8)>> {
    let is_row = |cell: &&(u32, i8)| (cell.0 as usize) < part.keys.len();
    let relations = part.ties.relations.iter();
    relations
        .map(|row| row.iter().filter(is_row).copied().collect())
        .collect()
}

/// Of an extract that is ready, what is shown is known, and what is hidden for others need not stay so.
fn settle(problem: &mut Problem, part: &Part) {
    for (cell, row) in problem.cells.iter_mut().zip(&part.table.rows) {
        cell.kind = match row.status {
            Status::Secondary => Kind::Free,
            Status::Primary => Kind::Table,
            Status::Open | Status::Published => Kind::Known,
        };
    }
}

struct System<'a, 'p> {
    problem: &'p mut Problem,
    /// The extract in the making first.
    sides: Vec<Side<'a>>,
    /// The unknown of each cell of each side; none for what everybody knows.
    cells: Vec<Vec<Option<usize>>>,
    named: BTreeMap<usize, Named>,
    rests: BTreeMap<usize, Vec<(String, Key, i8)>>,
    /// Which cells of each side are those of now, nothing changed.
    as_now: Vec<Vec<bool>>,
    /// What of which year is the sum of two halves that left.
    whole: HashSet<(usize, Key)>,
    /// What ties the cells of now, without what is left over.
    tied: HashSet<Vec<(u32, i8)>>,
    /// Relations that are there.
    seen: HashSet<Vec<(usize, i8)>>,
    least: i64,
    aim: Aim,
}

/// What several cells of one side count together.
type Term<'a> = (usize, &'a [usize], i8);

impl System<'_, '_> {
    fn tie(&mut self) {
        self.cells
            .push((0..self.sides[0].keys.len()).map(Some).collect());
        for side in 1..self.sides.len() {
            self.unknowns(side);
        }
        for side in 1..self.sides.len() {
            self.sums(side);
            self.ties(side);
        }
        self.halves();
        for side in 1..self.sides.len() {
            for other in 0..side {
                self.pair(other, side);
            }
        }
    }

    /// Gives every hidden cell of a release its unknown: that of another release of the period where nothing changed.
    fn unknowns(&mut self, side: usize) {
        let period = &self.sides[side].period;
        let same: Vec<(usize, Vec<bool>)> = (0..side)
            .filter(|other| self.sides[*other].period == *period)
            .map(|other| (other, self.sides[side].same(&self.sides[other])))
            .collect();
        let nothing = vec![false; self.sides[side].keys.len()];
        let now = same.iter().find(|(other, _)| *other == 0);
        self.as_now
            .push(now.map_or(nothing, |(_, all)| all.clone()));
        let mut cells = Vec::new();
        for at in 0..self.sides[side].keys.len() {
            let key = &self.sides[side].keys[at];
            let alike = same.iter().filter(|(_, all)| all[at]);
            let there = |other: usize| self.sides[other].at.get(key).copied();
            let alike: Vec<Option<usize>> = alike
                .filter_map(|(other, _)| Some(self.cells[*other][there(*other)?]))
                .collect();
            let is_known = self.sides[side].shown[at] || alike.contains(&None);
            let known = alike.iter().flatten().copied();
            if is_known {
                known
                    .collect::<Vec<usize>>()
                    .into_iter()
                    .for_each(|c| self.know(c));
                cells.push(None);
            } else {
                let first = known.clone().next();
                cells.push(Some(first.unwrap_or_else(|| self.hide(side, at))));
            }
        }
        self.cells.push(cells);
    }

    /// What a release showed and did not change since is known, whatever is shown now.
    fn know(&mut self, cell: usize) {
        let found = &mut self.problem.cells[cell];
        let is_own = found.kind == Kind::Table && found.status == Status::Primary;
        // What now must be hidden for its own sake although it was shown is hidden all the same, as well as it can be.
        if !(is_own && self.aim == Aim::Protect) {
            (found.kind, found.status) = (Kind::Known, Status::Published);
        }
    }

    /// A cell that a release hid, as an unknown of its own.
    fn hide(&mut self, side: usize, at: usize) -> usize {
        let it = &self.sides[side];
        let (value, rule) = (it.values[at], it.rules[at]);
        let bounds = match rule {
            Some(Rule::Small | Rule::Zero) => {
                (it.largest_part(at).min(value), self.least.max(value))
            }
            // Hidden for another reason, and large: only its exact value is kept.
            _ => (value - 1, value),
        };
        let beside = Beside {
            value,
            kind: if rule.is_some() {
                Kind::Guarded
            } else {
                Kind::Free
            },
            with: self.owner(&it.keys[at].1[0]),
            bounds: (Some(bounds.0.max(0)), Some(bounds.1)),
        };
        let named = Named {
            key: it.keys[at].clone(),
            leak: Leak::Count,
            release: it.name.to_owned(),
            is_past: true,
        };
        let cell = self.problem.add(beside);
        self.named.insert(cell, named);
        cell
    }

    /// A cell of now that who knows its own cells knows.
    fn owner(&self, organisation: &str) -> Option<usize> {
        let mut keys = self.sides[0].keys.iter();
        keys.position(|key| organisation != TOTAL && key.1[0] == organisation)
    }

    /// What adds up in a release, where it is not what adds up now.
    fn sums(&mut self, side: usize) {
        let rows = self.sides[side].sums.rows().to_vec();
        for row in rows {
            let unknown = row
                .iter()
                .filter_map(|(c, sign)| Some((self.cells[side][*c as usize]?, *sign)));
            let unknown: Vec<(usize, i8)> = unknown.collect();
            if !row.iter().all(|(c, _)| self.as_now[side][*c as usize]) {
                self.relate(unknown);
            }
        }
    }

    /// What ties the cells of a release beside its sums, where it does not tie those of now.
    fn ties(&mut self, side: usize) {
        let Some(ties) = self.sides[side].ties else {
            return;
        };
        let rows = self.sides[side].keys.len();
        for relation in &ties.relations {
            let (own, left): (Vec<_>, Vec<_>) =
                relation.iter().partition(|(c, _)| (*c as usize) < rows);
            if self.is_tied_now(side, &own) {
                continue;
            }
            let unknown = own
                .iter()
                .filter_map(|(c, sign)| Some((self.cells[side][*c as usize]?, *sign)));
            let mut unknown: Vec<(usize, i8)> = unknown.collect();
            if unknown.is_empty() {
                continue;
            }
            for (cell, sign) in left {
                let beside = ties.beside[cell as usize - rows];
                let with = beside
                    .with
                    .and_then(|c| self.owner(&self.sides[side].keys[c].1[0]));
                unknown.push((self.problem.add(Beside { with, ..beside }), sign));
            }
            self.relate(unknown);
        }
    }

    /// Whether the same cells are tied in the same way now, nothing changed.
    fn is_tied_now(&self, side: usize, own: &[(u32, i8)]) -> bool {
        let now = &self.sides[0];
        let keys = self.sides[side].keys;
        let there = |(cell, sign): &(u32, i8)| {
            let at = now.at.get(&keys[*cell as usize])?;
            Some((u32::try_from(*at).ok()?, *sign))
        };
        let is_as_now = own.iter().all(|(c, _)| self.as_now[side][*c as usize]);
        let row: Option<Vec<(u32, i8)>> = own.iter().map(there).collect();
        is_as_now && row.is_some_and(|row| self.tied.contains(&row))
    }

    fn relate(&mut self, mut row: Vec<(usize, i8)>) {
        row.sort_unstable();
        // What follows from what left already is no secret that could be kept now.
        if let [(cell, _)] = row.as_slice() {
            return self.know(*cell);
        }
        if !row.is_empty() && self.seen.insert(row.clone()) {
            self.problem.relate(&row);
        }
    }

    /// Two releases that count the same clients, or one those of the other and more.
    fn pair(&mut self, one: usize, other: usize) {
        let (first, second) = (&self.sides[one].period, &self.sides[other].period);
        if first == second {
            return self.compare(one, other);
        }
        let (year, half) = match (first.kind, first.overlaps(second)) {
            (_, false) => return,
            (PeriodKind::Year, true) => (one, other),
            (PeriodKind::HalfYear, true) => (other, one),
        };
        self.remains(year, half);
    }

    /// The same period twice: what changed by too little stays unknown, and what is counted together in another way is the same together.
    fn compare(&mut self, one: usize, other: usize) {
        let lens = Lens::of(&[&self.sides[one], &self.sides[other]]);
        let groups = [one, other].map(|side| self.sides[side].groups(&lens));
        let keys: BTreeSet<_> = groups.iter().flat_map(|all| all.keys()).collect();
        let is_clear = lens.is_clear();
        for key in keys {
            let cells = groups
                .each_ref()
                .map(|all| all.get(key).map_or(&[][..], Vec::as_slice));
            let terms = [(one, cells[0], 1), (other, cells[1], -1)];
            let change = self.difference(&terms);
            if change == 0 && !is_clear && key.1.iter().all(|code| code != TOTAL) {
                self.relate(self.row(&terms));
            } else if change != 0 && change.abs() < self.least {
                self.guard(&terms, change);
            }
        }
    }

    /// A year and one of its halves: the rest is never below nothing, and stays unknown when it is small.
    fn remains(&mut self, year: usize, half: usize) {
        let lens = Lens::of(&[&self.sides[year], &self.sides[half]]);
        let groups = [year, half].map(|side| self.sides[side].groups(&lens));
        let keys: BTreeSet<_> = groups.iter().flat_map(|all| all.keys()).cloned().collect();
        for key in keys {
            let cells = groups
                .each_ref()
                .map(|all| all.get(&key).map_or(&[][..], Vec::as_slice));
            let terms = [(year, cells[0], 1), (half, cells[1], -1)];
            let rest = self.difference(&terms);
            if (1..self.least).contains(&rest.abs()) {
                self.guard(&terms, rest);
            } else if rest >= 0
                && self.is_finest(&terms)
                && !self.whole.contains(&(year, key.clone()))
                && !self.row(&terms).is_empty()
            {
                let free = Beside {
                    value: rest,
                    kind: Kind::Free,
                    with: self.owner(&key.1[0]),
                    bounds: (None, None),
                };
                let cell = self.problem.add(free);
                self.rests.insert(cell, self.of(&terms));
                let mut row = self.row(&terms);
                row.push((cell, -1));
                self.relate(row);
            }
        }
    }

    /// A year and both its halves: what nothing was added to is their sum.
    fn halves(&mut self) {
        let all = 0..self.sides.len();
        let is_year = |side: &usize| self.sides[*side].period.kind == PeriodKind::Year;
        let (years, halves): (Vec<usize>, Vec<usize>) = all.partition(is_year);
        for year in years {
            for (at, first) in halves.iter().enumerate() {
                for second in &halves[at + 1..] {
                    let [a, b] = [first, second].map(|half| &self.sides[*half].period);
                    let is_whole = [a, b]
                        .iter()
                        .all(|half| half.overlaps(&self.sides[year].period));
                    if is_whole && a != b {
                        self.triple(year, *first, *second);
                    }
                }
            }
        }
    }

    fn triple(&mut self, year: usize, first: usize, second: usize) {
        let three = [year, first, second];
        let lens = Lens::of(&three.map(|side| &self.sides[side]));
        let groups = three.map(|side| self.sides[side].groups(&lens));
        let keys: BTreeSet<_> = groups.iter().flat_map(|all| all.keys()).cloned().collect();
        for key in keys {
            let cells = groups
                .each_ref()
                .map(|all| all.get(&key).map_or(&[][..], Vec::as_slice));
            let terms = [
                (year, cells[0], 1),
                (first, cells[1], -1),
                (second, cells[2], -1),
            ];
            let change = self.difference(&terms);
            if change == 0 && self.is_finest(&terms) {
                self.whole.insert((year, key.clone()));
                self.relate(self.row(&terms));
            } else if change != 0 && change.abs() < self.least {
                self.guard(&terms, change);
            }
        }
    }

    /// Keeps a change unknown that is too small; one that follows from two releases that are out is no secret any more.
    fn guard(&mut self, terms: &[Term], change: i64) {
        let mut row = self.row(terms);
        if row.is_empty() {
            return;
        }
        let own = terms
            .iter()
            .find(|(side, cells, _)| *side == 0 && cells.len() == 1);
        let is_known = |(cell, _): &(usize, i8)| self.problem.cells[*cell].kind == Kind::Known;
        let is_out = terms.iter().all(|(side, ..)| *side > 0) && row.iter().all(is_known);
        let guarded = Beside {
            value: change.abs(),
            kind: if is_out { Kind::Free } else { Kind::Guarded },
            with: own.map(|(_, cells, _)| cells[0]),
            bounds: (Some(0), Some(self.least)),
        };
        let cell = self.problem.add(guarded);
        if let Some(named) = self.change(terms) {
            self.named.insert(cell, named);
        }
        row.push((cell, if change > 0 { -1 } else { 1 }));
        self.relate(row);
    }

    /// The cells of terms, each with the release that it is of.
    fn of(&self, terms: &[Term]) -> Vec<(String, Key, i8)> {
        let cells = |(side, cells, sign): &Term| {
            let side = &self.sides[*side];
            let cell = |c: &usize| (side.name.to_owned(), side.keys[*c].clone(), *sign);
            cells.iter().map(cell).collect::<Vec<_>>()
        };
        terms.iter().flat_map(cells).collect()
    }

    /// The change that terms make: in the cell of now where it is one of now, else in that of a release.
    fn change(&self, terms: &[Term]) -> Option<Named> {
        let cell = |(side, cells, _): &Term| Some(self.sides[*side].keys[*cells.first()?].clone());
        let releases = terms.iter().map(|(side, ..)| self.sides[*side].name);
        Some(Named {
            key: terms.iter().find_map(cell)?,
            leak: Leak::Change,
            release: releases.rev().find(|name| !name.is_empty())?.to_owned(),
            is_past: terms.iter().all(|(side, ..)| *side > 0),
        })
    }

    fn difference(&self, terms: &[Term]) -> i64 {
        let of = |(side, cells, sign): &Term| self.sides[*side].sum(cells) * i64::from(*sign);
        terms.iter().map(of).sum()
    }

    /// The unknowns of terms; of now what is hidden counts, and what may yet be.
    fn row(&self, terms: &[Term]) -> Vec<(usize, i8)> {
        let mut row: Vec<(usize, i8)> = Vec::new();
        for (side, cells, sign) in terms {
            for cell in cells.iter().filter_map(|c| self.cells[*side][*c]) {
                match row.iter().position(|(c, _)| *c == cell) {
                    // The same unknown on both sides says nothing.
                    Some(at) if row[at].1 == -sign => drop(row.swap_remove(at)),
                    _ => row.push((cell, *sign)),
                }
            }
        }
        row
    }

    /// Whether all cells of terms are at the finest level.
    fn is_finest(&self, terms: &[Term]) -> bool {
        let mut all = terms.iter();
        all.all(|(side, cells, _)| cells.iter().all(|c| self.sides[*side].sums.is_leaf(*c)))
    }
}
