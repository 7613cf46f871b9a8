//! `cqi-1`: one row per respondent, numbers only.

use portaal_console::delivery::sample::{self, Faults, Sample};
use portaal_console::delivery::{
    Accepted, Format, Options, Report, RespondentRow, Status, check_into,
};

use super::{AGB, as_of, judge, judge_with, lines, options};

const HEADER: &str = "zorgaanbiedercode;koppelnummer;zorgtrajectnummer;profiel;vragenlijst;afnamedatum;\
v01;v02;v03;v04;v05;v06;v07;v08;v09;v10;v11;v12;v13;v14;v15;rapportcijfer;gezondheid";
const ROW: &str = "06010001;K1;T1;kort;CQI-AMB-5.1;2025-06-01;1;2;3;4;5;;1;1;1;1;1;1;1;1;5;10;2";

fn row(changes: Changes<'_>) -> String {
    let cells = HEADER.split(';').zip(ROW.split(';'));
    let altered = cells.map(|(name, cell)| {
        let change = changes.iter().find(|(n, _)| *n == name);
        change.map_or(cell, |(_, value)| value)
    });
    altered.collect::<Vec<_>>().join(";")
}

/// Row, answers, grade and health of a respondent.
type Respondent = (u64, [Option<u8>; 15], Option<u8>, Option<u8>);

/// Columns with another value than in the valid row.
type Changes<'a> = &'a [(&'a str, &'a str)];

fn respondents(text: &str) -> (Report, Vec<Respondent>) {
    let mut seen = Vec::new();
    let report = check_into(&mut text.as_bytes(), &options(), &mut |accepted| {
        if let Accepted::Respondent(RespondentRow {
            row,
            answers,
            grade,
            health,
            questionnaire,
            ..
        }) = accepted
        {
            assert_eq!(*questionnaire, "CQI-AMB-5.1");
            seen.push((*row, *answers, *grade, *health));
        }
    });
    (report.expect("bytes in memory can be read"), seen)
}

#[test]
fn cells_are_judged_by_their_column() {
    let nothing: Vec<(String, &str)> = (1..=15)
        .map(|n| (format!("v{n:02}"), ""))
        .chain([("rapportcijfer".into(), ""), ("gezondheid".into(), "")])
        .collect();
    let nothing: Vec<(&str, &str)> = nothing.iter().map(|(n, v)| (n.as_str(), *v)).collect();
    let cases: Vec<(Changes<'_>, &[&str])> = vec![
        (&[], &[]),
        (&[("v01", "6")], &["ROM-0108 value 2 v01"]),
        (&[("v01", "0")], &["ROM-0108 value 2 v01"]),
        (&[("v15", "2,5")], &["ROM-0110 value 2 v15"]),
        (&[("v15", "ja")], &["ROM-0110 value 2 v15"]),
        (
            &[("v15", "Ik ben er heel blij mee")],
            &["ROM-0054 file 2 v15"],
        ),
        (&[("v15", "a@b.example")], &["ROM-0051 file 2 v15"]),
        (&[("v15", "1234 AB")], &["ROM-0052 file 2 v15"]),
        (&[("v15", "12-03-1980")], &["ROM-0053 file 2 v15"]),
        (&[("rapportcijfer", "0")], &[]),
        (
            &[("rapportcijfer", "11")],
            &["ROM-0108 value 2 rapportcijfer"],
        ),
        (&[("gezondheid", "6")], &["ROM-0108 value 2 gezondheid"]),
        (&[("vragenlijst", "")], &["ROM-0100 file 2 vragenlijst"]),
        (&[("vragenlijst", "CQI")], &["ROM-0103 file 2 vragenlijst"]),
        (
            &[("afnamedatum", "2025-12-02")],
            &["ROM-0301 measurement 2 afnamedatum"],
        ),
        (&[("afnamedatum", "2025-12-01")], &[]),
        (&nothing, &["ROM-0304 measurement 2"]),
    ];
    for (changes, expected) in cases {
        let text = format!("{HEADER}\n{}\n", row(changes));
        assert_eq!(lines(&judge(text.as_bytes())), expected, "{changes:?}");
    }
}

