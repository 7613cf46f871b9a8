//! What became of each record of a command: done, refused with the reason, or not tried. The exit code is that of the worst.

use super::exit::{self, Exit, Failure};
use super::output::{self, Format, Grid, Head, csv, json, table};
use super::{Context, Session};
use crate::domain::licence_code::LicenceCode;
use crate::language::command::{
    DETAIL, IDENTIFIER, INTERRUPTED, NAME, OUTCOME, OUTCOME_DONE, OUTCOME_NOT_TRIED,
    OUTCOME_REFUSED, OUTCOME_WOULD, SECRET_SHOWN, WOULD,
};
use crate::language::{Message, display};
use crate::service::tell::tell;
use crate::service::{Done, Error, Mode};
use crate::ui::Cell;
use futures_util::FutureExt;
use serde_json::{Value, json};
use std::io::{IsTerminal, Write};
use tokio::signal::unix::{SignalKind, signal};

/// What became of one record.
pub struct Outcome {
    /// Its id, or what was given when there is no such record.
    pub id: String,
    /// What happened; none when it was not tried.
    pub result: Option<Result<Done, Error>>,
}

/// All outcomes of one command.
pub struct Outcomes {
    rows: Vec<Outcome>,
    interrupted: bool,
    blame: Blame,
}

/// Where values came from that do not fit: it decides between "wrong usage" and "failed".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// From the command line.
    Arguments,
    /// From a document that the command read.
    Document,
}

/// The outcome of a command that is one use case.
pub fn one(result: Result<Done, Error>, blame: Blame) -> Outcomes {
    Outcomes {
        rows: vec![Outcome {
            id: String::new(),
            result: Some(result),
        }],
        interrupted: false,
        blame,
    }
}

/// Runs over the records one by one. Ctrl-c stops between two records; a database that is gone stops the rest.
pub async fn each<F>(targets: Vec<String>, mut one: impl FnMut(String) -> F) -> Outcomes
where
    F: Future<Output = (String, Result<Done, Error>)>,
{
    let mut stop = signal(SignalKind::interrupt()).ok();
    let total = targets.len();
    let mut rows: Vec<Outcome> = Vec::with_capacity(total);
    let (mut interrupted, mut gone) = (false, false);
    for target in targets {
        let pressed = stop
            .as_mut()
            .is_some_and(|s| s.recv().now_or_never().is_some());
        interrupted |= pressed;
        if interrupted || gone {
            rows.push(Outcome {
                id: target,
                result: None,
            });
            continue;
        }
        let (id, result) = one(target).await;
        gone = result
            .as_ref()
            .is_err_and(|e| exit::of(e) == Exit::Retryable);
        rows.push(Outcome {
            id,
            result: Some(result),
        });
        progress(rows.len(), total);
    }
    Outcomes {
        rows,
        interrupted,
        blame: Blame::Arguments,
    }
}

/// A count on stderr, only for people and only when there is something to wait for.
fn progress(done: usize, total: usize) {
    let mut err = std::io::stderr().lock();
    if total < 10 || !err.is_terminal() {
        return;
    }
    let end = if done == total { "\r\x1b[K" } else { "" };
    let _ = write!(err, "\r{done}/{total}{end}");
}

impl Outcomes {
    /// What a command that is one use case shows once, and of what.
    fn secret(&self) -> Option<(&str, &LicenceCode)> {
        match self.rows.as_slice() {
            [
                Outcome {
                    result: Some(Ok(done)),
                    ..
                },
            ] => done.secret.as_ref().map(|code| (done.label.as_str(), code)),
            _ => None,
        }
    }

    fn exit(&self) -> Exit {
        let begin = if self.interrupted {
            Exit::Interrupted
        } else {
            Exit::Done
        };
        let each = self.rows.iter().filter_map(|r| r.result.as_ref());
        each.map(|r| {
            r.as_ref()
                .map_or_else(|e| exit_of(e, self.blame), |_| Exit::Done)
        })
        .fold(begin, Exit::worse)
    }
}

/// The exit code of an error; a document that does not fit is a failure, not wrong usage.
const fn exit_of(error: &Error, blame: Blame) -> Exit {
    match (exit::of(error), blame) {
        (Exit::Usage, Blame::Document) => Exit::Failed,
        (other, _) => other,
    }
}

