//! Extracts for KiBG: defined, built, asked for by one person, approved by another, released, recalled. How figures are protected
//! stands in `extract`.

pub mod answer;
pub mod build;
pub mod building;
mod content;
mod directory;
pub mod inspect;
pub mod outgoing;
pub mod past;
pub mod registry;
pub mod release;
pub mod signature;
pub mod verify;
pub(super) mod view;
mod watch;
pub mod words;

use super::error::{Error, Wrong};
use super::fields::{Values, check, get};
use super::frame::Work;
use super::{Actor, Call, Denied, Done, Services, step_of};
use crate::domain::action::Act;
use crate::domain::check::Flaw;
use crate::domain::extract::{Event, State, step};
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::text::fold_all;
use crate::extract::definition::Definition;
use crate::extract::reading::{Flaw as Unfit, Misfit};
use crate::store::extract::{self, Extract};
use crate::store::{counter, operator};
use serde_json::json;

/// What people call an extract: `kibg-1 2025`.
pub fn label(e: &Extract) -> String {
    format!("{}-{} {}", e.definition, e.definition_version, e.period)
}

/// The login by which an actor is known: on a demo that of who is played.
pub(super) fn login_of(actor: &Actor) -> &str {
    if actor.on_behalf.is_empty() {
        &actor.login
    } else {
        &actor.on_behalf
    }
}

/// Defines an extract by the definition in this program, or the one that is named.
pub(super) async fn define(work: &mut Work<'_>, given: &Values) -> Result<Done, Error> {
    let given = check(Act::ExtractDefine.spec().fields, given)?;
    let definition = Definition::built_in();
    let asked = get(&given, "definition");
    if !asked.is_empty() && asked != definition.label() && asked != definition.name {
        return Err(Error::invalid("definition", Flaw::UnknownCode));
    }
    add(work, definition, get(&given, "period")).await
}

/// Defines an extract by a document.
pub async fn define_by(
    services: &Services,
    call: &Call,
    document: &str,
    period: &str,
) -> Result<Done, Error> {
    let (right, kind) = (Right::Extracts, Kind::Extract);
    let mut work = Work::begin_as(services, call, "extract.define", right, kind, "").await?;
    let result = match Definition::given(document) {
        Ok(definition) => add(&mut work, &definition, period.trim()).await,
        Err(misfits) => Err(Error::Invalid(misfits.iter().map(wrong).collect())),
    };
    work.end(result).await
}

fn wrong(misfit: &Misfit) -> Wrong {
    let flaw = match &misfit.flaw {
        Unfit::NotJson => Flaw::NotJson,
        Unfit::UnknownName => Flaw::Unknown,
        Unfit::Missing | Unfit::Empty => Flaw::Missing,
        Unfit::Twice => Flaw::Duplicate,
        Unfit::Kind(_) => Flaw::NotText,
        Unfit::Between(..) => Flaw::OutOfRange,
        Unfit::Nowhere | Unfit::Round => Flaw::UnknownCode,
    };
    Wrong {
        field: misfit.path.clone(),
        flaw,
    }
}

async fn add(work: &mut Work<'_>, definition: &Definition, period: &str) -> Result<Done, Error> {
    let period = definition.period(period);
    let period = period.ok_or_else(|| Error::invalid("period", Flaw::BadPeriod))?;
    let definition_text = definition.to_json();
    let (name, number) = (&definition.name, i64::from(definition.version));
    let known = extract::definition_of(&mut work.tx, name, number).await?;
    if known.is_some_and(|known| known != definition_text) {
        return Err(Error::invalid("version", Flaw::Duplicate));
    }
    let row = Extract {
        id: super::new_id(),
        definition: name.clone(),
        definition_version: number,
        definition_text,
        state: State::Draft.as_str().to_owned(),
        state_at: work.now,
        created_at: work.now,
        changed_at: work.now,
        changed_by: work.by(),
        folded: fold_all(&[&definition.label(), &period.text]),
        period: period.text,
        version: 1,
        ..Extract::default()
    };
    extract::insert(&mut work.tx, &row).await?;
    counter::shift(&mut work.tx, Kind::Extract, None, Some(&row.state)).await?;
    work.is_about(Kind::Extract, &row.id);
    work.detail(
        json!({ "definition": row.definition, "definition_version": row.definition_version, "period": row.period }),
    );
    let label = label(&row);
    Ok(Done::of(row.id, label))
}

