//! `delivery sample`: a made-up file, and when asked with faults that a check must find. Not what is in it: that is `delivery`.

use super::{against, as_of, organisation, specification};
use crate::command::exit::{Exit, Failure};
use crate::command::grammar::{positional, value};
use crate::command::output;
use crate::command::{Answer, Context, Verb};
use crate::delivery::Format;
use crate::delivery::sample::{self, Faults, Planted, Sample};
use crate::language::delivery::{BROKEN, ROWS, SAMPLE as ABOUT, SEED, TO};
use crate::language::finding::place;
use crate::language::{Language, Message};
use clap::{ArgMatches, value_parser};
use serde_json::json;
use std::fs::File;
use std::io::{self, BufWriter, Write};

/// The organisation of a sample that names none: no such AGB code is in use.
const NOBODY: &str = "00000000";
/// Most rows of a sample.
const MOST: u64 = 10_000_000;

/// The command.
pub static SAMPLE: Verb = Verb {
    noun: "delivery",
    name: "sample",
    about: &ABOUT,
    arguments: |command, language| {
        let text = |message: &Message| message.text(language).to_owned();
        let whole = |arg: clap::Arg, most| arg.value_parser(value_parser!(u64).range(0..=most));
        let rows = whole(value("rows", "N", text(&ROWS), language), MOST).required(true);
        let broken = whole(value("broken", "PERCENT", text(&BROKEN), language), 100);
        let seed = whole(value("seed", "K", text(&SEED), language), u64::MAX);
        against(command, language)
            .mut_arg("specification", |arg| arg.required(true))
            .arg(rows)
            .arg(broken)
            .arg(seed)
            .arg(positional("file", "FILE", &TO, language))
    },
    run,
};

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(async move { write(context, arguments) })
}

fn write(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let language = context.spoken();
    let whole = |name: &str| arguments.get_one::<u64>(name).copied();
    // The parser asks for a specification; without one there is nothing to do.
    let Some(specification) = specification(arguments) else {
        return Ok(Exit::Usage);
    };
    let sample = Sample {
        organisation: organisation(context, arguments)?.unwrap_or_else(|| NOBODY.to_owned()),
        rows: whole("rows").unwrap_or_default(),
        seed: whole("seed").unwrap_or_default(),
        faults: whole("broken").map_or(Faults::None, |percent| {
            Faults::Any(u8::try_from(percent).unwrap_or(100))
        }),
        as_of: as_of(context, arguments)?,
    };
    let target = arguments.get_one::<String>("file");
    let planted = match target {
        Some(path) => to_file(path, &mut |out| {
            sample::write_as(specification, &sample, out)
        })?,
        None => to_stdout(specification, &sample)?,
    };
    if sample.faults != Faults::None {
        tell(&planted, target, language)?;
    }
    Ok(Exit::Done)
}

/// The list stands beside the file; a sample on stdout has its list on stderr.
fn tell(planted: &[Planted], target: Option<&String>, language: Language) -> Result<(), Failure> {
    let Some(path) = target else {
        let lines: String = planted.iter().map(|p| line(p, language)).collect();
        if !lines.is_empty() {
            output::tell(&lines);
        }
        return Ok(());
    };
    to_file(&format!("{path}.faults.jsonl"), &mut |out| {
        planted
            .iter()
            .try_for_each(|p| out.write_all(line(p, language).as_bytes()))
    })
}

fn line(planted: &Planted, language: Language) -> String {
    let column = planted.column.map(|c| place(c.name_or_number(), language));
    let code = planted.code.as_str();
    format!(
        "{}\n",
        json!({ "row": planted.row, "code": code, "column": column })
    )
}

fn to_file<T>(
    path: &str,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<T>,
) -> Result<T, Failure> {
    let written = File::create(path).and_then(|file| {
        let mut out = BufWriter::new(file);
        let result = write(&mut out)?;
        out.flush().map(|()| result)
    });
    written.map_err(|e| Failure::file(path, &e))
}

fn to_stdout(specification: Format, sample: &Sample) -> Result<Vec<Planted>, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = sample::write_as(specification, sample, &mut out)
        .and_then(|planted| out.flush().map(|()| planted));
    written.map_err(|e| match e.kind() {
        io::ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::file("stdout", &e),
    })
}
