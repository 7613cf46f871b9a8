//! What a file must look like before its cells are judged, and how much of it there may be.

use std::io::Read;

use portaal_console::delivery::{Limits, Options, Status, check};

use super::{HEADER, ROW, file, finds, judge_with, lines, options, row};

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
            vec!["SBG-0100 file 2"],
        ),
        ("%PDF-1.4\n".into(), vec!["ROM-0018 file -"]),
        ("\u{1f}".into(), vec!["ROM-0003 file 1"]),
    ];
    for (text, expected) in cases {
        finds(text.as_bytes(), &expected);
    }
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
