//! What tests share: databases, a scripted mail server, and the real binary in a pseudo-terminal.

pub mod db;
pub mod driver;
pub mod mailbox;
pub mod stock;
