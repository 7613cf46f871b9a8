//! The XML import does not depend on how its bytes arrive, and no bytes do harm to it.

use std::io::Read;

use portaal_console::delivery::sample::Faults;
use portaal_console::delivery::{Encoding, Limits, Options, Report, Status, check};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::Index;

use super::sbg::{HEAD, import, sample, with};
use super::{judge, judge_with, lines, options};

/// Gives at most so many bytes at a time.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let size = out.len().min(self.1);
        self.0.read(&mut out[..size])
    }
}

fn in_blocks(bytes: &[u8], block_bytes: usize, line_bytes: usize) -> Report {
    let limits = Limits {
        block_bytes,
        line_bytes,
        ..Limits::default()
    };
    judge_with(
        bytes,
        &Options {
            limits,
            ..options()
        },
    )
}

fn same_for_all_sizes(bytes: &[u8]) {
    let expected = judge(bytes);
    for size in [1, 7, 4096, 65_536] {
        let report = check(&mut Drip(bytes, size), &options(), &mut |_| {});
        assert_eq!(
            report.expect("bytes in memory can be read"),
            expected,
            "read size {size}"
        );
        let report = in_blocks(bytes, size, Limits::default().line_bytes);
        assert_eq!(report, expected, "block size {size}");
    }
}

fn wide(text: &str, little: bool) -> Vec<u8> {
    let units = text.encode_utf16();
    units
        .flat_map(|unit| {
            if little {
                unit.to_le_bytes()
            } else {
                unit.to_be_bytes()
            }
        })
        .collect()
}

#[test]
fn findings_do_not_depend_on_how_the_bytes_arrive() {
    same_for_all_sizes(&sample(300, 3, Faults::Any(30)).0);
    let accents = with("koppelnummer=\"K1\"", "koppelnummer=\"Zoë-€-😀\"");
    same_for_all_sizes(accents.as_bytes());
    same_for_all_sizes(accents.replace('\n', "\r").as_bytes());
    same_for_all_sizes(accents.replace('\n', "\r\n").as_bytes());
    let marked = format!("\u{feff}{}", accents.replace("UTF-8", "UTF-16"));
    same_for_all_sizes(&wide(&marked, true));
    same_for_all_sizes(&wide(&marked, false));
    let long = with(
        "<NevendiagnoseCode",
        &format!("<!--{}-->\n<NevendiagnoseCode", "x".repeat(70_000)),
    );
    same_for_all_sizes(long.as_bytes());
    let mut damaged = accents.clone().into_bytes();
    damaged[700] = 0xFF;
    same_for_all_sizes(&damaged);
    damaged[700] = 0;
    same_for_all_sizes(&damaged);
    same_for_all_sizes(&accents.as_bytes()[..900]);
}

#[test]
fn encodings_are_taken_from_mark_and_declaration() {
    let declared = |name: &str| {
        let text = with("koppelnummer=\"K1\"", "koppelnummer=\"Zoë\"");
        text.replace("UTF-8", name)
    };
    let single = |text: &str| -> Vec<u8> {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).expect("Latin-1"))
            .collect()
    };
    let (utf8, utf16) = (declared("UTF-8"), declared("utf-16"));
    let mark = "\u{feff}";
    let marked = |text: &str| format!("{mark}{text}");
    let cases = [
        (utf8.clone().into_bytes(), "utf-8", ""),
        (marked(&utf8).into_bytes(), "utf-8-bom", ""),
        (
            utf8.split_once('\n').expect("lines").1.as_bytes().to_vec(),
            "utf-8",
            "",
        ),
        (single(&declared("ISO-8859-1")), "iso-8859-1", ""),
        (single(&declared("iso-8859-15")), "iso-8859-15", ""),
        (single(&declared("Windows-1252")), "windows-1252", ""),
        (wide(&marked(&utf16), true), "utf-16le", ""),
        (wide(&marked(&utf16), false), "utf-16be", ""),
        (wide(&utf16, true), "utf-16le", ""),
        (wide(&utf16, false), "utf-16be", ""),
        (wide(&marked(&utf8), true), "utf-16le", "SBG-0010 remark 1"),
        (
            marked(&declared("ISO-8859-1")).into_bytes(),
            "utf-8-bom",
            "SBG-0010 remark 1",
        ),
        (
            wide(&marked(&declared("UTF-16BE")), true),
            "utf-16le",
            "SBG-0009 file 1",
        ),
        (utf16.into_bytes(), "utf-8", "SBG-0009 file 1"),
        (declared("klingon").into_bytes(), "utf-8", "SBG-0009 file 1"),
        (single(&utf8), "utf-8", "ROM-0013 file 4"),
    ];
    for (bytes, encoding, expected) in cases {
        let report = judge(&bytes);
        let expected: Vec<_> = (!expected.is_empty())
            .then_some(expected)
            .into_iter()
            .collect();
        assert_eq!(lines(&report), expected, "{encoding}");
        assert_eq!(
            report.detected.encoding.map(Encoding::as_str),
            Some(encoding)
        );
        assert_eq!(report.detected.specification, Some("sbg-5.0.1"));
    }
}

