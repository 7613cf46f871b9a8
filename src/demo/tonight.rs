//! The files of the last night, each a real file that was kept and checked: processed, refused, failed, held, and three of now.

use super::calendar::Calendar;
use super::cast::Fate;
use super::names::BROKEN_VENDOR;
use super::stage::Stage;
use super::work;
use crate::delivery::sample::{self, Faults, Sample};
use crate::domain::job::JobKind;
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::submission::{Event, Hold, State, step};
use crate::domain::time::{MINUTE, SECOND, Timestamp};
use crate::language::display;
use crate::service::frame::Work;
use crate::service::intake_file::{self, Kept};
use crate::service::{self, Call, Done, Error};
use crate::store::submission::{self, Submission};
use crate::store::{agreement, counter, job};
use serde_json::json;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Processed,
    Remarks,
    Broken,
    NoAcceptance,
    Retried,
    JobHeld,
    Held,
    Received,
    Validating,
}

/// Minute of the night, and what became of the file.
const NIGHT: &[(i64, Outcome)] = &[
    (182, Outcome::Processed),
    (184, Outcome::Broken),
    (186, Outcome::Processed),
    (189, Outcome::Broken),
    (191, Outcome::Remarks),
    (194, Outcome::Retried),
    (197, Outcome::Held),
    (201, Outcome::NoAcceptance),
    (203, Outcome::Broken),
    (207, Outcome::NoAcceptance),
    (211, Outcome::JobHeld),
    (215, Outcome::Remarks),
    (218, Outcome::Broken),
    (222, Outcome::Processed),
];

/// Minutes ago, and what became of the file.
const NOW: &[(i64, Outcome)] = &[
    (7, Outcome::Received),
    (5, Outcome::Validating),
    (2, Outcome::Received),
];

/// How many files these are.
pub(super) const FILES: u64 = (NIGHT.len() + NOW.len()) as u64;

/// When each arrives.
pub(super) fn moments(calendar: &Calendar) -> Vec<Timestamp> {
    let night = NIGHT.iter().map(|(minute, _)| calendar.tonight(*minute));
    night
        .chain(
            NOW.iter()
                .map(|(minutes, _)| calendar.minutes_ago(*minutes)),
        )
        .collect()
}

/// One file arrives, and what must happen to it happens.
pub(super) async fn play(stage: &mut Stage<'_>, place: usize) -> Result<(), Error> {
    let Some((_, outcome)) = NIGHT.iter().chain(NOW).nth(place).copied() else {
        return Ok(());
    };
    let p = sender(stage, outcome, place);
    let kept = keep(stage, p, outcome, place)?;
    let id = receive(stage, p, &kept).await?;
    let now = stage.services.clock.now();
    stage.services.clock.set(now.plus(2 * SECOND));
    match outcome {
        Outcome::Processed | Outcome::Remarks | Outcome::Broken => {
            service::submission::process(&stage.services, &id).await?;
            work::finish(stage, JobKind::Submission).await
        }
        Outcome::Retried | Outcome::JobHeld | Outcome::Held => {
            stage.standing.push(id.clone());
            fail(stage, &id, &kept, outcome).await
        }
        Outcome::Validating => {
            advance(stage, &id, Event::Validate).await?;
            let mut tx = stage.services.db.write().await?;
            work::claim(stage, &mut tx, JobKind::Submission).await?;
            Ok(tx.commit().await?)
        }
        Outcome::NoAcceptance | Outcome::Received => Ok(()),
    }
}

/// An organisation to which this can happen.
fn sender(stage: &Stage<'_>, outcome: Outcome, place: usize) -> usize {
    let fits = |p: &usize| {
        let provider = &stage.cast[*p];
        let broken = provider.vendor == BROKEN_VENDOR;
        match outcome {
            Outcome::NoAcceptance => matches!(provider.fate, Fate::NeverAccepted | Fate::Fresh),
            Outcome::Broken => provider.fate == Fate::Accepted && broken,
            _ => provider.fate == Fate::Accepted && !broken,
        }
    };
    let known: Vec<usize> = (0..stage.cast.len())
        .filter(|p| stage.organisations.contains_key(p))
        .collect();
    let all: Vec<usize> = known.iter().copied().filter(fits).collect();
    let fallback = || known.first().copied().unwrap_or_default();
    all.get(place * 5 % all.len().max(1))
        .copied()
        .unwrap_or_else(fallback)
}

/// Writes a synthetic file and keeps it as the intake would.
fn keep(stage: &Stage<'_>, p: usize, outcome: Outcome, place: usize) -> Result<Kept, Error> {
    let trouble = |e: std::io::Error| Error::Internal(e.to_string());
    let now = stage.services.clock.now();
    let day = display::iso_date(now);
    let sample = Sample {
        organisation: stage.cast[p].agb.clone(),
        rows: 40 + 17 * place as u64,
        seed: 7_000 + place as u64,
        faults: if outcome == Outcome::Remarks {
            Faults::Light(12)
        } else {
            Faults::None
        },
        as_of: day.parse().unwrap_or_default(),
    };
    let mut bytes = Vec::new();
    sample::write(&sample, &mut bytes).map_err(trouble)?;
    if outcome == Outcome::Broken {
        // The vendor's last update renamed a column.
        let text = String::from_utf8_lossy(&bytes).replacen("totaalscore", "score_totaal", 1);
        bytes = text.into_bytes();
    }
    let directory = stage.services.settings.files.join("arriving");
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&directory)
        .map_err(trouble)?;
    let path = directory.join(format!("rom_{}_{day}.csv", stage.cast[p].agb));
    std::fs::write(&path, bytes).map_err(trouble)?;
    let kept = intake_file::keep(&stage.services.settings.files, &path);
    std::fs::remove_dir_all(&directory).map_err(trouble)?;
    kept
}

