//! The check of a kept file, off the main threads: findings, and accepted rows staged while it is read. Nothing of it is in
//! place afterwards; that is for whoever finishes the submission.

use super::Services;
use super::error::Error;
use super::intake_file;
use super::rows::{Gather, Order};
use crate::delivery::{self, Column, Options, Report, Status};
use crate::domain::submission::Event;
use crate::language::display;
use crate::mail::smtp::Abandon;
use crate::store::stage::{self, Batch, Piece, Staged};
use crate::store::submission::{self, Finding, Submission};
use crate::store::{Db, StoreError};
use chrono::NaiveDate;
use serde_json::json;
use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

/// How often progress is written at most.
const OFTEN: Duration = Duration::from_secs(1);

/// What a check found.
#[derive(Debug)]
pub struct Checked {
    /// Which way the submission goes on.
    pub verdict: Event,
    /// Findings in the order of the file.
    pub findings: Vec<Finding>,
    /// What was staged; nothing of an invalid file.
    pub staged: Staged,
    /// Attempt in which it was staged.
    pub attempt: i64,
    rows: i64,
    accepted: i64,
    ignored: i64,
    bytes: i64,
    detected: String,
    specification: Option<&'static str>,
}

impl Checked {
    /// Fills in what the check found.
    pub fn write_to(&self, row: &mut Submission) {
        row.row_count = self.rows;
        row.accepted = self.accepted;
        row.ignored = self.ignored;
        row.finding_count = self.findings.iter().map(|f| f.count).sum();
        row.checked_bytes = self.bytes;
        row.detected.clone_from(&self.detected);
        if let Some(specification) = self.specification {
            specification.clone_into(&mut row.specification);
            let kind = if specification.starts_with("cqi") {
                "cqi"
            } else {
                "rom"
            };
            kind.clone_into(&mut row.kind);
        }
    }

    /// The code of the first finding that refuses the whole file; empty when none does.
    pub fn refused_by(&self) -> &str {
        let mut findings = self.findings.iter();
        let first = findings.find(|f| f.severity == "file");
        first.map_or("", |f| f.code.as_str())
    }
}

/// Why a check gave no result.
#[derive(Debug)]
pub enum Stop {
    /// The file is not where it should be.
    Missing,
    /// The file cannot be read.
    Unreadable(io::ErrorKind),
    /// The file is not what was received.
    Changed,
    /// The database did not take the rows.
    Store(StoreError),
    /// The worker was told to stop.
    Abandoned,
    /// A fault of the program.
    Internal(String),
}

impl Stop {
    /// The cause by which failures are counted.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::Missing => "technical:file_missing",
            Self::Unreadable(_) => "technical:file_unreadable",
            Self::Changed => "technical:file_changed",
            Self::Store(error) => cause_of(error),
            Self::Abandoned | Self::Internal(_) => "technical:internal",
        }
    }
}

/// The cause of a failure of the database.
pub fn cause_of(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full(_) => "technical:disk_full",
        StoreError::Unreachable(_) | StoreError::Busy(_) | StoreError::Doubt(_) => {
            "technical:database"
        }
        StoreError::Unique
        | StoreError::ForeignKey
        | StoreError::Refused(_)
        | StoreError::ReadOnly
        | StoreError::Unreadable(_)
        | StoreError::Url(_)
        | StoreError::Schema(_)
        | StoreError::Other(_) => "technical:internal",
    }
}

impl From<Stop> for Error {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Missing => Self::Internal("file: missing".to_owned()),
            Stop::Unreadable(kind) => Self::Internal(format!("file: {kind}")),
            Stop::Changed => Self::Internal("file: not the bytes that were received".to_owned()),
            Stop::Store(error) => Self::Store(error),
            Stop::Abandoned => Self::Internal("interrupted".to_owned()),
            Stop::Internal(text) => Self::Internal(text),
        }
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Whether accepted rows are staged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// They are.
    Rows,
    /// Nothing is kept of them, as for a test run.
    Nothing,
}

/// A check to be made.
pub struct Task<'a> {
    /// The submission.
    pub row: &'a Submission,
    /// AGB code of its organisation.
    pub agb: String,
    /// Attempt of its job; 0 without a job.
    pub attempt: i64,
    /// Whether its rows are staged.
    pub keep: Keep,
    /// The wish to end early.
    pub abandon: &'a Abandon,
}

/// How far the reading came, and whether it should end.
#[derive(Default)]
struct Gauge {
    bytes: AtomicU64,
    stop: AtomicBool,
}

