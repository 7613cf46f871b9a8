//! What somebody learns who kept an earlier release: the cells of this one minus the cells of that one, shown or worked out from the sums.

use super::audit::kernel_of;
use super::problem::Problem;
use super::progress::{Progress, Stopped};
use super::rules::Rules;
use std::collections::HashMap;

/// A change since an earlier release that is too small to be known, and is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The cell of this release.
    pub cell: usize,
    /// What was added since; below 0 for what was removed.
    pub change: i64,
}

/// Changes of 1 up to the minimum count that the two releases together give away.
pub fn differences(
    problem: &Problem,
    earlier: &Problem,
    rules: &Rules,
    progress: &mut dyn Progress,
) -> Result<Vec<Difference>, Stopped> {
    let before: HashMap<Vec<&str>, usize> = (0..earlier.cells.len())
        .map(|c| (earlier.names(c), c))
        .collect();
    let mut hidden = vec![false; problem.cells.len()];
    let mut changes = vec![0; problem.cells.len()];
    for (at, cell) in problem.cells.iter().enumerate() {
        // A cell that the earlier release did not have counted nobody.
        let old = before.get(&problem.names(at)).map(|c| &earlier.cells[*c]);
        changes[at] = cell.value - old.map_or(0, |c| c.value);
        hidden[at] = cell.status.is_hidden() || old.is_some_and(|c| c.status.is_hidden());
    }
    // Rows may have come and gone in the same cell: what is 0 now is no bound to the difference.
    let search = kernel_of(&problem.with_values_above_zero(), &hidden, progress)?;
    let is_known = |cell: &usize| !search.hidden()[*cell];
    let is_small = |cell: &usize| changes[*cell] != 0 && changes[*cell].abs() < rules.min_count;
    let cells = (0..problem.cells.len()).filter(is_known).filter(is_small);
    let difference = |cell| Difference {
        cell,
        change: changes[cell],
    };
    Ok(cells.map(difference).collect())
}
