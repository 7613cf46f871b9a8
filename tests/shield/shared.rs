//! Those who are counted together: what each of them makes of its own part, of what was repeated and of earlier releases; and proofs that say
//! otherwise.

use super::world::{World, cell, definition, open, release, rule};
use portaal_console::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use portaal_console::extract::Zeros;
use portaal_console::extract::built::{Built, Find, Leak, Rule};
use portaal_console::extract::definition::Definition;
use portaal_console::extract::earlier::Earlier;
use portaal_console::extract::read::Status;
use portaal_console::extract::{Quiet, shield};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const RESPONSES: [&str; 4] = ["completer", "dropout", "non_starter", "non_responder"];
const COMPLETERS: [&str; 3] = [SMALL_HOLDERS, "kort", "completer"];

fn names() -> Vec<String> {
    (1..=12).map(|at| format!("07{at:06}")).collect()
}

fn built(world: &World, definition: &Definition, period: &str, earlier: &[Earlier]) -> Built {
    let built = shield::build(&world.0, definition, period, earlier, 1, &mut Quiet);
    let built = built.expect("built");
    assert_eq!(open(&built), 0, "{:?}", built.attacks);
    shield::verify(&built, definition).expect("proof");
    built
}

/// Under one profile: responses, and how many of the completers each instrument measured.
fn care(world: &mut World, agb: &str, profile: &str, responses: [i64; 4], effects: &[(&str, i64)]) {
    let all: i64 = responses.iter().sum();
    for (group, n) in [("04", all / 2), ("05", all - all / 2)] {
        world.cell(Sheet::Volume, [agb, profile, group], n, &[]);
    }
    for (response, n) in RESPONSES.into_iter().zip(responses) {
        world.cell(Sheet::Response, [agb, profile, response], n, &[]);
    }
    for (code, n) in effects {
        let sums = [50_000, 40_000, 2_600_000_000, 250_000_000, 0].map(|s| s * n);
        world.cell(Sheet::Effect, [agb, profile, code], *n, &sums);
    }
}

/// Nine large holders and three small ones with these responses.
fn pool(small: [[i64; 4]; 3]) -> World {
    let mut world = World::default();
    for (at, agb) in names().iter().enumerate() {
        let responses = small.get(at).copied().unwrap_or([60, 20, 20, 20]);
        world.holder(agb, responses.iter().sum());
        care(&mut world, agb, "kort", responses, &[]);
    }
    world
}

fn tables() -> Definition {
    definition(&[Sheet::Volume, Sheet::Response])
}

/// Of thirty completers the second has 21, so that it knows nine of the others.
fn dominated() -> World {
    pool([[5, 10, 12, 12], [21, 20, 10, 10], [4, 8, 12, 12]])
}

#[test]
fn what_is_repeated_is_hidden_for_whose_it_was() {
    let definition = tables();
    let first = built(&dominated(), &definition, "2025", &[]);
    let is_dominated = |built: &Built| rule(built, Sheet::Response, &COMPLETERS);
    assert_eq!(is_dominated(&first), Some(Rule::Dominance));
    let earlier = release(&first, &definition, "2025");
    // Two of its completers turn out to be dropouts; and the first gets two, so that as many are counted as before.
    for (one, changed) in [([5, 10, 12, 12], vec![1]), ([7, 8, 12, 12], vec![0, 1])] {
        let mut world = pool([one, [19, 22, 10, 10], [4, 8, 12, 12]]);
        for at in changed {
            for response in ["completer", "dropout"] {
                world.changed(Sheet::Response, [&names()[at], "kort", response], &[2]);
            }
        }
        let forgotten = Earlier {
            own: BTreeMap::new(),
            ..earlier.clone()
        };
        for earlier in [&earlier, &forgotten] {
            let second = built(&world, &definition, "2025", std::slice::from_ref(earlier));
            assert_eq!(cell(&second, Sheet::Response, &COMPLETERS).n, 30);
            assert_eq!(is_dominated(&second), Some(Rule::Dominance), "{one:?}");
        }
    }
}

