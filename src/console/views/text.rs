//! Lines of text to read and search: outcomes, previews, documents. Not its drawing.

use super::input::Line;

/// Lines of text.
pub struct Text {
    /// Its title.
    pub title: String,
    /// The lines.
    pub lines: Vec<String>,
    /// The first visible line.
    pub top: usize,
    /// What is being typed to search for.
    pub search: Option<Line>,
    /// What was searched for.
    pub needle: String,
}

impl Text {
    /// Text to read.
    pub fn new(title: String, lines: Vec<String>) -> Self {
        Self {
            title,
            lines,
            top: 0,
            search: None,
            needle: String::new(),
        }
    }

    /// Scrolls.
    pub fn scroll(&mut self, by: isize, height: usize) {
        let last = self.lines.len().saturating_sub(height.max(1));
        self.top = self.top.saturating_add_signed(by).min(last);
    }

    /// Goes to the next line, or the previous one, that holds what was searched for; whether there is one.
    pub fn seek(&mut self, by: isize) -> bool {
        let needle = self.needle.to_lowercase();
        let count = self.lines.len().cast_signed();
        let places = (1..=count).map(|n| {
            (self.top.cast_signed() + n * by)
                .rem_euclid(count)
                .unsigned_abs()
        });
        let holds = |n: &usize| {
            self.lines
                .get(*n)
                .is_some_and(|l| l.to_lowercase().contains(&needle))
        };
        let Some(found) = places
            .into_iter()
            .find(holds)
            .filter(|_| !needle.is_empty())
        else {
            return false;
        };
        self.top = found;
        true
    }
}
