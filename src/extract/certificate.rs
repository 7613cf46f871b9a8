//! The proof that goes with a protected table, as it is written and read: rules, hierarchies and whole tables as changes of the true one.
//! It holds true values in disguise: it stays inside, with the table.

use super::beside::{Beside, Relation};
use super::read::Hierarchy;
use super::rules::Rules;
use super::shift::Shift;
use serde::{Deserialize, Serialize};

/// The form of a certificate.
pub const FORM: &str = "portaal-disclosure-1";

/// A proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The form it is written in.
    pub form: String,
    /// The word for a total.
    pub total: String,
    /// What must stay possible, and of which cells.
    pub rules: Rules,
    /// How codes add up.
    pub hierarchies: Vec<Way>,
    /// Digest of the table that it belongs to, in hexadecimal digits.
    pub sha256: String,
    /// Cells beside the table that the attacker reckons with; they are numbered on from its rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Beside>,
    /// What ties them to the rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<Relation>,
    /// Whole tables: rows of the table, counted from 0, and what is added to each.
    pub witnesses: Vec<Shift>,
}

/// One way in which the codes of a dimension add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// The dimension.
    pub dimension: String,
    /// Codes and their parents.
    pub branches: Vec<(String, String)>,
}

impl Way {
    /// A hierarchy without the lines that it stood on.
    pub fn of(hierarchy: &Hierarchy) -> Self {
        let branches = hierarchy.branches.iter();
        Self {
            dimension: hierarchy.dimension.clone(),
            branches: branches
                .map(|b| (b.code.clone(), b.parent.clone()))
                .collect(),
        }
    }
}
