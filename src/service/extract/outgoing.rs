//! The outgoing directory, brought in line with the registry by a job: what was released is there, whole and signed; what was
//! recalled is not. Repeatable: what is there already stays as it is.

use super::super::error::Error;
use super::super::frame::Work;
use super::super::submission::{Errand, Outcome};
use super::super::{Actor, Call, Done, Services};
use super::directory::{Parcel, Trouble, parcel, place, remove};
use super::label;
use super::release::letter;
use crate::domain::extract::State;
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::{Language, Right};
use crate::domain::time::Timestamp;
use crate::extract::outgoing::sums;
use crate::store::extract::{self, Extract};
use crate::store::{Tx, extract_content, job};
use serde_json::json;
use std::sync::Arc;

/// What becomes of the outgoing directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Write,
    Remove,
}

/// Writes or removes the files of an extract for its job.
pub async fn work_off(services: &Services, errand: &Errand<'_>) -> Result<Outcome, Error> {
    let mut tx = services.db.read().await?;
    let row = extract::by_id(&mut tx, errand.id).await?;
    let Some(row) = row else {
        tx.rollback().await?;
        return Ok(Outcome::Nothing);
    };
    let deed = deed(&row);
    let (files, sums) = match deed {
        Some(Deed::Write) => files(&mut tx, &row.id).await?,
        _ => (Vec::new(), String::new()),
    };
    let (root, name) = (services.settings.outgoing.clone(), directory(&row));
    // Also one whose files are still to be written: it takes those that it finds for its own.
    let left = extract::left(&mut tx).await?;
    let stays = |o: &Extract| o.id != row.id && o.state == State::Released.as_str();
    let shared = left.iter().any(|o| stays(o) && directory(o) == name);
    tx.rollback().await?;
    let key = services.settings.signing_key.clone();
    match deed {
        None => return Ok(Outcome::Nothing),
        Some(Deed::Remove) if shared => {}
        Some(Deed::Remove) => blocking(move || remove(&root, &name)).await?,
        Some(Deed::Write) => {
            let comment = format!("{} digest:{}", label(&row), row.digest);
            blocking(move || {
                let parcel = parcel(files, sums, key.as_deref(), &comment)?;
                place(&root, &name, &parcel)
            })
            .await?;
        }
    }
    settle(services, errand, &row, deed).await
}

/// The files of an extract, and the sums that the registry has of them.
async fn files(tx: &mut Tx, id: &str) -> Result<(Parcel, String), Error> {
    let listed = extract_content::files(tx, id).await?;
    let sums = sums(listed.iter().map(|f| (f.name.as_str(), f.sha256.as_str())));
    let mut all = Vec::new();
    for file in listed {
        let content = extract_content::content(tx, id, &file.name).await?;
        all.push((file.name, content.map(|c| c.0).unwrap_or_default()));
    }
    Ok((all, sums))
}

fn deed(row: &Extract) -> Option<Deed> {
    match row.state.parse() {
        Ok(State::Released) if row.written_at == Timestamp::NEVER => Some(Deed::Write),
        // Whether they were written is not known after a crash between the writing and the note of it.
        Ok(State::Recalled) => Some(Deed::Remove),
        _ => None,
    }
}

/// Name of the directory of a release: what it is of, and the first characters of its digest.
fn directory(row: &Extract) -> String {
    let digest: String = row.digest.chars().take(12).collect();
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let definition: String = row.definition.chars().map(safe).collect();
    format!(
        "{definition}-{}_{}_{digest}",
        row.definition_version, row.period
    )
}

async fn blocking(
    work: impl FnOnce() -> Result<(), Trouble> + Send + 'static,
) -> Result<(), Error> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|e| Error::Internal(e.to_string()))?;
    done.map_err(|trouble| Error::Storage(trouble.code()))
}

/// Writes down what was done together with the end of the job, and tells KiBG of what is new. What was recalled meanwhile goes again.
async fn settle(
    services: &Services,
    errand: &Errand<'_>,
    seen: &Extract,
    deed: Option<Deed>,
) -> Result<Outcome, Error> {
    let actor = Arc::new(Actor::system("worker", Language::Nl));
    let call = Call::new(&actor);
    let (action, written) = match deed {
        Some(Deed::Write) => ("extract.write", services.clock.now()),
        _ => ("extract.remove", Timestamp::NEVER),
    };
    let (right, kind) = (Right::Extracts, Kind::Extract);
    let mut work = Work::begin_as(services, &call, action, right, kind, errand.id).await?;
    let result = settle_in(&mut work, errand, (seen, written)).await;
    let outcome = result.as_ref().map_or(Outcome::Settled, |o| *o);
    if outcome != Outcome::Settled {
        work.is_moot();
    }
    work.end(result.map(|_| Done::default())).await?;
    Ok(outcome)
}

async fn settle_in(
    work: &mut Work<'_>,
    errand: &Errand<'_>,
    (seen, written): (&Extract, Timestamp),
) -> Result<Outcome, Error> {
    let found = extract::lock(&mut work.tx, errand.id).await?;
    let mut row = found.ok_or_else(|| Error::missing(Kind::Extract, errand.id))?;
    if row.state != seen.state {
        // Recalled while its files were written: they are there, so that the next turn removes them.
        row.written_at = work.now;
        row.directory = directory(&row);
        extract::save(&mut work.tx, &row).await?;
        let again = match errand.job {
            Some(ticket) => {
                job::snooze(&mut work.tx, ticket, work.now, work.now, "recalled").await?
            }
            None => job::Hold::Kept,
        };
        let kept = again == job::Hold::Kept;
        return Ok(if kept {
            Outcome::Settled
        } else {
            Outcome::Lost
        });
    }
    row.written_at = written;
    row.directory = directory(&row);
    extract::save(&mut work.tx, &row).await?;
    if written != Timestamp::NEVER {
        let letter = letter(work, &row, Template::ExtractReleased);
        work.post(letter);
    }
    work.detail(json!({ "directory": row.directory, "digest": row.digest }));
    if let Some(ticket) = errand.job
        && job::finish(&mut work.tx, ticket, work.now, "").await? == job::Hold::Lost
    {
        return Ok(Outcome::Lost);
    }
    Ok(Outcome::Settled)
}
