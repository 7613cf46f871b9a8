//! A second release beside the first: whoever keeps both learns nothing of the few who came between.

use super::world::{PERIOD, World, cell, definition, open, release, rule, tiny};
use portaal_console::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use portaal_console::extract::built::{Built, BuiltCell, Find, Leak, Rule};
use portaal_console::extract::definition::Definition;
use portaal_console::extract::earlier::Earlier;
use portaal_console::extract::read::Status;
use portaal_console::extract::{Quiet, shield};
use std::collections::BTreeMap;

const NAMES: [&str; 12] = [
    "02000001", "02000002", "02000003", "02000004", "02000005", "02000006", "02000007", "02000008",
    "02000009", "02000010", "02000011", "02000012",
];

fn twelve() -> World {
    let mut world = World::default();
    for agb in NAMES {
        world.holder(agb, 100);
        world.volume(agb, &[("04", 40), ("05", 40), ("07", 20)]);
        world.response(agb, [50, 20, 15, 15]);
    }
    world
}

/// One more delivery: `came` care paths of the first organisation, all completers in one diagnosis group.
fn delivered(came: i64) -> World {
    let mut world = twelve();
    for leaf in world.0.leaves.iter_mut().filter(|l| l.codes[0] == NAMES[0]) {
        let grows = ["04", "completer"].contains(&leaf.codes[2].as_str());
        leaf.n += if grows { came } else { 0 };
        leaf.changed = vec![if grows { came } else { 0 }];
    }
    world
}

/// The differencing attack of somebody who kept both files: what both show, subtracted.
fn subtract(now: &Built, then: &Earlier, least: i64) -> Vec<(Vec<String>, i64)> {
    let shown = |c: &&BuiltCell| !c.status.is_hidden();
    let before: BTreeMap<_, i64> = then
        .cells
        .iter()
        .filter(shown)
        .map(|c| ((c.sheet, &c.codes), c.n))
        .collect();
    let both = now.cells.iter().filter(shown).filter_map(|c| {
        let change = c.n - before.get(&(c.sheet, &c.codes))?;
        (change != 0 && change.abs() < least).then(|| (c.codes.clone(), change))
    });
    both.collect()
}

fn care() -> Definition {
    definition(&[Sheet::Volume, Sheet::Response])
}

#[test]
fn a_second_release_after_one_more_delivery_gives_nobody_away() {
    let definition = care();
    let first = release(&twelve().build(&definition, &[]), &definition, PERIOD);
    for (came, waits) in [(1, true), (9, true), (10, false), (12, false)] {
        let world = delivered(came);
        let unaware = world.build(&definition, &[]);
        let attacked = subtract(&unaware, &first, 10);
        assert_eq!(
            !attacked.is_empty(),
            waits,
            "without the registry {came} can be seen: {attacked:?}"
        );
        let aware = world.build(&definition, std::slice::from_ref(&first));
        assert_eq!(subtract(&aware, &first, 10), [], "{came}");
        assert_eq!(open(&aware), 0, "{came}: {:?}", aware.attacks);
        assert!(
            aware
                .attacks
                .iter()
                .any(|a| a.attacker == "earlier" && a.tried > 0)
        );
        let own = cell(&aware, Sheet::Volume, &[NAMES[0], "kort", "Total"]).n;
        assert_eq!(
            (own, aware.waiting),
            if waits { (100, came) } else { (100 + came, 0) }
        );
    }
}

#[test]
fn what_waited_once_is_not_forgotten() {
    let definition = care();
    let first = release(&twelve().build(&definition, &[]), &definition, PERIOD);
    let second = delivered(6).build(&definition, std::slice::from_ref(&first));
    let second = release(&second, &definition, PERIOD);
    // Nothing came since the second release, but it shows what was true at the first: six would be seen.
    let mut third = delivered(6);
    third.changed(Sheet::Volume, [NAMES[0], "kort", "04"], &[6, 0]);
    third.changed(Sheet::Response, [NAMES[0], "kort", "completer"], &[6, 0]);
    let built = third.build(&definition, &[first.clone(), second.clone()]);
    assert_eq!(cell(&built, Sheet::Volume, &[NAMES[0], "kort", "04"]).n, 40);
    assert_eq!(built.waiting, 6);
    // Six more make twelve since the figures that are known.
    let mut fourth = delivered(12);
    fourth.changed(Sheet::Volume, [NAMES[0], "kort", "04"], &[12, 6]);
    fourth.changed(Sheet::Response, [NAMES[0], "kort", "completer"], &[12, 6]);
    let built = fourth.build(&definition, &[first, second]);
    assert_eq!(cell(&built, Sheet::Volume, &[NAMES[0], "kort", "04"]).n, 52);
}

