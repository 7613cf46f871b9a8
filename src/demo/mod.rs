//! The demo world: two years of a portal, all of it invented, the same for the same seed and day. Made through the services where
//! it can be and in bulk where it must. Nothing imports it but the command line.

mod begin;
mod calendar;
mod care;
mod cast;
mod chance;
mod deliveries;
mod document;
mod linking;
mod load;
mod measuring;
mod names;
mod onboarding;
mod people;
mod play;
mod post;
mod releasing;
mod routine;
mod schedule;
mod stage;
mod tonight;
mod triage;
mod verdict;
mod work;
mod workers;

use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::time::Timestamp;
use crate::language::{Language, demo as say};
use crate::service::error::Rule;
use crate::service::{self, Error, Services};
use crate::store::copy::{Care, take_care};
use crate::store::{Access, Db, Engine, history, meta, schema};
use calendar::Calendar;
use chance::{Chance, Purpose};
use deliveries::Deliveries;
use schedule::{Planner, Schedule};
use stage::Stage;
use std::sync::Arc;

/// What to build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// How many submissions.
    pub submissions: u64,
    /// How many rows of measurements, about.
    pub measurements: u64,
    /// The same seed and the same moment give the same world.
    pub seed: u64,
    /// The moment at which the world ends.
    pub today: Timestamp,
    /// OS login that becomes administrator.
    pub login: String,
    /// What to do with a demo world that is there.
    pub existing: Existing,
}

/// What to do with a demo world that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Existing {
    /// It is opened as it is.
    #[default]
    Keep,
    /// It is made anew; only an embedded one can be.
    Replace,
}

impl Plan {
    /// The usual world of a moment for a login.
    pub fn new(today: Timestamp, login: &str) -> Self {
        Self {
            submissions: 1500,
            measurements: 40_000,
            seed: 1,
            today,
            login: login.to_owned(),
            existing: Existing::Keep,
        }
    }
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Staff and vendors are made.
    People,
    /// Two years pass.
    History,
    /// Counts are made.
    Closing,
}

/// How far the building is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub step: Step,
    /// How much of it.
    pub done: u64,
    /// Of how much.
    pub total: u64,
}

impl Progress {
    const fn begin(step: Step) -> Self {
        Self {
            step,
            done: 0,
            total: 1,
        }
    }

    /// One line for a person.
    pub fn tell(&self, language: Language) -> String {
        let step = match self.step {
            Step::People => &say::PEOPLE,
            Step::History => &say::HISTORY,
            Step::Closing => &say::CLOSING,
        };
        say::line(step, self.done, self.total, language)
    }
}

/// Name of the mark that a world is complete.
const BUILT: &str = "demo_built";

/// What a database is, before anything is built.
enum Found {
    Empty,
    Built,
    /// A demo that was not finished, or that must be made anew.
    Stale,
}

/// Builds the demo world in the database of the settings and opens it. Refuses a database that people use.
pub async fn build(
    settings: Arc<Settings>,
    plan: &Plan,
    progress: &mut dyn FnMut(Progress),
) -> Result<Services, Error> {
    let mut db = prepared(&settings).await?;
    match found(&db, plan.existing).await? {
        Found::Built => return service::connect(db, settings).await,
        Found::Empty => {}
        Found::Stale => {
            db.close().await;
            remove(&settings)?;
            db = prepared(&settings).await?;
        }
    }
    let mut tx = db.write().await?;
    meta::mark_demo(&mut tx).await?;
    tx.commit().await?;
    take_care(&db, Care::None).await?;
    let built = world(&db, &settings, plan, progress).await;
    take_care(&db, Care::Full).await?;
    built?;
    service::connect(db, settings).await
}

async fn prepared(settings: &Settings) -> Result<Db, Error> {
    let db = Db::open(&settings.database, Access::ReadWrite).await?;
    schema::migrate(&db).await?;
    Ok(db)
}

async fn found(db: &Db, existing: Existing) -> Result<Found, Error> {
    let mut tx = db.read().await?;
    let mark = meta::read(&mut tx).await?;
    let built = meta::get(&mut tx, BUILT).await?.is_some();
    let empty = history::is_empty(&mut tx).await?;
    tx.rollback().await?;
    match (mark.demo, empty, existing) {
        (false, true, _) => Ok(Found::Empty),
        (true, false, Existing::Keep) if built => Ok(Found::Built),
        (true, ..) if db.engine() == Engine::Sqlite => Ok(Found::Stale),
        (..) => Err(Error::Rule(Rule::DatabaseInUse)),
    }
}

/// Removes an embedded demo database with what belongs to it.
fn remove(settings: &Settings) -> Result<(), Error> {
    let path = settings
        .database
        .trim_start_matches("sqlite:")
        .trim_start_matches("//");
    let path = path.split('?').next().unwrap_or(path);
    for ending in ["", "-wal", "-shm"] {
        match std::fs::remove_file(format!("{path}{ending}")) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::Internal(e.to_string()));
            }
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

async fn world(
    db: &Db,
    settings: &Arc<Settings>,
    plan: &Plan,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Error> {
    let clock = Clock::fixed(plan.today);
    let services = service::connect(db.clone(), Arc::clone(settings)).await?;
    let services = Services { clock, ..services };
    let calendar = Calendar::new(plan.today);
    let chance = |purpose| Chance::new(plan.seed, purpose);
    let cast = cast::cast(&mut chance(Purpose::Cast));
    let planner = Planner::new(&cast, calendar, chance(Purpose::Schedule));
    let Schedule { scenes, windows } = planner.plan(settings.invitation_days);
    let measured = measuring::files(&scenes);
    let bulk = plan.submissions.saturating_sub(tonight::FILES + measured);
    let draws = chance(Purpose::Deliveries);
    let mut deliveries = Deliveries::new(&cast, calendar, draws, windows, bulk);
    let mut stage = Stage::new(services, calendar, &cast, chance(Purpose::Post));
    (stage.care.rows, stage.care.seed) = (plan.measurements, plan.seed);
    progress(Progress::begin(Step::People));
    begin::people(&mut stage, &plan.login).await?;
    let mut loader = load::Loader::new(bulk, progress);
    for scene in scenes {
        // Who had nothing to tell, or no open connection, delivered less than was planned.
        deliveries.add(std::mem::take(&mut stage.care.missed));
        loader.load(&mut stage, &mut deliveries, scene.at).await?;
        play::play(&mut stage, scene).await?;
    }
    stage.services.clock.set(plan.today);
    loader.load(&mut stage, &mut deliveries, plan.today).await?;
    progress(Progress::begin(Step::Closing));
    triage::settle(&stage).await?;
    post::deliver(&mut stage).await?;
    load::claims(&stage).await?;
    stage.close().await?;
    let mut tx = db.write().await?;
    let world = format!("{} {} {}", plan.seed, plan.submissions, plan.today.0);
    meta::put(&mut tx, BUILT, &world).await?;
    tx.notify().await?;
    Ok(tx.commit().await?)
}
