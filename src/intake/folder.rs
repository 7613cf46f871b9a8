//! A watched folder as files: what lies ready, one taken aside, moved to `rejected/` or removed. Nothing is followed: neither a
//! link nor a name that leaves the folder. What becomes of a file is decided in `inbox`.

use crate::service::intake_file::clean;
use rustix::fs::{
    AtFlags, Dir, FileType, Mode, OFlags, RenameFlags, Stat, fstat, mkdirat, openat, renameat,
    renameat_with, statat, unlinkat,
};
use rustix::io::Errno;
use std::ffi::CString;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

/// What the name of a file begins with while it is taken in.
const TAKING: &str = ".taking-";
/// Where refused files go.
const REJECTED: &str = "rejected";
/// How names end while a client still writes.
const UNFINISHED: [&[u8]; 4] = [b".part", b".tmp", b".filepart", b".partial"];
/// Most bytes of a name that is made here.
const MOST_BYTES_OF_A_NAME: usize = 180;

/// The folder of one organisation.
pub(super) struct Folder {
    /// AGB code, which is its name.
    pub(super) agb: String,
    directory: OwnedFd,
}

/// A file as it lay there at one look.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    name: CString,
    inode: u64,
    size: i64,
    changed: (i64, i64),
}

/// A file that was taken aside and opened.
pub(super) struct Taken {
    name: String,
    /// Name as it was given, cleaned.
    pub(super) file_name: String,
    /// User id of its owner.
    pub(super) owner: i64,
    /// Its contents, from the beginning.
    pub(super) file: File,
    size: i64,
    changed: (i64, i64),
}

/// What came of taking a file.
pub(super) enum Took {
    /// It went away meanwhile.
    Gone,
    /// It is open.
    Open(Taken),
    /// It is nothing that is read: a link, a device, a second name. It has this name now.
    Unfit(String),
}

/// The folders of a directory: those that are called like an AGB code.
pub(super) fn folders(inbox: &Path) -> io::Result<Vec<Folder>> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let top = rustix::fs::open(inbox, flags, Mode::empty())?;
    let mut all = Vec::new();
    for entry in Dir::read_from(&top)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if crate::domain::check::digits(&name, 8).is_err() {
            continue;
        }
        let opened = openat(&top, name.as_str(), flags | OFlags::NOFOLLOW, Mode::empty());
        match opened {
            Ok(directory) => all.push(Folder {
                agb: name,
                directory,
            }),
            // A link, or a file that is called like a folder.
            Err(error) => tracing::warn!(folder = name, %error, "watched folder"),
        }
    }
    all.sort_by(|a, b| a.agb.cmp(&b.agb));
    Ok(all)
}

