//! `registration import`: one JSON document, stored whole or not at all. Its schema stands in `service::document`.

use super::act::{dry_run, mode};
use super::grammar::positional;
use super::outcome::{self, Blame};
use super::{Answer, Context, Verb, source};
use crate::language::flag::FILE;
use crate::language::verb::REGISTRATION_IMPORT;
use crate::service::registration;
use clap::ArgMatches;

/// Most bytes of a registration.
const MOST_BYTES: u64 = 1024 * 1024;

/// The command.
pub static IMPORT: Verb = Verb {
    noun: "registration",
    name: "import",
    about: &REGISTRATION_IMPORT,
    arguments: |command, language| {
        let file = positional("file", "FILE.json", &FILE, language).required(true);
        dry_run(command.arg(file), language)
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        let path = arguments
            .get_one::<String>("file")
            .map_or("-", String::as_str);
        let document = source::text(path, MOST_BYTES)?;
        let session = context.session().await?;
        let call = session.call("", mode(arguments), None);
        let result = registration::import(&session.services, &call, &document).await;
        outcome::report(
            context,
            &session,
            &outcome::one(result, Blame::Document),
            call.mode,
        )
    })
}
