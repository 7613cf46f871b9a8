//! Response and effect of the same clients: whoever is counted in an effect is a completer, so neither may give the other away.

use super::world::{World, cell, definition, open, rule};
use portaal_console::domain::sheet::Sheet;
use portaal_console::extract::built::{Built, Rule};
use portaal_console::extract::definition::Definition;
use portaal_console::extract::shield;
use proptest::prelude::{ProptestConfig, prop};
use proptest::{prop_assert, proptest};
use std::collections::BTreeMap;

const PROFILES: [&str; 2] = ["kort", "middel"];
const INSTRUMENTS: [&str; 2] = ["OQ45-sd", "SQ48"];

fn names() -> Vec<String> {
    (1..=12).map(|at| format!("07{at:06}")).collect()
}

fn tables() -> Definition {
    definition(&[Sheet::Volume, Sheet::Response, Sheet::Effect])
}

/// What an organisation has under one profile: its responses, and how many of the completers each instrument measured.
#[derive(Debug, Clone, Copy)]
struct Care {
    responses: [i64; 4],
    effects: [i64; 2],
}

fn add(world: &mut World, agb: &str, profile: &str, care: Care) {
    let all: i64 = care.responses.iter().sum();
    let codes = ["completer", "dropout", "non_starter", "non_responder"];
    for (diagnosis, n) in [("04", all / 2), ("05", all - all / 2)] {
        if n > 0 {
            world.cell(Sheet::Volume, [agb, profile, diagnosis], n, &[]);
        }
    }
    for (code, n) in codes.into_iter().zip(care.responses) {
        if n > 0 {
            world.cell(Sheet::Response, [agb, profile, code], n, &[]);
        }
    }
    for (code, n) in INSTRUMENTS.into_iter().zip(care.effects) {
        if n > 0 {
            let sums = [
                n * 50_000,
                n * 40_000,
                n * 2_600_000_000,
                n * 250_000_000,
                0,
            ];
            world.cell(Sheet::Effect, [agb, profile, code], n, &sums);
        }
    }
}

/// Twelve organisations; the first has what is given, the others enough of everything.
fn world(first: Care) -> World {
    let mut world = World::default();
    for (at, agb) in names().iter().enumerate() {
        world.holder(agb, 400);
        for profile in PROFILES {
            let enough = Care {
                responses: [60, 20, 20, 20],
                effects: [60, 0],
            };
            let is_first = at == 0 && profile == PROFILES[0];
            add(
                &mut world,
                agb,
                profile,
                if is_first { first } else { enough },
            );
        }
    }
    world
}

/// The published count of each cell, none for a hidden one.
type Seen = BTreeMap<(Sheet, Vec<String>), Option<i64>>;

/// What somebody makes of a row: cells that must be able to be nobody and ten, and are pinned by the sums of the row and by what the
/// effects say of the completers. Works from published counts only.
fn pinned(built: &Built) -> Vec<String> {
    let key = |sheet, codes: [&str; 3]| (sheet, codes.map(ToOwned::to_owned).to_vec());
    let seen: Seen = built
        .cells
        .iter()
        .map(|c| {
            let shown = (!c.status.is_hidden()).then_some(c.n);
            ((c.sheet, c.codes.clone()), shown)
        })
        .collect();
    let mut found = Vec::new();
    for agb in names() {
        for profile in PROFILES {
            let at = |sheet, last: &str| seen.get(&key(sheet, [&agb, profile, last])).copied();
            let effects: Vec<Option<i64>> = INSTRUMENTS
                .iter()
                .filter_map(|i| at(Sheet::Effect, i))
                .collect();
            let least = effects.iter().flatten().max().copied().unwrap_or(0);
            let completers = at(Sheet::Response, "completer").flatten();
            if completers.is_none() && effects.len() == 1 && effects[0].is_some() {
                found.push(format!("{agb} {profile}: completers are {least}"));
            }
            if let (Some(n), [None]) = (completers, &effects[..]) {
                let own = cell(built, Sheet::Effect, &[&agb, profile, INSTRUMENTS[0]]);
                if own.rule.is_some_and(|r| r != Rule::Sums) {
                    found.push(format!("{agb} {profile}: effect is {n}"));
                }
            }
            let Some(row) = at(Sheet::Volume, "Total").flatten() else {
                continue;
            };
            let others = ["dropout", "non_starter", "non_responder"];
            let shown: i64 = others
                .iter()
                .filter_map(|r| at(Sheet::Response, r).flatten())
                .sum();
            let hidden: Vec<&str> = others
                .into_iter()
                .filter(|r| at(Sheet::Response, r) == Some(None))
                .collect();
            let most = row - shown - completers.unwrap_or(least);
            for response in hidden {
                let codes = [agb.as_str(), profile, response];
                let is_small = matches!(
                    rule(built, Sheet::Response, &codes),
                    Some(Rule::Small | Rule::Zero)
                );
                if is_small && most < 10 {
                    found.push(format!("{codes:?} is at most {most}"));
                }
            }
        }
    }
    found
}

