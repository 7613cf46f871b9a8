//! Makes a whole table of a change of some counts or of one sum: the other sums that must go along so that in every cell some people could
//! have them. Whether that is so is checked elsewhere.

use super::field::{Attacker, Field, Quantity, Spot};
use super::flow::{Lane, Moves};
use super::scores::{Ends, FAR, Of, Whole, both};
use crate::domain::sheet::SMALL_HOLDERS;
use crate::extract::shift::Shift;
use std::collections::{BTreeMap, BTreeSet};

/// What of the range means keep from its ends, in parts, while counts change: a mean at an end leaves its squares no room. Tried in this
/// order; the last keeps nothing.
const MARGINS: [Option<i64>; 3] = [Some(4), Some(16), None];

/// Cells whose own mean is tried for those who come or go, the smallest first.
const LIKELY: usize = 4;

/// Who looks, and what may move.
#[derive(Debug, Clone, Copy)]
pub(super) struct Eyes<'a> {
    pub(super) attacker: Attacker<'a>,
    /// Whether what is shown may be hidden for it.
    pub(super) buys: bool,
    /// Whose cells may change; none for everybody's.
    pub(super) of: Option<&'a BTreeSet<&'a str>>,
}

/// The same, by number.
struct Sight<'a> {
    attacker: Attacker<'a>,
    buys: bool,
    own: Option<usize>,
    of: Option<Vec<usize>>,
}

/// A table in the making: what is added to counts, and to each sum that is decided.
#[derive(Debug, Default)]
struct Draught {
    /// The cells that change, in order.
    touched: Vec<usize>,
    n: BTreeMap<usize, i64>,
    sums: Vec<BTreeMap<usize, i64>>,
    margin: Option<i64>,
    /// What those who come or go have of each sum, to begin with.
    means: Vec<i64>,
}

impl Field {
    /// Completes a change of one quantity, if that can be.
    pub(super) fn complete(
        &self,
        quantity: Quantity,
        moves: &Moves,
        attacker: Attacker,
        buys: bool,
    ) -> Option<Whole> {
        let first = moves
            .iter()
            .map(|(cell, _)| self.spots[*cell].key.1[0].as_str());
        let of: BTreeSet<&str> = first.collect();
        let near = Eyes {
            attacker,
            buys: false,
            of: Some(&of),
        };
        let far = Eyes {
            attacker,
            buys,
            of: None,
        };
        let near = self.whole(quantity, moves, near);
        near.or_else(|| self.whole(quantity, moves, far))
    }

    /// Completes a change in somebody's eyes.
    pub(super) fn whole(&self, quantity: Quantity, moves: &Moves, eyes: Eyes) -> Option<Whole> {
        let nothing = || vec![BTreeMap::new(); self.shape.len()];
        let by: BTreeMap<usize, i64> = moves.iter().copied().collect();
        let touched: Vec<usize> = moves.iter().map(|(cell, _)| *cell).collect();
        let sight = self.sight(eyes);
        match quantity {
            Quantity::Count => {
                let means = self.likely(moves);
                let mut ways = MARGINS
                    .iter()
                    .flat_map(|margin| means.iter().map(move |m| (margin, m)));
                ways.find_map(|(margin, means)| {
                    let draught = Draught {
                        touched: touched.clone(),
                        n: by.clone(),
                        sums: nothing(),
                        margin: *margin,
                        means: means.clone(),
                    };
                    self.fill(draught, None, &sight)
                })
            }
            Quantity::Part(place) | Quantity::Score(place, ..) => {
                // The other mean stays where it is, or moves along so that their difference stays.
                let other = 1_usize.checked_sub(place);
                let other = other.filter(|place| self.shape.scale(*place).is_some());
                let mut ways = std::iter::once(None).chain(other.map(Some));
                ways.find_map(|other| {
                    let mut sums = nothing();
                    for place in std::iter::once(place).chain(other) {
                        sums[place].clone_from(&by);
                    }
                    let draught = Draught {
                        touched: touched.clone(),
                        sums,
                        ..Draught::default()
                    };
                    self.fill(draught, Some(place), &sight)
                })
            }
        }
    }