#[test]
fn what_came_of_others_since_an_earlier_release_is_hidden_from_a_member() {
    let definition = definition(&[Sheet::Volume]);
    let of = |small: [i64; 3], others: i64| {
        let mut world = World::default();
        for (at, agb) in names().iter().enumerate() {
            let n = small.get(at).copied().unwrap_or(others);
            world.holder(agb, 2 * n);
            world.volume(agb, &[("04", n), ("05", n)]);
        }
        world
    };
    let half = built(&of([10, 15, 15], 40), &definition, "2025-H1", &[]);
    let group = [SMALL_HOLDERS, "kort", "04"];
    assert_eq!(rule(&half, Sheet::Volume, &group), None);
    let earlier = release(&half, &definition, "2025-H1");
    // Of the eighteen that came the first has fifteen: it would know that the others have three. Of ten others it may know.
    for (small, is_hidden) in [([25, 17, 16], true), ([25, 20, 20], false)] {
        let year = of(small, 80);
        let year = built(&year, &definition, "2025", std::slice::from_ref(&earlier));
        let found = rule(&year, Sheet::Volume, &group);
        assert_eq!(found, is_hidden.then_some(Rule::Change), "{small:?}");
    }
}

#[test]
fn what_others_answered_since_an_earlier_release_is_hidden_from_a_member() {
    let definition = definition(&[Sheet::Cqi]);
    let (questionnaire, indicator) = ("CQI-AMB-5.1", "gezondheid");
    let shared = [SMALL_HOLDERS, questionnaire, indicator];
    let of = |small: [i64; 3], others: i64| {
        let mut world = World::default();
        for (at, agb) in names().iter().enumerate() {
            let n = small.get(at).copied().unwrap_or(others);
            world.holder(agb, if at < 3 { 60 } else { 400 });
            let codes = [agb, questionnaire, indicator];
            world.cell(Sheet::Cqi, codes, n, &[3_000 * n, 10_000_000 * n]);
        }
        world
    };
    let half = built(&of([10, 15, 15], 40), &definition, "2025-H1", &[]);
    assert_eq!(rule(&half, Sheet::Cqi, &shared), None);
    let earlier = release(&half, &definition, "2025-H1");
    for (small, is_hidden) in [([25, 17, 16], true), ([25, 20, 20], false)] {
        let year = of(small, 80);
        let year = built(&year, &definition, "2025", std::slice::from_ref(&earlier));
        let found = rule(&year, Sheet::Cqi, &shared);
        assert_eq!(found, is_hidden.then_some(Rule::Change), "{small:?}");
    }
}

/// Answers to a questionnaire: of three small holders, and forty of each of the others.
fn answers(small: [i64; 3]) -> World {
    let mut world = World::default();
    for (at, agb) in names().iter().enumerate() {
        let n = small.get(at).copied().unwrap_or(40);
        world.holder(agb, if at < 3 { 60 } else { 400 });
        let codes = [agb, "CQI-AMB-5.1", "gezondheid"];
        world.cell(Sheet::Cqi, codes, n, &[3_000 * n, 10_000_000 * n]);
        if n == 0 {
            // Whoever was there is gone.
            world.changed(Sheet::Cqi, codes, &[3]);
        }
    }
    world
}

#[test]
fn what_is_repeated_of_nobody_is_still_of_somebody() {
    let definition = definition(&[Sheet::Cqi]);
    let first = built(&answers([4, 3, 2]), &definition, "2025", &[]);
    let forgotten = Earlier {
        own: BTreeMap::new(),
        ..release(&first, &definition, "2025")
    };
    for earlier in [release(&first, &definition, "2025"), forgotten] {
        let second = answers([0, 0, 0]).build(&definition, &[earlier]);
        shield::verify(&second, &definition).expect("proof");
        let shared = [SMALL_HOLDERS, "CQI-AMB-5.1", "gezondheid"];
        assert_eq!(cell(&second, Sheet::Cqi, &shared).n, 9);
    }
}

#[test]
fn an_attack_says_what_gave_way_and_to_whom() {
    let definition = definition(&[Sheet::Cqi]);
    // One answer of 3 whose square is 10: whoever reckons with scores sees that the first of the pool has figures that nobody can have.
    let built = answers([1, 4, 4]).build(&definition, &[]);
    let found: Vec<&Find> = built.attacks.iter().flat_map(|a| &a.finds).collect();
    let shared = [SMALL_HOLDERS, "CQI-AMB-5.1", "gezondheid"];
    let find = Find {
        sheet: Sheet::Cqi,
        codes: shared.map(ToOwned::to_owned).to_vec(),
        leak: Leak::Count,
        who: Some(names()[0].clone()),
        release: None,
    };
    assert_eq!(found, [&find]);
    let of = |attacker: &str| built.attacks.iter().find(|a| a.attacker == attacker);
    assert_eq!(of("insider").map(|a| a.open), Some(1));
    assert_eq!(open(&built), 1);
}

