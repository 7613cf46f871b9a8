//! The way from figures to an extract that may leave: small holders together, late deliveries held back, totals, rules, protection, our
//! own attacks and the proof. No database, no clock and no chance but the seed.

mod attack;
mod beheld;
mod benchmark;
mod change;
mod company;
mod draft;
mod eyes;
mod field;
mod fill;
mod flow;
mod insider;
mod joint;
mod late;
mod lines;
mod means;
mod part;
mod past;
mod pool;
mod primary;
mod proof;
mod scores;
mod tie;
mod together;
mod toll;
mod tree;
mod wholes;

use super::beside::Kind;
use super::built::{Built, BuiltCell};
use super::definition::{Definition, Period};
use super::earlier::Earlier;
use super::fault::Fault;
use super::figures::Figures;
use super::problem::Cell;
use super::progress::{Progress, Stopped};
use super::protect::protect;
use super::read::Status;
use super::rules::Rules;
use super::shift::Shift;
use crate::domain::sheet::Sheet;
use attack::Proofs;
use beheld::Beheld;
use company::Company;
use draft::{Draft, Drafts, Fate, Key, ordered};
use insider::Own;
use joint::{Aim, Joint};
pub(super) use part::Part;
use part::{View, parts};
use pool::Pool;
use scores::Whole;
use std::collections::{BTreeMap, BTreeSet};
use toll::Toll;
use tree::Tree;

pub use proof::{Checked, Doubt, FORM, own, verify};

/// Why an extract was not built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Somebody stopped it.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The figures contradict each other.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A sum over all figures does not fit.
    #[error("a sum is too large")]
    TooLarge,
}

/// Builds an extract. `earlier` are all releases of periods that overlap, recalled ones too, oldest first, in the order in which the
/// figures were asked how much changed since each; after them those of periods that overlap one of them. The same input and seed give the same extract.
pub fn build(
    figures: &Figures,
    definition: &Definition,
    period: &str,
    earlier: &[Earlier],
    seed: u64,
    progress: &mut dyn Progress,
) -> Result<Built, Halt> {
    if !fits(figures) {
        return Err(Halt::TooLarge);
    }
    let tree = Tree::of(definition);
    let (mut drafts, members, waiting) = drafts(figures, definition, period, earlier, &tree);
    let pooled: BTreeSet<String> = members.iter().cloned().collect();
    change::mark(&mut drafts, earlier, period, &pooled, definition);
    let releases = past::releases(earlier);
    let joint = Joint {
        releases: &releases,
        period: Period::parse(period),
        pooled: &members,
        tree: &tree,
        least: definition.rules.min_count.value,
    };
    let own = insider::own(&drafts, &members);
    let (mut proofs, mut together) =
        protect_all(&mut drafts, &own, &joint, definition, (seed, progress))?;
    let of = (&own, &joint);
    together.add(lines::keep(
        &mut drafts,
        &mut proofs.wholes,
        of,
        definition,
        progress,
    )?);
    let all = parts(views(&drafts).into_iter(), &own, &tree);
    let (mut attacks, mut proof) = attack::all(&all, &drafts, proofs, definition, progress)?;
    proof.own = own.iter().map(proof::Owned::of).collect();
    attacks.extend(attack::earlier(
        &all,
        (earlier, together),
        (definition, period),
        progress,
    )?);
    let mut cells = cells(&drafts);
    cells.extend(benchmark::cells(&drafts, definition));
    Ok(Built {
        cells,
        holders: figures.holders.clone(),
        pooled: members,
        waiting,
        attacks,
        certificate: serde_json::to_string(&proof).unwrap_or_default(),
    })
}

/// All cells with what is hidden for its own sake, who is counted together in them, and how many rows wait.
fn drafts(
    figures: &Figures,
    definition: &Definition,
    period: &str,
    earlier: &[Earlier],
    tree: &Tree,
) -> (Drafts, Vec<String>, i64) {
    let same = same(earlier, period, definition);
    let again: Vec<&Earlier> = earlier.iter().filter(|e| e.period == period).collect();
    let pool = Pool::of(figures, definition, &again);
    let now = late::gather(figures, &definition.sheets, &pool, tree);
    let members = pool.members();
    let least = definition.rules.min_count.value;
    let (mut bases, waiting) = late::settle(now, &same, &members, &absent(figures), tree, least);
    insider::share_out(&mut bases, &members);
    let mut drafts = draft::with_totals(&bases, tree);
    drafts.retain(|(sheet, _), _| definition.sheets.contains(sheet));
    primary::mark(&mut drafts, definition);
    primary::again(&mut drafts, &same);
    (drafts, members, waiting)
}

