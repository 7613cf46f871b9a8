//! What a valid file hands over: one row per line of the file, with only what the system has a purpose for.
//! Year of birth, sex, postcode area and reasons are checked and stop here.

use crate::domain::code::codes;
use chrono::NaiveDate;

use super::header::Layout;
use super::judge::{Measured, Verdict};
use super::rules::Value;
use super::scanner::Record;
use super::specification::{CodeEntry, Role, Specification};

/// One accepted row: a care path and at most one measurement of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CarePathRow<'a> {
    /// Line of the file as an editor counts it.
    pub row: u64,
    /// Whether an earlier row of this file had the same care path.
    pub place: Place,
    /// Client key as delivered; the service keeps only a keyed digest of it.
    pub client_key: &'a str,
    /// Care-path number as delivered; the service keeps only a keyed digest of it.
    pub care_path: &'a str,
    /// Profile in its canonical code (`GBG02` arrives as `kort`).
    pub profile: &'static str,
    /// Main diagnosis group, when given and known.
    pub diagnosis_group: Option<&'static str>,
    /// First day of the care path.
    pub start: NaiveDate,
    /// Last day of the care path; none while it is open or when the value was ignored.
    pub end: Option<NaiveDate>,
    /// Day of the first session.
    pub first_session: Option<NaiveDate>,
    /// Day of the last session.
    pub last_session: Option<NaiveDate>,
    /// The measurement; none when the row has none or when it was ignored (response loss).
    pub measurement: Option<Measurement>,
}

/// Where in the file a care path is seen: its first row or a further one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The first row of this care path in the file.
    First,
    /// A further row of a care path that was seen before.
    Further,
}

/// One accepted measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    /// Before or after the treatment.
    pub moment: Moment,
    /// Day of the measurement.
    pub date: NaiveDate,
    /// Instrument in its canonical code.
    pub instrument: &'static str,
    /// Total score in the unit of the instrument; none where the list says "items only" and 999 was delivered.
    pub score: Option<f64>,
}

codes! {
    /// Which of the two measurements of a care path this is.
    pub enum Moment {
        /// Voormeting, code 1.
        Pre = "pre",
        /// Nameting, code 2.
        Post = "post",
    }
}

impl Moment {
    /// The moment with this code of `typemeting-1`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "1" => Some(Self::Pre),
            "2" => Some(Self::Post),
            _ => None,
        }
    }
}

/// A judged row, read by the roles of its columns.
pub(super) struct Judged<'a> {
    pub(super) specification: &'static Specification,
    pub(super) layout: &'a Layout,
    pub(super) record: &'a Record,
    pub(super) verdict: &'a Verdict,
}

impl<'a> Judged<'a> {
    /// What the row hands over; none when it lacks what a care path must have.
    pub(super) fn accept(&self, place: Place) -> Option<CarePathRow<'a>> {
        let measured = self.verdict.measured == Measured::Accepted;
        Some(CarePathRow {
            row: self.record.line(),
            place,
            client_key: self.text(Role::ClientKey)?,
            care_path: self.text(Role::CarePath)?,
            profile: self.code(Role::Profile)?.canonical(),
            diagnosis_group: self.code(Role::DiagnosisGroup).map(CodeEntry::canonical),
            start: self.date(Role::Start)?,
            end: self.date(Role::End),
            first_session: self.date(Role::FirstSession),
            last_session: self.date(Role::LastSession),
            measurement: if measured { self.measurement() } else { None },
        })
    }

    fn measurement(&self) -> Option<Measurement> {
        let instrument = self.code(Role::Instrument)?;
        let score = self.value(Role::Score)?.number()?;
        Some(Measurement {
            moment: Moment::from_code(self.code(Role::Moment)?.canonical())?,
            date: self.date(Role::MeasuredOn)?,
            instrument: instrument.canonical(),
            score: (!instrument.items_only).then_some(score),
        })
    }

    fn value(&self, role: Role) -> Option<Value> {
        self.specification
            .with_role(role)
            .map(|position| self.verdict.values[position])
    }

    fn text(&self, role: Role) -> Option<&'a str> {
        let position = self.specification.with_role(role)?;
        Some(self.record.cell(self.layout.cells[position]))
    }

    fn date(&self, role: Role) -> Option<NaiveDate> {
        self.value(role)?.date()
    }

    fn code(&self, role: Role) -> Option<&'static CodeEntry> {
        self.value(role)?.code()
    }
}
