//! Bytes become text: UTF-8 with or without BOM, UTF-16 with BOM, Windows-1252. While all is ASCII nothing is decided;
//! the first other byte opens a window over which the two readings are weighed. Bytes that fit neither end the text.

use crate::domain::code::codes;
use std::io;

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::content::Content;
use super::source::Supply;

/// Bytes over which UTF-8 and Windows-1252 are weighed.
const WINDOW: usize = 64 * 1024;

codes! {
    /// How the text was written.
    pub enum Encoding {
        /// ASCII included.
        Utf8 = "utf-8",
        /// With a byte order mark.
        Utf8WithBom = "utf-8-bom",
        /// Little-endian with a byte order mark.
        Utf16Le = "utf-16le",
        /// Big-endian with a byte order mark.
        Utf16Be = "utf-16be",
        /// The Western European code page.
        Windows1252 = "windows-1252",
        /// Latin-1, where XML declares it.
        Latin1 = "iso-8859-1",
        /// Latin-9, where XML declares it.
        Latin9 = "iso-8859-15",
    }
}

/// What became of the request for more text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    More,
    End,
    Undecodable,
    /// Why is told when the source is closed.
    Refused,
}

/// The text of a source, block by block.
pub(super) struct Text<'r> {
    source: Content<'r>,
    state: State,
    pending: Vec<u8>,
    seen: Encoding,
}

enum State {
    Start,
    /// Only ASCII so far.
    Open,
    Utf8,
    Windows1252,
    Utf16(Box<Decoder>),
    Closed(Flow),
}

impl<'r> Text<'r> {
    pub(super) fn new(source: Content<'r>) -> Self {
        Self {
            source,
            state: State::Start,
            pending: Vec::new(),
            seen: Encoding::Utf8,
        }
    }

    /// Appends the next text; always whole characters.
    pub(super) fn append(&mut self, out: &mut String) -> io::Result<Flow> {
        if let State::Closed(flow) = self.state {
            return Ok(flow);
        }
        let supply = self.source.supply()?;
        if supply == Supply::Refused {
            return Ok(self.close(Flow::Refused));
        }
        self.pending.extend_from_slice(self.source.block());
        let last = supply == Supply::End;
        if matches!(self.state, State::Start) {
            self.start();
        }
        if matches!(self.state, State::Open) {
            self.decide(out, last);
        }
        if !self.decode(out, last) {
            return Ok(self.close(Flow::Undecodable));
        }
        Ok(if last {
            self.close(Flow::End)
        } else {
            Flow::More
        })
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.seen
    }

    pub(super) fn into_content(self) -> Content<'r> {
        self.source
    }

    fn close(&mut self, flow: Flow) -> Flow {
        self.state = State::Closed(flow);
        flow
    }

    fn start(&mut self) {
        let (seen, state, mark) = match self.pending.as_slice() {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8WithBom, State::Utf8, 3),
            [0xFF, 0xFE, ..] => (
                Encoding::Utf16Le,
                State::Utf16(Box::new(UTF_16LE.new_decoder_without_bom_handling())),
                2,
            ),
            [0xFE, 0xFF, ..] => (
                Encoding::Utf16Be,
                State::Utf16(Box::new(UTF_16BE.new_decoder_without_bom_handling())),
                2,
            ),
            _ => (Encoding::Utf8, State::Open, 0),
        };
        self.pending.drain(..mark);
        (self.seen, self.state) = (seen, state);
    }

    /// Passes ASCII on; from the first other byte it waits for a full window, so that block borders change nothing.
    fn decide(&mut self, out: &mut String, last: bool) {
        let ascii = encoding_rs::Encoding::ascii_valid_up_to(&self.pending);
        push_valid(&self.pending[..ascii], out);
        self.pending.drain(..ascii);
        if self.pending.is_empty() || (self.pending.len() < WINDOW && !last) {
            return;
        }
        let mut window = &self.pending[..self.pending.len().min(WINDOW)];
        if window.len() < self.pending.len() || !last {
            // The window may end within a character, which then speaks for neither.
            let cut = window
                .iter()
                .rposition(u8::is_ascii)
                .map_or(window.len(), |at| at + 1);
            window = &window[..cut];
        }
        let (as_utf8, as_other) = weigh(window);
        if as_other > as_utf8 {
            (self.seen, self.state) = (Encoding::Windows1252, State::Windows1252);
        } else {
            self.state = State::Utf8;
        }
    }

    /// Decodes what is pending; false at bytes that are no text.
    fn decode(&mut self, out: &mut String, last: bool) -> bool {
        match &mut self.state {
            State::Utf8 => match std::str::from_utf8(&self.pending) {
                Ok(text) => {
                    out.push_str(text);
                    self.pending.clear();
                    true
                }
                Err(error) => {
                    push_valid(&self.pending[..error.valid_up_to()], out);
                    self.pending.drain(..error.valid_up_to());
                    error.error_len().is_none() && !last
                }
            },
            State::Windows1252 => {
                let undefined = |byte: &u8| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
                let good = self
                    .pending
                    .iter()
                    .position(undefined)
                    .unwrap_or(self.pending.len());
                out.push_str(
                    &WINDOWS_1252
                        .decode_without_bom_handling(&self.pending[..good])
                        .0,
                );
                self.pending.drain(..good);
                self.pending.is_empty()
            }
            State::Utf16(decoder) => {
                let room = decoder.max_utf8_buffer_length_without_replacement(self.pending.len());
                out.reserve(room.unwrap_or(self.pending.len() * 3 + 16));
                let (result, read) =
                    decoder.decode_to_string_without_replacement(&self.pending, out, last);
                self.pending.drain(..read);
                result == DecoderResult::InputEmpty
            }
            State::Start | State::Open | State::Closed(_) => true,
        }
    }
}

fn push_valid(bytes: &[u8], out: &mut String) {
    out.push_str(std::str::from_utf8(bytes).unwrap_or_default());
}

/// How many sequences beyond ASCII are UTF-8, and how many bytes are not.
fn weigh(window: &[u8]) -> (usize, usize) {
    let (mut fits, mut misfits) = (0, 0);
    for chunk in window.utf8_chunks() {
        fits += chunk
            .valid()
            .chars()
            .filter(|character| !character.is_ascii())
            .count();
        misfits += chunk.invalid().len();
    }
    (fits, misfits)
}
