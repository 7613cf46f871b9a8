//! The proof that goes with an extract: for every table whole tables that nobody can tell from the true one, for counts and for sums of
//! scores. It is checked from the stored cells with additions and comparisons only, by the checker of the engine and by what stands here.

use super::company::{places, through};
use super::draft::Key;
use super::eyes::unproven;
use super::field::{Attacker, Field, Quantity};
use super::insider::Own;
use super::part::{Part, View, parts};
use super::scores::{Scored, Whole};
use super::tree::Tree;
use super::wholes::Wholes;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::{Built, BuiltCell, Rule};
use crate::extract::certificate::{Certificate, FORM as TABLE, Way};
use crate::extract::definition::Definition;
use crate::extract::figures::Held;
use crate::extract::read::Status;
use crate::extract::rules::Zeros;
use crate::extract::shift::Shift;
use crate::extract::verify::{Refusal, verify as verify_table};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The form of the proof of an extract.
pub const FORM: &str = "portaal-extract-3";

/// The proof of an extract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    pub(super) form: String,
    /// What each holder that is counted with others has of the shared cells.
    pub(super) own: Vec<Owned>,
    pub(super) tables: Vec<Proven>,
    /// The scores that go with the counts, and that keep means open.
    pub(super) scores: Vec<Scored>,
}

/// A holder's own part of a shared cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Owned {
    sheet: String,
    codes: Vec<String>,
    n: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    sums: Vec<i64>,
}

impl Owned {
    pub(super) fn of(((sheet, codes), held): &(Key, Held)) -> Self {
        Self {
            sheet: sheet.to_string(),
            codes: codes.clone(),
            n: held.n,
            sums: held.sums.clone(),
        }
    }

    fn key(&self) -> Option<(Key, Held)> {
        let sheet = Sheet::ALL.iter().find(|s| s.as_str() == self.sheet)?;
        let held = Held {
            n: self.n,
            sums: self.sums.clone(),
        };
        let is_whole = self.codes.len() == 3 && self.n >= 0;
        is_whole.then(|| ((*sheet, self.codes.clone()), held))
    }
}

/// The proof of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proven {
    /// Sheet and codes that name the table.
    pub(super) sheet: String,
    pub(super) of: Vec<String>,
    /// Rows, counted from 0, with the lowest and highest change that must stay possible where it is not what the minimum count asks.
    pub(super) bounds: Vec<(usize, i64, i64)>,
    pub(super) certificate: Certificate,
}

/// No change in a proof is larger, so that no sum with it overflows.
const MOST: u64 = 1 << 60;

impl Proven {
    fn is_countable(&self) -> bool {
        let bounds = self.bounds.iter().flat_map(|(_, low, high)| [low, high]);
        let changes = self.certificate.witnesses.iter().flatten();
        let mut all = bounds.chain(changes.map(|(_, by)| by));
        all.all(|by| by.unsigned_abs() <= MOST)
    }
}

/// Whether what each holder has of shared rows adds up as those rows do.
fn is_whole(part: &Part) -> bool {
    let Ok(problem) = part.problem() else {
        return false;
    };
    let is_shared = |row: &&Vec<(u32, i8)>| {
        row.iter()
            .all(|(c, _)| part.keys[*c as usize].1[0] == SMALL_HOLDERS)
    };
    let rows: Vec<&Vec<(u32, i8)>> = problem.sums.rows().iter().filter(is_shared).collect();
    part.members.values().all(|own| {
        let part = |(cell, sign): &(u32, i8)| {
            i128::from(own.get(cell).copied().unwrap_or(0)) * i128::from(*sign)
        };
        rows.iter()
            .all(|row| row.iter().map(part).sum::<i128>() == 0)
    })
}

