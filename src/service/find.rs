//! Records by what people call them: an id, the start of one, an AGB code, a login, a name of a version.

use super::{Error, Services};
use crate::domain::kind::Kind;
use crate::store::{Tx, reference};

/// The id of the record that a text names; the text must name exactly one.
pub async fn find(services: &Services, kind: Kind, text: &str) -> Result<String, Error> {
    let mut tx = services.db.read().await?;
    let id = id_in(&mut tx, kind, text).await;
    tx.rollback().await?;
    id
}

/// As `find`, within a transaction.
pub async fn id_in(tx: &mut Tx, kind: Kind, text: &str) -> Result<String, Error> {
    let text = text.trim();
    let mut found = reference::ids(tx, kind, text).await?;
    match (found.pop(), found.is_empty()) {
        (Some((id,)), true) => Ok(id),
        _ => Err(Error::Missing {
            kind,
            id: text.chars().take(64).collect(),
        }),
    }
}
