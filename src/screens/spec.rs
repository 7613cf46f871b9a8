//! What a screen is: lists as data with plain functions that load them. Console and command line read the same values.

use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::language::Message;
use crate::service::{Actor, Error, Services};
use crate::ui::{Column, Page, Query, Record, Row};
use std::pin::Pin;
use std::sync::Arc;

/// What an asynchronous screen function gives back.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// Loads one page.
pub type Load = fn(Services, Arc<Actor>, Query) -> Answer<Page>;

/// Loads one record.
pub type Open = fn(Services, Arc<Actor>, String) -> Answer<Record>;

/// What `Enter` does on a row.
#[derive(Clone, Copy)]
pub enum Enter {
    /// Opens the record.
    Record(Open),
    /// Goes to the list of the records that the row stands for, by a filter; the row's own record is for the side and for `show`.
    Members {
        /// The row's own record.
        open: Open,
        /// Kind of the members.
        of: Kind,
        /// The filter that finds them; empty for a row that stands for itself alone, whose record is opened then.
        by: fn(&Row) -> String,
    },
    /// Goes to a list: the row's id is `SCREEN FILTER`, with the English name of a screen.
    Link,
    /// Nothing: the row says it all.
    Nothing,
}

impl Enter {
    /// Whether it goes on to what the row stands for, past the row's own record.
    pub const fn goes_on(self) -> bool {
        matches!(self, Self::Members { .. })
    }

    /// How the record of a row is opened, when it has one.
    pub const fn open(self) -> Option<Open> {
        match self {
            Self::Record(open) | Self::Members { open, .. } => Some(open),
            Self::Link | Self::Nothing => None,
        }
    }
}

pub use crate::service::read::Filter;

/// One list: a noun of the command line and one pane of a screen.
pub struct List {
    /// Kind of its records.
    pub kind: Kind,
    /// Its title.
    pub title: &'static Message,
    /// Its columns; the first is what the eye meets first.
    pub columns: &'static [Column],
    /// Fields that it can be filtered by.
    pub filters: &'static [Filter],
    /// Names of its sorts.
    pub sorts: &'static [&'static str],
    /// Sort when none is asked, `-` before it for descending.
    pub order: &'static str,
    /// Filters worth one key: name on screen and filter text, shown as a strip above the rows with their counts.
    pub stages: &'static [Stage],
    /// Loads a page.
    pub load: Load,
    /// What `Enter` does.
    pub enter: Enter,
    /// What stands beside the list about the row under the cursor, when that is not the record itself.
    pub aside: Option<Open>,
    /// Actions on its rows.
    pub acts: &'static [Act],
    /// Actions that make something new, or act on the whole.
    pub creates: &'static [Act],
    /// What to say when there are no rows at all.
    pub empty: &'static Message,
}

/// One stage of a list: its codes are counted without touching the rows.
#[derive(Debug, Clone, Copy)]
pub struct Stage {
    /// State code, also its key in the counters.
    pub state: &'static str,
}

/// One screen: one or more lists under a digit.
pub struct Screen {
    /// Digit that opens it.
    pub key: char,
    /// Its title.
    pub title: &'static Message,
    /// Name in the palette, English: `submissions`.
    pub name_en: &'static str,
    /// Name in the palette, Dutch: `aanleveringen`.
    pub name_nl: &'static str,
    /// Its lists; `Tab` walks them.
    pub lists: &'static [&'static List],
}
