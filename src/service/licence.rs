//! Licence codes: who delivers by one, replacing one, revoking one, their end. Not how one is collected: that is in `handshake`.

use super::connection::Ties;
use super::error::{Error, Rule};
use super::frame::{Note, Work};
use super::{Done, Services, connection, handshake, step_of, test_run};
use crate::domain::connection as connections;
use crate::domain::kind::Kind;
use crate::domain::licence::{Event, State, opens, step};
use crate::domain::licence_code::{self, LicenceCode, NEEDED, Opens};
use crate::domain::mail::Template;
use crate::domain::organisation;
use crate::domain::period::day_of;
use crate::domain::specification::{self, Kind as DeliveryKind};
use crate::domain::time::{DAY, MINUTE, Timestamp};
use crate::store::connection::Connection;
use crate::store::licence::{self, Licence, Opening};
use crate::store::{Access, StoreError, counter};
use serde_json::json;
use std::time::Duration;
use subtle::ConstantTimeEq;

/// Who may deliver, proved by a licence code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliverer {
    /// Connection that it is for.
    pub connection: String,
    /// Organisation whose deliveries these are.
    pub organisation: String,
    /// Vendor of the connection.
    pub vendor: Option<String>,
    /// State of the connection: in `testing` every delivery is a test run.
    pub state: connections::State,
    /// Kinds that may come.
    pub kinds: Vec<DeliveryKind>,
    /// Specifications that may come.
    pub specifications: Vec<String>,
    /// The licence code itself, by its identifier.
    pub licence: String,
}

/// How long a delivery waits at most for the note that a code was used.
const PATIENCE: Duration = Duration::from_millis(200);

/// Who delivers by a code. Unknown, malformed, expired and revoked codes are one and the same `None`, found by the same statement
/// and the same comparison. Only a code that is right learns that its connection or organisation may not deliver now: `State`.
pub async fn authenticate(services: &Services, code: &str) -> Result<Option<Deliverer>, Error> {
    let parsed = LicenceCode::parse(code).filter(|c| c.opens() == Opens::Deliveries);
    // What cannot be a code is looked for all the same, by characters that no code of this form brings here.
    let hash = licence_code::hash(code.get(..code.len().min(200)).unwrap_or_default());
    let prefix = parsed.as_ref().map_or("", LicenceCode::start);
    let mut tx = services.db.read().await?;
    let found = licence::by_prefix(&mut tx, prefix).await?;
    tx.rollback().await?;
    let now = services.clock.now();
    let right = found.into_iter().find(|o| is_right(o, &hash, now));
    let Some(opening) = right else {
        return Ok(None);
    };
    let deliverer = deliverer(&opening)?;
    touch(services, &opening, now).await;
    Ok(Some(deliverer))
}

fn is_right(opening: &Opening, hash: &str, now: Timestamp) -> bool {
    let same: bool = opening.code_hash.as_bytes().ct_eq(hash.as_bytes()).into();
    same && opening.state.parse().is_ok_and(opens) && opening.expires_at > now
}

fn deliverer(opening: &Opening) -> Result<Deliverer, Error> {
    use connections::State as Of;
    if opening.organisation_state != organisation::State::Active.as_str() {
        let state = opening.organisation_state.as_str();
        return Err(Error::state(Kind::Organisation, state, "deliver"));
    }
    let state = opening.connection_state.parse().ok();
    let state = state.filter(|s| matches!(s, Of::Testing | Of::Live));
    let refused = || Error::state(Kind::Connection, &opening.connection_state, "deliver");
    Ok(Deliverer {
        connection: opening.connection.clone(),
        organisation: opening.organisation.clone(),
        vendor: opening.vendor.clone(),
        state: state.ok_or_else(refused)?,
        kinds: specification::split(&opening.kinds),
        specifications: opening
            .specifications
            .split(',')
            .map(str::to_owned)
            .collect(),
        licence: opening.licence.clone(),
    })
}

/// Notes the use, at most once a minute; no delivery waits long for it or fails by it.
async fn touch(services: &Services, opening: &Opening, now: Timestamp) {
    if now.since(opening.used_at) < MINUTE || services.db.access() == Access::ReadOnly {
        return;
    }
    let noted = tokio::time::timeout(PATIENCE, touch_in(services, opening, now)).await;
    if !matches!(noted, Ok(Ok(()))) {
        tracing::debug!(licence = opening.licence, "the use of a code was not noted");
    }
}

async fn touch_in(
    services: &Services,
    opening: &Opening,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut tx = services.db.write().await?;
    crate::store::connection::touch(&mut tx, &opening.connection, now).await?;
    licence::touch(&mut tx, &opening.licence, now).await?;
    tx.commit().await
}

/// Makes the code of a connection: the older one ends after its overlap. Gives the code in clear, which stands nowhere else.
pub(super) async fn make(
    work: &mut Work<'_>,
    ties: &Ties,
) -> Result<(LicenceCode, Licence), Error> {
    let open = licence::lock_open_of(&mut work.tx, &ties.connection.id).await?;
    if open.len() >= MOST {
        return Err(Error::Rule(Rule::TwoLicences));
    }
    for older in open {
        replace(work, &ties.organisation.id, older).await?;
    }
    let code = fresh()?;
    let days = work.services.settings.licence.days;
    let row = Licence {
        id: super::new_id(),
        connection_id: ties.connection.id.clone(),
        code_hash: code.hash(),
        prefix: code.start().to_owned(),
        state: State::Active.as_str().to_owned(),
        state_at: work.now,
        created_at: work.now,
        expires_at: work.now.plus(days.saturating_mul(DAY)),
        used_at: Timestamp::NEVER,
        reminded_at: Timestamp::NEVER,
        changed_at: work.now,
        changed_by: work.by(),
        version: 1,
    };
    licence::insert(&mut work.tx, &row).await?;
    counter::shift(&mut work.tx, Kind::Licence, None, Some(&row.state)).await?;
    Ok((code, row))
}

