//! Chance from a seed: the same seed draws the same world on every machine. Not for anything that must not be guessed.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A stream of draws.
pub(super) struct Chance(ChaCha8Rng);

/// What a stream is for: each has its own, so that more of one thing does not change another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Cast = 1,
    Schedule = 2,
    Post = 3,
    Deliveries = 4,
    Care = 5,
}

impl Chance {
    pub(super) fn new(seed: u64, purpose: Purpose) -> Self {
        let salt = (purpose as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(ChaCha8Rng::seed_from_u64(seed ^ salt))
    }

    /// A stream of its own for one of many.
    pub(super) fn of(seed: u64, purpose: Purpose, place: usize) -> Self {
        Self::new(seed ^ ((place as u64 + 1) << 32), purpose)
    }

    /// A whole number, both ends included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// A place in a list of this length, which is not empty.
    pub(super) fn below(&mut self, length: usize) -> usize {
        self.0.random_range(0..length.max(1))
    }

    /// One of a list, which is not empty.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// Whether something happens that happens in so many of a hundred cases.
    pub(super) fn percent(&mut self, often: i64) -> bool {
        self.between(0, 99) < often
    }

    /// Puts a list in another order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }

    /// 32 bytes in hexadecimal, such as a digest.
    pub(super) fn digest(&mut self) -> String {
        let bytes: [u8; 32] = self.0.random();
        hex::encode(bytes)
    }
}
