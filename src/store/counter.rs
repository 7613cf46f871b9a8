//! Tables `counter` and `daily`: how many records stand in each state, kept in the transaction that changes them. Never counted.

use super::db::Tx;
use super::error::StoreError;
use super::query::Query;
use crate::domain::kind::Kind;

/// Moves one record from one state to another; `None` where it begins or ends to exist.
pub async fn shift(
    tx: &mut Tx,
    kind: Kind,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(), StoreError> {
    if from == to {
        return Ok(());
    }
    // Always in the order of the codes, so that two transactions never wait for each other.
    let mut changes: Vec<(&str, i64)> = from
        .map(|s| (s, -1))
        .into_iter()
        .chain(to.map(|s| (s, 1)))
        .collect();
    changes.sort_unstable();
    for (state, n) in changes {
        let sql = "INSERT INTO counter (kind, state, n) VALUES ($1, $2, $3)
            ON CONFLICT (kind, state) DO UPDATE SET n = counter.n + excluded.n";
        tx.execute(Query::new(sql).bind(kind.as_str()).bind(state).bind(n))
            .await?;
    }
    Ok(())
}

/// Adds to a number that is kept per day (`YYYY-MM-DD`).
pub async fn daily(tx: &mut Tx, name: &str, day: &str, n: i64) -> Result<(), StoreError> {
    let sql = "INSERT INTO daily (name, day, n) VALUES ($1, $2, $3)
        ON CONFLICT (name, day) DO UPDATE SET n = daily.n + excluded.n";
    tx.execute(Query::new(sql).bind(name).bind(day).bind(n))
        .await?;
    Ok(())
}
