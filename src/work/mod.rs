//! Work done after the commit that caused it: claim, run, heartbeat, rescue. What the work means stands in `service` and `mail`.

mod backoff;
mod context;
mod mail;
pub mod pause;
mod periodic;
mod rescue;
mod run;
mod worker;

pub use context::name_of_host;
pub use worker::{Companion, Worker, accompany, drain, embedded};
