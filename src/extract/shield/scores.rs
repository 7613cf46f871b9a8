//! What the scores of some people can add up to: the sums and squares that go with a count, for all of them and for those whom somebody
//! does not know. And whole tables of them, as changes of the true one. Scores are taken to be any number between their ends.

use super::draft::Key;
use super::field::IMPROVED;
use crate::domain::sheet::Sheet;
use crate::extract::definition::Definition;
use crate::extract::figures::Held;
use crate::extract::number::{real_of, whole_of};
use crate::extract::shift::Shift;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Lowest and highest of something.
pub(super) type Ends = (i64, i64);

/// Place of the squares of the scores before, among the sums of an effect.
const PRE_SQUARED: usize = 2;

/// No end at all: far beyond any sum, and far from where two of them overflow.
pub(super) const FAR: Ends = (-(1 << 60), 1 << 60);

/// How many people, and their sums by place.
pub(super) type Sums<'a> = (i64, &'a [i64]);

/// What a sum of a table adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Scores between these, in thousandths.
    Score(Ends),
    /// Squares of scores between these; the scores are the sum at this place, less that at the other.
    Square(Ends, usize, Option<usize>),
    /// Some of those who are counted.
    Part,
}

/// The sums of a table, by place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Shape(Vec<Of>);

/// A whole table that nobody can tell from the true one: rows, counted from 0, and what is added to the count and to each sum of each.
#[derive(Debug, Clone, PartialEq, Eq, Default, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whole {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) n: Shift,
    pub(super) sums: Vec<Shift>,
}

/// The whole tables that prove one table of scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scored {
    /// Sheet and codes that name the table.
    pub(super) sheet: String,
    pub(super) of: Vec<String>,
    pub(super) wholes: Vec<Whole>,
}

impl Shape {
    /// The sums of the table that a cell stands in; none where scores have no known ends.
    pub(super) fn of((sheet, codes): &Key, definition: &Definition) -> Self {
        let all = match sheet {
            Sheet::Effect => definition.instrument(&codes[2]).map(|instrument| {
                let (low, high) = (instrument.minimum, instrument.maximum);
                let score = Of::Score((low, high));
                let squared = Of::Square((low, high), 0, None);
                let differences = Of::Square((low - high, high - low), 1, Some(0));
                vec![score, score, squared, differences, Of::Part]
            }),
            Sheet::Cqi => definition.indicator(&codes[1], &codes[2]).map(|indicator| {
                let ends = (indicator.minimum, indicator.maximum);
                vec![Of::Score(ends), Of::Square(ends, 0, None)]
            }),
            Sheet::Volume | Sheet::Response | Sheet::Benchmark | Sheet::Coverage => None,
        };
        Self(all.unwrap_or_default())
    }