#[test]
fn volume_and_response_are_renewed_together() {
    let definition = care();
    let first = release(&twelve().build(&definition, &[]), &definition, PERIOD);
    // Twelve who came, in two groups of six, all completers: the response alone could be renewed.
    let mut world = twelve();
    for leaf in world.0.leaves.iter_mut().filter(|l| l.codes[0] == NAMES[0]) {
        let came = match leaf.codes[2].as_str() {
            "04" | "05" => 6,
            "completer" => 12,
            _ => 0,
        };
        (leaf.n, leaf.changed) = (leaf.n + came, vec![came]);
    }
    let built = world.build(&definition, std::slice::from_ref(&first));
    assert_eq!(
        cell(&built, Sheet::Response, &[NAMES[0], "kort", "completer"]).n,
        50
    );
    assert_eq!(built.waiting, 12);
    assert_eq!(open(&built), 0);
}

#[test]
fn effect_waits_with_the_care_it_belongs_to() {
    let definition = definition(&[Sheet::Volume, Sheet::Response, Sheet::Effect]);
    let code = definition.instruments[1].code.clone();
    // Twenty-four who came, eight in each of three groups: the volume cannot be renewed, the effect alone could.
    let world = |came: i64| {
        let mut world = World::default();
        for agb in NAMES {
            let late = if agb == NAMES[0] { came } else { 0 };
            world.holder(agb, 100);
            world.volume(
                agb,
                &[("04", 40 + late), ("05", 30 + late), ("07", 30 + late)],
            );
            world.response(agb, [60 + 3 * late, 20, 0, 20]);
            let n = 60 + 3 * late;
            let sums = [
                n * 50_000,
                n * 40_000,
                n * 2_600_000_000,
                n * 150_000_000,
                0,
            ];
            world.cell(Sheet::Effect, [agb, "kort", &code], n, &sums);
        }
        for leaf in world.0.leaves.iter_mut().filter(|l| l.codes[0] == NAMES[0]) {
            let rows = match leaf.sheet {
                Sheet::Volume => came,
                _ if ["completer", &code].contains(&leaf.codes[2].as_str()) => 3 * came,
                _ => 0,
            };
            leaf.changed = vec![rows];
        }
        world
    };
    let first = release(&world(0).build(&definition, &[]), &definition, PERIOD);
    let built = world(8).build(&definition, std::slice::from_ref(&first));
    let own = |sheet, last: &str| cell(&built, sheet, &[NAMES[0], "kort", last]).n;
    assert_eq!(own(Sheet::Volume, "04"), 40);
    assert_eq!(own(Sheet::Response, "completer"), 60);
    assert_eq!(own(Sheet::Effect, &code), 60);
    assert_eq!(built.waiting, 24);
    assert_eq!(open(&built), 0, "{:?}", built.attacks);
}

#[test]
fn who_leaves_is_not_the_difference_of_two_totals() {
    let definition = definition(&[Sheet::Volume]);
    let mut world = twelve();
    world.holder("02000099", 100);
    world.volume("02000099", &[("04", 47), ("05", 50), ("07", 3)]);
    let first = release(&world.build(&definition, &[]), &definition, PERIOD);
    let small = first
        .cells
        .iter()
        .find(|c| c.codes == ["02000099", "kort", "07"]);
    assert!(small.is_some_and(|c| c.status.is_hidden()));
    world.leave_out("02000099");
    let total = ["Total", "kort", "07"];
    let unaware = world.build(&definition, &[]);
    let before = first
        .cells
        .iter()
        .find(|c| c.codes == total)
        .expect("total");
    let is_shown = !before.status.is_hidden();
    assert!(is_shown && !cell(&unaware, Sheet::Volume, &total).status.is_hidden());
    let aware = world.build(&definition, std::slice::from_ref(&first));
    assert_eq!(rule(&aware, Sheet::Volume, &total), Some(Rule::Change));
    assert_eq!(open(&aware), 0, "{:?}", aware.attacks);
}

