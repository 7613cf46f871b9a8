//! The bytes of a delivered file on disk: hashed while written, named by their hash, readable by their owner alone. What is not
//! kept leaves nothing behind.

use super::error::Error;
use super::{Mode, Services};
use crate::domain::check::{self, Flaw};
use crate::store::{erasure, submission};
use rustix::fs::{FlockOperation, flock};
use sha2::{Digest, Sha256};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that was kept. While this lives, nobody removes its bytes for want of a row.
#[derive(Debug, Clone)]
pub struct Kept {
    /// SHA-256 in hexadecimal; also its name.
    pub sha256: String,
    /// Size.
    pub bytes: i64,
    /// Name as given, cleaned; never used as a path.
    pub file_name: String,
    #[expect(dead_code, reason = "held for the lock on it, never read")]
    held: Option<Arc<File>>,
}

/// Most bytes of a file.
pub const MOST_BYTES: u64 = 2 << 30;

/// Bytes that a name of a file may have at most.
const MOST_BYTES_OF_A_NAME: usize = 255;

/// A file while it is received: a partial one, gone when this is dropped before it is kept.
#[derive(Debug)]
pub struct Incoming {
    store: PathBuf,
    partial: PathBuf,
    file: File,
    hasher: Sha256,
    bytes: u64,
    most: u64,
}

impl Incoming {
    /// Begins a file of at most so many bytes.
    pub fn begin(store: &Path, most: u64) -> Result<Self, Error> {
        make(store)?;
        let partial = store.join(format!(".{}", super::new_id()));
        let begun = || {
            let _shared = lock(store, FlockOperation::LockShared)?;
            let mut options = OpenOptions::new();
            let options = options.write(true).create_new(true).mode(0o600);
            let file = options.open(&partial)?;
            // Held until it is closed, also by the death of this process: so a sweep knows what is left behind.
            flock(&file, FlockOperation::LockExclusive)?;
            Ok(file)
        };
        let file = begun().map_err(|e: io::Error| trouble(store, &e))?;
        Ok(Self {
            store: store.to_owned(),
            partial,
            file,
            hasher: Sha256::new(),
            bytes: 0,
            most: most.min(MOST_BYTES),
        })
    }

    /// Bytes so far.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Adds bytes.
    pub fn write(&mut self, block: &[u8]) -> Result<(), Error> {
        let bytes = self.bytes.saturating_add(block.len() as u64);
        if bytes > self.most {
            return Err(wrong(Flaw::TooLong));
        }
        self.hasher.update(block);
        let written = self.file.write_all(block);
        written.map_err(|e| trouble(&self.store, &e))?;
        self.bytes = bytes;
        Ok(())
    }

    /// Adds all that a file holds.
    pub fn fill(&mut self, from: &mut File) -> Result<(), Error> {
        let mut buffer = vec![0_u8; 64 * 1024];
        loop {
            let n = from
                .read(&mut buffer)
                .map_err(|e| trouble(&self.store, &e))?;
            match buffer.get(..n).filter(|b| !b.is_empty()) {
                Some(block) => self.write(block)?,
                None => return Ok(()),
            }
        }
    }

    /// Makes it lasting under its hash.
    pub fn keep(self, name: &str) -> Result<Kept, Error> {
        let kept = self.settle(name);
        kept.map_err(|e| trouble(&self.store, &e))
    }

    fn settle(&self, name: &str) -> io::Result<Kept> {
        self.file.sync_all()?;
        let sha256 = hex::encode(self.hasher.clone().finalize());
        let held = lock(&self.store, FlockOperation::LockShared)?;
        std::fs::rename(&self.partial, self.store.join(&sha256))?;
        held.sync_all()?;
        Ok(Kept {
            sha256,
            bytes: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            file_name: clean(name),
            held: Some(Arc::new(held)),
        })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // After it was kept there is nothing of this name any more.
        drop(std::fs::remove_file(&self.partial));
    }
}

/// Takes a file in, off the threads that others wait for. Trying out keeps nothing.
pub async fn take(services: &Services, mode: Mode, path: &Path) -> Result<Kept, Error> {
    let (store, path) = (services.settings.files.clone(), path.to_owned());
    let copied = tokio::task::spawn_blocking(move || keep(&store, &path)).await;
    let kept = copied.map_err(|e| Error::Internal(e.to_string()))??;
    if mode == Mode::Commit {
        return Ok(kept);
    }
    let described = Kept {
        held: None,
        ..kept.clone()
    };
    drop_unknown(services, kept).await?;
    Ok(described)
}

/// Gives a kept file up: its bytes are removed when no submission has them. Where others are storing files at this moment they
/// are left to the sweep.
pub async fn drop_unknown(services: &Services, kept: Kept) -> Result<(), Error> {
    let sha256 = kept.sha256.clone();
    drop(kept);
    remove_unless(services, &sha256).await
}

