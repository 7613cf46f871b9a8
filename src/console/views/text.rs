//! Lines of text to read and search: outcomes, previews, documents; and a secret that is shown for a while. Not its drawing.

use super::input::Line;
use crate::domain::licence_code::LicenceCode;
use crate::domain::time::Timestamp;

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
    /// What is shown once, beneath the lines, and when it disappears.
    pub secret: Option<(LicenceCode, Timestamp)>,
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
            secret: None,
        }
    }

    /// Text with a secret that disappears at a time.
    pub fn with_secret(
        title: String,
        lines: Vec<String>,
        code: LicenceCode,
        until: Timestamp,
    ) -> Self {
        Self {
            secret: Some((code, until)),
            ..Self::new(title, lines)
        }
    }

    /// Whether it holds a secret whose time is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.secret.as_ref().is_some_and(|(_, until)| *until <= now)
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
