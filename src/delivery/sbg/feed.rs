//! Decoded text for the reader: it counts lines as an editor does, and ends the text where it may not go on. It knows no markup.

use std::io::{self, BufRead, ErrorKind, Read};

use super::super::content::Content;
use super::super::encoding::Encoding;
use super::super::finding::Code;
use super::super::source::Supply;
use super::declared::{self, Bytes};
use super::markup;

/// The text of a source.
pub(super) struct Feed<'r> {
    content: Content<'r>,
    encoding: Encoding,
    bytes: Bytes,
    /// Bytes of the byte order mark that are still to be passed over.
    mark: usize,
    text: String,
    at: usize,
    line: u64,
    /// The last byte was a carriage return, so that a line feed after it ends no further line.
    after_return: bool,
    taken: usize,
    most: usize,
    ending: Ending,
    failed: Option<io::Error>,
}

/// How the text ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// There is more.
    None,
    /// What has been decoded is all there is.
    Natural,
    Halted(Halt),
}

/// Why the text does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Halt {
    Found(Code),
    /// Over the limit is told once, when the source is closed.
    OverLimit,
}

impl<'r> Feed<'r> {
    /// The feed, and what is wrong with its encoding.
    pub(super) fn new(mut content: Content<'r>, most: usize) -> io::Result<(Self, Option<Code>)> {
        let declared = declared::read(content.head()?);
        let feed = Self {
            content,
            encoding: declared.encoding,
            bytes: Bytes::new(declared.encoding),
            mark: declared.mark,
            text: String::new(),
            at: 0,
            line: 1,
            after_return: false,
            taken: 0,
            most,
            ending: Ending::None,
            failed: None,
        };
        Ok((feed, declared.flaw))
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The line that is being read, counted from 1.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// From here on, the size of the next token is counted.
    pub(super) fn begin_token(&mut self) {
        self.taken = 0;
    }

    /// Whether the token is larger than allowed.
    pub(super) fn is_token_too_long(&self) -> bool {
        self.taken > self.most
    }

    /// Why the text ended before its end, once all before it was read.
    pub(super) fn halt(&self) -> Option<Halt> {
        match self.ending {
            Ending::Halted(halt) if self.at == self.text.len() => Some(halt),
            _ => None,
        }
    }

    /// The failure of reading itself, which is not the file's fault.
    pub(super) fn failure(&mut self) -> Option<io::Error> {
        self.failed.take()
    }

    pub(super) fn into_content(self) -> Content<'r> {
        self.content
    }

    fn refill(&mut self) {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && self.ending == Ending::None {
            match self.content.supply() {
                Ok(Supply::Refused) => self.ending = Ending::Halted(Halt::OverLimit),
                Ok(Supply::Block) => self.decode(false),
                Ok(Supply::End) => self.decode(true),
                Err(error) => {
                    self.failed = Some(error);
                    return;
                }
            }
        }
    }

    fn decode(&mut self, last: bool) {
        let block = if last { &[] } else { self.content.block() };
        let marked = self.mark.min(block.len());
        self.mark -= marked;
        if last {
            self.ending = Ending::Natural;
        }
        if !self.bytes.decode(&block[marked..], last, &mut self.text) {
            self.ending = Ending::Halted(Halt::Found(Code::Undecodable));
        }
        if let Some(at) = forbidden(&self.text) {
            let nul = self.text.as_bytes()[at] == 0;
            self.text.truncate(at);
            let code = if nul {
                Code::Binary
            } else {
                Code::ForbiddenCharacter
            };
            self.ending = Ending::Halted(Halt::Found(code));
        }
    }

    fn count_lines(&mut self, until: usize) {
        let passed = &self.text.as_bytes()[self.at..until];
        self.line += markup::line_ends(passed, self.after_return);
        self.after_return = passed
            .last()
            .map_or(self.after_return, |last| *last == b'\r');
    }
}

impl BufRead for Feed<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.is_token_too_long() {
            return Err(ErrorKind::FileTooLarge.into());
        }
        if self.at == self.text.len() && self.failed.is_none() {
            self.refill();
        }
        if self.failed.is_some() || self.halt().is_some() {
            return Err(ErrorKind::Other.into());
        }
        Ok(&self.text.as_bytes()[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        let until = (self.at + amount).min(self.text.len());
        self.count_lines(until);
        self.taken += until - self.at;
        self.at = until;
    }
}

impl Read for Feed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let size = available.len().min(out.len());
        out[..size].copy_from_slice(&available[..size]);
        self.consume(size);
        Ok(size)
    }
}

/// Where the first character stands that XML forbids. UTF-8 writes two of them, U+FFFE and U+FFFF, with 0xEF first.
fn forbidden(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = 0;
    loop {
        let suspicious =
            |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') || *byte == 0xEF;
        let at = from + bytes[from..].iter().position(suspicious)?;
        let character = text[at..].chars().next()?;
        if !markup::is_character(character) {
            return Some(at);
        }
        from = at + character.len_utf8();
    }
}
