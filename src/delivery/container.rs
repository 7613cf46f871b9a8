//! What the bytes are wrapped in, told by their first bytes. Gzip files and zip archives are opened in `content`;
//! other kinds of file are refused by name.

use super::finding::Code;
use crate::domain::code::codes;

codes! {
    /// What surrounds the text.
    pub enum Container {
        /// Nothing.
        Plain = "plain",
        /// A gzip file.
        Gzip = "gzip",
        /// A zip archive, spreadsheets of today included.
        Zip = "zip",
        /// An archive of a kind that is not opened.
        Archive = "archive",
        /// Something that is no text: a spreadsheet of old, a PDF.
        Other = "other",
    }
}

/// Bytes that tell enough of a file.
pub(super) const HEAD: usize = 4096;

const ARCHIVES: [&[u8]; 7] = [
    b"7z\xBC\xAF\x27\x1C",
    b"Rar!\x1A\x07",
    b"\xFD7zXZ\0",
    b"BZh",
    b"\x28\xB5\x2F\xFD",
    b"MSCF\0\0\0\0",
    b"PK\x07\x08",
];

const OTHERS: [&[u8]; 5] = [
    b"%PDF",
    b"\xD0\xCF\x11\xE0",
    b"SQLite format 3\0",
    b"\x7FELF",
    b"\x89PNG",
];

impl Container {
    /// The container that starts with these bytes.
    pub(super) fn of(head: &[u8]) -> Self {
        let starts = |all: &[&[u8]]| all.iter().any(|magic| head.starts_with(magic));
        // A tar file begins with a name and says what it is further on.
        let is_tar = head.get(257..262) == Some(b"ustar");
        if starts(&[&[0x1F, 0x8B]]) {
            Self::Gzip
        } else if starts(&[b"PK\x03\x04", b"PK\x05\x06"]) {
            Self::Zip
        } else if starts(&ARCHIVES) || is_tar {
            Self::Archive
        } else if starts(&OTHERS) {
            Self::Other
        } else {
            Self::Plain
        }
    }

    /// Why this container is not opened.
    pub(super) fn refusal(self) -> Option<Code> {
        match self {
            Self::Plain | Self::Gzip | Self::Zip => None,
            Self::Archive => Some(Code::Compressed),
            Self::Other => Some(Code::WrongKind),
        }
    }

    /// Why this cannot be the contents of an archive.
    pub(super) fn refusal_within(self) -> Option<Code> {
        match self {
            Self::Plain => None,
            Self::Gzip | Self::Zip | Self::Archive => Some(Code::NestedArchive),
            Self::Other => Some(Code::WrongKind),
        }
    }
}
