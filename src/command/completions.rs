//! `completions SHELL`: what a shell needs to complete nouns, verbs, flags and codes.

use super::exit::Exit;
use super::grammar::{self, codes, positional};
use super::output;
use super::{Answer, Context, Verb};
use crate::language::flag::SHELL;
use crate::language::verb::COMPLETIONS;
use clap::ArgMatches;
use clap_complete::Shell;

/// The command.
pub static VERB: Verb = Verb {
    noun: "",
    name: "completions",
    about: &COMPLETIONS,
    arguments: |command, language| {
        let shell = positional("shell", "SHELL", &SHELL, language).required(true);
        let names = &["bash", "zsh", "fish", "elvish", "powershell"];
        command.arg(codes(shell, names))
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    let name = arguments.get_one::<String>("shell");
    let shell: Shell = name.and_then(|n| n.parse().ok()).unwrap_or(Shell::Bash);
    let mut script = Vec::new();
    let mut tree = grammar::tree(context.spoken());
    clap_complete::generate(shell, &mut tree, "portaal", &mut script);
    Box::pin(async move {
        output::data(&script)?;
        Ok(Exit::Done)
    })
}
