//! Commands in a record, in text and in help: moving, tabs, searching, copying.

use super::App;
use crate::console::command::Command;
use crate::console::message::Effect;
use crate::console::theme::Tone;
use crate::console::views::View;
use crate::console::views::detail::{Detail, Item};
use crate::console::views::help::Help;
use crate::console::views::input::{Edited, Line};
use crate::console::views::picker::{Choice, Pick, Picker};
use crate::console::views::text::Text;
use crate::console::views::window::Step;
use crate::language::console as say;
use crate::ui::Cell;

impl App {
    fn detail_mut(&mut self) -> Option<&mut Detail> {
        match self.stack.last_mut() {
            Some(View::Detail(detail)) => Some(detail),
            _ => None,
        }
    }

    pub(super) fn run_in_detail(&mut self, command: Command) {
        let area = self.record_area();
        let (width, height) = (area.width, usize::from(area.height));
        let page = height.cast_signed();
        let step = match command {
            Command::Down => Step::Rows(1),
            Command::Up => Step::Rows(-1),
            Command::HalfDown => Step::Scroll(page / 2),
            Command::HalfUp => Step::Scroll(-(page / 2)),
            Command::PageDown => Step::Scroll(page),
            Command::PageUp => Step::Scroll(-page),
            Command::First => Step::Rows(-10_000),
            Command::Last => Step::Rows(10_000),
            other => return self.do_in_detail(other, width),
        };
        if let Some(detail) = self.detail_mut() {
            detail.step(step, width, height);
        }
    }

    fn do_in_detail(&mut self, command: Command, width: u16) {
        match command {
            Command::NextPane | Command::Right => self.turn_tab(1, width),
            Command::PreviousPane | Command::Left => self.turn_tab(-1, width),
            Command::Back => self.pop(),
            Command::Open => self.open_related(width),
            Command::Actions => self.open_actions(),
            Command::CopyId => self.copy_id(),
            Command::CopyField => self.open_fields(),
            Command::NextMatch => self.open_neighbour(1),
            Command::PreviousMatch => self.open_neighbour(-1),
            _ => {}
        }
    }

    fn turn_tab(&mut self, by: isize, width: u16) {
        if let Some(detail) = self.detail_mut() {
            detail.turn(by, width);
        }
    }

    fn open_related(&mut self, width: u16) {
        let Some(detail) = self.detail_mut() else {
            return;
        };
        let Some(Item::Row(related, row)) = detail.item(width) else {
            return;
        };
        let (kind, id, label) = (related.kind, row.id.clone(), row.label.clone());
        let kind = kind.filter(|_| !id.is_empty());
        let Some((kind, open)) = kind.and_then(|k| self.opener(k).map(|o| (k, o))) else {
            self.say(Tone::Past, say::CANNOT_OPEN.text(self.look.language));
            return;
        };
        self.open_record(kind, open, id, label);
    }

    /// The next record of the list that this one was opened from, without going back to it.
    fn open_neighbour(&mut self, by: isize) {
        let height = self.rows_height();
        let ticket = self.ticket();
        let from_list = self.stack.len() == 2;
        let Some(pane) = self.pane_mut().filter(|_| from_list) else {
            return;
        };
        let before = pane.window.cursor;
        pane.step(Step::Rows(by), height);
        let (Some(open), Some(row)) = (pane.list.enter.open(), pane.window.row()) else {
            return;
        };
        let (kind, id, label, moved) = (
            pane.list.kind,
            row.id.clone(),
            row.label.clone(),
            pane.window.cursor != before,
        );
        self.prefetch();
        if !moved {
            self.say(Tone::Past, say::NO_MORE.text(self.look.language));
            return;
        }
        let Some(old) = self.detail_mut() else { return };
        let tab = old.tab;
        *old = Detail::new(kind, open, id.clone(), label, ticket);
        old.tab = tab;
        self.effects.push(Effect::Open { ticket, open, id });
    }

    pub(super) fn copy_id(&mut self) {
        let width = self.record_area().width;
        let text = match self.stack.last() {
            Some(View::Detail(detail)) => match detail.item(width) {
                Some(Item::Row(_, row)) => Some(row.id.clone()),
                _ => Some(detail.id.clone()),
            },
            // A secret goes into no clipboard: it would stay there.
            Some(View::Text(text)) if text.secret.is_some() => None,
            Some(View::Text(text)) => Some(text.lines.join("\n")),
            _ => self
                .pane()
                .and_then(|p| p.window.row())
                .map(|r| r.id.clone()),
        };
        if let Some(text) = text {
            self.copy(text);
        }
    }

