//! The watched folders, `inbox/AGB/…`: what lies still is taken in like a delivery over HTTP; what is refused goes to `rejected/` with
//! the reason beside it. A crash at any point loses nothing and doubles nothing: bytes that came before are recognised.

use super::desk::Desk;
use super::folder::{self, Folder, Seen, Taken, Took};
use crate::domain::check::Flaw;
use crate::domain::right::Language;
use crate::language::intake as say;
use crate::service::arrival::{self, By};
use crate::service::intake_file::{Incoming, Kept};
use crate::service::{Actor, Call, Error, tell};
use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// Looks into the folders until it is asked to stop, and finishes the file that it is at.
pub(super) async fn watch(desk: Arc<Desk>, mut stop: watch::Receiver<bool>) {
    let Some(inbox) = desk.services.settings.intake.inbox.clone() else {
        return;
    };
    let pause = super::millis(desk.services.settings.intake.inbox_poll);
    let mut before = HashSet::new();
    loop {
        before = look(&desk, &inbox, &before, &stop).await;
        tokio::select! {
            _ = stop.wait_for(|asked| *asked) => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// One look: takes what lies as it lay at the look before; gives what lies there now.
async fn look(
    desk: &Arc<Desk>,
    inbox: &Path,
    before: &HashSet<(String, Seen)>,
    stop: &watch::Receiver<bool>,
) -> HashSet<(String, Seen)> {
    let mut now = HashSet::new();
    for (folder, files) in all(inbox.to_owned()).await {
        let folder = Arc::new(folder);
        for seen in files {
            let known = (folder.agb.clone(), seen.clone());
            if !seen.was_taken() && !before.contains(&known) {
                now.insert(known);
                continue;
            }
            if *stop.borrow() {
                return now;
            }
            if let Err(error) = one(desk, &folder, seen).await {
                tracing::warn!(folder = folder.agb, %error, "watched folder");
            }
        }
    }
    now
}

/// Every folder with what lies in it; what cannot be read is told and passed over.
async fn all(inbox: PathBuf) -> Vec<(Folder, Vec<Seen>)> {
    let read = move || {
        let folders = folder::folders(&inbox)?;
        let each = folders.into_iter().map(|f| {
            let files = f.look()?;
            Ok((f, files))
        });
        each.collect::<io::Result<Vec<_>>>()
    };
    match aside(read).await {
        Ok(found) => found,
        Err(error) => {
            tracing::warn!(%error, "watched folders");
            Vec::new()
        }
    }
}

/// Takes one file in. An error leaves it where it is, for the next look.
async fn one(desk: &Arc<Desk>, folder: &Arc<Folder>, seen: Seen) -> Result<(), Error> {
    let (place, at) = (Arc::clone(folder), seen.at());
    let took = aside(move || place.take(&seen)).await;
    let taken = match took.map_err(|e| trouble(&e))? {
        Took::Gone => return Ok(()),
        Took::Open(taken) => Arc::new(taken),
        Took::Unfit(name) => {
            let report = report(&Error::invalid("file", Flaw::NotText));
            tracing::warn!(folder = folder.agb, "refused unread");
            return move_away(desk, folder, name, at, report).await;
        }
    };
    match receive(desk, folder, &taken).await {
        Ok(outcome) => {
            let bytes = u64::try_from(outcome.1).unwrap_or(0);
            desk.metrics.arrived("inbox", outcome.0, bytes);
            let place = Arc::clone(folder);
            aside(move || place.remove(&taken))
                .await
                .map_err(|e| trouble(&e))
        }
        Err(error) if passes(&error) => Err(error),
        Err(error) => move_away(desk, folder, taken.name().to_owned(), at, report(&error)).await,
    }
}

async fn receive(
    desk: &Arc<Desk>,
    folder: &Folder,
    taken: &Arc<Taken>,
) -> Result<(&'static str, i64), Error> {
    let services = &desk.services;
    let call = Call::new(&Arc::new(Actor::system("intake", Language::Nl)));
    let by = By::Inbox {
        organisation: folder.agb.clone(),
        owner: taken.owner,
    };
    arrival::admit(services, &call, &by).await?;
    let kept = copy(desk, taken).await?;
    let bytes = kept.bytes;
    let (_, receipt) = arrival::receive(services, &call, &by, None, kept).await?;
    let outcome = if receipt.first {
        "received"
    } else {
        "identical"
    };
    Ok((outcome, bytes))
}

/// Copies a file to the store of delivered files; one that changed meanwhile is left for the next look.
async fn copy(desk: &Desk, taken: &Arc<Taken>) -> Result<Kept, Error> {
    let settings = &desk.services.settings;
    let (store, most) = (settings.files.clone(), settings.intake.max_bytes);
    let from = Arc::clone(taken);
    let copied = tokio::task::spawn_blocking(move || {
        let mut incoming = Incoming::begin(&store, most)?;
        incoming.fill(&mut from.contents().map_err(|e| trouble(&e))?)?;
        if incoming.bytes() == 0 {
            return Err(Error::invalid("file", Flaw::Missing));
        }
        if !from.unchanged() {
            return Err(Error::Storage(
                "a file changed while it was read".to_owned(),
            ));
        }
        incoming.keep(&from.file_name)
    });
    copied.await.map_err(|e| Error::Internal(e.to_string()))?
}

async fn move_away(
    desk: &Desk,
    folder: &Arc<Folder>,
    name: String,
    at: i64,
    report: String,
) -> Result<(), Error> {
    desk.metrics.arrived("inbox", "refused", 0);
    let place = Arc::clone(folder);
    let moved = aside(move || place.reject(&name, at, &report)).await;
    moved.map_err(|e| trouble(&e))
}

/// Whether an error may pass by itself: then the file stays where it is.
fn passes(error: &Error) -> bool {
    matches!(
        error,
        Error::Store(_) | Error::Storage(_) | Error::Internal(_)
    )
}

/// Why a file was refused, in both languages, for whoever looks beside it.
fn report(error: &Error) -> String {
    let each = [Language::Nl, Language::En].map(|language| {
        let title = say::REFUSED_FILE.text(language);
        format!("{title} {}\n", tell(error, language))
    });
    each.concat()
}

async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other)?
}

fn trouble(error: &io::Error) -> Error {
    Error::Storage(error.to_string())
}
