//! Reads a zip archive as it streams by: the header of its one file, and behind the contents everything that must agree with it.
//! The directory at the end is not what is trusted but what is compared, so an archive cannot mean two things.

use std::io;

use flate2::Crc;

use super::finding::Code;
use super::source::{Tap, fill};

/// Most bytes behind the contents: descriptor, directory and comment.
const MOST_BEHIND: usize = 256 * 1024;
/// Directories that may stand before the file.
const MOST_DIRECTORIES: usize = 64;

const LOCAL: &[u8] = b"PK\x03\x04";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
const CENTRAL: &[u8] = b"PK\x01\x02";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";
const LOCATOR_64: &[u8] = b"PK\x06\x07";

/// How the file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Stored,
    Deflated,
}

/// What the header says of the file.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) method: Method,
    /// Packed size, checksum and size; none when they stand behind the contents.
    sizes: Option<(u64, u32, u64)>,
    entries: usize,
}

impl Member {
    /// Packed size, when the header says it.
    pub(super) fn packed(&self) -> Option<u64> {
        self.sizes.map(|(packed, _, _)| packed)
    }
}

/// What unpacking really gave.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) crc: Crc,
}

/// Reads up to the contents of the one file.
pub(super) fn open(tap: &mut Tap<'_>) -> io::Result<Result<Member, Code>> {
    for entries in 1..=MOST_DIRECTORIES {
        let Some(header) = Local::read(tap)? else {
            return Ok(Err(Code::DamagedArchive));
        };
        match header.judge() {
            Ok(None) => {}
            Ok(Some(member)) => return Ok(Ok(Member { entries, ..member })),
            Err(code) => return Ok(Err(code)),
        }
    }
    Ok(Err(Code::NotOneFile))
}

/// Reads what stands behind the contents and compares it with what was unpacked.
pub(super) fn close(
    tap: &mut Tap<'_>,
    member: &Member,
    unpacked: &Unpacked,
) -> io::Result<Result<(), Code>> {
    let mut behind = vec![0; MOST_BEHIND + 1];
    let length = fill(tap, &mut behind)?;
    if length > MOST_BEHIND {
        return Ok(Err(Code::DamagedArchive));
    }
    behind.truncate(length);
    Ok(compare(&behind, member, unpacked))
}

struct Local {
    fixed: [u8; 30],
    name: Vec<u8>,
    extra: Vec<u8>,
}

impl Local {
    fn read(tap: &mut Tap<'_>) -> io::Result<Option<Self>> {
        let mut fixed = [0; 30];
        let read = fill(tap, &mut fixed)?;
        if fixed.starts_with(END) {
            // An empty archive has an end and nothing else.
            return Ok(Some(Self::nothing(fixed)));
        }
        if read < fixed.len() {
            return Ok(None);
        }
        let mut rest = |length: u16| {
            let mut bytes = vec![0; usize::from(length)];
            let read = fill(tap, &mut bytes)?;
            Ok::<_, io::Error>((read == bytes.len()).then_some(bytes))
        };
        let (name, extra) = (rest(two(&fixed, 26))?, rest(two(&fixed, 28))?);
        Ok(name
            .zip(extra)
            .map(|(name, extra)| Self { fixed, name, extra }))
    }

    fn nothing(fixed: [u8; 30]) -> Self {
        Self {
            fixed,
            name: Vec::new(),
            extra: Vec::new(),
        }
    }

    /// The file that follows, or none when this is a directory.
    fn judge(&self) -> Result<Option<Member>, Code> {
        if self.fixed.starts_with(END) || self.fixed.starts_with(CENTRAL) {
            return Err(Code::NotOneFile);
        }
        if !self.fixed.starts_with(LOCAL) {
            return Err(Code::DamagedArchive);
        }
        let (flags, method) = (two(&self.fixed, 6), two(&self.fixed, 8));
        // Bit 0: encrypted, 6: strongly, 13: the directory too; 99 is the method of AES.
        if flags & 0b0010_0000_0100_0001 != 0 || method == 99 {
            return Err(Code::EncryptedArchive);
        }
        if leads_outside(&self.name) {
            return Err(Code::PathOutside);
        }
        let sizes = self.sizes();
        if self.name.ends_with(b"/") {
            let empty = sizes == (0, 0, 0) && flags & 8 == 0;
            return empty.then_some(None).ok_or(Code::DamagedArchive);
        }
        if is_spreadsheet(&self.name) {
            return Err(Code::Compressed);
        }
        let described = flags & 8 != 0;
        let method = match method {
            0 if !described => Method::Stored,
            8 => Method::Deflated,
            _ => return Err(Code::Compressed),
        };
        Ok(Some(Member {
            method,
            sizes: (!described).then_some(sizes),
            entries: 0,
        }))
    }

    fn sizes(&self) -> (u64, u32, u64) {
        let (packed, size) = (four(&self.fixed, 18), four(&self.fixed, 22));
        let (size, packed) = wide(&self.extra, size, packed);
        (packed, four(&self.fixed, 14), size)
    }
}

