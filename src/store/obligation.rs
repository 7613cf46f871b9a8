//! Table `obligation`: who owes a delivery of which kind. Not the assessment of dates, which is in `domain`.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// An obligation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Obligation {
    /// Identifier.
    pub id: String,
    /// Organisation.
    pub organisation_id: String,
    /// `rom` or `cqi`.
    pub kind: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Since which day deliveries are owed.
    pub since: String,
    /// When the last delivery arrived that was processed, `NEVER` for none.
    #[sqlx(try_from = "i64")]
    pub delivered_at: Timestamp,
    /// Last day for the next delivery.
    pub due_on: String,
    /// When the organisation was reminded last.
    #[sqlx(try_from = "i64")]
    pub reminded_at: Timestamp,
    /// How often it was reminded.
    pub reminders: i64,
    /// Version.
    pub version: i64,
}

/// Columns in the order of the struct.
pub const COLUMNS: &str = "id, organisation_id, kind, state, state_at, since, delivered_at, due_on, reminded_at, \
    reminders, version";

/// Organisations in use with a live connection for a kind that have no obligation of it yet, and since when that connection lives.
pub async fn missing(tx: &mut Tx, kind: &str) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = "SELECT c.organisation_id, min(CASE WHEN c.live_at > 0 THEN c.live_at ELSE c.state_at END)
        FROM connection c JOIN organisation o ON o.id = c.organisation_id
        WHERE o.state = 'active' AND c.state = 'live' AND ',' || c.kinds || ',' LIKE '%,' || $1 || ',%'
            AND NOT EXISTS (SELECT 1 FROM obligation b WHERE b.organisation_id = c.organisation_id AND b.kind = $1)
        GROUP BY c.organisation_id ORDER BY c.organisation_id LIMIT 500";
    tx.all(Query::new(sql).bind(kind)).await
}

/// When the last delivery of a kind arrived that was processed; `NEVER` for none.
pub async fn last_delivery(
    tx: &mut Tx,
    organisation: &str,
    kind: &str,
) -> Result<Timestamp, StoreError> {
    let sql = "SELECT COALESCE(max(received_at), 0) FROM submission WHERE organisation_id = $1 AND kind = $2
        AND state IN ('processed', 'superseded') AND test = 0";
    let query = Query::new(sql).bind(organisation).bind(kind);
    Ok(Timestamp(tx.number(query).await?))
}

/// Adds a row; false when the organisation has one of this kind.
pub async fn insert(tx: &mut Tx, o: &Obligation) -> Result<bool, StoreError> {
    let query = Query::new("INSERT INTO obligation (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([&o.id, &o.organisation_id, &o.kind, &o.state])
        .push(", ")
        .arg(o.state_at)
        .push(", ")
        .arg(&o.since)
        .push(", ")
        .arg(o.delivered_at)
        .push(", ")
        .arg(&o.due_on)
        .push(", ")
        .arg(o.reminded_at)
        .push(", ")
        .args([o.reminders, o.version])
        .push(") ON CONFLICT DO NOTHING");
    Ok(tx.execute(query).await? == 1)
}

/// Obligations after an id, in the order of ids.
pub async fn page(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Obligation>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM obligation WHERE id > $1 ORDER BY id LIMIT $2")
        .bind(after)
        .bind(limit);
    tx.all(query).await
}

/// An obligation by id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Obligation>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM obligation WHERE id = $1")
        .push(lock)
        .bind(id);
    tx.optional(query).await
}

/// Whether deliveries of the kind are still owed: the organisation is in use and has a live connection for it.
pub async fn is_owed(tx: &mut Tx, o: &Obligation) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM connection c JOIN organisation o ON o.id = c.organisation_id
        WHERE c.organisation_id = $1 AND o.state = 'active' AND c.state = 'live'
            AND ',' || c.kinds || ',' LIKE '%,' || $2 || ',%'";
    let query = Query::new(sql).bind(&o.organisation_id).bind(&o.kind);
    Ok(tx.number(query).await? > 0)
}

/// Saves what was assessed and who was reminded; the caller has locked the row.
pub async fn save(tx: &mut Tx, o: &Obligation) -> Result<(), StoreError> {
    let query = Query::new("UPDATE obligation SET version = version + 1")
        .set("state", &o.state)
        .set("state_at", o.state_at)
        .set("delivered_at", o.delivered_at)
        .set("due_on", &o.due_on)
        .set("reminded_at", o.reminded_at)
        .set("reminders", o.reminders)
        .push(" WHERE id = ")
        .arg(&o.id);
    tx.execute(query).await?;
    Ok(())
}

/// Removes an obligation that is owed no more.
pub async fn remove(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    tx.execute(Query::new("DELETE FROM obligation WHERE id = $1").bind(id))
        .await?;
    Ok(())
}

/// A delivery was processed; the assessment follows when its turn comes.
pub async fn delivered(
    tx: &mut Tx,
    organisation: &str,
    kind: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE obligation SET delivered_at = $3 WHERE organisation_id = $1 AND kind = $2 AND delivered_at < $3";
    let query = Query::new(sql).bind(organisation).bind(kind).bind(at);
    tx.execute(query).await?;
    Ok(())
}
