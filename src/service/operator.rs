//! Members of staff: added, changed, removed. The first one on an empty table is the bootstrap.

use super::error::{Error, Rule};
use super::fields::{Values, changes, check, get};
use super::frame::Work;
use super::{Actor, Call, Done, Services, extract};
use crate::domain::action::Act;
use crate::domain::check::Flaw;
use crate::domain::kind::Kind;
use crate::domain::right::{self, Role};
use crate::domain::text::fold_all;
use crate::store::operator::{self, Operator};
use crate::store::{StoreError, counter};
use serde_json::json;
use std::sync::Arc;

/// Adds the first operator of an empty database, without anybody who could grant it; audited as bootstrap.
pub async fn bootstrap(services: &Services, call: &Call, given: &Values) -> Result<Done, Error> {
    let mut tx = services.db.read().await?;
    let count = operator::count(&mut tx).await?;
    tx.rollback().await?;
    if count > 0 {
        return Err(Error::Right {
            act: Some(Act::OperatorAdd),
            right: right::Right::Operators,
        });
    }
    let mut actor = Actor {
        system: true,
        ..(*call.actor).clone()
    };
    actor.roles = vec![Role::Administrator];
    let call = Call {
        actor: Arc::new(actor),
        ..call.clone()
    };
    let mut work = Work::begin(services, &call, Act::OperatorAdd, "").await?;
    let result = bootstrap_in(&mut work, given).await;
    work.end(result).await
}

async fn bootstrap_in(work: &mut Work<'_>, given: &Values) -> Result<Done, Error> {
    let roles = right::split(get(given, "roles")).unwrap_or_default();
    if !roles.contains(&Role::Administrator) {
        return Err(Error::invalid("roles", Flaw::Missing));
    }
    let done = add_row(work, given).await?;
    // Two first operators at once: the second one to get here sees the first.
    if operator::count(&mut work.tx).await? > 1 {
        return Err(Error::Right {
            act: Some(Act::OperatorAdd),
            right: right::Right::Operators,
        });
    }
    work.detail(
        json!({ "bootstrap": true, "login": get(given, "login"), "roles": get(given, "roles") }),
    );
    Ok(done)
}

/// Adds an operator.
pub(super) async fn add(work: &mut Work<'_>, given: &Values) -> Result<Done, Error> {
    let done = add_row(work, given).await?;
    work.detail(json!({ "login": get(given, "login"), "roles": get(given, "roles") }));
    Ok(done)
}

async fn add_row(work: &mut Work<'_>, given: &Values) -> Result<Done, Error> {
    let given = check(Act::OperatorAdd.spec().fields, given)?;
    let login = get(&given, "login").to_owned();
    if login.contains(char::is_whitespace) || !login.is_ascii() {
        return Err(Error::invalid("login", Flaw::UnknownCode));
    }
    let language = Some(get(&given, "language"))
        .filter(|l| !l.is_empty())
        .unwrap_or("nl");
    let row = Operator {
        id: super::new_id(),
        name: get(&given, "name").to_owned(),
        roles: get(&given, "roles").to_owned(),
        language: language.to_owned(),
        state: "active".to_owned(),
        created_at: work.now,
        changed_at: work.now,
        changed_by: work.by(),
        folded: fold_all(&[get(&given, "name"), &login]),
        version: 1,
        login,
    };
    if let Some(former) = operator::by_login(&mut work.tx, &row.login).await? {
        return take_back(work, &former.id, row).await;
    }
    match operator::insert(&mut work.tx, &row).await {
        Err(StoreError::Unique) => return Err(Error::invalid("login", Flaw::Duplicate)),
        other => other?,
    }
    counter::shift(&mut work.tx, Kind::Operator, None, Some("active")).await?;
    work.is_about(Kind::Operator, &row.id);
    Ok(Done::of(row.id, row.name))
}

