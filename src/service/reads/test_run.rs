//! Test runs as people see them: the list, and one with the file that came and its history.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::connection;
use super::{fixed, known, sorted, submission, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::lists::test_run as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("vendor", &c::VENDOR, (14, 2), 0),
    wide("organisation", &c::ORGANISATION, (20, 3), 0),
    fixed("state", &c::STATE, 17, 0),
    sorted(fixed("since", &c::SINCE, 5, 0), "changed"),
    fixed("specification", &c::SPECIFICATION, 13, 1),
    fixed("planned", &c::PLANNED_FOR, 10, 2),
    wide("reason", &c::REASON, (12, 2), 3),
    sorted(fixed("created", &c::CREATED, 10, 4), "created"),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::TestRun,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        cells: vec![
            Cell::text(&r.vendor),
            Cell::text(r.organisation),
            Cell::Code(Kind::TestRun, r.state.clone()),
            Cell::Age(r.state_at),
            Cell::text(r.specification),
            Cell::Date(r.planned_for),
            Cell::text(r.reason),
            Cell::Age(r.created_at),
        ],
        id: r.id,
        state: r.state,
        label: r.vendor,
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
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&r)),
        },
        file(&mut reading, &r.submission_id).await?,
        connection::tab(&mut reading, ("k.id", &r.connection_id)).await?,
        reading.history(Kind::TestRun, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::ORGANISATION, Cell::text(r.organisation)),
            (&c::SPECIFICATION, Cell::text(r.specification)),
            (&c::SINCE, Cell::Age(r.state_at)),
        ],
        title: r.vendor,
        id: r.id,
        version: r.version,
        state: r.state,
        organisation: r.organisation_id,
        seen: None,
    };
    reading.end(Kind::TestRun, head, tabs).await
}

/// The file that came; `Enter` on it opens its report.
async fn file(reading: &mut Reading<'_>, submission: &str) -> Result<Tab, Error> {
    let wanted = Excerpt {
        scope: ("s.id", submission),
        filter: "",
        sort: "",
        columns: &["kind", "state", "age", "findings", "file"],
        empty: &screen::NO_TEST_FILE,
    };
    let list = submission::SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::TAB_FILE,
        body: Body::List(list.await?),
    })
}

fn fields(r: &list::Row) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::VENDOR, Cell::text(&r.vendor)),
        (&c::ORGANISATION, Cell::text(&r.organisation)),
        (&c::SPECIFICATION, Cell::text(&r.specification)),
        (&c::STATE, Cell::Code(Kind::TestRun, r.state.clone())),
        (&c::SINCE, Cell::Moment(r.state_at)),
        (&c::PLANNED_FOR, Cell::Date(r.planned_for.clone())),
        (&c::REASON, Cell::text(&r.reason)),
        (&c::CREATED, Cell::Moment(r.created_at)),
        (&c::CHANGED, Cell::Moment(r.changed_at)),
        (&c::CHANGED_BY, Cell::text(&r.changed_by)),
        (&c::ID, Cell::text(&r.id)),
    ]
}
