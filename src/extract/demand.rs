//! What must stay possible, and in whose eyes: the outsider knows what is published, an insider its own cells as well.

use super::beside::Kind;
use super::problem::{Problem, TOTAL, narrow};
use super::read::Status;
use super::rules::{Interval, Need, Rules, Zeros};
use std::collections::{BTreeMap, HashMap};

/// Nobody's code.
pub(super) const NOBODY: u32 = u32::MAX;

/// A need and who must find it met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Demand {
    /// The cell.
    pub(super) cell: usize,
    /// What must be possible.
    pub(super) need: Need,
    /// In whose eyes.
    pub(super) eyes: Eyes,
}

/// Attackers of one need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Eyes {
    /// The outsider, and every insider but these.
    AllBut(Vec<u32>),
    /// One insider.
    One(u32),
}

/// Who knows which cell as its own.
#[derive(Debug, Clone)]
pub(super) struct Insiders {
    /// Code of the one that knows a cell, `NOBODY` when nobody does.
    pub(super) of: Vec<u32>,
    dimension: Option<usize>,
    /// How far a cell can fall in the eyes of each of those who are counted together in it.
    depths: BTreeMap<u32, Vec<(u32, i64)>>,
}

impl Insiders {
    /// The insiders of a dimension, one per code with no other code beneath it; none when there is no such dimension.
    pub(super) fn new(problem: &Problem, name: Option<&str>) -> Self {
        let dimension = name.and_then(|n| problem.dimensions.iter().position(|d| d == n));
        let mut of = vec![NOBODY; problem.cells.len()];
        let mut depths: BTreeMap<u32, Vec<(u32, i64)>> = BTreeMap::new();
        if let Some(dimension) = dimension {
            // Who is counted with others has no code of the tables, so theirs begin after those.
            for (code, member) in (narrow(problem.codes[dimension].len())..).zip(&problem.members) {
                for (cell, part) in member {
                    let depth = problem.cells[*cell as usize].value - part;
                    depths.entry(*cell).or_default().push((code, depth));
                }
            }
            let own = codes(problem, dimension);
            for (of, cell) in of.iter_mut().zip(&problem.cells) {
                if let Some(code) = cell.codes.get(dimension).filter(|c| own[**c as usize]) {
                    *of = *code;
                }
            }
        }
        Self {
            of,
            dimension,
            depths,
        }
    }

    /// Those who know a cell that moves, or have more of it than a shift leaves, in order, each once.
    pub(super) fn touched(&self, shift: &[(u32, i64)]) -> Vec<u32> {
        let of = shift.iter().map(|(cell, _)| self.of[*cell as usize]);
        let mut all: Vec<u32> = of.filter(|code| *code != NOBODY).collect();
        for (cell, by) in shift.iter().filter(|(_, by)| *by < 0) {
            let members = self.depths.get(cell).into_iter().flatten();
            all.extend(members.filter(|(_, depth)| *depth < -by).map(|m| m.0));
        }
        all.sort_unstable();
        all.dedup();
        all
    }

    /// How far each cell can fall in the eyes of all of these.
    pub(super) fn depths(&self, values: &[i64], of: &[u32]) -> Vec<i64> {
        let mut all = values.to_vec();
        for (cell, members) in &self.depths {
            let known = members.iter().filter(|(code, _)| of.contains(code));
            let least = known.map(|(_, depth)| *depth).min();
            let depth = &mut all[*cell as usize];
            *depth = least.map_or(*depth, |least| least.min(*depth));
        }
        all
    }

    /// What each of those who are counted together has of a cell.
    fn members(&self, cell: usize, value: i64) -> impl Iterator<Item = (u32, i64)> + '_ {
        let all = self.depths.get(&narrow(cell)).into_iter().flatten();
        all.map(move |(code, depth)| (*code, value - depth))
    }
}

/// Which codes of a dimension are somebody: the total and groups are not.
fn codes(problem: &Problem, dimension: usize) -> Vec<bool> {
    let mut own = vec![true; problem.codes[dimension].len()];
    own[TOTAL as usize] = false;
    for parent in problem.parents[dimension].iter().flatten() {
        own[*parent as usize] = false;
    }
    own
}

/// Codes of a dimension that are an insider each.
pub(super) fn insiders(problem: &Problem, dimension: usize) -> Vec<u32> {
    let own = codes(problem, dimension);
    (0_u32..)
        .zip(own)
        .filter(|(_, is)| *is)
        .map(|(code, _)| code)
        .collect()
}

/// Everything that must be possible of cells hidden for their own sake, in the order of cells.
pub(super) fn demands(problem: &Problem, rules: &Rules, insiders: &Insiders) -> Vec<Demand> {
    let parts = Parts::new(problem, insiders);
    let mut all = Vec::new();
    for (at, cell) in problem.cells.iter().enumerate() {
        if rules.reason(cell).is_none() {
            continue;
        }
        let bounds = match rules.interval {
            Interval::Exact => None,
            Interval::Threshold => Some(rules.bounds(cell)),
        };
        parts.demand(at, bounds, rules.zeros, &mut all);
    }
    all
}

