//! Bulk runs as people see them: the list, and one with what became of each row.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::lists::bulk as list;
use crate::ui::record::{Body, Related};
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("act", &c::ACTION, (18, 2), 0),
    fixed("state", &c::STATE, 14, 0),
    sorted(fixed("age", &c::AGE, 4, 0), "created"),
    fixed("total", &c::ROWS, 6, 0),
    fixed("done", &c::DONE, 6, 0),
    fixed("skipped", &c::SKIPPED, 9, 0),
    wide("by", &c::WHO, (12, 1), 1),
    wide("reason", &c::REASON, (14, 2), 2),
];

/// Columns of the rows of a run.
static ITEM_COLUMNS: &[Column] = &[
    fixed("position", &c::POSITION, 5, 0),
    wide("label", &c::NAME, (16, 2), 0),
    fixed("state", &c::STATE, 14, 0),
    wide("detail", &c::DETAIL, (20, 3), 0),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Bulk,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

static ITEMS: Source<list::Item> = Source {
    kind: Kind::Bulk,
    spec: &list::ITEMS,
    columns: ITEM_COLUMNS,
    row: item,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        cells: vec![
            Cell::Code(Kind::Audit, r.act.clone()),
            Cell::Code(Kind::Bulk, r.state.clone()),
            Cell::Age(r.created_at),
            Cell::Number(r.total),
            Cell::Number(r.done),
            Cell::Number(r.skipped),
            Cell::text(r.operator),
            Cell::text(r.reason),
        ],
        id: r.id,
        state: r.state,
        label: r.act,
        cursor: Cursor::default(),
    }
}

fn item(i: list::Item, _: Timestamp) -> Row {
    Row {
        id: i.object_id,
        version: 0,
        cells: vec![
            Cell::Number(i.position),
            Cell::text(&i.label),
            Cell::Code(Kind::Bulk, i.state.clone()),
            Cell::text(i.detail),
        ],
        state: i.state,
        label: i.label,
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
            title: &screen::TAB_BULK,
            body: known(fields(&r)),
        },
        Tab {
            title: &screen::TAB_ITEMS,
            body: Body::List(items(&mut reading, &r).await?),
        },
        reading.history(Kind::Bulk, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::ROWS, Cell::Number(r.total)),
            (&c::DONE, Cell::Number(r.done)),
            (&c::SKIPPED, Cell::Number(r.skipped)),
        ],
        id: r.id,
        version: r.version,
        state: r.state,
        title: r.act,
        ..Head::default()
    };
    reading.end(Kind::Bulk, head, tabs).await
}

fn fields(r: &list::Row) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::ACTION, Cell::Code(Kind::Audit, r.act.clone())),
        (&c::STATE, Cell::Code(Kind::Bulk, r.state.clone())),
        (&c::SINCE, Cell::Moment(r.state_at)),
        (&c::CREATED, Cell::Moment(r.created_at)),
        (&c::WHO, Cell::text(&r.operator)),
        (&c::REASON, Cell::text(&r.reason)),
        (&c::ROWS, Cell::Number(r.total)),
        (&c::DONE, Cell::Number(r.done)),
        (&c::SKIPPED, Cell::Number(r.skipped)),
        (&c::ID, Cell::text(&r.id)),
    ]
}

/// `Enter` opens the record that a row was about: the noun of the action says of which kind.
async fn items(reading: &mut Reading<'_>, r: &list::Row) -> Result<Related, Error> {
    let wanted = Excerpt {
        scope: ("i.bulk_id", &r.id),
        filter: "",
        sort: "",
        columns: &["position", "label", "state", "detail"],
        empty: &screen::NO_ITEMS,
    };
    let list = ITEMS.related(&mut reading.tx, reading.context, wanted);
    let noun = r.act.split('.').next().unwrap_or_default();
    Ok(Related {
        kind: noun.parse().ok(),
        ..list.await?
    })
}
