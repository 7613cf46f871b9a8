//! Menus, the palette and help: what they offer here, and what a choice does.

use super::App;
use crate::console::command::{Command, Offer as Offered, act_name};
use crate::console::key::{Key, show};
use crate::console::keymap::Context;
use crate::console::message::{Effect, Found, Timer};
use crate::console::views::View;
use crate::console::views::help::{Help, Topic};
use crate::console::views::input::Edited;
use crate::console::views::palette::{Goal, Offer, Palette};
use crate::console::views::picker::{Pick, Picker};
use crate::language::{Message, action, console as say, help as about, kind};

/// How long typing rests before records are looked for, in milliseconds.
const REST: i64 = 150;
/// Lines of a panel for choosing.
pub const PANEL: usize = 14;

impl App {
    pub(super) fn run_in_picker(&mut self, command: Command) {
        let height = self.panel_height(PANEL);
        let page = height.cast_signed();
        let Some(View::Picker(picker)) = self.stack.last_mut() else {
            return;
        };
        match command {
            Command::Down => picker.step(1, height),
            Command::Up => picker.step(-1, height),
            Command::PageDown => picker.step(page, height),
            Command::PageUp => picker.step(-page, height),
            Command::First => picker.step(isize::MIN, height),
            Command::Last => picker.step(isize::MAX, height),
            Command::Back => self.pop(),
            Command::Open => self.pick(),
            _ => {}
        }
    }

    fn pick(&mut self) {
        let Some(View::Picker(picker)) = self.stack.last() else {
            return;
        };
        let Some(choice) = picker.chosen() else {
            return;
        };
        if let Some(refusal) = choice.refusal.clone() {
            self.say(crate::console::theme::Tone::Warn, refusal);
            return;
        }
        let pick = choice.pick.clone();
        let Some(View::Picker(picker)) = self.stack.pop() else {
            return;
        };
        match pick {
            Pick::Act(act) => self.start(act),
            Pick::Sort(name) => self.sort_by(&name),
            Pick::Copy(value) => self.copy(value),
            Pick::Resume => self.resume_draft(*picker),
            Pick::Fresh => self.drop_draft(*picker),
        }
    }

    pub(super) fn open_actions(&mut self) {
        let language = self.look.language;
        let options = self.choices_here();
        let title = self.menu_title();
        let picker = if options.is_empty() {
            self.say(
                crate::console::theme::Tone::Past,
                say::NO_ACTIONS.text(language),
            );
            return;
        } else {
            Picker::new(title, options)
        };
        self.push(View::Picker(Box::new(picker)));
    }

    pub(super) fn open_palette(&mut self) {
        let palette = Palette::new(self.offers());
        self.push(View::Palette(Box::new(palette)));
    }

    fn offers(&self) -> Vec<Offer> {
        let language = self.look.language;
        let (contexts, _) = self.contexts();
        let keys = |command: Command| self.keymap.keys_of(&contexts, command).join("  ");
        let mut offers = Vec::new();
        for (index, board) in self.boards.iter().enumerate() {
            offers.push(Offer {
                label: board.screen.title.text(language).to_owned(),
                detail: board.screen.key.to_string(),
                names: vec![
                    board.screen.name_nl.to_owned(),
                    board.screen.name_en.to_owned(),
                ],
                goal: Goal::Screen(index),
            });
        }
        for act in self.acts_here() {
            offers.push(Offer {
                label: action::label(act).text(language).to_owned(),
                detail: say::ACTION.text(language).to_owned(),
                names: vec![act_name(act)],
                goal: Goal::Command(Command::Act(act)),
            });
        }
        for command in Command::PLAIN
            .iter()
            .copied()
            .filter(|c| c.offer() == Offered::Palette)
        {
            offers.push(Offer {
                label: command.describe(language),
                detail: keys(command),
                names: vec![command.name()],
                goal: Goal::Command(command),
            });
        }
        offers
    }

    pub(super) fn run_in_palette(&mut self, command: Command) {
        let height = self.panel_height(PANEL);
        let page = height.cast_signed();
        let Some(View::Palette(palette)) = self.stack.last_mut() else {
            return;
        };
        match command {
            Command::Down => palette.step(1, height),
            Command::Up => palette.step(-1, height),
            Command::PageDown => palette.step(page, height),
            Command::PageUp => palette.step(-page, height),
            Command::Back => self.pop(),
            Command::Open => self.choose(),
            Command::Complete => {
                let name = palette.chosen().and_then(|o| o.names.first().cloned());
                if let Some(name) = name {
                    palette.line.set(&format!("{name} "));
                    self.palette_typed();
                }
            }
            other => {
                if palette.line.edit(other) == Some(Edited::Text) {
                    self.palette_typed();
                }
            }
        }
    }

