//! Everything that can happen to the console and everything it can ask: closed sets. Neither reads a clock nor waits.

use super::drafts::Draft;
use super::key::Key;
use super::layout::Size;
use crate::domain::action::Act;
use crate::domain::kind::Kind;
use crate::domain::time::Timestamp;
use crate::screens::{List, Open};
use crate::service::{Actor, Done, Error, Mode};
use crate::ui::form::{Form, Values};
use crate::ui::{Page, Pulse, Query, Record, Row};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Ties a reply to the question; a reply that nobody waits for any more is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Ticket(pub u64);

/// Something that happened.
#[derive(Debug)]
pub enum Msg {
    /// A key.
    Key(Key),
    /// Text pasted at once.
    Paste(String),
    /// The terminal has another size.
    Resize(Size),
    /// The terminal was away and must be painted again.
    Resumed,
    /// The database is open and this is who works.
    Connected(Arc<Actor>),
    /// An answer.
    Reply(Ticket, Reply),
    /// Something in the database changed.
    Changed,
    /// A timer that was asked for.
    Timer(Timer),
    /// Drafts that an earlier session left.
    Drafts(BTreeMap<String, Draft>),
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Timer {
    /// Changes came in; read what is on screen again.
    Reload,
    /// The cursor rests; read the record beside the list.
    Side,
    /// Typing rests; look for records.
    Find,
    /// Tell that a record is open, ask who is here.
    Beat,
    /// Try the database again.
    Retry,
    /// Nobody touched the keyboard.
    Idle,
    /// A secret was on screen long enough.
    Veil,
}

/// An answer.
#[derive(Debug)]
pub enum Reply {
    /// A page of a list.
    Page(Result<Page, Error>),
    /// A record.
    Record(Result<Box<Record>, Error>),
    /// A form.
    Form(Result<Box<Form>, Error>),
    /// What an action did.
    Done(Result<Done, Error>),
    /// What a bulk action would do.
    Plan(Result<Vec<Planned>, Error>),
    /// Every row that matches, up to a cap.
    Rows(Result<Vec<Row>, Error>),
    /// Records for the palette.
    Found(Vec<Found>),
    /// State of the installation.
    Pulse(Result<Pulse, Error>),
}

/// What would happen to one record of a bulk action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// What people call it.
    pub label: String,
    /// Why it would be skipped.
    pub refusal: Option<String>,
}

/// A record that the palette found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Kind.
    pub kind: Kind,
    /// Identifier.
    pub id: String,
    /// What people call it.
    pub label: String,
}

/// One row that an action is for, frozen when the action was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Identifier.
    pub id: String,
    /// Version that the person saw.
    pub version: i64,
    /// What people call it.
    pub label: String,
}

/// An action ready to be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The action.
    pub act: Act,
    /// On what; empty when it makes something new.
    pub targets: Vec<Target>,
    /// Values of its fields.
    pub values: Values,
    /// Why.
    pub reason: String,
    /// Whether it takes effect.
    pub mode: Mode,
}

/// Something to be done outside.
#[derive(Clone)]
pub enum Effect {
    /// Load a page.
    Load {
        /// Ticket.
        ticket: Ticket,
        /// Of which list.
        list: &'static List,
        /// Which page.
        query: Query,
    },
    /// Load every row that matches, up to a cap.
    Collect {
        /// Ticket.
        ticket: Ticket,
        /// Of which list.
        list: &'static List,
        /// Filter and sort.
        query: Query,
        /// The cap.
        most: usize,
    },
    /// Load a record.
    Open {
        /// Ticket.
        ticket: Ticket,
        /// How.
        open: Open,
        /// Which.
        id: String,
    },
    /// Load the form of an action.
    OpenForm {
        /// Ticket.
        ticket: Ticket,
        /// The action.
        act: Act,
        /// The record, empty for none.
        id: String,
    },
    /// Run an action: one or none at once, many as a bulk run.
    Run {
        /// Ticket.
        ticket: Ticket,
        /// What.
        run: Run,
    },
    /// Ask what a bulk action would do.
    Plan {
        /// Ticket.
        ticket: Ticket,
        /// What.
        run: Run,
    },
    /// Look for records by name or id.
    Find {
        /// Ticket.
        ticket: Ticket,
        /// What was typed.
        text: String,
    },
    /// Say what is open here, for the others.
    Beat {
        /// Screen, by its English name.
        screen: &'static str,
        /// Kind and id of the open record.
        record: Option<(Kind, String)>,
    },
    /// Ask the state of the installation.
    Pulse {
        /// Ticket.
        ticket: Ticket,
    },
    /// Stop working on something that was asked.
    Abort(Ticket),
    /// Send a timer message at this time, instead of an earlier wish for the same.
    At(Timer, Timestamp),
    /// Put text on the clipboard of the terminal.
    Copy(String),
    /// Keep a draft.
    Keep(String, Box<Draft>),
    /// Forget a draft.
    Forget(String),
    /// Keep how lists are sorted and shown.
    Remember(BTreeMap<String, String>),
    /// Stop the process until the shell wakes it.
    Suspend,
    /// Paint everything again.
    Repaint,
    /// Leave.
    Leave(Exit),
}

impl Effect {
    /// The ticket of an effect that is answered.
    pub const fn ticket(&self) -> Option<Ticket> {
        match self {
            Self::Load { ticket, .. }
            | Self::Collect { ticket, .. }
            | Self::Open { ticket, .. }
            | Self::OpenForm { ticket, .. }
            | Self::Run { ticket, .. }
            | Self::Plan { ticket, .. }
            | Self::Find { ticket, .. }
            | Self::Pulse { ticket } => Some(*ticket),
            Self::Beat { .. }
            | Self::Abort(_)
            | Self::At(..)
            | Self::Copy(_)
            | Self::Keep(..)
            | Self::Forget(_)
            | Self::Remember(_)
            | Self::Suspend
            | Self::Repaint
            | Self::Leave(_) => None,
        }
    }
}

/// How the console ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The person left.
    Quit,
    /// The person pressed `Ctrl-c` twice.
    Interrupted,
    /// The terminal went away.
    HungUp,
    /// The process was asked to end.
    Terminated,
}
