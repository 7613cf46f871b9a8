//! The plan, played: each deed done through the service that staff, portal or worker would use. Bulk deliveries are not here.

use super::schedule::{Deed, Scene};
use super::stage::{ADMINISTRATOR, AUDITOR, ON_CALL, SUPPORT, Stage};
use super::{begin, linking, measuring, onboarding, people, post, releasing, tonight};
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::service::{Call, Error, audit, bulk, ending, find, identity};
use crate::store::{agreement, reference};
use std::sync::Arc;

/// Does what the scene says, at its moment.
pub(super) async fn play(stage: &mut Stage<'_>, scene: Scene) -> Result<(), Error> {
    stage.services.clock.set(scene.at);
    match scene.deed {
        Deed::Begin => begin::agreement(stage, 0).await,
        Deed::NewVersion => begin::agreement(stage, 1).await,
        Deed::NextVersion => begin::agreement(stage, 2).await,
        Deed::Marks => onboarding::marks(stage).await,
        Deed::Register(p) => onboarding::register(stage, p).await,
        Deed::SetUp(p) => onboarding::set_up(stage, p).await,
        Deed::Complete(p) => onboarding::complete(stage, p).await,
        Deed::Reject(p) => onboarding::close(stage, p, Act::RegistrationReject).await,
        Deed::Withdraw(p) => onboarding::close(stage, p, Act::RegistrationWithdraw).await,
        Deed::Accept(p) => onboarding::accept(stage, p).await,
        Deed::Connect(p, step) => linking::take(stage, p, step).await,
        Deed::Leak(p) => linking::leak(stage, p).await,
        Deed::UseCodes => linking::use_codes(stage).await,
        Deed::Activate(p, u) => people::activate(stage, p, u).await,
        Deed::Invite(p, k) => people::invite(stage, p, k).await,
        Deed::Reinvite(p, u) => people::change(stage, p, u, Act::AccountResend).await,
        Deed::Disable(p, u) => people::change(stage, p, u, Act::AccountDisable).await,
        Deed::Lock(p, u) => people::change(stage, p, u, Act::AccountLock).await,
        Deed::Unlock(p, u) => people::change(stage, p, u, Act::AccountUnlock).await,
        Deed::Roles(p, u) => people::change(stage, p, u, Act::AccountRoles).await,
        Deed::LastSignatory(p) => people::last_signatory(stage, p).await,
        Deed::Expire => {
            people::expire(stage).await?;
            let call = Call::new(&stage.worker);
            ending::look_after(&stage.services, &call).await.map(|_| ())
        }
        Deed::Remind(p) => remind(stage, p).await,
        Deed::RemindAll => remind_all(stage).await,
        Deed::Edit(p) => organisation(stage, p, Act::OrganisationEdit).await,
        Deed::Message(p) => organisation(stage, p, Act::OrganisationMessage).await,
        Deed::Suspend(p) => organisation(stage, p, Act::OrganisationSuspend).await,
        Deed::Resume(p) => organisation(stage, p, Act::OrganisationResume).await,
        Deed::End(p) => organisation(stage, p, Act::OrganisationEnd).await,
        Deed::Status(p, k) => status(stage, p, k).await,
        Deed::Post => post::deliver(stage).await,
        Deed::Bounce(k) => mail(stage, k, Act::MailBounce).await,
        Deed::Resend(k) => mail(stage, k, Act::MailResend).await,
        Deed::Cancel(p) => take_back(stage, p, Act::MailCancel).await,
        Deed::Undo(p) => take_back(stage, p, Act::MailUndo).await,
        Deed::TestMail => test_mail(stage).await,
        Deed::SignIn(person) => identity::signed_in(&stage.services, &stage.staff[person]).await,
        Deed::Refused(kind) => refused(stage, kind).await,
        Deed::Anchor => {
            let call = Call::new(&stage.staff[AUDITOR]);
            audit::anchor(&stage.services, &call).await.map(|_| ())
        }
        Deed::Tonight(place) => tonight::play(stage, place).await,
        Deed::Measured(p) => measuring::deliver(stage, p).await,
        Deed::Sweep => measuring::sweep(stage).await,
        Deed::Extract(place, step) => releasing::take(stage, place, step).await,
    }
}

