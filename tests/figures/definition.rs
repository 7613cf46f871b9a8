//! Definitions of an extract: the one that stands in the program, and what is said of one that does not fit.

use portaal_console::extract::definition::{Definition, Period};
use portaal_console::extract::reading::Flaw;
use portaal_console::extract::{Interval, Zeros};
use serde_json::{Value, json};

const TEXT: &str = include_str!("../../src/extract/definitions/kibg-1.json");

fn list(text: &str, name: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(text).expect("lists");
    let found = all.iter().find(|l| l["name"] == name).expect("list");
    found["codes"].as_array().expect("codes").clone()
}

#[test]
fn the_one_in_the_program_knows_every_code_that_can_be_delivered() {
    let definition = Definition::built_in();
    assert_eq!(definition.label(), "kibg-1");
    let lists = include_str!("../../src/delivery/specifications/code-lists.json");
    for code in list(lists, "profiel-1") {
        let known = definition.profiles.iter().any(|p| p.code == code["code"]);
        assert!(known || code.get("same_as").is_some(), "{code}");
    }
    for code in list(lists, "diagnosegroep-1") {
        let known = definition.diagnoses.iter().any(|d| d.code == code["code"]);
        assert!(known, "{code}");
    }
    for code in list(lists, "vragenlijst-1") {
        let known = definition
            .questionnaires
            .iter()
            .any(|q| q.code == code["code"]);
        assert!(known, "{code}");
    }
    let instruments = include_str!("../../src/delivery/specifications/instruments.json");
    for code in list(instruments, "meetinstrument-1") {
        let Some(maximum) = code["maximum"].as_i64() else {
            continue;
        };
        let name = code["code"].as_str().expect("code");
        let instrument = definition.instrument(name).expect(name);
        let minimum = code["minimum"].as_i64().expect("minimum");
        assert_eq!(
            (instrument.minimum, instrument.maximum),
            (minimum * 1000, maximum * 1000),
            "{name}"
        );
    }
    for name in ["rom-1", "sbg-5.0.1"] {
        assert!(definition.coupling(name).is_some(), "{name}");
    }
    assert!(definition.coupling("cqi-1").is_none());
}

#[test]
fn what_is_written_can_be_read_again() {
    let definition = Definition::built_in();
    let again = Definition::parse(&definition.to_json()).expect("reads");
    assert_eq!(&again, definition);
}

#[expect(clippy::too_many_lines, reason = "one table")]
/// Where, what is put there, and what is said about which place.
fn misfits() -> Vec<(&'static str, Value, &'static str, Flaw)> {
    let between = Flaw::Between;
    let kind = |text: &str| Flaw::Kind(text.to_owned());
    vec![
        (
            "/rules/min_count/value",
            json!(2),
            "rules.min_count.value",
            between(3, 1_000_000),
        ),
        (
            "/rules/min_count/value",
            json!("10"),
            "rules.min_count.value",
            kind("i64"),
        ),
        (
            "/rules/min_count/since",
            json!("1 oktober"),
            "rules.min_count.since",
            kind("a day YYYY-MM-DD"),
        ),
        (
            "/rules/dominance/origin",
            json!(" "),
            "rules.dominance.origin",
            Flaw::Empty,
        ),
        (
            "/rules/interval/value",
            json!("none"),
            "rules.interval.value",
            kind("`exact` or `threshold`"),
        ),
        (
            "/rules/interval/note",
            json!("x"),
            "rules.interval.note",
            Flaw::UnknownName,
        ),
        ("/version", json!(0), "version", between(1, 9999)),
        ("/surprise", json!(0), "surprise", Flaw::UnknownName),
        ("/sheets", json!([]), "sheets", Flaw::Empty),
        ("/sheets/0", json!("response"), "sheets[1]", Flaw::Twice),
        (
            "/periods/0",
            json!("month"),
            "periods[0]",
            kind("`year` or `half_year`"),
        ),
        (
            "/couplings/0/specifications/1",
            json!("cqi-1"),
            "couplings[0].specifications[1]",
            Flaw::Nowhere,
        ),
        (
            "/couplings/0/specifications/1",
            json!("rom-1"),
            "couplings[0].specifications[1]",
            Flaw::Twice,
        ),
        (
            "/couplings/0/window_months",
            json!(25),
            "couplings[0].window_months",
            between(0, 24),
        ),
        (
            "/profiles/1/code",
            json!("kort"),
            "profiles[1]",
            Flaw::Twice,
        ),
        (
            "/profiles/1/code",
            json!("Total"),
            "profiles[1].code",
            Flaw::Twice,
        ),
        (
            "/diagnoses/6/parent",
            json!("elders"),
            "diagnoses[6].parent",
            Flaw::Nowhere,
        ),
        (
            "/diagnoses/0/parent",
            json!("03"),
            "diagnoses[0].parent",
            Flaw::Round,
        ),
        ("/no_diagnosis", json!("99"), "no_diagnosis", Flaw::Nowhere),
        (
            "/instruments/1/maximum",
            json!(0),
            "instruments[1].maximum",
            between(1, 500_000),
        ),
        (
            "/instruments/1/reliability",
            json!({ "r": 1001, "deviation": 1, "source": "x" }),
            "instruments[1].reliability.r",
            between(0, 1000),
        ),
        (
            "/instruments/1/reliability",
            json!({ "r": 900, "deviation": 1, "source": "" }),
            "instruments[1].reliability.source",
            Flaw::Empty,
        ),
        (
            "/instruments/1/norm",
            json!({ "mean": 900 }),
            "instruments[1].norm.deviation",
            Flaw::Missing,
        ),
        (
            "/questionnaires/0/indicators/0/of",
            json!({ "items": [1, 16] }),
            "questionnaires[0].indicators[0].of.items[1]",
            between(1, 15),
        ),
        (
            "/questionnaires/0/indicators/0/of",
            json!({ "items": [1, 1] }),
            "questionnaires[0].indicators[0].of.items[1]",
            Flaw::Twice,
        ),
        (
            "/questionnaires/0/indicators/0/of",
            json!("mood"),
            "questionnaires[0].indicators[0].of",
            kind("one of `items`, `grade`, `health`"),
        ),
    ]
}

