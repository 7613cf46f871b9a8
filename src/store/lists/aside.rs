//! What the pane beside a list and the record of a delivery tell besides the delivery itself: its rules, jobs, connection and
//! mails. A handful of rows by index each.

use super::super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// One rule that a delivery broke.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Broken {
    /// Code.
    pub code: String,
    /// How deep it cuts.
    pub severity: String,
    /// How often in all.
    pub n: i64,
    /// First line, 0 for the whole file.
    pub line: i64,
    /// Column of the first, empty for none.
    pub column_name: String,
}

/// A job of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Tried {
    /// Identifier.
    pub id: String,
    /// State code.
    pub state: String,
    /// Attempts so far.
    pub attempt: i64,
    /// Not before.
    #[sqlx(try_from = "i64")]
    pub run_at: Timestamp,
    /// Since when in its state.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// What went wrong last.
    pub error: String,
}

/// The connection by which a delivery came, or the one of its organisation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Linked {
    /// Identifier.
    pub id: String,
    /// State code.
    pub state: String,
    /// `automatic` or `manual`.
    pub route: String,
    /// Name of the vendor, empty for none.
    pub vendor: String,
}

/// A mail about a delivery.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Told {
    /// Which text.
    pub template: String,
    /// State code.
    pub state: String,
    /// When it was queued.
    #[sqlx(try_from = "i64")]
    pub queued_at: Timestamp,
}

/// The rules that a delivery broke: what refuses the file first, then by how often.
pub async fn broken(tx: &mut Tx, id: &str, limit: i64) -> Result<Vec<Broken>, StoreError> {
    let sql = "SELECT g.code, g.severity, g.n, f.line, f.column_name FROM (
            SELECT code, severity, CAST(sum(count) AS BIGINT) AS n, min(position) AS first FROM finding
            WHERE submission_id = $1 GROUP BY code, severity) g
        JOIN finding f ON f.submission_id = $1 AND f.position = g.first
        ORDER BY CASE g.severity WHEN 'file' THEN 0 WHEN 'measurement' THEN 1 WHEN 'value' THEN 2 ELSE 3 END, g.n DESC, g.code
        LIMIT $2";
    tx.all(Query::new(sql).bind(id).bind(limit)).await
}

/// The newest job of a delivery.
pub async fn tried(tx: &mut Tx, id: &str) -> Result<Option<Tried>, StoreError> {
    let sql = "SELECT id, state, attempt, run_at, state_at, error FROM job
        WHERE kind = 'submission' AND subject = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
    tx.optional(Query::new(sql).bind(id)).await
}

/// The connection by which a delivery came; the newest of its organisation when nobody knows.
pub async fn linked(tx: &mut Tx, id: &str) -> Result<Option<Linked>, StoreError> {
    let sql = "SELECT c.id, c.state, c.route, COALESCE(v.name, '') AS vendor FROM submission s
        JOIN connection c ON c.id = s.connection_id OR (s.connection_id IS NULL AND c.organisation_id = s.organisation_id)
        LEFT JOIN vendor v ON v.id = c.vendor_id WHERE s.id = $1 ORDER BY c.created_at DESC, c.id DESC LIMIT 1";
    tx.optional(Query::new(sql).bind(id)).await
}

/// The newest mails about a record.
pub async fn told(
    tx: &mut Tx,
    kind: crate::domain::kind::Kind,
    id: &str,
    limit: i64,
) -> Result<Vec<Told>, StoreError> {
    let sql =
        "SELECT template, state, queued_at FROM mail WHERE object_kind = $1 AND object_id = $2
        ORDER BY queued_at DESC, id DESC LIMIT $3";
    let query = Query::new(sql).bind(kind.as_str()).bind(id).bind(limit);
    tx.all(query).await
}
