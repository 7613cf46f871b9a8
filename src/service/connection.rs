//! Connections: asked, issued, suspended, resumed, revoked. Not the codes that open them: those are in `licence` and `handshake`.

use super::error::{Error, Rule};
use super::fields::{Values, changes, check, get};
use super::frame::{Note, Work};
use super::post::Letter;
use super::registration::language_of;
use super::{Done, find, handshake, licence, step_of};
use crate::domain::action::Act;
use crate::domain::check::Flaw;
use crate::domain::connection::{Event, Route, State, step};
use crate::domain::kind::Kind;
use crate::domain::mail::Template;
use crate::domain::organisation::State as OrganisationState;
use crate::domain::specification;
use crate::domain::time::Timestamp;
use crate::store::connection::{self, Connection};
use crate::store::organisation::{self, Organisation};
use crate::store::vendor::{self, Vendor};
use crate::store::{StoreError, Tx, counter};
use serde_json::{Value, json};

/// A connection with those it ties together, locked in the order of locks.
#[derive(Debug, Clone)]
pub(super) struct Ties {
    pub(super) organisation: Organisation,
    pub(super) vendor: Option<Vendor>,
    pub(super) connection: Connection,
}

/// Loads a connection and locks its organisation, its vendor and itself, in this order.
pub(super) async fn load(work: &mut Work<'_>, id: &str) -> Result<Ties, Error> {
    let missing = || Error::missing(Kind::Connection, id);
    let seen = connection::by_id(&mut work.tx, id).await?;
    let seen = seen.ok_or_else(missing)?;
    let organisation = organisation::lock(&mut work.tx, &seen.organisation_id).await?;
    let organisation = organisation.ok_or_else(missing)?;
    let vendor = match &seen.vendor_id {
        Some(vendor) => vendor::lock(&mut work.tx, vendor).await?,
        None => None,
    };
    let connection = connection::lock(&mut work.tx, id).await?;
    work.belongs_to(&organisation.id);
    Ok(Ties {
        organisation,
        vendor,
        connection: connection.ok_or_else(missing)?,
    })
}

impl Ties {
    /// What people call it.
    pub(super) fn label(&self) -> String {
        let with = self.vendor.as_ref().map(|v| format!(" · {}", v.name));
        format!("{}{}", self.organisation.name, with.unwrap_or_default())
    }

    /// Whether the vendor sends the files itself; without a vendor nobody but the organisation can.
    fn is_sent_by_vendor(&self) -> bool {
        self.vendor.is_some() && self.connection.route == Route::Automatic.as_str()
    }

    /// Whether the vendor has yet to show by a test run that it can.
    pub(super) fn must_test(&self) -> bool {
        let vendor = self.vendor.as_ref();
        vendor.is_some_and(|v| v.tested_at == Timestamp::NEVER)
    }

    pub(super) fn vendor_name(&self) -> &str {
        self.vendor.as_ref().map_or("", |v| v.name.as_str())
    }

    /// A mail to whoever delivers: the vendor on the automatic route, else the organisation.
    pub(super) fn to_deliverer(&self, template: Template, parameters: Value) -> Letter {
        match self.vendor.as_ref().filter(|_| self.is_sent_by_vendor()) {
            Some(vendor) => self.to_vendor(vendor, template, parameters),
            None => self.to_organisation(template, parameters),
        }
    }

    /// A mail to the organisation.
    pub(super) fn to_organisation(&self, template: Template, parameters: Value) -> Letter {
        let o = &self.organisation;
        self.letter(template, parameters, (&o.language, &o.email, &o.contact))
    }

    fn to_vendor(&self, v: &Vendor, template: Template, parameters: Value) -> Letter {
        self.letter(template, parameters, (&v.language, &v.email, &v.contact))
    }

