//! Operators as people see them: the list, and one with their history as a record and what they did.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{audit, fixed, known, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::lists::operator as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("name", &c::NAME, (16, 2), 0),
    sorted(fixed("login", &c::LOGIN, 14, 0), "login"),
    wide("roles", &c::ROLES, (18, 2), 0),
    fixed("state", &c::STATE, 12, 0),
    fixed("language", &c::LANGUAGE, 10, 2),
    sorted(fixed("created", &c::CREATED, 10, 2), "created"),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Operator,
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
            Cell::text(r.login),
            Cell::Code(Kind::Operator, r.roles),
            Cell::Code(Kind::Operator, r.state.clone()),
            Cell::Code(Kind::Operator, r.language),
            Cell::Age(r.created_at),
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
    let r = SOURCE.one(&mut reading.tx, id).await?;
    let wanted = Excerpt {
        scope: ("t.operator_id", id),
        filter: "",
        sort: "",
        columns: &["at", "action", "kind", "organisation", "outcome", "reason"],
        empty: &screen::NO_LOG,
    };
    let did = audit::SOURCE.related(&mut reading.tx, reading.context, wanted);
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&r)),
        },
        Tab {
            title: &screen::LOG,
            body: Body::List(did.await?),
        },
        reading.history(Kind::Operator, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::LOGIN, Cell::text(r.login)),
            (&c::ROLES, Cell::Code(Kind::Operator, r.roles)),
        ],
        id: r.id,
        version: r.version,
        state: r.state,
        title: r.name,
        ..Head::default()
    };
    reading.end(Kind::Operator, head, tabs).await
}

fn fields(r: &list::Row) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::NAME, Cell::text(&r.name)),
        (&c::LOGIN, Cell::text(&r.login)),
        (&c::ROLES, Cell::Code(Kind::Operator, r.roles.clone())),
        (&c::LANGUAGE, Cell::Code(Kind::Operator, r.language.clone())),
        (&c::STATE, Cell::Code(Kind::Operator, r.state.clone())),
        (&c::CREATED, Cell::Moment(r.created_at)),
        (&c::CHANGED, Cell::Moment(r.changed_at)),
        (&c::CHANGED_BY, Cell::text(&r.changed_by)),
        (&c::ID, Cell::text(&r.id)),
    ]
}
