//! Going from screen to screen and reading what is in sight again.

use super::{App, Link, Shown, sort_key};
use crate::console::message::{Effect, Timer};
use crate::console::views::View;
use crate::console::views::detail::Detail;
use crate::console::views::list::{Pane, Scope};
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::screens::Open;

/// How long the cursor rests before the record beside the list is read, in milliseconds.
const REST: i64 = 120;

impl App {
    pub(super) fn go_to_digit(&mut self, digit: char) {
        if let Some(index) = self.boards.iter().position(|b| b.screen.key == digit) {
            self.go_to_screen(index, None);
        }
    }

    pub(super) fn previous_screen(&mut self) {
        if self.stack.len() > 1 && !matches!(self.top(), Some(View::Screen(_))) {
            self.stack.truncate(1);
            return;
        }
        if let Some(index) = self.earlier {
            self.go_to_screen(index, None);
        }
    }

    /// Goes to a screen, with a filter when one is given.
    pub(super) fn go_to_screen(&mut self, index: usize, filter: Option<&str>) {
        let here = self.board_index();
        if index != here {
            self.earlier = Some(here);
        }
        self.stack = vec![View::Screen(index)];
        self.side.detail = None;
        let height = self.rows_height();
        let ticket = self.ticket();
        let connected = self.actor.is_some();
        let Some(pane) = self.pane_mut() else { return };
        let load = match filter {
            Some(filter) => {
                filter.clone_into(&mut pane.filter);
                pane.stage = None;
                pane.typing = None;
                pane.load_first(ticket, height)
            }
            None => pane.reload(ticket, height),
        };
        if connected {
            self.effects.push(load);
        }
        self.rest_side();
    }

    /// Goes where a row points: `SCREEN FILTER` or `SCREEN/NOUN FILTER`, with the English name of a screen and the noun of one
    /// of its lists; without a noun its first.
    pub(super) fn follow_link(&mut self, link: &str) {
        let (place, filter) = link.split_once(' ').unwrap_or((link, ""));
        let (name, noun) = place.split_once('/').unwrap_or((place, ""));
        let Some(index) = self.boards.iter().position(|b| b.screen.name_en == name) else {
            return;
        };
        if let Some(board) = self.boards.get_mut(index) {
            let of_noun = |p: &Pane| p.list.kind.as_str() == noun;
            board.pane = board.panes.iter().position(of_noun).unwrap_or(0);
            board.panes.iter_mut().for_each(|p| p.scope = None);
        }
        self.go_to_screen(index, Some(filter));
    }

    /// Goes to the records that a row stands for, under the row's own name; `Esc` comes back.
    pub(super) fn go_to_members(
        &mut self,
        of: Kind,
        filter: String,
        (row, label): (String, String),
    ) {
        let from = (self.board_index(), self.board().map_or(0, |b| b.pane));
        let place = self.boards.iter().enumerate().find_map(|(n, b)| {
            let pane = b.panes.iter().position(|p| p.list.kind == of)?;
            Some((n, pane))
        });
        let Some((index, place)) = place else { return };
        let Some(board) = self.boards.get_mut(index) else {
            return;
        };
        board.pane = place;
        if let Some(pane) = board.panes.get_mut(place) {
            let inside = from == (index, place);
            let outer = pane.scope.take().filter(|_| inside);
            pane.scope = Some(Scope {
                filter,
                label,
                from,
                row,
                typed: inside.then(|| pane.filter.clone()),
                outer: outer.map(Box::new),
            });
        }
        self.go_to_screen(index, Some(""));
    }

    /// Goes back to where the records in sight were asked from, to the row that they stood for.
    pub(super) fn leave_members(&mut self, left: Scope) {
        let (index, place) = left.from;
        if let Some(board) = self.boards.get_mut(index) {
            board.pane = place;
            if let Some(pane) = board.panes.get_mut(place) {
                pane.back = Some(left.row);
                if left.typed.is_some() {
                    pane.scope = left.outer.map(|outer| *outer);
                }
            }
        }
        self.go_to_screen(index, left.typed.as_deref());
    }

