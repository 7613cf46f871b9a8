//! From registration to acceptance, as the portal and staff do it.

use super::stage::Stage;
use crate::domain::action::Act;
use crate::service::acceptance::{Evidence, record_acceptance};
use crate::service::organisation::{MarkLine, import_marks};
use crate::service::{Call, Error, registration};

pub(super) async fn register(stage: &mut Stage<'_>, p: usize) -> Result<(), Error> {
    let call = Call::new(&stage.portal);
    let text = stage.cast[p].document().to_string();
    let done = registration::import(&stage.services, &call, &text).await?;
    stage.registrations.insert(p, done.id);
    Ok(())
}

fn registered(stage: &Stage<'_>, p: usize) -> String {
    stage.registrations.get(&p).cloned().unwrap_or_default()
}

pub(super) async fn set_up(stage: &mut Stage<'_>, p: usize) -> Result<(), Error> {
    // Something is always put right: here the telephone number.
    let phone = stage.cast[p].phone.replacen("099 ", "099-", 1);
    let given = [
        ("phone", phone.as_str()),
        ("city", stage.cast[p].city.as_str()),
    ];
    stage
        .act(
            &stage.support(p),
            Act::RegistrationSetUp,
            &registered(stage, p),
            &given,
            "",
        )
        .await?;
    Ok(())
}

pub(super) async fn complete(stage: &mut Stage<'_>, p: usize) -> Result<(), Error> {
    stage
        .act(
            &stage.support(p),
            Act::RegistrationComplete,
            &registered(stage, p),
            &[],
            "",
        )
        .await?;
    stage.remember(p).await
}

pub(super) async fn close(stage: &mut Stage<'_>, p: usize, act: Act) -> Result<(), Error> {
    let reason = match act {
        Act::RegistrationReject => "Geen geldig keurmerk gevonden bij KiBG",
        _ => "Op verzoek van de zorgaanbieder ingetrokken",
    };
    stage
        .act(
            &stage.support(p),
            act,
            &registered(stage, p),
            &[("mail", "yes")],
            reason,
        )
        .await?;
    Ok(())
}

/// The first signatory accepts the version of that moment, from an address of the documentation ranges.
pub(super) async fn accept(stage: &mut Stage<'_>, p: usize) -> Result<(), Error> {
    let provider = &stage.cast[p];
    let given = Evidence {
        organisation: provider.agb.clone(),
        account: provider
            .users
            .first()
            .map(|u| u.email.clone())
            .unwrap_or_default(),
        version: String::new(),
        remote: format!("198.51.100.{}", 10 + p % 200),
    };
    let call = Call::new(&stage.portal);
    record_acceptance(&stage.services, &call, &given).await?;
    Ok(())
}

/// KiBG's list of quality marks: one year for everybody, from the first of January.
pub(super) async fn marks(stage: &mut Stage<'_>) -> Result<(), Error> {
    let day = super::calendar::Calendar::date_of(stage.services.clock.now());
    let year = day.get(..4).unwrap_or_default();
    let all = stage
        .cast
        .iter()
        .filter(|provider| provider.fate.is_completed());
    let lines: Vec<MarkLine> = (2..)
        .zip(all)
        .map(|(line, provider)| MarkLine {
            line,
            agb: provider.agb.clone(),
            kind: "basis_ggz".to_owned(),
            valid_from: format!("{year}-01-01"),
            valid_until: format!("{year}-12-31"),
        })
        .collect();
    let call = Call::new(&stage.support(1));
    import_marks(&stage.services, &call, &lines).await?;
    Ok(())
}
