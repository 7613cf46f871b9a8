//! Deliveries: what a check tells of a file. The rules are hit and missed in the files below this one.

use chrono::NaiveDate;
use portaal_console::delivery::sample::{self, Faults, Sample};
use portaal_console::delivery::{
    Code, Column, DateForm, DecimalSign, Delimiter, Encoding, Measurement, Moment, Options, Place,
    Report, Severity, Status, check, specification,
};
use portaal_console::language;

mod arrival;
mod cells;
mod containers;
mod cqi;
mod form;
mod sbg;
mod sbg_arrival;
mod sbg_schema;
mod structure;
mod whole;

const AGB: &str = "06010001";

const HEADER: &str = "zorgaanbiedercode;koppelnummer;zorgtrajectnummer;profiel;diagnosegroep;geboortejaar;geslacht;\
postcodegebied;startdatum;einddatum;datum_eerste_sessie;datum_laatste_sessie;reden_non_response_voor;\
reden_non_response_na;typemeting;meetdatum;meetinstrument;totaalscore";

const ROW: &str = "06010001;K1;T1;kort;05;1980;1;1234;2025-01-10;2025-06-10;2025-01-15;2025-06-01;;;1;2025-01-15;BSI;1,5";

fn as_of() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 12, 1).expect("a day that exists")
}

fn options() -> Options {
    Options {
        organisation: Some(AGB.to_owned()),
        ..Options::new(as_of())
    }
}

fn judge(bytes: &[u8]) -> Report {
    judge_with(bytes, &options())
}

fn judge_with(mut bytes: &[u8], options: &Options) -> Report {
    check(&mut bytes, options, &mut |_| {}).expect("bytes in memory can be read")
}

/// The valid row with some of its cells replaced.
fn row(changes: &[(&str, &str)]) -> String {
    let cells = HEADER.split(';').zip(ROW.split(';'));
    let altered = cells.map(|(name, cell)| {
        changes
            .iter()
            .find(|(n, _)| *n == name)
            .map_or(cell, |(_, value)| value)
    });
    altered.collect::<Vec<_>>().join(";")
}

