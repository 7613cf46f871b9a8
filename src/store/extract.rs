//! Extracts: what each is of, where it stands, who asked, who approved, and what became of it. Its content is in `extract_content`.

use super::{Query, StoreError, Tx};
use crate::domain::time::Timestamp;

/// An extract, without its documents.
#[derive(Debug, Clone, PartialEq, Eq, Default, sqlx::FromRow)]
pub struct Extract {
    /// Identifier.
    pub id: String,
    /// Name of the definition.
    pub definition: String,
    /// Its version.
    pub definition_version: i64,
    /// Its text, as it was when the extract was defined.
    pub definition_text: String,
    /// Period: `2026` or `2026-H1`.
    pub period: String,
    /// State code.
    pub state: String,
    /// Since when.
    #[sqlx(try_from = "i64")]
    pub state_at: Timestamp,
    /// Request of the build that is wanted; empty when none is.
    pub building: String,
    /// Stage of the build that runs.
    pub stage: String,
    /// How far in it.
    pub stage_done: i64,
    /// Of how much.
    pub stage_total: i64,
    /// Why the last build gave nothing; a code.
    pub build_error: String,
    /// When built; 0 for not.
    #[sqlx(try_from = "i64")]
    pub built_at: Timestamp,
    /// Who asked for the build.
    pub built_by: String,
    /// Version of the program that built it.
    pub code_version: String,
    /// SHA-256 over everything that leaves; empty for a draft.
    pub digest: String,
    /// SHA-256 of the internal manifest.
    pub manifest_digest: String,
    /// What our own attacks found; empty for a draft.
    pub verdict: String,
    /// Cells.
    pub cell_count: i64,
    /// Hidden cells.
    pub hidden_count: i64,
    /// Smallest published count; 0 when nothing is published.
    pub smallest: i64,
    /// Holders that are in.
    pub holders_in: i64,
    /// Holders that are not.
    pub holders_out: i64,
    /// Rows that wait for the next period.
    pub waiting: i64,
    /// Operator who asked for the release; empty for none.
    pub requested_by: String,
    /// Login of that operator.
    pub requested_login: String,
    /// When; 0 for not.
    #[sqlx(try_from = "i64")]
    pub requested_at: Timestamp,
    /// The digest that was asked for.
    pub requested_digest: String,
    /// Why.
    pub request_reason: String,
    /// Operator who approved; empty for none.
    pub approved_by: String,
    /// Login of that operator.
    pub approved_login: String,
    /// When; 0 for not.
    #[sqlx(try_from = "i64")]
    pub approved_at: Timestamp,
    /// The digest that was approved.
    pub approved_digest: String,
    /// Why.
    pub approve_reason: String,
    /// Operator who released it; empty for none.
    pub released_by: String,
    /// Login of that operator.
    pub released_login: String,
    /// When; 0 for not.
    #[sqlx(try_from = "i64")]
    pub released_at: Timestamp,
    /// Operator who recalled it; empty for none.
    pub recalled_by: String,
    /// When; 0 for not.
    #[sqlx(try_from = "i64")]
    pub recalled_at: Timestamp,
    /// Why.
    pub recall_reason: String,
    /// When its files were written to the outgoing directory; 0 for not (yet).
    #[sqlx(try_from = "i64")]
    pub written_at: Timestamp,
    /// Name of the directory beneath it.
    pub directory: String,
    /// How often it was fetched, as far as known.
    pub fetches: i64,
    /// When last; 0 for never.
    #[sqlx(try_from = "i64")]
    pub fetched_at: Timestamp,
    /// When defined.
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
const COLUMNS: &str = "id, definition, definition_version, definition_text, period, state, state_at, building, stage, \
    stage_done, stage_total, build_error, built_at, built_by, code_version, digest, manifest_digest, verdict, cell_count, \
    hidden_count, smallest, holders_in, holders_out, waiting, requested_by, requested_login, requested_at, \
    requested_digest, request_reason, approved_by, approved_login, approved_at, approved_digest, approve_reason, \
    released_by, released_login, released_at, recalled_by, recalled_at, recall_reason, written_at, directory, fetches, \
    fetched_at, created_at, changed_at, changed_by, folded, version";

/// Adds a draft: what it is of, and by whom; everything else is still to come.
pub async fn insert(tx: &mut Tx, e: &Extract) -> Result<(), StoreError> {
    let sql = "INSERT INTO extract (id, definition, definition_version, definition_text, period, state, state_at, created_at,
        changed_at, changed_by, folded, version, building, stage, stage_done, stage_total, build_error, built_at, built_by,
        code_version, digest, manifest, manifest_digest, certificate, verdict, cell_count, hidden_count, smallest, holders_in,
        holders_out, waiting, requested_by, requested_login, requested_at, requested_digest, request_reason, approved_by,
        approved_login, approved_at, approved_digest, approve_reason, released_by, released_login, released_at, recalled_by,
        recalled_at, recall_reason, written_at, directory, fetches, fetched_at)
        VALUES ($1, $2, $3, $4, $5, 'draft', $6, $6, $6, $7, $8, 1, '', '', 0, 0, '', 0, '', '', '', '', '', '', '', 0, 0, 0, 0,
        0, 0, '', '', 0, '', '', '', '', 0, '', '', '', '', 0, '', 0, '', 0, '', 0, 0)";
    let query = Query::new(sql)
        .bind(&e.id)
        .bind(&e.definition)
        .bind(e.definition_version)
        .bind(&e.definition_text)
        .bind(&e.period)
        .bind(e.created_at)
        .bind(&e.changed_by)
        .bind(&e.folded);
    tx.execute(query).await?;
    Ok(())
}

