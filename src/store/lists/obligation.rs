//! The list of who owes a delivery of which kind, and by when.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Index, Key, ListSpec, Share, Sort, Split};
use crate::domain::kind::Kind;
use crate::domain::obligation::State;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// `rom` or `cqi`.
    pub kind: String,
    /// Day from which deliveries are owed.
    pub since: String,
    /// When the last delivery was processed, 0 for never.
    #[sqlx(try_from = "i64")]
    pub delivered_at: Timestamp,
    /// The last day on which the next one is in time.
    pub due_on: String,
    /// When somebody was last reminded, 0 for never.
    #[sqlx(try_from = "i64")]
    pub reminded_at: Timestamp,
    /// How often.
    pub reminders: i64,
    /// Identifier of the organisation.
    pub organisation_id: String,
    /// Its name.
    pub organisation: String,
    /// Its AGB code.
    pub agb: String,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of(
        "status",
        Of::State("d.state", Kind::Obligation, State::CODES),
    ),
    Field::of(
        "org",
        Of::Reference("d.organisation_id", super::ORGANISATIONS),
    ),
    Field::of(
        "kind",
        Of::Code("d.kind", Kind::Submission, &["rom", "cqi"]),
    ),
    Field::of("due", Of::Date("d.due_on")),
    Field::of("delivered", Of::Time("d.delivered_at")),
    Field::of("reminded", Of::Time("d.reminded_at")),
    Field::of("reminders", Of::Number("d.reminders")),
    Field::of("id", Of::Id("d.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[Sort {
    name: "due",
    by: Key::Text("d.due_on"),
    split: &[Split::of("d.state", Share::Even)],
    index: Index::Whole,
}];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "d.id, d.version, d.state, d.state_at, d.kind, d.since, d.delivered_at, d.due_on, d.reminded_at, d.reminders, \
        d.organisation_id, COALESCE(o.name, '') AS organisation, COALESCE(o.agb, '') AS agb",
    from: "obligation d LEFT JOIN organisation o ON o.id = d.organisation_id",
    id: Key::Text("d.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 2,
        any: &[Of::Reference("d.organisation_id", super::ORGANISATIONS)],
    }),
    sorts: SORTS,
    order: "due",
    counter: None,
};
