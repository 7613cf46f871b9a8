//! The check of a delivery against the bare reading of the same file by the csv crate, in the same run.
//! `cargo bench --bench delivery`; how many rows is `ROWS`, a million unless set.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::LazyLock;

use divan::Bencher;
use portaal_console::delivery::sample::{self, Faults, Sample};
use portaal_console::delivery::{Options, Status, check_only};

const ORGANISATION: &str = "06010001";

static FILE: LazyLock<tempfile::NamedTempFile> = LazyLock::new(|| {
    let rows = std::env::var("ROWS")
        .ok()
        .and_then(|rows| rows.parse().ok());
    let file = tempfile::NamedTempFile::new().expect("a file");
    let sample = Sample {
        organisation: ORGANISATION.to_owned(),
        rows: rows.unwrap_or(1_000_000),
        seed: 1,
        faults: Faults::None,
        as_of: as_of(),
    };
    {
        let mut out = BufWriter::new(file.as_file());
        sample::write(&sample, &mut out).expect("a sample");
        out.flush().expect("a sample");
    }
    file
});

fn main() {
    LazyLock::force(&FILE);
    divan::main();
}

fn as_of() -> chrono::NaiveDate {
    "2025-12-01".parse().expect("a day that exists")
}

/// The floor: cells found, nothing judged, no digest.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn bare_csv_crate(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .from_path(FILE.path())
            .expect("a file");
        let (mut record, mut rows) = (csv::ByteRecord::new(), 0_u64);
        while reader.read_byte_record(&mut record).expect("a record") {
            rows += 1;
        }
        rows
    });
}

/// Everything: SHA-256, structure, rules, keys.
#[divan::bench(sample_count = 10, sample_size = 1, args = [1, 2])]
fn check(bencher: Bencher<'_, '_>, threads: usize) {
    let options = Options {
        organisation: Some(ORGANISATION.to_owned()),
        threads,
        ..Options::new(as_of())
    };
    bencher.bench_local(|| {
        let mut file = File::open(FILE.path()).expect("a file");
        let report = check_only(&mut file, &options).expect("a report");
        assert_eq!(report.status, Status::Valid);
        report.rows
    });
}
