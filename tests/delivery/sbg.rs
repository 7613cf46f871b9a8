//! The XML import beyond its schema: whose file it is, our lists and rules, what is handed over, and its sample.

use portaal_console::delivery::sample::{self, Faults, Planted, Sample};
use portaal_console::delivery::{
    Code, Encoding, Format, Measurement, Moment, Options, Place, Status, check,
};

use super::{AGB, as_of, file, judge, judge_with, lines, options, row};
use chrono::NaiveDate;

pub(super) const HEAD: &str = "<BenchmarkImport xmlns=\"http://sbggz.nl/schema/import/5.0.1\" versie=\"5.0\" \
datumCreatie=\"2025-12-01T06:00:00\" startdatumAangeleverdePeriode=\"2025-01-01\" einddatumAangeleverdePeriode=\"2025-11-30\">";

/// A valid import with one measurement; its tags stand on lines of their own.
pub(super) fn import() -> String {
    let lines = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        HEAD,
        "<Zorgaanbieder zorgaanbiedercode=\"06010001\">",
        "<Patient koppelnummer=\"K1\" geboorteJaar=\"1980\" geslacht=\"1\" postcodegebied=\"0007\">",
        "<Zorgtraject zorgtrajectnummer=\"T1\" zorgdomeinCode=\"02\" GAFscore=\"60\">",
        "<NevendiagnoseCode nevendiagnoseCode=\"as1_1\"/>",
        "<Behandelaar primairOfNeven=\"1\" alias=\"b1\"/>",
        "<DBCTraject DBCTrajectnummer=\"D1\" startdatumDBC=\"2025-01-10\" einddatumDBC=\"2025-06-10\" \
datumEersteSessie=\"2025-01-15\" datumLaatsteSessie=\"2025-06-01\">",
        "<Meting datum=\"2025-01-15\" typemeting=\"1\" gebruiktMeetinstrument=\"BSI\" totaalscoreMeting=\"1.5\">",
        "<Item itemnummer=\"1\" score=\"2\"/>",
        "</Meting>",
        "</DBCTraject>",
        "</Zorgtraject>",
        "</Patient>",
        "</Zorgaanbieder>",
        "</BenchmarkImport>",
    ];
    lines.join("\n") + "\n"
}

