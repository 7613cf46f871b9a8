//! Workers as people see them: who runs jobs, where, since when, and who fell silent.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, job, known, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::{MINUTE, Timestamp};
use crate::language::{column as c, screen};
use crate::store::lists::worker as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("host", &c::HOST, (16, 2), 0),
    fixed("state", &c::STATE, 12, 0),
    sorted(fixed("seen", &c::SEEN, 6, 0), "seen"),
    wide("runs", &c::RUNS, (20, 2), 0),
    fixed("via", &c::VIA, 8, 0),
    fixed("process", &c::PROCESS, 8, 1),
    fixed("started", &c::STARTED, 16, 1),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Worker,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

/// After this long without a sign of life a worker counts as silent.
pub(super) const SILENT: i64 = MINUTE;

/// `running`, `silent` or `stopped`.
fn state(r: &list::Row, now: Timestamp) -> &'static str {
    if r.stopped_at != Timestamp::NEVER {
        "stopped"
    } else if now.since(r.seen_at) > SILENT {
        "silent"
    } else {
        "running"
    }
}

fn row(r: list::Row, now: Timestamp) -> Row {
    let state = state(&r, now);
    Row {
        version: 0,
        state: state.to_owned(),
        label: format!("{} {}", r.host, r.pid),
        cells: vec![
            Cell::text(r.host),
            Cell::Code(Kind::Worker, state.to_owned()),
            Cell::Age(r.seen_at),
            Cell::Code(Kind::Job, r.runs),
            Cell::Code(Kind::Audit, r.via),
            // A process number is a name, not an amount: no separators.
            Cell::text(r.pid.to_string()),
            Cell::Moment(r.started_at),
        ],
        id: r.id,
        cursor: Cursor::default(),
    }
}

/// One page of the list.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    SOURCE.page(services, actor, query).await
}

/// One record.
pub async fn open(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let r = SOURCE.one(&mut reading.tx, id).await?;
    let state = state(&r, reading.context.now);
    let fields = vec![
        (&c::HOST, Cell::text(&r.host)),
        (&c::STATE, Cell::Code(Kind::Worker, state.to_owned())),
        (&c::PROCESS, Cell::text(r.pid.to_string())),
        (&c::VIA, Cell::Code(Kind::Audit, r.via)),
        (&c::STARTED, Cell::Moment(r.started_at)),
        (&c::SEEN, Cell::Moment(r.seen_at)),
        (&c::STOPPED, Cell::Moment(r.stopped_at)),
        (&c::ID, Cell::text(&r.id)),
    ];
    let head = Head {
        title: format!("{} {}", r.host, r.pid),
        id: r.id,
        state: state.to_owned(),
        summary: vec![(&c::SEEN, Cell::Age(r.seen_at))],
        ..Head::default()
    };
    let wanted = Excerpt {
        scope: ("j.worker", id),
        filter: "status:running",
        sort: "",
        columns: &["kind", "state", "age", "attempts", "subject"],
        empty: &screen::NO_RUNNING,
    };
    let context = reading.context;
    let runs = job::SOURCE
        .related(&mut reading.tx, context, wanted)
        .await?;
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields),
        },
        Tab {
            title: &screen::JOBS,
            body: Body::List(runs),
        },
    ];
    reading.end(Kind::Worker, head, tabs).await
}
