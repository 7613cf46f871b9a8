//! Extracts of the made-up world: defined and built, asked for by one release manager, approved by the other, released, fetched, and
//! one recalled. By the services that people and the worker use.

use super::care;
use super::schedule::{Deed, Planner};
use super::stage::{RELEASE, Stage};
use super::work;
use crate::domain::action::Act;
use crate::domain::job::JobKind;
use crate::domain::time::SECOND;
use crate::mail::smtp::Abandon;
use crate::service::extract::{building, outgoing};
use crate::service::fields::get;
use crate::service::submission::Errand;
use crate::service::{self, Error};
use std::sync::Arc;

/// A step of an extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// One defines it, and the worker builds it.
    Build,
    /// One asks for its release.
    Request,
    /// The other approves it.
    Approve,
    /// It is released, and its files are written.
    Release,
    /// KiBG fetched it.
    Fetch,
    /// It is taken back.
    Recall,
}

/// What an extract is of, as seen from today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Year,
    Half,
}

/// Extracts in the order of their making: their steps, in days after the first one. The year is released twice, for its first release
/// was wrong; the half-year waits for a second person.
const PLAN: &[(Of, &[(i64, Step)])] = &[
    (
        Of::Year,
        &[
            (0, Step::Build),
            (0, Step::Request),
            (1, Step::Approve),
            (1, Step::Release),
            (7, Step::Recall),
        ],
    ),
    (
        Of::Year,
        &[
            (0, Step::Build),
            (0, Step::Request),
            (1, Step::Approve),
            (1, Step::Release),
            (5, Step::Fetch),
        ],
    ),
    (Of::Half, &[(0, Step::Build), (2, Step::Request)]),
];

/// Adds them to the plan.
pub(super) fn plan(planner: &mut Planner<'_>) {
    let over = care::days_since_last_year(planner.calendar.date(0));
    let first = (over - 20).min(176);
    for (place, ((_, steps), begins)) in PLAN.iter().zip([first, first - 14, 4]).enumerate() {
        let mut after = None;
        for (days, step) in *steps {
            let deed = Deed::Extract(place, *step);
            after = Some(match after {
                None => planner.office(begins - days, deed),
                Some(before) => planner.office_after(before, begins - days, deed),
            });
        }
    }
}

/// Takes a step.
pub(super) async fn take(stage: &mut Stage<'_>, place: usize, step: Step) -> Result<(), Error> {
    let [one, other] = RELEASE.map(|person| Arc::clone(&stage.staff[person]));
    if step == Step::Build {
        return build(stage, place).await;
    }
    let Some(id) = stage.extracts.get(&place).cloned() else {
        return Ok(());
    };
    match step {
        Step::Build => {}
        Step::Request => {
            let reason = "Levering voor de spiegelrapportage";
            let asked = stage.act(&one, Act::ExtractRequest, &id, &[], reason).await;
            // In a world of very few clients our own attacks may find something: then it stays as it was built.
            if let Err(Error::Rule(_)) = asked {
                stage.extracts.remove(&place);
                return Ok(());
            }
            asked?;
        }
        Step::Approve => {
            let reason = "Uitkomst van de aanvallen gezien";
            // Looked at as people do: in the form, which shows what would leave and names its digest.
            let act = Act::ExtractApprove;
            let form = service::form(&stage.services, &other, act, &id).await?;
            let digest = get(&form.values, "digest");
            let given = [("digest", digest)];
            stage.act(&other, act, &id, &given, reason).await?;
        }
        Step::Release => {
            stage.act(&other, Act::ExtractRelease, &id, &[], "").await?;
            write(stage, &id).await?;
        }
        Step::Fetch => {
            let given = [("by", "KiBG, secretariaat")];
            stage
                .act(&one, Act::ExtractFetched, &id, &given, "")
                .await?;
        }
        Step::Recall => {
            let reason = "Een zorgaanbieder leverde een verkeerd bestand aan";
            stage
                .act(&other, Act::ExtractRecall, &id, &[], reason)
                .await?;
            write(stage, &id).await?;
        }
    }
    Ok(())
}

async fn build(stage: &mut Stage<'_>, place: usize) -> Result<(), Error> {
    let today = stage.calendar.date(0);
    let period = match PLAN.get(place).map(|(of, _)| *of) {
        Some(Of::Half) => care::last_half(today),
        Some(Of::Year) | None => care::last_year(today).to_string(),
    };
    let one = Arc::clone(&stage.staff[RELEASE[0]]);
    let given = [("period", period.as_str())];
    let done = stage.act(&one, Act::ExtractDefine, "", &given, "").await?;
    stage
        .act(&one, Act::ExtractBuild, &done.id, &[], "")
        .await?;
    let now = stage.services.clock.now();
    stage.services.clock.set(now.plus(2 * SECOND));
    building::work_off(&stage.services, &errand(&done.id)).await?;
    work::finish(stage, JobKind::Extract).await?;
    stage.extracts.insert(place, done.id);
    Ok(())
}

/// The worker writes the files of a release, or takes them away.
async fn write(stage: &Stage<'_>, id: &str) -> Result<(), Error> {
    outgoing::work_off(&stage.services, &errand(id)).await?;
    work::finish(stage, JobKind::Outgoing).await
}

fn errand(id: &str) -> Errand<'_> {
    Errand {
        id,
        job: None,
        abandon: Abandon::never(),
    }
}
