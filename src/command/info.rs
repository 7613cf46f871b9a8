//! `info`: every path and setting in force and where it came from, the database and who is at the keyboard.

use super::exit::{Exit, Failure};
use super::output::{self, Format, Grid, Head, csv, json, table, terminal_width};
use super::{Answer, Context, Verb};
use crate::clock::Clock;
use crate::config::{Origin, Settings};
use crate::language::doctor::{SETTING, SOURCE, VALUE};
use crate::language::verb::INFO;
use crate::service::identity;
use crate::store::{Access, Db, StoreError, health, operator, schema};
use crate::ui::Cell;
use clap::ArgMatches;
use serde_json::{Value, json};

/// The command.
pub static VERB: Verb = Verb {
    noun: "",
    name: "info",
    about: &INFO,
    arguments: |command, _| command,
    run,
};

fn run<'a>(context: &'a Context, _: &'a ArgMatches) -> Answer<'a> {
    Box::pin(info(context))
}

async fn info(context: &Context) -> Result<Exit, Failure> {
    let settings = context.settings()?;
    let mut all = vec![line("version", env!("CARGO_PKG_VERSION"), "portaal")];
    all.extend(settings.origins.iter().cloned());
    all.push(line(
        "log",
        settings.state.join("portaal.log").display(),
        "PORTAAL_LOG",
    ));
    all.push(line(
        "console.keys",
        settings.console.keys.display(),
        "XDG_CONFIG_HOME",
    ));
    match database(&settings).await {
        Ok(found) => all.extend(found),
        Err(e) => all.push(line("database.state", e, "database")),
    }
    write(context, &all)?;
    Ok(Exit::Done)
}

fn line(name: &'static str, value: impl std::fmt::Display, source: &str) -> Origin {
    Origin {
        name,
        value: value.to_string(),
        source: source.to_owned(),
    }
}

/// What the database says; an embedded one that does not exist yet is not made for this.
async fn database(settings: &Settings) -> Result<Vec<Origin>, StoreError> {
    let mut all = Vec::new();
    if !super::doctor::exists(&settings.database) {
        return Ok(all);
    }
    let db = Db::open(&settings.database, Access::ReadOnly).await?;
    all.push(line(
        "database.version",
        health::read(&db).await?.version,
        "database",
    ));
    let applied = schema::applied(&db).await?;
    all.push(line("schema.version", applied, "database"));
    all.push(line("schema.wanted", schema::wanted(), "portaal"));
    if let (Some(facts), true) = (identity::kernel_facts(), applied > 0) {
        let mut tx = db.read().await?;
        let found = operator::by_login(&mut tx, &facts.login).await?;
        tx.rollback().await?;
        all.push(line("login", &facts.login, "kernel"));
        let who = found.map(|o| format!("{} ({})", o.name, o.roles));
        all.push(line("operator", who.unwrap_or_default(), "database"));
    }
    db.close().await;
    Ok(all)
}

fn write(context: &Context, all: &[Origin]) -> Result<(), Failure> {
    if context.format() == Format::Json {
        let row = |o: &Origin| json!({ "name": o.name, "value": o.value, "source": o.source });
        let rows: Vec<Value> = all.iter().map(row).collect();
        return output::data(json::write(&json!({ "rows": rows, "next": null })).as_bytes());
    }
    let head = |name, title| Head {
        name,
        title,
        rank: 0,
    };
    let row = |o: &Origin| {
        vec![
            Cell::text(o.name),
            Cell::text(o.value.clone()),
            Cell::text(o.source.clone()),
        ]
    };
    let grid = Grid {
        heads: vec![
            head("name", &SETTING),
            head("value", &VALUE),
            head("source", &SOURCE),
        ],
        rows: all.iter().map(row).collect(),
    };
    if context.format() == Format::Csv {
        return output::data(csv::write(&grid).as_bytes());
    }
    let reader = table::Reader {
        language: context.spoken(),
        now: Clock::system().now(),
        // Paths are of use only when they are whole.
        width: terminal_width().map(|_| usize::MAX),
    };
    output::data(table::write(&grid, reader).as_bytes())
}
