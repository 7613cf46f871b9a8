//! What only the whole file can tell: keys, care paths, organisations, citizen numbers, and how findings are counted.

use portaal_console::delivery::{Options, Status, passes_eleven_test};

use super::{HEADER, as_of, file, finds, judge, judge_with, lines, row};

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
fn a_column_of_citizen_numbers_is_refused_and_a_column_of_numbers_is_not() {
    let passing: Vec<u32> = (100_000_000..)
        .filter(|n| passes_eleven_test(*n))
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
        .filter(|n| passes_eleven_test(*n))
        .take(9)
        .map(|n| n.to_string())
        .collect();
    assert_eq!(
        lines(&judge(keyed(&eight).as_bytes())),
        refused,
        "a leading zero may be lost"
    );
    let keyed_by_number = |(i, n)| format!("{};{n}", row(&[("koppelnummer", &format!("K{i}"))]));
    let extra: Vec<String> = passing.iter().enumerate().map(keyed_by_number).collect();
    let report = judge(format!("{HEADER};bsn\n{}\n", extra.join("\n")).as_bytes());
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
        assert_eq!(passes_eleven_test(number), passes, "{number}");
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
fn a_key_is_found_again_wherever_it_stands() {
    let measured = |client: &str, day: u32| {
        let date = format!("2025-{:02}-{:02}", 2 + day / 28, 1 + day % 28);
        row(&[("koppelnummer", client), ("meetdatum", &date)])
    };
    let clients: Vec<String> = (0..50).map(|n| format!("K{n}")).collect();
    let round = |day| clients.iter().map(move |client| measured(client, day));
    let mut rows: Vec<String> = round(0).chain(round(1)).collect();
    finds(file(&rows).as_bytes(), &[]);
    rows.push(measured("K7", 0));
    rows.push(measured("K7", 1));
    rows.push(measured("K7", 2));
    rows.push(row(&[("koppelnummer", "K8"), ("geslacht", "2")]));
    let again = [
        "ROM-0062 file 102",
        "ROM-0062 file 103",
        "ROM-0063 file 105",
    ];
    finds(file(&rows).as_bytes(), &again);
    // More rows than are compared one by one.
    let mut rows: Vec<String> = (0..100).map(|day| measured("K1", day)).collect();
    finds(file(&rows).as_bytes(), &[]);
    rows.extend([3, 60, 99, 100].map(|day| measured("K1", day)));
    let again = [
        "ROM-0062 file 102",
        "ROM-0062 file 103",
        "ROM-0062 file 104",
    ];
    finds(file(&rows).as_bytes(), &again);
}
