//! How numbers, dates, ages and sizes are written per language, in the time zone of the portal. Not the clock.

use super::Language;
use crate::domain::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};
use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::{Europe::Amsterdam, Tz};

fn local(at: Timestamp) -> DateTime<Tz> {
    DateTime::from_timestamp_millis(at.0)
        .unwrap_or_default()
        .with_timezone(&Amsterdam)
}

/// Date in Amsterdam: `31-12-2026` or `2026-12-31`.
pub fn date(at: Timestamp, language: Language) -> String {
    let t = local(at);
    civil(t.year(), t.month(), t.day(), language)
}

/// A stored date `YYYY-MM-DD` as the language writes it; anything else as it is.
pub fn stored_date(text: &str, language: Language) -> String {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_or_else(
        |_| text.to_owned(),
        |d| civil(d.year(), d.month(), d.day(), language),
    )
}

fn civil(year: i32, month: u32, day: u32, language: Language) -> String {
    match language {
        Language::Nl => format!("{day:02}-{month:02}-{year:04}"),
        Language::En => format!("{year:04}-{month:02}-{day:02}"),
    }
}

/// Date and time to the minute, in Amsterdam.
pub fn moment(at: Timestamp, language: Language) -> String {
    if at == Timestamp::NEVER {
        return String::new();
    }
    let t = local(at);
    format!("{} {:02}:{:02}", date(at, language), t.hour(), t.minute())
}

/// Time of day to the second, in Amsterdam.
pub fn clock(at: Timestamp) -> String {
    let t = local(at);
    format!("{:02}:{:02}:{:02}", t.hour(), t.minute(), t.second())
}

/// The date in Amsterdam as stored: `YYYY-MM-DD`.
pub fn iso_date(at: Timestamp) -> String {
    local(at).format("%Y-%m-%d").to_string()
}

/// UTC as RFC 3339 to the millisecond, for JSON and CSV.
pub fn rfc3339(at: Timestamp) -> String {
    DateTime::from_timestamp_millis(at.0)
        .unwrap_or_default()
        .format("%Y-%m-%dT%H:%M:%S%.3fZ")
        .to_string()
}

/// A span in its largest unit: `45s`, `12m`, `3u`/`3h`, `5d`, `9w`. Never negative.
pub fn age(from: Timestamp, now: Timestamp, language: Language) -> String {
    if from == Timestamp::NEVER {
        return String::new();
    }
    let span = now.since(from).max(0);
    let hour = match language {
        Language::Nl => 'u',
        Language::En => 'h',
    };
    match span {
        s if s < MINUTE => format!("{}s", s / SECOND),
        s if s < HOUR => format!("{}m", s / MINUTE),
        s if s < 2 * DAY => format!("{}{hour}", s / HOUR),
        s if s < 70 * DAY => format!("{}d", s / DAY),
        s if s < 730 * DAY => format!("{}w", s / (7 * DAY)),
        s => format!("{}j", s / (365 * DAY))
            .replace('j', if language == Language::Nl { "j" } else { "y" }),
    }
}

/// A whole number with thousands separated: `1.234` or `1,234`.
pub fn number(n: i64, language: Language) -> String {
    let separator = match language {
        Language::Nl => '.',
        Language::En => ',',
    };
    let digits = n.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    if n < 0 {
        text.push('-');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(c);
    }
    text
}

/// A number that was written with a point, as people of a language write it: `-1.234,5` or `-1,234.5`.
pub fn decimal(text: &str, language: Language) -> String {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let sign = if whole.starts_with('-') { "-" } else { "" };
    let whole = whole.trim_start_matches('-').parse().unwrap_or(0);
    let whole = format!("{sign}{}", number(whole, language));
    match (part, language) {
        ("", _) => whole,
        (part, Language::Nl) => format!("{whole},{part}"),
        (part, Language::En) => format!("{whole}.{part}"),
    }
}

/// A number of bytes in its largest unit with one decimal: `1,4 MB`.
pub fn size(bytes: i64, language: Language) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"];
    let mut tenths = bytes.max(0).saturating_mul(10);
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths /= 1000;
        unit += 1;
    }
    let point = match language {
        Language::Nl => ',',
        Language::En => '.',
    };
    let name = units.get(unit).copied().unwrap_or_default();
    if unit == 0 {
        format!("{} {name}", tenths / 10)
    } else {
        format!("{}{point}{} {name}", tenths / 10, tenths % 10)
    }
}
