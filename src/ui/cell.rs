//! One value of a list or record, typed so that screen, table, CSV and JSON each write it their own way. Not its drawing.

use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::{Language, cause, display, state};

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing to show.
    Empty,
    /// Text from outside; passes the sanitiser before it is shown.
    Text(String),
    /// A code with a label: a state, a role, a kind. Several codes are separated by commas.
    Code(Kind, String),
    /// The code of a cause, shown as what it means.
    Meaning(String),
    /// A point in time, shown as an age on screen and as RFC 3339 in data.
    Age(Timestamp),
    /// A point in time, shown as date and time.
    Moment(Timestamp),
    /// A date `YYYY-MM-DD`.
    Date(String),
    /// A whole number.
    Number(i64),
    /// A number of bytes.
    Size(i64),
    /// Yes or no.
    Flag(bool),
    /// Personal data or a secret that this reader does not see.
    Masked,
    /// A figure that is kept back: a dot on every screen and in every file.
    Hidden,
    /// A part of a whole, drawn as a bar with its percents.
    Share(i64, i64),
    /// Counts per day, oldest first, drawn as a sparkline.
    Spark(Vec<u32>),
}

impl Cell {
    /// Text, or nothing when it is empty.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() {
            Self::Empty
        } else {
            Self::Text(text)
        }
    }

    /// As people read it; not yet safe for a terminal.
    pub fn show(&self, language: Language, now: Timestamp) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Code(kind, codes) => state::labels(*kind, codes, language),
            Self::Meaning(code) => cause::name(code, language),
            Self::Age(at) => display::age(*at, now, language),
            Self::Moment(at) => display::moment(*at, language),
            Self::Date(date) => display::stored_date(date, language),
            Self::Number(n) => display::number(*n, language),
            Self::Size(n) => display::size(*n, language),
            Self::Flag(flag) => if *flag { &state::YES } else { &state::NO }
                .text(language)
                .to_owned(),
            Self::Masked => "•••".to_owned(),
            Self::Hidden => ".".to_owned(),
            Self::Share(part, whole) => share(*part, *whole),
            Self::Spark(counts) => spark(counts),
        }
    }

    /// As a program reads it; keys and codes are never translated.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Empty | Self::Masked | Self::Hidden => serde_json::Value::Null,
            Self::Code(_, text) | Self::Meaning(text) | Self::Date(text) if text.is_empty() => {
                serde_json::Value::Null
            }
            Self::Text(text) | Self::Code(_, text) | Self::Meaning(text) | Self::Date(text) => {
                text.clone().into()
            }
            Self::Age(at) | Self::Moment(at) if *at == Timestamp::NEVER => serde_json::Value::Null,
            Self::Age(at) | Self::Moment(at) => display::rfc3339(*at).into(),
            Self::Number(n) | Self::Size(n) => (*n).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Share(part, whole) => percents(*part, *whole).into(),
            Self::Spark(counts) => counts.clone().into(),
        }
    }
}

/// A bar of twenty blocks for all of the whole, at least one for any part, and whole percents.
fn share(part: i64, whole: i64) -> String {
    const ALL: i64 = 20;
    let blocks = (part.max(0) * ALL * 2 + whole).div_euclid(2 * whole.max(1));
    let blocks = blocks.clamp(i64::from(part > 0), ALL);
    let bar = "█".repeat(usize::try_from(blocks).unwrap_or(0));
    format!("{bar} {}%", percents(part, whole))
}

/// Rounded to whole percents.
fn percents(part: i64, whole: i64) -> i64 {
    (part.max(0) * 200 + whole).div_euclid(2 * whole.max(1))
}

/// Counts as eight heights of block, scaled to the largest.
pub fn spark(counts: &[u32]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as usize;
    let height = |n: u32| (n as usize * (BLOCKS.len() - 1)).div_ceil(most);
    counts
        .iter()
        .map(|n| BLOCKS.get(height(*n)).copied().unwrap_or('█'))
        .collect()
}
