//! Vendors as people see them: the register, and one with its specifications, connections, test runs and history.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{connection, fixed, known, mail, masked, plain, sorted, test_run, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::lists::vendor as list;
use crate::store::vendor::{self, Sent, Vendor};
use crate::ui::record::{Body, Related};
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    sorted(wide("name", &c::NAME, (20, 3), 0), "name"),
    fixed("kind", &c::KIND, 16, 0),
    fixed("tested", &c::TESTED, 8, 0),
    fixed("connections", &c::CONNECTIONS, 6, 0),
    fixed("informed", &c::SPECIFICATION_SENT, 6, 1),
    wide("contact", &c::CONTACT, (14, 2), 2),
    wide("email", &c::EMAIL, (18, 2), 3),
    sorted(fixed("created", &c::CREATED, 10, 4), "created"),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Vendor,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

/// Personal fields that the record shows in full.
const SEEN: &[&str] = &["email", "phone", "contact"];

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        cells: vec![
            Cell::text(&r.name),
            Cell::Code(Kind::Vendor, r.kind),
            Cell::Age(r.tested_at),
            Cell::Number(r.connections),
            Cell::Age(r.informed_at),
            Cell::text(r.contact),
            masked(&r.email),
            Cell::Age(r.created_at),
        ],
        id: r.id,
        state: String::new(),
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
    let found = vendor::by_id(&mut reading.tx, id).await?;
    let v = found.ok_or_else(|| Error::missing(Kind::Vendor, id))?;
    let sent = vendor::specifications(&mut reading.tx, id).await?;
    let general = Body::Sections(vec![
        (&screen::TAB_GENERAL, known(fields(&v))),
        (
            &screen::TAB_SPECIFICATIONS,
            Body::List(specifications(sent)),
        ),
    ]);
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: general,
        },
        connection::tab(&mut reading, ("k.vendor_id", id)).await?,
        runs(&mut reading, id).await?,
        mail::about(&mut reading, Kind::Vendor, id).await?,
        reading.history(Kind::Vendor, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::KIND, Cell::Code(Kind::Vendor, v.kind)),
            (&c::TESTED, Cell::Age(v.tested_at)),
        ],
        id: v.id,
        version: v.version,
        title: v.name,
        seen: Some(("vendor.view", SEEN)),
        ..Head::default()
    };
    reading.end(Kind::Vendor, head, tabs).await
}

fn specifications(sent: Vec<Sent>) -> Related {
    let cells = |s: Sent| {
        vec![
            Cell::text(s.specification),
            Cell::Moment(s.sent_at),
            Cell::text(s.sent_by),
        ]
    };
    plain(
        &[&c::SPECIFICATION, &c::SENT, &c::WHO],
        sent.into_iter().map(cells).collect(),
        &screen::NO_SPECIFICATIONS,
    )
}

async fn runs(reading: &mut Reading<'_>, id: &str) -> Result<Tab, Error> {
    let wanted = Excerpt {
        scope: ("r.vendor_id", id),
        filter: "",
        sort: "",
        columns: &["organisation", "state", "since", "specification", "planned"],
        empty: &screen::NO_TEST_RUNS,
    };
    let list = test_run::SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::TEST_RUNS,
        body: Body::List(list.await?),
    })
}

fn fields(v: &Vendor) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::NAME, Cell::text(&v.name)),
        (&c::KIND, Cell::Code(Kind::Vendor, v.kind.clone())),
        (&c::CONTACT, Cell::text(&v.contact)),
        (&c::EMAIL, Cell::text(&v.email)),
        (&c::PHONE, Cell::text(&v.phone)),
        (&c::LANGUAGE, Cell::Code(Kind::Vendor, v.language.clone())),
        (&c::TESTED, Cell::Moment(v.tested_at)),
        (&c::CREATED, Cell::Moment(v.created_at)),
        (&c::CHANGED, Cell::Moment(v.changed_at)),
        (&c::CHANGED_BY, Cell::text(&v.changed_by)),
        (&c::ID, Cell::text(&v.id)),
    ]
}