/// The extract with an id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Extract>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM extract WHERE id = $1")
        .bind(id);
    tx.optional(query).await
}

/// The extract with an id, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: &str) -> Result<Option<Extract>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM extract WHERE id = $1")
        .push(lock)
        .bind(id);
    tx.optional(query).await
}

/// Where it stands, its build, and who asked and approved: what every change of it may touch.
fn standing(e: &Extract) -> Query {
    Query::new("UPDATE extract SET version = version + 1")
        .set("state", &e.state)
        .set("state_at", e.state_at)
        .set("building", &e.building)
        .set("stage", &e.stage)
        .set("stage_done", e.stage_done)
        .set("stage_total", e.stage_total)
        .set("build_error", &e.build_error)
        .set("requested_by", &e.requested_by)
        .set("requested_login", &e.requested_login)
        .set("requested_at", e.requested_at)
        .set("requested_digest", &e.requested_digest)
        .set("request_reason", &e.request_reason)
        .set("approved_by", &e.approved_by)
        .set("approved_login", &e.approved_login)
        .set("approved_at", e.approved_at)
        .set("approved_digest", &e.approved_digest)
        .set("approve_reason", &e.approve_reason)
        .set("changed_at", e.changed_at)
        .set("changed_by", &e.changed_by)
}

/// Saves where it stands and who did what; the caller has locked the row.
pub async fn save(tx: &mut Tx, e: &Extract) -> Result<(), StoreError> {
    let query = standing(e)
        .set("released_by", &e.released_by)
        .set("released_login", &e.released_login)
        .set("released_at", e.released_at)
        .set("recalled_by", &e.recalled_by)
        .set("recalled_at", e.recalled_at)
        .set("recall_reason", &e.recall_reason)
        .set("written_at", e.written_at)
        .set("directory", &e.directory)
        .set("fetches", e.fetches)
        .set("fetched_at", e.fetched_at)
        .push(" WHERE id = ")
        .arg(&e.id);
    tx.execute(query).await?;
    Ok(())
}

/// The documents of a build that stay inside.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inside<'a> {
    /// Internal manifest, JSON.
    pub manifest: &'a str,
    /// The proof that no hidden cell can be worked out, JSON.
    pub certificate: &'a str,
}

