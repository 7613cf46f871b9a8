//! The only test binary.

mod delivery;
