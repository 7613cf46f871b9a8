//! Extracts from draft to release: two persons, one digest, and what services and database refuse.

mod answers;
mod building;
mod database;
pub mod deliveries;
mod explaining;
mod found;
mod migration;
mod outgoing;
mod pane;
mod races;
mod recalling;
mod registry;
mod replacing;
mod shadows;
pub mod stage;
mod stopping;
mod walk;
mod whole;