/// The file while it is read; ends with an error when it should.
struct Metered {
    file: File,
    gauge: Arc<Gauge>,
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.gauge.stop.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let n = self.file.read(buffer)?;
        self.gauge.bytes.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Checks the kept file of a submission against the specification and the delivering organisation, and that it is still the file
/// that was received.
pub async fn check(services: &Services, task: &Task<'_>) -> Result<Checked, Stop> {
    let batch = Batch {
        submission: &task.row.id,
        attempt: task.attempt,
    };
    if task.keep == Keep::Rows {
        stage::clear(&services.db, batch).await?;
    }
    let gauge = Arc::new(Gauge::default());
    let (hand_on, mut pieces) = mpsc::channel(2);
    let reading = Reading::of(services, task, Arc::clone(&gauge));
    let reading = tokio::task::spawn_blocking(move || reading.run(&hand_on));
    let staged = stage_all(&services.db, batch, &mut pieces, (&gauge, task.abandon)).await;
    if staged.is_err() {
        gauge.stop.store(true, Ordering::Relaxed);
    }
    drop(pieces);
    let read = reading.await.map_err(|e| Stop::Internal(e.to_string()))?;
    let mut staged = staged?;
    let (report, order) = read.map_err(|e| unreadable(&e))?;
    if report
        .sha256
        .as_ref()
        .is_some_and(|h| *h != task.row.sha256)
    {
        return Err(Stop::Changed);
    }
    if report.status == Status::Invalid {
        if staged != Staged::default() {
            stage::clear(&services.db, batch).await?;
        }
        staged = Staged::default();
    } else {
        if order == Order::Apart {
            stage::join_parts(&services.db, batch, &mut staged).await?;
        }
        stage::look_over(&services.db, staged).await?;
    }
    Ok(of(&report, staged, task.attempt))
}

fn unreadable(error: &io::Error) -> Stop {
    match error.kind() {
        io::ErrorKind::NotFound => Stop::Missing,
        kind => Stop::Unreadable(kind),
    }
}

/// Writes pieces as they come, and how far the check is, until the reading ends.
async fn stage_all(
    db: &Db,
    batch: Batch<'_>,
    pieces: &mut mpsc::Receiver<Piece>,
    (gauge, abandon): (&Gauge, &Abandon),
) -> Result<Staged, Stop> {
    let mut staged = Staged::default();
    let mut tick = interval_at(Instant::now() + OFTEN, OFTEN);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            piece = pieces.recv() => match piece {
                Some(piece) => stage::put(db, batch, &piece, &mut staged).await?,
                None => return Ok(staged),
            },
            _ = tick.tick() => {
                let bytes = whole(gauge.bytes.load(Ordering::Relaxed));
                // Progress that cannot be shown is no reason to stop.
                if let Err(e) = submission::progress(db, batch.submission, bytes).await {
                    tracing::debug!(error = %e, "progress was not written");
                }
            }
            () = abandon.asked() => return Err(Stop::Abandoned),
        }
    }
}

/// Everything that the reading thread needs.
struct Reading {
    path: PathBuf,
    options: Options,
    key: [u8; 32],
    keep: Keep,
    gauge: Arc<Gauge>,
}

impl Reading {
    fn of(services: &Services, task: &Task<'_>, gauge: Arc<Gauge>) -> Self {
        let day = display::iso_date(task.row.received_at);
        let as_of = NaiveDate::parse_from_str(&day, "%Y-%m-%d").unwrap_or_default();
        Self {
            path: intake_file::place(&services.settings.files, &task.row.sha256),
            options: Options {
                organisation: Some(task.agb.clone()),
                ..Options::new(as_of)
            },
            key: *services.settings.key(),
            keep: task.keep,
            gauge,
        }
    }

    fn run(self, hand_on: &mpsc::Sender<Piece>) -> io::Result<(Report, Order)> {
        let mut input = Metered {
            file: File::open(&self.path)?,
            gauge: Arc::clone(&self.gauge),
        };
        let mut send = |piece: Piece| {
            if hand_on.blocking_send(piece).is_err() {
                self.gauge.stop.store(true, Ordering::Relaxed);
            }
        };
        let mut gather = Gather::new(&self.key, &mut send);
        let report = delivery::check_into(&mut input, &self.options, &mut |row| {
            if self.keep == Keep::Rows {
                gather.row(row);
            }
        })?;
        Ok((report, gather.end()))
    }
}

fn of(report: &Report, staged: Staged, attempt: i64) -> Checked {
    let verdict = match report.status {
        Status::Valid => Event::Accept,
        Status::ValidWithRemarks => Event::AcceptWithRemarks,
        Status::Invalid => Event::Refuse,
    };
    Checked {
        verdict,
        findings: findings(report),
        staged,
        attempt,
        rows: whole(report.rows),
        accepted: whole(report.accepted),
        ignored: whole(report.ignored),
        bytes: whole(report.bytes),
        detected: detected(report),
        specification: report.detected.specification,
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
