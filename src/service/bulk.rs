//! One action on many records: planned, frozen with ids and versions, worked off by the worker, each row with its outcome.

use super::error::Error;
use super::fields::Values;
use super::frame::action_name;
use super::{Actor, Call, Done, Mode, Services, tell};
use crate::domain::action::Act;
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::right;
use crate::store::bulk::{self, Bulk, Item};
use crate::store::{StoreError, job, operator};
use serde_json::json;
use std::sync::Arc;

/// Most records of one run.
pub const MOST: usize = 10_000;

/// What would happen to one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Record.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Why it cannot; `None` when it can.
    pub refusal: Option<String>,
}

/// Tries the action on every record and takes it back: who can, who cannot and why.
pub async fn plan(
    services: &Services,
    call: &Call,
    act: Act,
    targets: &[(String, i64)],
    values: &Values,
) -> Result<Vec<Planned>, Error> {
    let mut all = Vec::with_capacity(targets.len());
    for (id, version) in targets {
        let call = Call {
            mode: Mode::DryRun,
            version: Some(*version),
            ..call.clone()
        };
        match super::run(services, &call, act, id, values).await {
            Ok(done) => all.push(Planned {
                id: id.clone(),
                label: done.label,
                refusal: None,
            }),
            Err(
                error @ (Error::Right { .. }
                | Error::Denied(..)
                | Error::Store(_)
                | Error::ReasonMissing),
            ) => {
                return Err(error);
            }
            Err(error) => {
                let refusal = Some(tell(&error, call.actor.language));
                all.push(Planned {
                    id: id.clone(),
                    label: String::new(),
                    refusal,
                });
            }
        }
    }
    Ok(all)
}

/// Freezes the records and hands the run to the worker.
pub async fn start(
    services: &Services,
    call: &Call,
    act: Act,
    targets: &[(String, i64)],
    values: &Values,
) -> Result<Done, Error> {
    let mut work = super::frame::Work::begin(services, call, act, "").await?;
    let result = start_in(&mut work, act, targets, values).await;
    work.end(result).await
}

/// Freezes the records within an action that is under way.
pub(super) async fn start_in(
    work: &mut super::frame::Work<'_>,
    act: Act,
    targets: &[(String, i64)],
    values: &Values,
) -> Result<Done, Error> {
    if targets.is_empty() || targets.len() > MOST {
        return Err(Error::Internal(format!("1 – {MOST}")));
    }
    let total = i64::try_from(targets.len()).unwrap_or(i64::MAX);
    let row = Bulk {
        id: super::new_id(),
        act: action_name(act),
        parameters: json!(values).to_string(),
        reason: work.call.reason.clone(),
        operator_id: work.call.actor.operator.clone(),
        actor: work.by(),
        request: work.call.request.clone(),
        state: "running".to_owned(),
        state_at: work.now,
        created_at: work.now,
        total,
        version: 1,
    };
    bulk::insert(&mut work.tx, &row).await?;
    bulk::insert_items(&mut work.tx, &row.id, &items(targets)).await?;
    let new = job::New {
        kind: JobKind::Bulk,
        subject: &row.id,
        run_at: work.now,
        at: work.now,
        request: &work.call.request,
    };
    job::insert(&mut work.tx, &new).await?;
    work.is_about(Kind::Bulk, &row.id);
    work.detail(json!({ "act": row.act, "total": total }));
    Ok(Done::of(row.id, row.act))
}

fn items(targets: &[(String, i64)]) -> Vec<Item> {
    let numbered = targets.iter().zip(1..);
    numbered
        .map(|((id, version), at)| item(id, *version, at))
        .collect()
}

fn item(id: &str, version: i64, position: i64) -> Item {
    Item {
        position,
        object_id: id.to_owned(),
        object_version: version,
        label: String::new(),
        state: "waiting".to_owned(),
        detail: String::new(),
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// There is more to do.
    More,
    /// Every record has its outcome.
    Ended,
}

/// Records worked off before the worker looks up again.
const STRIDE: i64 = 25;

/// Works off the next records of a run. Each record's effect and its outcome are one transaction.
pub async fn step(services: &Services, id: &str) -> Result<Progress, Error> {
    let mut tx = services.db.read().await?;
    let run = bulk::by_id(&mut tx, id).await?;
    let items = bulk::waiting(&mut tx, id, STRIDE).await?;
    tx.rollback().await?;
    let run = run.ok_or_else(|| Error::Missing {
        kind: Kind::Bulk,
        id: id.to_owned(),
    })?;
    if run.state != "running" {
        return Ok(Progress::Ended);
    }
    if items.is_empty() {
        let mut tx = services.db.write().await?;
        bulk::end(&mut tx, id, "completed", services.clock.now()).await?;
        tx.notify().await?;
        tx.commit().await?;
        return Ok(Progress::Ended);
    }
    let actor = Arc::new(actor_of(services, &run).await?);
    for item in &items {
        one(services, &run, &actor, item).await?;
    }
    Ok(Progress::More)
}

async fn one(
    services: &Services,
    run: &Bulk,
    actor: &Arc<Actor>,
    item: &Item,
) -> Result<(), Error> {
    let known = Act::ALL
        .iter()
        .copied()
        .find(|act| action_name(*act) == run.act);
    let act = known.ok_or_else(|| Error::Internal(run.act.clone()))?;
    let values: Values = serde_json::from_str(&run.parameters).unwrap_or_default();
    let call = Call {
        actor: Arc::clone(actor),
        reason: run.reason.clone(),
        mode: Mode::Commit,
        version: Some(item.object_version),
        request: run.request.clone(),
        item: Some((run.id.clone(), item.position)),
    };
    let error = match super::run(services, &call, act, &item.object_id, &values).await {
        Ok(_) => return Ok(()),
        Err(Error::Store(e)) if stops_a_run(&e) => return Err(e.into()),
        Err(error) => error,
    };
    let mut tx = services.db.write().await?;
    bulk::mark(
        &mut tx,
        &run.id,
        item.position,
        "skipped",
        &tell(&error, actor.language),
    )
    .await?;
    tx.commit().await?;
    Ok(())
}

/// Whether trouble with the database is the whole run's, to be tried again later, and not that of one record.
fn stops_a_run(error: &StoreError) -> bool {
    error.retryable() || matches!(error, StoreError::ReadOnly | StoreError::Schema(_))
}

/// The operator behind a run with the rights of now: who lost them in the meantime is refused.
async fn actor_of(services: &Services, run: &Bulk) -> Result<Actor, Error> {
    let mut tx = services.db.read().await?;
    let row = operator::by_id(&mut tx, &run.operator_id).await?;
    tx.rollback().await?;
    let mut actor = Actor::system("worker", crate::language::Language::Nl);
    actor.system = false;
    actor.name.clone_from(&run.actor);
    actor.operator.clone_from(&run.operator_id);
    if let Some(row) = row.filter(|o| o.state == "active") {
        actor.roles = right::split(&row.roles).unwrap_or_default();
        actor.language = row.language.parse().unwrap_or_default();
        actor.login = row.login;
    }
    Ok(actor)
}
