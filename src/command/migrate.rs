//! `migrate`: brings the schema up to date. The only command that changes a server's schema.

use super::exit::{Exit, Failure};
use super::output::{self, Format, json};
use super::{Answer, Context, Verb};
use crate::language::doctor::{MIGRATED, UP_TO_DATE};
use crate::language::verb::MIGRATE;
use crate::service::{Denied, Error};
use crate::store::{Access, Db, schema};
use clap::ArgMatches;
use serde_json::json;

/// The command.
pub static VERB: Verb = Verb {
    noun: "",
    name: "migrate",
    about: &MIGRATE,
    arguments: |command, _| command,
    run,
};

fn run<'a>(context: &'a Context, _: &'a ArgMatches) -> Answer<'a> {
    Box::pin(migrate(context))
}

async fn migrate(context: &Context) -> Result<Exit, Failure> {
    let settings = context.settings()?;
    if context.read_only {
        return Err(Error::Denied(Denied::ReadOnly, String::new()).into());
    }
    let db = Db::open(&settings.database, Access::ReadWrite).await?;
    let before = schema::applied(&db).await?;
    schema::migrate(&db).await?;
    let after = schema::applied(&db).await?;
    db.close().await;
    let numbers = [("from", before.to_string()), ("to", after.to_string())];
    let values: Vec<(&str, &str)> = numbers.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let message = if before == after {
        &UP_TO_DATE
    } else {
        &MIGRATED
    };
    if context.format() == Format::Json {
        output::data(json::write(&json!({ "from": before, "to": after })).as_bytes())?;
    } else {
        output::tell(&message.with(context.spoken(), &values));
    }
    Ok(Exit::Done)
}
