//! Who is here and who has a record open; letting go of a claim. Hints between colleagues, not locks: the version decides.

use super::read::begin;
use super::{Actor, Error, Services};
use crate::domain::kind::Kind;
use crate::domain::time::{DAY, SECOND};
use crate::store::Access;
use crate::store::claim;
use crate::store::presence::{self as rows, Present};

/// How long after its last beat a session counts as here; consoles beat three times as often.
pub const HERE: i64 = 90 * SECOND;

/// Where a session is: the English name of its screen, and the record that it has open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// English name of the screen.
    pub screen: &'a str,
    /// Kind and id of the record, when one is open.
    pub record: Option<(Kind, &'a str)>,
}

fn silent(services: &Services, actor: &Actor) -> bool {
    actor.read_only || services.db.access() == Access::ReadOnly
}

/// Says that a session is here. A session that may not write stays unseen.
pub async fn beat(
    services: &Services,
    actor: &Actor,
    session: &str,
    place: Place<'_>,
) -> Result<(), Error> {
    if silent(services, actor) {
        return Ok(());
    }
    let (kind, id) = place.record.map_or((None, ""), |(k, id)| (Some(k), id));
    let mut tx = services.db.write().await?;
    let operator = (actor.operator.as_str(), actor.name.as_str());
    let now = services.clock.now();
    rows::beat(&mut tx, session, operator, (place.screen, kind, id), now).await?;
    Ok(tx.commit().await?)
}

/// Says that a session is gone.
pub async fn leave(services: &Services, actor: &Actor, session: &str) -> Result<(), Error> {
    if silent(services, actor) {
        return Ok(());
    }
    let mut tx = services.db.write().await?;
    let old = services.clock.now().plus(-DAY);
    rows::leave(&mut tx, session, old).await?;
    Ok(tx.commit().await?)
}

/// Who has a record open besides this person, by name.
pub async fn others(
    services: &Services,
    actor: &Actor,
    kind: Kind,
    id: &str,
) -> Result<Vec<String>, Error> {
    let mut tx = begin(services, actor).await?;
    let since = services.clock.now().plus(-HERE);
    let found = rows::others(&mut tx, &actor.operator, (kind, id), since).await?;
    tx.rollback().await?;
    Ok(found.into_iter().map(|r| r.0).collect())
}

/// Who is on line.
pub async fn online(services: &Services, actor: &Actor) -> Result<Vec<Present>, Error> {
    let mut tx = begin(services, actor).await?;
    let found = rows::online(&mut tx, services.clock.now().plus(-HERE)).await?;
    tx.rollback().await?;
    Ok(found)
}

/// Lets go of a record that this person claimed.
pub async fn release(
    services: &Services,
    actor: &Actor,
    kind: Kind,
    id: &str,
) -> Result<(), Error> {
    if silent(services, actor) {
        return Ok(());
    }
    let mut tx = services.db.write().await?;
    claim::release(&mut tx, kind, id, &actor.operator).await?;
    Ok(tx.commit().await?)
}
