//! Which parts of the state are in sight and how much room they have: what update and draw ask alike.

use super::{App, Board, Shown};
use crate::console::keymap::Context;
use crate::console::layout::{self, Area, Frame, ListFrame, Needs};
use crate::console::theme::Part;
use crate::console::views::list::Pane;
use crate::console::views::{Typing, View};
use crate::domain::kind::Kind;
use crate::language::console as say;
use crate::screens::Open;

/// A line that must not be overlooked.
pub struct Banner {
    /// How loud.
    pub part: Part,
    /// Its text.
    pub text: String,
}

impl App {
    /// The place of the screen in sight.
    pub fn board_index(&self) -> usize {
        match self.stack.first() {
            Some(View::Screen(index)) => *index,
            _ => 0,
        }
    }

    /// The screen in sight.
    pub fn board(&self) -> Option<&Board> {
        self.boards.get(self.board_index())
    }

    /// The list in sight.
    pub fn pane(&self) -> Option<&Pane> {
        self.board().and_then(|b| b.panes.get(b.pane))
    }

    /// The list in sight, to be changed.
    pub(super) fn pane_mut(&mut self) -> Option<&mut Pane> {
        let index = self.board_index();
        self.boards
            .get_mut(index)
            .and_then(|b| b.panes.get_mut(b.pane))
    }

    /// What the screen needs room for.
    pub fn needs(&self) -> Needs {
        let board = self.board();
        let pane = self.pane();
        let several = board.is_some_and(|b| b.panes.len() > 1);
        let staged = pane.is_some_and(|p| !p.list.stages.is_empty());
        let on_list = matches!(self.top(), Some(View::Screen(_)));
        Needs {
            banner: u16::from(self.banner().is_some()),
            strip: u16::from(several) + u16::from(staged),
            input: if pane.is_some_and(|p| p.typing.is_some()) {
                2
            } else {
                0
            },
            side: on_list && self.beside().is_some(),
        }
    }

    /// What must not be overlooked: production, another identity, a session that only reads, a demo.
    pub fn banner(&self) -> Option<Banner> {
        let language = self.look.language;
        let mut parts = Vec::new();
        if !self.place.production.is_empty() {
            parts.push(say::BANNER_PRODUCTION.with(language, &[("name", &self.place.production)]));
        }
        if self.pulse.as_ref().is_some_and(|p| p.demo) {
            parts.push(say::BANNER_DEMO.text(language).to_owned());
        }
        if let Some(actor) = self.actor.as_ref().filter(|a| !a.on_behalf.is_empty()) {
            parts.push(
                say::BANNER_AS.with(language, &[("name", &actor.name), ("login", &actor.login)]),
            );
        }
        if self.read_only() {
            parts.push(say::BANNER_READ_ONLY.text(language).to_owned());
        }
        let part = if self.place.production.is_empty() {
            Part::Banner
        } else {
            Part::Alarm
        };
        (!parts.is_empty()).then(|| Banner {
            part,
            text: parts.join(" · "),
        })
    }

    /// The parts of the screen.
    pub fn frame(&self) -> Frame {
        layout::frame(self.look.size, self.needs())
    }

    /// The parts of the list in sight.
    pub fn list_frame(&self) -> ListFrame {
        layout::list(self.frame().view, self.needs())
    }

    /// How many rows of the list are in sight.
    pub(super) fn rows_height(&self) -> usize {
        usize::from(self.list_frame().rows.height)
    }

    /// Where the lines of a record stand: below its head.
    pub fn record_area(&self) -> Area {
        let view = self.frame().view;
        record_body(view.indent(1).left(view.width.saturating_sub(2)))
    }

    /// Where the fields of a form stand: below its head, above its hints.
    pub fn form_area(&self) -> Area {
        let view = self.frame().view;
        view.below(2).top(view.height.saturating_sub(4))
    }

    /// Where a panel of this many lines stands: at the foot of the view, at most most of it.
    pub fn panel_area(&self, lines: usize) -> Area {
        let view = self.frame().view;
        let most = (view.height * 3 / 4).max(3).min(view.height);
        let height = u16::try_from(lines + 2).unwrap_or(u16::MAX).min(most);
        view.below(view.height - height)
    }

    /// How many lines a panel of this many lines really has, besides its title.
    pub fn panel_height(&self, lines: usize) -> usize {
        usize::from(self.panel_area(lines).height.saturating_sub(2))
    }

    /// The contexts in which keys are looked up now, and whether characters are typed.
    pub fn contexts(&self) -> (Vec<Context>, Typing) {
        let Some(view) = self.top() else {
            return (vec![Context::Global], Typing::Keys);
        };
        let (context, typing) = view.context();
        if context == Context::List {
            if self.pane().is_some_and(|p| p.typing.is_some()) {
                return (
                    vec![Context::Filter, Context::Input, Context::Global],
                    Typing::Input,
                );
            }
            let screen = self.board().map(|b| Context::Screen(b.screen.name_en));
            return (
                screen
                    .into_iter()
                    .chain([Context::List, Context::Global])
                    .collect(),
                typing,
            );
        }
        match typing {
            Typing::Input => (vec![context, Context::Input, Context::Global], typing),
            Typing::Keys | Typing::Question => (vec![context, Context::Global], typing),
        }
    }

    /// How records of a kind are opened, when they can be.
    pub fn opener(&self, kind: Kind) -> Option<Open> {
        let lists = self.boards.iter().flat_map(|b| b.screen.lists);
        lists
            .filter(|l| l.kind == kind)
            .find_map(|l| l.enter.open())
    }

    /// What is shown beside the list in sight, when anything is asked.
    pub fn beside(&self) -> Option<Open> {
        let list = self.pane()?.list;
        match self.side.shown {
            Shown::Usual => list.aside,
            Shown::Always => list.aside.or_else(|| list.enter.open()),
            Shown::Never => None,
        }
    }
}

/// Where the lines of a record stand within its area: below title, summary and tabs.
pub fn record_body(view: Area) -> Area {
    view.below(4)
}
