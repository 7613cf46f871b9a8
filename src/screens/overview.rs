//! Overzicht: what waits for a person now, how it goes, and who is on line.

use super::spec::{Enter, List, Screen};
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::overview;

/// The list.
pub static LIST: List = List {
    kind: Kind::System,
    title: &screen::OVERVIEW,
    columns: overview::COLUMNS,
    filters: &[],
    sorts: &[],
    order: "",
    stages: &[],
    load: |services, actor, query| {
        Box::pin(async move { overview::page(&services, &actor, &query).await })
    },
    enter: Enter::Link,
    aside: None,
    acts: &[],
    creates: &[],
    empty: &screen::NO_WAITING,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '1',
    title: &screen::OVERVIEW,
    name_en: "overview",
    name_nl: "overzicht",
    lists: &[&LIST],
};