    pub(super) fn type_in_palette(&mut self, key: Key) {
        let Some(View::Palette(palette)) = self.stack.last_mut() else {
            return;
        };
        if key.typed().map(|c| palette.line.push(c)) == Some(Edited::Text) {
            self.palette_typed();
        }
    }

    pub(super) fn palette_typed(&mut self) {
        let Some(View::Palette(palette)) = self.stack.last_mut() else {
            return;
        };
        palette.found.clear();
        palette.rank();
        self.effects
            .push(Effect::At(Timer::Find, self.now.plus(REST)));
    }

    /// Asks for records by what is typed, once typing rests.
    pub(super) fn find(&mut self) {
        let ticket = self.ticket();
        let Some(View::Palette(palette)) = self.stack.last_mut() else {
            return;
        };
        let text = palette.line.text().trim().to_owned();
        if text.chars().count() < 2 {
            return;
        }
        palette.wait = Some(ticket);
        self.effects.push(Effect::Find { ticket, text });
    }

    pub(super) fn found_records(&mut self, ticket: super::Ticket, found: Vec<Found>) {
        let language = self.look.language;
        let Some(View::Palette(palette)) = self.stack.last_mut() else {
            return;
        };
        if palette.wait != Some(ticket) {
            return;
        }
        let offer = |f: Found| Offer {
            label: f.label.clone(),
            detail: kind::name(f.kind, language).to_owned(),
            names: Vec::new(),
            goal: Goal::Record(f),
        };
        palette.arrive(found.into_iter().map(offer).collect());
        self.changed = true;
    }

    fn choose(&mut self) {
        let Some(View::Palette(palette)) = self.stack.last() else {
            return;
        };
        let rest = palette.split().1.to_owned();
        let Some(goal) = palette.chosen().map(|o| o.goal.clone()) else {
            return;
        };
        self.pop();
        match goal {
            Goal::Command(command) => self.run(command),
            Goal::Screen(index) => {
                self.go_to_screen(index, (!rest.is_empty()).then_some(rest.as_str()));
            }
            Goal::Record(found) => {
                if let Some(open) = self.opener(found.kind) {
                    self.open_record(found.kind, open, found.id, found.label);
                }
            }
        }
    }

    pub(super) fn open_help(&mut self) {
        let language = self.look.language;
        let (contexts, _) = self.contexts();
        let mut topics = Vec::new();
        for context in &contexts {
            let group = context
                .title()
                .map_or_else(|| self.board_title(), |m| m.text(language).to_owned());
            for (keys, does, run) in self.lines_of(*context) {
                topics.push(Topic {
                    group: group.clone(),
                    keys,
                    does,
                    run,
                });
            }
        }
        let sentences = contexts
            .first()
            .map(|c| about_context(*c))
            .unwrap_or_default();
        let sentences = sentences
            .iter()
            .map(|m| m.text(language).to_owned())
            .collect();
        self.push(View::Help(Box::new(Help::new(sentences, topics))));
    }

    fn board_title(&self) -> String {
        self.board().map_or_else(String::new, |b| {
            b.screen.title.text(self.look.language).to_owned()
        })
    }

    /// The bindings of a context, keys that do the same together.
    fn lines_of(&self, context: Context) -> Vec<(String, String, Command)> {
        let mut lines: Vec<(String, String, Command)> = Vec::new();
        for (keys, binding) in self.keymap.bindings(context) {
            match lines.iter_mut().find(|(_, _, run)| *run == binding.run) {
                Some((all, _, _)) => all.extend(["  ", &show(keys)]),
                None => lines.push((show(keys), self.describe(binding), binding.run)),
            }
        }
        lines
    }

    fn describe(&self, binding: &crate::console::keymap::Binding) -> String {
        let language = self.look.language;
        let screen = match binding.run {
            Command::Screen(digit) => self.boards.iter().find(|b| b.screen.key == digit),
            _ => None,
        };
        screen.map_or_else(
            || binding.describe(language),
            |b| b.screen.title.text(language).to_owned(),
        )
    }
}

/// The sentences about a context.
fn about_context(context: Context) -> Vec<&'static Message> {
    match context {
        Context::List | Context::Screen(_) | Context::Global => {
            vec![&about::LIST, &about::LIST_MORE]
        }
        Context::Detail => vec![&about::DETAIL],
        Context::Form => vec![&about::FORM],
        Context::Confirm | Context::Type => vec![&about::CONFIRM],
        Context::Picker => vec![&about::PICKER],
        Context::Palette => vec![&about::PALETTE],
        Context::Help | Context::Input => vec![&about::HELP],
        Context::Text => vec![&about::TEXT],
        Context::Conflict => vec![&about::CONFLICT],
        Context::Filter => vec![&about::FILTER, &about::FILTER_MORE],
    }
}
