//! Tables `stage_path`, `stage_measurement` and `stage_response`: rows of a file while it is being checked, by submission and
//! attempt. Nothing reads them but the transaction that moves them into place; not that transaction.

use super::copy::{Cells, Load};
use super::db::{Db, Tx};
use super::error::StoreError;
use super::query::Query;
use chrono::NaiveDate;

/// Whose rows these are: a submission in one attempt at it.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The submission.
    pub submission: &'a str,
    /// Attempt of its job; 0 without a job.
    pub attempt: i64,
}

/// A pseudonym: 32 bytes of a keyed digest.
pub type Key = [u8; 32];

/// A care path, or a part of it when its rows stand apart in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Keyed digest of the client key.
    pub client_key: Key,
    /// Keyed digest of the care-path number.
    pub path_key: Key,
    /// Profile.
    pub profile: &'static str,
    /// Diagnosis group, empty when none.
    pub diagnosis: &'static str,
    /// First day.
    pub starts: Option<NaiveDate>,
    /// Last day, none while open.
    pub ends: Option<NaiveDate>,
    /// Day of the first session.
    pub first_session: Option<NaiveDate>,
    /// Day of the last session.
    pub last_session: Option<NaiveDate>,
    /// Four sums of 32 bits over keyed digests of the contents: equal for equal contents, whatever the order of the rows.
    pub sums: [i64; 4],
}

/// A measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Keyed digest of the client key.
    pub client_key: Key,
    /// Keyed digest of the care-path number.
    pub path_key: Key,
    /// `pre` or `post`.
    pub moment: &'static str,
    /// Instrument.
    pub instrument: &'static str,
    /// Day.
    pub measured_on: NaiveDate,
    /// Total score in the unit of the instrument.
    pub score: f64,
}

/// A questionnaire of one respondent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Keyed digest of the client key.
    pub client_key: Key,
    /// Keyed digest of the care-path number.
    pub path_key: Key,
    /// Questionnaire with its version.
    pub questionnaire: &'static str,
    /// Day.
    pub taken_on: NaiveDate,
    /// Answers 1 to 5, none where nothing was answered.
    pub answers: [Option<i64>; 15],
    /// Mark 0 to 10.
    pub mark: Option<i64>,
    /// Health 1 to 5.
    pub health: Option<i64>,
}

/// Rows that are written together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Piece {
    /// Care paths.
    pub paths: Vec<Path>,
    /// Measurements.
    pub measurements: Vec<Measurement>,
    /// Responses.
    pub responses: Vec<Response>,
}

impl Piece {
    /// Rows in it.
    pub fn len(&self) -> usize {
        self.paths.len() + self.measurements.len() + self.responses.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How many rows were written so far, by table; also the number of the next row in each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Staged {
    /// Care paths or parts of them.
    pub paths: i64,
    /// Measurements.
    pub measurements: i64,
    /// Responses.
    pub responses: i64,
}

static PATHS: Load = Load {
    table: "stage_path",
    columns: "submission_id, attempt, n, client_key, path_key, profile, diagnosis, starts, ends, first_session, \
        last_session, sum_1, sum_2, sum_3, sum_4",
};
static MEASUREMENTS: Load = Load {
    table: "stage_measurement",
    columns: "submission_id, attempt, n, client_key, path_key, moment, instrument, measured_on, score",
};
static RESPONSES: Load = Load {
    table: "stage_response",
    columns: "submission_id, attempt, n, client_key, path_key, questionnaire, taken_on, v01, v02, v03, v04, v05, v06, \
        v07, v08, v09, v10, v11, v12, v13, v14, v15, mark, health",
};

/// Writes a piece in a transaction of its own, so that no large file holds anybody up.
pub async fn put(
    db: &Db,
    batch: Batch<'_>,
    piece: &Piece,
    staged: &mut Staged,
) -> Result<(), StoreError> {
    let mut tx = db.write().await?;
    let mut at = *staged;
    PATHS
        .write(&mut tx, &piece.paths, |row, cells| {
            batch.head(&mut at.paths, cells);
            path(row, cells);
        })
        .await?;
    MEASUREMENTS
        .write(&mut tx, &piece.measurements, |row, cells| {
            batch.head(&mut at.measurements, cells);
            measurement(row, cells);
        })
        .await?;
    RESPONSES
        .write(&mut tx, &piece.responses, |row, cells| {
            batch.head(&mut at.responses, cells);
            response(row, cells);
        })
        .await?;
    tx.commit().await?;
    *staged = at;
    Ok(())
}

impl Batch<'_> {
    fn head(&self, n: &mut i64, cells: &mut dyn Cells) {
        cells.text(self.submission);
        cells.whole(Some(self.attempt));
        cells.whole(Some(*n));
        *n += 1;
    }
}

fn path(row: &Path, cells: &mut dyn Cells) {
    cells.bytes(&row.client_key);
    cells.bytes(&row.path_key);
    cells.text(row.profile);
    cells.text(row.diagnosis);
    cells.date(row.starts);
    cells.date(row.ends);
    cells.date(row.first_session);
    cells.date(row.last_session);
    for sum in row.sums {
        cells.whole(Some(sum));
    }
}

fn measurement(row: &Measurement, cells: &mut dyn Cells) {
    cells.bytes(&row.client_key);
    cells.bytes(&row.path_key);
    cells.text(row.moment);
    cells.text(row.instrument);
    cells.date(Some(row.measured_on));
    cells.real(row.score);
}

fn response(row: &Response, cells: &mut dyn Cells) {
    cells.bytes(&row.client_key);
    cells.bytes(&row.path_key);
    cells.text(row.questionnaire);
    cells.date(Some(row.taken_on));
    for answer in row.answers {
        cells.whole(answer);
    }
    cells.whole(row.mark);
    cells.whole(row.health);
}

/// Makes one row of the parts of each care path whose rows stand apart in the file; gives how many care paths there are then.
pub async fn join_parts(db: &Db, batch: Batch<'_>, staged: &mut Staged) -> Result<(), StoreError> {
    let mut tx = db.write().await?;
    // The whole gets the number -1 - n of its first part, so that it is told from the parts that it replaces.
    let sql = "INSERT INTO stage_path (submission_id, attempt, n, client_key, path_key, profile, diagnosis, starts, ends,
            first_session, last_session, sum_1, sum_2, sum_3, sum_4)
        SELECT submission_id, attempt, -1 - min(n), client_key, path_key, min(profile), min(diagnosis), min(starts),
            min(ends), min(first_session), min(last_session), CAST(sum(sum_1) AS BIGINT), CAST(sum(sum_2) AS BIGINT),
            CAST(sum(sum_3) AS BIGINT), CAST(sum(sum_4) AS BIGINT)
        FROM stage_path WHERE submission_id = $1 AND attempt = $2
        GROUP BY submission_id, attempt, client_key, path_key HAVING count(*) > 1";
    let joined = tx.execute(batch.query(sql)).await?;
    let sql = "DELETE FROM stage_path WHERE submission_id = $1 AND attempt = $2 AND n >= 0
        AND (client_key, path_key) IN (SELECT w.client_key, w.path_key FROM stage_path w
            WHERE w.submission_id = $1 AND w.attempt = $2 AND w.n < 0)";
    let parts = tx.execute(batch.query(sql)).await?;
    tx.commit().await?;
    let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    staged.paths += whole(joined) - whole(parts);
    Ok(())
}

