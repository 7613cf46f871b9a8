//! Counts, sums and squares of scores attacked together, by a linear programme that shares nothing with the protection: whatever it finds of
//! a hidden count or mean, a reader can find.

use super::world::{World, cell, definition, instrument, is_total, open};
use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome, Variable};
use portaal_console::domain::sheet::{SMALL_HOLDERS, Sheet};
use portaal_console::extract::built::{Built, BuiltCell, Rule};
use portaal_console::extract::definition::{Definition, Reliability};
use portaal_console::extract::read::Status;
use portaal_console::extract::shield;
use proptest::prelude::{ProptestConfig, prop};
use proptest::{prop_assert, proptest};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Highest score of the instrument of these tests, in points; the lowest is 0.
const MOST: f64 = 10.0;
/// Tangents that stand for "no less than the mean squared".
const TANGENTS: u32 = 20;
const PROFILES: [&str; 2] = ["kort", "middel"];

/// What somebody has of a cell: how many, and in points their scores before and after and the squares.
type Figures = [f64; 5];

/// A table of effect as somebody sees it who knows some figures of his own.
struct Reader<'a> {
    leaves: Vec<(&'a BuiltCell, Figures)>,
    shown: Vec<&'a BuiltCell>,
}

fn points(n: i64, sums: &[i64]) -> Figures {
    let real = |value: i64, of: i64| {
        let whole = i32::try_from(value / of).expect("small");
        let part = i32::try_from(value % of).expect("small");
        f64::from(whole) + f64::from(part) / f64::from(i32::try_from(of).expect("small"))
    };
    [
        real(n, 1),
        real(sums[0], 1_000),
        real(sums[1], 1_000),
        real(sums[2], 1_000_000),
        real(sums[3], 1_000_000),
    ]
}

impl<'a> Reader<'a> {
    /// Somebody whose own are these cells, or these parts of the cells of those who are counted together.
    fn new(built: &'a Built, own: Option<&str>, parts: &BTreeMap<Vec<String>, Figures>) -> Self {
        let all = built.cells.iter().filter(|c| c.sheet == Sheet::Effect);
        let is_own = |c: &BuiltCell| own == Some(c.codes[0].as_str());
        let hidden = all
            .clone()
            .filter(|c| !is_total(&c.codes) && c.status.is_hidden());
        let leaves = hidden.filter(|c| !is_own(c)).map(|c| {
            let part = parts.get(&c.codes).copied().unwrap_or_default();
            (c, part)
        });
        let shown = all.filter(|c| !c.status.is_hidden());
        Self {
            leaves: leaves.collect(),
            shown: shown.collect(),
        }
    }

    /// Lowest and highest of a figure of a hidden cell, as far as somebody can tell: with the true counts given, or not.
    fn reach(&self, of: &BuiltCell, figure: usize, knows_counts: bool) -> (f64, f64) {
        let ends = [
            OptimizationDirection::Minimize,
            OptimizationDirection::Maximize,
        ];
        let [low, high] = ends.map(|direction| self.end(of, (figure, knows_counts), direction));
        (low, high)
    }

    fn end(
        &self,
        of: &BuiltCell,
        (figure, knows_counts): (usize, bool),
        direction: OptimizationDirection,
    ) -> f64 {
        let mut programme = Problem::new(direction);
        let mut variables = Vec::new();
        for (leaf, part) in &self.leaves {
            let within = |above: &BuiltCell| is_within(leaf, above);
            let truth = points(leaf.n, &leaf.sums);
            let count = truth[0] - part[0];
            let counts = if knows_counts {
                (count, count)
            } else {
                (0.0, f64::INFINITY)
            };
            let five: Vec<Variable> = (0..5)
                .map(|at| {
                    let worth = if at == figure && within(of) { 1.0 } else { 0.0 };
                    let ends = if at == 0 {
                        counts
                    } else {
                        (0.0, f64::INFINITY)
                    };
                    programme.add_var(worth, ends)
                })
                .collect();
            people(&mut programme, &five);
            variables.push(five);
        }
        for above in &self.shown {
            for at in 0..5 {
                let mut sum = points(above.n, &above.sums)[at];
                let mut row = Vec::new();
                for ((leaf, part), five) in self.leaves.iter().zip(&variables) {
                    if is_within(leaf, above) {
                        row.push((five[at], 1.0));
                        sum -= part[at];
                    }
                }
                // What is not hidden from this reader counts as it is.
                sum -= self.known(above, at);
                if !row.is_empty() {
                    programme.add_constraint(&row, ComparisonOp::Eq, sum);
                }
            }
        }
        let part = self.leaves.iter().filter(|(leaf, _)| is_within(leaf, of));
        let own: f64 = part.map(|(_, part)| part[figure]).sum();
        let end = match programme.solve() {
            Ok(SolveOutcome::Solution(solution)) => solution.objective(),
            Ok(SolveOutcome::Interrupted(_)) => unreachable!("without a limit"),
            Err(microlp::Error::Unbounded) if direction == OptimizationDirection::Maximize => {
                f64::INFINITY
            }
            // The truth itself always fits.
            Err(other) => unreachable!("{other}"),
        };
        own + end + self.known(of, figure)
    }

