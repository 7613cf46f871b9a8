//! The inside of tags, references and instructions by the letter of XML 1.0: names, attributes, values. It keeps nothing and
//! knows no schema. Characters that XML forbids never come so far.

use std::borrow::Cow;

use super::super::finding::Code;

/// Attributes of one element; what nobody writes is not read.
const MOST_ATTRIBUTES: usize = 64;
/// Bytes of one value.
const MOST_VALUE_BYTES: usize = 8 * 1024;

/// An attribute within its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Given<'t> {
    pub(super) name: &'t str,
    pub(super) raw: &'t str,
    /// Bytes from the beginning of the tag, for its line.
    pub(super) offset: usize,
}

/// What is wrong with a tag, and where in it.
pub(super) type Flaw = (Code, usize);

/// Reads the inside of a start tag: its name, and its attributes into `given`.
pub(super) fn tag<'t>(content: &'t str, given: &mut Vec<Given<'t>>) -> Result<&'t str, Flaw> {
    given.clear();
    let name = name(content).ok_or((Code::NotWellFormed, 0))?;
    let mut at = name.len();
    loop {
        let blanks = leading_blanks(&content[at..]);
        at += blanks;
        if at == content.len() {
            return Ok(name);
        }
        if blanks == 0 {
            return Err((Code::NotWellFormed, at));
        }
        let (attribute, end) = attribute(content, at)?;
        if given.iter().any(|other| other.name == attribute.name) {
            return Err((Code::DuplicateAttribute, at));
        }
        if given.len() == MOST_ATTRIBUTES {
            return Err((Code::TooManyAttributes, at));
        }
        given.push(attribute);
        at = end;
    }
}

fn attribute(content: &str, at: usize) -> Result<(Given<'_>, usize), Flaw> {
    let flaw = (Code::NotWellFormed, at);
    let key = name(&content[at..]).ok_or(flaw)?;
    let mut end = at + key.len();
    end += leading_blanks(&content[end..]);
    if !content[end..].starts_with('=') {
        return Err(flaw);
    }
    end += 1;
    end += leading_blanks(&content[end..]);
    let quote = content[end..]
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''));
    end += 1;
    let value = quote.and_then(|quote| content[end..].split_once(quote));
    let (raw, _) = value.ok_or(flaw)?;
    if raw.len() > MOST_VALUE_BYTES {
        return Err((Code::TokenTooLong, at));
    }
    let given = Given {
        name: key,
        raw,
        offset: at,
    };
    Ok((given, end + raw.len() + 1))
}

/// The value of an attribute: references replaced, line ends and tabs turned into blanks.
pub(super) fn value(raw: &str) -> Result<Cow<'_, str>, Code> {
    let special = |byte: u8| matches!(byte, b'<' | b'&' | b'\t' | b'\n' | b'\r');
    if !raw.bytes().any(special) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut value = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.bytes().position(special) {
        value.push_str(&rest[..at]);
        rest = match rest.as_bytes()[at] {
            b'<' => return Err(Code::NotWellFormed),
            b'&' => {
                let (name, after) = rest[at + 1..].split_once(';').ok_or(Code::NotWellFormed)?;
                value.push(reference(name)?);
                after
            }
            // A line end of two characters is one.
            b'\r' if rest.as_bytes().get(at + 1) == Some(&b'\n') => {
                value.push(' ');
                &rest[at + 2..]
            }
            _ => {
                value.push(' ');
                &rest[at + 1..]
            }
        };
    }
    value.push_str(rest);
    Ok(Cow::Owned(value))
}

/// The character that a reference stands for, by the text between `&` and `;`. Other entities than the five of XML do not exist.
pub(super) fn reference(text: &str) -> Result<char, Code> {
    if let Some(number) = text.strip_prefix('#') {
        let (digits, radix) = match number.strip_prefix('x') {
            Some(digits) => (digits, 16),
            None => (number, 10),
        };
        if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
            return Err(Code::NotWellFormed);
        }
        let code = u32::from_str_radix(digits, radix).ok();
        let character = code.and_then(char::from_u32).filter(|c| is_character(*c));
        return character.ok_or(Code::ForbiddenCharacter);
    }
    match text {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        other if name(other) == Some(other) => Err(Code::UnknownEntity),
        _ => Err(Code::NotWellFormed),
    }
}

/// Whether an instruction is written well: a name that is not reserved, then a blank before anything else.
pub(super) fn is_instruction(content: &str) -> bool {
    let Some(target) = name(content) else {
        return false;
    };
    let rest = &content[target.len()..];
    !target.eq_ignore_ascii_case("xml") && (rest.is_empty() || leading_blanks(rest) > 0)
}

/// How many lines end in a text; a line feed after a carriage return ends no further one.
pub(super) fn line_ends(text: &[u8], mut after_return: bool) -> u64 {
    if !after_return && !text.contains(&b'\r') {
        return text.iter().map(|byte| u64::from(*byte == b'\n')).sum();
    }
    let mut ends = 0;
    for &byte in text {
        ends += u64::from(byte == b'\r' || byte == b'\n' && !after_return);
        after_return = byte == b'\r';
    }
    ends
}

/// Whether a text is nothing but blanks.
pub(super) fn is_blank(text: &str) -> bool {
    leading_blanks(text) == text.len()
}

/// How many bytes of blanks a text begins with.
pub(super) fn leading_blanks(text: &str) -> usize {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    text.bytes().take_while(blank).count()
}

/// The name at the beginning of a text.
pub(super) fn name(text: &str) -> Option<&str> {
    let mut characters = text.char_indices();
    let (_, first) = characters.next()?;
    if !begins_name(first) {
        return None;
    }
    let end = characters.find(|(_, c)| !continues_name(*c));
    Some(end.map_or(text, |(at, _)| &text[..at]))
}

fn begins_name(c: char) -> bool {
    matches!(c, 'a'..='z' | 'A'..='Z' | '_' | ':')
        || !c.is_ascii()
            && matches!(c,
                '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
                | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
                | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
                | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn continues_name(c: char) -> bool {
    begins_name(c)
        || matches!(c, '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether XML allows a character at all.
pub(super) fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
