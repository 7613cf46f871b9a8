//! What stands still at the end of the world: causes counted from two years of deliveries, who works on what, and who has yet to
//! deliver.

use super::calendar::Calendar;
use super::names::BROKEN_VENDOR;
use super::stage::{ON_CALL, SUPPORT, Stage};
use crate::delivery::Code;
use crate::domain::action::Act;
use crate::domain::obligation::{State, assess};
use crate::domain::time::{DAY, Timestamp};
use crate::service::{self, Error};
use crate::store::cause::{self, Group};
use crate::store::recount::{self, Day, Owed};

/// Days whose refusals are counted by cause.
const DAYS: i64 = 14;

/// Counts the causes, and lets people work on some of them.
pub(super) async fn settle(stage: &Stage<'_>) -> Result<(), Error> {
    let calendar = stage.calendar;
    let day = |ago: i64| Day {
        name: calendar.day(ago),
        from: calendar.at(ago, 0),
        until: if ago == 0 {
            calendar.today.plus(DAY)
        } else {
            calendar.at(ago - 1, 0)
        },
    };
    let days: Vec<Day> = (0..DAYS).map(day).collect();
    let mut tx = stage.services.db.write().await?;
    recount::causes(&mut tx, &days).await?;
    obligations(stage, &mut tx).await?;
    tx.commit().await?;
    people(stage).await
}

/// What was written down tonight: on which of the deliveries that stand still, and by whom.
const NOTES: &[(usize, usize, &str)] = &[
    (
        0,
        ON_CALL,
        "De schijf van portaal-worker-1 was even weg; kan opnieuw zodra hij terug is.",
    ),
    (
        1,
        ON_CALL,
        "Schijf is terug sinds 04.10 uur. Bestand is leesbaar, nog opnieuw proberen.",
    ),
    (
        1,
        SUPPORT,
        "Zorgaanbieder belde: dit is de halfjaarlevering, graag vandaag.",
    ),
];

async fn people(stage: &Stage<'_>) -> Result<(), Error> {
    for (place, person, text) in NOTES {
        let Some(id) = stage.standing.get(*place) else {
            continue;
        };
        // Support may look and not write here; their words were taken down by whoever was on call.
        let actor = &stage.staff[if *person == SUPPORT { ON_CALL } else { *person }];
        let note = [("text", *text)];
        stage.act(actor, Act::SubmissionNote, id, &note, "").await?;
    }
    let actor = &stage.staff[ON_CALL];
    if let Some(id) = stage.standing.get(1) {
        stage.act(actor, Act::SubmissionClaim, id, &[], "").await?;
    }
    mail_vendor(stage).await
}

/// The vendor whose update renamed a column has been told.
async fn mail_vendor(stage: &Stage<'_>) -> Result<(), Error> {
    let Some(vendor) = stage.vendors.get(BROKEN_VENDOR) else {
        return Ok(());
    };
    let of = Group {
        code: Code::MissingColumn.as_str(),
        vendor,
        specification: "rom-1",
    };
    let mut tx = stage.services.db.write().await?;
    let id = cause::group(&mut tx, of, stage.calendar.today).await?;
    let open = cause::by_id(&mut tx, &id).await?;
    tx.commit().await?;
    if open.is_some_and(|c| c.state == "open") {
        let actor = &stage.staff[ON_CALL];
        stage.act(actor, Act::CauseMail, &id, &[], "").await?;
    }
    Ok(())
}

/// Who owes what, as it was delivered.
async fn obligations(stage: &Stage<'_>, tx: &mut crate::store::Tx) -> Result<(), Error> {
    let today = stage.calendar.date(0);
    let now = stage.calendar.today;
    let mut all = Vec::new();
    for (n, (organisation, created, rom, cqi)) in (0_i64..).zip(recount::in_use(tx).await?) {
        let since = Calendar::date_of(Timestamp(created));
        for (kind, last) in [("rom", Timestamp(rom)), ("cqi", Timestamp(cqi))] {
            let last = if last.0 < created {
                Timestamp::NEVER
            } else {
                last
            };
            let day = (last != Timestamp::NEVER).then(|| Calendar::date_of(last));
            let day = day.and_then(|d| d.parse().ok());
            let standing = assess(since.parse().unwrap_or(today), day, today);
            let late = standing.state != State::OnTrack;
            all.push(Owed {
                id: service::new_id(),
                organisation: organisation.clone(),
                kind,
                state: standing.state.as_str(),
                since: since.clone(),
                delivered_at: last,
                due_on: standing.due_on.to_string(),
                reminded_at: if late && n % 3 != 0 {
                    now.plus(-(1 + n % 19) * DAY)
                } else {
                    Timestamp::NEVER
                },
                reminders: if late { n % 3 } else { 0 },
                at: now,
            });
        }
    }
    recount::obligations(tx, &all).await?;
    Ok(())
}
