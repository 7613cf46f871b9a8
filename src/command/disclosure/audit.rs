//! `disclosure audit`: the interval of every hidden cell, seen from outside, from within and beside what was released earlier.

use super::input::{self, Input};
use super::running;
use crate::clock::Clock;
use crate::command::grammar::value;
use crate::command::output::{self, Format, Grid, Head, csv, json, table, terminal_width};
use crate::command::{Answer, Context, Exit, Failure, Verb};
use crate::extract::{
    Difference, Finding, Inside, Problem, Rules, Verdict, audit, differences, inside,
};
use crate::language::disclosure as say;
use crate::language::{Language, Message};
use crate::ui::Cell;
use clap::{ArgAction, ArgMatches, Command};
use serde_json::{Value, json};

/// The command.
pub static AUDIT: Verb = Verb {
    noun: "disclosure",
    name: "audit",
    about: &say::AUDIT,
    arguments,
    run,
};

fn arguments(command: Command, language: Language) -> Command {
    let text = |message: &Message| message.text(language).to_owned();
    input::rules(input::tables(command, language), language)
        .arg(value("known", "EARLIER", text(&say::KNOWN), language).action(ArgAction::Append))
}

fn run<'a>(context: &'a Context, arguments: &'a ArgMatches) -> Answer<'a> {
    Box::pin(attack(context, arguments))
}

/// What all attackers together found.
struct Attacks {
    outside: Vec<Finding>,
    /// Per insider its code and what it breaks.
    inside: Vec<(String, Finding)>,
    differences: Vec<(String, Difference)>,
}

async fn attack(context: &Context, arguments: &ArgMatches) -> Result<Exit, Failure> {
    let input = input::read(context, arguments)?;
    let rules = input::rules_of(arguments);
    let earlier = earlier(context, arguments, &input)?;
    input::insider(context, &input.problem, &rules)?;
    let problem = input.problem;
    let asked = rules.clone();
    let (problem, attacks) = running::run(context, move |watch| {
        let nothing = vec![false; problem.cells.len()];
        let mut attacks = Attacks {
            outside: audit(&problem, &asked, &nothing, watch)?,
            inside: named(&problem, inside(&problem, &asked, watch)?),
            differences: Vec::new(),
        };
        for (path, earlier) in &earlier {
            let found = differences(&problem, earlier, &asked, watch)?;
            attacks
                .differences
                .extend(found.into_iter().map(|d| (path.clone(), d)));
        }
        Ok((problem, attacks))
    })
    .await?;
    write(context, &problem, &attacks, &rules)?;
    Ok(if is_safe(&attacks) {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// What was released earlier, by its file.
fn earlier(
    context: &Context,
    arguments: &ArgMatches,
    input: &Input,
) -> Result<Vec<(String, Problem)>, Failure> {
    let mut all = Vec::new();
    for path in arguments.get_many::<String>("known").into_iter().flatten() {
        let table = input::table(context, path)?;
        let problem = Problem::new(&[table], &input.hierarchies, &input.total);
        all.push((path.clone(), problem.map_err(|f| input::told(context, &f))?));
    }
    Ok(all)
}

/// What insiders break, each by its code.
fn named(problem: &Problem, found: Vec<Inside>) -> Vec<(String, Finding)> {
    let named = |f: Inside| {
        let own = problem.codes[f.dimension][f.code as usize].clone();
        (own, f.finding)
    };
    found.into_iter().map(named).collect()
}

fn is_safe(attacks: &Attacks) -> bool {
    let outside = attacks.outside.iter().all(|f| f.verdict == Verdict::Safe);
    outside && attacks.inside.is_empty() && attacks.differences.is_empty()
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exact => "exact",
        Verdict::Narrow => "narrow",
        Verdict::Safe => "safe",
    }
}

/// One line: the cell, how low and how high, the verdict, and by whom.
struct Line {
    cell: String,
    lower: i64,
    upper: i64,
    verdict: &'static str,
    attacker: String,
}

fn lines(problem: &Problem, attacks: &Attacks) -> Vec<Line> {
    let line = |finding: &Finding, attacker: &str| Line {
        cell: problem.names(finding.cell).join(" | "),
        lower: finding.lower,
        upper: finding.upper,
        verdict: word(finding.verdict),
        attacker: attacker.to_owned(),
    };
    let difference = |(path, found): &(String, Difference)| Line {
        cell: problem.names(found.cell).join(" | "),
        lower: found.change,
        upper: found.change,
        verdict: "difference",
        attacker: path.clone(),
    };
    let outside = attacks.outside.iter().map(|f| line(f, ""));
    let inside = attacks.inside.iter().map(|(code, f)| line(f, code));
    outside
        .chain(inside)
        .chain(attacks.differences.iter().map(difference))
        .collect()
}

fn write(
    context: &Context,
    problem: &Problem,
    attacks: &Attacks,
    rules: &Rules,
) -> Result<(), Failure> {
    let lines = lines(problem, attacks);
    let language = context.spoken();
    if context.format() == Format::Json {
        let row = |l: &Line| json!({ "cell": l.cell, "lower": l.lower, "upper": l.upper, "verdict": l.verdict, "attacker": l.attacker });
        let rows: Vec<Value> = lines.iter().map(row).collect();
        let value = json!({ "safe": is_safe(attacks), "rules": rules, "rows": rows });
        return output::data(json::write(&value).as_bytes());
    }
    let head = |name, title| Head {
        name,
        title,
        rank: 0,
    };
    let grid = Grid {
        heads: vec![
            head("cell", &say::CELL),
            head("lower", &say::LOWER),
            head("upper", &say::UPPER),
            head("verdict", &say::VERDICT),
            head("attacker", &say::ATTACKER),
        ],
        rows: lines.iter().map(row).collect(),
    };
    if context.format() == Format::Csv {
        output::data(csv::write(&grid).as_bytes())?;
    } else {
        let reader = table::Reader {
            language,
            now: Clock::system().now(),
            width: terminal_width(),
        };
        output::data(table::write(&grid, reader).as_bytes())?;
    }
    output::tell(&summary(attacks, language));
    Ok(())
}

fn row(line: &Line) -> Vec<Cell> {
    vec![
        Cell::text(line.cell.clone()),
        Cell::text(line.lower.to_string()),
        Cell::text(line.upper.to_string()),
        Cell::text(line.verdict),
        Cell::text(line.attacker.clone()),
    ]
}

fn summary(attacks: &Attacks, language: Language) -> String {
    let count = |verdict: Verdict| {
        attacks
            .outside
            .iter()
            .filter(|f| f.verdict == verdict)
            .count()
            .to_string()
    };
    let hidden = attacks.outside.len().to_string();
    if is_safe(attacks) {
        return say::SAFE.with(language, &[("hidden", &hidden)]);
    }
    let values = [
        ("exact", count(Verdict::Exact)),
        ("narrow", count(Verdict::Narrow)),
        ("inside", attacks.inside.len().to_string()),
        ("differences", attacks.differences.len().to_string()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    say::UNSAFE.with(language, &values)
}
