//! One record as a reader sees it: a head, and tabs with fields, a checklist, a list or text. Not its drawing.

use super::cell::Cell;
use super::page::Row;
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::language::Message;

/// One record.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Identifier.
    pub id: String,
    /// Version when read.
    pub version: i64,
    /// State code, empty where records have none.
    pub state: String,
    /// What people call it.
    pub title: String,
    /// One line beneath the title: codes and ages.
    pub summary: Vec<(&'static Message, Cell)>,
    /// Tabs, at least one.
    pub tabs: Vec<Tab>,
    /// Actions and why each that may not be taken is refused.
    pub actions: Vec<Choice>,
    /// Who has claimed it, until when.
    pub claim: Option<(String, Timestamp)>,
    /// Who else has it open.
    pub present: Vec<String>,
    /// When it was read.
    pub at: Timestamp,
}

/// An action with what forbids it, if anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The action.
    pub act: Act,
    /// The sentence that says which right or state forbids it.
    pub refusal: Option<String>,
}

/// One tab of a record.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Its title.
    pub title: &'static Message,
    /// What it shows.
    pub body: Body,
}

/// What a tab shows.
#[derive(Debug, Clone)]
pub enum Body {
    /// Names and values.
    Fields(Vec<(&'static Message, Cell)>),
    /// What must be done, whether it is, and who must act.
    Checklist(Vec<Check>),
    /// Related records; `Enter` opens one.
    List(Related),
    /// Lines of text, already in the reader's language.
    Text(Vec<String>),
    /// Several bodies under one tab, each with a heading.
    Sections(Vec<(&'static Message, Body)>),
}

/// One line of a checklist.
#[derive(Debug, Clone)]
pub struct Check {
    /// What must be done.
    pub title: &'static Message,
    /// Whether it is.
    pub done: bool,
    /// Who must act, or by what it was done.
    pub detail: String,
}

/// Records that belong to this one.
#[derive(Debug, Clone, Default)]
pub struct Related {
    /// What kind of records, so that `Enter` can open them; `None` when they cannot be opened.
    pub kind: Option<Kind>,
    /// Headers.
    pub columns: Vec<&'static Message>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Whether there are more than these.
    pub more: bool,
    /// What to say when there are none.
    pub empty: Option<&'static Message>,
}
