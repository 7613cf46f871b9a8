//! What every record has besides its own tabs: actions with what forbids them, history, claim, who else has it open, and the
//! note that its personal data was seen. Not the tabs: those are in `reads`.

use super::note::note_once;
use super::presence::HERE;
use super::read::{Excerpt, begin, context};
use super::reads::audit;
use super::tell::{missing_right, wrong_state};
use super::{Actor, Error, Services};
use crate::domain::action::{Act, Target, legal};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Message, error, screen};
use crate::store::filter::Context;
use crate::store::{Access, Tx, claim, presence};
use crate::ui::record::{Body, Choice};
use crate::ui::{Cell, Record, Tab};
use serde_json::json;

/// A record being read: one consistent state.
pub struct Reading<'a> {
    /// Database, clock, settings.
    pub services: &'a Services,
    /// Who reads.
    pub actor: &'a Actor,
    /// The transaction.
    pub tx: Tx,
    /// What filters depend on; its time is that of the whole record.
    pub context: Context,
}

/// What every record has.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// Identifier.
    pub id: String,
    /// Version; 0 where records have none.
    pub version: i64,
    /// State code; empty where records have none.
    pub state: String,
    /// What people call it.
    pub title: String,
    /// Codes and ages beneath the title.
    pub summary: Vec<(&'static Message, Cell)>,
    /// Organisation that it belongs to; empty for none.
    pub organisation: String,
    /// Audit name of seeing it, and the personal fields that are shown in full; `None` when it shows none.
    pub seen: Option<(&'static str, &'static [&'static str])>,
}

/// The actions on records of a kind, in the order of menus.
pub fn acts(kind: Kind) -> impl Iterator<Item = Act> {
    let all = Act::ALL.iter().copied();
    all.filter(move |act| act.spec().works_on() == kind && act.spec().target != Target::Nothing)
}

/// What forbids an action on a record in this state: the session, the right, then the state.
pub fn refusal(services: &Services, actor: &Actor, act: Act, state: &str) -> Option<String> {
    let language = actor.language;
    if actor.read_only || services.db.access() == Access::ReadOnly {
        return Some(error::READ_ONLY.text(language).to_owned());
    }
    missing_right(act, |right| actor.may(right), language).or_else(|| {
        (!legal(act, state)).then(|| wrong_state(act.spec().works_on(), state, language))
    })
}

impl<'a> Reading<'a> {
    /// Begins; refuses whoever may not read.
    pub async fn begin(services: &'a Services, actor: &'a Actor) -> Result<Self, Error> {
        let tx = begin(services, actor).await?;
        Ok(Self {
            services,
            actor,
            tx,
            context: context(services),
        })
    }

    /// What happened to one record.
    pub async fn history(&mut self, kind: Kind, id: &str) -> Result<Tab, Error> {
        let filter = format!("!read kind:{kind}");
        let columns = &["at", "actor", "action", "outcome", "reason"];
        self.timeline(("t.object_id", id), &filter, columns).await
    }

    /// What happened to everything of an organisation.
    pub async fn history_of_organisation(&mut self, id: &str) -> Result<Tab, Error> {
        let columns = &["at", "actor", "action", "kind", "outcome", "reason"];
        self.timeline(("t.organisation_id", id), "!read", columns)
            .await
    }

    async fn timeline(
        &mut self,
        scope: (&'static str, &str),
        filter: &str,
        columns: &[&'static str],
    ) -> Result<Tab, Error> {
        let wanted = Excerpt {
            scope,
            filter,
            sort: "",
            columns,
            empty: &screen::NO_LOG,
        };
        let list = audit::SOURCE
            .related(&mut self.tx, self.context, wanted)
            .await?;
        Ok(Tab {
            title: &screen::TAB_TIMELINE,
            body: Body::List(list),
        })
    }

    /// Ends: actions, claim, presence, and the note of what was seen.
    pub async fn end(mut self, kind: Kind, head: Head, tabs: Vec<Tab>) -> Result<Record, Error> {
        let now = self.context.now;
        let object = (kind, head.id.as_str());
        let claim = claim::of(&mut self.tx, kind, &head.id, now).await?;
        let others =
            presence::others(&mut self.tx, &self.actor.operator, object, now.plus(-HERE)).await?;
        self.tx.rollback().await?;
        if let Some((action, fields)) = head.seen {
            let object = (kind, head.id.as_str(), head.organisation.as_str());
            let detail = json!({ "fields": fields });
            note_once(self.services, self.actor, action, object, detail).await?;
        }
        let choice = |act| Choice {
            act,
            refusal: refusal(self.services, self.actor, act, &head.state),
        };
        Ok(Record {
            actions: acts(kind).map(choice).collect(),
            id: head.id,
            version: head.version,
            state: head.state,
            title: head.title,
            summary: head.summary,
            tabs,
            claim: claim.map(|(name, until)| (name, Timestamp(until))),
            present: others.into_iter().map(|o| o.0).collect(),
            at: now,
        })
    }
}
