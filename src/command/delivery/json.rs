//! A report as one line of JSON, in exactly the shape that scripts rely on.

use crate::command::output::json::safe;
use crate::delivery::{DateForm, DecimalSign, Delimiter, Encoding, Finding, Report};
use crate::language::Language;
use crate::language::finding::{finding, place};
use serde_json::{Value, json};

/// The line, its end included.
pub(super) fn line(file: &str, report: &Report, language: Language) -> String {
    let detected = &report.detected;
    let document = json!({
        "file": file,
        "sha256": report.sha256,
        "bytes": report.bytes,
        "detected": {
            "container": detected.container.as_str(),
            "encoding": detected.encoding.map(Encoding::as_str),
            "delimiter": detected.delimiter.map(Delimiter::as_str),
            "decimal": detected.decimal.map(DecimalSign::as_str),
            "date_format": detected.date_form.map(DateForm::as_str),
            "specification": detected.specification,
        },
        "status": report.status.as_str(),
        "rows": report.rows,
        "measurements": { "accepted": report.accepted, "ignored": report.ignored },
        "findings": report.findings.iter().map(|f| one(f, language)).collect::<Vec<_>>(),
    });
    let mut line = safe(&document.to_string());
    line.push('\n');
    line
}

fn one(found: &Finding, language: Language) -> Value {
    let (sentence, _) = finding(found.code.as_str());
    json!({
        "code": found.code.as_str(),
        "severity": found.severity.as_str(),
        "row": found.row,
        "column": found.column.map(|column| place(column.name_or_number(), language)),
        "count": found.count,
        "message": sentence.text(language),
    })
}
