//! The proof that goes with an extract: for every table whole tables that nobody can tell from the true one, for counts and for sums of
//! scores. It is checked from the stored cells with additions and comparisons only, by the checker of the engine and by what stands here.

use super::draft::Key;
use super::eyes::unproven;
use super::field::{IMPROVED, Quantity};
use super::flow::Moves;
use super::insider::Own;
use super::means::Evidence;
use super::part::{Part, View, is_care, parts};
use super::tree::Tree;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::{Built, BuiltCell, Rule};
use crate::extract::certificate::{Certificate, FORM as TABLE, Way};
use crate::extract::definition::{Definition, Instrument};
use crate::extract::read::Status;
use crate::extract::rules::{Interval, Rules, Zeros};
use crate::extract::shift::Shift;
use crate::extract::verify::{Refusal, verify as verify_table};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The form of the proof of an extract.
pub const FORM: &str = "portaal-extract-2";

/// What is added up in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Added {
    /// Care paths or answers.
    Count,
    /// A sum of the cells above the lowest that it could be, by its place.
    Above(usize),
    /// The same beneath the highest that it could be.
    Beneath(usize),
}

/// The proof of an extract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proof {
    pub(super) form: String,
    /// What each holder that is counted with others has of the shared cells.
    pub(super) own: Vec<Owned>,
    pub(super) tables: Vec<Proven>,
}

/// A holder's own part of a shared cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Owned {
    sheet: String,
    codes: Vec<String>,
    n: i64,
}

impl Owned {
    pub(super) fn of(((sheet, codes), n): &(Key, i64)) -> Self {
        Self {
            sheet: sheet.to_string(),
            codes: codes.clone(),
            n: *n,
        }
    }

    fn key(&self) -> Option<(Key, i64)> {
        let sheet = Sheet::ALL.iter().find(|s| s.as_str() == self.sheet)?;
        let is_whole = self.codes.len() == 3 && self.n >= 0;
        is_whole.then(|| ((*sheet, self.codes.clone()), self.n))
    }
}

/// The proof of one table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Proven {
    /// Sheet and codes that name the table.
    pub(super) sheet: String,
    pub(super) of: Vec<String>,
    pub(super) added: Added,
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
    /// An organisation could work out a cell of others.
    #[error("table {0} {1}: row {2} is not proven against an organisation")]
    Insider(String, String, usize),
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

/// What each holder that was counted with others had of the care that they shared; none where a proof has no such part.
pub fn own(certificate: &str) -> Option<BTreeMap<Key, i64>> {
    let proof: Proof = serde_json::from_str(certificate).ok()?;
    proof.own.iter().map(Owned::key).collect()
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

struct Checker<'a> {
    built: &'a Built,
    definition: &'a Definition,
    tree: Tree,
}

