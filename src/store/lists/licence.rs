//! The list of licence codes: their first characters and their end, never a code.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::kind::Kind;
use crate::domain::licence::State;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// First random characters of the code.
    pub prefix: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When made.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When it ends.
    #[sqlx(try_from = "i64")]
    pub expires_at: Timestamp,
    /// When last used; 0 for never.
    #[sqlx(try_from = "i64")]
    pub used_at: Timestamp,
    /// When reminded of its end; 0 for not.
    #[sqlx(try_from = "i64")]
    pub reminded_at: Timestamp,
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
    /// Name of the vendor, empty for none.
    pub vendor: String,
}

const CONNECTIONS_OF_ORGANISATION: &str =
    "SELECT k.id FROM connection k JOIN organisation o ON o.id = k.organisation_id
    WHERE o.folded LIKE $1 ESCAPE '\\' OR o.agb LIKE $1 ESCAPE '\\'";
const CONNECTIONS_OF_VENDOR: &str =
    "SELECT k.id FROM connection k JOIN vendor v ON v.id = k.vendor_id
    WHERE v.folded LIKE $1 ESCAPE '\\'";

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("status", Of::State("l.state", Kind::Licence, State::CODES)),
    Field::of(
        "org",
        Of::Reference("l.connection_id", CONNECTIONS_OF_ORGANISATION),
    ),
    Field::of(
        "vendor",
        Of::Reference("l.connection_id", CONNECTIONS_OF_VENDOR),
    ),
    Field::of("code", Of::Prefix("l.prefix")),
    Field::of("expires", Of::Time("l.expires_at")),
    Field::of("used", Of::Time("l.used_at")),
    Field::of("age", Of::Age("l.created_at")),
    Field::of("connection", Of::Id("l.connection_id")),
    Field::of("id", Of::Id("l.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort::by("changed", Key::Number("l.state_at")),
    Sort::by("created", Key::Number("l.created_at")),
    Sort::by("expires", Key::Number("l.expires_at")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "l.id, l.version, l.prefix, l.state, l.state_at, l.created_at, l.expires_at, l.used_at, l.reminded_at, \
        l.changed_at, l.changed_by, l.connection_id, COALESCE(k.organisation_id, '') AS organisation_id, \
        COALESCE(o.name, '') AS organisation, COALESCE(v.name, '') AS vendor",
    from: "licence l LEFT JOIN connection k ON k.id = l.connection_id LEFT JOIN organisation o ON o.id = k.organisation_id \
        LEFT JOIN vendor v ON v.id = k.vendor_id",
    id: Key::Text("l.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[
            Of::Reference("l.connection_id", CONNECTIONS_OF_ORGANISATION),
            Of::Reference("l.connection_id", CONNECTIONS_OF_VENDOR),
            Of::Prefix("l.prefix"),
            Of::Id("l.id"),
        ],
    }),
    sorts: SORTS,
    order: "-created",
    counter: Some(("l.state", Kind::Licence)),
};
