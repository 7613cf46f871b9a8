//! Versions of the processing agreement and who accepted them.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A version of the agreement, without its document.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Agreement {
    /// Identifier.
    pub id: String,
    /// Short name, such as `2021-09`.
    pub name: String,
    /// Full title.
    pub title: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Name of the document's file.
    pub file_name: String,
    /// Size of the document.
    pub bytes: i64,
    /// SHA-256 of the document.
    pub sha256: String,
    /// First day.
    pub valid_from: String,
    /// Last day on which an acceptance of the version before still counts.
    pub grace_until: String,
    /// When added.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When last changed.
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
    /// For search.
    pub folded: String,
    /// Version of the row.
    pub version: i64,
}

/// Columns in the order of the struct.
pub const COLUMNS: &str = "id, name, title, state, state_at, file_name, bytes, sha256, valid_from, grace_until, \
    created_at, changed_at, changed_by, folded, version";

/// Adds a version with its document; `Unique` when the name exists.
pub async fn insert(tx: &mut Tx, a: &Agreement, document: Vec<u8>) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO agreement (")
        .push(COLUMNS)
        .push(", document) VALUES (")
        .args([&a.id, &a.name, &a.title, &a.state])
        .push(", ")
        .arg(a.state_at)
        .push(", ")
        .arg(&a.file_name)
        .push(", ")
        .arg(a.bytes)
        .push(", ")
        .args([&a.sha256, &a.valid_from, &a.grace_until])
        .push(", ")
        .args([a.created_at, a.changed_at])
        .push(", ")
        .args([&a.changed_by, &a.folded])
        .push(", ")
        .arg(a.version)
        .push(", ")
        .arg(document)
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The version with an id or a name.
pub async fn find(tx: &mut Tx, id_or_name: &str) -> Result<Option<Agreement>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM agreement WHERE id = $1 OR name = $1")
        .bind(id_or_name);
    tx.optional(query).await
}

/// The version with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Agreement>, StoreError> {
    let lock = tx.for_update();
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM agreement WHERE id = $1")
            .push(lock)
            .bind(id),
    )
    .await
}

/// The version that is published now.
pub async fn current(tx: &mut Tx) -> Result<Option<Agreement>, StoreError> {
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM agreement WHERE state = 'published'"),
    )
    .await
}

/// The document of a version.
pub async fn document(tx: &mut Tx, id: &str) -> Result<Option<(Vec<u8>,)>, StoreError> {
    tx.optional(Query::new("SELECT document FROM agreement WHERE id = $1").bind(id))
        .await
}

/// Saves the state; the caller has locked the row.
pub async fn save(tx: &mut Tx, a: &Agreement) -> Result<(), StoreError> {
    let sql = "UPDATE agreement SET state = $2, state_at = $3, changed_at = $4, changed_by = $5, version = version + 1
        WHERE id = $1";
    let query = Query::new(sql)
        .bind(&a.id)
        .bind(&a.state)
        .bind(a.state_at)
        .bind(a.changed_at)
        .bind(&a.changed_by);
    tx.execute(query).await?;
    Ok(())
}

/// The acceptance of a version by an organisation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Acceptance {
    /// Identifier.
    pub id: String,
    /// Organisation.
    pub organisation_id: String,
    /// Version of the agreement.
    pub agreement_id: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// When it was asked.
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    /// When accepted; 0 for not.
    #[sqlx(try_from = "i64")]
    pub accepted_at: Timestamp,
    /// Last day on which it counts.
    pub valid_until: String,
    /// Account that accepted.
    pub account_id: Option<String>,
    /// SHA-256 of the document that was accepted.
    pub document_sha256: String,
    /// Address it came from, as given.
    pub remote: String,
    /// When last reminded; 0 for never.
    #[sqlx(try_from = "i64")]
    pub reminded_at: Timestamp,
    /// How often reminded.
    pub reminders: i64,
    /// Version of the row.
    pub version: i64,
}

/// Columns in the order of the struct.
pub const ACCEPTANCE: &str = "id, organisation_id, agreement_id, state, state_at, created_at, accepted_at, valid_until, \
    account_id, document_sha256, remote, reminded_at, reminders, version";

/// Adds an acceptance; `Unique` when the organisation has one for this version.
pub async fn insert_acceptance(tx: &mut Tx, a: &Acceptance) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO acceptance (")
        .push(ACCEPTANCE)
        .push(") VALUES (")
        .args([&a.id, &a.organisation_id, &a.agreement_id, &a.state])
        .push(", ")
        .args([a.state_at, a.created_at, a.accepted_at])
        .push(", ")
        .arg(&a.valid_until)
        .push(", ")
        .arg(a.account_id.clone())
        .push(", ")
        .args([&a.document_sha256, &a.remote])
        .push(", ")
        .arg(a.reminded_at)
        .push(", ")
        .args([a.reminders, a.version])
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The acceptance with an id, locked until the transaction ends.
pub async fn lock_acceptance(tx: &mut Tx, id: &str) -> Result<Option<Acceptance>, StoreError> {
    let lock = tx.for_update();
    tx.optional(
        Query::new("SELECT ")
            .push(ACCEPTANCE)
            .push(" FROM acceptance WHERE id = $1")
            .push(lock)
            .bind(id),
    )
    .await
}

/// Name of the organisation and version of the row of an acceptance.
pub async fn asked(tx: &mut Tx, id: &str) -> Result<Option<(String, i64)>, StoreError> {
    let sql = "SELECT o.name, a.version FROM acceptance a JOIN organisation o ON o.id = a.organisation_id WHERE a.id = $1";
    tx.optional(Query::new(sql).bind(id)).await
}

/// All acceptances of an organisation, oldest first, locked.
pub async fn acceptances_of(
    tx: &mut Tx,
    organisation: &str,
) -> Result<Vec<Acceptance>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(ACCEPTANCE)
        .push(" FROM acceptance WHERE organisation_id = $1 ORDER BY created_at, id")
        .push(lock)
        .bind(organisation);
    tx.all(query).await
}

/// Saves an acceptance; the caller has locked the row.
pub async fn save_acceptance(tx: &mut Tx, a: &Acceptance) -> Result<(), StoreError> {
    let query = Query::new("UPDATE acceptance SET version = version + 1")
        .set("state", &a.state)
        .set("state_at", a.state_at)
        .set("accepted_at", a.accepted_at)
        .set("valid_until", &a.valid_until)
        .set("account_id", a.account_id.clone())
        .set("document_sha256", &a.document_sha256)
        .set("remote", &a.remote)
        .set("reminded_at", a.reminded_at)
        .set("reminders", a.reminders)
        .push(" WHERE id = ")
        .arg(&a.id);
    tx.execute(query).await?;
    Ok(())
}

/// Limits every accepted acceptance to a last day: the grace period of a new version.
pub async fn limit_accepted(tx: &mut Tx, until: &str) -> Result<u64, StoreError> {
    let sql = "UPDATE acceptance SET valid_until = $1, version = version + 1
        WHERE state = 'accepted' AND valid_until > $1";
    tx.execute(Query::new(sql).bind(until)).await
}

/// Whether the organisation has an acceptance that counts on a day `YYYY-MM-DD`.
pub async fn counts(tx: &mut Tx, organisation: &str, day: &str) -> Result<bool, StoreError> {
    let sql = "SELECT count(*) FROM acceptance
        WHERE organisation_id = $1 AND state = 'accepted' AND valid_until >= $2";
    Ok(tx
        .number(Query::new(sql).bind(organisation).bind(day))
        .await?
        > 0)
}
