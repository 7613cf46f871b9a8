//! Which cells are hidden for their own sake, by worlds that can be reckoned by hand.

use super::world::{World, cell, definition, instrument, open, rule};
use portaal_console::domain::sheet::{SMALL_HOLDERS, Sheet};
use portaal_console::extract::built::{Built, Rule};
use portaal_console::extract::definition::{Definition, Reliability};
use portaal_console::extract::explain::{Explanation, explain};
use portaal_console::extract::{Quiet, shield};

const NAMES: [&str; 12] = [
    "01000001", "01000002", "01000003", "01000004", "01000005", "01000006", "01000007", "01000008",
    "01000009", "01000010", "01000011", "01000012",
];

/// Twelve organisations with 100 closed care paths each: 04: 40, 05: 40, 07: 20.
fn twelve() -> World {
    let mut world = World::default();
    for agb in NAMES {
        world.holder(agb, 100);
        world.volume(agb, &[("04", 40), ("05", 40), ("07", 20)]);
    }
    world
}

#[test]
fn a_world_without_small_cells_hides_nothing() {
    let definition = definition(&[Sheet::Volume]);
    let built = twelve().build(&definition, &[]);
    assert!(built.cells.iter().all(|c| !c.status.is_hidden()));
    let total = cell(&built, Sheet::Volume, &["Total", "Total", "Total"]);
    assert_eq!(total.n, 1200);
    assert_eq!(
        cell(&built, Sheet::Volume, &["Total", "kort", "angst"]).n,
        720
    );
    assert_eq!(open(&built), 0);
    assert!(
        built.cells[0].codes.iter().all(|c| c == "Total"),
        "totals come first"
    );
}

/// Counts by diagnosis group, the cell that is asked after, and the rule that hides it.
type Row = (&'static [(&'static str, i64)], &'static str, Option<Rule>);

#[test]
fn every_rule_hides_what_it_must() {
    let rows: [Row; 7] = [
        (
            &[("04", 40), ("05", 40), ("07", 9)],
            "07",
            Some(Rule::Small),
        ),
        (&[("04", 40), ("05", 40), ("07", 10)], "07", None),
        (&[("04", 40), ("05", 40)], "07", Some(Rule::Zero)),
        (&[("04", 179), ("05", 11), ("07", 10)], "04", None),
        (
            &[("04", 180), ("05", 10), ("07", 10)],
            "04",
            Some(Rule::Group),
        ),
        (&[("04", 40), ("05", 180)], "angst", None),
        (&[("04", 12), ("05", 180)], "angst", Some(Rule::Group)),
    ];
    let definition = definition(&[Sheet::Volume]);
    for (counts, diagnosis, expected) in rows {
        let mut world = twelve();
        world.0.leaves.retain(|l| l.codes[0] != NAMES[0]);
        world.volume(NAMES[0], counts);
        let built = world.build(&definition, &[]);
        let found = rule(&built, Sheet::Volume, &[NAMES[0], "kort", diagnosis]);
        assert_eq!(found, expected, "{counts:?} {diagnosis}");
        assert_eq!(open(&built), 0, "{counts:?}: {:?}", built.attacks);
        shield::verify(&built, &definition).expect("proof");
    }
}

#[test]
fn a_response_is_hidden_with_few_others_as_well() {
    let rows = [
        ([60, 20, 10, 10], "completer", None),
        ([60, 20, 11, 9], "non_responder", Some(Rule::Small)),
        ([91, 3, 3, 3], "completer", Some(Rule::Complement)),
        ([60, 30, 10, 0], "non_responder", Some(Rule::Zero)),
    ];
    let definition = definition(&[Sheet::Volume, Sheet::Response]);
    for (counts, response, expected) in rows {
        let mut world = twelve();
        for agb in NAMES {
            world.response(
                agb,
                if agb == NAMES[0] {
                    counts
                } else {
                    [50, 20, 15, 15]
                },
            );
        }
        let built = world.build(&definition, &[]);
        let found = rule(&built, Sheet::Response, &[NAMES[0], "kort", response]);
        assert_eq!(found, expected, "{counts:?} {response}");
        assert_eq!(open(&built), 0, "{counts:?}: {:?}", built.attacks);
        shield::verify(&built, &definition).expect("proof");
    }
}

