//! What whole tables show of a row in the eyes of each attacker: an insider sees through those that change its own rows. Part of the checker:
//! it shares nothing with the engine.

use super::certificate::{Certificate, Way};
use super::read::{Record, Table};
use super::rules::Zeros;
use super::verify::{Refusal, parents};
use std::collections::{HashMap, HashSet};

/// Lowest and highest change that one attacker must think possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reach {
    pub(super) low: i64,
    pub(super) high: i64,
    /// What is the attacker's own in the row.
    pub(super) own: i64,
}

/// The insiders, and what they know.
pub(super) struct Eyes<'a> {
    insiders: Vec<&'a str>,
    dimension: usize,
    rows: &'a [Record],
    /// Insiders whose rows each witness changes.
    touched: Vec<HashSet<&'a str>>,
    index: HashMap<&'a [String], i64>,
    /// Codes that each insider counts in.
    above: HashMap<&'a str, HashSet<&'a str>>,
    zeros: Zeros,
}

impl<'a> Eyes<'a> {
    pub(super) fn new(
        table: &'a Table,
        rows: &'a [Record],
        certificate: &'a Certificate,
    ) -> Result<Self, Refusal> {
        let mut eyes = Self {
            insiders: Vec::new(),
            dimension: 0,
            rows,
            touched: Vec::new(),
            index: HashMap::new(),
            above: HashMap::new(),
            zeros: certificate.rules.zeros,
        };
        let Some(name) = &certificate.rules.insider else {
            return Ok(eyes);
        };
        let place = table.dimensions.iter().position(|d| d == name);
        eyes.dimension = place.ok_or(Refusal::Form)?;
        eyes.place(table, certificate, name);
        let own = |(row, _): &(u32, i64)| rows[*row as usize].codes.get(eyes.dimension);
        let touched = certificate.witnesses.iter().map(|w| {
            let codes = w.iter().filter_map(own).map(String::as_str);
            codes.collect()
        });
        eyes.touched = touched.collect();
        eyes.index = table
            .rows
            .iter()
            .map(|r| (r.codes.as_slice(), r.value))
            .collect();
        Ok(eyes)
    }

    /// Finds out who is an insider, and what each counts in.
    fn place(&mut self, table: &'a Table, certificate: &'a Certificate, name: &str) {
        let total = certificate.total.as_str();
        let ways: Vec<&Way> = certificate
            .hierarchies
            .iter()
            .filter(|w| w.dimension == name)
            .collect();
        let flat = ways.is_empty().then_some(None);
        let maps: Vec<HashMap<&str, &str>> = ways
            .into_iter()
            .map(Some)
            .chain(flat)
            .map(|way| parents(table, self.dimension, total, way))
            .collect();
        let groups: HashSet<&str> = maps.iter().flat_map(|m| m.values().copied()).collect();
        let mut seen = HashSet::new();
        for row in &table.rows {
            let code = row.codes[self.dimension].as_str();
            if code == total || groups.contains(code) || !seen.insert(code) {
                continue;
            }
            self.insiders.push(code);
            let above = self.above.entry(code).or_default();
            for map in &maps {
                let mut next = map.get(code).copied();
                while let Some(parent) = next.filter(|p| above.insert(p)) {
                    next = map.get(parent).copied();
                }
            }
        }
    }

    /// What each attacker must think possible of a row, the outsider first; `changes` are those of each row by witness.
    pub(super) fn reach(&self, at: usize, changes: &[Vec<(usize, i64)>]) -> Vec<Reach> {
        let row = &self.rows[at];
        let reach = |own: i64, shows: &dyn Fn(usize) -> bool| {
            let mut reach = Reach {
                own,
                ..Reach::default()
            };
            for (_, change) in changes[at].iter().filter(|(number, _)| shows(*number)) {
                reach.low = reach.low.min(*change);
                reach.high = reach.high.max(*change);
            }
            reach
        };
        let mut all = vec![reach(0, &|_| true)];
        for insider in &self.insiders {
            let own = self.own(row, insider).unwrap_or(0);
            let is_theirs = row.codes.get(self.dimension).is_some_and(|c| c == insider);
            // Who has all of it, and sees that others have nothing or that there are none, learns nothing of anybody.
            let is_all = self.own(row, insider) == Some(row.value)
                && (self.zeros == Zeros::Publish || self.is_alone(row));
            if !is_theirs && !is_all {
                all.push(reach(own, &|number| {
                    !self.touched[number].contains(insider)
                }));
            }
        }
        all
    }

    /// Whether one insider only counts in a row.
    fn is_alone(&self, row: &Record) -> bool {
        let parts = self.insiders.iter().filter_map(|i| self.own(row, i));
        parts.take(2).count() == 1
    }

    /// What of a row is an insider's own, if it counts in it at all.
    fn own(&self, row: &Record, insider: &str) -> Option<i64> {
        let code = row.codes.get(self.dimension)?;
        let is_beside = row.line == 0;
        if is_beside
            || !self
                .above
                .get(insider)
                .is_some_and(|a| a.contains(code.as_str()))
        {
            return None;
        }
        let mut codes = row.codes.clone();
        insider.clone_into(&mut codes[self.dimension]);
        self.index.get(codes.as_slice()).copied()
    }
}
