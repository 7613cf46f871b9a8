//! Mail: the outbox, what became of each mail, and why.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::mail;

/// The list.
pub static LIST: List = List {
    kind: Kind::Mail,
    title: &screen::MAILS,
    columns: mail::COLUMNS,
    filters: mail::FILTERS,
    sorts: mail::SORTS,
    order: "-queued",
    stages: &[
        Stage { state: "queued" },
        Stage { state: "sending" },
        Stage { state: "deferred" },
        Stage { state: "sent" },
        Stage { state: "unknown" },
        Stage { state: "failed" },
        Stage { state: "bounced" },
        Stage { state: "cancelled" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { mail::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { mail::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[
        Act::MailResend,
        Act::MailCancel,
        Act::MailUndo,
        Act::MailBounce,
    ],
    creates: &[Act::MailTest],
    empty: &screen::NO_MAILS,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '9',
    title: &screen::MAILS,
    name_en: "mails",
    name_nl: "mail",
    lists: &[&LIST],
};
