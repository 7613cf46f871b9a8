//! Logboek: who did what, from where, with which reason.

use super::spec::{Enter, List, Screen};
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::audit;

/// The list.
pub static LIST: List = List {
    kind: Kind::Audit,
    title: &screen::LOG,
    columns: audit::COLUMNS,
    filters: audit::FILTERS,
    sorts: audit::SORTS,
    order: "-at",
    stages: &[],
    load: |services, actor, query| {
        Box::pin(async move { audit::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { audit::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[],
    creates: &[],
    empty: &screen::NO_LOG,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '0',
    title: &screen::LOG,
    name_en: "audit",
    name_nl: "logboek",
    lists: &[&LIST],
};
