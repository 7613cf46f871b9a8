//! In which encoding an XML file is written: by its byte order mark, else by its declaration, else UTF-8. Nothing is guessed here.

use encoding_rs::{Decoder, DecoderResult, ISO_8859_15, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::super::encoding::Encoding;
use super::super::finding::Code;

/// What the first bytes say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Declared {
    pub(super) encoding: Encoding,
    /// Bytes of the byte order mark.
    pub(super) mark: usize,
    /// What is wrong: an unknown name refuses the file, a byte order mark that contradicts it does not.
    pub(super) flaw: Option<Code>,
}

/// Reads the byte order mark and the declaration.
pub(super) fn read(head: &[u8]) -> Declared {
    let (marked, mark) = match head {
        [0xEF, 0xBB, 0xBF, ..] => (Some(Encoding::Utf8WithBom), 3),
        [0xFF, 0xFE, ..] => (Some(Encoding::Utf16Le), 2),
        [0xFE, 0xFF, ..] => (Some(Encoding::Utf16Be), 2),
        // Without a mark, the first characters of the declaration still tell.
        [b'<', 0, b'?', 0, ..] => (Some(Encoding::Utf16Le), 0),
        [0, b'<', 0, b'?', ..] => (Some(Encoding::Utf16Be), 0),
        _ => (None, 0),
    };
    let start = plain(&head[mark..], marked);
    let label = label(&start).map(str::to_ascii_lowercase);
    let named = label.as_deref().map(named);
    let (encoding, flaw) = match (marked, named) {
        (Some(marked), Some(Some(Name::Utf16(Some(order))))) if order != marked => {
            (marked, Some(Code::UnknownEncoding))
        }
        (Some(marked), Some(Some(name))) if !name.fits(marked) => {
            (marked, Some(Code::EncodingContradicts))
        }
        (Some(marked), None | Some(Some(_))) => (marked, None),
        (marked, Some(None)) => (
            marked.unwrap_or(Encoding::Utf8),
            Some(Code::UnknownEncoding),
        ),
        (None, None) => (Encoding::Utf8, None),
        // Whoever can read the word in single bytes, reads no UTF-16.
        (None, Some(Some(Name::Utf16(_)))) => (Encoding::Utf8, Some(Code::UnknownEncoding)),
        (None, Some(Some(Name::Bytes(encoding)))) => (encoding, None),
    };
    Declared {
        encoding,
        mark,
        flaw,
    }
}

/// The beginning with one byte for each character.
fn plain(head: &[u8], marked: Option<Encoding>) -> Vec<u8> {
    let pair = |at: usize| head.chunks_exact(2).map(move |two| two[at]).collect();
    match marked {
        Some(Encoding::Utf16Le) => pair(0),
        Some(Encoding::Utf16Be) => pair(1),
        _ => head.to_vec(),
    }
}

/// The name of the encoding in the declaration at the beginning.
fn label(start: &[u8]) -> Option<&str> {
    let inside = start.strip_prefix(b"<?xml")?;
    let end = inside.windows(2).position(|two| two == b"?>")?;
    let text = std::str::from_utf8(&inside[..end]).ok()?;
    let (_, after) = text.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split_once(quote).map(|(name, _)| name)
}

enum Name {
    Bytes(Encoding),
    /// With the order of its bytes, when it says so.
    Utf16(Option<Encoding>),
}

impl Name {
    fn fits(&self, marked: Encoding) -> bool {
        let wide = matches!(marked, Encoding::Utf16Le | Encoding::Utf16Be);
        match self {
            Self::Bytes(encoding) => !wide && *encoding == Encoding::Utf8,
            Self::Utf16(_) => wide,
        }
    }
}

fn named(label: &str) -> Option<Name> {
    Some(match label {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Name::Bytes(Encoding::Utf8),
        "iso-8859-1" | "iso8859-1" | "latin1" | "iso_8859-1" => Name::Bytes(Encoding::Latin1),
        "iso-8859-15" | "iso8859-15" | "latin9" | "iso_8859-15" => Name::Bytes(Encoding::Latin9),
        "windows-1252" | "cp1252" => Name::Bytes(Encoding::Windows1252),
        "utf-16" | "utf16" => Name::Utf16(None),
        "utf-16le" => Name::Utf16(Some(Encoding::Utf16Le)),
        "utf-16be" => Name::Utf16(Some(Encoding::Utf16Be)),
        _ => return None,
    })
}

/// Turns bytes into UTF-8, block by block.
pub(super) struct Bytes {
    state: State,
    pending: Vec<u8>,
}

enum State {
    Utf8,
    Latin1,
    Table {
        encoding: &'static encoding_rs::Encoding,
        /// Bytes that mean nothing in this encoding.
        holes: &'static [u8],
    },
    Utf16(Box<Decoder>),
}

impl Bytes {
    pub(super) fn new(encoding: Encoding) -> Self {
        let wide = |wide: &'static encoding_rs::Encoding| {
            State::Utf16(Box::new(wide.new_decoder_without_bom_handling()))
        };
        let table = |encoding, holes| State::Table { encoding, holes };
        let state = match encoding {
            Encoding::Utf8 | Encoding::Utf8WithBom => State::Utf8,
            Encoding::Utf16Le => wide(UTF_16LE),
            Encoding::Utf16Be => wide(UTF_16BE),
            Encoding::Windows1252 => table(WINDOWS_1252, &[0x81, 0x8D, 0x8F, 0x90, 0x9D]),
            Encoding::Latin1 => State::Latin1,
            Encoding::Latin9 => table(ISO_8859_15, &[]),
        };
        Self {
            state,
            pending: Vec::new(),
        }
    }

    /// Appends the text of a block; false at bytes that are no text, with what came before them appended.
    pub(super) fn decode(&mut self, block: &[u8], last: bool, out: &mut String) -> bool {
        self.pending.extend_from_slice(block);
        let bytes = self.pending.as_slice();
        let (read, good) = match &mut self.state {
            State::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => {
                    out.push_str(text);
                    (bytes.len(), true)
                }
                Err(error) => {
                    let (valid, _) = bytes.split_at(error.valid_up_to());
                    out.push_str(std::str::from_utf8(valid).unwrap_or_default());
                    (valid.len(), error.error_len().is_none() && !last)
                }
            },
            State::Latin1 => {
                out.extend(bytes.iter().map(|byte| char::from(*byte)));
                (bytes.len(), true)
            }
            State::Table { encoding, holes } => {
                let hole = bytes.iter().position(|byte| holes.contains(byte));
                let good = &bytes[..hole.unwrap_or(bytes.len())];
                out.push_str(&encoding.decode_without_bom_handling(good).0);
                (bytes.len(), hole.is_none())
            }
            State::Utf16(decoder) => {
                out.reserve(bytes.len() * 3 + 16);
                let (result, read) = decoder.decode_to_string_without_replacement(bytes, out, last);
                (read, result == DecoderResult::InputEmpty)
            }
        };
        self.pending.drain(..read);
        good
    }
}
