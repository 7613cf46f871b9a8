//! What left before: the releases that an extract is held against, and whether they are still those of its build. Not the attack.

use super::super::error::{Error, Rule};
use super::super::frame::Work;
use crate::domain::extract::State;
use crate::extract::definition::Period;
use crate::extract::outgoing::earlier_of;
use crate::store::extract::{self, Extract};
use crate::store::{StoreError, Tx};

/// The releases of all that ever left that an extract of a period is held against, with their periods, in the order given: those of
/// periods that overlap it, and after them those that overlap one of these. A half says something of the other half once their year left.
pub fn beside<'a>(left: &'a [Extract], period: &Period) -> Vec<(&'a Extract, Period)> {
    let all = left.iter();
    let all = all.filter_map(|release| Some((release, Period::parse(&release.period)?)));
    let (mut found, others): (Vec<_>, Vec<_>) = all.partition(|(_, other)| other.overlaps(period));
    let is_tied = |other: &Period| found.iter().any(|(_, third)| third.overlaps(other));
    let tied: Vec<_> = others
        .into_iter()
        .filter(|(_, other)| is_tied(other))
        .collect();
    found.extend(tied);
    found
}

/// Whether an extract was built beside exactly the releases that there are now.
async fn fits(tx: &mut Tx, row: &Extract, left: &[Extract]) -> Result<bool, StoreError> {
    let inside = extract::inside(tx, &row.id).await?;
    let then = inside.and_then(|(manifest, _)| earlier_of(&manifest));
    let (Some(mut then), Some(period)) = (then, Period::parse(&row.period)) else {
        return Ok(false);
    };
    let now = beside(left, &period).into_iter();
    let mut now: Vec<String> = now.map(|(release, _)| release.digest.clone()).collect();
    then.sort_unstable();
    now.sort_unstable();
    Ok(then == now)
}

/// Locks everything that is built and did not leave, so that nothing leaves between the look at the registry and what follows from it.
pub(super) async fn hold(work: &mut Work<'_>) -> Result<Vec<Extract>, Error> {
    Ok(extract::lock_built(&mut work.tx).await?)
}

/// Refuses what was attacked beside other releases than a receiver can have now. Under `hold`.
pub(super) async fn current(work: &mut Work<'_>, row: &Extract) -> Result<(), Error> {
    let left = extract::left(&mut work.tx).await?;
    if fits(&mut work.tx, row, &left).await? {
        Ok(())
    } else {
        Err(Error::Rule(Rule::ExtractOutdated))
    }
}

/// Of what was held, the extracts with answers that a release made void: they were not attacked beside it.
pub(super) async fn overtaken(
    work: &mut Work<'_>,
    held: Vec<Extract>,
    released: &str,
) -> Result<Vec<Extract>, Error> {
    let left = extract::left(&mut work.tx).await?;
    let answered = |e: &Extract| matches!(e.state.parse(), Ok(State::Requested | State::Approved));
    let mut all = Vec::new();
    for row in held {
        if row.id != released && answered(&row) && !fits(&mut work.tx, &row, &left).await? {
            all.push(row);
        }
    }
    Ok(all)
}
