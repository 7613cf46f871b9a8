//! What the portal is about: states, events, rights and checks as pure code. No I/O, no clock, no sentences for people.

#![deny(clippy::wildcard_enum_match_arm)]

pub mod account;
pub mod action;
pub mod agreement;
pub mod cause;
pub mod check;
pub mod code;
pub mod connection;
pub mod coupling;
pub mod extract;
pub mod filter;
pub mod job;
pub mod kind;
pub mod licence;
pub mod licence_code;
pub mod mail;
pub mod obligation;
pub mod order;
pub mod organisation;
pub mod period;
pub mod registration;
pub mod right;
pub mod sheet;
pub mod specification;
pub mod submission;
pub mod synonym;
pub mod test_run;
pub mod text;
pub mod time;
pub mod window;
