//! Care paths and questionnaires as their rows come: those of one stand together, and when all have come it is counted. Which rows
//! come is not decided here.

use crate::domain::coupling::{Coupling, Course, Measurement, Moment, Pair};
use crate::extract::tally::{Answered, CarePath, Counter, Share, Uncountable};
use crate::store::figures::{AnswerRow, PathRow};

/// What one care path or respondent adds, handed on.
pub(super) type Taken<'t> = &'t mut dyn FnMut(&[Share]) -> Result<(), Uncountable>;

/// Care paths of one delivery.
pub(super) struct Paths<'a> {
    counter: &'a Counter<'a>,
    coupling: Coupling,
    open: Option<PathRow>,
    measurements: Vec<Measurement<usize>>,
    pairs: Vec<Pair<usize>>,
    shares: Vec<Share>,
    /// Care paths so far.
    pub(super) closed: i64,
    /// Measurements so far.
    pub(super) measured: i64,
}

impl<'a> Paths<'a> {
    pub(super) const fn new(counter: &'a Counter<'a>, coupling: Coupling) -> Self {
        Self {
            counter,
            coupling,
            open: None,
            measurements: Vec::new(),
            pairs: Vec::new(),
            shares: Vec::new(),
            closed: 0,
            measured: 0,
        }
    }

    /// Takes a row; hands on the care path before it.
    pub(super) fn take(&mut self, row: PathRow, on: Taken<'_>) -> Result<(), Uncountable> {
        if self.open.as_ref().is_none_or(|open| open.key != row.key) {
            self.end(on)?;
            self.measurements.clear();
        }
        self.measurements.extend(measurement(self.counter, &row));
        self.measured += i64::from(row.measured.is_some());
        if self.open.is_none() {
            self.open = Some(row);
        }
        Ok(())
    }

    /// Hands on the care path whose rows have all come.
    pub(super) fn end(&mut self, on: Taken<'_>) -> Result<(), Uncountable> {
        let Some(open) = self.open.take() else {
            return Ok(());
        };
        let path = CarePath {
            profile: &open.profile,
            diagnosis: &open.diagnosis,
            course: Course {
                starts: open.starts,
                ends: open.ends,
                first_session: open.first_session,
                last_session: open.last_session,
            },
        };
        self.shares.clear();
        let (pairs, shares) = (&mut self.pairs, &mut self.shares);
        self.counter
            .care_path(&path, self.coupling, &self.measurements, pairs, shares)?;
        self.closed += 1;
        on(&self.shares)
    }
}

/// The measurement of a row; none when it has none or its instrument does not count.
fn measurement(counter: &Counter<'_>, row: &PathRow) -> Option<Measurement<usize>> {
    let measured = row.measured.as_ref()?;
    let instrument = counter.instrument(&measured.instrument)?;
    Some(Measurement {
        moment: if measured.moment == "pre" {
            Moment::Pre
        } else {
            Moment::Post
        },
        instrument,
        day: measured.day,
        score: counter.score(instrument, measured.score),
    })
}

/// Questionnaires of one delivery. Of several of one care path and version in the period the last one counts.
pub(super) struct Answers<'a> {
    counter: &'a Counter<'a>,
    last: Option<AnswerRow>,
    shares: Vec<Share>,
    /// Respondents so far.
    pub(super) respondents: i64,
}

impl<'a> Answers<'a> {
    pub(super) const fn new(counter: &'a Counter<'a>) -> Self {
        Self {
            counter,
            last: None,
            shares: Vec::new(),
            respondents: 0,
        }
    }

    /// Takes a row; hands on the respondent before it.
    pub(super) fn take(&mut self, row: AnswerRow, on: Taken<'_>) -> Result<(), Uncountable> {
        let same =
            |last: &AnswerRow| last.key == row.key && last.questionnaire == row.questionnaire;
        if !self.last.as_ref().is_some_and(same) {
            self.end(on)?;
        }
        self.last = Some(row);
        Ok(())
    }

    /// Hands on the respondent whose rows have all come.
    pub(super) fn end(&mut self, on: Taken<'_>) -> Result<(), Uncountable> {
        let Some(row) = self.last.take() else {
            return Ok(());
        };
        let Some(questionnaire) = self.counter.questionnaire(&row.questionnaire) else {
            return Ok(());
        };
        self.shares.clear();
        let answered = Answered {
            questionnaire,
            day: row.day,
            answers: row.answers,
            grade: row.grade,
            health: row.health,
        };
        self.counter.respondent(&answered, &mut self.shares);
        self.respondents += 1;
        on(&self.shares)
    }
}