impl Folder {
    /// What lies here and is no longer being written, by its name, in the order of its arrival.
    pub(super) fn look(&self) -> io::Result<Vec<Seen>> {
        let mut all = Vec::new();
        for entry in Dir::read_from(&self.directory)? {
            let name = entry?.file_name().to_owned();
            let bytes = name.to_bytes();
            let hidden = bytes.starts_with(b".") && !bytes.starts_with(TAKING.as_bytes());
            let lower = bytes.to_ascii_lowercase();
            if hidden || UNFINISHED.iter().any(|end| lower.ends_with(end)) {
                continue;
            }
            let Ok(stat) = statat(&self.directory, &name, AtFlags::SYMLINK_NOFOLLOW) else {
                continue;
            };
            if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
                all.push(seen(name, &stat));
            }
        }
        all.sort_by(|a, b| (a.changed, &a.name).cmp(&(b.changed, &b.name)));
        Ok(all)
    }

    /// Takes a file aside, so that another one of its name can come, and opens it.
    pub(super) fn take(&self, seen: &Seen) -> io::Result<Took> {
        let Some(name) = self.set_aside(seen)? else {
            return Ok(Took::Gone);
        };
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = match openat(&self.directory, name.as_str(), flags, Mode::empty()) {
            Ok(file) => file,
            Err(Errno::NOENT) => return Ok(Took::Gone),
            // A link, or what nobody can open.
            Err(Errno::LOOP | Errno::NXIO | Errno::ACCESS | Errno::PERM) => {
                return Ok(Took::Unfit(name));
            }
            Err(error) => return Err(error.into()),
        };
        let stat = fstat(&file)?;
        let plain = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        // A second name of one file may be somebody else's.
        if !plain || stat.st_nlink != 1 {
            return Ok(Took::Unfit(name));
        }
        Ok(Took::Open(Taken {
            file_name: given(&name),
            name,
            owner: i64::from(stat.st_uid),
            file: File::from(file),
            size: stat.st_size,
            changed: changed(&stat),
        }))
    }

    /// Gives a file a name under which nobody replaces it; `None` when it went away meanwhile.
    fn set_aside(&self, seen: &Seen) -> io::Result<Option<String>> {
        let name = seen.name.to_string_lossy().into_owned();
        if name.starts_with(TAKING) {
            return Ok(Some(name));
        }
        let aside = format!("{TAKING}{}-{}", seen.inode, short(&clean(&name)));
        let (here, flags) = (&self.directory, RenameFlags::NOREPLACE);
        match renameat_with(here, &seen.name, here, aside.as_str(), flags) {
            Ok(()) => Ok(Some(aside)),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file that was taken in.
    pub(super) fn remove(&self, taken: &Taken) -> io::Result<()> {
        match unlinkat(&self.directory, taken.name.as_str(), AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Moves a refused file to `rejected/`, once its report lies there. Doing it again after a crash gives the same.
    pub(super) fn reject(&self, name: &str, at: i64, report: &str) -> io::Result<()> {
        let made = mkdirat(&self.directory, REJECTED, Mode::from_raw_mode(0o770));
        if !matches!(made, Ok(()) | Err(Errno::EXIST)) {
            made?;
        }
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let rejected = openat(&self.directory, REJECTED, flags, Mode::empty())?;
        let target = format!("{at}-{}", given(name));
        let note = format!("{target}.report.txt");
        let draft = format!(".{note}");
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let out = openat(&rejected, draft.as_str(), flags, Mode::from_raw_mode(0o640))?;
        let mut out = File::from(out);
        out.write_all(report.as_bytes())?;
        out.sync_all()?;
        renameat(&rejected, draft.as_str(), &rejected, note.as_str())?;
        match renameat(&self.directory, name, &rejected, target.as_str()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

impl Seen {
    /// Whether it was taken aside before and left, as by a crash.
    pub(super) fn was_taken(&self) -> bool {
        self.name.to_bytes().starts_with(TAKING.as_bytes())
    }

    /// When it last changed, in seconds since 1970.
    pub(super) const fn at(&self) -> i64 {
        self.changed.0
    }
}

impl Taken {
    /// Name that it has in the folder now.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Its contents once more, for reading.
    pub(super) fn contents(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Whether it is what it was when it was opened.
    pub(super) fn unchanged(&self) -> bool {
        fstat(&self.file).is_ok_and(|s| s.st_size == self.size && changed(&s) == self.changed)
    }
}

/// The name that a file was given, from the one that it has aside.
fn given(name: &str) -> String {
    let aside = name.strip_prefix(TAKING);
    let bare = aside.and_then(|rest| rest.split_once('-'));
    short(&clean(bare.map_or(name, |(_, given)| given)))
}

fn seen(name: CString, stat: &Stat) -> Seen {
    Seen {
        name,
        inode: stat.st_ino,
        size: stat.st_size,
        changed: changed(stat),
    }
}

fn changed(stat: &Stat) -> (i64, i64) {
    (
        stat.st_mtime,
        i64::try_from(stat.st_mtime_nsec).unwrap_or(0),
    )
}

/// A name cut to what fits beside what is put before and after it.
fn short(name: &str) -> String {
    let mut short = String::new();
    for c in name.chars() {
        if short.len() + c.len_utf8() > MOST_BYTES_OF_A_NAME {
            break;
        }
        short.push(c);
    }
    short
}
