//! Deliveries: every rule hit and missed, the same findings however the bytes arrive, and no panic on any of them.

use std::io::Read;

use chrono::NaiveDate;
use portaal_console::delivery::sample::{self, Faults, Sample};
use portaal_console::delivery::{
    Code, Column, Limits, Measurement, Moment, Options, Place, Report, Severity, Status, check,
    specification,
};
use portaal_console::language;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::Index;

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
    let changed = cells.map(|(name, cell)| {
        changes
            .iter()
            .find(|(n, _)| *n == name)
            .map_or(cell, |(_, value)| value)
    });
    changed.collect::<Vec<_>>().join(";")
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
    assert_eq!(detected.encoding.map(|e| e.as_str()), Some("utf-8"));
    assert_eq!(detected.delimiter.map(|d| d.as_str()), Some(";"));
    assert_eq!(detected.decimal.map(|d| d.as_str()), Some(","));
    assert_eq!(detected.date_form.map(|d| d.as_str()), Some("jjjj-mm-dd"));
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
fn structure_is_judged_strictly() {
    let header_without = |name: &str| {
        HEADER
            .split(';')
            .filter(|n| *n != name)
            .collect::<Vec<_>>()
            .join(";")
    };
    let cases: Vec<(String, Vec<&str>)> = vec![
        (String::new(), vec!["ROM-0001 file -"]),
        ("\u{feff}\r\n  \n\n".into(), vec!["ROM-0001 file -"]),
        (format!("{HEADER}\n\n"), vec!["ROM-0002 file -"]),
        (format!("{ROW}\n"), vec!["ROM-0003 file 1"]),
        ("\n\nname;date\n1;2\n".into(), vec!["ROM-0003 file 3"]),
        (
            format!("{}\n{ROW}\n", header_without("profiel")),
            vec!["ROM-0004 file 1 profiel"],
        ),
        (
            format!("{HEADER};Profiel \n{ROW};kort\n"),
            vec!["ROM-0005 file 1 profiel"],
        ),
        (
            format!("{HEADER};x;X\n{ROW};;\n"),
            vec!["ROM-0007 remark 1 #19", "ROM-0005 file 1 #20"],
        ),
        (format!("{HEADER};\n{ROW};\n"), vec!["ROM-0006 file 1 #19"]),
        (
            format!("{HEADER};naam\n{ROW};x\n"),
            vec!["ROM-0007 remark 1 #19"],
        ),
        (format!("{HEADER}\n{ROW};\n"), vec!["ROM-0008 file 2"]),
        (format!("{HEADER}\nx\n{ROW}\n"), vec!["ROM-0008 file 2"]),
        (
            format!("{HEADER}\n{}\n{ROW}\n", row(&[("koppelnummer", "\"K9")])),
            vec!["ROM-0009 file 2 koppelnummer"],
        ),
        (
            format!(
                "{HEADER}\n{}\n{}\n{ROW}\n",
                row(&[("koppelnummer", "\"K9")]),
                row(&[("geslacht", "\"1\"")])
            ),
            vec!["ROM-0009 file 2 koppelnummer", "ROM-0062 file 4"],
        ),
        (
            format!(
                "{HEADER}\n{}\n{}\n",
                row(&[("totaalscore", "\"1")]),
                row(&[("koppelnummer", "K\"")])
            ),
            vec![
                "ROM-0009 file 2 totaalscore",
                "ROM-0011 file 3 koppelnummer",
            ],
        ),
        (
            format!("{HEADER}\n{}\n{ROW}\n", row(&[("profiel", "\"kort\"x")])),
            vec!["ROM-0010 file 2 profiel"],
        ),
        (
            format!("{HEADER}\n{}\n{ROW}\n", row(&[("profiel", "ko\"rt")])),
            vec!["ROM-0011 file 2 profiel"],
        ),
        (format!("{HEADER}\n{ROW}\n\0\n"), vec!["ROM-0012 file 3"]),
        (
            "zorgaanbiedercode;koppelnummer,profiel\n1;2,3\n".into(),
            vec!["ROM-0014 file 1"],
        ),
        (
            "<?xml version=\"1.0\"?>\n<a/>\n".into(),
            vec!["ROM-0018 file 1"],
        ),
        ("%PDF-1.4\n".into(), vec!["ROM-0018 file -"]),
        ("\u{1f}".into(), vec!["ROM-0003 file 1"]),
    ];
    for (text, expected) in cases {
        finds(text.as_bytes(), &expected);
    }
    finds(b"PK\x03\x04rest", &["ROM-0017 file -"]);
    finds(&[0x1f, 0x8b, 8, 0], &["ROM-0017 file -"]);
}

