//! Who has which record open. Rows that nobody renews mean nothing. Not claims: those are in `claim`.

use super::{Query, StoreError, Tx};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// Where somebody is.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Present {
    /// Identifier of the operator.
    pub operator_id: String,
    /// Name of the operator.
    pub operator_name: String,
    /// English name of the screen.
    pub screen: String,
    /// When last heard.
    #[sqlx(try_from = "i64")]
    pub seen_at: Timestamp,
}

/// Says that a session is here: its screen, and the record that it has open, if any.
pub async fn beat(
    tx: &mut Tx,
    session: &str,
    operator: (&str, &str),
    place: (&str, Option<Kind>, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO presence (session, operator_id, operator_name, screen, kind, object_id, seen_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (session) DO UPDATE SET screen = excluded.screen, \
        kind = excluded.kind, object_id = excluded.object_id, seen_at = excluded.seen_at";
    let (screen, kind, object) = place;
    let query = Query::new(sql).bind(session).bind(operator.0);
    let query = query.bind(operator.1).bind(screen);
    let query = query.bind(kind.map_or("", Kind::as_str));
    tx.execute(query.bind(object).bind(now)).await?;
    Ok(())
}

/// Says that a session is gone, and forgets sessions that were not heard since a moment.
pub async fn leave(tx: &mut Tx, session: &str, before: Timestamp) -> Result<(), StoreError> {
    let sql = "DELETE FROM presence WHERE session = $1 OR seen_at < $2";
    tx.execute(Query::new(sql).bind(session).bind(before))
        .await?;
    Ok(())
}

/// Who has a record open besides this operator, by name.
pub async fn others(
    tx: &mut Tx,
    operator: &str,
    (kind, id): (Kind, &str),
    since: Timestamp,
) -> Result<Vec<(String,)>, StoreError> {
    let sql = "SELECT DISTINCT operator_name FROM presence WHERE seen_at >= $1 AND kind = $2 AND object_id = $3 \
        AND operator_id <> $4 ORDER BY operator_name";
    let query = Query::new(sql).bind(since).bind(kind.as_str());
    tx.all(query.bind(id).bind(operator)).await
}

/// Who is on line, one row for each session, by name.
pub async fn online(tx: &mut Tx, since: Timestamp) -> Result<Vec<Present>, StoreError> {
    let sql = "SELECT operator_id, operator_name, screen, seen_at FROM presence WHERE seen_at >= $1 \
        ORDER BY operator_name, session LIMIT 50";
    tx.all(Query::new(sql).bind(since)).await
}