impl Checker<'_> {
    fn check(&self, proof: &Proof) -> Result<Checked, Doubt> {
        if !proof.tables.iter().all(Proven::is_countable) {
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
        for part in parts(views, &own, &self.tree) {
            let part = part.settled(self.definition.rules.min_count.value);
            if !is_whole(&part) {
                return Err(Doubt::Form);
            }
            let (sheet, of) = part.name();
            for added in self.asked(&part) {
                let is_it =
                    |p: &&Proven| p.sheet == sheet.as_str() && p.of == of && p.added == added;
                let name = || (sheet.to_string(), of.join(" "));
                let found = proof.tables.iter().find(is_it);
                let found = found.ok_or_else(|| Doubt::Table(name().0, name().1))?;
                let proven = self.table(&part, found)?;
                checked.tables += 1;
                checked.hidden += proven.hidden;
                checked.witnesses += proven.witnesses;
            }
        }
        Ok(checked)
    }

    /// What is each holder's own of the shared care: every holder of the pool has a part, if of nobody, in each of its cells, and nobody else
    /// has.
    fn own(&self, proof: &Proof) -> Result<Own, Doubt> {
        let own: Option<Own> = proof.own.iter().map(Owned::key).collect();
        let own = own.ok_or(Doubt::Form)?;
        let there: BTreeMap<&Key, i64> = own.iter().map(|(key, n)| (key, *n)).collect();
        let cells = self.built.cells.iter();
        let shared = cells.filter(|c| is_care(c.sheet) && c.codes[0] == SMALL_HOLDERS);
        let mut asked = 0;
        for cell in shared {
            let mut left = cell.n;
            for agb in &self.built.pooled {
                let mut codes = cell.codes.clone();
                agb.clone_into(&mut codes[0]);
                let own = there.get(&(cell.sheet, codes)).ok_or(Doubt::Form)?;
                left = left.checked_sub(*own).ok_or(Doubt::Form)?;
                asked += 1;
            }
            if left != 0 {
                return Err(Doubt::Form);
            }
        }
        if own.len() != asked {
            return Err(Doubt::Form);
        }
        Ok(own)
    }

    /// Everything that needs a proof in a table.
    fn asked(&self, part: &Part) -> Vec<Added> {
        let mut all = vec![Added::Count];
        for place in places(part, self.definition) {
            all.extend([Added::Above(place.0), Added::Beneath(place.0)]);
        }
        all
    }

    fn table(&self, part: &Part, proven: &Proven) -> Result<crate::extract::verify::Proven, Doubt> {
        let (sheet, of) = (proven.sheet.clone(), proven.of.join(" "));
        let mut part = part.clone();
        self.fill(&mut part, proven.added);
        for (row, low, high) in &proven.bounds {
            let refused = || Doubt::Bounds(sheet.clone(), of.clone(), *row);
            let record = part.table.rows.get_mut(*row).ok_or_else(refused)?;
            let value = record.value;
            (record.lower, record.upper) = (Some(value + low), Some(value + high));
        }
        let rules = rules_of(self.definition, proven.added);
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
        let unproven = unproven(&part, &rules, &certificate.witnesses);
        let mut inside = unproven.iter().filter(|(_, attacker)| attacker.is_some());
        if let Some((row, _)) = inside.next().filter(|_| proven.added == Added::Count) {
            return Err(Doubt::Insider(sheet, of, *row));
        }
        verify_table(&part.table, certificate).map_err(|r| Doubt::Refused(sheet, of, r))
    }

    /// Puts in the place of the counts what is added up.
    fn fill(&self, part: &mut Part, added: Added) {
        let (place, above) = match added {
            Added::Count => return,
            Added::Above(place) => (place, true),
            Added::Beneath(place) => (place, false),
        };
        let scale = places(part, self.definition)
            .into_iter()
            .find(|s| s.0 == place);
        let cells: BTreeMap<(Sheet, &[String]), &[i64]> = self
            .built
            .cells
            .iter()
            .map(|c| ((c.sheet, c.codes.as_slice()), c.sums.as_slice()))
            .collect();
        for (key, row) in part.keys.iter().zip(&mut part.table.rows) {
            let sum = cells
                .get(&(key.0, key.1.as_slice()))
                .and_then(|s| s.get(place));
            let (sum, n) = (sum.copied().unwrap_or(0), row.value);
            let (least, most) = scale.map_or((0, 1), |s| (s.1, s.2));
            row.value = if above {
                sum - least * n
            } else {
                most * n - sum
            };
        }
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
        let scales = places(part, self.definition);
        part.keys.iter().enumerate().find_map(|(row, key)| {
            let cell = cells.get(&(key.0, key.1.as_slice()))?;
            if cell.status == Status::Secondary && proven.added == Added::Count {
                // Hidden for others is what could have been shown.
                let is_zero = self.definition.rules.zeros.value == Zeros::Publish;
                return (cell.n < least && !(cell.n == 0 && is_zero)).then_some(row);
            }
            if cell.status != Status::Primary {
                return None;
            }
            let narrow = match (proven.added, given.get(&row)) {
                (Added::Count, None) => false,
                (Added::Count, Some((low, high))) => {
                    let is_narrow = match cell.rule {
                        Some(Rule::Small | Rule::Zero) => cell.n + low > 0 || cell.n + high < least,
                        Some(Rule::Contributors | Rule::Dominance) => {
                            *low > -least.min(cell.n) || *high < least
                        }
                        // As many as before: the number is known, the scores are not.
                        Some(Rule::Change) if !cell.sums.is_empty() => false,
                        _ => *low == *high,
                    };
                    is_narrow || *low > 0 || *high < 0
                }
                (Added::Above(_) | Added::Beneath(_), None) => cell.n > 0,
                (Added::Above(place) | Added::Beneath(place), Some((low, high))) => {
                    let scale = scales.iter().find(|s| s.0 == place && place != IMPROVED);
                    let range = scale.map_or(0, |s| (s.2 - s.1) * cell.n);
                    let share = self.definition.rules.mean_interval.value;
                    *low > 0 || *high < 0 || 100 * (high - low) < share * range
                }
            };
            narrow.then_some(row)
        })
    }
}

