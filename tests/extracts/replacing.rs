//! SQLite puts a row in the place of another without telling its triggers that the other goes: by its key, or by the number that
//! every row has besides. Nothing that stays can be replaced so.

use super::stage::{cast, define, draft, fill};
use crate::support::db::{World, each};
use portaal_console::domain::action::Act;
use portaal_console::store::{Engine, Query, StoreError, Tx};

/// What is tried, after what is allowed. `ID` is a release, `OTHER` a draft, `{table}` in brackets all columns of a table.
const REPLACED: &[(&[&str], &str)] = &[
    (
        &[
            "CREATE TEMP TABLE t AS SELECT * FROM extract WHERE id = 'OTHER'",
            "UPDATE t SET id = 'ID'",
        ],
        "INSERT OR REPLACE INTO extract SELECT * FROM t",
    ),
    (
        &[
            "CREATE TEMP TABLE t AS SELECT * FROM extract WHERE id = 'OTHER'",
            "UPDATE t SET id = 'more'",
        ],
        "INSERT OR REPLACE INTO extract (rowid, {extract}) SELECT (SELECT rowid FROM extract WHERE id = 'ID'), {extract} FROM t",
    ),
    (
        &[],
        "UPDATE OR REPLACE extract SET rowid = (SELECT rowid FROM extract WHERE id = 'ID') WHERE id = 'OTHER'",
    ),
    (
        &["CREATE TEMP TABLE t AS SELECT * FROM extract_cell WHERE position = 1"],
        "INSERT OR REPLACE INTO extract_cell (rowid, {extract_cell}) SELECT (SELECT min(rowid) FROM extract_cell), \
            'OTHER', position, sheet, code_1, code_2, code_3, n, sums, status, rule FROM t",
    ),
    (
        &[
            "INSERT INTO extract_cell SELECT 'OTHER', position, sheet, code_1, code_2, code_3, n, sums, status, rule \
            FROM extract_cell WHERE extract_id = 'ID' AND position = 1",
        ],
        "UPDATE OR REPLACE extract_cell SET rowid = (SELECT min(rowid) FROM extract_cell) WHERE extract_id = 'OTHER'",
    ),
    (
        &[],
        "INSERT OR REPLACE INTO extract_file (rowid, {extract_file}) SELECT rowid, 'OTHER', name, bytes, sha256, content \
            FROM extract_file",
    ),
    (
        &[
            "INSERT INTO extract_file SELECT 'OTHER', name, bytes, sha256, content FROM extract_file",
        ],
        "UPDATE OR REPLACE extract_file SET rowid = (SELECT min(rowid) FROM extract_file) WHERE extract_id = 'OTHER'",
    ),
    (
        &[],
        "INSERT OR REPLACE INTO extract_fetch SELECT id, extract_id, at, fetched_on, 'nobody', noted_by FROM extract_fetch",
    ),
    (
        &[],
        "INSERT OR REPLACE INTO extract_fetch (rowid, {extract_fetch}) SELECT rowid, 'more', extract_id, at, fetched_on, \
            'nobody', noted_by FROM extract_fetch",
    ),
    (
        &[],
        "INSERT OR REPLACE INTO audit_head VALUES (1, 0, '', 0)",
    ),
    (
        &[
            "CREATE TEMP TABLE t AS SELECT * FROM audit WHERE sequence = 1",
            "UPDATE t SET sequence = (SELECT sequence + 1 FROM audit_head), previous = (SELECT hash FROM audit_head)",
        ],
        "INSERT OR REPLACE INTO audit (rowid, {audit}) SELECT (SELECT rowid FROM audit WHERE sequence = 1), {audit} FROM t",
    ),
    (
        &[],
        "INSERT OR REPLACE INTO meta VALUES ('database_id', 'other')",
    ),
    (
        &[],
        "INSERT OR REPLACE INTO meta (rowid, name, value) SELECT rowid, 'other', 'x' FROM meta WHERE name = 'database_id'",
    ),
    (
        &["INSERT INTO meta VALUES ('other', 'x')"],
        "UPDATE OR REPLACE meta SET rowid = (SELECT rowid FROM meta WHERE name = 'database_id') WHERE name = 'other'",
    ),
    (
        &["INSERT INTO meta VALUES ('other', 'x')"],
        "UPDATE OR REPLACE meta SET name = 'database_id' WHERE name = 'other'",
    ),
];

/// Fills in ids and columns.
async fn filled(tx: &mut Tx, sql: &str, ids: [&str; 2]) -> &'static str {
    let mut sql = sql.replace("'ID'", &format!("'{}'", ids[0]));
    sql = sql.replace("'OTHER'", &format!("'{}'", ids[1]));
    for table in [
        "extract",
        "extract_cell",
        "extract_file",
        "extract_fetch",
        "audit",
    ] {
        let names = Query::new("SELECT group_concat(name) FROM pragma_table_info(").arg(table);
        let names: Option<(String,)> = tx.optional(names.push(")")).await.expect("columns");
        sql = sql.replace(&format!("{{{table}}}"), &names.expect("columns").0);
    }
    sql.leak()
}

async fn tried(world: &World, (before, sql): (&[&str], &str), ids: [&str; 2]) {
    let mut tx = world.services.db.write().await.expect("transaction");
    for sql in before {
        let sql = filled(&mut tx, sql, ids).await;
        tx.execute(Query::new(sql)).await.expect(sql);
    }
    let sql = filled(&mut tx, sql, ids).await;
    let done = tx.execute(Query::new(sql)).await;
    tx.rollback().await.expect("rollback");
    assert!(
        matches!(done, Err(StoreError::Refused(_))),
        "{sql}: {done:?}"
    );
}

#[test]
fn nothing_that_stays_can_be_replaced() {
    each(async |world| {
        if world.engine == Engine::Postgres {
            return;
        }
        let cast = cast(&world).await;
        let id = draft(&cast.anna).await;
        fill(&world, &id, "a").await;
        cast.anna.does(Act::ExtractRequest, &id).await;
        cast.bram.does(Act::ExtractApprove, &id).await;
        cast.bram.does(Act::ExtractRelease, &id).await;
        let by = cast.anna.act(Act::ExtractFetched, &id, &[("by", "K. Ibg")]);
        by.await.expect("fetched");
        let other = define(&cast.anna, "2024").await;
        for (before, sql) in REPLACED {
            tried(&world, (before, sql), [&id, &other]).await;
        }
    });
}