/// What staff write to organisations: subject and text.
const MESSAGES: &[(&str, &str)] = &[
    (
        "Uw laatste aanlevering",
        "Uw aanlevering is verwerkt. U hoeft niets te doen.",
    ),
    (
        "Aanlevering van dit halfjaar",
        "Wij hebben dit halfjaar nog geen bestand van u ontvangen. Lukt het om voor het einde van de maand aan te leveren?",
    ),
    (
        "Onderhoud aan het portaal",
        "Komende zondag tussen 20.00 en 22.00 uur is het portaal niet bereikbaar.",
    ),
    (
        "Uw vraag over de koppeling",
        "De gegevens voor de koppeling staan klaar; uw leverancier heeft bericht gekregen.",
    ),
    (
        "Gewijzigde contactpersoon",
        "Wij hebben de wijziging verwerkt. Klopt er iets niet, laat het ons weten.",
    ),
];

async fn organisation(stage: &mut Stage<'_>, p: usize, act: Act) -> Result<(), Error> {
    let id = stage.organisation(p)?.to_owned();
    let (subject, text) = MESSAGES[p % MESSAGES.len()];
    let phone = format!("099 {}", 2_000_000 + p * 1_313);
    let ended = p.is_multiple_of(2);
    let (person, given, reason): (_, Vec<(&str, &str)>, _) = match act {
        Act::OrganisationEdit => (
            SUPPORT,
            vec![("phone", phone.as_str())],
            "Telefonisch doorgegeven",
        ),
        Act::OrganisationMessage => (SUPPORT, vec![("subject", subject), ("text", text)], ""),
        Act::OrganisationSuspend => (
            ADMINISTRATOR,
            vec![],
            "Keurmerk verlopen; verlenging is aangevraagd",
        ),
        Act::OrganisationResume => (ADMINISTRATOR, vec![], "Keurmerk is verlengd"),
        _ if ended => (ADMINISTRATOR, vec![], "Praktijk is gestopt"),
        _ => (
            ADMINISTRATOR,
            vec![],
            "Overgegaan naar een andere organisatie",
        ),
    };
    let actor = if person == SUPPORT {
        stage.support(p)
    } else {
        Arc::clone(&stage.staff[person])
    };
    stage.act(&actor, act, &id, &given, reason).await?;
    Ok(())
}

/// A mail of the last hours, whose end was planned.
async fn status(stage: &mut Stage<'_>, p: usize, k: usize) -> Result<(), Error> {
    let id = stage.organisation(p)?.to_owned();
    let (subject, text) = MESSAGES[k % MESSAGES.len()];
    let now = stage.services.clock.now();
    if let Some((_, end)) = post::LAST.get(k) {
        stage.planned.insert(now.0, *end);
    }
    let worker = Arc::clone(&stage.worker);
    stage
        .act(
            &worker,
            Act::OrganisationMessage,
            &id,
            &[("subject", subject), ("text", text)],
            "",
        )
        .await?;
    Ok(())
}

async fn pending(stage: &Stage<'_>, p: usize) -> Result<Option<String>, Error> {
    let id = stage.organisation(p)?.to_owned();
    let mut tx = stage.services.db.write().await?;
    let all = agreement::acceptances_of(&mut tx, &id).await?;
    tx.rollback().await?;
    Ok(all.into_iter().find(|a| a.state == "pending").map(|a| a.id))
}

async fn remind(stage: &mut Stage<'_>, p: usize) -> Result<(), Error> {
    if let Some(id) = pending(stage, p).await? {
        stage
            .act(&stage.support(p), Act::AgreementRemind, &id, &[], "")
            .await?;
    }
    Ok(())
}

