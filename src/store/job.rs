//! Tables `job` and `job_attempt`: work to be done after the commit that caused it. Claiming, fencing and rescue; not the work.

use super::db::Tx;
use super::error::StoreError;
use super::query::Query;
use crate::domain::job::{JobKind, Outcome, State};
use crate::domain::time::Timestamp;

/// A job that killed its worker this often is held instead of tried again.
pub const MOST_RESCUES: i64 = 2;
/// Characters kept of an error.
const MOST_ERROR: usize = 500;

/// A job. With its attempt and worker it is also the ticket that a worker shows when it reports.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Job {
    /// Identifier.
    pub id: String,
    /// What it does.
    #[sqlx(try_from = "String")]
    pub kind: JobKind,
    /// Identifier of the record that it is about.
    pub subject: String,
    /// Where it stands.
    #[sqlx(try_from = "String")]
    pub state: State,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Not before.
    #[sqlx(try_from = "i64")]
    pub run_at: Timestamp,
    /// How often it was claimed.
    pub attempt: i64,
    /// How often it failed.
    pub failures: i64,
    /// How often its worker was lost.
    pub rescues: i64,
    /// Who claimed it last.
    pub worker: String,
    /// Until when that claim holds.
    #[sqlx(try_from = "i64")]
    pub lease_until: Timestamp,
    /// When it was put on the queue.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// What went wrong last.
    pub error: String,
    /// Identifier of the request that caused it.
    pub request: String,
}

/// One attempt at a job.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Attempt {
    /// The job.
    pub job_id: String,
    /// Number of the attempt.
    pub attempt: i64,
    /// Who.
    pub worker: String,
    /// When it began.
    #[sqlx(try_from = "i64")]
    pub started_at: Timestamp,
    /// When it ended; `NEVER` while it runs.
    #[sqlx(try_from = "i64")]
    pub ended_at: Timestamp,
    /// How it ended.
    #[sqlx(try_from = "String")]
    pub outcome: Outcome,
    /// More about it.
    pub detail: String,
}

/// Whether the ticket of a worker is still good. When it is not, everything it did must be rolled back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "when the lease is lost, the transaction must be rolled back"]
pub enum Hold {
    /// The claim holds.
    Kept,
    /// Somebody else has the job, or it is over.
    Lost,
}

/// A job to be put on the queue.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// What it does.
    pub kind: JobKind,
    /// Identifier of the record that it is about.
    pub subject: &'a str,
    /// Not before.
    pub run_at: Timestamp,
    /// Now.
    pub at: Timestamp,
    /// Identifier of the request that caused it.
    pub request: &'a str,
}

const COLUMNS: &str =
    "id, kind, subject, state, state_at, run_at, attempt, failures, rescues, worker, lease_until,
    created_at, error, request";

/// Leaves out a job whose lane has one that runs or an older one that waits. A held job holds nobody up: it waits for a person.
const IN_TURN: &str = " AND NOT EXISTS (SELECT 1 FROM job o WHERE o.lane <> '' AND o.state IN ('available', 'running')
        AND o.lane = j.lane AND (o.state = 'running' OR (o.created_at, o.id) < (j.created_at, j.id)))";

/// Puts a job on the queue; false when one of its kind for the same record is open already. The deliveries of an organisation
/// share a lane; a test run stores nothing and keeps no order.
pub async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<bool, StoreError> {
    let sql = "INSERT INTO job (id, kind, subject, state, state_at, run_at, attempt, failures, rescues, worker,
        lease_until, created_at, error, request, lane)
        VALUES ($1, $2, $3, 'available', $4, $5, 0, 0, 0, '', 0, $4, '', $6, COALESCE((SELECT s.organisation_id
            FROM submission s WHERE s.id = $3 AND s.test = 0 AND $2 = 'submission'), '')) ON CONFLICT DO NOTHING";
    let query = Query::new(sql)
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(new.kind.as_str())
        .bind(new.subject)
        .bind(new.at)
        .bind(new.run_at)
        .bind(new.request);
    Ok(tx.execute(query).await? == 1)
}

