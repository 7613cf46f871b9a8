//! Recognises data of a person where a code belongs: a mail address, a full postcode, a full date.
//! It looks at the form of one cell only; citizen numbers are judged by column elsewhere.

use serde::Deserialize;

use super::finding::Code;
use super::value;

/// What a column refuses, as the specification names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Refusal {
    Email,
    Postcode,
    /// A date with separators: in a key, eight digits alone prove nothing.
    Date,
    CompactDate,
}

/// The first of the refused forms that the cell has.
pub(super) fn recognise(cell: &str, refusals: &[Refusal]) -> Option<Code> {
    refusals.iter().find_map(|refusal| match refusal {
        Refusal::Email => is_email(cell).then_some(Code::EmailAddress),
        Refusal::Postcode => is_full_postcode(cell).then_some(Code::FullPostcode),
        Refusal::Date => {
            (cell.len() == 10 && value::date(cell).is_some()).then_some(Code::BirthDate)
        }
        Refusal::CompactDate => is_compact_date(cell).then_some(Code::BirthDate),
    })
}

fn is_email(cell: &str) -> bool {
    cell.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && domain
                .split_once('.')
                .is_some_and(|(host, top)| !host.is_empty() && !top.is_empty())
    })
}

fn is_full_postcode(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    let (Some(digits), Some(rest)) = (bytes.get(..4), bytes.get(4..)) else {
        return false;
    };
    let letters = rest.strip_prefix(b" ").unwrap_or(rest);
    digits.iter().all(u8::is_ascii_digit)
        && letters.len() == 2
        && letters.iter().all(u8::is_ascii_alphabetic)
}

/// `jjjjmmdd` or `ddmmjjjj`.
fn is_compact_date(cell: &str) -> bool {
    if cell.len() != 8 || !cell.is_ascii() {
        return false;
    }
    let (day_and_month, year) = cell.split_at(4);
    let turned = format!("{}-{}-{year}", &day_and_month[..2], &day_and_month[2..]);
    value::date(cell).is_some() || value::date(&turned).is_some()
}
