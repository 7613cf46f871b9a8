//! Koppelingen: connections, vendors, licence codes and test runs.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::{connection, licence, test_run, vendor};

/// How deliveries of organisations arrive.
pub static CONNECTIONS: List = List {
    kind: Kind::Connection,
    title: &screen::CONNECTIONS,
    columns: connection::COLUMNS,
    filters: connection::FILTERS,
    sorts: connection::SORTS,
    order: "-changed",
    stages: &[
        Stage { state: "requested" },
        Stage { state: "issued" },
        Stage { state: "testing" },
        Stage { state: "live" },
        Stage { state: "suspended" },
        Stage { state: "revoked" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { connection::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { connection::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[
        Act::ConnectionIssue,
        Act::ConnectionChange,
        Act::ConnectionSuspend,
        Act::ConnectionResume,
        Act::LicenceRotate,
        Act::LicenceReveal,
        Act::TestRunPlan,
        Act::ConnectionRevoke,
    ],
    creates: &[Act::ConnectionRequest],
    empty: &screen::NO_CONNECTIONS,
};

/// The register of vendors.
pub static VENDORS: List = List {
    kind: Kind::Vendor,
    title: &screen::VENDORS,
    columns: vendor::COLUMNS,
    filters: vendor::FILTERS,
    sorts: vendor::SORTS,
    order: "name",
    stages: &[],
    load: |services, actor, query| {
        Box::pin(async move { vendor::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { vendor::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[Act::VendorChange, Act::VendorInform],
    creates: &[Act::VendorAdd],
    empty: &screen::NO_VENDORS,
};

/// Licence codes by their first characters.
pub static LICENCES: List = List {
    kind: Kind::Licence,
    title: &screen::LICENCES,
    columns: licence::COLUMNS,
    filters: licence::FILTERS,
    sorts: licence::SORTS,
    order: "-created",
    stages: &[
        Stage { state: "active" },
        Stage { state: "expiring" },
        Stage { state: "expired" },
        Stage { state: "revoked" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { licence::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { licence::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[Act::LicenceRevoke],
    creates: &[],
    empty: &screen::NO_LICENCES,
};

/// Test runs of vendors.
pub static TEST_RUNS: List = List {
    kind: Kind::TestRun,
    title: &screen::TEST_RUNS,
    columns: test_run::COLUMNS,
    filters: test_run::FILTERS,
    sorts: test_run::SORTS,
    order: "-changed",
    stages: &[
        Stage { state: "planned" },
        Stage { state: "received" },
        Stage { state: "valid" },
        Stage { state: "invalid" },
        Stage { state: "approved" },
        Stage { state: "rejected" },
        Stage { state: "lapsed" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { test_run::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { test_run::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[Act::TestRunApprove, Act::TestRunReject],
    creates: &[],
    empty: &screen::NO_TEST_RUNS,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '6',
    title: &screen::CONNECTIONS,
    name_en: "connections",
    name_nl: "koppelingen",
    lists: &[&CONNECTIONS, &VENDORS, &LICENCES, &TEST_RUNS],
};