#[test]
fn a_total_over_few_or_dominant_organisations_is_hidden() {
    let definition = definition(&[Sheet::Volume]);
    let even = [20; 12];
    let mut dominant = even;
    dominant[0] = 250;
    let mut two = even;
    (two[0], two[1]) = (230, 200);
    let mut nine = even;
    nine[9..].fill(0);
    for (counts, expected) in [
        (even, None),
        (nine, Some(Rule::Contributors)),
        (dominant, Some(Rule::Dominance)),
        (two, Some(Rule::Dominance)),
    ] {
        let mut world = World::default();
        for (agb, n) in NAMES.into_iter().zip(counts) {
            world.holder(agb, 200 + n);
            world.volume(agb, &[("04", 100), ("05", 100), ("16", n)]);
        }
        let built = world.build(&definition, &[]);
        let found = rule(&built, Sheet::Volume, &["Total", "kort", "16"]);
        assert_eq!(found, expected, "{counts:?}");
        assert_eq!(open(&built), 0, "{counts:?}: {:?}", built.attacks);
    }
}

/// What the reason of a cell that is hidden for its own sake says of its row and of those who improved.
fn told(
    built: &Built,
    definition: &Definition,
    codes: &[&str; 3],
) -> Option<(Option<i64>, Option<i64>)> {
    let codes = codes.map(ToOwned::to_owned);
    match explain(built, definition, Sheet::Effect, &codes).expect("a reason") {
        Some(Explanation::Own(figures)) => Some((figures.of, figures.improved)),
        _ => None,
    }
}

#[test]
fn few_who_improved_hide_all_of_an_effect() {
    let mut definition = definition(&[Sheet::Effect]);
    let reliability = Reliability {
        r: 900,
        deviation: 2000,
        source: "test".to_owned(),
    };
    instrument(&mut definition, Some(reliability));
    let code = definition.instruments[0].code.clone();
    for (improved, expected) in [
        (9, Some(Rule::Complement)),
        // Nine tenths, of either answer, is the group rule's own figure.
        (10, Some(Rule::Group)),
        (11, None),
        (89, None),
        (90, Some(Rule::Group)),
        (91, Some(Rule::Complement)),
    ] {
        let mut world = World::default();
        for agb in NAMES {
            let improved = if agb == NAMES[0] { improved } else { 50 };
            let sums = [600_000, 400_000, 4_000_000_000, 600_000_000, improved];
            world.holder(agb, 100);
            world.cell(Sheet::Effect, [agb, "kort", &code], 100, &sums);
            let half = [600_000, 400_000, 4_000_000_000, 600_000_000, 50];
            world.cell(Sheet::Effect, [agb, "middel", &code], 100, &half);
        }
        let built = world.build(&definition, &[]);
        let found = rule(&built, Sheet::Effect, &[NAMES[0], "kort", &code]);
        assert_eq!(found, expected, "{improved}");
        let told = told(&built, &definition, &[NAMES[0], "kort", &code]);
        assert_eq!(told, expected.map(|_| (None, Some(improved))));
        assert_eq!(open(&built), 0, "{improved}: {:?}", built.attacks);
        shield::verify(&built, &definition).expect("proof");
    }
}

#[test]
fn small_holders_are_counted_together_when_there_are_three() {
    let definition = definition(&[Sheet::Volume]);
    for small in [0, 1, 2, 3, 4] {
        let mut world = twelve();
        for (at, holder) in world.0.holders.iter_mut().enumerate() {
            holder.closed = if at < small { 75 } else { 76 };
        }
        let built = world.build(&definition, &[]);
        let expected: &[&str] = if small < 3 { &[] } else { &NAMES[..small] };
        assert_eq!(built.pooled, expected, "{small}");
        let pool = built.cells.iter().find(|c| c.codes[0] == SMALL_HOLDERS);
        assert_eq!(pool.is_some(), small >= 3);
        let own = built
            .cells
            .iter()
            .filter(|c| c.codes[0] == NAMES[0])
            .count();
        assert_eq!(
            own == 0,
            small >= 3,
            "who is in the pool has no cell of its own"
        );
        let total = cell(&built, Sheet::Volume, &["Total", "Total", "Total"]);
        assert_eq!(total.n, 1200);
    }
}

#[test]
fn a_member_of_the_pool_cannot_subtract_itself() {
    let definition = definition(&[Sheet::Volume]);
    let mut world = twelve();
    // Together 24 in group 16, of which one member has 16: the others have 8.
    for (agb, n) in NAMES.into_iter().zip([16, 4, 4]) {
        world.volume(agb, &[("16", n)]);
    }
    for holder in world.0.holders.iter_mut().take(3) {
        holder.closed = 70;
    }
    let built = world.build(&definition, &[]);
    let found = rule(&built, Sheet::Volume, &[SMALL_HOLDERS, "kort", "16"]);
    assert_eq!(found, Some(Rule::Dominance));
}

