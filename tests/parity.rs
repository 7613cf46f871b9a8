//! After migration both databases hold the same tables with the same columns, of twin types and equally nullable.

use crate::support::db::each;
use portaal_console::store::{Engine, Query, Tx};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// Table and column with type and whether it may be empty.
type Columns = BTreeMap<(String, String), (String, bool)>;

async fn columns(tx: &mut Tx) -> Columns {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "SELECT m.name, c.name, lower(c.type), CAST(c.\"notnull\" OR c.pk > 0 AS INTEGER) \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c ON TRUE \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT), \
             CAST(CASE is_nullable WHEN 'NO' THEN 1 ELSE 0 END AS BIGINT) \
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let rows: Vec<(String, String, String, i64)> = tx.all(Query::new(sql)).await.expect("columns");
    rows.into_iter()
        .filter(|(table, ..)| table != "_sqlx_migrations")
        .map(|(table, column, kind, filled)| ((table, column), (twin(&kind), filled == 0)))
        .collect()
}

/// One name for the types that stand for each other.
fn twin(kind: &str) -> String {
    match kind {
        "blob" => "bytea",
        other => other,
    }
    .to_owned()
}

#[test]
fn both_databases_have_the_same_tables_and_columns() {
    let found = Mutex::new(Vec::new());
    each(|world| {
        let found = &found;
        async move {
            let mut tx = world.services.db.read().await.expect("transaction");
            let columns = columns(&mut tx).await;
            tx.rollback().await.expect("rollback");
            found.lock().expect("found").push(columns);
        }
    });
    let found = found.into_inner().expect("found");
    let [sqlite, postgres] = found.as_slice() else {
        unreachable!("two databases")
    };
    assert!(sqlite.len() > 100, "columns were not found: {sqlite:?}");
    assert_eq!(sqlite, postgres);
}
