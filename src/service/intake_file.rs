//! The bytes of a delivered file on disk: hashed while copied, named by their hash, readable by their owner alone.

use super::error::Error;
use super::{Mode, Services};
use crate::domain::check::{self, Flaw};
use crate::store::submission;
use sha2::{Digest, Sha256};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// A file that was kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// SHA-256 in hexadecimal; also its name.
    pub sha256: String,
    /// Size.
    pub bytes: i64,
    /// Name as given, cleaned; never used as a path.
    pub file_name: String,
}

/// Most bytes of a file.
const MOST_BYTES: u64 = 2 << 30;

/// Takes a file in, off the threads that others wait for. Trying out keeps nothing.
pub async fn take(services: &Services, mode: Mode, path: &Path) -> Result<Kept, Error> {
    let (store, path) = (services.settings.files.clone(), path.to_owned());
    let copied = tokio::task::spawn_blocking(move || keep(&store, &path)).await;
    let kept = copied.map_err(|e| Error::Internal(e.to_string()))??;
    if mode == Mode::DryRun {
        drop_unknown(services, &kept.sha256).await?;
    }
    Ok(kept)
}

/// Removes kept bytes that no submission has.
pub async fn drop_unknown(services: &Services, sha256: &str) -> Result<(), Error> {
    let mut tx = services.db.read().await?;
    let known = submission::has_bytes(&mut tx, sha256).await?;
    tx.rollback().await?;
    if !known {
        drop(std::fs::remove_file(place(
            &services.settings.files,
            sha256,
        )));
    }
    Ok(())
}

/// Copies a file into the store of delivered files.
pub fn keep(store: &Path, path: &Path) -> Result<Kept, Error> {
    let mut from = File::open(path).map_err(|_| wrong(Flaw::Missing))?;
    if !from.metadata().is_ok_and(|m| m.is_file()) {
        return Err(wrong(Flaw::NotText));
    }
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let file_name: String = name
        .chars()
        .filter(|c| !check::unprintable(*c))
        .take(check::MOST_CHARACTERS)
        .collect();
    let trouble = |e: io::Error| Error::Internal(format!("{}: {e}", store.display()));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(store)
        .map_err(trouble)?;
    let partial = store.join(format!(".{}", super::new_id()));
    let copied = copy(&mut from, &partial);
    let (sha256, bytes) = copied
        .inspect_err(|_| drop(std::fs::remove_file(&partial)))
        .map_err(trouble)?;
    if bytes > MOST_BYTES {
        drop(std::fs::remove_file(&partial));
        return Err(wrong(Flaw::TooLong));
    }
    std::fs::rename(&partial, store.join(&sha256)).map_err(trouble)?;
    File::open(store)
        .and_then(|d| d.sync_all())
        .map_err(trouble)?;
    Ok(Kept {
        sha256,
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        file_name,
    })
}

fn wrong(flaw: Flaw) -> Error {
    Error::invalid("file", flaw)
}

fn copy(from: &mut File, to: &Path) -> io::Result<(String, u64)> {
    let mut out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0_u8; 64 * 1024];
    let mut bytes = 0_u64;
    loop {
        let n = from.read(&mut buffer)?;
        let Some(block) = buffer.get(..n).filter(|b| !b.is_empty()) else {
            break;
        };
        hasher.update(block);
        out.write_all(block)?;
        bytes += block.len() as u64;
        if bytes > MOST_BYTES {
            break;
        }
    }
    out.sync_all()?;
    Ok((hex::encode(hasher.finalize()), bytes))
}

/// Where the bytes with a hash are.
pub fn place(store: &Path, sha256: &str) -> PathBuf {
    store.join(sha256)
}
