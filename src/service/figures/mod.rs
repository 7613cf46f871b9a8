//! Figures from measurements: one consistent state of the database, read row by row and added up by the rules of a definition. It
//! reads only, keeps no row and logs none; what may be shown of the figures is decided elsewhere.

mod changes;
mod rows;

use super::Services;
use super::error::Error;
use crate::domain::organisation::State;
use crate::domain::period::{self, day_of};
use crate::domain::specification::{self, Kind};
use crate::extract::definition::{Definition, Period};
use crate::extract::figures::{Counted, Figures, Holder, Leaf, LeftOut};
use crate::extract::tally::{Counter, Share, Tally, Uncountable};
use crate::extract::{Progress, Stage, Stopped};
use crate::store::figures::{self, Delivered, Party, Span};
use crate::store::{StoreError, Tx};
use rows::{Answers, Paths};

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

/// Gathers the figures of a period, and what changed in their cells since each of some earlier releases, whose rows are counted by the
/// same definition.
pub async fn gather(
    services: &Services,
    definition: &Definition,
    period: &Period,
    earlier: &[Counted],
    progress: &mut (dyn Progress + Send),
) -> Result<Figures, Halt> {
    let span = span(services, period)?;
    let mut tx = services.db.read().await?;
    let mut run = Run {
        tx: &mut tx,
        span: &span,
        definition,
        counter: &Counter::new(definition),
        earlier,
        progress,
        of: 0,
        done: 0,
    };
    let result = run.gather().await;
    tx.rollback().await?;
    result
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
    earlier: &'a [Counted],
    progress: &'a mut (dyn Progress + Send),
    of: usize,
    done: usize,
}

impl Run<'_> {
    async fn gather(&mut self) -> Result<Figures, Halt> {
        figures::prepare(self.tx).await?;
        let parties = figures::parties(self.tx, self.span).await?;
        let deliveries = figures::deliveries(self.tx).await?;
        self.of = deliveries.len();
        let mut made = Figures::default();
        for party in &parties {
            let of = |d: &&Delivered| d.organisation_id == party.id;
            let own: Vec<&Delivered> = deliveries.iter().filter(of).collect();
            self.party(party, &own, &mut made).await?;
        }
        let place = |leaf: &Leaf| (leaf.sheet, leaf.codes.clone());
        made.leaves.sort_by_cached_key(place);
        made.submissions.sort();
        Ok(made)
    }

    /// Adds an organisation to the figures: its cells, and what became of it.
    async fn party(
        &mut self,
        party: &Party,
        deliveries: &[&Delivered],
        made: &mut Figures,
    ) -> Result<(), Halt> {
        self.progress.step(Stage::Counting, self.done, self.of)?;
        let mut left_out = left_out(party);
        let takes_part = left_out.is_none();
        let mut tally = Tally::new(self.earlier.len());
        let mut counts = [0; 3];
        for delivered in deliveries {
            if takes_part {
                self.delivery(delivered, &mut tally, &mut counts).await?;
                let digest = delivered.sha256.clone();
                made.submissions.push((delivered.id.clone(), digest));
            }
            self.done += 1;
        }
        if takes_part && counts[0] + counts[2] == 0 {
            left_out = Some(LeftOut::NothingDelivered);
        }
        self.changes(&party.id, takes_part, deliveries, &mut tally)
            .await?;
        made.leaves.extend(tally.leaves(self.counter, &party.agb));
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

    /// Adds the rows of a delivery that hold today, unless the definition does not count its specification.
    async fn delivery(
        &mut self,
        delivered: &Delivered,
        tally: &mut Tally,
        counts: &mut [i64; 3],
    ) -> Result<(), Halt> {
        // Rows that hold now and whose delivery was counted before were counted before as they are.
        let holds = |counted: &Counted| counted.submissions.contains(&delivered.id);
        let then = (0..)
            .zip(self.earlier)
            .filter(|(_, counted)| holds(counted));
        let then: Vec<(usize, &Period)> = then.map(|(at, counted)| (at, &counted.period)).collect();
        let mut take = |shares: &[Share]| {
            for (release, period) in &then {
                let within = shares.iter().filter(|share| period.holds(share.day));
                tally.note_then(*release, within);
            }
            tally.add(shares)
        };
        if is_cqi(delivered) {
            let mut answers = Answers::new(self.counter);
            let mut go = Go::new(self.progress, self.done, self.of);
            let each = |row| go.on(|| Ok(answers.take(row, &mut take)?));
            figures::answers(self.tx, &delivered.id, self.span, each).await?;
            go.end()?;
            answers.end(&mut take)?;
            counts[2] += answers.respondents;
        } else if let Some(coupling) = self.definition.coupling(&delivered.specification) {
            let mut paths = Paths::new(self.counter, coupling);
            let mut go = Go::new(self.progress, self.done, self.of);
            let each = |row| go.on(|| Ok(paths.take(row, &mut take)?));
            figures::care_paths(self.tx, &delivered.id, self.span, each).await?;
            go.end()?;
            paths.end(&mut take)?;
            counts[0] += paths.closed;
            counts[1] += paths.measured;
        }
        Ok(())
    }
}

fn is_cqi(delivered: &Delivered) -> bool {
    specification::kind_of(&delivered.specification) == Some(Kind::Cqi)
}

/// Whether rows are still taken: until the first that cannot be, or until somebody wants it to end.
struct Go<'a> {
    progress: &'a mut (dyn Progress + Send),
    done: usize,
    of: usize,
    rows: usize,
    halt: Option<Halt>,
}

impl<'a> Go<'a> {
    fn new(progress: &'a mut (dyn Progress + Send), done: usize, of: usize) -> Self {
        Self {
            progress,
            done,
            of,
            rows: 0,
            halt: None,
        }
    }

    fn on(&mut self, take: impl FnOnce() -> Result<(), Halt>) {
        if self.halt.is_some() {
            return;
        }
        self.rows += 1;
        if self.rows.is_multiple_of(OFTEN) {
            let told = self.progress.step(Stage::Counting, self.done, self.of);
            self.halt = told.err().map(Halt::from);
        }
        if self.halt.is_none() {
            self.halt = take().err();
        }
    }

    fn end(self) -> Result<(), Halt> {
        self.halt.map_or(Ok(()), Err)
    }
}
