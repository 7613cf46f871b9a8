//! The whole state of the console and the one function that changes it. Pure: it neither waits nor reads clock, file or
//! database; what it wants done it gives back as effects.

mod acting;
pub mod choosing;
pub mod forming;
mod keys;
mod listing;
mod outcome;
pub mod outlook;
mod reading;
mod replying;
mod walking;

use super::drafts::Draft;
use super::key::Key;
use super::keymap::Keymap;
use super::layout::Size;
use super::message::{Effect, Msg, Target, Ticket, Timer};
use super::theme::{Glyphs, Theme, Tone};
use super::views::View;
use super::views::conflict::Conflict;
use super::views::detail::Detail;
use super::views::list::Pane;
use crate::domain::action::Act;
use crate::domain::time::{SECOND, Timestamp};
use crate::language::{Language, console as say};
use crate::screens::Screen;
use crate::service::Actor;
use crate::ui::{Pulse, Record};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// How things are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// Language of every sentence.
    pub language: Language,
    /// Colours.
    pub theme: Theme,
    /// Decorations.
    pub glyphs: Glyphs,
    /// Size of the terminal.
    pub size: Size,
}

/// Which database this is, as the screen names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Its name in the status bar.
    pub database: String,
    /// Its name in a loud banner, when it is production.
    pub production: String,
}

/// Whether the database answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Link {
    /// It is being opened.
    #[default]
    Connecting,
    /// It answers.
    Ready,
    /// It did not answer the last time.
    Lost,
}

/// Whether changes by others are shown as they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Live {
    /// They are.
    #[default]
    Following,
    /// They are, and a reading is due.
    Due,
    /// Not until asked.
    Paused,
    /// Not until asked, and something did change.
    Missed,
}

/// Whether the screen is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cover {
    /// It is.
    #[default]
    Open,
    /// It is blank until a key is pressed.
    Locked,
}

/// Whether `Ctrl-c` leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Leaving {
    #[default]
    No,
    Asked,
}

/// A sentence in the status bar, until the next key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// What it means.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

/// What `u` takes back, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    act: Act,
    target: Target,
    until: Timestamp,
}

/// One screen with the lists on it.
pub struct Board {
    /// The screen.
    pub screen: &'static Screen,
    /// Its lists.
    pub panes: Vec<Pane>,
    /// The list in sight.
    pub pane: usize,
}

/// Whether something stands beside lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// Where the list has something of its own to say there.
    #[default]
    Usual,
    /// Beside every list, else the record.
    Always,
    /// Beside none.
    Never,
}

/// What stands beside a list.
#[derive(Default)]
pub struct Side {
    /// Whether it is asked for.
    pub shown: Shown,
    /// The record.
    pub detail: Option<Detail>,
    /// What was shown lately, to be shown at once while it is read again.
    pub known: VecDeque<Box<Record>>,
}

/// Something that was asked for an action and decides what is shown next.
enum Asked {
    Form {
        ticket: Ticket,
        targets: Vec<Target>,
    },
    Theirs {
        ticket: Ticket,
        by: String,
    },
    Run {
        ticket: Ticket,
        target: Option<Target>,
    },
    Marks {
        ticket: Ticket,
    },
    Members {
        ticket: Ticket,
        act: Act,
    },
}

/// What the console starts with.
pub struct Setup {
    /// How things are shown.
    pub look: Look,
    /// Which database.
    pub place: Place,
    /// The keys.
    pub keymap: Keymap,
    /// The screens.
    pub screens: &'static [&'static Screen],
    /// How lists were sorted and shown before.
    pub memory: BTreeMap<String, String>,
    /// Milliseconds without a key until the screen goes blank; 0 for never.
    pub idle: i64,
}

