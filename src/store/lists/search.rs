//! Records by name or by the beginning of their id, a few at a time.

use super::super::filter::containing;
use super::super::{Query, StoreError, Tx};
use crate::domain::kind::Kind;

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Found {
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub label: String,
}

const fn names(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Organisation => Some(
            "SELECT id, name || ' (' || agb || ')' AS label FROM organisation \
                WHERE folded LIKE $1 ESCAPE '\\' OR agb LIKE $1 ESCAPE '\\' ORDER BY folded, id LIMIT $2",
        ),
        Kind::Registration => Some(
            "SELECT id, name || ' (' || agb || ')' AS label FROM registration \
                WHERE folded LIKE $1 ESCAPE '\\' ORDER BY received_at DESC, id LIMIT $2",
        ),
        Kind::Account => Some(
            "SELECT a.id, a.name || ' (' || o.name || ')' AS label FROM account a \
                JOIN organisation o ON o.id = a.organisation_id \
                WHERE a.folded LIKE $1 ESCAPE '\\' ORDER BY a.folded, a.id LIMIT $2",
        ),
        Kind::Agreement => Some(
            "SELECT id, name AS label FROM agreement WHERE folded LIKE $1 ESCAPE '\\' \
                ORDER BY created_at DESC, id LIMIT $2",
        ),
        Kind::Vendor => Some(
            "SELECT id, name AS label FROM vendor WHERE folded LIKE $1 ESCAPE '\\' ORDER BY folded, id LIMIT $2",
        ),
        Kind::Operator => Some(
            "SELECT id, name || ' (' || login || ')' AS label FROM operator \
                WHERE folded LIKE $1 ESCAPE '\\' ORDER BY login, id LIMIT $2",
        ),
        Kind::Acceptance
        | Kind::Connection
        | Kind::Licence
        | Kind::TestRun
        | Kind::Submission
        | Kind::Cause
        | Kind::Obligation
        | Kind::Extract
        | Kind::Figure
        | Kind::Mail
        | Kind::Job
        | Kind::Worker
        | Kind::Bulk
        | Kind::Audit
        | Kind::System => None,
    }
}

/// Records whose folded name or code holds a text.
pub async fn by_name(
    tx: &mut Tx,
    kind: Kind,
    text: &str,
    most: usize,
) -> Result<Vec<Found>, StoreError> {
    let Some(sql) = names(kind) else {
        return Ok(Vec::new());
    };
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.all(Query::new(sql).bind(containing(text)).bind(most))
        .await
}

/// Submissions or mails whose id begins with a text; nothing when it cannot be the beginning of one.
pub async fn by_id(
    tx: &mut Tx,
    kind: Kind,
    text: &str,
    most: usize,
) -> Result<Vec<Found>, StoreError> {
    let sql = match kind {
        Kind::Submission => {
            "SELECT id, file_name AS label FROM submission WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3"
        }
        Kind::Mail => {
            "SELECT id, recipient_name AS label FROM mail WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3"
        }
        _ => return Ok(Vec::new()),
    };
    let text = text.to_ascii_lowercase();
    if text.len() < 6 || !text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-') {
        return Ok(Vec::new());
    }
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let query = Query::new(sql).bind(&text).bind(format!("{text}~"));
    tx.all(query.bind(most)).await
}
