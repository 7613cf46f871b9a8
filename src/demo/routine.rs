//! What happens by itself or every so often: mails leave, invitations run out, staff sign in, the night brings files.

use super::cast::Fate;
use super::schedule::{BEGIN, Deed, LAST_POST, NEW_VERSION, Planner};
use super::{names, tonight};
use crate::domain::time::MINUTE;

/// Adds it to the plan.
pub(super) fn plan(planner: &mut Planner<'_>) {
    versions(planner);
    post(planner);
    staff(planner);
    special_mails(planner);
    organisations(planner);
    last_hours(planner);
    for (place, at) in tonight::moments(&planner.calendar).into_iter().enumerate() {
        planner.add(at, Deed::Tonight(place));
    }
}

fn versions(planner: &mut Planner<'_>) {
    let published = planner.calendar.at(NEW_VERSION, 10 * 60);
    planner.add(published, Deed::NewVersion);
    planner.office(6, Deed::NextVersion);
    planner.office(10, Deed::RemindAll);
    let pending: Vec<usize> = places(planner, &[Fate::Grace, Fate::NeverAccepted]);
    for p in pending.into_iter().skip(1).take(2) {
        planner.office(3, Deed::Remind(p));
    }
    for days_ago in [715, 365, 9] {
        planner.office(days_ago, Deed::Marks);
    }
}

fn places(planner: &Planner<'_>, fates: &[Fate]) -> Vec<usize> {
    let all = planner.cast.iter().enumerate();
    all.filter(|(_, provider)| fates.contains(&provider.fate))
        .map(|(p, _)| p)
        .collect()
}

/// Mails leave, and invitations run out.
fn post(planner: &mut Planner<'_>) {
    let recent = (1..21).rev();
    for days_ago in (21..BEGIN).rev().step_by(4).chain(recent) {
        let at = planner.calendar.at(days_ago, 23 * 60 + 50);
        if at < planner.calendar.minutes_ago(LAST_POST) {
            planner.add(at, Deed::Post);
        }
        planner.add(planner.calendar.at(days_ago, 23 * 60 + 55), Deed::Expire);
    }
    planner.add(planner.calendar.minutes_ago(LAST_POST), Deed::Post);
    planner.add(planner.calendar.minutes_ago(15), Deed::UseCodes);
}

fn staff(planner: &mut Planner<'_>) {
    for days_ago in (1..=21)
        .filter(|d| !planner.calendar.is_weekend(*d))
        .collect::<Vec<_>>()
    {
        for person in 0..names::STAFF.len() {
            if planner.chance.percent([35, 95, 85, 25, 20, 10][person]) {
                let minute = planner.chance.between(7 * 60 + 40, 8 * 60 + 34);
                planner.add(planner.calendar.at(days_ago, minute), Deed::SignIn(person));
            }
        }
    }
    for (kind, days_ago) in [88, 33, 12, 2].into_iter().enumerate() {
        planner.office(days_ago, Deed::Refused(kind));
    }
    for days_ago in (7..BEGIN).step_by(91) {
        planner.office(days_ago, Deed::Anchor);
    }
}

fn special_mails(planner: &mut Planner<'_>) {
    let hosts = places(planner, &[Fate::Accepted]);
    let host = |k: usize| hosts[(k * 7) % hosts.len()];
    for (k, days_ago) in [611, 402, 188, 54, 6, 2].into_iter().enumerate() {
        planner.office(days_ago, Deed::Bounce(k));
    }
    for (k, days_ago) in [590, 301, 29, 12, 5, 3, 1].into_iter().enumerate() {
        planner.office(days_ago, Deed::Resend(k));
    }
    for (k, days_ago) in [260, 45, 13, 4].into_iter().enumerate() {
        planner.office(days_ago, Deed::Cancel(host(k)));
    }
    for (k, days_ago) in [120, 8, 1].into_iter().enumerate() {
        planner.office(days_ago, Deed::Undo(host(k + 5)));
    }
    for days_ago in [700, 340, 19] {
        planner.office(days_ago, Deed::TestMail);
    }
    for days_ago in 1..14 {
        for k in 0..planner.chance.between(1, 3) {
            let k = usize::try_from(days_ago * 3 + k).unwrap_or_default();
            planner.office(days_ago, Deed::Message(host(k)));
        }
    }
}

fn organisations(planner: &mut Planner<'_>) {
    if let Some(first) = places(planner, &[Fate::Accepted]).first() {
        planner.office(210, Deed::Suspend(*first));
        planner.office(190, Deed::Resume(*first));
    }
    if let Some(last) = places(planner, &[Fate::Grace]).last() {
        planner.office(5, Deed::LastSignatory(*last));
    }
}

/// The mails of the last hours, each with an end of its own.
fn last_hours(planner: &mut Planner<'_>) {
    let hosts = places(planner, &[Fate::Accepted, Fate::Grace]);
    for (k, (minutes, _)) in super::post::LAST.iter().enumerate() {
        let at = planner.calendar.minutes_ago(*minutes).plus(-MINUTE / 3);
        planner.add(at, Deed::Status(hosts[(k * 3 + 1) % hosts.len()], k));
    }
}
