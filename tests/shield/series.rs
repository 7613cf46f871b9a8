//! Scores over two releases of the same period, and of a year and its first half, by a linear programme over all that both publish: it shares nothing with the protection.

use super::world::{PERIOD, World, definition, open, release};
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome};
use portaal_console::domain::sheet::{Sheet, TOTAL};
use portaal_console::extract::built::{Built, BuiltCell};
use portaal_console::extract::definition::Definition;
use portaal_console::extract::earlier::Earlier;
use portaal_console::extract::read::Status;
use portaal_console::extract::{Quiet, shield};
use proptest::prelude::{ProptestConfig, prop};
use proptest::{prop_assert, proptest};
use std::collections::BTreeMap;

const OF: [&str; 2] = ["CQI-AMB-5.1", "gezondheid"];
/// Lowest and highest score, in points.
const ENDS: (f64, f64) = (1.0, 5.0);
/// What of the range of a hidden mean must stay open.
const WIDTH: f64 = 0.2;

/// Answers of each care provider: how many, and their mean in thousandths of a point.
type Answers = Vec<(i64, i64)>;

fn name(at: usize) -> String {
    format!("080000{:02}", at + 1)
}

/// Answers half a point around their mean, as far as the scale goes.
fn world(answers: &Answers, before: Option<&Answers>) -> World {
    let mut world = World::default();
    for (at, (n, mean)) in answers.iter().enumerate() {
        let around = (mean - 1_000).min(5_000 - mean).min(500);
        world.holder(&name(at), 400);
        let codes = [&*name(at), OF[0], OF[1]];
        let sums = [n * mean, n * (mean * mean + around * around)];
        world.cell(Sheet::Cqi, codes, *n, &sums);
        if let Some(before) = before {
            let rows = if before[at] == (*n, *mean) {
                0
            } else {
                before[at].0.max(*n)
            };
            world.changed(Sheet::Cqi, codes, &[rows]);
        }
    }
    world
}

fn points(sum: i64) -> f64 {
    f64::from(i32::try_from(sum).expect("small")) / 1_000.0
}

/// Which unknown a hidden cell is: what did not change since the first release is one.
type Unknown = (String, usize);

/// A reader of some releases, who knows how many answered everywhere.
#[derive(Default)]
struct Reader {
    /// How many, and where they are shown what they answered together.
    unknowns: BTreeMap<Unknown, (i64, Option<f64>)>,
    /// Unknowns of which the signed sum is known.
    sums: Vec<(Vec<(Unknown, f64)>, f64)>,
}

impl Reader {
    /// Reads a release; none of what is published, when it shows nothing.
    fn read(&mut self, number: usize, built: &Built, first: Option<&Built>, shows: bool) {
        let is_leaf = |c: &&BuiltCell| c.codes[0] != TOTAL;
        let of = |built: &Built, codes: &[String]| {
            let mut all = built.cells.iter();
            all.find(|c| c.codes == codes)
                .map(|c| (c.n, c.sums.clone()))
        };
        let mut row = Vec::new();
        for cell in built.cells.iter().filter(is_leaf) {
            let now = Some((cell.n, cell.sums.clone()));
            let is_as_first = first.is_some_and(|first| of(first, &cell.codes) == now);
            let unknown = (cell.codes[0].clone(), if is_as_first { 0 } else { number });
            let told = (shows && !cell.status.is_hidden()).then(|| points(cell.sums[0]));
            let known = self
                .unknowns
                .entry(unknown.clone())
                .or_insert((cell.n, None));
            known.1 = known.1.or(told);
            row.push((unknown, 1.0));
        }
        let total = built
            .cells
            .iter()
            .find(|c| c.codes[0] == TOTAL)
            .expect("a total");
        if shows && !total.status.is_hidden() {
            self.sums.push((row, points(total.sums[0])));
        }
    }

    /// Of a year its first half: the rest are people too, as many as are left.
    fn remain(&mut self, first: &Built) {
        for cell in first.cells.iter().filter(|c| c.codes[0] != TOTAL) {
            let of = |number: usize| (cell.codes[0].clone(), number);
            if let Some((n, _)) = self.unknowns.get(&of(1)).copied() {
                self.unknowns.insert(of(2), (n - cell.n, None));
                self.sums
                    .push((vec![(of(1), 1.0), (of(0), -1.0), (of(2), -1.0)], 0.0));
            }
        }
    }

    /// How far apart the sum of an unknown can be.
    fn width(&self, of: &Unknown) -> f64 {
        let end = |direction| {
            let mut programme = Problem::new(direction);
            let mut variables = BTreeMap::new();
            for (unknown, (n, shown)) in &self.unknowns {
                let n = points(n * 1_000);
                let ends = shown.map_or((ENDS.0 * n, ENDS.1 * n), |sum| (sum, sum));
                let worth = if unknown == of { 1.0 } else { 0.0 };
                variables.insert(unknown, programme.add_var(worth, ends));
            }
            for (row, sum) in &self.sums {
                let row: Vec<_> = row.iter().map(|(u, sign)| (variables[u], *sign)).collect();
                programme.add_constraint(&row, ComparisonOp::Eq, *sum);
            }
            match programme.solve() {
                Ok(SolveOutcome::Solution(solution)) => solution.objective(),
                other => unreachable!("the truth itself always fits: {:?}", other.is_ok()),
            }
        };
        end(OptimizationDirection::Maximize) - end(OptimizationDirection::Minimize)
    }
}

