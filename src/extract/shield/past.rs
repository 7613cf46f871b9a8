//! Every release of a stretch of time as a table of its own, the extract in the making first: what each shows, and which cells of two of
//! them count the same clients. Not what is made of that: that is in `joint`.

use super::draft::Key;
use super::insider::Own;
use super::part::{Part, View, parts};
use super::tie::Ties;
use super::tree::Tree;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::{BuiltCell, Rule};
use crate::extract::definition::Period;
use crate::extract::earlier::Earlier;
use crate::extract::fault::Fault;
use crate::extract::sums::Sums;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An earlier release by its tables.
pub(super) struct Release<'a> {
    pub(super) earlier: &'a Earlier,
    period: Period,
    pooled: BTreeSet<&'a str>,
    tree: Tree,
    parts: BTreeMap<Key, Part>,
    rules: BTreeMap<Key, Rule>,
}

/// One table of one release.
pub(super) struct Side<'a> {
    /// The name of the release; empty for the extract in the making.
    pub(super) name: &'a str,
    pub(super) period: Period,
    pooled: BTreeSet<&'a str>,
    tree: &'a Tree,
    pub(super) keys: &'a [Key],
    pub(super) values: Vec<i64>,
    /// Whether a cell is shown; of the extract in the making none is yet.
    pub(super) shown: Vec<bool>,
    /// Why a cell is hidden for its own sake.
    pub(super) rules: Vec<Option<Rule>>,
    pub(super) sums: Sums,
    /// What ties its cells beside the sums, when it left.
    pub(super) ties: Option<&'a Ties>,
    pub(super) at: HashMap<&'a Key, usize>,
}

impl<'a> Release<'a> {
    /// Reads a release with its own definition; none when its period is none.
    pub(super) fn of(release: &'a Earlier) -> Option<Self> {
        let tree = Tree::of(&release.definition);
        let keys: Vec<(Key, View)> = release.cells.iter().map(named).collect();
        let views = keys.iter().map(|(key, view)| (key, *view));
        let all = parts(views, &Own::new(), &tree);
        let cells = release.cells.iter();
        let rules = cells.filter_map(|c| Some(((c.sheet, c.codes.clone()), c.rule?)));
        Some(Self {
            earlier: release,
            period: Period::parse(&release.period)?,
            pooled: release.pooled.iter().map(String::as_str).collect(),
            parts: all.into_iter().map(|part| (part.name(), part)).collect(),
            rules: rules.collect(),
            tree,
        })
    }

    /// Whether it has a table of a name.
    pub(super) fn has(&self, name: &Key) -> bool {
        self.parts.contains_key(name)
    }

    /// Its table of a name.
    pub(super) fn side(&self, name: &Key) -> Option<Result<Side<'_>, Fault>> {
        let part = self.parts.get(name)?;
        let side = Side::of(part, self.period.clone(), &self.tree);
        Some(side.map(|side| {
            Side {
                name: &self.earlier.name,
                pooled: self.pooled.clone(),
                rules: part
                    .keys
                    .iter()
                    .map(|k| self.rules.get(k).copied())
                    .collect(),
                ties: Some(&part.ties),
                ..side
            }
        }))
    }
}

fn named(cell: &BuiltCell) -> (Key, View) {
    ((cell.sheet, cell.codes.clone()), View::of(cell))
}

impl<'a> Side<'a> {
    fn of(part: &'a Part, period: Period, tree: &'a Tree) -> Result<Self, Fault> {
        let rows = part.table.rows.iter();
        Ok(Self {
            name: "",
            period,
            pooled: BTreeSet::new(),
            tree,
            keys: &part.keys,
            values: rows.clone().map(|r| r.value).collect(),
            shown: rows.map(|r| !r.status.is_hidden()).collect(),
            rules: vec![None; part.keys.len()],
            sums: part.problem()?.sums,
            ties: None,
            at: part
                .keys
                .iter()
                .enumerate()
                .map(|(at, k)| (k, at))
                .collect(),
        })
    }

    /// A table of the extract in the making.
    pub(super) fn now(
        part: &'a Part,
        period: Period,
        tree: &'a Tree,
        pooled: &'a [String],
    ) -> Result<Self, Fault> {
        let mut side = Self::of(part, period, tree)?;
        side.pooled = pooled.iter().map(String::as_str).collect();
        Ok(side)
    }

