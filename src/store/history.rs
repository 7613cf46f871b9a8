//! The past of a demo world, written in one go: deliveries, what became of mails, counts. Use cases never write through here.

use super::connection::{self, Connection};
use super::copy::{Sheet, listed};
use super::db::Tx;
use super::error::StoreError;
use super::query::{Query, Value};
use super::submission::{self, Finding, Submission};
use crate::domain::job::{Outcome, State as JobState};
use crate::domain::mail::{Attempt, State as MailState, Step};
use crate::domain::time::Timestamp;

/// Rows of one UPDATE.
const ROWS: usize = 200;

/// Whether nobody has used the database: no operator, registration or audit row.
pub async fn is_empty(tx: &mut Tx) -> Result<bool, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM operator) + (SELECT count(*) FROM registration)
        + (SELECT count(*) FROM organisation) + (SELECT count(*) FROM audit)";
    Ok(tx.number(Query::new(sql)).await? == 0)
}

/// Adds submissions.
pub async fn submissions(tx: &mut Tx, rows: &[Submission]) -> Result<(), StoreError> {
    let mut sheet = Sheet::new("submission", submission::COLUMNS);
    for s in rows {
        sheet.row([
            Value::from(&s.id),
            Value::from(&s.organisation_id),
            Value::from(s.vendor_id.as_deref()),
            Value::from(&s.kind),
            Value::from(&s.specification),
            Value::from(&s.source),
            Value::from(&s.file_name),
            Value::from(&s.sha256),
            Value::from(s.bytes),
            Value::from(&s.detected),
            Value::from(&s.state),
            Value::from(s.state_at),
            Value::from(&s.hold),
            Value::from(&s.reason),
            Value::from(s.received_at),
            Value::from(s.row_count),
            Value::from(s.accepted),
            Value::from(s.ignored),
            Value::from(s.finding_count),
            Value::from(s.paths_new),
            Value::from(s.paths_changed),
            Value::from(s.paths_same),
            Value::from(&s.assigned),
            Value::from(s.changed_at),
            Value::from(&s.changed_by),
            Value::from(s.version),
            Value::from(s.connection_id.as_deref()),
            Value::from(s.account_id.as_deref()),
            Value::from(s.test),
            Value::from(&s.cause),
            Value::from(s.checked_bytes),
            Value::from(s.file_removed_at),
        ]);
    }
    sheet.write(tx).await
}

/// Adds findings, each with the submission that it belongs to.
pub async fn findings(tx: &mut Tx, rows: &[(String, Finding)]) -> Result<(), StoreError> {
    let mut sheet = Sheet::new(
        "finding",
        "submission_id, position, code, severity, line, column_name, count",
    );
    for (submission, f) in rows {
        sheet.row([
            Value::from(submission),
            Value::from(f.position),
            Value::from(&f.code),
            Value::from(&f.severity),
            Value::from(f.line),
            Value::from(&f.column_name),
            Value::from(f.count),
        ]);
    }
    sheet.write(tx).await
}

/// A mail that waits, with the job that would send it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// The mail.
    pub mail: String,
    /// The job.
    pub job: String,
    /// Code of the text.
    pub template: String,
    /// When it was queued.
    #[sqlx(try_from = "i64")]
    pub queued_at: Timestamp,
    /// Not sent before.
    #[sqlx(try_from = "i64")]
    pub send_at: Timestamp,
}

/// Mails that wait and may leave before a moment, in the order of queueing.
pub async fn waiting_mails(tx: &mut Tx, before: Timestamp) -> Result<Vec<Waiting>, StoreError> {
    let sql = "SELECT m.id AS mail, j.id AS job, m.template, m.queued_at, m.send_at FROM mail m
        JOIN job j ON j.kind = 'mail' AND j.subject = m.id AND j.state = 'available'
        WHERE m.state = 'queued' AND m.send_at < $1 ORDER BY m.queued_at, m.id";
    tx.all(Query::new(sql).bind(before)).await
}

