//! `disclosure protect`: the table with its statuses on stdout, the proof in a file. Nothing is written before the checker accepts it.

use super::input::{self, Input};
use super::masked::masked;
use super::verify::refusal;
use super::{input::MOST_BYTES, running};
use crate::command::grammar::{codes, flag, value};
use crate::command::output::{self, Format, csv, json};
use crate::command::tell::sentence;
use crate::command::{Answer, Context, Exit, Failure, Verb};
use crate::extract::read::{Hierarchy, Status};
use crate::extract::{
    Cell, Certificate, FORM, Problem, Protected, Rules, Way, protect, read, verify,
};
use crate::language::disclosure as say;
use crate::language::{Language, Message};
use clap::{ArgMatches, Command, value_parser};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The command.
pub static PROTECT: Verb = Verb {
    noun: "disclosure",
    name: "protect",
    about: &say::PROTECT,
    arguments,
    run,
};

fn arguments(command: Command, language: Language) -> Command {
    let text = |message: &Message| message.text(language).to_owned();
    let zeros = value("zeros", "FORM", text(&say::ZEROS), language);
    let masked = flag("masked", &say::MASKED, language);
    let seed = value("seed", "K", text(&say::SEED), language);
    input::rules(input::tables(command, language), language)
        .arg(codes(zeros, &["protect", "publish"]))
        .arg(seed.value_parser(value_parser!(u64)))
        .arg(masked.conflicts_with("certificate"))
        .arg(value(
            "certificate",
            "FILE",
            text(&say::CERTIFICATE),
            language,
        ))
}

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(hide(context, arguments))
}

async fn hide(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let language = context.spoken();
    if context.format == Some(Format::Table) {
        return Err(Failure::Usage(say::NO_TABLE_FORM.text(language).to_owned()));
    }
    let Input {
        problem,
        hierarchies,
        total,
    } = input::read(context, arguments)?;
    let rules = input::rules_of(arguments);
    let seed = arguments.get_one("seed").copied().unwrap_or(1);
    input::insider(context, &problem, &rules)?;
    let asked = rules.clone();
    let (problem, protected) = running::run(context, move |watch| {
        protect(&problem, &asked, seed, watch).map(|protected| (problem, protected))
    })
    .await?;
    if let Some(first) = protected.open.first() {
        let cells = protected.open.len().to_string();
        let what = problem.names(*first).join(" | ");
        let values = [("cells", cells.as_str()), ("what", &what)];
        sentence(&say::CANNOT.with(language, &values), language);
        return Ok(Exit::Failed);
    }
    let text = csv::records(&rows(&problem, &protected.status));
    let certificate = proof(&protected, &rules, total, &hierarchies, &text);
    let table = read::table("stdout", &text).map_err(|f| input::told(context, &f))?;
    if let Err(refused) = verify(&table, &certificate) {
        let what = refusal(refused, language);
        sentence(&say::DOUBT.with(language, &[("what", &what)]), language);
        return Ok(Exit::Failed);
    }
    if let Some(path) = arguments.get_one::<String>("certificate") {
        keep(path, &certificate)?;
    }
    let data = match context.format() {
        format if arguments.get_flag("masked") => masked(&problem, &protected.status, format),
        Format::Json => json::write(&document(&problem, &protected, &rules)),
        Format::Csv | Format::Table => text,
    };
    output::data(data.as_bytes())?;
    output::tell(&summary(&problem, &protected, language));
    Ok(Exit::Done)
}

fn proof(
    protected: &Protected,
    rules: &Rules,
    total: String,
    hierarchies: &[Hierarchy],
    text: &str,
) -> Certificate {
    Certificate {
        form: FORM.to_owned(),
        total,
        rules: rules.clone(),
        hierarchies: hierarchies.iter().map(Way::of).collect(),
        sha256: hex::encode(Sha256::digest(text)),
        beside: Vec::new(),
        relations: Vec::new(),
        witnesses: protected.witnesses.clone(),
    }
}

/// Writes the proof whole or not at all, readable for its owner alone.
fn keep(path: &str, certificate: &Certificate) -> Result<(), Failure> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let text = serde_json::to_vec(certificate).map_err(|e| Failure::file(path, &e.into()))?;
    debug_assert!((text.len() as u64) < MOST_BYTES);
    let partial = format!("{path}.partial");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let written = options.open(&partial).and_then(|mut file| {
        file.write_all(&text)?;
        file.sync_all()?;
        std::fs::rename(&partial, Path::new(path))
    });
    written.map_err(|e| Failure::file(path, &e))
}

/// A column that a table may have or not.
type Part = fn(&Cell) -> Option<i64>;

/// The table as it is read again.
fn rows(problem: &Problem, status: &[Status]) -> Vec<Vec<String>> {
    let extra: Vec<(&str, Part)> = [
        ("n", (|c| c.n) as Part),
        ("lpl", |c| c.lower),
        ("upl", |c| c.upper),
    ]
    .into_iter()
    .filter(|(_, of)| problem.cells.iter().any(|c| of(c).is_some()))
    .collect();
    let mut header = problem.dimensions.clone();
    header.extend(["value".to_owned(), "status".to_owned()]);
    header.extend(extra.iter().map(|(name, _)| (*name).to_owned()));
    let mut all = vec![header];
    for (at, cell) in problem.cells.iter().enumerate() {
        let mut row: Vec<String> = problem.names(at).into_iter().map(str::to_owned).collect();
        row.push(cell.value.to_string());
        row.push(status[at].letter().to_owned());
        row.extend(
            extra
                .iter()
                .map(|(_, of)| of(cell).map(|n| n.to_string()).unwrap_or_default()),
        );
        all.push(row);
    }
    all
}

fn document(problem: &Problem, protected: &Protected, rules: &Rules) -> Value {
    let row = |at: usize| {
        let mut row = Map::new();
        for (dimension, code) in problem.dimensions.iter().zip(problem.names(at)) {
            row.insert(dimension.clone(), code.into());
        }
        let status = protected.status[at];
        row.insert("value".to_owned(), problem.cells[at].value.into());
        row.insert("status".to_owned(), status.letter().into());
        let reason = (status == Status::Primary).then(|| rules.reason(&problem.cells[at]));
        let reason = reason.flatten().map(|r| format!("{r:?}").to_lowercase());
        row.insert("reason".to_owned(), json!(reason));
        Value::Object(row)
    };
    let rows: Vec<Value> = (0..problem.cells.len()).map(row).collect();
    json!({ "rules": rules, "rows": rows })
}

fn summary(problem: &Problem, protected: &Protected, language: Language) -> String {
    let count = |wanted: Status| protected.status.iter().filter(|s| **s == wanted).count();
    let hidden = protected.status.iter().zip(&problem.cells);
    let clients: i64 = hidden
        .filter(|(s, _)| **s == Status::Secondary)
        .map(|(_, c)| c.value)
        .sum();
    say::HIDDEN.with(
        language,
        &[
            ("cells", &problem.cells.len().to_string()),
            ("primary", &count(Status::Primary).to_string()),
            ("secondary", &count(Status::Secondary).to_string()),
            ("clients", &clients.to_string()),
            ("witnesses", &protected.witnesses.len().to_string()),
        ],
    )
}
