//! Keeps the causes by which deliveries stand still in step with the deliveries, at the end of the transaction that moved them:
//! whatever state, hold or finding it leaves behind is what counts. Not what people do about a cause: that is `triage`.

use super::Error;
use super::frame::Work;
use crate::domain::cause::{self as code, Standing};
use crate::domain::submission::State;
use crate::language::display;
use crate::store::cause::{self, Group};
use std::collections::BTreeMap;

impl Work<'_> {
    /// A submission came in or changed its state: what it stands still by is counted when this transaction ends.
    pub fn moved(&mut self, submission: &str) {
        if !self.moved.iter().any(|id| id == submission) {
            self.moved.push(submission.to_owned());
        }
    }
}

/// Brings the groups of every submission that moved up to date, always in the same order of groups, after every other count.
pub(super) async fn settle(work: &mut Work<'_>) -> Result<(), Error> {
    let mut shifts: BTreeMap<String, Vec<Shift>> = BTreeMap::new();
    for id in std::mem::take(&mut work.moved) {
        for (group, shift) in moves(work, &id).await? {
            shifts.entry(group).or_default().push(shift);
        }
    }
    let day = display::iso_date(work.now);
    for (group, all) in shifts {
        for shift in all {
            match shift {
                Shift::Enter => cause::enter(&mut work.tx, &group, work.now, &day).await?,
                Shift::Leave => cause::leave(&mut work.tx, &group).await?,
            }
        }
    }
    Ok(())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shift {
    Enter,
    Leave,
}

/// Which groups one submission leaves and enters; its own row says so already.
async fn moves(work: &mut Work<'_>, id: &str) -> Result<Vec<(String, Shift)>, Error> {
    let Some(row) = cause::standing(&mut work.tx, id).await? else {
        return Ok(Vec::new());
    };
    let Ok(state) = row.state.parse::<State>() else {
        return Ok(Vec::new());
    };
    if state == State::Validating {
        // Tried again by itself: until that ends it stands where it stood.
        return Ok(Vec::new());
    }
    let wanted = code::of(Standing {
        state,
        hold: &row.hold,
        failure: &row.cause,
        finding: Some(row.finding.as_str()).filter(|f| !f.is_empty()),
        test: row.test != 0,
    });
    let (cause, group) = match &wanted {
        Some(cause) => {
            let of = Group {
                code: cause,
                vendor: &row.vendor_id,
                specification: &row.specification,
            };
            (
                cause.as_str(),
                cause::group(&mut work.tx, of, work.now).await?,
            )
        }
        // What was given up keeps what it was given up for.
        None if state == State::Withdrawn => (row.cause.as_str(), String::new()),
        None => ("", String::new()),
    };
    if (cause, group.as_str()) != (row.cause.as_str(), row.cause_id.as_str()) {
        cause::assign(&mut work.tx, id, cause, &group).await?;
    }
    let mut all = Vec::new();
    if group != row.cause_id {
        all.extend((!row.cause_id.is_empty()).then(|| (row.cause_id.clone(), Shift::Leave)));
        all.extend((!group.is_empty()).then_some((group, Shift::Enter)));
    }
    if state == State::Processed && row.test == 0 {
        all.extend(delivered_again(work, &row).await?);
    }
    Ok(all)
}

/// What an organisation had refused is settled by a later delivery of the same kind that was processed.
async fn delivered_again(
    work: &mut Work<'_>,
    row: &cause::Standing,
) -> Result<Vec<(String, Shift)>, Error> {
    let refused = cause::refused_before(
        &mut work.tx,
        &row.organisation_id,
        &row.kind,
        row.received_at,
    );
    let mut all = Vec::new();
    for (id, code, group) in refused.await? {
        cause::assign(&mut work.tx, &id, &code, "").await?;
        all.push((group, Shift::Leave));
    }
    Ok(all)
}
