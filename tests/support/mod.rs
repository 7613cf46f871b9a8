//! What tests share: databases, and the real binary in a pseudo-terminal.

pub mod console;
pub mod db;
pub mod driver;
pub mod world;
