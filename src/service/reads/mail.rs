//! Mails as people see them: the outbox with masked addresses, and one with its attempts, its text and its resends.

use super::super::read::{Excerpt, Filter, Source, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, masked, plain, sorted, wide};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, column as c, screen};
use crate::mail::template::{self, HIDDEN, Occasion, Rendered, Secrets};
use crate::store::lists::mail as list;
use crate::ui::record::{Body, Related};
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("recipient", &c::RECIPIENT, (14, 2), 0),
    fixed("template", &c::TEMPLATE, 22, 0),
    fixed("state", &c::STATE, 17, 0),
    sorted(fixed("age", &c::AGE, 4, 0), "queued"),
    fixed("attempts", &c::ATTEMPTS, 8, 2),
    wide("organisation", &c::ORGANISATION, (12, 3), 1),
    wide("address", &c::EMAIL, (18, 2), 3),
    wide("reply", &c::ANSWER, (16, 2), 2),
    sorted(fixed("since", &c::SINCE, 5, 4), "changed"),
    fixed("sent", &c::SENT, 16, 4),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Mail,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: Some(("mail.search", &["to", ""])),
};

fn row(r: list::Row, _: Timestamp) -> Row {
    Row {
        version: r.version,
        cells: vec![
            recipient(&r),
            Cell::Code(Kind::Mail, r.template.clone()),
            Cell::Code(Kind::Mail, r.state.clone()),
            Cell::Age(r.queued_at),
            Cell::Number(r.attempts),
            Cell::text(r.organisation),
            masked(&r.recipient),
            Cell::text(r.reply),
            Cell::Age(r.state_at),
            Cell::Moment(r.sent_at),
        ],
        label: if r.recipient_name.is_empty() {
            r.template
        } else {
            r.recipient_name
        },
        id: r.id,
        state: r.state,
        cursor: Cursor::default(),
    }
}

fn recipient(r: &list::Row) -> Cell {
    if r.recipient_name.is_empty() {
        masked(&r.recipient)
    } else {
        Cell::text(&r.recipient_name)
    }
}

/// One page of the list.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    SOURCE.page(services, actor, query).await
}

/// The mails about one record, as a tab.
pub(super) async fn about(reading: &mut Reading<'_>, kind: Kind, id: &str) -> Result<Tab, Error> {
    tab(reading, ("m.object_id", id), &format!("about:{kind}")).await
}

/// The mails of an organisation, as a tab.
pub(super) async fn of_organisation(reading: &mut Reading<'_>, id: &str) -> Result<Tab, Error> {
    tab(reading, ("m.organisation_id", id), "").await
}

