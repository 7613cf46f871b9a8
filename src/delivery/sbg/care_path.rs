//! What a valid import hands over: one care path for each Zorgtraject, with the dates of its treatments taken together.
//! Items, diagnoses and practitioners were checked and stop before this.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate};

use super::super::accepted::{CarePathRow, Measurement, Moment, Place};
use super::super::specification::{CodeEntry, Role};
use super::attributes::Judged;

/// Measurements of one care path; many times what any treatment has.
const MOST_MEASUREMENTS: usize = 10_000;

/// The format has no care profile: its domains of care are older than the profiles and say something else.
const PROFILE: &str = "onbekend";

/// The client and the care path that are open.
#[derive(Debug, Default)]
pub(super) struct Held {
    client: String,
    pub(super) birth: Option<Birth>,
    path: Path,
}

/// A year of birth that is still to be compared with the first treatment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Birth {
    pub(super) year: u16,
    pub(super) label: &'static str,
    pub(super) line: u64,
}

#[derive(Debug, Default)]
struct Path {
    number: String,
    line: u64,
    treatments: Treatments,
    /// Line of each measurement, and the measurement where it counts.
    measured: Vec<(u64, Option<Measurement>)>,
    seen: HashSet<(Moment, &'static str, NaiveDate)>,
}

/// The dates of the treatments of a care path.
#[derive(Debug, Default)]
struct Treatments {
    start: Option<NaiveDate>,
    first_session: Option<NaiveDate>,
    end: Option<NaiveDate>,
    last_session: Option<NaiveDate>,
    open: bool,
}

/// What became of a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Accepted,
    Ignored,
    /// The care path has it already.
    Again,
    /// The care path has more of them than can be.
    TooMany,
}

impl Held {
    pub(super) fn open_client(&mut self, client: &Judged<'_>, line: u64) {
        client
            .text(Role::ClientKey)
            .unwrap_or_default()
            .clone_into(&mut self.client);
        self.birth = client.birth().map(|(year, attribute)| Birth {
            year,
            label: &attribute.label,
            line,
        });
    }

    pub(super) fn open_path(&mut self, path: &Judged<'_>, line: u64) {
        let number = path.text(Role::CarePath).unwrap_or_default();
        self.path = Path {
            number: number.to_owned(),
            line,
            ..Path::default()
        };
    }

    /// Takes in the dates of a treatment; gives the year of birth when it lies after its start, once for a client.
    pub(super) fn open_treatment(&mut self, treatment: &Judged<'_>) -> Option<Birth> {
        let date = |role| treatment.value(role).date();
        let start = date(Role::Start)?;
        let sessions = (date(Role::FirstSession), date(Role::LastSession));
        self.path.treatments.add(start, date(Role::End), sessions);
        self.birth
            .take_if(|birth| i32::from(birth.year) > start.year())
    }

    /// Takes in a measurement; `sound` says that nothing was found that makes it not count.
    pub(super) fn measure(&mut self, measurement: &Judged<'_>, line: u64, sound: bool) -> Counted {
        if self.path.measured.len() == MOST_MEASUREMENTS {
            return Counted::TooMany;
        }
        let read = read(measurement).filter(|_| sound);
        let again = read.is_some_and(|m| !self.path.seen.insert((m.moment, m.instrument, m.date)));
        self.path.measured.push((line, read.filter(|_| !again)));
        match read {
            None => Counted::Ignored,
            Some(_) if again => Counted::Again,
            Some(_) => Counted::Accepted,
        }
    }

    /// Line of the care path.
    pub(super) fn path_line(&self) -> u64 {
        self.path.line
    }

    pub(super) fn has_measurements(&self) -> bool {
        !self.path.measured.is_empty()
    }

    /// Hands over the rows of the care path; false when it has no treatment and therefore no beginning.
    pub(super) fn close_path(&mut self, accept: &mut dyn FnMut(&CarePathRow<'_>)) -> bool {
        let path = &self.path;
        let dates = &path.treatments;
        let Some(start) = dates.start else {
            return false;
        };
        let closed = |date: Option<NaiveDate>| date.filter(|_| !dates.open);
        let without = [(path.line, None)];
        let measured = if path.measured.is_empty() {
            &without[..]
        } else {
            &path.measured
        };
        for (number, (row, measurement)) in measured.iter().enumerate() {
            accept(&CarePathRow {
                row: *row,
                place: if number == 0 {
                    Place::First
                } else {
                    Place::Further
                },
                client_key: &self.client,
                care_path: &path.number,
                profile: PROFILE,
                // The codes are those of the DSM-IV with its axes; our groups are those of the DSM-5, and no table leads from
                // one to the other without a guess.
                diagnosis_group: None,
                start,
                end: closed(dates.end),
                first_session: dates.first_session,
                last_session: closed(dates.last_session),
                measurement: *measurement,
            });
        }
        true
    }
}

impl Treatments {
    /// The care path begins with its first treatment and ends with its last; while one is open, so is the care path.
    fn add(
        &mut self,
        start: NaiveDate,
        end: Option<NaiveDate>,
        (first_session, last_session): (Option<NaiveDate>, Option<NaiveDate>),
    ) {
        if self.start.is_none_or(|earliest| start < earliest) {
            (self.start, self.first_session) = (Some(start), first_session);
        }
        match end {
            None => self.open = true,
            Some(end) if self.end.is_none_or(|latest| end > latest) => {
                (self.end, self.last_session) = (Some(end), last_session);
            }
            Some(_) => {}
        }
    }
}

fn read(measurement: &Judged<'_>) -> Option<Measurement> {
    let code = |role| measurement.value(role).code();
    let instrument = code(Role::Instrument)?;
    let score = measurement.value(Role::Score).number()?;
    Some(Measurement {
        moment: code(Role::Moment)
            .map(CodeEntry::canonical)
            .and_then(Moment::from_code)?,
        date: measurement.value(Role::MeasuredOn).date()?,
        instrument: instrument.canonical(),
        score: (!instrument.items_only).then_some(score),
    })
}
