//! What would happen to each of many records if an action were run on all. Not the run itself.

/// One record of a bulk action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// The sentence that says why it would be skipped.
    pub refusal: Option<String>,
}
