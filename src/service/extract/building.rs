//! The work of a build: figures from one snapshot, protection and our own attacks off the main threads, and everything stored in one
//! transaction with the end of the job. A build that breaks off leaves a draft.

use super::super::error::Error;
use super::super::figures::{self, gather};
use super::super::frame::Work;
use super::super::submission::{Errand, Outcome};
use super::super::{Actor, Call, Done, Services};
use super::advance;
use super::content::{self, Made};
use super::past;
use super::watch::{self, Gauge, Watched, watched};
use crate::domain::extract::{Event, State};
use crate::domain::kind::Kind;
use crate::domain::right::{Language, Right};
use crate::extract::built::Built;
use crate::extract::definition::{Definition, Period};
use crate::extract::earlier::Earlier;
use crate::extract::figures::{Counted, Figures};
use crate::extract::shield;
use crate::store::extract::{self, Extract, Inside};
use crate::store::{extract_content, job};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Why a build gave nothing that could be stored.
enum Halt {
    /// The worker or somebody of staff wants it to end.
    Stopped,
    /// The figures cannot be counted or contradict each other: a code that is kept.
    Refused(&'static str, String),
    /// The database or the program failed; the queue tries again.
    Failed(Error),
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<crate::store::StoreError> for Halt {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<figures::Halt> for Halt {
    fn from(halt: figures::Halt) -> Self {
        match halt {
            figures::Halt::Stopped(_) => Self::Stopped,
            figures::Halt::Uncountable(e) => Self::Refused("uncountable", e.to_string()),
            figures::Halt::Failed(e) => Self::Failed(e),
        }
    }
}

/// Everything that a build reads before it counts.
struct Plan {
    row: Extract,
    definition: Definition,
    period: Period,
    earlier: Vec<Earlier>,
    counted: Vec<Counted>,
    digests: Vec<String>,
}

/// Builds an extract for its job; safe to call again after a crash.
pub async fn work_off(services: &Services, errand: &Errand<'_>) -> Result<Outcome, Error> {
    let mut tx = services.db.read().await?;
    let row = extract::by_id(&mut tx, errand.id).await?;
    tx.rollback().await?;
    let wanted = row.filter(|r| r.state == State::Draft.as_str() && !r.building.is_empty());
    let Some(row) = wanted else {
        return Ok(Outcome::Nothing);
    };
    let gauge = Arc::new(Gauge::default());
    // On the heap, for a build is large and waits long.
    match Box::pin(build(services, errand, &row, &gauge)).await {
        Ok(made) => Box::pin(store(services, errand, &row, made)).await,
        Err(Halt::Stopped) if errand.abandon.wanted() => {
            waits(services, &row).await;
            Ok(Outcome::GivenBack)
        }
        // Somebody of staff stopped it: the draft stays, and there is nothing left to do.
        Err(Halt::Stopped) => Ok(Outcome::Nothing),
        Err(Halt::Refused(code, detail)) => {
            tracing::error!(
                extract = errand.id,
                code,
                detail,
                "an extract cannot be built"
            );
            refuse(services, errand, &row, code).await
        }
        Err(Halt::Failed(error)) => {
            waits(services, &row).await;
            Err(error)
        }
    }
}

/// Shows that nobody builds now. Where that cannot be written, the next build writes what it is at.
async fn waits(services: &Services, row: &Extract) {
    if let Err(e) = watch::show(services, &row.id, &row.building, ("", 0, 0)).await {
        tracing::debug!(error = %e, "progress was not written");
    }
}

async fn build(
    services: &Services,
    errand: &Errand<'_>,
    row: &Extract,
    gauge: &Arc<Gauge>,
) -> Result<Made, Halt> {
    let plan = plan(services, row).await?;
    let watch = Watched {
        services,
        errand,
        building: &row.building,
        gauge,
    };
    let mut heard = Gauge::listener(gauge);
    let (definition, period) = (&plan.definition, &plan.period);
    let figures = watched(
        &watch,
        gather(services, definition, period, &plan.counted, &mut heard),
    );
    let figures = figures.await??;
    let (plan, figures) = (Arc::new(plan), Arc::new(figures));
    let (own, counted, mut heard) = (plan.clone(), figures.clone(), Gauge::listener(gauge));
    let work = tokio::task::spawn_blocking(move || protect(&own, &counted, &mut heard));
    let made = watched(&watch, work).await?;
    made.map_err(|e| Halt::Failed(Error::Internal(e.to_string())))?
}

async fn plan(services: &Services, row: &Extract) -> Result<Plan, Halt> {
    let definition = Definition::parse(&row.definition_text)
        .map_err(|_| Halt::Refused("definition", row.definition.clone()))?;
    let period = definition.period(&row.period);
    let period = period.ok_or_else(|| Halt::Refused("period", row.period.clone()))?;
    let mut tx = services.db.read().await?;
    let (mut earlier, mut counted, mut digests) = (Vec::new(), Vec::new(), Vec::new());
    let left = extract::left(&mut tx).await?;
    for (release, other) in past::beside(&left, &period) {
        earlier.push(content::earlier(&mut tx, release).await?);
        // What was counted of other days is not counted now, so nothing can have changed in it.
        if other.overlaps(&period) {
            counted.push(content::counted(&mut tx, &release.id, other).await?);
        }
        digests.push(release.digest.clone());
    }
    tx.rollback().await?;
    Ok(Plan {
        row: row.clone(),
        definition,
        period,
        earlier,
        counted,
        digests,
    })
}

/// The same for the same extract: chance may not make two builds differ.
fn seed(row: &Extract) -> u64 {
    let digest = Sha256::digest(format!("{} {}", super::label(row), "protect"));
    let first = digest.first_chunk().copied().unwrap_or_default();
    u64::from(u32::from_be_bytes(first))
}

fn protect(
    plan: &Plan,
    figures: &Figures,
    progress: &mut (dyn crate::extract::Progress + Send),
) -> Result<Made, Halt> {
    let seed = seed(&plan.row);
    let (definition, period) = (&plan.definition, plan.period.text.as_str());
    let built = shield::build(figures, definition, period, &plan.earlier, seed, progress);
    let built: Built = built.map_err(|halt| match halt {
        shield::Halt::Stopped(_) => Halt::Stopped,
        shield::Halt::Fault(e) => Halt::Refused("contradiction", e.to_string()),
        halt @ shield::Halt::TooLarge => Halt::Refused("uncountable", halt.to_string()),
    })?;
    let about = content::About {
        definition,
        period,
        seed,
        earlier: &plan.digests,
    };
    content::make(&about, figures, built).map_err(|e| Halt::Failed(Error::Internal(e.to_string())))
}

/// Stores what was built and ends the job, or nothing of both.
async fn store(
    services: &Services,
    errand: &Errand<'_>,
    seen: &Extract,
    made: Made,
) -> Result<Outcome, Error> {
    let actor = Arc::new(Actor::system("worker", Language::Nl));
    let call = Call::new(&actor);
    let (right, kind) = (Right::Extracts, Kind::Extract);
    let mut work = Work::begin_as(services, &call, "extract.built", right, kind, errand.id).await?;
    let result = store_in(&mut work, errand, seen, made).await;
    end(work, result).await
}

async fn end(work: Work<'_>, result: Result<Outcome, Error>) -> Result<Outcome, Error> {
    let mut work = work;
    let outcome = result.as_ref().map_or(Outcome::Settled, |o| *o);
    if outcome != Outcome::Settled {
        work.is_moot();
    }
    work.end(result.map(|_| Done::default())).await?;
    Ok(outcome)
}

/// The draft, locked, while this very build of it is still wanted.
async fn wanted(work: &mut Work<'_>, seen: &Extract) -> Result<Option<Extract>, Error> {
    let found = extract::lock(&mut work.tx, &seen.id).await?;
    Ok(found.filter(|r| r.state == State::Draft.as_str() && r.building == seen.building))
}

async fn finish(work: &mut Work<'_>, errand: &Errand<'_>) -> Result<Outcome, Error> {
    let Some(ticket) = errand.job else {
        return Ok(Outcome::Settled);
    };
    let hold = job::finish(&mut work.tx, ticket, work.now, "").await?;
    Ok(if hold == job::Hold::Kept {
        Outcome::Settled
    } else {
        Outcome::Lost
    })
}

async fn store_in(
    work: &mut Work<'_>,
    errand: &Errand<'_>,
    seen: &Extract,
    made: Made,
) -> Result<Outcome, Error> {
    let Some(mut row) = wanted(work, seen).await? else {
        return Ok(Outcome::Nothing);
    };
    // What a build before left, were there anything.
    extract_content::clear(&mut work.tx, &row.id).await?;
    content::store(&mut work.tx, &row.id, &made).await?;
    let (asked_by, before) = (
        row.changed_by.clone(),
        advance(work, &mut row, Event::Build).await?,
    );
    made.write_to(&mut row);
    row.built_at = work.now;
    row.built_by = asked_by;
    row.building.clear();
    row.stage.clear();
    (row.stage_done, row.stage_total) = (0, 0);
    row.build_error.clear();
    let inside = Inside {
        manifest: &made.manifest,
        certificate: &made.certificate,
    };
    extract::save_built(&mut work.tx, &row, inside).await?;
    work.detail(json!({ "state": { "before": before, "after": row.state }, "digest": row.digest,
        "verdict": row.verdict, "cells": row.cell_count, "hidden": row.hidden_count, "submissions": made.submissions.len() }));
    finish(work, errand).await
}

/// Writes down why a build gave nothing; trying again would give nothing again.
async fn refuse(
    services: &Services,
    errand: &Errand<'_>,
    seen: &Extract,
    code: &str,
) -> Result<Outcome, Error> {
    let actor = Arc::new(Actor::system("worker", Language::Nl));
    let call = Call::new(&actor);
    let (right, kind) = (Right::Extracts, Kind::Extract);
    let action = "extract.build-failed";
    let mut work = Work::begin_as(services, &call, action, right, kind, errand.id).await?;
    let result = refuse_in(&mut work, errand, seen, code).await;
    end(work, result).await
}

async fn refuse_in(
    work: &mut Work<'_>,
    errand: &Errand<'_>,
    seen: &Extract,
    code: &str,
) -> Result<Outcome, Error> {
    let Some(mut row) = wanted(work, seen).await? else {
        return Ok(Outcome::Nothing);
    };
    row.building.clear();
    row.stage.clear();
    (row.stage_done, row.stage_total) = (0, 0);
    code.clone_into(&mut row.build_error);
    row.changed_at = work.now;
    extract::save(&mut work.tx, &row).await?;
    work.detail(json!({ "error": code }));
    finish(work, errand).await
}