/// The whole state.
pub struct App {
    /// How things are shown.
    pub look: Look,
    /// Which database.
    pub place: Place,
    /// The keys.
    pub keymap: Keymap,
    /// The screens.
    pub boards: Vec<Board>,
    /// What lies on what; the first is always a screen.
    pub stack: Vec<View>,
    /// Who works.
    pub actor: Option<Arc<Actor>>,
    /// State of the installation.
    pub pulse: Option<Pulse>,
    /// Whether the database answers.
    pub link: Link,
    /// Whether changes are followed.
    pub live: Live,
    /// Whether the screen is shown.
    pub cover: Cover,
    /// The sentence in the status bar.
    pub note: Option<Note>,
    /// Keys of a sequence that is not complete.
    pub pressed: Vec<Key>,
    /// The record beside the list.
    pub side: Side,
    /// Drafts by name.
    pub drafts: BTreeMap<String, Draft>,
    memory: BTreeMap<String, String>,
    now: Timestamp,
    idle: i64,
    earlier: Option<usize>,
    undo: Option<Undo>,
    asked: Option<Asked>,
    pulse_wait: Option<Ticket>,
    leaving: Leaving,
    tickets: u64,
    effects: Vec<Effect>,
    changed: bool,
}

/// How often is told that this console is here, in milliseconds.
const BEAT: i64 = 20 * SECOND;
/// How long changes are gathered before they are read, in milliseconds.
const GATHER: i64 = 150;
/// How long until a lost database is tried again, in milliseconds.
const RETRY: i64 = 2 * SECOND;