fn file(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

/// A finding as `ROM-0042 severity row column`, for rows of expectations.
fn lines(report: &Report) -> Vec<String> {
    let place = |column| match column {
        None => String::new(),
        Some(Column::Named(name)) => format!(" {name}"),
        Some(Column::Numbered(number)) => format!(" #{number}"),
    };
    let findings = report.findings.iter();
    findings
        .map(|f| {
            let row = f.row.map_or(String::from("-"), |row| row.to_string());
            let count = if f.count == 1 {
                String::new()
            } else {
                format!(" x{}", f.count)
            };
            format!("{} {} {row}{}{count}", f.code, f.severity, place(f.column))
        })
        .collect()
}

#[track_caller]
fn finds(bytes: &[u8], expected: &[&str]) {
    let report = judge(bytes);
    assert_eq!(
        lines(&report),
        expected,
        "{}",
        String::from_utf8_lossy(bytes)
    );
}

fn sample(rows: u64, seed: u64, faults: Faults) -> (Vec<u8>, Vec<sample::Planted>) {
    let sample = Sample {
        organisation: AGB.to_owned(),
        rows,
        seed,
        faults,
        as_of: as_of(),
    };
    let mut bytes = Vec::new();
    let planted = sample::write(&sample, &mut bytes).expect("memory can be written");
    (bytes, planted)
}

#[test]
fn a_valid_file_is_valid_and_says_what_it_is() {
    let report = judge(file(&[ROW.to_owned()]).as_bytes());
    assert_eq!(lines(&report), [""; 0]);
    assert_eq!(
        (report.status, report.rows, report.accepted, report.ignored),
        (Status::Valid, 1, 1, 0)
    );
    let detected = report.detected;
    assert_eq!(detected.container.as_str(), "plain");
    assert_eq!(detected.encoding.map(Encoding::as_str), Some("utf-8"));
    assert_eq!(detected.delimiter.map(Delimiter::as_str), Some(";"));
    assert_eq!(detected.decimal.map(DecimalSign::as_str), Some(","));
    assert_eq!(detected.date_form.map(DateForm::as_str), Some("jjjj-mm-dd"));
    assert_eq!(detected.specification, Some("rom-1"));
    assert_eq!(report.sha256.map(|digest| digest.len()), Some(64));
}

#[test]
fn the_digest_is_that_of_the_bytes_also_when_the_file_is_refused() {
    let abc = judge(b"abc");
    assert_eq!(
        abc.sha256.as_deref(),
        Some("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    );
    assert_eq!(abc.bytes, 3);
}

#[test]
fn an_accepted_row_has_what_the_system_needs() {
    let rows = [
        row(&[("profiel", "GBG04")]),
        row(&[
            ("profiel", "GBG04"),
            ("typemeting", "2"),
            ("meetdatum", "2025-06-01"),
            ("totaalscore", "0,75"),
        ]),
        row(&[
            ("koppelnummer", "K2"),
            ("meetinstrument", "OQ45"),
            ("totaalscore", "999"),
            ("einddatum", ""),
        ]),
        row(&[("koppelnummer", "K3"), ("totaalscore", "7,5")]),
        row(&[
            ("koppelnummer", "K4"),
            ("typemeting", ""),
            ("meetdatum", ""),
            ("meetinstrument", ""),
            ("totaalscore", ""),
        ]),
    ];
    let mut seen = Vec::new();
    let text = file(&rows);
    let report = check(&mut text.as_bytes(), &options(), &mut |accepted| {
        seen.push((
            accepted.row,
            accepted.place,
            accepted.client_key.to_owned(),
            accepted.profile,
            accepted.end.is_some(),
            accepted.measurement,
        ));
    })
    .expect("bytes in memory can be read");
    let day = |month, day| NaiveDate::from_ymd_opt(2025, month, day).expect("a day that exists");
    let bsi = |moment, date, score| {
        Some(Measurement {
            moment,
            date,
            instrument: "BSI",
            score: Some(score),
        })
    };
    let items = Some(Measurement {
        moment: Moment::Pre,
        date: day(1, 15),
        instrument: "OQ45",
        score: None,
    });
    let expected = vec![
        (
            2,
            Place::First,
            "K1".to_owned(),
            "intensief",
            true,
            bsi(Moment::Pre, day(1, 15), 1.5),
        ),
        (
            3,
            Place::Further,
            "K1".to_owned(),
            "intensief",
            true,
            bsi(Moment::Post, day(6, 1), 0.75),
        ),
        (4, Place::First, "K2".to_owned(), "kort", false, items),
        (5, Place::First, "K3".to_owned(), "kort", true, None),
        (6, Place::First, "K4".to_owned(), "kort", true, None),
    ];
    assert_eq!(seen, expected);
    assert_eq!(
        (report.status, report.accepted, report.ignored),
        (Status::ValidWithRemarks, 3, 1)
    );
}

#[test]
fn nothing_is_accepted_from_a_refused_file() {
    let text = file(&[row(&[("koppelnummer", "")]), row(&[("koppelnummer", "K2")])]);
    let mut accepted = 0;
    let report = check(&mut text.as_bytes(), &options(), &mut |_| accepted += 1)
        .expect("bytes in memory can be read");
    assert_eq!((report.status, accepted), (Status::Invalid, 0));
    assert_eq!((report.accepted, report.ignored), (0, 2));
}

#[test]
fn every_code_has_its_sentences_and_every_specification_can_be_read() {
    let (unknown, _) = language::finding::finding("");
    let mut ids = Vec::new();
    for code in Code::ALL {
        let (sentence, action) = language::finding::finding(code.as_str());
        assert_ne!(sentence.key, unknown.key, "{code}");
        assert_eq!(action.key, format!("{}_ACTION", sentence.key));
        ids.push(code.as_str());
    }
    assert!(ids.is_sorted(), "ids stand in order and occur once");
    let rom = specification::named("rom-1").expect("rom-1 is embedded");
    let names: Vec<_> = rom.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names.join(";"), HEADER);
    assert!(
        rom.fields
            .iter()
            .all(|field| !field.required || field.severity == Severity::File)
    );
}

#[test]
fn a_specification_that_names_what_does_not_exist_is_refused() {
    let document = include_str!("../src/delivery/specifications/rom-1.json");
    assert!(specification::Specification::read(document).is_ok());
    for (old, new) in [
        (
            "\"not_before\": \"startdatum\"",
            "\"not_before\": \"begindatum\"",
        ),
        ("ROM-0201", "ROM-9999"),
        ("diagnosegroep-1", "diagnosegroep-9"),
        ("\"role\": \"score\"", "\"roll\": \"score\""),
        ("\"primaryKey\": [\"zorg", "\"primaryKey\": [\"borg"),
    ] {
        assert!(document.contains(old), "{old}");
        assert!(
            specification::Specification::read(&document.replace(old, new)).is_err(),
            "{new}"
        );
    }
}

#[test]
fn a_sample_is_valid_and_the_same_for_the_same_seed() {
    let (bytes, planted) = sample(500, 1, Faults::None);
    let report = judge(&bytes);
    assert_eq!(
        (report.status, report.rows, planted.len()),
        (Status::Valid, 500, 0),
        "{:?}",
        lines(&report)
    );
    assert_eq!(sample(500, 1, Faults::None).0, bytes);
    assert_ne!(sample(500, 2, Faults::None).0, bytes);
    assert!(
        sample(600, 1, Faults::None).0.starts_with(&bytes),
        "a larger sample begins with the smaller one"
    );
}

#[test]
fn what_a_sample_plants_is_what_a_check_finds() {
    for (seed, faults, status) in [
        (1, Faults::Light(10), Status::ValidWithRemarks),
        (2, Faults::Any(10), Status::Invalid),
    ] {
        let (bytes, planted) = sample(1500, seed, faults);
        let report = judge(&bytes);
        let found: Vec<_> = report
            .findings
            .iter()
            .map(|f| (f.row.unwrap_or(0), f.code, f.column))
            .collect();
        let expected: Vec<_> = planted.iter().map(|p| (p.row, p.code, p.column)).collect();
        assert_eq!(found, expected);
        assert_eq!(report.status, status);
        let kinds: std::collections::HashSet<_> =
            planted.iter().map(|p| (p.code, p.column)).collect();
        assert!(kinds.len() >= 14, "{} kinds of faults", kinds.len());
    }
}
