//! From measurements to figures: definitions, coupling, and what is added up in the database.

mod coupling;
mod definition;
mod gathered;
mod model;
mod reference;
