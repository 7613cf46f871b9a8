//! Which measurements of a care path are its pre and post measurement, and what its response is called. Pure rules over dates; scores
//! are only handed through.

use super::code::codes;
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The date that a measurement is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reference {
    /// The first or last session; where it is not known, the start or end of the care path.
    Session,
    /// The start or end of the care path, whatever its sessions.
    CarePath,
}

/// Which of two equally near measurements counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preference {
    /// The earlier one.
    Earlier,
    /// The later one.
    Later,
}

/// How measurements are coupled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coupling {
    /// Months on each side of the reference date; both ends count.
    pub months: u32,
    /// Reference date and preference of the measurement before.
    pub pre: (Reference, Preference),
    /// Reference date and preference of the measurement after.
    pub post: (Reference, Preference),
}

/// The dates of a care path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// First day.
    pub starts: NaiveDate,
    /// Last day; none while it is open.
    pub ends: Option<NaiveDate>,
    /// Day of the first session.
    pub first_session: Option<NaiveDate>,
    /// Day of the last session.
    pub last_session: Option<NaiveDate>,
}

/// Before or after the treatment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Before.
    Pre,
    /// After.
    Post,
}

/// A measurement with one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measurement<I> {
    /// Before or after.
    pub moment: Moment,
    /// Instrument.
    pub instrument: I,
    /// Day.
    pub day: NaiveDate,
    /// Score in thousandths; none for a sentinel, which never counts.
    pub score: Option<i64>,
}

/// What one instrument says of a care path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair<I> {
    /// Instrument.
    pub instrument: I,
    /// Score before, in thousandths.
    pub pre: Option<i64>,
    /// Score after, in thousandths.
    pub post: Option<i64>,
}

codes! {
    /// What became of the measurements of a care path.
    pub enum Response {
        Completer = "completer",
        Dropout = "dropout",
        NonStarter = "non_starter",
        NonResponder = "non_responder",
    }
}

/// The days within which a measurement counts, and the reference date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    reference: NaiveDate,
    first: NaiveDate,
    last: NaiveDate,
    tie: Preference,
}

impl Window {
    fn around(reference: NaiveDate, months: u32, tie: Preference) -> Self {
        let months = Months::new(months);
        Self {
            reference,
            first: reference
                .checked_sub_months(months)
                .unwrap_or(NaiveDate::MIN),
            last: reference
                .checked_add_months(months)
                .unwrap_or(NaiveDate::MAX),
            tie,
        }
    }

    fn holds(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether a day is to be preferred to another; both lie in the window.
    fn prefers(&self, day: NaiveDate, other: NaiveDate) -> bool {
        let far = |d: NaiveDate| (d - self.reference).num_days().abs();
        match far(day).cmp(&far(other)) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Greater => false,
            std::cmp::Ordering::Equal => match self.tie {
                Preference::Earlier => day < other,
                Preference::Later => day > other,
            },
        }
    }
}

impl Coupling {
    fn pre_window(self, course: &Course) -> Window {
        let (reference, tie) = self.pre;
        let day = match reference {
            Reference::Session => course.first_session.unwrap_or(course.starts),
            Reference::CarePath => course.starts,
        };
        Window::around(day, self.months, tie)
    }

    /// None while the care path is open: then nothing is after it.
    fn post_window(self, course: &Course) -> Option<Window> {
        let (reference, tie) = self.post;
        let ends = course.ends?;
        let day = match reference {
            Reference::Session => course.last_session.unwrap_or(ends),
            Reference::CarePath => ends,
        };
        Some(Window::around(day, self.months, tie))
    }

    /// Couples the measurements of a care path: at most one pair per instrument, in the order in which instruments come. Two
    /// measurements of a pair are of different dates; of the same date, the one after gives way to its next best.
    pub fn pairs<I: Copy + PartialEq>(
        &self,
        course: &Course,
        measurements: &[Measurement<I>],
        into: &mut Vec<Pair<I>>,
    ) {
        into.clear();
        let pre = self.pre_window(course);
        let post = self.post_window(course);
        for (at, measurement) in measurements.iter().enumerate() {
            let instrument = measurement.instrument;
            if measurements
                .iter()
                .take(at)
                .any(|m| m.instrument == instrument)
            {
                continue;
            }
            let of = |moment: Moment| {
                let all = measurements.iter().skip(at);
                all.filter(move |m| m.instrument == instrument && m.moment == moment)
            };
            let before = best(of(Moment::Pre), &pre, None);
            let day = before.map(|(day, _)| day);
            let after = post.and_then(|window| best(of(Moment::Post), &window, day));
            if before.is_some() || after.is_some() {
                into.push(Pair {
                    instrument,
                    pre: before.map(|(_, score)| score),
                    post: after.map(|(_, score)| score),
                });
            }
        }
    }
}

/// Day and score of the best measurement in a window, not of a day that is taken.
fn best<'a, I: 'a>(
    of: impl Iterator<Item = &'a Measurement<I>>,
    window: &Window,
    taken: Option<NaiveDate>,
) -> Option<(NaiveDate, i64)> {
    let counts = |m: &'a Measurement<I>| Some((m.day, m.score?));
    of.filter_map(counts)
        .filter(|(day, _)| window.holds(*day) && Some(*day) != taken)
        .reduce(|kept, next| {
            if window.prefers(next.0, kept.0) {
                next
            } else {
                kept
            }
        })
}

impl Response {
    /// The response of a care path: completer when one instrument has both measurements; else by what there is at all.
    pub fn of<I>(pairs: &[Pair<I>]) -> Self {
        let pre = pairs.iter().any(|p| p.pre.is_some());
        let post = pairs.iter().any(|p| p.post.is_some());
        let both = pairs.iter().any(|p| p.pre.is_some() && p.post.is_some());
        match (both, pre, post) {
            (true, _, _) => Self::Completer,
            (false, true, _) => Self::Dropout,
            (false, false, true) => Self::NonStarter,
            (false, false, false) => Self::NonResponder,
        }
    }
}
