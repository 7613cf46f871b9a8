//! Writes deliveries in bulk between two scenes, with their audit rows and counts; and who works on what right now.

use super::deliveries::{Deliveries, Delivery};
use super::stage::{ON_CALL, SUPPORT, Stage};
use super::{Progress, Step};
use crate::domain::kind::Kind;
use crate::domain::submission::State;
use crate::domain::time::{MINUTE, Timestamp};
use crate::service::frame::entry_of;
use crate::service::{self, Error};
use crate::store::audit::{self, Entry};
use crate::store::{claim, history};
use serde_json::json;

/// Up to so many deliveries each has an audit row of its own; of more, those of the last days.
const AUDITED: u64 = 5000;
/// Days of which every delivery has an audit row.
const AUDITED_DAYS: i64 = 2;
/// Rows of one transaction.
const CHUNK: usize = 4000;

/// Hands deliveries to the database, oldest first.
pub(super) struct Loader<'a> {
    total: u64,
    done: u64,
    progress: &'a mut dyn FnMut(Progress),
}

impl<'a> Loader<'a> {
    pub(super) fn new(total: u64, progress: &'a mut dyn FnMut(Progress)) -> Self {
        Self {
            total,
            done: 0,
            progress,
        }
    }

    /// Writes what arrived before a moment.
    pub(super) async fn load(
        &mut self,
        stage: &mut Stage<'_>,
        deliveries: &mut Deliveries<'_>,
        before: Timestamp,
    ) -> Result<(), Error> {
        let mut chunk = Vec::new();
        while let Some((at, p)) = deliveries.next(before) {
            let vendor = &stage.vendors[stage.cast[p].vendor];
            chunk.push(deliveries.delivery(at, p, stage.organisation(p)?, vendor));
            if chunk.len() == CHUNK {
                self.write(stage, std::mem::take(&mut chunk)).await?;
            }
        }
        if chunk.is_empty() {
            Ok(())
        } else {
            self.write(stage, chunk).await
        }
    }

    async fn write(&mut self, stage: &mut Stage<'_>, chunk: Vec<Delivery>) -> Result<(), Error> {
        let entries = self.audit(stage, &chunk);
        let mut rows = Vec::with_capacity(chunk.len());
        let mut findings = Vec::new();
        for one in chunk {
            count(stage, &one);
            findings.extend(one.findings.into_iter().map(|f| (one.row.id.clone(), f)));
            rows.push(one.row);
        }
        let mut tx = stage.services.db.write().await?;
        history::submissions(&mut tx, &rows).await?;
        history::findings(&mut tx, &findings).await?;
        audit::append(&mut tx, &stage.services.mark.id, &entries).await?;
        tx.commit().await?;
        self.done += rows.len() as u64;
        (self.progress)(Progress {
            step: Step::History,
            done: self.done,
            total: self.total,
        });
        Ok(())
    }

    /// A row per delivery, or one for all where there are too many.
    fn audit(&self, stage: &Stage<'_>, chunk: &[Delivery]) -> Vec<Entry> {
        let single = |d: &&Delivery| {
            self.total <= AUDITED || stage.calendar.days_since(d.row.received_at) < AUDITED_DAYS
        };
        let mut entries: Vec<Entry> = chunk
            .iter()
            .filter(single)
            .map(|d| entry(stage, d))
            .collect();
        let others = chunk.len() - entries.len();
        if let Some(last) = chunk.last().filter(|_| others > 0) {
            let mut all = entry_of(&stage.worker, last.row.state_at);
            "submission.process".clone_into(&mut all.action);
            Kind::System.as_str().clone_into(&mut all.object_kind);
            "done".clone_into(&mut all.outcome);
            all.request = service::new_id();
            all.detail = json!({ "submissions": others }).to_string();
            entries.push(all);
        }
        entries.sort_by_key(|e| e.at);
        entries
    }
}

fn entry(stage: &Stage<'_>, d: &Delivery) -> Entry {
    let mut entry = entry_of(&stage.worker, d.row.state_at);
    let action = match d.verdict.state {
        State::Withdrawn => "submission.withdraw",
        State::Superseded => "submission.supersede",
        _ => "submission.process",
    };
    action.clone_into(&mut entry.action);
    Kind::Submission.as_str().clone_into(&mut entry.object_kind);
    entry.object_id.clone_from(&d.row.id);
    entry.organisation_id.clone_from(&d.row.organisation_id);
    "done".clone_into(&mut entry.outcome);
    d.verdict.reason.clone_into(&mut entry.reason);
    entry.request = service::new_id();
    entry.detail =
        json!({ "state": { "before": "validating", "after": d.row.state }, "rows": d.row.row_count,
        "accepted": d.row.accepted, "ignored": d.row.ignored, "findings": d.row.finding_count })
        .to_string();
    entry
}

fn count(stage: &mut Stage<'_>, d: &Delivery) {
    stage.day("submission.received", d.row.received_at, 1);
    let processed = matches!(d.verdict.state, State::Processed | State::Superseded);
    let name = if processed {
        "submission.processed"
    } else {
        "submission.failed"
    };
    if !matches!(d.verdict.state, State::Valid | State::ValidWithRemarks) {
        stage.day(name, d.row.state_at, 1);
    }
}

/// Two colleagues are at work on something.
pub(super) async fn claims(stage: &Stage<'_>) -> Result<(), Error> {
    let now = stage.calendar.today;
    let mut tx = stage.services.db.write().await?;
    for (person, p, minutes) in [
        (SUPPORT, stage.cast.len() - 8, 9),
        (ON_CALL, stage.cast.len() - 9, 4),
    ] {
        let actor = &stage.staff[person];
        if let Some(id) = stage.registrations.get(&p) {
            let (record, who) = (
                (Kind::Registration, id.as_str()),
                (actor.operator.as_str(), actor.name.as_str()),
            );
            claim::take(&mut tx, record, who, now, now.plus(minutes * MINUTE)).await?;
        }
    }
    Ok(tx.commit().await?)
}
