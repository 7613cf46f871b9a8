//! What ends by itself: licence codes and handshakes, each in a transaction of its own, and the reminder before it.

use super::connection;
use super::error::Error;
use super::frame::{Note, Work};
use super::licence::advance;
use super::{Call, Done, Services};
use crate::domain::kind::Kind;
use crate::domain::licence::{Event, State, opens};
use crate::domain::mail::Template;
use crate::domain::period::day_of;
use crate::domain::right::Right;
use crate::domain::time::{DAY, Timestamp};
use crate::store::{handshake, licence};
use serde_json::json;

/// Records looked at in one go.
const SOME: i64 = 200;

/// Ends codes and handshakes whose time has come and reminds of codes that end soon; gives how many records it changed.
pub async fn look_after(services: &Services, call: &Call) -> Result<usize, Error> {
    let now = services.clock.now();
    let reminder = services.settings.licence.reminder;
    let soon = now.plus(reminder.saturating_mul(DAY));
    let mut tx = services.db.read().await?;
    let over = licence::run_out(&mut tx, now, SOME).await?;
    let ending = licence::ending(&mut tx, now, soon, SOME).await?;
    let waiting = handshake::run_out(&mut tx, now, SOME).await?;
    tx.rollback().await?;
    let count = over.len() + ending.len() + waiting.len();
    for (id, connection, _) in over {
        let (right, kind) = (Right::Connections, Kind::Licence);
        let mut work = Work::begin_as(services, call, "licence.expire", right, kind, &id).await?;
        let result = expire(&mut work, &connection, &id).await;
        work.end(result).await?;
    }
    for (id, connection, _) in ending {
        let (right, kind) = (Right::Connections, Kind::Licence);
        let mut work = Work::begin_as(services, call, "licence.remind", right, kind, &id).await?;
        let result = remind(&mut work, &connection, &id).await;
        work.end(result).await?;
    }
    for (id, connection, _) in waiting {
        let (right, kind, action) = (Right::Connections, Kind::Connection, "connection.let-go");
        let mut work = Work::begin_as(services, call, action, right, kind, &connection).await?;
        let result = let_go(&mut work, &connection, &id).await;
        work.end(result).await?;
    }
    Ok(count)
}

async fn expire(work: &mut Work<'_>, connection: &str, id: &str) -> Result<Done, Error> {
    let ties = connection::load(work, connection).await?;
    let found = licence::lock(&mut work.tx, id).await?;
    let mut row = found.ok_or_else(|| Error::missing(Kind::Licence, id))?;
    if !row.state.parse().is_ok_and(opens) || row.expires_at > work.now {
        // A colleague was first.
        work.is_moot();
        return Ok(Done::of(row.id, row.prefix));
    }
    let organisation = ties.organisation.id;
    advance(work, &organisation, &mut row, Event::Expire, json!({})).await?;
    Ok(Done::of(row.id, row.prefix))
}

async fn remind(work: &mut Work<'_>, connection: &str, id: &str) -> Result<Done, Error> {
    let ties = connection::load(work, connection).await?;
    let found = licence::lock(&mut work.tx, id).await?;
    let mut row = found.ok_or_else(|| Error::missing(Kind::Licence, id))?;
    if row.state != State::Active.as_str() || row.reminded_at != Timestamp::NEVER {
        work.is_moot();
        return Ok(Done::of(row.id, row.prefix));
    }
    row.reminded_at = work.now;
    licence::save(&mut work.tx, &row).await?;
    let until = day_of(row.expires_at);
    let parameters =
        json!({ "organisation": ties.organisation.name, "prefix": row.prefix, "until": until });
    work.post(ties.to_deliverer(Template::LicenceEnding, parameters));
    work.note(Note {
        action: "licence.remind".to_owned(),
        kind: Kind::Licence,
        id: row.id.clone(),
        organisation: ties.organisation.id,
        detail: json!({ "until": until }),
    });
    Ok(Done::of(row.id, row.prefix))
}

/// A handshake that nobody collected in time is withdrawn; staff issue a new one when it is asked.
async fn let_go(work: &mut Work<'_>, connection: &str, id: &str) -> Result<Done, Error> {
    let ties = connection::load(work, connection).await?;
    let found = handshake::lock(&mut work.tx, id).await?;
    let row = found.ok_or_else(|| Error::missing(Kind::Connection, connection))?;
    let open = row.collected_at == Timestamp::NEVER && row.revoked_at == Timestamp::NEVER;
    if !open || row.expires_at > work.now {
        work.is_moot();
    } else {
        handshake::revoke_open(&mut work.tx, connection, work.now).await?;
        work.detail(json!({ "handshake": id }));
    }
    Ok(Done::of(ties.connection.id.clone(), ties.label()))
}
