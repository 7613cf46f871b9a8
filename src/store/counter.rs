//! Counts per state and per day, kept in the transaction that changes a record, so that no screen ever counts rows.

use super::{Query, StoreError, Tx};
use crate::domain::kind::Kind;

/// One record of a kind moved from one state to another; `None` is outside.
pub async fn shift(
    tx: &mut Tx,
    kind: Kind,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), StoreError> {
    if from == to {
        return Ok(());
    }
    // Always in the order of the codes, so that two transactions never wait for each other in a circle.
    let mut steps: Vec<(&str, i64)> = from
        .map(|s| (s, -1))
        .into_iter()
        .chain(to.map(|s| (s, 1)))
        .collect();
    steps.sort_unstable();
    for (state, n) in steps {
        add(tx, kind, state, n).await?;
    }
    Ok(())
}

/// Adds to the count of a state.
pub async fn add(tx: &mut Tx, kind: Kind, state: &str, n: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO counter (kind, state, n) VALUES ($1, $2, $3)
        ON CONFLICT (kind, state) DO UPDATE SET n = counter.n + excluded.n";
    tx.execute(Query::new(sql).bind(kind.as_str()).bind(state).bind(n))
        .await?;
    Ok(())
}

/// Adds to the count of a day, such as `mail.sent` on `2026-03-01`.
pub async fn daily(tx: &mut Tx, name: &str, day: &str, n: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO daily (name, day, n) VALUES ($1, $2, $3)
        ON CONFLICT (name, day) DO UPDATE SET n = daily.n + excluded.n";
    tx.execute(Query::new(sql).bind(name).bind(day).bind(n))
        .await?;
    Ok(())
}

/// Counts per state of a kind.
pub async fn of(tx: &mut Tx, kind: Kind) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = "SELECT state, n FROM counter WHERE kind = $1 ORDER BY state";
    tx.all(Query::new(sql).bind(kind.as_str())).await
}
