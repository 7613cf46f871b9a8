//! Registrations as people see them: the queue, and one with its set-up, users and history.

use super::super::document::User;
use super::super::read::{Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{checklist, fixed, known, mail, plain, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{column as c, screen};
use crate::store::lists::registration as list;
use crate::store::registration::{self, Registration};
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    sorted(wide("name", &c::ORGANISATION, (24, 3), 0), "name"),
    fixed("state", &c::STATE, 15, 0),
    sorted(fixed("since", &c::SINCE, 5, 0), "changed"),
    sorted(fixed("received", &c::RECEIVED, 9, 2), "received"),
    wide("claimed_by", &c::CLAIMED, (12, 1), 1),
    fixed("agb", &c::AGB, 8, 1),
    fixed("route", &c::ROUTE, 11, 2),
    wide("vendor", &c::VENDOR, (12, 2), 3),
    wide("city", &c::CITY, (10, 1), 3),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Registration,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

/// Personal fields that the record shows in full.
const SEEN: &[&str] = &["email", "phone", "contact", "users"];

fn row(r: list::Row, now: Timestamp) -> Row {
    // A claim that ran out is nobody's.
    let claimed = if r.claimed_until > now {
        r.claimed_by
    } else {
        String::new()
    };
    Row {
        version: r.version,
        cells: vec![
            Cell::text(&r.name),
            Cell::Code(Kind::Registration, r.state.clone()),
            Cell::Age(r.state_at),
            Cell::Age(r.received_at),
            Cell::text(claimed),
            Cell::text(r.agb),
            Cell::Code(Kind::Registration, r.route),
            Cell::text(r.vendor),
            Cell::text(r.city),
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
    let found = registration::by_id(&mut reading.tx, id).await?;
    let r = found.ok_or_else(|| Error::Missing {
        kind: Kind::Registration,
        id: id.chars().take(64).collect(),
    })?;
    let organisation = r.organisation_id.clone().unwrap_or_default();
    let tabs = vec![
        checklist::of_registration(&mut reading, &r).await?,
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&r)),
        },
        Tab {
            title: &screen::TAB_USERS,
            body: Body::List(plain(
                &[&c::NAME, &c::EMAIL, &c::ROLES],
                users(&r),
                &screen::NO_USERS,
            )),
        },
        mails(&mut reading, &r).await?,
        reading.history(Kind::Registration, &r.id).await?,
    ];
    let head = Head {
        id: r.id,
        version: r.version,
        title: r.name,
        summary: vec![
            (&c::SINCE, Cell::Age(r.state_at)),
            (&c::RECEIVED, Cell::Age(r.received_at)),
            (&c::AGB, Cell::text(r.agb)),
        ],
        state: r.state,
        organisation,
        seen: Some(("registration.view", SEEN)),
    };
    reading.end(Kind::Registration, head, tabs).await
}

/// Until it is completed its mails are its own, then they are the organisation's.
async fn mails(reading: &mut Reading<'_>, r: &Registration) -> Result<Tab, Error> {
    match &r.organisation_id {
        Some(organisation) => mail::of_organisation(reading, organisation).await,
        None => mail::about(reading, Kind::Registration, &r.id).await,
    }
}

fn fields(r: &Registration) -> Vec<(&'static crate::language::Message, Cell)> {
    let code = |code: &str| Cell::Code(Kind::Registration, code.to_owned());
    vec![
        (&c::NAME, Cell::text(&r.name)),
        (&c::STATE, code(&r.state)),
        (&c::AGB, Cell::text(&r.agb)),
        (&c::KVK, Cell::text(&r.kvk)),
        (
            &c::ADDRESS,
            Cell::text(address(&r.street, &r.postcode, &r.city)),
        ),
        (&c::CONTACT, Cell::text(&r.contact)),
        (&c::EMAIL, Cell::text(&r.email)),
        (&c::PHONE, Cell::text(&r.phone)),
        (&c::LANGUAGE, code(&r.language)),
        (&c::ROUTE, code(&r.route)),
        (&c::VENDOR, Cell::text(&r.vendor)),
        (&c::REASON, Cell::text(&r.reason)),
        (&c::RECEIVED, Cell::Moment(r.received_at)),
        (&c::CHANGED, Cell::Moment(r.changed_at)),
        (&c::CHANGED_BY, Cell::text(&r.changed_by)),
        (&c::ID, Cell::text(&r.id)),
    ]
}

/// Street, postcode and city on one line, whatever of them is known.
pub(super) fn address(street: &str, postcode: &str, city: &str) -> String {
    joined(&[street, &joined(&[postcode, city], " ")], ", ")
}

fn joined(parts: &[&str], between: &str) -> String {
    let known: Vec<&str> = parts.iter().copied().filter(|p| !p.is_empty()).collect();
    known.join(between)
}

fn users(r: &Registration) -> Vec<Vec<Cell>> {
    let users = User::list(&r.users).unwrap_or_default();
    let cells = |u: User| {
        vec![
            Cell::text(u.name),
            Cell::text(u.email),
            Cell::Code(Kind::Account, u.roles),
        ]
    };
    users.into_iter().map(cells).collect()
}
