//! A test body on both databases: a fresh `SQLite` file and a fresh `PostgreSQL` database, with a clock that stands still.
//! Without `PORTAAL_TEST_POSTGRES` a test fails; it is never skipped.

use portaal_console::clock::Clock;
use portaal_console::config::{self, Environment, Flags};
use portaal_console::domain::right::{Language, Role, join};
use portaal_console::domain::text::fold_all;
use portaal_console::domain::time::Timestamp;
use portaal_console::service::{self, Actor, Call, Origin, Services};
use portaal_console::store::operator::{self, Operator};
use portaal_console::store::{Access, Db, Engine, meta, schema};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// When every test begins: Monday 5 October 2026, 10:00 in Amsterdam.
pub const BEGIN: Timestamp = Timestamp(1_791_187_200_000);

/// The key of every test.
const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// A database of its own with everything that a use case needs.
pub struct World {
    /// Services with a fixed clock.
    pub services: Services,
    /// Directory of state, key and mail; gone with the world.
    pub state: TempDir,
    /// Which database this is, for messages.
    pub engine: Engine,
    url: String,
    /// Logins that were made on the server, to be dropped.
    logins: Mutex<Vec<String>>,
}

/// Whether a world is marked as a demo, where `--as` works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// An ordinary database.
    Plain,
    /// A demo.
    Demo,
}

/// Runs a body on `SQLite`, then on `PostgreSQL`.
pub fn each<F: Future<Output = ()>>(body: impl Fn(Arc<World>) -> F) {
    each_marked(Mark::Plain, body);
}

/// As `each`, on databases with a mark.
pub fn each_marked<F: Future<Output = ()>>(mark: Mark, body: impl Fn(Arc<World>) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("runtime");
    runtime.block_on(async {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let world = Arc::new(World::new(engine, mark).await);
            body(Arc::clone(&world)).await;
            world.gone().await;
        }
    });
}

impl World {
    /// A fresh world.
    pub async fn new(engine: Engine, mark: Mark) -> Self {
        let state = directory();
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", state.path().join("portaal.db").display()),
            Engine::Postgres => fresh_postgres().await,
        };
        Self::on(state, url, mark).await
    }

    /// A world on an empty database that is somewhere else, such as on a server that a test stops. It is not removed.
    pub async fn at(url: &str) -> Self {
        Self::on(directory(), url.to_owned(), Mark::Plain).await
    }

    async fn on(state: TempDir, url: String, mark: Mark) -> Self {
        let db = Db::open(&url, Access::ReadWrite).await.expect("database");
        schema::migrate(&db).await.expect("schema");
        if mark == Mark::Demo {
            let mut tx = db.write().await.expect("transaction");
            meta::mark_demo(&mut tx).await.expect("mark");
            tx.commit().await.expect("commit");
        }
        let flags = Flags {
            database: Some(url.clone()),
            ..Flags::default()
        };
        let settings = config::load(&environment(state.path()), &flags).expect("settings");
        let services = service::connect(db, Arc::new(settings))
            .await
            .expect("services");
        let services = Services {
            clock: Clock::fixed(BEGIN),
            ..services
        };
        Self {
            engine: services.db.engine(),
            services,
            state,
            url,
            logins: Mutex::default(),
        }
    }

    /// The URL of its database, for the real binary.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Adds an operator with these roles and gives them as an actor.
    pub async fn operator(&self, login: &str, roles: &[Role]) -> Arc<Actor> {
        let row = Operator {
            id: uuid::Uuid::now_v7().to_string(),
            login: login.to_owned(),
            name: format!("Persoon {login}"),
            roles: join(roles),
            language: "nl".to_owned(),
            state: "active".to_owned(),
            created_at: BEGIN,
            changed_at: BEGIN,
            changed_by: "test".to_owned(),
            folded: fold_all(&[login]),
            version: 1,
        };
        let mut tx = self.services.db.write().await.expect("transaction");
        operator::insert(&mut tx, &row).await.expect("operator");
        tx.commit().await.expect("commit");
        Arc::new(Actor {
            operator: row.id,
            login: row.login,
            name: row.name,
            roles: roles.to_vec(),
            language: Language::Nl,
            on_behalf: String::new(),
            origin: Origin {
                via: "cli",
                host: "test".to_owned(),
                ..Origin::default()
            },
            read_only: false,
            system: false,
        })
    }

    /// A call that takes effect.
    #[expect(clippy::unused_self, reason = "reads as part of the world it calls")]
    pub fn call(&self, actor: &Arc<Actor>, reason: &str) -> Call {
        Call {
            reason: reason.to_owned(),
            ..Call::new(actor)
        }
    }

    /// Services as this person has them: on PostgreSQL by a login of their own, as releases ask. Their login must not be shared with
    /// another test that runs.
    pub async fn session(&self, actor: &Actor) -> Services {
        if self.engine == Engine::Sqlite {
            return self.services.clone();
        }
        let (url, login) = (self.url_as(&actor.login), &actor.login);
        let mut own = PgConnection::connect(&self.url).await.expect("PostgreSQL");
        for sql in [
            format!("CREATE ROLE \"{login}\" LOGIN PASSWORD '{login}'"),
            format!(
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO \"{login}\""
            ),
        ] {
            own.execute(AssertSqlSafe(sql)).await.expect("login");
        }
        self.logins.lock().expect("logins").push(login.clone());
        Services {
            db: Db::open(&url, Access::ReadWrite).await.expect("own login"),
            ..self.services.clone()
        }
    }

    /// The URL of its database by the login of a person whose session was made.
    pub fn url_as(&self, login: &str) -> String {
        let (scheme, rest) = self.url.split_once("://").expect("URL");
        let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
        format!("{scheme}://{login}:{login}@{place}")
    }

    /// Closes it, and removes its database from the server.
    pub async fn gone(&self) {
        self.services.db.close().await;
        if self.engine == Engine::Postgres {
            let name = self.url.rsplit('/').next().expect("name");
            let mut admin = admin().await;
            let sql = format!("DROP DATABASE \"{name}\" WITH (FORCE)");
            admin.execute(AssertSqlSafe(sql)).await.expect("drop");
            let logins = std::mem::take(&mut *self.logins.lock().expect("logins"));
            for login in logins {
                let sql = format!("DROP ROLE \"{login}\"");
                admin.execute(AssertSqlSafe(sql)).await.expect("drop");
            }
        }
    }
}

