//! A report as people read it: the verdict, how the file was read, what was found and what to do. Not what was found: that is
//! decided in `delivery`.

use crate::command::output::table::{self, Reader};
use crate::command::output::{Grid, Head, terminal_width};
use crate::delivery::{DateForm, DecimalSign, Delimiter, Encoding, Finding, Report};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::delivery::{COUNTED, NOTHING_DETECTED, READ_AS, TO_DO};
use crate::language::finding::{finding, place};
use crate::language::{Language, column, delivery, display, screen, state};
use crate::ui::Cell;

/// The report of a file, known by its place among the arguments and its masked name.
pub(super) fn text((number, name): (usize, &str), report: &Report, language: Language) -> String {
    let status = state::label(Kind::Submission, report.status.as_str(), language);
    let digest = report.sha256.as_ref();
    let mut text = [
        format!("{number}  {name}  {status}\n"),
        counted(report, language),
        read_as(report, language),
        digest.map_or_else(String::new, |d| format!("   sha256 {d}\n")),
        "\n".to_owned(),
    ]
    .concat();
    if report.findings.is_empty() {
        text.push_str(screen::NO_FINDINGS.text(language));
        text.push_str("\n\n");
        return text;
    }
    text.push_str(&table::write(&findings(report, language), reader(language)));
    text.push('\n');
    text.push_str(&to_do(report, language));
    text.push('\n');
    text
}

fn counted(report: &Report, language: Language) -> String {
    let number = |n: u64| display::number(i64::try_from(n).unwrap_or(i64::MAX), language);
    let values = [
        ("rows", number(report.rows)),
        ("accepted", number(report.accepted)),
        ("ignored", number(report.ignored)),
        ("bytes", number(report.bytes)),
    ];
    let values: Vec<_> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
    format!("   {}\n", COUNTED.with(language, &values))
}

fn read_as(report: &Report, language: Language) -> String {
    let detected = &report.detected;
    let delimiter = |d: Delimiter| match d {
        Delimiter::Tab => delivery::TAB.text(language),
        other => other.as_str(),
    };
    let named = [
        (&delivery::CONTAINER, Some(detected.container.as_str())),
        (&delivery::ENCODING, detected.encoding.map(Encoding::as_str)),
        (&delivery::DELIMITER, detected.delimiter.map(delimiter)),
        (
            &delivery::DECIMAL,
            detected.decimal.map(DecimalSign::as_str),
        ),
        (&delivery::DATES, detected.date_form.map(DateForm::as_str)),
    ];
    let specification = detected.specification;
    let parts: Vec<String> = specification
        .map(str::to_owned)
        .into_iter()
        .chain(named.into_iter().filter_map(|(name, value)| {
            value.map(|value| format!("{} {value}", name.text(language)))
        }))
        .collect();
    let first = specification.map_or_else(
        || NOTHING_DETECTED.text(language),
        |_| READ_AS.text(language),
    );
    format!("   {first} {}\n", parts.join(" · "))
}

fn findings(report: &Report, language: Language) -> Grid {
    let head = |name, title, rank| Head { name, title, rank };
    let row = |f: &Finding| {
        let (sentence, _) = finding(f.code.as_str());
        let count = i64::try_from(f.count).unwrap_or(i64::MAX);
        let line = f.row.and_then(|row| i64::try_from(row).ok());
        vec![
            Cell::Code(Kind::Submission, f.severity.as_str().to_owned()),
            line.map_or(Cell::Empty, Cell::Number),
            f.column.map_or(Cell::Empty, |c| {
                Cell::text(place(c.name_or_number(), language))
            }),
            Cell::text(f.code.as_str()),
            Cell::Number(count),
            Cell::text(sentence.text(language)),
        ]
    };
    Grid {
        heads: vec![
            head("severity", &column::SEVERITY, 0),
            head("row", &column::LINE, 0),
            head("column", &column::COLUMN, 0),
            head("code", &column::CODE, 0),
            head("count", &column::AMOUNT, 1),
            head("message", &column::FINDING, 0),
        ],
        rows: report.findings.iter().map(row).collect(),
    }
}

/// What to do, once per rule, in the order in which the rules were first broken.
fn to_do(report: &Report, language: Language) -> String {
    let mut codes: Vec<&str> = Vec::new();
    for code in report.findings.iter().map(|f| f.code.as_str()) {
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    let lines = codes.iter().map(|code| {
        let (_, action) = finding(code);
        format!("  {code}  {}\n", action.text(language))
    });
    format!("{}\n{}", TO_DO.text(language), lines.collect::<String>())
}

fn reader(language: Language) -> Reader {
    Reader {
        language,
        now: Timestamp::NEVER,
        width: terminal_width(),
    }
}
