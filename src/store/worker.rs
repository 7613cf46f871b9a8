//! Table `worker`: which processes take jobs and when they last said so. Not the jobs.

use super::db::Tx;
use super::error::StoreError;
use super::query::Query;
use crate::domain::time::Timestamp;

/// A process that takes jobs.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Worker {
    /// Identifier of this run of it.
    pub id: String,
    /// Machine.
    pub host: String,
    /// Process id on that machine.
    pub pid: i64,
    /// `worker` or `console`.
    pub via: String,
    /// When it began.
    #[sqlx(try_from = "i64")]
    pub started_at: Timestamp,
    /// Last sign of life.
    #[sqlx(try_from = "i64")]
    pub seen_at: Timestamp,
    /// When it stopped in order; `NEVER` while it runs or after it was killed.
    #[sqlx(try_from = "i64")]
    pub stopped_at: Timestamp,
}

/// Registers a worker, or its next sign of life.
pub async fn seen(tx: &mut Tx, worker: &Worker) -> Result<(), StoreError> {
    let sql = "INSERT INTO worker (id, host, pid, via, started_at, seen_at, stopped_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, stopped_at = excluded.stopped_at";
    let query = Query::new(sql)
        .bind(&worker.id)
        .bind(&worker.host)
        .bind(worker.pid)
        .bind(&worker.via)
        .bind(worker.started_at)
        .bind(worker.seen_at)
        .bind(worker.stopped_at);
    tx.execute(query).await?;
    Ok(())
}

/// Workers that gave a sign of life since a moment and did not stop.
pub async fn alive(tx: &mut Tx, since: Timestamp) -> Result<Vec<Worker>, StoreError> {
    let sql = "SELECT id, host, pid, via, started_at, seen_at, stopped_at FROM worker
        WHERE seen_at >= $1 AND stopped_at = 0 ORDER BY seen_at DESC, id DESC";
    tx.all(Query::new(sql).bind(since)).await
}

/// Forgets workers that were last seen before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    let sql = "DELETE FROM worker WHERE seen_at < $1";
    tx.execute(Query::new(sql).bind(before)).await
}
