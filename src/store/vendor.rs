//! Vendors, and which specifications each was sent. Not their connections.

use super::{Query, StoreError, Tx};
use crate::domain::text::fold;
use crate::domain::time::Timestamp;

/// A vendor.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Vendor {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
    /// `rom`, `epd` or `own_application`.
    pub kind: String,
    /// Mail address.
    pub email: String,
    /// Contact person.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// Language code.
    pub language: String,
    /// When it passed its test run; 0 for never.
    #[sqlx(try_from = "i64")]
    pub tested_at: Timestamp,
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
    /// Version.
    pub version: i64,
}

/// Columns in the order of the struct.
pub const COLUMNS: &str = "id, name, kind, email, contact, phone, language, tested_at, created_at, changed_at, changed_by, \
    folded, version";

/// Adds a vendor; `Unique` when the name exists.
pub async fn insert(tx: &mut Tx, v: &Vendor) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO vendor (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([
            &v.id,
            &v.name,
            &v.kind,
            &v.email,
            &v.contact,
            &v.phone,
            &v.language,
        ])
        .push(", ")
        .args([v.tested_at, v.created_at, v.changed_at])
        .push(", ")
        .args([&v.changed_by, &v.folded])
        .push(", ")
        .arg(v.version)
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The vendor with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Vendor>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM vendor WHERE id = $1");
    tx.optional(query.bind(id)).await
}

/// The vendor with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Vendor>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM vendor WHERE id = $1")
        .push(lock);
    tx.optional(query.bind(id)).await
}

/// The vendor whose folded name this is, or whose id.
pub async fn find(tx: &mut Tx, name_or_id: &str) -> Result<Option<Vendor>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM vendor WHERE id = $1 OR folded = $2 ORDER BY created_at LIMIT 1");
    tx.optional(query.bind(name_or_id).bind(fold(name_or_id)))
        .await
}

/// Saves what people edit and when it passed; the caller has locked the row. `Unique` when the name exists.
pub async fn save(tx: &mut Tx, v: &Vendor) -> Result<(), StoreError> {
    let query = Query::new("UPDATE vendor SET version = version + 1")
        .set("name", &v.name)
        .set("kind", &v.kind)
        .set("email", &v.email)
        .set("contact", &v.contact)
        .set("phone", &v.phone)
        .set("language", &v.language)
        .set("tested_at", v.tested_at)
        .set("changed_at", v.changed_at)
        .set("changed_by", &v.changed_by)
        .set("folded", &v.folded)
        .push(" WHERE id = ")
        .arg(&v.id);
    tx.execute(query).await?;
    Ok(())
}

/// A specification that a vendor was sent.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Sent {
    /// Name and version of the specification.
    pub specification: String,
    /// When it was last sent.
    #[sqlx(try_from = "i64")]
    pub sent_at: Timestamp,
    /// By whom.
    pub sent_by: String,
}

/// The specifications that a vendor was sent, by name.
pub async fn specifications(tx: &mut Tx, vendor: &str) -> Result<Vec<Sent>, StoreError> {
    let sql = "SELECT specification, sent_at, sent_by FROM vendor_specification WHERE vendor_id = $1 ORDER BY specification";
    tx.all(Query::new(sql).bind(vendor)).await
}

/// Notes that a vendor was sent a specification, for the first time or again.
pub async fn note_sent(tx: &mut Tx, vendor: &str, sent: &Sent) -> Result<(), StoreError> {
    let sql = "INSERT INTO vendor_specification (vendor_id, specification, sent_at, sent_by) VALUES ($1, $2, $3, $4)
        ON CONFLICT (vendor_id, specification) DO UPDATE SET sent_at = excluded.sent_at, sent_by = excluded.sent_by";
    let query = Query::new(sql)
        .bind(vendor)
        .bind(&sent.specification)
        .bind(sent.sent_at)
        .bind(&sent.sent_by);
    tx.execute(query).await?;
    Ok(())
}
