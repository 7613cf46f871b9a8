//! A record that is open: its tabs, flattened to lines that the cursor walks. Not its drawing.

use super::window::Step;
use crate::console::layout::follow;
use crate::console::message::Ticket;
use crate::console::wrap::wrap;
use crate::domain::kind::Kind;
use crate::language::Message;
use crate::screens::Open;
use crate::ui::record::{Body, Check, Related};
use crate::ui::{Cell, Record, Row, Tab};

/// A record that is open.
pub struct Detail {
    /// Its kind.
    pub kind: Kind,
    /// How it is read.
    pub open: Open,
    /// Its identifier.
    pub id: String,
    /// What people call it, as far as known before it is read.
    pub label: String,
    /// The record, when it has been read.
    pub record: Option<Box<Record>>,
    /// The tab in sight.
    pub tab: usize,
    /// The line under the cursor.
    pub cursor: usize,
    /// The first visible line.
    pub top: usize,
    /// Why it could not be read.
    pub trouble: Option<String>,
    /// The answer that is awaited.
    pub wait: Option<Ticket>,
}

/// One line of a tab.
#[derive(Debug, Clone, Copy)]
pub enum Item<'a> {
    /// Nothing.
    Blank,
    /// A heading.
    Heading(&'static Message),
    /// A name and a value; names of one body are equally wide.
    Field(&'static Message, &'a Cell),
    /// An item of a checklist.
    Check(&'a Check),
    /// Headers of related records.
    Head(&'a Related),
    /// A related record.
    Row(&'a Related, &'a Row),
    /// There are more related records than these.
    More,
    /// What to say when there are none.
    Empty(&'static Message),
    /// A piece of a line of text.
    Text(&'a str),
}

impl Item<'_> {
    /// Whether the cursor may stand on it.
    pub const fn stops(&self) -> bool {
        matches!(
            self,
            Self::Field(..) | Self::Check(_) | Self::Row(..) | Self::Text(_)
        )
    }
}

impl Detail {
    /// A record that is about to be read.
    pub fn new(kind: Kind, open: Open, id: String, label: String, wait: Ticket) -> Self {
        let wait = Some(wait);
        Self {
            kind,
            open,
            id,
            label,
            record: None,
            tab: 0,
            cursor: 0,
            top: 0,
            trouble: None,
            wait,
        }
    }

    /// The tab in sight.
    pub fn current(&self) -> Option<&Tab> {
        self.record.as_ref().and_then(|r| r.tabs.get(self.tab))
    }

    /// The lines of the tab in sight.
    pub fn items(&self, width: u16) -> Vec<Item<'_>> {
        let mut items = Vec::new();
        if let Some(tab) = self.current() {
            flatten(&tab.body, usize::from(width), &mut items);
        }
        items
    }

    /// The line under the cursor.
    pub fn item(&self, width: u16) -> Option<Item<'_>> {
        self.items(width).get(self.cursor).copied()
    }

    /// Takes in the record; tab and cursor stay where they can.
    pub fn arrive(&mut self, record: Box<Record>, width: u16, height: usize) {
        self.wait = None;
        self.trouble = None;
        self.tab = self.tab.min(record.tabs.len().saturating_sub(1));
        let first = self.record.is_none();
        self.label.clone_from(&record.title);
        let row = self.item(width).and_then(|i| {
            if let Item::Row(_, row) = i {
                Some(row.id.clone())
            } else {
                None
            }
        });
        self.record = Some(record);
        if let Some(id) = row {
            let items = self.items(width);
            let place = items
                .iter()
                .position(|i| matches!(i, Item::Row(_, r) if r.id == id));
            self.cursor = place.unwrap_or(self.cursor);
        }
        if first {
            self.turn(0, width);
        }
        self.settle(width, height);
    }

    /// Goes to the tab `by` places on.
    pub fn turn(&mut self, by: isize, width: u16) {
        let count = self.record.as_ref().map_or(0, |r| r.tabs.len());
        if count == 0 {
            return;
        }
        self.tab = (self.tab.cast_signed() + by)
            .rem_euclid(count.cast_signed())
            .unsigned_abs();
        self.top = 0;
        self.cursor = self.items(width).iter().position(Item::stops).unwrap_or(0);
    }

    /// Moves the cursor over the lines where it may stand.
    pub fn step(&mut self, step: Step, width: u16, height: usize) {
        let (by, scroll) = match step {
            Step::Rows(by) => (by, false),
            Step::Scroll(by) => (by, true),
        };
        let stops: Vec<usize> = self
            .items(width)
            .iter()
            .enumerate()
            .filter(|(_, i)| i.stops())
            .map(|(n, _)| n)
            .collect();
        let last = stops.len().saturating_sub(1).cast_signed();
        let here = stops
            .iter()
            .position(|n| *n >= self.cursor)
            .unwrap_or(0)
            .cast_signed();
        let there = here.saturating_add(by).clamp(0, last.max(0)).unsigned_abs();
        self.cursor = stops.get(there).copied().unwrap_or(0);
        if scroll {
            self.top = self.top.saturating_add_signed(by);
        }
        if there == 0 {
            self.top = 0;
        }
        self.settle(width, height);
    }

    fn settle(&mut self, width: u16, height: usize) {
        let count = self.items(width).len();
        self.cursor = self.cursor.min(count.saturating_sub(1));
        self.top = self.top.min(count.saturating_sub(height.max(1)));
        self.top = follow(self.top, self.cursor, height);
    }

    /// Every value of the tab in sight, by name: what can be copied.
    pub fn values(&self) -> Vec<(&'static Message, &Cell)> {
        let mut values = Vec::new();
        if let Some(record) = &self.record {
            values.extend(record.summary.iter().map(|(m, c)| (*m, c)));
        }
        if let Some(tab) = self.current() {
            collect(&tab.body, &mut values);
        }
        values.retain(|(_, cell)| !matches!(cell, Cell::Empty | Cell::Masked));
        values
    }
}

fn flatten<'a>(body: &'a Body, width: usize, items: &mut Vec<Item<'a>>) {
    match body {
        Body::Fields(fields) => {
            items.extend(fields.iter().map(|(title, cell)| Item::Field(title, cell)));
        }
        Body::Checklist(checks) => items.extend(checks.iter().map(Item::Check)),
        Body::Text(lines) => {
            items.extend(lines.iter().flat_map(|l| wrap(l, width)).map(Item::Text));
        }
        Body::List(related) => {
            match related.empty.filter(|_| related.rows.is_empty()) {
                Some(message) => items.push(Item::Empty(message)),
                None => items.push(Item::Head(related)),
            }
            items.extend(related.rows.iter().map(|row| Item::Row(related, row)));
            if related.more {
                items.push(Item::More);
            }
        }
        Body::Sections(sections) => {
            for (n, (title, body)) in sections.iter().enumerate() {
                if n > 0 {
                    items.push(Item::Blank);
                }
                items.push(Item::Heading(title));
                flatten(body, width, items);
            }
        }
    }
}

fn collect<'a>(body: &'a Body, values: &mut Vec<(&'static Message, &'a Cell)>) {
    match body {
        Body::Fields(fields) => values.extend(fields.iter().map(|(title, cell)| (*title, cell))),
        Body::Sections(sections) => {
            for (_, body) in sections {
                collect(body, values);
            }
        }
        Body::Checklist(_) | Body::List(_) | Body::Text(_) => {}
    }
}
