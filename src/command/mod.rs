//! The command line: one table of commands drives parser, help, completions, manual and dispatch. Lists come from the screens,
//! actions from the table of actions; what is neither stands in a file of its own. No rule of the portal lives here.

mod account;
mod act;
mod agreement;
mod audit;
mod client;
mod completions;
mod context;
mod current;
mod delivery;
mod demo;
mod disclosure;
mod doctor;
pub mod exit;
mod extract;
mod first;
mod grammar;
mod info;
mod intake;
mod list;
mod log;
mod manual;
mod migrate;
mod opening;
mod organisation;
mod outcome;
pub mod output;
mod registration;
mod report;
mod show;
mod source;
mod submission;
mod tell;
mod worker;

pub use context::{Context, Session};
pub use exit::{Exit, Failure};

use crate::config::Environment;
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::{Language, Message, verb};
use crate::screens::{self, List, Open, Screen};
use clap::ArgMatches;
use std::ffi::OsString;
use std::pin::Pin;

/// What running a command gives.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Exit, Failure>> + 'a>>;

/// A command that is neither a list nor an action of the table.
pub struct Verb {
    /// Its noun; empty for a command that stands alone.
    pub noun: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static Message,
    /// Adds its arguments.
    pub arguments: fn(clap::Command, Language) -> clap::Command,
    /// Does it.
    pub run: for<'a> fn(&'a Context, &'a ArgMatches) -> Answer<'a>,
}

/// Commands written by hand, in the order of the help.
static VERBS: &[&Verb] = &[
    &registration::IMPORT,
    &organisation::IMPORT_MARKS,
    &account::ACTIVATE,
    &agreement::DOWNLOAD,
    &agreement::PUBLISH,
    &agreement::RECORD_ACCEPTANCE,
    &submission::ADD,
    &report::REPORT,
    &client::ERASE,
    &delivery::CHECK,
    &delivery::SAMPLE,
    &disclosure::PROTECT,
    &disclosure::AUDIT,
    &disclosure::VERIFY,
    &extract::DEFINE,
    &extract::EXPLAIN,
    &extract::REGISTRY,
    &extract::COVERAGE,
    &extract::VERIFY,
    &audit::VERIFY,
    &audit::WRITE_ANCHOR,
    &audit::EXPORT,
    &worker::VERB,
    &intake::VERB,
    &intake::KEY,
    &demo::VERB,
    &migrate::VERB,
    &info::VERB,
    &doctor::VERB,
    &completions::VERB,
    &manual::VERB,
];

/// What a command is.
#[derive(Clone, Copy)]
pub enum Leaf {
    /// Written by hand.
    Verb(&'static Verb),
    /// Shows a list.
    List(&'static List),
    /// Shows one record of a list.
    Show(&'static List, Open),
    /// Takes an action.
    Act(Act),
}

/// One command with its words.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Noun; empty for a command that stands alone.
    pub noun: &'static str,
    /// Verb.
    pub name: &'static str,
    /// What it is.
    pub leaf: Leaf,
}

/// Every command. Where two would have the same words, the first is meant: written by hand, then lists, then actions.
pub fn entries() -> Vec<Entry> {
    let mut all: Vec<Entry> = Vec::new();
    let mut add = |noun, name, leaf| {
        if !all.iter().any(|e: &Entry| e.noun == noun && e.name == name) {
            all.push(Entry { noun, name, leaf });
        }
    };
    for verb in VERBS {
        add(verb.noun, verb.name, Leaf::Verb(verb));
    }
    for (screen, list) in lists() {
        let (noun, name) = words_of_list(screen, list);
        add(noun, name, Leaf::List(list));
        if let (Some(open), "list") = (list.enter.open(), name) {
            add(noun, "show", Leaf::Show(list, open));
        }
    }
    for act in Act::ALL {
        let spec = act.spec();
        add(noun_of(spec.noun), spec.verb, Leaf::Act(*act));
    }
    all
}

/// The noun under which records of a kind stand: acceptances belong to the agreement.
pub const fn noun_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Acceptance => Kind::Agreement.as_str(),
        other => other.as_str(),
    }
}

