//! The migrations of both databases, embedded under the same names. A name without its twin does not compile.

use super::db::{Db, Engine};
use super::error::StoreError;
use super::query::Query;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use std::borrow::Cow;

struct Pair {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! pair {
    ($version:literal, $name:literal) => {
        Pair {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }
    };
}

static PAIRS: &[Pair] = &[
    pair!(1, "0001_base"),
    pair!(2, "0002_deliveries"),
    pair!(3, "0003_extracts"),
    pair!(4, "0004_walls"),
    pair!(5, "0005_finds"),
];

/// The version that this program needs.
pub fn wanted() -> i64 {
    PAIRS.iter().map(|p| p.version).max().unwrap_or(0)
}

fn migrator(engine: Engine) -> Migrator {
    let migrations = PAIRS.iter().map(|p| {
        let sql = match engine {
            Engine::Sqlite => p.sqlite,
            Engine::Postgres => p.postgres,
        };
        Migration::new(
            p.version,
            Cow::Borrowed(p.name),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

/// Brings the schema up to date and gives the database its identifier. Safe to repeat.
pub async fn migrate(db: &Db) -> Result<(), StoreError> {
    db.migrate(&migrator(db.engine())).await?;
    let mut tx = db.append().await?;
    // Where the mark is there, nothing may even try to insert it: what refuses to replace it would refuse that too.
    let sql = "INSERT INTO meta (name, value) SELECT 'database_id', CAST($1 AS TEXT)
        WHERE NOT EXISTS (SELECT 1 FROM meta WHERE name = 'database_id') ON CONFLICT (name) DO NOTHING";
    tx.execute(Query::new(sql).bind(uuid::Uuid::now_v7().to_string()))
        .await?;
    tx.commit().await
}

/// The newest migration that was applied; 0 on an empty database.
pub async fn applied(db: &Db) -> Result<i64, StoreError> {
    let mut tx = db.read().await?;
    let sql = match db.engine() {
        Engine::Sqlite => "SELECT count(*) FROM sqlite_master WHERE name = '_sqlx_migrations'",
        Engine::Postgres => {
            "SELECT count(*) FROM information_schema.tables WHERE table_name = '_sqlx_migrations'"
        }
    };
    if tx.number(Query::new(sql)).await? == 0 {
        return Ok(0);
    }
    tx.number(Query::new(
        "SELECT COALESCE(max(version), 0) FROM _sqlx_migrations WHERE success",
    ))
    .await
}
