//! What must hold for any bytes that come from outside: no panic, no endless work, and the same answer however they are read.
//! The fuzzer runs these functions, and the property tests of the program run the same ones.

use portaal_console::console::keymap_file;
use portaal_console::delivery::{Limits, Options, Report, Status, check_only};
use portaal_console::domain::filter;
use portaal_console::domain::licence_code::LicenceCode;
use portaal_console::mail::reply;

/// Any bytes as a delivered file: the report does not depend on blocks or threads.
pub fn check(bytes: &[u8]) {
    let whole = judge(bytes, 4096, 1);
    assert_eq!(judge(bytes, 7, 1), whole);
    assert_eq!(judge(bytes, 64, 3), whole);
    assert!(whole.accepted == 0 || whole.status != Status::Invalid);
}

/// Any bytes behind the first bytes of an archive.
pub fn archive(bytes: &[u8]) {
    let starts: [&[u8]; 3] = [
        &[0x1F, 0x8B, 8],
        b"PK\x03\x04",
        b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0",
    ];
    for start in starts {
        check(&[start, bytes].concat());
    }
}

/// Any bytes behind the beginning of an import in XML.
pub fn xml(bytes: &[u8]) {
    let starts: [&[u8]; 3] = [
        b"<",
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
        b"\xFF\xFE<\0",
    ];
    for start in starts {
        check(&[start, bytes].concat());
    }
}

/// Any text as a filter.
pub fn filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    // What is wrong is an answer too.
    let _ = filter::parse(&text, &["status", "organisation", "age"]);
}

/// Any text as a keymap.
pub fn keymap(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = keymap_file::parse("keys.toml", &text, &["submissions", "mail"]);
}

/// Any bytes as the answer of a mail server: never more taken than there is.
pub fn reply(bytes: &[u8]) {
    if let Ok(Some((_, taken))) = reply::parse(bytes) {
        assert!(taken <= bytes.len());
    }
}

/// Any text as a licence code: what is taken for one has its length and its check.
pub fn licence_code(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if LicenceCode::parse(&text).is_some() {
        assert!(text.is_ascii() && text.starts_with("kibg_"));
    }
}

fn judge(mut bytes: &[u8], block_bytes: usize, threads: usize) -> Report {
    let limits = Limits {
        bytes: 1 << 20,
        rows: 10_000,
        line_bytes: 4096,
        block_bytes,
        ..Limits::default()
    };
    let day = "2025-12-01".parse().unwrap_or_default();
    let options = Options {
        limits,
        threads,
        ..Options::new(day)
    };
    check_only(&mut bytes, &options).expect("bytes in memory can be read")
}
