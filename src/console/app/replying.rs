//! Answers to what was asked: each to whoever still waits for it, the rest dropped.

use super::{App, Asked};
use crate::console::message::{Reply, Ticket};
use crate::console::theme::Tone;
use crate::console::views::View;
use crate::console::views::list::Arrived;
use crate::service::Error;
use crate::service::tell;
use crate::ui::{Page, Record};

/// How many records are kept of what stood beside lists.
const KNOWN: usize = 16;

impl App {
    pub(super) fn reply(&mut self, ticket: Ticket, reply: Reply) {
        match reply {
            Reply::Page(page) => self.page_arrived(ticket, page),
            Reply::Record(record) => self.record_arrived(ticket, record),
            Reply::Form(form) => self.form_arrived(ticket, form),
            Reply::Done(done) => self.done(ticket, done),
            Reply::Plan(plan) => self.plan_arrived(ticket, plan),
            Reply::Rows(Ok(rows)) => self.rows_arrived(ticket, &rows),
            Reply::Rows(Err(error)) => {
                let waits = matches!(self.asked, Some(Asked::Marks { ticket: t } | Asked::Members { ticket: t, .. }) if t == ticket);
                if waits {
                    self.asked = None;
                    self.say(Tone::Bad, tell(&error, self.look.language));
                }
            }
            Reply::Found(found) => self.found_records(ticket, found),
            Reply::Pulse(Ok(pulse)) if self.pulse_wait == Some(ticket) => {
                self.changed |= self.pulse.as_ref() != Some(&pulse);
                self.pulse = Some(pulse);
            }
            Reply::Pulse(_) => {}
        }
    }

    fn page_arrived(&mut self, ticket: Ticket, reply: Result<Page, Error>) {
        let height = self.rows_height();
        let language = self.look.language;
        let here = self.pane().is_some_and(|p| p.waits_for(ticket));
        let lists = self.boards.iter_mut().flat_map(|b| &mut b.panes);
        let Some(pane) = lists.into_iter().find(|p| p.waits_for(ticket)) else {
            return;
        };
        match reply {
            Ok(read) => {
                let arrived = pane.arrive(ticket, read, height);
                self.changed |= here && arrived == Arrived::Changed;
                self.found();
                if here {
                    self.prefetch();
                    self.fill_side();
                }
            }
            Err(error) => {
                pane.fail(ticket, tell(&error, language));
                self.changed = true;
                self.missed(&error);
            }
        }
    }

    fn fill_side(&mut self) {
        let id = self
            .pane()
            .and_then(|p| p.window.row())
            .map(|r| r.id.clone());
        if self.beside().is_some() && self.side.detail.as_ref().map(|d| &d.id) != id.as_ref() {
            self.rest_side();
        }
    }

    /// Keeps what stood beside the list, for when the cursor comes back.
    fn know(&mut self, record: Box<Record>) {
        let beside = self.side.detail.as_ref().is_some_and(|d| d.id == record.id);
        if !beside {
            return;
        }
        self.side.known.retain(|r| r.id != record.id);
        self.side.known.push_front(record);
        self.side.known.truncate(KNOWN);
    }

    fn missed(&mut self, error: &Error) {
        if matches!(error, Error::Store(e) if e.retryable()) {
            self.lost();
        }
    }

    fn record_arrived(&mut self, ticket: Ticket, record: Result<Box<Record>, Error>) {
        let area = self.record_area();
        let (width, height) = (area.width, usize::from(area.height));
        let language = self.look.language;
        let open = self.stack.iter_mut().filter_map(|v| match v {
            View::Detail(d) => Some(&mut **d),
            _ => None,
        });
        let Some(detail) = open
            .chain(self.side.detail.as_mut())
            .find(|d| d.wait == Some(ticket))
        else {
            return;
        };
        self.changed = true;
        match record {
            Ok(record) => {
                let seen = record.clone();
                detail.arrive(record, width, height);
                self.know(seen);
                self.found();
            }
            Err(error) => {
                detail.wait = None;
                detail.trouble = Some(tell(&error, language));
                self.missed(&error);
            }
        }
    }
}