/// Whether every sum that can be made of the figures is a number: each total is a part of all of them together.
fn fits(figures: &Figures) -> bool {
    let leaves = figures.leaves.iter();
    let numbers = leaves.flat_map(|l| std::iter::once(&l.n).chain(&l.sums));
    let all: i128 = numbers.map(|n| i128::from(*n).abs()).sum();
    all <= i128::from(i64::MAX)
}

/// Releases of the same period and definition, each with its place among all.
fn same<'a>(
    earlier: &'a [Earlier],
    period: &str,
    definition: &Definition,
) -> Vec<(usize, &'a Earlier)> {
    let all = earlier.iter().enumerate();
    all.filter(|(_, e)| e.is_same(period, definition)).collect()
}

/// Organisations that are left out.
fn absent(figures: &Figures) -> BTreeSet<&str> {
    let out = figures.holders.iter().filter(|h| h.left_out.is_some());
    out.map(|h| h.agb.as_str()).collect()
}

/// The tables of an extract that was built or read back, without the benchmark.
pub(super) fn parts_of(cells: &[BuiltCell], definition: &Definition) -> Vec<Part> {
    let keys: Vec<(Key, View)> = cells
        .iter()
        .map(|c| ((c.sheet, c.codes.clone()), View::of(c)))
        .collect();
    parts(
        keys.iter().map(|(key, view)| (key, *view)),
        &Own::new(),
        &Tree::of(definition),
    )
}

/// Diagnosis groups right beneath the same group, the code itself among them.
pub(super) fn siblings(definition: &Definition, code: &str) -> Vec<String> {
    let tree = Tree::of(definition);
    let parent = tree.parent(code).to_owned();
    tree.branches()
        .filter(|(_, p)| *p == parent)
        .map(|(c, _)| c.to_owned())
        .collect()
}

/// Hides what must be hidden along with the primary cells. Gives the witnesses of volume and response, and what an attack on all releases
/// together found.
fn protect_all(
    drafts: &mut Drafts,
    own: &Own,
    joint: &Joint,
    definition: &Definition,
    (seed, progress): (u64, &mut dyn Progress),
) -> Result<(Proofs, Toll), Halt> {
    let rules = rules(definition);
    let (mut witnesses, mut together) = (None, Toll::default());
    let mut wholes = BTreeMap::new();
    for part in parts(views(drafts).into_iter(), own, joint.tree) {
        // The counts of effect are hidden with the care that they are tied to; what their scores need comes on top of that.
        if witnesses.is_some() && part.name().0 == Sheet::Effect {
            let found = means::widen(&part.keys, drafts, Vec::new(), definition, progress)?;
            wholes.insert(part.name(), found);
            continue;
        }
        let fate = |key| drafts.get(key).map_or_else(Fate::default, Draft::fate);
        let before: Vec<Fate> = part.keys.iter().map(fate).collect();
        for spread in Spread::ALL {
            for (key, fate) in part.keys.iter().zip(&before) {
                if let Some(draft) = drafts.get_mut(key) {
                    draft.meets(*fate);
                }
            }
            let hider = Hider {
                joint,
                rules: &rules,
                spread,
                seed,
            };
            let found = hider.hide(&part, drafts, progress)?;
            if !part.is_care {
                let found = means::widen(&part.keys, drafts, Vec::new(), definition, progress)?;
                wholes.insert(part.name(), found);
            }
            let toll = together::counts(&part, drafts, joint, (&rules, &found), progress)?;
            if !toll.is_open() || spread == Spread::Everything {
                together.add(toll);
                if part.is_care {
                    witnesses = Some(Hider::own(&part, found));
                }
                break;
            }
        }
    }
    let witnesses = witnesses.unwrap_or_default();
    let wholes = settle(
        drafts,
        &witnesses,
        wholes,
        (own, joint.tree),
        definition,
        progress,
    )?;
    Ok((Proofs { witnesses, wholes }, together))
}