/// Sizes of 64 bits, which stand in an extra field where those of 32 bits are all ones.
fn wide(extra: &[u8], size: u32, packed: u32) -> (u64, u64) {
    let mut rest = extra;
    while let Some((head, tail)) = rest.split_at_checked(4) {
        let Some((field, after)) = tail.split_at_checked(usize::from(two(head, 2))) else {
            break;
        };
        if two(head, 0) == 1 {
            let mut values = field.chunks_exact(8).map(|bytes| eight(bytes, 0));
            let mut of = |short: u32| match short {
                u32::MAX => values.next().unwrap_or(u64::MAX),
                short => u64::from(short),
            };
            return (of(size), of(packed));
        }
        rest = after;
    }
    (u64::from(size), u64::from(packed))
}

/// Whether a name would lead out of the directory that it is unpacked in. The name is never used, but such an archive is no export.
fn leads_outside(name: &[u8]) -> bool {
    let steps = name.split(|byte| matches!(byte, b'/' | b'\\'));
    let drive = name.get(1) == Some(&b':');
    let rooted = matches!(name.first(), Some(b'/' | b'\\') | None);
    drive || rooted || name.contains(&0) || steps.into_iter().any(|step| step == b"..")
}

/// Spreadsheets and documents are archives whose first file has one of these names.
fn is_spreadsheet(name: &[u8]) -> bool {
    matches!(name, b"[Content_Types].xml" | b"mimetype")
        || [&b"_rels/"[..], b"xl/", b"docProps/"]
            .iter()
            .any(|start| name.starts_with(start))
}

fn compare(behind: &[u8], member: &Member, unpacked: &Unpacked) -> Result<(), Code> {
    let sum = unpacked.crc.sum();
    let real = (unpacked.packed, sum, unpacked.size);
    let behind = match member.sizes {
        Some(said) if said == real => behind,
        Some(_) => return Err(Code::DamagedArchive),
        None => after_descriptor(behind, real).ok_or(Code::DamagedArchive)?,
    };
    if behind.starts_with(LOCAL) {
        return Err(Code::NotOneFile);
    }
    let mut rest = behind;
    let (mut entries, mut files) = (0, 0);
    while rest.starts_with(CENTRAL) {
        let entry = Central::split(rest).ok_or(Code::DamagedArchive)?;
        entries += 1;
        if !entry.is_directory {
            files += 1;
            if entry.crc != sum {
                return Err(Code::DamagedArchive);
            }
        }
        rest = entry.rest;
    }
    let total = end_of_archive(rest).ok_or(Code::DamagedArchive)?;
    if files != 1 || total != entries {
        return Err(Code::NotOneFile);
    }
    (entries == member.entries)
        .then_some(())
        .ok_or(Code::NotOneFile)
}

/// What follows the descriptor, which has four forms: with or without a signature, with sizes of 32 or of 64 bits.
fn after_descriptor(behind: &[u8], (packed, sum, size): (u64, u32, u64)) -> Option<&[u8]> {
    let plain = behind.strip_prefix(DESCRIPTOR);
    [plain, Some(behind)].into_iter().flatten().find_map(|at| {
        let narrow = at.len() >= 12
            && (four(at, 0), four(at, 4), four(at, 8)) == (sum, low(packed), low(size))
            && at[12..].starts_with(b"PK");
        if narrow {
            return Some(&at[12..]);
        }
        let wide = at.len() >= 20
            && (four(at, 0), eight(at, 4), eight(at, 12)) == (sum, packed, size)
            && at[20..].starts_with(b"PK");
        wide.then(|| &at[20..])
    })
}

struct Central<'a> {
    is_directory: bool,
    crc: u32,
    rest: &'a [u8],
}

impl<'a> Central<'a> {
    fn split(text: &'a [u8]) -> Option<Self> {
        let (fixed, rest) = text.split_at_checked(46)?;
        let (name, rest) = rest.split_at_checked(usize::from(two(fixed, 28)))?;
        let (_, rest) = rest.split_at_checked(usize::from(two(fixed, 30)))?;
        let (_, rest) = rest.split_at_checked(usize::from(two(fixed, 32)))?;
        Some(Self {
            is_directory: name.ends_with(b"/"),
            crc: four(fixed, 16),
            rest,
        })
    }
}

/// How many entries the end of the archive counts; none when it is damaged or followed by anything.
fn end_of_archive(text: &[u8]) -> Option<usize> {
    let mut rest = text;
    if rest.starts_with(END_64) {
        let length = usize::try_from(eight(rest.get(..12)?, 4)).ok()?;
        rest = rest.get(12_usize.checked_add(length)?..)?;
        rest = rest.starts_with(LOCATOR_64).then(|| rest.get(20..))??;
    }
    let (fixed, comment) = rest.split_at_checked(22)?;
    let whole = fixed.starts_with(END) && comment.len() == usize::from(two(fixed, 20));
    whole.then(|| usize::from(two(fixed, 10)))
}

fn two(bytes: &[u8], at: usize) -> u16 {
    let pair = bytes.get(at..at + 2).and_then(|b| b.try_into().ok());
    u16::from_le_bytes(pair.unwrap_or_default())
}

fn four(bytes: &[u8], at: usize) -> u32 {
    u32::from(two(bytes, at)) | u32::from(two(bytes, at + 2)) << 16
}

fn eight(bytes: &[u8], at: usize) -> u64 {
    u64::from(four(bytes, at)) | u64::from(four(bytes, at + 4)) << 32
}

fn low(number: u64) -> u32 {
    u32::try_from(number & u64::from(u32::MAX)).unwrap_or(u32::MAX)
}
