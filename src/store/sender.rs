//! Who a delivery comes from: the connection with its organisation, the owner of a watched folder, and the keys that senders give.

use super::submission::{self, Submission};
use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A connection as far as a delivery by it needs.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Sender {
    /// Connection.
    pub id: String,
    /// Its organisation.
    pub organisation_id: String,
    /// Its vendor, when there is one.
    pub vendor_id: Option<String>,
    /// Its state.
    pub state: String,
    /// Specifications that it delivers, separated by commas.
    pub specifications: String,
}

const COLUMNS: &str = "id, organisation_id, vendor_id, state, specifications";

/// The connection with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Sender>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM connection WHERE id = $1");
    tx.optional(query.bind(id)).await
}

/// The connection with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Sender>, StoreError> {
    let for_update = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM connection WHERE id = $1")
        .push(for_update);
    tx.optional(query.bind(id)).await
}

/// Connections of the organisation with this AGB code whose watched folder belongs to this user id.
pub async fn of_folder(tx: &mut Tx, agb: &str, uid: i64) -> Result<Vec<Sender>, StoreError> {
    let query = Query::new(
        "SELECT c.id, c.organisation_id, c.vendor_id, c.state, c.specifications FROM connection c
        JOIN organisation o ON o.id = c.organisation_id
        WHERE o.agb = $1 AND c.inbox_uid = $2 AND c.state <> 'revoked' ORDER BY c.created_at, c.id",
    );
    tx.all(query.bind(agb).bind(uid)).await
}

/// Notes that a connection delivered.
pub async fn used(tx: &mut Tx, id: &str, at: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE connection SET used_at = $2 WHERE id = $1";
    tx.execute(Query::new(sql).bind(id).bind(at)).await?;
    Ok(())
}

/// A key that a connection gave before: the digest of the bytes and the submission that they became.
pub async fn key(
    tx: &mut Tx,
    connection: &str,
    name: &str,
) -> Result<Option<(String, String)>, StoreError> {
    let sql =
        "SELECT sha256, submission_id FROM delivery_key WHERE connection_id = $1 AND name = $2";
    tx.optional(Query::new(sql).bind(connection).bind(name))
        .await
}

/// Remembers a key; one that is there already stays.
pub async fn put_key(
    tx: &mut Tx,
    connection: &str,
    name: &str,
    (sha256, submission): (&str, &str),
    at: Timestamp,
) -> Result<(), StoreError> {
    let query = Query::new(
        "INSERT INTO delivery_key (connection_id, name, sha256, submission_id, at) VALUES (",
    )
    .args([connection, name, sha256, submission])
    .push(", ")
    .arg(at)
    .push(") ON CONFLICT (connection_id, name) DO NOTHING");
    tx.execute(query).await?;
    Ok(())
}

/// Whether a connection delivered a submission: as its own, or with bytes that were there already.
pub async fn delivered(
    tx: &mut Tx,
    connection: &str,
    submission: &str,
) -> Result<bool, StoreError> {
    let sql =
        "SELECT count(*) FROM submission s WHERE s.id = $2 AND (s.connection_id = $1 OR EXISTS (
        SELECT 1 FROM delivery_key k WHERE k.connection_id = $1 AND k.submission_id = s.id))";
    Ok(tx
        .number(Query::new(sql).bind(connection).bind(submission))
        .await?
        > 0)
}

/// The newest test delivery of a connection with these bytes that was not withdrawn.
pub async fn same_test(
    tx: &mut Tx,
    connection: &str,
    sha256: &str,
) -> Result<Option<Submission>, StoreError> {
    let query = Query::new("SELECT ")
        .push(submission::COLUMNS)
        .push(
            " FROM submission WHERE connection_id = $1 AND sha256 = $2 AND test = 1 \
             AND state <> 'withdrawn' ORDER BY received_at DESC, id DESC LIMIT 1",
        )
        .bind(connection)
        .bind(sha256);
    tx.optional(query).await
}