    /// Reads everything in sight again: the list and the open record.
    pub(super) fn read_again(&mut self) {
        if self.actor.is_none() {
            return;
        }
        let height = self.rows_height();
        let ticket = self.ticket();
        if let Some(load) = self.pane_mut().map(|p| p.reload(ticket, height)) {
            self.effects.push(load);
        }
        let ticket = self.ticket();
        let open = self.stack.iter_mut().rev().find_map(|v| match v {
            View::Detail(d) => Some(d),
            _ => None,
        });
        if let Some(detail) = open {
            detail.wait = Some(ticket);
            self.effects.push(Effect::Open {
                ticket,
                open: detail.open,
                id: detail.id.clone(),
            });
        }
        self.ask_pulse();
    }

    /// Reads ahead when the cursor comes near the edge.
    pub(super) fn prefetch(&mut self) {
        if self.link != Link::Ready {
            return;
        }
        let height = self.rows_height();
        let next = self.ticket();
        if let Some(load) = self.pane_mut().and_then(|p| p.prefetch(height, || next)) {
            self.effects.push(load);
        }
    }

    /// Opens a record over what is in sight.
    pub(super) fn open_record(&mut self, kind: Kind, open: Open, id: String, label: String) {
        let ticket = self.ticket();
        self.effects.push(Effect::Open {
            ticket,
            open,
            id: id.clone(),
        });
        self.push(View::Detail(Box::new(Detail::new(
            kind, open, id, label, ticket,
        ))));
        self.effects.push(Effect::At(Timer::Beat, self.now));
    }

    /// Begins to wait for the cursor to rest, when a record is shown beside the list.
    pub(super) fn rest_side(&mut self) {
        if self.beside().is_some() {
            self.effects
                .push(Effect::At(Timer::Side, self.now.plus(REST)));
        }
    }

    pub(super) fn read_side(&mut self) {
        if !self.needs().side || self.frame().side.width == 0 {
            return;
        }
        let Some(pane) = self.pane() else { return };
        let (Some(open), Some(row)) = (self.beside(), pane.window.row()) else {
            self.changed |= self.side.detail.take().is_some();
            return;
        };
        let (kind, id, label) = (pane.list.kind, row.id.clone(), row.label.clone());
        let ticket = self.ticket();
        match &mut self.side.detail {
            Some(detail) if detail.id == id => detail.wait = Some(ticket),
            _ => {
                let mut detail = Detail::new(kind, open, id.clone(), label, ticket);
                let known = self.side.known.iter().find(|r| r.id == id);
                detail.record = known.cloned();
                self.side.detail = Some(detail);
            }
        }
        self.changed = true;
        self.effects.push(Effect::Open { ticket, open, id });
    }

    /// Remembers how the list in sight is sorted and whether records stand beside lists.
    pub(super) fn remember(&mut self) {
        let Some(board) = self.board() else { return };
        let key = sort_key(board.screen, board.pane);
        let sort = self.pane().map_or_else(String::new, |p| p.sort.clone());
        if sort.is_empty() {
            self.memory.remove(&key);
        } else {
            self.memory.insert(key, sort);
        }
        match self.side.shown {
            Shown::Usual => self.memory.remove("side"),
            Shown::Always => self.memory.insert("side".to_owned(), "on".to_owned()),
            Shown::Never => self.memory.insert("side".to_owned(), "off".to_owned()),
        };
        self.effects.push(Effect::Remember(self.memory.clone()));
    }

    /// When what is in sight was read.
    pub fn read_at(&self) -> Option<Timestamp> {
        let detail = match self.top() {
            Some(View::Detail(d)) => d.record.as_ref().map(|r| r.at),
            _ => None,
        };
        let at = detail.or_else(|| self.pane().map(|p| p.window.at))?;
        (at != Timestamp::NEVER).then_some(at)
    }
}
