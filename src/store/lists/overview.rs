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

/// Mail in a final state waits for nobody once it was sent again, or is old: `$1` is a month ago.
macro_rules! unsent {
    ($state:literal) => {
        Waiting {
            sql: concat!(
                "SELECT count(*) AS n, COALESCE(min(m.queued_at), 0) AS oldest FROM mail m WHERE m.state = '",
                $state,
                "' AND m.queued_at > $1 AND NOT EXISTS (SELECT 1 FROM mail n WHERE n.resend_of = m.id)"
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
/// Connections that were asked.
pub const CONNECTIONS_REQUESTED: Waiting =
    counted!("connection", "requested", "connection", "created_at");
/// Connections whose handshake ran out before anybody collected it.
pub const CONNECTIONS_UNCOLLECTED: Waiting = Waiting {
    sql: "SELECT count(*) AS n, COALESCE(min(k.state_at), 0) AS oldest FROM connection k WHERE k.state = 'issued' \
        AND NOT EXISTS (SELECT 1 FROM handshake h WHERE h.connection_id = k.id AND h.collected_at = 0 \
            AND h.revoked_at = 0)",
};
/// Connections with a test run that a person must judge.
pub const TEST_RUNS: Waiting = Waiting {
    sql: "SELECT count(DISTINCT r.connection_id) AS n, COALESCE(min(r.state_at), 0) AS oldest FROM test_run r \
        WHERE r.state IN ('valid', 'invalid')",
};
/// Submissions that are held.
pub const SUBMISSIONS_HELD: Waiting = counted!("submission", "held", "submission", "received_at");
/// Submissions that failed.
pub const SUBMISSIONS_FAILED: Waiting =
    counted!("submission", "failed", "submission", "received_at");
/// Mails that failed lately and were not sent again.
pub const MAILS_FAILED: Waiting = unsent!("failed");
/// Mails of which nobody knows whether they arrived.
pub const MAILS_UNKNOWN: Waiting = unsent!("unknown");
/// Mails that came back.
pub const MAILS_BOUNCED: Waiting = unsent!("bounced");
/// Jobs that are held.
pub const JOBS_HELD: Waiting = counted!("job", "held", "job", "created_at");
/// Organisations that are active without anybody who may sign.
pub const WITHOUT_SIGNATORY: Waiting = Waiting {
    sql: "SELECT count(*) AS n, COALESCE(min(o.state_at), 0) AS oldest FROM organisation o WHERE o.state = 'active' \
        AND NOT EXISTS (SELECT 1 FROM account a WHERE a.organisation_id = o.id AND a.state = 'active' \
            AND a.roles LIKE '%signatory%')",
};

/// Causes that nobody knew a day ago: `$1` is a month ago, and 29 days later is yesterday.
pub const CAUSES_NEW: Waiting = Waiting {
    sql: "SELECT count(*) AS n, COALESCE(min(first_at), 0) AS oldest FROM cause \
        WHERE first_at > $1 + 2505600000 AND state = 'open'",
};
/// Licence codes that end within thirty days: `$1` is a month ago, so that now and a month from now are as far again.
pub const LICENCES_END: Waiting = Waiting {
    sql: "SELECT count(*) AS n, COALESCE(min(created_at), 0) AS oldest FROM licence \
        WHERE expires_at > $1 + 2592000000 AND expires_at < $1 + 5184000000 AND state IN ('active', 'expiring')",
};
/// Organisations that should have delivered.
pub const OBLIGATIONS_OVERDUE: Waiting = Waiting {
    sql: "SELECT count(*) AS n, COALESCE(min(state_at), 0) AS oldest FROM obligation WHERE state = 'overdue'",
};
/// Organisations in use that deliver and have nobody to be told what became of it.
pub const WITHOUT_READER: Waiting = Waiting {
    sql: "SELECT count(*) AS n, COALESCE(min(o.state_at), 0) AS oldest FROM organisation o WHERE o.state = 'active' \
        AND EXISTS (SELECT 1 FROM submission s WHERE s.organisation_id = o.id) \
        AND NOT EXISTS (SELECT 1 FROM account a WHERE a.organisation_id = o.id AND a.state = 'active' \
            AND (a.roles LIKE '%manager%' OR a.roles LIKE '%submitter%'))",
};

/// Reads one queue; mail counts since `month_ago`.
pub async fn queue(
    tx: &mut Tx,
    waiting: Waiting,
    month_ago: Timestamp,
) -> Result<Queue, StoreError> {
    let query = Query::new(waiting.sql);
    let bounded = waiting.sql.contains("$1");
    let query = if bounded {
        query.bind(month_ago)
    } else {
        query
    };
    let read = tx.optional(query).await?;
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
