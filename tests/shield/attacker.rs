//! An attacker who tries every table there is against tiny extracts, and every organisation that knows its own cells.

use super::world::{World, is_total, open, tiny};
use portaal_console::domain::sheet::{Sheet, TOTAL};
use portaal_console::extract::built::{Built, BuiltCell, Rule};
use portaal_console::extract::definition::Definition;
use portaal_console::extract::read::Status;
use portaal_console::extract::shield;
use proptest::prelude::{ProptestConfig, any, prop};
use proptest::{prop_assert, proptest};
use std::collections::BTreeSet;

/// Organisations and diagnosis groups of the tiny world; the two groups make one.
const ORGANISATIONS: [&str; 4] = ["05000001", "05000002", "05000003", "05000004"];
const GROUPS: [&str; 2] = ["05", "07"];

fn world(counts: &[i64]) -> World {
    let mut world = World::default();
    for (at, agb) in ORGANISATIONS.into_iter().enumerate() {
        let own: Vec<(&str, i64)> = GROUPS
            .into_iter()
            .zip(counts[2 * at..].iter().copied())
            .collect();
        world.holder(agb, own.iter().map(|c| c.1).sum());
        world.volume(agb, &own);
    }
    world
}

/// The extract as an attacker sees it.
struct Seen<'a> {
    leaves: Vec<&'a BuiltCell>,
    /// Cells whose value is known, with the leaves that they are made of.
    known: Vec<(i64, Vec<usize>)>,
    all: Vec<(&'a BuiltCell, Vec<usize>)>,
    most: i64,
}

impl<'a> Seen<'a> {
    /// What the owner of some cells sees, or nobody's.
    fn new(built: &'a Built, definition: &Definition, own: Option<&str>) -> Self {
        let of_volume = built.cells.iter().filter(|c| c.sheet == Sheet::Volume);
        let parents: BTreeSet<&str> = definition
            .diagnoses
            .iter()
            .filter_map(|d| d.parent.as_deref())
            .collect();
        let leaves: Vec<&BuiltCell> = of_volume
            .clone()
            .filter(|c| !is_total(&c.codes) && !parents.contains(c.codes[2].as_str()))
            .collect();
        let beneath = |above: &BuiltCell| -> Vec<usize> {
            let is_in = |leaf: &&BuiltCell| {
                let group = definition.diagnoses.iter().any(|d| {
                    d.code == leaf.codes[2] && d.parent.as_deref() == Some(above.codes[2].as_str())
                });
                let same =
                    |at: usize| above.codes[at] == TOTAL || above.codes[at] == leaf.codes[at];
                same(0) && same(1) && (same(2) || group)
            };
            (0..leaves.len()).filter(|at| is_in(&leaves[*at])).collect()
        };
        let all: Vec<(&BuiltCell, Vec<usize>)> = of_volume.map(|c| (c, beneath(c))).collect();
        let known = all
            .iter()
            .filter(|(c, _)| !c.status.is_hidden() || own == Some(c.codes[0].as_str()));
        Self {
            known: known.map(|(c, of)| (c.n, of.clone())).collect(),
            most: leaves.iter().map(|c| c.n).max().unwrap_or(0) + 4,
            leaves,
            all,
        }
    }

    /// Whether a table that agrees with everything known has a value of the cell that is asked for. The leaves of the cell come first,
    /// so that no table is tried in vain.
    fn is_possible(&self, cell: usize, asked: &dyn Fn(i64) -> bool) -> bool {
        let of = &self.all[cell].1;
        let others = (0..self.leaves.len()).filter(|l| !of.contains(l));
        let order: Vec<usize> = of.iter().copied().chain(others).collect();
        let mut values = vec![None; self.leaves.len()];
        self.search(&order, of, asked, &mut values)
    }

    fn search(
        &self,
        order: &[usize],
        of: &[usize],
        asked: &dyn Fn(i64) -> bool,
        values: &mut Vec<Option<i64>>,
    ) -> bool {
        for (value, of) in &self.known {
            let sum: i64 = of.iter().filter_map(|l| values[*l]).sum();
            if sum > *value || of.iter().all(|l| values[*l].is_some()) && sum < *value {
                return false;
            }
        }
        if of.iter().all(|l| values[*l].is_some())
            && !asked(of.iter().filter_map(|l| values[*l]).sum())
        {
            return false;
        }
        let Some((leaf, rest)) = order.split_first() else {
            return true;
        };
        for value in 0..=self.most {
            values[*leaf] = Some(value);
            if self.search(rest, of, asked, values) {
                return true;
            }
        }
        values[*leaf] = None;
        false
    }
}

/// What of a cell is an organisation's own.
fn own(built: &Built, cell: &BuiltCell, agb: Option<&str>) -> i64 {
    let Some(agb) = agb else { return 0 };
    let is_it = |c: &&BuiltCell| {
        c.sheet == cell.sheet && c.codes[0] == agb && c.codes[1..] == cell.codes[1..]
    };
    built
        .cells
        .iter()
        .find(is_it)
        .map_or(0, |c| if cell.codes[0] == TOTAL { c.n } else { 0 })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is hidden as small may be nothing and may be enough, in the eyes of everybody who does not own it; nothing hidden is known.
    #[test]
    fn no_attacker_finds_too_much(counts in prop::collection::vec(0_i64..7, 8), seed in any::<u64>()) {
        let definition = tiny(&[Sheet::Volume]);
        let figures = world(&counts).0;
        let built = shield::build(&figures, &definition, "2025", &[], seed, &mut portaal_console::extract::Quiet).expect("built");
        prop_assert!(open(&built) == 0, "{:?}", built.attacks);
        prop_assert!(shield::verify(&built, &definition).is_ok());
        for attacker in std::iter::once(None).chain(ORGANISATIONS.map(Some)) {
            let seen = Seen::new(&built, &definition, attacker);
            for (at, (cell, _)) in seen.all.iter().enumerate() {
                if !cell.status.is_hidden() || attacker == Some(cell.codes[0].as_str()) {
                    continue;
                }
                let part = own(&built, cell, attacker);
                if matches!(cell.rule, Some(Rule::Small | Rule::Zero)) {
                    prop_assert!(seen.is_possible(at, &|n| n <= part), "{attacker:?} {cell:?} is more");
                    prop_assert!(seen.is_possible(at, &|n| n >= 3), "{attacker:?} {cell:?} is less");
                } else if attacker.is_none() || cell.status == Status::Primary && part < cell.n {
                    prop_assert!(seen.is_possible(at, &|n| n != cell.n), "{attacker:?} {cell:?} is known");
                }
            }
        }
    }
}
