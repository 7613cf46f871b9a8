//! The cells of one table by their codes, and the ways to shift along each of its dimensions: what the search for cubes walks over.

use super::cube::{Grid, Path};
use super::problem::{Problem, TOTAL, narrow};
use std::collections::BTreeMap;

/// Most combinations of codes that are laid out.
const MOST_PLACES: usize = 20_000_000;

/// The grid of a problem; none when its codes span too much.
pub(super) fn grid(problem: &Problem) -> Option<Grid> {
    let dimensions = problem.codes.len();
    let mut strides = vec![1_usize; dimensions];
    for d in (0..dimensions.saturating_sub(1)).rev() {
        strides[d] = strides[d + 1].checked_mul(problem.codes[d + 1].len())?;
    }
    let places = strides[0].checked_mul(problem.codes[0].len())?;
    if places > MOST_PLACES {
        return None;
    }
    let place = |codes: &[u32]| {
        codes
            .iter()
            .zip(&strides)
            .map(|(c, s)| *c as usize * s)
            .sum::<usize>()
    };
    let mut cells = vec![u32::MAX; places];
    // Cells of tables that everybody knows stand among the others and keep their number.
    let all = || problem.cells.iter().take(problem.tabled());
    for (at, cell) in all().enumerate() {
        cells[place(&cell.codes)] = narrow(at);
    }
    let of = |d: usize| all().map(|c| c.codes[d]).collect();
    Some(Grid {
        places: all().map(|c| narrow(place(&c.codes))).collect(),
        codes: (0..dimensions).map(of).collect(),
        paths: (0..dimensions).map(|d| paths(problem, d)).collect(),
        cells,
        strides,
    })
}

/// Everything that a code counts in, itself included.
fn above(problem: &Problem, dimension: usize, code: u32) -> Vec<u32> {
    let mut all = vec![code];
    let mut at = 0;
    while at < all.len() {
        for parent in &problem.parents[dimension][all[at] as usize] {
            if !all.contains(parent) {
                all.push(*parent);
            }
        }
        at += 1;
    }
    all
}

/// For each code the ways to let it gain: from a leaf beneath it up to the total, or over to a leaf elsewhere.
fn paths(problem: &Problem, dimension: usize) -> Vec<Vec<Path>> {
    let codes = narrow(problem.codes[dimension].len());
    let totals = problem.has_code(dimension, TOTAL);
    let chains: Vec<Vec<u32>> = (0..codes).map(|c| above(problem, dimension, c)).collect();
    let is_leaf = |code: u32| {
        let beneath = chains
            .iter()
            .enumerate()
            .any(|(c, chain)| narrow(c) != code && chain.contains(&code));
        !beneath && (code != TOTAL || codes == 1)
    };
    let leaves: Vec<u32> = (0..codes).filter(|c| is_leaf(*c)).collect();
    let chain = |code: u32, sign: i8, into: &mut BTreeMap<u32, i8>| {
        for c in &chains[code as usize] {
            if *c != TOTAL || totals {
                *into.entry(*c).or_default() += sign;
            }
        }
    };
    let mut all = Vec::new();
    for code in 0..codes {
        let mut ways = Vec::new();
        for leaf in leaves
            .iter()
            .filter(|l| chains[**l as usize].contains(&code))
        {
            let mut gains = BTreeMap::new();
            chain(*leaf, 1, &mut gains);
            ways.push(without(&gains, code));
            for other in leaves
                .iter()
                .filter(|l| !chains[**l as usize].contains(&code))
            {
                let mut moves = gains.clone();
                chain(*other, -1, &mut moves);
                ways.push(without(&moves, code));
            }
        }
        all.push(ways);
    }
    all
}

fn without(moves: &BTreeMap<u32, i8>, code: u32) -> Path {
    let moves = moves.iter().filter(|(c, sign)| **c != code && **sign != 0);
    moves.map(|(c, sign)| (*c, *sign)).collect()
}
