//! What figures are made from: who takes part, which deliveries count, and their care paths, measurements and answers in the order of
//! their keys. It adds nothing up.

use super::db::{Engine, Tx};
use super::error::StoreError;
use super::query::Query;
use super::stage::Key;
use chrono::NaiveDate;
use sqlx::error::BoxDynError;
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

/// An organisation that may take part, and what decides whether it does.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Party {
    /// Identifier.
    pub id: String,
    /// AGB code.
    pub agb: String,
    /// Name.
    pub name: String,
    /// State code.
    pub state: String,
    /// 1 when it held the quality mark on a day of the period.
    pub marked: i64,
    /// 1 when an acceptance counts today.
    pub accepted_now: i64,
    /// 1 when an acceptance counted on a day of the period.
    pub accepted_then: i64,
    /// 1 when its ROM delivery is overdue and the last one arrived before the period was over.
    pub overdue: i64,
}

/// A delivery that was processed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivered {
    /// Identifier.
    pub id: String,
    /// Organisation.
    pub organisation_id: String,
    /// `rom` or `cqi`.
    pub kind: String,
    /// Specification.
    pub specification: String,
    /// SHA-256 of the delivered bytes.
    pub sha256: String,
}

/// A care path, with one of its measurements when it has any.
#[derive(Debug, Clone, PartialEq)]
pub struct PathRow {
    /// Whose care path it is: keyed digests of client key and care-path number.
    pub key: (Key, Key),
    /// Profile.
    pub profile: String,
    /// Diagnosis group, empty when none.
    pub diagnosis: String,
    /// First day.
    pub starts: NaiveDate,
    /// Last day.
    pub ends: Option<NaiveDate>,
    /// Day of the first session.
    pub first_session: Option<NaiveDate>,
    /// Day of the last session.
    pub last_session: Option<NaiveDate>,
    /// The measurement.
    pub measured: Option<Measured>,
}

/// A measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// `pre` or `post`.
    pub moment: String,
    /// Instrument.
    pub instrument: String,
    /// Day.
    pub day: NaiveDate,
    /// Total score in the unit of the instrument.
    pub score: f64,
}

/// A row of a delivery, which holds today or held before.
#[derive(Debug, Clone, PartialEq)]
pub struct Version<R> {
    /// The row.
    pub row: R,
    /// Its delivery.
    pub submission: String,
    /// The delivery that replaced it; empty while it holds.
    pub superseded_by: String,
}

/// A questionnaire of one respondent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    /// Whose care path it is: keyed digests of client key and care-path number.
    pub key: (Key, Key),
    /// Questionnaire with its version.
    pub questionnaire: String,
    /// When it was answered.
    pub day: NaiveDate,
    /// Answers by question.
    pub answers: [Option<i64>; 15],
    /// Grade.
    pub grade: Option<i64>,
    /// Health.
    pub health: Option<i64>,
}

/// Room to sort in and time enough, for this transaction alone; plans are made for the heap at hand. Compiling them or starting
/// helpers for each of many deliveries would take longer than it saves.
pub async fn prepare(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.engine() == Engine::Postgres {
        let sql = "SELECT CAST(count(set_config(name, value, TRUE)) AS BIGINT) FROM (VALUES ('work_mem', '96MB'),
            ('statement_timeout', '0'), ('plan_cache_mode', 'force_custom_plan'), ('jit', 'off'),
            ('max_parallel_workers_per_gather', '0')) AS s (name, value)";
        tx.number(Query::new(sql)).await?;
    }
    Ok(())
}

/// The days and moments that decide who takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// First day of the period, `YYYY-MM-DD`.
    pub first: String,
    /// Last day of the period.
    pub last: String,
    /// Its first moment, in milliseconds UTC.
    pub from: i64,
    /// The first moment after it.
    pub until: i64,
    /// Today.
    pub today: String,
}

