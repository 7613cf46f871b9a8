//! Commands in a list: moving, marking, filtering, sorting, opening.

use super::{App, Asked, Link, Shown};
use crate::console::command::Command;
use crate::console::key::Key;
use crate::console::layout::WIDE;
use crate::console::message::{Effect, Ticket};
use crate::console::suggest::{Suggestion, complete, suggest};
use crate::console::theme::Tone;
use crate::console::views::View;
use crate::console::views::input::Edited;
use crate::console::views::list::{Pane, Typed};
use crate::console::views::picker::{Choice, Pick, Picker};
use crate::console::views::window::Step;
use crate::domain::filter;
use crate::language::{Language, console as say, state};
use crate::screens::{Enter, List};

/// Rows that can be marked at once.
pub(super) const MOST_MARKS: usize = 5000;

impl App {
    pub(super) fn run_in_list(&mut self, command: Command) {
        if self.pane().is_some_and(|p| p.typing.is_some()) {
            return self.run_in_filter(command);
        }
        let height = self.rows_height();
        let page = height.cast_signed();
        match command {
            Command::Down => self.walk(Step::Rows(1)),
            Command::Up => self.walk(Step::Rows(-1)),
            Command::NextMatch => self.seek_row(1),
            Command::PreviousMatch => self.seek_row(-1),
            Command::HalfDown => self.walk(Step::Scroll(page / 2)),
            Command::HalfUp => self.walk(Step::Scroll(-(page / 2))),
            Command::PageDown => self.walk(Step::Scroll(page)),
            Command::PageUp => self.walk(Step::Scroll(-page)),
            Command::First => self.go_first(),
            Command::Last => self.go_last(),
            Command::Mark => {
                self.with_pane(Pane::toggle_mark);
                self.walk(Step::Rows(1));
            }
            Command::Range => self.with_pane(Pane::range),
            Command::MarkAll => self.mark_all(),
            Command::Open => self.open_row(),
            Command::Record => self.open_itself(),
            Command::Back => self.step_back(),
            Command::Filter => self.with_pane(|pane| {
                let line = super::super::views::input::Line::of(&pane.filter);
                pane.typing = Some(Typed { line, choice: 0 });
            }),
            Command::Sort => self.open_sorts(),
            Command::Reverse => self.reverse(),
            Command::Actions => self.open_actions(),
            Command::CopyId => self.copy_id(),
            Command::CopyField => self.open_fields(),
            Command::SidePane => self.toggle_side(),
            Command::NextStage | Command::Right => self.turn_stage(1),
            Command::PreviousStage | Command::Left => self.turn_stage(-1),
            Command::NextPane => self.turn_pane(1),
            Command::PreviousPane => self.turn_pane(-1),
            _ => {}
        }
    }

    fn with_pane(&mut self, change: impl FnOnce(&mut Pane)) {
        if let Some(pane) = self.pane_mut() {
            change(pane);
        }
    }

    pub(super) fn walk(&mut self, step: Step) {
        let height = self.rows_height();
        self.with_pane(|pane| pane.step(step, height));
        self.prefetch();
        self.rest_side();
    }

    /// The next marked row when there are marks; else the next row, for all of them match.
    fn seek_row(&mut self, by: isize) {
        let height = self.rows_height();
        let Some(pane) = self.pane_mut() else { return };
        if pane.marks.is_empty() {
            return self.walk(Step::Rows(by));
        }
        let count = pane.window.rows.len().cast_signed();
        let from = pane.window.cursor.cast_signed();
        let places = (1..count).map(|n| (from + n * by).rem_euclid(count).unsigned_abs());
        let marked = |n: &usize| {
            pane.window
                .rows
                .get(*n)
                .is_some_and(|r| pane.marks.contains_key(&r.id))
        };
        if let Some(place) = places.into_iter().find(marked) {
            pane.window.go(place, height);
        }
        self.prefetch();
    }

    fn go_first(&mut self) {
        let height = self.rows_height();
        let ticket = self.ticket();
        let Some(pane) = self.pane_mut() else { return };
        let load = if pane.window.before {
            Some(pane.load_first(ticket, height))
        } else {
            pane.window.go(0, height);
            pane.fresh = 0;
            None
        };
        self.effects.extend(load);
        self.rest_side();
    }

    fn go_last(&mut self) {
        let height = self.rows_height();
        let ticket = self.ticket();
        let Some(pane) = self.pane_mut() else { return };
        let load = if pane.window.after {
            Some(pane.load_last(ticket, height))
        } else {
            pane.window.go(usize::MAX, height);
            None
        };
        self.effects.extend(load);
        self.rest_side();
    }

    fn mark_all(&mut self) {
        let ticket = self.ticket();
        let Some(pane) = self.pane() else { return };
        let collect = Effect::Collect {
            ticket,
            list: pane.list,
            query: pane.everything(),
            most: MOST_MARKS,
        };
        self.asked = Some(Asked::Marks { ticket });
        self.effects.push(collect);
    }

