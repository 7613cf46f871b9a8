//! Figures from measurements: one consistent state of the database, read row by row and added up by the rules of a definition. It
//! reads only, keeps no row and logs none; what may be shown of the figures is decided elsewhere.

use super::Services;
use super::error::Error;
use crate::domain::coupling::{Coupling, Course, Measurement, Moment, Pair};
use crate::domain::organisation::State;
use crate::domain::period::{self, day_of};
use crate::domain::specification;
use crate::extract::definition::{Definition, Period};
use crate::extract::figures::{Figures, Holder, LeftOut};
use crate::extract::tally::{Answered, CarePath, Counter, Share, Tally, Uncountable};
use crate::extract::{Progress, Stage, Stopped};
use crate::store::figures::{self, AnswerRow, Delivered, Party, PathRow, Span};
use crate::store::{StoreError, Tx};

/// Why there are no figures.
#[derive(Debug, thiserror::Error)]
pub enum Halt {
    /// Somebody wanted it to end.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// A row cannot be counted.
    #[error(transparent)]
    Uncountable(#[from] Uncountable),
    /// The database refused or is gone.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Rows between two looks at whether it must stop.
const OFTEN: usize = 4096;

/// Gathers the figures of a period.
pub async fn gather(
    services: &Services,
    definition: &Definition,
    period: &Period,
    progress: &mut (dyn Progress + Send),
) -> Result<Figures, Halt> {
    let mut tx = services.db.read().await?;
    let result = gather_in(&mut tx, services, definition, period, progress).await;
    tx.rollback().await?;
    result
}

async fn gather_in(
    tx: &mut Tx,
    services: &Services,
    definition: &Definition,
    period: &Period,
    progress: &mut (dyn Progress + Send),
) -> Result<Figures, Halt> {
    figures::prepare(tx).await?;
    let span = span(services, period)?;
    let parties = figures::parties(tx, &span).await?;
    let deliveries = figures::deliveries(tx).await?;
    let counter = Counter::new(definition, period);
    let mut made = Figures::default();
    let mut run = Run {
        tx,
        span: &span,
        definition,
        counter: &counter,
        progress,
        of: deliveries.len(),
        done: 0,
    };
    for party in &parties {
        let own = deliveries.iter().filter(|d| d.organisation_id == party.id);
        run.party(party, &own.collect::<Vec<_>>(), &mut made)
            .await?;
    }
    made.leaves
        .sort_by(|a, b| (a.sheet, &a.codes).cmp(&(b.sheet, &b.codes)));
    made.submissions.sort();
    Ok(made)
}

/// The days and moments of a period in Amsterdam.
fn span(services: &Services, period: &Period) -> Result<Span, Error> {
    let (first, last) = (period.first.to_string(), period.last.to_string());
    let moments = period::parse(&first).zip(period::parse(&last));
    let (begins, ends) = moments.ok_or_else(|| Error::Internal("no such days".to_owned()))?;
    Ok(Span {
        first,
        last,
        from: begins.from.0,
        until: ends.until.0,
        today: day_of(services.clock.now()),
    })
}

/// Why an organisation is left out, before its rows are looked at.
fn left_out(party: &Party) -> Option<LeftOut> {
    let state = party.state.parse::<State>();
    if state == Ok(State::Ended) {
        return Some(LeftOut::Ended);
    }
    let accepted = party.accepted_now == 1 && party.accepted_then == 1;
    if !accepted || state == Ok(State::InSetup) || state.is_err() {
        return Some(LeftOut::NoAcceptance);
    }
    (party.overdue == 1).then_some(LeftOut::Overdue)
}

/// What one run needs everywhere.
struct Run<'a> {
    tx: &'a mut Tx,
    span: &'a Span,
    definition: &'a Definition,
    counter: &'a Counter<'a>,
    progress: &'a mut (dyn Progress + Send),
    of: usize,
    done: usize,
}

impl Run<'_> {
    /// Adds an organisation to the figures: its cells, and what became of it.
    async fn party(
        &mut self,
        party: &Party,
        deliveries: &[&Delivered],
        made: &mut Figures,
    ) -> Result<(), Halt> {
        self.progress.step(Stage::Counting, self.done, self.of)?;
        let mut left_out = left_out(party);
        let mut counts = [0; 3];
        if left_out.is_none() {
            let mut tally = Tally::default();
            for delivered in deliveries {
                self.progress.step(Stage::Counting, self.done, self.of)?;
                if self.delivery(delivered, &mut tally, &mut counts).await? {
                    let digest = delivered.sha256.clone();
                    made.submissions.push((delivered.id.clone(), digest));
                }
                self.done += 1;
            }
            made.leaves.extend(tally.leaves(self.counter, &party.agb));
            if counts[0] + counts[2] == 0 {
                left_out = Some(LeftOut::NothingDelivered);
            }
        } else {
            self.done += deliveries.len();
        }
        for (sum, more) in made.read.iter_mut().zip(counts) {
            *sum += more;
        }
        made.holders.push(Holder {
            agb: party.agb.clone(),
            name: party.name.clone(),
            holds_mark: party.marked == 1,
            closed: counts[0],
            left_out,
        });
        Ok(())
    }

