//! The attack on counts of somebody who lays all releases side by side. What is known of a table of now that shows nothing follows from what
//! left before: only what follows beside that counts. That on scores is in `lines`.

use super::Halt;
use super::beheld::Beheld;
use super::draft::Drafts;
use super::joint::{Aim, Joint, MOST};
use super::part::Part;
use super::toll::Toll;
use crate::extract::audit::{Finding, Verdict, at_most, audit, kernel_of};
use crate::extract::beside::Kind;
use crate::extract::built::Leak;
use crate::extract::problem::{Cell, Problem};
use crate::extract::progress::{Progress, Stopped};
use crate::extract::read::Status;
use crate::extract::rules::Rules;
use crate::extract::shift::Shift;
use crate::extract::sums::holds;

/// What somebody finds in one table: whether what any release hid for its own sake stays open, and every small change between them. Whole
/// tables that agree with all of them are added up first.
pub(super) fn counts(
    part: &Part,
    drafts: &Drafts,
    joint: &Joint,
    (rules, witnesses): (&Rules, &[Shift]),
    progress: &mut dyn Progress,
) -> Result<Toll, Halt> {
    let part = drafted(part, drafts);
    let Beheld {
        mut problem, named, ..
    } = joint.problem(&part, Aim::Attack)?;
    let mut toll = Toll::default();
    let own = part.keys.len() + part.ties.beside.len();
    if problem.cells.len() == own && !joint.is_tied(&part) {
        return Ok(toll);
    }
    // Of a table that shows nothing, nothing can be known; but which rows there are may give away what an earlier release hid.
    let is_past = |cell: usize| named.get(&cell).is_some_and(|n| n.is_past);
    let is_all = shows_nothing(&part);
    let mut asked = asked(&problem);
    asked.retain(|cell| !is_all || is_past(*cell));
    toll.try_out(asked.len());
    let reach = reach(&problem, witnesses);
    let is_open = |at: &usize| {
        let cell = &problem.cells[*at];
        let (low, high) = rules.bounds(cell);
        cell.value + reach[*at].0 <= low && cell.value + reach[*at].1 >= high
    };
    if problem.cells.len() <= MOST && asked.iter().all(is_open) {
        return Ok(toll);
    }
    let mut found = broken(&problem, &asked, rules, progress)?;
    let own: Vec<usize> = found
        .iter()
        .map(|f| f.cell)
        .filter(|cell| !is_past(*cell))
        .collect();
    if !own.is_empty() {
        let before = joint.problem(&blank(&part), Aim::Attack)?.problem;
        limit(&mut problem, &before, (&own, rules), progress)?;
        found = broken(&problem, &asked, rules, progress)?;
    }
    for cell in found.into_iter().map(|f| f.cell) {
        match named.get(&cell) {
            Some(n) => toll.give(Some(&n.key), n.leak, None, Some(&n.release)),
            None => toll.give(part.named(cell), Leak::Count, None, None),
        }
    }
    Ok(toll)
}

/// A part with what became of its cells.
pub(super) fn drafted(part: &Part, drafts: &Drafts) -> Part {
    let mut part = part.clone();
    for (key, row) in part.keys.iter().zip(&mut part.table.rows) {
        row.status = drafts.get(key).map_or(row.status, |d| d.status);
    }
    part
}

/// The same with nothing shown: what is known of it then follows from what left before.
pub(super) fn blank(part: &Part) -> Part {
    let mut part = part.clone();
    for row in part.table.rows.iter_mut().filter(|r| !r.status.is_hidden()) {
        row.status = Status::Secondary;
    }
    part
}

pub(super) fn shows_nothing(part: &Part) -> bool {
    part.table.rows.iter().all(|row| row.status.is_hidden())
}

fn asked(problem: &Problem) -> Vec<usize> {
    let is_asked = |cell: &Cell| cell.status == Status::Primary && cell.kind != Kind::Known;
    let all = 0..problem.cells.len();
    all.filter(|c| is_asked(&problem.cells[*c])).collect()
}

/// How far down and up every cell goes in whole tables that agree with all that is known.
fn reach(problem: &Problem, witnesses: &[Shift]) -> Vec<(i64, i64)> {
    let mut reach = vec![(0, 0); problem.cells.len()];
    let moves = |(cell, _): &(u32, i64)| problem.cells[*cell as usize].status.is_hidden();
    for witness in witnesses.iter().filter(|w| w.iter().all(moves)) {
        if holds(&problem.sums, problem.values(), witness) {
            for (cell, by) in witness {
                let (low, high): &mut (i64, i64) = &mut reach[*cell as usize];
                (*low, *high) = ((*low).min(*by), (*high).max(*by));
            }
        }
    }
    reach
}

/// The cells of which too little stays open, and between what they are known to lie; of very many cells only those that are known exactly.
pub(super) fn broken(
    problem: &Problem,
    asked: &[usize],
    rules: &Rules,
    progress: &mut dyn Progress,
) -> Result<Vec<Finding>, Stopped> {
    if problem.cells.len() <= MOST {
        let known = vec![false; problem.cells.len()];
        let mut found = audit(problem, rules, &known, progress)?;
        found.retain(|f| f.verdict != Verdict::Safe && asked.binary_search(&f.cell).is_ok());
        return Ok(found);
    }
    let hidden: Vec<bool> = problem.cells.iter().map(|c| c.status.is_hidden()).collect();
    let search = kernel_of(&problem.with_values_above_zero(), &hidden, progress)?;
    let is_due = |cell: &&usize| {
        let value = problem.cells[**cell].value;
        !search.hidden()[**cell] && rules.bounds(&problem.cells[**cell]) != (value, value)
    };
    let exact = |cell: &usize| Finding {
        cell: *cell,
        lower: problem.cells[*cell].value,
        upper: problem.cells[*cell].value,
        verdict: Verdict::Exact,
    };
    Ok(asked.iter().filter(is_due).map(exact).collect())
}

/// Asks no more of what was found than stays open without this extract.
fn limit(
    problem: &mut Problem,
    before: &Problem,
    (cells, rules): (&[usize], &Rules),
    progress: &mut dyn Progress,
) -> Result<(), Stopped> {
    if problem.cells.len() != before.cells.len() {
        return Ok(());
    }
    let ask = |cell: &usize| (*cell, rules.bounds(&problem.cells[*cell]));
    let asked: Vec<(usize, (i64, i64))> = cells.iter().map(ask).collect();
    let open = if problem.cells.len() <= MOST {
        at_most(before, &asked, progress)?
    } else {
        let exact = broken(before, cells, rules, progress)?;
        let is_exact = |cell: usize| exact.iter().any(|f| f.cell == cell);
        let value = |cell: usize| before.cells[cell].value;
        let open = |(cell, asked): &(usize, (i64, i64))| {
            if is_exact(*cell) {
                (value(*cell), value(*cell))
            } else {
                *asked
            }
        };
        asked.iter().map(open).collect()
    };
    for ((cell, _), (low, high)) in asked.into_iter().zip(open) {
        let cell = &mut problem.cells[cell];
        (cell.lower, cell.upper) = (Some(low), Some(high));
    }
    Ok(())
}
