//! The workers that there were: each for a while, the last one lost a few minutes ago. None of them runs.

use super::calendar::Calendar;
use crate::domain::time::{MINUTE, Timestamp};
use crate::service::{self, Error};
use crate::store::{Tx, worker};

/// The workers, oldest first.
pub(super) struct Workers(Vec<worker::Worker>);

/// Days ago that each began, and its process id.
const BEGAN: &[(i64, i64)] = &[(735, 812), (402, 9_120), (131, 44_017), (11, 1_377)];

impl Workers {
    pub(super) fn new(calendar: Calendar) -> Self {
        let mut all: Vec<worker::Worker> = BEGAN
            .iter()
            .map(|(days_ago, pid)| worker::Worker {
                id: service::new_id(),
                host: "portaal-worker-1".to_owned(),
                pid: *pid,
                via: "worker".to_owned(),
                started_at: calendar.at(*days_ago, 6 * 60 + 2),
                seen_at: calendar.minutes_ago(2),
                stopped_at: Timestamp::NEVER,
            })
            .collect();
        for i in 1..all.len() {
            let end = all[i].started_at.plus(-MINUTE);
            // The one before the last was killed: it never said that it stopped.
            let stopped = if i + 1 == all.len() {
                Timestamp::NEVER
            } else {
                end
            };
            (all[i - 1].seen_at, all[i - 1].stopped_at) = (end, stopped);
        }
        Self(all)
    }

    /// The worker of a moment.
    pub(super) fn at(&self, moment: Timestamp) -> String {
        let then = self.0.iter().rev().find(|w| w.started_at <= moment);
        then.or(self.0.first())
            .map(|w| w.id.clone())
            .unwrap_or_default()
    }

    pub(super) async fn write(&self, tx: &mut Tx) -> Result<(), Error> {
        for one in &self.0 {
            worker::seen(tx, one).await?;
        }
        Ok(())
    }
}
