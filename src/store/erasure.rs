//! What is removed because somebody asked or because its time is over: one client, all of an organisation, delivered files. Counts
//! and reports stay.

use super::db::{Engine, Tx};
use super::error::StoreError;
use super::query::Query;
use crate::domain::time::Timestamp;

/// How many rows were removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Removed {
    /// Care paths.
    pub paths: u64,
    /// Measurements.
    pub measurements: u64,
    /// Responses.
    pub responses: u64,
    /// Rows of files that are being checked.
    pub staged: u64,
}

/// Removes one client of an organisation and remembers the pseudonym, so that the client stays away. A delivery that is being
/// checked begins anew, for rows of it are gone.
pub async fn client(
    tx: &mut Tx,
    organisation: &str,
    key: &[u8; 32],
    now: Timestamp,
) -> Result<Removed, StoreError> {
    let of = |sql: &'static str| Query::new(sql).bind(organisation).bind(key.to_vec());
    let sql = "INSERT INTO erased_client (organisation_id, client_key, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    tx.execute(of(sql).bind(now)).await?;
    let mut removed = Removed {
        measurements: tx
            .execute(of(
                "DELETE FROM measurement WHERE client_key = $2 AND submission_id IN (SELECT c.submission_id
                    FROM care_path c WHERE c.organisation_id = $1 AND c.client_key = $2)",
            ))
            .await?,
        responses: tx
            .execute(of(
                "DELETE FROM response WHERE client_key = $2 AND submission_id IN (SELECT c.submission_id
                    FROM care_path c WHERE c.organisation_id = $1 AND c.client_key = $2)",
            ))
            .await?,
        ..Removed::default()
    };
    let sql = "DELETE FROM care_path WHERE organisation_id = $1 AND client_key = $2";
    removed.paths = tx.execute(of(sql)).await?;
    for sql in [
        "DELETE FROM stage_path WHERE client_key = $2 AND submission_id IN (SELECT s.id FROM submission s
            WHERE s.organisation_id = $1)",
        "DELETE FROM stage_measurement WHERE client_key = $2 AND submission_id IN (SELECT s.id FROM submission s
            WHERE s.organisation_id = $1)",
        "DELETE FROM stage_response WHERE client_key = $2 AND submission_id IN (SELECT s.id FROM submission s
            WHERE s.organisation_id = $1)",
    ] {
        removed.staged += tx.execute(of(sql)).await?;
    }
    Ok(removed)
}

/// Organisations that still have care paths though they ended before a moment, or though no acceptance of theirs has counted since.
pub async fn over(
    tx: &mut Tx,
    before: Timestamp,
    before_day: &str,
) -> Result<Vec<(String,)>, StoreError> {
    let sql = "SELECT o.id FROM organisation o
        WHERE EXISTS (SELECT 1 FROM care_path c WHERE c.organisation_id = o.id)
            AND ((o.state = 'ended' AND o.state_at <= $1)
                OR (EXISTS (SELECT 1 FROM acceptance a WHERE a.organisation_id = o.id AND a.accepted_at > 0)
                    AND NOT EXISTS (SELECT 1 FROM acceptance a WHERE a.organisation_id = o.id
                        AND ((a.state = 'accepted' AND a.valid_until >= $2)
                            OR (a.state IN ('superseded', 'terminated') AND a.accepted_at > 0 AND a.state_at > $1)))))
        ORDER BY o.id LIMIT 20";
    tx.all(Query::new(sql).bind(before).bind(before_day)).await
}

/// Removes everything at client level of an organisation; the caller holds its lock.
pub async fn organisation(tx: &mut Tx, id: &str) -> Result<Removed, StoreError> {
    if tx.engine() == Engine::Postgres {
        let sql = "SELECT CAST(count(set_config('statement_timeout', '0', TRUE)) AS BIGINT)";
        tx.number(Query::new(sql)).await?;
    }
    let of = |sql: &'static str| Query::new(sql).bind(id);
    Ok(Removed {
        measurements: tx
            .execute(of(
                "DELETE FROM measurement WHERE submission_id IN (SELECT s.id FROM submission s
                WHERE s.organisation_id = $1)",
            ))
            .await?,
        responses: tx
            .execute(of(
                "DELETE FROM response WHERE submission_id IN (SELECT s.id FROM submission s
                WHERE s.organisation_id = $1)",
            ))
            .await?,
        paths: tx
            .execute(of("DELETE FROM care_path WHERE organisation_id = $1"))
            .await?,
        staged: 0,
    })
}

/// Submissions whose file has been kept long enough: in a final state since `final_before`, or received before `any_before`.
pub async fn files_over(
    tx: &mut Tx,
    final_before: Timestamp,
    any_before: Timestamp,
    limit: i64,
) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT id, sha256 FROM submission WHERE file_removed_at = 0 AND received_at <= $1
            AND state <> 'validating' AND (received_at <= $2 OR (state_at <= $1 AND state IN
                ('processed', 'superseded', 'withdrawn', 'invalid', 'valid', 'valid_with_remarks')))
        ORDER BY received_at, id LIMIT $3";
    let query = Query::new(sql)
        .bind(final_before)
        .bind(any_before)
        .bind(limit);
    tx.all(query).await
}

/// Whether a submission other than this one still needs the bytes; an empty id stands for none.
pub async fn needs_bytes(tx: &mut Tx, sha256: &str, but: &str) -> Result<bool, StoreError> {
    let sql =
        "SELECT count(*) FROM submission WHERE sha256 = $1 AND file_removed_at = 0 AND id <> $2";
    Ok(tx.number(Query::new(sql).bind(sha256).bind(but)).await? > 0)
}
