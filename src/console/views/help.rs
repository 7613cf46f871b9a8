//! Help for what was on screen: every key that works there, searchable, each line can be run. Not its drawing.

use super::input::Line;
use crate::console::command::Command;
use crate::console::layout::follow;

/// Help.
pub struct Help {
    /// What is typed to search for.
    pub line: Line,
    /// Sentences about what was on screen.
    pub about: Vec<String>,
    /// Every key that works there.
    pub topics: Vec<Topic>,
    /// Places of the topics that fit what is typed.
    pub shown: Vec<usize>,
    /// The line under the cursor.
    pub cursor: usize,
    /// The first visible line.
    pub top: usize,
}

/// One line of help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Where the keys work.
    pub group: String,
    /// The keys.
    pub keys: String,
    /// What they do.
    pub does: String,
    /// What is run on Enter.
    pub run: Command,
}

impl Help {
    /// Help with all its lines in sight.
    pub fn new(about: Vec<String>, topics: Vec<Topic>) -> Self {
        let shown = (0..topics.len()).collect();
        Self {
            line: Line::default(),
            about,
            topics,
            shown,
            cursor: 0,
            top: 0,
        }
    }

    /// Shows only what holds every word typed.
    pub fn search(&mut self) {
        let text = self.line.text().to_lowercase();
        let words: Vec<&str> = text.split_whitespace().collect();
        let fits = |t: &Topic| {
            let hay = format!("{} {} {}", t.keys, t.does, t.run.name()).to_lowercase();
            words.iter().all(|w| hay.contains(w))
        };
        self.shown = self
            .topics
            .iter()
            .enumerate()
            .filter(|(_, t)| fits(t))
            .map(|(n, _)| n)
            .collect();
        self.cursor = 0;
        self.top = 0;
    }

    /// The topic of a place in `shown`.
    pub fn topic(&self, place: usize) -> Option<&Topic> {
        self.shown.get(place).and_then(|n| self.topics.get(*n))
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize, height: usize) {
        let last = self.shown.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
        self.top = follow(self.top, self.cursor, height);
    }
}
