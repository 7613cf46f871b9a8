//! Who owes a delivery: kept up to date once an hour, with reminders to those who are due or overdue. Not the screens.

use super::delivery_mail;
use super::error::Error;
use super::frame::{Note, Work};
use super::post::Letter;
use super::{Call, Done, Services, new_id};
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::obligation::{self as domain, Standing, State};
use crate::domain::right::Right;
use crate::domain::time::Timestamp;
use crate::language::{display, state};
use crate::store::obligation::{self, Obligation};
use crate::store::{counter, organisation};
use chrono::NaiveDate;
use serde_json::json;

/// Kinds that are owed.
const KINDS: [&str; 2] = ["rom", "cqi"];
/// Obligations of one transaction.
const FEW: i64 = 100;

/// Makes the obligations that are missing, assesses all, reminds who is due.
pub async fn look_after(services: &Services, call: &Call) -> Result<(), Error> {
    for kind in KINDS {
        let mut tx = services.db.read().await?;
        let missing = obligation::missing(&mut tx, kind).await?;
        tx.rollback().await?;
        for chunk in missing.chunks(usize::try_from(FEW).unwrap_or(1)) {
            let mut work = begin(services, call, "obligation.begin").await?;
            let result = add(&mut work, kind, chunk).await;
            work.end(result).await?;
        }
    }
    let mut after = String::new();
    loop {
        let mut tx = services.db.read().await?;
        let page = obligation::page(&mut tx, &after, FEW).await?;
        tx.rollback().await?;
        let Some(last) = page.last() else {
            return Ok(());
        };
        after.clone_from(&last.id);
        let now = services.clock.now();
        let wanted: Vec<&Obligation> = page.iter().filter(|o| wants(o, now)).collect();
        for o in owed_no_more(services, &page)
            .await?
            .into_iter()
            .chain(wanted)
        {
            let mut work = begin(services, call, "obligation.assess").await?;
            let result = assess(&mut work, &o.id).await;
            work.end(result).await?;
        }
    }
}

async fn begin<'a>(
    services: &'a Services,
    call: &'a Call,
    action: &'static str,
) -> Result<Work<'a>, Error> {
    Work::begin_as(services, call, action, Right::Reminders, Kind::System, "").await
}

/// Those of a page that are owed no more.
async fn owed_no_more<'a>(
    services: &Services,
    page: &'a [Obligation],
) -> Result<Vec<&'a Obligation>, Error> {
    let mut tx = services.db.read().await?;
    let mut over = Vec::new();
    for o in page {
        if !obligation::is_owed(&mut tx, o).await? {
            over.push(o);
        }
    }
    tx.rollback().await?;
    Ok(over)
}

async fn add(work: &mut Work<'_>, kind: &str, missing: &[(String, i64)]) -> Result<Done, Error> {
    let mut made = 0;
    for (organisation, live_at) in missing {
        let since = display::iso_date(Timestamp(*live_at));
        let mut o = Obligation {
            id: new_id(),
            organisation_id: organisation.clone(),
            kind: kind.to_owned(),
            state: State::OnTrack.as_str().to_owned(),
            state_at: work.now,
            delivered_at: obligation::last_delivery(&mut work.tx, organisation, kind).await?,
            due_on: since.clone(),
            since,
            reminded_at: Timestamp::NEVER,
            reminders: 0,
            version: 1,
        };
        let standing = standing(&o, work.now);
        standing.state.as_str().clone_into(&mut o.state);
        o.due_on = standing.due_on.to_string();
        if obligation::insert(&mut work.tx, &o).await? {
            counter::add(&mut work.tx, Kind::Obligation, &o.state, 1).await?;
            made += 1;
        }
    }
    work.detail(json!({ "kind": kind, "obligations": made }));
    if made == 0 {
        work.is_moot();
    }
    Ok(Done::default())
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap_or_default()
}

fn standing(o: &Obligation, now: Timestamp) -> Standing {
    let delivered =
        (o.delivered_at != Timestamp::NEVER).then(|| day(&display::iso_date(o.delivered_at)));
    domain::assess(day(&o.since), delivered, day(&display::iso_date(now)))
}

/// Whether the row is not what it should be now, or somebody is to be reminded.
fn wants(o: &Obligation, now: Timestamp) -> bool {
    let standing = standing(o, now);
    standing.state.as_str() != o.state
        || standing.due_on.to_string() != o.due_on
        || domain::reminds(standing.state, o.state_at, o.reminded_at, now)
}

async fn assess(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let Some(mut o) = obligation::lock(&mut work.tx, id).await? else {
        work.is_moot();
        return Ok(Done::default());
    };
    work.is_about(Kind::Obligation, &o.id);
    work.belongs_to(&o.organisation_id);
    let was = o.clone();
    let before = o.state.clone();
    if !obligation::is_owed(&mut work.tx, &o).await? {
        obligation::remove(&mut work.tx, &o.id).await?;
        counter::shift(&mut work.tx, Kind::Obligation, Some(&before), None).await?;
        work.detail(json!({ "state": { "before": before, "after": null } }));
        return Ok(Done::default());
    }
    let standing = standing(&o, work.now);
    o.due_on = standing.due_on.to_string();
    if standing.state.as_str() != before {
        standing.state.as_str().clone_into(&mut o.state);
        o.state_at = work.now;
        counter::shift(
            &mut work.tx,
            Kind::Obligation,
            Some(&before),
            Some(&o.state),
        )
        .await?;
    }
    if domain::reminds(standing.state, o.state_at, o.reminded_at, work.now) {
        remind(work, &mut o, standing).await?;
    }
    // Nobody to remind is told on Overzicht; it is no change.
    if o == was {
        work.is_moot();
        return Ok(Done::default());
    }
    obligation::save(&mut work.tx, &o).await?;
    work.detail(json!({ "state": { "before": before, "after": o.state }, "due_on": o.due_on }));
    Ok(Done::default())
}

/// Queues the reminders, when there is somebody to remind.
async fn remind(work: &mut Work<'_>, o: &mut Obligation, standing: Standing) -> Result<(), Error> {
    let Some(whose) = organisation::by_id(&mut work.tx, &o.organisation_id).await? else {
        return Ok(());
    };
    let readers = delivery_mail::readers(work, &whose.id, None).await?;
    let today = day(&display::iso_date(work.now));
    let late = (today - standing.due_on).num_days().max(0);
    let last = if o.delivered_at == Timestamp::NEVER {
        String::new()
    } else {
        display::iso_date(o.delivered_at)
    };
    for reader in &readers {
        let kind = state::label(Kind::Submission, &o.kind, reader.language);
        work.post(Letter {
            template: Template::DeliveryReminder,
            language: reader.language,
            to: reader.email.clone(),
            name: reader.name.clone(),
            parameters: json!({ "organisation": whose.name, "kind": kind, "due": o.due_on,
                "late": late, "last": last }),
            organisation: Some(whose.id.clone()),
            about: (Kind::Obligation, o.id.clone()),
        });
    }
    if !readers.is_empty() {
        o.reminded_at = work.now;
        o.reminders += 1;
        work.note(Note {
            action: "obligation.remind".to_owned(),
            kind: Kind::Obligation,
            id: o.id.clone(),
            organisation: o.organisation_id.clone(),
            detail: json!({ "state": o.state, "due_on": o.due_on, "mails": readers.len() }),
        });
    }
    Ok(())
}
