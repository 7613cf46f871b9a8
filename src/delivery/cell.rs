//! Reads one cell as its column asks: personal data in the wrong place first, then type, code and range.
//! It knows nothing of the other cells of the row.

use super::finding::{Code, Severity};
use super::personal;
use super::rules::Value;
use super::specification::{Field, Kind, Shape};
use super::value::{self, DateForm, DecimalSign, NumberFault};
use crate::domain::check::unprintable;

/// A cell that was read, and how it was written.
pub(super) struct Reading {
    pub(super) value: Value,
    pub(super) date: Option<DateForm>,
    pub(super) decimal: Option<DecimalSign>,
}

impl From<Value> for Reading {
    fn from(value: Value) -> Self {
        Self {
            value,
            date: None,
            decimal: None,
        }
    }
}

/// Reads a cell as its column asks; none when it is empty and may be.
pub(super) fn read(field: &Field, cell: &str) -> Result<Option<Reading>, (Code, Severity)> {
    if cell.is_empty() {
        return if field.required {
            Err((Code::Required, field.severity))
        } else {
            Ok(None)
        };
    }
    if let Some(code) = personal::recognise(cell, &field.refuse) {
        return Err((code, Severity::File));
    }
    read_filled(field, cell)
        .map(Some)
        .map_err(|code| (code, field.severity))
}

fn read_filled(field: &Field, cell: &str) -> Result<Reading, Code> {
    match &field.kind {
        Kind::Text {
            shape,
            lengths,
            ranges,
        } => read_text(cell, *shape, *lengths, ranges).map(|()| Value::Text.into()),
        Kind::Code(list) => list
            .find(cell)
            .map(|entry| Value::Code(entry).into())
            .ok_or(Code::UnknownCode),
        Kind::Year { minimum } => match value::year(cell) {
            None => Err(Code::NotAYear),
            Some(year) if year < *minimum => Err(Code::OutOfBounds),
            Some(year) => Ok(Value::Year(year).into()),
        },
        Kind::Date => value::date(cell)
            .map(|(date, form)| Reading {
                date: Some(form),
                ..Value::Date(date).into()
            })
            .ok_or(Code::NotADate),
        Kind::Number => match value::decimal(cell) {
            Ok((number, decimal)) => Ok(Reading {
                decimal,
                ..Value::Number(number).into()
            }),
            Err(NumberFault::Thousands) => Err(Code::ThousandsSeparator),
            Err(NumberFault::NotANumber) => Err(Code::NotANumber),
        },
    }
}

fn read_text(
    cell: &str,
    shape: Shape,
    (shortest, longest): (usize, usize),
    ranges: &[(String, String)],
) -> Result<(), Code> {
    let length = if cell.is_ascii() {
        cell.len()
    } else {
        cell.chars().count()
    };
    if shape == Shape::Digits {
        let fits = cell.bytes().all(|byte| byte.is_ascii_digit())
            && (shortest..=longest).contains(&length);
        // Equal length, so the order of the texts is that of the numbers.
        let within = ranges.is_empty()
            || ranges
                .iter()
                .any(|(low, high)| (low.as_str()..=high).contains(&cell));
        return if !fits {
            Err(Code::NotDigits)
        } else if within {
            Ok(())
        } else {
            Err(Code::OutOfBounds)
        };
    }
    if cell.chars().any(unprintable) {
        return Err(Code::ControlCharacter);
    }
    if length > longest {
        Err(Code::TooLong)
    } else {
        Ok(())
    }
}
