//! Trouble on request: a plan by which the n-th operation on a database fails, so that tests can break off anywhere. Without a
//! plan nothing of this runs.

use super::error::StoreError;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What the failing operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It does not happen.
    Undone,
    /// A commit happens and its answer is lost; anything else does not happen.
    AnswerLost,
}

/// Which operation fails, and how.
#[derive(Debug)]
pub struct Faults {
    nth: u64,
    manner: Manner,
    count: AtomicU64,
}

impl Faults {
    /// Lets the n-th operation fail, counted from 1.
    pub fn at(nth: u64, manner: Manner) -> Arc<Self> {
        Arc::new(Self {
            nth,
            manner,
            count: AtomicU64::new(0),
        })
    }

    /// Whether the operation came that was to fail.
    pub fn struck(&self) -> bool {
        self.count.load(Ordering::SeqCst) >= self.nth
    }

    fn strikes(&self) -> bool {
        self.count.fetch_add(1, Ordering::SeqCst) + 1 == self.nth
    }
}

/// Counts an operation, and lets it fail when its turn has come.
pub(super) fn operation(plan: Option<&Arc<Faults>>) -> Result<(), StoreError> {
    match plan {
        Some(plan) if plan.strikes() => Err(StoreError::Unreachable("on request".to_owned())),
        _ => Ok(()),
    }
}

/// How a commit ends whose turn has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Commit {
    Whole,
    Undone,
    AnswerLost,
}

/// Counts a commit.
pub(super) fn commit(plan: Option<&Arc<Faults>>) -> Commit {
    match plan {
        Some(plan) if plan.strikes() => match plan.manner {
            Manner::Undone => Commit::Undone,
            Manner::AnswerLost => Commit::AnswerLost,
        },
        _ => Commit::Whole,
    }
}