#[test]
fn a_table_that_shows_nothing_gives_nothing_away() {
    let definition = definition(&[Sheet::Cqi]);
    let first = built(&answers([4, 3, 2]), &definition, "2025", &[]);
    let earlier = release(&first, &definition, "2025");
    let mut world = answers([4, 3, 2]);
    for agb in &names()[..3] {
        world.leave_out(agb);
    }
    // Nine care providers are left, too few to show their total; who kept the first release knows it all the same within those who went.
    let second = built(&world, &definition, "2025", &[earlier]);
    assert!(second.cells.iter().all(|c| c.status.is_hidden()));
    let total = [TOTAL, "CQI-AMB-5.1", "gezondheid"];
    assert_eq!(rule(&second, Sheet::Cqi, &total), Some(Rule::Contributors));
}

#[test]
fn a_proof_that_leaves_a_member_out_is_refused() {
    let definition = definition(&[Sheet::Cqi]);
    let whole = built(&answers([4, 3, 2]), &definition, "2025", &[]);
    let row = whole.cells.iter().position(|c| c.codes[0] == SMALL_HOLDERS);
    // Of the nine the first has four: tables in which fewer than four are left prove nothing to it.
    let mut left = 0;
    let forged = with(&whole, |proof| {
        let wholes = proof["scores"][0]["wholes"]
            .as_array_mut()
            .expect("whole tables");
        wholes.retain(|table| {
            let changes = table["n"].as_array().cloned().unwrap_or_default();
            let own = changes.into_iter().find(|change| change[0] == json!(row));
            let by = own.map_or(0, |change| change[1].as_i64().expect("a number"));
            left += i64::from(by < -5);
            !(-5..0).contains(&by)
        });
    });
    assert!(left > 0, "an outsider has none either");
    assert!(matches!(
        shield::verify(&forged, &definition),
        Err(shield::Doubt::Mean(..))
    ));
}

#[test]
fn effect_that_left_alone_and_effect_with_its_care_are_one_system() {
    let (full, alone) = (
        definition(&[Sheet::Volume, Sheet::Response, Sheet::Effect]),
        definition(&[Sheet::Effect]),
    );
    let mut world = World::default();
    for (at, agb) in names().iter().enumerate() {
        world.holder(agb, 800);
        for (place, profile) in ["kort", "middel"].into_iter().enumerate() {
            let few = [5, 60][place];
            let (responses, effects) = match at {
                0 => ([few, 30, 30, 30], vec![("OQ45-sd", few)]),
                1 => ([200, 60, 60, 60], vec![("OQ45-sd", 20), ("SQ48", 180)]),
                2 => ([200, 60, 60, 60], vec![("OQ45-sd", 30), ("SQ48", 170)]),
                _ => ([100, 40, 40, 40], vec![("OQ45-sd", 80), ("SQ48", 60)]),
            };
            care(&mut world, agb, profile, responses, &effects);
        }
    }
    for (first, second) in [(&alone, &full), (&full, &alone)] {
        let one = built(&world, first, "2025", &[]);
        let two = built(&world, second, "2025", &[release(&one, first, "2025")]);
        let is_shown = |codes: &[&str]| {
            let both = [&one, &two].map(|built| cell(built, Sheet::Effect, codes));
            both.iter().any(|c| !c.status.is_hidden())
        };
        for profile in ["kort", "middel"] {
            let of = |agb: &String| is_shown(&[agb, profile, "OQ45-sd"]);
            let dark = names().iter().filter(|agb| !of(agb)).count();
            let total = is_shown(&["Total", profile, "OQ45-sd"]);
            assert!(!(total && dark == 1), "{profile}: one is left");
        }
    }
}

#[test]
fn who_has_all_of_a_total_may_know_it_where_zeros_are_shown() {
    let mut definition = definition(&[Sheet::Volume]);
    definition.rules.zeros.value = Zeros::Publish;
    let mut world = World::default();
    for (at, agb) in names().iter().enumerate() {
        world.holder(agb, 400);
        let [one, other] = [at == 0, at == 1].map(|has| if has { 30 } else { 0 });
        world.volume(agb, &[("04", 40), ("05", 40), ("07", one), ("08", other)]);
    }
    built(&world, &definition, "2025", &[]);
}

