//! Accounts as people see them: the list with masked addresses, and one in full with its invitations, mails and history.

use super::super::read::{Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, mail, masked, plain, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::account::{self, Account};
use crate::store::lists::account as list;
use crate::ui::record::{Body, Related};
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    sorted(wide("name", &c::NAME, (16, 2), 0), "name"),
    wide("organisation", &c::ORGANISATION, (18, 3), 0),
    wide("roles", &c::ROLES, (18, 2), 0),
    fixed("state", &c::STATE, 15, 0),
    sorted(fixed("since", &c::SINCE, 5, 1), "changed"),
    wide("email", &c::EMAIL, (20, 2), 2),
    fixed("invited", &c::INVITED, 11, 3),
    fixed("agb", &c::AGB, 8, 3),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Account,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: Some(("account.search", &["email", "name", ""])),
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        cells: vec![
            Cell::text(&r.name),
            Cell::text(r.organisation),
            Cell::Code(Kind::Account, r.roles),
            Cell::Code(Kind::Account, r.state.clone()),
            Cell::Age(r.state_at),
            masked(&r.email),
            Cell::Age(r.invited_at),
            Cell::text(r.agb),
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
    let found = account::by_id(&mut reading.tx, id).await?;
    let a = found.ok_or_else(|| Error::Missing {
        kind: Kind::Account,
        id: id.chars().take(64).collect(),
    })?;
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&a, &row)),
        },
        Tab {
            title: &screen::TAB_INVITATIONS,
            body: Body::List(invitations(&mut reading, id).await?),
        },
        mail::about(&mut reading, Kind::Account, id).await?,
        reading.history(Kind::Account, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::SINCE, Cell::Age(a.state_at)),
            (&c::ROLES, Cell::Code(Kind::Account, a.roles.clone())),
            (&c::ORGANISATION, Cell::text(row.organisation)),
        ],
        id: a.id,
        version: a.version,
        state: a.state,
        title: a.name,
        organisation: a.organisation_id,
        seen: Some(("account.view", &["email"])),
    };
    reading.end(Kind::Account, head, tabs).await
}

fn fields(a: &Account, row: &list::Row) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::NAME, Cell::text(&a.name)),
        (&c::STATE, Cell::Code(Kind::Account, a.state.clone())),
        (&c::EMAIL, Cell::text(&a.email)),
        (&c::ROLES, Cell::Code(Kind::Account, a.roles.clone())),
        (&c::ORGANISATION, Cell::text(&row.organisation)),
        (&c::AGB, Cell::text(&row.agb)),
        (&c::LANGUAGE, Cell::Code(Kind::Account, a.language.clone())),
        (&c::REASON, Cell::text(&a.state_reason)),
        (&c::CREATED, Cell::Moment(a.created_at)),
        (&c::INVITED, Cell::Moment(a.invited_at)),
        (&c::EXPIRES, Cell::Moment(a.expires_at)),
        (&c::ACTIVE_AT, Cell::Moment(a.active_at)),
        (&c::CHANGED, Cell::Moment(a.changed_at)),
        (&c::CHANGED_BY, Cell::text(&a.changed_by)),
        (&c::ID, Cell::text(&a.id)),
    ]
}

async fn invitations(reading: &mut Reading<'_>, id: &str) -> Result<Related, Error> {
    let all = list::invitations(&mut reading.tx, id).await?;
    let cells = |i: list::Invited| {
        vec![
            Cell::Moment(i.created_at),
            Cell::Moment(i.expires_at),
            Cell::Moment(i.used_at),
            Cell::Moment(i.revoked_at),
        ]
    };
    Ok(plain(
        &[&c::INVITED, &c::EXPIRES, &c::USED, &c::WITHDRAWN],
        all.into_iter().map(cells).collect(),
        &screen::NO_INVITATIONS,
    ))
}
