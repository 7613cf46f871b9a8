//! `SHA256SUMS` as `sha256sum` writes and reads it, and the digest of a release: the SHA-256 of that file.

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Name of the file with the sums.
pub const SUMS: &str = "SHA256SUMS";

/// The file with the sums of these files, by name: anybody can make it again and check it.
pub fn sums<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut all: Vec<(&str, &str)> = files.collect();
    all.sort_unstable();
    let mut text = String::new();
    for (name, sha256) in all {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{sha256}  {name}");
    }
    text
}

/// The digest of a release: that of its sums, so of every byte of every file.
pub fn digest<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    hex::encode(Sha256::digest(sums(files)))
}

/// Names and sums from such a file; none when a line is not one.
pub fn read_sums(text: &str) -> Option<Vec<(String, String)>> {
    let line = |line: &str| {
        let (sha256, name) = line.split_once("  ")?;
        let hex = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
        let plain = !name.is_empty() && !name.contains(['/', '\\']) && name != "..";
        (hex && plain).then(|| (name.to_owned(), sha256.to_ascii_lowercase()))
    };
    text.lines().map(line).collect()
}
