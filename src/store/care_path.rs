//! Tables `care_path`, `measurement` and `response`: moved from the staging tables in one go, newer deliveries replacing older
//! ones; removed on request or when their time is over. Rows of a file that is still being checked are in `stage`.

use super::db::{Engine, Tx};
use super::error::StoreError;
use super::query::Query;
use super::stage::{self, Batch, Staged};
use crate::domain::time::Timestamp;

/// A delivery whose staged rows are moved into place.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// Organisation; the caller holds its lock, so one delivery of it moves at a time.
    pub organisation: &'a str,
    /// `rom` or `cqi`.
    pub kind: &'a str,
    /// Submission and attempt.
    pub batch: Batch<'a>,
    /// When it arrived: of two deliveries the later one holds, whichever is processed first.
    pub received_at: Timestamp,
    /// What was staged.
    pub staged: Staged,
}

/// What became of the care paths of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// They were not there before.
    pub new: i64,
    /// They replaced what an earlier delivery said.
    pub changed: i64,
    /// They said the same, or a later delivery has them already.
    pub same: i64,
    /// They were left out, because their client was erased.
    pub erased: i64,
}

/// Moves the rows of a delivery into place; `Doubt` when staged rows are missing, and then nothing may be kept.
pub async fn take_over(tx: &mut Tx, delivery: &Delivery<'_>) -> Result<Tally, StoreError> {
    prepare(tx).await?;
    if stage::count(tx, delivery.batch).await? != delivery.staged {
        return Err(StoreError::Busy("staged rows are gone".to_owned()));
    }
    let erased = leave_out_erased(tx, delivery).await?;
    let all = delivery.staged.paths - erased;
    if is_first(tx, delivery).await? {
        let new = run(tx, delivery.query(PATHS_OF_FIRST)).await?;
        run(tx, delivery.batch.query(MEASUREMENTS_OF_FIRST)).await?;
        run(tx, delivery.batch.query(RESPONSES_OF_FIRST)).await?;
        let (changed, same) = (0, all - new);
        return Ok(Tally {
            new,
            changed,
            same,
            erased,
        });
    }
    let older = later_ones(tx, delivery).await?;
    run(tx, delivery.query(CONFIRM_SAME)).await?;
    let changed = run(tx, delivery.query(SUPERSEDE_CHANGED)).await?;
    let inserted = run(tx, delivery.query(PATHS)).await?;
    if inserted > 0 {
        run(tx, delivery.of_kind(MEASUREMENTS)).await?;
        run(tx, delivery.of_kind(RESPONSES)).await?;
    }
    let new = inserted - changed - older;
    let same = all - new - changed;
    Ok(Tally {
        new,
        changed,
        same,
        erased,
    })
}

/// Room to sort in and time enough, for this transaction alone; plans are made for the heap at hand, not for an average one.
async fn prepare(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        let sql = "SELECT CAST(count(set_config(name, value, TRUE)) AS BIGINT) FROM (VALUES ('work_mem', '96MB'),
            ('statement_timeout', '0'), ('plan_cache_mode', 'force_custom_plan')) AS s (name, value)";
        tx.number(Query::new(sql)).await?;
    }
    Ok(())
}

impl Delivery<'_> {
    /// A statement with all five parameters.
    fn query(&self, sql: &'static str) -> Query {
        self.of_kind(sql).bind(self.received_at)
    }

    /// A statement with the first four.
    fn of_kind(&self, sql: &'static str) -> Query {
        let query = self.batch.query(sql);
        query.bind(self.organisation).bind(self.kind)
    }
}

async fn run(tx: &mut Tx, query: Query) -> Result<i64, StoreError> {
    Ok(i64::try_from(tx.execute(query).await?).unwrap_or(i64::MAX))
}

