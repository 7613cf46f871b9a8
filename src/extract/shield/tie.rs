//! How effect is tied to responses: whoever is counted in an effect is a completer, and every completer is counted in the effect of some
//! instrument. Where one instrument is there the two counts are one. Everybody can reckon with that, so every attacker here does.

use super::draft::Key;
use crate::domain::coupling::Response;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::beside::{Beside, Kind, Relation};
use crate::extract::read::Record;
use std::collections::BTreeMap;

/// Cells beside the rows of a part, numbered on from them, and what ties them to the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ties {
    pub(super) beside: Vec<Beside>,
    pub(super) relations: Vec<Relation>,
}

/// What is known of an organisation and profile.
#[derive(Debug, Default)]
struct Care {
    total: Option<usize>,
    completers: Option<usize>,
    effects: Vec<usize>,
}

impl Ties {
    /// The ties between rows at the finest level; those of totals are their sums.
    pub(super) fn of(keys: &[Key], rows: &[Record]) -> Self {
        let mut all: BTreeMap<&[String], Care> = BTreeMap::new();
        for (row, (sheet, codes)) in keys.iter().enumerate() {
            if codes[..2].iter().any(|c| c == TOTAL) {
                continue;
            }
            let care = all.entry(&codes[..2]).or_default();
            match sheet {
                Sheet::Volume if codes[2] == TOTAL => care.total = Some(row),
                Sheet::Response if codes[2] == Response::Completer.as_str() => {
                    care.completers = Some(row);
                }
                Sheet::Effect => care.effects.push(row),
                _ => {}
            }
        }
        let mut ties = Self::default();
        for care in all.values() {
            ties.add(care, rows);
        }
        ties
    }

    /// What of the cells beside the rows is a shared holder's own, by what of the rows is.
    pub(super) fn own(&self, own: &BTreeMap<u32, i64>, keys: &[Key]) -> Vec<(u32, i64)> {
        let mut all = Vec::new();
        for relation in &self.relations {
            let (rows, left): (Relation, Relation) = relation
                .iter()
                .partition(|(cell, _)| (*cell as usize) < keys.len());
            let is_own = rows
                .iter()
                .all(|(row, _)| keys[*row as usize].1[0] == SMALL_HOLDERS);
            let parts = rows
                .iter()
                .map(|(row, sign)| i64::from(*sign) * own.get(row).unwrap_or(&0));
            let part: i64 = parts.sum();
            all.extend(
                left.iter()
                    .filter(|_| is_own)
                    .map(|(cell, _)| (*cell, part.max(0))),
            );
        }
        all
    }

    fn add(&mut self, care: &Care, rows: &[Record]) {
        let Some(whole) = care.completers.or(care.total) else {
            return;
        };
        let effects = care.effects.as_slice();
        if let (Some(completers), [one]) = (care.completers, effects) {
            self.relations
                .push(vec![(narrow(completers), 1), (narrow(*one), -1)]);
            return;
        }
        let value = |row: &usize| rows[*row].value;
        for one in effects {
            let row = vec![(narrow(whole), 1), (narrow(*one), -1)];
            self.leave(rows.len(), row, whole, value(&whole) - value(one));
        }
        if care.completers.is_some() && !effects.is_empty() {
            let mut row: Relation = effects.iter().map(|e| (narrow(*e), 1)).collect();
            row.push((narrow(whole), -1));
            let room = effects.iter().map(value).sum::<i64>() - value(&whole);
            self.leave(rows.len(), row, whole, room);
        }
    }

    /// Ties rows whose signed sum is at least 0: what is left of it is a cell that nobody sees.
    fn leave(&mut self, rows: usize, mut row: Relation, with: usize, room: i64) {
        row.push((narrow(rows + self.beside.len()), -1));
        self.beside.push(Beside {
            // Figures that break the rule teach nobody anything by it.
            value: room.max(0),
            kind: Kind::Free,
            with: Some(with),
            bounds: (None, None),
        });
        self.relations.push(row);
    }
}

fn narrow(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
