//! Obligations as people see them: which organisation owes a delivery of which kind, by when, and who was reminded.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, mail, sorted, submission, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::lists::obligation as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("organisation", &c::ORGANISATION, (22, 3), 0),
    fixed("kind", &c::KIND, 5, 0),
    fixed("state", &c::STATE, 13, 0),
    sorted(fixed("due_on", &c::DUE_ON, 10, 0), "due"),
    fixed("delivered", &c::LAST_DELIVERED, 16, 1),
    fixed("reminded", &c::REMINDED, 16, 1),
    fixed("reminders", &c::TIMES, 4, 2),
    fixed("agb", &c::AGB, 8, 3),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Obligation,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        label: submission::label(&r.organisation, &r.kind),
        cells: vec![
            Cell::text(r.organisation),
            Cell::Code(Kind::Submission, r.kind),
            Cell::Code(Kind::Obligation, r.state.clone()),
            Cell::Date(r.due_on),
            Cell::Moment(r.delivered_at),
            Cell::Moment(r.reminded_at),
            Cell::Number(r.reminders),
            Cell::text(r.agb),
        ],
        id: r.id,
        state: r.state,
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
    let filter = format!("kind:{}", row.kind);
    let wanted = Excerpt {
        scope: ("s.organisation_id", &row.organisation_id),
        filter: &filter,
        sort: "",
        columns: &["state", "age", "cause", "rows"],
        empty: &screen::NO_SUBMISSIONS,
    };
    let context = reading.context;
    let delivered = submission::SOURCE.related(&mut reading.tx, context, wanted);
    let delivered = delivered.await?;
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&row)),
        },
        Tab {
            title: &screen::TAB_MEMBERS,
            body: Body::List(delivered),
        },
        mail::about(&mut reading, Kind::Obligation, id).await?,
        reading.history(Kind::Obligation, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::DUE_ON, Cell::Date(row.due_on.clone())),
            (&c::REMINDERS, Cell::Number(row.reminders)),
        ],
        title: submission::label(&row.organisation, &row.kind),
        id: row.id,
        version: row.version,
        state: row.state,
        organisation: row.organisation_id,
        seen: None,
    };
    reading.end(Kind::Obligation, head, tabs).await
}

fn fields(r: &list::Row) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::ORGANISATION, Cell::text(&r.organisation)),
        (&c::AGB, Cell::text(&r.agb)),
        (&c::KIND, Cell::Code(Kind::Submission, r.kind.clone())),
        (&c::STATE, Cell::Code(Kind::Obligation, r.state.clone())),
        (&c::SINCE, Cell::Moment(r.state_at)),
        (&c::OWED_SINCE, Cell::Date(r.since.clone())),
        (&c::LAST_DELIVERED, Cell::Moment(r.delivered_at)),
        (&c::DUE_ON, Cell::Date(r.due_on.clone())),
        (&c::REMINDED, Cell::Moment(r.reminded_at)),
        (&c::REMINDERS, Cell::Number(r.reminders)),
        (&c::ID, Cell::text(&r.id)),
    ]
}
