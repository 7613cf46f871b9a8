//! `extract explain`: why a cell is hidden, for release managers: its rule with the figures, or the sums by which it protects others.

use crate::command::grammar::{codes, positional, value};
use crate::command::output::{self, Format, json};
use crate::command::{Context, Exit, Failure, Verb};
use crate::domain::kind::Kind;
use crate::domain::sheet::Sheet;
use crate::extract::built::Rule;
use crate::extract::explain::{Explanation, Figures, Link, Place};
use crate::language::command::ID;
use crate::language::flag::{CODES, SHEET};
use crate::language::verb::EXTRACT_EXPLAIN;
use crate::language::{Language, Message, extract as say};
use crate::service;
use crate::service::extract::inspect;
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
        Format::Table | Format::Csv => output::text(&lines(found.as_ref(), session.language))?,
    }
    Ok(Exit::Done)
}

fn data(found: Option<&Explanation>) -> Value {
    match found {
        None => json!({ "hidden": false }),
        Some(Explanation::Own(f)) => {
            json!({ "hidden": true, "rule": f.rule.as_str(), "n": f.n, "min_count": f.min_count,
            "of": f.of, "organisations": f.organisations, "largest_percent": f.largest })
        }
        Some(Explanation::Others(links)) => {
            let cell = |(sheet, codes): &Place| json!({ "sheet": sheet.as_str(), "codes": codes });
            let link = |l: &Link| {
                json!({ "total": cell(&l.total), "hidden": l.hidden.iter().map(cell).collect::<Vec<_>>(),
                "shown": l.shown, "next": cell(&l.next), "follows": l.follows })
            };
            let links: Vec<Value> = links.iter().map(link).collect();
            json!({ "hidden": true, "rule": null, "links": links })
        }
    }
}

fn lines(found: Option<&Explanation>, language: Language) -> String {
    let mut all = Vec::new();
    match found {
        None => all.push(say::OPEN_CELL.text(language).to_owned()),
        Some(Explanation::Own(figures)) => all.push(own(figures, language)),
        Some(Explanation::Others(links)) => {
            all.push(say::FOR_OTHERS.text(language).to_owned());
            all.extend(links.iter().map(|l| link(l, language)));
        }
    }
    all.join("\n") + "\n"
}

fn own(f: &Figures, language: Language) -> String {
    let message: &Message = match f.rule {
        Rule::Small => &say::OWN_SMALL,
        Rule::Zero => &say::OWN_ZERO,
        Rule::Complement => &say::OWN_COMPLEMENT,
        Rule::Group => &say::OWN_GROUP,
        Rule::Contributors => &say::OWN_CONTRIBUTORS,
        Rule::Dominance => &say::OWN_DOMINANCE,
        Rule::Change => &say::OWN_CHANGE,
        Rule::Sums => &say::OWN_SUMS,
    };
    let known = |n: Option<i64>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
    message.with(
        language,
        &[
            ("n", &f.n.to_string()),
            ("least", &f.min_count.to_string()),
            ("of", &known(f.of)),
            ("organisations", &known(f.organisations)),
            ("largest", &known(f.largest)),
        ],
    )
}

fn link(l: &Link, language: Language) -> String {
    let name = |(_, codes): &Place| codes.join(" · ");
    let hidden: Vec<String> = l.hidden.iter().map(name).collect();
    let message = if l.follows {
        &say::LINK
    } else {
        &say::LINK_NEAR
    };
    message.with(
        language,
        &[
            ("total", &name(&l.total)),
            ("shown", &l.shown.to_string()),
            ("hidden", &hidden.join(", ")),
            ("next", &name(&l.next)),
        ],
    )
}
