//! Mails as files in a directory, for an installation without a mail server. A file is there whole or not at all.

use super::message::Outgoing;
use super::smtp::{Fate, Verdict};
use crate::domain::mail::{Step, Trouble};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Writes a mail as `<id>.eml`, readable by its owner alone. Writing it again gives the same file.
pub fn deliver(directory: &Path, id: &str, mail: &Outgoing) -> Verdict {
    match write(directory, id, &mail.bytes) {
        Ok(path) => Verdict {
            fate: Fate::Sent,
            step: Step::File,
            code: 0,
            said: path.display().to_string(),
        },
        Err(e) => {
            let detail = format!("{}: {e}", directory.display());
            Verdict::own(Fate::Paused, Step::File, Trouble::NotWritten, &detail)
        }
    }
}

fn write(directory: &Path, id: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Err(std::io::Error::other("the id cannot be a file name"));
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)?;
    let path = directory.join(format!("{id}.eml"));
    let unfinished = directory.join(format!(".{id}.part"));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, &path)?;
    std::fs::File::open(directory)?.sync_all()?;
    Ok(path)
}