    /// What of a cell is of leaves that this reader knows.
    fn known(&self, above: &BuiltCell, at: usize) -> f64 {
        let hidden = self
            .leaves
            .iter()
            .filter(|(leaf, _)| is_within(leaf, above));
        let hidden: f64 = hidden.map(|(leaf, _)| points(leaf.n, &leaf.sums)[at]).sum();
        points(above.n, &above.sums)[at] - hidden
    }
}

fn is_within(leaf: &BuiltCell, above: &BuiltCell) -> bool {
    let mut pairs = above.codes.iter().zip(&leaf.codes);
    pairs.all(|(a, b)| a == "Total" || a == b)
}

/// So many people can have these sums: between the ends of the scale, and squares no less than those of the mean, no more than at the ends.
fn people(programme: &mut Problem, five: &[Variable]) {
    let [n, pre, post, squares, differences] = [five[0], five[1], five[2], five[3], five[4]];
    for scores in [pre, post] {
        programme.add_constraint([(scores, 1.0), (n, -MOST)], ComparisonOp::Le, 0.0);
    }
    programme.add_constraint([(squares, 1.0), (pre, -MOST)], ComparisonOp::Le, 0.0);
    programme.add_constraint(
        [(differences, 1.0), (n, -MOST * MOST)],
        ComparisonOp::Le,
        0.0,
    );
    for step in 0..=TANGENTS {
        let at = MOST * f64::from(step) / f64::from(TANGENTS);
        let row = [(squares, 1.0), (pre, -2.0 * at), (n, at * at)];
        programme.add_constraint(row, ComparisonOp::Ge, 0.0);
        for at in [at, -at] {
            let row = [
                (differences, 1.0),
                (post, -2.0 * at),
                (pre, 2.0 * at),
                (n, at * at),
            ];
            programme.add_constraint(row, ComparisonOp::Ge, 0.0);
        }
    }
}

/// So many people with this mean before and after and this spread, in thousandths of a point.
fn sums(n: i64, pre: i64, post: i64, spread: i64, improved: i64) -> [i64; 5] {
    let squares = |mean: i64| n * (mean * mean + spread * spread);
    [
        n * pre,
        n * post,
        squares(pre),
        squares(post - pre),
        improved,
    ]
}

fn names() -> Vec<String> {
    (1..=12).map(|at| format!("07{at:06}")).collect()
}

fn tables(sheets: &[Sheet]) -> Definition {
    let mut definition = definition(sheets);
    instrument(&mut definition, None);
    definition
}

/// An organisation's care under a profile: as many completers as have an effect, and enough of the others.
fn add(world: &mut World, definition: &Definition, codes: [&str; 2], n: i64, sums: &[i64; 5]) {
    let [agb, profile] = codes;
    if definition.sheets.contains(&Sheet::Volume) {
        for (group, n) in [("04", 45), ("05", 45 + n)] {
            world.cell(Sheet::Volume, [agb, profile, group], n, &[]);
        }
        for (response, n) in [
            ("completer", n),
            ("dropout", 30),
            ("non_starter", 30),
            ("non_responder", 30),
        ] {
            world.cell(Sheet::Response, [agb, profile, response], n, &[]);
        }
    }
    let code = definition.instruments[0].code.clone();
    world.cell(Sheet::Effect, [agb, profile, &code], n, sums);
}

