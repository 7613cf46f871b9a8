//! Mail out: texts, the gate before the mail library, and the ways to send. Not the queue.

pub mod token;