#[test]
fn limits_hold() {
    let limited = |limits: Limits, text: &str| {
        lines(&judge_with(
            text.as_bytes(),
            &Options {
                limits,
                ..options()
            },
        ))
    };
    let ordinary = Limits::default();
    let two = file(&[row(&[]), row(&[("koppelnummer", "K2")])]);
    assert_eq!(
        limited(
            Limits {
                rows: 2,
                ..ordinary
            },
            &two
        ),
        [""; 0]
    );
    assert_eq!(
        limited(
            Limits {
                rows: 1,
                ..ordinary
            },
            &two
        ),
        ["ROM-0021 file 3"]
    );
    let bytes = two.len() as u64;
    assert_eq!(limited(Limits { bytes, ..ordinary }, &two), [""; 0]);
    assert_eq!(
        limited(
            Limits {
                bytes: bytes - 1,
                ..ordinary
            },
            &two
        ),
        ["ROM-0022 file -"]
    );
    assert_eq!(
        limited(
            Limits {
                columns: 18,
                ..ordinary
            },
            &two
        ),
        [""; 0]
    );
    assert_eq!(
        limited(
            Limits {
                columns: 17,
                ..ordinary
            },
            &two
        ),
        ["ROM-0020 file 1"]
    );

    let long = |length: usize| {
        format!(
            "{HEADER}\n{}\n{ROW}\n",
            row(&[("koppelnummer", &"K".repeat(length))])
        )
    };
    assert_eq!(limited(ordinary, &long(70_000)), ["ROM-0019 file 2"]);
    assert_eq!(limited(ordinary, &long(200_000)), ["ROM-0019 file 2"]);
    assert_eq!(
        limited(ordinary, &long(65)),
        ["ROM-0101 file 2 koppelnummer"]
    );
    assert_eq!(limited(ordinary, &long(64)), [""; 0]);
    let exact = Limits {
        line_bytes: HEADER.len(),
        ..ordinary
    };
    assert_eq!(limited(exact, &two.replace('\n', "\r\n")), [""; 0]);
    let short = Limits {
        line_bytes: HEADER.len() - 1,
        ..ordinary
    };
    assert_eq!(limited(short, &two), ["ROM-0019 file 1"]);
}

#[test]
fn an_endless_input_ends() {
    let limits = Limits {
        bytes: 1 << 20,
        ..Limits::default()
    };
    for byte in [0, b'a', b'\n', b'"', 0xFF] {
        let report = check(
            &mut std::io::repeat(byte),
            &Options {
                limits,
                ..options()
            },
            &mut |_| {},
        );
        let report = report.expect("an endless input can be read");
        assert_eq!(report.status, Status::Invalid);
        assert_eq!(report.sha256, None, "part of a file has no digest");
    }
}

#[test]
fn a_reader_that_fails_is_no_finding() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    assert!(check(&mut Broken, &options(), &mut |_| {}).is_err());
}

