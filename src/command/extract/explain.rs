//! `extract explain`: why a cell is hidden, for release managers: its rule with the figures, or the sums by which it protects others;
//! and what would help.

use crate::command::grammar::{codes, positional, value};
use crate::command::output::{self, Format, json};
use crate::command::{Context, Exit, Failure, Verb};
use crate::domain::kind::Kind;
use crate::domain::sheet::Sheet;
use crate::extract::advise::Advice;
use crate::extract::explain::{Explanation, Link, Place};
use crate::language::Language;
use crate::language::command::ID;
use crate::language::extract::WOULD_HELP;
use crate::language::flag::{CODES, SHEET};
use crate::language::verb::EXTRACT_EXPLAIN;
use crate::service;
use crate::service::extract::inspect::{self, Reason};
use crate::service::extract::words;
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
        Format::Json => output::data(json::write(&data(found.as_ref())).as_bytes())?,
        Format::Table | Format::Csv => {
            let lines = sentences(found.as_ref(), session.language);
            output::text(&(lines.join("\n") + "\n"))?;
        }
    }
    Ok(Exit::Done)
}

/// Why, and what would help.
fn sentences(found: Option<&Reason>, language: Language) -> Vec<String> {
    let mut lines = words::lines(found.map(|r| &r.why), language);
    if let Some(reason) = found {
        lines.push(format!("{}:", WOULD_HELP.text(language)));
        let advice = words::advice(&reason.advice, language);
        lines.extend(advice.into_iter().map(|line| format!("  {line}")));
    }
    lines
}

fn data(found: Option<&Reason>) -> Value {
    let Some(reason) = found else {
        return json!({ "hidden": false });
    };
    let advice: Vec<Value> = reason.advice.iter().map(merge).collect();
    match &reason.why {
        Explanation::Own(f) => {
            json!({ "hidden": true, "rule": f.rule.as_str(), "n": f.n, "min_count": f.min_count,
            "of": f.of, "improved": f.improved, "organisations": f.organisations, "min_contributors": f.min_contributors,
            "largest_percent": f.largest, "advice": advice })
        }
        Explanation::Others(links) => {
            let cell = |(sheet, codes): &Place| json!({ "sheet": sheet.as_str(), "codes": codes });
            let link = |l: &Link| {
                json!({ "total": cell(&l.total), "hidden": l.hidden.iter().map(cell).collect::<Vec<_>>(),
                "shown": l.shown, "next": cell(&l.next), "follows": l.follows })
            };
            let links: Vec<Value> = links.iter().map(link).collect();
            json!({ "hidden": true, "rule": null, "links": links, "advice": advice })
        }
    }
}

fn merge(a: &Advice) -> Value {
    json!({ "dimension": a.dimension, "codes": a.codes, "n": a.n,
        "small_now": a.small[0], "small_then": a.small[1] })
}