#[test]
fn an_effect_is_hidden_with_the_completers_that_it_counts() {
    let definition = tables();
    // Three dropouts: the completers must be hidden with them, or the row; sixty in the effect would be the completers.
    for (responses, effects) in [
        ([60, 3, 20, 20], [60, 0]),
        ([60, 3, 0, 0], [60, 0]),
        ([60, 3, 2, 20], [58, 40]),
        ([95, 3, 0, 2], [95, 0]),
        ([5, 40, 40, 20], [5, 0]),
    ] {
        let built = world(Care { responses, effects }).build(&definition, &[]);
        assert_eq!(pinned(&built), [""; 0], "{responses:?} {effects:?}");
        assert_eq!(open(&built), 0, "{responses:?}: {:?}", built.attacks);
        shield::verify(&built, &definition).expect("proof");
    }
}

#[test]
fn who_is_not_in_an_effect_is_a_count_too() {
    let definition = tables();
    let care = Care {
        responses: [95, 12, 0, 0],
        effects: [95, 0],
    };
    let whole = Care {
        responses: [95, 4, 3, 1],
        effects: [94, 30],
    };
    let codes = [&*names()[0], PROFILES[0], INSTRUMENTS[0]];
    let open_row = world(care).build(&definition, &[]);
    assert_eq!(rule(&open_row, Sheet::Effect, &codes), None);
    let built = world(whole).build(&definition, &[]);
    assert_eq!(rule(&built, Sheet::Effect, &codes), Some(Rule::Complement));
}

#[test]
fn a_proof_without_what_ties_effect_to_response_is_refused() {
    let definition = tables();
    let care = Care {
        responses: [60, 3, 20, 20],
        effects: [50, 40],
    };
    let built = world(care).build(&definition, &[]);
    shield::verify(&built, &definition).expect("proof");
    let mut proof: serde_json::Value = serde_json::from_str(&built.certificate).expect("JSON");
    let mut changed = |name: &str| {
        let tables = proof["tables"].as_array_mut().expect("tables");
        let care = tables.iter_mut().find(|t| t["sheet"] == "volume");
        let it = &mut care.expect("care")["certificate"][name];
        assert!(!it.as_array().expect("a list").is_empty(), "{name}");
        *it = serde_json::json!([]);
        let certificate = proof.to_string();
        shield::verify(
            &Built {
                certificate,
                ..built.clone()
            },
            &definition,
        )
    };
    // First without the relations alone, then without the cells beside the tables as well.
    for name in ["relations", "beside"] {
        assert_eq!(changed(name), Err(shield::Doubt::Form), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the responses and instruments of a few organisations are, nothing of a row is pinned.
    #[test]
    fn effect_and_response_together_pin_nothing(
        rows in prop::collection::vec((prop::array::uniform4(0_i64..40), 0_i64..=100, 0_i64..=100), 6)
    ) {
        let definition = tables();
        let mut world = World::default();
        for (at, agb) in names().iter().enumerate() {
            world.holder(agb, 400);
            for (place, profile) in PROFILES.into_iter().enumerate() {
                let enough = Care { responses: [60, 20, 20, 20], effects: [60, 0] };
                let own = rows.get(2 * at + place).map(|(responses, one, other)| {
                    let completers = responses[0];
                    let one = completers * one / 100;
                    Care { responses: *responses, effects: [one, (completers - one).max(completers * other / 100)] }
                });
                add(&mut world, agb, profile, own.unwrap_or(enough));
            }
        }
        let built = world.build(&definition, &[]);
        prop_assert!(pinned(&built).is_empty(), "{:?}", pinned(&built));
        prop_assert!(open(&built) == 0, "{:?}", built.attacks);
        prop_assert!(shield::verify(&built, &definition).is_ok());
    }
}
