//! The verwerkingsverslag written down: as lines for people and as JSON for programs. Not how it is read: that is `report`.

use super::report::{Place, Report, Rule};
use crate::domain::kind::Kind;
use crate::language::delivery::read_as;
use crate::language::finding::{self, finding};
use crate::language::{Language, cause, display, report as say, state};
use serde_json::{Value, json};

/// Places that a text names per rule; the other forms have all that are kept.
const SHOWN: usize = 12;

/// Names and values of the summary: key in data, label, value.
pub fn summary(r: &Report, language: Language) -> Vec<(&'static str, String, String)> {
    let label = |code: &str| state::label(Kind::Submission, code, language);
    let n = |n: i64| display::number(n, language);
    let measurements = say::MEASUREMENTS_ARE.with(
        language,
        &[("accepted", &n(r.accepted)), ("ignored", &n(r.ignored))],
    );
    let paths = say::PATHS_ARE.with(
        language,
        &[
            ("new", &n(r.paths_new)),
            ("changed", &n(r.paths_changed)),
            ("same", &n(r.paths_same)),
        ],
    );
    let row = |key, name: &crate::language::Message, value: String| {
        (key, name.text(language).to_owned(), value)
    };
    let mut all = vec![
        row(
            "organisation",
            &say::ORGANISATION,
            format!("{} (AGB {})", r.organisation, r.agb),
        ),
        row(
            "kind",
            &say::KIND,
            format!("{}, {}", label(&r.kind), r.specification),
        ),
        row(
            "received_at",
            &say::RECEIVED,
            display::moment(r.received_at, language),
        ),
        row("state", &say::OUTCOME, outcome(r, language)),
        row("rows", &say::ROWS, n(r.rows)),
        row("measurements", &say::MEASUREMENTS, measurements),
        row("care_paths", &say::PATHS, paths),
        row("findings", &say::FINDINGS, n(r.findings)),
    ];
    if !r.detected.is_empty() {
        let found = read_as(&r.detected, language);
        all.push(row("detected", &say::DETECTED, found));
    }
    all
}

fn outcome(r: &Report, language: Language) -> String {
    let mut parts = vec![state::label(Kind::Submission, &r.state, language)];
    if !r.hold.is_empty() {
        parts.push(state::label(Kind::Submission, &r.hold, language));
    }
    if r.test {
        parts.push(say::TEST_RUN.text(language).to_owned());
    }
    parts.join(", ")
}

/// What it comes down to and what must be done, as one sentence or two.
pub fn verdict(r: &Report, language: Language) -> String {
    let message = match r.state.as_str() {
        "invalid" => &say::REFUSED,
        "processed" if r.rules.is_empty() => &say::PROCESSED,
        "processed" => &say::PROCESSED_WITH_FINDINGS,
        "valid" | "valid_with_remarks" => &say::VALID,
        "superseded" => &say::SUPERSEDED,
        "withdrawn" => &say::WITHDRAWN,
        "failed" | "held" => {
            let what = cause::what(&r.cause, language);
            return format!("{what} {}", cause::advice(&r.cause).text(language));
        }
        _ => &say::NOT_YET,
    };
    message.text(language).to_owned()
}

/// Where a rule was broken: `regel 12, kolom profiel`.
pub fn place(p: &Place, language: Language) -> String {
    let mut parts = Vec::new();
    if p.line > 0 {
        parts.push(say::LINE.with(language, &[("line", &p.line.to_string())]));
    }
    if !p.column.is_empty() {
        parts.push(column(&p.column, language));
    }
    parts.join(", ")
}

/// The name of a column; one that no specification knows by its number.
pub fn column(name: &str, language: Language) -> String {
    match name.strip_prefix('#') {
        Some(number) => finding::COLUMN_NUMBER.with(language, &[("number", number)]),
        None => say::COLUMN.with(language, &[("name", name)]),
    }
}

/// The whole report as lines: summary first, then each rule with what to do and where.
pub fn lines(r: &Report, language: Language) -> Vec<String> {
    let summary = summary(r, language);
    let wide = summary
        .iter()
        .map(|(_, name, _)| name.chars().count())
        .max();
    let wide = wide.unwrap_or(0);
    let mut lines: Vec<String> = summary
        .into_iter()
        .map(|(_, name, value)| format!("{name:wide$}  {value}"))
        .collect();
    lines.extend([String::new(), verdict(r, language)]);
    for rule in &r.rules {
        lines.push(String::new());
        lines.extend(of_rule(rule, language));
    }
    lines
}

fn of_rule(rule: &Rule, language: Language) -> Vec<String> {
    let (what, action) = finding(&rule.code);
    let severity = state::label(Kind::Submission, &rule.severity, language);
    let count = display::number(rule.count, language);
    let todo = say::TO_DO.with(language, &[("action", action.text(language))]);
    let mut lines = vec![
        format!("{}  {severity}  {count}×", rule.code),
        what.text(language).to_owned(),
        todo,
    ];
    let known = rule.places.iter().map(|p| place(p, language));
    let mut places: Vec<String> = known.filter(|p| !p.is_empty()).take(SHOWN).collect();
    let shown = i64::try_from(places.len()).unwrap_or(i64::MAX);
    let more = rule.count - shown;
    if !places.is_empty() && more > 0 {
        let count = display::number(more, language);
        places.push(finding::COUNT_OF_REST.with(language, &[("count", &count)]));
    }
    if !places.is_empty() {
        lines.push(places.join("; "));
    }
    lines
}

/// The whole report as JSON; keys and codes are never translated, sentences are in the language asked.
pub fn json(r: &Report, language: Language) -> Value {
    let rules: Vec<Value> = r
        .rules
        .iter()
        .map(|rule| rule_json(rule, language))
        .collect();
    json!({
        "id": r.id,
        "organisation": { "agb": r.agb, "name": r.organisation },
        "vendor": Some(&r.vendor).filter(|v| !v.is_empty()),
        "kind": r.kind,
        "specification": r.specification,
        "received_at": display::rfc3339(r.received_at),
        "state": r.state,
        "state_at": display::rfc3339(r.state_at),
        "hold": Some(&r.hold).filter(|h| !h.is_empty()),
        "cause": Some(&r.cause).filter(|c| !c.is_empty()),
        "test": r.test,
        "verdict": verdict(r, language),
        "rows": r.rows,
        "measurements": { "accepted": r.accepted, "ignored": r.ignored },
        "care_paths": { "new": r.paths_new, "changed": r.paths_changed, "unchanged": r.paths_same },
        "detected": r.detected,
        "findings": r.findings,
        "rules": rules,
    })
}

fn rule_json(rule: &Rule, language: Language) -> Value {
    let (what, action) = finding(&rule.code);
    let places: Vec<Value> = rule
        .places
        .iter()
        .map(|p| {
            json!({ "row": Some(p.line).filter(|l| *l > 0), "column": Some(&p.column).filter(|c| !c.is_empty()),
                "count": p.count })
        })
        .collect();
    json!({ "code": rule.code, "severity": rule.severity, "count": rule.count, "message": what.text(language),
        "action": action.text(language), "places": places, "more": rule.rest() })
}
