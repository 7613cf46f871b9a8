//! The list of audit rows, and whether a read was noted before. Not the chain: that is `store::audit`.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Index, Key, ListSpec, Share, Sort, Split};
use super::super::{Query, StoreError, Tx};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Place in the chain.
    pub sequence: i64,
    /// When.
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    /// OS login.
    pub login: String,
    /// Name of the person or of the part of the system.
    pub actor: String,
    /// Way in.
    pub via: String,
    /// What, as `noun.verb`.
    pub action: String,
    /// Kind of record.
    pub object_kind: String,
    /// Its id.
    pub object_id: String,
    /// Name of the organisation, empty for none.
    pub organisation: String,
    /// `done`, `refused`, `failed`.
    pub outcome: String,
    /// Reason as given.
    pub reason: String,
    /// Request that caused it.
    pub request: String,
}

/// How an action ended.
pub const OUTCOMES: &[&str] = &["done", "refused", "failed"];

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("outcome", Of::State("t.outcome", Kind::Audit, OUTCOMES)),
    Field::of("action", Of::Prefix("t.action")),
    Field::of("kind", Of::Code("t.object_kind", Kind::Audit, Kind::CODES)),
    Field::of("object", Of::Id("t.object_id")),
    Field::of(
        "org",
        Of::Reference("t.organisation_id", super::ORGANISATIONS),
    ),
    Field::of("by", Of::Reference("t.operator_id", super::OPERATORS)),
    Field::of("login", Of::Prefix("t.login")),
    Field::of(
        "via",
        Of::Code(
            "t.via",
            Kind::Audit,
            &["console", "cli", "worker", "intake", "demo"],
        ),
    ),
    Field::of("host", Of::Prefix("t.host")),
    Field::of("at", Of::Time("t.at")),
    Field::of("age", Of::Age("t.at")),
    Field::of("reason", Of::Holds("t.reason <> ''")),
    Field::of(
        "read",
        Of::Holds("t.action LIKE '%.view' OR t.action LIKE '%.search'"),
    ),
    Field::of("request", Of::Prefix("t.request")),
];

/// Sorts: the order of the chain is the order of time.
pub const SORTS: &[Sort] = &[Sort {
    name: "at",
    by: Key::Number("t.sequence"),
    split: &[
        Split::of("t.operator_id", Share::Even),
        Split::of("t.organisation_id", Share::Even),
    ],
    index: Index::Whole,
}];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "t.sequence, t.at, t.login, t.actor, t.via, t.action, t.object_kind, t.object_id, \
        COALESCE(o.name, '') AS organisation, t.outcome, t.reason, t.request",
    from: "audit t LEFT JOIN organisation o ON o.id = t.organisation_id",
    id: Key::Number("t.sequence"),
    fields: FIELDS,
    free: Some(Free {
        least: 2,
        any: &[
            Of::Reference("t.organisation_id", super::ORGANISATIONS),
            Of::Reference("t.operator_id", super::OPERATORS),
            Of::Id("t.object_id"),
        ],
    }),
    sorts: SORTS,
    order: "-at",
    counter: None,
};

/// Whether this operator did this to this record since a moment, with this detail.
pub async fn noted(
    tx: &mut Tx,
    operator: &str,
    (kind, id, action): (Kind, &str, &str),
    detail: &str,
    since: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM (SELECT 1 FROM audit WHERE object_kind = $1 AND object_id = $2 AND action = $3 \
        AND operator_id = $4 AND detail = $5 AND at >= $6 ORDER BY sequence DESC LIMIT 1) AS found";
    let query = Query::new(sql).bind(kind.as_str()).bind(id).bind(action);
    let query = query.bind(operator).bind(detail).bind(since);
    Ok(tx.number(query).await? > 0)
}
