//! What the outside may know: a delivery for the connection that brought it, an organisation and a person for the portal's front
//! end. Not the reads of staff.

use super::super::{Error, Services};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::display;
use crate::store::{Tx, agreement, organisation, portal, sender, submission};

/// A delivery as its deliverer may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Identifier.
    pub id: String,
    /// State.
    pub state: String,
    /// Why it is held; empty when it is not.
    pub hold: String,
    /// Whether it is a test run.
    pub test: bool,
    /// `rom` or `cqi`.
    pub kind: String,
    /// Specification.
    pub specification: String,
    /// When it arrived, RFC 3339.
    pub received_at: String,
    /// Since when it has its state, RFC 3339.
    pub state_at: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Size.
    pub bytes: i64,
    /// Rows.
    pub row_count: i64,
    /// Measurements that count.
    pub accepted: i64,
    /// Measurements that do not.
    pub ignored: i64,
    /// Care paths that were new.
    pub paths_new: i64,
    /// Care paths that changed.
    pub paths_changed: i64,
    /// Care paths that stayed the same.
    pub paths_same: i64,
    /// Findings, also those that are not listed.
    pub finding_count: i64,
    /// Findings in the order of the file.
    pub findings: Vec<Finding>,
    /// Whether there are more than are listed.
    pub more: bool,
}

pub use crate::store::submission::Finding;

/// Findings that are listed at most.
const MOST: i64 = 1000;

/// A delivery of a connection; one of another is missing, like one that never was.
pub async fn delivery(services: &Services, connection: &str, id: &str) -> Result<Delivery, Error> {
    let mut tx = services.db.read().await?;
    let missing = || Error::missing(Kind::Submission, id);
    let own = sender::delivered(&mut tx, connection, id).await?;
    let found = if own {
        submission::by_id(&mut tx, id).await?
    } else {
        None
    };
    let row = found.ok_or_else(missing)?;
    let mut findings = submission::findings(&mut tx, id, MOST + 1).await?;
    tx.rollback().await?;
    let most = usize::try_from(MOST).unwrap_or(usize::MAX);
    let more = findings.len() > most;
    findings.truncate(most);
    Ok(Delivery {
        id: row.id,
        state: row.state,
        hold: row.hold,
        test: row.test == 1,
        kind: row.kind,
        specification: row.specification,
        received_at: display::rfc3339(row.received_at),
        state_at: display::rfc3339(row.state_at),
        sha256: row.sha256,
        bytes: row.bytes,
        row_count: row.row_count,
        accepted: row.accepted,
        ignored: row.ignored,
        paths_new: row.paths_new,
        paths_changed: row.paths_changed,
        paths_same: row.paths_same,
        finding_count: row.finding_count,
        findings,
        more,
    })
}

/// A person of the portal.
pub use crate::store::portal::Person;

/// The person behind an account.
pub async fn person(services: &Services, account: &str) -> Result<Person, Error> {
    let mut tx = services.db.read().await?;
    let found = portal::person(&mut tx, account).await?;
    tx.rollback().await?;
    found.ok_or_else(|| Error::missing(Kind::Account, account))
}

/// Name of the version that is to be accepted now.
pub async fn current_agreement(services: &Services) -> Result<String, Error> {
    let mut tx = services.db.read().await?;
    let found = agreement::current(&mut tx).await?;
    tx.rollback().await?;
    found
        .map(|a| a.name)
        .ok_or_else(|| Error::missing(Kind::Agreement, "current"))
}

/// Where an organisation stands, as its dashboard shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// AGB code.
    pub agb: String,
    /// Name.
    pub name: String,
    /// State.
    pub state: String,
    /// Whether an acceptance counts today, so that what arrives is processed.
    pub may_deliver: bool,
    /// The newest acceptance.
    pub acceptance: Option<Acceptance>,
    /// Connections, oldest first.
    pub connections: Vec<Link>,
    /// Newest deliveries, newest first.
    pub deliveries: Vec<Recent>,
}

/// Acceptance of a version of the agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Name of the version.
    pub version: String,
    /// Its title.
    pub title: String,
    /// State.
    pub state: String,
    /// When it was accepted, RFC 3339; `None` while it waits.
    pub accepted_at: Option<String>,
    /// Last day on which it counts.
    pub valid_until: String,
}

/// A connection of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Identifier.
    pub id: String,
    /// Name of the vendor.
    pub vendor: Option<String>,
    /// `automatic` or `manual`.
    pub route: String,
    /// State.
    pub state: String,
    /// Since when, RFC 3339.
    pub since: String,
}

/// A delivery of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recent {
    /// Identifier.
    pub id: String,
    /// `rom` or `cqi`.
    pub kind: String,
    /// State.
    pub state: String,
    /// Whether it is a test run.
    pub test: bool,
    /// When it arrived, RFC 3339.
    pub received_at: String,
    /// Findings.
    pub finding_count: i64,
}

/// Where the organisation with an AGB code stands.
pub async fn standing(services: &Services, agb: &str) -> Result<Standing, Error> {
    let mut tx = services.db.read().await?;
    let found = organisation::by_agb(&mut tx, agb).await?;
    let o = found.ok_or_else(|| Error::missing(Kind::Organisation, agb))?;
    let today = display::iso_date(services.clock.now());
    let standing = Standing {
        may_deliver: o.state == "active" && agreement::counts(&mut tx, &o.id, &today).await?,
        acceptance: acceptance(&mut tx, &o.id).await?,
        connections: connections(&mut tx, &o.id).await?,
        deliveries: deliveries(&mut tx, &o.id).await?,
        agb: o.agb,
        name: o.name,
        state: o.state,
    };
    tx.rollback().await?;
    Ok(standing)
}

async fn acceptance(tx: &mut Tx, organisation: &str) -> Result<Option<Acceptance>, Error> {
    let found = portal::acceptance(tx, organisation).await?;
    Ok(found.map(|a| Acceptance {
        version: a.version,
        title: a.title,
        state: a.state,
        accepted_at: (a.accepted_at != Timestamp::NEVER).then(|| display::rfc3339(a.accepted_at)),
        valid_until: a.valid_until,
    }))
}

async fn connections(tx: &mut Tx, organisation: &str) -> Result<Vec<Link>, Error> {
    let all = portal::connections(tx, organisation).await?;
    let one = |c: portal::Link| Link {
        id: c.id,
        vendor: c.vendor,
        route: c.route,
        state: c.state,
        since: display::rfc3339(c.state_at),
    };
    Ok(all.into_iter().map(one).collect())
}

async fn deliveries(tx: &mut Tx, organisation: &str) -> Result<Vec<Recent>, Error> {
    let all = portal::deliveries(tx, organisation).await?;
    let one = |d: portal::Recent| Recent {
        id: d.id,
        kind: d.kind,
        state: d.state,
        test: d.test == 1,
        received_at: display::rfc3339(d.received_at),
        finding_count: d.finding_count,
    };
    Ok(all.into_iter().map(one).collect())
}
