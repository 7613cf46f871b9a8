//! Who looked at an extract as it is, a row of the audit which an approval asks for, and who at its figures. Not what is seen: that is
//! `inspect` and `reads`.

use super::super::error::Error;
use super::super::note::note_once;
use super::super::{Actor, Services};
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::time::Timestamp;
use crate::store::extract::Extract;
use crate::store::lists::audit::noted;
use crate::store::{Access, StoreError, Tx};
use serde_json::{Value, json};

/// Audit name of looking at an extract: at what would leave and what our own attacks found.
const VIEW: &str = "extract.view";
/// Audit name of looking at figures of it.
const INSPECT: &str = "extract.inspect";

fn detail(hidden: bool, digest: &str) -> Value {
    json!({ "hidden": hidden, "digest": digest })
}

/// Notes that a reader looked at figures of an extract, once in a while; a release manager saw what is hidden too.
pub(super) async fn note(services: &Services, actor: &Actor, row: &Extract) -> Result<(), Error> {
    let detail = detail(actor.may(Right::Extracts), &row.digest);
    let object = (Kind::Extract, row.id.as_str(), "");
    note_once(services, actor, INSPECT, object, detail).await
}

/// Notes that somebody who may decide on an extract had its record or the form of an approval before them, with what our own attacks
/// found. Where nothing can be decided nothing is noted.
pub(in crate::service) async fn note_decider(
    services: &Services,
    actor: &Actor,
    row: &Extract,
) -> Result<(), Error> {
    let idle = actor.read_only || services.db.access() == Access::ReadOnly;
    if idle || row.digest.is_empty() || !actor.may(Right::Extracts) {
        return Ok(());
    }
    let (detail, object) = (
        detail(true, &row.digest),
        (Kind::Extract, row.id.as_str(), ""),
    );
    note_once(services, actor, VIEW, object, detail).await
}

/// Whether an operator looked at an extract as it is now.
pub(super) async fn seen(tx: &mut Tx, operator: &str, row: &Extract) -> Result<bool, StoreError> {
    let (object, detail) = (
        (Kind::Extract, row.id.as_str(), VIEW),
        detail(true, &row.digest).to_string(),
    );
    noted(tx, operator, object, &detail, Timestamp::NEVER).await
}
