//! Files of measurements that organisations deliver by their connection twice a year: real files, taken in, checked and stored as the
//! intake and the worker do it.

use super::care::{self, CarePath, Stretch};
use super::chance::{Chance, Purpose};
use super::schedule::{Deed, Planner, Scene, Window};
use super::stage::Stage;
use super::work;
use crate::domain::job::JobKind;
use crate::domain::submission::State;
use crate::domain::time::{DAY, SECOND, Timestamp};
use crate::language::display;
use crate::service::arrival::{self, By};
use crate::service::intake_file::Incoming;
use crate::service::{self, Call, Error, retention};
use crate::store::history;
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;

/// Days after the beginning of a half-year that files come, at least.
const AFTER: i64 = 6;
/// Most bytes of a file.
const MOST: u64 = 64 << 20;

/// What is known of the care that is given.
#[derive(Debug, Default)]
pub(super) struct Care {
    /// Rows of measurements in the whole world.
    pub(super) rows: u64,
    pub(super) seed: u64,
    /// Files that were planned and did not come, until others come for them.
    pub(super) missed: u64,
    paths: HashMap<usize, Vec<CarePath>>,
    /// Until when each organisation reported.
    reported: HashMap<usize, NaiveDate>,
}

/// Plans the files of every organisation that can deliver: soon after it can, and after the end of every half-year.
pub(super) fn plan(planner: &mut Planner<'_>, windows: &[Window]) {
    for window in windows {
        let first = planner.calendar.days_since(window.from) - 20;
        let mut days: Vec<i64> = (0..first)
            .filter(|days_ago| planner.calendar.begins_half_year(*days_ago))
            .map(|days_ago| days_ago - AFTER - planner.chance.between(0, 18))
            .collect();
        days.push(first);
        for days_ago in days {
            let minute = planner.chance.between(60, 5 * 60);
            let at = planner.calendar.at(days_ago.max(0), minute);
            if days_ago > 0 && at < window.until {
                planner.add(at, Deed::Measured(window.provider));
            }
        }
    }
    for days_ago in (3..super::schedule::BEGIN).step_by(28) {
        let at = planner.calendar.at(days_ago, 5 * 60 + 10);
        planner.add(at, Deed::Sweep);
    }
}

/// How many files a plan holds: one of measurements and, of most, one of clients' opinions each time.
pub(super) fn files(scenes: &[Scene]) -> u64 {
    let files = |scene: &Scene| match scene.deed {
        Deed::Measured(p) => 1 + u64::from(asks(p)),
        _ => 0,
    };
    scenes.iter().map(files).sum()
}

/// Whether an organisation asks its clients what they think; every sixth does not yet.
const fn asks(p: usize) -> bool {
    p % 6 != 5
}

/// An organisation delivers both files, if its connection is open.
pub(super) async fn deliver(stage: &mut Stage<'_>, p: usize) -> Result<(), Error> {
    let now = stage.services.clock.now();
    let until: NaiveDate = display::iso_date(now).parse().unwrap_or_default();
    let today = stage.calendar.date(0);
    let begin = care::beginning(today);
    if !stage.care.paths.contains_key(&p) {
        let given = given(stage, p, (begin, today));
        stage.care.paths.insert(p, given);
    }
    let after = stage.care.reported.get(&p).copied().unwrap_or(begin);
    let stretch = Stretch { after, until };
    let agb = stage.cast[p].agb.clone();
    let paths = stage.care.paths.get(&p).map_or(&[][..], Vec::as_slice);
    let [rom, cqi] = [
        (
            format!("rom_{agb}_{until}.csv"),
            care::rom(&agb, paths, stretch),
        ),
        (
            format!("cqi_{agb}_{until}.csv"),
            care::cqi(&agb, paths, stretch),
        ),
    ];
    let files = std::iter::once(rom).chain(asks(p).then_some(cqi));
    let planned = 1 + u64::from(asks(p));
    let mut missed = planned;
    for (name, text) in files {
        if text.lines().count() > 1 && send(stage, p, &name, text.as_bytes()).await? {
            missed -= 1;
        }
        let now = stage.services.clock.now();
        stage.services.clock.set(now.plus(2 * SECOND));
    }
    stage.care.missed += missed;
    if missed < planned {
        stage.care.reported.insert(p, until);
    }
    Ok(())
}

/// More of it where more is delivered.
fn given(stage: &Stage<'_>, p: usize, stretch: (NaiveDate, NaiveDate)) -> Vec<CarePath> {
    let delivers = |q: &&super::cast::Provider| q.fate.is_completed() && q.delivers();
    let all: i64 = stage.cast.iter().filter(delivers).map(|q| q.weight).sum();
    let own = u64::try_from(stage.cast[p].weight).unwrap_or_default();
    let rows = stage.care.rows * own / u64::try_from(all).unwrap_or_default().max(1);
    let mut chance = Chance::of(stage.care.seed, Purpose::Care, p);
    care::given(&mut chance, rows, stretch)
}

/// One file, from its bytes to what was stored of it; whether it was taken in.
async fn send(stage: &mut Stage<'_>, p: usize, name: &str, bytes: &[u8]) -> Result<bool, Error> {
    let mut tx = stage.services.db.read().await?;
    let connection = history::connection_of(&mut tx, stage.organisation(p)?).await?;
    tx.rollback().await?;
    let Some(connection) = connection.filter(|c| c.state == "live") else {
        return Ok(false);
    };
    let mut file = Incoming::begin(&stage.services.settings.files, MOST)?;
    file.write(bytes)?;
    let kept = file.keep(name)?;
    let call = Call::new(&stage.portal);
    let by = By::Connection(connection.id);
    let (_, receipt) = arrival::receive(&stage.services, &call, &by, None, kept).await?;
    if receipt.state == State::Received.as_str() {
        let now = stage.services.clock.now();
        stage.services.clock.set(now.plus(2 * SECOND));
        service::submission::process(&stage.services, &receipt.id).await?;
        work::finish(stage, JobKind::Submission).await?;
    }
    Ok(true)
}

/// Files whose time is over are removed.
pub(super) async fn sweep(stage: &Stage<'_>) -> Result<(), Error> {
    retention::files(&stage.services, &Call::new(&Arc::clone(&stage.worker))).await
}

/// When the file of a delivery that came to an end at a moment was removed, as seen from today.
pub(super) fn removed(ended: Timestamp, today: Timestamp) -> Timestamp {
    let over = ended.plus(30 * DAY);
    if over < today { over } else { Timestamp::NEVER }
}
