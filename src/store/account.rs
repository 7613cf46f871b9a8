//! Accounts of portal users and their invitations.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// Identifier.
    pub id: String,
    /// Organisation.
    pub organisation_id: String,
    /// Name of the person.
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Mail address in lower case: unique within the organisation.
    pub email_folded: String,
    /// Role codes separated by commas.
    pub roles: String,
    /// Language code.
    pub language: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Why, as given.
    pub state_reason: String,
    /// When made.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When last invited.
    #[sqlx(try_from = "i64")]
    pub invited_at: Timestamp,
    /// When that invitation expires.
    #[sqlx(try_from = "i64")]
    pub expires_at: Timestamp,
    /// When activated.
    #[sqlx(try_from = "i64")]
    pub active_at: Timestamp,
    /// Who took over.
    pub successor_id: Option<String>,
    /// When last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
    /// For search.
    pub folded: String,
    /// Version.
    pub version: i64,
}

/// Columns in the order of the struct.
pub const COLUMNS: &str = "id, organisation_id, name, email, email_folded, roles, language, state, state_at, \
    state_reason, created_at, invited_at, expires_at, active_at, successor_id, changed_at, changed_by, folded, version";

/// Adds a row; `Unique` when the organisation has an account with this mail address.
pub async fn insert(tx: &mut Tx, a: &Account) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO account (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([
            &a.id,
            &a.organisation_id,
            &a.name,
            &a.email,
            &a.email_folded,
            &a.roles,
            &a.language,
            &a.state,
        ])
        .push(", ")
        .arg(a.state_at)
        .push(", ")
        .arg(&a.state_reason)
        .push(", ")
        .args([a.created_at, a.invited_at, a.expires_at, a.active_at])
        .push(", ")
        .arg(a.successor_id.clone())
        .push(", ")
        .arg(a.changed_at)
        .push(", ")
        .args([&a.changed_by, &a.folded])
        .push(", ")
        .arg(a.version)
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The account with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Account>, StoreError> {
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM account WHERE id = $1")
            .bind(id),
    )
    .await
}

/// The account with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Account>, StoreError> {
    let lock = tx.for_update();
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM account WHERE id = $1")
            .push(lock)
            .bind(id),
    )
    .await
}

/// Accounts of an organisation, oldest first.
pub async fn of(tx: &mut Tx, organisation: &str) -> Result<Vec<Account>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM account WHERE organisation_id = $1 ORDER BY created_at, id")
        .bind(organisation);
    tx.all(query).await
}

/// As `of`, locked until the transaction ends.
pub async fn lock_of(tx: &mut Tx, organisation: &str) -> Result<Vec<Account>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM account WHERE organisation_id = $1 ORDER BY created_at, id")
        .push(lock)
        .bind(organisation);
    tx.all(query).await
}

/// Accounts whose invitation ran out, a few at a time, locked.
pub async fn run_out(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<Account>, StoreError> {
    let lock = tx.skip_locked();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM account WHERE state = 'invited' AND expires_at <= $1 ORDER BY expires_at LIMIT $2")
        .push(lock)
        .bind(now)
        .bind(limit);
    tx.all(query).await
}

/// Saves what people edit, the state and the times; the caller has locked the row.
pub async fn save(tx: &mut Tx, a: &Account) -> Result<(), StoreError> {
    let query = Query::new("UPDATE account SET version = version + 1")
        .set("roles", &a.roles)
        .set("state", &a.state)
        .set("state_at", a.state_at)
        .set("state_reason", &a.state_reason)
        .set("invited_at", a.invited_at)
        .set("expires_at", a.expires_at)
        .set("active_at", a.active_at)
        .set("successor_id", a.successor_id.clone())
        .set("changed_at", a.changed_at)
        .set("changed_by", &a.changed_by)
        .push(" WHERE id = ")
        .arg(&a.id);
    tx.execute(query).await?;
    Ok(())
}

/// A single-use invitation; its token exists only as a hash.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Invitation {
    /// Identifier.
    pub id: String,
    /// Account that it is for.
    pub account_id: String,
    /// Random part of the derivation of the token.
    pub nonce: String,
    /// SHA-256 of the token.
    pub token_hash: String,
    /// When made.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When it runs out.
    #[sqlx(try_from = "i64")]
    pub expires_at: Timestamp,
    /// When used; 0 for not.
    #[sqlx(try_from = "i64")]
    pub used_at: Timestamp,
    /// When replaced or withdrawn; 0 for not.
    #[sqlx(try_from = "i64")]
    pub revoked_at: Timestamp,
}

const INVITATION: &str =
    "id, account_id, nonce, token_hash, created_at, expires_at, used_at, revoked_at";

/// Adds an invitation.
pub async fn insert_invitation(tx: &mut Tx, i: &Invitation) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO invitation (")
        .push(INVITATION)
        .push(") VALUES (")
        .args([&i.id, &i.account_id, &i.nonce, &i.token_hash])
        .push(", ")
        .args([i.created_at, i.expires_at, i.used_at, i.revoked_at])
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The invitation with an id.
pub async fn invitation(tx: &mut Tx, id: &str) -> Result<Option<Invitation>, StoreError> {
    tx.optional(
        Query::new("SELECT ")
            .push(INVITATION)
            .push(" FROM invitation WHERE id = $1")
            .bind(id),
    )
    .await
}

/// The invitation whose token has this hash.
pub async fn invitation_by_hash(tx: &mut Tx, hash: &str) -> Result<Option<Invitation>, StoreError> {
    tx.optional(
        Query::new("SELECT ")
            .push(INVITATION)
            .push(" FROM invitation WHERE token_hash = $1")
            .bind(hash),
    )
    .await
}

/// Withdraws every open invitation of an account.
pub async fn revoke_invitations(
    tx: &mut Tx,
    account: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE invitation SET revoked_at = $2 WHERE account_id = $1 AND used_at = 0 AND revoked_at = 0";
    tx.execute(Query::new(sql).bind(account).bind(now)).await?;
    Ok(())
}

/// Uses an invitation; false when it was used, replaced or ran out in the meantime.
pub async fn use_invitation(tx: &mut Tx, id: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE invitation SET used_at = $2 WHERE id = $1 AND used_at = 0 AND revoked_at = 0 AND expires_at > $2";
    Ok(tx.execute(Query::new(sql).bind(id).bind(now)).await? == 1)
}