/// One attempt to send a mail, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Try {
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; `NEVER` while it runs.
    pub ended_at: Timestamp,
    /// How it ended.
    pub outcome: Attempt,
    /// How far it got.
    pub step: Step,
    /// The server's code; 0 when there was none.
    pub code: i64,
    /// What the server said.
    pub reply: &'static str,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The mail.
    pub mail: String,
    /// Its job.
    pub job: String,
    /// Who tried.
    pub worker: String,
    /// Where the mail stands.
    pub state: MailState,
    /// Where the job stands.
    pub job_state: JobState,
    /// Since when both do.
    pub at: Timestamp,
    /// Not tried again before.
    pub send_at: Timestamp,
    /// Until when a running job is the worker's.
    pub lease_until: Timestamp,
    /// Every attempt.
    pub tries: Vec<Try>,
}

impl Ended {
    fn reply(&self) -> &'static str {
        self.tries.last().map_or("", |t| t.reply)
    }

    /// Attempts with these outcomes.
    fn count(&self, which: impl Fn(Attempt) -> bool) -> i64 {
        let all = self.tries.iter().filter(|t| which(t.outcome)).count();
        i64::try_from(all).unwrap_or(i64::MAX)
    }
}

/// Writes what became of mails: state, attempts, and the same of their jobs.
pub async fn end_mails(tx: &mut Tx, all: &[Ended]) -> Result<(), StoreError> {
    for part in all.chunks(ROWS) {
        let rows = part.iter().map(|e| {
            let sent = if e.state == MailState::Sent {
                e.at
            } else {
                Timestamp::NEVER
            };
            [
                Value::from(&e.mail),
                Value::from(e.state.as_str()),
                Value::from(e.at),
                Value::from(e.send_at),
                Value::from(sent),
                Value::from(e.count(|o| o != Attempt::Running)),
                Value::from(e.reply()),
            ]
        });
        let query = Query::new(
            "UPDATE mail SET state = v.column2, state_at = v.column3, send_at = v.column4, sent_at = v.column5,
            attempts = v.column6, reply = v.column7, version = mail.version + 2 FROM (VALUES ",
        );
        tx.execute(listed(query, rows).push(") AS v WHERE mail.id = v.column1"))
            .await?;
        end_jobs(tx, part).await?;
    }
    mail_attempts(tx, all).await?;
    job_attempts(tx, all).await
}

async fn end_jobs(tx: &mut Tx, all: &[Ended]) -> Result<(), StoreError> {
    let rows = all.iter().map(|e| {
        let waits = e.job_state == JobState::Available;
        let failures = e.count(|o| o == Attempt::Deferred);
        [
            Value::from(&e.job),
            Value::from(e.job_state.as_str()),
            Value::from(e.at),
            Value::from(e.send_at),
            Value::from(e.count(|_| true)),
            Value::from(failures),
            Value::from(&e.worker),
            Value::from(e.lease_until),
            Value::from(if waits { e.reply() } else { "" }),
        ]
    });
    let query = Query::new(
        "UPDATE job SET state = v.column2, state_at = v.column3, run_at = v.column4, attempt = v.column5,
        failures = v.column6, worker = v.column7, lease_until = v.column8, error = v.column9 FROM (VALUES ",
    );
    tx.execute(listed(query, rows).push(") AS v WHERE job.id = v.column1"))
        .await?;
    Ok(())
}

async fn mail_attempts(tx: &mut Tx, all: &[Ended]) -> Result<(), StoreError> {
    let columns = "mail_id, attempt, started_at, ended_at, worker, outcome, step, code, reply";
    let mut sheet = Sheet::new("mail_attempt", columns);
    for e in all {
        for (attempt, t) in (1_i64..).zip(&e.tries) {
            sheet.row([
                Value::from(&e.mail),
                Value::from(attempt),
                Value::from(t.started_at),
                Value::from(t.ended_at),
                Value::from(&e.worker),
                Value::from(t.outcome.as_str()),
                Value::from(t.step.as_str()),
                Value::from(t.code),
                Value::from(t.reply),
            ]);
        }
    }
    sheet.write(tx).await
}

async fn job_attempts(tx: &mut Tx, all: &[Ended]) -> Result<(), StoreError> {
    let mut sheet = Sheet::new(
        "job_attempt",
        "job_id, attempt, worker, started_at, ended_at, outcome, detail",
    );
    for e in all {
        for (attempt, t) in (1_i64..).zip(&e.tries) {
            let outcome = match t.outcome {
                Attempt::Running => Outcome::Running,
                Attempt::Deferred => Outcome::Failed,
                Attempt::Paused | Attempt::Lost => Outcome::Snoozed,
                Attempt::Sent | Attempt::Unknown | Attempt::Failed => Outcome::Done,
            };
            let detail = if outcome == Outcome::Done {
                t.outcome.as_str()
            } else {
                t.reply
            };
            sheet.row([
                Value::from(&e.job),
                Value::from(attempt),
                Value::from(&e.worker),
                Value::from(t.started_at),
                Value::from(t.ended_at),
                Value::from(outcome.as_str()),
                Value::from(detail),
            ]);
        }
    }
    sheet.write(tx).await
}

/// Id and nonce of the invitation of an account that can be taken up now.
pub async fn open_invitation(
    tx: &mut Tx,
    account: &str,
    now: Timestamp,
) -> Result<Option<(String, String)>, StoreError> {
    let sql =
        "SELECT id, nonce FROM invitation WHERE account_id = $1 AND used_at = 0 AND revoked_at = 0
        AND expires_at > $2 ORDER BY created_at DESC, id DESC LIMIT 1";
    tx.optional(Query::new(sql).bind(account).bind(now)).await
}

/// The first connection of an organisation.
pub async fn connection_of(
    tx: &mut Tx,
    organisation: &str,
) -> Result<Option<Connection>, StoreError> {
    let query = Query::new("SELECT ")
        .push(connection::COLUMNS)
        .push(" FROM connection WHERE organisation_id = $1 ORDER BY created_at, id LIMIT 1");
    tx.optional(query.bind(organisation)).await
}

/// The codes of a connection that work, oldest first.
pub async fn open_licences(tx: &mut Tx, connection: &str) -> Result<Vec<(String,)>, StoreError> {
    let sql = "SELECT id FROM licence WHERE connection_id = $1 AND state IN ('active', 'expiring')
        ORDER BY created_at, id";
    tx.all(Query::new(sql).bind(connection)).await
}

/// The codes that work of connections that are live, each with its connection.
pub async fn live_licences(tx: &mut Tx) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT l.id, c.id FROM licence l JOIN connection c ON c.id = l.connection_id
        WHERE c.state = 'live' AND l.state IN ('active', 'expiring') ORDER BY l.created_at, l.id";
    tx.all(Query::new(sql)).await
}

/// Adds to the counts of days: name, day, number.
pub async fn days(tx: &mut Tx, all: &[(&'static str, String, i64)]) -> Result<(), StoreError> {
    for part in all.chunks(ROWS) {
        let rows = part
            .iter()
            .map(|(name, day, n)| [Value::from(*name), Value::from(day), Value::from(*n)]);
        let query = listed(Query::new("INSERT INTO daily (name, day, n) VALUES "), rows);
        let query = query.push(" ON CONFLICT (name, day) DO UPDATE SET n = daily.n + excluded.n");
        tx.execute(query).await?;
    }
    Ok(())
}

macro_rules! counted {
    ($($table:literal),+) => {
        &[
            "INSERT INTO counter (kind, state, n) SELECT 'test-run', state, count(*) FROM test_run GROUP BY state",
            $(concat!(
                "INSERT INTO counter (kind, state, n) SELECT '", $table, "', state, count(*) FROM ", $table, " GROUP BY state"
            )),+
        ]
    };
}

/// Every kind whose states are counted as they change, counted from its rows.
const COUNTS: &[&str] = counted!(
    "registration",
    "organisation",
    "account",
    "agreement",
    "acceptance",
    "connection",
    "licence",
    "submission",
    "mail",
    "operator"
);

/// Counts every kind from its rows; what bulk writing left behind is right again.
pub async fn recount(tx: &mut Tx) -> Result<(), StoreError> {
    tx.execute(Query::new("DELETE FROM counter")).await?;
    for sql in COUNTS {
        tx.execute(Query::new(sql)).await?;
    }
    Ok(())
}
