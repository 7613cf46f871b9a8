//! Deliveries that stand still, grouped by cause, vendor and specification, with how many each group holds: kept in the
//! transaction that moves a delivery. What a cause is stands in `domain`; the list of causes in `lists`.

use super::{Query, StoreError, Tx, counter};
use crate::domain::time::Timestamp;

/// A submission as far as its cause goes.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Standing {
    /// State code.
    pub state: String,
    /// Why it is held.
    pub hold: String,
    /// What it failed by, or the code of its cause.
    pub cause: String,
    /// The group that it is counted in, empty for none.
    pub cause_id: String,
    /// Vendor, empty when unknown.
    pub vendor_id: String,
    /// Specification.
    pub specification: String,
    /// Organisation.
    pub organisation_id: String,
    /// `rom` or `cqi`.
    pub kind: String,
    /// 1 for a test run.
    pub test: i64,
    /// When it arrived.
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    /// Code of the first finding that refuses the whole file, empty for none.
    pub finding: String,
}

/// What a group is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group<'a> {
    /// Code of the cause.
    pub code: &'a str,
    /// Vendor, empty when unknown.
    pub vendor: &'a str,
    /// Specification.
    pub specification: &'a str,
}

/// A group of deliveries with one cause.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Cause {
    /// Identifier.
    pub id: String,
    /// Code.
    pub code: String,
    /// Vendor, empty when unknown.
    pub vendor_id: String,
    /// Specification.
    pub specification: String,
    /// `open` or `closed`.
    pub state: String,
    /// How many deliveries stand still by it.
    pub n: i64,
    /// When the vendor was last mailed about it, 0 for never.
    #[sqlx(try_from = "i64")]
    pub mailed_at: Timestamp,
    /// By whom.
    pub mailed_by: String,
    /// When a delivery last came to stand still by it.
    #[sqlx(try_from = "i64")]
    pub last_at: Timestamp,
}

/// A delivery of a group, as an action on all of them needs it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// Name of its organisation.
    pub organisation: String,
    /// AGB code of its organisation.
    pub agb: String,
}

/// Whom to mail about a vendor's deliveries.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Addressee {
    /// Name of the vendor.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Who reads it.
    pub contact: String,
    /// Language of mails.
    pub language: String,
}

/// Whom to mail about a vendor's deliveries.
pub async fn addressee(tx: &mut Tx, vendor: &str) -> Result<Option<Addressee>, StoreError> {
    let sql = "SELECT name, email, contact, language FROM vendor WHERE id = $1";
    tx.optional(Query::new(sql).bind(vendor)).await
}

/// A submission as far as its cause goes.
pub async fn standing(tx: &mut Tx, id: &str) -> Result<Option<Standing>, StoreError> {
    let sql = "SELECT s.state, s.hold, s.cause, s.cause_id, COALESCE(s.vendor_id, '') AS vendor_id, s.specification,
        s.organisation_id, s.kind, s.test, s.received_at, COALESCE((SELECT f.code FROM finding f
            WHERE f.submission_id = s.id AND f.severity = 'file' ORDER BY f.position LIMIT 1), '') AS finding
        FROM submission s WHERE s.id = $1";
    tx.optional(Query::new(sql).bind(id)).await
}

/// The id of a group, made when it is not there yet. Nothing is counted by this.
pub async fn group(tx: &mut Tx, of: Group<'_>, now: Timestamp) -> Result<String, StoreError> {
    let sql = "INSERT INTO cause (id, code, vendor_id, specification, state, n, first_at, last_at, mailed_at, mailed_by)
        VALUES ($1, $2, $3, $4, 'closed', 0, $5, $5, 0, '') ON CONFLICT DO NOTHING";
    let query = Query::new(sql)
        .bind(uuid::Uuid::now_v7().to_string())
        .bind(of.code)
        .bind(of.vendor)
        .bind(of.specification)
        .bind(now);
    if let Some((id,)) = find(tx, of).await? {
        return Ok(id);
    }
    tx.execute(query).await?;
    let made = find(tx, of).await?;
    made.map(|(id,)| id)
        .ok_or_else(|| StoreError::Other("cause".to_owned()))
}

async fn find(tx: &mut Tx, of: Group<'_>) -> Result<Option<(String,)>, StoreError> {
    let sql = "SELECT id FROM cause WHERE code = $1 AND vendor_id = $2 AND specification = $3";
    let query = Query::new(sql)
        .bind(of.code)
        .bind(of.vendor)
        .bind(of.specification);
    tx.optional(query).await
}

/// One more delivery stands still by a cause; counted for the day too.
pub async fn enter(tx: &mut Tx, id: &str, now: Timestamp, day: &str) -> Result<(), StoreError> {
    let sql = "UPDATE cause SET first_at = CASE WHEN n = 0 THEN $2 ELSE first_at END, n = n + 1, last_at = $2,
        state = 'open' WHERE id = $1";
    tx.execute(Query::new(sql).bind(id).bind(now)).await?;
    counter::daily(tx, &daily_name(id), day, 1).await
}

/// One delivery less stands still by a cause.
pub async fn leave(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    let sql = "UPDATE cause SET n = n - 1, state = CASE WHEN n > 1 THEN 'open' ELSE 'closed' END WHERE id = $1";
    tx.execute(Query::new(sql).bind(id)).await?;
    Ok(())
}

/// The name under which the deliveries of a group are counted per day.
pub fn daily_name(id: &str) -> String {
    format!("cause.{id}")
}

/// Writes the cause of a submission and the group that it is counted in. Not a change of the record: its version stays.
pub async fn assign(
    tx: &mut Tx,
    submission: &str,
    code: &str,
    group: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE submission SET cause = $2, cause_id = $3 WHERE id = $1";
    tx.execute(Query::new(sql).bind(submission).bind(code).bind(group))
        .await?;
    Ok(())
}

/// Refused deliveries of an organisation and kind that arrived before a moment and still stand open, with their groups.
pub async fn refused_before(
    tx: &mut Tx,
    organisation: &str,
    kind: &str,
    before: Timestamp,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT id, cause, cause_id FROM submission WHERE organisation_id = $1 AND kind = $2 AND received_at < $3
        AND state = 'invalid' AND cause_id <> '' ORDER BY cause_id, id";
    let query = Query::new(sql).bind(organisation).bind(kind).bind(before);
    tx.all(query).await
}

/// A group by id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Cause>, StoreError> {
    tx.optional(Query::new(BY_ID).bind(id)).await
}

/// A group by id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Cause>, StoreError> {
    let lock = tx.for_update();
    tx.optional(Query::new(BY_ID).push(lock).bind(id)).await
}

const BY_ID: &str = "SELECT id, code, vendor_id, specification, state, n, mailed_at, mailed_by, last_at \
    FROM cause WHERE id = $1";

/// The deliveries of a group, oldest first.
pub async fn members(tx: &mut Tx, id: &str, limit: i64) -> Result<Vec<Member>, StoreError> {
    let sql = "SELECT s.id, s.version, o.name AS organisation, o.agb FROM submission s
        JOIN organisation o ON o.id = s.organisation_id
        WHERE s.cause_id = $1 AND s.cause_id <> '' ORDER BY s.received_at, s.id LIMIT $2";
    tx.all(Query::new(sql).bind(id).bind(limit)).await
}

/// Notes that the vendor was mailed about a group.
pub async fn mailed(tx: &mut Tx, id: &str, by: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE cause SET mailed_at = $2, mailed_by = $3 WHERE id = $1";
    tx.execute(Query::new(sql).bind(id).bind(now).bind(by))
        .await?;
    Ok(())
}
