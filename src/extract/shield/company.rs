//! The scores that go with counts. A whole table of counts proves something only if scores can be had by the people in it, so that every
//! mean and spread that is published stays: else who reckons with scores knows that it is not the true one.

use super::draft::{Drafts, Key};
use super::eyes::{Gap, Through, unproven};
use super::field::{Attacker, Field, Quantity};
use super::fill::Eyes;
use super::flow::Moves;
use super::part::Part;
use super::scores::Whole;
use super::wholes::Wholes;
use crate::domain::sheet::TOTAL;
use crate::extract::built::Rule;
use crate::extract::definition::Definition;
use crate::extract::progress::{Progress, Stage, Stopped};
use crate::extract::read::Status;
use crate::extract::rules::Rules;
use crate::extract::shift::Shift;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Times that more is hidden so that scores go with counts.
const ROUNDS: usize = 4;
/// Witnesses that are tried for one cell.
const CANDIDATES: usize = 6;

/// Where the rows of a part stand in tables of scores: which table, and which cell of it.
type Places = HashMap<usize, (usize, u32)>;

/// The places of the rows of a part in tables of scores, given the cells of each.
pub(super) fn places<'a>(part: &Part, tables: impl Iterator<Item = &'a Field>) -> Places {
    let mut of: HashMap<&Key, (usize, u32)> = HashMap::new();
    for (table, field) in tables.enumerate() {
        for (at, spot) in (0..).zip(&field.spots) {
            of.insert(&spot.key, (table, at));
        }
    }
    let rows = part.keys.iter().enumerate();
    rows.filter_map(|(row, key)| Some((row, *of.get(key)?)))
        .collect()
}

/// What a witness changes in each table of scores.
fn counts(witness: &Shift, places: &Places) -> BTreeMap<usize, Shift> {
    let mut all: BTreeMap<usize, Shift> = BTreeMap::new();
    for (row, by) in witness {
        if let Some((table, at)) = places.get(&(*row as usize)) {
            all.entry(*table).or_default().push((*at, *by));
        }
    }
    for shift in all.values_mut() {
        shift.sort_unstable();
    }
    all
}

/// Who sees through each witness of counts by the scores that go with it.
pub(super) fn through(witnesses: &[Shift], places: &Places, tables: &[&Wholes]) -> Through {
    let of = |witness: &Shift| {
        let mut all = BTreeSet::new();
        for (table, n) in counts(witness, places) {
            all.extend(tables.get(table)?.through(&n)?);
        }
        Some(all)
    };
    witnesses.iter().map(of).collect()
}

/// Finds scores for the witnesses of a part, and hides more where too little can be proven without.
pub(super) struct Company<'a> {
    care: &'a Part,
    witnesses: &'a [Shift],
    tables: Vec<Table>,
    places: Places,
}

struct Table {
    name: Key,
    field: Field,
    found: Wholes,
}

impl Table {
    /// Looks for scores that go with counts in somebody's eyes, hides what must be hidden for them and keeps them; says whether there are.
    fn search(&mut self, n: &Shift, eyes: Eyes) -> bool {
        let moves: Moves = n.iter().map(|(cell, by)| (*cell as usize, *by)).collect();
        let Some(whole) = self.field.whole(Quantity::Count, &moves, eyes) else {
            return false;
        };
        for cell in whole.cells() {
            let spot = &mut self.field.spots[cell];
            if !spot.hidden {
                (spot.hidden, spot.rule) = (true, Some(Rule::Sums));
            }
        }
        self.found.add(whole, &self.field)
    }
}

impl<'a> Company<'a> {
    pub(super) fn new(
        care: &'a Part,
        scores: &[Part],
        witnesses: &'a [Shift],
        drafts: &Drafts,
        mut known: BTreeMap<Key, Vec<Whole>>,
        definition: &Definition,
    ) -> Self {
        let table = |part: &Part| {
            let field = Field::new(&part.keys, drafts, definition);
            let known = known.remove(&part.name()).unwrap_or_default();
            Table {
                name: part.name(),
                found: Wholes::of(known, &field),
                field,
            }
        };
        let tables: Vec<Table> = scores.iter().map(table).collect();
        Self {
            places: places(care, tables.iter().map(|t| &t.field)),
            care,
            witnesses,
            tables,
        }
    }

