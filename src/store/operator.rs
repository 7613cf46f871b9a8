//! Members of staff and their OS logins.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Operator {
    /// Identifier.
    pub id: String,
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
    /// For search.
    pub folded: String,
    /// Version.
    pub version: i64,
}

const COLUMNS: &str =
    "id, login, name, roles, language, state, created_at, changed_at, changed_by, folded, version";

/// Adds a row.
pub async fn insert(tx: &mut Tx, o: &Operator) -> Result<(), StoreError> {
    let query = Query::new("INSERT INTO operator (")
        .push(COLUMNS)
        .push(") VALUES (")
        .args([&o.id, &o.login, &o.name, &o.roles, &o.language, &o.state])
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

/// The operator with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Operator>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM operator WHERE id = $1")
        .push(tx.for_update())
        .bind(id);
    tx.optional(query).await
}

/// The operator with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Operator>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM operator WHERE id = $1")
        .bind(id);
    tx.optional(query).await
}

/// The operator with a login.
pub async fn by_login(tx: &mut Tx, login: &str) -> Result<Option<Operator>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM operator WHERE login = $1")
        .bind(login);
    tx.optional(query).await
}

/// Operators who may act, locked until the transaction ends.
pub async fn lock_active(tx: &mut Tx) -> Result<Vec<Operator>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM operator WHERE state = 'active' ORDER BY login")
        .push(lock);
    tx.all(query).await
}

/// How many operators there ever were.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.number(Query::new("SELECT count(*) FROM operator")).await
}

/// Saves the fields that people edit; the caller has locked the row.
pub async fn save(tx: &mut Tx, o: &Operator) -> Result<(), StoreError> {
    let sql = "UPDATE operator SET name = $2, roles = $3, language = $4, state = $5, changed_at = $6, changed_by = $7, \
        folded = $8, version = version + 1 WHERE id = $1";
    let query = Query::new(sql)
        .bind(&o.id)
        .bind(&o.name)
        .bind(&o.roles)
        .bind(&o.language)
        .bind(&o.state)
        .bind(o.changed_at)
        .bind(&o.changed_by)
        .bind(&o.folded);
    tx.execute(query).await?;
    Ok(())
}