async fn remove_unless(services: &Services, sha256: &str) -> Result<(), Error> {
    let store = &services.settings.files;
    let Ok(_alone) = lock(store, FlockOperation::NonBlockingLockExclusive) else {
        return Ok(());
    };
    let mut tx = services.db.read().await?;
    let known = submission::has_bytes(&mut tx, sha256).await?;
    tx.rollback().await?;
    if !known {
        drop(std::fs::remove_file(place(store, sha256)));
    }
    Ok(())
}

/// Removes the file of a submission whose time is over, unless another one has the same bytes; false when somebody is storing files
/// at this moment, so that nothing is removed that a receipt is about to count on.
pub(super) async fn remove_of(
    services: &Services,
    sha256: &str,
    submission: &str,
) -> Result<bool, Error> {
    let store = &services.settings.files;
    make(store)?;
    let Ok(_alone) = lock(store, FlockOperation::NonBlockingLockExclusive) else {
        return Ok(false);
    };
    let mut tx = services.db.read().await?;
    let needed = erasure::needs_bytes(&mut tx, sha256, submission).await?;
    tx.rollback().await?;
    if needed {
        return Ok(true);
    }
    match std::fs::remove_file(place(store, sha256)) {
        Ok(()) => Ok(true),
        // Removed before, by a worker that did not come to note it.
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(e) => Err(trouble(store, &e)),
    }
}

/// Removes what dead processes left behind: partial files, and files that no submission has. Gives how many.
pub async fn sweep(services: &Services) -> Result<usize, Error> {
    let store = services.settings.files.clone();
    let names = tokio::task::spawn_blocking(move || left_behind(&store)).await;
    let (mut removed, whole) = names.map_err(|e| Error::Internal(e.to_string()))?;
    for sha256 in whole {
        let path = place(&services.settings.files, &sha256);
        remove_unless(services, &sha256).await?;
        removed += usize::from(!path.exists());
    }
    Ok(removed)
}

/// Partial files of nobody, removed and counted, and the names of whole ones.
fn left_behind(store: &Path) -> (usize, Vec<String>) {
    let (mut removed, mut whole) = (0, Vec::new());
    // Nobody is between making a partial file and locking it.
    let Ok(_alone) = lock(store, FlockOperation::NonBlockingLockExclusive) else {
        return (removed, whole);
    };
    for entry in std::fs::read_dir(store).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit()) {
            whole.push(name);
        } else if name.starts_with('.') && nobodys(&entry.path()) {
            removed += usize::from(std::fs::remove_file(entry.path()).is_ok());
        }
    }
    (removed, whole)
}

/// Whether no process writes a partial file.
fn nobodys(path: &Path) -> bool {
    File::open(path).is_ok_and(|f| flock(&f, FlockOperation::NonBlockingLockExclusive).is_ok())
}

/// Copies a file into the store of delivered files.
pub fn keep(store: &Path, path: &Path) -> Result<Kept, Error> {
    let mut from = File::open(path).map_err(|_| wrong(Flaw::Missing))?;
    if !from.metadata().is_ok_and(|m| m.is_file()) {
        return Err(wrong(Flaw::NotText));
    }
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
    let mut incoming = Incoming::begin(store, MOST_BYTES)?;
    incoming.fill(&mut from)?;
    incoming.keep(&name.unwrap_or_default())
}

/// A name as given by a stranger, fit to be shown: the last part of a path, without what steers a terminal, cut to length.
pub fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut clean = String::new();
    for c in last.chars().filter(|c| !check::unprintable(*c)) {
        if clean.len() + c.len_utf8() > MOST_BYTES_OF_A_NAME
            || clean.chars().count() >= check::MOST_CHARACTERS
        {
            break;
        }
        clean.push(c);
    }
    clean.trim().to_owned()
}

/// Where the bytes with a hash are.
pub fn place(store: &Path, sha256: &str) -> PathBuf {
    store.join(sha256)
}

/// Makes the store of delivered files, for the owner alone.
pub(super) fn make(store: &Path) -> Result<(), Error> {
    let mut builder = DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(store);
    made.map_err(|e| trouble(store, &e))
}

/// A lock on the store itself: shared by who adds, alone for who removes. The kernel ends it with the process.
fn lock(store: &Path, how: FlockOperation) -> io::Result<File> {
    let directory = File::open(store)?;
    flock(&directory, how)?;
    Ok(directory)
}

fn wrong(flaw: Flaw) -> Error {
    Error::invalid("file", flaw)
}

fn trouble(store: &Path, error: &io::Error) -> Error {
    Error::Storage(format!("{}: {error}", store.display()))
}
