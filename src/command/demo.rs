//! `demo`: builds the small world on a database of its own and opens the console on it. The world itself is in `demo`.

use super::exit::{Exit, Failure};
use super::grammar::{flag, value};
use super::output;
use super::{Answer, Context, Verb, opening};
use crate::clock::Clock;
use crate::config::Settings;
use crate::demo::{self, Existing, Plan};
use crate::language::Message;
use crate::language::command::{DEMO_READY, NO_IDENTITY};
use crate::language::flag::{MEASUREMENTS, NO_CONSOLE, SEED, SUBMISSIONS};
use crate::language::verb::DEMO;
use crate::service::{Denied, Error, identity};
use clap::{ArgMatches, value_parser};
use std::io::{IsTerminal, Write};
use std::sync::Arc;

/// Most submissions of a demo world.
const MOST: u64 = 1_000_000;

/// The command.
pub static VERB: Verb = Verb {
    noun: "",
    name: "demo",
    about: &DEMO,
    arguments: |command, language| {
        let text = |message: &Message| message.text(language).to_owned();
        let count = value("submissions", "N", text(&SUBMISSIONS), language)
            .value_parser(value_parser!(u64).range(1..=MOST));
        let rows = value("measurements", "N", text(&MEASUREMENTS), language)
            .value_parser(value_parser!(u64).range(..=MOST));
        let seed = value("seed", "K", text(&SEED), language).value_parser(value_parser!(u64));
        command
            .arg(count)
            .arg(rows)
            .arg(seed)
            .arg(flag("no-console", &NO_CONSOLE, language))
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(build(context, arguments))
}

async fn build(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    if context.read_only {
        return Err(Error::Denied(Denied::ReadOnly, String::new()).into());
    }
    let settings = context.settings()?;
    let (settings, existing) = place(settings);
    let Some(facts) = identity::kernel_facts() else {
        return Err(Failure::Usage(
            NO_IDENTITY.text(context.spoken()).to_owned(),
        ));
    };
    let mut plan = Plan {
        existing,
        ..Plan::new(Clock::system().now(), &facts.login)
    };
    plan.submissions = arguments
        .get_one("submissions")
        .copied()
        .unwrap_or(plan.submissions);
    plan.measurements = arguments
        .get_one("measurements")
        .copied()
        .unwrap_or(plan.measurements);
    plan.seed = arguments.get_one("seed").copied().unwrap_or(plan.seed);
    let services = demo::build(Arc::new(settings), &plan, &mut progress(context)).await?;
    if std::io::stderr().is_terminal() {
        // The progress line makes room for what comes next; a terminal that is gone needs none.
        let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K");
    }
    let url = crate::config::without_password(&services.settings.database);
    if arguments.get_flag("no-console") {
        output::tell(&DEMO_READY.with(context.spoken(), &[("database", &url)]));
        return Ok(Exit::Done);
    }
    opening::on(context, services).await
}

/// Where the world goes: a fresh file in the state directory, unless this very command names a database. What a file or the
/// environment names may be the real one.
fn place(settings: Settings) -> (Settings, Existing) {
    let named = settings
        .origins
        .iter()
        .any(|o| o.name == "database" && o.source == "--database");
    if named {
        return (settings, Existing::Keep);
    }
    let database = format!("sqlite:{}", settings.state.join("demo.db").display());
    (
        Settings {
            database,
            ..settings
        },
        Existing::Replace,
    )
}

/// One line on a terminal that is written over; nothing elsewhere.
fn progress(context: &Context) -> impl FnMut(demo::Progress) + use<> {
    let (language, shown) = (context.spoken(), std::io::stderr().is_terminal());
    move |progress| {
        if shown {
            let mut err = std::io::stderr().lock();
            let end = if progress.done >= progress.total {
                "\r\u{1b}[K"
            } else {
                ""
            };
            // A progress line that cannot be written is no reason to stop.
            let _ = write!(err, "\r\u{1b}[K{}{end}", progress.tell(language));
        }
    }
}