#[test]
fn what_is_large_or_deep_is_refused_at_its_place() {
    let cases = [
        (
            with("alias=\"b1\"", &format!("alias=\"{}\"", "b".repeat(9000))),
            "SBG-0012 file 7",
        ),
        (
            with(
                "alias=\"b1\"",
                &format!("alias=\"b1\"{}", " ".repeat(70_000)),
            ),
            "SBG-0012 file 7",
        ),
        (
            with(
                "<Behandelaar",
                &format!("{}\n<Behandelaar", " ".repeat(70_000)),
            ),
            "SBG-0012 file 6",
        ),
        (
            with(
                "alias=\"b1\"",
                &(0..70)
                    .map(|n| format!("a{n}=\"\" "))
                    .collect::<Vec<_>>()
                    .concat(),
            ),
            "SBG-0013 file 7",
        ),
        (
            with("<Behandelaar", &format!("{}<Behandelaar", "<a>".repeat(40))),
            "SBG-0014 file 7",
        ),
    ];
    for (text, expected) in cases {
        let found = lines(&judge(text.as_bytes()));
        assert_eq!(
            found.last().map(String::as_str),
            Some(expected),
            "{found:?}"
        );
    }
    let many = "<Meting datum=\"2025-01-15\" typemeting=\"3\" gebruiktMeetinstrument=\"BSI\" totaalscoreMeting=\"1\"/>\n";
    let text = with("<Meting", &format!("{}<Meting", many.repeat(10_001)));
    assert!(lines(&judge(text.as_bytes())).contains(&"SBG-0203 file 10009".to_owned()));
}

#[test]
fn hostile_nesting_costs_no_quadratic_time() {
    let entity = format!("<!DOCTYPE a [{}]>", "<!ENTITY a '&a;&a;'>".repeat(1000));
    let text = with("<BenchmarkImport", &format!("{entity}<BenchmarkImport"));
    assert_eq!(lines(&judge(text.as_bytes())), ["SBG-0004 file 2"]);
    let flat = "<a b=\"&#49;\"/>".repeat(200_000);
    let report = judge(with("<Behandelaar", &format!("{flat}<Behandelaar")).as_bytes());
    assert_eq!(report.status, Status::Invalid);
    assert!(report.findings.len() < 200);
    let keys = (0..200_000)
        .map(|n| format!("<Patient koppelnummer=\"K{n}x\"/>"))
        .collect::<Vec<_>>()
        .concat();
    let report = judge(with("</Zorgaanbieder>", &format!("{keys}</Zorgaanbieder>")).as_bytes());
    assert_eq!(lines(&report), [""; 0]);
}

proptest! {
    #[test]
    fn hostile_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..2000), block in 1_usize..64) {
        let text = [b"<".as_slice(), &bytes].concat();
        prop_assert_eq!(in_blocks(&text, block, 256), in_blocks(&text, 4096, 256));
    }

    #[test]
    fn hostile_markup_does_no_harm(
        tail in "([<>&;\"'/=!?\\[\\]\r\n #x1é-]|<a|</a>|<!--|-->|<!\\[CDATA\\[|\\]\\]>|<\\?a |\\?>|&amp;|a=\"1\"|<Zorgaanbieder |xmlns:a=\"b\"){0,200}",
        block in 4_usize..80,
    ) {
        let text = format!("{HEAD}\n{tail}");
        let report = in_blocks(text.as_bytes(), block, 600);
        prop_assert_eq!(&report, &in_blocks(text.as_bytes(), 65_536, 600));
        let last = text.split_inclusive(['\n', '\r']).count() as u64;
        prop_assert!(report.findings.iter().all(|f| f.row.is_none_or(|row| row >= 1 && row <= last + 1)));
        prop_assert_eq!(report.status, Status::Invalid);
    }

    #[test]
    fn a_mutant_of_a_valid_import_does_no_harm(seed in 0_u64..50, at in any::<Index>(), byte in any::<u8>(), block in 4_usize..5000) {
        let (mut bytes, _) = sample(20, seed, Faults::None);
        let place = at.index(bytes.len());
        bytes[place] = byte;
        let report = in_blocks(&bytes, block, 65_536);
        prop_assert_eq!(&report, &judge(&bytes));
        prop_assert!(report.rows == 20 || report.status == Status::Invalid);
    }

    #[test]
    fn no_finding_tells_a_value(secret in "[A-Z]{3}[0-9]{9}") {
        for old in ["\"06010001\"", "\"1\"", "\"0007\"", "\"02\"", "\"as1_1\"", "\"2025-01-10\"", "\"BSI\"", "\"1.5\"", "alias", "<Item", "\"5.0\""] {
            let text = import().replace(old, &old.replace(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'), &secret));
            let report = judge(text.as_bytes());
            let told = format!("{report:?}");
            prop_assert!(!told.contains(&secret));
        }
    }
}