impl App {
    /// The console before the database is open: the first screen, empty.
    pub fn new(setup: Setup) -> Self {
        let remembered = |key: String| setup.memory.get(&key).cloned().unwrap_or_default();
        let board = |screen: &&'static Screen| Board {
            screen,
            panes: screen
                .lists
                .iter()
                .enumerate()
                .map(|(n, l)| Pane::new(l, remembered(sort_key(screen, n))))
                .collect(),
            pane: 0,
        };
        Self {
            boards: setup.screens.iter().map(board).collect(),
            side: Side {
                shown: match setup.memory.get("side").map(String::as_str) {
                    Some("on") => Shown::Always,
                    Some("off") => Shown::Never,
                    _ => Shown::Usual,
                },
                ..Side::default()
            },
            look: setup.look,
            place: setup.place,
            keymap: setup.keymap,
            memory: setup.memory,
            idle: setup.idle,
            stack: vec![View::Screen(0)],
            actor: None,
            pulse: None,
            link: Link::default(),
            live: Live::default(),
            cover: Cover::default(),
            note: None,
            pressed: Vec::new(),
            drafts: BTreeMap::new(),
            now: Timestamp::default(),
            earlier: None,
            undo: None,
            asked: None,
            pulse_wait: None,
            leaving: Leaving::No,
            tickets: 0,
            effects: Vec::new(),
            changed: true,
        }
    }

    /// Takes in what happened at a time; gives back what is to be done.
    pub fn update(&mut self, now: Timestamp, msg: Msg) -> Vec<Effect> {
        self.now = now;
        self.changed |= !matches!(msg, Msg::Reply(..) | Msg::Changed | Msg::Timer(_));
        match msg {
            Msg::Key(key) => self.key(key),
            Msg::Paste(text) => self.paste(&text),
            Msg::Resize(size) => self.resize(size),
            Msg::Resumed => self.effects.push(Effect::Repaint),
            Msg::Connected(actor) => self.connected(actor),
            Msg::Reply(ticket, reply) => self.reply(ticket, reply),
            Msg::Changed => self.noticed(),
            Msg::Timer(timer) => self.timer(timer),
            Msg::Drafts(drafts) => self.found_drafts(drafts),
        }
        std::mem::take(&mut self.effects)
    }

    /// Whether the screen must be drawn again since this was last asked.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// The time of the last message.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether this person may change anything at all here.
    pub fn read_only(&self) -> bool {
        self.actor.as_ref().is_some_and(|a| a.read_only)
    }

    fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.note = Some(Note {
            tone,
            text: text.into(),
        });
        self.changed = true;
    }

    fn paste(&mut self, text: &str) {
        if self.cover == Cover::Locked {
            return;
        }
        self.type_pasted(text);
    }

    fn resize(&mut self, size: Size) {
        self.look.size = size;
        let height = self.rows_height();
        if let Some(pane) = self.pane_mut() {
            pane.window.settle(height);
        }
        self.prefetch();
    }

    fn connected(&mut self, actor: Arc<Actor>) {
        // Unless one was asked for, the screen speaks the language of the person.
        self.look.language = actor.language;
        self.actor = Some(actor);
        self.link = Link::Ready;
        self.read_again();
        self.effects
            .push(Effect::At(Timer::Beat, self.now.plus(SECOND)));
        self.rest();
    }

    fn rest(&mut self) {
        if self.idle > 0 {
            self.effects
                .push(Effect::At(Timer::Idle, self.now.plus(self.idle)));
        }
    }

    fn noticed(&mut self) {
        self.live = match self.live {
            Live::Following => {
                self.effects
                    .push(Effect::At(Timer::Reload, self.now.plus(GATHER)));
                Live::Due
            }
            Live::Due => Live::Due,
            Live::Paused | Live::Missed => {
                self.changed |= self.live == Live::Paused;
                Live::Missed
            }
        };
    }

    fn timer(&mut self, timer: Timer) {
        match timer {
            Timer::Reload if self.live == Live::Due => {
                self.live = Live::Following;
                self.read_again();
            }
            Timer::Reload => {}
            Timer::Retry => self.read_again(),
            Timer::Side => self.read_side(),
            Timer::Find => self.find(),
            Timer::Beat => self.beat(),
            Timer::Idle => {
                self.cover = Cover::Locked;
                self.pressed.clear();
                self.veil(Timestamp(i64::MAX));
            }
            Timer::Veil => self.veil(self.now),
        }
    }

    /// Takes secrets off the screen whose time is over.
    fn veil(&mut self, now: Timestamp) {
        self.stack
            .retain(|view| !matches!(view, View::Text(text) if text.is_over(now)));
        self.changed = true;
    }

    fn beat(&mut self) {
        let board = self.board_index();
        let Some(screen) = self.boards.get(board).map(|b| b.screen.name_en) else {
            return;
        };
        let record = self.stack.iter().rev().find_map(|v| match v {
            View::Detail(d) => Some((d.kind, d.id.clone())),
            _ => None,
        });
        self.effects.push(Effect::Beat { screen, record });
        self.ask_pulse();
        self.effects
            .push(Effect::At(Timer::Beat, self.now.plus(BEAT)));
    }

    fn ask_pulse(&mut self) {
        let ticket = self.ticket();
        self.pulse_wait = Some(ticket);
        self.effects.push(Effect::Pulse { ticket });
    }

    fn found_drafts(&mut self, drafts: BTreeMap<String, Draft>) {
        if !drafts.is_empty() {
            let count = drafts.len().to_string();
            self.say(
                Tone::Wait,
                say::DRAFTS_FOUND.with(self.look.language, &[("count", &count)]),
            );
        }
        self.drafts = drafts;
    }

    fn top(&self) -> Option<&View> {
        self.stack.last()
    }

    fn push(&mut self, view: View) {
        self.stack.push(view);
    }

    fn pop(&mut self) {
        if self.stack.len() > 1 {
            self.stack.pop();
        }
    }

    fn conflict_mut(&mut self) -> Option<&mut Conflict> {
        match self.stack.last_mut() {
            Some(View::Conflict(conflict)) => Some(conflict),
            _ => None,
        }
    }
}

/// The name under which the sort of a list is remembered.
fn sort_key(screen: &Screen, pane: usize) -> String {
    format!("sort {} {pane}", screen.name_en)
}