    /// Adds a delivery; false when the definition does not count its specification.
    async fn delivery(
        &mut self,
        delivered: &Delivered,
        tally: &mut Tally,
        counts: &mut [i64; 3],
    ) -> Result<bool, Halt> {
        if specification::kind_of(&delivered.specification) == Some(specification::Kind::Cqi) {
            self.answers(delivered, tally, counts).await?;
            return Ok(true);
        }
        let Some(coupling) = self.definition.coupling(&delivered.specification) else {
            return Ok(false);
        };
        let mut paths = Paths::new(self.counter, coupling, tally);
        let (mut rows, mut halt) = (0, None);
        let (progress, done, of) = (&mut *self.progress, self.done, self.of);
        let take = |row: PathRow| {
            rows += 1;
            if halt.is_none() {
                let stop = rows % OFTEN == 0;
                let go_on = if stop {
                    progress.step(Stage::Counting, done, of)
                } else {
                    Ok(())
                };
                halt = go_on
                    .map_err(Halt::from)
                    .and_then(|()| paths.take(row))
                    .err();
            }
        };
        figures::care_paths(self.tx, &delivered.id, self.span, take).await?;
        halt.map_or(Ok(()), Err)?;
        paths.flush()?;
        counts[0] += paths.counts[0];
        counts[1] += paths.counts[1];
        Ok(true)
    }

    async fn answers(
        &mut self,
        delivered: &Delivered,
        tally: &mut Tally,
        counts: &mut [i64; 3],
    ) -> Result<(), Halt> {
        let mut last: Option<AnswerRow> = None;
        let mut failed = Ok(());
        let counter = self.counter;
        let mut shares = Vec::new();
        let mut add = |row: &AnswerRow| -> Result<(), Uncountable> {
            let Some(questionnaire) = counter.questionnaire(&row.questionnaire) else {
                return Ok(());
            };
            shares.clear();
            counter.respondent(&answered(questionnaire, row), &mut shares);
            counts[2] += 1;
            tally.add(&shares)
        };
        let take = |row: AnswerRow| {
            let replaced = last.replace(row);
            // Of several of one respondent in the period the last one counts.
            if let (Some(before), Some(now), Ok(())) = (replaced, &last, &failed)
                && (before.key, &before.questionnaire) != (now.key, &now.questionnaire)
            {
                failed = add(&before);
            }
        };
        figures::answers(self.tx, &delivered.id, self.span, take).await?;
        failed?;
        last.as_ref().map_or(Ok(()), add)?;
        Ok(())
    }
}

fn answered(questionnaire: usize, row: &AnswerRow) -> Answered {
    Answered {
        questionnaire,
        answers: row.answers,
        grade: row.grade,
        health: row.health,
    }
}

/// Care paths as their rows come: rows of one care path stand together.
struct Paths<'a> {
    counter: &'a Counter<'a>,
    coupling: Coupling,
    tally: &'a mut Tally,
    open: Option<PathRow>,
    measured: Vec<Measurement<usize>>,
    pairs: Vec<Pair<usize>>,
    shares: Vec<Share>,
    /// Care paths and measurements so far.
    counts: [i64; 2],
}

impl<'a> Paths<'a> {
    fn new(counter: &'a Counter<'a>, coupling: Coupling, tally: &'a mut Tally) -> Self {
        Self {
            counter,
            coupling,
            tally,
            open: None,
            measured: Vec::new(),
            pairs: Vec::new(),
            shares: Vec::new(),
            counts: [0; 2],
        }
    }

    fn take(&mut self, row: PathRow) -> Result<(), Halt> {
        let measurement = self.measurement(&row);
        if self.open.as_ref().is_none_or(|open| open.key != row.key) {
            self.flush()?;
            self.measured.clear();
            self.open = Some(row);
        }
        self.measured.extend(measurement);
        Ok(())
    }

    fn measurement(&mut self, row: &PathRow) -> Option<Measurement<usize>> {
        let measured = row.measured.as_ref()?;
        self.counts[1] += 1;
        let instrument = self.counter.instrument(&measured.instrument)?;
        Some(Measurement {
            moment: if measured.moment == "pre" {
                Moment::Pre
            } else {
                Moment::Post
            },
            instrument,
            day: measured.day,
            score: self.counter.score(instrument, measured.score),
        })
    }

    /// Counts the care path whose rows have all come.
    fn flush(&mut self) -> Result<(), Halt> {
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
            .care_path(&path, self.coupling, &self.measured, pairs, shares)?;
        self.tally.add(&self.shares)?;
        self.counts[0] += 1;
        Ok(())
    }
}
