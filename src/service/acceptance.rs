//! Acceptances of the processing agreement: opened, asked, reminded, given by an active signatory, terminated.

use super::error::{Error, Rule};
use super::frame::{Note, Work};
use super::post::Letter;
use super::registration::language_of;
use super::{Call, Done, Services, find, step_of};
use crate::domain::account::{Role, State as AccountState, split};
use crate::domain::agreement::{Acceptance as AcceptanceState, AcceptanceEvent, step_acceptance};
use crate::domain::check;
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::Right;
use crate::domain::time::Timestamp;
use crate::language::display;
use crate::store::account::{self, Account};
use crate::store::agreement::{self as store, Acceptance, Agreement};
use crate::store::counter;
use crate::store::organisation::{self, Organisation};
use serde_json::json;

/// The last day of an acceptance that nothing limits.
pub const UNLIMITED: &str = "9999-12-31";

/// Closes what waits for an older version, opens and asks the acceptance of a new one.
pub(super) async fn renew(
    work: &mut Work<'_>,
    organisation: &str,
    version: &Agreement,
) -> Result<(), Error> {
    supersede_pending(work, organisation).await?;
    let row = insert_pending(work, organisation, version).await?;
    ask(work, &row, version).await?;
    Ok(())
}

async fn supersede_pending(work: &mut Work<'_>, organisation: &str) -> Result<(), Error> {
    for mut row in store::acceptances_of(&mut work.tx, organisation).await? {
        if row.state == AcceptanceState::Pending.as_str() {
            move_acceptance(work, &mut row, AcceptanceEvent::Supersede).await?;
            store::save_acceptance(&mut work.tx, &row).await?;
        }
    }
    Ok(())
}

async fn move_acceptance(
    work: &mut Work<'_>,
    row: &mut Acceptance,
    event: AcceptanceEvent,
) -> Result<(), Error> {
    let next = step_of(Kind::Acceptance, &row.state, event.as_str(), |s| {
        step_acceptance(s, event)
    })?;
    counter::shift(
        &mut work.tx,
        Kind::Acceptance,
        Some(&row.state),
        Some(next.as_str()),
    )
    .await?;
    if row.state != next.as_str() {
        row.state_at = work.now;
    }
    next.as_str().clone_into(&mut row.state);
    Ok(())
}

async fn insert_pending(
    work: &mut Work<'_>,
    organisation: &str,
    version: &Agreement,
) -> Result<Acceptance, Error> {
    let row = Acceptance {
        id: super::new_id(),
        organisation_id: organisation.to_owned(),
        agreement_id: version.id.clone(),
        state: AcceptanceState::Pending.as_str().to_owned(),
        state_at: work.now,
        created_at: work.now,
        accepted_at: Timestamp::NEVER,
        valid_until: UNLIMITED.to_owned(),
        account_id: None,
        document_sha256: String::new(),
        remote: String::new(),
        reminded_at: Timestamp::NEVER,
        reminders: 0,
        version: 1,
    };
    store::insert_acceptance(&mut work.tx, &row).await?;
    counter::shift(&mut work.tx, Kind::Acceptance, None, Some(&row.state)).await?;
    Ok(row)
}

/// Asks an organisation that comes back for the current version, when it was never asked.
pub(super) async fn catch_up(work: &mut Work<'_>, organisation: &str) -> Result<(), Error> {
    let Some(current) = published(work).await? else {
        return Ok(());
    };
    let all = store::acceptances_of(&mut work.tx, organisation).await?;
    if all.iter().any(|a| a.agreement_id == current.id) {
        return Ok(());
    }
    renew(work, organisation, &current).await
}

