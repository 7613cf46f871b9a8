//! Years, months and days as people type them in a filter, as points in time in Amsterdam. Not their display.

use super::time::Timestamp;
use chrono::{Datelike, NaiveDate, TimeZone};
use chrono_tz::Europe::Amsterdam;

/// A stretch of the calendar: its first moment and the first moment after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First moment.
    pub from: Timestamp,
    /// First moment after it.
    pub until: Timestamp,
}

/// `2026`, `2026-07`, `2026-07-01` or `01-07-2026`; `None` when it is none of these.
pub fn parse(text: &str) -> Option<Period> {
    let (first, next) = days(text)?;
    Some(Period {
        from: start(first)?,
        until: start(next)?,
    })
}

/// The days of a period as stored, `YYYY-MM-DD`: its first, and the first after it.
pub fn parse_days(text: &str) -> Option<(String, String)> {
    let (first, next) = days(text)?;
    Some((first.to_string(), next.to_string()))
}

/// The day in Amsterdam as stored, `YYYY-MM-DD`.
pub fn day_of(at: Timestamp) -> String {
    let utc = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    utc.with_timezone(&Amsterdam).date_naive().to_string()
}

fn days(text: &str) -> Option<(NaiveDate, NaiveDate)> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |i: usize| parts.get(i).and_then(|p| digits(p));
    match parts.iter().map(|p| p.len()).collect::<Vec<_>>().as_slice() {
        [4] => {
            let year = i32::try_from(number(0)?).ok()?;
            Some((date(year, 1, 1)?, date(year + 1, 1, 1)?))
        }
        [4, 2] => {
            let first = date(i32::try_from(number(0)?).ok()?, number(1)?, 1)?;
            Some((first, first.checked_add_months(chrono::Months::new(1))?))
        }
        [4, 2, 2] => day(number(0)?, number(1)?, number(2)?),
        [2, 2, 4] => day(number(2)?, number(1)?, number(0)?),
        _ => None,
    }
}

fn digits(text: &str) -> Option<u32> {
    text.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
    text.parse().ok()
}

fn day(year: u32, month: u32, day: u32) -> Option<(NaiveDate, NaiveDate)> {
    let first = date(i32::try_from(year).ok()?, month, day)?;
    Some((first, first.succ_opt()?))
}

fn date(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).filter(|d| d.year() >= 1900)
}

/// The first moment of a day in Amsterdam.
fn start(day: NaiveDate) -> Option<Timestamp> {
    // Where the clocks went forward at midnight, as on 1 May 1916, the day begins at the first minute that exists.
    let mut minutes = (0..180).filter_map(|m| day.and_hms_opt(m / 60, m % 60, 0));
    let first = minutes.find_map(|at| Amsterdam.from_local_datetime(&at).earliest())?;
    Some(Timestamp(first.timestamp_millis()))
}
