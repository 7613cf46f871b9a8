//! What leaves the house: the sums over its files and the one digest that stands for all. Pure: bytes in memory.

mod sums;

pub use sums::{SUMS, digest, read_sums, sums};
