//! How far an organisation is on its way to live, in one row of figures. Not who must act: that is for people to read.

use super::super::{Query, StoreError, Tx};

/// The figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Progress {
    /// Confirmations that were sent.
    pub confirmed: i64,
    /// Confirmations that were not.
    pub unconfirmed: i64,
    /// Active signatories.
    pub signatories: i64,
    /// When it accepted the newest agreement that it accepted, in milliseconds; 0 for never.
    pub accepted: i64,
    /// Connections that are live.
    pub live: i64,
    /// When it last delivered, in milliseconds; 0 for never.
    pub delivered: i64,
}

/// Reads them.
pub async fn of(tx: &mut Tx, organisation: &str) -> Result<Progress, StoreError> {
    let sql = "SELECT \
        (SELECT count(*) FROM mail WHERE organisation_id = $1 AND template LIKE 'setup%' AND state = 'sent') AS confirmed, \
        (SELECT count(*) FROM mail WHERE organisation_id = $1 AND template LIKE 'setup%' AND state <> 'sent') AS unconfirmed, \
        (SELECT count(*) FROM account WHERE organisation_id = $1 AND state = 'active' AND roles LIKE '%signatory%') \
            AS signatories, \
        COALESCE((SELECT max(accepted_at) FROM acceptance WHERE organisation_id = $1 AND state = 'accepted'), 0) AS accepted, \
        (SELECT count(*) FROM connection WHERE organisation_id = $1 AND state = 'live') AS live, \
        COALESCE((SELECT max(received_at) FROM submission WHERE organisation_id = $1), 0) AS delivered";
    let read = tx.optional(Query::new(sql).bind(organisation)).await?;
    Ok(read.unwrap_or_default())
}
