//! Licence codes as people see them: by their first characters, with their end and last use. Never a code.

use super::super::read::{Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::connection::{self, day};
use super::{fixed, known, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::lists::licence as list;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    fixed("code", &c::CODE, 9, 0),
    wide("organisation", &c::ORGANISATION, (20, 3), 0),
    fixed("state", &c::STATE, 13, 0),
    sorted(fixed("ends", &c::ENDS, 10, 0), "expires"),
    fixed("used", &c::USED, 8, 0),
    wide("vendor", &c::VENDOR, (12, 2), 1),
    sorted(fixed("created", &c::CREATED, 10, 2), "created"),
    sorted(fixed("since", &c::SINCE, 5, 3), "changed"),
    fixed("reminded", &c::REMINDED, 9, 3),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Licence,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        cells: vec![
            Cell::text(begins(&r.prefix)),
            Cell::text(r.organisation),
            Cell::Code(Kind::Licence, r.state.clone()),
            day(r.expires_at),
            Cell::Age(r.used_at),
            Cell::text(r.vendor),
            Cell::Age(r.created_at),
            Cell::Age(r.state_at),
            Cell::Age(r.reminded_at),
        ],
        label: begins(&r.prefix),
        id: r.id,
        state: r.state,
        cursor: Cursor::default(),
    }
}

/// A code by its beginning.
fn begins(prefix: &str) -> String {
    format!("{prefix}…")
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
        connection::tab(&mut reading, ("k.id", &r.connection_id)).await?,
        reading.history(Kind::Licence, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::ORGANISATION, Cell::text(r.organisation)),
            (&c::ENDS, day(r.expires_at)),
            (&c::USED, Cell::Age(r.used_at)),
        ],
        title: begins(&r.prefix),
        id: r.id,
        version: r.version,
        state: r.state,
        organisation: r.organisation_id,
        seen: None,
    };
    reading.end(Kind::Licence, head, tabs).await
}

fn fields(r: &list::Row) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::CODE, Cell::text(begins(&r.prefix))),
        (&c::ORGANISATION, Cell::text(&r.organisation)),
        (&c::VENDOR, Cell::text(&r.vendor)),
        (&c::STATE, Cell::Code(Kind::Licence, r.state.clone())),
        (&c::SINCE, Cell::Moment(r.state_at)),
        (&c::CREATED, Cell::Moment(r.created_at)),
        (&c::EXPIRES, Cell::Moment(r.expires_at)),
        (&c::USED, Cell::Moment(r.used_at)),
        (&c::REMINDED, Cell::Moment(r.reminded_at)),
        (&c::CHANGED, Cell::Moment(r.changed_at)),
        (&c::CHANGED_BY, Cell::text(&r.changed_by)),
        (&c::ID, Cell::text(&r.id)),
    ]
}
