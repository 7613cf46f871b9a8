//! Bulk runs: one action on many records, frozen when it was confirmed, worked off one by one.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A bulk run.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Bulk {
    /// Identifier.
    pub id: String,
    /// Action as `noun.verb`.
    pub act: String,
    /// Values as JSON.
    pub parameters: String,
    /// Reason as given.
    pub reason: String,
    /// Operator who confirmed it.
    pub operator_id: String,
    /// Name of that person.
    pub actor: String,
    /// Request that began it.
    pub request: String,
    /// `running`, `completed`, `cancelled`.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When confirmed.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// Number of records.
    pub total: i64,
    /// Version.
    pub version: i64,
}

const COLUMNS: &str = "id, act, parameters, reason, operator_id, actor, request, state, state_at, created_at, total, version";

/// Adds a run.
pub async fn insert(tx: &mut Tx, b: &Bulk) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO bulk (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([
            &b.id,
            &b.act,
            &b.parameters,
            &b.reason,
            &b.operator_id,
            &b.actor,
            &b.request,
            &b.state,
        ])
        .push(", ")
        .args([b.state_at, b.created_at])
        .push(", ")
        .args([b.total, b.version])
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The run with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Bulk>, StoreError> {
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM bulk WHERE id = $1")
            .bind(id),
    )
    .await
}

/// Ends a run that is still running; false when it had ended.
pub async fn end(tx: &mut Tx, id: &str, state: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE bulk SET state = $2, state_at = $3, version = version + 1 WHERE id = $1 AND state = 'running'";
    Ok(tx
        .execute(Query::new(sql).bind(id).bind(state).bind(now))
        .await?
        == 1)
}

/// One record of a run.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Item {
    /// Place in the run, from 1.
    pub position: i64,
    /// Record.
    pub object_id: String,
    /// Version when confirmed.
    pub object_version: i64,
    /// What people call it.
    pub label: String,
    /// `waiting`, `done`, `skipped`.
    pub state: String,
    /// Why it was skipped.
    pub detail: String,
}

/// Adds the records of a run.
pub async fn insert_items(tx: &mut Tx, bulk: &str, items: &[Item]) -> Result<(), StoreError> {
    for item in items {
        let query = Query::new(
            "INSERT INTO bulk_item (bulk_id, object_id, label, state, detail, position, object_version) VALUES (",
        )
        .args([bulk, &item.object_id, &item.label, &item.state, &item.detail])
        .push(", ")
        .args([item.position, item.object_version])
        .push(")");
        tx.execute(query).await?;
    }
    Ok(())
}

/// Records of a run that wait, in order.
pub async fn waiting(tx: &mut Tx, bulk: &str, limit: i64) -> Result<Vec<Item>, StoreError> {
    let sql = "SELECT position, object_id, object_version, label, state, detail FROM bulk_item
        WHERE bulk_id = $1 AND state = 'waiting' ORDER BY position LIMIT $2";
    tx.all(Query::new(sql).bind(bulk).bind(limit)).await
}

/// Marks a record that waits as done or skipped; false when somebody was before.
pub async fn mark(
    tx: &mut Tx,
    bulk: &str,
    position: i64,
    state: &str,
    detail: &str,
) -> Result<bool, StoreError> {
    let sql = "UPDATE bulk_item SET state = $3, detail = $4
        WHERE bulk_id = $1 AND position = $2 AND state = 'waiting'";
    let query = Query::new(sql)
        .bind(bulk)
        .bind(position)
        .bind(state)
        .bind(detail);
    Ok(tx.execute(query).await? == 1)
}

/// Marks a record that waits as done, with what people call it; false when somebody was before.
pub async fn finish_item(
    tx: &mut Tx,
    bulk: &str,
    position: i64,
    label: &str,
) -> Result<bool, StoreError> {
    let sql = "UPDATE bulk_item SET state = 'done', label = $3
        WHERE bulk_id = $1 AND position = $2 AND state = 'waiting'";
    Ok(tx
        .execute(Query::new(sql).bind(bulk).bind(position).bind(label))
        .await?
        == 1)
}

/// How many records of a run are in each state.
pub async fn tally(tx: &mut Tx, bulk: &str) -> Result<Vec<(String, i64)>, StoreError> {
    let sql =
        "SELECT state, count(*) FROM bulk_item WHERE bulk_id = $1 GROUP BY state ORDER BY state";
    tx.all(Query::new(sql).bind(bulk)).await
}