/// Stores the row and its job, as the intake will: held without an acceptance that counts.
async fn receive(stage: &Stage<'_>, p: usize, kept: &Kept) -> Result<String, Error> {
    let organisation = stage.organisation(p)?.to_owned();
    let call = Call::new(&stage.portal);
    let (right, kind) = (Right::Submissions, Kind::Submission);
    let mut work =
        Work::begin_as(&stage.services, &call, "submission.add", right, kind, "").await?;
    work.belongs_to(&organisation);
    let day = display::iso_date(work.now);
    let accepted = agreement::counts(&mut work.tx, &organisation, &day).await?;
    let vendor = stage.vendors.get(stage.cast[p].vendor).cloned();
    let row = row_of(&work, organisation, vendor, kept, accepted);
    submission::insert(&mut work.tx, &row).await?;
    counter::shift(&mut work.tx, kind, None, Some(&row.state)).await?;
    counter::daily(&mut work.tx, "submission.received", &day, 1).await?;
    if accepted {
        let now = work.now;
        let new = job::New {
            kind: JobKind::Submission,
            subject: &row.id,
            run_at: now,
            at: now,
            request: &work.call.request,
        };
        job::insert(&mut work.tx, &new).await?;
    }
    work.is_about(kind, &row.id);
    work.moved(&row.id);
    work.detail(json!({ "sha256": row.sha256, "bytes": row.bytes, "state": { "after": row.state }, "hold": row.hold }));
    work.end(Ok(Done::default())).await?;
    Ok(row.id)
}

fn row_of(
    work: &Work<'_>,
    organisation_id: String,
    vendor_id: Option<String>,
    kept: &Kept,
    accepted: bool,
) -> Submission {
    let state = if accepted {
        State::Received
    } else {
        State::Held
    };
    let hold = if accepted {
        ""
    } else {
        Hold::NoAcceptance.as_str()
    };
    Submission {
        id: service::new_id(),
        organisation_id,
        vendor_id,
        kind: "rom".to_owned(),
        specification: "rom-1".to_owned(),
        source: "intake".to_owned(),
        file_name: kept.file_name.clone(),
        sha256: kept.sha256.clone(),
        bytes: kept.bytes,
        detected: "{}".to_owned(),
        state: state.as_str().to_owned(),
        state_at: work.now,
        hold: hold.to_owned(),
        reason: String::new(),
        received_at: work.now,
        row_count: 0,
        accepted: 0,
        ignored: 0,
        finding_count: 0,
        paths_new: 0,
        paths_changed: 0,
        paths_same: 0,
        assigned: String::new(),
        changed_at: work.now,
        changed_by: work.by(),
        version: 1,
        connection_id: None,
        account_id: None,
        test: 0,
        cause: String::new(),
        checked_bytes: 0,
        file_removed_at: Timestamp::NEVER,
    }
}

/// The file could not be read that night; it is there again now, so trying again helps.
async fn fail(stage: &mut Stage<'_>, id: &str, kept: &Kept, outcome: Outcome) -> Result<(), Error> {
    let trouble = |e: std::io::Error| Error::Internal(e.to_string());
    let place = intake_file::place(&stage.services.settings.files, &kept.sha256);
    let aside = place.with_extension("aside");
    std::fs::rename(&place, &aside).map_err(trouble)?;
    let failed = service::submission::process(&stage.services, id).await;
    std::fs::rename(&aside, &place).map_err(trouble)?;
    let Err(error) = failed else {
        return Err(Error::Internal("a file that is away was read".to_owned()));
    };
    let again = (outcome == Outcome::Retried).then(|| stage.calendar.today.plus(12 * MINUTE));
    work::fail(stage, JobKind::Submission, again, &error.to_string()).await?;
    if outcome == Outcome::Held {
        advance(stage, id, Event::Hold).await?;
    }
    Ok(())
}

/// A step of the state machine that no use case takes alone.
async fn advance(stage: &Stage<'_>, id: &str, event: Event) -> Result<(), Error> {
    let action = if event == Event::Hold {
        "submission.hold"
    } else {
        "submission.validate"
    };
    let call = Call::new(&Arc::clone(&stage.worker));
    let (right, kind) = (Right::Submissions, Kind::Submission);
    let mut work = Work::begin_as(&stage.services, &call, action, right, kind, id).await?;
    let Some(mut row) = submission::lock(&mut work.tx, id).await? else {
        return Ok(());
    };
    work.belongs_to(&row.organisation_id);
    work.moved(&row.id);
    let before: Option<State> = row.state.parse().ok();
    let Some(after) = before.and_then(|s| step(s, event)) else {
        return Ok(());
    };
    counter::shift(&mut work.tx, kind, Some(&row.state), Some(after.as_str())).await?;
    work.detail(json!({ "state": { "before": row.state, "after": after.as_str() } }));
    after.as_str().clone_into(&mut row.state);
    if event == Event::Hold {
        Hold::Technical.as_str().clone_into(&mut row.hold);
    }
    (row.state_at, row.changed_at, row.changed_by) = (work.now, work.now, work.by());
    submission::save(&mut work.tx, &row).await?;
    work.end(Ok(Done::default())).await?;
    Ok(())
}
