//! Ids of records by what people call them; at most two, so that the caller can tell "one" from "several".

use super::{Query, StoreError, Tx};
use crate::domain::kind::Kind;

/// Shortest start of an id that names a record.
const SHORTEST: usize = 8;

/// Ids of the records of a kind that a text names.
pub async fn ids(tx: &mut Tx, kind: Kind, text: &str) -> Result<Vec<(String,)>, StoreError> {
    let (by_id, by_start, by_name) = statements(kind);
    let exact = tx.all::<(String,)>(Query::new(by_id).bind(text)).await?;
    if !exact.is_empty() {
        return Ok(exact);
    }
    if let Some(sql) = by_name {
        let named = tx.all::<(String,)>(Query::new(sql).bind(text)).await?;
        if !named.is_empty() {
            return Ok(named);
        }
    }
    let hex = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    if text.len() < SHORTEST || !hex {
        return Ok(Vec::new());
    }
    tx.all(Query::new(by_start).bind(text).bind(format!("{text}~")))
        .await
}

macro_rules! by {
    ($table:literal) => {
        (
            concat!("SELECT id FROM ", $table, " WHERE id = $1"),
            concat!(
                "SELECT id FROM ",
                $table,
                " WHERE id >= $1 AND id < $2 LIMIT 2"
            ),
            None,
        )
    };
    ($table:literal, $name:literal) => {
        (
            concat!("SELECT id FROM ", $table, " WHERE id = $1"),
            concat!(
                "SELECT id FROM ",
                $table,
                " WHERE id >= $1 AND id < $2 LIMIT 2"
            ),
            Some(concat!(
                "SELECT id FROM ",
                $table,
                " WHERE ",
                $name,
                " LIMIT 2"
            )),
        )
    };
}

/// Statements by id, by the start of an id, and by name where records have one.
fn statements(kind: Kind) -> (&'static str, &'static str, Option<&'static str>) {
    match kind {
        Kind::Registration => by!(
            "registration",
            "agb = $1 AND (state IN ('received', 'in_setup') OR NOT EXISTS (SELECT 1 FROM registration o
                WHERE o.agb = $1 AND o.state IN ('received', 'in_setup')))"
        ),
        Kind::Organisation => by!("organisation", "agb = $1"),
        Kind::Account => by!("account", "email_folded = $1"),
        Kind::Agreement => by!("agreement", "name = $1"),
        Kind::Acceptance => by!("acceptance"),
        Kind::Vendor => by!("vendor", "name = $1"),
        Kind::Connection => by!(
            "connection",
            "id IN (SELECT connection_id FROM licence WHERE prefix = $1 OR id = $1) OR (state <> 'revoked'
                AND organisation_id IN (SELECT id FROM organisation WHERE agb = $1))"
        ),
        Kind::Licence => by!("licence", "prefix = $1"),
        Kind::TestRun => by!("test_run"),
        Kind::Submission => by!("submission"),
        Kind::Cause => by!("cause"),
        Kind::Obligation => by!("obligation"),
        Kind::Extract => by!("extract", "digest <> '' AND substr(digest, 1, 12) = $1"),
        Kind::Figure => (
            "SELECT extract_id || ':' || CAST(position AS TEXT) AS id FROM extract_cell
                WHERE extract_id = substr($1, 1, 36) AND CAST(position AS TEXT) = substr($1, 38)",
            "SELECT extract_id AS id FROM extract_cell WHERE position < 0 AND $1 = $2",
            None,
        ),
        Kind::Mail => by!("mail"),
        Kind::Job => by!("job"),
        Kind::Worker => by!("worker"),
        Kind::Bulk => by!("bulk"),
        Kind::Operator => by!("operator", "login = $1"),
        Kind::Audit | Kind::System => (
            "SELECT CAST(sequence AS TEXT) FROM audit WHERE CAST(sequence AS TEXT) = $1",
            "SELECT CAST(sequence AS TEXT) FROM audit WHERE sequence < 0 AND $1 = $2",
            None,
        ),
    }
}

/// The version of a record, for those that people act on without a form.
pub async fn version(tx: &mut Tx, kind: Kind, id: &str) -> Result<Option<i64>, StoreError> {
    let sql = match kind {
        Kind::Acceptance => "SELECT version FROM acceptance WHERE id = $1",
        Kind::Vendor => "SELECT version FROM vendor WHERE id = $1",
        Kind::Connection => "SELECT version FROM connection WHERE id = $1",
        Kind::Licence => "SELECT version FROM licence WHERE id = $1",
        Kind::TestRun => "SELECT version FROM test_run WHERE id = $1",
        Kind::Submission => "SELECT version FROM submission WHERE id = $1",
        Kind::Obligation => "SELECT version FROM obligation WHERE id = $1",
        Kind::Mail => "SELECT version FROM mail WHERE id = $1",
        Kind::Extract => "SELECT version FROM extract WHERE id = $1",
        Kind::Bulk => "SELECT version FROM bulk WHERE id = $1",
        Kind::Registration => "SELECT version FROM registration WHERE id = $1",
        Kind::Organisation => "SELECT version FROM organisation WHERE id = $1",
        Kind::Account => "SELECT version FROM account WHERE id = $1",
        Kind::Agreement => "SELECT version FROM agreement WHERE id = $1",
        Kind::Operator => "SELECT version FROM operator WHERE id = $1",
        Kind::Cause | Kind::Figure | Kind::Job | Kind::Worker | Kind::Audit | Kind::System => {
            return Ok(None);
        }
    };
    let row: Option<(i64,)> = tx.optional(Query::new(sql).bind(id)).await?;
    Ok(row.map(|r| r.0))
}
