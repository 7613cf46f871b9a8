//! What is shown of an open cell, why another is hidden, what would open it, and the proof against tampering.

use super::world::{World, cell, definition, instrument, open};
use portaal_console::domain::sheet::Sheet;
use portaal_console::extract::advise::advise;
use portaal_console::extract::built::{Built, BuiltCell, Rule};
use portaal_console::extract::definition::{Definition, Norm, Reliability};
use portaal_console::extract::explain::{Explanation, explain};
use portaal_console::extract::measure::{Name, measures, share};
use portaal_console::extract::outgoing::files;
use portaal_console::extract::read::Status;
use portaal_console::extract::shield;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

fn shown(sheet: Sheet, codes: [&str; 3], n: i64, sums: &[i64]) -> BuiltCell {
    BuiltCell {
        sheet,
        codes: codes.map(ToOwned::to_owned).to_vec(),
        n,
        sums: sums.to_vec(),
        status: Status::Published,
        rule: None,
    }
}

fn texts(definition: &Definition, cell: &BuiltCell) -> String {
    let all = measures(definition, cell);
    let texts: Vec<String> = all
        .iter()
        .map(|m| format!("{} {}", m.name, m.text()))
        .collect();
    texts.join(", ")
}

#[test]
fn an_effect_is_worked_out_from_its_sums() {
    let mut definition = definition(&[Sheet::Effect]);
    let reliability = Reliability {
        r: 900,
        deviation: 2000,
        source: "test".to_owned(),
    };
    instrument(&mut definition, Some(reliability));
    let code = definition.instruments[0].code.clone();
    // Before 4, 6, 8, 6; after 3, 3, 5, 5: differences -1, -3, -3, -1. Squares before 152, of the differences 20; SD 1.63 and 1.15;
    // t with three degrees of freedom is 3.182.
    let sums = [24_000, 16_000, 152_000_000, 20_000_000, 3];
    let cell = shown(Sheet::Effect, ["1", "kort", &code], 4, &sums);
    assert_eq!(
        texts(&definition, &cell),
        "n 4, mean_pre 6.0, mean_post 4.0, mean_difference -2.0, sd 1.2, interval_low -3.8, interval_high -0.2, \
         standardised_effect -1.2, improved 75"
    );
    definition.instruments[0].norm = Some(Norm {
        mean: 5_000,
        deviation: 2_000,
        source: "test".to_owned(),
    });
    assert!(texts(&definition, &cell).ends_with("t_pre 55.0, t_post 45.0"));
    let hidden = BuiltCell {
        status: Status::Secondary,
        ..cell
    };
    assert_eq!(texts(&definition, &hidden), "");
}

#[test]
fn the_other_tables_show_what_they_count() {
    let definition = definition(&[Sheet::Cqi]);
    let row = shown(Sheet::Volume, ["1", "kort", "Total"], 300, &[]);
    let response = shown(Sheet::Response, ["1", "kort", "completer"], 200, &[]);
    assert_eq!(texts(&definition, &row), "n 300");
    assert_eq!(
        share(&response, &row).map(|m| m.text()),
        Some("67".to_owned())
    );
    let secret = BuiltCell {
        status: Status::Primary,
        ..row
    };
    assert_eq!(share(&response, &secret), None);
    // Grades 7, 8, 9, 10: mean 8.5, SD 1.29.
    let cqi = shown(Sheet::Cqi, ["1", "q", "cijfer"], 4, &[34_000, 294_000_000]);
    assert_eq!(texts(&definition, &cqi), "n 4, mean 8.5, sd 1.3");
    let benchmark = shown(
        Sheet::Benchmark,
        ["kort", "x", ""],
        41,
        &[-3_950, -40, 1_250],
    );
    assert_eq!(
        texts(&definition, &benchmark),
        "organisations 41, first_quartile -4.0, median 0.0, third_quartile 1.3"
    );
}

