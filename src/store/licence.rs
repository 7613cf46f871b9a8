//! Licence codes as they may be stored: a hash and a few characters, never the code. Not the handshakes that make them.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A licence code.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Licence {
    /// Identifier.
    pub id: String,
    /// Connection that it opens.
    pub connection_id: String,
    /// SHA-256 of the code.
    pub code_hash: String,
    /// First random characters of the code.
    pub prefix: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When made.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When it ends.
    #[sqlx(try_from = "i64")]
    pub expires_at: Timestamp,
    /// When last used; 0 for never.
    #[sqlx(try_from = "i64")]
    pub used_at: Timestamp,
    /// When reminded of its end; 0 for not.
    #[sqlx(try_from = "i64")]
    pub reminded_at: Timestamp,
    /// When last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
    /// Version.
    pub version: i64,
}

/// Columns in the order of the struct.
pub const COLUMNS: &str = "id, connection_id, code_hash, prefix, state, state_at, created_at, expires_at, used_at, \
    reminded_at, changed_at, changed_by, version";

/// Adds a licence code.
pub async fn insert(tx: &mut Tx, l: &Licence) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO licence (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([&l.id, &l.connection_id, &l.code_hash, &l.prefix, &l.state])
        .push(", ")
        .args([
            l.state_at,
            l.created_at,
            l.expires_at,
            l.used_at,
            l.reminded_at,
            l.changed_at,
        ])
        .push(", ")
        .arg(&l.changed_by)
        .push(", ")
        .arg(l.version)
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The licence code with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Licence>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM licence WHERE id = $1");
    tx.optional(query.bind(id)).await
}

/// The licence code with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Licence>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM licence WHERE id = $1")
        .push(lock);
    tx.optional(query.bind(id)).await
}

/// The codes of a connection that open something, oldest first, locked until the transaction ends.
pub async fn lock_open_of(tx: &mut Tx, connection: &str) -> Result<Vec<Licence>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(
            " FROM licence WHERE connection_id = $1 AND state IN ('active', 'expiring')
            ORDER BY created_at, id",
        )
        .push(lock);
    tx.all(query.bind(connection)).await
}

/// Codes whose end has come, a few at a time: each with its connection and the organisation of that.
pub async fn run_out(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT l.id, c.id, c.organisation_id FROM licence l JOIN connection c ON c.id = l.connection_id
        WHERE l.state IN ('active', 'expiring') AND l.expires_at <= $1 ORDER BY l.expires_at, l.id LIMIT $2";
    tx.all(Query::new(sql).bind(now).bind(limit)).await
}

/// Codes whose end comes before a moment and of which nobody was reminded, a few at a time: as `run_out`. Only the newest of a
/// connection: the one that it replaces may end in silence.
pub async fn ending(
    tx: &mut Tx,
    now: Timestamp,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT l.id, c.id, c.organisation_id FROM licence l JOIN connection c ON c.id = l.connection_id
        WHERE l.state = 'active' AND l.reminded_at = 0 AND l.expires_at > $1 AND l.expires_at <= $2
        ORDER BY l.expires_at, l.id LIMIT $3";
    tx.all(Query::new(sql).bind(now).bind(before).bind(limit))
        .await
}

/// Saves state, end and reminder; the caller has locked the row.
pub async fn save(tx: &mut Tx, l: &Licence) -> Result<(), StoreError> {
    let query = Query::new("UPDATE licence SET version = version + 1")
        .set("state", &l.state)
        .set("state_at", l.state_at)
        .set("expires_at", l.expires_at)
        .set("reminded_at", l.reminded_at)
        .set("changed_at", l.changed_at)
        .set("changed_by", &l.changed_by)
        .push(" WHERE id = ")
        .arg(&l.id);
    tx.execute(query).await?;
    Ok(())
}

/// Notes that a code was used; its version stays, for nobody edited it.
pub async fn touch(tx: &mut Tx, id: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE licence SET used_at = $2 WHERE id = $1 AND used_at < $2";
    tx.execute(Query::new(sql).bind(id).bind(now)).await?;
    Ok(())
}

/// What a code that was shown may open.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Opening {
    /// The licence code.
    pub licence: String,
    /// SHA-256 of the code.
    pub code_hash: String,
    /// Its state code.
    pub state: String,
    /// When it ends.
    #[sqlx(try_from = "i64")]
    pub expires_at: Timestamp,
    /// When last used.
    #[sqlx(try_from = "i64")]
    pub used_at: Timestamp,
    /// Its connection.
    pub connection: String,
    /// State code of the connection.
    pub connection_state: String,
    /// Vendor of the connection.
    pub vendor: Option<String>,
    /// Kinds that may come by it.
    pub kinds: String,
    /// Specifications that may come by it.
    pub specifications: String,
    /// Organisation of the connection.
    pub organisation: String,
    /// State code of the organisation.
    pub organisation_state: String,
}

/// Whatever has codes that begin with these characters; one statement, whether there is anything or not.
pub async fn by_prefix(tx: &mut Tx, prefix: &str) -> Result<Vec<Opening>, StoreError> {
    let sql = "SELECT l.id AS licence, l.code_hash, l.state, l.expires_at, l.used_at, c.id AS connection,
        c.state AS connection_state, c.vendor_id AS vendor, c.kinds, c.specifications, o.id AS organisation,
        o.state AS organisation_state
        FROM licence l JOIN connection c ON c.id = l.connection_id JOIN organisation o ON o.id = c.organisation_id
        WHERE l.prefix = $1 ORDER BY l.id";
    tx.all(Query::new(sql).bind(prefix)).await
}
