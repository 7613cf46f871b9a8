//! What staff wrote down about a submission: append-only, shown in its record. Not the audit.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A note on a submission.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Remark {
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    /// Who.
    pub operator_name: String,
    /// What.
    pub text: String,
}

/// Who writes, by id and name.
pub type Writer<'a> = (&'a str, &'a str);

/// Adds a note.
pub async fn add(
    tx: &mut Tx,
    submission: &str,
    (operator, name): Writer<'_>,
    text: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO submission_note (id, submission_id, at, operator_id, operator_name, text)
        VALUES ($1, $2, $3, $4, $5, $6)";
    let query = Query::new(sql)
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(submission)
        .bind(now)
        .bind(operator)
        .bind(name)
        .bind(text);
    tx.execute(query).await?;
    Ok(())
}

/// The notes on a submission, newest first.
pub async fn of(tx: &mut Tx, submission: &str, limit: i64) -> Result<Vec<Remark>, StoreError> {
    let sql = "SELECT at, operator_name, text FROM submission_note WHERE submission_id = $1 ORDER BY at DESC, id DESC LIMIT $2";
    tx.all(Query::new(sql).bind(submission).bind(limit)).await
}
