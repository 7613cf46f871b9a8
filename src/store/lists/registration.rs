//! The list of registrations: the onboarding queue.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::connection::Route;
use crate::domain::kind::Kind;
use crate::domain::registration::State;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// AGB code.
    pub agb: String,
    /// Name of the organisation.
    pub name: String,
    /// City.
    pub city: String,
    /// `automatic` or `manual`.
    pub route: String,
    /// Vendor as named.
    pub vendor: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When it arrived.
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    /// Who works on it, empty for nobody.
    pub claimed_by: String,
    /// Until when.
    #[sqlx(try_from = "i64")]
    pub claimed_until: Timestamp,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of(
        "status",
        Of::State("r.state", Kind::Registration, State::CODES),
    ),
    Field::of("org", Of::Folded("r.folded")),
    Field::of("agb", Of::Prefix("r.agb")),
    Field::of("kvk", Of::Prefix("r.kvk")),
    Field::of(
        "route",
        Of::Code("r.route", Kind::Registration, Route::CODES),
    ),
    Field::of("vendor", Of::Exact("r.vendor")),
    Field::of("received", Of::Time("r.received_at")),
    Field::of("age", Of::Age("r.received_at")),
    Field::of("waiting", Of::Age("r.state_at")),
    Field::of("id", Of::Id("r.id")),
];

/// Sorts. `queue` puts what waits first, oldest on top, and then what is closed, newest on top.
pub const SORTS: &[Sort] = &[
    Sort::by("queue", Key::Number(QUEUE)),
    Sort::by("received", Key::Number("r.received_at")),
    Sort::by("changed", Key::Number("r.state_at")),
    Sort::by("name", Key::Text("r.folded")),
];

/// The same expression stands in the index `registration_queue`.
const QUEUE: &str = "(CASE WHEN r.state IN ('received', 'in_setup') THEN r.received_at \
    ELSE 9000000000000 - r.received_at END)";

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "r.id, r.version, r.agb, r.name, r.city, r.route, r.vendor, r.state, r.state_at, r.received_at, \
        COALESCE(c.operator_name, '') AS claimed_by, COALESCE(c.until, 0) AS claimed_until",
    from: "registration r LEFT JOIN claim c ON c.kind = 'registration' AND c.object_id = r.id",
    id: Key::Text("r.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[Of::Folded("r.folded"), Of::Id("r.id")],
    }),
    sorts: SORTS,
    order: "queue",
    counter: Some(("r.state", Kind::Registration)),
};
