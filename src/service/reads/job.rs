//! Jobs as people see them: the queue, and one with its attempts.

use super::super::read::{Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, plain, short, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Language, Message, column as c, outgoing, screen, triage};
use crate::store::lists::job as list;
use crate::ui::record::{Body, Related};
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    fixed("kind", &c::KIND, 22, 0),
    fixed("state", &c::STATE, 21, 0),
    sorted(fixed("age", &c::AGE, 4, 0), "created"),
    fixed("attempts", &c::ATTEMPTS, 8, 0),
    wide("error", &c::ERROR, (16, 3), 0),
    fixed("not_before", &c::NOT_BEFORE, 16, 2),
    wide("worker", &c::WORKER, (10, 1), 2),
    fixed("subject", &c::SUBJECT, 13, 3),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Job,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: 0,
        cells: vec![
            Cell::Code(Kind::Job, r.kind),
            Cell::Code(Kind::Job, r.state.clone()),
            Cell::Age(r.created_at),
            Cell::Number(r.attempt),
            error(&r.error),
            Cell::Moment(r.run_at),
            Cell::text(r.worker),
            Cell::text(short(&r.subject)),
        ],
        label: short(&r.id),
        id: r.id,
        state: r.state,
        cursor: Cursor::default(),
    }
}

/// What went wrong, by its code where there are words for it.
fn error(text: &str) -> Cell {
    let code = text.split(' ').next().unwrap_or_default();
    match outgoing::what(code) {
        Some(_) => Cell::Code(Kind::Job, code.to_owned()),
        None => Cell::text(text),
    }
}

/// What is the matter with the outgoing directory and what to do, as a tab that comes first.
pub(super) fn trouble(error: &str, job: &str, language: Language) -> Option<Tab> {
    let lines = outgoing::lines(error, &short(job), language)?;
    Some(Tab {
        title: &triage::SUGGESTED,
        body: Body::Text(lines),
    })
}

/// One page of the list.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    SOURCE.page(services, actor, query).await
}

/// One record.
pub async fn open(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let r = SOURCE.one(&mut reading.tx, id).await?;
    let mut tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&r)),
        },
        Tab {
            title: &screen::TAB_ATTEMPTS,
            body: Body::List(attempts(&mut reading, id).await?),
        },
    ];
    if let Some(first) = trouble(&r.error, &r.id, actor.language) {
        tabs.insert(0, first);
    }
    let head = Head {
        summary: vec![
            (&c::KIND, Cell::Code(Kind::Job, r.kind)),
            (&c::SINCE, Cell::Age(r.state_at)),
            (&c::ATTEMPTS, Cell::Number(r.attempt)),
        ],
        title: short(&r.id),
        id: r.id,
        state: r.state,
        ..Head::default()
    };
    reading.end(Kind::Job, head, tabs).await
}

fn fields(r: &list::Row) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::KIND, Cell::Code(Kind::Job, r.kind.clone())),
        (&c::STATE, Cell::Code(Kind::Job, r.state.clone())),
        (&c::SUBJECT, Cell::text(&r.subject)),
        (&c::CREATED, Cell::Moment(r.created_at)),
        (&c::NOT_BEFORE, Cell::Moment(r.run_at)),
        (&c::SINCE, Cell::Moment(r.state_at)),
        (&c::ATTEMPTS, Cell::Number(r.attempt)),
        (&c::FAILURES, Cell::Number(r.failures)),
        (&c::RESCUES, Cell::Number(r.rescues)),
        (&c::WORKER, Cell::text(&r.worker)),
        (&c::LEASE, Cell::Moment(r.lease_until)),
        (&c::ERROR, error(&r.error)),
        (&c::REQUEST, Cell::text(&r.request)),
        (&c::ID, Cell::text(&r.id)),
    ]
}

/// Every attempt at every job of a delivery, oldest first.
pub(super) async fn attempts_of(
    reading: &mut Reading<'_>,
    subject: &str,
) -> Result<Related, Error> {
    let all = list::attempts_of(&mut reading.tx, subject).await?;
    Ok(related(all))
}

async fn attempts(reading: &mut Reading<'_>, id: &str) -> Result<Related, Error> {
    Ok(related(list::attempts(&mut reading.tx, id).await?))
}

fn related(all: Vec<list::Attempt>) -> Related {
    let cells = |a: list::Attempt| {
        vec![
            Cell::Number(a.attempt),
            Cell::Moment(a.started_at),
            Cell::Moment(a.ended_at),
            Cell::Code(Kind::Job, a.outcome),
            Cell::text(a.worker),
            Cell::text(a.detail),
        ]
    };
    plain(
        &[
            &c::ATTEMPT,
            &c::STARTED,
            &c::ENDED,
            &c::OUTCOME,
            &c::WORKER,
            &c::DETAIL,
        ],
        all.into_iter().map(cells).collect(),
        &screen::NO_ATTEMPTS,
    )
}
