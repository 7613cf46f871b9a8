//! Reads one cell as a date, a year or a number, in the forms that occur in the field. It guesses nothing:
//! what has two readings is no value.

use crate::domain::code::codes;
use chrono::NaiveDate;

codes! {
    /// A way to write a date.
    pub enum DateForm {
        /// Year first:
        Iso = "jjjj-mm-dd",
        /// Day first:
        Dutch = "dd-mm-jjjj",
        /// Eight digits:
        Compact = "jjjjmmdd",
    }
}

codes! {
    /// The sign before the decimals.
    pub enum DecimalSign {
        /// As in 12,5.
        Comma = ",",
        /// As in 12.5.
        Point = ".",
    }
}

/// Why a cell is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberFault {
    /// It has thousands separators.
    Thousands,
    /// It is something else.
    NotANumber,
}

/// The date in a cell and the form it has; the years 1900 to 2199 exist.
pub fn date(cell: &[u8]) -> Option<(NaiveDate, DateForm)> {
    let (form, [year, month, day]) = match cell {
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 => (
            DateForm::Iso,
            [number(y)?, number(&[*m1, *m2])?, number(&[*d1, *d2])?],
        ),
        [d1, d2, b'-', m1, m2, b'-', y @ ..] if y.len() == 4 => (
            DateForm::Dutch,
            [number(y)?, number(&[*m1, *m2])?, number(&[*d1, *d2])?],
        ),
        [y1, y2, y3, y4, m1, m2, d1, d2] => (
            DateForm::Compact,
            [
                number(&[*y1, *y2, *y3, *y4])?,
                number(&[*m1, *m2])?,
                number(&[*d1, *d2])?,
            ],
        ),
        _ => return None,
    };
    if !(1900..2200).contains(&year) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some((date, form))
}

/// The year in a cell: four digits.
pub fn year(cell: &[u8]) -> Option<u16> {
    if cell.len() != 4 {
        return None;
    }
    whole(cell)
}

/// The whole number in a cell: one to four digits.
pub fn whole(cell: &[u8]) -> Option<u16> {
    if !matches!(cell.len(), 1..=4) {
        return None;
    }
    u16::try_from(number(cell)?).ok()
}

/// The number in a cell and the decimal sign it was written with.
pub fn decimal(cell: &[u8]) -> Result<(f64, Option<DecimalSign>), NumberFault> {
    let digits = cell.strip_prefix(b"-").unwrap_or(cell);
    let mut separators = digits.iter().filter(|byte| !byte.is_ascii_digit());
    let (separator, further) = (separators.next(), separators.next());
    if further.is_some() || matches!(separator, Some(b' ' | b'\'')) {
        let text = str::from_utf8(digits).unwrap_or_default();
        return Err(if is_grouped(text) {
            NumberFault::Thousands
        } else {
            NumberFault::NotANumber
        });
    }
    let ends = digits.first().zip(digits.last());
    if !ends.is_some_and(|(first, last)| first.is_ascii_digit() && last.is_ascii_digit()) {
        return Err(NumberFault::NotANumber);
    }
    let sign = match separator {
        None => None,
        Some(b'.') => Some(DecimalSign::Point),
        Some(b',') => Some(DecimalSign::Comma),
        Some(_) => return Err(NumberFault::NotANumber),
    };
    let number = short(digits).map_or_else(|| parse(digits), Ok)?;
    let negative = digits.len() < cell.len();
    Ok((if negative { -number } else { number }, sign))
}

const POWERS: [f64; 9] = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/// A number of few digits, which a division gives exactly as a parser would: both parts are whole and small.
fn short(digits: &[u8]) -> Option<f64> {
    if digits.len() > 9 {
        return None;
    }
    let (mut whole, mut scale) = (0_u32, 0_usize);
    for (place, byte) in digits.iter().rev().enumerate() {
        if !byte.is_ascii_digit() {
            scale = place;
        }
    }
    for byte in digits.iter().filter(|byte| byte.is_ascii_digit()) {
        whole = whole * 10 + u32::from(byte - b'0');
    }
    Some(f64::from(whole) / POWERS[scale])
}

fn parse(digits: &[u8]) -> Result<f64, NumberFault> {
    let text = str::from_utf8(digits).unwrap_or_default();
    let parsed = text.replace(',', ".").parse();
    parsed.map_err(|_| NumberFault::NotANumber)
}

/// Whether digits stand in groups of three, as in `1.234,5`, `1 234` or `1'234'567`.
fn is_grouped(text: &str) -> bool {
    let (whole, decimals) = match text.rfind([',', '.']) {
        Some(at) if !is_group(&text[at + 1..]) => (&text[..at], &text[at + 1..]),
        _ => (text, ""),
    };
    let mut groups = whole.split([',', '.', ' ', '\'']);
    let first_fits = groups
        .next()
        .is_some_and(|first| matches!(first.len(), 1..=3) && all_digits(first));
    first_fits && groups.all(is_group) && all_digits(decimals)
}

fn is_group(text: &str) -> bool {
    text.len() == 3 && all_digits(text)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u32::from(byte - b'0'))
    })
}
