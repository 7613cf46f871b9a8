//! The verwerkingsverslag of a submission as plain data: what became of the file, then every rule with its places. Rows, columns
//! and rules, never a value. How it is written down is in `report_text`.

use super::{Actor, Error, Services, read};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::store::lists::submission::{self as list, Finding, Rest, Row};
use crate::store::{Tx, list as lists};
use std::collections::BTreeMap;

/// Findings that a report reads at most: a hundred per rule are kept, so that this is all of them.
const FINDINGS: i64 = 20_000;

/// The report of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The submission.
    pub id: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Its AGB code.
    pub agb: String,
    /// Name of the vendor, empty when unknown.
    pub vendor: String,
    /// `rom` or `cqi`.
    pub kind: String,
    /// Specification that it was read by.
    pub specification: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// State code.
    pub state: String,
    /// Since when.
    pub state_at: Timestamp,
    /// Why it is held, empty when it is not.
    pub hold: String,
    /// Code of the cause by which it stands still, empty for none.
    pub cause: String,
    /// Whether it is a test run.
    pub test: bool,
    /// Rows in the file.
    pub rows: i64,
    /// Measurements that count.
    pub accepted: i64,
    /// Measurements that do not.
    pub ignored: i64,
    /// Care paths that were new.
    pub paths_new: i64,
    /// Care paths that replaced earlier ones.
    pub paths_changed: i64,
    /// Care paths that were as they were.
    pub paths_same: i64,
    /// What was detected of the form of the file, by name.
    pub detected: BTreeMap<String, String>,
    /// Findings in all, those without a place included.
    pub findings: i64,
    /// What was found, by rule: what refuses the file first.
    pub rules: Vec<Rule>,
}

/// One rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Code, such as `ROM-0042`.
    pub code: String,
    /// `file`, `value`, `measurement`, `remark`.
    pub severity: String,
    /// How often in all.
    pub count: i64,
    /// Where, in the order of the file; the rest is counted only.
    pub places: Vec<Place>,
}

/// Where a rule was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Line as an editor counts it; 0 when it is about the whole.
    pub line: i64,
    /// Column, by name or as `#7`; empty when none is to blame.
    pub column: String,
    /// How often.
    pub count: i64,
}

impl Rule {
    /// How often it was broken without its place being kept.
    pub fn rest(&self) -> i64 {
        self.count - self.places.iter().map(|p| p.count).sum::<i64>()
    }
}

/// The report of a submission, for whoever may read.
pub async fn of(services: &Services, actor: &Actor, id: &str) -> Result<Report, Error> {
    let mut tx = read::begin(services, actor).await?;
    let report = of_stored(&mut tx, id).await;
    tx.rollback().await?;
    report
}

/// The report of a submission within a transaction that is open.
pub async fn of_stored(tx: &mut Tx, id: &str) -> Result<Report, Error> {
    let missing = || Error::missing(Kind::Submission, id);
    let row: Row = lists::one(tx, &list::LIST, id).await?.ok_or_else(missing)?;
    let rest = list::rest(tx, id).await?.ok_or_else(missing)?;
    let findings = list::findings(tx, id, FINDINGS).await?;
    Ok(report(row, rest, findings))
}

fn report(row: Row, rest: Rest, findings: Vec<Finding>) -> Report {
    Report {
        rules: rules(findings),
        detected: detected(&rest.detected),
        id: row.id,
        organisation: row.organisation,
        agb: row.agb,
        vendor: row.vendor,
        kind: row.kind,
        specification: rest.specification,
        received_at: row.received_at,
        state: row.state,
        state_at: rest.state_at,
        hold: row.hold,
        cause: row.cause,
        test: row.test != 0,
        rows: row.row_count,
        accepted: rest.accepted,
        ignored: rest.ignored,
        paths_new: rest.paths_new,
        paths_changed: rest.paths_changed,
        paths_same: rest.paths_same,
        findings: row.finding_count,
    }
}

pub(super) fn detected(json: &str) -> BTreeMap<String, String> {
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let pairs = value.as_object().into_iter().flatten();
    let text = |v: &serde_json::Value| v.as_str().map(str::to_owned);
    pairs
        .filter_map(|(name, v)| Some((name.clone(), text(v)?)))
        .collect()
}

/// How deep a severity cuts: the deepest first.
fn depth(severity: &str) -> u8 {
    match severity {
        "file" => 0,
        "measurement" => 1,
        "value" => 2,
        _ => 3,
    }
}

fn rules(findings: Vec<Finding>) -> Vec<Rule> {
    let mut all: Vec<Rule> = Vec::new();
    for f in findings {
        let known = all
            .iter()
            .position(|r| r.code == f.code && r.severity == f.severity);
        let at = known.unwrap_or_else(|| {
            all.push(Rule {
                code: f.code,
                severity: f.severity,
                count: 0,
                places: Vec::new(),
            });
            all.len() - 1
        });
        let Some(rule) = all.get_mut(at) else {
            continue;
        };
        rule.count += f.count;
        // The closing finding of a rule has no place and counts the rest.
        if f.line > 0 || !f.column_name.is_empty() || rule.places.is_empty() {
            rule.places.push(Place {
                line: f.line,
                column: f.column_name,
                count: f.count,
            });
        }
    }
    all.sort_by_key(|r| (depth(&r.severity), -r.count, r.code.clone()));
    all
}