#[test]
fn a_respondent_is_handed_over_and_one_that_does_not_count_is_not() {
    let rows = [
        row(&[]),
        row(&[("koppelnummer", "K2"), ("v02", "9"), ("gezondheid", "")]),
        row(&[("koppelnummer", "K3"), ("afnamedatum", "2025-12-02")]),
    ];
    let (report, seen) = respondents(&format!("{HEADER}\n{}\n", rows.join("\n")));
    assert_eq!(
        (report.status, report.accepted, report.ignored),
        (Status::ValidWithRemarks, 2, 1)
    );
    let some = |list: [u8; 15]| list.map(|answer| (answer > 0).then_some(answer));
    let answers = [1, 2, 3, 4, 5, 0, 1, 1, 1, 1, 1, 1, 1, 1, 5];
    let mut second = answers;
    second[1] = 0;
    assert_eq!(
        seen,
        [
            (2, some(answers), Some(10), Some(2)),
            (3, some(second), Some(10), None)
        ]
    );
}

#[test]
fn a_column_for_free_text_is_refused_also_when_it_is_empty() {
    for (name, code) in [
        ("Toelichting bij v03", "ROM-0054 file 1 #24"),
        ("opmerkingen", "ROM-0054 file 1 #24"),
        ("locatie", "ROM-0007 remark 1 #24"),
    ] {
        let text = format!("{HEADER};{name}\n{ROW};\n");
        assert_eq!(lines(&judge(text.as_bytes())), [code], "{name}");
    }
    let text = format!("{HEADER};locatie\n{ROW};Ik wil graag nog iets kwijt\n");
    let found = lines(&judge(text.as_bytes()));
    assert_eq!(found, ["ROM-0007 remark 1 #24", "ROM-0054 file 2 #24"]);
}

#[test]
fn the_key_is_one_questionnaire_on_one_day() {
    let rows = |second: Changes<'_>| format!("{HEADER}\n{}\n{}\n", row(&[]), row(second));
    let cases: [(Changes<'_>, &[&str]); 4] = [
        (&[("v01", "5")], &["ROM-0062 file 3"]),
        (&[("afnamedatum", "2025-06-02")], &[]),
        (&[("vragenlijst", "CQI-GGZ-VZ-AMB-2017")], &[]),
        (
            &[("afnamedatum", "2025-06-02"), ("profiel", "middel")],
            &["ROM-0063 file 3"],
        ),
    ];
    for (second, expected) in cases {
        assert_eq!(
            lines(&judge(rows(second).as_bytes())),
            expected,
            "{second:?}"
        );
    }
}

#[test]
fn a_file_of_another_kind_is_refused_and_a_guess_is_never_made() {
    let text = format!("{HEADER}\n{ROW}\n");
    let named = |name| Options {
        specification: Format::named(name),
        ..options()
    };
    assert_eq!(
        lines(&judge_with(text.as_bytes(), &named("cqi-1"))),
        [""; 0]
    );
    assert_eq!(
        lines(&judge_with(text.as_bytes(), &named("rom-1"))),
        ["ROM-0018 file 1"]
    );
    let both = "zorgaanbiedercode;koppelnummer;zorgtrajectnummer;profiel\n1;2;3;4\n";
    assert_eq!(lines(&judge(both.as_bytes())), ["ROM-0023 file 1"]);
    let found = lines(&judge_with(both.as_bytes(), &named("cqi-1")));
    assert_eq!(found[0], "ROM-0004 file 1 vragenlijst");
}

#[test]
fn what_a_sample_plants_is_what_a_check_finds() {
    let cqi = Format::named("cqi-1").expect("cqi-1 is embedded");
    for (faults, status) in [
        (Faults::None, Status::Valid),
        (Faults::Light(20), Status::ValidWithRemarks),
        (Faults::Any(20), Status::Invalid),
    ] {
        let sample = Sample {
            organisation: AGB.to_owned(),
            rows: 900,
            seed: 4,
            faults,
            as_of: as_of(),
        };
        let mut bytes = Vec::new();
        let planted = sample::write_as(cqi, &sample, &mut bytes).expect("memory can be written");
        let report = judge(&bytes);
        let found = report.findings.iter();
        let found: Vec<_> = found.map(|f| (f.row, f.code, f.column)).collect();
        let expected: Vec<_> = planted
            .iter()
            .map(|p| (Some(p.row), p.code, p.column))
            .collect();
        assert_eq!(found, expected);
        assert_eq!((report.status, report.rows), (status, 900));
    }
}
