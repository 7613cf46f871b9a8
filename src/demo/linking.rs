//! Handshakes, codes and test runs of the made-up world, as staff, vendors and the intake do them.

use super::stage::{ADMINISTRATOR, ON_CALL, Stage};
use crate::domain::action::Act;
use crate::domain::connection::State;
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::submission::Event;
use crate::domain::time::{HOUR, Timestamp};
use crate::mail::token;
use crate::service::frame::Work;
use crate::service::{self, Call, Done, Error, handshake, test_run};
use crate::store::connection::{self, Connection};
use crate::store::submission::{self, Submission};
use crate::store::{handshake as handshakes, history, test_run as runs};
use std::sync::Arc;

/// A step of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Staff issue the handshake.
    Issue,
    /// Whoever delivers collects the code by the link.
    Collect,
    /// The vendor that is new to it sends a file, which is found valid or not.
    Try(Event),
    /// Staff judge that file.
    Judge(Act),
    /// Staff issue a new code.
    Rotate,
    /// Staff suspend it.
    Suspend,
}

/// Vendor that never passes its test run.
pub(super) const NEVER_PASSES: usize = 6;

async fn of(stage: &Stage<'_>, p: usize) -> Result<Option<Connection>, Error> {
    let mut tx = stage.services.db.read().await?;
    let found = history::connection_of(&mut tx, stage.organisation(p)?).await?;
    tx.rollback().await?;
    Ok(found)
}

/// Takes a step, where the connection is ready for it.
pub(super) async fn take(stage: &mut Stage<'_>, p: usize, step: Step) -> Result<(), Error> {
    let Some(c) = of(stage, p).await? else {
        return Ok(());
    };
    let now: Option<State> = c.state.parse().ok();
    let support = stage.support(p);
    match (step, now) {
        (Step::Issue, Some(State::Requested | State::Issued)) => {
            stage
                .act(&support, Act::ConnectionIssue, &c.id, &[], "")
                .await?;
        }
        (Step::Collect, Some(State::Issued | State::Testing | State::Live)) => {
            collect(stage, &c).await?;
        }
        (Step::Try(verdict), Some(State::Testing)) => deliver(stage, &c, verdict).await?,
        (Step::Judge(act), Some(State::Testing)) => judge(stage, &c, act).await?,
        (Step::Rotate, Some(State::Live)) => {
            stage
                .act(&support, Act::LicenceRotate, &c.id, &[], "")
                .await?;
        }
        (Step::Suspend, Some(State::Live)) => {
            let reason = "Zorgaanbieder opgeschort";
            let act = Act::ConnectionSuspend;
            stage.act(&support, act, &c.id, &[], reason).await?;
        }
        _ => {}
    }
    Ok(())
}

/// By the link that was in the mail.
async fn collect(stage: &mut Stage<'_>, c: &Connection) -> Result<(), Error> {
    let mut tx = stage.services.db.read().await?;
    let newest = handshakes::newest_of(&mut tx, &c.id).await?;
    tx.rollback().await?;
    let now = stage.services.clock.now();
    let waits = |h: &handshakes::Handshake| {
        h.collected_at == Timestamp::NEVER && h.revoked_at == Timestamp::NEVER && h.expires_at > now
    };
    let Some(row) = newest.filter(waits) else {
        return Ok(());
    };
    let key = stage.services.settings.key();
    let secret = token::derive(key, token::HANDSHAKE, &row.id, &row.nonce);
    let call = Call::new(&stage.portal);
    handshake::collect(&stage.services, &call, secret.expose()).await?;
    Ok(())
}

/// A test file arrives and is checked.
async fn deliver(stage: &mut Stage<'_>, c: &Connection, verdict: Event) -> Result<(), Error> {
    let row = file(stage, c, verdict);
    let call = Call::new(&stage.worker);
    let (right, kind, action) = (Right::Submissions, Kind::Submission, "submission.add");
    let mut work = Work::begin_as(&stage.services, &call, action, right, kind, &row.id).await?;
    work.belongs_to(&c.organisation_id);
    let result = file_in(&mut work, c, &row, verdict).await;
    work.end(result).await?;
    stage.day("submission.received", row.received_at, 1);
    Ok(())
}

