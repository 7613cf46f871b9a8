//! Registrations: what a keurmerkdrager asked for, and where its set-up stands.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A registration.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Registration {
    /// Identifier.
    pub id: String,
    /// AGB code, 8 digits.
    pub agb: String,
    /// Name of the organisation.
    pub name: String,
    /// Chamber of Commerce number, 8 digits.
    pub kvk: String,
    /// Street and number.
    pub street: String,
    /// Postcode.
    pub postcode: String,
    /// City.
    pub city: String,
    /// General mail address.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Contact person.
    pub contact: String,
    /// Language code.
    pub language: String,
    /// `automatic` or `manual`.
    pub route: String,
    /// Vendor as the organisation named it.
    pub vendor: String,
    /// Requested users as JSON: name, email, roles.
    pub users: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Why it was rejected or withdrawn.
    pub reason: String,
    /// When it arrived.
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    /// Organisation that came of it.
    pub organisation_id: Option<String>,
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
pub const COLUMNS: &str = "id, agb, name, kvk, street, postcode, city, email, phone, contact, language, route, vendor, \
    users, state, state_at, reason, received_at, organisation_id, changed_at, changed_by, folded, version";

/// Adds a row; `Unique` when an open registration of the same AGB exists.
pub async fn insert(tx: &mut Tx, r: &Registration) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO registration (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([
            &r.id,
            &r.agb,
            &r.name,
            &r.kvk,
            &r.street,
            &r.postcode,
            &r.city,
            &r.email,
            &r.phone,
            &r.contact,
        ])
        .push(", ")
        .args([&r.language, &r.route, &r.vendor, &r.users, &r.state])
        .push(", ")
        .arg(r.state_at)
        .push(", ")
        .arg(&r.reason)
        .push(", ")
        .arg(r.received_at)
        .push(", ")
        .arg(r.organisation_id.clone())
        .push(", ")
        .arg(r.changed_at)
        .push(", ")
        .args([&r.changed_by, &r.folded])
        .push(", ")
        .arg(r.version)
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The registration with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Registration>, StoreError> {
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM registration WHERE id = $1")
            .bind(id),
    )
    .await
}

/// The registration with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Registration>, StoreError> {
    let lock = tx.for_update();
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM registration WHERE id = $1")
            .push(lock)
            .bind(id),
    )
    .await
}

/// Saves everything that people edit and the state; the caller has locked the row.
pub async fn save(tx: &mut Tx, r: &Registration) -> Result<(), StoreError> {
    let query = Query::new("UPDATE registration SET version = version + 1")
        .set("agb", &r.agb)
        .set("name", &r.name)
        .set("kvk", &r.kvk)
        .set("street", &r.street)
        .set("postcode", &r.postcode)
        .set("city", &r.city)
        .set("email", &r.email)
        .set("phone", &r.phone)
        .set("contact", &r.contact)
        .set("language", &r.language)
        .set("route", &r.route)
        .set("vendor", &r.vendor)
        .set("state", &r.state)
        .set("state_at", r.state_at)
        .set("reason", &r.reason)
        .set("organisation_id", r.organisation_id.clone())
        .set("changed_at", r.changed_at)
        .set("changed_by", &r.changed_by)
        .set("folded", &r.folded)
        .push(" WHERE id = ")
        .arg(&r.id);
    tx.execute(query).await?;
    Ok(())
}
