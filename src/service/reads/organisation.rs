//! Organisations as people see them: the list, and one with its accounts, agreements, connections, submissions, mail and history.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::registration::address;
use super::{
    acceptance, account, checklist, connection, fixed, known, mail, plain, sorted, submission, wide,
};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::lists::organisation as list;
use crate::store::organisation::{self, Organisation};
use crate::ui::record::{Body, Related};
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    sorted(wide("name", &c::NAME, (24, 3), 0), "name"),
    sorted(fixed("agb", &c::AGB, 8, 0), "agb"),
    fixed("state", &c::STATE, 15, 0),
    fixed("acceptance", &c::AGREEMENT, 18, 1),
    fixed("delivered", &c::DELIVERED, 8, 2),
    wide("city", &c::CITY, (10, 1), 2),
    sorted(fixed("since", &c::SINCE, 5, 2), "changed"),
    sorted(fixed("created", &c::CREATED, 10, 3), "created"),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Organisation,
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
            Cell::text(r.agb),
            Cell::Code(Kind::Organisation, r.state.clone()),
            Cell::Code(Kind::Acceptance, r.acceptance),
            Cell::Age(r.delivered_at),
            Cell::text(r.city),
            Cell::Age(r.state_at),
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
    let found = organisation::by_id(&mut reading.tx, id).await?;
    let o = found.ok_or_else(|| Error::Missing {
        kind: Kind::Organisation,
        id: id.chars().take(64).collect(),
    })?;
    let row = SOURCE.one(&mut reading.tx, id).await?;
    let tabs = tabs(&mut reading, &o).await?;
    let head = Head {
        summary: vec![
            (&c::SINCE, Cell::Age(o.state_at)),
            (&c::AGB, Cell::text(&o.agb)),
            (&c::AGREEMENT, Cell::Code(Kind::Acceptance, row.acceptance)),
            (&c::DELIVERED, Cell::Age(row.delivered_at)),
        ],
        organisation: o.id.clone(),
        id: o.id,
        version: o.version,
        state: o.state,
        title: o.name,
        seen: Some(("organisation.view", SEEN)),
    };
    reading.end(Kind::Organisation, head, tabs).await
}

async fn tabs(reading: &mut Reading<'_>, o: &Organisation) -> Result<Vec<Tab>, Error> {
    let marks = organisation::marks(&mut reading.tx, &o.id).await?;
    let general = Body::Sections(vec![
        (&screen::TAB_GENERAL, known(fields(o))),
        (
            &screen::TAB_CHECKLIST,
            checklist::of_organisation(reading, o).await?,
        ),
        (&screen::TAB_MARKS, Body::List(marks_of(marks))),
    ]);
    Ok(vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: general,
        },
        accounts(reading, &o.id).await?,
        agreements(reading, &o.id).await?,
        connection::tab(reading, ("k.organisation_id", &o.id)).await?,
        submissions(reading, &o.id).await?,
        mail::of_organisation(reading, &o.id).await?,
        reading.history_of_organisation(&o.id).await?,
    ])
}

fn marks_of(marks: Vec<(String, String, String)>) -> Related {
    let cells = |(kind, from, until): (String, String, String)| {
        vec![
            Cell::Code(Kind::Organisation, kind),
            Cell::Date(from),
            Cell::Date(until),
        ]
    };
    plain(
        &[&c::MARK, &c::VALID_FROM, &c::VALID_UNTIL],
        marks.into_iter().map(cells).collect(),
        &screen::NO_MARKS,
    )
}

fn fields(o: &Organisation) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::NAME, Cell::text(&o.name)),
        (&c::STATE, Cell::Code(Kind::Organisation, o.state.clone())),
        (&c::AGB, Cell::text(&o.agb)),
        (&c::KVK, Cell::text(&o.kvk)),
        (
            &c::ADDRESS,
            Cell::text(address(&o.street, &o.postcode, &o.city)),
        ),
        (&c::CONTACT, Cell::text(&o.contact)),
        (&c::EMAIL, Cell::text(&o.email)),
        (&c::PHONE, Cell::text(&o.phone)),
        (
            &c::LANGUAGE,
            Cell::Code(Kind::Organisation, o.language.clone()),
        ),
        (&c::REASON, Cell::text(&o.state_reason)),
        (&c::CREATED, Cell::Moment(o.created_at)),
        (&c::CHANGED, Cell::Moment(o.changed_at)),
        (&c::CHANGED_BY, Cell::text(&o.changed_by)),
        (&c::ID, Cell::text(&o.id)),
    ]
}

async fn accounts(reading: &mut Reading<'_>, id: &str) -> Result<Tab, Error> {
    let wanted = Excerpt {
        scope: ("a.organisation_id", id),
        filter: "",
        sort: "",
        columns: &["name", "roles", "state", "since", "email"],
        empty: &screen::NO_ACCOUNTS,
    };
    let list = account::SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::ACCOUNTS,
        body: Body::List(list.await?),
    })
}

async fn agreements(reading: &mut Reading<'_>, id: &str) -> Result<Tab, Error> {
    let wanted = Excerpt {
        scope: ("x.organisation_id", id),
        filter: "",
        sort: "",
        columns: &[
            "agreement",
            "state",
            "asked",
            "reminded",
            "accepted_at",
            "account",
        ],
        empty: &screen::NO_ACCEPTANCES,
    };
    let list = acceptance::SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::AGREEMENTS,
        body: Body::List(list.await?),
    })
}

async fn submissions(reading: &mut Reading<'_>, id: &str) -> Result<Tab, Error> {
    let wanted = Excerpt {
        scope: ("s.organisation_id", id),
        filter: "",
        sort: "",
        columns: &["kind", "state", "age", "findings", "file", "vendor"],
        empty: &screen::NO_SUBMISSIONS,
    };
    let list = submission::SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::SUBMISSIONS,
        body: Body::List(list.await?),
    })
}
