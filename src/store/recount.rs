//! Causes and obligations of a world that was written in bulk, worked out from its rows in one go. Use cases never write through
//! here: they keep them as they go.

use super::cause::{self, Group};
use super::{Query, StoreError, Tx, Value};
use crate::domain::time::Timestamp;

/// A day with the moments at which it begins and ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// `YYYY-MM-DD`
    pub name: String,
    /// When it begins.
    pub from: Timestamp,
    /// When the next one does.
    pub until: Timestamp,
}

type Named = (String, String, String);

/// Groups every delivery that was refused and not delivered again since, and counts the refusals of the days given.
pub async fn causes(tx: &mut Tx, days: &[Day]) -> Result<(), StoreError> {
    let sql = "SELECT DISTINCT cause, COALESCE(vendor_id, ''), specification FROM submission WHERE cause <> '' ORDER BY 1, 2, 3";
    let groups: Vec<Named> = tx.all(Query::new(sql)).await?;
    for (code, vendor, specification) in &groups {
        let of = Group {
            code,
            vendor,
            specification,
        };
        let id = cause::group(tx, of, Timestamp::NEVER).await?;
        let sql = "UPDATE submission SET cause_id = $1 WHERE cause = $2 AND COALESCE(vendor_id, '') = $3
            AND specification = $4 AND cause <> '' AND state = 'invalid' AND test = 0 AND NOT EXISTS (
                SELECT 1 FROM submission l WHERE l.organisation_id = submission.organisation_id
                AND l.kind = submission.kind AND l.received_at > submission.received_at AND l.state = 'processed')";
        let query = Query::new(sql).bind(&id).bind(code).bind(vendor);
        tx.execute(query.bind(specification)).await?;
    }
    tx.execute(Query::new(
        "UPDATE cause SET n = (SELECT count(*) FROM submission s WHERE s.cause_id = cause.id AND s.cause_id <> ''),
        first_at = COALESCE((SELECT min(s.received_at) FROM submission s WHERE s.cause_id = cause.id AND s.cause_id <> ''), first_at),
        last_at = COALESCE((SELECT max(s.received_at) FROM submission s WHERE s.cause_id = cause.id AND s.cause_id <> ''), last_at)",
    ))
    .await?;
    let sql = "UPDATE cause SET state = CASE WHEN n > 0 THEN 'open' ELSE 'closed' END";
    tx.execute(Query::new(sql)).await?;
    for day in days {
        count_day(tx, day).await?;
    }
    Ok(())
}

async fn count_day(tx: &mut Tx, day: &Day) -> Result<(), StoreError> {
    let sql = "INSERT INTO daily (name, day, n) SELECT 'cause.' || c.id, $1, count(*) FROM submission s
        JOIN cause c ON c.code = s.cause AND c.vendor_id = COALESCE(s.vendor_id, '') AND c.specification = s.specification
        WHERE s.received_at >= $2 AND s.received_at < $3 AND s.cause <> '' GROUP BY c.id
        ON CONFLICT (name, day) DO UPDATE SET n = excluded.n";
    let query = Query::new(sql)
        .bind(&day.name)
        .bind(day.from)
        .bind(day.until);
    tx.execute(query).await?;
    Ok(())
}

/// An organisation in use, since when, and when it last delivered ROM and CQi, 0 for never.
pub async fn in_use(tx: &mut Tx) -> Result<Vec<(String, i64, i64, i64)>, StoreError> {
    let sql = "SELECT o.id, o.created_at,
            COALESCE((SELECT max(s.received_at) FROM submission s
                WHERE s.organisation_id = o.id AND s.state = 'processed' AND s.kind = 'rom'), 0),
            COALESCE((SELECT max(s.received_at) FROM submission s
                WHERE s.organisation_id = o.id AND s.state = 'processed' AND s.kind = 'cqi'), 0)
        FROM organisation o WHERE o.state = 'active' AND EXISTS (SELECT 1 FROM acceptance a
            WHERE a.organisation_id = o.id AND a.state IN ('accepted', 'superseded')) ORDER BY o.folded, o.id";
    tx.all(Query::new(sql)).await
}

/// Who owes a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// Identifier.
    pub id: String,
    /// Organisation.
    pub organisation: String,
    /// `rom` or `cqi`.
    pub kind: &'static str,
    /// State code.
    pub state: &'static str,
    /// Day from which deliveries are owed.
    pub since: String,
    /// When the last one was processed, 0 for never.
    pub delivered_at: Timestamp,
    /// The last day for the next.
    pub due_on: String,
    /// When somebody was last reminded, 0 for never.
    pub reminded_at: Timestamp,
    /// How often.
    pub reminders: i64,
    /// Now.
    pub at: Timestamp,
}

/// Adds obligations; one that is there stays as it is.
pub async fn obligations(tx: &mut Tx, all: &[Owed]) -> Result<(), StoreError> {
    for o in all {
        let query = Query::new(
            "INSERT INTO obligation (id, organisation_id, kind, state, since, due_on, state_at, delivered_at, reminded_at,
            reminders, version) VALUES (",
        )
        .args([&o.id, &o.organisation])
        .push(", ")
        .args([o.kind, o.state])
        .push(", ")
        .args([&o.since, &o.due_on])
        .push(", ")
        .args([
            Value::from(o.at),
            Value::from(o.delivered_at),
            Value::from(o.reminded_at),
            Value::from(o.reminders),
        ])
        .push(", 1) ON CONFLICT DO NOTHING");
        tx.execute(query).await?;
    }
    Ok(())
}
