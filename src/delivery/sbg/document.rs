//! The document as a sequence of nodes, well-formed to the letter of XML 1.0 without a DTD. It knows no schema; the first fault ends it.

use std::io;

use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::super::content::Content;
use super::super::encoding::Encoding;
use super::super::finding::Code;
use super::feed::{Feed, Halt};
use super::markup;

/// How deep elements may lie in each other.
const MOST_DEPTH: usize = 32;
/// Bytes of the declaration; it is looked for in the first block.
const MOST_DECLARATION_BYTES: usize = 512;

/// One node, or why there is none.
pub(super) enum Node<'b> {
    /// A start tag, without its brackets.
    Open(BytesStart<'b>, Ends),
    /// An end tag.
    Close,
    /// Characters between tags.
    Text(Characters),
    /// A comment, an instruction or the declaration.
    Passed,
    /// The document is complete.
    End,
    /// It cannot be read any further: why and in which line; nothing when the limit of bytes is to blame.
    Broken(Option<(Code, u64)>),
}

/// Where an element ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// With its start tag.
    Here,
    /// With an end tag.
    Later,
}

/// What stands between tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Characters {
    Blank,
    /// Anything else; a marked section counts, even an empty one.
    Other,
}

/// A document that is being read.
pub(super) struct Document<'r> {
    reader: Reader<Feed<'r>>,
    buffer: Vec<u8>,
    place: Place,
    depth: usize,
    flaw: Option<Code>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Beginning,
    Prolog,
    Root,
    Epilog,
}

impl<'r> Document<'r> {
    pub(super) fn new(content: Content<'r>, most_token_bytes: usize) -> io::Result<Self> {
        let (feed, flaw) = Feed::new(content, most_token_bytes)?;
        let mut reader = Reader::from_reader(feed);
        reader.config_mut().check_comments = true;
        Ok(Self {
            reader,
            buffer: Vec::new(),
            place: Place::Beginning,
            depth: 0,
            flaw,
        })
    }

    /// What is wrong with the encoding that the document declares.
    pub(super) fn flaw(&self) -> Option<Code> {
        self.flaw
    }

    /// The line where the next node begins.
    pub(super) fn line_ahead(&mut self) -> u64 {
        self.reader.get_mut().line()
    }

    pub(super) fn encoding(&mut self) -> Encoding {
        self.reader.get_mut().encoding()
    }

    pub(super) fn into_content(self) -> Content<'r> {
        self.reader.into_inner().into_content()
    }

    /// The next node.
    pub(super) fn next(&mut self) -> io::Result<Node<'_>> {
        self.buffer.clear();
        let feed = self.reader.get_mut();
        feed.begin_token();
        let start = feed.line();
        let event = self.reader.read_event_into(&mut self.buffer);
        let feed = self.reader.get_mut();
        if let Some(failure) = feed.failure() {
            return Err(failure);
        }
        let (end, halt) = (feed.line(), feed.halt());
        if feed.is_token_too_long() {
            return Ok(broken(Code::TokenTooLong, start));
        }
        let place = self.place;
        self.place = place.max(Place::Prolog);
        let event = match (event, halt) {
            (Ok(event), _) => event,
            (Err(_), Some(Halt::OverLimit)) => return Ok(Node::Broken(None)),
            (Err(_), Some(Halt::Found(code))) => return Ok(broken(code, end)),
            (Err(error), None) => return Ok(broken(why(&error), start)),
        };
        let node = match event {
            Event::Eof if place == Place::Epilog => Ok(Node::End),
            Event::Eof => return Ok(broken(Code::Unclosed, end)),
            Event::DocType(_) => Err(Code::Dtd),
            Event::Decl(declaration) => judge_declaration(place, &declaration),
            Event::PI(content) if markup::is_instruction(&content) => Ok(Node::Passed),
            Event::PI(_) => Err(Code::NotWellFormed),
            Event::Comment(_) => Ok(Node::Passed),
            Event::Text(text) => characters(place, &text),
            Event::GeneralRef(text) => markup::reference(&text).and_then(|character| {
                let blank = matches!(character, ' ' | '\t' | '\n' | '\r');
                let found = if blank {
                    Characters::Blank
                } else {
                    Characters::Other
                };
                inside(place, Node::Text(found))
            }),
            Event::CData(_) => inside(place, Node::Text(Characters::Other)),
            Event::End(_) => {
                self.depth -= 1;
                if self.depth == 0 {
                    self.place = Place::Epilog;
                }
                Ok(Node::Close)
            }
            Event::Start(_) | Event::Empty(_) if place == Place::Epilog => Err(Code::NotWellFormed),
            Event::Start(_) if self.depth == MOST_DEPTH => Err(Code::TooDeep),
            Event::Start(start) => {
                self.depth += 1;
                self.place = Place::Root;
                Ok(Node::Open(start, Ends::Later))
            }
            Event::Empty(start) => {
                if self.depth == 0 {
                    self.place = Place::Epilog;
                }
                Ok(Node::Open(start, Ends::Here))
            }
        };
        Ok(node.unwrap_or_else(|code| broken(code, start)))
    }
}

/// What an error of the reader means.
fn why(error: &Error) -> Code {
    match error {
        Error::IllFormed(IllFormedError::MissingDoctypeName)
        | Error::Syntax(SyntaxError::UnclosedDoctype) => Code::Dtd,
        Error::IllFormed(
            IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_),
        ) => Code::MismatchedEnd,
        _ => Code::NotWellFormed,
    }
}

fn broken(code: Code, line: u64) -> Node<'static> {
    Node::Broken(Some((code, line)))
}

/// Outside the root there are blanks only.
fn characters(place: Place, text: &str) -> Result<Node<'static>, Code> {
    if markup::is_blank(text) {
        return Ok(Node::Text(Characters::Blank));
    }
    if text.contains("]]>") {
        return Err(Code::NotWellFormed);
    }
    inside(place, Node::Text(Characters::Other))
}

fn inside(place: Place, node: Node<'static>) -> Result<Node<'static>, Code> {
    if place == Place::Root {
        Ok(node)
    } else {
        Err(Code::NotWellFormed)
    }
}

/// The declaration stands first and says version, encoding and whether the document stands alone, in this order.
fn judge_declaration(place: Place, declaration: &str) -> Result<Node<'static>, Code> {
    match place {
        Place::Beginning => {}
        Place::Prolog => return Err(Code::BeforeDeclaration),
        Place::Root | Place::Epilog => return Err(Code::NotWellFormed),
    }
    let mut given = Vec::new();
    let flawed = Err(Code::NotWellFormed);
    if declaration.len() > MOST_DECLARATION_BYTES || markup::tag(declaration, &mut given).is_err() {
        return flawed;
    }
    let mut given = given.iter().map(|a| (a.name, a.raw)).peekable();
    let version = given.next_if(|(name, _)| *name == "version");
    let encoding = given.next_if(|(name, _)| *name == "encoding");
    let alone = given.next_if(|(name, _)| *name == "standalone");
    let fits = version.is_some_and(|(_, v)| {
        let minor = v.strip_prefix("1.");
        minor.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit()))
    }) && encoding.is_none_or(|(_, name)| is_encoding_name(name))
        && alone.is_none_or(|(_, answer)| matches!(answer, "yes" | "no"))
        && given.next().is_none();
    if fits { Ok(Node::Passed) } else { flawed }
}

fn is_encoding_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}
