//! Tables that an attacker cannot tell from the true one, kept as changes, and which demands they meet. Each is checked when it comes in.
//! A table that leaves an insider's own cells alone convinces that insider too; so a few tables serve all attackers.

use super::demand::{Demand, Eyes, Insiders};
use super::problem::{Problem, narrow};
use super::shift::Shift;
use super::sums::holds;

/// The witnesses of one pattern.
pub(super) struct Witnesses<'a> {
    problem: &'a Problem,
    insiders: Insiders,
    demands: Vec<Demand>,
    /// Demands of each cell.
    of: Vec<Vec<u32>>,
    pub(super) kept: Vec<Shift>,
    state: Vec<State>,
}

/// How far one demand is met.
#[derive(Debug, Clone, Default)]
struct State {
    /// Witnesses that show it.
    by: Vec<u32>,
    /// Insiders who know better than each of them; none while there is no witness at all.
    left: Option<Vec<u32>>,
}

/// A witness that was dropped, and the demands that it showed, as they were.
#[derive(Debug, Clone)]
pub(super) struct Dropped {
    witness: usize,
    pub(super) shift: Shift,
    pub(super) demands: Vec<usize>,
    states: Vec<State>,
}

impl<'a> Witnesses<'a> {
    pub(super) fn new(problem: &'a Problem, insiders: Insiders, demands: Vec<Demand>) -> Self {
        let mut of = vec![Vec::new(); problem.cells.len()];
        for (number, demand) in demands.iter().enumerate() {
            of[demand.cell].push(narrow(number));
        }
        Self {
            state: vec![State::default(); demands.len()],
            kept: Vec::new(),
            problem,
            insiders,
            demands,
            of,
        }
    }

    pub(super) fn demand(&self, number: usize) -> &Demand {
        &self.demands[number]
    }

    /// Who knows a cell as its own.
    pub(super) fn owner(&self, cell: usize) -> u32 {
        self.insiders.of[cell]
    }

    /// How far each cell can fall in the eyes of all of these.
    pub(super) fn depths(&self, of: &[u32]) -> Vec<i64> {
        self.insiders.depths(self.problem.values(), of)
    }

    pub(super) fn is_met(&self, demand: usize) -> bool {
        self.state[demand].left.as_ref().is_some_and(Vec::is_empty)
    }