    /// Places of the sums: those of scores and parts first, for squares depend on them.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        let is_square = |place: &usize| matches!(self.0[*place], Of::Square(..));
        let all = 0..self.0.len();
        let first = all.clone().filter(move |place| !is_square(place));
        first.chain(all.filter(is_square))
    }

    /// What the sum at a place adds up.
    pub(super) fn at(&self, place: usize) -> Option<Of> {
        self.0.get(place).copied()
    }

    /// How many sums there are.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Lowest and highest score of the sum at a place, when it is one of scores.
    pub(super) fn scale(&self, place: usize) -> Option<Ends> {
        match self.at(place)? {
            Of::Score(ends) => Some(ends),
            Of::Square(..) | Of::Part => None,
        }
    }

    /// Places whose means must stay open, and of those who improved when their share is shown.
    pub(super) fn means(&self, improves: bool) -> Vec<usize> {
        let is_mean = |place: &usize| match self.0[*place] {
            Of::Score(_) => true,
            Of::Part => improves && *place == IMPROVED,
            Of::Square(..) => false,
        };
        (0..self.0.len()).filter(is_mean).collect()
    }

    /// Between what a sum of so many people can lie at most, when their other sums are these. The two scores before may lie beyond the ends of
    /// their scale here: nobody has less room than that.
    fn ends(&self, place: usize, n: i64, sums: &[i64]) -> Ends {
        self.between(place, (n, sums), |_, _| (0.0, f64::INFINITY))
    }

    /// Between what a sum of so many people can lie for sure: there are people who have it. What is true is possible too while the sums that
    /// it hangs on are true.
    pub(super) fn sure(&self, place: usize, some: Sums, truth: Sums) -> Ends {
        let (low, high) = self.between(place, some, |least, most| (least, most));
        let is_true = some.0 == truth.0
            && self
                .places()
                .take_while(|at| *at != place)
                .all(|at| some.1[at] == truth.1[at]);
        if is_true {
            (low.min(truth.1[place]), high.max(truth.1[place]))
        } else {
            (low, high)
        }
    }

    /// Whether there are people, so many of them, who have these sums, given those that are true.
    pub(super) fn is_sure(&self, some: Sums, truth: Sums) -> bool {
        let fits = |place: usize| {
            let (low, high) = self.sure(place, some, truth);
            low <= some.1[place] && some.1[place] <= high
        };
        some.0 >= 0 && some.1.len() == self.0.len() && (0..some.1.len()).all(fits)
    }

    fn between(
        &self,
        place: usize,
        (n, sums): Sums,
        away: impl Fn(f64, f64) -> (f64, f64),
    ) -> Ends {
        match self.0[place] {
            _ if n <= 0 => (0, 0),
            Of::Score((low, high)) => (low * n, high * n),
            Of::Part => (0, n),
            Of::Square(ends, of, None) => squares(ends, n, sums[of]),
            Of::Square(ends, of, Some(less)) => {
                let all = squares(ends, n, sums[of] - sums[less]);
                both(
                    all,
                    self.apart(n, (sums[less], sums[of], sums[PRE_SQUARED]), away),
                )
            }
        }
    }

    /// Between what the squares of differences can lie for the spread that there is before. The scores before are taken to be two, so far
    /// beneath and above their mean as `away` allows, and those after to follow them up or down as far as the ends of their scale let them,
    /// with whatever spread is left around that.
    fn apart(
        &self,
        n: i64,
        (pre, post, squared): (i64, i64, i64),
        away: impl Fn(f64, f64) -> (f64, f64),
    ) -> Ends {
        let (Some((low, high)), Some(after)) = (self.scale(0), self.scale(1)) else {
            return FAR;
        };
        let [n, pre, post, squared] = [n, pre, post, squared].map(real_of);
        let (before, mean) = (pre / n, post / n);
        let spread = (squared / n - before * before).max(0.0);
        let (down, up) = (
            (mean - real_of(after.0)).max(0.0),
            (real_of(after.1) - mean).max(0.0),
        );
        let (beneath, above) = (
            (before - real_of(low)).max(0.0),
            (real_of(high) - before).max(0.0),
        );
        // The lower of the two lies this far from the mean, the higher by the spread divided by it.
        let (nearest, farthest) = away(if above > 0.0 { spread / above } else { beneath }, beneath);
        let follows = |one: f64, other: f64| {
            let best = (spread * one / other).sqrt();
            let at = if farthest > 0.0 {
                best.min(farthest).max(nearest.min(farthest))
            } else {
                best
            };
            (one / at).min(other * at / spread)
        };
        let (least, most) = if spread < 1e-6 {
            (0.0, down * up)
        } else {
            let (along, against) = (follows(down, up).min(1.0), follows(up, down));
            let least = (1.0 - along).powi(2) * spread;
            (least, down * up + (1.0 + 2.0 * against) * spread)
        };
        let of_mean = (post - pre).powi(2) / n;
        // What rounding may take from what is true.
        let slack = 1.0 + 1e-12 * (n * most + of_mean);
        let ends = (n * least + of_mean - slack, n * most + of_mean + slack);
        (whole_of(ends.0.floor()), whole_of(ends.1.ceil()))
    }

    /// Whether nothing says that so many people cannot have these sums.
    pub(super) fn is_possible(&self, n: i64, sums: &[i64]) -> bool {
        let fits = |place: usize| {
            let (low, high) = self.ends(place, n, sums);
            low <= sums[place] && sums[place] <= high
        };
        n >= 0 && sums.len() == self.0.len() && (0..sums.len()).all(fits)
    }

    /// As `sure`, when some of the people are known: there must be others who make up the rest.
    pub(super) fn beside(&self, place: usize, some: Sums, truth: Sums, held: &Held) -> Ends {
        if held.n == 0 || held.sums.len() != some.1.len() {
            return FAR;
        }
        let [some, truth] = [some, truth].map(|of| rest(of, held));
        let (low, high) = self.sure(place, (some.0, &some.1), (truth.0, &truth.1));
        (low + held.sums[place], high + held.sums[place])
    }
}

/// What others have beside what somebody has.
pub(super) fn rest((n, sums): Sums, held: &Held) -> (i64, Vec<i64>) {
    let sums = sums.iter().zip(&held.sums).map(|(sum, own)| sum - own);
    (n - held.n, sums.collect())
}

impl Whole {
    /// The cells that change.
    pub(super) fn cells(&self) -> impl Iterator<Item = usize> + '_ {
        let all = std::iter::once(&self.n).chain(&self.sums);
        all.flatten().map(|(cell, _)| *cell as usize)
    }

    /// What is added to each cell that changes: to its count, and to its sums.
    pub(super) fn changes(&self) -> BTreeMap<usize, (i64, Vec<i64>)> {
        let mut all: BTreeMap<usize, (i64, Vec<i64>)> = BTreeMap::new();
        for cell in self.cells() {
            all.entry(cell)
                .or_insert_with(|| (0, vec![0; self.sums.len()]));
        }
        for (cell, by) in &self.n {
            all.entry(*cell as usize).or_default().0 = *by;
        }
        for (place, sums) in self.sums.iter().enumerate() {
            for (cell, by) in sums {
                all.entry(*cell as usize).or_default().1[place] = *by;
            }
        }
        all
    }

    /// Whether nothing in it is so large that a cell with it would overflow: no count of people that there are not.
    pub(super) fn is_countable(&self) -> bool {
        let is_count = |(_, by): &(u32, i64)| i32::try_from(*by).is_ok();
        let mut sums = self.sums.iter().flatten();
        self.n.iter().all(is_count) && sums.all(|(_, by)| by.unsigned_abs() <= FAR.1.unsigned_abs())
    }
}

/// The ends of the part that two have in common.
pub(super) fn both(one: Ends, other: Ends) -> Ends {
    (one.0.max(other.0), one.1.min(other.1))
}

/// Of so many numbers between these, with this sum: the least that their squares can add up to, when all are the same, and the most, when
/// all but one lie at an end.
fn squares((low, high): Ends, n: i64, sum: i64) -> Ends {
    let [low, high, n, sum] = [low, high, n, sum].map(i128::from);
    let least = (sum * sum + n - 1).div_euclid(n);
    let (range, above) = (high - low, (sum - low * n).max(0));
    let (at_end, between) = if range == 0 {
        (0, 0)
    } else {
        (
            (above / range).min(n),
            above - (above / range).min(n) * range,
        )
    };
    let most = low * low * n + 2 * low * above + at_end * range * range + between * between;
    let narrow = |of: i128| i64::try_from(of).unwrap_or(FAR.1).clamp(FAR.0, FAR.1);
    (narrow(least), narrow(most))
}