#[test]
fn an_interval_reckons_with_a_spread_that_is_known_from_few() {
    let mut definition = definition(&[Sheet::Effect]);
    instrument(&mut definition, None);
    let code = definition.instruments[0].code.clone();
    // t for n - 1 degrees of freedom, from another hand's tables. Each second difference is 0 and 2 × so much, so the mean is so much and
    // the interval so much × (1 - t × √(1 / (n - 1))) wide downwards.
    for (n, t) in [
        (2, 12.706),
        (10, 2.262),
        (30, 2.045),
        (40, 2.023),
        (100, 1.984),
        (1_000, 1.962),
    ] {
        let far = 1_000_000_i64;
        let sums = [0, n * far, 0, n / 2 * 4 * far * far, 0];
        let cell = shown(Sheet::Effect, ["1", "kort", &code], n, &sums);
        let all = measures(&definition, &cell);
        let low = all.iter().find(|m| m.name == Name::Low).map(|m| m.value);
        let root = f64::from(i32::try_from(n - 1).expect("few")).sqrt();
        let expected = 1_000.0 * (1.0 - t / root);
        let low = low.expect("an interval");
        assert!(
            (low - expected).abs() < 1_000.0 * 0.000_6 / root,
            "{n}: {low} is not {expected}"
        );
    }
}

/// What a table that leaves has in one column, by codes.
fn column(text: &str, name: &str) -> BTreeMap<String, String> {
    let mut lines = text.lines().map(|l| l.split(',').collect::<Vec<_>>());
    let heads = lines.next().expect("heads");
    let at = heads.iter().position(|h| *h == name).expect("column");
    lines
        .map(|l| (l[..3].join(" "), l[at].to_owned()))
        .collect()
}

#[test]
fn a_response_leaves_with_its_share_of_the_row() {
    let definition = definition(&[Sheet::Volume, Sheet::Response]);
    let mut world = World::default();
    for at in 0..12 {
        let agb = format!("0600{at:04}");
        world.holder(&agb, 100);
        world.volume(&agb, &[("04", 90), ("05", 30)]);
        world.response(
            &agb,
            if at == 0 {
                [70, 40, 6, 4]
            } else {
                [60, 30, 18, 12]
            },
        );
    }
    let built = world.build(&definition, &[]);
    let files = files(&built, &definition, "2025", "").expect("files");
    let file = |name: &str| files.iter().find(|f| f.name == name).expect("file");
    let text = String::from_utf8_lossy(&file("response.csv").bytes).into_owned();
    let (shares, counts) = (column(&text, "share"), column(&text, "n"));
    let mut shown = 0;
    for agb in (1..12).map(|at| format!("0600{at:04}")) {
        let expected = [
            ("completer", "50"),
            ("dropout", "25"),
            ("non_starter", "15"),
            ("non_responder", "10"),
        ];
        for (response, share) in expected {
            let codes = format!("{agb} kort {response}");
            let is_hidden = counts[&codes] == ".";
            assert_eq!(
                shares[&codes],
                if is_hidden { "." } else { share },
                "{codes}"
            );
            shown += usize::from(!is_hidden);
        }
    }
    assert!(shown > 30, "{shown} are shown");
    assert_eq!(shares["06000000 kort non_starter"], ".");
    let mut book = ZipArchive::new(Cursor::new(&file("extract.xlsx").bytes)).expect("workbook");
    let mut page = String::new();
    let mut entry = book.by_name("xl/worksheets/sheet2.xml").expect("sheet");
    entry.read_to_string(&mut page).expect("text");
    assert!(page.contains("<v>25</v>"), "{page}");
}

/// Twelve organisations, one with a small cell.
fn one_small() -> (Definition, Built) {
    let definition = definition(&[Sheet::Volume]);
    let mut world = World::default();
    for at in 0..12 {
        let agb = format!("0600{at:04}");
        world.holder(&agb, 100);
        world.volume(
            &agb,
            &[
                ("04", 40),
                ("05", 40),
                ("06", 30),
                ("07", if at == 0 { 4 } else { 20 }),
            ],
        );
    }
    let built = world.build(&definition, &[]);
    (definition, built)
}