    /// Demands that are not met in the eyes of everybody.
    pub(super) fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.demands.len()).filter(|n| !self.is_met(*n))
    }

    /// Insiders whose cells the next witness of a demand must leave alone.
    pub(super) fn avoid(&self, demand: usize) -> &[u32] {
        match (&self.demands[demand].eyes, &self.state[demand].left) {
            (Eyes::One(code), _) => std::slice::from_ref(code),
            (Eyes::AllBut(_), Some(left)) => left,
            (Eyes::AllBut(_), None) => &[],
        }
    }

    /// Takes in a table when it is one and shows something new. Tells whether it is kept.
    pub(super) fn offer(&mut self, shift: &Shift) -> bool {
        let mut touched = None;
        let mut news = Vec::new();
        for (cell, change) in shift {
            for number in &self.of[*cell as usize] {
                let at = *number as usize;
                if self.is_met(at) || !self.demands[at].need.is_met(*change) {
                    continue;
                }
                let touched = touched.get_or_insert_with(|| self.insiders.touched(shift));
                if let Some(left) = left(
                    &self.demands[at].eyes,
                    self.state[at].left.as_ref(),
                    touched,
                ) {
                    news.push((at, left));
                }
            }
        }
        if news.is_empty() || !holds(&self.problem.sums, self.problem.values(), shift) {
            return false;
        }
        let number = narrow(self.kept.len());
        self.kept.push(shift.clone());
        for (at, left) in news {
            self.state[at].by.push(number);
            self.state[at].left = Some(left);
        }
        true
    }

    /// Offers every multiple of a direction that could meet a demand of one of its cells.
    pub(super) fn offer_multiples(&mut self, direction: &Shift) {
        let (mut low, mut high) = (i64::MIN / 4, i64::MAX / 4);
        for (cell, step) in direction {
            let value = self.problem.values()[*cell as usize];
            if *step > 0 {
                low = low.max(-(value / step));
            } else {
                high = high.min(value / -step);
            }
        }
        let mut times: Vec<i64> = Vec::new();
        for (cell, step) in direction {
            for number in &self.of[*cell as usize] {
                if self.is_met(*number as usize) {
                    continue;
                }
                for change in self.demands[*number as usize].need.changes() {
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

    /// Forgets a witness, and what depended on it; gives both, to put back.
    pub(super) fn drop_one(&mut self, witness: usize) -> Dropped {
        let number = narrow(witness);
        let shift = std::mem::take(&mut self.kept[witness]);
        let moved = shift.iter().flat_map(|(cell, _)| &self.of[*cell as usize]);
        let shown = moved.map(|n| *n as usize);
        let demands: Vec<usize> = shown
            .filter(|n| self.state[*n].by.contains(&number))
            .collect();
        let mut states = Vec::new();
        for at in &demands {
            let by = self.state[*at].by.clone();
            states.push(std::mem::take(&mut self.state[*at]));
            for other in by.into_iter().filter(|w| *w != number) {
                let touched = self.insiders.touched(&self.kept[other as usize]);
                let eyes = &self.demands[*at].eyes;
                if let Some(left) = left(eyes, self.state[*at].left.as_ref(), &touched) {
                    self.state[*at].by.push(other);
                    self.state[*at].left = Some(left);
                }
            }
        }
        Dropped {
            witness,
            shift,
            demands,
            states,
        }
    }

    /// Puts a witness back and forgets those that came after it was dropped.
    pub(super) fn restore(&mut self, dropped: Dropped, kept: usize) {
        let late = self.kept.split_off(kept);
        self.kept[dropped.witness] = dropped.shift;
        for (at, state) in dropped.demands.into_iter().zip(dropped.states) {
            self.state[at] = state;
        }
        // What came meanwhile may have met a need that was open before, and that no dropped one had to do with.
        for (cell, _) in late.iter().flatten() {
            for number in &self.of[*cell as usize] {
                let at = *number as usize;
                if self.state[at].by.iter().any(|w| *w as usize >= kept) {
                    let by = std::mem::take(&mut self.state[at]).by;
                    for other in by.into_iter().filter(|w| (*w as usize) < kept) {
                        let touched = self.insiders.touched(&self.kept[other as usize]);
                        let before = self.state[at].left.as_ref();
                        if let Some(left) = left(&self.demands[at].eyes, before, &touched) {
                            self.state[at].by.push(other);
                            self.state[at].left = Some(left);
                        }
                    }
                }
            }
        }
    }

    /// Drops witnesses that others make needless, and gives the cells that the rest move.
    pub(super) fn thin(&mut self) -> Vec<bool> {
        let mut used = vec![false; self.kept.len()];
        for by in self.state.iter().flat_map(|s| &s.by) {
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
        for by in self.state.iter_mut().flat_map(|s| &mut s.by) {
            *by = number[*by as usize];
        }
        let mut moved = vec![false; self.problem.cells.len()];
        for (cell, _) in self.kept.iter().flatten() {
            moved[*cell as usize] = true;
        }
        moved
    }
}

/// Who is left unconvinced when one more witness moves the cells of these; none when it brings nothing.
fn left(eyes: &Eyes, before: Option<&Vec<u32>>, touched: &[u32]) -> Option<Vec<u32>> {
    let is_touched = |code: &u32| touched.binary_search(code).is_ok();
    match (eyes, before) {
        (Eyes::One(code), _) => (!is_touched(code)).then(Vec::new),
        (Eyes::AllBut(out), None) => {
            let left = touched.iter().copied().filter(|code| !out.contains(code));
            Some(left.collect())
        }
        (Eyes::AllBut(_), Some(before)) => {
            let left: Vec<u32> = before.iter().copied().filter(is_touched).collect();
            (left.len() < before.len()).then_some(left)
        }
    }
}
