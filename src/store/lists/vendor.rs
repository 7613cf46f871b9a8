//! The list of vendors.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::connection::VendorKind;
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// Name.
    pub name: String,
    /// Kind code.
    pub kind: String,
    /// Contact person.
    pub contact: String,
    /// Mail address.
    pub email: String,
    /// When it passed its test run; 0 for never.
    #[sqlx(try_from = "i64")]
    pub tested_at: Timestamp,
    /// When added.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// Its connections that are not revoked.
    pub connections: i64,
    /// When a specification was last sent; 0 for never.
    #[sqlx(try_from = "i64")]
    pub informed_at: Timestamp,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("name", Of::Folded("v.folded")),
    Field::of("kind", Of::Code("v.kind", Kind::Vendor, VendorKind::CODES)),
    Field::of("passed", Of::Holds("v.tested_at > 0")),
    Field::of("tested", Of::Time("v.tested_at")),
    Field::of("created", Of::Time("v.created_at")),
    Field::of("id", Of::Id("v.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort::by("name", Key::Text("v.folded")),
    Sort::by("created", Key::Number("v.created_at")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "v.id, v.version, v.name, v.kind, v.contact, v.email, v.tested_at, v.created_at, \
        (SELECT count(*) FROM connection k WHERE k.vendor_id = v.id AND k.state <> 'revoked') AS connections, \
        COALESCE((SELECT max(s.sent_at) FROM vendor_specification s WHERE s.vendor_id = v.id), 0) AS informed_at",
    from: "vendor v",
    id: Key::Text("v.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[Of::Folded("v.folded"), Of::Id("v.id")],
    }),
    sorts: SORTS,
    order: "name",
    counter: None,
};