#[test]
fn a_small_cell_explains_itself_by_its_figures() {
    let (definition, built) = one_small();
    let codes = ["06000000", "kort", "07"].map(ToOwned::to_owned);
    let found = explain(&built, &definition, Sheet::Volume, &codes).expect("problem");
    let figures = match found {
        Some(Explanation::Own(figures)) => Some(figures),
        _ => None,
    };
    let figures = figures.expect("for its own sake");
    assert_eq!(
        (figures.rule, figures.n, figures.min_count),
        (Rule::Small, 4, 10)
    );
    let open = explain(
        &built,
        &definition,
        Sheet::Volume,
        &["06000001", "Total", "Total"].map(ToOwned::to_owned),
    );
    assert_eq!(open.expect("problem"), None);
}

#[test]
fn every_other_cell_explains_itself_by_sums_that_end_in_a_small_one() {
    let (definition, built) = one_small();
    let others: Vec<&BuiltCell> = built
        .cells
        .iter()
        .filter(|c| c.status == Status::Secondary)
        .collect();
    assert!(!others.is_empty());
    for hidden in others {
        let found = explain(&built, &definition, Sheet::Volume, &hidden.codes).expect("problem");
        let links = match found {
            Some(Explanation::Others(links)) => links,
            _ => Vec::new(),
        };
        assert!(!links.is_empty(), "{:?}", hidden.codes);
        let mut at = (hidden.sheet, hidden.codes.clone());
        for link in &links {
            assert!(
                link.hidden.contains(&at) && link.hidden.contains(&link.next),
                "{links:?}"
            );
            assert!(link.hidden.len() >= 2);
            at = link.next.clone();
        }
        let end = built
            .cells
            .iter()
            .find(|c| (c.sheet, &c.codes) == (at.0, &at.1))
            .expect("cell");
        assert_eq!(end.status, Status::Primary, "{links:?}");
    }
}

#[test]
fn advice_names_the_smallest_group_that_makes_enough() {
    let (definition, built) = one_small();
    let codes = ["06000000", "kort", "07"].map(ToOwned::to_owned);
    let all = advise(&built, &definition, "2025-H1", Sheet::Volume, &codes);
    let of = |dimension: &str| all.iter().find(|a| a.dimension == dimension);
    let diagnosis = of("diagnosis").expect("a sibling");
    assert_eq!(
        (&diagnosis.codes[..], diagnosis.n),
        (&["07".to_owned(), "06".to_owned()][..], Some(34))
    );
    assert!(diagnosis.small[1] < diagnosis.small[0]);
    // Three organisations at least: 4 + 20 + 20.
    let organisations = of("organisation").expect("others");
    assert_eq!((organisations.codes.len(), organisations.n), (3, Some(44)));
    assert_eq!(
        of("period").map(|a| a.codes.join(" ")),
        Some("2025-H1 2025".to_owned())
    );
}

#[test]
fn a_proof_does_not_outlive_a_change() {
    let (definition, built) = one_small();
    let proven = shield::verify(&built, &definition).expect("proof");
    assert!(proven.hidden > 0 && proven.witnesses > 0);
    let mut published = built.clone();
    let small = published
        .cells
        .iter_mut()
        .find(|c| c.rule == Some(Rule::Small))
        .expect("small");
    small.status = Status::Published;
    assert!(shield::verify(&published, &definition).is_err());
    for (at, hidden) in built.cells.iter().enumerate() {
        if hidden.status == Status::Secondary {
            let mut shown = built.clone();
            shown.cells[at].status = Status::Published;
            assert!(
                shield::verify(&shown, &definition).is_err(),
                "{:?}",
                hidden.codes
            );
        }
        let mut counted = built.clone();
        counted.cells[at].n += 1;
        assert!(
            shield::verify(&counted, &definition).is_err(),
            "{:?}",
            hidden.codes
        );
    }
    let mut empty = built.clone();
    empty.certificate = "{}".to_owned();
    assert!(shield::verify(&empty, &definition).is_err());
}

#[test]
fn the_same_figures_and_seed_give_the_same_extract() {
    let (_, one) = one_small();
    let (definition, other) = one_small();
    assert_eq!(one, other);
    assert_eq!(open(&one), 0);
    let total = cell(&one, Sheet::Volume, &["Total", "Total", "Total"]);
    assert_eq!(texts(&definition, total), "n 1544");
}