impl Batch<'_> {
    pub(super) fn query(&self, sql: &'static str) -> Query {
        Query::new(sql).bind(self.submission).bind(self.attempt)
    }
}

/// How many rows there are: fewer than were written when the server lost its unlogged tables in between.
pub async fn count(tx: &mut Tx, batch: Batch<'_>) -> Result<Staged, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM stage_path WHERE submission_id = $1 AND attempt = $2),
        (SELECT count(*) FROM stage_measurement WHERE submission_id = $1 AND attempt = $2),
        (SELECT count(*) FROM stage_response WHERE submission_id = $1 AND attempt = $2)";
    let row: Option<(i64, i64, i64)> = tx.optional(batch.query(sql)).await?;
    let (paths, measurements, responses) = row.unwrap_or_default();
    Ok(Staged {
        paths,
        measurements,
        responses,
    })
}

/// Lets the server look at large heaps of rows before it plans with them; `SQLite` needs no look.
pub async fn look_over(db: &Db, staged: Staged) -> Result<(), StoreError> {
    let rows = staged.paths + staged.measurements + staged.responses;
    if db.postgres().is_none() || rows < LARGE {
        return Ok(());
    }
    let mut tx = db.write().await?;
    tx.execute(Query::new(
        "ANALYZE stage_path, stage_measurement, stage_response",
    ))
    .await?;
    tx.commit().await
}

/// Rows from which a look is worth its time.
const LARGE: i64 = 20_000;

/// Removes the rows of a submission in this attempt and in earlier ones.
pub async fn clear(db: &Db, batch: Batch<'_>) -> Result<(), StoreError> {
    let mut tx = db.write().await?;
    for sql in [
        "DELETE FROM stage_path WHERE submission_id = $1 AND attempt <= $2",
        "DELETE FROM stage_measurement WHERE submission_id = $1 AND attempt <= $2",
        "DELETE FROM stage_response WHERE submission_id = $1 AND attempt <= $2",
    ] {
        tx.execute(batch.query(sql)).await?;
    }
    tx.commit().await
}

/// Removes what workers left behind that are gone; gives how many heaps there were. Looks for them in a transaction that holds
/// nobody up.
pub async fn clear_leftovers(db: &Db) -> Result<usize, StoreError> {
    let mut tx = db.read().await?;
    let sql = "SELECT b.submission_id, b.attempt FROM (SELECT submission_id, attempt FROM stage_path
            UNION SELECT submission_id, attempt FROM stage_measurement
            UNION SELECT submission_id, attempt FROM stage_response) AS b
        WHERE NOT EXISTS (SELECT 1 FROM job j WHERE j.kind = 'submission' AND j.subject = b.submission_id
                AND j.state = 'running' AND j.attempt = b.attempt)
            AND NOT (b.attempt = 0 AND EXISTS (SELECT 1 FROM submission s WHERE s.id = b.submission_id
                AND s.state = 'validating'))";
    let left: Vec<(String, i64)> = tx.all(Query::new(sql)).await?;
    tx.rollback().await?;
    for (submission, attempt) in &left {
        let batch = Batch {
            submission,
            attempt: *attempt,
        };
        clear(db, batch).await?;
    }
    Ok(left.len())
}
