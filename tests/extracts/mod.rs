//! Extracts from draft to release: two persons, one digest, and what services and database refuse.

mod answers;
mod database;
mod migration;
mod stage;