    /// The same mail to the organisation and to the vendor, when the vendor has a part in it.
    pub(super) fn to_both(&self, template: Template, parameters: &Value) -> Vec<Letter> {
        let told = self.is_sent_by_vendor() || self.connection.vendor_mail == 1;
        let vendor = self.vendor.as_ref().filter(|_| told);
        let vendor = vendor.map(|v| self.to_vendor(v, template, parameters.clone()));
        let first = self.to_organisation(template, parameters.clone());
        std::iter::once(first).chain(vendor).collect()
    }

    fn letter(
        &self,
        template: Template,
        parameters: Value,
        (language, to, name): (&str, &str, &str),
    ) -> Letter {
        Letter {
            template,
            language: language_of(language),
            to: to.to_owned(),
            name: name.to_owned(),
            parameters,
            organisation: Some(self.organisation.id.clone()),
            about: (Kind::Connection, self.connection.id.clone()),
        }
    }

    /// Refuses unless the organisation is in use.
    pub(super) fn in_use(&self, event: &'static str) -> Result<(), Error> {
        let state = self.organisation.state.as_str();
        if state == OrganisationState::Active.as_str() {
            return Ok(());
        }
        Err(Error::state(Kind::Organisation, state, event))
    }

    /// Compares the version that the person saw with the one that is there.
    pub(super) fn unchanged(&self, work: &Work<'_>) -> Result<(), Error> {
        let c = &self.connection;
        work.same_version(
            Kind::Connection,
            &c.id,
            c.version,
            &c.changed_by,
            c.changed_at,
        )
    }

    /// Moves it on, saves it and gives the state it had.
    pub(super) async fn advance(
        &mut self,
        work: &mut Work<'_>,
        event: Event,
    ) -> Result<String, Error> {
        let c = &mut self.connection;
        let next = step_of(Kind::Connection, &c.state, event.as_str(), |s| {
            step(s, event)
        })?;
        let states = (Some(c.state.as_str()), Some(next.as_str()));
        counter::shift(&mut work.tx, Kind::Connection, states.0, states.1).await?;
        if c.state != next.as_str() {
            c.state_at = work.now;
        }
        if next == State::Live && c.live_at == Timestamp::NEVER {
            c.live_at = work.now;
        }
        let before = std::mem::replace(&mut c.state, next.as_str().to_owned());
        c.changed_at = work.now;
        c.changed_by = work.by();
        connection::save(&mut work.tx, c).await?;
        Ok(before)
    }

    /// The audit row of what moved it on by the way.
    pub(super) fn note(&self, work: &mut Work<'_>, action: &str, before: &str) {
        let after = &self.connection.state;
        work.note(Note {
            action: action.to_owned(),
            kind: Kind::Connection,
            id: self.connection.id.clone(),
            organisation: self.organisation.id.clone(),
            detail: json!({ "state": { "before": before, "after": after } }),
        });
    }

    /// Goes live and tells everybody whom it concerns.
    pub(super) async fn go_live(&mut self, work: &mut Work<'_>) -> Result<(), Error> {
        let before = self.advance(work, Event::GoLive).await?;
        self.note(work, "connection.go-live", &before);
        let parameters = json!({ "organisation": self.organisation.name, "vendor": self.vendor_name(),
            "route": self.connection.route, "specifications": spaced(&self.connection.specifications) });
        for letter in self.to_both(Template::ConnectionLive, &parameters) {
            work.post(letter);
        }
        Ok(())
    }
}

/// What people call a connection: its organisation.
pub async fn label(tx: &mut Tx, row: &Connection) -> Result<String, Error> {
    let found = organisation::by_id(tx, &row.organisation_id).await?;
    Ok(found.map(|o| o.name).unwrap_or_default())
}

/// Codes separated by commas as a line of a mail.
pub(super) fn spaced(codes: &str) -> String {
    codes.replace(',', ", ")
}

/// What a new connection is asked for.
#[derive(Debug)]
pub(super) struct Wish<'a> {
    pub(super) organisation: &'a str,
    pub(super) vendor: Option<String>,
    pub(super) route: &'a str,
    pub(super) specifications: &'a str,
    pub(super) vendor_mail: i64,
}