    /// Gives the whole tables by the name of the table. More is hidden in the drafts.
    pub(super) fn settle(
        mut self,
        drafts: &mut Drafts,
        rules: &Rules,
        progress: &mut dyn Progress,
    ) -> Result<BTreeMap<Key, Vec<Whole>>, Stopped> {
        self.search(progress)?;
        for _ in 0..ROUNDS {
            let found: Vec<&Wholes> = self.tables.iter().map(|t| &t.found).collect();
            let through = through(self.witnesses, &self.places, &found);
            let gaps = unproven(self.care, rules, self.witnesses, &through);
            let gaps: Vec<Gap> = gaps.into_iter().filter(|g| !g.is_of_counts()).collect();
            if gaps.is_empty() {
                break;
            }
            for (done, gap) in gaps.iter().enumerate() {
                progress.step(Stage::Extending, done, gaps.len())?;
                gap.ways.iter().for_each(|way| self.fill(way, gap.attacker));
            }
        }
        let mut all = BTreeMap::new();
        for table in self.tables {
            for spot in table.field.spots.iter().filter(|s| s.hidden) {
                if let Some(draft) = drafts.get_mut(&spot.key)
                    && !draft.status.is_hidden()
                {
                    (draft.status, draft.rule) = (Status::Secondary, spot.rule);
                }
            }
            all.insert(table.name, table.found.into_inner());
        }
        Ok(all)
    }

    /// Looks for scores to every witness: of those whose counts it changes, if that can be, and else of anybody.
    fn search(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        for (done, witness) in self.witnesses.iter().enumerate() {
            progress.step(Stage::Extending, done, self.witnesses.len())?;
            let owners = witness
                .iter()
                .map(|(row, _)| self.care.owner(*row as usize));
            let owners: BTreeSet<&str> = owners.chain([TOTAL]).collect();
            for (table, n) in counts(witness, &self.places) {
                let table = &mut self.tables[table];
                if table.found.has(&n) {
                    continue;
                }
                let eyes = |of| Eyes {
                    attacker: Attacker::Outsider,
                    buys: false,
                    of,
                };
                let _ = table.search(&n, eyes(Some(&owners))) || table.search(&n, eyes(None));
            }
        }
        Ok(())
    }

    /// Looks for scores that go with one of some witnesses in somebody's eyes: with what is hidden, else with more hidden, else with whole
    /// tables hidden.
    fn fill(&mut self, way: &[usize], attacker: Option<&str>) {
        let mut candidates: Vec<BTreeMap<usize, Shift>> = way
            .iter()
            .map(|place| counts(&self.witnesses[*place], &self.places))
            .collect();
        candidates.sort_by_key(|of| of.values().map(Vec::len).sum::<usize>());
        candidates.truncate(CANDIDATES);
        for buys in [false, true] {
            for candidate in &candidates {
                if self.fits(candidate, attacker, buys) {
                    return;
                }
            }
        }
        for (table, _) in candidates.iter().take(1).flatten() {
            for spot in self.tables[*table]
                .field
                .spots
                .iter_mut()
                .filter(|s| !s.hidden)
            {
                (spot.hidden, spot.rule) = (true, Some(Rule::Sums));
            }
        }
        let _ = candidates
            .iter()
            .any(|candidate| self.fits(candidate, attacker, false));
    }

    fn fits(
        &mut self,
        candidate: &BTreeMap<usize, Shift>,
        attacker: Option<&str>,
        buys: bool,
    ) -> bool {
        let eyes = Eyes {
            attacker: attacker.map_or(Attacker::Outsider, Attacker::Insider),
            buys,
            of: None,
        };
        candidate.iter().all(|(table, n)| {
            let table = &mut self.tables[*table];
            table.found.is_hidden_from(n, attacker) || table.search(n, eyes)
        })
    }
}
