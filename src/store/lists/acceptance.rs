//! The list of acceptances: which organisation accepted which version, and who has yet to.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use super::super::{Query, StoreError, Tx};
use crate::domain::agreement::Acceptance;
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version of the row.
    pub version: i64,
    /// State code.
    pub state: String,
    /// When it was asked.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When accepted, 0 for not.
    #[sqlx(try_from = "i64")]
    pub accepted_at: Timestamp,
    /// Last day on which it counts.
    pub valid_until: String,
    /// When last reminded, 0 for never.
    #[sqlx(try_from = "i64")]
    pub reminded_at: Timestamp,
    /// How often reminded.
    pub reminders: i64,
    /// Who accepted, empty for nobody.
    pub account: String,
    /// Identifier of the organisation.
    pub organisation_id: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Its AGB code.
    pub agb: String,
    /// Name of the version of the agreement.
    pub agreement: String,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of(
        "status",
        Of::State("x.state", Kind::Acceptance, Acceptance::CODES),
    ),
    Field::of(
        "org",
        Of::Reference("x.organisation_id", super::ORGANISATIONS),
    ),
    Field::of(
        "agreement",
        Of::Reference(
            "x.agreement_id",
            "SELECT id FROM agreement WHERE folded LIKE $1 ESCAPE '\\'",
        ),
    ),
    Field::of("reminded", Of::Time("x.reminded_at")),
    Field::of("reminders", Of::Number("x.reminders")),
    Field::of("accepted", Of::Time("x.accepted_at")),
    Field::of("until", Of::Date("x.valid_until")),
    Field::of("age", Of::Age("x.created_at")),
    Field::of("id", Of::Id("x.id")),
];

/// Sorts. `queue` puts who has yet to accept first, longest waiting on top, and then the rest, newest on top.
pub const SORTS: &[Sort] = &[
    Sort::by("queue", Key::Number(QUEUE)),
    Sort::by("created", Key::Number("x.created_at")),
    Sort::by("changed", Key::Number("x.state_at")),
    Sort::by("reminded", Key::Number("x.reminded_at")),
];

/// The same expression stands in the index `acceptance_queue`.
const QUEUE: &str =
    "(CASE WHEN x.state = 'pending' THEN x.created_at ELSE 9000000000000 - x.state_at END)";

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "x.id, x.version, x.state, x.created_at, x.accepted_at, x.valid_until, x.reminded_at, x.reminders, \
        COALESCE(a.name, '') AS account, x.organisation_id, COALESCE(o.name, '') AS organisation, \
        COALESCE(o.agb, '') AS agb, COALESCE(g.name, '') AS agreement",
    from: "acceptance x LEFT JOIN organisation o ON o.id = x.organisation_id \
        LEFT JOIN agreement g ON g.id = x.agreement_id LEFT JOIN account a ON a.id = x.account_id",
    id: Key::Text("x.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[
            Of::Reference("x.organisation_id", super::ORGANISATIONS),
            Of::Id("x.id"),
        ],
    }),
    sorts: SORTS,
    order: "queue",
    counter: Some(("x.state", Kind::Acceptance)),
};

/// What proves an acceptance, besides who and when.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Evidence {
    /// SHA-256 of the document that was accepted.
    pub document_sha256: String,
    /// Address it came from, as given.
    pub remote: String,
}

/// What proves an acceptance.
pub async fn evidence(tx: &mut Tx, id: &str) -> Result<Option<Evidence>, StoreError> {
    let sql = "SELECT document_sha256, remote FROM acceptance WHERE id = $1";
    tx.optional(Query::new(sql).bind(id)).await
}