/// Writes the outcomes and gives the exit code.
pub fn report(
    context: &Context,
    session: &Session,
    outcomes: &Outcomes,
    mode: Mode,
) -> Result<Exit, Failure> {
    let language = session.language;
    for done in outcomes
        .rows
        .iter()
        .filter_map(|r| r.result.as_ref()?.as_ref().ok())
    {
        done.said.iter().for_each(|line| output::tell(line));
    }
    if let Some(done) = outcomes
        .secret()
        .filter(|_| context.format() != Format::Json)
    {
        return write_secret(done, session, outcomes);
    }
    let single = match outcomes.rows.as_slice() {
        [
            Outcome {
                result: Some(Err(e)),
                ..
            },
        ] => Some(tell(e, language)),
        _ => None,
    };
    match context.format() {
        Format::Json => {
            let rows: Vec<Value> = outcomes
                .rows
                .iter()
                .map(|r| row_json(r, session, mode, outcomes.blame))
                .collect();
            output::data(json::write(&json!({ "rows": rows })).as_bytes())?;
        }
        Format::Table | Format::Csv if single.is_some() => {}
        Format::Csv => {
            output::data(csv::write(&grid(outcomes, session, mode, Format::Csv)).as_bytes())?;
        }
        Format::Table => {
            let text = table::write(
                &grid(outcomes, session, mode, Format::Table),
                session.reader(),
            );
            output::data(text.as_bytes())?;
        }
    }
    if let Some(sentence) = single {
        super::tell::sentence(&sentence, language);
    }
    if outcomes.interrupted {
        output::tell(INTERRUPTED.text(language));
    }
    if mode == Mode::DryRun {
        output::tell(WOULD.text(language));
    }
    Ok(outcomes.exit())
}

/// The code alone on stdout, so that it can be piped on; what is said about it on stderr. It is written this once.
fn write_secret(
    (label, code): (&str, &LicenceCode),
    session: &Session,
    outcomes: &Outcomes,
) -> Result<Exit, Failure> {
    output::tell(&SECRET_SHOWN.with(session.language, &[("label", label)]));
    output::data(format!("{}\n", code.expose()).as_bytes())?;
    Ok(outcomes.exit())
}

const fn word(outcome: &Outcome, mode: Mode) -> (&'static str, &'static Message) {
    match (&outcome.result, mode) {
        (Some(Ok(_)), Mode::Commit) => ("done", &OUTCOME_DONE),
        (Some(Ok(_)), Mode::DryRun) => ("possible", &OUTCOME_WOULD),
        (Some(Err(_)), _) => ("refused", &OUTCOME_REFUSED),
        (None, _) => ("not_tried", &OUTCOME_NOT_TRIED),
    }
}

/// The id of a record that an action made, else the one it was taken on.
fn id_of(outcome: &Outcome) -> &str {
    match &outcome.result {
        Some(Ok(done)) if !done.id.is_empty() => &done.id,
        _ => &outcome.id,
    }
}

fn grid(outcomes: &Outcomes, session: &Session, mode: Mode, format: Format) -> Grid {
    let head = |name, title, rank| Head { name, title, rank };
    let row = |outcome: &Outcome| {
        let (label, detail) = match &outcome.result {
            Some(Ok(done)) => (done.label.clone(), String::new()),
            Some(Err(e)) => (String::new(), tell(e, session.language)),
            None => (String::new(), String::new()),
        };
        let (name, shown) = word(outcome, mode);
        let outcome_text = match format {
            Format::Table => shown.text(session.language),
            Format::Json | Format::Csv => name,
        };
        vec![
            Cell::text(id_of(outcome)),
            Cell::text(label),
            Cell::text(outcome_text),
            Cell::text(detail),
        ]
    };
    Grid {
        heads: vec![
            head("id", &IDENTIFIER, 0),
            head("label", &NAME, 0),
            head("outcome", &OUTCOME, 0),
            head("detail", &DETAIL, 0),
        ],
        rows: outcomes.rows.iter().map(row).collect(),
    }
}

fn row_json(outcome: &Outcome, session: &Session, mode: Mode, blame: Blame) -> Value {
    let (name, _) = word(outcome, mode);
    let id = id_of(outcome);
    match &outcome.result {
        Some(Ok(done)) => {
            let mut row = json!({
                "id": id, "label": done.label, "outcome": name, "said": done.said,
                "undo_until": done.undo_until.map(display::rfc3339), "exit": 0,
            });
            if let Some(code) = &done.secret {
                row["code"] = code.expose().into();
            }
            row
        }
        Some(Err(e)) => json!({
            "id": id, "outcome": name, "error": exit::name(e),
            "message": tell(e, session.language), "exit": exit_of(e, blame).code(),
        }),
        None => json!({ "id": id, "outcome": name }),
    }
}
