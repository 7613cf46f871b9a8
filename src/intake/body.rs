//! Bodies of requests: to disk with a hash, or a small one to memory; each wait, the whole and the average pace have a bound.

use super::desk::Desk;
use super::problem::Problem;
use crate::service::intake_file::{Incoming, Kept};
use crate::service::{Error, Services};
use axum::body::{Body, BodyDataStream};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Bytes that are gathered before they are hashed and written.
const BLOCK: usize = 256 * 1024;
/// Most bytes of a body that is kept in memory.
const MOST_IN_MEMORY: usize = 1024 * 1024;

/// A body that is read under the limits of the settings.
struct Stream {
    frames: BodyDataStream,
    idle: Duration,
    end: Instant,
    pace: u64,
    waited: Duration,
    bytes: u64,
}

impl Stream {
    fn new(services: &Services, body: Body) -> Self {
        let settings = &services.settings.intake;
        Self {
            frames: body.into_data_stream(),
            idle: super::millis(settings.idle),
            end: Instant::now() + super::millis(settings.body),
            pace: settings.pace,
            waited: Duration::ZERO,
            bytes: 0,
        }
    }

    /// The next bytes; none at the end.
    async fn next(&mut self) -> Result<Option<axum::body::Bytes>, Problem> {
        let from = Instant::now();
        let next = timeout_at(self.end.min(from + self.idle), self.frames.next()).await;
        // Only the caller's time counts, not that of the disk.
        self.waited += from.elapsed();
        let bytes = match next.map_err(|_| Problem::too_slow())? {
            None => return Ok(None),
            Some(Err(_)) => return Err(Problem::incomplete()),
            Some(Ok(bytes)) => bytes,
        };
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        let least = self.pace.saturating_mul(self.waited.as_secs());
        if self.waited > self.idle && self.bytes < least {
            return Err(Problem::too_slow());
        }
        Ok(Some(bytes))
    }
}

/// Refuses a body before it is read, where its head already says that it will not do.
pub(super) fn looks_right(services: &Services, headers: &HeaderMap) -> Result<(), Problem> {
    let encoding = headers.get(CONTENT_ENCODING);
    if encoding.is_some_and(|e| e.as_bytes() != b"identity") {
        return Err(Problem::encoded());
    }
    match length(headers) {
        Some(length) if length > services.settings.intake.max_bytes => Err(Problem::too_large()),
        _ => Ok(()),
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Writes a body to the store of delivered files. When anything stops it, nothing is left.
pub(super) async fn keep(desk: &Arc<Desk>, body: Body, name: &str) -> Result<Kept, Problem> {
    let services = &desk.services;
    let mut stream = Stream::new(services, body);
    let (store, most) = (
        services.settings.files.clone(),
        services.settings.intake.max_bytes,
    );
    let mut block = Vec::new();
    let mut incoming: Option<Incoming> = None;
    while let Some(bytes) = stream.next().await? {
        if stream.bytes > most {
            return Err(Problem::too_large());
        }
        block.extend_from_slice(&bytes);
        if block.len() >= BLOCK {
            let store = store.clone();
            (incoming, block) = aside(move || {
                let mut incoming = begun(incoming, &store, most)?;
                incoming.write(&block)?;
                block.clear();
                Ok((Some(incoming), block))
            })
            .await?;
        }
    }
    if stream.bytes == 0 {
        return Err(Problem::empty());
    }
    let name = name.to_owned();
    let kept = aside(move || {
        let mut incoming = begun(incoming, &store, most)?;
        incoming.write(&block)?;
        incoming.keep(&name)
    });
    Ok(kept.await?)
}

fn begun(
    incoming: Option<Incoming>,
    store: &std::path::Path,
    most: u64,
) -> Result<Incoming, Error> {
    incoming.map_or_else(|| Incoming::begin(store, most), Ok)
}

/// Does what waits for the disk where nobody else waits for it.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|e| Error::Internal(e.to_string()))?
}

/// A small body as text.
pub(super) async fn text(
    desk: &Arc<Desk>,
    headers: &HeaderMap,
    body: Body,
) -> Result<String, Problem> {
    looks_right(&desk.services, headers)?;
    let most = MOST_IN_MEMORY as u64;
    if length(headers).is_some_and(|n| n > most) {
        return Err(Problem::too_large());
    }
    let mut stream = Stream::new(&desk.services, body);
    let mut all = Vec::new();
    while let Some(bytes) = stream.next().await? {
        if stream.bytes > most {
            return Err(Problem::too_large());
        }
        all.extend_from_slice(&bytes);
    }
    if all.is_empty() {
        return Err(Problem::empty());
    }
    let unreadable = |_| Problem::bad_request(&crate::language::intake::NOT_UTF8);
    String::from_utf8(all).map_err(unreadable)
}
