//! Causes as people see them: what stands still grouped by why, vendor and specification; and one with whom it concerns.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{aside, fixed, mail, sorted, submission, wide};
use crate::domain::cause::{State, party};
use crate::domain::kind::Kind;
use crate::domain::time::{DAY, Timestamp};
use crate::language::{cause, column as c, display, screen};
use crate::store::lists::cause as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    sorted(fixed("count", &c::OPEN, 6, 0), "count"),
    fixed("code", &c::CAUSE, 14, 0),
    wide("what", &c::WHAT, (24, 3), 0),
    wide("vendor", &c::VENDOR, (11, 1), 0),
    sorted(fixed("last", &c::LAST_SEEN, 6, 0), "last"),
    fixed("party", &c::WHO, 14, 2),
    fixed("trend", &c::TREND, 14, 1),
    sorted(fixed("first", &c::FIRST_SEEN, 6, 2), "first"),
    fixed("specification", &c::SPECIFICATION, 12, 3),
    fixed("mailed", &c::MAILED, 16, 3),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Cause,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

/// Days of a trend.
const DAYS: i64 = 14;

fn row(r: list::Row, now: Timestamp) -> Row {
    Row {
        version: 0,
        cells: vec![
            Cell::Number(r.n),
            Cell::Code(Kind::Cause, r.code.clone()),
            Cell::Meaning(r.code.clone()),
            Cell::text(&r.vendor),
            Cell::Age(r.last_at),
            Cell::Code(Kind::Cause, party(&r.code).as_str().to_owned()),
            Cell::Spark(trend(&r.days, now)),
            Cell::Age(r.first_at),
            Cell::text(&r.specification),
            Cell::Moment(r.mailed_at),
        ],
        label: label(&r),
        id: r.id,
        state: r.state,
        cursor: Cursor::default(),
    }
}

/// What people call a cause: its code, whose files, in which form.
fn label(r: &list::Row) -> String {
    [r.code.as_str(), &r.vendor, &r.specification]
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Counts of the last two weeks, oldest first.
pub(super) fn trend(days: &str, now: Timestamp) -> Vec<u32> {
    let of = |day: &str| {
        let found = days.split(',').filter_map(|d| d.split_once(':'));
        let n = found.filter(|(d, _)| *d == day).map(|(_, n)| n).next();
        n.and_then(|n| n.parse().ok()).unwrap_or(0)
    };
    (0..DAYS)
        .rev()
        .map(|ago| of(&display::iso_date(now.plus(-ago * DAY))))
        .collect()
}

/// One page of the list: what is open, unless a state is asked.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    let asked = list::LIST.fields_used(&query.filter).contains(&"status");
    let filter = if asked {
        query.filter.clone()
    } else {
        format!("status:{} {}", State::Open, query.filter)
    };
    let query = Query {
        filter: filter.trim_end().to_owned(),
        ..query.clone()
    };
    SOURCE.page(services, actor, &query).await
}

/// The members of a cause, as a filter of the list of submissions.
pub fn members(row: &Row) -> String {
    format!("group:{}", row.id)
}

/// One record.
pub async fn open(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let row = SOURCE.one(&mut reading.tx, id).await?;
    let language = reading.actor.language;
    let now = aside::of_cause(&mut reading, &row).await?;
    let wanted = Excerpt {
        scope: ("s.cause_id", id),
        filter: "open:ja",
        sort: "",
        columns: &["organisation", "kind", "state", "age", "assigned"],
        empty: &screen::NO_MEMBERS,
    };
    let context = reading.context;
    let members = submission::SOURCE.related(&mut reading.tx, context, wanted);
    let members = members.await?;
    let tabs = vec![
        Tab {
            title: &screen::TAB_NOW,
            body: Body::Sections(now),
        },
        Tab {
            title: &screen::TAB_MEMBERS,
            body: Body::List(members),
        },
        mail::about(&mut reading, Kind::Cause, id).await?,
        reading.history(Kind::Cause, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::OPEN, Cell::Number(row.n)),
            (&c::VENDOR, Cell::text(&row.vendor)),
            (&c::SPECIFICATION, Cell::text(&row.specification)),
            (&c::WHAT, Cell::text(cause::name(&row.code, language))),
        ],
        title: label(&row),
        id: row.id,
        state: row.state,
        ..Head::default()
    };
    reading.end(Kind::Cause, head, tabs).await
}
