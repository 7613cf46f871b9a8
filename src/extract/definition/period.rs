//! The period of an extract: a calendar year or half of one, by its text. Not the periods that lists are filtered by.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// A calendar year: `2025`.
    Year,
    /// The first or last six months of one: `2025-H1`, `2025-H2`.
    HalfYear,
}

/// A period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// How long it is.
    pub kind: PeriodKind,
    /// As it is written.
    pub text: String,
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
}

impl Period {
    /// The period of a text; none when it is not one. Years from 1900 to 2199.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, half) = match text.split_once('-') {
            None => (text, None),
            Some((year, "H1")) => (year, Some(1)),
            Some((year, "H2")) => (year, Some(7)),
            Some(_) => return None,
        };
        let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
        let number: i32 = is_year.then(|| year.parse().ok())??;
        let first = NaiveDate::from_ymd_opt(number, half.unwrap_or(1), 1)?;
        let months = Months::new(if half.is_some() { 6 } else { 12 });
        (1900..2200).contains(&number).then_some(())?;
        Some(Self {
            kind: half.map_or(PeriodKind::Year, |_| PeriodKind::HalfYear),
            text: text.to_owned(),
            first,
            last: first.checked_add_months(months)?.pred_opt()?,
        })
    }

    /// Whether a day lies in it.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether two periods have a day in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}