#[test]
fn who_is_left_out_is_not_published_again() {
    let definition = care();
    let gone = "02000099";
    let mut world = twelve();
    world.holder(gone, 105);
    world.volume(gone, &[("04", 40), ("05", 60)]);
    world.response(gone, [40, 20, 20, 20]);
    // Five under another profile: too few to go without waiting, were it still in.
    for (agb, n) in NAMES.into_iter().map(|a| (a, 40)).chain([(gone, 5)]) {
        world.cell(Sheet::Volume, [agb, "chronisch", "04"], n, &[]);
        world.cell(Sheet::Response, [agb, "chronisch", "completer"], n, &[]);
    }
    let first = release(&world.build(&definition, &[]), &definition, PERIOD);
    assert!(first.cells.iter().any(|c| c.codes[0] == gone && c.n > 0));
    world.leave_out(gone);
    let built = world.build(&definition, std::slice::from_ref(&first));
    let own: Vec<_> = built.cells.iter().filter(|c| c.codes[0] == gone).collect();
    assert!(own.is_empty(), "{own:?}");
    let all = cell(&built, Sheet::Volume, &["Total", "Total", "Total"]).n;
    assert_eq!((all, built.waiting), (12 * 140, 0));
    assert_eq!(open(&built), 0, "{:?}", built.attacks);
}

#[test]
fn a_year_beside_its_first_half_hides_a_small_second_half() {
    let definition = definition(&[Sheet::Volume]);
    let half = release(&twelve().build(&definition, &[]), &definition, "2025-H1");
    // The whole year has four more in one cell of one organisation, and thirty more in one of another.
    let mut year = twelve();
    for leaf in &mut year.0.leaves {
        let codes: Vec<&str> = leaf.codes.iter().map(String::as_str).collect();
        leaf.n += match codes[..] {
            [agb, _, "04"] if agb == NAMES[0] => 4,
            [agb, _, "04"] if agb == NAMES[1] => 30,
            _ => 0,
        };
    }
    assert!(!subtract(&year.build(&definition, &[]), &half, 10).is_empty());
    let built = year.build(&definition, std::slice::from_ref(&half));
    assert_eq!(subtract(&built, &half, 10), []);
    let cells = [NAMES[0], NAMES[1]].map(|agb| rule(&built, Sheet::Volume, &[agb, "kort", "04"]));
    assert_eq!(cells, [Some(Rule::Change), None]);
    assert_eq!(open(&built), 0, "{:?}", built.attacks);
}

#[test]
fn who_stood_alone_stays_alone_and_who_was_in_the_pool_stays_in() {
    let definition = definition(&[Sheet::Volume]);
    let mut world = twelve();
    for (at, holder) in world.0.holders.iter_mut().enumerate() {
        holder.closed = [70, 70, 70, 76].get(at).copied().unwrap_or(100);
    }
    // What the fourth hides would be the pool of now without the pool of then, had it joined.
    for leaf in world.0.leaves.iter_mut().filter(|l| l.codes[0] == NAMES[3]) {
        leaf.n = match leaf.codes[2].as_str() {
            "04" => 3,
            "05" => 16,
            _ => 57,
        };
    }
    let first = release(&world.build(&definition, &[]), &definition, PERIOD);
    assert_eq!(first.pooled, NAMES[..3]);
    (world.0.holders[3].closed, world.0.holders[0].closed) = (75, 90);
    for leaf in world.0.leaves.iter_mut().filter(|l| l.codes[0] == NAMES[3]) {
        leaf.n -= i64::from(leaf.codes[2] == "07");
    }
    let unaware = world.build(&definition, &[]);
    assert_eq!(unaware.pooled, NAMES[1..4]);
    let built = world.build(&definition, std::slice::from_ref(&first));
    assert_eq!(built.pooled, first.pooled);
    assert_eq!(open(&built), 0, "{:?}", built.attacks);
    // Of a pool of three two are left out: the third is still counted as the pool, and nothing of it is shown.
    world.leave_out(NAMES[1]).leave_out(NAMES[2]);
    let built = world.build(&definition, std::slice::from_ref(&first));
    assert_eq!(built.pooled, NAMES[..1]);
    let of_pool = built.cells.iter().filter(|c| c.codes[0] == SMALL_HOLDERS);
    assert!(of_pool.clone().count() > 0 && of_pool.clone().all(|c| c.status.is_hidden()));
}

/// Twenty answers of each of twelve organisations, in one instrument, all the same.
fn scores() -> World {
    let mut world = World::default();
    for agb in NAMES {
        world.holder(agb, 100);
        let sums = [50_000, 40_000, 2_600_000_000, 150_000_000, 0];
        world.cell(
            Sheet::Effect,
            [agb, "kort", "OQ45-sd"],
            20,
            &sums.map(|s| 20 * s),
        );
    }
    world
}

