//! What must be done before an organisation can go live, and who must act: the same list for its registration and for itself.

use super::super::Error;
use super::super::document::User;
use super::super::fields::check;
use super::super::record::Reading;
use super::super::registration::values;
use crate::domain::action::ORGANISATION_FIELDS;
use crate::domain::registration::State;
use crate::language::{Language, Message, display, screen};
use crate::store::lists::progress::{self, Progress};
use crate::store::organisation::Organisation;
use crate::store::registration::Registration;
use crate::store::vendor;
use crate::ui::Tab;
use crate::ui::record::{Body, Check};

/// The checklist of a registration, as a tab.
pub(super) async fn of_registration(
    reading: &mut Reading<'_>,
    r: &Registration,
) -> Result<Tab, Error> {
    let mut lines = vec![general(reading, r), signatory_named(reading, r)];
    lines.push(route(reading, &r.route));
    lines.push(vendor(reading, r).await?);
    let completed = r.state == State::Completed.as_str();
    let who = (!completed).then_some(&screen::WHO_SUPPORT);
    let at = display::moment(r.state_at, reading.actor.language);
    lines.push(line(reading, &screen::CHECK_COMPLETED, who, at));
    let progress = match &r.organisation_id {
        Some(id) => progress::of(&mut reading.tx, id).await?,
        None => Progress::default(),
    };
    lines.extend(live(reading, &progress));
    Ok(Tab {
        title: &screen::TAB_CHECKLIST,
        body: Body::Checklist(lines),
    })
}

/// The checklist of an organisation, from the moment that its set-up was completed.
pub(super) async fn of_organisation(
    reading: &mut Reading<'_>,
    o: &Organisation,
) -> Result<Body, Error> {
    let progress = progress::of(&mut reading.tx, &o.id).await?;
    Ok(Body::Checklist(live(reading, &progress)))
}

/// One line: done with what tells so, or not done with who must act.
fn line(
    reading: &Reading<'_>,
    title: &'static Message,
    must_act: Option<&'static Message>,
    told: String,
) -> Check {
    let language = reading.actor.language;
    Check {
        title,
        done: must_act.is_none(),
        detail: must_act.map_or(told, |who| {
            screen::MUST_ACT.with(language, &[("who", who.text(language))])
        }),
    }
}

fn general(reading: &Reading<'_>, r: &Registration) -> Check {
    let language = reading.actor.language;
    let wrong = match check(ORGANISATION_FIELDS, &values(r)) {
        Err(Error::Invalid(wrong)) => wrong,
        Ok(_) | Err(_) => Vec::new(),
    };
    let names: Vec<&str> = wrong.iter().map(|w| w.field.as_str()).collect();
    let who = screen::WHO_SUPPORT.text(language);
    let list = names.join(", ");
    Check {
        title: &screen::CHECK_GENERAL,
        done: names.is_empty(),
        detail: if names.is_empty() {
            String::new()
        } else {
            screen::MISSING_FIELDS.with(language, &[("who", who), ("list", &list)])
        },
    }
}

fn signatory_named(reading: &Reading<'_>, r: &Registration) -> Check {
    let users = User::list(&r.users).unwrap_or_default();
    let signs = |u: &&User| u.roles.split(',').any(|role| role == "signatory");
    let names: Vec<&str> = users
        .iter()
        .filter(signs)
        .map(|u| u.name.as_str())
        .collect();
    let who = names.is_empty().then_some(&screen::WHO_ORGANISATION);
    line(reading, &screen::CHECK_SIGNATORY, who, names.join(", "))
}

fn route(reading: &Reading<'_>, route: &str) -> Check {
    let language = reading.actor.language;
    let who = route.is_empty().then_some(&screen::WHO_ORGANISATION);
    let told =
        crate::language::state::label(crate::domain::kind::Kind::Connection, route, language);
    line(reading, &screen::CHECK_ROUTE, who, told)
}

/// Manual delivery needs no vendor; an automatic one needs a vendor of the register.
async fn vendor(reading: &mut Reading<'_>, r: &Registration) -> Result<Check, Error> {
    let language = reading.actor.language;
    let title = &screen::CHECK_VENDOR;
    if r.vendor.is_empty() {
        let who = (r.route == "automatic").then_some(&screen::WHO_ORGANISATION);
        let told = screen::NOT_NEEDED.text(language).to_owned();
        return Ok(line(reading, title, who, told));
    }
    let known = vendor::find(&mut reading.tx, &r.vendor).await?;
    let unknown = || screen::UNKNOWN_VENDOR.with(language, &[("name", &r.vendor)]);
    Ok(Check {
        title,
        done: known.is_some(),
        detail: known.map_or_else(unknown, |v| v.name),
    })
}

/// What follows the set-up: mails, accounts, agreement, connection, first delivery.
fn live(reading: &Reading<'_>, p: &Progress) -> Vec<Check> {
    let language = reading.actor.language;
    let waits = |done: bool, who: &'static Message| (!done).then_some(who);
    let row = |title, done, who, told: String| line(reading, title, waits(done, who), told);
    vec![
        row(
            &screen::CHECK_CONFIRMED,
            p.confirmed > 0 && p.unconfirmed == 0,
            &screen::WHO_SUPPORT,
            display::number(p.confirmed, language),
        ),
        row(
            &screen::CHECK_ACCOUNTS,
            p.signatories > 0,
            &screen::WHO_SIGNATORY,
            display::number(p.signatories, language),
        ),
        row(
            &screen::CHECK_AGREEMENT,
            p.accepted > 0,
            &screen::WHO_SIGNATORY,
            moment(p.accepted, language),
        ),
        row(
            &screen::CHECK_CONNECTION,
            p.live > 0,
            &screen::WHO_VENDOR,
            display::number(p.live, language),
        ),
        row(
            &screen::CHECK_DELIVERED,
            p.delivered > 0,
            &screen::WHO_ORGANISATION,
            moment(p.delivered, language),
        ),
    ]
}

fn moment(at: i64, language: Language) -> String {
    display::moment(crate::domain::time::Timestamp(at), language)
}
