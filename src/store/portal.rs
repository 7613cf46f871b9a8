//! What the portal's front end shows of an organisation: its acceptance, connections and newest deliveries, and who a person is.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A person of the portal, with the organisation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// Account.
    pub id: String,
    /// Name of the person.
    pub name: String,
    /// Role codes separated by commas.
    pub roles: String,
    /// AGB code of the organisation.
    pub agb: String,
    /// Name of the organisation.
    pub organisation: String,
}

/// The person behind an account.
pub async fn person(tx: &mut Tx, account: &str) -> Result<Option<Person>, StoreError> {
    let sql = "SELECT a.id, a.name, a.roles, o.agb, o.name AS organisation
        FROM account a JOIN organisation o ON o.id = a.organisation_id WHERE a.id = $1";
    tx.optional(Query::new(sql).bind(account)).await
}

/// Acceptance of a version.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Acceptance {
    /// Name of the version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// State.
    pub state: String,
    /// When it was accepted.
    #[sqlx(try_from = "i64")]
    pub accepted_at: Timestamp,
    /// Last day on which it counts.
    pub valid_until: String,
}

/// The newest acceptance of an organisation.
pub async fn acceptance(tx: &mut Tx, organisation: &str) -> Result<Option<Acceptance>, StoreError> {
    let sql = "SELECT g.name AS version, g.title, a.state, a.accepted_at, a.valid_until
        FROM acceptance a JOIN agreement g ON g.id = a.agreement_id
        WHERE a.organisation_id = $1 ORDER BY a.created_at DESC, a.id DESC LIMIT 1";
    tx.optional(Query::new(sql).bind(organisation)).await
}

/// A connection of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    /// Identifier.
    pub id: String,
    /// Name of the vendor.
    pub vendor: Option<String>,
    /// `automatic` or `manual`.
    pub route: String,
    /// State.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
}

/// Connections of an organisation, oldest first.
pub async fn connections(tx: &mut Tx, organisation: &str) -> Result<Vec<Link>, StoreError> {
    let sql = "SELECT c.id, v.name AS vendor, c.route, c.state, c.state_at
        FROM connection c LEFT JOIN vendor v ON v.id = c.vendor_id
        WHERE c.organisation_id = $1 ORDER BY c.created_at, c.id";
    tx.all(Query::new(sql).bind(organisation)).await
}

/// A delivery of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Recent {
    /// Identifier.
    pub id: String,
    /// `rom` or `cqi`.
    pub kind: String,
    /// State.
    pub state: String,
    /// 1 for a test run.
    pub test: i64,
    /// When it arrived.
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    /// Findings.
    pub finding_count: i64,
}

/// The ten newest deliveries of an organisation, newest first.
pub async fn deliveries(tx: &mut Tx, organisation: &str) -> Result<Vec<Recent>, StoreError> {
    let sql = "SELECT id, kind, state, test, received_at, finding_count FROM submission
        WHERE organisation_id = $1 ORDER BY received_at DESC, id DESC LIMIT 10";
    tx.all(Query::new(sql).bind(organisation)).await
}
