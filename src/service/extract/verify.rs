//! A release as it lies in a directory, checked without a database: every byte against the sums, the manifest against the files, the
//! signature against a public key.

use super::signature;
use crate::extract::outgoing::{MANIFEST, SUMS, digest, read_sums};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Most bytes of a text that is read whole.
const MOST_TEXT: u64 = 16 << 20;

/// What is wrong with a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no such file, or it cannot be read.
    Missing(String),
    /// The file is not what the sums say.
    Changed(String),
    /// The file is not in the sums.
    Extra(String),
    /// The sums cannot be read.
    Sums,
    /// The manifest is not one, or names other files than are there.
    Manifest,
    /// There is no signature to hold against the key.
    Unsigned,
    /// The signature is not by that key, or of something else.
    Signature,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// Digest of the release, as it lies there.
    pub digest: String,
    /// Files that are what the sums say.
    pub files: usize,
    /// Comment of the signature, when it was checked and is right.
    pub signed: Option<String>,
    /// Whether there is a signature.
    pub has_signature: bool,
    /// What is wrong; nothing when all is right.
    pub faults: Vec<Fault>,
}

/// Checks a directory; `public` is the text of a public key.
pub fn directory(path: &Path, public: Option<&str>) -> io::Result<Findings> {
    let mut found = Findings::default();
    let names = names(path)?;
    let sums = text(&path.join(SUMS)).unwrap_or_default();
    let listed = match read_sums(&sums) {
        Some(listed) if !listed.is_empty() => listed,
        _ => {
            found.faults.push(Fault::Sums);
            return Ok(found);
        }
    };
    let pairs = listed.iter().map(|(n, s)| (n.as_str(), s.as_str()));
    found.digest = digest(pairs);
    for (name, sum) in &listed {
        match sha256(&path.join(name)) {
            Err(_) => found.faults.push(Fault::Missing(name.clone())),
            Ok(is) if is != *sum => found.faults.push(Fault::Changed(name.clone())),
            Ok(_) => found.files += 1,
        }
    }
    for name in names {
        let known = name == SUMS || name == signature::NAME;
        if !known && listed.iter().all(|(n, _)| *n != name) {
            found.faults.push(Fault::Extra(name));
        }
    }
    if !manifest_fits(&path.join(MANIFEST), &listed) {
        found.faults.push(Fault::Manifest);
    }
    check_signature(path, public, &sums, &mut found);
    Ok(found)
}

fn names(path: &Path) -> io::Result<Vec<String>> {
    let entries = std::fs::read_dir(path)?;
    let name = |e: io::Result<std::fs::DirEntry>| Ok(e?.file_name().to_string_lossy().into_owned());
    entries.map(name).collect()
}

fn text(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?
        .take(MOST_TEXT)
        .read_to_string(&mut text)?;
    Ok(text)
}

fn sha256(path: &Path) -> io::Result<String> {
    let mut hasher = Sha256::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0_u8; 64 * 1024];
    loop {
        let n = file.read(&mut buffer)?;
        match buffer.get(..n).filter(|b| !b.is_empty()) {
            Some(block) => hasher.update(block),
            None => return Ok(hex::encode(hasher.finalize())),
        }
    }
}

/// Whether the manifest names exactly the other files, with their sums.
fn manifest_fits(path: &Path, listed: &[(String, String)]) -> bool {
    let read = text(path).ok();
    let Some(manifest) = read.and_then(|t| serde_json::from_str::<Value>(&t).ok()) else {
        return false;
    };
    let file = |f: &Value| {
        let part = |name: &str| Some(f.get(name)?.as_str()?.to_owned());
        Some((part("name")?, part("sha256")?))
    };
    let files = manifest.get("files").and_then(Value::as_array);
    let named: Option<BTreeSet<(String, String)>> =
        files.and_then(|all| all.iter().map(file).collect());
    let there: BTreeSet<(String, String)> = listed
        .iter()
        .filter(|(name, _)| name != MANIFEST)
        .cloned()
        .collect();
    named == Some(there)
}

fn check_signature(path: &Path, public: Option<&str>, sums: &str, found: &mut Findings) {
    let signature = text(&path.join(signature::NAME)).ok();
    found.has_signature = signature.is_some();
    let Some(public) = public else {
        return;
    };
    let Some(signature) = signature else {
        found.faults.push(Fault::Unsigned);
        return;
    };
    found.signed = signature::check(public, &signature, sums.as_bytes());
    if found.signed.is_none() {
        found.faults.push(Fault::Signature);
    }
}
