//! `submission add`: takes a delivered file in, as the intake will. What is in it is judged by the worker.

use super::act::{dry_run, mode};
use super::grammar::{positional, value};
use super::outcome::{self, Blame};
use super::{Answer, Context, Verb};
use crate::language::flag::{FILE, ORGANISATION};
use crate::language::verb::SUBMISSION_ADD;
use crate::service::submission;
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
            .arg(value("organisation", "AGB", about, language).required(true));
        dry_run(command, language)
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        let text = |name: &str| arguments.get_one::<String>(name).map_or("", String::as_str);
        let session = context.session().await?;
        let call = session.call("", mode(arguments), None);
        let (organisation, path) = (text("organisation"), Path::new(text("file")));
        let result = submission::add(&session.services, &call, organisation, path).await;
        outcome::report(
            context,
            &session,
            &outcome::one(result, Blame::Document),
            call.mode,
        )
    })
}
