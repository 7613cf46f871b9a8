//! Deliveries from outside: by whom, by which way, and what becomes of those that may not.

pub mod arrival;
mod deliveries;
mod description;
mod inbox;
mod pages;
mod portal;
pub mod program;
pub mod server;
mod slow;
mod tls;
