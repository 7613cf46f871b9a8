//! Versions of the processing agreement: published with their document, accepted by an active signatory, reminded.

use super::error::{Error, Rule, Wrong};
use super::frame::{Note, Work};
use super::post::Letter;
use super::registration::language_of;
use super::{Call, Done, Services, find, step_of};
use crate::domain::account::{Role, State as AccountState, split};
use crate::domain::agreement::{
    Acceptance as AcceptanceState, AcceptanceEvent, Event, State, step, step_acceptance,
};
use crate::domain::check::{self, Flaw};
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::Right;
use crate::domain::text::fold_all;
use crate::domain::time::Timestamp;
use crate::language::display;
use crate::store::account::{self, Account};
use crate::store::agreement::{self, Acceptance, Agreement};
use crate::store::organisation::{self, Organisation};
use crate::store::{StoreError, counter};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The last day of an acceptance that nothing limits.
pub const UNLIMITED: &str = "9999-12-31";

/// A new version of the agreement.
#[derive(Debug, Clone)]
pub struct New {
    /// Short name, such as `2021-09`.
    pub name: String,
    /// Full title.
    pub title: String,
    /// First day, `YYYY-MM-DD`.
    pub valid_from: String,
    /// Last day on which an acceptance of the version before still counts.
    pub grace_until: String,
    /// Name of the document's file.
    pub file_name: String,
    /// The document: a PDF.
    pub document: Vec<u8>,
    /// Whether it only becomes a draft.
    pub stage: Stage,
}

/// How far a new version goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is kept as a draft.
    Draft,
    /// It is published at once.
    Published,
}

/// Most bytes of a document.
const MOST_BYTES: usize = 20 * 1024 * 1024;

/// Adds a version with its document, and publishes it when asked.
pub async fn publish_document(services: &Services, call: &Call, new: New) -> Result<Done, Error> {
    let right = Right::AgreementPublish;
    let mut work = Work::begin_as(
        services,
        call,
        "agreement.publish",
        right,
        Kind::Agreement,
        "",
    )
    .await?;
    let result = add_in(&mut work, new).await;
    work.end(result).await
}

async fn add_in(work: &mut Work<'_>, new: New) -> Result<Done, Error> {
    check_new(&new)?;
    let row = Agreement {
        id: super::new_id(),
        name: new.name.clone(),
        title: new.title.clone(),
        state: State::Draft.as_str().to_owned(),
        state_at: work.now,
        file_name: file_name(&new.file_name),
        bytes: i64::try_from(new.document.len()).unwrap_or(i64::MAX),
        sha256: hex::encode(Sha256::digest(&new.document)),
        valid_from: new.valid_from,
        grace_until: new.grace_until,
        created_at: work.now,
        changed_at: work.now,
        changed_by: work.by(),
        folded: fold_all(&[&new.name, &new.title]),
        version: 1,
    };
    match agreement::insert(&mut work.tx, &row, new.document).await {
        Err(StoreError::Unique) => return Err(wrong("name", Flaw::Duplicate)),
        other => other?,
    }
    counter::shift(&mut work.tx, Kind::Agreement, None, Some(&row.state)).await?;
    work.is_about(Kind::Agreement, &row.id);
    match new.stage {
        Stage::Published => publish(work, &row.id).await,
        Stage::Draft => {
            work.detail(
                json!({ "name": row.name, "sha256": row.sha256, "state": { "after": row.state } }),
            );
            Ok(Done {
                id: row.id,
                label: row.title,
                ..Done::default()
            })
        }
    }
}

fn wrong(field: &str, flaw: Flaw) -> Error {
    Error::Invalid(vec![Wrong {
        field: field.to_owned(),
        flaw,
    }])
}

