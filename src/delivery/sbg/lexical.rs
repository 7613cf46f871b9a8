//! Reads the simple types of the schema language in their lexical form, blanks around already taken away.
//! It knows nothing of attributes, and accepts what the schema language accepts.

use chrono::NaiveDate;

/// Most digits of a decimal number: what the reference validator can hold.
const MOST_DIGITS: usize = 24;
/// Minutes that a time zone may differ from UTC.
const MOST_MINUTES: u32 = 14 * 60;

/// How a day and time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// With a T between them, as the schema asks.
    Schema,
    /// With a blank, as the data protocol of the same benchmark asks.
    Protocol,
}

/// A day as it is written: valid, but perhaps of a year that no calendar here has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day(pub(super) Option<NaiveDate>);

/// Takes away the blanks that these types do not count.
pub(super) fn collapse(value: &str) -> &str {
    value.trim_matches([' ', '\t', '\n', '\r'])
}

/// A whole number of 32 bits.
pub(super) fn int(value: &str) -> Option<i32> {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    if !all_digits(digits) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    if significant.len() > 10 {
        return None;
    }
    let size: i64 = significant.parse().unwrap_or(0);
    let signed = if value.starts_with('-') { -size } else { size };
    i32::try_from(signed).ok()
}

/// A decimal number; its point may stand first or last.
pub(super) fn decimal(value: &str) -> Option<f64> {
    let digits = value.strip_prefix(['+', '-']).unwrap_or(value);
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let either = !whole.is_empty() || !decimals.is_empty();
    let fits = either
        && (whole.is_empty() || all_digits(whole))
        && (decimals.is_empty() || all_digits(decimals))
        && whole.trim_start_matches('0').len() + decimals.len() <= MOST_DIGITS;
    if fits { value.parse().ok() } else { None }
}

/// A day, with or without a time zone, which says nothing about the day.
pub(super) fn date(value: &str) -> Option<Day> {
    let (day, rest) = split_day(value)?;
    is_zone(rest).then_some(day)
}

/// A day and time in either of the two forms that occur.
pub(super) fn date_time(value: &str) -> Option<(Day, Form)> {
    let (day, rest) = split_day(value)?;
    let (form, time) = match (rest.strip_prefix('T'), rest.strip_prefix(' ')) {
        (Some(time), _) => (Form::Schema, time),
        (None, Some(time)) => (Form::Protocol, time),
        (None, None) => return None,
    };
    let (clock, rest) = time.split_at_checked(8)?;
    let fraction = rest.strip_prefix('.').map(|digits| {
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        digits.split_at(length)
    });
    let zone = match fraction {
        Some(("", _)) => return None,
        Some((_, zone)) => zone,
        None => rest,
    };
    let part = |from: usize| pair(clock.get(from..from + 2)?);
    let (hour, minute, second) = (part(0)?, part(3)?, part(6)?);
    let midnight = fraction.is_none_or(|(digits, _)| digits.bytes().all(|b| b == b'0'));
    let fits = clock.as_bytes().get(2) == Some(&b':')
        && clock.as_bytes().get(5) == Some(&b':')
        && (hour < 24 && minute < 60 && second < 60
            || (hour, minute, second) == (24, 0, 0) && midnight);
    // The protocol has no zone and no fraction.
    let plain = form == Form::Schema || rest.is_empty();
    (fits && plain && is_zone(zone)).then_some((day, form))
}

/// A day and what follows it.
fn split_day(value: &str) -> Option<(Day, &str)> {
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let length = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let (year, rest) = unsigned.split_at(length);
    let size: i64 = year.parse().ok()?;
    if length < 4 || length > 4 && year.starts_with('0') || size == 0 {
        return None;
    }
    let (month_and_day, rest) = rest.split_at_checked(6)?;
    let bytes = month_and_day.as_bytes();
    if bytes.first() != Some(&b'-') || bytes.get(3) != Some(&b'-') {
        return None;
    }
    let month = pair(month_and_day.get(1..3)?)?;
    let day = pair(month_and_day.get(4..6)?)?;
    let signed = if value.starts_with('-') { -size } else { size };
    if !(1..=12).contains(&month) || day == 0 || day > days(signed, month) {
        return None;
    }
    let known = (1900..2200).contains(&signed).then_some(signed);
    let date = known.and_then(|year| {
        let year = i32::try_from(year).ok()?;
        NaiveDate::from_ymd_opt(year, month, day)
    });
    Some((Day(date), rest))
}

fn days(year: i64, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_zone(text: &str) -> bool {
    if matches!(text, "" | "Z") {
        return true;
    }
    let bytes = text.as_bytes();
    if bytes.len() != 6 || !matches!(bytes[0], b'+' | b'-') || bytes[3] != b':' {
        return false;
    }
    let (hours, minutes) = (text.get(1..3).and_then(pair), text.get(4..6).and_then(pair));
    hours
        .zip(minutes)
        .is_some_and(|(h, m)| m < 60 && h * 60 + m <= MOST_MINUTES)
}

fn pair(digits: &str) -> Option<u32> {
    if all_digits(digits) {
        digits.parse().ok()
    } else {
        None
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
