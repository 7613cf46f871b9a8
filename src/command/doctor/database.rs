//! The database's part of the doctor: reachable, version, schema, settings, clock, who is at the keyboard.

use super::Check;
use crate::clock::Clock;
use crate::config::{Settings, without_password};
use crate::language::doctor::{
    ADD_OPERATOR, CHECK_DATABASE, CLOCK_OWN, NO_WORKER, PART_CLOCK, PART_DATABASE,
    PART_FOREIGN_KEYS, PART_JOURNAL, PART_OPERATOR, PART_SCHEMA, PART_SERVER, PART_SYNCHRONOUS,
    PART_WORKER, PRAGMA_EXPECTED, RUN_MIGRATE, SCHEMA_OLD, SERVER_OLD, SET_CLOCK, SKEW,
    START_WORKER, UNREACHABLE, UPDATE_PROGRAM, UPDATE_SERVER, WORKER_SEEN,
};
use crate::language::{Language, display};
use crate::service::identity;
use crate::service::tell::tell;
use crate::store::health::{self, OLDEST_POSTGRES};
use crate::store::{Access, Db, StoreError, operator, schema, worker};
use std::path::Path;

/// Above this many milliseconds apart a worker takes no work.
const MOST_SKEW: i64 = 2000;

/// Whether there is a database at this URL to open: a server, or a file that exists.
pub fn exists(url: &str) -> bool {
    let Some(path) = url.strip_prefix("sqlite:") else {
        return true;
    };
    let path = path.strip_prefix("//").unwrap_or(path);
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    path == ":memory:" || Path::new(path).exists()
}

/// The checks, and whether the database was reached.
pub async fn checks(settings: &Settings, language: Language) -> (Vec<Check>, bool) {
    let shown = without_password(&settings.database);
    if !exists(&settings.database) {
        let found = UNREACHABLE.with(language, &[("detail", &shown)]);
        let advice = RUN_MIGRATE.text(language);
        return (vec![Check::attention(&PART_DATABASE, found, advice)], true);
    }
    let mut checks = Vec::new();
    let asked = ask(&mut checks, settings, language).await;
    match asked {
        Ok(()) => {
            checks.insert(0, Check::ok(&PART_DATABASE, shown));
            (checks, true)
        }
        Err(e) => {
            let detail = tell(&e.into(), language);
            let found = UNREACHABLE.with(language, &[("detail", &detail)]);
            let advice = CHECK_DATABASE.text(language);
            checks.insert(0, Check::wrong(&PART_DATABASE, found, advice));
            (checks, false)
        }
    }
}

async fn ask(
    checks: &mut Vec<Check>,
    settings: &Settings,
    language: Language,
) -> Result<(), StoreError> {
    let db = Db::open(&settings.database, Access::ReadOnly).await?;
    let health = health::read(&db).await?;
    if health.number > 0 && health.number < OLDEST_POSTGRES {
        let wanted = (OLDEST_POSTGRES / 10_000).to_string();
        let values = [("found", health.version.as_str()), ("wanted", &wanted)];
        let found = SERVER_OLD.with(language, &values);
        checks.push(Check::wrong(
            &PART_SERVER,
            found,
            UPDATE_SERVER.text(language),
        ));
    } else {
        checks.push(Check::ok(&PART_SERVER, health.version));
    }
    for (name, is, wanted) in health.pragmas {
        checks.push(pragma(name, &is, wanted, language));
    }
    let applied = schema::applied(&db).await?;
    checks.push(version(applied, language));
    checks.push(clock(&db, language).await?);
    if applied > 0 {
        checks.extend(who(&db, language).await?);
        checks.push(workers(&db, settings, language).await?);
    }
    db.close().await;
    Ok(())
}

fn pragma(name: &str, is: &str, wanted: &str, language: Language) -> Check {
    let part = match name {
        "journal_mode" => &PART_JOURNAL,
        "synchronous" => &PART_SYNCHRONOUS,
        _ => &PART_FOREIGN_KEYS,
    };
    if is == wanted {
        return Check::ok(part, is);
    }
    Check::wrong(
        part,
        is,
        PRAGMA_EXPECTED.with(language, &[("wanted", wanted)]),
    )
}

fn version(applied: i64, language: Language) -> Check {
    let wanted = schema::wanted();
    let numbers = (applied.to_string(), wanted.to_string());
    let values = [
        ("found", numbers.0.as_str()),
        ("wanted", numbers.1.as_str()),
    ];
    let apart = || SCHEMA_OLD.with(language, &values);
    match applied.cmp(&wanted) {
        std::cmp::Ordering::Equal => Check::ok(&PART_SCHEMA, numbers.0.clone()),
        std::cmp::Ordering::Less => Check::wrong(&PART_SCHEMA, apart(), RUN_MIGRATE.text(language)),
        std::cmp::Ordering::Greater => {
            Check::wrong(&PART_SCHEMA, apart(), UPDATE_PROGRAM.text(language))
        }
    }
}

async fn clock(db: &Db, language: Language) -> Result<Check, StoreError> {
    let Some(server) = db.server_time().await? else {
        return Ok(Check::ok(&PART_CLOCK, CLOCK_OWN.text(language)));
    };
    let skew = Clock::system().now().since(server);
    let found = SKEW.with(language, &[("skew", &skew.to_string())]);
    let advice = SET_CLOCK.text(language);
    Ok(match skew.abs() {
        s if s > MOST_SKEW => Check::wrong(&PART_CLOCK, found, advice),
        s if s > MOST_SKEW / 4 => Check::attention(&PART_CLOCK, found, advice),
        _ => Check::ok(&PART_CLOCK, found),
    })
}

/// The operator behind this login, read without leaving a trace: asking the doctor is not signing in.
async fn who(db: &Db, language: Language) -> Result<Option<Check>, StoreError> {
    let Some(facts) = identity::kernel_facts() else {
        return Ok(None);
    };
    let mut tx = db.read().await?;
    let found = operator::by_login(&mut tx, &facts.login).await?;
    tx.rollback().await?;
    let advice = || ADD_OPERATOR.with(language, &[("login", &facts.login)]);
    Ok(Some(match found {
        Some(o) if o.state == "active" => {
            Check::ok(&PART_OPERATOR, format!("{} ({})", o.name, o.roles))
        }
        Some(_) | None => Check::attention(&PART_OPERATOR, facts.login.clone(), advice()),
    }))
}

/// Whether somebody does the work of the queue: a worker that gave a sign of life within its lease.
async fn workers(db: &Db, settings: &Settings, language: Language) -> Result<Check, StoreError> {
    let now = db.server_time().await?;
    let now = now.unwrap_or_else(|| Clock::system().now());
    let mut tx = db.read().await?;
    let alive = worker::alive(&mut tx, now.plus(-settings.queue.lease)).await?;
    tx.rollback().await?;
    let Some(latest) = alive.first() else {
        let found = NO_WORKER.text(language);
        return Ok(Check::attention(
            &PART_WORKER,
            found,
            START_WORKER.text(language),
        ));
    };
    let age = display::age(latest.seen_at, now, language);
    let values = [("host", latest.host.as_str()), ("age", &age)];
    Ok(Check::ok(&PART_WORKER, WORKER_SEEN.with(language, &values)))
}
