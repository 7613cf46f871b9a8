//! Submissions as people see them: the list, and one with its findings, figures and history. Findings name rows, columns and
//! rules, never a value.

use super::super::read::{Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, mail, plain, short, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::finding::finding;
use crate::language::{Message, column as c, screen};
use crate::store::lists::submission as list;
use crate::ui::record::{Body, Related};
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("organisation", &c::ORGANISATION, (24, 3), 0),
    fixed("kind", &c::KIND, 5, 2),
    fixed("state", &c::STATE, 21, 0),
    sorted(fixed("age", &c::AGE, 4, 0), "received"),
    fixed("findings", &c::FINDINGS, 6, 0),
    wide("vendor", &c::VENDOR, (11, 1), 1),
    wide("file", &c::FILE, (18, 2), 2),
    fixed("rows", &c::ROWS, 7, 3),
    fixed("hold", &c::HOLD, 20, 3),
    fixed("assigned", &c::ASSIGNED, 8, 3),
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

/// Findings that a record shows; the report has all of them.
const FINDINGS: i64 = 500;

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        label: label(&r),
        cells: vec![
            Cell::text(r.organisation),
            Cell::Code(Kind::Submission, r.kind),
            Cell::Code(Kind::Submission, r.state.clone()),
            Cell::Age(r.received_at),
            Cell::Number(r.finding_count),
            Cell::text(r.vendor),
            Cell::text(r.file_name),
            Cell::Number(r.row_count),
            Cell::Code(Kind::Submission, r.hold),
            Cell::text(r.assigned),
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

fn label(r: &list::Row) -> String {
    if r.file_name.is_empty() {
        short(&r.id)
    } else {
        r.file_name.clone()
    }
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
    let rest = rest.ok_or_else(|| Error::Missing {
        kind: Kind::Submission,
        id: id.chars().take(64).collect(),
    })?;
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&row, &rest)),
        },
        Tab {
            title: &screen::TAB_FINDINGS,
            body: Body::List(findings(&mut reading, id).await?),
        },
        mail::about(&mut reading, Kind::Submission, id).await?,
        reading.history(Kind::Submission, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::AGE, Cell::Age(row.received_at)),
            (&c::ORGANISATION, Cell::text(&row.organisation)),
            (&c::KIND, Cell::Code(Kind::Submission, row.kind.clone())),
            (&c::FINDINGS_COUNT, Cell::Number(row.finding_count)),
        ],
        title: label(&row),
        id: row.id,
        version: row.version,
        state: row.state,
        organisation: rest.organisation_id,
        seen: None,
    };
    reading.end(Kind::Submission, head, tabs).await
}

fn fields(r: &list::Row, rest: &list::Rest) -> Vec<(&'static Message, Cell)> {
    let code = |code: &str| Cell::Code(Kind::Submission, code.to_owned());
    vec![
        (&c::ORGANISATION, Cell::text(&r.organisation)),
        (&c::AGB, Cell::text(&r.agb)),
        (&c::STATE, code(&r.state)),
        (&c::HOLD, code(&r.hold)),
        (&c::REASON, Cell::text(&rest.reason)),
        (&c::KIND, code(&r.kind)),
        (&c::SPECIFICATION, Cell::text(&rest.specification)),
        (&c::SOURCE, code(&r.source)),
        (&c::VENDOR, Cell::text(&r.vendor)),
        (&c::FILE, Cell::text(&r.file_name)),
        (&c::SIZE, Cell::Size(r.bytes)),
        (&c::DETECTED, Cell::text(detected(&rest.detected))),
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
        (&c::SHA256, Cell::text(&rest.sha256)),
        (&c::ID, Cell::text(&r.id)),
    ]
}

/// What was detected of the form of a file, on one line: `utf-8, ;, dd-mm-yyyy`.
fn detected(json: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let shown = |v: &serde_json::Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let pairs = value.as_object().into_iter().flatten();
    pairs
        .map(|(name, v)| format!("{name} {}", shown(v)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Each finding with its sentence: what is wrong, and what the deliverer must do.
async fn findings(reading: &mut Reading<'_>, id: &str) -> Result<Related, Error> {
    let language = reading.actor.language;
    let all = list::findings(&mut reading.tx, id, FINDINGS + 1).await?;
    let most = usize::try_from(FINDINGS).unwrap_or(usize::MAX);
    let more = all.len() > most;
    let cells = |f: list::Finding| {
        let (what, action) = finding(&f.code);
        let sentence = format!("{} {}", what.text(language), action.text(language));
        vec![
            Cell::text(f.code),
            Cell::Code(Kind::Submission, f.severity),
            if f.line > 0 {
                Cell::Number(f.line)
            } else {
                Cell::Empty
            },
            Cell::text(f.column_name),
            Cell::Number(f.count),
            Cell::text(sentence),
        ]
    };
    let columns: &[&'static Message] = &[
        &c::CODE,
        &c::SEVERITY,
        &c::LINE,
        &c::COLUMN,
        &c::TIMES,
        &c::FINDING,
    ];
    let rows = all.into_iter().take(most).map(cells).collect();
    Ok(Related {
        more,
        ..plain(columns, rows, &screen::NO_FINDINGS)
    })
}
