//! Extracts from draft to release: two persons, one digest, and what services and database refuse.

mod answers;
mod building;
mod database;
mod deliveries;
mod migration;
mod races;
mod stage;
mod walk;
mod whole;
