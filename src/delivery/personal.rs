//! Recognises data of a person where a code belongs: a mail address, a full postcode, a full date, a text of their own.
//! It looks at the form of one cell only; citizen numbers are judged by column elsewhere.

use serde::Deserialize;

use super::finding::Code;
use super::value;

/// Words of a free text; names of places and of diagnoses are shorter.
const WORDS: usize = 5;

/// What a column refuses, as the specification names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Refusal {
    Email,
    Postcode,
    /// A date with separators: in a key, eight digits alone prove nothing.
    Date,
    CompactDate,
    FreeText,
}

/// What a column that no specification knows refuses: a date says nothing there.
pub(super) const IN_EXTRA_COLUMNS: [Refusal; 3] =
    [Refusal::Email, Refusal::Postcode, Refusal::FreeText];

/// The first of the refused forms that the cell has.
pub(super) fn recognise(cell: &[u8], refusals: &[Refusal]) -> Option<Code> {
    refusals.iter().find_map(|refusal| match refusal {
        Refusal::Email => is_email(cell).then_some(Code::EmailAddress),
        Refusal::Postcode => is_full_postcode(cell).then_some(Code::FullPostcode),
        Refusal::Date => {
            (cell.len() == 10 && value::date(cell).is_some()).then_some(Code::BirthDate)
        }
        Refusal::CompactDate => is_compact_date(cell).then_some(Code::BirthDate),
        Refusal::FreeText => is_free_text(cell).then_some(Code::FreeText),
    })
}

fn is_email(cell: &[u8]) -> bool {
    let Some(at) = cell.iter().position(|byte| *byte == b'@') else {
        return false;
    };
    let domain = &cell[at + 1..];
    let dot = domain.iter().position(|byte| *byte == b'.');
    at > 0 && dot.is_some_and(|dot| dot > 0 && dot + 1 < domain.len())
}

fn is_full_postcode(cell: &[u8]) -> bool {
    let Some((digits, rest)) = cell.split_at_checked(4) else {
        return false;
    };
    let letters = rest.strip_prefix(b" ").unwrap_or(rest);
    digits.iter().all(u8::is_ascii_digit)
        && letters.len() == 2
        && letters.iter().all(u8::is_ascii_alphabetic)
}

/// `jjjjmmdd` or `ddmmjjjj`.
fn is_compact_date(cell: &[u8]) -> bool {
    let [d1, d2, m1, m2, y @ ..] = cell else {
        return false;
    };
    let [y1, y2, y3, y4] = y else { return false };
    let turned = [*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2];
    value::date(cell).is_some() || value::date(&turned).is_some()
}

/// Several words of letters.
fn is_free_text(cell: &[u8]) -> bool {
    if cell.len() < 2 * WORDS - 1 || !cell.contains(&b' ') {
        return false;
    }
    let text = str::from_utf8(cell).unwrap_or_default();
    let words = text.split_whitespace();
    words
        .filter(|word| word.chars().any(char::is_alphabetic))
        .count()
        >= WORDS
}