/// Everybody who has yet to accept is reminded in one run, worked off by the worker.
async fn remind_all(stage: &mut Stage<'_>) -> Result<(), Error> {
    let mut targets = Vec::new();
    for p in 0..stage.cast.len() {
        if stage.organisations.contains_key(&p)
            && let Some(id) = pending(stage, p).await?
        {
            let mut tx = stage.services.db.read().await?;
            let version = reference::version(&mut tx, Kind::Acceptance, &id).await?;
            tx.rollback().await?;
            targets.push((id, version.unwrap_or(1)));
        }
    }
    if targets.is_empty() {
        return Ok(());
    }
    let call = Call::new(&stage.staff[SUPPORT]);
    let values = super::stage::values(&[]);
    let done = bulk::start(
        &stage.services,
        &call,
        Act::AgreementRemind,
        &targets,
        &values,
    )
    .await?;
    while bulk::step(&stage.services, &done.id).await? == bulk::Progress::More {}
    super::work::finish(stage, crate::domain::job::JobKind::Bulk).await
}

async fn mail(stage: &mut Stage<'_>, k: usize, act: Act) -> Result<(), Error> {
    let troubled = if act == Act::MailResend {
        stage.troubled.pop()
    } else {
        None
    };
    let back = stage.sent.len().saturating_sub(2 + k * 3);
    let Some(id) = troubled.or_else(|| stage.sent.get(back).cloned()) else {
        return Ok(());
    };
    stage.sent.retain(|known| *known != id);
    let reason = if act == Act::MailBounce {
        "Retour ontvangen: adres bestaat niet meer"
    } else {
        ""
    };
    let done = stage.act(&stage.staff[SUPPORT], act, &id, &[], reason);
    match done.await {
        // A link that was collected is not sent again.
        Ok(_) | Err(Error::Rule(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// A mail that was queued by mistake and taken back at once.
async fn take_back(stage: &mut Stage<'_>, p: usize, act: Act) -> Result<(), Error> {
    if stage.services.settings.undo_seconds < 5 {
        return Ok(());
    }
    organisation(stage, p, Act::OrganisationMessage).await?;
    let now = stage.services.clock.now();
    let mut tx = stage.services.db.read().await?;
    let waiting =
        crate::store::history::waiting_mails(&mut tx, now.plus(crate::domain::time::DAY)).await?;
    tx.rollback().await?;
    stage
        .services
        .clock
        .set(now.plus(4 * crate::domain::time::SECOND));
    if let Some(last) = waiting.last() {
        stage
            .act(&stage.support(p), act, &last.mail, &[], "")
            .await?;
    }
    Ok(())
}

async fn test_mail(stage: &mut Stage<'_>) -> Result<(), Error> {
    stage
        .act(
            &stage.staff[SUPPORT],
            Act::MailTest,
            "",
            &[("to", "beheer@portaal.example")],
            "",
        )
        .await?;
    Ok(())
}

/// Attempts that were refused: the audit shows them too.
async fn refused(stage: &mut Stage<'_>, kind: usize) -> Result<(), Error> {
    let place = stage
        .organisations
        .keys()
        .copied()
        .min()
        .unwrap_or_default();
    let id = find(&stage.services, Kind::Organisation, &stage.cast[place].agb).await?;
    let (person, act) = match kind {
        0 => (SUPPORT, Act::OrganisationEnd),
        1 => (ON_CALL, Act::OrganisationSuspend),
        2 => (ADMINISTRATOR, Act::OrganisationMessage),
        _ => (AUDITOR, Act::OrganisationEdit),
    };
    let given: &[(&str, &str)] = &[];
    match stage
        .act(
            &stage.staff[person],
            act,
            &id,
            given,
            "Verzoek van de zorgaanbieder",
        )
        .await
    {
        Err(Error::Right { .. } | Error::State { .. }) | Ok(_) => Ok(()),
        Err(other) => Err(other),
    }
}
