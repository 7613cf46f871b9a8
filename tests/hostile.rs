//! What the fuzzer tries on any bytes, tried here on many: the same functions, so that they run with every test run.

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use portaal_console::delivery::Format;
use portaal_console::delivery::sample::{self, Faults, Sample};
use proptest::collection::vec;
use proptest::prelude::{any, proptest};
use proptest::sample::Index;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn written(format: Format, seed: u64) -> Vec<u8> {
    let sample = Sample {
        organisation: "06010001".to_owned(),
        rows: 12,
        seed,
        faults: Faults::Any(30),
        as_of: "2025-12-01".parse().expect("a day that exists"),
    };
    let mut bytes = Vec::new();
    sample::write_as(format, &sample, &mut bytes).expect("memory can be written");
    bytes
}

/// A sample in one of three containers.
fn packed(bytes: &[u8], container: u8) -> Vec<u8> {
    match container % 3 {
        0 => bytes.to_vec(),
        1 => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(bytes).expect("memory can be written");
            encoder.finish().expect("memory can be written")
        }
        _ => {
            let mut writer = ZipWriter::new_stream(Vec::new());
            let options = SimpleFileOptions::default();
            writer.start_file("a.csv", options).expect("a file begins");
            writer.write_all(bytes).expect("memory can be written");
            writer.finish().expect("memory can be written").into_inner()
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_do_no_harm(bytes in vec(any::<u8>(), 0..2000)) {
        targets::check(&bytes);
        targets::archive(&bytes);
        targets::xml(&bytes);
        targets::filter(&bytes);
        targets::keymap(&bytes);
        targets::reply(&bytes);
        targets::licence_code(&bytes);
    }

    #[test]
    fn mutants_of_samples_do_no_harm(
        kind in any::<Index>(),
        container in any::<u8>(),
        seed in 0_u64..20,
        changes in vec((any::<Index>(), any::<u8>()), 0..4),
        cut in any::<Index>(),
    ) {
        let formats: Vec<Format> = Format::all().collect();
        let mut bytes = packed(&written(*kind.get(&formats), seed), container);
        for (at, byte) in changes {
            let place = at.index(bytes.len());
            bytes[place] = byte;
        }
        targets::check(&bytes);
        targets::check(&bytes[..cut.index(bytes.len() + 1)]);
    }

    #[test]
    fn texts_that_are_nearly_right_do_no_harm(
        filter in "(status:|!|age[<>]|organisation:|\"|,|failed|2d| ){0,12}",
        keymap in "(\\[|\\]|=|\"|on|run|desc|global|\n|\\{|\\}|,|quit|C-x){0,30}",
        reply in "(2|5|0|-| |\r\n|ok|250-|354 ){0,20}",
        code in "kibg_[a-z][0-9A-Za-z]{30,40}",
    ) {
        targets::filter(filter.as_bytes());
        targets::keymap(keymap.as_bytes());
        targets::reply(reply.as_bytes());
        targets::licence_code(code.as_bytes());
    }
}
