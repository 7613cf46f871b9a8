//! Lists of codes as data: what is allowed, what means the same, which range a score has. Read once, never changed.

use serde::Deserialize;

/// A list of codes and where it comes from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// The name and version by which a specification refers to it.
    pub name: String,
    /// Source of the list.
    pub origin: String,
    /// The number that stands for "no total score, items only".
    #[serde(default)]
    pub sentinel: Option<f64>,
    /// The codes in the order of the source.
    pub codes: Vec<CodeEntry>,
}

/// One code of a list.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeEntry {
    /// The code exactly as it is delivered.
    pub code: String,
    /// What it stands for, in the words of the source.
    #[serde(default)]
    pub title: Option<String>,
    /// The canonical code when this is another spelling of it.
    #[serde(default)]
    pub same_as: Option<String>,
    /// Lowest possible score.
    #[serde(default)]
    pub minimum: Option<f64>,
    /// Highest possible score.
    #[serde(default)]
    pub maximum: Option<f64>,
    /// Whether only items are delivered, with the sentinel in place of a score.
    #[serde(default)]
    pub items_only: bool,
}

impl CodeList {
    /// The entry of a code; codes are compared exactly.
    pub fn find(&self, code: &str) -> Option<&CodeEntry> {
        self.codes.iter().find(|entry| entry.code == code)
    }
}

impl CodeEntry {
    /// The code under which it is stored.
    pub fn canonical(&self) -> &str {
        self.same_as.as_deref().unwrap_or(&self.code)
    }

    /// Whether a score is possible; the sentinel is judged apart.
    pub fn holds(&self, score: f64) -> bool {
        self.minimum.is_none_or(|minimum| score >= minimum)
            && self.maximum.is_none_or(|maximum| score <= maximum)
    }
}
