//! Delivered files and their findings. The care paths and measurements that came of them are in `care_path`.

use super::{Db, Query, StoreError, Tx, Value};
use crate::domain::time::Timestamp;

/// A submission.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Submission {
    /// Identifier.
    pub id: String,
    /// Organisation.
    pub organisation_id: String,
    /// Vendor, when known.
    pub vendor_id: Option<String>,
    /// `rom` or `cqi`.
    pub kind: String,
    /// Specification, such as `rom-1`.
    pub specification: String,
    /// `intake`, `upload`, `operator`, `inbox`.
    pub source: String,
    /// Name of the file as given; personal data, masked in lists.
    pub file_name: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Size.
    pub bytes: i64,
    /// What was detected, as JSON.
    pub detected: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Why it is held, empty when it is not.
    pub hold: String,
    /// Why it was withdrawn or failed.
    pub reason: String,
    /// When it arrived.
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    /// Rows in the file.
    pub row_count: i64,
    /// Measurements that count.
    pub accepted: i64,
    /// Measurements that do not.
    pub ignored: i64,
    /// Number of findings, those without a place included.
    pub finding_count: i64,
    /// Care paths that were new.
    pub paths_new: i64,
    /// Care paths that replaced an earlier delivery.
    pub paths_changed: i64,
    /// Care paths that were the same as before.
    pub paths_same: i64,
    /// Operator who works on it, empty for nobody.
    pub assigned: String,
    /// When last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
    /// Version.
    pub version: i64,
    /// Connection that it came by; `None` when a member of staff added it.
    pub connection_id: Option<String>,
    /// Account that uploaded it.
    pub account_id: Option<String>,
    /// 1 for a test run, which is never processed.
    pub test: i64,
    /// What it failed by: the code of a rule or a kind of error; empty when nothing did.
    pub cause: String,
    /// Bytes checked so far, for progress.
    pub checked_bytes: i64,
    /// When its file was removed; `NEVER` while it is kept.
    #[sqlx(try_from = "i64")]
    pub file_removed_at: Timestamp,
}

/// Columns in the order of the struct.
pub const COLUMNS: &str = "id, organisation_id, vendor_id, kind, specification, source, file_name, sha256, bytes, \
    detected, state, state_at, hold, reason, received_at, row_count, accepted, ignored, finding_count, paths_new, \
    paths_changed, paths_same, assigned, changed_at, changed_by, version, connection_id, account_id, test, cause, \
    checked_bytes, file_removed_at";

/// Adds a row; `Unique` when the organisation delivered these bytes before.
pub async fn insert(tx: &mut Tx, s: &Submission) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO submission (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([
            Value::from(&s.id),
            Value::from(&s.organisation_id),
            Value::from(s.vendor_id.clone()),
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
        ])
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The submission with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Submission>, StoreError> {
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM submission WHERE id = $1")
            .bind(id),
    )
    .await
}

/// The submission with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Submission>, StoreError> {
    let lock = tx.for_update();
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM submission WHERE id = $1")
            .push(lock)
            .bind(id),
    )
    .await
}

/// The submission of an organisation with these bytes, when there is one that was not withdrawn.
pub async fn same_bytes(
    tx: &mut Tx,
    organisation: &str,
    sha256: &str,
) -> Result<Option<Submission>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(
            " FROM submission WHERE organisation_id = $1 AND sha256 = $2 AND state <> 'withdrawn' AND test = 0",
        )
        .bind(organisation)
        .bind(sha256);
    tx.optional(query).await
}

/// Ids of the submissions of an organisation that are held for lack of an acceptance, oldest first.
pub async fn held_without_acceptance(
    tx: &mut Tx,
    organisation: &str,
) -> Result<Vec<(String,)>, StoreError> {
    let sql = "SELECT id FROM submission
        WHERE organisation_id = $1 AND state = 'held' AND hold = 'no_acceptance' ORDER BY received_at, id";
    tx.all(Query::new(sql).bind(organisation)).await
}

/// Ids of submissions that are held for lack of an acceptance though there is one now, and that no job looks at.
pub async fn stranded(tx: &mut Tx, day: &str, limit: i64) -> Result<Vec<(String,)>, StoreError> {
    let sql = "SELECT s.id FROM submission s WHERE s.state = 'held' AND s.hold = 'no_acceptance'
        AND EXISTS (SELECT 1 FROM acceptance a WHERE a.organisation_id = s.organisation_id
            AND a.state = 'accepted' AND a.valid_until >= $1)
        AND NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'submission' AND j.subject = s.id
            AND j.state IN ('available', 'running', 'held'))
        ORDER BY s.received_at, s.id LIMIT $2";
    tx.all(Query::new(sql).bind(day).bind(limit)).await
}

/// Writes who works on a submission, empty for nobody. Not a change of the record: its version stays.
pub async fn assign(tx: &mut Tx, id: &str, login: &str) -> Result<(), StoreError> {
    let sql = "UPDATE submission SET assigned = $2 WHERE id = $1";
    tx.execute(Query::new(sql).bind(id).bind(login)).await?;
    Ok(())
}

