//! Notes of reads that must be known: searches by personal data and views of it, once each and not for every refresh.
//! What is searched for is never written, only by which fields.

use super::frame::{append_alone, entry_of};
use super::{Actor, Error, Services};
use crate::domain::kind::Kind;
use crate::domain::time::MINUTE;
use crate::store::lists::audit::noted;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

/// How long the same read by the same person counts as one.
const ONE_READ: i64 = 15 * MINUTE;

/// Tells two searches apart without telling what was searched for: keyed, so that it cannot be tried out.
pub fn search_digest(services: &Services, text: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(services.settings.key()) else {
        return String::new();
    };
    mac.update(b"search\0");
    mac.update(text.as_bytes());
    let digest = hex::encode(mac.finalize().into_bytes());
    digest.chars().take(16).collect()
}

/// Writes the audit row of a read, unless the same person did the same a moment ago. The record is its kind, its id and the
/// organisation that it belongs to. Fails where the audit cannot be written: then nothing may be read.
pub async fn note_once(
    services: &Services,
    actor: &Actor,
    action: &'static str,
    (kind, id, organisation): (Kind, &str, &str),
    detail: Value,
) -> Result<(), Error> {
    if actor.system {
        return Ok(());
    }
    let now = services.clock.now();
    let detail = detail.to_string();
    let mut tx = services.db.read().await?;
    let since = now.plus(-ONE_READ);
    let before = noted(&mut tx, &actor.operator, (kind, id, action), &detail, since).await?;
    tx.rollback().await?;
    if before {
        return Ok(());
    }
    let mut entry = entry_of(actor, now);
    action.clone_into(&mut entry.action);
    kind.as_str().clone_into(&mut entry.object_kind);
    id.clone_into(&mut entry.object_id);
    organisation.clone_into(&mut entry.organisation_id);
    "done".clone_into(&mut entry.outcome);
    entry.detail = detail;
    append_alone(services, entry).await
}
