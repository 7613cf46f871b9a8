//! A menu: lines to choose one from, some greyed with the reason why. Not what the choice does.

use crate::console::layout::follow;
use crate::domain::action::Act;
use crate::ui::form::Form;

/// A menu.
pub struct Picker {
    /// Its title.
    pub title: String,
    /// Its lines.
    pub options: Vec<Choice>,
    /// The line under the cursor.
    pub cursor: usize,
    /// The first visible line.
    pub top: usize,
    /// The form that waits for the choice about its draft.
    pub form: Option<Box<Form>>,
}

/// One line of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it is.
    pub label: String,
    /// More about it.
    pub detail: String,
    /// Why it cannot be chosen.
    pub refusal: Option<String>,
    /// What is chosen.
    pub pick: Pick,
}

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// An action.
    Act(Act),
    /// A sort by name.
    Sort(String),
    /// A value to copy.
    Copy(String),
    /// Go on with the draft.
    Resume,
    /// Begin again without it.
    Fresh,
}

impl Picker {
    /// A menu, the cursor on its first line that can be chosen.
    pub fn new(title: String, options: Vec<Choice>) -> Self {
        let cursor = options
            .iter()
            .position(|c| c.refusal.is_none())
            .unwrap_or(0);
        Self {
            title,
            options,
            cursor,
            top: 0,
            form: None,
        }
    }

    /// The line under the cursor.
    pub fn chosen(&self) -> Option<&Choice> {
        self.options.get(self.cursor)
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize, height: usize) {
        let last = self.options.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
        self.top = follow(self.top, self.cursor, height);
    }
}