#[test]
fn cells_are_judged_by_their_column() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "zorgaanbiedercode",
            "",
            &["ROM-0100 file 2 zorgaanbiedercode"],
        ),
        (
            "zorgaanbiedercode",
            "6010001",
            &[
                "ROM-0102 file 2 zorgaanbiedercode",
                "ROM-0060 file 2 zorgaanbiedercode",
            ],
        ),
        (
            "zorgaanbiedercode",
            "06010002",
            &["ROM-0060 file 2 zorgaanbiedercode"],
        ),
        ("koppelnummer", "", &["ROM-0100 file 2 koppelnummer"]),
        (
            "koppelnummer",
            "a@b.example",
            &["ROM-0051 file 2 koppelnummer"],
        ),
        ("koppelnummer", "a@b", &[]),
        (
            "koppelnummer",
            "12-03-1980",
            &["ROM-0053 file 2 koppelnummer"],
        ),
        ("koppelnummer", "19800312", &[]),
        (
            "koppelnummer",
            "K\u{200b}1",
            &["ROM-0109 file 2 koppelnummer"],
        ),
        (
            "koppelnummer",
            "\"K\n1\"",
            &["ROM-0109 file 2 koppelnummer"],
        ),
        ("koppelnummer", "\"K\"\"1;\"", &[]),
        ("koppelnummer", "  K1\t", &[]),
        (
            "zorgtrajectnummer",
            "",
            &["ROM-0100 file 2 zorgtrajectnummer"],
        ),
        ("profiel", "", &["ROM-0100 file 2 profiel"]),
        ("profiel", "Kort", &["ROM-0103 file 2 profiel"]),
        ("profiel", "GBG05", &[]),
        ("diagnosegroep", "", &[]),
        ("diagnosegroep", "22", &["ROM-0103 value 2 diagnosegroep"]),
        ("geboortejaar", "", &[]),
        ("geboortejaar", "80", &["ROM-0105 value 2 geboortejaar"]),
        ("geboortejaar", "1879", &["ROM-0108 value 2 geboortejaar"]),
        ("geboortejaar", "1880", &[]),
        ("geboortejaar", "2025", &[]),
        ("geboortejaar", "2026", &["ROM-0204 value 2 geboortejaar"]),
        (
            "geboortejaar",
            "12-03-1980",
            &["ROM-0053 file 2 geboortejaar"],
        ),
        (
            "geboortejaar",
            "19800312",
            &["ROM-0053 file 2 geboortejaar"],
        ),
        (
            "geboortejaar",
            "12031980",
            &["ROM-0053 file 2 geboortejaar"],
        ),
        ("geslacht", "9", &[]),
        ("geslacht", "3", &["ROM-0103 value 2 geslacht"]),
        ("postcodegebied", "0007", &[]),
        (
            "postcodegebied",
            "0006",
            &["ROM-0108 value 2 postcodegebied"],
        ),
        (
            "postcodegebied",
            "0999",
            &["ROM-0108 value 2 postcodegebied"],
        ),
        ("postcodegebied", "1000", &[]),
        ("postcodegebied", "12", &["ROM-0102 value 2 postcodegebied"]),
        (
            "postcodegebied",
            "1234AB",
            &["ROM-0052 file 2 postcodegebied"],
        ),
        (
            "postcodegebied",
            "1234 ab",
            &["ROM-0052 file 2 postcodegebied"],
        ),
        ("startdatum", "", &["ROM-0100 file 2 startdatum"]),
        ("startdatum", "2025-02-30", &["ROM-0104 file 2 startdatum"]),
        ("startdatum", "2025-12-02", &["ROM-0200 file 2 startdatum"]),
        ("einddatum", "31/12/2025", &["ROM-0104 value 2 einddatum"]),
        ("einddatum", "2025-12-02", &["ROM-0200 value 2 einddatum"]),
        ("einddatum", "2025-12-01", &[]),
        ("einddatum", "2025-01-09", &["ROM-0201 value 2 einddatum"]),
        (
            "datum_eerste_sessie",
            "2025-01-09",
            &["ROM-0202 value 2 datum_eerste_sessie"],
        ),
        ("datum_eerste_sessie", "2025-01-10", &[]),
        (
            "datum_eerste_sessie",
            "2025-06-02",
            &["ROM-0203 value 2 datum_laatste_sessie"],
        ),
        ("datum_laatste_sessie", "2025-06-10", &[]),
        (
            "datum_laatste_sessie",
            "2025-06-11",
            &["ROM-0202 value 2 datum_laatste_sessie"],
        ),
        ("reden_non_response_voor", "10", &[]),
        (
            "reden_non_response_voor",
            "11",
            &["ROM-0103 value 2 reden_non_response_voor"],
        ),
        (
            "reden_non_response_na",
            "1",
            &["ROM-0103 value 2 reden_non_response_na"],
        ),
        ("typemeting", "3", &["ROM-0103 measurement 2 typemeting"]),
        ("typemeting", "", &["ROM-0300 measurement 2"]),
        ("meetdatum", "", &["ROM-0300 measurement 2"]),
        (
            "meetdatum",
            "gisteren",
            &["ROM-0104 measurement 2 meetdatum"],
        ),
        (
            "meetdatum",
            "2025-12-02",
            &["ROM-0301 measurement 2 meetdatum"],
        ),
        ("meetdatum", "2025-12-01", &[]),
        (
            "meetinstrument",
            "bsi",
            &["ROM-0103 measurement 2 meetinstrument"],
        ),
        (
            "totaalscore",
            "veel",
            &["ROM-0106 measurement 2 totaalscore"],
        ),
        (
            "totaalscore",
            "1e3",
            &["ROM-0106 measurement 2 totaalscore"],
        ),
        ("totaalscore", ",5", &["ROM-0106 measurement 2 totaalscore"]),
        (
            "totaalscore",
            "1.234,5",
            &["ROM-0107 measurement 2 totaalscore"],
        ),
        (
            "totaalscore",
            "1 234",
            &["ROM-0107 measurement 2 totaalscore"],
        ),
        ("totaalscore", "4", &[]),
        (
            "totaalscore",
            "4,01",
            &["ROM-0303 measurement 2 totaalscore"],
        ),
        ("totaalscore", "-1", &["ROM-0303 measurement 2 totaalscore"]),
        (
            "totaalscore",
            "999",
            &["ROM-0302 measurement 2 totaalscore"],
        ),
    ];
    for (column, value, expected) in cases {
        finds(file(&[row(&[(column, value)])]).as_bytes(), expected);
    }
}

