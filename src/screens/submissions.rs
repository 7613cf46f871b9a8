//! Aanleveringen: what stands still by cause, every delivered file, and who has yet to deliver.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::{aside, cause, obligation, submission};

/// What stands still, by cause.
pub static CAUSES: List = List {
    kind: Kind::Cause,
    title: &screen::CAUSES,
    columns: cause::COLUMNS,
    filters: cause::FILTERS,
    sorts: cause::SORTS,
    order: "-count",
    stages: &[],
    load: |services, actor, query| {
        Box::pin(async move { cause::page(&services, &actor, &query).await })
    },
    enter: Enter::Members {
        open: |services, actor, id| {
            Box::pin(async move { cause::open(&services, &actor, &id).await })
        },
        of: Kind::Submission,
        by: cause::members,
    },
    aside: Some(|services, actor, id| {
        Box::pin(async move { aside::cause(&services, &actor, &id).await })
    }),
    acts: &[
        Act::CauseRetry,
        Act::CauseReject,
        Act::CauseClaim,
        Act::CauseMail,
    ],
    creates: &[],
    empty: &screen::NO_CAUSES,
};

/// Every delivered file.
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
    aside: Some(|services, actor, id| {
        Box::pin(async move { aside::submission(&services, &actor, &id).await })
    }),
    acts: &[
        Act::SubmissionRetry,
        Act::SubmissionReject,
        Act::SubmissionWithdraw,
        Act::SubmissionClaim,
        Act::SubmissionRelease,
        Act::SubmissionNote,
        Act::SubmissionMessage,
    ],
    creates: &[],
    empty: &screen::NO_SUBMISSIONS,
};

/// Who has yet to deliver.
pub static OBLIGATIONS: List = List {
    kind: Kind::Obligation,
    title: &screen::OBLIGATIONS,
    columns: obligation::COLUMNS,
    filters: obligation::FILTERS,
    sorts: obligation::SORTS,
    order: "due",
    stages: &[
        Stage { state: "overdue" },
        Stage { state: "due" },
        Stage { state: "on_track" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { obligation::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { obligation::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[],
    creates: &[],
    empty: &screen::NO_OBLIGATIONS,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '7',
    title: &screen::SUBMISSIONS,
    name_en: "submissions",
    name_nl: "aanleveringen",
    lists: &[&CAUSES, &LIST, &OBLIGATIONS],
};
