//! What is kept no longer than needed: delivered files, and everything at client level of organisations whose agreement or use
//! ended. One client on request is in `erasure`.

use super::error::Error;
use super::frame::Work;
use super::submission::{load, move_to};
use super::{Call, Done, Services, intake_file};
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::submission::{Event, State, step};
use crate::domain::time::{DAY, Timestamp};
use crate::language::display;
use crate::store::{erasure, job, organisation, submission};
use serde_json::json;

/// How long a file is kept after its delivery came to an end.
const AFTER_END: i64 = 30 * DAY;
/// How long any file is kept after its receipt.
const AT_MOST: i64 = 90 * DAY;
/// Files of one look.
const FEW: i64 = 200;

/// Removes the files whose time is over, each with its audit row. A crash between the two leaves a row whose file is gone already.
pub async fn files(services: &Services, call: &Call) -> Result<(), Error> {
    let now = services.clock.now();
    let mut tx = services.db.read().await?;
    let over = erasure::files_over(&mut tx, now.plus(-AFTER_END), now.plus(-AT_MOST), FEW).await?;
    tx.rollback().await?;
    for (id, sha256) in over {
        // Somebody stores files at this moment: the next look comes back to it.
        if !intake_file::remove_of(services, &sha256, &id).await? {
            continue;
        }
        let mut work = Work::begin_as(
            services,
            call,
            "submission.remove-file",
            Right::Submissions,
            Kind::Submission,
            &id,
        )
        .await?;
        let result = note_removed(&mut work, &id).await;
        work.end(result).await?;
    }
    Ok(())
}

/// Notes that a file is gone. A delivery that still waited for something can never be processed now: it is withdrawn, so that the
/// same file can be delivered again.
async fn note_removed(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let mut row = load(work, id).await?;
    if row.file_removed_at != Timestamp::NEVER || row.state == State::Validating.as_str() {
        work.is_moot();
        return Ok(Done::default());
    }
    let before = row.state.clone();
    let waits = matches!(
        row.state.parse(),
        Ok(State::Received | State::Held | State::Failed)
    );
    if waits
        && row
            .state
            .parse()
            .is_ok_and(|s| step(s, Event::Withdraw).is_some())
    {
        move_to(work, &mut row, Event::Withdraw, "").await?;
        row.hold.clear();
        "file_removed".clone_into(&mut row.reason);
        job::cancel(&mut work.tx, JobKind::Submission, id, work.now).await?;
    }
    row.file_removed_at = work.now;
    submission::save(&mut work.tx, &row).await?;
    work.detail(json!({ "sha256": row.sha256, "bytes": row.bytes,
        "state": { "before": before, "after": row.state } }));
    Ok(Done::default())
}

/// Removes everything at client level of organisations whose agreement or use ended longer ago than the agreed term.
pub async fn ended(services: &Services, call: &Call) -> Result<(), Error> {
    let before = services
        .clock
        .now()
        .plus(-services.settings.keep_after_end_days.saturating_mul(DAY));
    let day = display::iso_date(before);
    let mut tx = services.db.read().await?;
    let over = erasure::over(&mut tx, before, &day).await?;
    tx.rollback().await?;
    for (id,) in over {
        let mut work = Work::begin_as(
            services,
            call,
            "organisation.erase",
            Right::OrganisationEnd,
            Kind::Organisation,
            &id,
        )
        .await?;
        let result = erase(&mut work, &id, before, &day).await;
        work.end(result).await?;
    }
    Ok(())
}

async fn erase(work: &mut Work<'_>, id: &str, before: Timestamp, day: &str) -> Result<Done, Error> {
    organisation::lock(&mut work.tx, id).await?;
    work.belongs_to(id);
    // Asked again under the lock: it may have accepted in between.
    let over = erasure::over(&mut work.tx, before, day).await?;
    if !over.iter().any(|(o,)| o == id) {
        work.is_moot();
        return Ok(Done::default());
    }
    let removed = erasure::organisation(&mut work.tx, id).await?;
    work.detail(
        json!({ "care_paths": removed.paths, "measurements": removed.measurements,
        "responses": removed.responses }),
    );
    Ok(Done::default())
}
