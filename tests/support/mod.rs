//! What tests share: databases, the real binary as a script calls it, and the real binary in a pseudo-terminal.

pub mod db;
pub mod driver;
pub mod program;
