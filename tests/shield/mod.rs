//! From figures to an extract that may leave: pools, late deliveries, rules, means, attacks, proof, explanation and advice. Pure code.

mod attacker;
mod means;
mod releases;
mod rules;
mod scores;
mod series;
mod shared;
mod shown;
mod tied;
mod together;
mod world;
