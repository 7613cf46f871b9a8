//! The list of workers: who runs jobs, where, and when it was last heard.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use super::super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Machine.
    pub host: String,
    /// Process.
    pub pid: i64,
    /// `worker` or `console`.
    pub via: String,
    /// When it began.
    #[sqlx(try_from = "i64")]
    pub started_at: Timestamp,
    /// When it was last heard.
    #[sqlx(try_from = "i64")]
    pub seen_at: Timestamp,
    /// When it stopped by itself, 0 while it runs.
    #[sqlx(try_from = "i64")]
    pub stopped_at: Timestamp,
    /// Kinds of the jobs that it runs now, separated by commas.
    pub runs: String,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("host", Of::Prefix("w.host")),
    Field::of("via", Of::Prefix("w.via")),
    Field::of("seen", Of::Time("w.seen_at")),
    Field::of("stopped", Of::Time("w.stopped_at")),
    Field::of("id", Of::Id("w.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[Sort::by("seen", Key::Number("w.seen_at"))];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "w.id, w.host, w.pid, w.via, w.started_at, w.seen_at, w.stopped_at, \
        COALESCE((SELECT string_agg(j.kind, ',') FROM job j WHERE j.state = 'running' AND j.worker = w.id), '') AS runs",
    from: "worker w",
    id: Key::Text("w.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[Of::Prefix("w.host"), Of::Id("w.id")],
    }),
    sorts: SORTS,
    order: "-seen",
    counter: None,
};

/// Workers heard since a moment that did not say goodbye, last heard first.
pub async fn alive(tx: &mut Tx, since: Timestamp) -> Result<Vec<Row>, StoreError> {
    let sql = "SELECT id, host, pid, via, started_at, seen_at, stopped_at, '' AS runs FROM worker \
        WHERE seen_at >= $1 AND stopped_at = 0 ORDER BY seen_at DESC, id LIMIT 20";
    tx.all(Query::new(sql).bind(since)).await
}
