//! Aanleveringen: every delivered file and where it stands.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::submission;

/// The list.
pub static LIST: List = List {
    kind: Kind::Submission,
    title: &screen::SUBMISSIONS,
    columns: submission::COLUMNS,
    filters: submission::FILTERS,
    sorts: submission::SORTS,
    order: "-received",
    stages: &[
        Stage { state: "received" },
        Stage { state: "held" },
        Stage {
            state: "validating",
        },
        Stage { state: "valid" },
        Stage {
            state: "valid_with_remarks",
        },
        Stage { state: "invalid" },
        Stage { state: "processed" },
        Stage { state: "failed" },
        Stage { state: "withdrawn" },
        Stage {
            state: "superseded",
        },
    ],
    load: |services, actor, query| {
        Box::pin(async move { submission::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { submission::open(&services, &actor, &id).await })
    }),
    acts: &[],
    creates: &[],
    empty: &screen::NO_SUBMISSIONS,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '7',
    title: &screen::SUBMISSIONS,
    name_en: "submissions",
    name_nl: "aanleveringen",
    lists: &[&LIST],
};
