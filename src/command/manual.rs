//! `manual DIR`: manual pages of the program and of every command, in the language of the reader.

use super::exit::{Exit, Failure};
use super::grammar::{self, positional};
use super::output;
use super::{Answer, Context, Verb};
use crate::language::flag::DIRECTORY;
use crate::language::verb::MANUAL;
use clap::{ArgMatches, Command};
use std::path::Path;

/// The command.
pub static VERB: Verb = Verb {
    noun: "",
    name: "manual",
    about: &MANUAL,
    arguments: |command, language| {
        command.arg(positional("directory", "DIR", &DIRECTORY, language).required(true))
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    let directory = arguments.get_one::<String>("directory");
    Box::pin(async move {
        let directory = Path::new(directory.map_or(".", String::as_str));
        std::fs::create_dir_all(directory).map_err(|e| failed(directory, &e))?;
        let mut tree = grammar::tree(context.spoken());
        tree.build();
        page(&tree, "portaal", directory)?;
        Ok(Exit::Done)
    })
}

/// Writes the page of a command and of all beneath it: `portaal-mail-resend.1`.
fn page(command: &Command, name: &str, directory: &Path) -> Result<(), Failure> {
    let titled = command
        .clone()
        .name(name.to_owned())
        .disable_help_flag(true);
    let path = directory.join(format!("{name}.1"));
    let mut text = Vec::new();
    clap_mangen::Man::new(titled)
        .render(&mut text)
        .and_then(|()| std::fs::write(&path, &text))
        .map_err(|e| failed(&path, &e))?;
    output::text(&format!("{}\n", path.display()))?;
    for inner in command.get_subcommands() {
        page(inner, &format!("{name}-{}", inner.get_name()), directory)?;
    }
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::file(path.display().to_string(), error)
}
