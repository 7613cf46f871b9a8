//! When no mail leaves: a pause while the server is the trouble, growing with every vain try, and the freeze that only a person ends.

use crate::domain::time::{MINUTE, SECOND, Timestamp};
use crate::mail::smtp::Verdict;
use crate::store::lease::{self, Lease, OUTBOX_FROZEN, OUTBOX_PAUSE};
use crate::store::{StoreError, Tx};
use serde_json::{Value, json};

/// First pause.
const FIRST: i64 = 30 * SECOND;
/// Longest pause.
const LONGEST: i64 = 15 * MINUTE;

/// A pause of the outbox, in force or over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// No mail is tried before.
    pub until: Timestamp,
    /// How long this pause is, in milliseconds.
    pub wait: i64,
    /// How far the attempt got that caused it.
    pub step: String,
    /// What the server said, or `[code]` of our own.
    pub said: String,
}

/// The last pause, unless a mail went out since it ended.
pub async fn current(tx: &mut Tx) -> Result<Option<Pause>, StoreError> {
    Ok(lease::by_name(tx, OUTBOX_PAUSE).await?.map(|row| {
        let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
        let text = |name: &str| detail[name].as_str().unwrap_or_default().to_owned();
        Pause {
            until: row.until,
            wait: detail["wait"].as_i64().unwrap_or(FIRST),
            step: text("step"),
            said: text("said"),
        }
    }))
}

/// Whether mail may leave now.
pub async fn open(tx: &mut Tx, now: Timestamp) -> Result<bool, StoreError> {
    let paused = current(tx).await?.is_some_and(|p| p.until > now);
    Ok(!paused && frozen(tx).await?.is_none())
}

/// Pauses the outbox after an attempt that began at `began`; gives until when. Of several attempts that fail together
/// only the first makes the pause longer.
pub(super) async fn raise(
    tx: &mut Tx,
    worker: &str,
    began: Timestamp,
    now: Timestamp,
    verdict: &Verdict,
) -> Result<Timestamp, StoreError> {
    let last = current(tx).await?;
    let wait = match &last {
        Some(pause) if pause.until > began => return Ok(pause.until.max(now)),
        Some(pause) => pause.wait.saturating_mul(2).clamp(FIRST, LONGEST),
        None => FIRST,
    };
    let said: String = verdict.said.chars().take(200).collect();
    let row = Lease {
        name: OUTBOX_PAUSE.to_owned(),
        holder: worker.to_owned(),
        until: now.plus(wait),
        detail: json!({ "wait": wait, "step": verdict.step.as_str(), "said": said }).to_string(),
    };
    lease::set(tx, &row).await?;
    Ok(row.until)
}

/// A mail went out: a pause that is over is forgotten, so that the next one begins short.
pub(super) async fn lift(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    if current(tx).await?.is_some_and(|p| p.until <= now) {
        lease::clear(tx, OUTBOX_PAUSE).await?;
    }
    Ok(())
}

/// Who froze the outbox and why, if it is frozen.
pub async fn frozen(tx: &mut Tx) -> Result<Option<(String, String)>, StoreError> {
    let row = lease::by_name(tx, OUTBOX_FROZEN).await?;
    Ok(row.map(|r| (r.holder, r.detail)))
}

/// Freezes the outbox: mail is queued but none leaves until `thaw`.
pub async fn freeze(tx: &mut Tx, by: &str, why: &str) -> Result<(), StoreError> {
    let row = Lease {
        name: OUTBOX_FROZEN.to_owned(),
        holder: by.to_owned(),
        until: Timestamp(i64::MAX),
        detail: why.to_owned(),
    };
    lease::set(tx, &row).await
}

/// Lets mail leave again; false when the outbox was not frozen.
pub async fn thaw(tx: &mut Tx) -> Result<bool, StoreError> {
    lease::clear(tx, OUTBOX_FROZEN).await
}
