//! `extract define`: an extract by the definition in the program, or by one in a file.

use crate::command::act::{dry_run, mode};
use crate::command::grammar::value;
use crate::command::outcome::{self, Blame};
use crate::command::{Answer, Context, Exit, Failure, Verb, source};
use crate::domain::action::Act;
use crate::language::command::REASON;
use crate::language::flag::{DEFINITION, DEFINITION_FILE, PERIOD};
use crate::language::verb::EXTRACT_DEFINE;
use crate::service::{self, extract};
use clap::ArgMatches;

/// Most bytes of a definition.
const MOST_BYTES: u64 = 4 << 20;

/// The command.
pub static DEFINE: Verb = Verb {
    noun: "extract",
    name: "define",
    about: &EXTRACT_DEFINE,
    arguments: |command, language| {
        let text = |name, shown, about: &crate::language::Message| {
            value(name, shown, about.text(language).to_owned(), language)
        };
        let command = command
            .arg(text("period", "PERIOD", &PERIOD).required(true))
            .arg(text("definition", "NAME", &DEFINITION))
            .arg(text("file", "FILE.json", &DEFINITION_FILE).conflicts_with("definition"))
            .arg(text("reason", "TEXT", &REASON));
        dry_run(command, language)
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(define(context, arguments))
}

async fn define(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let text = |name: &str| arguments.get_one::<String>(name).map_or("", String::as_str);
    let document = match arguments.get_one::<String>("file") {
        Some(path) => Some(source::text(path, MOST_BYTES)?),
        None => None,
    };
    let session = context.session().await?;
    let call = session.call(text("reason"), mode(arguments), None);
    let (services, period) = (&session.services, text("period"));
    let (result, blame) = if let Some(document) = document {
        let done = extract::define_by(services, &call, &document, period).await;
        (done, Blame::Document)
    } else {
        let values = [("period", period), ("definition", text("definition"))];
        let given = values.into_iter().filter(|(_, v)| !v.is_empty());
        let given = given.map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        let done = service::run(services, &call, Act::ExtractDefine, "", &given).await;
        (done, Blame::Arguments)
    };
    outcome::report(context, &session, &outcome::one(result, blame), call.mode)
}
