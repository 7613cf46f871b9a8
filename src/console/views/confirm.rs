//! A question before something happens: what exactly, old and new, and how it is confirmed. Not the doing of it.

use super::input::Line;
use crate::console::message::{Run, Ticket};

/// A question.
pub struct Confirm {
    /// What happens after a yes.
    pub purpose: Purpose,
    /// The question.
    pub title: String,
    /// What will happen.
    pub lines: Vec<Said>,
    /// What must be typed, empty for a plain yes.
    pub word: String,
    /// What is typed.
    pub typed: Line,
    /// The answer that is awaited: a plan, a dry run or the run itself.
    pub wait: Option<(Ticket, Awaits)>,
    /// Why it did not happen.
    pub trouble: Option<String>,
    /// The first visible line.
    pub top: usize,
}

/// What happens after a yes.
pub enum Purpose {
    /// An action is run.
    Run(Box<Run>),
    /// Nothing: the plan says that it can happen to none of the records.
    Nothing,
    /// The program is left.
    Quit,
}

/// What a question waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaits {
    /// What a bulk action would do.
    Plan,
    /// The outcome of a dry run.
    DryRun,
    /// The outcome.
    Run,
}

/// One line of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// A sentence.
    Plain(String),
    /// A sentence of warning.
    Warning(String),
    /// A field with its old and new value.
    Change {
        /// Label of the field.
        label: String,
        /// What it was.
        old: String,
        /// What it becomes.
        new: String,
    },
    /// Nothing.
    Blank,
}

impl Confirm {
    /// A question with a plain yes or no.
    pub fn new(purpose: Purpose, title: String, lines: Vec<Said>) -> Self {
        Self {
            purpose,
            title,
            lines,
            word: String::new(),
            typed: Line::default(),
            wait: None,
            trouble: None,
            top: 0,
        }
    }

    /// The word that must be typed, when there is one.
    pub fn must_type(&self) -> Option<&str> {
        (!self.word.is_empty()).then_some(self.word.as_str())
    }

    /// Whether the yes counts now.
    pub fn ready(&self) -> bool {
        self.wait.is_none()
            && !matches!(self.purpose, Purpose::Nothing)
            && (self.word.is_empty() || self.typed.text().trim() == self.word)
    }

    /// Scrolls.
    pub fn scroll(&mut self, by: isize) {
        self.top = self
            .top
            .saturating_add_signed(by)
            .min(self.lines.len().saturating_sub(1));
    }
}
