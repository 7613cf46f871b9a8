//! `account activate`: what the portal's front end does when a user follows an invitation. The token comes from stdin, so that it
//! stands in no list of processes and no history.

use super::act::{dry_run, mode};
use super::outcome::{self, Blame};
use super::{Answer, Context, Verb, source};
use crate::language::verb::ACCOUNT_ACTIVATE;
use crate::service::account;
use clap::ArgMatches;

/// Most bytes of a token.
const MOST_BYTES: u64 = 4096;

/// The command.
pub static ACTIVATE: Verb = Verb {
    noun: "account",
    name: "activate",
    about: &ACCOUNT_ACTIVATE,
    arguments: dry_run,
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move {
        let token = source::text("-", MOST_BYTES)?;
        let session = context.session().await?;
        let call = session.call("", mode(arguments), None);
        let result = account::activate(&session.services, &call, token.trim()).await;
        outcome::report(
            context,
            &session,
            &outcome::one(result, Blame::Document),
            call.mode,
        )
    })
}
