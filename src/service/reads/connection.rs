//! Connections as people see them: the list, and one with its handshake, codes, test runs, deliveries and history.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, licence, mail, sorted, submission, test_run, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::connection::{self, Connection};
use crate::store::handshake::{self, Handshake};
use crate::store::lists::connection as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("organisation", &c::ORGANISATION, (22, 3), 0),
    fixed("state", &c::STATE, 15, 0),
    sorted(fixed("since", &c::SINCE, 5, 0), "changed"),
    wide("vendor", &c::VENDOR, (13, 2), 0),
    fixed("route", &c::ROUTE, 11, 1),
    fixed("kinds", &c::KIND, 8, 2),
    fixed("used", &c::USED, 8, 2),
    fixed("ends", &c::CODE_ENDS, 10, 3),
    fixed("agb", &c::AGB, 8, 4),
    sorted(fixed("created", &c::CREATED, 10, 5), "created"),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Connection,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        label: label(&r),
        cells: vec![
            Cell::text(r.organisation),
            Cell::Code(Kind::Connection, r.state.clone()),
            Cell::Age(r.state_at),
            Cell::text(r.vendor),
            Cell::Code(Kind::Connection, r.route),
            Cell::Code(Kind::Connection, r.kinds),
            Cell::Age(r.used_at),
            day(r.ends_at),
            Cell::text(r.agb),
            Cell::Age(r.created_at),
        ],
        id: r.id,
        state: r.state,
        cursor: Cursor::default(),
    }
}

fn label(r: &list::Row) -> String {
    if r.vendor.is_empty() {
        r.organisation.clone()
    } else {
        format!("{} · {}", r.organisation, r.vendor)
    }
}

/// The day of a moment, or nothing for never.
pub(super) fn day(at: Timestamp) -> Cell {
    if at == Timestamp::NEVER {
        Cell::Empty
    } else {
        Cell::Date(crate::domain::period::day_of(at))
    }
}

/// One page of the list.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    SOURCE.page(services, actor, query).await
}

/// The connections of an organisation or vendor, as a tab of its record.
pub(super) async fn tab(
    reading: &mut Reading<'_>,
    scope: (&'static str, &str),
) -> Result<Tab, Error> {
    let other = if scope.0 == "k.vendor_id" {
        "organisation"
    } else {
        "vendor"
    };
    let wanted = Excerpt {
        scope,
        filter: "",
        sort: "",
        columns: &[other, "state", "since", "route", "kinds", "used", "ends"],
        empty: &screen::NO_CONNECTIONS,
    };
    let list = SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::CONNECTIONS,
        body: Body::List(list.await?),
    })
}

/// One record.
pub async fn open(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let found = connection::by_id(&mut reading.tx, id).await?;
    let k = found.ok_or_else(|| Error::missing(Kind::Connection, id))?;
    let row = SOURCE.one(&mut reading.tx, id).await?;
    let newest = handshake::newest_of(&mut reading.tx, id).await?;
    let general = Body::Sections(vec![
        (&screen::TAB_GENERAL, known(fields(&k, &row))),
        (
            &screen::TAB_HANDSHAKE,
            known(of_handshake(services, newest)),
        ),
    ]);
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: general,
        },
        codes(&mut reading, id).await?,
        runs(&mut reading, id).await?,
        deliveries(&mut reading, id).await?,
        mail::about(&mut reading, Kind::Connection, id).await?,
        reading.history(Kind::Connection, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::SINCE, Cell::Age(k.state_at)),
            (&c::ROUTE, Cell::Code(Kind::Connection, k.route)),
            (&c::USED, Cell::Age(k.used_at)),
        ],
        title: label(&row),
        id: k.id,
        version: k.version,
        state: k.state,
        organisation: k.organisation_id,
        seen: None,
    };
    reading.end(Kind::Connection, head, tabs).await
}

fn fields(k: &Connection, row: &list::Row) -> Vec<(&'static Message, Cell)> {
    let code = |text: &String| Cell::Code(Kind::Connection, text.clone());
    let uid = Some(k.inbox_uid).filter(|uid| *uid >= 0);
    vec![
        (&c::ORGANISATION, Cell::text(&row.organisation)),
        (&c::AGB, Cell::text(&row.agb)),
        (&c::VENDOR, Cell::text(&row.vendor)),
        (&c::ROUTE, code(&k.route)),
        (&c::STATE, code(&k.state)),
        (&c::REASON, Cell::text(&k.state_reason)),
        (
            &c::SPECIFICATION,
            Cell::text(k.specifications.replace(',', ", ")),
        ),
        (&c::KIND, code(&k.kinds)),
        (&c::VENDOR_MAIL, Cell::Flag(k.vendor_mail == 1)),
        (&c::INBOX_UID, uid.map_or(Cell::Empty, Cell::Number)),
        (&c::CREATED, Cell::Moment(k.created_at)),
        (&c::LIVE_SINCE, Cell::Moment(k.live_at)),
        (&c::USED, Cell::Moment(k.used_at)),
        (&c::CHANGED, Cell::Moment(k.changed_at)),
        (&c::CHANGED_BY, Cell::text(&k.changed_by)),
        (&c::ID, Cell::text(&k.id)),
    ]
}

/// The newest handshake: the address, and whether the code was collected. Never the code, nor the link.
fn of_handshake(services: &Services, row: Option<Handshake>) -> Vec<(&'static Message, Cell)> {
    let address = super::super::handshake::address(services);
    let mut all = vec![(&c::ADDRESS, Cell::text(address))];
    if let Some(h) = row {
        all.extend([
            (&c::SENT, Cell::Moment(h.created_at)),
            (&c::WHO, Cell::text(h.created_by)),
            (&c::EXPIRES, Cell::Moment(h.expires_at)),
            (&c::COLLECTED, Cell::Moment(h.collected_at)),
            (&c::COLLECTED_BY, Cell::text(h.collected_by)),
            (&c::WITHDRAWN, Cell::Moment(h.revoked_at)),
            (&c::CODE, Cell::Masked),
        ]);
    }
    all
}

async fn codes(reading: &mut Reading<'_>, id: &str) -> Result<Tab, Error> {
    let wanted = Excerpt {
        scope: ("l.connection_id", id),
        filter: "",
        sort: "",
        columns: &["code", "state", "created", "ends", "used", "reminded"],
        empty: &screen::NO_LICENCES,
    };
    let list = licence::SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::LICENCES,
        body: Body::List(list.await?),
    })
}

async fn runs(reading: &mut Reading<'_>, id: &str) -> Result<Tab, Error> {
    let wanted = Excerpt {
        scope: ("r.connection_id", id),
        filter: "",
        sort: "",
        columns: &["state", "since", "specification", "planned", "reason"],
        empty: &screen::NO_TEST_RUNS,
    };
    let list = test_run::SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::TEST_RUNS,
        body: Body::List(list.await?),
    })
}

async fn deliveries(reading: &mut Reading<'_>, id: &str) -> Result<Tab, Error> {
    let wanted = Excerpt {
        scope: ("s.connection_id", id),
        filter: "",
        sort: "",
        columns: &["kind", "state", "age", "findings", "file"],
        empty: &screen::NO_SUBMISSIONS,
    };
    let list = submission::SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::SUBMISSIONS,
        body: Body::List(list.await?),
    })
}
