//! `sbg-5.0.1`: the XML import of the former national benchmark, read as a stream with our own findings instead of those of a
//! validator. What the published schema accepts is accepted and what it refuses is refused, with these differences:
//!
//! | a file with | schema | here | because |
//! |---|---|---|---|
//! | a document type, or any entity beyond the five of XML | accepted | refused | nothing outside the file is read, and nothing in it expands |
//! | `xsi:type` | accepted | refused | it can name no other type than the one that is there |
//! | `datumCreatie` with a blank instead of the T | refused | remark | the data protocol of the same benchmark asks for that form |
//! | blanks around a number or date | accepted; the validator refuses | accepted | the schema language takes them away |
//! | keys that differ in blanks around them only | accepted | refused | keys are stored without them, so two clients would become one |
//! | a prefix bound to nothing, or a reserved one bound anew | the validator goes on | refused | the recommendation on namespaces forbids it |
//! | an encoding other than UTF-8, UTF-16, ISO-8859-1, ISO-8859-15 and windows-1252 | accepted | refused | nobody is known to deliver it, and a guess may garble keys |
//! | bytes cut off within a character, or a NUL, behind the root | the validator goes on | refused | the file was damaged on its way |
//! | over 32 levels, 64 attributes, 8 KiB in a value, 64 KiB in a tag, text or comment | accepted | refused | what is read must stay small |
//! | over 10 000 measurements in one care path, or more rows or bytes than the limits | accepted | refused | the same |
//!
//! Beyond the schema stand our own rules, with the codes that other formats share.

mod attributes;
mod care_path;
mod declared;
mod document;
mod fault;
mod feed;
mod lexical;
mod markup;
mod namespace;
pub(super) mod sample;
pub mod schema;
mod walk;

use std::io;

use super::accepted::CarePathRow;
use super::content::Content;
use super::encoding::Encoding;
use super::finding::{Code, Finding, Severity, Tally};
use super::options::Options;
use document::{Document, Node};
use walk::{Onward, Walk};

/// Name and version.
pub(super) fn name() -> &'static str {
    &schema::schema().name
}

/// What the reading of a document gives, beside findings and rows.
pub(super) struct Read<'r> {
    pub(super) content: Content<'r>,
    pub(super) encoding: Encoding,
    pub(super) rows: u64,
    pub(super) accepted: u64,
    pub(super) ignored: u64,
}

/// Whether a text begins as markup does, by its first bytes after a byte order mark and blanks.
pub(super) fn is_markup(head: &[u8]) -> bool {
    let marks: [&[u8]; 3] = [&[0xEF, 0xBB, 0xBF], &[0xFF, 0xFE], &[0xFE, 0xFF]];
    let mark = marks.into_iter().find(|mark| head.starts_with(mark));
    let text = &head[mark.map_or(0, <[u8]>::len)..];
    let blank = |byte: &&u8| matches!(**byte, b' ' | b'\t' | b'\n' | b'\r' | 0);
    text.iter().find(|byte| !blank(byte)) == Some(&b'<')
}

/// Reads a document. Accepted rows go to `accept` as long as nothing has refused the file.
pub(super) fn read<'r>(
    content: Content<'r>,
    options: &Options,
    tally: &mut Tally,
    accept: &mut dyn FnMut(&CarePathRow<'_>),
) -> io::Result<Read<'r>> {
    let mut document = Document::new(content, options.limits.line_bytes)?;
    match document.flaw() {
        Some(code @ Code::EncodingContradicts) => {
            tally.add(Finding {
                severity: Severity::Remark,
                ..Finding::file(code, Some(1), None)
            });
        }
        Some(code) => tally.add(Finding::file(code, Some(1), None)),
        None => {}
    }
    let mut walk = Walk::new(schema::schema(), options, tally, accept);
    // With an unknown encoding there is no text to judge.
    if document.flaw() != Some(Code::UnknownEncoding) {
        go_through(&mut document, &mut walk)?;
    }
    walk.finish();
    let (rows, accepted, ignored) = (walk.rows, walk.accepted, walk.ignored);
    Ok(Read {
        encoding: document.encoding(),
        content: document.into_content(),
        rows,
        accepted,
        ignored,
    })
}

fn go_through(document: &mut Document<'_>, walk: &mut Walk<'_>) -> io::Result<()> {
    loop {
        let line = document.line_ahead();
        let onward = match document.next()? {
            Node::Open(tag, ends) => walk.open(&tag, line, ends),
            Node::Close => walk.close(line),
            Node::Text(characters) => {
                walk.text(characters, line);
                Onward::Continue
            }
            Node::Passed => Onward::Continue,
            Node::End => Onward::Stop,
            Node::Broken(why) => {
                if let Some((code, line)) = why {
                    walk.refuse(code, Some(line), None);
                }
                Onward::Stop
            }
        };
        if onward == Onward::Stop {
            return Ok(());
        }
    }
}
