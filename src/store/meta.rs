//! Marks of the database itself: its identifier, and whether it is a demo. Both can never change.

use super::{Query, StoreError, Tx};

/// What a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its identifier; part of every audit hash.
    pub id: String,
    /// Whether `portaal demo` made it.
    pub demo: bool,
}

/// Reads the marks.
pub async fn read(tx: &mut Tx) -> Result<Mark, StoreError> {
    let rows: Vec<(String, String)> = tx.all(Query::new("SELECT name, value FROM meta")).await?;
    let value = |name: &str| rows.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
    let id = value("database_id").ok_or_else(|| StoreError::Schema("meta".to_owned()))?;
    Ok(Mark {
        id,
        demo: value("demo").is_some(),
    })
}

/// The value of a name, when it has one.
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT value FROM meta WHERE name = $1";
    let row: Option<(String,)> = tx.optional(Query::new(sql).bind(name)).await?;
    Ok(row.map(|r| r.0))
}

/// Sets the value of a name; the marks that never change refuse it.
pub async fn put(tx: &mut Tx, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    tx.execute(Query::new(sql).bind(name).bind(value)).await?;
    Ok(())
}

/// Marks a new database as a demo; refused by the database once there are operators.
pub async fn mark_demo(tx: &mut Tx) -> Result<(), StoreError> {
    tx.execute(Query::new(
        "INSERT INTO meta (name, value) VALUES ('demo', 'yes')",
    ))
    .await?;
    Ok(())
}
