//! Connections: how an organisation's deliveries arrive, and what may come by them. Not their licence codes.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A connection.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Connection {
    /// Identifier.
    pub id: String,
    /// Organisation whose deliveries come by it.
    pub organisation_id: String,
    /// Vendor whose software makes them.
    pub vendor_id: Option<String>,
    /// `automatic` or `manual`.
    pub route: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Why, as given.
    pub state_reason: String,
    /// Kinds that follow from the specifications, separated by commas.
    pub kinds: String,
    /// Specifications that may come, separated by commas.
    pub specifications: String,
    /// When asked.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When it first went live; 0 for never.
    #[sqlx(try_from = "i64")]
    pub live_at: Timestamp,
    /// When last used; 0 for never.
    #[sqlx(try_from = "i64")]
    pub used_at: Timestamp,
    /// 1 when the vendor gets the status mails too.
    pub vendor_mail: i64,
    /// Owner of the files in its watched folder; -1 for no folder.
    pub inbox_uid: i64,
    /// When last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
    /// Version.
    pub version: i64,
}

/// Columns in the order of the struct.
pub const COLUMNS: &str = "id, organisation_id, vendor_id, route, state, state_at, state_reason, kinds, specifications, \
    created_at, live_at, used_at, vendor_mail, inbox_uid, changed_at, changed_by, version";

/// Adds a connection; `Unique` when one of the same organisation, vendor and route is open.
pub async fn insert(tx: &mut Tx, c: &Connection) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO connection (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([&c.id, &c.organisation_id])
        .push(", ")
        .arg(c.vendor_id.clone())
        .push(", ")
        .args([&c.route, &c.state])
        .push(", ")
        .arg(c.state_at)
        .push(", ")
        .args([&c.state_reason, &c.kinds, &c.specifications])
        .push(", ")
        .args([c.created_at, c.live_at, c.used_at])
        .push(", ")
        .args([c.vendor_mail, c.inbox_uid])
        .push(", ")
        .arg(c.changed_at)
        .push(", ")
        .arg(&c.changed_by)
        .push(", ")
        .arg(c.version)
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The connection with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Connection>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM connection WHERE id = $1");
    tx.optional(query.bind(id)).await
}

/// The connection with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Connection>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM connection WHERE id = $1")
        .push(lock);
    tx.optional(query.bind(id)).await
}

/// Every connection of an organisation that is not revoked, locked until the transaction ends.
pub async fn lock_open_of(tx: &mut Tx, organisation: &str) -> Result<Vec<Connection>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM connection WHERE organisation_id = $1 AND state <> 'revoked' ORDER BY id")
        .push(lock);
    tx.all(query.bind(organisation)).await
}

/// Every connection of a vendor that waits for its test run, locked until the transaction ends.
pub async fn lock_testing_of(tx: &mut Tx, vendor: &str) -> Result<Vec<Connection>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM connection WHERE vendor_id = $1 AND state = 'testing' ORDER BY id")
        .push(lock);
    tx.all(query.bind(vendor)).await
}

/// Saves the state and what people edit; the caller has locked the row.
pub async fn save(tx: &mut Tx, c: &Connection) -> Result<(), StoreError> {
    let query = Query::new("UPDATE connection SET version = version + 1")
        .set("state", &c.state)
        .set("state_at", c.state_at)
        .set("state_reason", &c.state_reason)
        .set("kinds", &c.kinds)
        .set("specifications", &c.specifications)
        .set("live_at", c.live_at)
        .set("vendor_mail", c.vendor_mail)
        .set("inbox_uid", c.inbox_uid)
        .set("changed_at", c.changed_at)
        .set("changed_by", &c.changed_by)
        .push(" WHERE id = ")
        .arg(&c.id);
    tx.execute(query).await?;
    Ok(())
}

/// Notes that a connection was used; its version stays, for nobody edited it.
pub async fn touch(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE connection SET used_at = $2 WHERE id = $1 AND used_at < $2";
    tx.execute(Query::new(sql).bind(id).bind(now)).await?;
    Ok(())
}