async fn tab(
    reading: &mut Reading<'_>,
    scope: (&'static str, &str),
    filter: &str,
) -> Result<Tab, Error> {
    let wanted = Excerpt {
        scope,
        filter,
        sort: "",
        columns: &["template", "recipient", "state", "age", "attempts", "reply"],
        empty: &screen::NO_MAILS,
    };
    let list = SOURCE.related(&mut reading.tx, reading.context, wanted);
    Ok(Tab {
        title: &screen::MAILS,
        body: Body::List(list.await?),
    })
}

/// One record.
pub async fn open(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let row = SOURCE.one(&mut reading.tx, id).await?;
    let rest = list::rest(&mut reading.tx, id).await?;
    let rest = rest.ok_or_else(|| Error::Missing {
        kind: Kind::Mail,
        id: id.chars().take(64).collect(),
    })?;
    let tabs = vec![
        Tab {
            title: &screen::TAB_GENERAL,
            body: known(fields(&row, &rest)),
        },
        Tab {
            title: &screen::TAB_ATTEMPTS,
            body: Body::List(attempts(&mut reading, id).await?),
        },
        preview(&reading, &row, &rest),
        resends(&mut reading, &row).await?,
        reading.history(Kind::Mail, id).await?,
    ];
    let head = Head {
        summary: vec![
            (&c::SINCE, Cell::Age(row.state_at)),
            (&c::TEMPLATE, Cell::Code(Kind::Mail, row.template.clone())),
            (&c::ORGANISATION, Cell::text(&row.organisation)),
        ],
        title: if row.recipient_name.is_empty() {
            row.recipient
        } else {
            row.recipient_name
        },
        id: row.id,
        version: row.version,
        state: row.state,
        organisation: rest.organisation_id,
        seen: Some(("mail.view", &["recipient"])),
    };
    reading.end(Kind::Mail, head, tabs).await
}

fn fields(r: &list::Row, rest: &list::Rest) -> Vec<(&'static Message, Cell)> {
    vec![
        (&c::RECIPIENT, Cell::text(&r.recipient_name)),
        (&c::EMAIL, Cell::text(&r.recipient)),
        (&c::TEMPLATE, Cell::Code(Kind::Mail, r.template.clone())),
        (&c::LANGUAGE, Cell::Code(Kind::Mail, rest.language.clone())),
        (&c::ORGANISATION, Cell::text(&r.organisation)),
        (&c::STATE, Cell::Code(Kind::Mail, r.state.clone())),
        (&c::QUEUED, Cell::Moment(r.queued_at)),
        (&c::QUEUED_BY, Cell::text(&rest.queued_by)),
        (&c::NOT_BEFORE, Cell::Moment(rest.send_at)),
        (&c::SENT, Cell::Moment(r.sent_at)),
        (&c::GIVE_UP, Cell::Moment(rest.give_up_at)),
        (&c::ATTEMPTS, Cell::Number(r.attempts)),
        (&c::ANSWER, Cell::text(&r.reply)),
        (
            &c::OBJECT,
            Cell::Code(Kind::Audit, rest.object_kind.clone()),
        ),
        (&c::OBJECT_ID, Cell::text(&rest.object_id)),
        (&c::RESEND_OF, Cell::text(&r.resend_of)),
        (&c::MESSAGE_ID, Cell::text(&rest.message_id)),
        (&c::ID, Cell::text(&r.id)),
    ]
}

async fn attempts(reading: &mut Reading<'_>, id: &str) -> Result<Related, Error> {
    let all = list::attempts(&mut reading.tx, id).await?;
    let cells = |a: list::Attempt| {
        vec![
            Cell::Number(a.attempt),
            Cell::Moment(a.started_at),
            Cell::Code(Kind::Mail, a.outcome),
            Cell::text(a.step),
            if a.code > 0 {
                Cell::Number(a.code)
            } else {
                Cell::Empty
            },
            Cell::text(a.reply),
        ]
    };
    Ok(plain(
        &[
            &c::ATTEMPT,
            &c::WHEN,
            &c::OUTCOME,
            &c::STEP,
            &c::CODE,
            &c::ANSWER,
        ],
        all.into_iter().map(cells).collect(),
        &screen::NO_ATTEMPTS,
    ))
}

/// The text as its recipient gets it; whatever is secret stands as dots.
fn preview(reading: &Reading<'_>, r: &list::Row, rest: &list::Rest) -> Tab {
    let language = reading.actor.language;
    let lines = rendered(reading, r, rest).map_or_else(
        || vec![screen::NO_PREVIEW.text(language).to_owned()],
        |text| {
            let mut lines = vec![text.subject, String::new()];
            lines.extend(text.text.lines().map(str::to_owned));
            if text.text.contains(HIDDEN) {
                lines.push(String::new());
                lines.push(screen::SECRET_LEFT_OUT.text(language).to_owned());
            }
            lines
        },
    );
    Tab {
        title: &screen::TAB_PREVIEW,
        body: Body::Text(lines),
    }
}

fn rendered(reading: &Reading<'_>, r: &list::Row, rest: &list::Rest) -> Option<Rendered> {
    let template = r.template.parse().ok()?;
    let parameters = template::read(template, &rest.parameters).ok()?;
    let occasion = Occasion {
        template,
        language: rest.language.parse().unwrap_or_default(),
        to: &r.recipient_name,
        portal: &reading.services.settings.portal,
        intake: &reading.services.settings.intake_url,
        parameters: &parameters,
    };
    template::render(&occasion, &Secrets::Hidden).ok()
}

/// The mails that repeat this one, and the one that this one repeats.
async fn resends(reading: &mut Reading<'_>, r: &list::Row) -> Result<Tab, Error> {
    let wanted = |column, id| Excerpt {
        scope: (column, id),
        filter: "",
        sort: "",
        columns: &["state", "age", "sent", "attempts", "reply"],
        empty: &screen::NO_RESENDS,
    };
    let later = wanted("m.resend_of", r.id.as_str());
    let mut list = SOURCE
        .related(&mut reading.tx, reading.context, later)
        .await?;
    if !r.resend_of.is_empty() {
        let first = wanted("m.id", r.resend_of.as_str());
        let first = SOURCE.related(&mut reading.tx, reading.context, first);
        list.rows.extend(first.await?.rows);
    }
    Ok(Tab {
        title: &screen::TAB_RESENDS,
        body: Body::List(list),
    })
}
