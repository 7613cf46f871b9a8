//! The frame of every use case: right → effect → mails, counts, audit → commit, or a refusal that is audited too.
//! Not a use case itself.

use super::post::Letter;
use super::{Actor, Call, Denied, Done, Error, Mode, Services};
use crate::domain::action::{Act, Reason};
use crate::domain::kind::Kind;
use crate::domain::right::{self, Right};
use crate::domain::time::Timestamp;
use crate::store::audit::{self, Entry};
use crate::store::operator;
use crate::store::{Access, Tx};
use serde_json::{Value, json};

/// A use case under way: one transaction with everything that belongs to it.
pub struct Work<'a> {
    /// Database, clock, settings.
    pub services: &'a Services,
    /// Who, why, how.
    pub call: &'a Call,
    /// The transaction.
    pub tx: Tx,
    /// The time of everything in it.
    pub now: Timestamp,
    subject: Subject,
    notes: Vec<Note>,
    moot: bool,
    pub(super) letters: Vec<Letter>,
    pub(super) moved: Vec<String>,
}

/// What a use case is about, for its audit rows.
#[derive(Debug, Clone)]
struct Subject {
    action: String,
    kind: Kind,
    id: String,
    organisation: String,
}

/// Something that happened and gets an audit row of its own.
#[derive(Debug, Clone)]
pub struct Note {
    /// What, as `noun.verb`.
    pub action: String,
    /// Kind of record.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Organisation that it belongs to.
    pub organisation: String,
    /// Before and after.
    pub detail: Value,
}

/// Name of an action in the audit: `registration.complete`.
pub fn action_name(act: Act) -> String {
    let spec = act.spec();
    format!("{}.{}", spec.noun, spec.verb)
}

impl<'a> Work<'a> {
    /// Begins an action of the table: refuses without the right, the reason or a session that may write.
    pub async fn begin(
        services: &'a Services,
        call: &'a Call,
        act: Act,
        id: &str,
    ) -> Result<Self, Error> {
        let spec = act.spec();
        let subject = Subject {
            action: action_name(act),
            kind: spec.works_on(),
            id: id.to_owned(),
            organisation: String::new(),
        };
        let mute = spec.reason == Reason::Required && call.reason.trim().is_empty();
        let missing = mute.then_some(Error::ReasonMissing);
        Self::enter(services, call, subject, (Some(act), spec.right), missing).await
    }

    /// Begins a use case that is not in the table, by its audit name.
    pub async fn begin_as(
        services: &'a Services,
        call: &'a Call,
        action: &'static str,
        right: Right,
        kind: Kind,
        id: &str,
    ) -> Result<Self, Error> {
        let subject = Subject {
            action: action.to_owned(),
            kind,
            id: id.to_owned(),
            organisation: String::new(),
        };
        Self::enter(services, call, subject, (None, right), None).await
    }

    async fn enter(
        services: &'a Services,
        call: &'a Call,
        subject: Subject,
        (act, right): (Option<Act>, Right),
        mistake: Option<Error>,
    ) -> Result<Self, Error> {
        let read_only = call.actor.read_only || services.db.access() == Access::ReadOnly;
        let refusal = if read_only {
            Some(Error::Denied(Denied::ReadOnly, String::new()))
        } else {
            standing(services, &call.actor, act, right).await?
        };
        if let Some(error) = refusal.or(mistake) {
            return Err(record_refusal(services, call, subject, error).await);
        }
        let tx = services.db.write().await?;
        let now = services.clock.now();
        Ok(Self {
            services,
            call,
            tx,
            now,
            subject,
            notes: Vec::new(),
            moot: false,
            letters: Vec::new(),
            moved: Vec::new(),
        })
    }

    /// Names the organisation that the audit row belongs to.
    pub fn belongs_to(&mut self, organisation: &str) {
        organisation.clone_into(&mut self.subject.organisation);
    }

    /// Names the record, once it is known: one that was made, or found by another name.
    pub fn is_about(&mut self, kind: Kind, id: &str) {
        self.subject.kind = kind;
        id.clone_into(&mut self.subject.id);
    }

    /// What changed, for the main audit row.
    pub fn detail(&mut self, detail: Value) {
        let subject = self.subject.clone();
        self.notes.push(Note {
            action: subject.action,
            kind: subject.kind,
            id: subject.id,
            organisation: subject.organisation,
            detail,
        });
    }

    /// There was nothing to do after all: no effect, so no audit row either.
    pub fn is_moot(&mut self) {
        self.moot = true;
    }

    /// Something else that happened in the same transaction.
    pub fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Compares the version that the person saw with the one that is there.
    pub fn same_version(
        &self,
        kind: Kind,
        id: &str,
        version: i64,
        by: &str,
        at: Timestamp,
    ) -> Result<(), Error> {
        match self.call.version {
            Some(seen) if seen != version => Err(Error::Conflict {
                kind,
                id: id.to_owned(),
                version,
                by: by.to_owned(),
                at,
            }),
            _ => Ok(()),
        }
    }