/// The version that is published, locked: nobody publishes another one before this transaction ends.
async fn published(work: &mut Work<'_>) -> Result<Option<Agreement>, Error> {
    for _ in 0..2 {
        let Some(current) = store::current(&mut work.tx).await? else {
            return Ok(None);
        };
        let locked = store::lock(&mut work.tx, &current.id).await?;
        if let Some(row) = locked.filter(|a| a.state == "published") {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// Opens a pending acceptance of the current version for a new organisation; gives the version's title.
pub(super) async fn open_pending(
    work: &mut Work<'_>,
    organisation: &str,
) -> Result<Option<String>, Error> {
    let Some(current) = published(work).await? else {
        return Ok(None);
    };
    let row = insert_pending(work, organisation, &current).await?;
    work.note(Note {
        action: "acceptance.open".to_owned(),
        kind: Kind::Acceptance,
        id: row.id,
        organisation: organisation.to_owned(),
        detail: json!({ "agreement": current.name }),
    });
    Ok(Some(current.title))
}

/// Terminates every open or accepted acceptance of an organisation that ends.
pub(super) async fn terminate_all(work: &mut Work<'_>, organisation: &str) -> Result<usize, Error> {
    let mut count = 0;
    for mut row in store::acceptances_of(&mut work.tx, organisation).await? {
        if matches!(row.state.as_str(), "pending" | "accepted") {
            move_acceptance(work, &mut row, AcceptanceEvent::Terminate).await?;
            store::save_acceptance(&mut work.tx, &row).await?;
            count += 1;
        }
    }
    Ok(count)
}

fn signs(a: &Account) -> bool {
    a.state == AccountState::Active.as_str()
        && split(&a.roles).is_some_and(|r| r.contains(&Role::Signatory))
}

/// Mails everyone who can sign, or the organisation itself when nobody can.
async fn ask(work: &mut Work<'_>, row: &Acceptance, version: &Agreement) -> Result<usize, Error> {
    let o = load_organisation(work, &row.organisation_id).await?;
    let accounts = account::of(&mut work.tx, &o.id).await?;
    let mut people: Vec<(String, String, String)> = accounts
        .into_iter()
        .filter(signs)
        .map(|a| (a.email, a.name, a.language))
        .collect();
    if people.is_empty() {
        people.push((o.email.clone(), o.contact.clone(), o.language.clone()));
    }
    let count = people.len();
    for (email, name, language) in people {
        work.post(Letter {
            template: Template::AgreementPending,
            language: language_of(&language),
            to: email,
            parameters: json!({ "name": name, "organisation": o.name, "agreement": version.title,
                "since": display::iso_date(row.created_at), "until": version.grace_until }),
            name,
            organisation: Some(o.id.clone()),
            about: (Kind::Acceptance, row.id.clone()),
        });
    }
    Ok(count)
}

async fn load_organisation(work: &mut Work<'_>, id: &str) -> Result<Organisation, Error> {
    let found = organisation::by_id(&mut work.tx, id).await?;
    found.ok_or_else(|| Error::Missing {
        kind: Kind::Organisation,
        id: id.to_owned(),
    })
}

/// Reminds an organisation that has not accepted.
pub(super) async fn remind(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let found = store::lock_acceptance(&mut work.tx, id).await?;
    let mut row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Acceptance,
        id: id.to_owned(),
    })?;
    work.belongs_to(&row.organisation_id.clone());
    let version = store::find(&mut work.tx, &row.agreement_id).await?;
    let version = version.ok_or_else(|| Error::Missing {
        kind: Kind::Agreement,
        id: row.agreement_id.clone(),
    })?;
    move_acceptance(work, &mut row, AcceptanceEvent::Remind).await?;
    work.same_version(Kind::Acceptance, &row.id, row.version, "", row.state_at)?;
    row.reminded_at = work.now;
    row.reminders += 1;
    store::save_acceptance(&mut work.tx, &row).await?;
    let mails = ask(work, &row, &version).await?;
    let o = load_organisation(work, &row.organisation_id).await?;
    work.detail(json!({ "reminders": row.reminders, "mails": mails }));
    Ok(Done::of(row.id, o.name))
}

/// Who accepts what, from where; `remote` is what the portal's front end saw.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Organisation: AGB code or id.
    pub organisation: String,
    /// Account: mail address or id.
    pub account: String,
    /// Version: name or id; the current one when empty.
    pub version: String,
    /// Network address as given.
    pub remote: String,
}

/// Records that an active signatory accepted a version.
pub async fn record_acceptance(
    services: &Services,
    call: &Call,
    given: &Evidence,
) -> Result<Done, Error> {
    let right = Right::Organisations;
    let mut work = Work::begin_as(
        services,
        call,
        "agreement.record-acceptance",
        right,
        Kind::Acceptance,
        "",
    )
    .await?;
    let result = accept_in(&mut work, given).await;
    work.end(result).await
}

