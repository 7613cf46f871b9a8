//! Cubes upon each other: a cell that no cheap cube changes by all that is needed may get there in steps, each with another cube. What one
//! cube moves is free for the next.

use super::cube::{CubeSearch, Grid};
use super::shift::Shift;

/// Cubes that are laid upon each other at most.
const MOST_CUBES: usize = 12;

/// The cheapest stack of cubes that is found to change a cell by this much, with its price; none when it costs as much as `most`.
pub(super) fn cheapest(
    grid: &Grid,
    values: &[i64],
    prices: &[u64],
    (cell, change): (usize, i64),
    most: u64,
) -> Option<(u64, Shift)> {
    let whole = CubeSearch::new(grid, values, prices).below(cell, change, most);
    let most = whole.as_ref().map_or(most, |(price, _)| *price);
    if most == 0 || change.abs() == 1 {
        return whole;
    }
    stacked(grid, values, prices, (cell, change), most).or(whole)
}

fn stacked(
    grid: &Grid,
    values: &[i64],
    prices: &[u64],
    (cell, change): (usize, i64),
    most: u64,
) -> Option<(u64, Shift)> {
    let (mut values, mut prices) = (values.to_vec(), prices.to_vec());
    let mut moved: Vec<(u32, i64)> = Vec::new();
    let (mut left, mut paid) = (change, 0);
    for _ in 0..MOST_CUBES {
        if left == 0 {
            break;
        }
        let (amount, price, cube) = step(grid, &values, &prices, (cell, left), most - paid)?;
        paid += price;
        left -= amount;
        for (at, by) in cube {
            values[at as usize] += by;
            prices[at as usize] = 0;
            moved.push((at, by));
        }
    }
    if left != 0 || paid >= most {
        return None;
    }
    moved.sort_unstable();
    let mut shift = Shift::new();
    for group in moved.chunk_by(|a, b| a.0 == b.0) {
        let by: i64 = group.iter().map(|(_, by)| by).sum();
        if by != 0 {
            shift.push((group[0].0, by));
        }
    }
    Some((paid, shift))
}

/// The cube that costs least for what it brings.
fn step(
    grid: &Grid,
    values: &[i64],
    prices: &[u64],
    (cell, left): (usize, i64),
    most: u64,
) -> Option<(i64, u64, Shift)> {
    let mut best: Option<(i64, u64, Shift)> = None;
    for amount in amounts(left.abs()) {
        let brings = amount.unsigned_abs();
        // Cheaper for each unit than the best so far.
        let bound = best.as_ref().map_or(most, |(by, price, _)| {
            most.min((price * brings).div_ceil(by.unsigned_abs()))
        });
        if bound == 0 {
            break;
        }
        let amount = amount * left.signum();
        let mut search = CubeSearch::new(grid, values, prices);
        if let Some((price, cube)) = search.below(cell, amount, bound) {
            best = Some((amount, price, cube));
        }
    }
    best
}

/// Amounts worth trying, the largest first.
fn amounts(left: i64) -> Vec<i64> {
    let mut all = vec![left, left - 1, left - 2, left / 2, left / 3, 3, 2, 1];
    all.retain(|a| 0 < *a && *a <= left);
    all.sort_unstable_by_key(|a| -a);
    all.dedup();
    all
}

/// What a shift costs.
pub(super) fn price(prices: &[u64], shift: &Shift) -> u64 {
    let of = shift.iter().map(|(cell, _)| prices[*cell as usize]);
    of.fold(0, u64::saturating_add)
}

/// The cells of a shift.
pub(super) fn cells(shift: &Shift) -> impl Iterator<Item = usize> + '_ {
    shift.iter().map(|(cell, _)| *cell as usize)
}
