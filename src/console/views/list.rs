//! A list: its filter, sort, stage, marks and the rows in memory; which page to ask for next. Not its drawing.

use super::input::Line;
use super::window::{Anchor, Step, Window};
use crate::console::message::{Effect, Target, Ticket};
use crate::screens::List;
use crate::ui::page::Side;
use crate::ui::{Page, Query, Row};
use std::collections::BTreeMap;

/// One list of a screen.
pub struct Pane {
    /// The list.
    pub list: &'static List,
    /// Filter in force.
    pub filter: String,
    /// Filter being typed.
    pub typing: Option<Typed>,
    /// What the rows belong to, when they are the members of something.
    pub scope: Option<Scope>,
    /// Sort in force; empty for the list's own.
    pub sort: String,
    /// Stage in force, by its place.
    pub stage: Option<usize>,
    /// Rows in memory.
    pub window: Window,
    /// Marked rows by id.
    pub marks: BTreeMap<String, Target>,
    /// Where a range of marks began.
    pub range: Option<String>,
    /// Rows that came in above and are not in sight.
    pub fresh: i64,
    /// Why the last page could not be read.
    pub trouble: Option<String>,
    /// Whether a first page has come in.
    pub loaded: bool,
    /// The row to stand on when the next first page comes in.
    pub back: Option<String>,
    waits: Vec<(Ticket, Want)>,
    owed: isize,
}

/// What the rows of a list belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The filter that finds them.
    pub filter: String,
    /// What people call it.
    pub label: String,
    /// Screen and list that it was asked from.
    pub from: (usize, usize),
    /// The row that it was asked on: the way back leads there.
    pub row: String,
    /// The filter that was typed then, when it was asked in the same list.
    pub typed: Option<String>,
    /// What it is itself a part of, in the same list.
    pub outer: Option<Box<Scope>>,
}

impl Scope {
    /// What it is called, from the outermost on.
    pub fn path(&self) -> Vec<&str> {
        let mut names = self.outer.as_ref().map_or_else(Vec::new, |o| o.path());
        names.push(&self.label);
        names
    }
}

/// A filter being typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The line.
    pub line: Line,
    /// The suggestion that `Tab` takes, by its place.
    pub choice: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Replace(Anchor),
    After,
    Before,
}

/// Whether a page changed anything on screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// It did.
    Changed,
    /// The same rows as before.
    Same,
}

impl Pane {
    /// A list that is not read yet.
    pub fn new(list: &'static List, sort: String) -> Self {
        Self {
            list,
            filter: String::new(),
            typing: None,
            scope: None,
            sort,
            stage: None,
            window: Window::default(),
            marks: BTreeMap::new(),
            range: None,
            fresh: 0,
            trouble: None,
            loaded: false,
            back: None,
            waits: Vec::new(),
            owed: 0,
        }
    }

    /// The filter with the stage in it, as the database is asked.
    pub fn whole_filter(&self) -> String {
        let stage = self.stage.and_then(|n| self.list.stages.get(n));
        // A state that is typed goes before the stage.
        let typed = self
            .filter
            .contains(&format!("{}:", state_field(self.list)));
        let stage = stage.filter(|_| !typed);
        let stage = stage.map(|s| format!("{}:{}", state_field(self.list), s.state));
        let scope = self.scope.as_ref().map(|s| s.filter.clone());
        let parts = [scope, stage, Some(self.filter.clone())];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join(" ").trim().to_owned()
    }

    fn query(&self, side: Side, limit: usize) -> Query {
        Query {
            filter: self.whole_filter(),
            sort: self.sort.clone(),
            cursor: None,
            side,
            limit: u32::try_from(limit).unwrap_or(u32::MAX),
        }
    }

    /// Every row that matches, for marking all.
    pub fn everything(&self) -> Query {
        self.query(Side::After, 500)
    }