/// Finds scores that go with the counts of care, and hides more where there are none. Takes whole tables that are known, and gives all.
fn settle(
    drafts: &mut Drafts,
    witnesses: &[Shift],
    mut wholes: BTreeMap<Key, Vec<Whole>>,
    (own, tree): (&Own, &Tree),
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<BTreeMap<Key, Vec<Whole>>, Halt> {
    let all = parts(views(drafts).into_iter(), own, tree);
    let (care, scores): (Vec<Part>, Vec<Part>) = all.into_iter().partition(|part| part.is_care);
    let Some(care) = care.first() else {
        return Ok(wholes);
    };
    let care = care.settled(definition.rules.min_count.value);
    let company = Company::new(&care, &scores, witnesses, drafts, wholes, definition);
    wholes = company.settle(drafts, &rules(definition), progress)?;
    for part in &scores {
        let known = wholes.remove(&part.name()).unwrap_or_default();
        let found = means::widen(&part.keys, drafts, known, definition, progress)?;
        wholes.insert(part.name(), found);
    }
    Ok(wholes)
}

/// How much is hidden that need not be hidden for its own sake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spread {
    /// What the engine finds needed.
    Needed,
    /// What an earlier release hid too: then whole tables that prove that release safe prove this one safe.
    AsBefore,
    /// Everything: beside earlier releases the table cannot be shown.
    Everything,
}

impl Spread {
    const ALL: [Self; 3] = [Self::Needed, Self::AsBefore, Self::Everything];
}

/// What the engine hides by.
fn rules(definition: &Definition) -> Rules {
    Rules {
        min_count: definition.rules.min_count.value,
        zeros: definition.rules.zeros.value,
        interval: definition.rules.interval.value,
        insider: Some("organisation".to_owned()),
    }
}

/// The cells in the order in which they are kept, as the tables see them.
fn views(drafts: &Drafts) -> Vec<(&Key, View)> {
    let view = |draft: &Draft| View {
        n: draft.n,
        status: draft.status,
        bounds: draft.bounds,
    };
    ordered(drafts)
        .into_iter()
        .map(|(key, draft)| (key, view(draft)))
        .collect()
}

/// Hides what must be hidden along with the primary cells of a part.
struct Hider<'a> {
    joint: &'a Joint<'a>,
    rules: &'a Rules,
    spread: Spread,
    seed: u64,
}

impl Hider<'_> {
    fn hide(
        &self,
        part: &Part,
        drafts: &mut Drafts,
        progress: &mut dyn Progress,
    ) -> Result<Vec<Shift>, Halt> {
        let Beheld {
            mut problem, hid, ..
        } = self.joint.problem(part, Aim::Protect)?;
        let is_heavy = problem.cells.len() > joint::MOST;
        if is_heavy {
            let whole = std::mem::replace(&mut problem, part.tied()?);
            let cells = problem.cells.iter_mut().zip(whole.cells);
            cells.for_each(|(cell, tied)| (cell.kind, cell.status) = (tied.kind, tied.status));
        }
        let cells = problem.cells.iter_mut().zip(&hid);
        let forced = cells.map(|(cell, hid)| self.force(cell, *hid, is_heavy));
        let forced: Vec<bool> = forced.collect();
        let protected = protect(&problem, self.rules, self.seed, progress)?;
        for (at, key) in part.keys.iter().enumerate() {
            if let Some(draft) = drafts.get_mut(key) {
                draft.is_out = problem.cells[at].kind == Kind::Known;
                draft.status = match protected.status[at] {
                    Status::Primary if forced[at] => Status::Secondary,
                    other => other,
                };
            }
        }
        Ok(protected.witnesses)
    }

    /// Lets a cell be hidden that need not be; it must then be open as one hidden for others.
    fn force(&self, cell: &mut Cell, hid: bool, is_heavy: bool) -> bool {
        let is_wanted = match self.spread {
            Spread::Needed => hid && is_heavy,
            Spread::AsBefore => hid,
            Spread::Everything => true,
        };
        if !is_wanted || self.rules.reason(cell).is_some() {
            return false;
        }
        (cell.kind, cell.status) = (Kind::Table, Status::Primary);
        (cell.lower, cell.upper) = (Some((cell.value - 1).max(0)), Some(cell.value + 1));
        true
    }

    /// Whole tables of now alone.
    fn own(part: &Part, witnesses: Vec<Shift>) -> Vec<Shift> {
        let own = part.keys.len() + part.ties.beside.len();
        let is_own = |cell: &(u32, i64)| (cell.0 as usize) < own;
        let own = witnesses
            .into_iter()
            .map(|w| w.into_iter().filter(is_own).collect());
        own.filter(|w: &Shift| !w.is_empty()).collect()
    }
}

fn cells(drafts: &Drafts) -> Vec<BuiltCell> {
    let cell = |(key, draft): (&Key, &Draft)| BuiltCell {
        sheet: key.0,
        codes: key.1.clone(),
        n: draft.n,
        sums: draft.sums.clone(),
        status: match draft.status {
            Status::Open => Status::Published,
            other => other,
        },
        rule: draft.rule,
    };
    ordered(drafts).into_iter().map(cell).collect()
}
