//! Test runs: planned, received, judged by the check and then by a person, who makes the connection live. Not the check itself.

use super::connection::{self, Ties};
use super::error::{Error, Rule};
use super::fields::{Values, check, get};
use super::frame::{Note, Work};
use super::{Done, step_of};
use crate::domain::action::Act;
use crate::domain::connection::{Event as ConnectionEvent, State as ConnectionState};
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::submission;
use crate::domain::test_run::{Event, State, step};
use crate::domain::time::Timestamp;
use crate::store::connection::Connection;
use crate::store::test_run::{self, TestRun};
use crate::store::vendor::Vendor;
use crate::store::{counter, organisation, vendor};
use serde_json::json;

/// A connection whose vendor is new to it begins its test, with a run for the first specification that it names.
pub(super) async fn begin(work: &mut Work<'_>, ties: &mut Ties) -> Result<(), Error> {
    let before = ties.advance(work, ConnectionEvent::Test).await?;
    ties.note(work, "connection.test", &before);
    let specification = ties.connection.specifications.split(',').next();
    let specification = specification.unwrap_or_default().to_owned();
    if let Some(row) = planned(work, &ties.connection, specification, String::new()) {
        insert(work, &row, &ties.organisation.id).await?;
        invite(work, ties, &row);
    }
    Ok(())
}

/// A run that waits for its file; none where there is no vendor to judge.
fn planned(
    work: &Work<'_>,
    c: &Connection,
    specification: String,
    planned_for: String,
) -> Option<TestRun> {
    Some(TestRun {
        id: super::new_id(),
        vendor_id: c.vendor_id.clone()?,
        connection_id: c.id.clone(),
        specification,
        state: State::Planned.as_str().to_owned(),
        state_at: work.now,
        planned_for,
        submission_id: None,
        reason: String::new(),
        created_at: work.now,
        changed_at: work.now,
        changed_by: work.by(),
        version: 1,
    })
}

async fn insert(work: &mut Work<'_>, row: &TestRun, organisation: &str) -> Result<(), Error> {
    test_run::insert(&mut work.tx, row).await?;
    counter::shift(&mut work.tx, Kind::TestRun, None, Some(&row.state)).await?;
    work.note(Note {
        action: "test-run.plan".to_owned(),
        kind: Kind::TestRun,
        id: row.id.clone(),
        organisation: organisation.to_owned(),
        detail: json!({ "specification": row.specification, "state": { "before": "", "after": row.state } }),
    });
    Ok(())
}

/// Asks whoever delivers for the file of a run.
fn invite(work: &mut Work<'_>, ties: &Ties, row: &TestRun) {
    let parameters = json!({ "organisation": ties.organisation.name, "specification": row.specification,
        "planned_for": row.planned_for });
    work.post(ties.to_deliverer(Template::TestRunPlanned, parameters));
}

/// Plans a run, or plans the one that waits anew.
pub(super) async fn plan(
    work: &mut Work<'_>,
    connection: &str,
    given: &Values,
) -> Result<Done, Error> {
    let given = check(Act::TestRunPlan.spec().fields, given)?;
    let ties = connection::load(work, connection).await?;
    if ties.connection.state != ConnectionState::Testing.as_str() {
        return Err(Error::state(
            Kind::Connection,
            &ties.connection.state,
            "plan",
        ));
    }
    ties.unchanged(work)?;
    let open = test_run::lock_open_of(&mut work.tx, connection).await?;
    let is = |t: &&TestRun, states: &[State]| states.iter().any(|s| t.state == s.as_str());
    if open
        .iter()
        .any(|t| is(&t, &[State::Received, State::Valid]))
    {
        return Err(Error::Rule(Rule::TestRunOpen));
    }
    let (specification, day) = (get(&given, "specification"), get(&given, "planned_for"));
    let waiting = open.into_iter().find(|t| is(&t, &[State::Planned]));
    let row = if let Some(mut row) = waiting {
        specification.clone_into(&mut row.specification);
        day.clone_into(&mut row.planned_for);
        row.changed_at = work.now;
        row.changed_by = work.by();
        test_run::save(&mut work.tx, &row).await?;
        row
    } else {
        let new = planned(
            work,
            &ties.connection,
            specification.to_owned(),
            day.to_owned(),
        );
        let new = new.ok_or(Error::Rule(Rule::TestRunWithoutVendor))?;
        test_run::insert(&mut work.tx, &new).await?;
        counter::shift(&mut work.tx, Kind::TestRun, None, Some(&new.state)).await?;
        new
    };
    invite(work, &ties, &row);
    work.is_about(Kind::TestRun, &row.id);
    work.detail(
        json!({ "connection": connection, "specification": specification, "planned_for": day }),
    );
    Ok(Done::of(row.id, ties.label()))
}

/// A delivery of a connection in `testing` came in: it is the file of the run that waits, or of a run of its own.
pub async fn received(
    work: &mut Work<'_>,
    connection: &str,
    submission: &str,
) -> Result<(), Error> {
    let found = crate::store::connection::by_id(&mut work.tx, connection).await?;
    let c = found.ok_or_else(|| Error::missing(Kind::Connection, connection))?;
    let file = crate::store::submission::by_id(&mut work.tx, submission).await?;
    let specification = file.map(|s| s.specification).unwrap_or_default();
    let open = test_run::lock_open_of(&mut work.tx, connection).await?;
    let waiting = open
        .into_iter()
        .find(|t| t.state == State::Planned.as_str());
    let mut row = if let Some(row) = waiting {
        row
    } else {
        let Some(new) = planned(work, &c, specification.clone(), String::new()) else {
            return Ok(());
        };
        insert(work, &new, &c.organisation_id).await?;
        new
    };
    if !specification.is_empty() {
        row.specification = specification;
    }
    row.submission_id = Some(submission.to_owned());
    move_on(work, &c.organisation_id, &mut row, Event::Receive).await
}

