//! Handshakes that wait to be collected. The token of a link exists only as a hash.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A handshake.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Handshake {
    /// Identifier.
    pub id: String,
    /// Connection that gets a code by it.
    pub connection_id: String,
    /// Random part of the derivation of the token.
    pub nonce: String,
    /// SHA-256 of the token.
    pub token_hash: String,
    /// When issued.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it runs out.
    #[sqlx(try_from = "i64")]
    pub expires_at: Timestamp,
    /// When collected; 0 for not.
    #[sqlx(try_from = "i64")]
    pub collected_at: Timestamp,
    /// By whom, `link` when it was by the link.
    pub collected_by: String,
    /// When replaced, withdrawn or run out; 0 for not.
    #[sqlx(try_from = "i64")]
    pub revoked_at: Timestamp,
    /// The code that it made.
    pub licence_id: Option<String>,
}

/// Columns in the order of the struct.
pub const COLUMNS: &str = "id, connection_id, nonce, token_hash, created_at, created_by, expires_at, collected_at, \
    collected_by, revoked_at, licence_id";

/// Adds a handshake; `Unique` when another of the connection waits.
pub async fn insert(tx: &mut Tx, h: &Handshake) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO handshake (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([&h.id, &h.connection_id, &h.nonce, &h.token_hash])
        .push(", ")
        .arg(h.created_at)
        .push(", ")
        .arg(&h.created_by)
        .push(", ")
        .args([h.expires_at, h.collected_at])
        .push(", ")
        .arg(&h.collected_by)
        .push(", ")
        .arg(h.revoked_at)
        .push(", ")
        .arg(h.licence_id.clone())
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The handshake whose token has this hash.
pub async fn by_hash(tx: &mut Tx, hash: &str) -> Result<Option<Handshake>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM handshake WHERE token_hash = $1");
    tx.optional(query.bind(hash)).await
}

/// The handshake with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Handshake>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM handshake WHERE id = $1")
        .push(lock);
    tx.optional(query.bind(id)).await
}

/// The newest handshake of a connection, whatever became of it, locked until the transaction ends.
pub async fn lock_newest_of(
    tx: &mut Tx,
    connection: &str,
) -> Result<Option<Handshake>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM handshake WHERE connection_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1")
        .push(lock);
    tx.optional(query.bind(connection)).await
}

/// The newest handshake of a connection.
pub async fn newest_of(tx: &mut Tx, connection: &str) -> Result<Option<Handshake>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM handshake WHERE connection_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1");
    tx.optional(query.bind(connection)).await
}

/// Withdraws the handshake of a connection that waits; gives how many there were, at most one.
pub async fn revoke_open(tx: &mut Tx, connection: &str, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "UPDATE handshake SET revoked_at = $2 WHERE connection_id = $1 AND collected_at = 0 AND revoked_at = 0";
    tx.execute(Query::new(sql).bind(connection).bind(now)).await
}

/// Collects a handshake with the code that it made; false when it was collected, withdrawn or ran out in the meantime.
pub async fn collect(
    tx: &mut Tx,
    id: &str,
    now: Timestamp,
    by: &str,
    licence: &str,
) -> Result<bool, StoreError> {
    let sql = "UPDATE handshake SET collected_at = $2, collected_by = $3, licence_id = $4
        WHERE id = $1 AND collected_at = 0 AND revoked_at = 0 AND expires_at > $2";
    let query = Query::new(sql).bind(id).bind(now).bind(by).bind(licence);
    Ok(tx.execute(query).await? == 1)
}

/// Handshakes that ran out while they waited, a few at a time: each with its connection and the organisation of that.
pub async fn run_out(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT h.id, c.id, c.organisation_id FROM handshake h JOIN connection c ON c.id = h.connection_id
        WHERE h.collected_at = 0 AND h.revoked_at = 0 AND h.expires_at <= $1 ORDER BY h.expires_at, h.id LIMIT $2";
    tx.all(Query::new(sql).bind(now).bind(limit)).await
}