#[test]
fn scores_are_judged_by_their_instrument() {
    let ranges = [
        ("BSI", 0, 4),
        ("OQ45-sd", 0, 100),
        ("SQ48", 0, 148),
        ("SCL90", 90, 450),
        ("DASS21", 0, 126),
        ("CORE34", 0, 40),
        ("HADS", 0, 42),
        ("KKL", 0, 52),
        ("HoNOS-12", 0, 48),
        ("MANSA-12", 12, 84),
    ];
    let impossible: &[&str] = &["ROM-0303 measurement 2 totaalscore"];
    for (instrument, lowest, highest) in ranges {
        for (score, expected) in [
            (lowest - 1, impossible),
            (lowest, &[]),
            (highest, &[]),
            (highest + 1, impossible),
        ] {
            let changes = [
                ("meetinstrument", instrument),
                ("totaalscore", &score.to_string()),
            ];
            finds(file(&[row(&changes)]).as_bytes(), expected);
        }
    }
    let items_only = |score| file(&[row(&[("meetinstrument", "EQ5D"), ("totaalscore", score)])]);
    finds(items_only("999").as_bytes(), &[]);
    finds(
        items_only("12").as_bytes(),
        &["ROM-0302 measurement 2 totaalscore"],
    );
}

#[test]
fn rows_are_judged_against_each_other() {
    let post = |changes: &[(&str, &str)]| {
        row(&[&[("typemeting", "2"), ("meetdatum", "2025-06-01")], changes].concat())
    };
    let cases: Vec<(Vec<String>, Vec<&str>)> = vec![
        (vec![row(&[]), row(&[])], vec!["ROM-0062 file 3"]),
        (
            vec![row(&[]), row(&[("totaalscore", "2")])],
            vec!["ROM-0062 file 3"],
        ),
        (vec![row(&[]), post(&[])], vec![]),
        (
            vec![row(&[]), post(&[("geslacht", "2")])],
            vec!["ROM-0063 file 3"],
        ),
        (
            vec![row(&[]), post(&[("geslacht", "2"), ("koppelnummer", "K2")])],
            vec![],
        ),
        (
            vec![row(&[("startdatum", "10-01-2025")]), post(&[])],
            vec!["ROM-0016 file 3 startdatum", "ROM-0063 file 3"],
        ),
        (
            vec![
                row(&[("startdatum", "10-01-2025")]),
                post(&[("startdatum", "10-01-2025")]),
            ],
            vec![],
        ),
        (
            vec![row(&[]), post(&[("totaalscore", "1.5")])],
            vec!["ROM-0015 file 3 totaalscore"],
        ),
        (vec![row(&[]), post(&[("totaalscore", "2")])], vec![]),
    ];
    for (rows, expected) in cases {
        finds(file(&rows).as_bytes(), &expected);
    }
}

