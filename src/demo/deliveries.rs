//! Two years of deliveries: when each arrived and what was found, with the seasons of the trade. Rows only; no files are kept.

use super::calendar::Calendar;
use super::cast::Provider;
use super::chance::Chance;
use super::names::BROKEN_VENDOR;
use super::schedule::Window;
use super::verdict::{self, Verdict};
use crate::domain::time::{MINUTE, SECOND, Timestamp};
use crate::service;
use crate::store::submission::{Finding, Submission};
use chrono::Datelike;
use std::collections::{HashMap, VecDeque};

/// Days of deliveries.
const DAYS: i64 = 730;
/// The newest delivery is this old.
const LATEST: i64 = 25 * MINUTE;

/// Deliveries in the order of arrival.
pub(super) struct Deliveries<'a> {
    cast: &'a [Provider],
    calendar: Calendar,
    chance: Chance,
    windows: Vec<Window>,
    /// Days ago and how many arrive then, oldest first.
    plan: VecDeque<(i64, u64)>,
    /// The rest of the day that is being handed out.
    day: VecDeque<(Timestamp, usize)>,
    /// How many each organisation delivered before.
    before: HashMap<usize, i64>,
}

/// One delivery with what was found in it.
pub(super) struct Delivery {
    pub(super) row: Submission,
    pub(super) findings: Vec<Finding>,
    pub(super) verdict: Verdict,
}

impl<'a> Deliveries<'a> {
    pub(super) fn new(
        cast: &'a [Provider],
        calendar: Calendar,
        mut chance: Chance,
        windows: Vec<Window>,
        count: u64,
    ) -> Self {
        let plan = spread(&calendar, &mut chance, &windows, count);
        Self {
            cast,
            calendar,
            chance,
            windows,
            plan,
            day: VecDeque::new(),
            before: HashMap::new(),
        }
    }

    /// So many more on the next day.
    pub(super) fn add(&mut self, more: u64) {
        if let Some((_, count)) = self.plan.front_mut() {
            *count += more;
        }
    }

    /// The next delivery that arrived before a moment: when, and whose.
    pub(super) fn next(&mut self, before: Timestamp) -> Option<(Timestamp, usize)> {
        while self.day.is_empty() {
            let (days_ago, count) = self.plan.pop_front()?;
            self.fill(days_ago, count);
        }
        self.day.pop_front_if(|(at, _)| *at < before)
    }

    fn fill(&mut self, days_ago: i64, count: u64) {
        let noon = self.calendar.at(days_ago, 12 * 60);
        let open: Vec<usize> = self
            .windows
            .iter()
            .filter(|w| w.from <= noon && noon <= w.until)
            .flat_map(|w| {
                std::iter::repeat_n(
                    w.provider,
                    usize::try_from(self.cast[w.provider].weight).unwrap_or(1),
                )
            })
            .collect();
        if open.is_empty() {
            return;
        }
        let latest = self.calendar.today.plus(-LATEST);
        let mut day: Vec<(Timestamp, usize)> = (0..count)
            .map(|_| {
                let p = self.chance.pick(&open);
                let at = self.moment(days_ago, p);
                let early = latest.plus(-self.chance.between(0, 240) * MINUTE);
                (if at < latest { at } else { early }, p)
            })
            .collect();
        day.sort_unstable();
        self.day = day.into();
    }

    /// Vendors deliver at night, organisations themselves by day.
    fn moment(&mut self, days_ago: i64, p: usize) -> Timestamp {
        let minute = if self.cast[p].route == "automatic" {
            self.chance.between(4, 5 * 60 + 40)
        } else {
            self.chance.between(8 * 60, 18 * 60)
        };
        let second = self.chance.between(0, 59) * SECOND;
        self.calendar.at(days_ago, minute).plus(second)
    }

    /// The delivery itself.
    pub(super) fn delivery(
        &mut self,
        at: Timestamp,
        p: usize,
        organisation: &str,
        vendor: &str,
    ) -> Delivery {
        let (vendor_place, weight) = (self.cast[p].vendor, self.cast[p].weight);
        let days_ago = self.calendar.days_since(at);
        let earlier = self.before.entry(p).or_default();
        *earlier += 1;
        let times = *earlier;
        let cause = cause(vendor_place, days_ago);
        let rows = weight * self.chance.between(12, 90) + self.chance.between(3, 40);
        let verdict = verdict::draw(&mut self.chance, cause, rows, (days_ago, times));
        let findings = verdict.findings(&mut self.chance, rows);
        let mut row = self.row(at, p, rows, &verdict);
        organisation.clone_into(&mut row.organisation_id);
        row.vendor_id = Some(vendor.to_owned());
        row.finding_count = findings.iter().map(|f| f.count).sum();
        let refused = findings.iter().find(|f| f.severity == "file");
        if let (Some(f), true) = (refused, row.state == "invalid") {
            row.cause.clone_from(&f.code);
        }
        Delivery {
            row,
            findings,
            verdict,
        }
    }

