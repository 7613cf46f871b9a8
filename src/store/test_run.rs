//! Test runs of vendors.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A test run.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TestRun {
    /// Identifier.
    pub id: String,
    /// Vendor that is judged.
    pub vendor_id: String,
    /// Connection by which the file comes.
    pub connection_id: String,
    /// Specification that is tried.
    pub specification: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Day for which it is planned; empty for no day.
    pub planned_for: String,
    /// The file that came.
    pub submission_id: Option<String>,
    /// Why, as given.
    pub reason: String,
    /// When planned.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
    /// Version.
    pub version: i64,
}

/// Columns in the order of the struct.
pub const COLUMNS: &str = "id, vendor_id, connection_id, specification, state, state_at, planned_for, submission_id, reason, \
    created_at, changed_at, changed_by, version";

/// Adds a test run.
pub async fn insert(tx: &mut Tx, t: &TestRun) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO test_run (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([
            &t.id,
            &t.vendor_id,
            &t.connection_id,
            &t.specification,
            &t.state,
        ])
        .push(", ")
        .arg(t.state_at)
        .push(", ")
        .arg(&t.planned_for)
        .push(", ")
        .arg(t.submission_id.clone())
        .push(", ")
        .arg(&t.reason)
        .push(", ")
        .args([t.created_at, t.changed_at])
        .push(", ")
        .arg(&t.changed_by)
        .push(", ")
        .arg(t.version)
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The test run with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<TestRun>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM test_run WHERE id = $1");
    tx.optional(query.bind(id)).await
}

/// The test run with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<TestRun>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM test_run WHERE id = $1")
        .push(lock);
    tx.optional(query.bind(id)).await
}

/// Every test run of a connection, oldest first.
pub async fn of_connection(tx: &mut Tx, connection: &str) -> Result<Vec<TestRun>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM test_run WHERE connection_id = $1 ORDER BY created_at, id");
    tx.all(query.bind(connection)).await
}

/// The test runs of a connection that are not judged by a person yet, oldest first, locked until the transaction ends.
pub async fn lock_open_of(tx: &mut Tx, connection: &str) -> Result<Vec<TestRun>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(
            " FROM test_run WHERE connection_id = $1 AND state IN ('planned', 'received', 'valid', 'invalid')
            ORDER BY created_at, id",
        )
        .push(lock);
    tx.all(query.bind(connection)).await
}

/// The test run whose file this is, locked until the transaction ends.
pub async fn lock_by_submission(
    tx: &mut Tx,
    submission: &str,
) -> Result<Option<TestRun>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM test_run WHERE submission_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1")
        .push(lock);
    tx.optional(query.bind(submission)).await
}

/// Saves everything that changes; the caller has locked the row.
pub async fn save(tx: &mut Tx, t: &TestRun) -> Result<(), StoreError> {
    let query = Query::new("UPDATE test_run SET version = version + 1")
        .set("specification", &t.specification)
        .set("state", &t.state)
        .set("state_at", t.state_at)
        .set("planned_for", &t.planned_for)
        .set("submission_id", t.submission_id.clone())
        .set("reason", &t.reason)
        .set("changed_at", t.changed_at)
        .set("changed_by", &t.changed_by)
        .push(" WHERE id = ")
        .arg(&t.id);
    tx.execute(query).await?;
    Ok(())
}