/// Opens a connection in state `requested`, in the transaction of a use case.
pub(super) async fn open(work: &mut Work<'_>, wish: Wish<'_>) -> Result<Connection, Error> {
    let row = Connection {
        id: super::new_id(),
        organisation_id: wish.organisation.to_owned(),
        vendor_id: wish.vendor,
        route: wish.route.to_owned(),
        state: State::Requested.as_str().to_owned(),
        state_at: work.now,
        state_reason: work.call.reason.trim().to_owned(),
        kinds: specification::join(&specification::kinds_of(wish.specifications)),
        specifications: wish.specifications.to_owned(),
        created_at: work.now,
        live_at: Timestamp::NEVER,
        used_at: Timestamp::NEVER,
        vendor_mail: wish.vendor_mail,
        inbox_uid: -1,
        changed_at: work.now,
        changed_by: work.by(),
        version: 1,
    };
    match connection::insert(&mut work.tx, &row).await {
        Err(StoreError::Unique) => return Err(Error::Rule(Rule::ConnectionExists)),
        other => other?,
    }
    counter::shift(&mut work.tx, Kind::Connection, None, Some(&row.state)).await?;
    Ok(row)
}

/// A keurmerkdrager asks for a connection.
pub(super) async fn request(work: &mut Work<'_>, given: &Values) -> Result<Done, Error> {
    let given = check(Act::ConnectionRequest.spec().fields, given)?;
    let named = get(&given, "organisation");
    let id = find::id_in(&mut work.tx, Kind::Organisation, named).await?;
    let found = organisation::lock(&mut work.tx, &id).await?;
    let o = found.ok_or_else(|| Error::missing(Kind::Organisation, &id))?;
    work.belongs_to(&o.id);
    if o.state != OrganisationState::Active.as_str() {
        return Err(Error::state(Kind::Organisation, &o.state, "request"));
    }
    let vendor = match get(&given, "vendor") {
        "" => None,
        name => Some(find::id_in(&mut work.tx, Kind::Vendor, name).await?),
    };
    let specifications = match get(&given, "specifications") {
        "" => specification::USUAL,
        given => given,
    };
    let wish = Wish {
        organisation: &o.id,
        vendor,
        route: get(&given, "route"),
        specifications,
        vendor_mail: i64::from(get(&given, "vendor_mail") == "yes"),
    };
    let row = open(work, wish).await?;
    work.is_about(Kind::Connection, &row.id);
    work.detail(json!({ "route": row.route, "vendor": row.vendor_id, "specifications": row.specifications }));
    Ok(Done::of(row.id, o.name))
}