#[test]
fn what_does_not_fit_is_named_by_its_place() {
    for (pointer, value, path, flaw) in misfits() {
        let mut document: Value = serde_json::from_str(TEXT).expect("json");
        let (parent, name) = pointer.rsplit_once('/').expect("pointer");
        match document.pointer_mut(parent).expect(pointer) {
            Value::Array(all) => all[name.parse::<usize>().expect("index")] = value,
            Value::Object(all) => drop(all.insert(name.to_owned(), value)),
            _ => unreachable!("{pointer}"),
        }
        let misfits = Definition::parse(&document.to_string()).expect_err(pointer);
        let found = misfits.iter().any(|m| m.path == path && m.flaw == flaw);
        assert!(found, "{pointer}: {misfits:?}");
    }
    let broken = Definition::parse("{\n\"name\": ").expect_err("broken");
    assert_eq!(
        (broken[0].path.as_str(), &broken[0].flaw),
        ("line 2", &Flaw::NotJson)
    );
    let more = Definition::parse(&format!("{TEXT} {{}}")).expect_err("two documents");
    assert_eq!(more[0].flaw, Flaw::NotJson);
}

#[test]
fn a_period_is_a_year_or_half_of_one() {
    for (text, days) in [
        ("2025", Some(("2025-01-01", "2025-12-31"))),
        ("2024-H1", Some(("2024-01-01", "2024-06-30"))),
        ("2024-H2", Some(("2024-07-01", "2024-12-31"))),
        ("2025-H3", None),
        ("2025-h1", None),
        ("2025-06", None),
        ("25", None),
        ("+202", None),
        ("1899", None),
        ("2200", None),
        ("", None),
    ] {
        let period = Period::parse(text).map(|p| (p.first.to_string(), p.last.to_string()));
        let days = days.map(|(first, last): (&str, &str)| (first.to_owned(), last.to_owned()));
        assert_eq!(period, days, "{text}");
    }
    let of = |text| Period::parse(text).expect(text);
    assert!(of("2025").overlaps(&of("2025-H2")) && of("2025-H2").overlaps(&of("2025")));
    assert!(!of("2025-H1").overlaps(&of("2025-H2")) && !of("2026").overlaps(&of("2025")));
    let mut years_only = Definition::built_in().clone();
    years_only.periods.truncate(1);
    assert!(years_only.period("2025").is_some() && years_only.period("2025-H1").is_none());
}

#[test]
fn a_change_is_reliable_beyond_its_index() {
    // r and SD in thousandths, and the index by hand: 1.96 × SD × √(2 × (1 − r)).
    for (r, deviation, index) in [
        (940, 750, 509),
        (900, 10_000, 8_765),
        (1000, 5_000, 0),
        (0, 1_000, 2_771),
    ] {
        let mut instrument = Definition::built_in()
            .instrument("BSI")
            .expect("BSI")
            .clone();
        let source = "a test".to_owned();
        instrument.reliability = Some(portaal_console::extract::definition::Reliability {
            r,
            deviation,
            source,
        });
        assert_eq!(instrument.reliable_change(), Some(index), "{r} {deviation}");
        assert!(instrument.is_improved(20_000 + index + 1, 20_000));
        assert!(!instrument.is_improved(20_000 + index, 20_000));
        assert!(!instrument.is_improved(20_000, 20_000 + index + 1));
    }
    let mut mansa = Definition::built_in()
        .instrument("MANSA-12")
        .expect("MANSA-12")
        .clone();
    assert!(
        !mansa.is_improved(12_000, 84_000),
        "without figures nothing is reliable"
    );
    let source = "a test".to_owned();
    mansa.reliability = Some(portaal_console::extract::definition::Reliability {
        r: 900,
        deviation: 1,
        source,
    });
    assert!(mansa.is_improved(12_000, 84_000) && !mansa.is_improved(84_000, 12_000));
}

#[test]
fn the_stricter_of_two_rules_wins() {
    let house = &Definition::built_in().rules;
    let mut given = house.clone();
    given.min_count.value = 5;
    given.group_share.value = 80;
    given.dominance.value = 60;
    given.median_from.value = 30;
    given.interval.value = Interval::Exact;
    given.zeros.value = Zeros::Publish;
    let rules = given.stricter(house);
    let mut document = Definition::built_in().clone();
    document.rules = given.clone();
    let read = Definition::given(&document.to_json()).expect("reads");
    assert_eq!(read.rules, rules, "a document cannot weaken the house");
    assert_eq!(rules, house.stricter(&given));
    assert_eq!((rules.min_count.value, rules.group_share.value), (10, 80));
    assert_eq!((rules.dominance.value, rules.median_from.value), (50, 30));
    assert_eq!(
        (rules.interval.value, rules.zeros.value),
        (Interval::Threshold, Zeros::Protect)
    );
}
