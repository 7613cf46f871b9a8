//! The real binary as a script calls it: arguments and stdin in; exit code, stdout and stderr out.

use super::db::{World, environment};
use portaal_console::domain::check::unprintable;
use portaal_console::store::{Engine, Query, Tx};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a call gave.
#[derive(Debug)]
pub struct Said {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        let parsed = serde_json::from_str(&self.out);
        assert!(parsed.is_ok(), "not JSON: {self:?}");
        parsed.expect("JSON")
    }

    /// The rows of the JSON on standard output.
    pub fn rows(&self) -> Vec<Value> {
        let rows = self.json().get("rows").and_then(Value::as_array).cloned();
        assert!(rows.is_some(), "no rows: {self:?}");
        rows.expect("rows")
    }

    /// The same call, checked for its exit code.
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }

    /// Fails when something could steer a terminal.
    pub fn is_safe(&self) {
        for text in [&self.out, &self.err] {
            let bad = text.chars().find(|c| *c != '\n' && unprintable(*c));
            assert!(bad.is_none(), "{bad:?} in {text:?}");
        }
    }
}

/// Calls the program on the database of a world.
pub fn run(world: &World, arguments: &[&str]) -> Said {
    run_with(world, arguments, "")
}

/// As `run`, with something on stdin.
pub fn run_with(world: &World, arguments: &[&str], stdin: &str) -> Said {
    environment(world.state.path());
    call(
        world.state.path(),
        &[&["--database", world.url()], arguments].concat(),
        stdin,
    )
}

/// Calls the program with a state directory and nothing else of our environment.
pub fn call(state: &Path, arguments: &[&str], stdin: &str) -> Said {
    let mut child = Command::new(env!("CARGO_BIN_EXE_portaal"))
        .args(arguments)
        .env_clear()
        .env("HOME", state)
        .env("PORTAAL_CONFIG", state.join("config.toml"))
        .env("LANG", "nl_NL.UTF-8")
        .current_dir(state)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("program");
    // A program that does not read its stdin may be gone before this is written.
    let _ = child
        .stdin
        .take()
        .expect("stdin")
        .write_all(stdin.as_bytes());
    let output = child.wait_with_output().expect("output");
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8 on stdout"),
        err: String::from_utf8(output.stderr).expect("UTF-8 on stderr"),
    }
}

/// Contents of every table but the audit, to tell whether anything changed.
pub async fn contents(world: &World) -> BTreeMap<String, String> {
    let mut tx = world.services.db.read().await.expect("transaction");
    let mut all = BTreeMap::new();
    for table in tables(&mut tx).await {
        if !["audit", "audit_head", "_sqlx_migrations"].contains(&table.as_str()) {
            let text = table_text(&mut tx, &table).await;
            all.insert(table, text);
        }
    }
    tx.rollback().await.expect("rollback");
    all
}

/// Number of audit rows, and how many of them tell of something refused.
pub async fn audit_rows(world: &World) -> (i64, i64) {
    let mut tx = world.services.db.read().await.expect("transaction");
    let all = tx
        .number(Query::new("SELECT count(*) FROM audit"))
        .await
        .expect("count");
    let refused = "SELECT count(*) FROM audit WHERE outcome = 'refused'";
    let refused = tx.number(Query::new(refused)).await.expect("count");
    tx.rollback().await.expect("rollback");
    (all, refused)
}

async fn tables(tx: &mut Tx) -> Vec<String> {
    let sql = match tx.engine() {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let rows: Vec<(String,)> = tx.all(Query::new(sql)).await.expect("tables");
    rows.into_iter().map(|(name,)| name).collect()
}

async fn table_text(tx: &mut Tx, table: &str) -> String {
    let sql = match tx.engine() {
        Engine::Postgres => {
            format!("SELECT COALESCE(string_agg(t::text, '|' ORDER BY t::text), '') FROM {table} t")
        }
        Engine::Sqlite => {
            let columns: Vec<(String,)> = tx
                .all(Query::new(fixed(format!(
                    "SELECT name FROM pragma_table_info('{table}')"
                ))))
                .await
                .expect("columns");
            let quoted: Vec<String> = columns
                .iter()
                .map(|(c,)| format!("quote(\"{c}\")"))
                .collect();
            let row = quoted.join(" || ',' || ");
            format!(
                "SELECT COALESCE(group_concat(r, '|'), '') FROM (SELECT {row} AS r FROM {table} ORDER BY r)"
            )
        }
    };
    let found: Option<(String,)> = tx.optional(Query::new(fixed(sql))).await.expect("contents");
    found.map(|(text,)| text).unwrap_or_default()
}

/// Statements are program text; a test may make one that lives as long as the program.
fn fixed(sql: String) -> &'static str {
    Box::leak(sql.into_boxed_str())
}
