//! Accounts after their invitation: taken up, run out, locked, disabled, given other roles.

use super::names;
use super::schedule::EXTRA;
use super::stage::{SUPPORT, Stage};
use crate::domain::action::{Act, legal};
use crate::mail::token;
use crate::service::{self, Call, Error};
use crate::store::{account, history};
use std::sync::Arc;

/// The user takes the invitation up, with the token that was in the mail.
pub(super) async fn activate(stage: &mut Stage<'_>, p: usize, u: usize) -> Result<(), Error> {
    let Some(id) = stage.accounts.get(&(p, u)).cloned() else {
        return Ok(());
    };
    let mut tx = stage.services.db.read().await?;
    let open = history::open_invitation(&mut tx, &id, stage.services.clock.now()).await?;
    let standing = account::by_id(&mut tx, &id).await?.map(|a| a.state);
    tx.rollback().await?;
    let (Some((invitation, nonce)), Some("invited")) = (open, standing.as_deref()) else {
        return Ok(());
    };
    let key = stage.services.settings.key();
    let secret = token::derive(key, token::INVITATION, &invitation, &nonce);
    let call = Call::new(&stage.portal);
    service::account::activate(&stage.services, &call, secret.expose()).await?;
    Ok(())
}

/// An organisation asks an account for one more person.
pub(super) async fn invite(stage: &mut Stage<'_>, p: usize, k: usize) -> Result<(), Error> {
    let name = names::person(&mut stage.chance);
    let email =
        names::address(&name, &stage.cast[p].domain).replacen('@', &format!("{}@", 20 + k), 1);
    let roles = ["submitter", "reader", "manager", "submitter,reader"][k % 4];
    let agb = stage.cast[p].agb.clone();
    let given = [
        ("organisation", agb.as_str()),
        ("name", name.as_str()),
        ("email", email.as_str()),
        ("roles", roles),
    ];
    let done = stage
        .act(&stage.support(k), Act::AccountInvite, "", &given, "")
        .await?;
    stage.accounts.insert((p, EXTRA + k), done.id);
    Ok(())
}

/// Something that staff do with an account, if its state still allows it.
pub(super) async fn change(
    stage: &mut Stage<'_>,
    p: usize,
    u: usize,
    act: Act,
) -> Result<(), Error> {
    let Some(id) = stage.accounts.get(&(p, u)).cloned() else {
        return Ok(());
    };
    let mut tx = stage.services.db.read().await?;
    let found = account::by_id(&mut tx, &id).await?;
    tx.rollback().await?;
    if !found.is_some_and(|a| legal(act, &a.state)) {
        return Ok(());
    }
    let (given, reason): (&[(&str, &str)], _) = match act {
        Act::AccountRoles => (&[("roles", "submitter,manager")], "Andere taken"),
        Act::AccountLock => (&[], "Verdachte aanmeldpogingen; gebruiker is gebeld"),
        Act::AccountDisable => (
            &[("without_successor", "yes")],
            "Werkt niet meer bij de zorgaanbieder",
        ),
        _ => (&[], ""),
    };
    stage
        .act(&stage.support(u), act, &id, given, reason)
        .await?;
    Ok(())
}

/// Nobody is left who may sign.
pub(super) async fn last_signatory(stage: &mut Stage<'_>, p: usize) -> Result<(), Error> {
    let organisation = stage.organisation(p)?.to_owned();
    let mut tx = stage.services.db.read().await?;
    let all = account::of(&mut tx, &organisation).await?;
    tx.rollback().await?;
    let actor = Arc::clone(&stage.staff[SUPPORT]);
    for a in all {
        if a.roles.contains("signatory") && legal(Act::AccountDisable, &a.state) {
            let given = [("without_successor", "yes")];
            let reason = "Bestuurder is vertrokken; opvolger nog niet bekend";
            stage
                .act(&actor, Act::AccountDisable, &a.id, &given, reason)
                .await?;
        }
    }
    Ok(())
}

/// Invitations that ran out.
pub(super) async fn expire(stage: &mut Stage<'_>) -> Result<(), Error> {
    let call = Call::new(&stage.worker);
    while service::account::expire(&stage.services, &call).await? > 0 {}
    Ok(())
}