async fn accept_in(work: &mut Work<'_>, given: &Evidence) -> Result<Done, Error> {
    check::optional_line(&given.remote).map_err(|flaw| Error::invalid("remote", flaw))?;
    let organisation = find::id_in(&mut work.tx, Kind::Organisation, &given.organisation).await?;
    // Before anything else, as everyone does who delivers, ends or signs for this organisation.
    organisation::lock(&mut work.tx, &organisation).await?;
    let o = load_organisation(work, &organisation).await?;
    work.belongs_to(&o.id);
    let version = wanted_version(work, &given.version).await?;
    let signatory = signatory(work, &o, &given.account).await?;
    let all = store::acceptances_of(&mut work.tx, &o.id).await?;
    let open = all.iter().find(|a| a.agreement_id == version.id).cloned();
    let mut row = open.ok_or_else(|| Error::Missing {
        kind: Kind::Acceptance,
        id: version.name.clone(),
    })?;
    work.is_about(Kind::Acceptance, &row.id);
    move_acceptance(work, &mut row, AcceptanceEvent::Accept).await?;
    row.accepted_at = work.now;
    row.account_id = Some(signatory.id.clone());
    row.document_sha256.clone_from(&version.sha256);
    row.remote.clone_from(&given.remote);
    store::save_acceptance(&mut work.tx, &row).await?;
    supersede_others(work, all, &row.id).await?;
    super::submission::release_held(work, &o.id).await?;
    thank(work, &o, &version, &signatory, &row);
    work.detail(
        json!({ "agreement": version.name, "sha256": version.sha256, "account": signatory.id,
        "state": { "before": "pending", "after": row.state } }),
    );
    Ok(Done::of(row.id, o.name))
}

/// What was accepted before the row with this id counts no longer.
async fn supersede_others(
    work: &mut Work<'_>,
    all: Vec<Acceptance>,
    kept: &str,
) -> Result<(), Error> {
    let accepted = AcceptanceState::Accepted.as_str();
    for mut old in all
        .into_iter()
        .filter(|a| a.id != kept && a.state == accepted)
    {
        move_acceptance(work, &mut old, AcceptanceEvent::Supersede).await?;
        store::save_acceptance(&mut work.tx, &old).await?;
    }
    Ok(())
}

/// The version that is accepted: the published one, locked; an older one is refused by its state.
async fn wanted_version(work: &mut Work<'_>, name: &str) -> Result<Agreement, Error> {
    let missing = || Error::missing(Kind::Agreement, name);
    if name.is_empty() {
        return published(work).await?.ok_or_else(missing);
    }
    let named = store::find(&mut work.tx, name).await?.ok_or_else(missing)?;
    let version = store::lock(&mut work.tx, &named.id)
        .await?
        .ok_or_else(missing)?;
    if version.state != "published" {
        return Err(Error::state(Kind::Agreement, &version.state, "accept"));
    }
    Ok(version)
}

async fn signatory(work: &mut Work<'_>, o: &Organisation, text: &str) -> Result<Account, Error> {
    let accounts = account::of(&mut work.tx, &o.id).await?;
    let wanted = text.trim().to_lowercase();
    let named = accounts
        .into_iter()
        .find(|a| a.id == wanted || a.email_folded == wanted);
    match named {
        Some(a) if signs(&a) => Ok(a),
        Some(_) | None => Err(Error::Rule(Rule::NotSignatory)),
    }
}

fn thank(
    work: &mut Work<'_>,
    o: &Organisation,
    version: &Agreement,
    who: &Account,
    row: &Acceptance,
) {
    work.post(Letter {
        template: Template::AgreementAccepted,
        language: language_of(&o.language),
        to: o.email.clone(),
        name: o.contact.clone(),
        parameters: json!({ "contact": o.contact, "organisation": o.name, "agreement": version.title,
            "accepted_by": who.name, "accepted_on": display::iso_date(row.accepted_at) }),
        organisation: Some(o.id.clone()),
        about: (Kind::Acceptance, row.id.clone()),
    });
}
