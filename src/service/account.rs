//! Accounts: invitation with a single-use token, activation, roles, lock, disable. Not the portal's own sign-in.

use super::document::User;
use super::error::{Error, Rule};
use super::fields::{Values, check, get, roles};
use super::frame::{Note, Work};
use super::post::Letter;
use super::registration::language_of;
use super::{Call, Done, Services, step_of};
use crate::domain::account::{Event, Role, State, split, step};
use crate::domain::action::Act;
use crate::domain::check::Flaw;
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::Right;
use crate::domain::text::fold_all;
use crate::domain::time::{DAY, Timestamp};
use crate::mail::token;
use crate::store::account::{self, Account, Invitation};
use crate::store::organisation::{self, Organisation};
use crate::store::{StoreError, counter};
use serde_json::json;

/// Makes an invited account with its invitation and mail, in the transaction of a use case.
pub(super) async fn create(
    work: &mut Work<'_>,
    o: &Organisation,
    user: &User,
) -> Result<Account, Error> {
    let email_folded = user.email.to_lowercase();
    let row = Account {
        id: super::new_id(),
        organisation_id: o.id.clone(),
        name: user.name.clone(),
        email: user.email.clone(),
        email_folded,
        roles: user.roles.clone(),
        language: o.language.clone(),
        state: State::Invited.as_str().to_owned(),
        state_at: work.now,
        state_reason: String::new(),
        created_at: work.now,
        invited_at: work.now,
        expires_at: expiry(work),
        active_at: Timestamp::NEVER,
        successor_id: None,
        changed_at: work.now,
        changed_by: work.by(),
        // The list sorts on it, and where a page ends is told to people: no address in it.
        folded: fold_all(&[&user.name]),
        version: 1,
    };
    match account::insert(&mut work.tx, &row).await {
        Err(StoreError::Unique) => return Err(Error::invalid("email", Flaw::Duplicate)),
        other => other?,
    }
    counter::shift(&mut work.tx, Kind::Account, None, Some(&row.state)).await?;
    work.note(Note {
        action: "account.invite".to_owned(),
        kind: Kind::Account,
        id: row.id.clone(),
        organisation: o.id.clone(),
        detail: json!({ "roles": row.roles }),
    });
    send_invitation(work, &row, o).await?;
    Ok(row)
}

fn expiry(work: &Work<'_>) -> Timestamp {
    work.now
        .plus(work.services.settings.invitation_days.saturating_mul(DAY))
}

/// Adds an invitation whose token is never stored: only its hash, and what it is derived from with the key.
async fn send_invitation(work: &mut Work<'_>, a: &Account, o: &Organisation) -> Result<(), Error> {
    let id = super::new_id();
    let nonce = super::random_hex()?;
    let secret = token::derive(work.services.settings.key(), token::INVITATION, &id, &nonce);
    let invitation = Invitation {
        id: id.clone(),
        account_id: a.id.clone(),
        token_hash: token::hash(secret.expose()),
        nonce: nonce.clone(),
        created_at: work.now,
        expires_at: a.expires_at,
        used_at: Timestamp::NEVER,
        revoked_at: Timestamp::NEVER,
    };
    account::insert_invitation(&mut work.tx, &invitation).await?;
    work.post(Letter {
        template: Template::AccountInvitation,
        language: language_of(&a.language),
        to: a.email.clone(),
        name: a.name.clone(),
        parameters: json!({ "name": a.name, "organisation": o.name, "roles": a.roles,
            "invitation": id, "nonce": nonce, "days": work.services.settings.invitation_days }),
        organisation: Some(o.id.clone()),
        about: (Kind::Account, a.id.clone()),
    });
    Ok(())
}

async fn organisation_of(work: &mut Work<'_>, id: &str) -> Result<Organisation, Error> {
    let found = organisation::by_id(&mut work.tx, id).await?;
    found.ok_or_else(|| Error::Missing {
        kind: Kind::Organisation,
        id: id.to_owned(),
    })
}

async fn load(work: &mut Work<'_>, id: &str) -> Result<Account, Error> {
    let found = account::lock(&mut work.tx, id).await?;
    let row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Account,
        id: id.to_owned(),
    })?;
    work.belongs_to(&row.organisation_id);
    Ok(row)
}

fn unchanged(work: &Work<'_>, row: &Account) -> Result<(), Error> {
    work.same_version(
        Kind::Account,
        &row.id,
        row.version,
        &row.changed_by,
        row.changed_at,
    )
}

