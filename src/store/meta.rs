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

/// Marks a new database as a demo; refused by the database once there are operators.
pub async fn mark_demo(tx: &mut Tx) -> Result<(), StoreError> {
    tx.execute(Query::new(
        "INSERT INTO meta (name, value) VALUES ('demo', 'yes')",
    ))
    .await?;
    Ok(())
}
