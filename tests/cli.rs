//! The real binary as a script uses it.