/// How far a proof says that a count of effect may be apart, where its rule says so.
fn room_of(built: &Built, codes: &[&str]) -> Option<i64> {
    let row = built.cells.iter().position(|c| c.codes == codes);
    let proof: serde_json::Value = serde_json::from_str(&built.certificate).expect("JSON");
    let bounds = proof["tables"][0]["bounds"].as_array().expect("bounds");
    let own = bounds.iter().find(|b| b[0] == serde_json::json!(row))?;
    Some(own[2].as_i64()? - own[1].as_i64()?)
}

#[test]
fn one_score_that_was_corrected_is_not_the_difference_of_two_means() {
    let definition = definition(&[Sheet::Effect]);
    let mut other = definition.clone();
    other.version = 2;
    let cell = [NAMES[0], "kort", "OQ45-sd"];
    let half = release(&scores().build(&definition, &[]), &definition, PERIOD);
    for (rows, is_hidden) in [(1, true), (9, true), (10, false)] {
        let mut world = scores();
        // From 10 points less to 40 more: both the sum and the squares of the differences.
        world.0.leaves[0].sums[1] += 50_000 * rows;
        world.0.leaves[0].sums[3] += 1_500_000_000 * rows;
        world.changed(Sheet::Effect, cell, &[rows]);
        // A year to which nothing was added since its half, and the same period under another definition.
        for (period, definition) in [("2025-H1", &definition), (PERIOD, &other)] {
            let earlier = Earlier {
                period: period.to_owned(),
                ..half.clone()
            };
            let unaware = world.build(definition, &[]);
            assert_eq!(rule(&unaware, Sheet::Effect, &cell), None);
            let built = world.build(definition, std::slice::from_ref(&earlier));
            let found = rule(&built, Sheet::Effect, &cell);
            assert_eq!(found, is_hidden.then_some(Rule::Change), "{rows} {period}");
            // As many as before: of the same period that left already, of another there may be ten more.
            let room = is_hidden.then_some(if period == PERIOD { 0 } else { 10 });
            assert_eq!(room_of(&built, &cell), room, "{rows} {period}");
            assert_eq!(open(&built), 0, "{:?}", built.attacks);
        }
    }
}

#[test]
fn an_earlier_release_is_read_with_its_own_codes() {
    let definition = definition(&[Sheet::Volume]);
    let mut world = twelve();
    for (at, agb) in NAMES.into_iter().enumerate() {
        world.volume(agb, &[("06", if at == 0 { 5 } else { 40 }), ("08", 30)]);
    }
    let first = release(&world.build(&definition, &[]), &definition, PERIOD);
    for change in ["renamed", "moved", "between"] {
        let mut other = definition.clone();
        other.version = 2;
        for diagnosis in &mut other.diagnoses {
            match (change, diagnosis.code.as_str()) {
                ("renamed", "angst") => diagnosis.code = "angst-b".to_owned(),
                ("renamed", _) if diagnosis.parent.as_deref() == Some("angst") => {
                    diagnosis.parent = Some("angst-b".to_owned());
                }
                ("moved", "06") => diagnosis.parent = Some("overig".to_owned()),
                ("between", "05" | "07" | "08") => diagnosis.parent = Some("angst-b".to_owned()),
                _ => {}
            }
        }
        if change == "between" {
            let mut group = other
                .diagnoses
                .iter()
                .find(|d| d.code == "angst")
                .cloned()
                .expect("angst");
            (group.code, group.parent) = ("angst-b".to_owned(), Some("angst".to_owned()));
            other.diagnoses.push(group);
        }
        assert!(Definition::parse(&other.to_json()).is_ok(), "{change}");
        let built = world.build(&other, std::slice::from_ref(&first));
        assert_eq!(open(&built), 0, "{change}: {:?}", built.attacks);
        let small = cell(&built, Sheet::Volume, &[NAMES[0], "kort", "06"]);
        assert!(small.status.is_hidden(), "{change}");
        // What the other release shows of the group is not taken off: the small one does not follow from the two.
        let at = |codes: &[&str], cells: &[BuiltCell]| {
            let found = cells.iter().find(|c| c.codes == codes);
            found.filter(|c| !c.status.is_hidden()).map(|c| c.n)
        };
        let group = at(&[NAMES[0], "kort", "angst"], &first.cells);
        let others = ["05", "07", "08"].map(|code| {
            let codes = [NAMES[0], "kort", code];
            at(&codes, &first.cells).or_else(|| at(&codes, &built.cells))
        });
        let known = group.is_some() && others.iter().all(Option::is_some);
        assert!(!known, "{change}: {group:?} {others:?}");
    }
}

