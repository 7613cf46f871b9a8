//! The list of submissions, and all that is known of one. Not their bytes.

use crate::domain::kind::Kind;
use crate::store::filter::{Field, Free, Of};
use crate::store::list::{Key, ListSpec, Sort};
use crate::store::{Query, StoreError, Tx};
use sqlx::FromRow;

/// State codes.
pub const STATES: &[&str] = &[
    "received",
    "held",
    "validating",
    "valid",
    "valid_with_remarks",
    "invalid",
    "processed",
    "failed",
    "withdrawn",
    "superseded",
];

const BY_ORGANISATION: &str =
    "SELECT id FROM organisation WHERE folded LIKE $1 ESCAPE '\\' OR agb LIKE $1 ESCAPE '\\'";
const BY_VENDOR: &str = "SELECT id FROM vendor WHERE folded LIKE $1 ESCAPE '\\'";

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "s.id, s.version, s.state, s.state_at, s.hold, s.kind, s.specification, s.source, s.file_name, s.bytes, \
        s.received_at, s.row_count, s.finding_count, s.assigned, s.organisation_id, \
        o.name AS organisation, o.agb, COALESCE(v.name, '') AS vendor",
    from: "submission s LEFT JOIN organisation o ON o.id = s.organisation_id \
        LEFT JOIN vendor v ON v.id = s.vendor_id",
    id: Key::Text("s.id"),
    fields: &[],
    free: None,
    sorts: &[],
    order: "-received",
    counter: Some(("s.state", Kind::Submission)),
};
