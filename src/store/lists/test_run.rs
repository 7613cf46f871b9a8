//! The list of test runs.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::kind::Kind;
use crate::domain::specification;
use crate::domain::test_run::State;
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
    /// Specification that is tried.
    pub specification: String,
    /// Day for which it is planned; empty for no day.
    pub planned_for: String,
    /// Why, as given.
    pub reason: String,
    /// The file that came; empty while none did.
    pub submission_id: String,
    /// When planned.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
    /// Its connection.
    pub connection_id: String,
    /// Identifier of the organisation.
    pub organisation_id: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Name of the vendor.
    pub vendor: String,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("status", Of::State("r.state", Kind::TestRun, State::CODES)),
    Field::of("vendor", Of::Reference("r.vendor_id", super::VENDORS)),
    Field::of(
        "specification",
        Of::Code("r.specification", Kind::TestRun, specification::NAMES),
    ),
    Field::of("planned", Of::Date("r.planned_for")),
    Field::of("age", Of::Age("r.created_at")),
    Field::of("connection", Of::Id("r.connection_id")),
    Field::of("id", Of::Id("r.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort::by("changed", Key::Number("r.state_at")),
    Sort::by("created", Key::Number("r.created_at")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "r.id, r.version, r.state, r.state_at, r.specification, r.planned_for, r.reason, \
        COALESCE(r.submission_id, '') AS submission_id, r.created_at, r.changed_at, r.changed_by, r.connection_id, \
        COALESCE(k.organisation_id, '') AS organisation_id, COALESCE(o.name, '') AS organisation, \
        COALESCE(v.name, '') AS vendor",
    from: "test_run r LEFT JOIN connection k ON k.id = r.connection_id LEFT JOIN organisation o ON o.id = k.organisation_id \
        LEFT JOIN vendor v ON v.id = r.vendor_id",
    id: Key::Text("r.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[Of::Reference("r.vendor_id", super::VENDORS), Of::Id("r.id")],
    }),
    sorts: SORTS,
    order: "-changed",
    counter: Some(("r.state", Kind::TestRun)),
};