/// Why a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    /// It is no proof of this form.
    #[error("no proof of this form")]
    Form,
    /// A table of the extract has no proof, or a proof has no table.
    #[error("table {0} {1} has no proof")]
    Table(String, String),
    /// The checker of tables refuses it.
    #[error("table {0} {1}: {2:?}")]
    Refused(String, String, Refusal),
    /// The bounds of a cell are narrower than its rule asks.
    #[error("table {0} {1}: the bounds of row {2} are too narrow")]
    Bounds(String, String, usize),
    /// An organisation could work out a cell of others, or anybody who reckons with scores.
    #[error("table {0} {1}: row {2} is not proven against everybody")]
    Insider(String, String, usize),
    /// A whole table of scores is none that could be.
    #[error("table {0} {1}: scores that nobody could have")]
    Scores(String, String),
    /// A mean is known too narrowly.
    #[error("table {0} {1}: a mean is not proven against everybody")]
    Mean(String, String),
}

/// What was proven of an extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Checked {
    /// Tables.
    pub tables: usize,
    /// Hidden cells, once per table.
    pub hidden: usize,
    /// Whole tables that were added up.
    pub witnesses: usize,
}

/// What each holder that was counted with others had of the cells that they shared; none where a proof has no such part.
pub fn own(certificate: &str) -> Option<BTreeMap<Key, Held>> {
    /// Of a proof of any form only this.
    #[derive(Deserialize)]
    struct Parts {
        own: Vec<Owned>,
    }
    let parts: Parts = serde_json::from_str(certificate).ok()?;
    parts.own.iter().map(Owned::key).collect()
}

/// Checks the proof of an extract against its cells.
pub fn verify(built: &Built, definition: &Definition) -> Result<Checked, Doubt> {
    let proof: Proof = serde_json::from_str(&built.certificate).map_err(|_| Doubt::Form)?;
    if proof.form != FORM {
        return Err(Doubt::Form);
    }
    let checker = Checker {
        built,
        definition,
        tree: Tree::of(definition),
    };
    checker.check(&proof)
}

/// A table of scores with the whole tables that prove it.
struct Table {
    field: Field,
    wholes: Wholes,
}

struct Checker<'a> {
    built: &'a Built,
    definition: &'a Definition,
    tree: Tree,
}

