//! Between counts and the real numbers of a search. Counts stay below 2^40, where both are exact.

/// A count as a real number.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts are read up to 2^40, far below where whole numbers are lost"
)]
pub(super) const fn real_of(number: i64) -> f64 {
    number as f64
}

/// The nearest whole number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast saturates; what does not fit is refused when it is added up"
)]
pub(super) fn whole_of(number: f64) -> i64 {
    number.round() as i64
}