    /// Asks the first page.
    pub fn load_first(&mut self, ticket: Ticket, height: usize) -> Effect {
        self.owed = 0;
        self.fresh = 0;
        self.ask(
            ticket,
            Want::Replace(Anchor::First),
            self.query(Side::After, page_size(height)),
        )
    }

    /// Asks the last page.
    pub fn load_last(&mut self, ticket: Ticket, height: usize) -> Effect {
        self.owed = 0;
        self.ask(
            ticket,
            Want::Replace(Anchor::Last),
            self.query(Side::Before, page_size(height)),
        )
    }

    /// Asks again what is in sight, from just above the first visible row.
    pub fn reload(&mut self, ticket: Ticket, height: usize) -> Effect {
        if !self.loaded {
            return self.load_first(ticket, height);
        }
        let above = self.window.top.saturating_sub(height);
        let from_start = above == 0 && !self.window.before;
        let last_seen = self.window.cursor.max(self.window.top + height);
        let anchor = if from_start {
            None
        } else {
            self.window
                .rows
                .get(above.max(1) - 1)
                .map(|r| r.cursor.clone())
        };
        let skipped = if anchor.is_some() { above.max(1) } else { 0 };
        let limit = (last_seen.saturating_sub(skipped) + height).max(page_size(height));
        let query = Query {
            cursor: anchor,
            ..self.query(Side::After, limit)
        };
        self.ask(ticket, Want::Replace(Anchor::Stay), query)
    }

    /// Asks the next or previous page when the cursor comes near the edge of what is in memory.
    pub fn prefetch(&mut self, height: usize, ticket: impl FnOnce() -> Ticket) -> Option<Effect> {
        if self
            .waits
            .iter()
            .any(|(_, want)| matches!(want, Want::Replace(_)))
        {
            return None;
        }
        let near = 2 * height + 1;
        let below = self
            .window
            .rows
            .len()
            .saturating_sub(self.window.top + height);
        let (want, side, edge) = if self.window.after && below < near {
            (Want::After, Side::After, self.window.rows.last())
        } else if self.window.before && self.window.top < near {
            (Want::Before, Side::Before, self.window.rows.first())
        } else {
            return None;
        };
        if self.waits.iter().any(|(_, w)| *w == want) {
            return None;
        }
        let cursor = edge.map(|r| r.cursor.clone());
        let query = Query {
            cursor,
            ..self.query(side, page_size(height))
        };
        Some(self.ask(ticket(), want, query))
    }

    fn ask(&mut self, ticket: Ticket, want: Want, query: Query) -> Effect {
        if matches!(want, Want::Replace(_)) {
            self.waits.clear();
        }
        self.waits.push((ticket, want));
        Effect::Load {
            ticket,
            list: self.list,
            query,
        }
    }

    /// Whether this pane waits for the ticket.
    pub fn waits_for(&self, ticket: Ticket) -> bool {
        self.waits.iter().any(|(t, _)| *t == ticket)
    }

    /// Whether anything was asked and has not come.
    pub fn waiting(&self) -> bool {
        !self.waits.is_empty()
    }

    /// Forgets what was asked.
    pub fn forget(&mut self) {
        self.waits.clear();
    }

    /// Takes in a page.
    pub fn arrive(&mut self, ticket: Ticket, page: Page, height: usize) -> Arrived {
        let Some(place) = self.waits.iter().position(|(t, _)| *t == ticket) else {
            return Arrived::Same;
        };
        let (_, want) = self.waits.swap_remove(place);
        let cured = self.trouble.take().is_some();
        match want {
            Want::Replace(Anchor::Stay) if self.back.is_none() && self.window.same(&page) => {
                self.window.at = page.at;
                return if cured {
                    Arrived::Changed
                } else {
                    Arrived::Same
                };
            }
            Want::Replace(anchor) => self.take_page(page, anchor, height),
            Want::After => self.window.append(page, height),
            Want::Before => self.window.prepend(page, height),
        }
        let owed = std::mem::take(&mut self.owed);
        if owed != 0 {
            self.step(Step::Rows(owed), height);
        }
        self.window.settle(height);
        Arrived::Changed
    }

