//! The check of a kept file, off the main threads: findings and care paths with their keys made pseudonyms. It stores nothing.

use super::Services;
use super::error::Error;
use super::intake_file;
use crate::delivery::{self, CarePathRow, Column, Options, Report, Status};
use crate::domain::submission::Event;
use crate::language::display;
use crate::store::submission::{CarePath, Finding, Measurement, Submission};
use chrono::NaiveDate;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// Which way the submission goes on.
    pub verdict: Event,
    /// Findings in the order of the file.
    pub findings: Vec<Finding>,
    /// Care paths; none in an invalid file.
    pub paths: Vec<CarePath>,
    rows: i64,
    accepted: i64,
    ignored: i64,
    detected: String,
}

impl Checked {
    /// Fills in what the check found.
    pub fn write_to(&self, row: &mut Submission) {
        row.row_count = self.rows;
        row.accepted = self.accepted;
        row.ignored = self.ignored;
        row.finding_count = self.findings.iter().map(|f| f.count).sum();
        row.detected.clone_from(&self.detected);
    }
}

/// Checks the kept file of a submission against the specification and the delivering organisation.
pub async fn check(services: &Services, row: &Submission, agb: String) -> Result<Checked, Error> {
    let path = intake_file::place(&services.settings.files, &row.sha256);
    let day = display::iso_date(row.received_at);
    let as_of = NaiveDate::parse_from_str(&day, "%Y-%m-%d").unwrap_or_default();
    let key = *services.settings.key();
    let work = move || -> std::io::Result<Checked> {
        let mut file = File::open(path)?;
        let options = Options {
            organisation: Some(agb),
            ..Options::new(as_of)
        };
        let mut paths = Paths {
            key,
            all: BTreeMap::new(),
        };
        let report = delivery::check(&mut file, &options, &mut |r| paths.add(r))?;
        Ok(of(&report, paths))
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|e| Error::Internal(e.to_string()))?
        .map_err(|e| Error::Internal(format!("file: {}", e.kind())))
}

fn of(report: &Report, paths: Paths) -> Checked {
    let verdict = match report.status {
        Status::Valid => Event::Accept,
        Status::ValidWithRemarks => Event::AcceptWithRemarks,
        Status::Invalid => Event::Refuse,
    };
    let keep = verdict != Event::Refuse;
    Checked {
        verdict,
        findings: findings(report),
        paths: if keep { paths.close() } else { Vec::new() },
        rows: whole(report.rows),
        accepted: whole(report.accepted),
        ignored: whole(report.ignored),
        detected: detected(report),
    }
}

fn whole(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn findings(report: &Report) -> Vec<Finding> {
    let numbered = report.findings.iter().zip(1..);
    numbered
        .map(|(f, position)| Finding {
            position,
            code: f.code.as_str().to_owned(),
            severity: f.severity.as_str().to_owned(),
            line: f.row.map_or(0, whole),
            column_name: match f.column {
                Some(Column::Named(name)) => name.to_owned(),
                Some(Column::Numbered(n)) => format!("#{n}"),
                None => String::new(),
            },
            count: whole(f.count),
        })
        .collect()
}

fn detected(report: &Report) -> String {
    let d = &report.detected;
    json!({
        "container": d.container.as_str(),
        "encoding": d.encoding.map(delivery::Encoding::as_str),
        "delimiter": d.delimiter.map(delivery::Delimiter::as_str),
        "decimal": d.decimal.map(delivery::DecimalSign::as_str),
        "date_format": d.date_form.map(delivery::DateForm::as_str),
        "specification": d.specification,
    })
    .to_string()
}

/// Care paths while the file is read, by their pseudonyms.
struct Paths {
    key: [u8; 32],
    all: BTreeMap<(String, String), CarePath>,
}

impl Paths {
    fn add(&mut self, row: &CarePathRow<'_>) {
        let client = self.pseudonym("client", row.client_key);
        let path = self.pseudonym("care path", row.care_path);
        let day = |d: Option<NaiveDate>| {
            d.map(|d| d.format("%Y-%m-%d").to_string())
                .unwrap_or_default()
        };
        let entry = self
            .all
            .entry((client.clone(), path.clone()))
            .or_insert_with(|| CarePath {
                client_key: client,
                path_key: path,
                profile: row.profile.to_owned(),
                diagnosis: row.diagnosis_group.unwrap_or_default().to_owned(),
                starts: day(Some(row.start)),
                ends: day(row.end),
                first_session: day(row.first_session),
                last_session: day(row.last_session),
                digest: String::new(),
                measurements: Vec::new(),
            });
        let Some(m) = row.measurement else { return };
        let Some(score) = m.score else { return };
        entry.measurements.push(Measurement {
            moment: m.moment.as_str().to_owned(),
            instrument: m.instrument.to_owned(),
            measured_on: day(Some(m.date)),
            score,
        });
    }

    /// HMAC-SHA-256 under the key outside the database: the same client gets the same pseudonym, and nobody can go back.
    fn pseudonym(&self, purpose: &str, value: &str) -> String {
        // A key shorter than a block is filled up with zeros (RFC 2104).
        let mut block = [0_u8; 64];
        block[..32].copy_from_slice(&self.key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(value.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    fn close(self) -> Vec<CarePath> {
        self.all.into_values().map(sealed).collect()
    }
}

/// Puts the measurements in order and adds the digest by which a re-delivery is recognised as the same.
fn sealed(mut path: CarePath) -> CarePath {
    path.measurements.sort_by(|a, b| {
        (&a.moment, &a.instrument, &a.measured_on).cmp(&(&b.moment, &b.instrument, &b.measured_on))
    });
    let mut hasher = Sha256::new();
    let mut add = |text: &str| {
        hasher.update((text.len() as u64).to_be_bytes());
        hasher.update(text.as_bytes());
    };
    for text in [
        &path.profile,
        &path.diagnosis,
        &path.starts,
        &path.ends,
        &path.first_session,
        &path.last_session,
    ] {
        add(text);
    }
    for m in &path.measurements {
        add(&m.moment);
        add(&m.instrument);
        add(&m.measured_on);
        add(&m.score.to_bits().to_string());
    }
    path.digest = hex::encode(hasher.finalize());
    path
}
