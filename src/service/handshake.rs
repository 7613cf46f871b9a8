//! Handshakes: the address and a code for whoever delivers. The code is made by the first who collects it, by the one-time link or
//! by a reveal, in the transaction that uses the handshake up. No code and no token is ever stored, mailed as such or logged.

use super::connection::{self, Ties};
use super::error::{Error, Rule};
use super::frame::{Note, Work};
use super::{Call, Done, Services, licence, test_run};
use crate::domain::connection::{self as connections, Route, State};
use crate::domain::kind::Kind;
use crate::domain::licence_code::LicenceCode;
use crate::domain::mail::Template;
use crate::domain::right::Right;
use crate::domain::time::{DAY, Timestamp};
use crate::mail::token;
use crate::store::handshake::{self, Handshake};
use crate::store::licence::Licence;
use crate::store::{organisation, vendor};
use serde_json::json;

/// What the page of a link shows before anything is collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Name of the organisation.
    pub organisation: String,
    /// Name of the vendor.
    pub vendor: Option<String>,
    /// How the files will come.
    pub route: Route,
    /// Until when it can be collected.
    pub expires: Timestamp,
}

/// What was collected: shown once, kept nowhere.
#[derive(Debug, Clone)]
pub struct Collected {
    /// Where deliveries are posted.
    pub intake_url: String,
    /// The code.
    pub code: LicenceCode,
    /// Name of the organisation.
    pub organisation: String,
    /// Name of the vendor.
    pub vendor: Option<String>,
    /// When the code ends.
    pub expires: Timestamp,
}

/// Opens a handshake for a connection in the place of the one that waits, and mails its link; gives its id. `overlap`: days that
/// the present code works on once the new one is collected.
pub(super) async fn open(work: &mut Work<'_>, ties: &Ties, overlap: i64) -> Result<String, Error> {
    handshake::revoke_open(&mut work.tx, &ties.connection.id, work.now).await?;
    let (id, nonce) = (super::new_id(), super::random_hex()?);
    let days = work.services.settings.licence.handshake;
    let secret = token::derive(work.services.settings.key(), token::HANDSHAKE, &id, &nonce);
    let row = Handshake {
        id: id.clone(),
        connection_id: ties.connection.id.clone(),
        nonce: nonce.clone(),
        token_hash: token::hash(secret.expose()),
        created_at: work.now,
        created_by: work.by(),
        expires_at: work.now.plus(days.saturating_mul(DAY)),
        collected_at: Timestamp::NEVER,
        collected_by: String::new(),
        revoked_at: Timestamp::NEVER,
        licence_id: None,
    };
    handshake::insert(&mut work.tx, &row).await?;
    let parameters = json!({ "organisation": ties.organisation.name, "vendor": ties.vendor_name(),
        "route": ties.connection.route, "handshake": id, "nonce": nonce, "days": days, "overlap": overlap });
    work.post(ties.to_deliverer(Template::HandshakeLink, parameters));
    Ok(id)
}

/// What waits behind a link; `None` when it is unknown, used, replaced or too old. Changes nothing.
pub async fn waiting(services: &Services, token: &str) -> Result<Option<Waiting>, Error> {
    let mut tx = services.db.read().await?;
    let found = handshake::by_hash(&mut tx, &token::hash(token.trim())).await?;
    let open = found.filter(|h| refusal(h, services.clock.now()).is_none());
    let Some(row) = open else {
        tx.rollback().await?;
        return Ok(None);
    };
    let connection = crate::store::connection::by_id(&mut tx, &row.connection_id).await?;
    let Some(connection) = connection else {
        tx.rollback().await?;
        return Ok(None);
    };
    let organisation = organisation::by_id(&mut tx, &connection.organisation_id).await?;
    let vendor = match &connection.vendor_id {
        Some(id) => vendor::by_id(&mut tx, id).await?,
        None => None,
    };
    tx.rollback().await?;
    Ok(Some(Waiting {
        organisation: organisation.map(|o| o.name).unwrap_or_default(),
        vendor: vendor.map(|v| v.name),
        route: connection.route.parse().unwrap_or(Route::Manual),
        expires: row.expires_at,
    }))
}

/// Why a handshake can no longer be collected.
fn refusal(row: &Handshake, now: Timestamp) -> Option<Rule> {
    if row.collected_at != Timestamp::NEVER {
        Some(Rule::HandshakeCollected)
    } else if row.revoked_at != Timestamp::NEVER || row.expires_at <= now {
        Some(Rule::HandshakeInvalid)
    } else {
        None
    }
}

/// Collects by the link: once, and only while it holds.
pub async fn collect(services: &Services, call: &Call, token: &str) -> Result<Collected, Error> {
    let (right, kind) = (Right::Connections, Kind::Connection);
    let mut work = Work::begin_as(services, call, "licence.collect", right, kind, "").await?;
    let mut collected = None;
    let result = match collect_in(&mut work, token).await {
        Ok((made, done)) => {
            collected = Some(made);
            Ok(done)
        }
        Err(error) => Err(error),
    };
    work.end(result).await?;
    // Only now is the transaction committed: the code opens something.
    collected.ok_or_else(|| Error::Internal("nothing was collected".to_owned()))
}

