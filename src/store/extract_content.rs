//! What is in an extract: cells, holders, attacks, files, the submissions that counted; and who fetched it. Not where it stands.

use super::{Query, StoreError, Tx, Value};
use crate::domain::time::Timestamp;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Cell {
    /// Place in the extract, from 1.
    pub position: i64,
    /// Table.
    pub sheet: String,
    /// First code.
    pub code_1: String,
    /// Second code; empty when the table has none.
    pub code_2: String,
    /// Third code; empty when the table has none.
    pub code_3: String,
    /// Care paths or answers; stays inside when the cell is hidden.
    pub n: i64,
    /// Sums, whole numbers separated by commas; stay inside when the cell is hidden.
    pub sums: String,
    /// `s` published, `u` hidden for its own sake, `x` hidden for another.
    pub status: String,
    /// The rule that hid it; empty for none.
    pub rule: String,
}

/// A holder of the quality mark, or who delivered.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Holder {
    /// AGB code.
    pub agb: String,
    /// Name.
    pub name: String,
    /// 1 when it held the mark in the period.
    pub holds_mark: i64,
    /// Closed care paths that count.
    pub closed: i64,
    /// 1 when it is counted together with other small ones.
    pub pooled: i64,
    /// Why it is left out; empty when it is in.
    pub left_out: String,
}

/// What came of one attack.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Attack {
    /// Place, from 1.
    pub position: i64,
    /// Who attacks.
    pub attacker: String,
    /// How many cells.
    pub tried: i64,
    /// How many gave way.
    pub open: i64,
}

/// A file that leaves, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct File {
    /// Name.
    pub name: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// Somebody fetched a release.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Fetch {
    /// When it was written down.
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    /// Day on which it was fetched.
    pub fetched_on: String,
    /// By whom, as told.
    pub fetched_by: String,
    /// Who wrote it down.
    pub noted_by: String,
}

/// Rows of one statement: well below what a statement can bind.
const MANY: usize = 500;

const CELL: &str = "position, sheet, code_1, code_2, code_3, n, sums, status, rule";

/// Takes the content of a draft away.
pub async fn clear(tx: &mut Tx, extract: &str) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM extract_cell WHERE extract_id = $1",
        "DELETE FROM extract_holder WHERE extract_id = $1",
        "DELETE FROM extract_attack WHERE extract_id = $1",
        "DELETE FROM extract_find WHERE extract_id = $1",
        "DELETE FROM extract_file WHERE extract_id = $1",
        "DELETE FROM extract_submission WHERE extract_id = $1",
    ] {
        tx.execute(Query::new(sql).bind(extract)).await?;
    }
    Ok(())
}

/// Many rows in as few statements as can be.
pub(super) async fn insert_all(
    tx: &mut Tx,
    begin: &'static str,
    rows: impl Iterator<Item = Vec<Value>>,
) -> Result<(), StoreError> {
    let mut rows = rows.peekable();
    while rows.peek().is_some() {
        let mut query = Query::new(begin);
        for (i, row) in rows.by_ref().take(MANY).enumerate() {
            query = query.push(if i == 0 { "(" } else { ", (" }).args(row);
            query = query.push(")");
        }
        tx.execute(query).await?;
    }
    Ok(())
}

/// Adds cells to a draft.
pub async fn insert_cells(tx: &mut Tx, extract: &str, cells: &[Cell]) -> Result<(), StoreError> {
    let begin = "INSERT INTO extract_cell (extract_id, position, sheet, code_1, code_2, code_3, n, sums, status, rule) VALUES ";
    let row = |c: &Cell| {
        vec![
            Value::from(extract),
            Value::from(c.position),
            Value::from(&c.sheet),
            Value::from(&c.code_1),
            Value::from(&c.code_2),
            Value::from(&c.code_3),
            Value::from(c.n),
            Value::from(&c.sums),
            Value::from(&c.status),
            Value::from(&c.rule),
        ]
    };
    insert_all(tx, begin, cells.iter().map(row)).await
}

/// Adds holders to a draft.
pub async fn insert_holders(
    tx: &mut Tx,
    extract: &str,
    holders: &[Holder],
) -> Result<(), StoreError> {
    let begin = "INSERT INTO extract_holder (extract_id, agb, name, holds_mark, closed, pooled, left_out) VALUES ";
    let row = |h: &Holder| {
        vec![
            Value::from(extract),
            Value::from(&h.agb),
            Value::from(&h.name),
            Value::from(h.holds_mark),
            Value::from(h.closed),
            Value::from(h.pooled),
            Value::from(&h.left_out),
        ]
    };
    insert_all(tx, begin, holders.iter().map(row)).await
}

/// Adds what attacks found to a draft.
pub async fn insert_attacks(
    tx: &mut Tx,
    extract: &str,
    attacks: &[Attack],
) -> Result<(), StoreError> {
    let begin = "INSERT INTO extract_attack (extract_id, position, attacker, tried, open) VALUES ";
    let row = |a: &Attack| {
        vec![
            Value::from(extract),
            Value::from(a.position),
            Value::from(&a.attacker),
            Value::from(a.tried),
            Value::from(a.open),
        ]
    };
    insert_all(tx, begin, attacks.iter().map(row)).await
}

