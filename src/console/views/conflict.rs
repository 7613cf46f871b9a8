//! Somebody saved first: original, theirs and mine per field, to be chosen one by one. Nothing is overwritten silently.

use crate::console::message::Target;
use crate::ui::form::{Form, Values};

/// Somebody saved first.
pub struct Conflict {
    /// The form as it is now.
    pub theirs: Form,
    /// For which rows.
    pub targets: Vec<Target>,
    /// The reason as typed.
    pub reason: String,
    /// Who saved first, empty when unknown.
    pub by: String,
    /// The fields that differ.
    pub rows: Vec<Difference>,
    /// What was typed, whole.
    pub mine: Values,
    /// The row under the cursor.
    pub cursor: usize,
    /// What still has to be done.
    pub trouble: Option<String>,
}

/// Whose value is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the colleague saved.
    Theirs,
    /// What was typed here.
    Mine,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Name of the field.
    pub field: &'static str,
    /// What it was when the form was opened.
    pub original: String,
    /// What it is now.
    pub theirs: String,
    /// What was typed.
    pub mine: String,
    /// What is taken; not known yet when both changed it.
    pub taken: Option<Side>,
}

impl Conflict {
    /// Compares what was typed with what was saved meanwhile.
    pub fn new(
        original: &Values,
        mine: Values,
        theirs: Form,
        targets: Vec<Target>,
        reason: String,
        by: String,
    ) -> Self {
        let of = |values: &Values, name: &str| values.get(name).cloned().unwrap_or_default();
        let differ = theirs.fields.iter().filter_map(|f| {
            let (was, now, typed) = (
                of(original, f.name),
                of(&theirs.values, f.name),
                of(&mine, f.name),
            );
            if now == typed {
                return None;
            }
            let taken = if now == was {
                Some(Side::Mine)
            } else if typed == was {
                Some(Side::Theirs)
            } else {
                None
            };
            Some(Difference {
                field: f.name,
                original: was,
                theirs: now,
                mine: typed,
                taken,
            })
        });
        let rows = differ.collect();
        Self {
            rows,
            theirs,
            targets,
            reason,
            by,
            mine,
            cursor: 0,
            trouble: None,
        }
    }

    /// Moves the cursor.
    pub fn step(&mut self, by: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// Takes the one or the other.
    pub fn take(&mut self, side: Side) {
        if let Some(row) = self.rows.get_mut(self.cursor) {
            row.taken = Some(side);
            self.trouble = None;
        }
    }

    /// The first field that is not decided.
    pub fn undecided(&self) -> Option<usize> {
        self.rows.iter().position(|r| r.taken.is_none())
    }

    /// The values as decided.
    pub fn decided(&self) -> Values {
        let mut values = self.theirs.values.clone();
        for row in &self.rows {
            let value = match row.taken {
                Some(Side::Mine) => &row.mine,
                Some(Side::Theirs) | None => &row.theirs,
            };
            values.insert(row.field.to_owned(), value.clone());
        }
        values
    }
}