/// Organisations that held the mark in the period or ever delivered, by AGB code.
pub async fn parties(tx: &mut Tx, span: &Span) -> Result<Vec<Party>, StoreError> {
    let sql = "SELECT o.id, o.agb, o.name, o.state,
        CAST(CASE WHEN EXISTS (SELECT 1 FROM quality_mark q WHERE q.organisation_id = o.id
            AND q.valid_from <= $2 AND q.valid_until >= $1) THEN 1 ELSE 0 END AS BIGINT) AS marked,
        CAST(CASE WHEN EXISTS (SELECT 1 FROM acceptance a WHERE a.organisation_id = o.id AND a.state = 'accepted'
            AND a.valid_until >= $5) THEN 1 ELSE 0 END AS BIGINT) AS accepted_now,
        CAST(CASE WHEN EXISTS (SELECT 1 FROM acceptance a WHERE a.organisation_id = o.id AND a.accepted_at > 0
            AND a.accepted_at < $4 AND a.valid_until >= $1 AND (a.state = 'accepted' OR a.state_at >= $3))
            THEN 1 ELSE 0 END AS BIGINT) AS accepted_then,
        CAST(CASE WHEN EXISTS (SELECT 1 FROM obligation b WHERE b.organisation_id = o.id AND b.kind = 'rom'
            AND b.state = 'overdue' AND b.delivered_at < $4) THEN 1 ELSE 0 END AS BIGINT) AS overdue
        FROM organisation o
        WHERE EXISTS (SELECT 1 FROM quality_mark q WHERE q.organisation_id = o.id AND q.valid_from <= $2
                AND q.valid_until >= $1)
            OR EXISTS (SELECT 1 FROM submission s WHERE s.organisation_id = o.id AND s.test = 0
                AND s.state IN ('processed', 'superseded'))
        ORDER BY o.agb";
    let query = Query::new(sql)
        .bind(&span.first)
        .bind(&span.last)
        .bind(span.from)
        .bind(span.until)
        .bind(&span.today);
    tx.all(query).await
}

/// Deliveries that were processed, by organisation and identifier; never a test run.
pub async fn deliveries(tx: &mut Tx) -> Result<Vec<Delivered>, StoreError> {
    let sql = "SELECT id, organisation_id, kind, specification, sha256 FROM submission
        WHERE state IN ('processed', 'superseded') AND test = 0 ORDER BY organisation_id, id";
    tx.all(Query::new(sql)).await
}

/// Care paths of a delivery that hold today and ended in the period, each once per measurement, those of one care path together.
pub async fn care_paths<F>(
    tx: &mut Tx,
    submission: &str,
    span: &Span,
    take: F,
) -> Result<(), StoreError>
where
    F: FnMut(PathRow) + Send,
{
    let sql = "SELECT c.client_key, c.path_key, c.profile, c.diagnosis, c.starts, c.ends, c.first_session,
            c.last_session, m.moment, m.instrument, m.measured_on, m.score
        FROM care_path c LEFT JOIN measurement m ON m.submission_id = $1 AND m.client_key = c.client_key
            AND m.path_key = c.path_key
        WHERE c.submission_id = $1 AND c.superseded_by = '' AND c.kind = 'rom' AND c.ends >= $2 AND c.ends <= $3
        ORDER BY c.client_key, c.path_key";
    let query = Query::new(sql)
        .bind(submission)
        .bind(&span.first)
        .bind(&span.last);
    tx.each(query, take).await
}

/// Questionnaires of a delivery that hold today and were taken in the period, those of one care path together, the last taken last.
pub async fn answers<F>(
    tx: &mut Tx,
    submission: &str,
    span: &Span,
    take: F,
) -> Result<(), StoreError>
where
    F: FnMut(AnswerRow) + Send,
{
    let sql = "SELECT c.client_key, c.path_key, r.questionnaire, r.v01, r.v02, r.v03, r.v04, r.v05, r.v06, r.v07, r.v08,
            r.v09, r.v10, r.v11, r.v12, r.v13, r.v14, r.v15, r.mark, r.health, r.taken_on
        FROM care_path c JOIN response r ON r.submission_id = $1 AND r.client_key = c.client_key
            AND r.path_key = c.path_key
        WHERE c.submission_id = $1 AND c.superseded_by = '' AND c.kind = 'cqi'
            AND r.taken_on >= $2 AND r.taken_on <= $3
        ORDER BY c.client_key, c.path_key, r.questionnaire, r.taken_on";
    let query = Query::new(sql)
        .bind(submission)
        .bind(&span.first)
        .bind(&span.last);
    tx.each(query, take).await
}

