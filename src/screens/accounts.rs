//! Accounts: who may use the portal, and in which role.

use super::spec::{Enter, List, Screen, Stage};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::screen;
use crate::service::reads::account;

/// The list.
pub static LIST: List = List {
    kind: Kind::Account,
    title: &screen::ACCOUNTS,
    columns: account::COLUMNS,
    filters: account::FILTERS,
    sorts: account::SORTS,
    order: "name",
    stages: &[
        Stage { state: "invited" },
        Stage { state: "expired" },
        Stage { state: "active" },
        Stage { state: "locked" },
        Stage { state: "disabled" },
    ],
    load: |services, actor, query| {
        Box::pin(async move { account::page(&services, &actor, &query).await })
    },
    enter: Enter::Record(|services, actor, id| {
        Box::pin(async move { account::open(&services, &actor, &id).await })
    }),
    aside: None,
    acts: &[
        Act::AccountResend,
        Act::AccountRoles,
        Act::AccountLock,
        Act::AccountUnlock,
        Act::AccountDisable,
    ],
    creates: &[Act::AccountInvite],
    empty: &screen::NO_ACCOUNTS,
};

/// The screen.
pub static SCREEN: Screen = Screen {
    key: '4',
    title: &screen::ACCOUNTS,
    name_en: "accounts",
    name_nl: "accounts",
    lists: &[&LIST],
};
