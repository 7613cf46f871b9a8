//! A form that is being filled in: its lines, choices and flags, the check of each on leaving it. Not its effect.

use super::input::{Edited, Line};
use crate::console::command::{Command, act_name};
use crate::console::drafts::Draft;
use crate::console::key::Key;
use crate::console::layout::follow;
use crate::console::message::Target;
use crate::domain::action::{Field, FieldKind, Reason};
use crate::domain::check::{self, Flaw};
use crate::domain::time::Timestamp;
use crate::ui::form::{Form, Values};

/// What a flag holds when it is on.
pub const ON: &str = "yes";

/// A form that is being filled in.
pub struct FormView {
    /// The form as it was opened.
    pub form: Form,
    /// For which rows.
    pub targets: Vec<Target>,
    /// Its fields, the reason last.
    pub entries: Vec<Entry>,
    /// The field that is typed in; one past the last is the line that continues.
    pub focus: usize,
    /// The first visible field.
    pub top: usize,
    /// What is wrong with the whole.
    pub trouble: Option<String>,
    /// When the draft was typed that was put back.
    pub restored: Option<Timestamp>,
}

/// What an entry is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A field of the form.
    Field(&'static Field),
    /// The reason.
    Reason(Reason),
}

/// One field with what is typed in it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is for.
    pub slot: Slot,
    /// What is typed, or the codes chosen.
    pub line: Line,
    /// The choice under the cursor, where several may be chosen.
    pub choice: usize,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
}

impl Slot {
    /// The codes to choose from.
    pub const fn codes(self) -> &'static [&'static str] {
        match self {
            Self::Field(Field {
                kind: FieldKind::Choice(codes) | FieldKind::Choices(codes),
                ..
            }) => codes,
            Self::Field(_) | Self::Reason(_) => &[],
        }
    }

    /// Whether characters are typed in it.
    pub const fn typed(self) -> bool {
        match self {
            Self::Reason(_) => true,
            Self::Field(f) => !matches!(
                f.kind,
                FieldKind::Choice(_) | FieldKind::Choices(_) | FieldKind::Flag
            ),
        }
    }

    /// Whether it may not stay empty.
    pub const fn required(self) -> bool {
        match self {
            Self::Reason(reason) => matches!(reason, Reason::Required),
            Self::Field(f) => f.required,
        }
    }
}

impl Entry {
    fn new(slot: Slot, text: &str) -> Self {
        Self {
            slot,
            line: Line::of(text),
            choice: 0,
            flaw: None,
        }
    }

    /// Whether a code is chosen.
    pub fn chosen(&self, code: &str) -> bool {
        self.line.text().split(',').any(|c| c == code)
    }

    /// What is wrong with what is typed.
    pub fn check(&self) -> Option<Flaw> {
        let text = self.line.text().trim();
        if text.is_empty() {
            return self.slot.required().then_some(Flaw::Missing);
        }
        let checked = match self.slot {
            Slot::Reason(_) => check::line(text),
            Slot::Field(field) => match field.kind {
                FieldKind::Line | FieldKind::Reference(_) => check::line(text),
                FieldKind::Email => check::email(text),
                FieldKind::Date => check::date(text),
                FieldKind::Digits(count) => check::digits(text, count),
                FieldKind::Choice(codes) | FieldKind::Choices(codes) => {
                    let known = text.split(',').all(|c| codes.contains(&c));
                    known.then_some(()).ok_or(Flaw::UnknownCode)
                }
                FieldKind::Flag => Ok(()),
            },
        };
        checked.err()
    }

    fn flip(&mut self, by: isize) -> Edited {
        let Slot::Field(field) = self.slot else {
            return Edited::Nothing;
        };
        let codes = self.slot.codes();
        let turn = |place: isize| {
            place
                .rem_euclid(codes.len().max(1).cast_signed())
                .unsigned_abs()
        };
        match field.kind {
            FieldKind::Choice(_) => {
                let here = codes.iter().position(|c| *c == self.line.text());
                let there =
                    turn(here.map_or(if by > 0 { 0 } else { -1 }, |n| n.cast_signed() + by));
                self.line.set(codes.get(there).copied().unwrap_or_default());
                Edited::Text
            }
            FieldKind::Choices(_) => {
                self.choice = turn(self.choice.cast_signed() + by);
                Edited::Nothing
            }
            FieldKind::Flag => self.toggle(),
            FieldKind::Line
            | FieldKind::Email
            | FieldKind::Date
            | FieldKind::Digits(_)
            | FieldKind::Reference(_) => Edited::Nothing,
        }
    }

    fn toggle(&mut self) -> Edited {
        let Slot::Field(field) = self.slot else {
            return Edited::Nothing;
        };
        match field.kind {
            FieldKind::Flag => {
                let next = if self.line.text() == ON { "" } else { ON };
                self.line.set(next);
            }
            FieldKind::Choice(_) => return self.flip(1),
            FieldKind::Choices(codes) => {
                let code = codes.get(self.choice).copied().unwrap_or_default();
                let is_on = |c: &&&str| {
                    if **c == code {
                        !self.chosen(c)
                    } else {
                        self.chosen(c)
                    }
                };
                let next: Vec<&str> = codes.iter().filter(is_on).copied().collect();
                self.line.set(&next.join(","));
            }
            FieldKind::Line
            | FieldKind::Email
            | FieldKind::Date
            | FieldKind::Digits(_)
            | FieldKind::Reference(_) => {
                return Edited::Nothing;
            }
        }
        Edited::Text
    }
}