/// The valid import with a part replaced.
pub(super) fn with(old: &str, new: &str) -> String {
    let text = import();
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

#[track_caller]
fn finds(text: &str, expected: &[&str]) {
    assert_eq!(lines(&judge(text.as_bytes())), expected, "{text}");
}

#[test]
fn a_valid_import_is_valid_and_says_what_it_is() {
    let report = judge(import().as_bytes());
    assert_eq!(lines(&report), [""; 0]);
    assert_eq!(
        (report.status, report.rows, report.accepted, report.ignored),
        (Status::Valid, 1, 1, 0)
    );
    let detected = report.detected;
    assert_eq!(detected.specification, Some("sbg-5.0.1"));
    assert_eq!(detected.encoding, Some(Encoding::Utf8));
    assert_eq!(detected.container.as_str(), "plain");
    assert_eq!(detected.delimiter, None);
}

#[test]
fn a_connection_that_names_one_kind_gets_no_other() {
    let table = file(&[row(&[])]);
    let named = |name| Options {
        specification: Format::named(name),
        ..options()
    };
    let judged = |text: &str, name| lines(&judge_with(text.as_bytes(), &named(name)));
    assert_eq!(judged(&import(), "sbg-5.0.1"), [""; 0]);
    assert_eq!(judged(&table, "rom-1"), [""; 0]);
    assert_eq!(judged(&import(), "rom-1"), ["ROM-0018 file -"]);
    assert_eq!(judged(&table, "sbg-5.0.1"), ["ROM-0018 file -"]);
    assert_eq!(
        judged(&format!("\n \u{feff}{table}"), "sbg-5.0.1"),
        ["ROM-0018 file -"]
    );
    assert!(Format::named("sbg-5.0.2").is_none());
    let formats: Vec<_> = Format::all().map(Format::name).collect();
    assert!(
        formats.contains(&"rom-1") && formats.contains(&"sbg-5.0.1"),
        "{formats:?}"
    );
}

/// What is replaced, by what, and what is found; several findings are parted by a semicolon.
const RULES: &[(&str, &str, &str)] = &[
    (
        "zorgaanbiedercode=\"06010001\"",
        "zorgaanbiedercode=\"06010009\"",
        "ROM-0060 file 3 Zorgaanbieder/@zorgaanbiedercode",
    ),
    (
        "zorgaanbiedercode=\"06010001\"",
        "zorgaanbiedercode=\"601\"",
        "ROM-0102 file 3 Zorgaanbieder/@zorgaanbiedercode;ROM-0060 file 3 Zorgaanbieder/@zorgaanbiedercode",
    ),
    (
        "koppelnummer=\"K1\"",
        "koppelnummer=\" \"",
        "ROM-0100 file 4 Patient/@koppelnummer",
    ),
    (
        "koppelnummer=\"K1\"",
        "koppelnummer=\"a@b.nl\"",
        "ROM-0051 file 4 Patient/@koppelnummer",
    ),
    (
        "koppelnummer=\"K1\"",
        "koppelnummer=\"K1\" patientReserve02=\"a@b.nl\"",
        "ROM-0051 file 4 Patient/@patientReserve02",
    ),
    (
        "geslacht=\"1\"",
        "geslacht=\"M\"",
        "ROM-0103 value 4 Patient/@geslacht",
    ),
    (
        "geslacht=\"1\"",
        "geslacht=\"1234 AB\"",
        "ROM-0052 file 4 Patient/@geslacht",
    ),
    (
        "geboorteJaar=\"1980\"",
        "geboorteJaar=\"1879\"",
        "ROM-0108 value 4 Patient/@geboorteJaar",
    ),
    (
        "geboorteJaar=\"1980\"",
        "geboorteJaar=\"2026\"",
        "ROM-0204 value 4 Patient/@geboorteJaar",
    ),
    (
        "postcodegebied=\"0007\"",
        "postcodegebied=\"0010\"",
        "ROM-0108 value 4 Patient/@postcodegebied",
    ),
    ("postcodegebied=\"0007\"", "postcodegebied=\"7\"", ""),
    (
        "zorgdomeinCode=\"02\"",
        "zorgdomeinCode=\"2\"",
        "ROM-0103 value 5 Zorgtraject/@zorgdomeinCode",
    ),
    (
        "GAFscore=\"60\"",
        "GAFscore=\"101\"",
        "ROM-0108 value 5 Zorgtraject/@GAFscore",
    ),
    (
        "primairOfNeven=\"1\"",
        "primairOfNeven=\"3\"",
        "ROM-0103 value 7 Behandelaar/@primairOfNeven",
    ),
    (
        "startdatumDBC=\"2025-01-10\"",
        "startdatumDBC=\"2025-12-02\"",
        "ROM-0200 file 8 DBCTraject/@startdatumDBC",
    ),
    (
        "startdatumDBC=\"2025-01-10\"",
        "startdatumDBC=\"0201-01-10\"",
        "ROM-0108 file 8 DBCTraject/@startdatumDBC",
    ),
    (
        "einddatumDBC=\"2025-06-10\"",
        "einddatumDBC=\"2025-12-02\"",
        "ROM-0200 value 8 DBCTraject/@einddatumDBC",
    ),
    (
        "einddatumDBC=\"2025-06-10\"",
        "einddatumDBC=\"2025-01-09\"",
        "ROM-0201 value 8 DBCTraject/@einddatumDBC",
    ),
    (
        "datumEersteSessie=\"2025-01-15\"",
        "datumEersteSessie=\"2025-01-09\"",
        "ROM-0202 value 8 DBCTraject/@datumEersteSessie",
    ),
    (
        "datumLaatsteSessie=\"2025-06-01\"",
        "datumLaatsteSessie=\"2025-01-11\"",
        "ROM-0203 value 8 DBCTraject/@datumLaatsteSessie",
    ),
    (
        "datum=\"2025-01-15\"",
        "datum=\"2025-12-02\"",
        "ROM-0301 measurement 9 Meting/@datum",
    ),
    (
        "typemeting=\"1\"",
        "typemeting=\"3\"",
        "ROM-0103 measurement 9 Meting/@typemeting",
    ),
    (
        "typemeting=\"1\"",
        "typemeting=\"\"",
        "ROM-0100 measurement 9 Meting/@typemeting",
    ),
    (
        "gebruiktMeetinstrument=\"BSI\"",
        "gebruiktMeetinstrument=\"bsi\"",
        "ROM-0103 measurement 9 Meting/@gebruiktMeetinstrument",
    ),
    (
        "totaalscoreMeting=\"1.5\"",
        "totaalscoreMeting=\"999\"",
        "ROM-0302 measurement 9 Meting/@totaalscoreMeting",
    ),
    (
        "totaalscoreMeting=\"1.5\"",
        "totaalscoreMeting=\"4.01\"",
        "ROM-0303 measurement 9 Meting/@totaalscoreMeting",
    ),
    (
        "datumCreatie=\"2025-12-01T06:00:00\"",
        "datumCreatie=\"2025-12-02T06:00:00\"",
        "ROM-0200 value 2 BenchmarkImport/@datumCreatie",
    ),
    (
        "datumCreatie=\"2025-12-01T06:00:00\"",
        "datumCreatie=\"2025-12-01 06:00:00\"",
        "SBG-0111 remark 2 BenchmarkImport/@datumCreatie",
    ),
    (
        "einddatumAangeleverdePeriode=\"2025-11-30\"",
        "einddatumAangeleverdePeriode=\"2024-12-31\"",
        "SBG-0200 value 2 BenchmarkImport/@einddatumAangeleverdePeriode",
    ),
    (
        "alias=\"b1\"",
        "alias=\"b1\"\n\n beroep=\"x\"",
        "ROM-0103 value 9 Behandelaar/@beroep",
    ),
];

#[test]
fn our_rules_go_beyond_the_schema() {
    for (old, new, expected) in RULES {
        let expected: Vec<_> = expected
            .split(';')
            .filter(|line| !line.is_empty())
            .collect();
        finds(&with(old, new), &expected);
    }
}

#[test]
fn several_organisations_in_one_import_are_refused() {
    let second = "</Zorgaanbieder>\n<Zorgaanbieder zorgaanbiedercode=\"06010009\"/>";
    let text = with("</Zorgaanbieder>", second);
    finds(
        &text,
        &["ROM-0060 file 16 Zorgaanbieder/@zorgaanbiedercode"],
    );
    let report = judge_with(text.as_bytes(), &Options::new(as_of()));
    assert_eq!(
        lines(&report),
        ["ROM-0061 file 16 Zorgaanbieder/@zorgaanbiedercode"]
    );
}

#[test]
fn a_column_of_citizen_numbers_is_refused() {
    let passing = (100_000_000..).filter(|n| portaal_console::delivery::passes_eleven_test(*n));
    let patients = passing
        .take(9)
        .map(|n| format!("<Patient koppelnummer=\"P{n}\" pseudoBSN=\"{n}\"/>\n"))
        .collect::<Vec<_>>()
        .concat();
    let text = with("</Zorgaanbieder>", &format!("{patients}</Zorgaanbieder>"));
    finds(&text, &["ROM-0050 file - Patient/@pseudoBSN"]);
}

/// What is handed over: line, place, keys, profile, dates and measurement.
type Row = (
    u64,
    Place,
    String,
    &'static str,
    Option<&'static str>,
    [Option<NaiveDate>; 4],
    Option<Measurement>,
);

fn rows(text: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    let report = check(&mut text.as_bytes(), &options(), &mut |r| {
        rows.push((
            r.row,
            r.place,
            format!("{}/{}", r.client_key, r.care_path),
            r.profile,
            r.diagnosis_group,
            [Some(r.start), r.end, r.first_session, r.last_session],
            r.measurement,
        ));
    });
    let report = report.expect("bytes in memory can be read");
    let counted = rows.iter().filter(|row| row.6.is_some()).count() as u64;
    assert_eq!(report.accepted, counted);
    rows
}

fn day(month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(2025, month, day)
}

#[test]
fn a_care_path_is_handed_over_with_its_treatments_taken_together() {
    let bsi = |moment, on: Option<NaiveDate>, instrument, score| {
        on.map(|date| Measurement {
            moment,
            date,
            instrument,
            score,
        })
    };
    let one = (
        9,
        Place::First,
        "K1/T1".to_owned(),
        "onbekend",
        None,
        [day(1, 10), day(6, 10), day(1, 15), day(6, 1)],
        bsi(Moment::Pre, day(1, 15), "BSI", Some(1.5)),
    );
    assert_eq!(rows(&import()), std::slice::from_ref(&one));
    assert_eq!(
        rows(&with("koppelnummer=\"K1\"", "koppelnummer=\" K1&#x20;\""))[0],
        one
    );

    let earlier = "</DBCTraject>\n<DBCTraject DBCTrajectnummer=\"D0\" startdatumDBC=\"2024-12-01+01:00\" einddatumDBC=\"2025-01-09\">\n\
        <Meting datum=\"2025-01-09\" typemeting=\"2\" gebruiktMeetinstrument=\"MANSA-12ph\" totaalscoreMeting=\"0060.50\"/>\n\
        <Meting datum=\"2025-01-08\" typemeting=\"1\" gebruiktMeetinstrument=\"OQ45\" totaalscoreMeting=\"999\"/>\n\
        <Meting datum=\"2025-01-15\" typemeting=\"1\" gebruiktMeetinstrument=\"BSI\" totaalscoreMeting=\"2\"/>\n</DBCTraject>";
    let text = with("</DBCTraject>", earlier);
    finds(&text, &["SBG-0202 measurement 16"]);
    let dates = [
        NaiveDate::from_ymd_opt(2024, 12, 1),
        day(6, 10),
        None,
        day(6, 1),
    ];
    let with_dates = |line, measurement| {
        let mut row = one.clone();
        (row.0, row.1, row.5, row.6) = (line, Place::Further, dates, measurement);
        row
    };
    let mut first = with_dates(9, one.6);
    first.1 = Place::First;
    let expected = [
        first,
        with_dates(14, bsi(Moment::Post, day(1, 9), "MANSA-12", Some(60.5))),
        with_dates(15, bsi(Moment::Pre, day(1, 8), "OQ45", None)),
        with_dates(16, None),
    ];
    assert_eq!(rows(&text), expected);
}

#[test]
fn an_open_treatment_leaves_the_care_path_open_and_one_without_treatment_does_not_count() {
    let open = with("einddatumDBC=\"2025-06-10\" ", "");
    assert_eq!(rows(&open)[0].5, [day(1, 10), None, day(1, 15), None]);
    let text = import();
    let treatment = text.find("<DBCTraject").expect("there is one")
        ..text.find("</Zorgtraject").expect("it is closed");
    let mut without = text.clone();
    without.replace_range(treatment, "");
    finds(&without, &["SBG-0201 value 5"]);
    assert_eq!(rows(&without), []);
    let start = text.find("<Meting").expect("there is one");
    let end = text.find("</DBCTraject").expect("it is closed");
    let mut unmeasured = text.clone();
    unmeasured.replace_range(start..end, "");
    let rows = rows(&unmeasured);
    assert_eq!((rows.len(), rows[0].0, rows[0].6), (1, 5, None));
    assert_eq!(judge(unmeasured.as_bytes()).rows, 1);
}

#[test]
fn nothing_is_accepted_from_a_refused_import() {
    let mut accepted = 0;
    let text = with("koppelnummer=\"K1\"", "koppelnummer=\"\"");
    let report = check(&mut text.as_bytes(), &options(), &mut |_| accepted += 1);
    let report = report.expect("bytes in memory can be read");
    assert_eq!((report.status, accepted), (Status::Invalid, 0));
    assert_eq!((report.accepted, report.ignored), (0, 1));
}

#[test]
fn a_row_beyond_the_limit_refuses_the_import() {
    let mut limited = options();
    limited.limits.rows = 1;
    let more = "</Zorgtraject>\n<Zorgtraject zorgtrajectnummer=\"T2\" zorgdomeinCode=\"02\"><DBCTraject \
        DBCTrajectnummer=\"D2\" startdatumDBC=\"2025-01-10\"/></Zorgtraject>";
    let text = with("</Zorgtraject>", more);
    assert_eq!(
        lines(&judge_with(text.as_bytes(), &limited)),
        ["ROM-0021 file 14"]
    );
    limited.limits.rows = 2;
    assert_eq!(lines(&judge_with(text.as_bytes(), &limited)), [""; 0]);
}

pub(super) fn sample(rows: u64, seed: u64, faults: Faults) -> (Vec<u8>, Vec<Planted>) {
    let sample = Sample {
        organisation: AGB.to_owned(),
        rows,
        seed,
        faults,
        as_of: as_of(),
    };
    let mut bytes = Vec::new();
    let planted = sample::write_as(Format::Import, &sample, &mut bytes);
    (bytes, planted.expect("memory can be written"))
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
}

#[test]
fn what_a_sample_plants_is_what_a_check_finds() {
    for (seed, faults, status) in [
        (1, Faults::Light(10), Status::ValidWithRemarks),
        (2, Faults::Any(10), Status::Invalid),
    ] {
        let (bytes, planted) = sample(2500, seed, faults);
        let report = judge(&bytes);
        let found = report.findings.iter();
        let found: Vec<_> = found
            .map(|f| (f.row.unwrap_or(0), f.code, f.column))
            .collect();
        let expected: Vec<_> = planted.iter().map(|p| (p.row, p.code, p.column)).collect();
        assert_eq!(found, expected);
        assert_eq!(report.status, status);
        let kinds: std::collections::HashSet<(Code, _)> =
            planted.iter().map(|p| (p.code, p.column)).collect();
        assert!(kinds.len() >= 13, "{} kinds of faults", kinds.len());
    }
}