    /// Which of its cells count what they counted in another release of the same period: the same number, and the same in all that they
    /// are made of. Whoever keeps both takes it that nothing changed there.
    pub(super) fn same(&self, other: &Self) -> Vec<bool> {
        let lens = Lens::of(&[self, other]);
        let is_same = |(at, key): (usize, &Key)| {
            let there = other.at.get(key).filter(|_| lens.is_plain(key));
            there.is_some_and(|c| other.values[*c] == self.values[at])
        };
        let mut same: Vec<bool> = self.keys.iter().enumerate().map(is_same).collect();
        loop {
            let before = same.clone();
            for (number, row) in self.sums.rows().iter().enumerate() {
                if let Some(head) = self.sums.head(number) {
                    same[head] &= row.iter().all(|(c, _)| same[*c as usize]);
                }
            }
            if same == before {
                return same;
            }
        }
    }

    /// Its cells by what they count in the eyes of a lens.
    pub(super) fn groups(&self, lens: &Lens) -> BTreeMap<Key, Vec<usize>> {
        let mut all: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
        for (at, key) in self.keys.iter().enumerate() {
            if let Some(group) = lens.group(key, self.tree) {
                all.entry(group).or_default().push(at);
            }
        }
        all
    }

    /// What cells count together.
    pub(super) fn sum(&self, cells: &[usize]) -> i64 {
        cells.iter().map(|c| self.values[*c]).sum()
    }

    /// The largest part of one organisation in a cell over organisations.
    pub(super) fn largest_part(&self, at: usize) -> i64 {
        let (sheet, codes) = &self.keys[at];
        if codes[0] != TOTAL {
            return 0;
        }
        let own = self.keys.iter().zip(&self.values);
        let own = own.filter(|((s, c), _)| s == sheet && c[0] != TOTAL && c[1..] == codes[1..]);
        own.map(|(_, n)| *n).max().unwrap_or(0)
    }
}

/// What releases have in common: organisations that all count alone or all together, diagnosis groups that all count at the finest level.
/// What they do not have in common is one group.
pub(super) struct Lens<'a> {
    /// Who is counted together in some but not in all; none when all count the same together.
    mixed: Option<BTreeSet<&'a str>>,
    trees: Vec<&'a Tree>,
}

/// Stands for diagnosis groups that releases do not have in common.
const REST: &str = "";

impl<'a> Lens<'a> {
    pub(super) fn of(sides: &[&Side<'a>]) -> Self {
        let is_alike = sides.windows(2).all(|two| two[0].pooled == two[1].pooled);
        let together = sides.iter().flat_map(|side| side.pooled.iter().copied());
        let mut trees: Vec<&Tree> = Vec::new();
        for side in sides {
            if !trees.contains(&side.tree) {
                trees.push(side.tree);
            }
        }
        Self {
            mixed: (!is_alike).then(|| together.collect()),
            trees,
        }
    }

    /// Whether a cell counts by itself what it counts in all of them, as far as codes say.
    pub(super) fn is_plain(&self, (_, codes): &Key) -> bool {
        let is_mixed =
            |mixed: &BTreeSet<&str>| codes[0] == SMALL_HOLDERS || mixed.contains(codes[0].as_str());
        !self.mixed.as_ref().is_some_and(is_mixed)
    }

    /// Whether everything is plain in it.
    pub(super) fn is_clear(&self) -> bool {
        self.mixed.is_none() && self.trees.len() < 2
    }

    /// What a cell counts in the eyes of all; none for a group of diagnoses that not all have.
    pub(super) fn group(&self, key: &Key, own: &Tree) -> Option<Key> {
        let mut group = key.clone();
        if !self.is_plain(key) {
            SMALL_HOLDERS.clone_into(&mut group.1[0]);
        }
        if key.0 == Sheet::Volume && self.trees.len() > 1 && key.1[2] != TOTAL {
            if own.is_group(&key.1[2]) {
                return None;
            }
            if !self.trees.iter().all(|tree| tree.is_finest(&key.1[2])) {
                REST.clone_into(&mut group.1[2]);
            }
        }
        Some(group)
    }
}

/// All releases that a definition can be read of.
pub(super) fn releases(earlier: &[Earlier]) -> Vec<Release<'_>> {
    earlier.iter().filter_map(Release::of).collect()
}