impl FormView {
    /// A form as it was opened.
    pub fn new(form: Form, targets: Vec<Target>) -> Self {
        let value = |f: &Field| form.values.get(f.name).map_or("", String::as_str);
        let mut entries: Vec<Entry> = form
            .fields
            .iter()
            .map(|f| Entry::new(Slot::Field(f), value(f)))
            .collect();
        let reason = form.act.spec().reason;
        if reason != Reason::None {
            // A reason that must be given is asked first; one that may be given comes last.
            let place = if reason == Reason::Required {
                0
            } else {
                entries.len()
            };
            entries.insert(place, Entry::new(Slot::Reason(reason), ""));
        }
        Self {
            form,
            targets,
            entries,
            focus: 0,
            top: 0,
            trouble: None,
            restored: None,
        }
    }

    /// Puts back what was typed before.
    pub fn restore(&mut self, values: &Values, reason: &str) {
        for entry in &mut self.entries {
            match entry.slot {
                Slot::Field(f) => entry
                    .line
                    .set(values.get(f.name).map_or("", String::as_str)),
                Slot::Reason(_) => entry.line.set(reason),
            }
        }
    }

    /// The values as typed.
    pub fn values(&self) -> Values {
        let fields = self.entries.iter().filter_map(|e| match e.slot {
            Slot::Field(f) => Some((f.name.to_owned(), e.line.text().trim().to_owned())),
            Slot::Reason(_) => None,
        });
        fields.collect()
    }

    /// The reason as typed.
    pub fn reason(&self) -> String {
        let reason = self
            .entries
            .iter()
            .find(|e| matches!(e.slot, Slot::Reason(_)));
        reason.map_or_else(String::new, |e| e.line.text().trim().to_owned())
    }

    /// Whether anything differs from what the database held.
    pub fn changed(&self) -> bool {
        let was = |name: &str| self.form.values.get(name).map_or("", String::as_str);
        !self.reason().is_empty() || self.values().iter().any(|(name, value)| was(name) != value)
    }

    /// Types a character.
    pub fn key(&mut self, key: Key) -> Edited {
        let Some(entry) = self.entries.get_mut(self.focus) else {
            return Edited::Nothing;
        };
        match key.typed() {
            Some(c) if entry.slot.typed() => entry.line.push(c),
            Some(' ') => entry.toggle(),
            _ => Edited::Nothing,
        }
    }

    /// Puts pasted text into the field.
    pub fn paste(&mut self, text: &str) -> Edited {
        match self.entries.get_mut(self.focus) {
            Some(entry) if entry.slot.typed() => entry.line.paste(text),
            _ => Edited::Nothing,
        }
    }

    /// Edits the field by command.
    pub fn edit(&mut self, command: Command) -> Option<Edited> {
        let entry = self.entries.get_mut(self.focus)?;
        if entry.slot.typed() {
            return entry.line.edit(command);
        }
        match command {
            Command::Left => Some(entry.flip(-1)),
            Command::Right => Some(entry.flip(1)),
            _ => None,
        }
    }

    /// Goes to another field; the one that is left is checked.
    pub fn go(&mut self, by: isize, height: usize) {
        if let Some(entry) = self.entries.get_mut(self.focus) {
            entry.flaw = entry.check();
        }
        self.focus = self.focus.saturating_add_signed(by).min(self.entries.len());
        self.settle(height);
    }

    /// Keeps the field that is typed in in sight.
    pub fn settle(&mut self, height: usize) {
        self.top = follow(self.top, self.focus, height);
    }

    /// Checks all fields; whether none is wrong. Otherwise the first wrong one is gone to.
    pub fn check(&mut self, height: usize) -> bool {
        for entry in &mut self.entries {
            entry.flaw = entry.check();
        }
        let wrong = self.entries.iter().position(|e| e.flaw.is_some());
        if let Some(place) = wrong {
            self.focus = place;
            self.settle(height);
        }
        wrong.is_none()
    }

    /// Takes in what the service found wrong, by field.
    pub fn blame(&mut self, field: &str, flaw: Flaw) -> bool {
        let of = |e: &Entry| match e.slot {
            Slot::Field(f) => f.name == field,
            Slot::Reason(_) => field == "reason",
        };
        let Some(place) = self.entries.iter().position(of) else {
            return false;
        };
        if let Some(entry) = self.entries.get_mut(place) {
            entry.flaw = Some(flaw);
        }
        self.focus = place;
        true
    }

    /// The form as a draft.
    pub fn draft(&self, now: Timestamp) -> Draft {
        Draft {
            act: act_name(self.form.act),
            id: self.form.id.clone(),
            label: self.form.label.clone(),
            version: self.form.version,
            original: self.form.values.clone(),
            values: self.values(),
            reason: self.reason(),
            at: now.0,
        }
    }

    /// The name under which its draft is kept.
    pub fn draft_key(&self) -> String {
        draft_key(&act_name(self.form.act), &self.form.id)
    }
}

/// The name under which the draft of an action on a record is kept.
pub fn draft_key(act: &str, id: &str) -> String {
    format!("{act} {id}")
}
