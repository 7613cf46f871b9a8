//! Moments counted back from today in the time zone of the portal: working hours, nights, days. Nothing lies after today.

use super::chance::Chance;
use crate::domain::time::{DAY, MINUTE, Timestamp};
use crate::language::display;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Europe::Amsterdam;

/// Today, and everything counted back from it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    pub(super) today: Timestamp,
    date: NaiveDate,
}

impl Calendar {
    pub(super) fn new(today: Timestamp) -> Self {
        let now = DateTime::from_timestamp_millis(today.0).unwrap_or_default();
        let date = now.with_timezone(&Amsterdam).date_naive();
        Self { today, date }
    }

    /// The date so many days ago.
    pub(super) fn date(&self, days_ago: i64) -> NaiveDate {
        let days = Days::new(days_ago.unsigned_abs());
        let moved = if days_ago < 0 {
            self.date.checked_add_days(days)
        } else {
            self.date.checked_sub_days(days)
        };
        moved.unwrap_or(self.date)
    }

    /// The same as stored.
    pub(super) fn day(&self, days_ago: i64) -> String {
        self.date(days_ago).to_string()
    }

    /// A minute of the day so many days ago; a day earlier when that is still to come.
    pub(super) fn at(&self, days_ago: i64, minute: i64) -> Timestamp {
        let moment = self.moment(days_ago, minute);
        if moment < self.today {
            moment
        } else {
            self.moment(days_ago + 1, minute)
        }
    }

    fn moment(&self, days_ago: i64, minute: i64) -> Timestamp {
        let midnight = self.date(days_ago).and_time(NaiveTime::MIN);
        // Midnight exists on every day in Amsterdam; the clocks change at two and three.
        let start = Amsterdam.from_local_datetime(&midnight).earliest();
        Timestamp(start.map_or(0, |t| t.timestamp_millis())).plus(minute * MINUTE)
    }

    /// A moment in working hours of that day, or of the first working day after it; before today's moment in any case.
    pub(super) fn office(&self, days_ago: i64, chance: &mut Chance) -> Timestamp {
        let minute = chance.between(8 * 60 + 35, 16 * 60 + 50);
        let seconds = chance.between(0, 59) * 1000;
        let mut day = days_ago;
        while day > 0 && self.is_weekend(day) {
            day -= 1;
        }
        while self.is_weekend(day) || self.moment(day, minute).plus(MINUTE) >= self.today {
            day += 1;
        }
        self.moment(day, minute).plus(seconds)
    }

    /// A minute of the last night that is over at a quarter past four.
    pub(super) fn tonight(&self, minute: i64) -> Timestamp {
        let day = i64::from(self.moment(0, 4 * 60 + 15) >= self.today);
        self.moment(day, minute)
    }

    /// A moment at which people are awake.
    pub(super) fn awake(&self, days_ago: i64, chance: &mut Chance) -> Timestamp {
        let minute = chance.between(7 * 60, 22 * 60);
        self.at(days_ago, minute).plus(chance.between(0, 59) * 1000)
    }

    pub(super) fn is_weekend(&self, days_ago: i64) -> bool {
        self.date(days_ago).weekday().number_from_monday() > 5
    }

    /// Whether a half-year begins so many days ago.
    pub(super) fn begins_half_year(&self, days_ago: i64) -> bool {
        let date = self.date(days_ago);
        date.day() == 1 && matches!(date.month(), 1 | 7)
    }

    /// So many minutes before today's moment.
    pub(super) fn minutes_ago(&self, minutes: i64) -> Timestamp {
        self.today.plus(-minutes * MINUTE)
    }

    /// Days between a moment and today.
    pub(super) fn days_since(&self, at: Timestamp) -> i64 {
        self.today.since(at) / DAY
    }

    /// The year and month so many days ago, as versions of the agreement are called.
    pub(super) fn month(&self, days_ago: i64) -> String {
        let date = self.date(days_ago);
        format!("{:04}-{:02}", date.year(), date.month())
    }

    /// The date of a moment as stored.
    pub(super) fn date_of(at: Timestamp) -> String {
        display::iso_date(at)
    }
}
