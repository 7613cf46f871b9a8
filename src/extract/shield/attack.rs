//! Our own attacks on an extract that is ready, as it would leave: every attacker works from the published cells, not from how they were
//! protected. Whatever one of them finds keeps the extract from being requested.

use super::company::{places, through};
use super::draft::{Drafts, Key};
use super::eyes::{Gap, knowing, unproven};
use super::field::Field;
use super::insider::Own;
use super::means;
use super::part::{Part, View, parts};
use super::proof::{FORM, Proof, of_scores, proven};
use super::scores::Whole;
use super::toll::Toll;
use super::tree::Tree;
use super::wholes::Wholes;
use super::{Halt, rules};
use crate::extract::audit::{Verdict, audit};
use crate::extract::built::{Attack, BuiltCell, EARLIER, Leak};
use crate::extract::definition::Definition;
use crate::extract::difference::differences;
use crate::extract::earlier::Earlier;
use crate::extract::progress::Progress;
use crate::extract::read::Status;
use crate::extract::shift::Shift;
use std::collections::{BTreeMap, BTreeSet};

/// What was found while protecting, to be looked at again.
#[derive(Debug, Default)]
pub(super) struct Proofs {
    /// Whole tables of counts of volume and response, with those of effect.
    pub(super) witnesses: Vec<Shift>,
    /// Whole tables of scores, also those that go with them, by the name of their table.
    pub(super) wholes: BTreeMap<Key, Vec<Whole>>,
}

/// What every attacker found, and the proof.
pub(super) fn all(
    parts: &[Part],
    drafts: &Drafts,
    proofs: Proofs,
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<(Vec<Attack>, Proof), Halt> {
    let (mut outsider, mut insider, mut sums) = <(Toll, Toll, Toll)>::default();
    let Proofs {
        witnesses,
        mut wholes,
    } = proofs;
    let (mut tables, mut scores, mut fields) = (Vec::new(), Vec::new(), Vec::new());
    for part in parts.iter().filter(|part| !part.is_care) {
        let known = wholes.remove(&part.name()).unwrap_or_default();
        let (tolls, found) = means::attack(&part.keys, drafts, known, definition, progress)?;
        outsider.add(tolls.outsider);
        insider.add(tolls.insider);
        sums.add(tolls.sums);
        let (counts, proof) = of_scores(part, found, definition);
        let field = Field::new(&part.keys, drafts, definition);
        let checked = Wholes::checked(&proof.wholes, &field, &part.problem()?.sums);
        fields.push((field, checked.unwrap_or_default()));
        tables.push(counts);
        scores.push(proof);
    }
    if let Some(part) = parts.iter().find(|part| part.is_care) {
        let part = part.settled(definition.rules.min_count.value);
        let places = places(&part, fields.iter().map(|(field, _)| field));
        let wholes: Vec<&Wholes> = fields.iter().map(|(_, wholes)| wholes).collect();
        let counts = proven(&part, witnesses, definition);
        let witnesses = &counts.certificate.witnesses;
        let through = through(witnesses, &places, &wholes);
        let gaps = unproven(&part, &rules(definition), witnesses, &through);
        outsider.add(strike(&part, &gaps, definition, progress)?);
        insider.add(inside(&part, &gaps));
        tables.insert(0, counts);
    }
    let attacks = [("outsider", outsider), ("insider", insider), ("sums", sums)];
    let attacks = attacks.map(|(attacker, toll)| toll.attack(attacker));
    let proof = Proof {
        form: FORM.to_owned(),
        own: Vec::new(),
        tables,
        scores,
    };
    Ok((attacks.to_vec(), proof))
}

/// What somebody finds who kept earlier releases, each by itself; beside what was found in all of them together.
pub(super) fn earlier(
    parts: &[Part],
    (releases, together): (&[Earlier], Toll),
    (definition, period): (&Definition, &str),
    progress: &mut dyn Progress,
) -> Result<Option<Attack>, Halt> {
    let mut toll = together;
    for release in releases.iter().filter(|r| r.overlaps(period)) {
        toll.add(compare(parts, release, definition, progress)?);
    }
    Ok((!releases.is_empty()).then(|| toll.attack(EARLIER)))
}

/// Attacks the hidden cells with what is published. Whole tables that agree with all of it say more than any attack, and are added up
/// first; only where they do not say enough the attack itself decides.
fn strike(
    part: &Part,
    gaps: &[Gap],
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<Toll, Halt> {
    let mut toll = Toll::default();
    let rows = part.table.rows.iter();
    toll.try_out(rows.filter(|r| r.status.is_hidden()).count());
    let outside = gaps.iter().filter(|gap| gap.attacker.is_none());
    if outside.clone().any(Gap::is_of_counts) {
        let problem = part.tied()?;
        let known = vec![false; problem.cells.len()];
        let found = audit(&problem, &rules(definition), &known, progress)?;
        for found in found.iter().filter(|f| f.verdict != Verdict::Safe) {
            toll.give(part.named(found.cell), Leak::Count, None, None);
        }
    }
    // The counts alone would not give these away, but nobody was found who has the scores that go with others.
    for gap in outside.filter(|gap| !gap.is_of_counts()) {
        toll.give(part.named(gap.row), Leak::Mean, None, None);
    }
    Ok(toll)
}

/// Lets every organisation look for cells of others that no witness keeps from it.
fn inside(part: &Part, gaps: &[Gap]) -> Toll {
    let organisations = knowing(part);
    let hidden = part
        .table
        .rows
        .iter()
        .filter(|r| r.status == Status::Primary)
        .count();
    let mut toll = Toll::default();
    toll.try_out(hidden * organisations.len());
    for gap in gaps.iter().filter(|gap| gap.attacker.is_some()) {
        let leak = if gap.is_of_counts() {
            Leak::Count
        } else {
            Leak::Mean
        };
        toll.give(part.named(gap.row), leak, gap.attacker, None);
    }
    toll
}

/// Lays an earlier release beside this one: which small changes do the two give away together?
fn compare(
    now: &[Part],
    release: &Earlier,
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<Toll, Halt> {
    let tree = Tree::of(&release.definition);
    let cells: Vec<(Key, &BuiltCell)> = release
        .cells
        .iter()
        .map(|c| ((c.sheet, c.codes.clone()), c))
        .collect();
    let views: Vec<(&Key, View)> = cells
        .iter()
        .map(|(key, cell)| (key, View::of(cell)))
        .collect();
    let mut then: BTreeMap<Key, Part> = BTreeMap::new();
    for part in parts(views.into_iter(), &Own::new(), &tree) {
        then.insert(part.name(), part);
    }
    let mut toll = Toll::default();
    for part in now {
        let Some(before) = then.get(&part.name()) else {
            continue;
        };
        let both: BTreeSet<&Key> = before.keys.iter().collect();
        toll.try_out(part.keys.iter().filter(|k| both.contains(k)).count());
        let (problem, before) = (part.problem()?, before.problem()?);
        let found = differences(&problem, &before, &rules(definition), progress)?;
        for found in found {
            let release = Some(release.name.as_str());
            toll.give(part.named(found.cell), Leak::Change, None, release);
        }
    }
    Ok(toll)
}
