//! The list of organisations.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::kind::Kind;
use crate::domain::organisation::State;
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
    /// Name.
    pub name: String,
    /// City.
    pub city: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When it was made.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// State of its acceptance of the published agreement, empty for none.
    pub acceptance: String,
    /// When it last delivered, 0 for never.
    #[sqlx(try_from = "i64")]
    pub delivered_at: Timestamp,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of(
        "status",
        Of::State("o.state", Kind::Organisation, State::CODES),
    ),
    Field::of("org", Of::Folded("o.folded")),
    Field::of("agb", Of::Prefix("o.agb")),
    Field::of("kvk", Of::Prefix("o.kvk")),
    Field::of("city", Of::Exact("o.city")),
    Field::of("created", Of::Time("o.created_at")),
    Field::of("age", Of::Age("o.created_at")),
    Field::of("waiting", Of::Age("o.state_at")),
    Field::of(
        "accepted",
        Of::Holds(
            "EXISTS (SELECT 1 FROM acceptance x WHERE x.organisation_id = o.id AND x.state = 'accepted')",
        ),
    ),
    Field::of(
        "signatory",
        Of::Holds(
            "EXISTS (SELECT 1 FROM account a WHERE a.organisation_id = o.id AND a.state = 'active' \
            AND a.roles LIKE '%signatory%')",
        ),
    ),
    Field::of(
        "reader",
        Of::Holds(
            "EXISTS (SELECT 1 FROM account a WHERE a.organisation_id = o.id AND a.state = 'active' \
            AND (a.roles LIKE '%manager%' OR a.roles LIKE '%submitter%'))",
        ),
    ),
    Field::of(
        "delivered",
        Of::Holds("EXISTS (SELECT 1 FROM submission s WHERE s.organisation_id = o.id)"),
    ),
    Field::of("id", Of::Id("o.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort::by("name", Key::Text("o.folded")),
    Sort::by("agb", Key::Text("o.agb")),
    Sort::by("changed", Key::Number("o.state_at")),
    Sort::by("created", Key::Number("o.created_at")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "o.id, o.version, o.agb, o.name, o.city, o.state, o.state_at, o.created_at, \
        COALESCE((SELECT x.state FROM acceptance x JOIN agreement g ON g.id = x.agreement_id \
            WHERE x.organisation_id = o.id AND g.state = 'published'), '') AS acceptance, \
        COALESCE((SELECT max(s.received_at) FROM submission s WHERE s.organisation_id = o.id), 0) AS delivered_at",
    from: "organisation o",
    id: Key::Text("o.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[Of::Folded("o.folded"), Of::Prefix("o.agb"), Of::Id("o.id")],
    }),
    sorts: SORTS,
    order: "name",
    counter: Some(("o.state", Kind::Organisation)),
};