/// Adds the submissions that counted, by id and hash, to a draft.
pub async fn insert_submissions(
    tx: &mut Tx,
    extract: &str,
    submissions: &[(String, String)],
) -> Result<(), StoreError> {
    let begin = "INSERT INTO extract_submission (extract_id, submission_id, sha256) VALUES ";
    let row = |(id, sha256): &(String, String)| {
        vec![Value::from(extract), Value::from(id), Value::from(sha256)]
    };
    insert_all(tx, begin, submissions.iter().map(row)).await
}

/// Adds a file to a draft.
pub async fn insert_file(
    tx: &mut Tx,
    extract: &str,
    file: &File,
    content: Vec<u8>,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO extract_file (extract_id, name, bytes, sha256, content) VALUES ($1, $2, $3, $4, $5)";
    let query = Query::new(sql).bind(extract).bind(&file.name);
    let query = query.bind(file.bytes).bind(&file.sha256).bind(content);
    tx.execute(query).await?;
    Ok(())
}

/// All cells, in their order.
pub async fn cells(tx: &mut Tx, extract: &str) -> Result<Vec<Cell>, StoreError> {
    let query = Query::new("SELECT ")
        .push(CELL)
        .push(" FROM extract_cell WHERE extract_id = $1 ORDER BY position")
        .bind(extract);
    tx.all(query).await
}

/// The cells of one table, in their order.
pub async fn cells_of(tx: &mut Tx, extract: &str, sheet: &str) -> Result<Vec<Cell>, StoreError> {
    let query = Query::new("SELECT ")
        .push(CELL)
        .push(" FROM extract_cell WHERE extract_id = $1 AND sheet = $2 ORDER BY position")
        .bind(extract)
        .bind(sheet);
    tx.all(query).await
}

/// One cell by its table and codes.
pub async fn cell(
    tx: &mut Tx,
    extract: &str,
    sheet: &str,
    codes: [&str; 3],
) -> Result<Option<Cell>, StoreError> {
    let query = Query::new("SELECT ")
        .push(CELL)
        .push(
            " FROM extract_cell WHERE extract_id = $1 AND sheet = $2 AND code_1 = $3 AND code_2 = $4 AND code_3 = $5",
        )
        .bind(extract)
        .bind(sheet);
    let [a, b, c] = codes;
    tx.optional(query.bind(a).bind(b).bind(c)).await
}

/// How many cells of each table and how many of them are hidden.
pub async fn counts(tx: &mut Tx, extract: &str) -> Result<Vec<(String, i64, i64)>, StoreError> {
    let sql = "SELECT sheet, count(*), CAST(sum(CASE status WHEN 's' THEN 0 ELSE 1 END) AS BIGINT)
        FROM extract_cell WHERE extract_id = $1 GROUP BY sheet ORDER BY min(position)";
    tx.all(Query::new(sql).bind(extract)).await
}

/// The holders, by AGB code.
pub async fn holders(tx: &mut Tx, extract: &str) -> Result<Vec<Holder>, StoreError> {
    let sql = "SELECT agb, name, holds_mark, closed, pooled, left_out FROM extract_holder
        WHERE extract_id = $1 ORDER BY agb";
    tx.all(Query::new(sql).bind(extract)).await
}

/// What attacks found.
pub async fn attacks(tx: &mut Tx, extract: &str) -> Result<Vec<Attack>, StoreError> {
    let sql = "SELECT position, attacker, tried, open FROM extract_attack WHERE extract_id = $1 ORDER BY position";
    tx.all(Query::new(sql).bind(extract)).await
}

/// The files, by name.
pub async fn files(tx: &mut Tx, extract: &str) -> Result<Vec<File>, StoreError> {
    let sql = "SELECT name, bytes, sha256 FROM extract_file WHERE extract_id = $1 ORDER BY name";
    tx.all(Query::new(sql).bind(extract)).await
}

/// The bytes of a file.
pub async fn content(
    tx: &mut Tx,
    extract: &str,
    name: &str,
) -> Result<Option<(Vec<u8>,)>, StoreError> {
    let sql = "SELECT content FROM extract_file WHERE extract_id = $1 AND name = $2";
    tx.optional(Query::new(sql).bind(extract).bind(name)).await
}

/// The submissions that counted, by id: id and hash.
pub async fn submissions(tx: &mut Tx, extract: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT submission_id, sha256 FROM extract_submission WHERE extract_id = $1 ORDER BY submission_id";
    tx.all(Query::new(sql).bind(extract)).await
}

/// Notes that a release was fetched.
pub async fn insert_fetch(
    tx: &mut Tx,
    id: &str,
    extract: &str,
    fetch: &Fetch,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO extract_fetch (id, extract_id, at, fetched_on, fetched_by, noted_by) VALUES ($1, $2, $3, $4, $5, $6)";
    let query = Query::new(sql).bind(id).bind(extract).bind(fetch.at);
    let query = query.bind(&fetch.fetched_on).bind(&fetch.fetched_by);
    tx.execute(query.bind(&fetch.noted_by)).await?;
    Ok(())
}

/// Who fetched it, oldest first.
pub async fn fetches(tx: &mut Tx, extract: &str) -> Result<Vec<Fetch>, StoreError> {
    let sql = "SELECT at, fetched_on, fetched_by, noted_by FROM extract_fetch WHERE extract_id = $1 ORDER BY at, id";
    tx.all(Query::new(sql).bind(extract)).await
}