/// Saves a draft that was built, or a build that became a draft again; the caller has locked the row.
pub async fn save_built(tx: &mut Tx, e: &Extract, inside: Inside<'_>) -> Result<(), StoreError> {
    let query = standing(e)
        .set("built_at", e.built_at)
        .set("built_by", &e.built_by)
        .set("code_version", &e.code_version)
        .set("digest", &e.digest)
        .set("manifest", inside.manifest)
        .set("manifest_digest", &e.manifest_digest)
        .set("certificate", inside.certificate)
        .set("verdict", &e.verdict)
        .set("cell_count", e.cell_count)
        .set("hidden_count", e.hidden_count)
        .set("smallest", e.smallest)
        .set("holders_in", e.holders_in)
        .set("holders_out", e.holders_out)
        .set("waiting", e.waiting)
        .push(" WHERE id = ")
        .arg(&e.id);
    tx.execute(query).await?;
    Ok(())
}

/// Notes how far a build is; false when it is not wanted any more.
pub async fn progress(
    tx: &mut Tx,
    id: &str,
    building: &str,
    (stage, done, total): (&str, i64, i64),
) -> Result<bool, StoreError> {
    let sql = "UPDATE extract SET stage = $3, stage_done = $4, stage_total = $5
        WHERE id = $1 AND building = $2 AND building <> ''";
    let query = Query::new(sql).bind(id).bind(building);
    let query = query.bind(stage).bind(done).bind(total);
    Ok(tx.execute(query).await? == 1)
}

/// Internal manifest and certificate.
pub async fn inside(tx: &mut Tx, id: &str) -> Result<Option<(String, String)>, StoreError> {
    let sql = "SELECT manifest, certificate FROM extract WHERE id = $1";
    tx.optional(Query::new(sql).bind(id)).await
}

/// Extracts that wait for an answer and name an operator as the one who asked or approved, locked, in the order of their ids.
pub async fn lock_of(tx: &mut Tx, operator: &str) -> Result<Vec<Extract>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM extract WHERE state IN ('requested', 'approved') AND (requested_by = $1 OR approved_by = $1) ORDER BY id")
        .push(lock)
        .bind(operator);
    tx.all(query).await
}

/// Everything that is built and did not leave, locked, in the order of their ids.
pub async fn lock_built(tx: &mut Tx) -> Result<Vec<Extract>, StoreError> {
    let lock = tx.for_update();
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM extract WHERE state IN ('built', 'requested', 'approved') ORDER BY id")
        .push(lock);
    tx.all(query).await
}

/// Everything that ever left, oldest first: what a receiver may have kept, recalled or not.
pub async fn left(tx: &mut Tx) -> Result<Vec<Extract>, StoreError> {
    let query = Query::new("SELECT ")
        .push(COLUMNS)
        .push(" FROM extract WHERE state IN ('released', 'recalled') ORDER BY released_at, id");
    tx.all(query).await
}

/// The text that a name and version of a definition stands for; none while no extract has it.
pub async fn definition_of(
    tx: &mut Tx,
    name: &str,
    version: i64,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT definition_text FROM extract WHERE definition = $1 AND definition_version = $2 ORDER BY id LIMIT 1";
    let row: Option<(String,)> = tx
        .optional(Query::new(sql).bind(name).bind(version))
        .await?;
    Ok(row.map(|r| r.0))
}

/// The login under which this session came to the database; none where a database knows no logins.
pub async fn database_login(tx: &mut Tx) -> Result<Option<String>, StoreError> {
    match tx.engine() {
        super::Engine::Sqlite => Ok(None),
        super::Engine::Postgres => {
            let sql = "SELECT CAST(session_user AS TEXT)";
            let row: Option<(String,)> = tx.optional(Query::new(sql)).await?;
            Ok(row.map(|r| r.0))
        }
    }
}
