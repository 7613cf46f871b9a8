//! Judges whether a column holds citizen service numbers (BSN). One number in eleven passes the test by chance,
//! so a column is judged, never a value, and only over its distinct values.

use std::collections::HashSet;

use super::seen::Folded;

/// Below this probability under chance a column is refused.
const THRESHOLD: f64 = 0.0001;
/// Distinct values that are remembered; a million is more evidence than any judgement needs.
const REMEMBERED: usize = 1 << 20;

/// Whether a number of at most nine digits passes the eleven-test `9a+8b+7c+6d+5e+4f+3g+2h-i`; zero does not.
pub fn passes_eleven_test(number: u32) -> bool {
    if number == 0 || number > 999_999_999 {
        return false;
    }
    let mut rest = number / 10;
    let mut sum = 0;
    for weight in 2..=9 {
        sum += weight * (rest % 10);
        rest /= 10;
    }
    sum % 11 == number % 10 % 11
}

/// One column under suspicion.
#[derive(Debug, Default)]
pub(super) struct Suspect {
    seen: HashSet<u64, Folded>,
    passing: u32,
}

/// The number in a cell of 8 or 9 digits; any other cell says nothing, and neither does zero.
#[inline]
pub(super) fn suspicious(cell: &[u8]) -> Option<u32> {
    if !matches!(cell.len(), 8 | 9) || !cell.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = cell
        .iter()
        .fold(0_u32, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    (number != 0).then_some(number)
}

impl Suspect {
    /// Takes note of a number of 8 or 9 digits.
    pub(super) fn note(&mut self, number: u32) {
        if self.seen.len() < REMEMBERED
            && self.seen.insert(u64::from(number))
            && passes_eleven_test(number)
        {
            self.passing += 1;
        }
    }

    /// Whether so many values pass that chance does not explain it.
    pub(super) fn is_beyond_chance(&self) -> bool {
        let drawn = u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
        probability_of_at_least(self.passing, drawn) < THRESHOLD
    }
}

/// The upper tail of a binomial distribution with p = 1/11.
fn probability_of_at_least(passing: u32, drawn: u32) -> f64 {
    let (p, q) = (1.0_f64 / 11.0, 10.0_f64 / 11.0);
    let (good, all) = (f64::from(passing), f64::from(drawn));
    if good <= all * p {
        return 1.0;
    }
    let combinations: f64 = (1..=passing)
        .map(|j| ((all - good + f64::from(j)) / f64::from(j)).ln())
        .sum();
    let mut term = (combinations + good * p.ln() + (all - good) * q.ln()).exp();
    let mut sum = term;
    for i in passing..drawn {
        term *= (all - f64::from(i)) / f64::from(i + 1) * (p / q);
        sum += term;
        if term < sum * 1e-12 {
            break;
        }
    }
    sum
}
