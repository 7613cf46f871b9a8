//! What a diagnosis group counts in, by the definition. A group that is counted itself and has groups beneath it gets a code of its own for
//! what is in none of them, so that it is their sum.

use crate::domain::sheet::TOTAL;
use crate::extract::definition::Definition;
use std::collections::BTreeMap;

/// What stands behind the code of a group for those who are in none of the groups beneath it.
const OTHER: &str = "-overig";

/// The hierarchy of the diagnosis groups.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tree {
    parents: BTreeMap<String, String>,
}

impl Tree {
    pub(super) fn of(definition: &Definition) -> Self {
        let mut parents = BTreeMap::new();
        for diagnosis in &definition.diagnoses {
            let parent = diagnosis.parent.as_deref().unwrap_or(TOTAL);
            parents.insert(diagnosis.code.clone(), parent.to_owned());
        }
        let above: Vec<String> = parents.values().filter(|p| *p != TOTAL).cloned().collect();
        for parent in above {
            parents.insert(format!("{parent}{OTHER}"), parent);
        }
        Self { parents }
    }

    /// The code under which clients of a group are counted at the finest level.
    pub(super) fn leaf(&self, code: &str) -> String {
        if self.is_group(code) {
            format!("{code}{OTHER}")
        } else {
            code.to_owned()
        }
    }

    /// Whether groups stand beneath a code.
    pub(super) fn is_group(&self, code: &str) -> bool {
        self.parents.values().any(|p| p == code)
    }

    /// Whether a code is one that clients are counted under at the finest level.
    pub(super) fn is_finest(&self, code: &str) -> bool {
        self.parents.contains_key(code) && !self.is_group(code)
    }

    /// A code and everything that it counts in, the total last.
    pub(super) fn chain<'a>(&'a self, code: &'a str) -> Vec<&'a str> {
        let mut chain = vec![code];
        let mut at = code;
        while let Some(parent) = self.parents.get(at) {
            at = parent;
            chain.push(at);
            if at == TOTAL || chain.len() > self.parents.len() {
                break;
            }
        }
        if at != TOTAL {
            chain.push(TOTAL);
        }
        chain
    }

    /// The code right above.
    pub(super) fn parent<'a>(&'a self, code: &'a str) -> &'a str {
        self.parents.get(code).map_or(TOTAL, String::as_str)
    }

    /// Codes and their parents, as a hierarchy of the dimension.
    pub(super) fn branches(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parents.iter().map(|(c, p)| (c.as_str(), p.as_str()))
    }
}