async fn collect_in(work: &mut Work<'_>, secret: &str) -> Result<(Collected, Done), Error> {
    let hash = token::hash(secret.trim());
    let found = handshake::by_hash(&mut work.tx, &hash).await?;
    let row = found.ok_or(Error::Rule(Rule::HandshakeInvalid))?;
    work.is_about(Kind::Connection, &row.connection_id);
    let ties = connection::load(work, &row.connection_id).await?;
    let done = Done::of(ties.connection.id.clone(), ties.label());
    let collected = use_up(work, ties, &row.id, "link").await?;
    Ok((collected, done))
}

/// Reveals to a member of staff what the link would have given; after it the link gives nothing.
pub(super) async fn reveal(work: &mut Work<'_>, connection: &str) -> Result<Done, Error> {
    let ties = connection::load(work, connection).await?;
    ties.unchanged(work)?;
    let newest = handshake::newest_of(&mut work.tx, connection).await?;
    let row = newest.ok_or(Error::Rule(Rule::HandshakeMissing))?;
    let mut done = Done::of(ties.connection.id.clone(), ties.label());
    let by = work.by();
    let collected = use_up(work, ties, &row.id, &by).await?;
    done.said.push(collected.intake_url);
    done.secret = Some(collected.code);
    Ok(done)
}

/// Uses a handshake up and makes its code; the connection goes on when this was its first. Everything is locked by the caller but
/// the handshake itself.
async fn use_up(
    work: &mut Work<'_>,
    mut ties: Ties,
    handshake: &str,
    by: &str,
) -> Result<Collected, Error> {
    ties.in_use("collect")?;
    may_collect(&ties)?;
    let row = handshake::lock(&mut work.tx, handshake).await?;
    let row = row.ok_or(Error::Rule(Rule::HandshakeInvalid))?;
    if let Some(rule) = refusal(&row, work.now) {
        return Err(Error::Rule(rule));
    }
    let (code, made) = licence::make(work, &ties).await?;
    if !handshake::collect(&mut work.tx, &row.id, work.now, by, &made.id).await? {
        return Err(Error::Rule(Rule::HandshakeInvalid));
    }
    work.detail(json!({ "handshake": row.id, "licence": made.id, "prefix": made.prefix }));
    note_made(work, &ties, &made);
    let collected = Collected {
        intake_url: address(work.services),
        code,
        organisation: ties.organisation.name.clone(),
        vendor: ties.vendor.as_ref().map(|v| v.name.clone()),
        expires: made.expires_at,
    };
    if ties.connection.state == State::Issued.as_str() {
        go_on(work, &mut ties).await?;
    }
    Ok(collected)
}

fn may_collect(ties: &Ties) -> Result<(), Error> {
    let state = ties.connection.state.as_str();
    if state.parse().is_ok_and(connections::may_collect) {
        return Ok(());
    }
    Err(Error::state(Kind::Connection, state, "collect"))
}

fn note_made(work: &mut Work<'_>, ties: &Ties, made: &Licence) {
    work.note(Note {
        action: "licence.make".to_owned(),
        kind: Kind::Licence,
        id: made.id.clone(),
        organisation: ties.organisation.id.clone(),
        detail: json!({ "connection": made.connection_id, "state": { "before": "", "after": made.state } }),
    });
}

/// Where deliveries are posted.
pub fn address(services: &Services) -> String {
    format!("{}/v1/deliveries", services.settings.intake_url)
}

/// After the first collection: live, or a test run first when the vendor is new to it.
async fn go_on(work: &mut Work<'_>, ties: &mut Ties) -> Result<(), Error> {
    if ties.must_test() {
        test_run::begin(work, ties).await
    } else {
        ties.go_live(work).await
    }
}

/// A new link in the place of one that was mailed before, asked by way of that mail.
pub(super) async fn send_again(work: &mut Work<'_>, connection: &str) -> Result<Done, Error> {
    if !work.call.actor.may(Right::Connections) {
        return Err(Error::Right {
            act: None,
            right: Right::Connections,
        });
    }
    let ties = connection::load(work, connection).await?;
    ties.in_use("issue")?;
    may_collect(&ties)?;
    let newest = handshake::lock_newest_of(&mut work.tx, connection).await?;
    match newest {
        Some(row) if row.collected_at == Timestamp::NEVER => {}
        _ => return Err(Error::Rule(Rule::HandshakeCollected)),
    }
    let overlap = licence::overlap(work, connection).await?;
    let id = open(work, &ties, overlap).await?;
    work.note(Note {
        action: "connection.issue".to_owned(),
        kind: Kind::Connection,
        id: ties.connection.id.clone(),
        organisation: ties.organisation.id.clone(),
        detail: json!({ "handshake": id }),
    });
    Ok(Done::of(ties.connection.id.clone(), ties.label()))
}