#[test]
fn without_a_delivering_organisation_there_is_one_in_the_file() {
    let anyone = Options::new(as_of());
    let one = file(&[
        row(&[("zorgaanbiedercode", "06010009")]),
        row(&[("zorgaanbiedercode", "06010009"), ("koppelnummer", "K2")]),
    ]);
    assert_eq!(lines(&judge_with(one.as_bytes(), &anyone)), [""; 0]);
    let two = file(&[row(&[]), row(&[("zorgaanbiedercode", "06010009")])]);
    assert_eq!(
        lines(&judge_with(two.as_bytes(), &anyone)),
        ["ROM-0061 file 3 zorgaanbiedercode"]
    );
}

#[test]
fn form_is_free() {
    let plain = file(&[
        ROW.to_owned(),
        row(&[("koppelnummer", "Zoë"), ("totaalscore", "2,5")]),
    ]);
    let bar = plain.replace(';', "|");
    let comma = plain.replace(',', ".").replace(';', ",");
    let quoted = plain
        .lines()
        .map(|line| format!("\"{}\"\r\n", line.replace(';', "\";\"")))
        .collect::<String>();
    let dutch = plain
        .replace("2025-01-10", "10-01-2025")
        .replace("2025-01-15", "15-01-2025");
    let compact = plain.replace("2025-01-15", "20250115");
    let upper = plain.replace("koppelnummer", " KoppelNummer ");
    let texts = [
        bar,
        plain.replace(';', "\t"),
        comma,
        quoted,
        dutch,
        compact,
        upper,
        plain.replace('\n', "\r"),
        plain.replace('\n', "\r\n"),
    ];
    for text in texts {
        finds(text.as_bytes(), &[]);
    }
    let mut columns: Vec<Vec<&str>> = plain
        .lines()
        .map(|line| line.split(';').collect())
        .collect();
    columns.iter_mut().for_each(|line| line.reverse());
    let reversed: String = columns
        .iter()
        .map(|line| format!("{}\n", line.join(";")))
        .collect();
    finds(reversed.as_bytes(), &[]);
    finds(plain.trim_end().as_bytes(), &[]);
}

