//! The list of bulk runs, and the rows of one with what became of each.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// What is done, as `noun.verb`.
    pub act: String,
    /// Reason as given.
    pub reason: String,
    /// Who began it.
    pub operator: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When it began.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// Rows that it was given.
    pub total: i64,
    /// Rows done.
    pub done: i64,
    /// Rows skipped.
    pub skipped: i64,
}

/// One row of a run.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Item {
    /// Place in the run.
    pub position: i64,
    /// The record.
    pub object_id: String,
    /// What people call it.
    pub label: String,
    /// `waiting`, `done`, `skipped`.
    pub state: String,
    /// Why it was skipped, or what was done.
    pub detail: String,
}

/// State codes.
pub const STATES: &[&str] = &["running", "completed", "cancelled"];

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("status", Of::State("b.state", Kind::Bulk, STATES)),
    Field::of("act", Of::Prefix("b.act")),
    Field::of("created", Of::Time("b.created_at")),
    Field::of("age", Of::Age("b.created_at")),
    Field::of("by", Of::Reference("b.operator_id", super::OPERATORS)),
    Field::of("id", Of::Id("b.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[Sort::by("created", Key::Number("b.created_at"))];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "b.id, b.version, b.act, b.reason, COALESCE(p.name, '') AS operator, b.state, b.state_at, b.created_at, b.total, \
        (SELECT count(*) FROM bulk_item i WHERE i.bulk_id = b.id AND i.state = 'done') AS done, \
        (SELECT count(*) FROM bulk_item i WHERE i.bulk_id = b.id AND i.state = 'skipped') AS skipped",
    from: "bulk b LEFT JOIN operator p ON p.id = b.operator_id",
    id: Key::Text("b.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[
            Of::Prefix("b.act"),
            Of::Reference("b.operator_id", super::OPERATORS),
            Of::Id("b.id"),
        ],
    }),
    sorts: SORTS,
    order: "-created",
    counter: None,
};

/// The rows of a run, in its order.
pub static ITEMS: ListSpec = ListSpec {
    columns: "i.position, i.object_id, i.label, i.state, i.detail",
    from: "bulk_item i",
    id: Key::Number("i.position"),
    fields: &[],
    free: None,
    sorts: &[Sort::by("position", Key::Number("i.position"))],
    order: "position",
    counter: None,
};
