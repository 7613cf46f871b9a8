//! Means: what is hidden of them stays open, also for somebody who knows every count; the benchmark; tried against every table there is.

use super::world::{World, cell, definition, instrument, open, tiny};
use portaal_console::domain::sheet::Sheet;
use portaal_console::extract::built::{Built, BuiltCell, Rule};
use portaal_console::extract::definition::Definition;
use portaal_console::extract::read::Status;
use portaal_console::extract::shield;
use proptest::prelude::{ProptestConfig, prop};
use proptest::{prop_assert, proptest};

const PROFILES: [&str; 3] = ["kort", "middel", "intensief"];

/// Two sums of the instrument from 0 to 10 points, and squares that fit: a quarter of the spread that there can be.
fn sums(n: i64, pre: i64, post: i64) -> [i64; 5] {
    let square = |sum: i64, least: i64, most: i64| {
        let mean = if n == 0 { 0 } else { sum / n };
        n * (mean * mean + (mean - least) * (most - mean) / 4)
    };
    let differences = square(post - pre, -10 * POINT, 10 * POINT);
    [pre, post, square(pre, 0, 10 * POINT), differences, 0]
}

fn effects(definition: &Definition, cells: &[(usize, usize, i64, i64)]) -> World {
    let code = &definition.instruments[0].code;
    let mut world = World::default();
    for agb in 0..12 {
        world.holder(&format!("030000{agb:02}"), 100);
    }
    for (agb, profile, n, mean) in cells {
        let sum = n * mean;
        let codes = [&*format!("030000{agb:02}"), PROFILES[*profile], code];
        world.cell(Sheet::Effect, codes, *n, &sums(*n, sum, sum / 2));
    }
    world
}

/// Whether the first sum of a cell can be this when every count is known: tables of whole points are tried for the hidden leaves, the
/// leaves of the cell first. Totals that are shown must stay as they are.
struct Sums<'a> {
    leaves: Vec<&'a BuiltCell>,
    shown: Vec<&'a BuiltCell>,
    cell: &'a BuiltCell,
}

const POINT: i64 = 1_000;

impl<'a> Sums<'a> {
    fn of(built: &'a Built, cell: &'a BuiltCell) -> Self {
        let all = built.cells.iter().filter(|c| c.sheet == Sheet::Effect);
        let mut leaves: Vec<&BuiltCell> = all
            .clone()
            .filter(|c| !super::world::is_total(&c.codes))
            .collect();
        leaves.sort_by_key(|leaf| !within(cell, leaf));
        Self {
            leaves,
            shown: all.filter(|c| !c.status.is_hidden()).collect(),
            cell,
        }
    }

    /// The lowest and highest sum.
    fn reach(&self) -> (i64, i64) {
        let sums = (0..=10 * self.cell.n).map(|points| points * POINT);
        let possible: Vec<i64> = sums
            .filter(|sum| self.is_possible(*sum, &mut Vec::new()))
            .collect();
        (possible[0], possible[possible.len() - 1])
    }

    fn is_possible(&self, sum: i64, values: &mut Vec<i64>) -> bool {
        let at = values.len();
        let of = |above: &BuiltCell| {
            let parts = self.leaves.iter().zip(values.iter());
            parts
                .filter(|(l, _)| within(above, l))
                .map(|(_, v)| v)
                .sum::<i64>()
        };
        // What is left can add between nothing and the most that its people can score.
        let most = |above: &BuiltCell| {
            let left = self.leaves[at..].iter().filter(|l| within(above, l));
            left.map(|l| 10 * l.n * POINT).sum::<i64>()
        };
        let fits = |above: &BuiltCell, sum: i64| {
            let so_far = of(above);
            so_far <= sum && sum <= so_far + most(above)
        };
        if !fits(self.cell, sum) || !self.shown.iter().all(|c| fits(c, c.sums[0])) {
            return false;
        }
        let Some(leaf) = self.leaves.get(at) else {
            return true;
        };
        let (low, high) = if leaf.status.is_hidden() {
            (0, 10 * leaf.n)
        } else {
            (leaf.sums[0] / POINT, leaf.sums[0] / POINT)
        };
        for points in low..=high {
            values.push(points * POINT);
            if self.is_possible(sum, values) {
                return true;
            }
            values.pop();
        }
        false
    }
}

fn within(above: &BuiltCell, leaf: &BuiltCell) -> bool {
    let mut pairs = above.codes.iter().zip(&leaf.codes);
    pairs.all(|(a, b)| a == "Total" || a == b)
}

#[test]
fn a_hidden_mean_keeps_a_fifth_of_its_range() {
    let mut definition = definition(&[Sheet::Effect]);
    instrument(&mut definition, None);
    // Two small cells and two of 11 people each who are all at the floor: their sums leave no room, others must be hidden too.
    let mut cells = vec![(0, 0, 4, 5_000), (1, 1, 5, 5_000)];
    cells.extend([(0, 1, 11, 0), (1, 0, 11, 0)]);
    for agb in 2..12 {
        cells.extend([(agb, 0, 30, 5_000), (agb, 1, 30, 5_000)]);
    }
    let built = effects(&definition, &cells).build(&definition, &[]);
    assert_eq!(open(&built), 0, "{:?}", built.attacks);
    shield::verify(&built, &definition).expect("proof");
    let code = definition.instruments[0].code.as_str();
    let small = cell(&built, Sheet::Effect, &["03000000", "kort", code]);
    assert_eq!(small.rule, Some(Rule::Small));
}