impl Checker<'_> {
    fn check(&self, proof: &Proof) -> Result<Checked, Doubt> {
        let mut wholes = proof.scores.iter().flat_map(|of| &of.wholes);
        let is_countable =
            proof.tables.iter().all(Proven::is_countable) && wholes.all(Whole::is_countable);
        if !is_countable {
            return Err(Doubt::Form);
        }
        let keys: Vec<(Key, View)> = self
            .built
            .cells
            .iter()
            .map(|c| ((c.sheet, c.codes.clone()), View::of(c)))
            .collect();
        let own = self.own(proof)?;
        let mut checked = Checked::default();
        let views = keys.iter().map(|(key, view)| (key, *view));
        let parts = parts(views, &own, &self.tree);
        let scores = self.scores(&parts, &own, proof)?;
        for part in parts {
            let part = part.settled(self.definition.rules.min_count.value);
            if !is_whole(&part) {
                return Err(Doubt::Form);
            }
            let (sheet, of) = part.name();
            let name = || (sheet.to_string(), of.join(" "));
            let is_it = |p: &&Proven| p.sheet == sheet.as_str() && p.of == of;
            let found = proof.tables.iter().find(is_it);
            let found = found.ok_or_else(|| Doubt::Table(name().0, name().1))?;
            let proven = self.table(&part, found, &scores)?;
            checked.tables += 1;
            checked.hidden += proven.hidden;
            checked.witnesses += proven.witnesses;
        }
        for table in scores {
            checked.witnesses += table.wholes.len();
            means(&table)?;
        }
        Ok(checked)
    }

    /// The tables of scores with their proofs, each whole table added up.
    fn scores(&self, parts: &[Part], own: &Own, proof: &Proof) -> Result<Vec<Table>, Doubt> {
        let mut all = Vec::new();
        for part in parts.iter().filter(|part| !part.is_care) {
            let (sheet, of) = part.name();
            let keys: BTreeSet<&Key> = part.keys.iter().collect();
            let is_row = |c: &&BuiltCell| keys.contains(&(c.sheet, c.codes.clone()));
            let cells = self.built.cells.iter().filter(is_row);
            let field = Field::ready(cells, own, self.definition);
            let is_it = |p: &&Scored| p.sheet == sheet.as_str() && p.of == of;
            let doubt = || Doubt::Table(sheet.to_string(), of.join(" "));
            let scored = proof.scores.iter().find(is_it).ok_or_else(doubt)?;
            let sums = part.problem().map_err(|_| Doubt::Form)?.sums;
            let wholes = Wholes::checked(&scored.wholes, &field, &sums);
            all.push(Table {
                wholes: wholes.ok_or_else(|| Doubt::Scores(sheet.to_string(), of.join(" ")))?,
                field,
            });
        }
        Ok(all)
    }

    /// What is each holder's own of what they share: every holder of the pool has a part, if of nobody, in each of its cells, and nobody else
    /// has.
    fn own(&self, proof: &Proof) -> Result<Own, Doubt> {
        let own: Option<Own> = proof.own.iter().map(Owned::key).collect();
        let own = own.ok_or(Doubt::Form)?;
        let there: BTreeMap<&Key, &Held> = own.iter().map(|(key, held)| (key, held)).collect();
        let cells = self.built.cells.iter();
        let shared = cells.filter(|c| c.sheet != Sheet::Benchmark && c.codes[0] == SMALL_HOLDERS);
        let mut asked = 0;
        for cell in shared {
            let mut left = Held {
                n: cell.n,
                sums: cell.sums.clone(),
            };
            for agb in &self.built.pooled {
                let mut codes = cell.codes.clone();
                agb.clone_into(&mut codes[0]);
                let own = there.get(&(cell.sheet, codes)).ok_or(Doubt::Form)?;
                left = left.without(own).ok_or(Doubt::Form)?;
                asked += 1;
            }
            if left.n != 0 || left.sums.iter().any(|sum| *sum != 0) {
                return Err(Doubt::Form);
            }
        }
        if own.len() != asked {
            return Err(Doubt::Form);
        }
        Ok(own)
    }

    fn table(
        &self,
        part: &Part,
        proven: &Proven,
        scores: &[Table],
    ) -> Result<crate::extract::verify::Proven, Doubt> {
        let (sheet, of) = (proven.sheet.clone(), proven.of.join(" "));
        let mut part = part.clone();
        for (row, low, high) in &proven.bounds {
            let refused = || Doubt::Bounds(sheet.clone(), of.clone(), *row);
            let record = part.table.rows.get_mut(*row).ok_or_else(refused)?;
            let value = record.value;
            (record.lower, record.upper) = (Some(value + low), Some(value + high));
        }
        let rules = super::rules(self.definition);
        let way: Vec<Way> = part.hierarchies.iter().map(Way::of).collect();
        let certificate = &proven.certificate;
        if certificate.rules != rules
            || certificate.hierarchies != way
            || certificate.total != TOTAL
            || certificate.beside != part.ties.beside
            || certificate.relations != part.ties.relations
        {
            return Err(Doubt::Form);
        }
        if let Some(row) = self.narrow(&part, proven) {
            return Err(Doubt::Bounds(sheet, of, row));
        }
        let places = places(&part, scores.iter().map(|table| &table.field));
        let wholes: Vec<&Wholes> = scores.iter().map(|table| &table.wholes).collect();
        let through = through(&certificate.witnesses, &places, &wholes);
        let gaps = unproven(&part, &rules, &certificate.witnesses, &through);
        // What an outsider sees of the counts the checker of tables tells.
        if let Some(gap) = gaps
            .iter()
            .find(|g| g.attacker.is_some() || !g.is_of_counts())
        {
            return Err(Doubt::Insider(sheet, of, gap.row));
        }
        verify_table(&part.table, certificate).map_err(|r| Doubt::Refused(sheet, of, r))
    }

    /// A row whose bounds are narrower than its rule asks. Where none are given the minimum count gives them.
    fn narrow(&self, part: &Part, proven: &Proven) -> Option<usize> {
        let cells: BTreeMap<(Sheet, &[String]), &BuiltCell> = self
            .built
            .cells
            .iter()
            .map(|c| ((c.sheet, c.codes.as_slice()), c))
            .collect();
        let given: BTreeMap<usize, (i64, i64)> =
            proven.bounds.iter().map(|b| (b.0, (b.1, b.2))).collect();
        let least = self.definition.rules.min_count.value;
        part.keys.iter().enumerate().find_map(|(row, key)| {
            let cell = cells.get(&(key.0, key.1.as_slice()))?;
            if cell.status == Status::Secondary {
                // Hidden for others is what could have been shown.
                let is_zero = self.definition.rules.zeros.value == Zeros::Publish;
                return (cell.n < least && !(cell.n == 0 && is_zero)).then_some(row);
            }
            let given = given.get(&row).filter(|_| cell.status == Status::Primary);
            let narrow = given.is_some_and(|(low, high)| {
                let is_narrow = match cell.rule {
                    _ if cell.n < least => cell.n + low > 0 || cell.n + high < least,
                    Some(Rule::Contributors | Rule::Dominance) => {
                        *low > -least.min(cell.n) || *high < least
                    }
                    // As many as before: the number is known, the scores are not.
                    Some(Rule::Change) if !cell.sums.is_empty() => false,
                    _ => *low == *high,
                };
                is_narrow || *low > 0 || *high < 0
            });
            narrow.then_some(row)
        })
    }
}

