//! Acceptances as people see them: who accepted which version and who has yet to, and one with its evidence and history.

use super::super::read::{Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, mail, sorted, until, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::store::lists::acceptance as list;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("organisation", &c::ORGANISATION, (28, 3), 0),
    fixed("state", &c::STATE, 18, 0),
    wide("agreement", &c::VERSION, (9, 1), 1),
    sorted(fixed("asked", &c::AGE, 4, 0), "created"),
    sorted(fixed("reminded", &c::REMINDED, 9, 1), "reminded"),
    fixed("reminders", &c::TIMES, 5, 2),
    fixed("accepted_at", &c::ACCEPTED_AT, 16, 2),
    wide("account", &c::ACCEPTED_BY, (12, 1), 3),
    fixed("valid_until", &c::VALID_UNTIL, 17, 4),
    fixed("agb", &c::AGB, 8, 3),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Acceptance,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        cells: vec![
            Cell::text(&r.organisation),
            Cell::Code(Kind::Acceptance, r.state.clone()),
            Cell::text(r.agreement),
            Cell::Age(r.created_at),
            Cell::Age(r.reminded_at),
            Cell::Number(r.reminders),
            Cell::Moment(r.accepted_at),
            Cell::text(r.account),
            until(r.valid_until),
            Cell::text(r.agb),
        ],
        id: r.id,
        state: r.state,
        label: r.organisation,
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
    let evidence = list::evidence(&mut reading.tx, id).await?;
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&row, evidence)),
        },
        mail::about(&mut reading, Kind::Acceptance, id).await?,
        reading.history(Kind::Acceptance, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::AGREEMENT, Cell::text(row.agreement)),
            (&c::AGE, Cell::Age(row.created_at)),
            (&c::REMINDED, Cell::Age(row.reminded_at)),
        ],
        id: row.id,
        version: row.version,
        state: row.state,
        title: row.organisation,
        organisation: row.organisation_id,
        seen: None,
    };
    reading.end(Kind::Acceptance, head, tabs).await
}

fn fields(r: &list::Row, evidence: Option<list::Evidence>) -> Vec<(&'static Message, Cell)> {
    let (sha256, remote) = evidence
        .map(|e| (e.document_sha256, e.remote))
        .unwrap_or_default();
    vec![
        (&c::ORGANISATION, Cell::text(&r.organisation)),
        (&c::AGB, Cell::text(&r.agb)),
        (&c::AGREEMENT, Cell::text(&r.agreement)),
        (&c::STATE, Cell::Code(Kind::Acceptance, r.state.clone())),
        (&c::CREATED, Cell::Moment(r.created_at)),
        (&c::REMINDED, Cell::Moment(r.reminded_at)),
        (&c::REMINDERS, Cell::Number(r.reminders)),
        (&c::ACCEPTED_AT, Cell::Moment(r.accepted_at)),
        (&c::ACCEPTED_BY, Cell::text(&r.account)),
        (&c::REMOTE, Cell::text(remote)),
        (&c::SHA256, Cell::text(sha256)),
        (&c::VALID_UNTIL, until(r.valid_until.clone())),
        (&c::ID, Cell::text(&r.id)),
    ]
}
