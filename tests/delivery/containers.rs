//! What a delivery may be wrapped in, and every way in which an archive is refused.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use portaal_console::delivery::sample::Faults;
use portaal_console::delivery::{Limits, Options, Status, check_only};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{HEADER, ROW, judge, judge_with, lines, options, sample};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

/// An archive made by another implementation than the one that reads it.
fn archive(files: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        writer.start_file(*name, options).expect("a file begins");
        writer.write_all(bytes).expect("memory can be written");
    }
    writer.finish().expect("memory can be written").into_inner()
}

fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    archive(files, CompressionMethod::Deflated)
}

/// An archive as programs write it that cannot go back: sizes stand behind the contents.
fn streamed(bytes: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new_stream(Vec::new());
    let options = SimpleFileOptions::default();
    writer
        .start_file("rom.csv", options)
        .expect("a file begins");
    writer.write_all(bytes).expect("memory can be written");
    writer.finish().expect("memory can be written").into_inner()
}

fn text() -> Vec<u8> {
    sample(3000, 5, Faults::Light(10)).0
}

#[test]
fn what_is_wrapped_is_read_as_if_it_were_not() {
    let text = text();
    let plain = judge(&text);
    assert_eq!(plain.status, Status::ValidWithRemarks);
    let mut twice = gzip(&text[..40_000]);
    twice.extend(gzip(&text[40_000..]));
    let mut with_directory = ZipWriter::new(Cursor::new(Vec::new()));
    let ordinary = SimpleFileOptions::default();
    with_directory
        .add_directory("map/", ordinary)
        .expect("a directory");
    with_directory
        .start_file("map/rom.csv", ordinary)
        .expect("a file begins");
    with_directory
        .write_all(&text)
        .expect("memory can be written");
    let with_directory = with_directory
        .finish()
        .expect("memory can be written")
        .into_inner();
    let large = ordinary.large_file(true);
    let mut wide = ZipWriter::new(Cursor::new(Vec::new()));
    wide.start_file("rom.csv", large).expect("a file begins");
    wide.write_all(&text).expect("memory can be written");
    let wide = wide.finish().expect("memory can be written").into_inner();
    for (bytes, container) in [
        (gzip(&text), "gzip"),
        (twice, "gzip"),
        (zip_of(&[("rom.csv", &text)]), "zip"),
        (
            archive(&[("rom.csv", &text)], CompressionMethod::Stored),
            "zip",
        ),
        (streamed(&text), "zip"),
        (with_directory, "zip"),
        (wide, "zip"),
    ] {
        let report = judge(&bytes);
        assert_eq!(lines(&report), lines(&plain), "{container}");
        assert_eq!((report.rows, report.accepted), (plain.rows, plain.accepted));
        assert_eq!(report.detected.container.as_str(), container);
        assert_eq!(report.bytes, bytes.len() as u64);
        for size in [1, 7, 4096] {
            let limits = Limits {
                block_bytes: size,
                ..Limits::default()
            };
            let again = judge_with(
                &bytes,
                &Options {
                    limits,
                    ..options()
                },
            );
            assert_eq!(again, report, "{container}, block size {size}");
        }
    }
}

