//! Reads one cell as its column asks: type, code and range; personal data in the wrong place comes before what is merely wrong.
//! It knows nothing of the other cells of the row.

use super::batch::Forms;
use super::finding::{Code, Severity};
use super::personal;
use super::rules::Value;
use super::specification::{Field, Kind, Position, Shape};
use super::value::{self, DecimalSign, NumberFault};
use crate::domain::check::unprintable;

/// How the cells of a row were written.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) forms: Forms,
    pub(super) decimal: Option<(Position, DecimalSign)>,
}

/// Reads a filled cell as its column asks, into a value that was absent.
#[inline]
pub(super) fn read(
    (position, field): (Position, &Field),
    cell: &[u8],
    value: &mut Value,
    written: &mut Written,
) -> Result<(), (Code, Severity)> {
    // What a column takes as a code, year or area cannot be any of the forms that it refuses; texts and dates can.
    if matches!(
        field.kind,
        Kind::Text {
            shape: Shape::Any,
            ..
        }
    ) && let Some(code) = personal::recognise(cell, &field.refuse)
    {
        return Err((code, Severity::File));
    }
    read_filled((position, &field.kind), cell, value, written).map_err(|code| {
        match personal::recognise(cell, &field.refuse) {
            Some(personal) => (personal, Severity::File),
            None => (code, field.severity),
        }
    })
}

#[inline]
fn read_filled(
    (position, kind): (Position, &Kind),
    cell: &[u8],
    value: &mut Value,
    written: &mut Written,
) -> Result<(), Code> {
    // Each arm writes the value where it stays: handing sixteen bytes up the calls would cost more than reading them.
    match kind {
        Kind::Text {
            shape,
            lengths,
            ranges,
        } => {
            read_text(cell, *shape, *lengths, ranges)?;
            *value = Value::Text;
        }
        Kind::Code(list) => *value = Value::Code(list.find(cell).ok_or(Code::UnknownCode)?),
        Kind::Year { minimum } => {
            let year = value::year(cell).ok_or(Code::NotAYear)?;
            *value = Value::Whole(within(year, *minimum, u16::MAX)?);
        }
        Kind::Whole { minimum, maximum } => {
            let number = value::whole(cell).ok_or(Code::NotWhole)?;
            *value = Value::Whole(within(number, *minimum, *maximum)?);
        }
        Kind::Date => {
            let (date, form) = value::date(cell).ok_or(Code::NotADate)?;
            written.forms.note(position, form);
            *value = Value::Date(date);
        }
        Kind::Number => {
            let (number, sign) = value::decimal(cell).map_err(|fault| match fault {
                NumberFault::Thousands => Code::ThousandsSeparator,
                NumberFault::NotANumber => Code::NotANumber,
            })?;
            let sign = sign.map(|sign| (position, sign));
            written.decimal = written.decimal.or(sign);
            *value = Value::Number(number);
        }
    }
    Ok(())
}

fn within(number: u16, minimum: u16, maximum: u16) -> Result<u16, Code> {
    if (minimum..=maximum).contains(&number) {
        Ok(number)
    } else {
        Err(Code::OutOfBounds)
    }
}

fn read_text(
    cell: &[u8],
    shape: Shape,
    (shortest, longest): (usize, usize),
    ranges: &[(String, String)],
) -> Result<(), Code> {
    if shape == Shape::Digits {
        let fits =
            cell.iter().all(u8::is_ascii_digit) && (shortest..=longest).contains(&cell.len());
        // Equal length, so the order of the texts is that of the numbers.
        let within = ranges.is_empty()
            || ranges
                .iter()
                .any(|(low, high)| (low.as_bytes()..=high.as_bytes()).contains(&cell));
        return match (fits, within) {
            (false, _) => Err(Code::NotDigits),
            (true, false) => Err(Code::OutOfBounds),
            (true, true) => Ok(()),
        };
    }
    let mut length = cell.len();
    if !cell.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        let text = str::from_utf8(cell).unwrap_or_default();
        if text.chars().any(unprintable) {
            return Err(Code::ControlCharacter);
        }
        length = text.chars().count();
    }
    if length > longest {
        Err(Code::TooLong)
    } else {
        Ok(())
    }
}
