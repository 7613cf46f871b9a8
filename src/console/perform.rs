//! Does what the console asks of the services, each request a future with a reply. The console's state is not known here.

use super::message::{Effect, Found, Planned, Reply, Run, Target};
use crate::domain::kind::Kind;
use crate::screens::{Answer, List};
use crate::service::reads::search;
use crate::service::{self, Actor, Call, Done, Error, Mode, Services};
use crate::ui::{Page, Pulse, Query, Row};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

/// Who asks whom.
#[derive(Clone)]
pub struct Desk {
    /// The services.
    pub services: Services,
    /// Who works.
    pub actor: Arc<Actor>,
    /// What else is asked of the services.
    pub links: Links,
}

/// Where a console is: the English name of its screen, and the record that it has open.
pub type Whereabouts = (&'static str, Option<(Kind, String)>);

/// Functions that tell colleagues of each other.
#[derive(Clone, Copy)]
pub struct Links {
    /// State of the installation.
    pub pulse: fn(Services, Arc<Actor>) -> Answer<Pulse>,
    /// Says where this console is.
    pub beat: fn(Services, Arc<Actor>, Whereabouts) -> Answer<()>,
    /// Says that this console is gone.
    pub leave: fn(Services, Arc<Actor>) -> Answer<()>,
}

impl Desk {
    /// The reply to an effect; `None` for effects that ask nothing of the services.
    pub async fn answer(self, effect: Effect) -> Option<Reply> {
        let broken = broken(&effect);
        AssertUnwindSafe(self.ask(effect))
            .catch_unwind()
            .await
            .unwrap_or(broken)
    }

    async fn ask(self, effect: Effect) -> Option<Reply> {
        let (services, actor) = (self.services.clone(), Arc::clone(&self.actor));
        Some(match effect {
            Effect::Load { list, query, .. } => {
                Reply::Page((list.load)(services, actor, query).await)
            }
            Effect::Open { open, id, .. } => {
                Reply::Record(open(services, actor, id).await.map(Box::new))
            }
            Effect::Collect {
                list, query, most, ..
            } => Reply::Rows(self.collect(list, query, most).await),
            Effect::OpenForm { act, id, .. } => Reply::Form(
                service::form(&services, &actor, act, &id)
                    .await
                    .map(Box::new),
            ),
            Effect::Run { run, .. } => Reply::Done(self.run(run).await),
            Effect::Plan { run, .. } => Reply::Plan(self.plan(run).await),
            Effect::Find { text, .. } => Reply::Found(self.find(&text).await),
            Effect::Pulse { .. } => Reply::Pulse((self.links.pulse)(services, actor).await),
            Effect::Beat { screen, record } => {
                // Nobody waits for it: a beat that is lost is made up by the next.
                (self.links.beat)(services, actor, (screen, record))
                    .await
                    .ok()?;
                return None;
            }
            Effect::Abort(_)
            | Effect::At(..)
            | Effect::Copy(_)
            | Effect::Keep(..)
            | Effect::Forget(_)
            | Effect::Remember(_)
            | Effect::Suspend
            | Effect::Repaint
            | Effect::Leave(_) => return None,
        })
    }

    fn call(&self, run: &Run, version: Option<i64>) -> Call {
        Call {
            actor: Arc::clone(&self.actor),
            reason: run.reason.clone(),
            mode: run.mode,
            version,
            request: service::new_id(),
            item: None,
        }
    }

    async fn run(&self, run: Run) -> Result<Done, Error> {
        match run.targets.as_slice() {
            [] => {
                service::run(
                    &self.services,
                    &self.call(&run, None),
                    run.act,
                    "",
                    &run.values,
                )
                .await
            }
            [one] => {
                // Where records have no version there is none to compare.
                let version = (one.version > 0).then_some(one.version);
                service::run(
                    &self.services,
                    &self.call(&run, version),
                    run.act,
                    &one.id,
                    &run.values,
                )
                .await
            }
            many if run.mode == Mode::DryRun => {
                let planned = self.plan(run.clone()).await?;
                let said = planned
                    .into_iter()
                    .filter_map(|p| p.refusal.map(|why| format!("{}: {why}", p.label)));
                Ok(Done {
                    label: many.len().to_string(),
                    said: said.collect(),
                    ..Done::default()
                })
            }
            many => {
                let frozen = frozen(many);
                service::bulk::start(
                    &self.services,
                    &self.call(&run, None),
                    run.act,
                    &frozen,
                    &run.values,
                )
                .await
            }
        }
    }

    async fn plan(&self, run: Run) -> Result<Vec<Planned>, Error> {
        let frozen = frozen(&run.targets);
        let call = Call {
            mode: Mode::DryRun,
            ..self.call(&run, None)
        };
        let planned =
            service::bulk::plan(&self.services, &call, run.act, &frozen, &run.values).await?;
        let label = |id: &str| {
            run.targets
                .iter()
                .find(|t| t.id == id)
                .map_or_else(String::new, |t| t.label.clone())
        };
        Ok(planned
            .into_iter()
            .map(|p| Planned {
                label: label(&p.id),
                refusal: p.refusal,
            })
            .collect())
    }

    async fn collect(
        &self,
        list: &'static List,
        query: Query,
        most: usize,
    ) -> Result<Vec<Row>, Error> {
        let mut rows: Vec<Row> = Vec::new();
        let mut query = query;
        loop {
            let page: Page = (list.load)(
                self.services.clone(),
                Arc::clone(&self.actor),
                query.clone(),
            )
            .await?;
            let more = page.after && !page.rows.is_empty();
            rows.extend(page.rows);
            if !more || rows.len() >= most {
                rows.truncate(most);
                return Ok(rows);
            }
            query.cursor = rows.last().map(|r| r.cursor.clone());
        }
    }

    async fn find(&self, text: &str) -> Vec<Found> {
        let found = search::search(&self.services, &self.actor, text).await;
        let found = found.unwrap_or_default().into_iter();
        found
            .map(|(kind, id, label)| Found { kind, id, label })
            .collect()
    }
}

fn frozen(targets: &[Target]) -> Vec<(String, i64)> {
    targets.iter().map(|t| (t.id.clone(), t.version)).collect()
}

/// The reply to an effect whose work broke down: whoever waits must not wait for ever.
fn broken(effect: &Effect) -> Option<Reply> {
    let error = || Error::Internal("panic".to_owned());
    match effect {
        Effect::Load { .. } => Some(Reply::Page(Err(error()))),
        Effect::Open { .. } => Some(Reply::Record(Err(error()))),
        Effect::Collect { .. } => Some(Reply::Rows(Err(error()))),
        Effect::OpenForm { .. } => Some(Reply::Form(Err(error()))),
        Effect::Run { .. } => Some(Reply::Done(Err(error()))),
        Effect::Plan { .. } => Some(Reply::Plan(Err(error()))),
        Effect::Find { .. } => Some(Reply::Found(Vec::new())),
        Effect::Pulse { .. } => Some(Reply::Pulse(Err(error()))),
        Effect::Beat { .. }
        | Effect::Abort(_)
        | Effect::At(..)
        | Effect::Copy(_)
        | Effect::Keep(..)
        | Effect::Forget(_)
        | Effect::Remember(_)
        | Effect::Suspend
        | Effect::Repaint
        | Effect::Leave(_) => None,
    }
}
