//! `submission report`: the verwerkingsverslag as text, JSON, CSV or a workbook, to stdout or a new file. What stands in it is
//! decided in `service`.

use super::exit::{Exit, Failure};
use super::grammar::{codes, positional, value};
use super::output::sheet::{self, Sheet, Value};
use super::output::{self, Grid, Head, csv, json};
use super::{Context, Verb, act};
use crate::domain::kind::Kind;
use crate::language::finding::finding;
use crate::language::flag::{REPORT_FORM, TO_FILE};
use crate::language::verb::SUBMISSION_REPORT;
use crate::language::{Language, column, report as say, state};
use crate::service::report::{Report, Rule};
use crate::service::report_text::{self, summary, verdict};
use crate::service::{self, report};
use crate::ui::Cell;
use clap::ArgMatches;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

/// Forms of a report.
const FORMS: &[&str] = &["table", "json", "csv", "xlsx"];

/// The command.
pub static REPORT: Verb = Verb {
    noun: "submission",
    name: "report",
    about: &SUBMISSION_REPORT,
    arguments: |command, language| {
        let about = REPORT_FORM.text(language).to_owned();
        let form = value("output", "FORM", about, language);
        let to = value("to", "FILE", TO_FILE.text(language).to_owned(), language);
        command
            .arg(positional("id", "ID", act::about_id(Kind::Submission), language).required(true))
            .arg(codes(form, FORMS))
            .arg(to)
    },
    run: |context, arguments| Box::pin(run(context, arguments)),
};

async fn run(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let text = |name: &str| arguments.get_one::<String>(name).map_or("", String::as_str);
    let session = context.session().await?;
    let id = service::find(&session.services, Kind::Submission, text("id")).await?;
    let found = report::of(&session.services, &session.actor, &id).await?;
    let language = session.language;
    let bytes = match text("output") {
        "json" => json::write(&report_text::json(&found, language)).into_bytes(),
        "csv" => csv::write(&grid(&found, language)).into_bytes(),
        "xlsx" => sheet::write(&sheets(&found, language))
            .map_err(|e| Failure::file("xlsx", &std::io::Error::other(e.to_string())))?,
        _ => lines(&found, language).into_bytes(),
    };
    match text("to") {
        "" | "-" => output::data(&bytes)?,
        path => {
            save(path, &bytes)?;
            output::text(&format!("{path}\n"))?;
        }
    }
    Ok(Exit::Done)
}

fn lines(r: &Report, language: Language) -> String {
    let mut all = vec![say::TITLE.text(language).to_owned(), String::new()];
    all.extend(report_text::lines(r, language));
    let mut text = output::safe_lines(&all.join("\n"));
    text.push('\n');
    text
}

/// One table of everything: the summary first, then a row per place, then what was counted only.
fn grid(r: &Report, language: Language) -> Grid {
    let head = |name, title| Head {
        name,
        title,
        rank: 0,
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let row = |part: &str, code: &str, rest: [Cell; 6]| {
        let mut cells = vec![Cell::text(part), Cell::text(code)];
        cells.extend(rest);
        cells
    };
    let plain = |text: String| {
        let mut cells = [const { Cell::Empty }; 6];
        cells[4] = Cell::text(text);
        cells
    };
    rows.push(row("summary", "verdict", plain(verdict(r, language))));
    for (key, name, value) in summary(r, language) {
        rows.push(row("summary", key, plain(format!("{name}: {value}"))));
    }
    for rule in &r.rules {
        rows.extend(
            rule_rows(rule, language)
                .into_iter()
                .map(|rest| row("finding", &rule.code, rest)),
        );
    }
    Grid {
        heads: vec![
            head("part", &say::PART),
            head("code", &column::CODE),
            head("severity", &column::SEVERITY),
            head("line", &column::LINE),
            head("column", &column::COLUMN),
            head("count", &column::TIMES),
            head("message", &say::MESSAGE),
            head("action", &say::ACTION),
        ],
        rows,
    }
}

fn rule_rows(rule: &Rule, language: Language) -> Vec<[Cell; 6]> {
    let (what, action) = finding(&rule.code);
    let cells = |line: i64, column: &str, count: i64| {
        [
            Cell::text(&rule.severity),
            if line > 0 {
                Cell::Number(line)
            } else {
                Cell::Empty
            },
            Cell::text(column),
            Cell::Number(count),
            Cell::text(what.text(language)),
            Cell::text(action.text(language)),
        ]
    };
    let mut rows: Vec<[Cell; 6]> = rule
        .places
        .iter()
        .map(|p| cells(p.line, &p.column, p.count))
        .collect();
    if rule.rest() > 0 {
        rows.push(cells(0, "", rule.rest()));
    }
    rows
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn heads(all: &[&crate::language::Message], language: Language) -> Vec<String> {
    all.iter().map(|m| m.text(language).to_owned()).collect()
}

/// The same in three sheets: summary, rules, places.
fn sheets(r: &Report, language: Language) -> Vec<Sheet> {
    let title = text(say::TITLE.text(language));
    let mut about = vec![vec![title, Value::Text(verdict(r, language))]];
    let named = summary(r, language).into_iter();
    about.extend(named.map(|(_, name, value)| vec![Value::Text(name), Value::Text(value)]));
    let code = &column::CODE;
    vec![
        Sheet {
            name: say::SHEET_SUMMARY.text(language).to_owned(),
            heads: Vec::new(),
            rows: about,
        },
        Sheet {
            name: say::SHEET_RULES.text(language).to_owned(),
            heads: heads(
                &[
                    code,
                    &column::SEVERITY,
                    &column::TIMES,
                    &say::MESSAGE,
                    &say::ACTION,
                ],
                language,
            ),
            rows: r
                .rules
                .iter()
                .map(|rule| rule_line(rule, language))
                .collect(),
        },
        Sheet {
            name: say::SHEET_PLACES.text(language).to_owned(),
            heads: heads(
                &[code, &column::LINE, &column::COLUMN, &column::TIMES],
                language,
            ),
            rows: r.rules.iter().flat_map(place_lines).collect(),
        },
    ]
}

fn rule_line(rule: &Rule, language: Language) -> Vec<Value> {
    let (what, action) = finding(&rule.code);
    vec![
        text(&rule.code),
        Value::Text(state::label(Kind::Submission, &rule.severity, language)),
        Value::Number(rule.count),
        text(what.text(language)),
        text(action.text(language)),
    ]
}

fn place_lines(rule: &Rule) -> Vec<Vec<Value>> {
    let line = |p: &report::Place| {
        let at = if p.line > 0 {
            Value::Number(p.line)
        } else {
            text("")
        };
        vec![
            text(&rule.code),
            at,
            text(&p.column),
            Value::Number(p.count),
        ]
    };
    rule.places.iter().map(line).collect()
}

/// Writes a new file; one that exists is not replaced.
fn save(path: &str, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(path);
    opened
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|e| Failure::file(path, &e))
}
