//! One client of one organisation is removed on request. The key is a secret on its way to a pseudonym: it is in no argument, no
//! log, no audit row and no answer.
//!
//! The pseudonym stays in `erased_client`, because vendors deliver the whole past every time: without it the next delivery would
//! undo the erasure silently. It is what is needed to respect the request, and nothing more is kept.

use super::error::Error;
use super::frame::Work;
use super::{Call, Done, Services, find, rows};
use crate::domain::check::Flaw;
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::language::command::{ERASED, ERASED_FILES};
use crate::store::{erasure, organisation};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// Removes a client from care paths, measurements, responses and what is being checked; gives the counts.
pub async fn client(
    services: &Services,
    call: &Call,
    agb: &str,
    key: &SecretString,
) -> Result<Done, Error> {
    let mut work = Work::begin_as(
        services,
        call,
        "client.erase",
        Right::Erase,
        Kind::Organisation,
        agb,
    )
    .await?;
    let result = erase(&mut work, agb, key).await;
    work.end(result).await
}

async fn erase(work: &mut Work<'_>, agb: &str, key: &SecretString) -> Result<Done, Error> {
    let key = key.expose_secret().trim();
    if key.is_empty() || key.chars().count() > 64 {
        return Err(Error::invalid("client key", Flaw::Missing));
    }
    if work.call.reason.trim().is_empty() {
        return Err(Error::ReasonMissing);
    }
    // The reason is written in the audit, where no key may stand.
    if work.call.reason.contains(key) {
        return Err(Error::invalid("reason", Flaw::NotText));
    }
    let id = find::id_in(&mut work.tx, Kind::Organisation, agb).await?;
    let found = organisation::lock(&mut work.tx, &id).await?;
    let o = found.ok_or_else(|| Error::missing(Kind::Organisation, agb))?;
    work.is_about(Kind::Organisation, &o.id);
    work.belongs_to(&o.id);
    let pseudonym = rows::client_pseudonym(work.services.settings.key(), key);
    let removed = erasure::client(&mut work.tx, &o.id, &pseudonym, work.now).await?;
    work.detail(
        json!({ "care_paths": removed.paths, "measurements": removed.measurements,
        "responses": removed.responses, "staged": removed.staged }),
    );
    let language = work.call.actor.language;
    let counts = [
        ("paths", removed.paths.to_string()),
        ("measurements", removed.measurements.to_string()),
        ("responses", removed.responses.to_string()),
    ];
    let counts: Vec<(&str, &str)> = counts.iter().map(|(n, v)| (*n, v.as_str())).collect();
    Ok(Done {
        id: o.id,
        label: o.name,
        said: vec![
            ERASED.with(language, &counts),
            ERASED_FILES.text(language).to_owned(),
        ],
        ..Done::default()
    })
}