/// Place, lowest and highest score of every sum of a table whose means are kept open.
pub(super) fn places(part: &Part, definition: &Definition) -> Vec<(usize, i64, i64)> {
    let codes = &part.keys[0].1;
    match part.keys[0].0 {
        _ if part.is_care => Vec::new(),
        Sheet::Effect => definition
            .instrument(&codes[2])
            .map_or_else(Vec::new, scales),
        Sheet::Cqi => definition
            .indicator(&codes[1], &codes[2])
            .map_or_else(Vec::new, |i| vec![(0, i.minimum, i.maximum)]),
        _ => Vec::new(),
    }
}

fn scales(instrument: &Instrument) -> Vec<(usize, i64, i64)> {
    let mut all: Vec<(usize, i64, i64)> = [0, 1]
        .map(|place| (place, instrument.minimum, instrument.maximum))
        .to_vec();
    if instrument.reliability.is_some() {
        all.push((IMPROVED, 0, 1));
    }
    all
}

/// What must stay possible of what is added up.
pub(super) fn rules_of(definition: &Definition, added: Added) -> Rules {
    match added {
        Added::Count => super::rules(definition),
        // The pattern is that of the counts; of a sum only the bounds are proven.
        Added::Above(_) | Added::Beneath(_) => Rules {
            min_count: 0,
            zeros: Zeros::Publish,
            interval: Interval::Threshold,
            insider: None,
        },
    }
}

/// The proofs of a table of means, from what its attackers could not tell from the truth.
pub(super) fn of_means(part: &Part, evidence: &[Evidence], definition: &Definition) -> Vec<Proven> {
    let mut all = Vec::new();
    for found in evidence {
        let shifts = || found.moves.iter().map(|moves| shift(moves, 1)).collect();
        match found.quantity {
            Quantity::Count => all.push(proven(part, Added::Count, shifts(), definition)),
            Quantity::Part(place) | Quantity::Score(place, ..) => {
                let mut above = proven(part, Added::Above(place), shifts(), definition);
                let beneath = found.moves.iter().map(|moves| shift(moves, -1)).collect();
                let mut beneath = proven(part, Added::Beneath(place), beneath, definition);
                above.bounds.clear();
                beneath.bounds.clear();
                let rows = part.table.rows.iter().enumerate().zip(&found.far);
                for ((row, _), [down, up]) in rows.filter(|((_, r), _)| r.status == Status::Primary)
                {
                    above.bounds.push((row, -down, *up));
                    beneath.bounds.push((row, -up, *down));
                }
                all.extend([above, beneath]);
            }
        }
    }
    all
}

fn shift(moves: &Moves, sign: i64) -> Shift {
    let narrow = |cell: usize| u32::try_from(cell).unwrap_or(u32::MAX);
    moves
        .iter()
        .map(|(cell, by)| (narrow(*cell), sign * by))
        .collect()
}

/// The proof of a table of counts.
pub(super) fn proven(
    part: &Part,
    added: Added,
    mut witnesses: Vec<Shift>,
    definition: &Definition,
) -> Proven {
    let (sheet, of) = part.name();
    let rows = part.table.rows.iter().enumerate();
    let bounds = rows.filter_map(|(row, r)| Some((row, r.lower? - r.value, r.upper? - r.value)));
    let bounds = bounds.collect();
    witnesses.sort_unstable();
    witnesses.dedup();
    Proven {
        sheet: sheet.to_string(),
        of,
        added,
        bounds,
        certificate: Certificate {
            form: TABLE.to_owned(),
            total: TOTAL.to_owned(),
            rules: rules_of(definition, added),
            hierarchies: part.hierarchies.iter().map(Way::of).collect(),
            sha256: String::new(),
            beside: part.ties.beside.clone(),
            relations: part.ties.relations.clone(),
            witnesses,
        },
    }
}
