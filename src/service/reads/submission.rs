//! Submissions as people see them: the list, and one with its report, figures, attempts, notes and history. Findings name rows,
//! columns and rules, never a value.

use super::super::read::{Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::report::{self, Report, detected};
use super::super::{Actor, Error, Services, report_text};
use super::{aside, fixed, job, known, mail, short, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::delivery::read_as;
use crate::language::{Language, Message, column as c, screen};
use crate::store::lists::submission as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("organisation", &c::ORGANISATION, (24, 3), 0),
    fixed("kind", &c::KIND, 5, 2),
    fixed("state", &c::STATE, 21, 0),
    sorted(fixed("age", &c::AGE, 4, 0), "received"),
    fixed("cause", &c::CAUSE, 14, 1),
    wide("vendor", &c::VENDOR, (11, 1), 2),
    fixed("assigned", &c::ASSIGNED, 8, 1),
    fixed("findings", &c::FINDINGS, 6, 3),
    fixed("rows", &c::ROWS, 7, 3),
    fixed("hold", &c::HOLD, 20, 4),
    fixed("test", &c::TEST, 7, 4),
    fixed("source", &c::SOURCE, 11, 4),
    fixed("size", &c::SIZE, 8, 4),
    fixed("agb", &c::AGB, 8, 4),
    fixed("short", &c::ID, 13, 5),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Submission,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

/// Notes that a record shows.
const NOTES: i64 = 100;

fn row(r: list::Row, now: Timestamp) -> Row {
    Row {
        version: r.version,
        label: label(&r.organisation, &r.kind),
        cells: vec![
            Cell::text(r.organisation),
            Cell::Code(Kind::Submission, r.kind),
            Cell::Code(Kind::Submission, r.state.clone()),
            Cell::Age(r.received_at),
            Cell::Code(Kind::Cause, r.cause),
            Cell::text(r.vendor),
            // Whoever let it lie has it no longer.
            Cell::text(if r.claimed_until > now {
                r.assigned
            } else {
                String::new()
            }),
            Cell::Number(r.finding_count),
            Cell::Number(r.row_count),
            Cell::Code(Kind::Submission, r.hold),
            Cell::Flag(r.test != 0),
            Cell::Code(Kind::Submission, r.source),
            Cell::Size(r.bytes),
            Cell::text(r.agb),
            Cell::text(short(&r.id)),
        ],
        id: r.id,
        state: r.state,
        cursor: Cursor::default(),
    }
}

/// What people call a submission in a list: whose, and of which kind. Its file name may name a person.
pub(super) fn label(organisation: &str, kind: &str) -> String {
    format!("{organisation} {}", kind.to_uppercase())
}

/// One page of the list.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    SOURCE.page(services, actor, query).await
}

/// One record.
pub async fn open(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let row = SOURCE.one(&mut reading.tx, id).await?;
    let rest = list::rest(&mut reading.tx, id).await?;
    let rest = rest.ok_or_else(|| Error::missing(Kind::Submission, id))?;
    let report = report::of_stored(&mut reading.tx, id).await?;
    let tabs = tabs(&mut reading, &row, &rest, &report).await?;
    let head = Head {
        summary: vec![
            (&c::AGE, Cell::Age(row.received_at)),
            (&c::CAUSE, Cell::Code(Kind::Cause, row.cause.clone())),
            (&c::FINDINGS_COUNT, Cell::Number(row.finding_count)),
        ],
        title: label(&row.organisation, &row.kind),
        id: row.id,
        version: row.version,
        state: row.state,
        organisation: rest.organisation_id,
        // The name of a file may name a person.
        seen: Some(("submission.view", &["file"])),
    };
    reading.end(Kind::Submission, head, tabs).await
}

async fn tabs(
    reading: &mut Reading<'_>,
    row: &list::Row,
    rest: &list::Rest,
    report: &Report,
) -> Result<Vec<Tab>, Error> {
    let language = reading.actor.language;
    let tab = |title, body| Tab { title, body };
    let now = aside::of_submission(reading, report).await?;
    let notes = aside::notes(reading, &row.id, NOTES).await?;
    let notes = if notes.is_empty() {
        vec![screen::NO_NOTES.text(language).to_owned()]
    } else {
        notes
    };
    Ok(vec![
        tab(&screen::TAB_NOW, Body::Sections(now)),
        tab(
            &screen::TAB_REPORT,
            Body::Text(report_text::lines(report, language)),
        ),
        tab(&screen::TAB_GENERAL, known(fields(row, rest, language))),
        tab(
            &screen::TAB_ATTEMPTS,
            Body::List(job::attempts_of(reading, &row.id).await?),
        ),
        tab(&screen::TAB_NOTES, Body::Text(notes)),
        mail::about(reading, Kind::Submission, &row.id).await?,
        reading.history(Kind::Submission, &row.id).await?,
    ])
}

fn fields(r: &list::Row, rest: &list::Rest, language: Language) -> Vec<(&'static Message, Cell)> {
    let read = read_as(&detected(&rest.detected), language);
    let code = |code: &str| Cell::Code(Kind::Submission, code.to_owned());
    vec![
        (&c::ORGANISATION, Cell::text(&r.organisation)),
        (&c::AGB, Cell::text(&r.agb)),
        (&c::STATE, code(&r.state)),
        (&c::HOLD, code(&r.hold)),
        (&c::CAUSE, Cell::Code(Kind::Cause, r.cause.clone())),
        (&c::REASON, Cell::text(&rest.reason)),
        (&c::KIND, code(&r.kind)),
        (&c::SPECIFICATION, Cell::text(&rest.specification)),
        (&c::SOURCE, code(&r.source)),
        (&c::VENDOR, Cell::text(&r.vendor)),
        (&c::FILE, Cell::text(&r.file_name)),
        (&c::SIZE, Cell::Size(r.bytes)),
        (&c::DETECTED, Cell::text(read)),
        (&c::RECEIVED, Cell::Moment(r.received_at)),
        (&c::SINCE, Cell::Moment(rest.state_at)),
        (&c::ROWS, Cell::Number(r.row_count)),
        (&c::ACCEPTED_ROWS, Cell::Number(rest.accepted)),
        (&c::IGNORED_ROWS, Cell::Number(rest.ignored)),
        (&c::FINDINGS_COUNT, Cell::Number(r.finding_count)),
        (&c::PATHS_NEW, Cell::Number(rest.paths_new)),
        (&c::PATHS_CHANGED, Cell::Number(rest.paths_changed)),
        (&c::PATHS_SAME, Cell::Number(rest.paths_same)),
        (&c::ASSIGNED, Cell::text(&r.assigned)),
        (&c::CHANGED, Cell::Moment(rest.changed_at)),
        (&c::CHANGED_BY, Cell::text(&rest.changed_by)),
        (&c::FILE_REMOVED, Cell::Moment(rest.file_removed_at)),
        (&c::SHA256, Cell::text(&rest.sha256)),
        (&c::ID, Cell::text(&r.id)),
    ]
}
