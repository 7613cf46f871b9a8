//! Where the plan is played: services with a clock that is moved, the people who act, and what was made so far.

use super::calendar::Calendar;
use super::cast::Provider;
use super::chance::Chance;
use super::measuring::Care;
use super::names;
use super::post::End;
use super::workers::Workers;
use crate::domain::action::Act;
use crate::domain::mail::State;
use crate::domain::right::{self, Language};
use crate::domain::time::Timestamp;
use crate::language::display;
use crate::service::fields::Values;
use crate::service::{self, Actor, Call, Done, Error, Origin, Services};
use crate::store::history::{self, Ended};
use crate::store::{account, organisation};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Who acts for staff.
pub(super) const ADMINISTRATOR: usize = 0;
/// See above.
pub(super) const SUPPORT: usize = 1;
/// See above.
pub(super) const ON_CALL: usize = 2;
/// See above.
pub(super) const AUDITOR: usize = 5;
/// The two who release to KiBG.
pub(super) const RELEASE: [usize; 2] = [3, 4];

/// The stage.
pub(super) struct Stage<'a> {
    pub(super) services: Services,
    pub(super) calendar: Calendar,
    pub(super) cast: &'a [Provider],
    pub(super) chance: Chance,
    pub(super) staff: Vec<Arc<Actor>>,
    /// The portal's front end: registrations, activations and acceptances come from there.
    pub(super) portal: Arc<Actor>,
    pub(super) worker: Arc<Actor>,
    pub(super) workers: Workers,
    /// Ids of vendors, registrations, organisations and accounts by place.
    pub(super) vendors: Vec<String>,
    pub(super) registrations: HashMap<usize, String>,
    pub(super) organisations: HashMap<usize, String>,
    pub(super) accounts: HashMap<(usize, usize), String>,
    /// Mails that were sent, and those that need a person.
    pub(super) sent: Vec<String>,
    pub(super) troubled: Vec<String>,
    /// Ends of mails by the moment of queueing.
    pub(super) planned: HashMap<i64, End>,
    /// Deliveries of tonight that stand still for a technical reason.
    pub(super) standing: Vec<String>,
    /// Ids of extracts by place.
    pub(super) extracts: HashMap<usize, String>,
    /// The care that is given, and how far it was reported.
    pub(super) care: Care,
    days: BTreeMap<(&'static str, String), i64>,
}

/// Values of a form.
pub(super) fn values(pairs: &[(&str, &str)]) -> Values {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        services: Services,
        calendar: Calendar,
        cast: &'a [Provider],
        chance: Chance,
    ) -> Self {
        Self {
            services,
            calendar,
            cast,
            chance,
            staff: Vec::new(),
            portal: Arc::new(Actor::system("intake", Language::Nl)),
            worker: Arc::new(Actor::system("worker", Language::Nl)),
            workers: Workers::new(calendar),
            vendors: Vec::new(),
            registrations: HashMap::new(),
            organisations: HashMap::new(),
            accounts: HashMap::new(),
            sent: Vec::new(),
            troubled: Vec::new(),
            planned: HashMap::new(),
            standing: Vec::new(),
            extracts: HashMap::new(),
            care: Care::default(),
            days: BTreeMap::new(),
        }
    }

    /// One of the two who do the daily work.
    pub(super) fn support(&self, place: usize) -> Arc<Actor> {
        Arc::clone(
            &self.staff[if place.is_multiple_of(3) {
                ON_CALL
            } else {
                SUPPORT
            }],
        )
    }

    /// An action of the table by somebody, with a reason where one is due.
    pub(super) async fn act(
        &self,
        actor: &Arc<Actor>,
        act: Act,
        id: &str,
        given: &[(&str, &str)],
        reason: &str,
    ) -> Result<Done, Error> {
        let call = Call {
            reason: reason.to_owned(),
            ..Call::new(actor)
        };
        service::run(&self.services, &call, act, id, &values(given)).await
    }

    /// The id of an organisation that was completed before.
    pub(super) fn organisation(&self, p: usize) -> Result<&str, Error> {
        let known = self.organisations.get(&p).map(String::as_str);
        known.ok_or_else(|| Error::Internal(format!("organisation {p}")))
    }

    /// Remembers the organisation that came of a registration, and its accounts.
    pub(super) async fn remember(&mut self, p: usize) -> Result<(), Error> {
        let mut tx = self.services.db.read().await?;
        let found = organisation::by_agb(&mut tx, &self.cast[p].agb).await?;
        let id = found.map(|o| o.id).unwrap_or_default();
        for a in account::of(&mut tx, &id).await? {
            if let Some(u) = self.cast[p].users.iter().position(|u| u.email == a.email) {
                self.accounts.insert((p, u), a.id);
            }
        }
        tx.rollback().await?;
        self.organisations.insert(p, id);
        Ok(())
    }

    /// Notes what became of a mail, for the counts per day.
    pub(super) fn note(&mut self, ended: &Ended) {
        if ended.state == State::Sent {
            self.day("mail.sent", ended.at, 1);
        }
    }

    /// Remembers a mail that staff may send again or record as come back.
    pub(super) fn offer(&mut self, ended: &Ended) {
        match ended.state {
            State::Sent => self.sent.push(ended.mail.clone()),
            State::Failed | State::Unknown => self.troubled.push(ended.mail.clone()),
            State::Queued
            | State::Sending
            | State::Deferred
            | State::Cancelled
            | State::Bounced => {}
        }
    }

    /// Adds to the count of a day.
    pub(super) fn day(&mut self, name: &'static str, at: Timestamp, n: i64) {
        *self.days.entry((name, display::iso_date(at))).or_default() += n;
    }

    /// Writes counts per day, workers, and counts per state.
    pub(super) async fn close(&mut self) -> Result<(), Error> {
        let days: Vec<(&'static str, String, i64)> = std::mem::take(&mut self.days)
            .into_iter()
            .map(|((name, day), n)| (name, day, n))
            .collect();
        let mut tx = self.services.db.write().await?;
        history::days(&mut tx, &days).await?;
        self.workers.write(&mut tx).await?;
        history::recount(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}

/// A member of staff at their desk.
pub(super) fn colleague(place: usize, id: String, login: &str) -> Actor {
    let (_, name, roles, language) = names::STAFF[place];
    Actor {
        operator: id,
        login: login.to_owned(),
        name: name.to_owned(),
        roles: right::split(roles).unwrap_or_default(),
        language: language.parse().unwrap_or_default(),
        on_behalf: String::new(),
        origin: Origin {
            via: "console",
            host: "portaal-beheer".to_owned(),
            tty: format!("/dev/pts/{place}"),
            ssh: format!("192.0.2.{} 5{place}214 192.0.2.1 22", 20 + place),
            uid: 1100 + u32::try_from(place).unwrap_or_default(),
        },
        read_only: false,
        system: false,
    }
}