fn check_new(new: &New) -> Result<(), Error> {
    let mut all = Vec::new();
    let mut add = |field: &str, checked: Result<(), Flaw>| {
        if let Err(flaw) = checked {
            all.push(Wrong {
                field: field.to_owned(),
                flaw,
            });
        }
    };
    add("name", check::line(&new.name));
    add("title", check::line(&new.title));
    add("valid_from", check::date(&new.valid_from));
    add("grace_until", check::date(&new.grace_until));
    if !all.is_empty() {
        return Err(Error::Invalid(all));
    }
    if new.grace_until < new.valid_from {
        return Err(wrong("grace_until", Flaw::BadDate));
    }
    if !new.document.starts_with(b"%PDF-") || new.document.len() > MOST_BYTES {
        return Err(Error::Rule(Rule::DocumentMissing));
    }
    Ok(())
}

/// The last part of a path, without anything that could steer a terminal or be a path again.
fn file_name(path: &str) -> String {
    let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !check::unprintable(*c))
        .take(check::MOST_CHARACTERS)
        .collect();
    if clean.is_empty() {
        "document.pdf".to_owned()
    } else {
        clean
    }
}

/// Publishes a draft: the version before is superseded with a grace period, and every active organisation must accept.
pub(super) async fn publish(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let found = agreement::lock(&mut work.tx, id).await?;
    let mut row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Agreement,
        id: id.to_owned(),
    })?;
    let next = step_of(Kind::Agreement, &row.state, "publish", |s| {
        step(s, Event::Publish)
    })?;
    work.same_version(
        Kind::Agreement,
        &row.id,
        row.version,
        &row.changed_by,
        row.changed_at,
    )?;
    supersede_current(work, &row.grace_until).await?;
    counter::shift(
        &mut work.tx,
        Kind::Agreement,
        Some(&row.state),
        Some(next.as_str()),
    )
    .await?;
    next.as_str().clone_into(&mut row.state);
    row.state_at = work.now;
    row.changed_at = work.now;
    row.changed_by = work.by();
    agreement::save(&mut work.tx, &row).await?;
    let organisations = organisation::ids_in(&mut work.tx, "active").await?;
    for (organisation,) in &organisations {
        supersede_pending(work, organisation).await?;
        let acceptance = insert_pending(work, organisation, &row).await?;
        ask(work, &acceptance, &row).await?;
    }
    work.detail(
        json!({ "name": row.name, "sha256": row.sha256, "valid_from": row.valid_from,
        "grace_until": row.grace_until, "organisations": organisations.len() }),
    );
    Ok(Done {
        id: row.id,
        label: row.title,
        ..Done::default()
    })
}

async fn supersede_current(work: &mut Work<'_>, grace_until: &str) -> Result<(), Error> {
    let Some(current) = agreement::current(&mut work.tx).await? else {
        return Ok(());
    };
    let locked = agreement::lock(&mut work.tx, &current.id).await?;
    let mut old = locked.ok_or_else(|| Error::Missing {
        kind: Kind::Agreement,
        id: current.id.clone(),
    })?;
    let next = step_of(Kind::Agreement, &old.state, "supersede", |s| {
        step(s, Event::Supersede)
    })?;
    counter::shift(
        &mut work.tx,
        Kind::Agreement,
        Some(&old.state),
        Some(next.as_str()),
    )
    .await?;
    next.as_str().clone_into(&mut old.state);
    old.state_at = work.now;
    old.changed_at = work.now;
    old.changed_by = work.by();
    agreement::save(&mut work.tx, &old).await?;
    agreement::limit_accepted(&mut work.tx, grace_until).await?;
    work.note(Note {
        action: "agreement.supersede".to_owned(),
        kind: Kind::Agreement,
        id: old.id,
        organisation: String::new(),
        detail: json!({ "name": old.name, "grace_until": grace_until }),
    });
    Ok(())
}