/// Codes of one connection that may open something at the same time.
const MOST: usize = 2;

fn fresh() -> Result<LicenceCode, Error> {
    let mut random = [0_u8; NEEDED];
    loop {
        getrandom::fill(&mut random).map_err(|e| Error::Internal(e.to_string()))?;
        if let Some(code) = LicenceCode::make(Opens::Deliveries, &random) {
            return Ok(code);
        }
    }
}

async fn replace(work: &mut Work<'_>, organisation: &str, mut row: Licence) -> Result<(), Error> {
    if row.state == State::Active.as_str() {
        let overlap = work.services.settings.licence.overlap;
        let end = work.now.plus(overlap.saturating_mul(DAY));
        row.expires_at = row.expires_at.min(end);
        let detail = json!({ "until": day_of(row.expires_at) });
        advance(work, organisation, &mut row, Event::Replace, detail).await?;
    }
    Ok(())
}

/// Moves a code on, saves it and notes it.
pub(super) async fn advance(
    work: &mut Work<'_>,
    organisation: &str,
    row: &mut Licence,
    event: Event,
    mut detail: serde_json::Value,
) -> Result<(), Error> {
    let next = step_of(Kind::Licence, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    let states = (Some(row.state.as_str()), Some(next.as_str()));
    counter::shift(&mut work.tx, Kind::Licence, states.0, states.1).await?;
    let before = std::mem::replace(&mut row.state, next.as_str().to_owned());
    row.state_at = work.now;
    row.changed_at = work.now;
    row.changed_by = work.by();
    licence::save(&mut work.tx, row).await?;
    detail["state"] = json!({ "before": before, "after": row.state });
    work.note(Note {
        action: format!("licence.{event}"),
        kind: Kind::Licence,
        id: row.id.clone(),
        organisation: organisation.to_owned(),
        detail,
    });
    Ok(())
}

/// Opens a handshake for a code that takes the place of the present one.
pub(super) async fn rotate(work: &mut Work<'_>, connection: &str) -> Result<Done, Error> {
    let ties = connection::load(work, connection).await?;
    let state = ties.connection.state.as_str();
    if !state.parse().is_ok_and(connections::has_codes) {
        return Err(Error::state(Kind::Connection, state, "rotate"));
    }
    ties.in_use("rotate")?;
    ties.unchanged(work)?;
    let overlap = overlap(work, &ties.connection.id).await?;
    let handshake = handshake::open(work, &ties, overlap).await?;
    work.detail(json!({ "handshake": handshake }));
    Ok(Done::of(ties.connection.id.clone(), ties.label()))
}

/// Revokes one code at once, and tells whoever delivers by it.
pub(super) async fn revoke(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let missing = || Error::missing(Kind::Licence, id);
    let seen = licence::by_id(&mut work.tx, id).await?;
    let connection = seen.ok_or_else(missing)?.connection_id;
    let ties = connection::load(work, &connection).await?;
    let mut row = licence::lock(&mut work.tx, id).await?.ok_or_else(missing)?;
    step_of(Kind::Licence, &row.state, Event::Revoke.as_str(), |s| {
        step(s, Event::Revoke)
    })?;
    work.same_version(
        Kind::Licence,
        &row.id,
        row.version,
        &row.changed_by,
        row.changed_at,
    )?;
    advance(
        work,
        &ties.organisation.id,
        &mut row,
        Event::Revoke,
        json!({}),
    )
    .await?;
    let parameters = json!({ "organisation": ties.organisation.name, "prefix": row.prefix });
    work.post(ties.to_deliverer(Template::LicenceRevoked, parameters));
    Ok(Done::of(row.id, row.prefix))
}

/// Revokes every code of a connection and its open handshake; and the test runs that wait; gives how many codes.
/// The connection is locked by the caller.
pub(super) async fn close_all(work: &mut Work<'_>, c: &Connection) -> Result<usize, Error> {
    test_run::lapse_all(work, c).await?;
    crate::store::handshake::revoke_open(&mut work.tx, &c.id, work.now).await?;
    let open = licence::lock_open_of(&mut work.tx, &c.id).await?;
    let count = open.len();
    for mut row in open {
        advance(work, &c.organisation_id, &mut row, Event::Revoke, json!({})).await?;
    }
    Ok(count)
}

/// Days that the present code of a connection works on once a new one is collected; 0 when it has none.
pub(super) async fn overlap(work: &mut Work<'_>, connection: &str) -> Result<i64, Error> {
    let open = licence::lock_open_of(&mut work.tx, connection).await?;
    Ok(match open.len() {
        0 => 0,
        n if n >= MOST => return Err(Error::Rule(Rule::TwoLicences)),
        _ => work.services.settings.licence.overlap,
    })
}
