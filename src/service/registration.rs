//! Registrations: import of the document, set-up in steps, completion in one transaction, rejection and withdrawal.

use super::document::{Document, User};
use super::error::{Error, Rule, Wrong};
use super::fields::{Values, changes, check, get};
use super::frame::{Note, Work};
use super::post::Letter;
use super::{Call, Done, Services, account, connection, step_of};
use crate::domain::action::{Act, ORGANISATION_FIELDS};
use crate::domain::check::Flaw;
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::organisation as organisation_states;
use crate::domain::registration::{Event, State, step};
use crate::domain::right::{Language, Right};
use crate::domain::specification;
use crate::domain::text::fold_all;
use crate::language::display;
use crate::store::registration::Registration;
use crate::store::{StoreError, counter, organisation, registration, vendor};
use serde_json::json;

/// Stores a registration document, or says which field is wrong and stores nothing.
pub async fn import(services: &Services, call: &Call, text: &str) -> Result<Done, Error> {
    let kind = Kind::Registration;
    let mut work = Work::begin_as(
        services,
        call,
        "registration.import",
        Right::Registrations,
        kind,
        "",
    )
    .await?;
    let result = import_in(&mut work, text).await;
    work.end(result).await
}

async fn import_in(work: &mut Work<'_>, text: &str) -> Result<Done, Error> {
    let document = Document::read(text)?;
    if organisation::by_agb(&mut work.tx, &document.organisation.agb)
        .await?
        .is_some()
    {
        return Err(duplicate_agb("organisation.agb"));
    }
    let row = row_of(&document, work);
    match registration::insert(&mut work.tx, &row).await {
        Err(StoreError::Unique) => return Err(duplicate_agb("organisation.agb")),
        other => other?,
    }
    counter::shift(&mut work.tx, Kind::Registration, None, Some(&row.state)).await?;
    counter::daily(
        &mut work.tx,
        "registration.received",
        &display::iso_date(work.now),
        1,
    )
    .await?;
    work.is_about(Kind::Registration, &row.id);
    work.detail(json!({ "agb": row.agb, "route": row.route, "users": document.users.len() }));
    Ok(Done::of(row.id, row.name))
}

fn duplicate_agb(field: &str) -> Error {
    Error::Invalid(vec![Wrong {
        field: field.to_owned(),
        flaw: Flaw::Duplicate,
    }])
}

fn row_of(document: &Document, work: &Work<'_>) -> Registration {
    let o = &document.organisation;
    Registration {
        id: super::new_id(),
        agb: o.agb.clone(),
        name: o.name.clone(),
        kvk: o.kvk.clone(),
        street: o.street.clone(),
        postcode: o.postcode.clone(),
        city: o.city.clone(),
        email: o.email.clone(),
        phone: o.phone.clone(),
        contact: o.contact.clone(),
        language: o.language.clone(),
        route: document.route.clone(),
        vendor: document.vendor.clone(),
        users: document.users_json(),
        state: State::Received.as_str().to_owned(),
        state_at: work.now,
        reason: String::new(),
        received_at: work.now,
        organisation_id: None,
        changed_at: work.now,
        changed_by: work.by(),
        folded: fold_all(&[&o.name, &o.agb, &o.city]),
        version: 1,
    }
}

async fn load(work: &mut Work<'_>, id: &str) -> Result<Registration, Error> {
    let found = registration::lock(&mut work.tx, id).await?;
    let row = found.ok_or_else(|| Error::Missing {
        kind: Kind::Registration,
        id: id.to_owned(),
    })?;
    work.belongs_to(row.organisation_id.as_deref().unwrap_or_default());
    Ok(row)
}

async fn move_to(work: &mut Work<'_>, row: &mut Registration, event: Event) -> Result<(), Error> {
    let next = step_of(Kind::Registration, &row.state, event.as_str(), |s| {
        step(s, event)
    })?;
    work.same_version(
        Kind::Registration,
        &row.id,
        row.version,
        &row.changed_by,
        row.changed_at,
    )?;
    counter::shift(
        &mut work.tx,
        Kind::Registration,
        Some(&row.state),
        Some(next.as_str()),
    )
    .await?;
    if row.state != next.as_str() {
        row.state_at = work.now;
    }
    next.as_str().clone_into(&mut row.state);
    row.changed_at = work.now;
    row.changed_by = work.by();
    Ok(())
}