    /// The row without what only the caller knows.
    fn row(&mut self, at: Timestamp, p: usize, rows: i64, verdict: &Verdict) -> Submission {
        let provider = &self.cast[p];
        let ended = at.plus(self.chance.between(1500, 9000));
        let automatic = provider.route == "automatic";
        Submission {
            id: service::new_id(),
            organisation_id: String::new(),
            vendor_id: None,
            kind: "rom".to_owned(),
            specification: "rom-1".to_owned(),
            source: if automatic { "intake" } else { "upload" }.to_owned(),
            file_name: file_name(provider, &Calendar::date_of(at), p),
            sha256: self.chance.digest(),
            bytes: 270 + rows * self.chance.between(104, 131),
            detected: verdict::DETECTED[provider.vendor % verdict::DETECTED.len()].to_owned(),
            state: verdict.state.as_str().to_owned(),
            state_at: ended,
            hold: String::new(),
            reason: verdict.reason.to_owned(),
            received_at: at,
            row_count: rows,
            accepted: verdict.accepted,
            ignored: verdict.ignored,
            finding_count: 0,
            paths_new: verdict.paths.0,
            paths_changed: verdict.paths.1,
            paths_same: verdict.paths.2,
            assigned: String::new(),
            changed_at: ended,
            changed_by: "portaal worker".to_owned(),
            version: 3,
            connection_id: None,
            account_id: None,
            test: 0,
            cause: String::new(),
            checked_bytes: 0,
            file_removed_at: super::measuring::removed(ended, self.calendar.today),
        }
    }
}

/// A vendor whose files fail for one cause for a while.
fn cause(vendor: usize, days_ago: i64) -> Option<&'static [verdict::Found]> {
    match (vendor, days_ago) {
        (BROKEN_VENDOR, 0..=9) => Some(verdict::RENAMED),
        (4, 395..=412) => Some(verdict::ENCODING),
        _ => None,
    }
}

fn file_name(provider: &Provider, day: &str, p: usize) -> String {
    match p % 3 {
        0 => format!("rom_{}_{day}.csv", provider.agb),
        1 => format!("export-{}.csv", day.replace('-', "")),
        _ => format!("ROM {} {day}.csv", provider.domain),
    }
}

/// How many arrive on each day, oldest first.
fn spread(
    calendar: &Calendar,
    chance: &mut Chance,
    windows: &[Window],
    count: u64,
) -> VecDeque<(i64, u64)> {
    let days: Vec<i64> = (0..DAYS).rev().collect();
    let open = |days_ago: i64| {
        let noon = calendar.at(days_ago, 12 * 60);
        windows.iter().any(|w| w.from <= noon && noon <= w.until)
    };
    let weights: Vec<u128> = days
        .iter()
        .map(|d| {
            if open(*d) {
                weight(calendar, chance, *d)
            } else {
                0
            }
        })
        .collect();
    let total: u128 = weights.iter().sum::<u128>().max(1);
    let mut sum = 0;
    let mut given = 0;
    let mut plan = VecDeque::new();
    for (days_ago, weight) in days.into_iter().zip(weights) {
        sum += weight;
        let due = u64::try_from(u128::from(count) * sum / total).unwrap_or(count);
        plan.push_back((days_ago, due - given));
        given = due;
    }
    plan
}

/// More at the end of a half-year and of a quarter, less at the weekend, more and more over the years.
fn weight(calendar: &Calendar, chance: &mut Chance, days_ago: i64) -> u128 {
    let date = calendar.date(days_ago);
    let season = match (date.month(), date.day()) {
        (6 | 12, 10..) | (1 | 7, ..=12) => 38,
        (3 | 9, 20..) | (4 | 10, ..=5) => 17,
        _ => 10,
    };
    let week = if calendar.is_weekend(days_ago) {
        55
    } else {
        100
    };
    let growth = 1000 + (DAYS - days_ago);
    // The last two weeks are the end of a term: every day has something to show.
    let recent = if days_ago < 15 { 40 } else { 10 };
    let luck = chance.between(60, 140);
    u128::try_from(season * week * growth * recent * luck).unwrap_or_default()
}