/// Takes the rows of erased clients out; gives how many care paths.
async fn leave_out_erased(tx: &mut Tx, delivery: &Delivery<'_>) -> Result<i64, StoreError> {
    let sql = "SELECT count(*) FROM erased_client WHERE organisation_id = $1";
    if tx
        .number(Query::new(sql).bind(delivery.organisation))
        .await?
        == 0
    {
        return Ok(0);
    }
    let mut paths = 0;
    for (sql, counts) in [
        (
            "DELETE FROM stage_path WHERE submission_id = $1 AND attempt = $2
            AND client_key IN (SELECT client_key FROM erased_client WHERE organisation_id = $3)",
            1,
        ),
        (
            "DELETE FROM stage_measurement WHERE submission_id = $1 AND attempt = $2
            AND client_key IN (SELECT client_key FROM erased_client WHERE organisation_id = $3)",
            0,
        ),
        (
            "DELETE FROM stage_response WHERE submission_id = $1 AND attempt = $2
            AND client_key IN (SELECT client_key FROM erased_client WHERE organisation_id = $3)",
            0,
        ),
    ] {
        let query = delivery.batch.query(sql).bind(delivery.organisation);
        let rows = tx.execute(query).await?;
        paths += counts * i64::try_from(rows).unwrap_or(i64::MAX);
    }
    Ok(paths)
}

/// Whether the organisation has nothing of this kind yet: then there is nothing to compare with.
async fn is_first(tx: &mut Tx, delivery: &Delivery<'_>) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM care_path WHERE organisation_id = $1 AND kind = $2 LIMIT 1) AS found";
    let query = Query::new(sql)
        .bind(delivery.organisation)
        .bind(delivery.kind);
    Ok(tx.number(query).await? == 0)
}

/// How many care paths a delivery that arrived later has already. Rare, so the organisation is asked first.
async fn later_ones(tx: &mut Tx, delivery: &Delivery<'_>) -> Result<i64, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM submission WHERE organisation_id = $1 AND received_at > $2
        AND state IN ('processed', 'superseded') LIMIT 1) AS found";
    let query = Query::new(sql)
        .bind(delivery.organisation)
        .bind(delivery.received_at);
    if tx.number(query).await? == 0 {
        return Ok(0);
    }
    let sql = "SELECT count(*) FROM stage_path p JOIN care_path c ON c.organisation_id = $3
        AND c.client_key = p.client_key AND c.path_key = p.path_key AND c.kind = $4 AND c.superseded_by = ''
        WHERE p.submission_id = $1 AND p.attempt = $2 AND c.confirmed_at > $5";
    tx.number(delivery.query(sql)).await
}

// In all of them: $1 submission, $2 attempt, $3 organisation, $4 kind, $5 when it arrived. Rows go in by the order of their keys:
// that is what makes large deliveries fast.

const PATHS_OF_FIRST: &str = "INSERT INTO care_path (organisation_id, client_key, path_key, kind, submission_id,
        superseded_by, profile, diagnosis, starts, ends, first_session, last_session, confirmed_at,
        sum_1, sum_2, sum_3, sum_4)
    SELECT $3, p.client_key, p.path_key, $4, $1, '', p.profile, p.diagnosis, p.starts, p.ends, p.first_session,
        p.last_session, CAST($5 AS BIGINT), p.sum_1, p.sum_2, p.sum_3, p.sum_4
    FROM stage_path p WHERE p.submission_id = $1 AND p.attempt = $2 ORDER BY p.client_key, p.path_key";

const MEASUREMENTS_OF_FIRST: &str =
    "INSERT INTO measurement (submission_id, client_key, path_key, moment, instrument,
        measured_on, score)
    SELECT $1, m.client_key, m.path_key, m.moment, m.instrument, m.measured_on, m.score
    FROM stage_measurement m WHERE m.submission_id = $1 AND m.attempt = $2
    ORDER BY m.client_key, m.path_key, m.moment, m.instrument, m.measured_on";

const RESPONSES_OF_FIRST: &str = "INSERT INTO response (submission_id, client_key, path_key, questionnaire, taken_on,
        v01, v02, v03, v04, v05, v06, v07, v08, v09, v10, v11, v12, v13, v14, v15, mark, health)
    SELECT $1, r.client_key, r.path_key, r.questionnaire, r.taken_on, r.v01, r.v02, r.v03, r.v04, r.v05, r.v06, r.v07,
        r.v08, r.v09, r.v10, r.v11, r.v12, r.v13, r.v14, r.v15, r.mark, r.health
    FROM stage_response r WHERE r.submission_id = $1 AND r.attempt = $2
    ORDER BY r.client_key, r.path_key, r.questionnaire, r.taken_on";