/// The values of the set-up form as they stand.
pub fn values(row: &Registration) -> Values {
    let pairs = [
        ("name", &row.name),
        ("agb", &row.agb),
        ("kvk", &row.kvk),
        ("street", &row.street),
        ("postcode", &row.postcode),
        ("city", &row.city),
        ("email", &row.email),
        ("phone", &row.phone),
        ("contact", &row.contact),
        ("language", &row.language),
        ("route", &row.route),
        ("vendor", &row.vendor),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

/// Saves the set-up form; the first time the registration goes into set-up.
pub(super) async fn set_up(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let mut row = load(work, id).await?;
    let before = values(&row);
    let mut after = before.clone();
    after.extend(given.clone());
    let after = check(ORGANISATION_FIELDS, &after)?;
    move_to(work, &mut row, Event::SetUp).await?;
    if after.get("agb") != before.get("agb")
        && organisation::by_agb(&mut work.tx, get(&after, "agb"))
            .await?
            .is_some()
    {
        return Err(duplicate_agb("agb"));
    }
    fill(&mut row, &after);
    match registration::save(&mut work.tx, &row).await {
        Err(StoreError::Unique) => return Err(duplicate_agb("agb")),
        other => other?,
    }
    work.detail(changes(ORGANISATION_FIELDS, &before, &after));
    Ok(Done::of(row.id, row.name))
}

fn fill(row: &mut Registration, values: &Values) {
    let text = |name: &str| get(values, name).to_owned();
    row.name = text("name");
    row.agb = text("agb");
    row.kvk = text("kvk");
    row.street = text("street");
    row.postcode = text("postcode");
    row.city = text("city");
    row.email = text("email");
    row.phone = text("phone");
    row.contact = text("contact");
    row.language = text("language");
    row.route = text("route");
    row.vendor = text("vendor");
    row.folded = fold_all(&[&row.name, &row.agb, &row.city]);
}

/// Rejects or withdraws with a reason, and mails it when asked.
pub(super) async fn close(
    work: &mut Work<'_>,
    id: &str,
    act: Act,
    given: &Values,
) -> Result<Done, Error> {
    let given = check(act.spec().fields, given)?;
    let (event, template) = match act {
        Act::RegistrationReject => (Event::Reject, Template::RegistrationRejected),
        _ => (Event::Withdraw, Template::RegistrationWithdrawn),
    };
    let mut row = load(work, id).await?;
    let before = row.state.clone();
    move_to(work, &mut row, event).await?;
    work.call.reason.trim().clone_into(&mut row.reason);
    registration::save(&mut work.tx, &row).await?;
    if get(&given, "mail") == "yes" {
        work.post(Letter {
            template,
            language: language_of(&row.language),
            to: row.email.clone(),
            name: row.contact.clone(),
            parameters: json!({ "contact": row.contact, "organisation": row.name, "reason": row.reason }),
            organisation: None,
            about: (Kind::Registration, row.id.clone()),
        });
    }
    work.detail(json!({ "state": { "before": before, "after": row.state } }));
    Ok(Done::of(row.id, row.name))
}

/// A language code as stored; Dutch when it is none.
pub fn language_of(code: &str) -> Language {
    code.parse().unwrap_or_default()
}

/// Completes the set-up: organisation active, accounts invited, acceptance pending, confirmations and invitations.
pub(super) async fn complete(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let mut row = load(work, id).await?;
    let before = row.state.clone();
    move_to(work, &mut row, Event::Complete).await?;
    check(ORGANISATION_FIELDS, &values(&row))?;
    let users = User::list(&row.users).ok_or(Error::Rule(Rule::SetupIncomplete))?;
    if !users.iter().any(|u| u.roles.contains("signatory")) {
        return Err(Error::Rule(Rule::SetupIncomplete));
    }
    let made = make_organisation(work, &row).await?;
    row.organisation_id = Some(made.id.clone());
    registration::save(&mut work.tx, &row).await?;
    work.belongs_to(&made.id);
    work.detail(
        json!({ "state": { "before": before, "after": row.state }, "organisation": made.id }),
    );
    let detail = json!({ "agb": made.agb });
    note(
        work,
        "organisation.create",
        Kind::Organisation,
        &made.id,
        &made.id,
        detail,
    );
    connect(work, &row, &made.id).await?;
    let agreement = super::acceptance::open_pending(work, &made.id).await?;
    for user in &users {
        account::create(work, &made, user).await?;
    }
    let agreement = agreement.unwrap_or_default();
    confirm(work, &row, &made, &agreement, users.len());
    Ok(Done::of(row.id, row.name))
}

fn note(
    work: &mut Work<'_>,
    action: &str,
    kind: Kind,
    id: &str,
    organisation: &str,
    detail: serde_json::Value,
) {
    work.note(Note {
        action: action.to_owned(),
        kind,
        id: id.to_owned(),
        organisation: organisation.to_owned(),
        detail,
    });
}

async fn make_organisation(
    work: &mut Work<'_>,
    row: &Registration,
) -> Result<organisation::Organisation, Error> {
    use organisation_states::{Event as OrganisationEvent, State as OrganisationState, step};
    let state = step(OrganisationState::InSetup, OrganisationEvent::Activate)
        .ok_or(Error::Rule(Rule::SetupIncomplete))?;
    let made = organisation::Organisation {
        id: super::new_id(),
        agb: row.agb.clone(),
        name: row.name.clone(),
        kvk: row.kvk.clone(),
        street: row.street.clone(),
        postcode: row.postcode.clone(),
        city: row.city.clone(),
        email: row.email.clone(),
        phone: row.phone.clone(),
        contact: row.contact.clone(),
        language: row.language.clone(),
        state: state.as_str().to_owned(),
        state_at: work.now,
        state_reason: String::new(),
        created_at: work.now,
        changed_at: work.now,
        changed_by: work.by(),
        folded: fold_all(&[&row.name, &row.agb, &row.city]),
        version: 1,
    };
    match organisation::insert(&mut work.tx, &made).await {
        Err(StoreError::Unique) => return Err(Error::Rule(Rule::AgbTaken)),
        other => other?,
    }
    counter::shift(&mut work.tx, Kind::Organisation, None, Some(&made.state)).await?;
    Ok(made)
}

async fn connect(work: &mut Work<'_>, row: &Registration, organisation: &str) -> Result<(), Error> {
    let vendor = vendor::find(&mut work.tx, &row.vendor).await?;
    let wish = connection::Wish {
        organisation,
        vendor: vendor.map(|v| v.id),
        route: &row.route,
        specifications: specification::USUAL,
        vendor_mail: 0,
    };
    let made = connection::open(work, wish).await?;
    let detail = json!({ "route": row.route, "vendor": made.vendor_id });
    note(
        work,
        "connection.request",
        Kind::Connection,
        &made.id,
        organisation,
        detail,
    );
    Ok(())
}

/// The two confirmations: to the keurmerkdrager and to KiBG.
fn confirm(
    work: &mut Work<'_>,
    row: &Registration,
    made: &organisation::Organisation,
    agreement: &str,
    users: usize,
) {
    let about = (Kind::Organisation, made.id.clone());
    work.post(Letter {
        template: Template::SetupConfirmation,
        language: language_of(&row.language),
        to: made.email.clone(),
        name: made.contact.clone(),
        parameters: json!({ "contact": made.contact, "organisation": made.name, "agb": made.agb,
            "users": users, "agreement": agreement, "route": row.route }),
        organisation: Some(made.id.clone()),
        about: about.clone(),
    });
    work.post(Letter {
        template: Template::SetupNotice,
        language: Language::Nl,
        to: work.services.settings.kibg.clone(),
        name: "KiBG".to_owned(),
        parameters: json!({ "organisation": made.name, "agb": made.agb,
            "date": display::iso_date(work.now) }),
        organisation: Some(made.id.clone()),
        about,
    });
}