async fn supersede_pending(work: &mut Work<'_>, organisation: &str) -> Result<(), Error> {
    for mut row in agreement::acceptances_of(&mut work.tx, organisation).await? {
        if row.state == AcceptanceState::Pending.as_str() {
            move_acceptance(work, &mut row, AcceptanceEvent::Supersede).await?;
            agreement::save_acceptance(&mut work.tx, &row).await?;
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
    agreement::insert_acceptance(&mut work.tx, &row).await?;
    counter::shift(&mut work.tx, Kind::Acceptance, None, Some(&row.state)).await?;
    Ok(row)
}

/// Opens a pending acceptance of the current version for a new organisation; gives the version's title.
pub(super) async fn open_pending(
    work: &mut Work<'_>,
    organisation: &str,
) -> Result<Option<String>, Error> {
    let Some(current) = agreement::current(&mut work.tx).await? else {
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
    for mut row in agreement::acceptances_of(&mut work.tx, organisation).await? {
        if matches!(row.state.as_str(), "pending" | "accepted") {
            move_acceptance(work, &mut row, AcceptanceEvent::Terminate).await?;
            agreement::save_acceptance(&mut work.tx, &row).await?;
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
    let found = agreement::lock_acceptance(&mut work.tx, id).await?;
    let mut row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Acceptance,
        id: id.to_owned(),
    })?;
    work.belongs_to(&row.organisation_id.clone());
    let version = agreement::find(&mut work.tx, &row.agreement_id).await?;
    let version = version.ok_or_else(|| Error::Missing {
        kind: Kind::Agreement,
        id: row.agreement_id.clone(),
    })?;
    move_acceptance(work, &mut row, AcceptanceEvent::Remind).await?;
    work.same_version(Kind::Acceptance, &row.id, row.version, "", row.state_at)?;
    row.reminded_at = work.now;
    row.reminders += 1;
    agreement::save_acceptance(&mut work.tx, &row).await?;
    let mails = ask(work, &row, &version).await?;
    let o = load_organisation(work, &row.organisation_id).await?;
    work.detail(json!({ "reminders": row.reminders, "mails": mails }));
    Ok(Done {
        id: row.id,
        label: o.name,
        ..Done::default()
    })
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
    check::optional_line(&given.remote).map_err(|flaw| wrong("remote", flaw))?;
    let organisation = find::id_in(&mut work.tx, Kind::Organisation, &given.organisation).await?;
    let o = load_organisation(work, &organisation).await?;
    work.belongs_to(&o.id);
    let version = wanted_version(work, &given.version).await?;
    let signatory = signatory(work, &o, &given.account).await?;
    let all = agreement::acceptances_of(&mut work.tx, &o.id).await?;
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
    agreement::save_acceptance(&mut work.tx, &row).await?;
    for mut old in all
        .into_iter()
        .filter(|a| a.id != row.id && a.state == AcceptanceState::Accepted.as_str())
    {
        move_acceptance(work, &mut old, AcceptanceEvent::Supersede).await?;
        agreement::save_acceptance(&mut work.tx, &old).await?;
    }
    super::submission::release_held(work, &o.id).await?;
    thank(work, &o, &version, &signatory, &row);
    work.detail(
        json!({ "agreement": version.name, "sha256": version.sha256, "account": signatory.id,
        "state": { "before": "pending", "after": row.state } }),
    );
    Ok(Done {
        id: row.id,
        label: o.name,
        ..Done::default()
    })
}

async fn wanted_version(work: &mut Work<'_>, name: &str) -> Result<Agreement, Error> {
    let found = if name.is_empty() {
        agreement::current(&mut work.tx).await?
    } else {
        agreement::find(&mut work.tx, name).await?
    };
    found.ok_or_else(|| Error::Missing {
        kind: Kind::Agreement,
        id: name.to_owned(),
    })
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

/// File name and bytes of the document of a version.
pub async fn document(
    services: &Services,
    call: &Call,
    version: &str,
) -> Result<(String, Vec<u8>), Error> {
    if !call.actor.may(Right::Read) {
        return Err(Error::Right {
            act: None,
            right: Right::Read,
        });
    }
    let mut tx = services.db.read().await?;
    let missing = || Error::Missing {
        kind: Kind::Agreement,
        id: version.to_owned(),
    };
    let row = agreement::find(&mut tx, version)
        .await?
        .ok_or_else(missing)?;
    let bytes = agreement::document(&mut tx, &row.id)
        .await?
        .ok_or_else(missing)?
        .0;
    tx.rollback().await?;
    if hex::encode(Sha256::digest(&bytes)) != row.sha256 {
        return Err(Error::Internal(
            "the stored document does not match its digest".to_owned(),
        ));
    }
    Ok((row.file_name, bytes))
}
