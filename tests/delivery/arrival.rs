//! Findings do not depend on how the bytes arrive, and no bytes do harm.

use std::io::Read;

use portaal_console::delivery::sample::Faults;
use portaal_console::delivery::{Limits, Options, Status, check};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::sample::Index;

use super::{HEADER, ROW, file, judge, judge_with, options, row, sample};

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
        for threads in [1, 2, 4] {
            let limits = Limits {
                block_bytes: size,
                ..Limits::default()
            };
            let several = Options {
                limits,
                threads,
                ..options()
            };
            let report = judge_with(bytes, &several);
            assert_eq!(report, expected, "block size {size}, {threads} threads");
        }
    }
}

#[test]
fn findings_do_not_depend_on_how_the_bytes_arrive() {
    same_for_all_sizes(&sample(700, 3, Faults::Any(30)).0);
    same_for_all_sizes(&sample(3000, 4, Faults::Light(30)).0);
    same_for_all_sizes(&sample(3000, 5, Faults::None).0);
    let (clean, _) = sample(2000, 6, Faults::None);
    let clean = String::from_utf8(clean).expect("ASCII");
    same_for_all_sizes(clean.replace('\n', "\r\n").as_bytes());
    let quoted = format!(
        "\"{}\"",
        clean
            .trim_end()
            .replace(';', "\";\"")
            .replace('\n', "\"\n\"")
    );
    same_for_all_sizes(quoted.as_bytes());
    // Damage far into the file: what was judged ahead of it does not count twice.
    for damage in [
        "x\"y",
        "\"x",
        "\"x\ny\"",
        "\"x\"\"y\"",
        "\u{0}",
        "a;b",
        "",
        "  ",
    ] {
        let damaged = clean.replacen("T0000900", damage, 1);
        same_for_all_sizes(damaged.as_bytes());
    }
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
