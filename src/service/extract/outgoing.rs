//! The outgoing directory, brought in line with the registry by a job: what was released is there, whole and signed; what was
//! recalled is not. Repeatable: what is there already stays as it is.

use super::super::error::Error;
use super::super::frame::Work;
use super::super::submission::{Errand, Outcome};
use super::super::{Actor, Call, Done, Services};
use super::release::letter;
use super::{label, signature};
use crate::domain::extract::State;
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::{Language, Right};
use crate::domain::time::Timestamp;
use crate::extract::outgoing::{SUMS, sums};
use crate::store::extract::{self, Extract};
use crate::store::{extract_content, job};
use serde_json::json;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
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
    let mut files = Vec::new();
    let deed = deed(&row);
    if deed == Some(Deed::Write) {
        for file in extract_content::files(&mut tx, &row.id).await? {
            let content = extract_content::content(&mut tx, &row.id, &file.name).await?;
            files.push((file, content.map(|c| c.0).unwrap_or_default()));
        }
    }
    let shared = deed == Some(Deed::Remove)
        && extract::others_in(&mut tx, &row.id, &row.directory).await? > 0;
    tx.rollback().await?;
    let (root, name) = (services.settings.outgoing.clone(), directory(&row));
    let key = services.settings.signing_key.clone();
    let done = match deed {
        None => return Ok(Outcome::Nothing),
        Some(Deed::Remove) if shared => Ok(()),
        Some(Deed::Remove) => blocking(move || remove(&root, &name)).await,
        Some(Deed::Write) => {
            let comment = format!("{} digest:{}", label(&row), row.digest);
            blocking(move || {
                let parcel = parcel(files, key.as_deref(), &comment)?;
                place(&root, &name, &parcel)
            })
            .await
        }
    };
    done.map_err(|e| Error::Storage(e.to_string()))?;
    settle(services, errand, &row, deed).await
}

fn deed(row: &Extract) -> Option<Deed> {
    match row.state.parse() {
        Ok(State::Released) if row.written_at == Timestamp::NEVER => Some(Deed::Write),
        Ok(State::Recalled) if row.written_at != Timestamp::NEVER => Some(Deed::Remove),
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

async fn blocking(work: impl FnOnce() -> io::Result<()> + Send + 'static) -> io::Result<()> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
}

/// Everything that lies in the directory of a release: files, sums, and the signature over the sums when there is a key.
fn parcel(
    files: Vec<(extract_content::File, Vec<u8>)>,
    key: Option<&Path>,
    comment: &str,
) -> io::Result<Vec<(String, Vec<u8>)>> {
    let names = files
        .iter()
        .map(|(f, _)| (f.name.as_str(), f.sha256.as_str()));
    let sums = sums(names).into_bytes();
    let signed = key
        .map(|key| signature::sign(key, &sums, comment))
        .transpose()?;
    let mut all: Vec<(String, Vec<u8>)> = files
        .into_iter()
        .map(|(f, content)| (f.name, content))
        .collect();
    all.push((SUMS.to_owned(), sums));
    all.extend(signed.map(|s| (signature::NAME.to_owned(), s.into_bytes())));
    Ok(all)
}

/// Lays a directory down whole or not at all.
fn place(root: &Path, name: &str, parcel: &[(String, Vec<u8>)]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o750).create(root)?;
    let target = root.join(name);
    if target.exists() {
        return same(&target, parcel);
    }
    // Left behind by a worker that died: only one job is at this directory.
    let partial = root.join(format!(".{name}"));
    if partial.exists() {
        std::fs::remove_dir_all(&partial)?;
    }
    let written = write_all(&partial, parcel).and_then(|()| {
        std::fs::rename(&partial, &target)?;
        File::open(root)?.sync_all()
    });
    if written.is_err() {
        // What cannot be taken away either is taken away by the next attempt.
        drop(std::fs::remove_dir_all(&partial));
    }
    written
}

fn write_all(partial: &Path, parcel: &[(String, Vec<u8>)]) -> io::Result<()> {
    DirBuilder::new().mode(0o750).create(partial)?;
    for (name, content) in parcel {
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o640);
        let mut file = options.open(partial.join(name))?;
        file.write_all(content)?;
        file.sync_all()?;
    }
    File::open(partial)?.sync_all()
}

/// A directory that is there already must hold the same sums.
fn same(target: &Path, parcel: &[(String, Vec<u8>)]) -> io::Result<()> {
    let there = std::fs::read(target.join(SUMS))?;
    let ours = parcel.iter().find(|(name, _)| name == SUMS);
    if ours.is_some_and(|(_, sums)| *sums == there) {
        Ok(())
    } else {
        let text = format!("{} holds something else", target.display());
        Err(io::Error::new(io::ErrorKind::AlreadyExists, text))
    }
}

fn remove(root: &Path, name: &str) -> io::Result<()> {
    let (target, gone) = (root.join(name), root.join(format!(".{name}")));
    let moved = move_away(&target, &gone);
    match moved {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Out of sight at once, then away: nobody fetches half of it.
fn move_away(target: &PathBuf, gone: &PathBuf) -> io::Result<()> {
    if !gone.exists() {
        std::fs::rename(target, gone)?;
    }
    std::fs::remove_dir_all(gone)
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
