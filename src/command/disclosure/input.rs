//! What the commands have in common: their arguments, the files that they name, and the sentence for what is wrong in one.

use crate::command::grammar::{codes, positional, value};
use crate::command::{Context, Failure, source};
use crate::extract::read::{Hierarchy, Table};
use crate::extract::{Fault, Interval, Problem, Rules, Wrong, Zeros, read};
use crate::language::disclosure as say;
use crate::language::{Language, Message};
use clap::{ArgAction, ArgMatches, Command, value_parser};

/// Most bytes of a table, a hierarchy or a certificate.
pub(super) const MOST_BYTES: u64 = 512 * 1024 * 1024;

/// Tables, hierarchies and the word for a total.
pub(super) fn tables(command: Command, language: Language) -> Command {
    let text = |message: &Message| message.text(language).to_owned();
    command
        .arg(
            positional("tables", "TABLE", &say::TABLES, language)
                .num_args(1..)
                .required(true),
        )
        .arg(
            value("hierarchy", "DIM=FILE", text(&say::HIERARCHY), language)
                .action(ArgAction::Append),
        )
        .arg(
            value("total", "WORD", text(&say::TOTAL), language)
                .default_value("Total")
                .hide_default_value(true),
        )
}

/// `--min-count` and `--interval`.
pub(super) fn rules(command: Command, language: Language) -> Command {
    let text = |message: &Message| message.text(language).to_owned();
    let least = value("min-count", "N", text(&say::MIN_COUNT), language);
    command
        .arg(value("insider", "DIM", text(&say::INSIDER), language))
        .arg(least.value_parser(value_parser!(i64).range(1..=1_000_000)))
        .arg(codes(
            value("interval", "FORM", text(&say::INTERVAL), language),
            &["threshold", "exact"],
        ))
}

/// The rules as they were asked.
pub(super) fn rules_of(arguments: &ArgMatches) -> Rules {
    let is = |name: &str, value: &str| {
        let given = arguments.try_get_one::<String>(name).ok().flatten();
        given.is_some_and(|given| given == value)
    };
    let usual = Rules::default();
    Rules {
        min_count: arguments
            .get_one("min-count")
            .copied()
            .unwrap_or(usual.min_count),
        zeros: if is("zeros", "publish") {
            Zeros::Publish
        } else {
            usual.zeros
        },
        interval: if is("interval", "exact") {
            Interval::Exact
        } else {
            usual.interval
        },
        insider: arguments.get_one("insider").cloned(),
    }
}

/// Refuses insiders of a dimension that no table has.
pub(super) fn insider(context: &Context, problem: &Problem, rules: &Rules) -> Result<(), Failure> {
    match &rules.insider {
        Some(name) if !problem.dimensions.contains(name) => Err(Failure::Usage(
            say::BAD_INSIDER.with(context.spoken(), &[("what", name)]),
        )),
        _ => Ok(()),
    }
}

/// What was read, and the problem that it makes.
pub(super) struct Input {
    pub(super) problem: Problem,
    pub(super) hierarchies: Vec<Hierarchy>,
    pub(super) total: String,
}

/// Reads tables and hierarchies.
pub(super) fn read(context: &Context, arguments: &ArgMatches) -> Result<Input, Failure> {
    let total = arguments
        .get_one::<String>("total")
        .cloned()
        .unwrap_or_default();
    let mut hierarchies = Vec::new();
    for given in arguments
        .get_many::<String>("hierarchy")
        .into_iter()
        .flatten()
    {
        let Some((dimension, path)) = given.split_once('=') else {
            return Err(Failure::Usage(
                say::BAD_HIERARCHY.with(context.spoken(), &[("what", given)]),
            ));
        };
        let text = source::text(path, MOST_BYTES)?;
        hierarchies.push(read::hierarchy(path, dimension, &text).map_err(|f| told(context, &f))?);
    }
    let paths = arguments.get_many::<String>("tables").into_iter().flatten();
    let tables = paths
        .map(|path| table(context, path))
        .collect::<Result<Vec<_>, _>>()?;
    let problem = Problem::new(&tables, &hierarchies, &total).map_err(|f| told(context, &f))?;
    Ok(Input {
        problem,
        hierarchies,
        total,
    })
}

/// Reads one table.
pub(super) fn table(context: &Context, path: &str) -> Result<Table, Failure> {
    let text = source::text(path, MOST_BYTES)?;
    read::table(path, &text).map_err(|f| told(context, &f))
}

/// What is wrong in a file, as wrong usage.
pub(super) fn told(context: &Context, fault: &Fault) -> Failure {
    let language = context.spoken();
    let what = sentence(fault.wrong).with(language, &[("what", &fault.what)]);
    let line = fault.line.to_string();
    let values = [
        ("file", fault.file.as_str()),
        ("line", &line),
        ("what", &what),
    ];
    Failure::Usage(say::AT.with(language, &values))
}

const fn sentence(wrong: Wrong) -> &'static Message {
    match wrong {
        Wrong::Form => &say::FORM,
        Wrong::Column => &say::COLUMN,
        Wrong::Number => &say::NUMBER,
        Wrong::Negative => &say::NEGATIVE,
        Wrong::Status => &say::STATUS,
        Wrong::Interval => &say::BOUNDS,
        Wrong::Twice => &say::TWICE,
        Wrong::Total => &say::SUM,
        Wrong::NoTotal => &say::NO_TOTAL,
        Wrong::Parent => &say::PARENT,
        Wrong::Cycle => &say::CYCLE,
        Wrong::Dimension => &say::DIMENSION,
        Wrong::Certificate => &say::BAD_PROOF,
        Wrong::Size => &say::SIZE,
    }
}