    fn sight<'a>(&self, eyes: Eyes<'a>) -> Sight<'a> {
        let own = match eyes.attacker {
            Attacker::Insider(agb) => self.numbers.get(agb).copied(),
            Attacker::Outsider => None,
        };
        let of = eyes.of.map(|of| {
            of.iter()
                .filter_map(|code| self.numbers.get(*code).copied())
        });
        Sight {
            attacker: eyes.attacker,
            buys: eyes.buys,
            own,
            of: of.map(Iterator::collect),
        }
    }

    /// What those who come or go may have: what everybody has on average, or those of one of the cells that they leave.
    fn likely(&self, moves: &Moves) -> Vec<Vec<i64>> {
        let mut left: Vec<&Spot> = moves.iter().map(|(cell, _)| &self.spots[*cell]).collect();
        left.retain(|spot| spot.n > 0);
        left.sort_by_key(|spot| spot.n);
        let own = left.into_iter().take(LIKELY);
        let own = own.map(|spot| spot.sums.iter().map(|sum| sum / spot.n).collect());
        std::iter::once(self.means.clone()).chain(own).collect()
    }

    /// Decides every sum but the given one.
    fn fill(&self, mut draught: Draught, given: Option<usize>, sight: &Sight) -> Option<Whole> {
        for place in self.shape.places().filter(|place| Some(*place) != given) {
            let start = self.start(&draught, place);
            let lane = |cell: usize| self.lane(cell, place, &draught, sight);
            let moves = self.net.fit(&start, lane)?;
            draught.touched.extend(moves.iter().map(|(cell, _)| *cell));
            draught.touched.sort_unstable();
            draught.touched.dedup();
            draught.sums[place] = moves.into_iter().collect();
        }
        Some(Whole {
            n: shift(&draught.n),
            sums: draught.sums.iter().map(shift).collect(),
        })
    }

    /// Where to begin: every cell that changed, with as much of the sum as its people have on average. Every sum holds.
    fn start(&self, draught: &Draught, place: usize) -> Moves {
        let mut all: BTreeMap<usize, i64> = BTreeMap::new();
        let is_part = self.shape.at(place) == Some(Of::Part);
        let mean = draught.means.get(place).filter(|_| !is_part).unwrap_or(&0);
        for (cell, by) in &draught.n {
            all.insert(*cell, mean * by);
        }
        for (at, sums) in draught.sums.iter().enumerate() {
            for (cell, by) in sums {
                *all.entry(*cell).or_default() += if at == place { *by } else { 0 };
            }
        }
        all.into_iter().collect()
    }

    /// How far a sum of a cell may lie from the truth.
    fn lane(&self, cell: usize, place: usize, draught: &Draught, sight: &Sight) -> Lane {
        let spot = &self.spots[cell];
        let owner = Some(self.owners[cell]);
        let of = sight.of.as_ref();
        let is_there = of.is_none_or(|of| of.iter().any(|code| Some(*code) == owner));
        let is_free = spot.hidden || sight.buys && !spot.is_out;
        let price = if spot.hidden {
            0
        } else {
            spot.n.unsigned_abs() + 1
        };
        let price = (is_there && is_free && sight.own != owner).then_some(price);
        let is_calm = draught.touched.binary_search(&cell).is_err();
        let (low, high) = match price {
            None => (spot.sums[place], spot.sums[place]),
            Some(_) if is_calm && spot.key.1[0] != SMALL_HOLDERS => self.calm[cell][place],
            Some(_) => self.ends(spot, cell, place, draught, sight),
        };
        Lane {
            down: spot.sums[place] - low,
            up: high - spot.sums[place],
            price,
        }
    }

    fn ends(
        &self,
        spot: &Spot,
        cell: usize,
        place: usize,
        draught: &Draught,
        sight: &Sight,
    ) -> Ends {
        if spot.is_odd {
            return FAR;
        }
        let by = |of: &BTreeMap<usize, i64>| of.get(&cell).copied().unwrap_or(0);
        let n = spot.n + by(&draught.n);
        let sums = spot.sums.iter().zip(&draught.sums);
        let sums: Vec<i64> = sums.map(|(sum, of)| sum + by(of)).collect();
        let truth = (spot.n, spot.sums.as_slice());
        let mut ends = self.shape.sure(place, (n, &sums), truth);
        let mut kept = FAR;
        if let (Some(part), Some((low, high))) = (draught.margin, self.shape.scale(place)) {
            // Never so far from an end that the mean of now would not fit.
            let mean = spot.sums[place] / spot.n.max(1);
            let away = (high - low) / part;
            let is_someone = spot.n > 0;
            let low = (low + away).min(if is_someone { mean } else { high });
            let high = (high - away).max(if is_someone { mean + 1 } else { low });
            kept = (low * n, high * n);
        }
        let is_shared = spot.key.1[0] == SMALL_HOLDERS;
        let keeps = |agb: &str| sight.of.is_some() || sight.attacker == Attacker::Insider(agb);
        let members = spot.parts.iter().filter(|(agb, _)| is_shared && keeps(agb));
        // Who sees through the count already sees no more.
        for (_, held) in members.filter(|(_, held)| held.n <= n) {
            ends = both(ends, self.shape.beside(place, (n, &sums), truth, held));
        }
        // What somebody knows leaves less room than that.
        let within = both(ends, kept);
        if within.0 > within.1 { ends } else { within }
    }
}

fn shift(by: &BTreeMap<usize, i64>) -> Shift {
    let narrow = |cell: &usize| u32::try_from(*cell).unwrap_or(u32::MAX);
    let all = by.iter().filter(|(_, by)| **by != 0);
    all.map(|(cell, by)| (narrow(cell), *by)).collect()
}
