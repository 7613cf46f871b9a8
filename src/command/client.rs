//! `client erase`: removes one client of one organisation. The key is read from stdin, for arguments are seen by everybody on the
//! machine.

use super::act::{dry_run, mode};
use super::exit::Failure;
use super::grammar::value;
use super::outcome::{self, Blame};
use super::output;
use super::{Answer, Context, Verb};
use crate::language::command::{CLIENT_KEY, REASON};
use crate::language::flag::ORGANISATION;
use crate::language::verb::CLIENT_ERASE;
use crate::service::erasure;
use clap::ArgMatches;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
use secrecy::SecretString;
use std::io::{BufRead, IsTerminal, Read, stdin};

/// Most bytes read from stdin: a key has 64 characters at most.
const MOST: u64 = 1024;

/// The command.
pub static ERASE: Verb = Verb {
    noun: "client",
    name: "erase",
    about: &CLIENT_ERASE,
    arguments: |command, language| {
        let (organisation, reason) = (ORGANISATION.text(language), REASON.text(language));
        let command = command
            .arg(value("organisation", "AGB", organisation.to_owned(), language).required(true))
            .arg(value("reason", "TEXT", reason.to_owned(), language).required(true));
        dry_run(command, language)
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        let text = |name: &str| arguments.get_one::<String>(name).map_or("", String::as_str);
        let session = context.session().await?;
        let key = key(context)?;
        let call = session.call(text("reason"), mode(arguments), None);
        let result = erasure::client(&session.services, &call, text("organisation"), &key).await;
        outcome::report(
            context,
            &session,
            &outcome::one(result, Blame::Arguments),
            call.mode,
        )
    })
}

/// The first line of stdin; on a terminal it is not shown while it is typed.
fn key(context: &Context) -> Result<SecretString, Failure> {
    let trouble = |e: std::io::Error| Failure::file("stdin", &e);
    let input = stdin();
    let shown = input.is_terminal().then(|| tcgetattr(&input)).transpose();
    let shown = shown.map_err(|e| trouble(e.into()))?;
    if let Some(shown) = &shown {
        output::tell(CLIENT_KEY.text(context.spoken()));
        let mut hidden = shown.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&input, OptionalActions::Flush, &hidden).map_err(|e| trouble(e.into()))?;
    }
    let mut line = String::new();
    let read = input.lock().take(MOST).read_line(&mut line);
    if let Some(shown) = &shown {
        tcsetattr(&input, OptionalActions::Now, shown).map_err(|e| trouble(e.into()))?;
    }
    read.map_err(trouble)?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}
