//! The list of accounts.

use super::super::filter::{Field, Free, Of};
use super::super::list::{Key, ListSpec, Sort};
use super::super::{Query, StoreError, Tx};
use crate::domain::account::{Role, State};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: i64,
    /// Name of the person.
    pub name: String,
    /// Mail address; shown in full only in the record.
    pub email: String,
    /// Role codes separated by commas.
    pub roles: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When last invited.
    #[sqlx(try_from = "i64")]
    pub invited_at: Timestamp,
    /// Name of the organisation.
    pub organisation: String,
    /// Its AGB code.
    pub agb: String,
}

/// Fields of the filter language.
pub const FIELDS: &[Field] = &[
    Field::of("status", Of::State("a.state", Kind::Account, State::CODES)),
    Field::of("role", Of::Codes("a.roles", Kind::Account, Role::CODES)),
    Field::of(
        "org",
        Of::Reference("a.organisation_id", super::ORGANISATIONS),
    ),
    Field::of("email", Of::Folded("a.email_folded")),
    Field::of("name", Of::Folded("a.folded")),
    Field::of("invited", Of::Time("a.invited_at")),
    Field::of("age", Of::Age("a.created_at")),
    Field::of("waiting", Of::Age("a.state_at")),
    Field::of("id", Of::Id("a.id")),
];

/// Sorts. What a page ends with is told to people, so no sort column holds an address.
pub const SORTS: &[Sort] = &[
    Sort::by("name", Key::Text("a.folded")),
    Sort::by("changed", Key::Number("a.state_at")),
    Sort::by("created", Key::Number("a.created_at")),
];

/// The list.
pub static LIST: ListSpec = ListSpec {
    columns: "a.id, a.version, a.name, a.email, a.roles, a.state, a.state_at, a.invited_at, \
        COALESCE(o.name, '') AS organisation, COALESCE(o.agb, '') AS agb",
    from: "account a LEFT JOIN organisation o ON o.id = a.organisation_id",
    id: Key::Text("a.id"),
    fields: FIELDS,
    free: Some(Free {
        least: 2,
        any: &[
            Of::Folded("a.folded"),
            Of::Folded("a.email_folded"),
            Of::Reference("a.organisation_id", super::ORGANISATIONS),
            Of::Id("a.id"),
        ],
    }),
    sorts: SORTS,
    order: "name",
    counter: Some(("a.state", Kind::Account)),
};

/// An invitation, without its token.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Invited {
    /// When it was made.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When it runs out.
    #[sqlx(try_from = "i64")]
    pub expires_at: Timestamp,
    /// When it was used, 0 for not.
    #[sqlx(try_from = "i64")]
    pub used_at: Timestamp,
    /// When it was replaced or withdrawn, 0 for not.
    #[sqlx(try_from = "i64")]
    pub revoked_at: Timestamp,
}

/// The invitations of an account, newest first.
pub async fn invitations(tx: &mut Tx, account: &str) -> Result<Vec<Invited>, StoreError> {
    let sql = "SELECT created_at, expires_at, used_at, revoked_at FROM invitation \
        WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 50";
    tx.all(Query::new(sql).bind(account)).await
}