    fn open_row(&mut self) {
        let Some(pane) = self.pane() else { return };
        let Some(row) = pane.window.row() else { return };
        let (kind, id, label) = (pane.list.kind, row.id.clone(), row.label.clone());
        match pane.list.enter {
            Enter::Record(open) => self.open_record(kind, open, id, label),
            Enter::Members { open, of, by } => {
                let filter = by(row);
                if filter.is_empty() {
                    return self.open_record(kind, open, id, label);
                }
                self.go_to_members(of, filter, (id, label));
            }
            Enter::Link => self.follow_link(&id),
            Enter::Nothing => {}
        }
    }

    /// Opens the record of the row, also where `Enter` goes on to what it is made of.
    fn open_itself(&mut self) {
        let Some(pane) = self.pane() else { return };
        let Some((row, open)) = pane.window.row().zip(pane.list.enter.open()) else {
            return self.open_row();
        };
        let (kind, id, label) = (pane.list.kind, row.id.clone(), row.label.clone());
        self.open_record(kind, open, id, label);
    }

    /// `Esc`: filter, then marks; on the last it says how to leave.
    fn step_back(&mut self) {
        let height = self.rows_height();
        let ticket = self.ticket();
        let language = self.look.language;
        let Some(pane) = self.pane_mut() else { return };
        if pane.range.take().is_some() {
            return;
        }
        if !pane.filter.is_empty() || pane.stage.is_some() {
            pane.filter.clear();
            pane.stage = None;
            let load = pane.load_first(ticket, height);
            self.effects.push(load);
            return;
        }
        if !pane.marks.is_empty() {
            pane.marks.clear();
            return;
        }
        if let Some(scope) = pane.scope.take() {
            return self.leave_members(scope);
        }
        self.say(Tone::Past, say::AT_THE_BOTTOM.text(language));
    }

