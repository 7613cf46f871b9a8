//! What the bytes are wrapped in, told by their first bytes. Only plain text is opened here yet;
//! archives and other kinds of file are refused by name.

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
        /// Something that is no text: a spreadsheet of old, a PDF.
        Other = "other",
    }
}

impl Container {
    /// The container that starts with these bytes.
    pub(super) fn of(head: &[u8]) -> Self {
        const OLD_OFFICE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0];
        if head.starts_with(&[0x1F, 0x8B]) {
            Self::Gzip
        } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Self::Zip
        } else if head.starts_with(b"%PDF") || head.starts_with(OLD_OFFICE) {
            Self::Other
        } else {
            Self::Plain
        }
    }

    /// Why this container is not opened.
    pub(super) fn refusal(self) -> Option<Code> {
        match self {
            Self::Plain => None,
            Self::Gzip | Self::Zip => Some(Code::Compressed),
            Self::Other => Some(Code::WrongKind),
        }
    }
}
