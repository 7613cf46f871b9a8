//! Table `lease`: who holds what until when. Rows, not locks: what a dead process held becomes free by itself.

use super::db::Tx;
use super::error::StoreError;
use super::query::Query;
use crate::domain::time::Timestamp;

/// The one worker inside a console on an embedded database.
pub const WORKER: &str = "worker";
/// Whoever did the periodic work of this minute.
pub const PERIODIC: &str = "periodic";
/// Whoever looked after obligations and ended organisations in this hour.
pub const OBLIGATIONS: &str = "obligations";
/// Whoever looked for stray files today.
pub const STRAYS: &str = "stray-files";
/// No mail leaves for a while, because the server is the trouble.
pub const OUTBOX_PAUSE: &str = "outbox-pause";
/// No mail leaves until somebody says so, as after the restore of an old backup.
pub const OUTBOX_FROZEN: &str = "outbox-frozen";
/// The clock of a worker differs from that of the database.
pub const CLOCK_SKEW: &str = "clock-skew";

/// One lease.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Lease {
    /// What is held.
    pub name: String,
    /// By whom.
    pub holder: String,
    /// Until when, unless renewed.
    #[sqlx(try_from = "i64")]
    pub until: Timestamp,
    /// More about it, in the form that its users agree on.
    pub detail: String,
}

/// Takes or renews a lease; false when somebody else holds it.
pub async fn take(
    tx: &mut Tx,
    name: &str,
    holder: &str,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO lease (name, holder, until, detail) VALUES ($1, $2, $3, '')
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE lease.holder = excluded.holder OR lease.until <= $4";
    let query = Query::new(sql)
        .bind(name)
        .bind(holder)
        .bind(until)
        .bind(now);
    Ok(tx.execute(query).await? == 1)
}

/// Gives a lease back, if it is the holder's.
pub async fn give_back(tx: &mut Tx, name: &str, holder: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM lease WHERE name = $1 AND holder = $2";
    tx.execute(Query::new(sql).bind(name).bind(holder)).await?;
    Ok(())
}

/// A lease by name, held or over.
pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<Lease>, StoreError> {
    let sql = "SELECT name, holder, until, detail FROM lease WHERE name = $1";
    tx.optional(Query::new(sql).bind(name)).await
}

/// Sets a lease whoever held it before.
pub async fn set(tx: &mut Tx, lease: &Lease) -> Result<(), StoreError> {
    let sql = "INSERT INTO lease (name, holder, until, detail) VALUES ($1, $2, $3, $4)
        ON CONFLICT (name) DO UPDATE
        SET holder = excluded.holder, until = excluded.until, detail = excluded.detail";
    let query = Query::new(sql)
        .bind(&lease.name)
        .bind(&lease.holder)
        .bind(lease.until)
        .bind(&lease.detail);
    tx.execute(query).await?;
    Ok(())
}

/// Removes a lease whoever holds it; false when there was none.
pub async fn clear(tx: &mut Tx, name: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM lease WHERE name = $1";
    Ok(tx.execute(Query::new(sql).bind(name)).await? > 0)
}
