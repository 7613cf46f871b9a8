//! Half-typed forms and reasons, kept in the state directory until they are saved: they survive a lost connection.
//! They may hold personal data, so the directory and its files are for their owner alone.

use crate::domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A half-typed form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Draft {
    /// The action, as noun and verb.
    pub act: String,
    /// The record.
    pub id: String,
    /// What people call the record.
    pub label: String,
    /// Version of the record that it was typed on.
    pub version: i64,
    /// What the database held then.
    pub original: BTreeMap<String, String>,
    /// What was typed.
    pub values: BTreeMap<String, String>,
    /// The reason as typed.
    pub reason: String,
    /// When it was last changed.
    pub at: i64,
}

impl Draft {
    /// When it was last changed.
    pub const fn changed(&self) -> Timestamp {
        Timestamp(self.at)
    }
}

/// The drafts of this person on this database, shared with whoever must save them when the session ends abruptly.
#[derive(Debug, Clone)]
pub struct Book {
    directory: PathBuf,
    pages: Arc<Mutex<Pages>>,
}

#[derive(Debug, Default)]
struct Pages {
    kept: BTreeMap<String, Draft>,
    // Written to disk when true, removed when the draft is gone.
    stale: BTreeMap<String, bool>,
}

impl Book {
    /// The drafts for one database; nothing is read yet.
    pub fn new(state: &Path, database: &str) -> Self {
        Self {
            directory: state.join("drafts").join(file_name(database)),
            pages: Arc::default(),
        }
    }

    /// Reads what an earlier session left; a file that cannot be read is left alone.
    pub fn open(&self) -> BTreeMap<String, Draft> {
        let Ok(files) = std::fs::read_dir(&self.directory) else {
            return BTreeMap::new();
        };
        let mut found = BTreeMap::new();
        for entry in files.flatten() {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            if let Ok((key, draft)) = serde_json::from_str::<(String, Draft)>(&text) {
                found.insert(key, draft);
            }
        }
        self.pages().kept.clone_from(&found);
        found
    }

    /// Keeps a draft in memory, to be written with the next flush.
    pub fn keep(&self, key: String, draft: Draft) {
        let mut pages = self.pages();
        pages.kept.insert(key.clone(), draft);
        pages.stale.insert(key, true);
    }

    /// Forgets a draft; its file goes with the next flush.
    pub fn forget(&self, key: &str) {
        let mut pages = self.pages();
        pages.kept.remove(key);
        pages.stale.insert(key.to_owned(), false);
    }

    /// Writes what changed since the last flush.
    pub fn flush(&self) -> std::io::Result<()> {
        let mut pages = self.pages();
        while let Some((key, kept)) = pages.stale.pop_first() {
            let path = self.directory.join(format!("{}.json", file_name(&key)));
            match pages.kept.get(&key).filter(|_| kept) {
                Some(draft) => self.write(&path, &key, draft)?,
                None => match std::fs::remove_file(&path) {
                    Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e),
                    _ => {}
                },
            }
        }
        Ok(())
    }

    fn write(&self, path: &Path, key: &str, draft: &Draft) -> std::io::Result<()> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.directory)?;
        let text = serde_json::to_string(&(key, draft))?;
        // A new file that takes the old one's place: a crash leaves one of the two, never half of one.
        let fresh = path.with_extension("new");
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&fresh, path)
    }

    fn pages(&self) -> std::sync::MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file name from any text: its digest, so that no path and no personal datum stands in the name.
fn file_name(text: &str) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(text.as_bytes());
    hex::encode(digest.get(..12).unwrap_or_default())
}
