//! Versions of the agreement as people see them: the list, and one with who accepted it and its history. Not its document.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{acceptance, fixed, known, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::agreement::{self, Agreement};
use crate::store::lists::agreement as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    sorted(wide("name", &c::VERSION, (9, 1), 0), "name"),
    wide("title", &c::TITLE, (20, 3), 0),
    fixed("state", &c::STATE, 14, 0),
    fixed("accepted", &c::ACCEPTED, 7, 0),
    fixed("pending", &c::PENDING, 7, 0),
    fixed("valid_from", &c::VALID_FROM, 12, 1),
    fixed("grace_until", &c::GRACE, 13, 2),
    fixed("since", &c::SINCE, 5, 3),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Agreement,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        cells: vec![
            Cell::text(&r.name),
            Cell::text(r.title),
            Cell::Code(Kind::Agreement, r.state.clone()),
            Cell::Number(r.accepted),
            Cell::Number(r.pending),
            Cell::Date(r.valid_from),
            Cell::Date(r.grace_until),
            Cell::Age(r.state_at),
        ],
        id: r.id,
        state: r.state,
        label: r.name,
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
    let row = SOURCE.one(&mut reading.tx, id).await?;
    let found = agreement::find(&mut reading.tx, id).await?;
    let a = found.ok_or_else(|| Error::Missing {
        kind: Kind::Agreement,
        id: id.chars().take(64).collect(),
    })?;
    let wanted = Excerpt {
        scope: ("x.agreement_id", id),
        filter: "",
        sort: "",
        columns: &[
            "organisation",
            "state",
            "asked",
            "reminded",
            "accepted_at",
            "account",
        ],
        empty: &screen::NO_ACCEPTANCES,
    };
    let list = acceptance::SOURCE.related(&mut reading.tx, reading.context, wanted);
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&a, &row)),
        },
        Tab {
            title: &screen::ACCEPTANCES,
            body: Body::List(list.await?),
        },
        reading.history(Kind::Agreement, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::SINCE, Cell::Age(a.state_at)),
            (&c::ACCEPTED, Cell::Number(row.accepted)),
            (&c::PENDING, Cell::Number(row.pending)),
        ],
        id: a.id,
        version: a.version,
        state: a.state,
        title: a.title,
        ..Head::default()
    };
    reading.end(Kind::Agreement, head, tabs).await
}

fn fields(a: &Agreement, row: &list::Row) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::VERSION, Cell::text(&a.name)),
        (&c::TITLE, Cell::text(&a.title)),
        (&c::STATE, Cell::Code(Kind::Agreement, a.state.clone())),
        (&c::VALID_FROM, Cell::Date(a.valid_from.clone())),
        (&c::GRACE, Cell::Date(a.grace_until.clone())),
        (&c::FILE, Cell::text(&a.file_name)),
        (&c::SIZE, Cell::Size(a.bytes)),
        (&c::SHA256, Cell::text(&a.sha256)),
        (&c::ACCEPTED, Cell::Number(row.accepted)),
        (&c::PENDING, Cell::Number(row.pending)),
        (&c::CREATED, Cell::Moment(a.created_at)),
        (&c::CHANGED, Cell::Moment(a.changed_at)),
        (&c::CHANGED_BY, Cell::text(&a.changed_by)),
        (&c::ID, Cell::text(&a.id)),
    ]
}
