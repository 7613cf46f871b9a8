//! The parser, built from the table of commands, in the language of the reader. Not what the commands do.

use super::{Entry, Leaf, about_noun, act, entries, list, nouns, show};
use crate::command::output::Format;
use crate::language::command::{
    ABOUT, AFTER, ARGUMENTS, AS_LOGIN, ASCII, COMMANDS, DATABASE, GLOBAL, HELP, KEYMAP, LANGUAGE,
    LIST, LIST_PENDING, MOUSE, OPTIONS, OUTPUT, READ_ONLY, SHOW, THEME, USAGE, VERSION,
};
use crate::language::{Language, Message, verb};
use clap::builder::{PossibleValuesParser, StyledStr, Styles};
use clap::{Arg, ArgAction, Command};

/// The whole command line.
pub fn tree(language: Language) -> Command {
    let entries = entries();
    let mut root = global(Command::new("portaal"), language)
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT.text(language))
        .after_help(AFTER.text(language))
        .styles(Styles::plain())
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .infer_long_args(false);
    root = root.arg(
        Arg::new("version")
            .long("version")
            .short('V')
            .action(ArgAction::Version)
            .help(VERSION.text(language))
            .help_heading(OPTIONS.text(language)),
    );
    for word in first_words(&entries) {
        root = root.subcommand(first(word, &entries, language));
    }
    dressed(root, language)
}

/// Nouns and commands that stand alone, each once, in the order of the table: nouns first.
fn first_words(entries: &[Entry]) -> Vec<&'static str> {
    let alone = entries.iter().filter(|e| e.noun.is_empty());
    let alone = alone.map(|e| e.name);
    let mut words: Vec<&'static str> = Vec::new();
    for word in nouns(entries).into_iter().chain(alone) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

fn first(word: &'static str, entries: &[Entry], language: Language) -> Command {
    let mut command = Command::new(word);
    let alone = entries.iter().find(|e| e.noun.is_empty() && e.name == word);
    if let Some(Leaf::Verb(verb)) = alone.map(|e| e.leaf) {
        command = (verb.arguments)(command.about(verb.about.text(language)), language);
    } else {
        let about = about_noun(word).map_or("", |m| m.text(language));
        command = command.about(about).subcommand_required(true);
    }
    for entry in entries.iter().filter(|e| e.noun == word) {
        command = command.subcommand(dressed(leaf(entry, language), language));
    }
    dressed(command, language)
}

fn leaf(entry: &Entry, language: Language) -> Command {
    let command = Command::new(entry.name);
    match entry.leaf {
        Leaf::Verb(verb) => (verb.arguments)(command.about(verb.about.text(language)), language),
        Leaf::List(l) => {
            let about = if entry.name == "list" {
                &LIST
            } else {
                &LIST_PENDING
            };
            list::arguments(command.about(about.text(language)), l, language)
        }
        Leaf::Show(l, _) => show::arguments(command.about(SHOW.text(language)), l.kind, language),
        Leaf::Act(a) => act::arguments(command.about(verb::act(a).text(language)), a, language),
    }
}

/// Headings, help flag and template in the language of the reader.
fn dressed(command: Command, language: Language) -> Command {
    let template = format!(
        "{{before-help}}{{about-with-newline}}\n{} {{usage}}\n\n{{all-args}}{{after-help}}\n",
        USAGE.text(language)
    );
    command
        .help_template(StyledStr::from(template))
        .subcommand_help_heading(COMMANDS.text(language))
        .subcommand_value_name(COMMANDS.text(language).to_uppercase())
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .arg(
            Arg::new("help")
                .long("help")
                .short('h')
                .action(ArgAction::Help)
                .help(HELP.text(language))
                .help_heading(OPTIONS.text(language)),
        )
}

fn global(command: Command, language: Language) -> Command {
    let text = |name: &'static str, about: &'static Message, value: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .help(about.text(language))
            .help_heading(GLOBAL.text(language))
            .global(true)
    };
    let flag = |name: &'static str, about: &'static Message| {
        text(name, about, "").action(ArgAction::SetTrue)
    };
    command
        .arg(text("database", &DATABASE, "URL"))
        .arg(codes(text("language", &LANGUAGE, "nl|en"), &["nl", "en"]))
        .arg(codes(text("output", &OUTPUT, "FORM"), &Format::NAMES))
        .arg(flag("read-only", &READ_ONLY))
        .arg(text("as", &AS_LOGIN, "LOGIN"))
        .arg(codes(text("theme", &THEME, "THEME"), crate::config::THEMES))
        .arg(text("keymap", &KEYMAP, "KEYMAP"))
        .arg(flag("ascii", &ASCII))
        .arg(flag("mouse", &MOUSE))
}

/// An argument that takes one of these codes; the help text names them itself.
pub fn codes(arg: Arg, codes: &'static [&'static str]) -> Arg {
    arg.value_parser(PossibleValuesParser::new(codes))
        .hide_possible_values(true)
}

/// A flag with a value.
pub fn value(name: &'static str, value: &'static str, about: String, language: Language) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(value)
        .help(about)
        .help_heading(OPTIONS.text(language))
}

/// A flag without a value.
pub fn flag(name: &'static str, about: &Message, language: Language) -> Arg {
    Arg::new(name)
        .long(name)
        .action(ArgAction::SetTrue)
        .help(about.text(language))
        .help_heading(OPTIONS.text(language))
}

/// An argument without a name, known by its place.
pub fn positional(
    name: &'static str,
    shown: &'static str,
    about: &Message,
    language: Language,
) -> Arg {
    Arg::new(name)
        .value_name(shown)
        .help(about.text(language))
        .help_heading(ARGUMENTS.text(language))
}
