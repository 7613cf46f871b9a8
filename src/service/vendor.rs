//! The register of vendors: contacts, and which interface specifications each was sent. Not their connections.

use super::Done;
use super::error::Error;
use super::fields::{Values, changes, check, get};
use super::frame::Work;
use super::post::Letter;
use super::registration::language_of;
use crate::domain::action::Act;
use crate::domain::check::Flaw;
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::right::Language;
use crate::domain::text::fold;
use crate::domain::time::Timestamp;
use crate::store::StoreError;
use crate::store::vendor::{self, Sent, Vendor};
use serde_json::json;

/// The values of the form as they stand.
pub fn values(row: &Vendor) -> Values {
    let pairs = [
        ("name", &row.name),
        ("kind", &row.kind),
        ("contact", &row.contact),
        ("email", &row.email),
        ("phone", &row.phone),
        ("language", &row.language),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}

fn fill(row: &mut Vendor, given: &Values) {
    let text = |name: &str| get(given, name).to_owned();
    row.name = text("name");
    row.kind = text("kind");
    row.contact = text("contact");
    row.email = text("email");
    row.phone = text("phone");
    row.language = Some(text("language"))
        .filter(|code| !code.is_empty())
        .unwrap_or_else(|| Language::default().as_str().to_owned());
    row.folded = fold(&row.name);
}

/// Adds a vendor.
pub(super) async fn add(work: &mut Work<'_>, given: &Values) -> Result<Done, Error> {
    let given = check(Act::VendorAdd.spec().fields, given)?;
    let mut row = Vendor {
        id: super::new_id(),
        name: String::new(),
        kind: String::new(),
        email: String::new(),
        contact: String::new(),
        phone: String::new(),
        language: String::new(),
        tested_at: Timestamp::NEVER,
        created_at: work.now,
        changed_at: work.now,
        changed_by: work.by(),
        folded: String::new(),
        version: 1,
    };
    fill(&mut row, &given);
    alone(work, &row).await?;
    unique(vendor::insert(&mut work.tx, &row).await)?;
    work.is_about(Kind::Vendor, &row.id);
    work.detail(json!({ "kind": row.kind }));
    Ok(Done::of(row.id, row.name))
}

/// Refuses a name by which another vendor is found too: registrations name vendors as people write them.
async fn alone(work: &mut Work<'_>, row: &Vendor) -> Result<(), Error> {
    let other = vendor::find(&mut work.tx, &row.name).await?;
    match other.filter(|v| v.id != row.id) {
        Some(_) => Err(Error::invalid("name", Flaw::Duplicate)),
        None => Ok(()),
    }
}

fn unique(stored: Result<(), StoreError>) -> Result<(), Error> {
    match stored {
        Err(StoreError::Unique) => Err(Error::invalid("name", Flaw::Duplicate)),
        other => Ok(other?),
    }
}

async fn load(work: &mut Work<'_>, id: &str) -> Result<Vendor, Error> {
    let found = vendor::lock(&mut work.tx, id).await?;
    let row = found.ok_or_else(|| Error::missing(Kind::Vendor, id))?;
    let (version, by) = (row.version, row.changed_by.as_str());
    work.same_version(Kind::Vendor, &row.id, version, by, row.changed_at)?;
    Ok(row)
}

/// Saves what people edit.
pub(super) async fn change(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let fields = Act::VendorChange.spec().fields;
    let mut row = load(work, id).await?;
    let before = values(&row);
    let mut after = before.clone();
    after.extend(given.clone());
    let after = check(fields, &after)?;
    fill(&mut row, &after);
    row.changed_at = work.now;
    row.changed_by = work.by();
    alone(work, &row).await?;
    unique(vendor::save(&mut work.tx, &row).await)?;
    work.detail(changes(fields, &before, &after));
    Ok(Done::of(row.id, row.name))
}

/// Sends interface specifications, and keeps which and when.
pub(super) async fn inform(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let given = check(Act::VendorInform.spec().fields, given)?;
    let mut row = load(work, id).await?;
    let names = get(&given, "specifications");
    for name in names.split(',') {
        let sent = Sent {
            specification: name.to_owned(),
            sent_at: work.now,
            sent_by: work.by(),
        };
        vendor::note_sent(&mut work.tx, &row.id, &sent).await?;
    }
    row.changed_at = work.now;
    row.changed_by = work.by();
    vendor::save(&mut work.tx, &row).await?;
    work.post(Letter {
        template: Template::SpecificationSent,
        language: language_of(&row.language),
        to: row.email.clone(),
        name: row.contact.clone(),
        parameters: json!({ "vendor": row.name, "specifications": super::connection::spaced(names) }),
        organisation: None,
        about: (Kind::Vendor, row.id.clone()),
    });
    work.detail(json!({ "specifications": names }));
    Ok(Done::of(row.id, row.name))
}
