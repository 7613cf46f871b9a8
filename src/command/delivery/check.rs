//! `delivery check FILE…`: every file checked in turn and told at once, in the order of the arguments. What is found is
//! decided in `delivery`; how it looks in `table` and `json`.

use super::{against, as_of, masked, organisation, specification};
use super::{json, table};
use crate::command::exit::{Exit, Failure};
use crate::command::grammar::positional;
use crate::command::output::{self, Format};
use crate::command::{Answer, Context, Verb, tell};
use crate::delivery::{self, Options, Report, Status};
use crate::language::delivery::{CHECK as ABOUT, FILES, NO_CSV, UNREADABLE};
use clap::{ArgAction, ArgMatches};
use std::fs::File;
use std::io;

/// The command.
pub static CHECK: Verb = Verb {
    noun: "delivery",
    name: "check",
    about: &ABOUT,
    arguments: |command, language| {
        let files = positional("file", "FILE", &FILES, language)
            .required(true)
            .num_args(1..)
            .action(ArgAction::Append);
        against(command.arg(files), language)
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move { check(context, arguments) })
}

fn check(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let language = context.spoken();
    if context.format() == Format::Csv {
        return Err(Failure::Usage(NO_CSV.text(language).to_owned()));
    }
    let options = Options {
        organisation: organisation(context, arguments)?,
        specification: specification(arguments),
        ..Options::new(as_of(context, arguments)?)
    };
    let paths = arguments.get_many::<String>("file").unwrap_or_default();
    let (mut invalid, mut unreadable) = (false, false);
    for (path, number) in paths.zip(1_usize..) {
        let name = masked(path);
        match report(path, &options) {
            Ok(report) => {
                invalid |= report.status == Status::Invalid;
                match context.format() {
                    Format::Json => output::data(json::line(&name, &report, language).as_bytes())?,
                    Format::Table | Format::Csv => {
                        output::text(&table::text((number, &name), &report, language))?;
                    }
                }
            }
            Err(error) => {
                unreadable = true;
                let (number, detail) = (number.to_string(), error.to_string());
                let place = [("number", &*number), ("name", &name), ("detail", &detail)];
                tell::sentence(&UNREADABLE.with(language, &place), language);
            }
        }
    }
    Ok(match (unreadable, invalid) {
        (true, _) => Exit::Usage,
        (false, true) => Exit::Failed,
        (false, false) => Exit::Done,
    })
}

fn report(path: &str, options: &Options) -> io::Result<Report> {
    if path == "-" {
        return delivery::check_only(&mut io::stdin().lock(), options);
    }
    delivery::check_only(&mut File::open(path)?, options)
}
