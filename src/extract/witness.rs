//! Tables that an attacker cannot tell from the true one, kept as changes, and which needs they meet. Each is checked when it comes in.

use super::rules::Need;
use super::shift::{Shift, holds};
use super::sums::Sums;
use std::collections::HashMap;

/// The witnesses of one pattern.
pub(super) struct Witnesses<'a> {
    sums: &'a Sums,
    values: &'a [i64],
    needs: HashMap<u32, Vec<(usize, Need)>>,
    pub(super) kept: Vec<Shift>,
    /// The first witness of each need.
    pub(super) by: Vec<Option<u32>>,
}

impl<'a> Witnesses<'a> {
    pub(super) fn new(sums: &'a Sums, values: &'a [i64], needs: &[(usize, Need)]) -> Self {
        let mut of: HashMap<u32, Vec<(usize, Need)>> = HashMap::new();
        for (number, (cell, need)) in needs.iter().enumerate() {
            of.entry(narrow(*cell)).or_default().push((number, *need));
        }
        Self {
            sums,
            values,
            by: vec![None; needs.len()],
            needs: of,
            kept: Vec::new(),
        }
    }

    pub(super) fn is_met(&self, need: usize) -> bool {
        self.by[need].is_some()
    }

    /// Needs that nothing shows to be possible yet.
    pub(super) fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.by.len()).filter(|n| self.by[*n].is_none())
    }

    /// Takes in a table when it is one and shows something new. Tells whether it is kept.
    pub(super) fn offer(&mut self, shift: &Shift) -> bool {
        let mut met = Vec::new();
        for (cell, change) in shift {
            for (number, need) in self.needs.get(cell).into_iter().flatten() {
                if self.by[*number].is_none() && need.is_met(*change) {
                    met.push(*number);
                }
            }
        }
        if met.is_empty() || !holds(self.sums, self.values, shift) {
            return false;
        }
        let number = narrow(self.kept.len());
        self.kept.push(shift.clone());
        for need in met {
            self.by[need] = Some(number);
        }
        true
    }

    /// Offers every multiple of a direction that could meet a need of one of its cells.
    pub(super) fn offer_multiples(&mut self, direction: &Shift) {
        let (mut low, mut high) = (i64::MIN / 4, i64::MAX / 4);
        for (cell, step) in direction {
            let value = self.values[*cell as usize];
            if *step > 0 {
                low = low.max(-(value / step));
            } else {
                high = high.min(value / -step);
            }
        }
        let mut times: Vec<i64> = Vec::new();
        for (cell, step) in direction {
            for (number, need) in self.needs.get(cell).into_iter().flatten() {
                if self.by[*number].is_some() {
                    continue;
                }
                for change in need.changes() {
                    // Rounded away from 0, so that the change is reached.
                    let up = i64::from(change % step != 0);
                    times.push(change / step + up * (change.signum() * step.signum()));
                }
            }
        }
        times.sort_unstable();
        times.dedup();
        for by in times {
            if by != 0 && low <= by && by <= high {
                self.offer(&direction.iter().map(|(c, s)| (*c, s * by)).collect());
            }
        }
    }

    /// Drops witnesses that others make needless, and gives the cells that the rest move.
    pub(super) fn thin(&mut self) -> Vec<bool> {
        let mut used = vec![false; self.kept.len()];
        for by in self.by.iter().flatten() {
            used[*by as usize] = true;
        }
        let mut number = vec![0; self.kept.len()];
        let mut kept = Vec::new();
        for (at, shift) in std::mem::take(&mut self.kept).into_iter().enumerate() {
            if used[at] {
                number[at] = narrow(kept.len());
                kept.push(shift);
            }
        }
        self.kept = kept;
        for by in self.by.iter_mut().flatten() {
            *by = number[*by as usize];
        }
        let mut moved = vec![false; self.values.len()];
        for (cell, _) in self.kept.iter().flatten() {
            moved[*cell as usize] = true;
        }
        moved
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
