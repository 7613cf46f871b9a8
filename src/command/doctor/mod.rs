//! `doctor`: checks what the program depends on; each line is ok, attention or wrong, with what to do. It repairs nothing.

mod database;
mod machine;
mod releases;

use super::exit::{Exit, Failure};
use super::output::{self, Format, Grid, Head, csv, json, table, terminal_width};
use super::{Answer, Context, Verb};
use crate::clock::Clock;
use crate::language::doctor::{ADVICE, ATTENTION, CHECKED, FOUND, OK, STATUS, WRONG};
use crate::language::verb::DOCTOR;
use crate::language::{Language, Message};
use crate::ui::Cell;
use clap::ArgMatches;
use serde_json::{Value, json};

pub use database::exists;

/// The command.
pub static VERB: Verb = Verb {
    noun: "",
    name: "doctor",
    about: &DOCTOR,
    arguments: |command, _| command,
    run,
};

/// How a part was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Ok,
    Attention,
    Wrong,
}

impl Verdict {
    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Attention => "attention",
            Self::Wrong => "wrong",
        }
    }

    const fn label(self) -> &'static Message {
        match self {
            Self::Ok => &OK,
            Self::Attention => &ATTENTION,
            Self::Wrong => &WRONG,
        }
    }
}

/// One part that was checked.
struct Check {
    part: &'static Message,
    verdict: Verdict,
    found: String,
    advice: String,
}

impl Check {
    fn ok(part: &'static Message, found: impl Into<String>) -> Self {
        Self {
            part,
            verdict: Verdict::Ok,
            found: found.into(),
            advice: String::new(),
        }
    }

    fn attention(
        part: &'static Message,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self {
            verdict: Verdict::Attention,
            advice: advice.into(),
            ..Self::ok(part, found)
        }
    }

    fn wrong(part: &'static Message, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Wrong,
            ..Self::attention(part, found, advice)
        }
    }
}

fn run<'a>(context: &'a Context, _: &'a ArgMatches) -> Answer<'a> {
    Box::pin(doctor(context))
}

async fn doctor(context: &Context) -> Result<Exit, Failure> {
    let settings = context.settings()?;
    let language = context.spoken();
    let (mut checks, reached) = database::checks(&settings, language).await;
    checks.extend(machine::checks(&settings, language).await);
    checks.extend(releases::checks(&settings, language));
    write(context, &checks, language)?;
    let wrong = checks.iter().any(|c| c.verdict == Verdict::Wrong);
    Ok(match (reached, wrong) {
        (false, _) => Exit::Retryable,
        (true, true) => Exit::Failed,
        (true, false) => Exit::Done,
    })
}

fn write(context: &Context, checks: &[Check], language: Language) -> Result<(), Failure> {
    if context.format() == Format::Json {
        let row = |c: &Check| {
            json!({
                "part": c.part.key.trim_start_matches("PART_").to_lowercase(),
                "status": c.verdict.name(), "found": c.found, "advice": c.advice,
            })
        };
        let rows: Vec<Value> = checks.iter().map(row).collect();
        return output::data(json::write(&json!({ "rows": rows, "next": null })).as_bytes());
    }
    let csv = context.format() == Format::Csv;
    let head = |name, title| Head {
        name,
        title,
        rank: 0,
    };
    let row = |c: &Check| {
        let verdict = if csv {
            c.verdict.name()
        } else {
            c.verdict.label().text(language)
        };
        vec![
            Cell::text(verdict),
            Cell::text(c.part.text(language)),
            Cell::text(c.found.clone()),
            Cell::text(c.advice.clone()),
        ]
    };
    let grid = Grid {
        heads: vec![
            head("status", &STATUS),
            head("part", &CHECKED),
            head("found", &FOUND),
            head("advice", &ADVICE),
        ],
        rows: checks.iter().map(row).collect(),
    };
    if csv {
        return output::data(csv::write(&grid).as_bytes());
    }
    let reader = table::Reader {
        language,
        now: Clock::system().now(),
        width: terminal_width().map(|_| usize::MAX),
    };
    output::data(table::write(&grid, reader).as_bytes())
}