async fn move_to(work: &mut Work<'_>, row: &mut Account, event: Event) -> Result<(), Error> {
    // What the state forbids is told as that, whatever the version.
    step_of(Kind::Account, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    unchanged(work, row)?;
    advance(work, row, event).await
}

async fn advance(work: &mut Work<'_>, row: &mut Account, event: Event) -> Result<(), Error> {
    let next = step_of(Kind::Account, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    counter::shift(
        &mut work.tx,
        Kind::Account,
        Some(&row.state),
        Some(next.as_str()),
    )
    .await?;
    if row.state != next.as_str() {
        row.state_at = work.now;
    }
    next.as_str().clone_into(&mut row.state);
    row.changed_at = work.now;
    row.changed_by = work.by();
    Ok(())
}

/// Invites a person to an organisation that is in use.
pub(super) async fn invite(work: &mut Work<'_>, given: &Values) -> Result<Done, Error> {
    let given = check(Act::AccountInvite.spec().fields, given)?;
    let id = super::find::id_in(
        &mut work.tx,
        Kind::Organisation,
        get(&given, "organisation"),
    )
    .await?;
    let found = organisation::lock(&mut work.tx, &id).await?;
    let mut o = found.ok_or_else(|| Error::missing(Kind::Organisation, &id))?;
    if o.state != "active" {
        return Err(Error::state(Kind::Organisation, &o.state, "invite"));
    }
    if !get(&given, "language").is_empty() {
        get(&given, "language").clone_into(&mut o.language);
    }
    let user = User {
        name: get(&given, "name").to_owned(),
        email: get(&given, "email").to_owned(),
        roles: get(&given, "roles").to_owned(),
    };
    let row = create(work, &o, &user).await?;
    Ok(Done::of(row.id, row.name))
}

/// Sends a new invitation; the earlier one stops working.
pub(super) async fn resend(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let row = load(work, id).await?;
    unchanged(work, &row)?;
    let before = row.state.clone();
    let row = reinvite(work, row).await?;
    Ok(finish(work, row, &before))
}

/// As `resend`, when it is asked by way of the mail: the version that the person saw is the mail's.
pub(super) async fn resend_by_mail(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    if !work.call.actor.may(Right::Accounts) {
        return Err(Error::Right {
            act: Some(Act::AccountResend),
            right: Right::Accounts,
        });
    }
    let row = load(work, id).await?;
    let before = row.state.clone();
    let row = reinvite(work, row).await?;
    work.note(Note {
        action: "account.resend".to_owned(),
        kind: Kind::Account,
        id: row.id.clone(),
        organisation: row.organisation_id.clone(),
        detail: json!({ "state": { "before": before, "after": row.state } }),
    });
    Ok(Done::of(row.id, row.name))
}

async fn reinvite(work: &mut Work<'_>, mut row: Account) -> Result<Account, Error> {
    advance(work, &mut row, Event::Resend).await?;
    account::revoke_invitations(&mut work.tx, &row.id, work.now).await?;
    row.invited_at = work.now;
    row.expires_at = expiry(work);
    let o = organisation_of(work, &row.organisation_id).await?;
    account::save(&mut work.tx, &row).await?;
    send_invitation(work, &row, &o).await?;
    Ok(row)
}

/// Gives an account other roles; the last active signatory keeps that role.
pub(super) async fn change_roles(
    work: &mut Work<'_>,
    id: &str,
    given: &Values,
) -> Result<Done, Error> {
    let given = check(Act::AccountRoles.spec().fields, given)?;
    let mut row = load(work, id).await?;
    let new = roles(get(&given, "roles")).map_err(|flaw| Error::invalid("roles", flaw))?;
    move_to(work, &mut row, Event::Roles).await?;
    if !new.contains(Role::Signatory.as_str()) && last_signatory(work, &row).await? {
        return Err(Error::Rule(Rule::LastSignatory));
    }
    let before = std::mem::replace(&mut row.roles, new);
    account::save(&mut work.tx, &row).await?;
    work.detail(json!({ "roles": { "before": before, "after": row.roles } }));
    Ok(Done::of(row.id, row.name))
}

/// Locks or unlocks.
pub(super) async fn lock(work: &mut Work<'_>, id: &str, event: Event) -> Result<Done, Error> {
    let mut row = load(work, id).await?;
    let before = row.state.clone();
    move_to(work, &mut row, event).await?;
    work.call.reason.trim().clone_into(&mut row.state_reason);
    account::save(&mut work.tx, &row).await?;
    Ok(finish(work, row, &before))
}

/// Disables for good. The last active signatory needs a successor, or the explicit word that there is none.
pub(super) async fn disable(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let given = check(Act::AccountDisable.spec().fields, given)?;
    let mut row = load(work, id).await?;
    let before = row.state.clone();
    if last_signatory(work, &row).await? {
        match (get(&given, "successor"), get(&given, "without_successor")) {
            ("", "yes") => {}
            ("", _) => return Err(Error::Rule(Rule::LastSignatory)),
            (successor, _) => row.successor_id = Some(succeed(work, &row, successor).await?),
        }
    }
    move_to(work, &mut row, Event::Disable).await?;
    account::revoke_invitations(&mut work.tx, &row.id, work.now).await?;
    work.call.reason.trim().clone_into(&mut row.state_reason);
    account::save(&mut work.tx, &row).await?;
    Ok(finish(work, row, &before))
}

fn finish(work: &mut Work<'_>, row: Account, before: &str) -> Done {
    work.detail(json!({ "state": { "before": before, "after": row.state } }));
    Done::of(row.id, row.name)
}

fn signs(a: &Account) -> bool {
    a.state == State::Active.as_str()
        && split(&a.roles).is_some_and(|r| r.contains(&Role::Signatory))
}

/// Whether this is an active signatory and no other account of the organisation is.
async fn last_signatory(work: &mut Work<'_>, row: &Account) -> Result<bool, Error> {
    if !signs(row) {
        return Ok(false);
    }
    // Two people disabling two signatories at once meet at this lock.
    organisation::lock(&mut work.tx, &row.organisation_id).await?;
    let all = account::of(&mut work.tx, &row.organisation_id).await?;
    Ok(!all.iter().any(|a| a.id != row.id && signs(a)))
}

/// Makes another active account of the organisation signatory.
async fn succeed(work: &mut Work<'_>, row: &Account, successor: &str) -> Result<String, Error> {
    let id = super::find::id_in(&mut work.tx, Kind::Account, successor).await?;
    let found = account::lock(&mut work.tx, &id).await?;
    let mut heir = found.ok_or_else(|| Error::Missing {
        kind: Kind::Account,
        id: successor.to_owned(),
    })?;
    if heir.organisation_id != row.organisation_id
        || heir.state != State::Active.as_str()
        || heir.id == row.id
    {
        return Err(Error::Rule(Rule::LastSignatory));
    }
    let before = heir.roles.clone();
    heir.roles =
        roles(&format!("{before},signatory")).map_err(|flaw| Error::invalid("successor", flaw))?;
    heir.changed_at = work.now;
    heir.changed_by = work.by();
    account::save(&mut work.tx, &heir).await?;
    work.note(Note {
        action: "account.roles".to_owned(),
        kind: Kind::Account,
        id: heir.id.clone(),
        organisation: heir.organisation_id.clone(),
        detail: json!({ "roles": { "before": before, "after": heir.roles } }),
    });
    Ok(heir.id)
}

/// Activates an account with the token of its invitation: once, and only while it holds.
pub async fn activate(services: &Services, call: &Call, secret: &str) -> Result<Done, Error> {
    let mut work = Work::begin_as(
        services,
        call,
        "account.activate",
        Right::Accounts,
        Kind::Account,
        "",
    )
    .await?;
    let result = activate_in(&mut work, secret).await;
    work.end(result).await
}

async fn activate_in(work: &mut Work<'_>, secret: &str) -> Result<Done, Error> {
    let invalid = || Error::Rule(Rule::InvitationInvalid);
    let hash = token::hash(secret.trim());
    let invitation = account::invitation_by_hash(&mut work.tx, &hash)
        .await?
        .ok_or_else(invalid)?;
    let mut row = load(work, &invitation.account_id).await?;
    work.is_about(Kind::Account, &row.id);
    let o = organisation_of(work, &row.organisation_id).await?;
    if o.state == "ended" {
        return Err(Error::state(Kind::Organisation, &o.state, "activate"));
    }
    let before = row.state.clone();
    if !account::use_invitation(&mut work.tx, &invitation.id, work.now).await? {
        return Err(invalid());
    }
    move_to(work, &mut row, Event::Activate).await?;
    row.active_at = work.now;
    account::save(&mut work.tx, &row).await?;
    Ok(finish(work, row, &before))
}

/// Marks invited accounts as expired once their invitation ran out; gives how many.
pub async fn expire(services: &Services, call: &Call) -> Result<usize, Error> {
    let mut work = Work::begin_as(
        services,
        call,
        "account.expire",
        Right::Accounts,
        Kind::System,
        "",
    )
    .await?;
    let rows = account::run_out(&mut work.tx, work.now, 200).await?;
    let count = rows.len();
    if count == 0 {
        work.tx.rollback().await?;
        return Ok(0);
    }
    let result = expire_in(&mut work, rows).await;
    work.end(result).await.map(|_| count)
}

async fn expire_in(work: &mut Work<'_>, rows: Vec<Account>) -> Result<Done, Error> {
    for mut row in rows {
        let before = row.state.clone();
        move_to(work, &mut row, Event::Expire).await?;
        account::save(&mut work.tx, &row).await?;
        work.note(Note {
            action: "account.expire".to_owned(),
            kind: Kind::Account,
            id: row.id,
            organisation: row.organisation_id,
            detail: json!({ "state": { "before": before, "after": row.state } }),
        });
    }
    Ok(Done::default())
}
