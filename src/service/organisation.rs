//! Organisations in use: general data, suspension, end, quality marks, a plain message.

use super::error::{Error, Wrong};
use super::fields::{Values, changes, check, get};
use super::frame::{Note, Work};
use super::post::Letter;
use super::registration::language_of;
use super::{Call, Done, Services, acceptance, connection, step_of};
use crate::domain::account::{Event as AccountEvent, State as AccountState, step as step_account};
use crate::domain::action::Act;
use crate::domain::check::{self, Flaw};
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::organisation::{Event, Mark, step};
use crate::domain::right::Right;
use crate::domain::text::fold_all;
use crate::language::command::MARKS_IMPORTED;
use crate::store::organisation::{self, Organisation};
use crate::store::{account, counter};
use serde_json::json;

async fn load(work: &mut Work<'_>, id: &str) -> Result<Organisation, Error> {
    let found = organisation::lock(&mut work.tx, id).await?;
    let row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Organisation,
        id: id.to_owned(),
    })?;
    work.belongs_to(&row.id);
    Ok(row)
}

/// The values of the edit form as they stand.
pub fn values(row: &Organisation) -> Values {
    let pairs = [
        ("name", &row.name),
        ("kvk", &row.kvk),
        ("street", &row.street),
        ("postcode", &row.postcode),
        ("city", &row.city),
        ("email", &row.email),
        ("phone", &row.phone),
        ("contact", &row.contact),
        ("language", &row.language),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// Saves the general data.
pub(super) async fn edit(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let fields = Act::OrganisationEdit.spec().fields;
    let mut row = load(work, id).await?;
    if row.state == "ended" {
        return Err(Error::state(Kind::Organisation, &row.state, "edit"));
    }
    let before = values(&row);
    let mut after = before.clone();
    after.extend(given.clone());
    let after = check(fields, &after)?;
    work.same_version(
        Kind::Organisation,
        &row.id,
        row.version,
        &row.changed_by,
        row.changed_at,
    )?;
    fill(&mut row, &after);
    row.folded = fold_all(&[&row.name, &row.agb, &row.city]);
    row.changed_at = work.now;
    row.changed_by = work.by();
    organisation::save(&mut work.tx, &row).await?;
    work.detail(changes(fields, &before, &after));
    Ok(Done::of(row.id, row.name))
}

fn fill(row: &mut Organisation, values: &Values) {
    let text = |name: &str| get(values, name).to_owned();
    row.name = text("name");
    row.kvk = text("kvk");
    row.street = text("street");
    row.postcode = text("postcode");
    row.city = text("city");
    row.email = text("email");
    row.phone = text("phone");
    row.contact = text("contact");
    row.language = text("language");
}

/// Suspends, resumes or ends. An end terminates acceptances and disables accounts.
pub(super) async fn change_state(
    work: &mut Work<'_>,
    id: &str,
    event: Event,
) -> Result<Done, Error> {
    let mut row = load(work, id).await?;
    let next = step_of(Kind::Organisation, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    work.same_version(
        Kind::Organisation,
        &row.id,
        row.version,
        &row.changed_by,
        row.changed_at,
    )?;
    counter::shift(
        &mut work.tx,
        Kind::Organisation,
        Some(&row.state),
        Some(next.as_str()),
    )
    .await?;
    let before = std::mem::replace(&mut row.state, next.as_str().to_owned());
    row.state_at = work.now;
    work.call.reason.trim().clone_into(&mut row.state_reason);
    row.changed_at = work.now;
    row.changed_by = work.by();
    organisation::save(&mut work.tx, &row).await?;
    let mut detail = json!({ "state": { "before": before, "after": row.state } });
    if event == Event::Resume {
        // A version that was published while it was suspended still waits to be asked.
        acceptance::catch_up(work, &row.id).await?;
    }
    if event == Event::End {
        detail["acceptances"] = acceptance::terminate_all(work, &row.id).await?.into();
        detail["accounts"] = disable_accounts(work, &row.id).await?.into();
        detail["connections"] = connection::revoke_all(work, &row).await?.into();
    }
    work.detail(detail);
    Ok(Done::of(row.id, row.name))
}

async fn disable_accounts(work: &mut Work<'_>, organisation: &str) -> Result<usize, Error> {
    let mut count = 0;
    for mut a in account::lock_of(&mut work.tx, organisation).await? {
        let next = a
            .state
            .parse::<AccountState>()
            .ok()
            .and_then(|s| step_account(s, AccountEvent::Disable));
        let Some(next) = next else { continue };
        counter::shift(
            &mut work.tx,
            Kind::Account,
            Some(&a.state),
            Some(next.as_str()),
        )
        .await?;
        let before = std::mem::replace(&mut a.state, next.as_str().to_owned());
        a.state_at = work.now;
        a.changed_at = work.now;
        a.changed_by = work.by();
        account::revoke_invitations(&mut work.tx, &a.id, work.now).await?;
        account::save(&mut work.tx, &a).await?;
        work.note(Note {
            action: "account.disable".to_owned(),
            kind: Kind::Account,
            id: a.id,
            organisation: organisation.to_owned(),
            detail: json!({ "state": { "before": before, "after": a.state } }),
        });
        count += 1;
    }
    Ok(count)
}

/// Queues a plain status mail to the organisation.
pub(super) async fn message(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let given = check(Act::OrganisationMessage.spec().fields, given)?;
    let row = load(work, id).await?;
    if row.state == "ended" {
        return Err(Error::state(Kind::Organisation, &row.state, "message"));
    }
    work.post(Letter {
        template: Template::StatusMessage,
        language: language_of(&row.language),
        to: row.email.clone(),
        name: row.contact.clone(),
        parameters: json!({ "contact": row.contact, "organisation": row.name,
            "subject": get(&given, "subject"), "text": get(&given, "text") }),
        organisation: Some(row.id.clone()),
        about: (Kind::Organisation, row.id.clone()),
    });
    work.detail(json!({ "mail": Template::StatusMessage.as_str() }));
    Ok(Done::of(row.id, row.name))
}

/// Loads KiBG's list of quality marks: `agb,kind,valid_from,valid_until`, one header line. All lines or none.
pub async fn import_marks(
    services: &Services,
    call: &Call,
    rows: &[MarkLine],
) -> Result<Done, Error> {
    let right = Right::Organisations;
    let mut work = Work::begin_as(
        services,
        call,
        "organisation.import-marks",
        right,
        Kind::Organisation,
        "",
    )
    .await?;
    let result = import_in(&mut work, rows).await;
    work.end(result).await
}

/// One line of the list of quality marks, with the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkLine {
    /// Line in the file, from 1.
    pub line: u64,
    /// AGB code.
    pub agb: String,
    /// Code of the mark.
    pub kind: String,
    /// First day.
    pub valid_from: String,
    /// Last day.
    pub valid_until: String,
}

async fn import_in(work: &mut Work<'_>, rows: &[MarkLine]) -> Result<Done, Error> {
    let mut wrong = Vec::new();
    let mut changed = 0;
    let mut unknown = 0;
    for row in rows {
        if let Some((name, flaw)) = flaw_of(row) {
            wrong.push(Wrong {
                field: format!("{}: {name}", row.line),
                flaw,
            });
            continue;
        }
        let Some(o) = organisation::by_agb(&mut work.tx, &row.agb).await? else {
            unknown += 1;
            continue;
        };
        let put = organisation::put_mark(
            &mut work.tx,
            &o.id,
            &row.kind,
            &row.valid_from,
            &row.valid_until,
        );
        changed += usize::from(put.await?);
    }
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    work.detail(json!({ "lines": rows.len(), "changed": changed, "unknown": unknown }));
    let numbers = [
        rows.len().to_string(),
        changed.to_string(),
        unknown.to_string(),
    ];
    let said = MARKS_IMPORTED.with(
        work.call.actor.language,
        &[
            ("lines", &numbers[0]),
            ("changed", &numbers[1]),
            ("unknown", &numbers[2]),
        ],
    );
    let said = vec![said];
    Ok(Done {
        said,
        ..Done::default()
    })
}

fn flaw_of(row: &MarkLine) -> Option<(&'static str, Flaw)> {
    let kind = row
        .kind
        .parse::<Mark>()
        .map(|_| ())
        .map_err(|_| Flaw::UnknownCode);
    let order = if row.valid_until < row.valid_from {
        Err(Flaw::BadDate)
    } else {
        Ok(())
    };
    let all = [
        ("agb", check::digits(&row.agb, 8)),
        ("kind", kind),
        ("valid_from", check::date(&row.valid_from)),
        ("valid_until", check::date(&row.valid_until)),
        ("valid_until", order),
    ];
    all.into_iter()
        .find_map(|(name, checked)| checked.err().map(|flaw| (name, flaw)))
}
