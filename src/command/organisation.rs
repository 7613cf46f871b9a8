//! `organisation import-marks`: KiBG's list of quality marks, a header and `agb,kind,valid_from,valid_until` per line.

use super::act::{dry_run, mode};
use super::grammar::positional;
use super::outcome::{self, Blame};
use super::{Answer, Context, Verb, source};
use crate::language::flag::FILE;
use crate::language::verb::ORGANISATION_IMPORT_MARKS;
use crate::service::organisation::{self, MarkLine};
use clap::ArgMatches;

/// Most bytes of the list.
const MOST_BYTES: u64 = 8 * 1024 * 1024;

/// The command.
pub static IMPORT_MARKS: Verb = Verb {
    noun: "organisation",
    name: "import-marks",
    about: &ORGANISATION_IMPORT_MARKS,
    arguments: |command, language| {
        let file = positional("file", "FILE.csv", &FILE, language).required(true);
        dry_run(command.arg(file), language)
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        let path = arguments
            .get_one::<String>("file")
            .map_or("-", String::as_str);
        let rows = lines(&source::text(path, MOST_BYTES)?);
        let session = context.session().await?;
        let call = session.call("", mode(arguments), None);
        let result = organisation::import_marks(&session.services, &call, &rows).await;
        outcome::report(
            context,
            &session,
            &outcome::one(result, Blame::Document),
            call.mode,
        )
    })
}

/// The lines beneath the header. Values are codes and dates, so a separator within quotes cannot occur; a line that is short
/// gives empty values, which the service refuses by line.
fn lines(text: &str) -> Vec<MarkLine> {
    let separator = match text.lines().next() {
        Some(header) if header.contains(';') => ';',
        _ => ',',
    };
    let numbered = text.lines().zip(1_u64..).skip(1);
    let filled = numbered.filter(|(line, _)| !line.trim().is_empty());
    filled
        .map(|(line, number)| {
            let mut values = line
                .split(separator)
                .map(|v| v.trim().trim_matches('"').to_owned());
            let mut next = || values.next().unwrap_or_default();
            MarkLine {
                line: number,
                agb: next(),
                kind: next(),
                valid_from: next(),
                valid_until: next(),
            }
        })
        .collect()
}
