//! What a valid file hands over: one row per line of the file, with only what the system has a purpose for.
//! Year of birth, sex, postcode area and reasons are checked and stop here.

use crate::domain::code::codes;
use chrono::NaiveDate;

use super::batch::Measured;
use super::rules::Value;
use super::scan::Cell;
use super::specification::{CodeEntry, Role, Specification};

/// One accepted row of any specification.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Accepted<'a> {
    /// A care path with at most one measurement.
    CarePath(CarePathRow<'a>),
    /// The answers of one respondent to a CQi.
    Respondent(RespondentRow<'a>),
}

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

/// One accepted respondent of a CQi. A questionnaire that does not count is not handed over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RespondentRow<'a> {
    /// Line of the file as an editor counts it.
    pub row: u64,
    /// Whether an earlier row of this file had the same care path.
    pub place: Place,
    /// Client key as delivered; the service keeps only a keyed digest of it.
    pub client_key: &'a str,
    /// Care-path number as delivered; the service keeps only a keyed digest of it.
    pub care_path: &'a str,
    /// Profile in its canonical code.
    pub profile: &'static str,
    /// Questionnaire and version; answers of different ones are never mixed.
    pub questionnaire: &'static str,
    /// Day on which it was answered; it decides the period.
    pub taken_on: NaiveDate,
    /// Answers 1 to 5 to the questions in the order of the specification; none where it was left open or ignored.
    pub answers: [Option<u8>; ANSWERS],
    /// Grade for the treatment, 0 to 10.
    pub grade: Option<u8>,
    /// Own judgement of health, 1 to 5.
    pub health: Option<u8>,
}

/// How many questions a CQi has.
pub const ANSWERS: usize = 15;

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

/// What a row hands over, with places in the text instead of text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Handed {
    client_key: Cell,
    care_path: Cell,
    row: Accepted<'static>,
}

impl Handed {
    /// What a judged row hands over; none when it lacks what it must have.
    pub(super) fn of(
        specification: &'static Specification,
        measured: Measured,
        values: &[Value],
        cell: &impl Fn(Role) -> Option<Cell>,
    ) -> Option<Self> {
        let judged = Judged {
            specification,
            values,
        };
        let row = if specification.with_role(Role::Questionnaire).is_some() {
            (measured == Measured::Accepted).then(|| judged.respondent())??
        } else {
            judged.care_path(measured)?
        };
        Some(Self {
            client_key: cell(Role::ClientKey)?,
            care_path: cell(Role::CarePath)?,
            row,
        })
    }

    /// The row with its text and its place in the file.
    pub(super) fn in_text(self, text: &str, row: u64, place: Place) -> Accepted<'_> {
        let of = |cell: Cell| text.get(cell.start..cell.end).unwrap_or_default();
        let (client_key, care_path) = (of(self.client_key), of(self.care_path));
        match self.row {
            Accepted::CarePath(blank) => Accepted::CarePath(CarePathRow {
                row,
                place,
                client_key,
                care_path,
                ..blank
            }),
            Accepted::Respondent(blank) => Accepted::Respondent(RespondentRow {
                row,
                place,
                client_key,
                care_path,
                ..blank
            }),
        }
    }
}

/// A judged row, read by the roles of its columns.
struct Judged<'a> {
    specification: &'static Specification,
    values: &'a [Value],
}

impl Judged<'_> {
    fn care_path(&self, measured: Measured) -> Option<Accepted<'static>> {
        let measured = measured == Measured::Accepted;
        Some(Accepted::CarePath(CarePathRow {
            row: 0,
            place: Place::First,
            client_key: "",
            care_path: "",
            profile: self.code(Role::Profile)?.canonical(),
            diagnosis_group: self.code(Role::DiagnosisGroup).map(CodeEntry::canonical),
            start: self.date(Role::Start)?,
            end: self.date(Role::End),
            first_session: self.date(Role::FirstSession),
            last_session: self.date(Role::LastSession),
            measurement: if measured { self.measurement() } else { None },
        }))
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

    fn respondent(&self) -> Option<Accepted<'static>> {
        let small = |value: Value| value.whole().and_then(|number| u8::try_from(number).ok());
        let mut answers = [None; ANSWERS];
        for (answer, position) in answers.iter_mut().zip(&self.specification.answers) {
            *answer = small(self.values[*position]);
        }
        Some(Accepted::Respondent(RespondentRow {
            row: 0,
            place: Place::First,
            client_key: "",
            care_path: "",
            profile: self.code(Role::Profile)?.canonical(),
            questionnaire: self.code(Role::Questionnaire)?.canonical(),
            taken_on: self.date(Role::TakenOn)?,
            answers,
            grade: self.value(Role::Grade).and_then(small),
            health: self.value(Role::Health).and_then(small),
        }))
    }

    fn value(&self, role: Role) -> Option<Value> {
        self.specification
            .with_role(role)
            .map(|position| self.values[position])
    }

    fn date(&self, role: Role) -> Option<NaiveDate> {
        self.value(role)?.date()
    }

    fn code(&self, role: Role) -> Option<&'static CodeEntry> {
        self.value(role)?.code()
    }
}
