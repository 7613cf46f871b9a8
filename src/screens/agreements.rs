//! Overeenkomsten: who accepted which version and who has yet to; the versions themselves.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::{acceptance, agreement};

/// Acceptances per organisation.
pub static ACCEPTANCES: List = List {
    kind: Kind::Acceptance,
    title: &screen::ACCEPTANCES,
    columns: acceptance::COLUMNS,
    filters: acceptance::FILTERS,
    sorts: acceptance::SORTS,
    order: "queue",
    stages: &[
        Stage { state: "pending" },
        Stage { state: "accepted" },
        Stage {
            state: "superseded",
        },
        Stage {
            state: "terminated",
        },
    ],
    load: |services, actor, query| {
        Box::pin(async move { acceptance::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { acceptance::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[Act::AgreementRemind],
    creates: &[],
    empty: &screen::NO_ACCEPTANCES,
};

/// Versions of the agreement.
pub static VERSIONS: List = List {
    kind: Kind::Agreement,
    title: &screen::VERSIONS,
    columns: agreement::COLUMNS,
    filters: agreement::FILTERS,
    sorts: agreement::SORTS,
    order: "-created",
    stages: &[
        Stage { state: "draft" },
        Stage { state: "published" },
        Stage {
            state: "superseded",
        },
    ],
    load: |services, actor, query| {
        Box::pin(async move { agreement::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { agreement::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[Act::AgreementPublish],
    creates: &[],
    empty: &screen::NO_AGREEMENTS,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '5',
    title: &screen::AGREEMENTS,
    name_en: "agreements",
    name_nl: "overeenkomsten",
    lists: &[&ACCEPTANCES, &VERSIONS],
};