/// A table of effect in which nothing can be shown: nine of each of three small holders, and eight of another.
#[test]
fn what_those_who_are_counted_together_have_of_a_total_is_no_riddle_to_them() {
    let definition = definition(&[Sheet::Effect]);
    let code = definition.instruments[0].code.clone();
    let mut world = World::default();
    for (at, agb) in names().iter().take(4).enumerate() {
        let (closed, n) = if at < 3 { (30, 9) } else { (400, 8) };
        world.holder(agb, closed);
        care(&mut world, agb, "kort", [n, 0, 0, 0], &[(&code, n)]);
    }
    world.0.leaves.retain(|leaf| leaf.sheet == Sheet::Effect);
    let built = built(&world, &definition, "2025", &[]);
    assert_eq!(built.pooled.len(), 3);
    for agb in [TOTAL, SMALL_HOLDERS, &names()[3]] {
        let cell = cell(&built, Sheet::Effect, &[agb, "kort", &code]);
        assert!(cell.status.is_hidden(), "{cell:?}");
    }
}

/// An extract with something else in its proof.
fn with(built: &Built, change: impl FnOnce(&mut Value)) -> Built {
    let mut proof: Value = serde_json::from_str(&built.certificate).expect("JSON");
    change(&mut proof);
    Built {
        certificate: proof.to_string(),
        ..built.clone()
    }
}

#[test]
fn a_proof_that_proves_nothing_is_refused() {
    let definition = tables();
    let whole = built(&dominated(), &definition, "2025", &[]);
    let refused = |forged: &Built| shield::verify(forged, &definition).expect_err("refused");

    // Nothing hidden for others, and bounds that ask for nothing.
    let mut bare = with(&whole, |proof| {
        let all = 0..whole.cells.len();
        let hidden = all.filter(|row| whole.cells[*row].status == Status::Primary);
        let bounds: Vec<Value> = hidden.map(|row| json!([row, 0, 0])).collect();
        proof["tables"][0]["bounds"] = json!(bounds);
        proof["tables"][0]["certificate"]["witnesses"] = json!([]);
    });
    for cell in bare.cells.iter_mut().filter(|c| c.rule.is_none()) {
        cell.status = Status::Published;
    }
    assert!(matches!(refused(&bare), shield::Doubt::Bounds(..)));

    // Parts that add up in the cell and not over profiles.
    let parts = BTreeMap::from(
        [(&names()[0], 15), (&names()[1], 0), (&names()[2], 15)].map(|(agb, n)| (agb.clone(), n)),
    );
    let forged = with(&whole, |proof| {
        for own in proof["own"].as_array_mut().expect("parts") {
            if own["codes"][1] == "kort" && own["codes"][2] == "completer" {
                own["n"] = json!(parts[own["codes"][0].as_str().expect("AGB")]);
            }
        }
    });
    assert_eq!(refused(&forged), shield::Doubt::Form);

    // What is too small cannot be hidden for others.
    let mut world = dominated();
    world.holder("07000099", 103);
    care(&mut world, "07000099", "kort", [60, 3, 20, 20], &[]);
    let mut small = built(&world, &definition, "2025", &[]);
    let own = small.cells.iter_mut().find(|c| c.rule == Some(Rule::Small));
    (own.expect("a small cell")).status = Status::Secondary;
    assert!(matches!(refused(&small), shield::Doubt::Bounds(..)));

    // Numbers that no sum can hold.
    let most = json!(i64::MAX);
    for (name, changed) in [
        ("bounds", json!([[0, 0, most]])),
        ("bounds", json!([[0, i64::MIN, 0]])),
        ("certificate", Value::Null),
    ] {
        let forged = with(&whole, |proof| match name {
            "bounds" => proof["tables"][0]["bounds"] = changed,
            _ => proof["tables"][0]["certificate"]["witnesses"] = json!([[[0, most], [1, most]]]),
        });
        assert_eq!(refused(&forged), shield::Doubt::Form, "{name}");
    }
    let forged = with(&whole, |proof| {
        for own in proof["own"].as_array_mut().expect("parts") {
            own["n"] = json!(i64::MAX);
        }
    });
    assert_eq!(refused(&forged), shield::Doubt::Form);
}