/// Gives a login that was removed its access back, with the name and roles of now.
async fn take_back(work: &mut Work<'_>, id: &str, new: Operator) -> Result<Done, Error> {
    let found = operator::lock(&mut work.tx, id).await?;
    let mut row = found.ok_or_else(|| Error::missing(Kind::Operator, id))?;
    if row.state != "removed" {
        return Err(Error::invalid("login", Flaw::Duplicate));
    }
    row.name = new.name;
    row.roles = new.roles;
    row.language = new.language;
    row.folded = new.folded;
    "active".clone_into(&mut row.state);
    save(work, &mut row).await?;
    counter::shift(
        &mut work.tx,
        Kind::Operator,
        Some("removed"),
        Some("active"),
    )
    .await?;
    work.is_about(Kind::Operator, &row.id);
    Ok(Done::of(row.id, row.name))
}

async fn load(work: &mut Work<'_>, id: &str, event: &'static str) -> Result<Operator, Error> {
    let found = operator::lock(&mut work.tx, id).await?;
    let row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Operator,
        id: id.to_owned(),
    })?;
    if row.state != "active" {
        return Err(Error::state(Kind::Operator, &row.state, event));
    }
    work.same_version(
        Kind::Operator,
        &row.id,
        row.version,
        &row.changed_by,
        row.changed_at,
    )?;
    Ok(row)
}

/// Whether an operator is in service and has a right.
pub(super) fn has(row: &Operator, wanted: right::Right) -> bool {
    let roles = right::split(&row.roles).unwrap_or_default();
    row.state == "active" && right::may(&roles, wanted)
}

/// The values of the form as they stand.
pub fn values(row: &Operator) -> Values {
    let pairs = [
        ("name", &row.name),
        ("roles", &row.roles),
        ("language", &row.language),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// Changes name, roles or language; the last administrator keeps that role, and nobody gives it up themselves.
pub(super) async fn change(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let fields = Act::OperatorChange.spec().fields;
    let mut row = load(work, id, "change").await?;
    let before = values(&row);
    let mut after = before.clone();
    after.extend(
        given
            .iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| (k.clone(), v.clone())),
    );
    let after = check(fields, &after)?;
    let administers =
        |roles: &str| right::split(roles).is_some_and(|r| r.contains(&Role::Administrator));
    if administers(&row.roles) && !administers(get(&after, "roles")) {
        keep_administrator(work, &row).await?;
    }
    get(&after, "name").clone_into(&mut row.name);
    get(&after, "roles").clone_into(&mut row.roles);
    get(&after, "language").clone_into(&mut row.language);
    row.folded = fold_all(&[&row.name, &row.login]);
    save(work, &mut row).await?;
    extract::answer::fall_with(work, &row).await?;
    work.detail(changes(fields, &before, &after));
    Ok(Done::of(row.id, row.name))
}

async fn save(work: &mut Work<'_>, row: &mut Operator) -> Result<(), Error> {
    row.changed_at = work.now;
    row.changed_by = work.by();
    operator::save(&mut work.tx, row).await?;
    Ok(())
}

async fn keep_administrator(work: &mut Work<'_>, row: &Operator) -> Result<(), Error> {
    let all = operator::lock_active(&mut work.tx).await?;
    let others = all.iter().filter(|o| {
        o.id != row.id && right::split(&o.roles).is_some_and(|r| r.contains(&Role::Administrator))
    });
    if others.count() == 0 || work.call.actor.operator == row.id {
        return Err(Error::Rule(Rule::LastAdministrator));
    }
    Ok(())
}

/// Takes an operator's access away; the row stays, for the audit.
pub(super) async fn remove(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let mut row = load(work, id, "remove").await?;
    if right::split(&row.roles).is_some_and(|r| r.contains(&Role::Administrator)) {
        keep_administrator(work, &row).await?;
    }
    "removed".clone_into(&mut row.state);
    save(work, &mut row).await?;
    extract::answer::fall_with(work, &row).await?;
    counter::shift(
        &mut work.tx,
        Kind::Operator,
        Some("active"),
        Some("removed"),
    )
    .await?;
    work.detail(json!({ "state": { "before": "active", "after": "removed" } }));
    Ok(Done::of(row.id, row.name))
}
