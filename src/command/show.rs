//! `NOUN show ID`: one record as its screen opens it, as text or JSON.

use super::exit::{Exit, Failure};
use super::grammar::positional;
use super::output::{self, Format, json, record};
use super::{Context, act};
use crate::domain::kind::Kind;
use crate::language::Language;
use crate::screens::{List, Open};
use crate::service;
use clap::{ArgMatches, Command};
use std::sync::Arc;

/// The arguments of `show`.
pub fn arguments(command: Command, kind: Kind, language: Language) -> Command {
    command.arg(positional("id", "ID", act::about_id(kind), language).required(true))
}

/// Shows the record.
pub async fn run(
    context: &Context,
    arguments: &ArgMatches,
    list: &'static List,
    open: Open,
) -> Result<Exit, Failure> {
    let given = arguments.get_one::<String>("id").map_or("", String::as_str);
    let session = context.session().await?;
    let id = service::find(&session.services, list.kind, given).await?;
    let found = open(session.services.clone(), Arc::clone(&session.actor), id).await?;
    match context.format() {
        Format::Json => output::data(json::write(&record::json(&found)).as_bytes())?,
        Format::Csv => output::data(record::csv(&found).as_bytes())?,
        Format::Table => output::data(record::text(&found, session.reader()).as_bytes())?,
    }
    Ok(Exit::Done)
}