/// Whether nobody learns more than may be of a cell that is hidden for its own sake. Gives how many were attacked.
fn is_kept(
    built: &Built,
    parts: &BTreeMap<String, BTreeMap<Vec<String>, Figures>>,
) -> Result<usize, String> {
    let nothing = BTreeMap::new();
    let names = names();
    let owners = names
        .iter()
        .map(|agb| (Some(agb.as_str()), parts.get(agb).unwrap_or(&nothing)));
    let mut tried = 0;
    for (owner, own) in std::iter::once((None, &nothing)).chain(owners) {
        let reader = Reader::new(built, owner, own);
        let hidden = built
            .cells
            .iter()
            .filter(|c| c.sheet == Sheet::Effect && !is_total(&c.codes));
        for cell in
            hidden.filter(|c| c.status == Status::Primary && owner != Some(c.codes[0].as_str()))
        {
            let part = own.get(&cell.codes).copied().unwrap_or_default();
            let truth = points(cell.n, &cell.sums);
            let told = |what: &str, (low, high): (f64, f64)| {
                Err(format!(
                    "{owner:?} {what} of {cell:?}: {low} to {high}, own {part:?}"
                ))
            };
            tried += 1;
            if cell.rule == Some(Rule::Small) {
                let (low, high) = reader.reach(cell, 0, false);
                if low > part[0] + 1e-6 || high < part[0] + 10.0 - 1e-6 {
                    return told("count", (low, high));
                }
            }
            for figure in [1, 2] {
                let (low, high) = reader.reach(cell, figure, true);
                if high - low < 0.2 * MOST * (truth[0] - part[0]) - 1e-3 {
                    return told("scores", (low, high));
                }
            }
        }
    }
    Ok(tried)
}

fn built(world: &World, definition: &Definition) -> Built {
    let built = world.build(definition, &[]);
    assert_eq!(open(&built), 0, "{:?}", built.attacks);
    shield::verify(&built, definition).expect("proof");
    built
}

#[test]
fn sums_do_not_narrow_a_hidden_count() {
    // Few at the upper end, beside few at the lower: who has the twelve knows that six cannot score so high.
    for sheets in [
        &[Sheet::Effect][..],
        &[Sheet::Volume, Sheet::Response, Sheet::Effect],
    ] {
        for low in [1_500, 2_500] {
            let definition = tables(sheets);
            let mut world = World::default();
            for (at, agb) in names().iter().enumerate() {
                world.holder(agb, 400);
                for (n, profile) in [5, 6].into_iter().zip(PROFILES) {
                    let n = match at {
                        0 => n,
                        1 => 12,
                        _ => 60,
                    };
                    let mean = if at == 0 { 8_500 } else { low };
                    add(
                        &mut world,
                        &definition,
                        [agb, profile],
                        n,
                        &sums(n, mean, mean * 8 / 10, 1_200, 0),
                    );
                }
            }
            let built = built(&world, &definition);
            let tried = is_kept(&built, &BTreeMap::new());
            assert!(tried.as_ref().is_ok_and(|tried| *tried > 10), "{tried:?}");
        }
    }
}

