//! `extract explain`: why a cell is hidden, for release managers: its rule with the figures, or the sums by which it protects others;
//! and what would help.

use crate::command::grammar::{codes, positional, value};
use crate::command::output::{self, Format, json};
use crate::command::{Context, Exit, Failure, Verb};
use crate::domain::kind::Kind;
use crate::domain::sheet::Sheet;
use crate::extract::advise::Advice;
use crate::extract::explain::{Explanation, Link, Place};
use crate::language::command::ID;
use crate::language::extract::{WORKED_OUT_HERE, WOULD_HELP};
use crate::language::flag::{CODES, SHEET};
use crate::language::verb::EXTRACT_EXPLAIN;
use crate::language::{Language, Message};
use crate::service;
use crate::service::extract::inspect::{self, Reason};
use crate::service::extract::words;
use crate::store::extract_find::Found;
use clap::{ArgAction, ArgMatches};
use serde_json::{Value, json};

/// The command.
pub static EXPLAIN: Verb = Verb {
    noun: "extract",
    name: "explain",
    about: &EXTRACT_EXPLAIN,
    arguments: |command, language| {
        let about = format!("{}: {}", SHEET.text(language), Sheet::CODES.join(", "));
        let sheet = codes(value("sheet", "CODE", about, language), Sheet::CODES);
        let codes = positional("codes", "CODE", &CODES, language);
        command
            .arg(positional("id", "ID", &ID, language).required(true))
            .arg(sheet.required(true))
            .arg(codes.required(true).action(ArgAction::Append).num_args(1..))
    },
    run: |context, arguments| Box::pin(explain(context, arguments)),
};

async fn explain(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let text = |name: &str| arguments.get_one::<String>(name).map_or("", String::as_str);
    let given = arguments.get_many::<String>("codes");
    let codes: Vec<String> = given.map(|all| all.cloned().collect()).unwrap_or_default();
    let session = context.session().await?;
    let id = service::find(&session.services, Kind::Extract, text("id")).await?;
    let sheet: Sheet = text("sheet").parse().unwrap_or(Sheet::Volume);
    let place = (sheet, codes);
    let found = inspect::explain(&session.services, &session.actor, &id, &place).await?;
    match context.format() {
        Format::Json => output::data(json::write(&data(&found)).as_bytes())?,
        Format::Table | Format::Csv => {
            let lines = sentences(&found, session.language);
            output::text(&(lines.join("\n") + "\n"))?;
        }
    }
    Ok(Exit::Done)
}

/// Why, and what would help.
fn sentences(reason: &Reason, language: Language) -> Vec<String> {
    let mut lines = words::lines(reason.why.as_ref(), language);
    let mut add = |title: &Message, all: Vec<String>| {
        lines.push(format!("{}:", title.text(language)));
        lines.extend(all.into_iter().map(|line| format!("  {line}")));
    };
    if !reason.found.is_empty() {
        add(&WORKED_OUT_HERE, words::found(&reason.found, language));
    }
    if reason.why.is_some() {
        add(&WOULD_HELP, words::advice(&reason.advice, language));
    }
    lines
}

fn data(reason: &Reason) -> Value {
    let advice: Vec<Value> = reason.advice.iter().map(merge).collect();
    let found: Vec<Value> = reason.found.iter().map(find).collect();
    match &reason.why {
        None => json!({ "hidden": false, "found": found }),
        Some(Explanation::Own(f)) => {
            json!({ "hidden": true, "rule": f.rule.as_str(), "n": f.n, "min_count": f.min_count,
            "of": f.of, "improved": f.improved, "organisations": f.organisations, "min_contributors": f.min_contributors,
            "largest_percent": f.largest, "advice": advice, "found": found })
        }
        Some(Explanation::Others(links)) => {
            let cell = |(sheet, codes): &Place| json!({ "sheet": sheet.as_str(), "codes": codes });
            let link = |l: &Link| {
                json!({ "total": cell(&l.total), "hidden": l.hidden.iter().map(cell).collect::<Vec<_>>(),
                "shown": l.shown, "next": cell(&l.next), "follows": l.follows })
            };
            let links: Vec<Value> = links.iter().map(link).collect();
            json!({ "hidden": true, "rule": null, "links": links, "advice": advice, "found": found })
        }
    }
}

fn find(f: &Found) -> Value {
    let (who, release) = (&f.find.who, &f.find.release);
    json!({ "attacker": f.find.attacker, "leak": f.find.leak, "who": who, "release": release })
}

fn merge(a: &Advice) -> Value {
    json!({ "dimension": a.dimension, "codes": a.codes, "n": a.n,
        "small_now": a.small[0], "small_then": a.small[1] })
}