/// The values of the form as they stand.
pub fn values(row: &Connection) -> Values {
    let flag = if row.vendor_mail == 1 { "yes" } else { "no" };
    let uid = Some(row.inbox_uid).filter(|uid| *uid >= 0);
    let uid = uid.map(|uid| uid.to_string()).unwrap_or_default();
    let pairs = [
        ("specifications", row.specifications.clone()),
        ("vendor_mail", flag.to_owned()),
        ("inbox_uid", uid),
    ];
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Saves what may come by it, whom its mails go to and whose its folder is.
pub(super) async fn change(work: &mut Work<'_>, id: &str, given: &Values) -> Result<Done, Error> {
    let fields = Act::ConnectionChange.spec().fields;
    let mut ties = load(work, id).await?;
    if ties.connection.state == State::Revoked.as_str() {
        return Err(Error::state(Kind::Connection, "revoked", "change"));
    }
    let before = values(&ties.connection);
    let mut after = before.clone();
    after.extend(given.clone());
    let after = check(fields, &after)?;
    let uid = uid_of(get(&after, "inbox_uid"))?;
    ties.unchanged(work)?;
    let label = ties.label();
    let c = &mut ties.connection;
    get(&after, "specifications").clone_into(&mut c.specifications);
    c.kinds = specification::join(&specification::kinds_of(&c.specifications));
    c.vendor_mail = i64::from(get(&after, "vendor_mail") == "yes");
    c.inbox_uid = uid;
    c.changed_at = work.now;
    c.changed_by = work.by();
    connection::save(&mut work.tx, c).await?;
    work.detail(changes(fields, &before, &after));
    Ok(Done::of(ties.connection.id, label))
}

/// A user number as stored; -1 for none.
fn uid_of(text: &str) -> Result<i64, Error> {
    if text.is_empty() {
        return Ok(-1);
    }
    let uid = text.parse::<u32>().map(i64::from);
    uid.map_err(|_| Error::invalid("inbox_uid", Flaw::NotDigits))
}

/// Issues the handshake: a mail with a link that can be collected once.
pub(super) async fn issue(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let mut ties = load(work, id).await?;
    step_of(
        Kind::Connection,
        &ties.connection.state,
        Event::Issue.as_str(),
        |s| step(s, Event::Issue),
    )?;
    ties.in_use("issue")?;
    ties.unchanged(work)?;
    let before = ties.advance(work, Event::Issue).await?;
    let handshake = handshake::open(work, &ties, 0).await?;
    work.detail(json!({ "state": { "before": before, "after": ties.connection.state }, "handshake": handshake }));
    Ok(Done::of(ties.connection.id.clone(), ties.label()))
}

/// Suspends or resumes, and tells it.
pub(super) async fn pause(work: &mut Work<'_>, id: &str, event: Event) -> Result<Done, Error> {
    let mut ties = load(work, id).await?;
    step_of(
        Kind::Connection,
        &ties.connection.state,
        event.as_str(),
        |s| step(s, event),
    )?;
    if event == Event::Resume {
        ties.in_use("resume")?;
    }
    ties.unchanged(work)?;
    work.call
        .reason
        .trim()
        .clone_into(&mut ties.connection.state_reason);
    let before = ties.advance(work, event).await?;
    let change = if event == Event::Resume {
        "resumed"
    } else {
        "suspended"
    };
    tell_change(work, &ties, change);
    work.detail(json!({ "state": { "before": before, "after": ties.connection.state } }));
    Ok(Done::of(ties.connection.id.clone(), ties.label()))
}

fn tell_change(work: &mut Work<'_>, ties: &Ties, change: &str) {
    let parameters = json!({ "organisation": ties.organisation.name, "vendor": ties.vendor_name(), "change": change });
    for letter in ties.to_both(Template::ConnectionChanged, &parameters) {
        work.post(letter);
    }
}

/// Revokes for good, with its codes and its handshake, and tells it.
pub(super) async fn revoke(work: &mut Work<'_>, id: &str) -> Result<Done, Error> {
    let mut ties = load(work, id).await?;
    step_of(
        Kind::Connection,
        &ties.connection.state,
        Event::Revoke.as_str(),
        |s| step(s, Event::Revoke),
    )?;
    ties.unchanged(work)?;
    work.call
        .reason
        .trim()
        .clone_into(&mut ties.connection.state_reason);
    let before = ties.advance(work, Event::Revoke).await?;
    let licences = licence::close_all(work, &ties.connection).await?;
    tell_change(work, &ties, "revoked");
    work.detail(json!({ "state": { "before": before, "after": ties.connection.state }, "licences": licences }));
    Ok(Done::of(ties.connection.id.clone(), ties.label()))
}

/// Revokes every connection of an organisation that ends; gives how many. The organisation is locked by the caller.
pub(super) async fn revoke_all(work: &mut Work<'_>, o: &Organisation) -> Result<usize, Error> {
    let all = connection::lock_open_of(&mut work.tx, &o.id).await?;
    let count = all.len();
    for connection in all {
        let mut ties = Ties {
            organisation: o.clone(),
            vendor: None,
            connection,
        };
        let before = ties.advance(work, Event::Revoke).await?;
        licence::close_all(work, &ties.connection).await?;
        ties.note(work, "connection.revoke", &before);
    }
    Ok(count)
}