const CONFIRM_SAME: &str = "UPDATE care_path SET confirmed_at = CAST($5 AS BIGINT) FROM stage_path p
    WHERE p.submission_id = $1 AND p.attempt = $2 AND care_path.organisation_id = $3
        AND care_path.client_key = p.client_key AND care_path.path_key = p.path_key AND care_path.kind = $4
        AND care_path.superseded_by = '' AND care_path.confirmed_at <= $5
        AND care_path.sum_1 = p.sum_1 AND care_path.sum_2 = p.sum_2
        AND care_path.sum_3 = p.sum_3 AND care_path.sum_4 = p.sum_4";

const SUPERSEDE_CHANGED: &str = "UPDATE care_path SET superseded_by = $1 FROM stage_path p
    WHERE p.submission_id = $1 AND p.attempt = $2 AND care_path.organisation_id = $3
        AND care_path.client_key = p.client_key AND care_path.path_key = p.path_key AND care_path.kind = $4
        AND care_path.superseded_by = '' AND care_path.confirmed_at <= $5
        AND NOT (care_path.sum_1 = p.sum_1 AND care_path.sum_2 = p.sum_2
            AND care_path.sum_3 = p.sum_3 AND care_path.sum_4 = p.sum_4)";

/// What is new or changed, and what a later delivery has already: that one's care path stays the current one.
const PATHS: &str = "INSERT INTO care_path (organisation_id, client_key, path_key, kind, submission_id,
        superseded_by, profile, diagnosis, starts, ends, first_session, last_session, confirmed_at,
        sum_1, sum_2, sum_3, sum_4)
    SELECT $3, p.client_key, p.path_key, $4, $1, COALESCE(c.submission_id, ''), p.profile, p.diagnosis, p.starts, p.ends,
        p.first_session, p.last_session, CAST($5 AS BIGINT), p.sum_1, p.sum_2, p.sum_3, p.sum_4
    FROM stage_path p LEFT JOIN care_path c ON c.organisation_id = $3 AND c.client_key = p.client_key
        AND c.path_key = p.path_key AND c.kind = $4 AND c.superseded_by = ''
    WHERE p.submission_id = $1 AND p.attempt = $2 AND (c.submission_id IS NULL OR c.confirmed_at > $5)
    ORDER BY p.client_key, p.path_key";

const MEASUREMENTS: &str = "INSERT INTO measurement (submission_id, client_key, path_key, moment, instrument,
        measured_on, score)
    SELECT $1, m.client_key, m.path_key, m.moment, m.instrument, m.measured_on, m.score
    FROM stage_measurement m JOIN care_path c ON c.organisation_id = $3 AND c.client_key = m.client_key
        AND c.path_key = m.path_key AND c.kind = $4 AND c.submission_id = $1
    WHERE m.submission_id = $1 AND m.attempt = $2
    ORDER BY m.client_key, m.path_key, m.moment, m.instrument, m.measured_on";

const RESPONSES: &str = "INSERT INTO response (submission_id, client_key, path_key, questionnaire, taken_on,
        v01, v02, v03, v04, v05, v06, v07, v08, v09, v10, v11, v12, v13, v14, v15, mark, health)
    SELECT $1, r.client_key, r.path_key, r.questionnaire, r.taken_on, r.v01, r.v02, r.v03, r.v04, r.v05, r.v06, r.v07,
        r.v08, r.v09, r.v10, r.v11, r.v12, r.v13, r.v14, r.v15, r.mark, r.health
    FROM stage_response r JOIN care_path c ON c.organisation_id = $3 AND c.client_key = r.client_key
        AND c.path_key = r.path_key AND c.kind = $4 AND c.submission_id = $1
    WHERE r.submission_id = $1 AND r.attempt = $2
    ORDER BY r.client_key, r.path_key, r.questionnaire, r.taken_on";
