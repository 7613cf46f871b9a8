//! The directory of one release in the outgoing directory: laid down whole or not at all, and taken away. Not what is in its files.

use super::signature;
use crate::domain::extract::{OUTGOING, Unwritten};
use crate::extract::outgoing::SUMS;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Files by name.
pub(super) type Parcel = Vec<(String, Vec<u8>)>;

/// Why a directory was not laid down or not taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    /// What kind of trouble.
    pub(super) why: Unwritten,
    /// What the system said, and of which path.
    pub(super) detail: String,
}

impl Trouble {
    /// Trouble with a path, by what the system says of it.
    fn at(path: &Path, error: &io::Error) -> Self {
        let why = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Unwritten::NoRoom
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Unwritten::NotAllowed,
            _ => Unwritten::Other,
        };
        Self::of(why, format!("{}: {error}", path.display()))
    }

    /// Trouble of a known kind.
    pub(super) const fn of(why: Unwritten, detail: String) -> Self {
        Self { why, detail }
    }

    /// As it stands in the error of a job.
    pub(super) fn code(&self) -> String {
        format!("{OUTGOING}{} {}", self.why, self.detail)
    }
}

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, Trouble> {
    result.map_err(|e| Trouble::at(path, &e))
}

/// Lays a directory down whole or not at all. One that is there already must be the same.
pub(super) fn place(root: &Path, name: &str, parcel: &Parcel) -> Result<(), Trouble> {
    let made = DirBuilder::new().recursive(true).mode(0o750).create(root);
    made.map_err(|e| match e.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
            Trouble::of(Unwritten::NoDirectory, format!("{}: {e}", root.display()))
        }
        _ => Trouble::at(root, &e),
    })?;
    let (target, partial) = (root.join(name), hidden(root, name));
    if is_there(&target) {
        return same(&target, parcel);
    }
    // Left behind by a worker that died: only one job is at this directory.
    clear(&partial)?;
    let written = write_all(&partial, parcel).and_then(|()| show(root, &partial, &target));
    if written.is_err() {
        // What cannot be taken away either is taken away by the next attempt.
        drop(clear(&partial));
    }
    written
}

/// Where a directory lies while it is not whole: no name that anybody fetches.
fn hidden(root: &Path, name: &str) -> PathBuf {
    root.join(format!(".{name}"))
}

/// Whether a name is taken, be it by a link to nowhere.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Takes away whatever has a name of ours.
fn clear(path: &Path) -> Result<(), Trouble> {
    let gone = match path.symlink_metadata() {
        Ok(found) if found.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
    };
    at(path, gone)
}

fn write_all(partial: &Path, parcel: &Parcel) -> Result<(), Trouble> {
    at(partial, DirBuilder::new().mode(0o750).create(partial))?;
    for (name, content) in parcel {
        let path = partial.join(name);
        at(&path, write(&path, content))?;
    }
    at(partial, File::open(partial).and_then(|d| d.sync_all()))
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(0o640);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Gives what is whole its name.
fn show(root: &Path, partial: &Path, target: &Path) -> Result<(), Trouble> {
    std::fs::rename(partial, target).map_err(|e| match e.kind() {
        ErrorKind::DirectoryNotEmpty | ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            taken(target)
        }
        _ => Trouble::at(target, &e),
    })?;
    at(root, File::open(root).and_then(|d| d.sync_all()))
}

fn taken(target: &Path) -> Trouble {
    Trouble::of(Unwritten::Taken, target.display().to_string())
}

/// A directory that is there already must hold the same files and nothing else. Its signature may be by the key of before.
fn same(target: &Path, parcel: &Parcel) -> Result<(), Trouble> {
    let Ok(entries) = std::fs::read_dir(target) else {
        return Err(taken(target));
    };
    let is_ours = |name: &str| parcel.iter().any(|(own, _)| own == name) || name == signature::NAME;
    for entry in entries {
        let name = at(target, entry)?.file_name();
        if !name.to_str().is_some_and(is_ours) {
            return Err(taken(target));
        }
    }
    for (name, content) in parcel {
        let there = std::fs::read(target.join(name));
        let fits = |there: &Vec<u8>| there == content || name == signature::NAME;
        if !there.as_ref().is_ok_and(fits) {
            return Err(taken(target));
        }
    }
    Ok(())
}

/// Takes a directory away: out of sight at once, then away, so that nobody fetches half of it.
pub(super) fn remove(root: &Path, name: &str) -> Result<(), Trouble> {
    let (target, gone) = (root.join(name), hidden(root, name));
    clear(&gone)?;
    match std::fs::rename(&target, &gone) {
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(()),
        moved => {
            at(&target, moved)?;
            clear(&gone)
        }
    }
}

/// Everything that lies in the directory of a release: files, sums, and the signature over the sums when there is a key.
pub(super) fn parcel(
    files: Parcel,
    sums: String,
    key: Option<&Path>,
    comment: &str,
) -> Result<Parcel, Trouble> {
    let sums = sums.into_bytes();
    let signed = key.map(|key| signature::sign(key, &sums, comment));
    let signed = signed.transpose();
    let signed = signed.map_err(|e| Trouble::of(Unwritten::SigningKey, e.to_string()))?;
    let mut all = files;
    all.push((SUMS.to_owned(), sums));
    all.extend(signed.map(|s| (signature::NAME.to_owned(), s.into_bytes())));
    Ok(all)
}