#[test]
fn few_others_who_improved_hide_the_effect_of_those_who_are_counted_together() {
    let mut definition = definition(&[Sheet::Effect]);
    let reliability = Reliability {
        r: 900,
        deviation: 2000,
        source: "test".to_owned(),
    };
    instrument(&mut definition, Some(reliability));
    let code = definition.instruments[0].code.clone();
    // Together twenty of forty improved; the first has twenty of the forty.
    for (improved, expected) in [
        ([15, 3, 2], Some(Rule::Complement)),
        ([5, 8, 7], Some(Rule::Complement)),
        ([10, 5, 5], None),
    ] {
        let mut world = World::default();
        for (at, agb) in NAMES.into_iter().enumerate() {
            let n = [20, 10, 10].get(at).copied().unwrap_or(40);
            let improved = improved.get(at).copied().unwrap_or(n / 2);
            let sums = [6_000, 4_000, 40_000_000, 8_000_000].map(|s| s * n);
            world.holder(agb, if at < 3 { 60 } else { 400 });
            for profile in ["kort", "middel"] {
                let sums = [&sums[..], &[improved]].concat();
                world.cell(Sheet::Effect, [agb, profile, &code], n, &sums);
            }
        }
        let built = world.build(&definition, &[]);
        let found = rule(&built, Sheet::Effect, &[SMALL_HOLDERS, "kort", &code]);
        assert_eq!(found, expected, "{improved:?}");
        // Of all forty as many improved as did not: it is what is left for one of them that hides it.
        let told = told(&built, &definition, &[SMALL_HOLDERS, "kort", &code]);
        assert_eq!(told, expected.map(|_| (None, None)));
        assert_eq!(open(&built), 0, "{improved:?}: {:?}", built.attacks);
        shield::verify(&built, &definition).expect("proof");
    }
}

#[test]
fn what_all_others_of_the_pool_answered_is_hidden_from_a_member() {
    let definition = definition(&[Sheet::Cqi]);
    let codes = |agb| [agb, "CQI-AMB-5.1", "gezondheid"];
    // Two of three gave the highest answer only; with those of the third the mean tells nothing.
    for (others, expected) in [(5_000, Some(Rule::Group)), (3_000, None)] {
        let mut world = World::default();
        for (at, agb) in NAMES.into_iter().enumerate() {
            world.holder(agb, if at < 3 { 60 } else { 400 });
            let (n, mean, spread) = match at {
                0 => (20, 2_000, 1_000_000),
                1 | 2 if others == 5_000 => (10, others, 0),
                _ => (10, 3_000, 1_000_000),
            };
            let sums = [n * mean, n * (mean * mean + spread)];
            world.cell(Sheet::Cqi, codes(agb), n, &sums);
        }
        let built = world.build(&definition, &[]);
        let found = rule(&built, Sheet::Cqi, &codes(SMALL_HOLDERS));
        assert_eq!(found, expected, "{others}");
        assert_eq!(open(&built), 0, "{others}: {:?}", built.attacks);
        shield::verify(&built, &definition).expect("proof");
    }
}

#[test]
fn a_mean_that_tells_what_nearly_everyone_answered_is_hidden() {
    let definition = definition(&[Sheet::Cqi]);
    // Answers 1 to 5 as they were counted, and whether fewer than ten, or a tenth, can have answered otherwise than most.
    let rows: [(&str, [i64; 5], bool); 9] = [
        ("all at the lowest", [12, 0, 0, 0, 0], true),
        ("all at the highest", [0, 0, 0, 0, 12], true),
        ("all in the middle", [0, 0, 12, 0, 0], true),
        ("nine others beside the lowest", [91, 9, 0, 0, 0], true),
        ("nine others beside the middle", [0, 9, 91, 0, 0], true),
        ("twelve others beside the lowest", [88, 12, 0, 0, 0], false),
        ("a tenth beside the highest", [0, 0, 0, 30, 300], true),
        ("more than a tenth beside it", [0, 0, 0, 60, 300], false),
        ("answers of all kinds", [2, 3, 3, 2, 2], false),
    ];
    for (name, counts, is_hidden) in rows {
        let mut world = World::default();
        for agb in NAMES {
            let own = if agb == NAMES[0] {
                counts
            } else {
                [4, 6, 8, 6, 4]
            };
            let answers = || (1..).zip(own);
            let n: i64 = own.iter().sum();
            let sum: i64 = answers().map(|(a, n)| 1_000 * a * n).sum();
            let squared: i64 = answers().map(|(a, n)| 1_000_000 * a * a * n).sum();
            world.holder(agb, 100);
            let codes = [agb, "CQI-AMB-5.1", "gezondheid"];
            world.cell(Sheet::Cqi, codes, n, &[sum, squared]);
        }
        let built = world.build(&definition, &[]);
        let codes = [NAMES[0], "CQI-AMB-5.1", "gezondheid"];
        let found = rule(&built, Sheet::Cqi, &codes);
        assert_eq!(found, is_hidden.then_some(Rule::Group), "{name}");
        assert_eq!(open(&built), 0, "{name}: {:?}", built.attacks);
        shield::verify(&built, &definition).expect("proof");
    }
}

