//! Mails: texts, the gate, every answer of a server at every step, and the way from the outbox to a real server.

mod dialogue;
mod outbox;
mod server;
mod text;