#[test]
fn a_small_spread_does_not_narrow_a_hidden_mean() {
    let mut definition = tables(&[Sheet::Effect]);
    let reliability = json!({"r": 900, "deviation": 5000, "source": "x"});
    let reliability: Reliability = serde_json::from_value(reliability).expect("reliability");
    instrument(&mut definition, Some(reliability));
    // Five of thirty improved, which is too few: the cell is hidden, and its mean must not follow from that of the other.
    for spread in [300, 1_000] {
        let mut world = World::default();
        for (at, agb) in names().iter().enumerate() {
            world.holder(agb, 400);
            for ((n, improved), profile) in [(30, 5), (24, 12)].into_iter().zip(PROFILES) {
                let (n, improved) = if at == 0 { (n, improved) } else { (40, 20) };
                add(
                    &mut world,
                    &definition,
                    [agb, profile],
                    n,
                    &sums(n, 5_000, 4_000, spread, improved),
                );
            }
        }
        let built = built(&world, &definition);
        let code = definition.instruments[0].code.as_str();
        let few = cell(&built, Sheet::Effect, &["07000001", "kort", code]);
        assert_eq!(few.rule, Some(Rule::Complement));
        let tried = is_kept(&built, &BTreeMap::new());
        assert!(tried.as_ref().is_ok_and(|tried| *tried > 10), "{tried:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]

    /// Random tables, three of the holders counted together: neither a reader nor an organisation nor a member learns too much.
    #[test]
    fn nobody_learns_more_from_scores_than_may_be(
        cells in prop::collection::vec((1_i64..40, 1_i64..9, 0_i64..9, 300_i64..1_000), 24),
        is_alone in prop::bool::ANY,
    ) {
        let all = [Sheet::Volume, Sheet::Response, Sheet::Effect];
        let definition = tables(if is_alone { &all[2..] } else { &all });
        let mut world = World::default();
        let mut parts: BTreeMap<String, BTreeMap<Vec<String>, Figures>> = BTreeMap::new();
        for (at, agb) in names().iter().enumerate() {
            world.holder(agb, if at < 3 { 60 } else { 400 });
            for (place, profile) in PROFILES.into_iter().enumerate() {
                let (n, pre, post, spread) = cells[2 * at + place];
                let sums = sums(n, 1_000 * pre, 1_000 * post + 500, spread, 0);
                add(&mut world, &definition, [agb, profile], n, &sums);
                if at < 3 {
                    let code = definition.instruments[0].code.clone();
                    let codes = vec![SMALL_HOLDERS.to_owned(), profile.to_owned(), code];
                    parts.entry(agb.clone()).or_default().insert(codes, points(n, &sums));
                }
            }
        }
        let built = built(&world, &definition);
        let tried = is_kept(&built, &parts);
        prop_assert!(tried.is_ok(), "{tried:?}");
    }
}

/// Twelve organisations of which one has few under one profile.
fn with_few() -> (World, Definition) {
    let definition = tables(&[Sheet::Volume, Sheet::Response, Sheet::Effect]);
    let mut world = World::default();
    for (at, agb) in names().iter().enumerate() {
        world.holder(agb, 400);
        for profile in PROFILES {
            let n = if at == 0 && profile == "kort" { 5 } else { 60 };
            let sums = sums(n, 5_000, 4_000, 1_200, 0);
            add(&mut world, &definition, [agb, profile], n, &sums);
        }
    }
    (world, definition)
}

#[test]
fn a_proof_with_scores_that_nobody_could_have_is_refused() {
    let (world, definition) = with_few();
    let built = built(&world, &definition);
    let forged = |change: &mut dyn FnMut(&mut Vec<Value>)| {
        let mut proof: Value = serde_json::from_str(&built.certificate).expect("JSON");
        let tables = proof["scores"].as_array_mut().expect("tables of scores");
        assert_eq!(tables.len(), 1);
        change(tables[0]["wholes"].as_array_mut().expect("whole tables"));
        let certificate = proof.to_string();
        shield::verify(
            &Built {
                certificate,
                ..built.clone()
            },
            &definition,
        )
    };
    let is_of_counts = |whole: &Value| !whole["n"].as_array().unwrap_or(&Vec::new()).is_empty();
    assert_eq!(forged(&mut |_| ()).map(|checked| checked.tables), Ok(2));
    // Counts without the scores that go with them; none at all for what counts need; none at all for means.
    let found = forged(&mut |wholes| {
        for whole in wholes.iter_mut().filter(|w| is_of_counts(w)) {
            whole["sums"] = json!([[], [], [], [], []]);
        }
    });
    assert!(matches!(found, Err(shield::Doubt::Scores(..))), "{found:?}");
    let found = forged(&mut |wholes| wholes.retain(|w| !is_of_counts(w)));
    assert!(
        matches!(found, Err(shield::Doubt::Insider(..))),
        "{found:?}"
    );
    let found = forged(&mut |wholes| wholes.retain(is_of_counts));
    assert!(matches!(found, Err(shield::Doubt::Mean(..))), "{found:?}");
    // A sum that does not hold; a cell that is shown; a change that no sum can hold; a row that is not there.
    let shown = built.cells.iter().filter(|c| c.sheet == Sheet::Effect);
    let shown = shown.clone().position(|c| !c.status.is_hidden());
    for (row, by) in [
        (json!(0), json!(1)),
        (json!(shown), json!(1)),
        (json!(9_999), json!(1)),
    ] {
        let found = forged(&mut |wholes| wholes[0]["sums"][0] = json!([[row, by]]));
        assert!(
            matches!(found, Err(shield::Doubt::Scores(..))),
            "{row}: {found:?}"
        );
    }
    let found = forged(&mut |wholes| wholes[0]["sums"][0] = json!([[0, i64::MIN]]));
    assert_eq!(found, Err(shield::Doubt::Form));
    let found = forged(&mut |wholes| wholes[0]["n"] = json!([[0, 1_i64 << 40]]));
    assert_eq!(found, Err(shield::Doubt::Form));
}

#[test]
fn few_stay_few_by_whatever_name() {
    let (world, definition) = with_few();
    let built = built(&world, &definition);
    let care = built
        .cells
        .iter()
        .filter(|c| matches!(c.sheet, Sheet::Volume | Sheet::Response | Sheet::Effect));
    let row = care
        .clone()
        .position(|c| c.sheet == Sheet::Effect && c.n == 5);
    for named in [Some(Rule::Change), Some(Rule::Sums), None] {
        let mut forged = built.clone();
        let mut proof: Value = serde_json::from_str(&built.certificate).expect("JSON");
        let bounds = proof["tables"][0]["bounds"].as_array_mut().expect("bounds");
        bounds.retain(|of| of[0] != json!(row));
        bounds.push(json!([row, 0, 0]));
        forged.certificate = proof.to_string();
        let few = forged
            .cells
            .iter_mut()
            .filter(|c| c.sheet == Sheet::Effect && c.n == 5);
        few.for_each(|cell| cell.rule = named);
        let found = shield::verify(&forged, &definition);
        assert!(
            matches!(found, Err(shield::Doubt::Bounds(..))),
            "{named:?}: {found:?}"
        );
        // Without the means that a cell hidden for its own sake must keep open.
        let means = proof["scores"][0]["wholes"]
            .as_array_mut()
            .expect("whole tables");
        means.retain(|whole| !whole["n"].as_array().unwrap_or(&Vec::new()).is_empty());
        forged.certificate = proof.to_string();
        assert!(shield::verify(&forged, &definition).is_err(), "{named:?}");
    }
}

#[test]
fn who_is_at_an_end_cannot_go_further() {
    // Fourteen at the upper end and thirteen at the lower stay there nearly all: if the scores after are to be higher, only the thirteen can.
    let definition = tables(&[Sheet::Effect]);
    let mut world = World::default();
    for (at, agb) in names().iter().enumerate() {
        world.holder(agb, 400);
        for profile in PROFILES {
            let sums = match (at, profile) {
                (0, "kort") => [140_000, 140_000, 1_400_000_000, 500_000, 0],
                (0, _) => sums(5, 5_000, 4_000, 1_200, 0),
                _ => sums(60, 5_000, 4_000, 1_200, 0),
            };
            let n = match (at, profile) {
                (0, "kort") => 27,
                (0, _) => 5,
                _ => 60,
            };
            add(&mut world, &definition, [agb, profile], n, &sums);
        }
    }
    let built = built(&world, &definition);
    let mut effects = built.cells.iter().filter(|c| c.sheet == Sheet::Effect);
    let row = effects.position(|c| c.codes[..2] == ["07000001", "kort"]);
    let proof: Value = serde_json::from_str(&built.certificate).expect("JSON");
    let mut moved = 0;
    for whole in proof["scores"][0]["wholes"]
        .as_array()
        .expect("whole tables")
    {
        let by = |place: usize| {
            let all = whole["sums"][place].as_array().expect("changes");
            let own = all.iter().find(|change| change[0] == json!(row));
            own.map_or(0, |change| change[1].as_i64().expect("a number"))
        };
        let is_still = by(0) == 0 && by(2) == 0 && whole.get("n").is_none();
        let (difference, squares) = (by(1) / 1_000, 500_000 + by(3));
        if is_still && difference != 0 {
            moved += 1;
            let who = if difference > 0 { 13 } else { 14 };
            let least = difference * difference * 1_000_000 / who;
            assert!(squares + 10 >= least, "{difference}: {squares} of {least}");
        }
    }
    assert!(moved > 0, "nothing is shown of it");
}
