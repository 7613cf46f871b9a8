//! The way from figures to an extract that may leave: small holders together, late deliveries held back, totals, rules, protection, our
//! own attacks and the proof. No database, no clock and no chance but the seed.

mod attack;
mod benchmark;
mod change;
mod draft;
mod field;
mod flow;
mod late;
mod means;
mod part;
mod pool;
mod primary;
mod proof;
mod tree;

use super::built::{Built, BuiltCell};
use super::definition::Definition;
use super::earlier::Earlier;
use super::fault::Fault;
use super::figures::Figures;
use super::progress::{Progress, Stopped};
use super::protect::protect;
use super::read::Status;
use super::rules::Rules;
use super::shift::Shift;
use draft::{Draft, Drafts, Key, ordered};
pub(super) use part::Part;
use part::{View, parts};
use pool::Pool;
use std::collections::BTreeSet;
use tree::Tree;

pub use proof::{Added, Checked, Doubt, FORM, verify};

/// Why an extract was not built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Somebody stopped it.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// The figures contradict each other.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Builds an extract. `earlier` are all releases of periods that overlap, recalled ones too, oldest first, in the order in which the
/// figures were asked how much changed since each. The same input and seed give the same extract.
pub fn build(
    figures: &Figures,
    definition: &Definition,
    period: &str,
    earlier: &[Earlier],
    seed: u64,
    progress: &mut dyn Progress,
) -> Result<Built, Halt> {
    let tree = Tree::of(definition);
    let label = definition.label();
    let same: Vec<(usize, &Earlier)> = earlier
        .iter()
        .enumerate()
        .filter(|(_, e)| e.is_same(period, &label))
        .collect();
    let releases: Vec<&Earlier> = same.iter().map(|s| s.1).collect();
    let pool = Pool::of(figures, definition, &releases);
    let now = late::gather(figures, &definition.sheets, &pool, &tree);
    let members = pool.members();
    let least = definition.rules.min_count.value;
    let out = figures.holders.iter().filter(|h| h.left_out.is_some());
    let absent: BTreeSet<&str> = out.map(|h| h.agb.as_str()).collect();
    let (bases, waiting) = late::settle(now, &same, &members, &absent, &tree, least);
    let mut drafts = draft::with_totals(&bases, &tree);
    drafts.retain(|(sheet, _), _| definition.sheets.contains(sheet));
    primary::mark(&mut drafts, definition);
    let pooled: BTreeSet<String> = members.iter().cloned().collect();
    change::mark(&mut drafts, earlier, &pooled, definition);
    let witnesses = protect_all(&mut drafts, &tree, definition, seed, progress)?;
    let parts = parts(views(&drafts).into_iter(), &tree);
    let (mut attacks, proof) = attack::all(&parts, &drafts, witnesses, definition, progress)?;
    attacks.extend(attack::earlier(&parts, earlier, definition, progress)?);
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

/// The tables of an extract that was built or read back, without the benchmark.
pub(super) fn parts_of(cells: &[BuiltCell], definition: &Definition) -> Vec<Part> {
    let keys: Vec<(Key, View)> = cells
        .iter()
        .map(|c| ((c.sheet, c.codes.clone()), View::of(c)))
        .collect();
    parts(
        keys.iter().map(|(key, view)| (key, *view)),
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

/// Hides what must be hidden along with the primary cells. Gives the witnesses of volume and response.
fn protect_all(
    drafts: &mut Drafts,
    tree: &Tree,
    definition: &Definition,
    seed: u64,
    progress: &mut dyn Progress,
) -> Result<Vec<Shift>, Halt> {
    let rules = rules(definition);
    let mut witnesses = Vec::new();
    for part in parts(views(drafts).into_iter(), tree) {
        let found = hide(&part, drafts, &rules, seed, progress)?;
        if part.is_care() {
            witnesses = found;
        } else {
            means::widen(&part.keys, drafts, definition, progress)?;
        }
    }
    Ok(witnesses)
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
fn hide(
    part: &Part,
    drafts: &mut Drafts,
    rules: &Rules,
    seed: u64,
    progress: &mut dyn Progress,
) -> Result<Vec<Shift>, Halt> {
    let problem = part.problem()?;
    let protected = protect(&problem, rules, seed, progress)?;
    for (key, status) in part.keys.iter().zip(&protected.status) {
        if let Some(draft) = drafts.get_mut(key) {
            draft.status = *status;
        }
    }
    Ok(protected.witnesses)
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
