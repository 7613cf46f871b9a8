//! The audit as people see it: the list, and one row with everything that it holds. Not its verification.

use super::super::read::{Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen, state};
use crate::store::audit::{Stored, after};
use crate::store::lists::audit as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    sorted(fixed("at", &c::WHEN, 16, 0), "at"),
    wide("actor", &c::WHO, (14, 1), 0),
    wide("action", &c::ACTION, (22, 2), 0),
    fixed("kind", &c::OBJECT, 13, 2),
    wide("organisation", &c::ORGANISATION, (14, 2), 1),
    fixed("outcome", &c::OUTCOME, 11, 0),
    wide("reason", &c::REASON, (14, 2), 2),
    fixed("via", &c::VIA, 12, 3),
    fixed("login", &c::LOGIN, 10, 4),
    fixed("object", &c::OBJECT_ID, 36, 5),
    fixed("sequence", &c::SEQUENCE, 10, 5),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Audit,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        id: r.sequence.to_string(),
        version: 0,
        cells: vec![
            Cell::Moment(r.at),
            Cell::text(r.actor),
            Cell::Code(Kind::Audit, r.action.clone()),
            Cell::Code(Kind::Audit, r.object_kind),
            Cell::text(r.organisation),
            Cell::Code(Kind::Audit, r.outcome.clone()),
            Cell::text(r.reason),
            Cell::Code(Kind::Audit, r.via),
            Cell::text(r.login),
            Cell::text(r.object_id),
            Cell::Number(r.sequence),
        ],
        state: r.outcome,
        label: r.action,
        cursor: Cursor::default(),
    }
}

/// One page of the list.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    SOURCE.page(services, actor, query).await
}

/// One record.
pub async fn open(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let missing = || Error::Missing {
        kind: Kind::Audit,
        id: id.chars().take(64).collect(),
    };
    let sequence: i64 = id.parse().map_err(|_| missing())?;
    let mut reading = Reading::begin(services, actor).await?;
    let found = after(&mut reading.tx, sequence.saturating_sub(1), 1).await?;
    let stored = found.into_iter().find(|r| r.sequence == sequence);
    let r = stored.ok_or_else(missing)?;
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&r)),
        },
        Tab {
            title: &screen::TAB_DETAIL,
            body: Body::Text(pretty(&r.detail)),
        },
        Tab {
            title: &screen::TAB_CHAIN,
            body: Body::Fields(vec![
                (&c::SEQUENCE, Cell::Number(r.sequence)),
                (&c::PREVIOUS, Cell::text(&r.previous)),
                (&c::HASH, Cell::text(&r.hash)),
            ]),
        },
    ];
    let head = Head {
        id: id.to_owned(),
        title: state::label(Kind::Audit, &r.action, actor.language),
        summary: vec![
            (&c::WHEN, Cell::Moment(Timestamp(r.at))),
            (&c::WHO, Cell::text(r.actor)),
            (&c::OUTCOME, Cell::Code(Kind::Audit, r.outcome)),
        ],
        ..Head::default()
    };
    reading.end(Kind::Audit, head, tabs).await
}

fn fields(r: &Stored) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::WHEN, Cell::Moment(Timestamp(r.at))),
        (&c::WHO, Cell::text(&r.actor)),
        (&c::LOGIN, Cell::text(&r.login)),
        (&c::ROLES, Cell::Code(Kind::Operator, r.roles.clone())),
        (&c::BEHALF, Cell::text(&r.on_behalf)),
        (&c::ACTION, Cell::Code(Kind::Audit, r.action.clone())),
        (&c::OBJECT, Cell::Code(Kind::Audit, r.object_kind.clone())),
        (&c::OBJECT_ID, Cell::text(&r.object_id)),
        (&c::ORGANISATION, Cell::text(&r.organisation_id)),
        (&c::OUTCOME, Cell::Code(Kind::Audit, r.outcome.clone())),
        (&c::REASON, Cell::text(&r.reason)),
        (&c::VIA, Cell::Code(Kind::Audit, r.via.clone())),
        (&c::HOST, Cell::text(&r.host)),
        (&c::TERMINAL, Cell::text(&r.tty)),
        (&c::SSH, Cell::text(&r.ssh)),
        (&c::LOGIN_NAME, Cell::text(r.uid.to_string())),
        (&c::REQUEST, Cell::text(&r.request)),
    ]
}

fn pretty(detail: &str) -> Vec<String> {
    let value: Option<serde_json::Value> = serde_json::from_str(detail).ok();
    let text = value.and_then(|v| serde_json::to_string_pretty(&v).ok());
    let text = text.unwrap_or_else(|| detail.to_owned());
    text.lines().map(str::to_owned).collect()
}
