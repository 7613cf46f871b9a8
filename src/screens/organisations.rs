//! Zorgaanbieders: every organisation, and all that belongs to one.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::organisation;

/// The list.
pub static LIST: List = List {
    kind: Kind::Organisation,
    title: &screen::ORGANISATIONS,
    columns: organisation::COLUMNS,
    filters: organisation::FILTERS,
    sorts: organisation::SORTS,
    order: "name",
    stages: &[
        Stage { state: "in_setup" },
        Stage { state: "active" },
        Stage { state: "suspended" },
        Stage { state: "ended" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { organisation::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { organisation::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[
        Act::OrganisationEdit,
        Act::OrganisationSuspend,
        Act::OrganisationResume,
        Act::OrganisationEnd,
        Act::OrganisationMessage,
    ],
    creates: &[Act::AccountInvite],
    empty: &screen::NO_ORGANISATIONS,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '3',
    title: &screen::ORGANISATIONS,
    name_en: "organisations",
    name_nl: "zorgaanbieders",
    lists: &[&LIST],
};