#[test]
fn a_recalled_release_with_another_definition_is_still_known() {
    let mut other = tiny(&[Sheet::Volume]);
    other.version = 9;
    let first = release(&twelve().build(&other, &[]), &other, PERIOD);
    let definition = definition(&[Sheet::Volume]);
    let built = delivered(2).build(&definition, std::slice::from_ref(&first));
    // Under another definition its figures cannot be repeated; what changed is hidden instead.
    assert_eq!(
        rule(&built, Sheet::Volume, &[NAMES[0], "kort", "04"]),
        Some(Rule::Change)
    );
    assert_eq!(subtract(&built, &first, 10), []);
}

#[test]
fn who_was_erased_since_counts_as_gone() {
    let definition = definition(&[Sheet::Volume]);
    let first = release(&twelve().build(&definition, &[]), &definition, PERIOD);
    // Three were erased and three others came: the count is the same, and six rows are not.
    let mut world = twelve();
    for leaf in world
        .0
        .leaves
        .iter_mut()
        .filter(|l| l.codes[..] == [NAMES[0], "kort", "04"])
    {
        (leaf.changed, leaf.then) = (vec![3], vec![37]);
    }
    let built = world.build(&definition, std::slice::from_ref(&first));
    assert_eq!(built.waiting, 6);
}

/// Answers to one indicator by care provider: how many, and whether and why that is hidden.
fn answered(period: &str, name: &str, cells: &[(&str, i64, Status, Option<Rule>)]) -> Earlier {
    let cell = |(agb, n, status, rule): &(&str, i64, Status, Option<Rule>)| BuiltCell {
        sheet: Sheet::Cqi,
        codes: [*agb, "CQI-AMB-5.1", "gezondheid"]
            .map(ToOwned::to_owned)
            .to_vec(),
        n: *n,
        sums: vec![3_000 * n, 10_000_000 * n],
        status: *status,
        rule: *rule,
    };
    Earlier {
        name: name.to_owned(),
        period: period.to_owned(),
        definition: definition(&[Sheet::Cqi]),
        cells: cells.iter().map(cell).collect(),
        pooled: Vec::new(),
        own: BTreeMap::new(),
    }
}

#[test]
fn a_row_that_is_not_there_can_give_an_earlier_release_away() {
    let shown = |agb| (agb, 10, Status::Published, None);
    // Of the year it is open how many of 70 are the first's and how many the second's.
    let mut year = vec![
        (TOTAL, 270, Status::Published, None),
        (NAMES[0], 30, Status::Primary, Some(Rule::Group)),
        (NAMES[1], 40, Status::Secondary, None),
    ];
    year.extend(
        NAMES[2..]
            .iter()
            .map(|agb| (*agb, 20, Status::Published, None)),
    );
    let mut second = vec![(TOTAL, 140, Status::Published, None)];
    second.push((NAMES[1], 40, Status::Published, None));
    second.extend(NAMES[2..].iter().copied().map(shown));
    let earlier = [
        answered("2025", "the year", &year),
        answered("2025-H2", "the second half", &second),
    ];
    let mut world = World::default();
    for (agb, n) in NAMES.into_iter().zip([30, 0].into_iter().chain([10; 10])) {
        world.holder(agb, 400);
        if n > 0 {
            let sums = [3_000 * n, 10_000_000 * n];
            world.cell(Sheet::Cqi, [agb, "CQI-AMB-5.1", "gezondheid"], n, &sums);
        }
    }
    let definition = definition(&[Sheet::Cqi]);
    let built = shield::build(&world.0, &definition, "2025-H1", &earlier, 1, &mut Quiet);
    let built = built.expect("built");
    // The second has no row in the first half, whatever is hidden of it: so all its 40 are known, and with them the first's 30.
    let found: Vec<&Find> = built.attacks.iter().flat_map(|a| &a.finds).collect();
    let is_it = |f: &&&Find| {
        f.leak == Leak::Count && f.codes[0] == NAMES[0] && f.release.as_deref() == Some("the year")
    };
    assert_eq!(found.iter().filter(is_it).count(), 1, "{found:?}");
    assert!(open(&built) > 0);
}
