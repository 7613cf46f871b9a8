//! A database of before extracts, with jobs and attempts in it, comes along whole; one of before the walls gets them.

use crate::onboarding::number;
use crate::support::db::{World, each};
use portaal_console::store::{Engine, Query, schema};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqlSafeStr, SqliteConnection};
use std::borrow::Cow;

/// The migrations, as they were applied.
const NAMES: &[&str] = &["0001_base", "0002_deliveries", "0003_extracts"];

/// The first of them.
fn before(engine: Engine, count: usize) -> Migrator {
    let one = |(i, name): (usize, &&'static str)| {
        let directory = match engine {
            Engine::Sqlite => "sqlite",
            Engine::Postgres => "postgres",
        };
        let path = format!(
            "{}/migrations/{directory}/{name}.sql",
            env!("CARGO_MANIFEST_DIR")
        );
        let sql = std::fs::read_to_string(path).expect("migration");
        Migration::new(
            i64::try_from(i + 1).expect("small"),
            Cow::Borrowed(*name),
            MigrationType::Simple,
            AssertSqlSafe(sql).into_sql_str(),
            false,
        )
    };
    let first = NAMES.iter().enumerate().take(count);
    Migrator::with_migrations(first.map(one).collect())
}

/// Takes a world's database back to what it was before.
async fn go_back(world: &World, count: usize) {
    match world.engine {
        Engine::Sqlite => {
            let path = world.state.path().join("portaal.db");
            world.services.db.close().await;
            for end in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{end}", path.display()));
            }
            let url = format!("sqlite:{}?mode=rwc", path.display());
            let mut own = SqliteConnection::connect(&url).await.expect("file");
            before(world.engine, count)
                .run(&mut own)
                .await
                .expect("migrated");
            own.close().await.expect("closed");
        }
        Engine::Postgres => {
            let mut own = PgConnection::connect(world.url()).await.expect("server");
            for sql in ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"] {
                sqlx::query(sql).execute(&mut own).await.expect(sql);
            }
            before(world.engine, count)
                .run(&mut own)
                .await
                .expect("migrated");
        }
    }
}

#[test]
fn jobs_of_before_come_along_with_their_attempts() {
    each(async |world| {
        go_back(&world, 2).await;
        fill(&world).await;
        let new = World::at(world.url()).await;
        let applied = schema::applied(&new.services.db).await;
        assert_eq!(applied.expect("version"), schema::wanted());
        for (sql, expected) in [
            (
                "SELECT count(*) FROM job WHERE kind = 'mail' AND lane = 'l'",
                3,
            ),
            (
                "SELECT count(*) FROM job_attempt a JOIN job j ON j.id = a.job_id",
                6,
            ),
        ] {
            assert_eq!(number(&new, sql).await, expected, "{sql}");
        }
        let mut tx = new.services.db.write().await.expect("transaction");
        let orphan = "INSERT INTO job_attempt (job_id, attempt, worker, started_at, ended_at, outcome, detail) \
            VALUES ('nobody', 1, 'w', 1, 2, 'done', '')";
        assert!(tx.execute(Query::new(orphan)).await.is_err());
        tx.rollback().await.expect("rollback");
        let mut tx = new.services.db.write().await.expect("transaction");
        let twice = "INSERT INTO job (id, kind, subject, state, state_at, run_at, attempt, failures, rescues, worker, \
            lease_until, created_at, error, request) VALUES ('x', 'mail', '1', 'available', 1, 1, 0, 0, 0, '', 0, 1, '', '')";
        assert!(
            tx.execute(Query::new(twice)).await.is_err(),
            "one open job each"
        );
        tx.rollback().await.expect("rollback");
        new.services.db.close().await;
    });
}

#[test]
fn a_database_of_before_the_walls_gets_them() {
    each(async |world| {
        go_back(&world, 3).await;
        let new = World::at(world.url()).await;
        let applied = schema::applied(&new.services.db).await;
        assert_eq!(applied.expect("version"), schema::wanted());
        // Once more, as every start does: the mark that is there is neither replaced nor in the way.
        schema::migrate(&new.services.db).await.expect("again");
        if new.engine == Engine::Postgres {
            let mut own = PgConnection::connect(world.url()).await.expect("server");
            assert_eq!(super::shadows::loose(&mut own, "public").await, []);
        }
        let replaced = "INSERT INTO meta (name, value) VALUES ('database_id', 'other')";
        let mut tx = new.services.db.write().await.expect("transaction");
        assert!(tx.execute(Query::new(replaced)).await.is_err());
        tx.rollback().await.expect("rollback");
        new.services.db.close().await;
    });
}

async fn fill(world: &World) {
    let job = "INSERT INTO job (id, kind, subject, state, state_at, run_at, attempt, failures, rescues, worker, lease_until, \
        created_at, error, request, lane) VALUES \
        ('a', 'mail', '1', 'available', 1, 1, 0, 0, 0, '', 0, 1, '', '', 'l'), \
        ('b', 'mail', '2', 'running', 1, 1, 0, 0, 0, '', 0, 1, '', '', 'l'), \
        ('c', 'mail', '3', 'held', 1, 1, 0, 0, 0, '', 0, 1, '', '', 'l')";
    let attempts = "INSERT INTO job_attempt (job_id, attempt, worker, started_at, ended_at, outcome, detail) \
        SELECT j.id, n.n, 'w', 1, 2, 'done', '' FROM job j CROSS JOIN (SELECT 1 AS n UNION SELECT 2) n";
    match world.engine {
        Engine::Sqlite => {
            let url = format!("sqlite:{}", world.state.path().join("portaal.db").display());
            let mut own = SqliteConnection::connect(&url).await.expect("file");
            for sql in [job, attempts] {
                sqlx::query(sql).execute(&mut own).await.expect("rows");
            }
            own.close().await.expect("closed");
        }
        Engine::Postgres => {
            let mut own = PgConnection::connect(world.url()).await.expect("server");
            for sql in [job, attempts] {
                sqlx::query(sql).execute(&mut own).await.expect("rows");
            }
        }
    }
}
