//! In plain language what is the matter with a delivery or a cause: what happened, who must act, what to do, and what was done
//! so far. The pane beside the lists and the first tab of the record. Never a value of the file.

use super::super::record::Reading;
use super::super::report::{self, Report};
use super::super::report_text;
use super::super::{Actor, Error, Services};
use super::{cause as causes, submission};
use crate::domain::cause::{Party, party};
use crate::domain::kind::Kind;
use crate::domain::submission::State;
use crate::domain::time::Timestamp;
use crate::language::finding::finding;
use crate::language::{Language, Message, cause, display, state, triage as say};
use crate::store::lists::aside::{self as rows, Tried};
use crate::store::lists::cause as cause_rows;
use crate::store::{claim, remark};
use crate::ui::record::Body;
use crate::ui::{Cell, Record, Tab};

/// Rules that are shown.
const RULES: usize = 4;
/// Notes and mails that are shown.
const FEW: i64 = 3;
/// Organisations that are named.
const CONCERNED: i64 = 8;

/// Sections of text under their headings.
pub type Sections = Vec<(&'static Message, Body)>;

/// The pane beside the list of submissions.
pub async fn submission(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let report = report::of_stored(&mut reading.tx, id).await?;
    let sections = of_submission(&mut reading, &report).await?;
    let claim = claim::of(&mut reading.tx, Kind::Submission, id, reading.context.now).await?;
    reading.tx.rollback().await?;
    Ok(Record {
        id: id.to_owned(),
        title: submission::label(&report.organisation, &report.kind),
        summary: vec![(&crate::language::column::AGE, Cell::Age(report.received_at))],
        state: report.state,
        tabs: vec![tab(sections)],
        claim: claim.map(|(name, until)| (name, Timestamp(until))),
        at: reading.context.now,
        ..Record::default()
    })
}

/// The pane beside the list of causes.
pub async fn cause(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let row = causes::SOURCE.one(&mut reading.tx, id).await?;
    let sections = of_cause(&mut reading, &row).await?;
    reading.tx.rollback().await?;
    Ok(Record {
        id: id.to_owned(),
        title: state::label(Kind::Cause, &row.code, reading.actor.language),
        state: row.state,
        summary: vec![(&crate::language::column::VENDOR, Cell::text(row.vendor))],
        tabs: vec![tab(sections)],
        at: reading.context.now,
        ..Record::default()
    })
}

fn tab(sections: Sections) -> Tab {
    Tab {
        title: &crate::language::screen::TAB_NOW,
        body: Body::Sections(sections),
    }
}

fn lines(all: Vec<String>) -> Body {
    Body::Text(all)
}

/// What is the matter with one delivery.
pub async fn of_submission(reading: &mut Reading<'_>, r: &Report) -> Result<Sections, Error> {
    let language = reading.actor.language;
    let tried = rows::tried(&mut reading.tx, &r.id).await?;
    let mut all: Sections = vec![
        (&say::HAPPENED, lines(happened(reading, r).await?)),
        (&say::MUST_ACT, lines(vec![who(r, language)])),
        (&say::SUGGESTED, lines(vec![advice(r, language)])),
        (&say::ATTEMPTS, lines(attempts(tried.as_ref(), language))),
    ];
    if !r.rules.is_empty() {
        all.push((&say::FINDINGS, lines(findings(r, language))));
    }
    all.push((&say::RELATED, lines(related(reading, r).await?)));
    let notes = notes(reading, &r.id, FEW).await?;
    if !notes.is_empty() {
        all.push((&say::NOTES, lines(notes)));
    }
    Ok(all)
}

async fn happened(reading: &mut Reading<'_>, r: &Report) -> Result<Vec<String>, Error> {
    let language = reading.actor.language;
    let n = |n: i64| display::number(n, language);
    let message = match r.state.parse::<State>() {
        Ok(State::Failed | State::Held | State::Invalid) => {
            return Ok(vec![cause::what(&r.cause, language)]);
        }
        Ok(State::Validating) => return progress(reading, &r.id).await,
        Ok(State::Processed) => {
            let filled = [("rows", n(r.rows)), ("accepted", n(r.accepted))];
            let filled = filled.each_ref().map(|(name, v)| (*name, v.as_str()));
            return Ok(vec![say::WHAT_PROCESSED.with(language, &filled)]);
        }
        Ok(State::Valid | State::ValidWithRemarks) => {
            return Ok(vec![
                say::WHAT_VALID.with(language, &[("rows", &n(r.rows))]),
            ]);
        }
        Ok(State::Withdrawn) => &say::WHAT_WITHDRAWN,
        Ok(State::Superseded) => &say::WHAT_SUPERSEDED,
        Ok(State::Received) | Err(_) => &say::WHAT_RECEIVED,
    };
    Ok(vec![message.text(language).to_owned()])
}

/// How far the check is.
async fn progress(reading: &mut Reading<'_>, id: &str) -> Result<Vec<String>, Error> {
    let language = reading.actor.language;
    let (done, all) = crate::store::lists::submission::checked(&mut reading.tx, id).await?;
    let mut told = vec![say::WHAT_VALIDATING.text(language).to_owned()];
    if done > 0 && all > 0 {
        let percent = (done.saturating_mul(100) / all).min(100).to_string();
        let (done, all) = (display::size(done, language), display::size(all, language));
        let filled = [
            ("percent", percent.as_str()),
            ("done", &done),
            ("all", &all),
        ];
        told.push(say::CHECKED.with(language, &filled));
    }
    Ok(told)
}

fn who(r: &Report, language: Language) -> String {
    let message = if r.cause.is_empty() || r.state == State::Withdrawn.as_str() {
        &say::NOBODY
    } else {
        cause::who(&r.cause)
    };
    message.text(language).to_owned()
}

fn advice(r: &Report, language: Language) -> String {
    match r.state.parse::<State>() {
        Ok(State::Received | State::Validating) => say::DO_WAIT.text(language).to_owned(),
        Ok(State::Failed | State::Held | State::Invalid) => {
            let action = cause::advice(&r.cause).text(language);
            if party(&r.cause) == Party::Vendor {
                say::DO_VENDOR.with(language, &[("action", action)])
            } else {
                action.to_owned()
            }
        }
        _ => say::NOTHING_TO_DO.text(language).to_owned(),
    }
}

fn attempts(tried: Option<&Tried>, language: Language) -> Vec<String> {
    let Some(job) = tried.filter(|j| j.attempt > 0) else {
        return vec![say::NOT_TRIED.text(language).to_owned()];
    };
    let label = state::label(Kind::Job, &job.state, language);
    let outcome = match job.state.as_str() {
        "held" => say::GIVEN_UP.text(language),
        _ => label.as_str(),
    };
    let (count, at) = (
        job.attempt.to_string(),
        display::moment(job.state_at, language),
    );
    let mut told = vec![say::TRIED.with(
        language,
        &[("count", &count), ("at", &at), ("outcome", outcome)],
    )];
    if job.state == "available" {
        let at = display::moment(job.run_at, language);
        told.push(say::NEXT_TRY.with(language, &[("at", &at)]));
    }
    if !job.error.is_empty() {
        told.push(job.error.clone());
    }
    told
}

fn findings(r: &Report, language: Language) -> Vec<String> {
    let line = |rule: &report::Rule| {
        let first = rule.places.first().map(|p| report_text::place(p, language));
        let place = first.filter(|p| !p.is_empty()).map(|p| format!("{p}: "));
        let count = display::number(rule.count, language);
        say::FINDING_LINE.with(
            language,
            &[
                ("count", &count),
                ("code", &rule.code),
                ("place", &place.unwrap_or_default()),
                ("what", finding(&rule.code).0.text(language)),
            ],
        )
    };
    let mut told: Vec<String> = r.rules.iter().take(RULES).map(line).collect();
    if let Some(more) = r.rules.len().checked_sub(RULES).filter(|n| *n > 0) {
        told.push(say::MORE_FINDINGS.with(language, &[("count", &more.to_string())]));
    }
    told
}

async fn related(reading: &mut Reading<'_>, r: &Report) -> Result<Vec<String>, Error> {
    let language = reading.actor.language;
    let linked = rows::linked(&mut reading.tx, &r.id).await?;
    let mut told = vec![match linked {
        None => say::NO_CONNECTION.text(language).to_owned(),
        Some(c) => {
            let label = state::label(Kind::Connection, &c.state, language);
            let vendor = if c.vendor.is_empty() {
                state::label(Kind::Connection, &c.route, language)
            } else {
                c.vendor
            };
            say::CONNECTION_IS.with(language, &[("state", &label), ("vendor", &vendor)])
        }
    }];
    told.extend(mails(reading, Kind::Submission, &r.id).await?);
    Ok(told)
}

async fn mails(reading: &mut Reading<'_>, kind: Kind, id: &str) -> Result<Vec<String>, Error> {
    let language = reading.actor.language;
    let sent = rows::told(&mut reading.tx, kind, id, FEW).await?;
    if sent.is_empty() && kind == Kind::Submission {
        return Ok(vec![say::NO_MAIL.text(language).to_owned()]);
    }
    let line = |m: &rows::Told| {
        let what = state::label(Kind::Mail, &m.template, language);
        let label = state::label(Kind::Mail, &m.state, language);
        let at = display::moment(m.queued_at, language);
        say::MAIL_IS.with(language, &[("at", &at), ("what", &what), ("state", &label)])
    };
    Ok(sent.iter().map(line).collect())
}

/// What staff wrote down, newest first.
pub async fn notes(reading: &mut Reading<'_>, id: &str, most: i64) -> Result<Vec<String>, Error> {
    let language = reading.actor.language;
    let all = remark::of(&mut reading.tx, id, most).await?;
    let line = |r: &remark::Remark| {
        let at = display::moment(r.at, language);
        say::NOTE_LINE.with(
            language,
            &[("at", &at), ("by", &r.operator_name), ("text", &r.text)],
        )
    };
    Ok(all.iter().map(line).collect())
}

/// What is the matter with everything of one cause.
pub async fn of_cause(reading: &mut Reading<'_>, row: &cause_rows::Row) -> Result<Sections, Error> {
    let language = reading.actor.language;
    let (at, last) = (
        display::moment(row.first_at, language),
        display::moment(row.last_at, language),
    );
    let count = display::number(row.n, language);
    let open = say::OPEN_SINCE.with(language, &[("count", &count), ("at", &at), ("last", &last)]);
    let mut all: Sections = vec![
        (
            &say::HAPPENED,
            lines(vec![cause::what(&row.code, language), open]),
        ),
        (
            &say::MUST_ACT,
            lines(vec![cause::who(&row.code).text(language).to_owned()]),
        ),
        (
            &say::SUGGESTED,
            lines(vec![cause::advice(&row.code).text(language).to_owned()]),
        ),
    ];
    let concerned = cause_rows::concerned(&mut reading.tx, &row.id, CONCERNED).await?;
    if !concerned.is_empty() {
        let line = |c: &cause_rows::Concerned| format!("{}× {}", c.n, c.name);
        all.push((&say::FOR_WHOM, lines(concerned.iter().map(line).collect())));
    }
    if party(&row.code) == Party::Vendor {
        let mut told = vec![mailed(row, language)];
        if row.mailed_at.0 > 0 && row.last_at > row.mailed_at {
            told.push(say::SINCE_THEN.text(language).to_owned());
        }
        all.push((&say::VENDOR_TOLD, lines(told)));
    }
    Ok(all)
}

fn mailed(row: &cause_rows::Row, language: Language) -> String {
    if row.mailed_at == Timestamp::NEVER {
        return say::VENDOR_NOT_MAILED.text(language).to_owned();
    }
    let at = display::moment(row.mailed_at, language);
    say::VENDOR_MAILED.with(language, &[("at", &at), ("by", &row.mailed_by)])
}
