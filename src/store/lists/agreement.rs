//! The list of versions of the agreement.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::agreement::State;
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version of the row.
    pub version: i64,
    /// Short name, such as `2021-09`.
    pub name: String,
    /// Full title.
    pub title: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// First day.
    pub valid_from: String,
    /// Last day on which the version before still counts.
    pub grace_until: String,
    /// Organisations that accepted it.
    pub accepted: i64,
    /// Organisations that have yet to.
    pub pending: i64,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of(
        "status",
        Of::State("g.state", Kind::Agreement, State::CODES),
    ),
    Field::of("name", Of::Folded("g.folded")),
    Field::of("valid", Of::Date("g.valid_from")),
    Field::of("grace", Of::Date("g.grace_until")),
    Field::of("age", Of::Age("g.created_at")),
    Field::of("id", Of::Id("g.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort::by("created", Key::Number("g.created_at")),
    Sort::by("name", Key::Text("g.name")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "g.id, g.version, g.name, g.title, g.state, g.state_at, g.valid_from, g.grace_until, \
        (SELECT count(*) FROM acceptance x WHERE x.agreement_id = g.id AND x.state = 'accepted') AS accepted, \
        (SELECT count(*) FROM acceptance x WHERE x.agreement_id = g.id AND x.state = 'pending') AS pending",
    from: "agreement g",
    id: Key::Text("g.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[Of::Folded("g.folded"), Of::Id("g.id")],
    }),
    sorts: SORTS,
    order: "-created",
    counter: Some(("g.state", Kind::Agreement)),
};