    /// Who is written as the one who changed a record.
    pub fn by(&self) -> String {
        self.call.actor.name.clone()
    }

    /// Ends the use case: commits with its audit rows and mails, rolls back a dry run, audits a refusal.
    pub async fn end(mut self, result: Result<Done, Error>) -> Result<Done, Error> {
        let mut done = match result {
            Ok(done) => done,
            Err(error) => {
                self.tx.rollback().await?;
                return Err(record_refusal(self.services, self.call, self.subject, error).await);
            }
        };
        if self.moot {
            self.tx.rollback().await?;
            return Ok(done);
        }
        if self.notes.is_empty() {
            self.detail(json!({}));
        }
        super::post::flush(&mut self, &mut done).await?;
        super::standing::settle(&mut self).await?;
        if self.call.mode == Mode::DryRun {
            self.tx.rollback().await?;
            // A code that was made only to be taken back opens nothing.
            done.secret = None;
            return Ok(done);
        }
        if let Some((bulk, position)) = &self.call.item {
            let label = done.label.as_str();
            if !crate::store::bulk::finish_item(&mut self.tx, bulk, *position, label).await? {
                self.tx.rollback().await?;
                return Ok(done);
            }
        }
        let entries: Vec<Entry> = self
            .notes
            .iter()
            .map(|note| self.entry(note, "done"))
            .collect();
        self.tx.notify().await?;
        audit::append(&mut self.tx, &self.services.mark.id, &entries).await?;
        self.tx.commit().await?;
        Ok(done)
    }

    fn entry(&self, note: &Note, outcome: &str) -> Entry {
        let mut entry = entry_of(&self.call.actor, self.now);
        entry.action.clone_from(&note.action);
        note.kind.as_str().clone_into(&mut entry.object_kind);
        entry.object_id.clone_from(&note.id);
        entry.organisation_id.clone_from(&note.organisation);
        outcome.clone_into(&mut entry.outcome);
        entry.reason.clone_from(&self.call.reason);
        entry.request.clone_from(&self.call.request);
        entry.detail = note.detail.to_string();
        entry
    }
}

/// Why the person may not do it as things stand now: a console stays open for days, and rights can be taken away meanwhile.
async fn standing(
    services: &Services,
    actor: &Actor,
    act: Option<Act>,
    right: Right,
) -> Result<Option<Error>, Error> {
    let missing = || Some(Error::Right { act, right });
    if actor.system {
        return Ok(None);
    }
    if !actor.may(right) {
        return Ok(missing());
    }
    let mut tx = services.db.read().await?;
    let row = operator::by_id(&mut tx, &actor.operator).await?;
    tx.rollback().await?;
    let Some(row) = row.filter(|o| o.state == "active") else {
        return Ok(Some(Error::Denied(
            Denied::RemovedOperator,
            actor.login.clone(),
        )));
    };
    let now = right::split(&row.roles).unwrap_or_default();
    Ok(if right::may(&now, right) {
        None
    } else {
        missing()
    })
}

/// An audit row with who, from where and when filled in.
pub fn entry_of(actor: &Actor, now: Timestamp) -> Entry {
    Entry {
        at: now,
        operator_id: actor.operator.clone(),
        login: actor.login.clone(),
        actor: actor.name.clone(),
        roles: right::join(&actor.roles),
        on_behalf: actor.on_behalf.clone(),
        via: actor.origin.via.to_owned(),
        host: actor.origin.host.clone(),
        tty: actor.origin.tty.clone(),
        ssh: actor.origin.ssh.clone(),
        uid: i64::from(actor.origin.uid),
        ..Entry::default()
    }
}

/// Writes the audit row of a refused attempt in a transaction of its own, and gives the error back.
async fn record_refusal(services: &Services, call: &Call, subject: Subject, error: Error) -> Error {
    let Some(why) = error.refusal() else {
        return error;
    };
    // Trying out what would happen is no attempt, unless the person may not do it at all.
    if call.mode == Mode::DryRun && !matches!(error, Error::Right { .. } | Error::Denied(..)) {
        return error;
    }
    let mut entry = entry_of(&call.actor, services.clock.now());
    entry.action = subject.action;
    subject.kind.as_str().clone_into(&mut entry.object_kind);
    entry.object_id = subject.id.chars().take(64).collect();
    entry.organisation_id = subject.organisation;
    "refused".clone_into(&mut entry.outcome);
    entry.reason.clone_from(&call.reason);
    entry.request.clone_from(&call.request);
    entry.detail = json!({ "refused": why }).to_string();
    match append_alone(services, entry).await {
        Ok(()) => error,
        Err(failure) => failure,
    }
}

/// Appends one audit row in a transaction of its own; also where records may not be written.
pub async fn append_alone(services: &Services, entry: Entry) -> Result<(), Error> {
    let mut tx = services.db.append().await?;
    audit::append(&mut tx, &services.mark.id, &[entry]).await?;
    tx.commit().await?;
    Ok(())
}