#[test]
fn a_benchmark_waits_for_twenty_and_forty() {
    let mut definition = definition(&[Sheet::Effect, Sheet::Benchmark]);
    instrument(&mut definition, None);
    let code = definition.instruments[0].code.clone();
    for (count, expected) in [(19, 0), (20, 1), (39, 1), (40, 3)] {
        let mut world = World::default();
        for at in 0..count {
            let agb = format!("0400{at:04}");
            world.holder(&agb, 100);
            // From -1.0 point downwards, a tenth each.
            let post = 8_000 - 1_000 - 100 * at;
            world.cell(
                Sheet::Effect,
                [&agb, "kort", &code],
                20,
                &sums(20, 160_000, 20 * post),
            );
        }
        let built = world.build(&definition, &[]);
        let found = cell(&built, Sheet::Benchmark, &["kort", &code]);
        assert_eq!(found.sums.len(), expected, "{count}");
        assert_eq!(found.rule == Some(Rule::Contributors), expected == 0);
        if count == 40 {
            // -4.9 to -1.0: a quarter lies at -3.925, the half at -2.95, three quarters at -1.975.
            assert_eq!(found.sums, [-3_925, -2_950, -1_975]);
        }
    }
}

#[test]
fn a_benchmark_with_one_that_has_half_is_hidden() {
    let mut definition = definition(&[Sheet::Effect, Sheet::Benchmark]);
    instrument(&mut definition, None);
    let code = definition.instruments[0].code.clone();
    // The small ones are hidden and do not count: beside those that do, one has half.
    for (largest, expected) in [(440, None), (441, Some(Rule::Dominance))] {
        let mut world = World::default();
        for at in 0..50 {
            let agb = format!("0400{at:04}");
            let n = match at {
                0 => largest,
                1..=22 => 20,
                _ => 9,
            };
            world.holder(&agb, 100);
            world.cell(
                Sheet::Effect,
                [&agb, "kort", &code],
                n,
                &sums(n, 8_000 * n, 5_000 * n),
            );
        }
        let built = world.build(&definition, &[]);
        assert_eq!(
            cell(&built, Sheet::Benchmark, &["kort", &code]).rule,
            expected,
            "{largest}"
        );
    }
}

#[test]
fn a_benchmark_says_nothing_of_a_mean_that_is_hidden() {
    let mut definition = definition(&[Sheet::Effect, Sheet::Benchmark]);
    instrument(&mut definition, None);
    let code = definition.instruments[0].code.clone();
    // Of the last two organisations one profile is too small, so the other must go along: it has enough and is hidden all the same.
    for hidden_has in [9, 10] {
        let mut world = World::default();
        for at in 0..24 {
            let agb = format!("0400{at:04}");
            let post = 8_000 - 1_000 - 100 * at;
            let few = match at {
                22 => hidden_has,
                23 => 5,
                _ => 30,
            };
            world.holder(&agb, 100);
            for (profile, n) in [("kort", 30), ("middel", few)] {
                let sums = sums(n, n * 8_000, n * post);
                world.cell(Sheet::Effect, [&agb, profile, &code], n, &sums);
            }
        }
        let built = world.build(&definition, &[]);
        let mut along = 0;
        for profile in ["kort", "middel"] {
            let own = built.cells.iter().filter(|c| {
                c.sheet == Sheet::Effect && c.codes[1] == profile && c.codes[0] != "Total"
            });
            let mut shown: Vec<i64> = own
                .clone()
                .filter(|c| !c.status.is_hidden())
                .map(|c| (c.sums[1] - c.sums[0]) / c.n)
                .collect();
            along += own.filter(|c| c.status.is_hidden() && c.n >= 10).count();
            shown.sort_unstable();
            let found = cell(&built, Sheet::Benchmark, &[profile, &code]);
            assert_eq!(found.n, i64::try_from(shown.len()).expect("few"));
            let middle = [shown[(shown.len() - 1) / 2], shown[shown.len() / 2]];
            assert_eq!(
                found.sums,
                [i64::midpoint(middle[0], middle[1])],
                "{profile}"
            );
        }
        assert!(along > 0, "nothing was hidden along: {hidden_has}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every table of sums is tried: a mean hidden for its own sake keeps a fifth of its range.
    #[test]
    fn no_table_of_sums_pins_a_mean(cells in prop::collection::vec((1_i64..4, 0_i64..=10), 6)) {
        let mut definition = tiny(&[Sheet::Effect]);
        instrument(&mut definition, None);
        let places = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)];
        let cells: Vec<_> = places.iter().zip(&cells).map(|((a, p), (n, m))| (*a, *p, *n, m * 1_000)).collect();
        let built = effects(&definition, &cells).build(&definition, &[]);
        prop_assert!(open(&built) == 0, "{:?}", built.attacks);
        for hidden in built.cells.iter().filter(|c| c.sheet == Sheet::Effect && c.status == Status::Primary) {
            let (low, high) = Sums::of(&built, hidden).reach();
            prop_assert!(high - low >= 2_000 * hidden.n, "{:?}: {low} to {high}", hidden);
        }
    }
}