/// What a worker asks for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The worker.
    pub worker: &'a str,
    /// Kinds that may run now; none gives nothing.
    pub kinds: &'a [JobKind],
    /// At most so many.
    pub most: i64,
    /// Now.
    pub now: Timestamp,
    /// Until when the claims hold.
    pub until: Timestamp,
}

/// Claims due jobs, oldest first, in one statement: no job is ever given to two workers, and no lane runs two.
pub async fn claim(tx: &mut Tx, wish: &Wish<'_>) -> Result<Vec<Job>, StoreError> {
    if wish.kinds.is_empty() || wish.most <= 0 {
        return Ok(Vec::new());
    }
    let skip_locked = tx.skip_locked();
    let query = Query::new(
        "WITH picked AS MATERIALIZED (SELECT j.id FROM job j WHERE j.state = 'available' AND j.run_at <= $1
        AND j.kind IN (",
    )
    .bind(wish.now)
    .args(wish.kinds.iter().map(|k| k.as_str()))
    .push(")")
    .push(IN_TURN)
    .push(" ORDER BY j.run_at, j.id LIMIT ")
    .arg(wish.most)
    .push(skip_locked)
    .push(") UPDATE job SET state = 'running', state_at = $1, attempt = attempt + 1, worker = ")
    .arg(wish.worker)
    .set("lease_until", wish.until)
    .push(" WHERE state = 'available' AND id IN (SELECT id FROM picked) RETURNING ")
    .push(COLUMNS);
    let mut jobs: Vec<Job> = tx.all(query).await?;
    jobs.sort_by(|a, b| (a.run_at, &a.id).cmp(&(b.run_at, &b.id)));
    if !jobs.is_empty() {
        let query = Query::new(
            "INSERT INTO job_attempt (job_id, attempt, worker, started_at, ended_at, outcome, detail)
            SELECT id, attempt, worker, $1, 0, 'running', '' FROM job WHERE id IN (",
        )
        .bind(wish.now)
        .args(jobs.iter().map(|j| &j.id))
        .push(")");
        tx.execute(query).await?;
    }
    Ok(jobs)
}

fn held(rows: u64) -> Hold {
    if rows == 1 { Hold::Kept } else { Hold::Lost }
}

/// A sign of life: the claim holds until a later moment. On both databases this also keeps others off until the commit.
pub async fn extend(tx: &mut Tx, job: &Job, until: Timestamp) -> Result<Hold, StoreError> {
    let sql = "UPDATE job SET lease_until = $4
        WHERE id = $1 AND attempt = $2 AND worker = $3 AND state = 'running'";
    let rows = tx.execute(ticket(sql, job).bind(until)).await?;
    Ok(held(rows))
}

/// The job is done.
pub async fn finish(
    tx: &mut Tx,
    job: &Job,
    now: Timestamp,
    detail: &str,
) -> Result<Hold, StoreError> {
    let sql = "UPDATE job SET state = 'completed', state_at = $4, lease_until = 0, error = ''
        WHERE id = $1 AND attempt = $2 AND worker = $3 AND state = 'running'";
    let rows = tx.execute(ticket(sql, job).bind(now)).await?;
    close(tx, job, now, Outcome::Done, detail, rows).await
}

/// The job failed and runs again later.
pub async fn fail(
    tx: &mut Tx,
    job: &Job,
    now: Timestamp,
    again: Timestamp,
    error: &str,
) -> Result<Hold, StoreError> {
    let sql = "UPDATE job SET state = 'available', state_at = $4, run_at = $5, lease_until = 0, error = $6,
        failures = failures + 1 WHERE id = $1 AND attempt = $2 AND worker = $3 AND state = 'running'";
    let query = ticket(sql, job)
        .bind(now)
        .bind(again)
        .bind(told(error, MOST_ERROR));
    let rows = tx.execute(query).await?;
    close(tx, job, now, Outcome::Failed, error, rows).await
}

/// The job could not be done now, through no fault of its own, and runs again later.
pub async fn snooze(
    tx: &mut Tx,
    job: &Job,
    now: Timestamp,
    again: Timestamp,
    why: &str,
) -> Result<Hold, StoreError> {
    let sql = "UPDATE job SET state = 'available', state_at = $4, run_at = $5, lease_until = 0
        WHERE id = $1 AND attempt = $2 AND worker = $3 AND state = 'running'";
    let rows = tx.execute(ticket(sql, job).bind(now).bind(again)).await?;
    close(tx, job, now, Outcome::Snoozed, why, rows).await
}

/// The job failed for the last time: it stands still until a person looks at it.
pub async fn hold(tx: &mut Tx, job: &Job, now: Timestamp, error: &str) -> Result<Hold, StoreError> {
    let sql = "UPDATE job SET state = 'held', state_at = $4, lease_until = 0, error = $5, failures = failures + 1
        WHERE id = $1 AND attempt = $2 AND worker = $3 AND state = 'running'";
    let query = ticket(sql, job).bind(now).bind(told(error, MOST_ERROR));
    let rows = tx.execute(query).await?;
    close(tx, job, now, Outcome::Failed, error, rows).await
}

fn ticket(sql: &'static str, job: &Job) -> Query {
    Query::new(sql)
        .bind(&job.id)
        .bind(job.attempt)
        .bind(&job.worker)
}

async fn close(
    tx: &mut Tx,
    job: &Job,
    now: Timestamp,
    outcome: Outcome,
    detail: &str,
    rows: u64,
) -> Result<Hold, StoreError> {
    if held(rows) == Hold::Lost {
        return Ok(Hold::Lost);
    }
    let sql = "UPDATE job_attempt SET ended_at = $3, outcome = $4, detail = $5
        WHERE job_id = $1 AND attempt = $2";
    let query = Query::new(sql)
        .bind(&job.id)
        .bind(job.attempt)
        .bind(now)
        .bind(outcome.as_str())
        .bind(told(detail, MOST_ERROR));
    tx.execute(query).await?;
    Ok(Hold::Kept)
}

/// Takes the jobs of lost workers back: available again at once, or held when that happened before. Gives them as they now are.
pub async fn sweep(tx: &mut Tx, now: Timestamp, most: i64) -> Result<Vec<Job>, StoreError> {
    let skip_locked = tx.skip_locked();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM job WHERE state = 'running' AND lease_until < $1 ORDER BY lease_until, id LIMIT $2")
        .push(skip_locked)
        .bind(now)
        .bind(most);
    let mut jobs: Vec<Job> = tx.all(query).await?;
    for job in &mut jobs {
        rescue(tx, job, now).await?;
    }
    Ok(jobs)
}

async fn rescue(tx: &mut Tx, job: &mut Job, now: Timestamp) -> Result<(), StoreError> {
    job.rescues += 1;
    job.state = if job.rescues >= MOST_RESCUES {
        State::Held
    } else {
        State::Available
    };
    (job.state_at, job.run_at) = (now, now);
    job.error = format!("worker {} was lost in attempt {}", job.worker, job.attempt);
    let sql = "UPDATE job SET state = $2, state_at = $3, run_at = $3, lease_until = 0, rescues = $4, error = $5
        WHERE id = $1";
    let query = Query::new(sql)
        .bind(&job.id)
        .bind(job.state.as_str())
        .bind(now)
        .bind(job.rescues)
        .bind(&job.error);
    tx.execute(query).await?;
    let sql = "UPDATE job_attempt SET ended_at = $3, outcome = 'rescued' WHERE job_id = $1 AND attempt = $2";
    let query = Query::new(sql).bind(&job.id).bind(job.attempt).bind(now);
    tx.execute(query).await?;
    Ok(())
}

/// Ends an open job that does not run: its record needs no work any more. False when there is none, or it runs.
pub async fn cancel(
    tx: &mut Tx,
    kind: JobKind,
    subject: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "UPDATE job SET state = 'cancelled', state_at = $3
        WHERE kind = $1 AND subject = $2 AND state IN ('available', 'held')";
    let query = Query::new(sql).bind(kind.as_str()).bind(subject).bind(now);
    Ok(tx.execute(query).await? > 0)
}

/// Lets a held job run again, with a clean count of lost workers and failures; false when it is not held.
pub async fn release(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql =
        "UPDATE job SET state = 'available', state_at = $2, run_at = $2, rescues = 0, failures = 0
        WHERE id = $1 AND state = 'held'";
    Ok(tx.execute(Query::new(sql).bind(id).bind(now)).await? == 1)
}

/// Lets a job that waits for a later moment run now; false when it does not wait.
pub async fn hasten(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE job SET run_at = $2 WHERE id = $1 AND state = 'available' AND run_at > $2";
    Ok(tx.execute(Query::new(sql).bind(id).bind(now)).await? == 1)
}

/// Ends a job that does not run; false when it runs or is over.
pub async fn stop(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE job SET state = 'cancelled', state_at = $2
        WHERE id = $1 AND state IN ('available', 'held')";
    Ok(tx.execute(Query::new(sql).bind(id).bind(now)).await? == 1)
}

/// A job by id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Job>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM job WHERE id = $1")
        .bind(id);
    tx.optional(query).await
}

/// The open job of a kind for a record.
pub async fn open(tx: &mut Tx, kind: JobKind, subject: &str) -> Result<Option<Job>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM job WHERE kind = $1 AND subject = $2 AND state IN ('available', 'running', 'held')")
        .bind(kind.as_str())
        .bind(subject);
    tx.optional(query).await
}

