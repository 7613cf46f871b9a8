//! Aanmeldingen: the onboarding queue as a board of stages.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::registration;

/// The queue.
pub static LIST: List = List {
    kind: Kind::Registration,
    title: &screen::REGISTRATIONS,
    columns: registration::COLUMNS,
    filters: registration::FILTERS,
    sorts: registration::SORTS,
    order: "queue",
    stages: &[
        Stage { state: "received" },
        Stage { state: "in_setup" },
        Stage { state: "completed" },
        Stage { state: "rejected" },
        Stage { state: "withdrawn" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { registration::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { registration::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[
        Act::RegistrationSetUp,
        Act::RegistrationComplete,
        Act::RegistrationReject,
        Act::RegistrationWithdraw,
    ],
    creates: &[],
    empty: &screen::NO_REGISTRATIONS,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '2',
    title: &screen::REGISTRATIONS,
    name_en: "registrations",
    name_nl: "aanmeldingen",
    lists: &[&LIST],
};
