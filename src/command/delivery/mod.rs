//! `delivery check` and `delivery sample`: what a deliverer can do before delivering. No database is opened here.

mod check;
mod json;
mod sample;
mod table;

pub use check::CHECK;
pub use sample::SAMPLE;

use super::Failure;
use super::context::Context;
use super::grammar::value;
use crate::clock::Clock;
use crate::delivery::Format;
use crate::domain::check::digits;
use crate::language::delivery::{AS_OF, BAD_AGB, BAD_DAY, SPECIFICATION};
use crate::language::{Language, Message, display, flag};
use chrono::NaiveDate;
use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Command};
use std::path::Path;

/// `--specification`, `--organisation` and `--as-of`, which both commands take.
fn against(command: Command, language: Language) -> Command {
    let text = |message: &Message| message.text(language).to_owned();
    let names: Vec<_> = Format::all().map(Format::name).collect();
    let about = SPECIFICATION.with(language, &[("names", &names.join(", "))]);
    let parser = PossibleValuesParser::new(names);
    command
        .arg(
            value("specification", "S", about, language)
                .value_parser(parser)
                .hide_possible_values(true),
        )
        .arg(value("organisation", "AGB", text(&flag::AGB), language))
        .arg(value("as-of", "DATE", text(&AS_OF), language))
}

fn specification(arguments: &ArgMatches) -> Option<Format> {
    let name = arguments.get_one::<String>("specification")?;
    Format::named(name)
}

fn organisation(context: &Context, arguments: &ArgMatches) -> Result<Option<String>, Failure> {
    let Some(agb) = arguments.get_one::<String>("organisation") else {
        return Ok(None);
    };
    match digits(agb, 8) {
        Ok(()) => Ok(Some(agb.clone())),
        Err(_) => Err(Failure::Usage(BAD_AGB.text(context.spoken()).to_owned())),
    }
}

/// The day of delivery: today in the time zone of the portal unless it was given.
fn as_of(context: &Context, arguments: &ArgMatches) -> Result<NaiveDate, Failure> {
    let today = display::iso_date(Clock::system().now());
    let given = arguments.get_one::<String>("as-of").unwrap_or(&today);
    NaiveDate::parse_from_str(given, "%Y-%m-%d")
        .map_err(|_| Failure::Usage(BAD_DAY.text(context.spoken()).to_owned()))
}

/// The name of a file as it may be shown: only what kind of file it says it is, for the rest may name a person.
fn masked(path: &str) -> String {
    const KINDS: [&str; 6] = ["csv", "txt", "tsv", "xml", "gz", "zip"];
    let kind = Path::new(path).extension().and_then(|e| e.to_str());
    let kind = kind.map(str::to_lowercase);
    match kind.filter(|kind| KINDS.contains(&kind.as_str())) {
        Some(kind) => format!("•••.{kind}"),
        None => "•••".to_owned(),
    }
}
