//! Deliveries that nobody looks at: held for an acceptance that is there now, or given up by the queue. The worker comes here
//! now and then.

use super::frame::Work;
use super::submission::{enqueue, hold, load};
use super::{Call, Done, Error, Services};
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::submission::Hold;
use crate::language::display;
use crate::store::{counter, stage, submission};
use serde_json::json;

/// Holds for a person what the queue has given up.
async fn give_up(services: &Services, call: &Call, id: &str) -> Result<(), Error> {
    let right = Right::Submissions;
    let mut work = Work::begin_as(
        services,
        call,
        "submission.hold",
        right,
        Kind::Submission,
        id,
    )
    .await?;
    let result = give_up_in(&mut work, id).await;
    work.end(result).await.map(|_| ())
}

async fn give_up_in(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    if !matches!(row.state.as_str(), "failed" | "validating") {
        work.is_moot();
        return Ok(Done::default());
    }
    counter::daily(
        &mut work.tx,
        "submission.failed",
        &display::iso_date(work.now),
        1,
    )
    .await?;
    hold(work, row, Hold::Technical).await
}

/// Submissions looked after at a time.
const FEW: i64 = 100;

/// What the worker does now and then: sends on what was held for an acceptance that is there now, and holds what was given up.
pub async fn look_after(services: &Services, call: &Call) -> Result<(), Error> {
    let heaps = stage::clear_leftovers(&services.db).await?;
    if heaps > 0 {
        tracing::warn!(heaps, "staged rows of lost workers were cleared");
    }
    let mut tx = services.db.read().await?;
    let today = display::iso_date(services.clock.now());
    let stranded = submission::stranded(&mut tx, &today, FEW).await?;
    let given_up = submission::given_up(&mut tx, FEW).await?;
    tx.rollback().await?;
    for (id,) in &given_up {
        give_up(services, call, id).await?;
    }
    super::triage::let_go(services).await?;
    if stranded.is_empty() {
        return Ok(());
    }
    let right = Right::Submissions;
    let mut work = Work::begin_as(
        services,
        call,
        "submission.send-on",
        right,
        Kind::System,
        "",
    )
    .await?;
    let result = send_on(&mut work, &stranded).await;
    work.end(result).await.map(|_| ())
}

async fn send_on(work: &mut Work<'_>, ids: &[(String,)]) -> Result<Done, Error> {
    for (id,) in ids {
        enqueue(work, id).await?;
    }
    work.detail(json!({ "submissions": ids.len() }));
    Ok(Done::default())
}
