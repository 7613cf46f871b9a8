//! What stands still and what staff do about it: causes, actions on one and on many, races between colleagues, the report.

mod causes;
mod console;
mod races;
mod report;
mod stage;
mod steps;