fn lists() -> impl Iterator<Item = (&'static Screen, &'static List)> {
    let screens = screens::ALL.iter();
    screens.flat_map(|screen| screen.lists.iter().map(|list| (*screen, *list)))
}

/// Lists of no kind of record are called after their screen.
const fn words_of_list(screen: &Screen, list: &List) -> (&'static str, &'static str) {
    match list.kind {
        Kind::Acceptance => (noun_of(list.kind), "pending"),
        Kind::System => (screen.name_en, "list"),
        kind => (noun_of(kind), "list"),
    }
}

/// What a noun is for.
fn about_noun(noun: &str) -> Option<&'static Message> {
    let screen = || {
        lists()
            .find(|(s, _)| s.name_en == noun)
            .map(|(s, _)| s.title)
    };
    let own = || (noun == "client").then_some(&verb::CLIENT);
    let without_records = || match noun {
        "delivery" => Some(&crate::language::delivery::NOUN),
        "disclosure" => Some(&crate::language::disclosure::NOUN),
        _ => None,
    };
    noun.parse()
        .ok()
        .map(verb::noun)
        .or_else(screen)
        .or_else(own)
        .or_else(without_records)
}

/// Every noun: those of the kinds first, then those of screens.
fn nouns(entries: &[Entry]) -> Vec<&'static str> {
    let used = |noun: &&str| entries.iter().any(|e| e.noun == *noun);
    let mut all: Vec<&'static str> = Kind::ALL.iter().map(|k| k.as_str()).filter(used).collect();
    for entry in entries.iter().filter(|e| !e.noun.is_empty()) {
        if !all.contains(&entry.noun) {
            all.push(entry.noun);
        }
    }
    all
}

/// Runs the program with these arguments, the first being its own name. Gives the exit code.
pub fn main(arguments: Vec<OsString>, environment: Environment) -> u8 {
    let language = context::language_of_help(&arguments, &environment);
    let matches = match grammar::tree(language).try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => return tell::unparsed(&error, language).code(),
    };
    let context = Context::of(&matches, environment, language);
    let exit = run(&context, &matches).unwrap_or_else(|failure| {
        tell::failed(&failure, context.spoken());
        failure.exit()
    });
    exit.code()
}

fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Failure::file("tokio", &e))?;
    let result = runtime.block_on(dispatch(context, matches));
    runtime.shutdown_background();
    result
}

async fn dispatch(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let Some((first, inner)) = matches.subcommand() else {
        return opening::run(context).await;
    };
    let (noun, name, arguments) = match inner.subcommand() {
        Some((second, arguments)) => (first, second, arguments),
        None => ("", first, inner),
    };
    let entries = entries();
    let found = entries.iter().find(|e| e.noun == noun && e.name == name);
    let Some(entry) = found else {
        return Ok(Exit::Usage);
    };
    match entry.leaf {
        Leaf::Verb(verb) => (verb.run)(context, arguments).await,
        Leaf::List(list) => interruptible(context, list::run(context, arguments, list)).await,
        Leaf::Show(list, open) => {
            interruptible(context, show::run(context, arguments, list, open)).await
        }
        Leaf::Act(act) => act::run(context, arguments, act).await,
    }
}

/// Runs something that reads or takes back what it began; Ctrl-c ends it.
async fn interruptible(
    context: &Context,
    running: impl Future<Output = Result<Exit, Failure>>,
) -> Result<Exit, Failure> {
    tokio::select! {
        result = running => result,
        _ = tokio::signal::ctrl_c() => {
            output::tell(crate::language::command::INTERRUPTED.text(context.spoken()));
            Ok(Exit::Interrupted)
        }
    }
}
