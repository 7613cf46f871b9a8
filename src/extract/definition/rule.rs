//! The rules of protection as they are agreed: each value with where it comes from and since when. Not what they do: that is in
//! `shield`.

use crate::extract::rules::{Interval, Zeros};
use serde::{Deserialize, Serialize};

/// A value that was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruled<T> {
    /// The value.
    pub value: T,
    /// Who says so, and why.
    pub origin: String,
    /// Since which day, `YYYY-MM-DD`.
    pub since: String,
}

/// The rules of protection. Shares in percent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ruling {
    /// Lowest count that may be shown.
    pub min_count: Ruled<i64>,
    /// A cell with this share of its row or more says the same of everyone in it.
    pub group_share: Ruled<i64>,
    /// Fewest organisations behind a figure over organisations.
    pub contributors: Ruled<i64>,
    /// The largest share of the cases that one organisation may have in such a figure.
    pub dominance: Ruled<i64>,
    /// The largest share that the two largest may have together.
    pub dominance_of_two: Ruled<i64>,
    /// Fewest organisations for a median.
    pub median_from: Ruled<i64>,
    /// Fewest organisations for quartiles.
    pub quartiles_from: Ruled<i64>,
    /// Holders with at most so many closed care paths in the period are counted together.
    pub pool_at_most: Ruled<i64>,
    /// What must stay open of a hidden cell.
    pub interval: Ruled<Interval>,
    /// The share of its range within which a hidden mean may not be pinned down.
    pub mean_interval: Ruled<i64>,
    /// What becomes of zeros that could have been counts.
    pub zeros: Ruled<Zeros>,
}

impl Ruling {
    /// The stricter of two rulings, value by value; what is equally strict is this one's.
    #[must_use]
    pub fn stricter(&self, other: &Self) -> Self {
        let higher =
            |mine: &Ruled<i64>, other: &Ruled<i64>| pick(mine, other, other.value > mine.value);
        let lower =
            |mine: &Ruled<i64>, other: &Ruled<i64>| pick(mine, other, other.value < mine.value);
        Self {
            min_count: higher(&self.min_count, &other.min_count),
            group_share: lower(&self.group_share, &other.group_share),
            contributors: higher(&self.contributors, &other.contributors),
            dominance: lower(&self.dominance, &other.dominance),
            dominance_of_two: lower(&self.dominance_of_two, &other.dominance_of_two),
            median_from: higher(&self.median_from, &other.median_from),
            quartiles_from: higher(&self.quartiles_from, &other.quartiles_from),
            pool_at_most: higher(&self.pool_at_most, &other.pool_at_most),
            interval: pick(
                &self.interval,
                &other.interval,
                other.interval.value == Interval::Threshold
                    && self.interval.value == Interval::Exact,
            ),
            mean_interval: higher(&self.mean_interval, &other.mean_interval),
            zeros: pick(
                &self.zeros,
                &other.zeros,
                other.zeros.value == Zeros::Protect && self.zeros.value == Zeros::Publish,
            ),
        }
    }
}

fn pick<T: Clone>(mine: &Ruled<T>, other: &Ruled<T>, is_stricter: bool) -> Ruled<T> {
    if is_stricter {
        other.clone()
    } else {
        mine.clone()
    }
}
