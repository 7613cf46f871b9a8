//! The list of jobs on the queue, and the attempts of one.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Index, Key, ListSpec, Share, Sort, Split};
use super::super::{Query, StoreError, Tx};
use crate::domain::job::{JobKind, State};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// What it does.
    pub kind: String,
    /// The record it does it to.
    pub subject: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Not before.
    #[sqlx(try_from = "i64")]
    pub run_at: Timestamp,
    /// Attempts so far, those that were taken over included.
    pub attempt: i64,
    /// Attempts that failed.
    pub failures: i64,
    /// Attempts whose worker died.
    pub rescues: i64,
    /// Worker that has it, empty for none.
    pub worker: String,
    /// Until when that worker has it.
    #[sqlx(try_from = "i64")]
    pub lease_until: Timestamp,
    /// When it was made.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// What went wrong last.
    pub error: String,
    /// Request that caused it.
    pub request: String,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Attempt {
    /// From 1.
    pub attempt: i64,
    /// Who ran it.
    pub worker: String,
    /// When it began.
    #[sqlx(try_from = "i64")]
    pub started_at: Timestamp,
    /// When it ended, 0 while it runs.
    #[sqlx(try_from = "i64")]
    pub ended_at: Timestamp,
    /// How it ended.
    pub outcome: String,
    /// What was said.
    pub detail: String,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("status", Of::State("j.state", Kind::Job, State::CODES)),
    Field::of("kind", Of::Code("j.kind", Kind::Job, JobKind::CODES)),
    Field::of("subject", Of::Id("j.subject")),
    Field::of("worker", Of::Prefix("j.worker")),
    Field::of("failures", Of::Number("j.failures")),
    Field::of("rescues", Of::Number("j.rescues")),
    Field::of("created", Of::Time("j.created_at")),
    Field::of("age", Of::Age("j.created_at")),
    Field::of("waiting", Of::Age("j.state_at")),
    Field::of("error", Of::Prefix("j.error")),
    Field::of("id", Of::Id("j.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[Sort {
    name: "created",
    by: Key::Number("j.created_at"),
    split: &[Split::of("j.state", Share::Counted)],
    index: Index::Whole,
}];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "j.id, j.kind, j.subject, j.state, j.state_at, j.run_at, j.attempt, j.failures, j.rescues, j.worker, \
        j.lease_until, j.created_at, j.error, j.request",
    from: "job j",
    id: Key::Text("j.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 2,
        any: &[Of::Id("j.id"), Of::Id("j.subject")],
    }),
    sorts: SORTS,
    order: "-created",
    counter: None,
};

/// The attempts of a job, first to last.
pub async fn attempts(tx: &mut Tx, id: &str) -> Result<Vec<Attempt>, StoreError> {
    let sql = "SELECT attempt, worker, started_at, ended_at, outcome, detail FROM job_attempt \
        WHERE job_id = $1 ORDER BY attempt";
    tx.all(Query::new(sql).bind(id)).await
}

/// The attempts of every job of a delivery, first to last.
pub async fn attempts_of(tx: &mut Tx, submission: &str) -> Result<Vec<Attempt>, StoreError> {
    let sql = "SELECT a.attempt, a.worker, a.started_at, a.ended_at, a.outcome, a.detail FROM job_attempt a \
        JOIN job j ON j.id = a.job_id WHERE j.kind IN ('submission', 'extract', 'outgoing') AND j.subject = $1 \
        ORDER BY a.started_at, a.attempt LIMIT 200";
    tx.all(Query::new(sql).bind(submission)).await
}
