//! `submission add`: takes a delivered file in, as the intake will. What is in it is judged by the worker.

use super::act::{dry_run, mode};
use super::grammar::{positional, value};
use super::outcome::{self, Blame};
use super::{Answer, Context, Verb};
use crate::language::flag::{CONNECTION, FILE, ORGANISATION};
use crate::language::verb::SUBMISSION_ADD;
use crate::service::arrival::{self, By};
use clap::ArgMatches;
use std::path::Path;

/// The command.
pub static ADD: Verb = Verb {
    noun: "submission",
    name: "add",
    about: &SUBMISSION_ADD,
    arguments: |command, language| {
        let about = ORGANISATION.text(language).to_owned();
        let command = command
            .arg(positional("file", "FILE", &FILE, language).required(true))
            .arg(value("organisation", "AGB", about, language).required(true))
            .arg(value(
                "connection",
                "ID",
                CONNECTION.text(language).to_owned(),
                language,
            ));
        dry_run(command, language)
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        let text = |name: &str| arguments.get_one::<String>(name).map_or("", String::as_str);
        let session = context.session().await?;
        let call = session.call("", mode(arguments), None);
        let by = By::Operator {
            organisation: text("organisation").to_owned(),
            connection: arguments.get_one::<String>("connection").cloned(),
        };
        let result = arrival::add(&session.services, &call, &by, Path::new(text("file"))).await;
        outcome::report(
            context,
            &session,
            &outcome::one(result, Blame::Document),
            call.mode,
        )
    })
}
