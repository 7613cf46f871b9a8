//! Organisations and their quality marks.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Organisation {
    /// Identifier.
    pub id: String,
    /// AGB code, 8 digits.
    pub agb: String,
    /// Name.
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
pub const COLUMNS: &str = "id, agb, name, kvk, street, postcode, city, email, phone, contact, language, state, \
    state_at, state_reason, created_at, changed_at, changed_by, folded, version";

/// Adds a row; `Unique` when the AGB exists.
pub async fn insert(tx: &mut Tx, o: &Organisation) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO organisation (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([
            &o.id,
            &o.agb,
            &o.name,
            &o.kvk,
            &o.street,
            &o.postcode,
            &o.city,
            &o.email,
            &o.phone,
            &o.contact,
        ])
        .push(", ")
        .args([&o.language, &o.state])
        .push(", ")
        .arg(o.state_at)
        .push(", ")
        .arg(&o.state_reason)
        .push(", ")
        .args([o.created_at, o.changed_at])
        .push(", ")
        .args([&o.changed_by, &o.folded])
        .push(", ")
        .arg(o.version)
        .push(")");
    tx.execute(query).await?;
    Ok(())
}

/// The organisation with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Organisation>, StoreError> {
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM organisation WHERE id = $1")
            .bind(id),
    )
    .await
}

/// The organisation with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Organisation>, StoreError> {
    let lock = tx.for_update();
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM organisation WHERE id = $1")
            .push(lock)
            .bind(id),
    )
    .await
}

/// The organisation with an AGB code.
pub async fn by_agb(tx: &mut Tx, agb: &str) -> Result<Option<Organisation>, StoreError> {
    tx.optional(
        Query::new("SELECT ")
            .push(COLUMNS)
            .push(" FROM organisation WHERE agb = $1")
            .bind(agb),
    )
    .await
}

/// Identifiers of all organisations in a state, oldest first.
pub async fn ids_in(tx: &mut Tx, state: &str) -> Result<Vec<(String,)>, StoreError> {
    tx.all(
        Query::new("SELECT id FROM organisation WHERE state = $1 ORDER BY created_at, id")
            .bind(state),
    )
    .await
}

/// Saves what people edit and the state; the caller has locked the row.
pub async fn save(tx: &mut Tx, o: &Organisation) -> Result<(), StoreError> {
    let query = Query::new("UPDATE organisation SET version = version + 1")
        .set("name", &o.name)
        .set("kvk", &o.kvk)
        .set("street", &o.street)
        .set("postcode", &o.postcode)
        .set("city", &o.city)
        .set("email", &o.email)
        .set("phone", &o.phone)
        .set("contact", &o.contact)
        .set("language", &o.language)
        .set("state", &o.state)
        .set("state_at", o.state_at)
        .set("state_reason", &o.state_reason)
        .set("changed_at", o.changed_at)
        .set("changed_by", &o.changed_by)
        .set("folded", &o.folded)
        .push(" WHERE id = ")
        .arg(&o.id);
    tx.execute(query).await?;
    Ok(())
}

/// Adds or prolongs a quality mark; gives whether anything changed.
pub async fn put_mark(
    tx: &mut Tx,
    organisation: &str,
    kind: &str,
    from: &str,
    until: &str,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO quality_mark (id, organisation_id, kind, valid_from, valid_until) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (organisation_id, kind, valid_from) DO UPDATE SET valid_until = excluded.valid_until
        WHERE quality_mark.valid_until <> excluded.valid_until";
    let id = uuid::Uuid::now_v7().to_string();
    let query = Query::new(sql)
        .bind(id)
        .bind(organisation)
        .bind(kind)
        .bind(from)
        .bind(until);
    Ok(tx.execute(query).await? > 0)
}

/// Quality marks of an organisation: kind, valid from, valid until.
pub async fn marks(
    tx: &mut Tx,
    organisation: &str,
) -> Result<Vec<(String, String, String)>, StoreError> {
    let sql = "SELECT kind, valid_from, valid_until FROM quality_mark WHERE organisation_id = $1 ORDER BY valid_from";
    tx.all(Query::new(sql).bind(organisation)).await
}