/// The extract, locked, when the event is legal and nobody saved first.
async fn load(work: &mut Work<'_>, id: &str, event: Event) -> Result<Extract, Error> {
    let found = extract::lock(&mut work.tx, id).await?;
    let row = found.ok_or_else(|| Error::missing(Kind::Extract, id))?;
    step_of(Kind::Extract, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    let (version, by) = (row.version, row.changed_by.as_str());
    work.same_version(Kind::Extract, &row.id, version, by, row.changed_at)?;
    Ok(row)
}

/// The one place where an extract changes state; gives the state before. Saving is the caller's.
async fn advance(work: &mut Work<'_>, row: &mut Extract, event: Event) -> Result<String, Error> {
    let next = step_of(Kind::Extract, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    let states = (Some(row.state.as_str()), Some(next.as_str()));
    counter::shift(&mut work.tx, Kind::Extract, states.0, states.1).await?;
    let before = std::mem::replace(&mut row.state, next.as_str().to_owned());
    row.state_at = work.now;
    row.changed_at = work.now;
    row.changed_by = work.by();
    if matches!(next, State::Draft | State::Built) {
        forget_answers(row);
    }
    Ok(before)
}

/// A request and its approval are of one content at one moment: neither outlives it.
fn forget_answers(row: &mut Extract) {
    let none = Extract::default();
    row.requested_by = none.requested_by;
    row.requested_login = none.requested_login;
    row.requested_at = none.requested_at;
    row.requested_digest = none.requested_digest;
    row.request_reason = none.request_reason;
    row.approved_by = none.approved_by;
    row.approved_login = none.approved_login;
    row.approved_at = none.approved_at;
    row.approved_digest = none.approved_digest;
    row.approve_reason = none.approve_reason;
}

/// Refuses whoever is no person of their own: the system, and on a server a session on a login that others share.
async fn in_person(work: &mut Work<'_>) -> Result<(), Error> {
    let actor = &work.call.actor;
    if actor.system || actor.operator.is_empty() {
        return Err(Error::SecondPerson);
    }
    let Some(login) = extract::database_login(&mut work.tx).await? else {
        return Ok(());
    };
    if work.services.mark.demo || login == login_of(actor) {
        return Ok(());
    }
    Err(Error::Denied(Denied::SharedLogin, login))
}

/// Whether each of these operators is in service and may still have a part in releases; their rows are locked, in the order of
/// their ids, so that nobody loses the right while it is used.
async fn still_may(work: &mut Work<'_>, operators: &[&str]) -> Result<bool, Error> {
    let mut ids = operators.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let mut all = true;
    for id in ids {
        let row = operator::lock(&mut work.tx, id).await?;
        all &= row.is_some_and(|o| super::operator::has(&o, Right::Extracts));
    }
    Ok(all)
}

/// What a database cannot guarantee about who is at the keyboard, said wherever two persons matter.
fn caution(work: &Work<'_>) -> Option<String> {
    use crate::language::extract as say;
    let language = work.call.actor.language;
    let sqlite = work.tx.engine() == crate::store::Engine::Sqlite;
    let text = match (sqlite, work.services.mark.demo) {
        (_, true) => &say::DEMO_CANNOT,
        (true, false) => &say::SQLITE_CANNOT,
        (false, false) => return None,
    };
    Some(text.text(language).to_owned())
}
