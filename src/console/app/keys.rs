//! What keys do: looked up in the keymap, typed into an input, or nothing. Commands that work everywhere are here too.

use super::{App, Cover, Leaving, Link, Live, Undo};
use crate::console::command::Command;
use crate::console::key::Key;
use crate::console::keymap::{Context, Meaning};
use crate::console::message::{Effect, Exit, Run, Timer};
use crate::console::theme::Tone;
use crate::console::views::confirm::{Confirm, Purpose, Said};
use crate::console::views::{Typing, View};
use crate::domain::action::Act;
use crate::domain::time::MINUTE;
use crate::language::console as say;
use crate::service::Mode;
use crate::ui::form::Values;

impl App {
    pub(super) fn key(&mut self, key: Key) {
        self.rest();
        if self.cover == Cover::Locked {
            self.cover = Cover::Open;
            self.read_again();
            return;
        }
        self.note = None;
        let leaving = std::mem::take(&mut self.leaving);
        self.pressed.push(key);
        let (contexts, typing) = self.contexts();
        match self
            .keymap
            .resolve(&reachable(&contexts, typing, key), &self.pressed)
        {
            Meaning::Run(command) => {
                self.pressed.clear();
                if command == Command::Cancel {
                    self.leaving = leaving;
                }
                self.run(command);
            }
            Meaning::Wait => {}
            Meaning::Unknown => {
                let alone = self.pressed.len() == 1;
                self.pressed.clear();
                if alone && typing == Typing::Input {
                    self.type_key(key);
                } else {
                    let shown = key.to_string();
                    self.say(
                        Tone::Past,
                        say::NO_SUCH_KEY.with(self.look.language, &[("key", &shown)]),
                    );
                }
            }
        }
    }

    /// Does what a command asks, wherever it comes from.
    pub(super) fn run(&mut self, command: Command) {
        match command {
            Command::Palette => self.open_palette(),
            Command::Help => self.open_help(),
            Command::Quit => self.quit(),
            Command::Close => self.close(),
            Command::Cancel => self.cancel(),
            Command::Suspend => self.effects.push(Effect::Suspend),
            Command::Repaint => self.effects.push(Effect::Repaint),
            Command::Pause => self.pause(),
            Command::Refresh => self.refresh(),
            Command::PreviousScreen => self.previous_screen(),
            Command::Undo => self.undo(),
            Command::Screen(digit) => self.go_to_digit(digit),
            Command::Act(act) => self.start(act),
            Command::Nothing => {}
            other => self.run_in_view(other),
        }
    }

    fn run_in_view(&mut self, command: Command) {
        match self.stack.last() {
            Some(View::Screen(_)) => self.run_in_list(command),
            Some(View::Detail(_)) => self.run_in_detail(command),
            Some(View::Form(_)) => self.run_in_form(command),
            Some(View::Conflict(_)) => self.run_in_conflict(command),
            Some(View::Confirm(_)) => self.run_in_confirm(command),
            Some(View::Picker(_)) => self.run_in_picker(command),
            Some(View::Palette(_)) => self.run_in_palette(command),
            Some(View::Help(_)) => self.run_in_help(command),
            Some(View::Text(_)) => self.run_in_text(command),
            None => {}
        }
    }

    fn close(&mut self) {
        if self.stack.len() > 1 {
            self.pop();
        } else {
            self.quit();
        }
    }

    /// Leaves, but asks first when something is open that would be broken off or forgotten.
    fn quit(&mut self) {
        let language = self.look.language;
        let mut lines = Vec::new();
        if self.asked.is_some() {
            lines.push(Said::Warning(say::QUIT_RUNNING.text(language).to_owned()));
        }
        if !self.drafts.is_empty() {
            let count = self.drafts.len().to_string();
            lines.push(Said::Plain(
                say::QUIT_DRAFTS.with(language, &[("count", &count)]),
            ));
            lines.extend(
                self.drafts
                    .values()
                    .map(|d| Said::Plain(format!("  {} {}", d.act, d.label))),
            );
        }
        if lines.is_empty() {
            self.effects.push(Effect::Leave(Exit::Quit));
            return;
        }
        let confirm = Confirm::new(
            Purpose::Quit,
            say::QUIT_TITLE.text(language).to_owned(),
            lines,
        );
        self.push(View::Confirm(Box::new(confirm)));
    }

    fn cancel(&mut self) {
        if self.stop_waiting() {
            self.leaving = Leaving::No;
            self.say(Tone::Warn, say::CANCELLED.text(self.look.language));
            return;
        }
        if self.leaving == Leaving::Asked {
            self.effects.push(Effect::Leave(Exit::Interrupted));
            return;
        }
        self.leaving = Leaving::Asked;
        self.say(Tone::Warn, say::CANCEL_AGAIN.text(self.look.language));
    }

    fn pause(&mut self) {
        let language = self.look.language;
        match self.live {
            Live::Following | Live::Due => {
                self.live = Live::Paused;
                self.say(Tone::Plain, say::PAUSED.text(language));
            }
            Live::Paused | Live::Missed => {
                self.live = Live::Following;
                self.read_again();
                self.say(Tone::Plain, say::RESUMED.text(language));
            }
        }
    }

    fn refresh(&mut self) {
        if self.live == Live::Missed {
            self.live = Live::Paused;
        }
        self.read_again();
    }

    fn undo(&mut self) {
        let language = self.look.language;
        let fresh = self.undo.take().filter(|u| u.until > self.now);
        let Some(Undo { act, target, .. }) = fresh.or_else(|| self.undo_under_cursor()) else {
            self.say(Tone::Past, say::NOTHING_TO_UNDO.text(language));
            return;
        };
        let run = Run {
            act,
            targets: vec![target],
            values: Values::new(),
            reason: String::new(),
            mode: Mode::Commit,
        };
        self.launch(run);
    }

    /// On a list of mails the one under the cursor can be taken back, as long as it has not left.
    fn undo_under_cursor(&self) -> Option<Undo> {
        let (state, target) = self.subject()?;
        let may = self.acts_here().contains(&Act::MailUndo)
            && self.refusal(Act::MailUndo, &state).is_none();
        may.then(|| Undo {
            act: Act::MailUndo,
            target,
            until: self.now.plus(MINUTE),
        })
    }

    /// Notes that the database did not answer; it is tried again by itself.
    pub(super) fn lost(&mut self) {
        self.link = Link::Lost;
        self.changed = true;
        self.effects
            .push(Effect::At(Timer::Retry, self.now.plus(super::RETRY)));
    }

    /// Notes that the database answers again: what is in sight is read anew, the rest when it is gone to.
    pub(super) fn found(&mut self) {
        if self.link == Link::Lost {
            self.link = Link::Ready;
            self.say(Tone::Good, say::BACK_AGAIN.text(self.look.language));
            self.read_again();
        }
    }
}

/// Where a key is looked up: a character that is typed, or asked at a question, means nothing of elsewhere.
fn reachable(contexts: &[Context], typing: Typing, key: Key) -> Vec<Context> {
    let closed = typing != Typing::Keys && key.typed().is_some();
    contexts
        .iter()
        .copied()
        .filter(|c| !(closed && *c == Context::Global))
        .collect()
}
