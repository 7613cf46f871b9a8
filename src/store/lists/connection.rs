//! The list of connections, with what waits for each.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::connection::{Route, State};
use crate::domain::kind::Kind;
use crate::domain::specification;
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
    /// Route code.
    pub route: String,
    /// Kinds separated by commas.
    pub kinds: String,
    /// When asked.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When last used; 0 for never.
    #[sqlx(try_from = "i64")]
    pub used_at: Timestamp,
    /// When its newest code that works ends; 0 when it has none.
    #[sqlx(try_from = "i64")]
    pub ends_at: Timestamp,
    /// Identifier of the organisation.
    pub organisation_id: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Its AGB code.
    pub agb: String,
    /// Name of the vendor, empty for none.
    pub vendor: String,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of(
        "status",
        Of::State("k.state", Kind::Connection, State::CODES),
    ),
    Field::of(
        "org",
        Of::Reference("k.organisation_id", super::ORGANISATIONS),
    ),
    Field::of("vendor", Of::Reference("k.vendor_id", super::VENDORS)),
    Field::of("route", Of::Code("k.route", Kind::Connection, Route::CODES)),
    Field::of(
        "kind",
        Of::Codes("k.kinds", Kind::Connection, specification::Kind::CODES),
    ),
    Field::of(
        "judge",
        Of::Holds(
            "EXISTS (SELECT 1 FROM test_run r WHERE r.connection_id = k.id AND r.state IN ('valid', 'invalid'))",
        ),
    ),
    Field::of(
        "uncollected",
        Of::Holds(
            "k.state = 'issued' AND NOT EXISTS (SELECT 1 FROM handshake h WHERE h.connection_id = k.id
            AND h.collected_at = 0 AND h.revoked_at = 0)",
        ),
    ),
    Field::of("used", Of::Time("k.used_at")),
    Field::of("age", Of::Age("k.created_at")),
    Field::of("id", Of::Id("k.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort::by("changed", Key::Number("k.state_at")),
    Sort::by("created", Key::Number("k.created_at")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "k.id, k.version, k.state, k.state_at, k.route, k.kinds, k.created_at, k.used_at, \
        COALESCE((SELECT max(l.expires_at) FROM licence l WHERE l.connection_id = k.id \
            AND l.state IN ('active', 'expiring')), 0) AS ends_at, \
        k.organisation_id, COALESCE(o.name, '') AS organisation, COALESCE(o.agb, '') AS agb, \
        COALESCE(v.name, '') AS vendor",
    from: "connection k LEFT JOIN organisation o ON o.id = k.organisation_id LEFT JOIN vendor v ON v.id = k.vendor_id",
    id: Key::Text("k.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[
            Of::Reference("k.organisation_id", super::ORGANISATIONS),
            Of::Reference("k.vendor_id", super::VENDORS),
            Of::Id("k.id"),
        ],
    }),
    sorts: SORTS,
    order: "-changed",
    counter: Some(("k.state", Kind::Connection)),
};
