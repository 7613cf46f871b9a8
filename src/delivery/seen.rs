//! A hasher for digests that are already well mixed: sets of 64-bit digests then cost nine bytes an entry and no second hash.

use std::hash::{BuildHasherDefault, Hasher};

/// Builds the hasher for sets and maps of 64-bit digests.
pub(super) type Folded = BuildHasherDefault<Fold>;

/// Multiplies once, because small numbers fill only the low bits.
#[derive(Debug, Default)]
pub(super) struct Fold(u64);

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(self.0 ^ u64::from(byte));
        }
    }

    fn write_u64(&mut self, digest: u64) {
        let mixed = digest.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed.rotate_left(32);
    }
}