    fn open_sorts(&mut self) {
        let language = self.look.language;
        let Some(pane) = self.pane() else { return };
        let now = if pane.sort.is_empty() {
            pane.list.order
        } else {
            pane.sort.as_str()
        };
        let (name, direction) = now
            .strip_prefix('-')
            .map_or((now, &say::ASCENDING), |n| (n, &say::DESCENDING));
        let option = |sort: &&'static str| Choice {
            label: sort_title(pane.list, sort, language),
            detail: if *sort == name {
                direction.text(language).to_owned()
            } else {
                String::new()
            },
            refusal: None,
            pick: Pick::Sort((*sort).to_owned()),
        };
        let mut picker = Picker::new(
            say::SORT_TITLE.text(language).to_owned(),
            pane.list.sorts.iter().map(option).collect(),
        );
        picker.cursor = pane.list.sorts.iter().position(|s| *s == name).unwrap_or(0);
        self.push(View::Picker(Box::new(picker)));
    }

    fn reverse(&mut self) {
        let Some(pane) = self.pane() else { return };
        let now = if pane.sort.is_empty() {
            pane.list.order
        } else {
            pane.sort.as_str()
        };
        let name = now.strip_prefix('-').unwrap_or(now).to_owned();
        self.sort_by(&name);
    }

    /// Sorts by a name; by the one in force: the other way round.
    pub(super) fn sort_by(&mut self, name: &str) {
        self.reread(|pane| {
            let now = if pane.sort.is_empty() {
                pane.list.order
            } else {
                pane.sort.as_str()
            };
            pane.sort = if now == name {
                format!("-{name}")
            } else {
                name.to_owned()
            };
        });
        self.remember();
    }

    fn turn_stage(&mut self, by: isize) {
        if self.pane().is_some_and(|p| !p.list.stages.is_empty()) {
            self.reread(|pane| {
                pane.turn_stage(by);
            });
        }
    }

    /// Changes what is asked of the list and asks it from the first row.
    fn reread(&mut self, change: impl FnOnce(&mut Pane)) {
        let height = self.rows_height();
        let ticket = self.ticket();
        let ready = self.link == Link::Ready;
        let Some(pane) = self.pane_mut() else { return };
        change(pane);
        let load = pane.load_first(ticket, height);
        if ready {
            self.effects.push(load);
        }
        self.rest_side();
    }

    fn turn_pane(&mut self, by: isize) {
        let index = self.board_index();
        let Some(board) = self.boards.get_mut(index) else {
            return;
        };
        let count = board.panes.len().cast_signed();
        if count < 2 {
            return;
        }
        board.pane = (board.pane.cast_signed() + by)
            .rem_euclid(count)
            .unsigned_abs();
        self.read_again();
        self.rest_side();
    }

    /// Shows or hides what stands beside the list; where there is no room for it, it is opened over the list.
    fn toggle_side(&mut self) {
        if self.look.size.width < WIDE {
            return self.open_aside();
        }
        self.side.shown = match self.beside() {
            Some(_) => Shown::Never,
            None => Shown::Always,
        };
        self.side.detail = None;
        self.remember();
        self.read_side();
    }

    fn open_aside(&mut self) {
        let Some(pane) = self.pane() else { return };
        let open = pane.list.aside.or_else(|| pane.list.enter.open());
        let (Some(open), Some(row)) = (open, pane.window.row()) else {
            return;
        };
        let (kind, id, label) = (pane.list.kind, row.id.clone(), row.label.clone());
        self.open_record(kind, open, id, label);
    }

    pub(super) fn type_in_filter(&mut self, key: Key) {
        self.with_filter(|typed| key.typed().map_or(Edited::Nothing, |c| typed.line.push(c)));
    }

    pub(super) fn with_filter(&mut self, change: impl FnOnce(&mut Typed) -> Edited) {
        let Some(typed) = self.pane_mut().and_then(|p| p.typing.as_mut()) else {
            return;
        };
        if change(typed) == Edited::Text {
            typed.choice = 0;
        }
    }

    fn run_in_filter(&mut self, command: Command) {
        match command {
            Command::Open => self.apply_filter(),
            Command::Back => self.with_pane(|pane| pane.typing = None),
            Command::Complete => {
                let suggestions = self.suggestions();
                self.with_filter(|typed| {
                    let Some(taken) = suggestions.get(typed.choice) else {
                        return Edited::Nothing;
                    };
                    let text = complete(typed.line.text(), taken);
                    typed.line.set(&text);
                    Edited::Text
                });
            }
            Command::Down | Command::Up => {
                let by = if command == Command::Down { 1 } else { -1 };
                let last = self.suggestions().len().saturating_sub(1);
                self.with_filter(|typed| {
                    typed.choice = typed.choice.saturating_add_signed(by).min(last);
                    Edited::Nothing
                });
            }
            other => self.with_filter(|typed| typed.line.edit(other).unwrap_or(Edited::Nothing)),
        }
    }

    /// What could be typed next in the filter.
    pub fn suggestions(&self) -> Vec<Suggestion> {
        let Some(pane) = self.pane() else {
            return Vec::new();
        };
        let Some(typed) = &pane.typing else {
            return Vec::new();
        };
        suggest(typed.line.text(), pane.list, self.look.language)
    }

    /// What is wrong with the filter as typed so far.
    pub fn filter_trouble(&self) -> Option<filter::FilterError> {
        let pane = self.pane()?;
        let names: Vec<&str> = pane.list.filters.iter().map(|f| f.name).collect();
        match filter::parse(pane.typing.as_ref()?.line.text(), &names) {
            Ok(terms) => terms
                .iter()
                .find_map(|term| self.unknown_code(pane.list, term)),
            Err(error) => Some(error),
        }
    }

    /// A code that the field does not take; its labels in both languages are taken too.
    fn unknown_code(&self, list: &List, term: &filter::Term) -> Option<filter::FilterError> {
        let field = list
            .filters
            .iter()
            .find(|f| f.name == term.field && !f.codes.is_empty())?;
        let known = |value: &String| {
            let named = |code: &&&str| {
                [Language::Nl, Language::En].iter().any(|language| {
                    state::label(list.kind, code, *language).eq_ignore_ascii_case(value)
                })
            };
            value == "*"
                || field.codes.iter().any(|code| code == value)
                || field.codes.iter().any(|c| named(&c))
        };
        if term.values.iter().all(known) {
            return None;
        }
        let labels: Vec<String> = field
            .codes
            .iter()
            .map(|code| state::label(list.kind, code, self.look.language))
            .collect();
        Some(filter::FilterError::BadValue {
            field: term.field.clone(),
            takes: labels.join(", "),
        })
    }

    fn apply_filter(&mut self) {
        if let Some(error) = self.filter_trouble() {
            let told = crate::language::error::of_filter(&error, self.look.language);
            self.say(Tone::Bad, told);
            return;
        }
        self.reread(|pane| {
            if let Some(typed) = pane.typing.take() {
                typed.line.text().trim().clone_into(&mut pane.filter);
            }
        });
    }

    pub(super) fn rows_arrived(&mut self, ticket: Ticket, rows: &[crate::ui::Row]) {
        let waited = self.asked.take_if(|a| {
            matches!(a, Asked::Marks { ticket: t } | Asked::Members { ticket: t, .. } if *t == ticket)
        });
        match waited {
            Some(Asked::Members { act, .. }) => return self.members_arrived(act, rows),
            Some(_) => {}
            None => return,
        }
        let language = self.look.language;
        let Some(pane) = self.pane_mut() else { return };
        pane.marks.extend(
            rows.iter()
                .map(|r| (r.id.clone(), super::super::views::list::target(r))),
        );
        let count = crate::language::display::number(
            i64::try_from(rows.len()).unwrap_or(i64::MAX),
            language,
        );
        let message = if rows.len() >= MOST_MARKS {
            &say::MARKED_CAP
        } else {
            &say::MARKED
        };
        self.say(Tone::Plain, message.with(language, &[("count", &count)]));
    }
}

/// The title of a sort: of its column, or its name.
fn sort_title(list: &List, sort: &str, language: Language) -> String {
    let column = list.columns.iter().find(|c| c.sort == Some(sort));
    column.map_or_else(|| sort.to_owned(), |c| c.title.text(language).to_owned())
}