/// What must be possible in the eyes of one insider.
pub(super) fn demands_of(code: u32, demands: &[Demand]) -> Vec<Demand> {
    let concerns = |d: &&Demand| match &d.eyes {
        Eyes::AllBut(out) => !out.contains(&code),
        Eyes::One(one) => *one == code,
    };
    let alone = |d: &Demand| Demand {
        eyes: Eyes::AllBut(Vec::new()),
        ..d.clone()
    };
    demands.iter().filter(concerns).map(alone).collect()
}

/// What must be possible of hidden cells in the eyes of one attacker: of primary ones the interval, of others a second value.
pub(super) fn attacked(problem: &Problem, rules: &Rules, hidden: &[bool]) -> Vec<Demand> {
    let mut all = Vec::new();
    for (at, cell) in problem.cells.iter().enumerate() {
        if !hidden[at] || cell.kind == Kind::Free {
            continue;
        }
        if cell.status == Status::Secondary || rules.interval == Interval::Exact {
            push(&mut all, at, Need::Other, Eyes::AllBut(Vec::new()));
        } else {
            let (low, high) = rules.bounds(cell);
            push(
                &mut all,
                at,
                Need::Down(low - cell.value),
                Eyes::AllBut(Vec::new()),
            );
            push(
                &mut all,
                at,
                Need::Up(high - cell.value),
                Eyes::AllBut(Vec::new()),
            );
        }
    }
    all
}

fn push(all: &mut Vec<Demand>, cell: usize, need: Need, eyes: Eyes) {
    if !need.is_met(0) {
        all.push(Demand { cell, need, eyes });
    }
}

/// What of a total is an insider's own.
struct Parts<'a> {
    problem: &'a Problem,
    insiders: &'a Insiders,
    index: HashMap<&'a [u32], usize>,
    /// Insiders beneath each code of the dimension.
    beneath: Vec<Vec<u32>>,
}

impl<'a> Parts<'a> {
    fn new(problem: &'a Problem, insiders: &'a Insiders) -> Self {
        let mut parts = Self {
            problem,
            insiders,
            index: HashMap::new(),
            beneath: Vec::new(),
        };
        if let Some(dimension) = insiders.dimension {
            parts.index = problem.index();
            parts.beneath = beneath(problem, dimension);
        }
        parts
    }

    /// The insiders that have a cell which counts in this one, and its value.
    fn of(&self, cell: usize) -> Vec<(u32, i64)> {
        let Some(dimension) = self.insiders.dimension else {
            return Vec::new();
        };
        let mut codes = self.problem.cells[cell].codes.clone();
        let Some(code) = codes.get(dimension).copied() else {
            return Vec::new();
        };
        if self.problem.cells[cell].kind != Kind::Table {
            return Vec::new();
        }
        let mut all = Vec::new();
        for own in &self.beneath[code as usize] {
            codes[dimension] = *own;
            let part = self.index.get(codes.as_slice());
            all.extend(part.map(|c| (*own, self.problem.cells[*c].value)));
        }
        all
    }

    fn demand(&self, cell: usize, bounds: Option<(i64, i64)>, zeros: Zeros, all: &mut Vec<Demand>) {
        let value = self.problem.cells[cell].value;
        let parts = self.of(cell);
        // Who has all of it, and sees that others have nothing or that there are none, learns nothing of anybody.
        let mut out: Vec<u32> = match self.insiders.of[cell] {
            NOBODY => Vec::new(),
            own => vec![own],
        };
        if parts.len() == 1 || zeros == Zeros::Publish {
            out.extend(
                parts
                    .iter()
                    .filter(|(_, part)| *part == value)
                    .map(|(own, _)| *own),
            );
        }
        let Some((low, high)) = bounds else {
            push(all, cell, Need::Other, Eyes::AllBut(out));
            return;
        };
        push(all, cell, Need::Up(high - value), Eyes::AllBut(out.clone()));
        let mut less = Vec::new();
        let members = self.insiders.members(cell, value);
        for (own, part) in parts
            .into_iter()
            .chain(members)
            .filter(|(own, part)| *part > low && !out.contains(own))
        {
            less.push((own, Need::Down(part - value)));
        }
        let mut down = out;
        down.extend(less.iter().map(|(own, _)| *own));
        push(all, cell, Need::Down(low - value), Eyes::AllBut(down));
        for (own, need) in less {
            push(all, cell, need, Eyes::One(own));
        }
    }
}

/// Per code of a dimension the insiders that it is made of, itself left out.
fn beneath(problem: &Problem, dimension: usize) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new(); problem.codes[dimension].len()];
    for own in insiders(problem, dimension) {
        let mut open = problem.parents[dimension][own as usize].clone();
        while let Some(code) = open.pop() {
            let there: &mut Vec<u32> = &mut all[code as usize];
            if there.last() != Some(&own) {
                there.push(own);
                open.extend(&problem.parents[dimension][code as usize]);
            }
        }
    }
    all
}