#[test]
fn a_member_of_the_pool_knows_its_part_of_everything() {
    let definition = definition(&[Sheet::Volume, Sheet::Response]);
    let mut world = World::default();
    // Three small holders have 9 in group 07 and 9 in group 08, of which one has 8 each: together with the total of the two groups it
    // would know that the others have 2.
    let shares = [(8, 8), (1, 0), (0, 1)];
    for (at, agb) in NAMES.into_iter().enumerate() {
        world.holder(agb, if at < 3 { 70 } else { 100 });
        let (one, other) = shares.get(at).copied().unwrap_or((20, 20));
        let counts = [
            ("04", 40),
            ("05", 30),
            ("06", 30),
            ("07", one),
            ("08", other),
        ];
        world.volume(agb, &counts);
        let all = 100 + one + other;
        world.response(agb, [all - 45, 15, 15, 15]);
    }
    let built = world.build(&definition, &[]);
    assert_eq!(open(&built), 0, "{:?}", built.attacks);
    shield::verify(&built, &definition).expect("proof");
    let pool = |code: &str| cell(&built, Sheet::Volume, &[SMALL_HOLDERS, "kort", code]);
    assert!(pool("07").status.is_hidden() && pool("08").status.is_hidden());
    // What the two have together follows where everything else of the group, or of the row, is shown.
    let group = ["05", "06"].map(pool);
    let follows = !pool("angst").status.is_hidden() && group.iter().all(|c| !c.status.is_hidden());
    assert!(!follows, "the two of them are 18");
    // The proof names every member as an attacker: without one of them it is none.
    let mut fewer = built.clone();
    fewer.certificate = fewer.certificate.replace(NAMES[1], NAMES[0]);
    assert!(shield::verify(&fewer, &definition).is_err());
}

#[test]
fn an_instrument_of_a_holder_may_be_nobodys_under_each_of_its_profiles() {
    let definition = definition(&[Sheet::Volume, Sheet::Effect]);
    let code = definition.instruments[1].code.clone();
    let mut world = twelve();
    for agb in NAMES {
        world.cell(Sheet::Volume, [agb, "middel", "04"], 100, &[]);
        for profile in ["kort", "middel"] {
            // The first measured nobody of its second profile.
            if agb != NAMES[0] || profile == "kort" {
                let sums = [3_000_000, 2_400_000, 160_000_000_000, 15_000_000_000, 0];
                world.cell(Sheet::Effect, [agb, profile, &code], 60, &sums);
            }
        }
    }
    let built = world.build(&definition, &[]);
    let own = [NAMES[0], "middel", &code];
    assert_eq!(rule(&built, Sheet::Effect, &own), Some(Rule::Zero));
    assert_eq!(cell(&built, Sheet::Effect, &own).sums, [0; 5]);
    let total = cell(&built, Sheet::Effect, &["Total", "middel", &code]);
    assert_eq!((total.n, total.sums[0]), (660, 33_000_000));
    assert_eq!(open(&built), 0, "{:?}", built.attacks);
    shield::verify(&built, &definition).expect("proof");
}

#[test]
fn figures_whose_sums_do_not_fit_are_refused() {
    let definition = definition(&[Sheet::Effect]);
    let code = definition.instruments[1].code.clone();
    let mut world = twelve();
    for agb in NAMES {
        let sums = [1, 1, i64::MAX / 4, 1, 0];
        world.cell(Sheet::Effect, [agb, "kort", &code], 20, &sums);
    }
    let built = shield::build(&world.0, &definition, "2025", &[], 1, &mut Quiet);
    assert_eq!(built, Err(shield::Halt::TooLarge));
}