/// The attempts at a job, oldest first.
pub async fn attempts(tx: &mut Tx, id: &str) -> Result<Vec<Attempt>, StoreError> {
    let sql =
        "SELECT job_id, attempt, worker, started_at, ended_at, outcome, detail FROM job_attempt
        WHERE job_id = $1 ORDER BY attempt";
    tx.all(Query::new(sql).bind(id)).await
}

/// When the next job becomes due that nobody has taken; `None` when none waits.
pub async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    let sql = "SELECT run_at FROM job WHERE state = 'available' ORDER BY run_at LIMIT 1";
    let row: Option<(i64,)> = tx.optional(Query::new(sql)).await?;
    Ok(row.map(|r| Timestamp(r.0)))
}

/// Whether a job of one of these kinds is due. Asked before claiming, because a claim takes the one writer of `SQLite`.
pub async fn any_due(tx: &mut Tx, kinds: &[JobKind], now: Timestamp) -> Result<bool, StoreError> {
    if kinds.is_empty() {
        return Ok(false);
    }
    let query = Query::new("SELECT CAST(1 AS BIGINT) FROM job j WHERE j.state = 'available' AND j.run_at <= $1 AND j.kind IN (")
        .bind(now)
        .args(kinds.iter().map(|k| k.as_str()))
        .push(")")
        .push(IN_TURN)
        .push(" LIMIT 1");
    Ok(tx.number(query).await? == 1)
}

/// How many jobs are due and wait for a worker.
pub async fn due(tx: &mut Tx, now: Timestamp) -> Result<i64, StoreError> {
    let sql = "SELECT count(*) FROM job WHERE state = 'available' AND run_at <= $1";
    tx.number(Query::new(sql).bind(now)).await
}

/// Text from outside as it is kept: one line, nothing unprintable, not longer than `most` characters.
pub(super) fn told(text: &str, most: usize) -> String {
    let printable: String = text
        .chars()
        .map(|c| {
            if crate::domain::check::unprintable(c) {
                ' '
            } else {
                c
            }
        })
        .collect();
    let line = printable.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(most).collect()
}
