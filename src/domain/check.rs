//! Checks of single values that people type or that documents bring: AGB, KvK, postcode, mail address, names.

use super::code::codes;

codes! {
    /// What is wrong with a value; `language` has the sentence.
    pub enum Flaw {
        Missing = "missing",
        TooLong = "too_long",
        ControlCharacter = "control_character",
        NotDigits = "not_digits",
        BadPostcode = "bad_postcode",
        BadEmail = "bad_email",
        BadDate = "bad_date",
        UnknownCode = "unknown_code",
        Duplicate = "duplicate",
        Unknown = "unknown",
        NoSignatory = "no_signatory",
        NotText = "not_text",
        NotJson = "not_json",
        BadPeriod = "bad_period",
        BadDigest = "bad_digest",
        OutOfRange = "out_of_range",
    }
}

/// Characters that one line of text may have at most.
pub const MOST_CHARACTERS: usize = 200;

/// Exactly `count` ASCII digits.
pub fn digits(text: &str, count: usize) -> Result<(), Flaw> {
    let right = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    right.then_some(()).ok_or(Flaw::NotDigits)
}

/// One line of text: not empty, not too long, without control or direction characters.
pub fn line(text: &str) -> Result<(), Flaw> {
    if text.trim().is_empty() {
        return Err(Flaw::Missing);
    }
    optional_line(text)
}

/// As `line`, but it may be empty.
pub fn optional_line(text: &str) -> Result<(), Flaw> {
    if text.chars().count() > MOST_CHARACTERS {
        return Err(Flaw::TooLong);
    }
    if text.chars().any(unprintable) {
        return Err(Flaw::ControlCharacter);
    }
    Ok(())
}

/// Whether a character steers a terminal or the direction of text, or cannot be seen.
pub fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{061c}' | '\u{00ad}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{180e}')
}

/// A mail address that a server can be given: local part and a domain with a dot, in ASCII.
pub fn email(text: &str) -> Result<(), Flaw> {
    line(text)?;
    let strict = email_address::Options::default()
        .with_required_tld()
        .without_display_text()
        .without_domain_literal();
    let valid =
        text.is_ascii() && email_address::EmailAddress::parse_with_options(text, strict).is_ok();
    let plain = !text.contains(['"', ' ', ',', ';', '<', '>']);
    (valid && plain).then_some(()).ok_or(Flaw::BadEmail)
}

/// A Dutch postcode as in an address: four digits 1000–9999 and two letters, a blank between them allowed.
pub fn postcode(text: &str) -> Result<(), Flaw> {
    let compact: Vec<char> = text.chars().filter(|c| *c != ' ').collect();
    let right = compact.len() == 6
        && matches!(compact.first(), Some('1'..='9'))
        && compact.iter().take(4).all(char::is_ascii_digit)
        && compact.iter().skip(4).all(char::is_ascii_alphabetic);
    right.then_some(()).ok_or(Flaw::BadPostcode)
}

/// A date `YYYY-MM-DD` that exists.
pub fn date(text: &str) -> Result<(), Flaw> {
    let parsed = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d");
    (text.len() == 10 && parsed.is_ok())
        .then_some(())
        .ok_or(Flaw::BadDate)
}
