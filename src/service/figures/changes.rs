//! What changed in the cells of an organisation since earlier releases: only care paths that can differ are read, each in all the
//! versions that a release may have counted. Rows that were erased since cannot be read; they show in what is left of then.

use super::rows::{Answers, Paths};
use super::{Go, Halt, Run, is_cqi};
use crate::domain::coupling::Coupling;
use crate::extract::figures::Counted;
use crate::extract::tally::{Counter, Share, Tally, Uncountable};
use crate::store::figures::{self, AnswerRow, Delivered, Doubtful, PathRow, Version};
use crate::store::stage::Key;
use std::collections::HashMap;

impl Run<'_> {
    /// Notes what changed in the cells of an organisation; one that does not take part now has lost all its rows.
    pub(super) async fn changes(
        &mut self,
        organisation: &str,
        takes_part: bool,
        deliveries: &[&Delivered],
        tally: &mut Tally,
    ) -> Result<(), Halt> {
        for cqi in [false, true] {
            let of = |d: &&&Delivered| is_cqi(d) == cqi;
            let own: Vec<&Delivered> = deliveries.iter().filter(of).copied().collect();
            let doubtful = doubtful(self.earlier, takes_part, &own);
            if doubtful.is_empty() {
                continue;
            }
            let coupling =
                |d: &&Delivered| Some((d.id.clone(), self.definition.coupling(&d.specification)?));
            let couplings = own.iter().filter_map(coupling).collect();
            let settle = Settle {
                counter: self.counter,
                earlier: self.earlier,
                takes_part,
                couplings,
            };
            let mut go = Go::new(self.progress, self.done, self.of);
            if cqi {
                let mut group = Group::new(&settle, tally);
                let each = |row: Version<AnswerRow>| go.on(|| Ok(group.take(row)?));
                figures::versions_of_answers(self.tx, organisation, &doubtful, self.span, each)
                    .await?;
                go.end()?;
                group.end()?;
            } else {
                let mut group = Group::new(&settle, tally);
                let each = |row: Version<PathRow>| go.on(|| Ok(group.take(row)?));
                figures::versions_of_paths(self.tx, organisation, &doubtful, self.span, each)
                    .await?;
                go.end()?;
                group.end()?;
            }
        }
        Ok(())
    }
}

/// Which deliveries have rows that may not be what some release counted.
fn doubtful(earlier: &[Counted], takes_part: bool, own: &[&Delivered]) -> Doubtful {
    let mut found = Doubtful::default();
    for delivered in own {
        let has = |counted: &Counted| counted.submissions.contains(&delivered.id);
        let in_all = earlier.iter().all(has);
        let in_any = earlier.iter().any(has);
        if in_any {
            found.replaced.push(delivered.id.clone());
        }
        if in_all {
            found.in_all.push(delivered.id.clone());
        }
        let differs = if takes_part { !in_all } else { in_any };
        if differs {
            found.current.push(delivered.id.clone());
        }
    }
    found
}

/// What decides how a care path is compared.
struct Settle<'a> {
    counter: &'a Counter<'a>,
    earlier: &'a [Counted],
    takes_part: bool,
    couplings: HashMap<String, Coupling>,
}

/// Rows of one care path in all its versions, until those of the next come.
struct Group<'a, R> {
    settle: &'a Settle<'a>,
    tally: &'a mut Tally,
    rows: Vec<Version<R>>,
}

/// A row that can stand in several versions.
trait Versioned: Sized {
    fn key(&self) -> &(Key, Key);
    /// What the rows of one version add.
    fn shares(rows: Vec<Version<Self>>, settle: &Settle<'_>) -> Result<Vec<Share>, Uncountable>;
}

impl Versioned for PathRow {
    fn key(&self) -> &(Key, Key) {
        &self.key
    }

    fn shares(rows: Vec<Version<Self>>, settle: &Settle<'_>) -> Result<Vec<Share>, Uncountable> {
        let first = rows.first().map(|version| version.submission.as_str());
        let Some(coupling) = first.and_then(|id| settle.couplings.get(id)) else {
            return Ok(Vec::new());
        };
        let mut paths = Paths::new(settle.counter, *coupling);
        let mut all = Vec::new();
        let mut keep = |shares: &[Share]| {
            all.extend_from_slice(shares);
            Ok(())
        };
        for version in rows {
            paths.take(version.row, &mut keep)?;
        }
        paths.end(&mut keep)?;
        Ok(all)
    }
}

impl Versioned for AnswerRow {
    fn key(&self) -> &(Key, Key) {
        &self.key
    }

    fn shares(rows: Vec<Version<Self>>, settle: &Settle<'_>) -> Result<Vec<Share>, Uncountable> {
        let mut answers = Answers::new(settle.counter);
        let mut all = Vec::new();
        let mut keep = |shares: &[Share]| {
            all.extend_from_slice(shares);
            Ok(())
        };
        for version in rows {
            answers.take(version.row, &mut keep)?;
        }
        answers.end(&mut keep)?;
        Ok(all)
    }
}

impl<'a, R: Versioned> Group<'a, R> {
    const fn new(settle: &'a Settle<'a>, tally: &'a mut Tally) -> Self {
        Self {
            settle,
            tally,
            rows: Vec::new(),
        }
    }

    fn take(&mut self, row: Version<R>) -> Result<(), Uncountable> {
        let same = |last: &Version<R>| last.row.key() == row.row.key();
        if !self.rows.last().is_some_and(same) {
            self.end()?;
        }
        self.rows.push(row);
        Ok(())
    }

    /// Compares what the care path adds now with what it added to each release.
    fn end(&mut self) -> Result<(), Uncountable> {
        let mut now = Vec::new();
        let mut then = vec![Vec::new(); self.settle.earlier.len()];
        let mut rows = std::mem::take(&mut self.rows);
        while let Some(first) = rows.first() {
            let (submission, by) = (first.submission.clone(), first.superseded_by.clone());
            let others = rows.iter().position(|v| v.submission != submission);
            let rest = rows.split_off(others.unwrap_or(rows.len()));
            let shares = R::shares(rows, self.settle)?;
            rows = rest;
            let holds = by.is_empty() && self.settle.takes_part;
            for (release, counted) in self.settle.earlier.iter().enumerate() {
                let had =
                    counted.submissions.contains(&submission) && !counted.submissions.contains(&by);
                if !had {
                    continue;
                }
                let within = shares
                    .iter()
                    .filter(|share| counted.period.holds(share.day));
                let within: Vec<Share> = within.copied().collect();
                if !holds {
                    // What holds now was noted when it was added.
                    self.tally.note_then(release, within.iter());
                }
                if let Some(then) = then.get_mut(release) {
                    *then = within;
                }
            }
            if holds {
                now = shares;
            }
        }
        for ((release, counted), then) in self.settle.earlier.iter().enumerate().zip(&then) {
            let within = now.iter().filter(|share| counted.period.holds(share.day));
            let within: Vec<Share> = within.copied().collect();
            self.tally.note_change(release, then, &within);
        }
        Ok(())
    }
}
