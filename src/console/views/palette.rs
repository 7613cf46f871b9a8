//! The palette: commands, screens in both languages, actions and records, ranked by what is typed. Not what they do.

use super::input::Line;
use crate::console::command::Command;
use crate::console::layout::follow;
use crate::console::message::{Found, Ticket};
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The palette.
pub struct Palette {
    /// What is typed.
    pub line: Line,
    /// Everything that does not depend on the database.
    pub offers: Vec<Offer>,
    /// Records found so far.
    pub found: Vec<Offer>,
    /// What fits, best first: places in `offers`, then in `found`.
    pub shown: Vec<usize>,
    /// The line under the cursor.
    pub cursor: usize,
    /// The first visible line.
    pub top: usize,
    /// The records that are awaited.
    pub wait: Option<Ticket>,
    matcher: Box<Matcher>,
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What it is.
    pub label: String,
    /// More: its keys, its kind.
    pub detail: String,
    /// Other names that find it.
    pub names: Vec<String>,
    /// What is chosen.
    pub goal: Goal,
}

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// A command or action.
    Command(Command),
    /// A screen by its place.
    Screen(usize),
    /// A record.
    Record(Found),
}

impl Palette {
    /// A palette with everything that can be chosen without asking the database.
    pub fn new(offers: Vec<Offer>) -> Self {
        let shown = (0..offers.len()).collect();
        Self {
            line: Line::default(),
            offers,
            found: Vec::new(),
            shown,
            cursor: 0,
            top: 0,
            wait: None,
            matcher: Box::new(Matcher::new(Config::DEFAULT)),
        }
    }

    /// The offer of a place in `shown`.
    pub fn offer(&self, place: usize) -> Option<&Offer> {
        let index = *self.shown.get(place)?;
        self.offers
            .get(index)
            .or_else(|| self.found.get(index.checked_sub(self.offers.len())?))
    }

    /// The offer under the cursor.
    pub fn chosen(&self) -> Option<&Offer> {
        self.offer(self.cursor)
    }

    /// The name typed in full, and what follows it: `submissions status:held`.
    pub fn split(&self) -> (&str, &str) {
        let text = self.line.text().trim();
        text.split_once(' ')
            .map_or((text, ""), |(name, rest)| (name, rest.trim()))
    }

    /// Ranks everything again by what is typed.
    pub fn rank(&mut self) {
        let text = self.line.text().trim().to_owned();
        self.cursor = 0;
        self.top = 0;
        let count = self.offers.len();
        if text.is_empty() {
            self.shown = (0..count).collect();
            return;
        }
        let first = self.split().0.to_lowercase();
        let pattern = Pattern::parse(&text, CaseMatching::Ignore, Normalization::Smart);
        let mut scored: Vec<(u32, usize)> = Vec::new();
        for (index, offer) in self.offers.iter().enumerate() {
            let exact = offer.names.contains(&first);
            let hay = format!("{} {}", offer.label, offer.names.join(" "));
            let mut buffer = Vec::new();
            let score = pattern.score(Utf32Str::new(&hay, &mut buffer), &mut self.matcher);
            let score = if exact { Some(u32::MAX) } else { score };
            scored.extend(score.map(|s| (s, index)));
        }
        // A stable sort, so that equals stay in the order of the menus.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.shown = scored.into_iter().map(|(_, index)| index).collect();
        self.shown.extend((0..self.found.len()).map(|n| count + n));
    }

    /// Takes in records; what is under the cursor stays there.
    pub fn arrive(&mut self, found: Vec<Offer>) {
        self.wait = None;
        let count = self.offers.len();
        self.shown.retain(|index| *index < count);
        self.shown.extend((0..found.len()).map(|n| count + n));
        self.found = found;
        self.cursor = self.cursor.min(self.shown.len().saturating_sub(1));
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize, height: usize) {
        let last = self.shown.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
        self.top = follow(self.top, self.cursor, height);
    }
}
