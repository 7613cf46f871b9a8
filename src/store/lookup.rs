//! Values of a filter that name other records, or so many rows that counting them first pays. Looked up before the list is asked.

use super::condition::Condition;
use super::db::Tx;
use super::error::StoreError;
use super::filter::{Of, containing, prefix};
use super::query::{Query, Value};

/// Records that a reference may name before they are left to the database to find per row.
const MOST_REFERENCES: usize = 100;
/// Rows that may be sorted rather than met while reading in order.
const FEW: i64 = 5000;

/// The condition that a value sets on a field that must be looked up first.
pub(super) async fn look_up(tx: &mut Tx, of: Of, value: &str) -> Result<Condition, StoreError> {
    match of {
        Of::Reference(column, lookup) => reference(tx, column, lookup, value).await,
        Of::Ranged(column, dense, count) => {
            let sql = Query::new(count).bind(value);
            let found = tx.number(sql.bind(format!("{value}\u{10ffff}"))).await?;
            Ok(match found {
                0 => Condition::Never,
                n if n > FEW => prefix(dense, value),
                _ => prefix(column, value),
            })
        }
        _ => Ok(Condition::Never),
    }
}

/// The identifiers that a statement finds, one more than worth naming at most.
async fn ids(tx: &mut Tx, query: Query) -> Result<Vec<Value>, StoreError> {
    let most = i64::try_from(MOST_REFERENCES).unwrap_or(i64::MAX);
    let found: Vec<(String,)> = tx.all(query.push(" LIMIT ").arg(most + 1)).await?;
    Ok(found.into_iter().map(|r| Value::from(r.0)).collect())
}

async fn reference(
    tx: &mut Tx,
    column: &'static str,
    lookup: &'static str,
    value: &str,
) -> Result<Condition, StoreError> {
    let pattern = containing(value);
    let found = ids(tx, Query::new(lookup).bind(pattern.as_str())).await?;
    Ok(match found.len() {
        0 => Condition::Never,
        n if n > MOST_REFERENCES => Condition::Within(column, lookup, pattern),
        _ => Condition::Among(column, found),
    })
}