    fn take_page(&mut self, page: Page, anchor: Anchor, height: usize) {
        let first_time = !self.loaded;
        self.loaded = true;
        let was_at_top = self.window.top == 0 && self.window.cursor == 0 && !self.window.before;
        let new = self.window.replace(page, anchor, height);
        if let Some(place) = self.back.take().and_then(|id| self.window.place(&id)) {
            self.window.go(place, height);
        }
        for row in &self.window.rows {
            // A mark keeps the version that the person saw when it was frozen; only the name may follow.
            if let Some(mark) = self.marks.get_mut(&row.id) {
                mark.label.clone_from(&row.label);
            }
        }
        if anchor != Anchor::Stay || first_time {
            self.fresh = 0;
        } else if was_at_top {
            // The newcomers are shown above the cursor, as long as it stays in sight.
            self.window.top = self.window.cursor.saturating_sub(height.saturating_sub(1));
            self.fresh = i64::try_from(self.window.top).unwrap_or(0);
        } else {
            self.fresh += new;
        }
    }

    /// Takes in that a page could not be read.
    pub fn fail(&mut self, ticket: Ticket, trouble: String) {
        self.waits.retain(|(t, _)| *t != ticket);
        self.owed = 0;
        self.trouble = Some(trouble);
    }

    /// Moves the cursor; what lies beyond the rows in memory is made up when they arrive.
    pub fn step(&mut self, step: Step, height: usize) {
        let rest = self.window.step(step, height);
        let more = (rest > 0 && self.window.after) || (rest < 0 && self.window.before);
        let most = 3 * height.cast_signed();
        self.owed = if more {
            self.owed.saturating_add(rest).clamp(-most, most)
        } else {
            0
        };
        if self.window.top == 0 && !self.window.before {
            self.fresh = 0;
        }
    }

    /// Marks or unmarks the row under the cursor.
    pub fn toggle_mark(&mut self) {
        let Some(row) = self.window.row() else { return };
        if self.marks.remove(&row.id).is_none() {
            self.marks.insert(row.id.clone(), target(row));
        }
    }

    /// Begins a range, or marks everything between its begin and the cursor.
    pub fn range(&mut self) {
        let Some(row) = self.window.row() else { return };
        let Some(from) = self.range.take().and_then(|id| self.window.place(&id)) else {
            self.range = Some(row.id.clone());
            self.marks.insert(row.id.clone(), target(row));
            return;
        };
        let (low, high) = (from.min(self.window.cursor), from.max(self.window.cursor));
        let rows = self.window.rows.get(low..=high).unwrap_or_default();
        self.marks
            .extend(rows.iter().map(|r| (r.id.clone(), target(r))));
    }

    /// The stage `by` places on; the first is "all".
    pub fn turn_stage(&mut self, by: isize) -> bool {
        let count = self.list.stages.len();
        if count == 0 {
            return false;
        }
        let place = self.stage.map_or(0, |n| n + 1).cast_signed();
        let next = (place + by)
            .rem_euclid(count.cast_signed() + 1)
            .unsigned_abs();
        self.stage = next.checked_sub(1);
        true
    }

    /// Which rows an action is for: the marked ones, or the one under the cursor.
    pub fn targets(&self) -> Vec<Target> {
        if self.marks.is_empty() {
            return self.window.row().map(target).into_iter().collect();
        }
        self.marks.values().cloned().collect()
    }
}

/// The filter field that holds the state of a list.
pub fn state_field(list: &List) -> &'static str {
    list.filters
        .iter()
        .map(|f| f.name)
        .find(|n| *n == "status" || *n == "state")
        .unwrap_or("status")
}

/// A row as the target of an action.
pub fn target(row: &Row) -> Target {
    Target {
        id: row.id.clone(),
        version: row.version,
        label: row.label.clone(),
    }
}

fn page_size(height: usize) -> usize {
    (3 * height).max(60)
}
