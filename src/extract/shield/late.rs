//! Late deliveries against earlier releases of the same period: whoever keeps both must not see a change of fewer rows than the minimum
//! count. Too small a change waits: the earlier figures are repeated. Not other periods: those are in `change`.

use super::pool::Pool;
use super::tree::Tree;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::BuiltCell;
use crate::extract::earlier::Earlier;
use crate::extract::figures::{Figures, Held, Leaf};
use std::collections::{BTreeMap, BTreeSet};

/// A cell at the finest level, small holders together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Base {
    pub(super) n: i64,
    pub(super) sums: Vec<i64>,
    /// What each organisation has in it.
    pub(super) parts: Vec<(String, Held)>,
    /// Rows that each organisation changed since each release.
    pub(super) changed: Vec<(String, Vec<i64>)>,
    /// Rows that each release counted and that can still be read.
    then: Vec<i64>,
}

/// The finest cells by table and codes.
pub(super) type Bases = BTreeMap<(Sheet, Vec<String>), Base>;

/// Earlier releases of the same period and definition, each with its place among all that were asked after.
pub(super) type Same<'a> = [(usize, &'a Earlier)];

/// Brings the leaves under the codes that they are counted by.
pub(super) fn gather(figures: &Figures, sheets: &[Sheet], pool: &Pool, tree: &Tree) -> Bases {
    let mut bases = Bases::new();
    for leaf in figures.leaves.iter().filter(|l| sheets.contains(&l.sheet)) {
        let (key, agb) = key_of(leaf, pool, tree);
        let base = bases.entry(key).or_default();
        base.n += leaf.n;
        base.sums.resize(leaf.sums.len(), 0);
        for (sum, by) in base.sums.iter_mut().zip(&leaf.sums) {
            *sum += by;
        }
        if leaf.n > 0 {
            let held = Held {
                n: leaf.n,
                sums: leaf.sums.clone(),
            };
            base.parts.push((agb.clone(), held));
        }
        base.changed.push((agb, leaf.changed.clone()));
        let more = leaf.then.len().saturating_sub(base.then.len());
        base.then.extend(std::iter::repeat_n(0, more));
        for (sum, by) in base.then.iter_mut().zip(&leaf.then) {
            *sum += by;
        }
    }
    bases
}

fn key_of(leaf: &Leaf, pool: &Pool, tree: &Tree) -> ((Sheet, Vec<String>), String) {
    let mut codes = leaf.codes.clone();
    let agb = codes[0].clone();
    pool.code(&agb).clone_into(&mut codes[0]);
    if leaf.sheet == Sheet::Volume {
        codes[2] = tree.leaf(&codes[2]);
    }
    ((leaf.sheet, codes), agb)
}

