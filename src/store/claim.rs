//! Claims: who is working on a record. They run out by themselves and forbid nothing; they tell colleagues.

use super::{Query, StoreError, Tx};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// Takes or prolongs a claim, unless a colleague holds it; gives the holder's name and until when.
pub async fn take(
    tx: &mut Tx,
    (kind, object): (Kind, &str),
    (operator, name): (&str, &str),
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<(String, i64)>, StoreError> {
    let sql = "INSERT INTO claim (kind, object_id, operator_id, operator_name, until) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (kind, object_id) DO UPDATE
        SET operator_id = excluded.operator_id, operator_name = excluded.operator_name, until = excluded.until
        WHERE claim.until <= $6 OR claim.operator_id = excluded.operator_id";
    let query = Query::new(sql)
        .bind(kind.as_str())
        .bind(object)
        .bind(operator)
        .bind(name)
        .bind(until)
        .bind(now);
    tx.execute(query).await?;
    of(tx, kind, object, now).await
}

/// Who holds a record now, and until when.
pub async fn of(
    tx: &mut Tx,
    kind: Kind,
    object: &str,
    now: Timestamp,
) -> Result<Option<(String, i64)>, StoreError> {
    let sql =
        "SELECT operator_name, until FROM claim WHERE kind = $1 AND object_id = $2 AND until > $3";
    tx.optional(Query::new(sql).bind(kind.as_str()).bind(object).bind(now))
        .await
}

/// Gives a claim back.
pub async fn release(
    tx: &mut Tx,
    kind: Kind,
    object: &str,
    operator: &str,
) -> Result<(), StoreError> {
    let sql = "DELETE FROM claim WHERE kind = $1 AND object_id = $2 AND operator_id = $3";
    tx.execute(
        Query::new(sql)
            .bind(kind.as_str())
            .bind(object)
            .bind(operator),
    )
    .await?;
    Ok(())
}