async fn file_in(
    work: &mut Work<'_>,
    c: &Connection,
    row: &Submission,
    verdict: Event,
) -> Result<Done, Error> {
    submission::insert(&mut work.tx, row).await?;
    work.detail(serde_json::json!({ "bytes": row.bytes, "connection": c.id }));
    test_run::received(work, &c.id, &row.id).await?;
    test_run::judged(work, &row.id, verdict).await?;
    Ok(Done::default())
}

fn file(stage: &mut Stage<'_>, c: &Connection, verdict: Event) -> Submission {
    let now = stage.services.clock.now();
    let rows = stage.chance.between(20, 60);
    let (end, accepted) = if verdict == Event::Refuse {
        ("invalid", 0)
    } else {
        ("valid", rows)
    };
    Submission {
        id: service::new_id(),
        organisation_id: c.organisation_id.clone(),
        vendor_id: c.vendor_id.clone(),
        kind: "rom".to_owned(),
        specification: "rom-1".to_owned(),
        source: "intake".to_owned(),
        file_name: "testrun.csv".to_owned(),
        sha256: stage.chance.digest(),
        bytes: 270 + rows * 118,
        detected: super::verdict::DETECTED[0].to_owned(),
        state: end.to_owned(),
        state_at: now,
        hold: String::new(),
        reason: String::new(),
        received_at: now,
        row_count: rows,
        accepted,
        ignored: 0,
        finding_count: 0,
        paths_new: 0,
        paths_changed: 0,
        paths_same: 0,
        assigned: String::new(),
        changed_at: now,
        changed_by: "portaal worker".to_owned(),
        version: 3,
        connection_id: Some(c.id.clone()),
        account_id: None,
        test: 1,
        cause: String::new(),
        checked_bytes: 0,
        file_removed_at: Timestamp::NEVER,
    }
}

async fn judge(stage: &mut Stage<'_>, c: &Connection, act: Act) -> Result<(), Error> {
    let mut tx = stage.services.db.read().await?;
    let all = runs::of_connection(&mut tx, &c.id).await?;
    tx.rollback().await?;
    let may = |t: &&runs::TestRun| crate::domain::action::legal(act, &t.state);
    let Some(run) = all.iter().rev().find(may) else {
        return Ok(());
    };
    let reason = match act {
        Act::TestRunReject => "Kolom meetinstrument mist; zie het verwerkingsverslag",
        _ => "",
    };
    let on_call = Arc::clone(&stage.staff[ON_CALL]);
    stage.act(&on_call, act, &run.id, &[], reason).await?;
    Ok(())
}

/// What the administrator does with codes: one that leaked is revoked.
pub(super) async fn leak(stage: &mut Stage<'_>, p: usize) -> Result<(), Error> {
    let Some(c) = of(stage, p).await? else {
        return Ok(());
    };
    let mut tx = stage.services.db.read().await?;
    let open = history::open_licences(&mut tx, &c.id).await?;
    tx.rollback().await?;
    let administrator = Arc::clone(&stage.staff[ADMINISTRATOR]);
    // Only the older of two: whoever delivers goes on with the newer.
    if let (Some((old,)), true) = (open.first(), open.len() > 1) {
        let reason = "Code stond in een mail aan de helpdesk";
        stage
            .act(&administrator, Act::LicenceRevoke, old, &[], reason)
            .await?;
    }
    Ok(())
}

/// Codes that were in use until now, as the intake notes it.
pub(super) async fn use_codes(stage: &mut Stage<'_>) -> Result<(), Error> {
    let now = stage.services.clock.now();
    let mut tx = stage.services.db.write().await?;
    for (n, (id, connection)) in (1_i64..).zip(history::live_licences(&mut tx).await?) {
        let at = now.plus(-n * 7 * HOUR);
        crate::store::licence::touch(&mut tx, &id, at).await?;
        connection::touch(&mut tx, &connection, at).await?;
    }
    Ok(tx.commit().await?)
}
