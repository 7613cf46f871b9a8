//! What tests share: databases, a scripted mail server, stock, the real binary as a script calls it and in a pseudo-terminal.

pub mod console;
pub mod db;
pub mod driver;
pub mod mailbox;
pub mod program;
pub mod stock;
pub mod world;