/// The file of a run was checked; what else happens to a submission says nothing about the run.
pub async fn judged(
    work: &mut Work<'_>,
    submission: &str,
    verdict: submission::Event,
) -> Result<(), Error> {
    let event = match verdict {
        submission::Event::Accept | submission::Event::AcceptWithRemarks => Event::Pass,
        submission::Event::Refuse => Event::Refuse,
        _ => return Ok(()),
    };
    let found = test_run::lock_by_submission(&mut work.tx, submission).await?;
    let Some(mut row) = found.filter(|t| t.state == State::Received.as_str()) else {
        return Ok(());
    };
    let connection = crate::store::connection::by_id(&mut work.tx, &row.connection_id).await?;
    let organisation = connection.map(|c| c.organisation_id).unwrap_or_default();
    move_on(work, &organisation, &mut row, event).await
}

/// Moves a run on, saves it and notes it.
async fn move_on(
    work: &mut Work<'_>,
    organisation: &str,
    row: &mut TestRun,
    event: Event,
) -> Result<(), Error> {
    let before = advance(work, row, event).await?;
    work.note(Note {
        action: format!("test-run.{event}"),
        kind: Kind::TestRun,
        id: row.id.clone(),
        organisation: organisation.to_owned(),
        detail: json!({ "state": { "before": before, "after": row.state } }),
    });
    Ok(())
}

async fn advance(work: &mut Work<'_>, row: &mut TestRun, event: Event) -> Result<String, Error> {
    let next = step_of(Kind::TestRun, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    let states = (Some(row.state.as_str()), Some(next.as_str()));
    counter::shift(&mut work.tx, Kind::TestRun, states.0, states.1).await?;
    let before = std::mem::replace(&mut row.state, next.as_str().to_owned());
    row.state_at = work.now;
    row.changed_at = work.now;
    row.changed_by = work.by();
    test_run::save(&mut work.tx, row).await?;
    Ok(before)
}

/// A run with what its connection ties together, when the event is legal and nobody saved first.
async fn load(work: &mut Work<'_>, id: &str, event: Event) -> Result<(TestRun, Ties), Error> {
    let missing = || Error::missing(Kind::TestRun, id);
    let seen = test_run::by_id(&mut work.tx, id).await?;
    let connection = seen.ok_or_else(missing)?.connection_id;
    let ties = connection::load(work, &connection).await?;
    let row = test_run::lock(&mut work.tx, id)
        .await?
        .ok_or_else(missing)?;
    step_of(Kind::TestRun, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    let (version, by) = (row.version, row.changed_by.as_str());
    work.same_version(Kind::TestRun, &row.id, version, by, row.changed_at)?;
    Ok((row, ties))
}

/// Approves: the vendor has passed, and every connection of it that waits for that goes live.
pub(super) async fn approve(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let (mut row, mut ties) = load(work, id, Event::Approve).await?;
    work.call.reason.trim().clone_into(&mut row.reason);
    let before = advance(work, &mut row, Event::Approve).await?;
    work.detail(json!({ "state": { "before": before, "after": row.state }, "specification": row.specification }));
    if let Some(vendor) = &mut ties.vendor {
        pass(work, vendor).await?;
    }
    for connection in
        crate::store::connection::lock_testing_of(&mut work.tx, &row.vendor_id).await?
    {
        let organisation = organisation::by_id(&mut work.tx, &connection.organisation_id).await?;
        let mut other = Ties {
            organisation: organisation.unwrap_or_else(|| ties.organisation.clone()),
            vendor: ties.vendor.clone(),
            connection,
        };
        lapse_all(work, &other.connection).await?;
        other.go_live(work).await?;
    }
    Ok(Done::of(row.id, ties.label()))
}

async fn pass(work: &mut Work<'_>, vendor: &mut Vendor) -> Result<(), Error> {
    if vendor.tested_at != Timestamp::NEVER {
        return Ok(());
    }
    vendor.tested_at = work.now;
    vendor.changed_at = work.now;
    vendor.changed_by = work.by();
    vendor::save(&mut work.tx, vendor).await?;
    work.note(Note {
        action: "vendor.pass".to_owned(),
        kind: Kind::Vendor,
        id: vendor.id.clone(),
        organisation: String::new(),
        detail: json!({}),
    });
    Ok(())
}

/// Ends the runs of a connection that nobody needs to judge any more.
pub(super) async fn lapse_all(work: &mut Work<'_>, c: &Connection) -> Result<(), Error> {
    for mut row in test_run::lock_open_of(&mut work.tx, &c.id).await? {
        move_on(work, &c.organisation_id, &mut row, Event::Lapse).await?;
    }
    Ok(())
}

/// Rejects with a reason, which whoever delivers is told; the next file that comes is a new run.
pub(super) async fn reject(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let (mut row, ties) = load(work, id, Event::Reject).await?;
    work.call.reason.trim().clone_into(&mut row.reason);
    let before = advance(work, &mut row, Event::Reject).await?;
    let parameters = json!({ "organisation": ties.organisation.name, "specification": row.specification,
        "reason": row.reason });
    work.post(ties.to_deliverer(Template::TestRunRejected, parameters));
    work.detail(json!({ "state": { "before": before, "after": row.state }, "specification": row.specification }));
    Ok(Done::of(row.id, ties.label()))
}