#[test]
fn encodings_are_told_apart() {
    let plain = file(&[ROW.to_owned(), row(&[("koppelnummer", "Zoë-€")])]);
    let western: Vec<u8> = plain
        .chars()
        .map(|c| match c {
            'ë' => 0xEB,
            '€' => 0x80,
            other => u8::try_from(u32::from(other)).expect("ASCII"),
        })
        .collect();
    let little: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(plain.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(plain.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    let cases = [
        (plain.clone().into_bytes(), "utf-8"),
        (format!("\u{feff}{plain}").into_bytes(), "utf-8-bom"),
        (western.clone(), "windows-1252"),
        (little.clone(), "utf-16le"),
        (big, "utf-16be"),
    ];
    for (bytes, encoding) in cases {
        let mut keys = Vec::new();
        let report = check(&mut bytes.as_slice(), &options(), &mut |row| {
            keys.push(row.client_key.to_owned())
        });
        let report = report.expect("bytes in memory can be read");
        assert_eq!(lines(&report), [""; 0], "{encoding}");
        assert_eq!(report.detected.encoding.map(|e| e.as_str()), Some(encoding));
        assert_eq!(keys, ["K1", "Zoë-€"]);
    }
    let damaged = |bytes: &mut Vec<u8>, with: &[u8]| {
        let at = bytes.len() - 3;
        bytes.splice(at..at, with.iter().copied());
        lines(&judge(bytes))
    };
    assert_eq!(
        damaged(&mut plain.clone().into_bytes(), &[0xFF]),
        ["ROM-0013 file 3"]
    );
    assert_eq!(damaged(&mut western.clone(), &[0x81]), ["ROM-0013 file 3"]);
    assert_eq!(damaged(&mut little.clone(), &[0]), ["ROM-0013 file 3"]);
}

#[test]
fn a_column_of_citizen_numbers_is_refused_and_a_column_of_numbers_is_not() {
    let passing: Vec<u32> = (100_000_000..)
        .filter(|n| portaal_console::delivery::passes_eleven_test(*n))
        .take(40)
        .collect();
    let keyed = |keys: &[String]| {
        file(
            &keys
                .iter()
                .map(|key| row(&[("koppelnummer", key)]))
                .collect::<Vec<_>>(),
        )
    };
    let texts = |numbers: &[u32]| {
        numbers
            .iter()
            .map(|n| format!("{n:09}"))
            .collect::<Vec<_>>()
    };
    let refused = ["ROM-0050 file - koppelnummer"];
    assert_eq!(lines(&judge(keyed(&texts(&passing)).as_bytes())), refused);
    assert_eq!(
        lines(&judge(keyed(&texts(&passing[..4])).as_bytes())),
        refused,
        "4 of 4 is (1/11)^4 = 0.00007"
    );
    assert_eq!(
        lines(&judge(keyed(&texts(&passing[..3])).as_bytes())),
        [""; 0],
        "3 of 3 is 0.0008"
    );
    let consecutive: Vec<u32> = (300_000_000..300_000_400).collect();
    assert_eq!(
        lines(&judge(keyed(&texts(&consecutive)).as_bytes())),
        [""; 0],
        "1 in 11 passes by chance"
    );
    let mixed: Vec<u32> = consecutive.iter().chain(&passing).copied().collect();
    assert_eq!(
        lines(&judge(keyed(&texts(&mixed)).as_bytes())),
        refused,
        "76 of 440, where 40 are expected"
    );
    let eight: Vec<String> = (10_000_000..)
        .filter(|n| portaal_console::delivery::passes_eleven_test(*n))
        .take(9)
        .map(|n| n.to_string())
        .collect();
    assert_eq!(
        lines(&judge(keyed(&eight).as_bytes())),
        refused,
        "a leading zero may be lost"
    );
    let extra: String = passing
        .iter()
        .enumerate()
        .map(|(i, n)| format!("{};{n}\n", row(&[("koppelnummer", &format!("K{i}"))])))
        .collect();
    let report = judge(format!("{HEADER};bsn\n{extra}").as_bytes());
    assert_eq!(
        lines(&report),
        ["ROM-0007 remark 1 #19", "ROM-0050 file - #19"],
        "an unknown column is judged too, and not named"
    );
}

#[test]
fn the_eleven_test_knows_its_numbers() {
    for (number, passes) in [
        (0, false),
        (111_222_333, true),
        (123_456_782, true),
        (123_456_789, false),
        (12_345_672, true),
        (1_000_000_000, false),
    ] {
        assert_eq!(
            portaal_console::delivery::passes_eleven_test(number),
            passes,
            "{number}"
        );
    }
}

#[test]
fn the_first_hundred_per_rule_are_kept_and_the_rest_is_counted() {
    let rows: Vec<_> = (0..250)
        .map(|i| {
            row(&[
                ("koppelnummer", &format!("K{i}")),
                ("geslacht", "X"),
                ("totaalscore", "9"),
            ])
        })
        .collect();
    let report = judge(file(&rows).as_bytes());
    assert_eq!(report.findings.len(), 202);
    assert_eq!(
        lines(&report)[200..],
        ["ROM-0103 value - x150", "ROM-0303 measurement - x150"]
    );
    assert_eq!(report.findings.iter().map(|f| f.count).sum::<u64>(), 500);
    assert_eq!(
        (report.status, report.accepted, report.ignored),
        (Status::ValidWithRemarks, 0, 250)
    );
}

#[test]
fn a_finding_of_the_file_is_not_buried_under_lighter_ones_of_its_rule() {
    let mut rows: Vec<_> = (0..150)
        .map(|i| row(&[("koppelnummer", &format!("K{i}")), ("geslacht", "X")]))
        .collect();
    rows.push(row(&[("koppelnummer", "K150"), ("profiel", "X")]));
    let report = judge(file(&rows).as_bytes());
    assert!(lines(&report).contains(&"ROM-0103 file 152 profiel".to_owned()));
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

/// Gives at most so many bytes at a time.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let size = out.len().min(self.1);
        self.0.read(&mut out[..size])
    }
}

/// The same report for every size of read and of block.
fn same_for_all_sizes(bytes: &[u8]) {
    let expected = judge(bytes);
    for size in [1, 7, 4096, 65_536] {
        let report = check(&mut Drip(bytes, size), &options(), &mut |_| {})
            .expect("bytes in memory can be read");
        assert_eq!(report, expected, "read size {size}");
        let limits = Limits {
            block_bytes: size,
            ..Limits::default()
        };
        assert_eq!(
            judge_with(
                bytes,
                &Options {
                    limits,
                    ..options()
                }
            ),
            expected,
            "block size {size}"
        );
    }
}

#[test]
fn findings_do_not_depend_on_how_the_bytes_arrive() {
    same_for_all_sizes(&sample(700, 3, Faults::Any(30)).0);
    let accents = file(&[
        row(&[("koppelnummer", "Zoë")]),
        row(&[("koppelnummer", "\"a\r\n\"\"ü\"")]),
        row(&[("profiel", "\"kort")]),
    ]);
    same_for_all_sizes(accents.as_bytes());
    same_for_all_sizes(accents.replace('\n', "\r").as_bytes());
    let mut western: Vec<u8> = accents
        .chars()
        .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
        .collect();
    same_for_all_sizes(&western);
    western.push(0x81);
    same_for_all_sizes(&western);
    let wide: Vec<u8> = "\u{feff}"
        .encode_utf16()
        .chain(accents.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    same_for_all_sizes(&wide);
    same_for_all_sizes(&wide[..wide.len() - 1]);
    same_for_all_sizes(format!("{HEADER}\n\"{}\n{ROW}\n", "x;\n".repeat(40_000)).as_bytes());
}

#[test]
fn hostile_quotes_cost_no_quadratic_time() {
    let text = format!("{HEADER}\n{}", "a\";\"\n".repeat(400_000));
    let report = judge(text.as_bytes());
    assert_eq!(report.status, Status::Invalid);
    assert!(report.findings.len() < 1000);
}

proptest! {
    #[test]
    fn hostile_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..2000), block in 1_usize..64) {
        let limits = Limits { block_bytes: block, line_bytes: 256, ..Limits::default() };
        let hostile = Options { limits, ..options() };
        prop_assert_eq!(judge_with(&bytes, &hostile), judge_with(&bytes, &Options { limits: Limits { block_bytes: 4096, ..limits }, ..options() }));
    }

    #[test]
    fn hostile_lines_under_a_good_header_do_no_harm(tail in "([;\"\r\n\u{0}a1é]|K1|\"\"|2025-01-01|999){0,400}", block in 4_usize..80) {
        let text = format!("{HEADER}\n{tail}");
        let small = Limits { block_bytes: block, line_bytes: 400, ..Limits::default() };
        let large = Limits { block_bytes: 65_536, ..small };
        let report = judge_with(text.as_bytes(), &Options { limits: small, ..options() });
        prop_assert_eq!(&report, &judge_with(text.as_bytes(), &Options { limits: large, ..options() }));
        let last = text.split_inclusive(['\n', '\r']).count() as u64;
        prop_assert!(report.findings.iter().all(|f| f.row.is_none_or(|row| row >= 1 && row <= last + 1)));
    }

    #[test]
    fn a_mutant_of_a_valid_file_does_no_harm(seed in 0_u64..50, at in any::<Index>(), byte in any::<u8>(), block in 4_usize..5000) {
        let (mut bytes, _) = sample(40, seed, Faults::None);
        let place = at.index(bytes.len());
        bytes[place] = byte;
        let limits = Limits { block_bytes: block, ..Limits::default() };
        let report = judge_with(&bytes, &Options { limits, ..options() });
        prop_assert_eq!(&report, &judge(&bytes));
        prop_assert!((40..=41).contains(&report.rows) || report.status == Status::Invalid);
    }

    #[test]
    fn no_finding_tells_a_value(secret in "[A-Z]{3}[0-9]{9}") {
        let text = file(&[row(&[("profiel", &secret), ("geslacht", &secret), ("startdatum", &secret)])]);
        let report = judge(format!("{secret};{text}").as_bytes());
        let told = [format!("{report:?}"), format!("{:?}", judge(text.as_bytes()))].concat();
        prop_assert!(!told.contains(&secret));
    }
}