    pub(super) fn copy(&mut self, text: String) {
        let told = crate::console::copy::told(&text, self.look.language);
        self.say(Tone::Plain, told);
        self.effects.push(Effect::Copy(text));
    }

    pub(super) fn open_fields(&mut self) {
        let language = self.look.language;
        let values: Vec<(String, String)> = match self.stack.last() {
            Some(View::Detail(detail)) => {
                let all = detail.values();
                all.into_iter()
                    .map(|(m, c)| (m.text(language).to_owned(), self.whole(c)))
                    .collect()
            }
            _ => self.row_values(),
        };
        let option = |(label, value): (String, String)| Choice {
            label,
            detail: value.clone(),
            refusal: None,
            pick: Pick::Copy(value),
        };
        let options: Vec<Choice> = values.into_iter().map(option).collect();
        if !options.is_empty() {
            let picker = Picker::new(say::COPY_TITLE.text(language).to_owned(), options);
            self.push(View::Picker(Box::new(picker)));
        }
    }

    /// A value as it is copied: an age as the moment it counts from.
    fn whole(&self, cell: &Cell) -> String {
        match cell {
            Cell::Age(at) => Cell::Moment(*at).show(self.look.language, self.now),
            other => other.show(self.look.language, self.now),
        }
    }

    fn row_values(&self) -> Vec<(String, String)> {
        let language = self.look.language;
        let Some(pane) = self.pane() else {
            return Vec::new();
        };
        let Some(row) = pane.window.row() else {
            return Vec::new();
        };
        let named = pane.list.columns.iter().zip(&row.cells);
        let shown =
            named.filter(|(_, c)| !matches!(c, Cell::Empty | Cell::Masked | Cell::Spark(_)));
        shown
            .map(|(m, c)| (m.title.text(language).to_owned(), self.whole(c)))
            .collect()
    }

    pub(super) fn run_in_text(&mut self, command: Command) {
        let height = usize::from(self.record_area().height);
        let page = height.cast_signed();
        let Some(View::Text(text)) = self.stack.last_mut() else {
            return;
        };
        if text.search.is_some() {
            return search_in_text(text, command);
        }
        match command {
            Command::Down => text.scroll(1, height),
            Command::Up => text.scroll(-1, height),
            Command::HalfDown => text.scroll(page / 2, height),
            Command::HalfUp => text.scroll(-(page / 2), height),
            Command::PageDown => text.scroll(page, height),
            Command::PageUp => text.scroll(-page, height),
            Command::First => text.top = 0,
            Command::Last => text.scroll(isize::MAX / 2, height),
            Command::Filter => text.search = Some(Line::default()),
            Command::NextMatch => {
                text.seek(1);
            }
            Command::PreviousMatch => {
                text.seek(-1);
            }
            Command::CopyId => self.copy_id(),
            Command::Back | Command::Open => self.pop(),
            _ => {}
        }
    }

    pub(super) fn run_in_help(&mut self, command: Command) {
        let height = usize::from(self.record_area().height);
        let page = height.cast_signed();
        let Some(View::Help(help)) = self.stack.last_mut() else {
            return;
        };
        match command {
            Command::Down => help.step(1, height),
            Command::Up => help.step(-1, height),
            Command::PageDown => help.step(page, height),
            Command::PageUp => help.step(-page, height),
            Command::Back if help.line.text().is_empty() => self.pop(),
            Command::Back => {
                help.line.set("");
                help.search();
            }
            Command::Open => {
                let run = help.topic(help.cursor).map(|t| t.run);
                self.pop();
                if let Some(command) = run {
                    self.run(command);
                }
            }
            other => edit_help(help, other),
        }
    }
}

fn edit_help(help: &mut Help, command: Command) {
    if help.line.edit(command) == Some(Edited::Text) {
        help.search();
    }
}

fn search_in_text(text: &mut Text, command: Command) {
    let Some(line) = &mut text.search else { return };
    match command {
        Command::Open => {
            text.needle = line.text().to_owned();
            text.search = None;
            text.seek(1);
        }
        Command::Back => text.search = None,
        other => {
            line.edit(other);
        }
    }
}
