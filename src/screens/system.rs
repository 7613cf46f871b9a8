//! Systeem: jobs, bulk runs, workers, operators, and the settings in force with where each came from.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::{bulk, job, operator, setting, worker};

/// Jobs on the queue.
pub static JOBS: List = List {
    kind: Kind::Job,
    title: &screen::JOBS,
    columns: job::COLUMNS,
    filters: job::FILTERS,
    sorts: job::SORTS,
    order: "-created",
    stages: &[
        Stage { state: "available" },
        Stage { state: "running" },
        Stage { state: "held" },
        Stage { state: "completed" },
        Stage { state: "cancelled" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { job::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { job::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[Act::JobRetry, Act::JobCancel],
    creates: &[],
    empty: &screen::NO_JOBS,
};

/// Bulk runs.
pub static BULK_RUNS: List = List {
    kind: Kind::Bulk,
    title: &screen::BULK_RUNS,
    columns: bulk::COLUMNS,
    filters: bulk::FILTERS,
    sorts: bulk::SORTS,
    order: "-created",
    stages: &[],
    load: |services, actor, query| {
        Box::pin(async move { bulk::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { bulk::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[],
    creates: &[],
    empty: &screen::NO_BULK_RUNS,
};

/// Workers.
pub static WORKERS: List = List {
    kind: Kind::Worker,
    title: &screen::WORKERS,
    columns: worker::COLUMNS,
    filters: worker::FILTERS,
    sorts: worker::SORTS,
    order: "-seen",
    stages: &[],
    load: |services, actor, query| {
        Box::pin(async move { worker::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { worker::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[],
    creates: &[],
    empty: &screen::NO_WORKERS,
};

/// Operators.
pub static OPERATORS: List = List {
    kind: Kind::Operator,
    title: &screen::OPERATORS,
    columns: operator::COLUMNS,
    filters: operator::FILTERS,
    sorts: operator::SORTS,
    order: "login",
    stages: &[Stage { state: "active" }, Stage { state: "removed" }],
    load: |services, actor, query| {
        Box::pin(async move { operator::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { operator::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[Act::OperatorChange, Act::OperatorRemove],
    creates: &[Act::OperatorAdd],
    empty: &screen::NO_OPERATORS,
};

/// Settings in force.
pub static SETTINGS: List = List {
    kind: Kind::System,
    title: &screen::SETTINGS,
    columns: setting::COLUMNS,
    filters: &[],
    sorts: &[],
    order: "",
    stages: &[],
    load: |services, actor, query| {
        Box::pin(async move { setting::page(&services, &actor, &query) })
    },
    enter: Enter::Nothing,
    aside: None,
    acts: &[],
    creates: &[],
    empty: &screen::NO_SETTINGS,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: ' ',
    title: &screen::SYSTEM,
    name_en: "system",
    name_nl: "systeem",
    lists: &[&JOBS, &BULK_RUNS, &WORKERS, &OPERATORS, &SETTINGS],
};
