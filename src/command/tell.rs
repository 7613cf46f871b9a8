//! Tells on stderr why a command did not happen: errors of use cases, settings and files, and what is wrong with a command line.

use super::exit::{Exit, Failure};
use super::output;
use crate::config::ConfigError;
use crate::language::Language;
use crate::language::command::{BAD_SETTING, CANNOT_READ, FAILED};
use crate::language::usage::{
    BAD_VALUE, COMMAND_NEEDED, NEAREST, NEEDED, NOT_TOGETHER, OPTIONS, OTHER, SEE_HELP, TAKES,
    TOO_MANY, UNKNOWN_ARGUMENT, UNKNOWN_COMMAND, VALUE_MISSING,
};
use crate::service::tell::tell as sentence_of;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Tells a failure.
pub fn failed(failure: &Failure, language: Language) {
    let text = match failure {
        Failure::Service(e) => sentence_of(e, language),
        Failure::Config(e) => setting(e, language),
        Failure::Usage(text) => text.clone(),
        Failure::File { path, detail } => {
            CANNOT_READ.with(language, &[("path", path), ("detail", detail)])
        }
        Failure::Told(_) | Failure::Closed => return,
    };
    sentence(&text, language);
}

/// Tells one sentence in the name of the program.
pub fn sentence(text: &str, language: Language) {
    output::tell(&FAILED.with(language, &[("what", text)]));
}

fn setting(error: &ConfigError, language: Language) -> String {
    BAD_SETTING.with(language, &[("detail", &error.to_string())])
}

/// Tells why arguments are not a command, or shows the help or version that was asked. Gives the exit code.
pub fn unparsed(error: &clap::Error, language: Language) -> Exit {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    ) {
        // The one word of the parser's own that has no other way to another language.
        let text = error.render().to_string();
        let text = text.replace(OPTIONS.en, OPTIONS.text(language));
        return match output::data(text.as_bytes()) {
            Ok(()) => Exit::Done,
            Err(failure) => failure.exit(),
        };
    }
    sentence(&wrong(error, language), language);
    if let Some(nearest) = nearest(error) {
        output::tell(&NEAREST.with(language, &[("what", &nearest)]));
    }
    let values = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
    let takes = values
        .iter()
        .map(|k| context(error, *k))
        .find(|v| !v.is_empty());
    if let Some(takes) = takes.filter(|_| error.kind() == ErrorKind::InvalidValue) {
        output::tell(&TAKES.with(language, &[("values", &takes)]));
    }
    output::tell(&SEE_HELP.with(language, &[("what", &command(error))]));
    Exit::Usage
}

fn wrong(error: &clap::Error, language: Language) -> String {
    let argument = context(error, ContextKind::InvalidArg);
    let given = context(error, ContextKind::InvalidValue);
    let what = [("what", argument.as_str()), ("value", given.as_str())];
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = context(error, ContextKind::InvalidSubcommand);
            UNKNOWN_COMMAND.with(language, &[("what", &word)])
        }
        ErrorKind::UnknownArgument => UNKNOWN_ARGUMENT.with(language, &what),
        ErrorKind::InvalidValue if given.is_empty() => VALUE_MISSING.with(language, &what),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => BAD_VALUE.with(language, &what),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            VALUE_MISSING.with(language, &what)
        }
        ErrorKind::TooManyValues => TOO_MANY.with(language, &what),
        ErrorKind::MissingRequiredArgument => NEEDED.with(language, &what),
        ErrorKind::MissingSubcommand => {
            let values = context(error, ContextKind::ValidSubcommand);
            COMMAND_NEEDED.with(language, &[("values", &values)])
        }
        ErrorKind::ArgumentConflict => conflict(error, language, &argument),
        _ => OTHER.with(language, &[("what", first_line(error).as_str())]),
    }
}

fn conflict(error: &clap::Error, language: Language, argument: &str) -> String {
    let other = context(error, ContextKind::PriorArg);
    if other.is_empty() || other == argument {
        return TOO_MANY.with(language, &[("what", argument)]);
    }
    NOT_TOGETHER.with(language, &[("what", argument), ("other", &other)])
}

fn nearest(error: &clap::Error) -> Option<String> {
    let kinds = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    // Several suggestions stand in rising order of likeness.
    kinds.iter().find_map(|kind| match error.get(*kind) {
        Some(ContextValue::String(one)) => Some(one.clone()),
        Some(ContextValue::Strings(all)) => all.last().cloned(),
        _ => None,
    })
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::Number(n)) => n.to_string(),
        _ => String::new(),
    }
}

/// The command whose usage clap shows, without its arguments.
fn command(error: &clap::Error) -> String {
    let usage = context(error, ContextKind::Usage);
    let words = usage.split_whitespace().skip_while(|w| *w != "portaal");
    let plain =
        |w: &&str| w.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !w.starts_with('-');
    let words: Vec<&str> = words.take_while(plain).collect();
    if words.is_empty() {
        "portaal".to_owned()
    } else {
        words.join(" ")
    }
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.trim_start_matches("error: ").to_owned()
}
