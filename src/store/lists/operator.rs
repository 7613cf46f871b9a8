//! The list of operators.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use crate::domain::kind::Kind;
use crate::domain::right::Role;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// OS login.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// Role codes separated by commas.
    pub roles: String,
    /// Language code.
    pub language: String,
    /// `active` or `removed`.
    pub state: String,
    /// When added.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
}

/// State codes.
pub const STATES: &[&str] = &["active", "removed"];

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("status", Of::State("p.state", Kind::Operator, STATES)),
    Field::of("role", Of::Codes("p.roles", Kind::Operator, Role::CODES)),
    Field::of("login", Of::Prefix("p.login")),
    Field::of("name", Of::Folded("p.folded")),
    Field::of("created", Of::Time("p.created_at")),
    Field::of("id", Of::Id("p.id")),
];

/// Sorts.
pub const SORTS: &[Sort] = &[
    Sort::by("login", Key::Text("p.login")),
    Sort::by("created", Key::Number("p.created_at")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "p.id, p.version, p.login, p.name, p.roles, p.language, p.state, p.created_at, p.changed_at, p.changed_by",
    from: "operator p",
    id: Key::Text("p.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 1,
        any: &[Of::Folded("p.folded"), Of::Id("p.id")],
    }),
    sorts: SORTS,
    order: "login",
    counter: Some(("p.state", Kind::Operator)),
};
