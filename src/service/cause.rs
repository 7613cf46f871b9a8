//! What staff do about a whole cause: the same action on every delivery that stands still by it, or one mail to its vendor.

use super::bulk::{self, MOST, Planned};
use super::error::{Error, Rule};
use super::fields::{Values, check, get};
use super::frame::Work;
use super::post::Letter;
use super::registration::language_of;
use super::{Call, Done, Services};
use crate::domain::action::Act;
use crate::domain::cause::{Party, party};
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::language::{Language, cause as say, command, display, triage};
use crate::store::cause::{self, Addressee, Cause, Member};
use serde_json::json;
use std::collections::BTreeMap;

/// Organisations that one mail names; of more it says how many.
const NAMED: usize = 40;

/// Starts a bulk run of an action over every delivery that stands still by a cause, frozen as they are now.
pub(super) async fn on_members(
    work: &mut Work<'_>,
    id: &str,
    act: Act,
    values: &Values,
) -> Result<Done, Error> {
    let found = cause::by_id(&mut work.tx, id).await?;
    let group = found.ok_or_else(|| Error::missing(Kind::Cause, id))?;
    let members = cause::members(&mut work.tx, id, most()).await?;
    if members.is_empty() {
        return Err(Error::state(Kind::Cause, &group.state, "retry"));
    }
    let done = bulk::start_in(work, act, &targets(&members), values).await?;
    let language = work.call.actor.language;
    let count = display::number(i64::try_from(members.len()).unwrap_or(i64::MAX), language);
    let said = triage::BULK_STARTED.with(language, &[("count", &count), ("id", &done.id)]);
    Ok(Done {
        said: vec![said],
        label: title(&group, language),
        ..done
    })
}

fn most() -> i64 {
    i64::try_from(MOST).unwrap_or(i64::MAX)
}

fn targets(members: &[Member]) -> Vec<(String, i64)> {
    members.iter().map(|m| (m.id.clone(), m.version)).collect()
}

fn title(group: &Cause, language: Language) -> String {
    say::name(&group.code, language)
}

/// What an action on a whole cause would do to each delivery: tried on each and taken back.
pub async fn rehearse(
    services: &Services,
    call: &Call,
    act: Act,
    id: &str,
    values: &Values,
) -> Result<Done, Error> {
    let mut tx = services.db.read().await?;
    let group = cause::by_id(&mut tx, id).await?;
    let members = cause::members(&mut tx, id, most()).await?;
    tx.rollback().await?;
    let group = group.ok_or_else(|| Error::missing(Kind::Cause, id))?;
    let plan = bulk::plan(services, call, act, &targets(&members), values).await?;
    let language = call.actor.language;
    Ok(Done {
        said: told(&plan, language),
        ..Done::of(id.to_owned(), title(&group, language))
    })
}

/// "17 can, 2 cannot", and per reason how many cannot.
fn told(plan: &[Planned], language: Language) -> Vec<String> {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for why in plan.iter().filter_map(|p| p.refusal.as_deref()) {
        *reasons.entry(why).or_default() += 1;
    }
    let cannot: usize = reasons.values().sum();
    let (can, not) = ((plan.len() - cannot).to_string(), cannot.to_string());
    let mut lines = vec![triage::CAN_CANNOT.with(language, &[("can", &can), ("cannot", &not)])];
    lines.extend(reasons.into_iter().map(|(why, n)| format!("{n}× {why}")));
    lines
}

/// One mail to the vendor of a cause, about all its deliveries that stand still by it.
pub(super) async fn mail(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let given = check(Act::CauseMail.spec().fields, given)?;
    let found = cause::lock(&mut work.tx, id).await?;
    let group = found.ok_or_else(|| Error::missing(Kind::Cause, id))?;
    if group.state != "open" {
        return Err(Error::state(Kind::Cause, &group.state, "mail"));
    }
    if group.vendor_id.is_empty() || party(&group.code) != Party::Vendor {
        return Err(Error::Rule(Rule::NotForVendor));
    }
    let mailed = group.mailed_at.0 > 0;
    if mailed && group.last_at <= group.mailed_at && get(&given, "again").is_empty() {
        let at = group.mailed_at;
        return Err(Error::Rule(Rule::AlreadyMailed { at }));
    }
    let v = cause::addressee(&mut work.tx, &group.vendor_id).await?;
    let v = v.ok_or_else(|| Error::missing(Kind::Vendor, &group.vendor_id))?;
    let members = cause::members(&mut work.tx, id, most()).await?;
    let letter = letter(&group, &v, &members);
    work.post(letter);
    let by = work.by();
    cause::mailed(&mut work.tx, &group.id, &by, work.now).await?;
    work.detail(
        json!({ "code": group.code, "vendor": group.vendor_id, "submissions": members.len() }),
    );
    let language = work.call.actor.language;
    let before = mailed.then(|| {
        let at = display::moment(group.mailed_at, language);
        command::ALREADY_SENT.with(language, &[("at", &at), ("to", &v.name)])
    });
    Ok(Done {
        said: before.into_iter().collect(),
        ..Done::of(group.id.clone(), title(&group, language))
    })
}

fn letter(group: &Cause, v: &Addressee, members: &[Member]) -> Letter {
    let language = language_of(&v.language);
    let advice = say::advice(&group.code);
    Letter {
        template: Template::CauseNotice,
        language,
        to: v.email.clone(),
        name: v.contact.clone(),
        parameters: json!({ "contact": v.contact, "vendor": v.name, "code": group.code,
            "specification": group.specification, "count": members.len(),
            "what": say::what(&group.code, language), "action": advice.text(language),
            "organisations": affected(members, language) }),
        organisation: None,
        about: (Kind::Cause, group.id.clone()),
    }
}

/// Every organisation once, with how many of its deliveries stand still.
fn affected(members: &[Member], language: Language) -> String {
    let mut each: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for m in members {
        *each.entry((&m.organisation, &m.agb)).or_default() += 1;
    }
    let line = |((name, agb), n): (&(&str, &str), &usize)| format!("- {name} (AGB {agb}): {n}");
    let mut lines: Vec<String> = each.iter().take(NAMED).map(line).collect();
    if let Some(rest) = each.len().checked_sub(NAMED).filter(|n| *n > 0) {
        lines.push(triage::AND_OTHERS.with(language, &[("count", &rest.to_string())]));
    }
    lines.join("\n")
}