/// Which rows of an organisation may differ from what earlier releases counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Doubtful {
    /// Deliveries of which rows that hold today are looked at.
    pub current: Vec<String>,
    /// Deliveries of which rows that were replaced are looked at.
    pub replaced: Vec<String>,
    /// Deliveries that were in every release: what they replaced was gone before.
    pub in_all: Vec<String>,
}

impl Doubtful {
    /// Whether there is nothing to look at.
    pub const fn is_empty(&self) -> bool {
        self.current.is_empty() && self.replaced.is_empty()
    }

    /// The rest of a statement over `care_path c`, whose parameters so far are bound.
    fn narrow(&self, query: Query) -> Query {
        // No list may be empty, and no delivery is called ''.
        let list = |all: &[String]| [vec![String::new()], all.to_vec()].concat();
        let either = [self.current.as_slice(), &self.replaced].concat();
        query
            .push(" AND c.submission_id IN (")
            .args(list(&either))
            .push(") AND (c.superseded_by = '' AND c.submission_id IN (")
            .args(list(&self.current))
            .push(") OR c.superseded_by <> '' AND c.submission_id IN (")
            .args(list(&self.replaced))
            .push(") AND c.superseded_by NOT IN (")
            .args(list(&self.in_all))
            .push("))")
    }
}

/// Versions of care paths that ended in the period, as `care_paths`; those of one care path together, then those of one delivery.
pub async fn versions_of_paths<F>(
    tx: &mut Tx,
    organisation: &str,
    doubtful: &Doubtful,
    span: &Span,
    take: F,
) -> Result<(), StoreError>
where
    F: FnMut(Version<PathRow>) + Send,
{
    let sql = "SELECT c.client_key, c.path_key, c.profile, c.diagnosis, c.starts, c.ends, c.first_session,
            c.last_session, m.moment, m.instrument, m.measured_on, m.score, c.submission_id, c.superseded_by
        FROM care_path c LEFT JOIN measurement m ON m.submission_id = c.submission_id
            AND m.client_key = c.client_key AND m.path_key = c.path_key
        WHERE c.organisation_id = $1 AND c.kind = 'rom' AND c.ends >= $2 AND c.ends <= $3";
    let query = Query::new(sql)
        .bind(organisation)
        .bind(&span.first)
        .bind(&span.last);
    let query = doubtful.narrow(query);
    tx.each(
        query.push(" ORDER BY c.client_key, c.path_key, c.submission_id"),
        take,
    )
    .await
}

/// Versions of questionnaires that were taken in the period, as `answers`; those of one care path together, then those of one
/// delivery.
pub async fn versions_of_answers<F>(
    tx: &mut Tx,
    organisation: &str,
    doubtful: &Doubtful,
    span: &Span,
    take: F,
) -> Result<(), StoreError>
where
    F: FnMut(Version<AnswerRow>) + Send,
{
    let sql = "SELECT c.client_key, c.path_key, r.questionnaire, r.v01, r.v02, r.v03, r.v04, r.v05, r.v06, r.v07, r.v08,
            r.v09, r.v10, r.v11, r.v12, r.v13, r.v14, r.v15, r.mark, r.health, r.taken_on, c.submission_id, c.superseded_by
        FROM care_path c JOIN response r ON r.submission_id = c.submission_id AND r.client_key = c.client_key
            AND r.path_key = c.path_key
        WHERE c.organisation_id = $1 AND c.kind = 'cqi' AND r.taken_on >= $2 AND r.taken_on <= $3";
    let query = Query::new(sql)
        .bind(organisation)
        .bind(&span.first)
        .bind(&span.last);
    let query = doubtful.narrow(query);
    let order = " ORDER BY c.client_key, c.path_key, c.submission_id, r.questionnaire, r.taken_on";
    tx.each(query.push(order), take).await
}

