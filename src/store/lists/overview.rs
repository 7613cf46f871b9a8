//! What Overzicht shows: the oldest of what waits, counts per day, who is on line. Reads a handful of rows by index.

use super::super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// What waits for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Counts the rows and finds the oldest.
    sql: &'static str,
}

/// How many wait and since when the oldest does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Queue {
    /// How many.
    pub n: i64,
    /// Since when the oldest waits, 0 when there is none.
    #[sqlx(try_from = "i64")]
    pub oldest: Timestamp,
}

macro_rules! counted {
    ($kind:literal, $state:literal, $table:literal, $column:literal) => {
        Waiting {
            sql: concat!(
                "SELECT COALESCE((SELECT n FROM counter WHERE kind = '",
                $kind,
                "' AND state = '",
                $state,
                "'), 0) AS n, \
                 COALESCE((SELECT min(",
                $column,
                ") FROM ",
                $table,
                " WHERE state = '",
                $state,
                "'), 0) AS oldest"
            ),
        }
    };
}

/// Registrations that nobody began.
pub const REGISTRATIONS_RECEIVED: Waiting =
    counted!("registration", "received", "registration", "received_at");
/// Registrations in set-up.
pub const REGISTRATIONS_IN_SETUP: Waiting =
    counted!("registration", "in_setup", "registration", "received_at");
/// Invitations that ran out.
pub const ACCOUNTS_EXPIRED: Waiting = counted!("account", "expired", "account", "state_at");
/// Organisations that have yet to accept the agreement.
pub const ACCEPTANCES_PENDING: Waiting =
    counted!("acceptance", "pending", "acceptance", "created_at");
/// Submissions that are held.
pub const SUBMISSIONS_HELD: Waiting = counted!("submission", "held", "submission", "received_at");
/// Submissions that failed.
pub const SUBMISSIONS_FAILED: Waiting =
    counted!("submission", "failed", "submission", "received_at");
/// Mails that failed.
pub const MAILS_FAILED: Waiting = counted!("mail", "failed", "mail", "queued_at");
/// Mails of which nobody knows whether they arrived.
pub const MAILS_UNKNOWN: Waiting = counted!("mail", "unknown", "mail", "queued_at");
/// Mails that came back.
pub const MAILS_BOUNCED: Waiting = counted!("mail", "bounced", "mail", "queued_at");
/// Jobs that are held.
pub const JOBS_HELD: Waiting = counted!("job", "held", "job", "created_at");
/// Organisations that are active without anybody who may sign.
pub const WITHOUT_SIGNATORY: Waiting = Waiting {
    sql: "SELECT count(*) AS n, COALESCE(min(o.state_at), 0) AS oldest FROM organisation o WHERE o.state = 'active' \
        AND NOT EXISTS (SELECT 1 FROM account a WHERE a.organisation_id = o.id AND a.state = 'active' \
            AND a.roles LIKE '%signatory%')",
};

/// Reads one queue.
pub async fn queue(tx: &mut Tx, waiting: Waiting) -> Result<Queue, StoreError> {
    let read = tx.optional(Query::new(waiting.sql)).await?;
    Ok(read.unwrap_or(Queue {
        n: 0,
        oldest: Timestamp::NEVER,
    }))
}

/// Counts per day of a name since a day `YYYY-MM-DD`.
pub async fn daily(tx: &mut Tx, name: &str, since: &str) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = "SELECT day, n FROM daily WHERE name = $1 AND day >= $2 ORDER BY day";
    tx.all(Query::new(sql).bind(name).bind(since)).await
}