/// Whether every mean that is hidden for its own sake is kept open from everybody, and every count that is too small.
fn means(table: &Table) -> Result<(), Doubt> {
    let field = &table.field;
    let insiders = field.insiders();
    let insiders = insiders.iter().map(|agb| Attacker::Insider(agb));
    for attacker in std::iter::once(Attacker::Outsider).chain(insiders) {
        for quantity in &field.quantities {
            for (at, spot) in field.spots.iter().enumerate() {
                // How far other counts must stay open is given with them, and checked there.
                let is_given = *quantity == Quantity::Count
                    && !matches!(spot.rule, Some(Rule::Small | Rule::Zero));
                if is_given {
                    continue;
                }
                let reach = || table.wholes.reach(at, *quantity, attacker);
                let need = field.need(at, attacker, *quantity);
                if need.is_some_and(|need| !need.is_met(reach())) {
                    let (sheet, codes) = &spot.key;
                    return Err(Doubt::Mean(sheet.to_string(), codes.join(" ")));
                }
            }
        }
    }
    Ok(())
}

/// The proofs of a table of scores, from whole tables that nobody could tell from the true one: of its counts, and of its sums.
pub(super) fn of_scores(
    part: &Part,
    mut wholes: Vec<Whole>,
    definition: &Definition,
) -> (Proven, Scored) {
    wholes.sort_unstable();
    wholes.dedup();
    let counts = wholes.iter().map(|whole| whole.n.clone());
    let counts = counts.filter(|n| !n.is_empty()).collect();
    let (sheet, of) = part.name();
    let scored = Scored {
        sheet: sheet.to_string(),
        of,
        wholes,
    };
    (proven(part, counts, definition), scored)
}

/// The proof of a table of counts.
pub(super) fn proven(part: &Part, mut witnesses: Vec<Shift>, definition: &Definition) -> Proven {
    let (sheet, of) = part.name();
    let rows = part.table.rows.iter().enumerate();
    let bounds = rows.filter_map(|(row, r)| Some((row, r.lower? - r.value, r.upper? - r.value)));
    let bounds = bounds.collect();
    witnesses.sort_unstable();
    witnesses.dedup();
    Proven {
        sheet: sheet.to_string(),
        of,
        bounds,
        certificate: Certificate {
            form: TABLE.to_owned(),
            total: TOTAL.to_owned(),
            rules: super::rules(definition),
            hierarchies: part.hierarchies.iter().map(Way::of).collect(),
            sha256: String::new(),
            beside: part.ties.beside.clone(),
            relations: part.ties.relations.clone(),
            witnesses,
        },
    }
}