/// How many columns the row itself has; those of its version follow.
trait Wide {
    const COLUMNS: usize;
}

impl Wide for PathRow {
    const COLUMNS: usize = 12;
}

impl Wide for AnswerRow {
    const COLUMNS: usize = 21;
}

impl<'r, D: Row, R: FromRow<'r, D> + Wide> FromRow<'r, D> for Version<R>
where
    usize: ColumnIndex<D>,
    String: Decode<'r, D::Database> + Type<D::Database>,
{
    fn from_row(row: &'r D) -> sqlx::Result<Self> {
        Ok(Self {
            row: R::from_row(row)?,
            submission: row.try_get(R::COLUMNS)?,
            superseded_by: row.try_get(R::COLUMNS + 1)?,
        })
    }
}

impl<'r, D: Row> FromRow<'r, D> for PathRow
where
    usize: ColumnIndex<D>,
    &'r str: Decode<'r, D::Database> + Type<D::Database>,
    &'r [u8]: Decode<'r, D::Database> + Type<D::Database>,
    f64: Decode<'r, D::Database> + Type<D::Database>,
{
    fn from_row(row: &'r D) -> sqlx::Result<Self> {
        let text = |at: usize| row.try_get::<&'r str, usize>(at);
        let moment: Option<&'r str> = row.try_get(8)?;
        let measured = moment.map(|moment| {
            Ok::<_, sqlx::Error>(Measured {
                moment: moment.to_owned(),
                instrument: text(9)?.to_owned(),
                day: day(text(10)?)?.ok_or_else(|| undecodable("day"))?,
                score: row.try_get(11)?,
            })
        });
        Ok(Self {
            key: (key(row.try_get(0)?)?, key(row.try_get(1)?)?),
            profile: text(2)?.to_owned(),
            diagnosis: text(3)?.to_owned(),
            starts: day(text(4)?)?.ok_or_else(|| undecodable("day"))?,
            ends: day(text(5)?)?,
            first_session: day(text(6)?)?,
            last_session: day(text(7)?)?,
            measured: measured.transpose()?,
        })
    }
}

impl<'r, D: Row> FromRow<'r, D> for AnswerRow
where
    usize: ColumnIndex<D>,
    &'r str: Decode<'r, D::Database> + Type<D::Database>,
    &'r [u8]: Decode<'r, D::Database> + Type<D::Database>,
    i64: Decode<'r, D::Database> + Type<D::Database>,
{
    fn from_row(row: &'r D) -> sqlx::Result<Self> {
        let mut answers = [None; 15];
        for (answer, at) in answers.iter_mut().zip(3..) {
            *answer = row.try_get::<Option<i64>, usize>(at)?;
        }
        Ok(Self {
            key: (key(row.try_get(0)?)?, key(row.try_get(1)?)?),
            questionnaire: row.try_get::<&'r str, usize>(2)?.to_owned(),
            day: day(row.try_get(20)?)?.ok_or_else(|| undecodable("day"))?,
            answers,
            grade: row.try_get(18)?,
            health: row.try_get(19)?,
        })
    }
}

fn undecodable(what: &'static str) -> sqlx::Error {
    sqlx::Error::Decode(BoxDynError::from(what))
}

fn key(bytes: &[u8]) -> sqlx::Result<Key> {
    bytes.try_into().map_err(|_| undecodable("key"))
}

/// A day as stored, `YYYY-MM-DD`, empty for none.
fn day(text: &str) -> sqlx::Result<Option<NaiveDate>> {
    if text.is_empty() {
        return Ok(None);
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = text.as_bytes().get(range)?;
        digits.iter().try_fold(0_u32, |sum, b| {
            b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0'))
        })
    };
    let read = || {
        let year = i32::try_from(number(0..4)?).ok()?;
        NaiveDate::from_ymd_opt(year, number(5..7)?, number(8..10)?)
    };
    let day = read().filter(|_| text.len() == 10);
    day.map(Some).ok_or_else(|| undecodable("day"))
}