/// Repeats earlier figures where too little changed since. Gives the cells and how many rows wait.
///
/// What an organisation treated under one profile is one block in volume, response and effect together: it is wholly as now or wholly as
/// before. Cell by cell, half of it would be figures that never were, and the tables would contradict each other. The price: a late delivery
/// of which a part falls in small changes waits as a whole.
///
/// Who is counted together is another cell when others are: its figures of then cannot stand for those of now. What it gives away is hidden
/// instead.
pub(super) fn settle(
    now: Bases,
    same: &Same,
    pooled: &[String],
    absent: &BTreeSet<&str>,
    tree: &Tree,
    least: i64,
) -> (Bases, i64) {
    if same.is_empty() {
        return (now.into_iter().filter(|(_, b)| b.n > 0).collect(), 0);
    }
    let history = History::of(same, tree);
    // Who is no longer in the extract still has cells, of nobody, that say what went; it is not repeated. What its going gives away is
    // hidden instead.
    let codes = now.keys().map(|(_, codes)| &codes[0]);
    let present: BTreeSet<&String> = codes.filter(|c| !absent.contains(c.as_str())).collect();
    let before = history
        .cells
        .keys()
        .filter(|(_, c)| present.contains(&c[0]));
    let mut blocks: BTreeMap<Block, BTreeSet<(Sheet, Vec<String>)>> = BTreeMap::new();
    let now_there = now.keys().filter(|(_, c)| present.contains(&c[0]));
    for key in now_there.chain(before) {
        blocks.entry(block(key)).or_default().insert(key.clone());
    }
    let is_other = |(_, codes): &Block| {
        codes[0] == SMALL_HOLDERS && same.iter().any(|(_, release)| release.pooled != pooled)
    };
    let mut settled = Bases::new();
    let mut waiting = 0;
    for (block, keys) in &blocks {
        let late: Vec<Late> = keys
            .iter()
            .map(|k| history.late(k, now.get(k), least))
            .collect();
        let waits = late.iter().any(|l| l.is_small) && !is_other(block);
        for key in keys {
            let base = now.get(key).cloned().unwrap_or_default();
            let base = if waits {
                history.repeat(key, base)
            } else {
                base
            };
            if base.n > 0 {
                settled.insert(key.clone(), base);
            }
        }
        if waits {
            waiting += rows(keys, &late);
        }
    }
    (settled, waiting)
}

/// What is renewed together: an organisation's care under one profile, or a cell by itself.
type Block = (Option<Sheet>, Vec<String>);

fn block((sheet, codes): &(Sheet, Vec<String>)) -> Block {
    match sheet {
        Sheet::Volume | Sheet::Response | Sheet::Effect => (None, codes[..2].to_vec()),
        Sheet::Cqi | Sheet::Benchmark | Sheet::Coverage => (Some(*sheet), codes.clone()),
    }
}

/// Rows that wait: the same care paths stand in volume, in response and in each instrument, so the largest of them counts.
fn rows(keys: &BTreeSet<(Sheet, Vec<String>)>, late: &[Late]) -> i64 {
    let mut of: BTreeMap<(Sheet, Option<&String>), i64> = BTreeMap::new();
    for ((sheet, codes), late) in keys.iter().zip(late) {
        let instrument = codes.last().filter(|_| *sheet == Sheet::Effect);
        *of.entry((*sheet, instrument)).or_default() += late.rows;
    }
    of.into_values().max().unwrap_or(0)
}

/// What changed in a cell since the last release.
#[derive(Debug, Clone, Copy)]
struct Late {
    rows: i64,
    /// Whether some release before it would give away a change of too few rows.
    is_small: bool,
}

/// The finest cells of the releases of the same period, in the order of the releases.
struct History<'a> {
    places: Vec<usize>,
    cells: BTreeMap<(Sheet, Vec<String>), Vec<Option<&'a BuiltCell>>>,
    /// What each of those who were counted together had in the last release.
    own: Option<&'a BTreeMap<(Sheet, Vec<String>), Held>>,
}

impl<'a> History<'a> {
    fn of(same: &Same<'a>, tree: &Tree) -> Self {
        let mut cells: BTreeMap<_, Vec<Option<&'a BuiltCell>>> = BTreeMap::new();
        for (at, (_, release)) in same.iter().enumerate() {
            for cell in release.cells.iter().filter(|c| c.n > 0 && is_leaf(c, tree)) {
                let key = (cell.sheet, cell.codes.clone());
                cells.entry(key).or_insert_with(|| vec![None; same.len()])[at] = Some(cell);
            }
        }
        Self {
            places: same.iter().map(|s| s.0).collect(),
            own: same.last().map(|(_, release)| &release.own),
            cells,
        }
    }