/// Ids of submissions that are assigned though nobody claims them any more.
pub async fn claims_run_out(tx: &mut Tx, now: Timestamp) -> Result<Vec<(String,)>, StoreError> {
    let sql = "SELECT s.id FROM submission s WHERE s.assigned <> '' AND NOT EXISTS (SELECT 1 FROM claim c
        WHERE c.kind = 'submission' AND c.object_id = s.id AND c.until > $1) ORDER BY s.id LIMIT 500";
    tx.all(Query::new(sql).bind(now)).await
}

/// Ids of submissions whose job was given up, and that do not say so yet.
pub async fn given_up(tx: &mut Tx, limit: i64) -> Result<Vec<(String,)>, StoreError> {
    let sql = "SELECT s.id FROM job j JOIN submission s ON s.id = j.subject
        WHERE j.kind = 'submission' AND j.state = 'held' AND s.state IN ('failed', 'validating')
        ORDER BY s.received_at, s.id LIMIT $1";
    tx.all(Query::new(sql).bind(limit)).await
}

/// Whether a submission has these bytes and its file was not removed.
pub async fn has_bytes(tx: &mut Tx, sha256: &str) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM submission WHERE sha256 = $1 AND file_removed_at = 0";
    Ok(tx.number(Query::new(sql).bind(sha256)).await? > 0)
}

/// Saves the state and what the check found; the caller has locked the row.
pub async fn save(tx: &mut Tx, s: &Submission) -> Result<(), StoreError> {
    let query = Query::new("UPDATE submission SET version = version + 1")
        .set("kind", &s.kind)
        .set("specification", &s.specification)
        .set("detected", &s.detected)
        .set("state", &s.state)
        .set("state_at", s.state_at)
        .set("hold", &s.hold)
        .set("reason", &s.reason)
        .set("row_count", s.row_count)
        .set("accepted", s.accepted)
        .set("ignored", s.ignored)
        .set("finding_count", s.finding_count)
        .set("paths_new", s.paths_new)
        .set("paths_changed", s.paths_changed)
        .set("paths_same", s.paths_same)
        .set("assigned", &s.assigned)
        .set("cause", &s.cause)
        .set("checked_bytes", s.checked_bytes)
        .set("file_removed_at", s.file_removed_at)
        .set("changed_at", s.changed_at)
        .set("changed_by", &s.changed_by)
        .push(" WHERE id = ")
        .arg(&s.id);
    tx.execute(query).await?;
    Ok(())
}

/// One finding as stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Finding {
    /// Place in the report, from 1.
    pub position: i64,
    /// Code, such as `ROM-0042`.
    pub code: String,
    /// `file`, `value`, `measurement`, `remark`.
    pub severity: String,
    /// Line as an editor counts it; 0 when it is about the whole.
    pub line: i64,
    /// Column, by name or as `#7`; empty when none is to blame.
    pub column_name: String,
    /// How often.
    pub count: i64,
}

/// Replaces the findings of a submission.
pub async fn put_findings(
    tx: &mut Tx,
    submission: &str,
    findings: &[Finding],
) -> Result<(), StoreError> {
    tx.execute(Query::new("DELETE FROM finding WHERE submission_id = $1").bind(submission))
        .await?;
    for chunk in findings.chunks(100) {
        let mut query = Query::new(
            "INSERT INTO finding (submission_id, code, severity, column_name, position, line, count) VALUES ",
        );
        for (i, f) in chunk.iter().enumerate() {
            query = query
                .push(if i == 0 { "(" } else { ", (" })
                .args([submission, &f.code, &f.severity, &f.column_name])
                .push(", ")
                .args([f.position, f.line, f.count])
                .push(")");
        }
        tx.execute(query).await?;
    }
    Ok(())
}

/// Findings of a submission in the order of the file.
pub async fn findings(
    tx: &mut Tx,
    submission: &str,
    limit: i64,
) -> Result<Vec<Finding>, StoreError> {
    let sql = "SELECT position, code, severity, line, column_name, count FROM finding
        WHERE submission_id = $1 ORDER BY position LIMIT $2";
    tx.all(Query::new(sql).bind(submission).bind(limit)).await
}

/// Writes how far the check of a file is, for whoever looks.
pub async fn progress(db: &Db, id: &str, bytes: i64) -> Result<(), StoreError> {
    let mut tx = db.write().await?;
    let sql = "UPDATE submission SET checked_bytes = $2 WHERE id = $1 AND state = 'validating'";
    tx.execute(Query::new(sql).bind(id).bind(bytes)).await?;
    tx.notify().await?;
    tx.commit().await
}

/// Name, mail address and language of the vendor of a connection that asked for the status mails too.
pub async fn vendor_contact(
    tx: &mut Tx,
    connection: &str,
) -> Result<Option<(String, String, String)>, StoreError> {
    let sql = "SELECT v.contact, v.email, v.language FROM connection c JOIN vendor v ON v.id = c.vendor_id
        WHERE c.id = $1 AND c.vendor_mail = 1 AND v.email <> ''";
    tx.optional(Query::new(sql).bind(connection)).await
}

/// Whether a submission is a test run.
pub async fn is_test(tx: &mut Tx, id: &str) -> Result<bool, StoreError> {
    let sql = "SELECT test FROM submission WHERE id = $1";
    Ok(tx.number(Query::new(sql).bind(id)).await? != 0)
}
