//! Mails: their texts, their form and the way to a server or a directory. The only place that names lettre, rustls and minijinja;
//! no database, no async.

pub mod directory;
pub mod message;
pub mod reply;
pub mod smtp;
pub mod template;
mod texts;
pub mod token;
mod wire;
