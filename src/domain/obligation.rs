//! Who owes a delivery: an organisation in use delivers each kind at least twice a year. Pure assessment of dates.

use super::code::codes;
use super::time::{DAY, Timestamp};
use chrono::{Days, Months, NaiveDate};

codes! {
    /// How an organisation keeps to its deliveries of one kind.
    pub enum State {
        OnTrack = "on_track",
        Due = "due",
        Overdue = "overdue",
    }
}

/// Months within which a next delivery must follow: at least two a year.
const MONTHS: Months = Months::new(6);
/// Days before the last day on which a delivery counts as due.
const NOTICE: Days = Days::new(30);

/// Where an organisation stands, and the last day for its next delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// How it keeps to its deliveries.
    pub state: State,
    /// The last day on which the next delivery is in time.
    pub due_on: NaiveDate,
}

/// Judges the day, given since when deliveries are owed and the last one that was processed. A day beyond the calendar is never due.
pub fn assess(since: NaiveDate, delivered: Option<NaiveDate>, today: NaiveDate) -> Standing {
    let from = delivered.map_or(since, |day| day.max(since));
    let due_on = from.checked_add_months(MONTHS).unwrap_or(NaiveDate::MAX);
    let notice = due_on.checked_sub_days(NOTICE).unwrap_or(from);
    let state = if today > due_on {
        State::Overdue
    } else if today >= notice {
        State::Due
    } else {
        State::OnTrack
    };
    Standing { state, due_on }
}

/// Time between two reminders.
const SPACING: i64 = 14 * DAY;

/// Whether the organisation is to be reminded: once when it becomes due or overdue, then every two weeks.
pub fn reminds(state: State, since: Timestamp, reminded: Timestamp, now: Timestamp) -> bool {
    match state {
        State::OnTrack => false,
        State::Due | State::Overdue => reminded < since || now.since(reminded) >= SPACING,
    }
}
