//! The lists, one per file: where rows come from, what they can be filtered and sorted by, and the row. Reading is in `list`.

pub mod submission;
