//! Leveringen aan KiBG: every extract with whose turn it is, and the cells of one, to walk through.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::{extract, figure};

/// Every extract that was ever defined.
pub static EXTRACTS: List = List {
    kind: Kind::Extract,
    title: &screen::EXTRACTS_LIST,
    columns: extract::COLUMNS,
    filters: extract::FILTERS,
    sorts: extract::SORTS,
    order: "-changed",
    stages: &[
        Stage { state: "draft" },
        Stage { state: "built" },
        Stage { state: "requested" },
        Stage { state: "approved" },
        Stage { state: "released" },
        Stage { state: "recalled" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { extract::page(&services, &actor, &query).await })
    },
    enter: Enter::Members {
        open: |services, actor, id| {
            Box::pin(async move { extract::open(&services, &actor, &id).await })
        },
        of: Kind::Figure,
        by: extract::members,
    },
    aside: None,
    acts: &[
        Act::ExtractBuild,
        Act::ExtractStop,
        Act::ExtractRequest,
        Act::ExtractWithdrawRequest,
        Act::ExtractApprove,
        Act::ExtractRelease,
        Act::ExtractRecall,
        Act::ExtractFetched,
    ],
    creates: &[Act::ExtractDefine],
    empty: &screen::NO_EXTRACTS,
};

/// The cells of extracts.
pub static FIGURES: List = List {
    kind: Kind::Figure,
    title: &screen::FIGURES,
    columns: figure::COLUMNS,
    filters: figure::FILTERS,
    sorts: figure::SORTS,
    order: "place",
    stages: &[],
    load: |services, actor, query| {
        Box::pin(async move { figure::page(&services, &actor, &query).await })
    },
    enter: Enter::Members {
        open: |services, actor, id| {
            Box::pin(async move { figure::open(&services, &actor, &id).await })
        },
        of: Kind::Figure,
        by: figure::members,
    },
    aside: None,
    acts: &[],
    creates: &[],
    empty: &screen::NO_FIGURES,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '8',
    title: &screen::EXTRACTS,
    name_en: "extracts",
    name_nl: "leveringen",
    lists: &[&EXTRACTS, &FIGURES],
};