    fn late(&self, key: &(Sheet, Vec<String>), now: Option<&Base>, least: i64) -> Late {
        let nothing = vec![None; self.places.len()];
        let releases = self.cells.get(key).unwrap_or(&nothing);
        let mut late = Late {
            rows: 0,
            is_small: false,
        };
        let mut fresh = 0;
        for (at, cell) in releases.iter().enumerate() {
            // A release that repeats the one before it shows what was true at the first of them.
            if at > 0 && !is_equal(releases[at - 1], *cell) {
                fresh = at;
            }
            let changes = changes(now, *cell, self.places[fresh]);
            late.rows = changes.iter().sum();
            late.is_small |= is_small(&changes, least);
        }
        late
    }

    /// Who had how much of a shared cell of the last release.
    fn parts(&self, (sheet, codes): &(Sheet, Vec<String>)) -> Vec<(String, Held)> {
        let is_it = |key: &(Sheet, Vec<String>)| key.0 == *sheet && key.1[1..] == codes[1..];
        let own = self.own.filter(|_| codes[0] == SMALL_HOLDERS);
        let own = own.into_iter().flatten();
        own.filter(|(key, held)| is_it(key) && held.n > 0)
            .map(|(key, held)| (key.1[0].clone(), held.clone()))
            .collect()
    }

    /// The cell of the last release in the place of one of now.
    fn repeat(&self, key: &(Sheet, Vec<String>), now: Base) -> Base {
        let last = self
            .cells
            .get(key)
            .and_then(|all| all.last().copied().flatten());
        let Some(cell) = last else {
            return Base::default();
        };
        let parts = self.parts(key);
        let parts = if !parts.is_empty() {
            parts
        } else if now.parts.is_empty() {
            let held = Held {
                n: cell.n,
                sums: cell.sums.clone(),
            };
            vec![(key.1[0].clone(), held)]
        } else {
            now.parts.clone()
        };
        Base {
            n: cell.n,
            sums: cell.sums.clone(),
            parts,
            ..now
        }
    }
}

fn is_equal(one: Option<&BuiltCell>, other: Option<&BuiltCell>) -> bool {
    one.map(|c| (c.n, &c.sums)) == other.map(|c| (c.n, &c.sums))
}

/// Rows that each organisation changed since a release; at least as many as the count itself differs by.
fn changes(now: Option<&Base>, then: Option<&BuiltCell>, place: usize) -> Vec<i64> {
    let changed = now.map_or(&[][..], |base| &base.changed);
    let of = |(_, all): &(String, Vec<i64>)| all.get(place).copied().unwrap_or(0);
    let mut rows: Vec<i64> = changed.iter().map(of).filter(|c| *c > 0).collect();
    let (n, before) = (now.map_or(0, |b| b.n), then.map_or(0, |c| c.n));
    let sums_differ = match (now, then) {
        (Some(base), Some(cell)) if base.n > 0 => base.sums != cell.sums,
        _ => false,
    };
    // Clients who were erased since are rows that went without a trace.
    let erased = match (now.and_then(|base| base.then.get(place)), then) {
        (Some(left), Some(cell)) => (cell.n - left).max(0),
        _ => 0,
    };
    rows.extend(Some(erased).filter(|rows| *rows > 0));
    let unseen = (n - before).abs().max(i64::from(sums_differ)) - rows.iter().sum::<i64>();
    rows.extend(Some(unseen).filter(|rows| *rows > 0));
    rows
}

/// Whether a change is too small for somebody: for whoever knows nothing, or for one of the organisations, which knows its own part.
pub(super) fn is_small(changes: &[i64], least: i64) -> bool {
    let all: i64 = changes.iter().sum();
    let small = |rows: i64| 0 < rows && rows < least;
    small(all) || changes.iter().any(|own| small(all - own))
}

/// Whether a cell of a release is at the finest level.
pub(super) fn is_leaf(cell: &BuiltCell, tree: &Tree) -> bool {
    if matches!(cell.sheet, Sheet::Benchmark | Sheet::Coverage) {
        return false;
    }
    let is_total = cell.codes.iter().any(|c| c == TOTAL);
    !(is_total || cell.sheet == Sheet::Volume && tree.is_group(&cell.codes[2]))
}
