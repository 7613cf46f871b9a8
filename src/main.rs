//! The binary: turns arguments into one of console, worker or a one-shot command.

fn main() {}