/// The environment of a program that keeps everything in this directory.
pub fn environment(state: &Path) -> Environment {
    let config = state.join("config.toml");
    if !config.exists() {
        std::fs::write(
            &config,
            format!("state = {:?}\n", state.display().to_string()),
        )
        .expect("settings");
    }
    let config = config.display().to_string();
    let home = state.display().to_string();
    Environment::of(&[
        ("PORTAAL_CONFIG", &config),
        ("HOME", &home),
        ("LANG", "nl_NL.UTF-8"),
    ])
}

fn directory() -> TempDir {
    let state = tempfile::tempdir().expect("directory");
    std::fs::write(state.path().join("key"), KEY).expect("key");
    private(state.path());
    state
}

fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for (path, mode) in [(path.to_owned(), 0o700), (path.join("key"), 0o600)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("mode");
    }
}

/// How many times as long the heavy loops run, from `tests/run.sh --soak`.
pub fn soak() -> u64 {
    let asked = std::env::var("PORTAAL_TEST_SOAK").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// URL of the server, with its maintenance database.
fn server() -> String {
    std::env::var("PORTAAL_TEST_POSTGRES")
        .expect("PORTAAL_TEST_POSTGRES is not set: run tests through tests/run.sh")
}

async fn admin() -> PgConnection {
    PgConnection::connect(&server()).await.expect("PostgreSQL")
}

fn url_of(name: &str) -> String {
    let server = server();
    let (base, _) = server.rsplit_once('/').expect("URL with a database");
    format!("{base}/{name}")
}

/// A database copied from one that was migrated once in this run.
async fn fresh_postgres() -> String {
    static TEMPLATE: OnceCell<String> = OnceCell::const_new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let template = TEMPLATE.get_or_init(migrated_template).await;
    let count = COUNT.fetch_add(1, Ordering::SeqCst);
    let name = format!("test_{}_{count}", std::process::id());
    let mut admin = admin().await;
    let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"");
    admin
        .execute(AssertSqlSafe(sql))
        .await
        .expect("copy of the template");
    url_of(&name)
}

async fn migrated_template() -> String {
    let name = format!("template_{}", std::process::id());
    let mut admin = admin().await;
    let sql = format!("CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
    admin.execute(AssertSqlSafe(sql)).await.expect("template");
    let db = Db::open(&url_of(&name), Access::ReadWrite)
        .await
        .expect("template");
    schema::migrate(&db).await.expect("schema");
    db.close().await;
    name
}