/// Hidden means of two releases that somebody who has both knows better than may be, and better than from the first alone.
fn narrow(first: &Built, second: &Built, is_year: bool) -> Vec<(Unknown, f64)> {
    let [mut both, mut alone] = [Reader::default(), Reader::default()];
    for (reader, shows) in [(&mut both, true), (&mut alone, false)] {
        reader.read(0, first, None, true);
        reader.read(1, second, Some(first).filter(|_| !is_year), shows);
        if is_year {
            reader.remain(first);
        }
    }
    let mut found = Vec::new();
    for (number, built) in [first, second].into_iter().enumerate() {
        let secret = |c: &&BuiltCell| c.status == Status::Primary && c.codes[0] != TOTAL;
        for cell in built.cells.iter().filter(secret) {
            let own = (cell.codes[0].clone(), number);
            let unknown = if both.unknowns.contains_key(&own) {
                own
            } else {
                (own.0, 0)
            };
            let range = (ENDS.1 - ENDS.0) * points(cell.n * 1_000);
            let (now, before) = (both.width(&unknown), alone.width(&unknown));
            if now < (WIDTH * range).min(before) - 1e-6 {
                found.push((unknown, now));
            }
        }
    }
    found
}

fn built(world: &World, definition: &Definition, period: &str, earlier: &[Earlier]) -> Built {
    shield::build(&world.0, definition, period, earlier, 1, &mut Quiet).expect("built")
}

fn twice(answers: &Answers, later: &Answers, definition: &Definition) -> (Built, Built, Built) {
    let first = world(answers, None).build(definition, &[]);
    let after = world(later, Some(answers));
    let unaware = after.build(definition, &[]);
    let second = after.build(definition, &[release(&first, definition, PERIOD)]);
    shield::verify(&second, definition).expect("a proof");
    (first, unaware, second)
}

#[test]
fn what_stood_beside_few_in_a_release_is_not_shown_in_the_next() {
    let definition = definition(&[Sheet::Cqi]);
    // Three with nine answers, all at the end of the scale: only beside others can they be anything else. Who stands beside them is first one
    // pair of care providers and then another.
    let mut answers: Answers = vec![
        (9, 5_000),
        (9, 5_000),
        (9, 5_000),
        (40, 3_000),
        (45, 3_000),
        (60, 3_000),
        (65, 3_000),
    ];
    answers.extend((7..12).map(|at| (80 + at, 3_200)));
    let mut later = answers.clone();
    (later[5].0, later[6].0) = (25, 28);
    let (first, unaware, second) = twice(&answers, &later, &definition);
    assert_eq!(open(&first), 0);
    assert!(
        !narrow(&first, &unaware, false).is_empty(),
        "who does not reckon with the first release gives them away"
    );
    assert_eq!(narrow(&first, &second, false), []);
    assert_eq!(open(&second), 0, "{:?}", second.attacks);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_two_releases_pin_a_hidden_mean(
        few in prop::collection::vec(3_i64..10, 3..6),
        end in prop::sample::select(vec![1_000_i64, 1_400, 4_500, 5_000]),
        many in prop::collection::vec((12_i64..90, prop::sample::select(vec![1_000_i64, 3_000, 3_400, 5_000])), 9),
        later in prop::collection::vec((0_usize..9, 12_i64..90), 1..6),
    ) {
        let few: Answers = few.into_iter().map(|n| (n, end)).collect();
        let definition = definition(&[Sheet::Cqi]);
        let answers: Answers = few.iter().chain(&many).copied().collect();
        let mut after = answers.clone();
        for (at, n) in later {
            let of = &mut after[few.len() + at];
            // A change of fewer than ten waits.
            of.0 = if (n - of.0).abs() < 10 { of.0 + 10 } else { n };
        }
        let (first, _, second) = twice(&answers, &after, &definition);
        prop_assert!(narrow(&first, &second, false).is_empty(), "{:?}", narrow(&first, &second, false));
        prop_assert!(open(&second) == 0, "{:?}", second.attacks);
    }

    #[test]
    fn no_year_pins_a_mean_that_its_half_hid(
        few in prop::collection::vec(3_i64..10, 3..6),
        end in prop::sample::select(vec![1_000_i64, 1_400, 4_500, 5_000]),
        many in prop::collection::vec((12_i64..90, prop::sample::select(vec![1_000_i64, 3_000, 3_400, 5_000])), 9),
        rest in prop::collection::vec((prop::sample::select(vec![0_i64, 0, 10, 15, 40]), 2_i64..5), 12),
    ) {
        let definition = definition(&[Sheet::Cqi]);
        let half: Answers = few.into_iter().map(|n| (n, end)).chain(many).take(12).collect();
        let first = built(&world(&half, None), &definition, "2025-H1", &[]);
        let mut year = world(&half, None);
        for (at, (n, score)) in rest.into_iter().take(half.len()).enumerate().filter(|(_, (n, _))| *n > 0) {
            let leaf = &mut year.0.leaves[at];
            leaf.n += n;
            leaf.sums[0] += 1_000 * n * score;
            leaf.sums[1] += 1_000_000 * n * score * score;
        }
        let before = Earlier { period: "2025-H1".to_owned(), ..release(&first, &definition, PERIOD) };
        let second = built(&year, &definition, PERIOD, &[before]);
        shield::verify(&second, &definition).expect("a proof");
        if open(&first) == 0 && open(&second) == 0 {
            let found = narrow(&first, &second, true);
            prop_assert!(found.is_empty(), "{found:?}");
        }
    }
}
