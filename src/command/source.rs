//! Files that a command reads: whole, bounded, `-` for stdin. Their contents are judged elsewhere.

use super::exit::Failure;
use std::fs::File;
use std::io::{Read, stdin};

/// The bytes of a file; refused when there are more than `most`.
pub fn bytes(path: &str, most: u64) -> Result<Vec<u8>, Failure> {
    let read = if path == "-" {
        limited(stdin().lock(), most)
    } else {
        File::open(path).and_then(|file| limited(file, most))
    };
    read.map_err(|e| Failure::file(path, &e))
}

/// The text of a file in UTF-8, without the byte order mark.
pub fn text(path: &str, most: u64) -> Result<String, Failure> {
    let text = String::from_utf8(bytes(path, most)?).map_err(|_| Failure::File {
        path: path.to_owned(),
        detail: "UTF-8".to_owned(),
    })?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or_else(|| text.clone(), str::to_owned))
}

fn limited(source: impl Read, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(most + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most {
        return Err(std::io::Error::other(format!("> {most} bytes")));
    }
    Ok(bytes)
}