#[test]
fn an_archive_that_is_not_exactly_one_file_is_refused() {
    let text = text();
    let file: &[u8] = &text;
    let good = zip_of(&[("rom.csv", file)]);
    let renamed = |name: &[u8]| {
        let mut bytes = good.clone();
        while let Some(at) = bytes.windows(7).position(|window| window == b"rom.csv") {
            bytes[at..at + 7].copy_from_slice(name);
        }
        bytes
    };
    let changed = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    let mut wrong_sum = good.clone();
    wrong_sum[14] ^= 1;
    let mut behind = good.clone();
    behind.extend(b"and more");
    let two = zip_of(&[("a.csv", file), ("b.csv", file)]);
    let tar = [&[b'x'; 257][..], b"ustar\0", &[0; 300]].concat();
    for (bytes, code) in [
        (zip_of(&[]), "ROM-0030"),
        (two, "ROM-0030"),
        (zip_of(&[("[Content_Types].xml", file)]), "ROM-0017"),
        (zip_of(&[("a.zip", &good)]), "ROM-0031"),
        (zip_of(&[("a.csv", &gzip(file))]), "ROM-0031"),
        (gzip(&gzip(file)), "ROM-0031"),
        (gzip(&tar), "ROM-0031"),
        (gzip(b"%PDF-1.4"), "ROM-0018"),
        // Flags stand at 6, the method at 8: 99 is AES, 12 bzip2.
        (changed(6, 1), "ROM-0032"),
        (changed(6, 64), "ROM-0032"),
        (changed(8, 99), "ROM-0032"),
        (changed(8, 12), "ROM-0017"),
        (renamed(b"../.csv"), "ROM-0033"),
        (renamed(b"/om.csv"), "ROM-0033"),
        (renamed(b"C:\\.csv"), "ROM-0033"),
        (renamed(b"a\\..\\.c"), "ROM-0033"),
        (wrong_sum, "ROM-0035"),
        (behind, "ROM-0035"),
        (good[..good.len() - 5].to_vec(), "ROM-0035"),
        (b"PK\x03\x04rest".to_vec(), "ROM-0035"),
        (vec![0x1f, 0x8b, 8, 0], "ROM-0035"),
        (b"7z\xBC\xAF\x27\x1Crest".to_vec(), "ROM-0017"),
        (tar, "ROM-0017"),
    ] {
        let report = judge(&bytes);
        assert_eq!(report.status, Status::Invalid);
        let found = lines(&report);
        assert!(
            found.contains(&format!("{code} file -")),
            "{code}: {found:?}"
        );
        assert!(report.sha256.is_some(), "{code}");
    }
}

#[test]
fn a_hidden_second_file_is_found() {
    let text = text();
    let one = zip_of(&[("rom.csv", &text)]);
    let two = zip_of(&[("rom.csv", &text), ("b.csv", b"x")]);
    let central = |bytes: &[u8]| {
        let mut at = bytes.windows(4).enumerate();
        at.find(|(_, w)| *w == b"PK\x01\x02")
            .map_or(0, |(at, _)| at)
    };
    // The contents of the first, the directory of the other.
    let mixed = [&one[..central(&one)], &two[central(&two)..]].concat();
    assert_eq!(judge(&mixed).status, Status::Invalid);
    let cut = [&two[..central(&two)], &one[central(&one)..]].concat();
    let found = lines(&judge(&cut));
    assert!(found.contains(&"ROM-0030 file -".to_owned()), "{found:?}");
}

#[test]
fn an_archive_that_swells_is_cut_off() {
    let blanks = vec![b' '; 40 << 20];
    let bombs = [gzip(&blanks), zip_of(&[("rom.csv", &blanks)])];
    for bytes in bombs {
        assert!(bytes.len() < 100_000);
        let found = lines(&judge(&bytes));
        assert!(found.contains(&"ROM-0034 file -".to_owned()), "{found:?}");
    }
    let text = text();
    let bytes = text.len() as u64;
    for (bytes, expected) in [(bytes - 1, true), (bytes, false)] {
        let limits = Limits {
            bytes,
            ..Limits::default()
        };
        let report = judge_with(
            &gzip(&text),
            &Options {
                limits,
                ..options()
            },
        );
        let found = lines(&report);
        assert_eq!(
            found.contains(&"ROM-0022 file -".to_owned()),
            expected,
            "{found:?}"
        );
    }
}

#[test]
fn a_reader_that_fails_within_an_archive_is_no_finding() {
    struct Broken(Cursor<Vec<u8>>);
    impl std::io::Read for Broken {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            let left = self.0.get_ref().len() as u64 - self.0.position();
            if left == 0 {
                return Err(std::io::Error::other("the disk is gone"));
            }
            self.0.read(out)
        }
    }
    let file = format!("{HEADER}\n{ROW}\n");
    let mut noise = file.into_bytes();
    noise.extend((0..200_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()));
    for bytes in [gzip(&noise), zip_of(&[("a.csv", &noise)])] {
        let half = bytes[..bytes.len() / 2].to_vec();
        let result = check_only(&mut Broken(Cursor::new(half)), &options());
        assert!(result.is_err(), "{result:?}");
    }
}
