//! A stretch of every night in which deliveries are processed, in Amsterdam time. Not who waits for it.

use super::time::{MINUTE, Timestamp};
use chrono::{DateTime, Days, NaiveDate, TimeZone, Timelike};
use chrono_tz::Europe::Amsterdam;

/// From a minute of the day until another, over midnight when the first is the later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    from: u32,
    until: u32,
}

/// Minutes of a day.
const DAY: u32 = 24 * 60;

impl Window {
    /// A window such as `22:00-06:00`; `None` when it is none, or empty.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, until) = text.split_once('-')?;
        let (from, until) = (minute(from)?, minute(until)?);
        (from != until).then_some(Self { from, until })
    }

    /// Whether it is open.
    pub fn holds(self, at: Timestamp) -> bool {
        let now = local(at);
        let minute = now.hour() * 60 + now.minute();
        if self.from < self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }

    /// The moment itself when it is open, else when it opens next.
    pub fn opens(self, at: Timestamp) -> Timestamp {
        if self.holds(at) {
            return at;
        }
        let today = local(at).date_naive();
        let days = (0..3).filter_map(|n| today.checked_add_days(Days::new(n)));
        let mut openings = days.filter_map(|day| self.opening(day));
        openings.find(|opening| *opening > at).unwrap_or(at)
    }

    fn opening(self, day: NaiveDate) -> Option<Timestamp> {
        // Where the clocks go forward over the minute, it opens at the first that exists.
        let mut minutes = (self.from..DAY + 120).filter_map(|m| {
            let day = day.checked_add_days(Days::new(u64::from(m / DAY)))?;
            day.and_hms_opt(m % DAY / 60, m % 60, 0)
        });
        let first = minutes.find_map(|m| Amsterdam.from_local_datetime(&m).earliest())?;
        Some(Timestamp(first.timestamp_millis()))
    }
}

impl std::fmt::Display for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, until) = (self.from, self.until);
        let (h, m) = (from / 60, from % 60);
        write!(f, "{h:02}:{m:02}-{:02}:{:02}", until / 60, until % 60)
    }
}

/// When deliveries are processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Processing {
    /// As they arrive.
    #[default]
    AtOnce,
    /// In the window of the night.
    Night(Window),
}

impl Processing {
    /// When a delivery may begin that is ready at a moment.
    pub fn begins(self, at: Timestamp) -> Timestamp {
        match self {
            Self::AtOnce => at,
            Self::Night(window) => window.opens(at),
        }
    }

    /// Whether a job that was due in the night missed it: it waits for the next one. One that is due by day is so because a person
    /// asked for it now.
    pub fn missed(self, due: Timestamp, now: Timestamp) -> bool {
        match self {
            Self::AtOnce => false,
            // A job that is due the moment the window opens is due in it.
            Self::Night(window) => window.holds(due.plus(MINUTE / 60)) && !window.holds(now),
        }
    }
}

fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.trim().split_once(':')?;
    let number = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

fn local(at: Timestamp) -> DateTime<chrono_tz::Tz> {
    let utc = DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    utc.with_timezone(&Amsterdam)
}
