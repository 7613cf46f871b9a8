//! Runs the console: keys, timers and replies go to the state, its effects to the services, its picture to the terminal.
//! The thread that calls it has the screen and waits on nothing but its poll; the services work on the runtime's threads.

use super::app::{App, Look, Place, Setup};
use super::copy::{Wrap, sequence};
use super::drafts::Book;
use super::draw::encode::Shown;
use super::draw::{grid, paint};
use super::key::Key;
use super::keymap::Keymap;
use super::memory;
use super::message::{Effect, Exit, Msg, Ticket, Timer};
use super::perform::{Desk, Links};
use super::post::{self, Arrival, Inbox, Sender, Woken};
use super::terminal::{self, Mouse, Terminal};
use super::theme::{Glyphs, Theme};
use super::watcher;
use crate::clock::Clock;
use crate::domain::time::Timestamp;
use crate::language::Language;
use crate::screens::Screen;
use crate::service::{Actor, Error, Services};
use crossterm::event::{self, Event, KeyEventKind};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::AbortHandle;

/// How the console is opened.
pub struct Options {
    /// Language of every sentence.
    pub language: Language,
    /// Colours.
    pub theme: Theme,
    /// Decorations.
    pub glyphs: Glyphs,
    /// The keys.
    pub keymap: Keymap,
    /// Name of the database in the status bar.
    pub database: String,
    /// Who is here as far as the session says; what was half typed is kept apart by it.
    pub person: String,
    /// Name in the loud banner, empty when this is not production.
    pub production: String,
    /// Directory for drafts and memory.
    pub state: PathBuf,
    /// Whether the mouse is reported.
    pub mouse: Mouse,
    /// Whether the session runs inside tmux.
    pub wrap: Wrap,
    /// Seconds without a key until the screen goes blank; 0 for never.
    pub idle_seconds: u64,
    /// The time before the database is open.
    pub clock: Clock,
    /// What else is asked of the services.
    pub links: Links,
}

/// Keys taken in at once before the screen is drawn again.
const BURST: usize = 64;
/// How long after the last change drafts are written, in milliseconds.
const PAUSE: i64 = 400;

/// Runs the console until it is left. `connect` opens the database while the first screen is shown already.
pub async fn run<F>(
    options: Options,
    connect: F,
    screens: &'static [&'static Screen],
) -> Result<Exit, Error>
where
    F: Future<Output = Result<(Services, Arc<Actor>), Error>> + Send + 'static,
{
    let broken = |e: std::io::Error| Error::Internal(e.to_string());
    let book = Book::new(
        &options.state,
        &format!("{} {}", options.database, options.person),
    );
    let (sender, inbox) = post::open().map_err(broken)?;
    for task in watcher::follow(&sender, &book).map_err(broken)? {
        tokio::spawn(task);
    }
    terminal::guard_panics();
    let terminal = Terminal::enter(options.mouse).map_err(broken)?;
    let mut stage = Stage::new(options, screens, terminal, sender.clone(), book.clone());
    stage.draw().map_err(broken)?;
    let opener = sender.clone();
    tokio::spawn(async move {
        opener
            .send(Arrival::Connected(Box::new(connect.await)))
            .await;
    });
    watcher::watch_terminal(book).map_err(broken)?;
    // The loop waits in poll, on the thread that called; the runtime's own threads go on.
    let exit = tokio::task::block_in_place(|| stage.play(inbox));
    stage.close().await;
    exit
}

/// Everything the thread with the screen has in hand.
struct Stage {
    app: App,
    terminal: Terminal,
    shown: Shown,
    sender: Sender,
    book: Book,
    desk: Option<Desk>,
    links: Links,
    clock: Clock,
    timers: BTreeMap<Timer, Timestamp>,
    flush: Option<Timestamp>,
    working: HashMap<Ticket, AbortHandle>,
    memory: PathBuf,
    wrap: Wrap,
    exit: Option<Exit>,
}

impl Stage {
    fn new(
        options: Options,
        screens: &'static [&'static Screen],
        terminal: Terminal,
        sender: Sender,
        book: Book,
    ) -> Self {
        let memory = options.state.join("console.json");
        let setup = Setup {
            look: Look {
                language: options.language,
                theme: options.theme,
                glyphs: options.glyphs,
                size: terminal::size(),
            },
            place: Place {
                database: options.database,
                production: options.production,
            },
            keymap: options.keymap,
            screens,
            memory: memory::read(&memory),
            idle: i64::try_from(options.idle_seconds.saturating_mul(1000)).unwrap_or(i64::MAX),
        };
        Self {
            app: App::new(setup),
            terminal,
            shown: Shown::unknown(),
            sender,
            book,
            desk: None,
            links: options.links,
            clock: options.clock,
            timers: BTreeMap::new(),
            flush: None,
            working: HashMap::new(),
            memory,
            wrap: options.wrap,
            exit: None,
        }
    }

    fn play(&mut self, mut inbox: Inbox) -> Result<Exit, Error> {
        loop {
            let woken = inbox.wait(self.until_next());
            if woken == Woken::Gone {
                return Ok(Exit::HungUp);
            }
            if woken == Woken::Keys {
                self.read_keys();
            }
            while let Some(arrival) = inbox.take() {
                self.arrived(arrival)?;
            }
            self.ring();
            if let Some(exit) = self.exit {
                return Ok(exit);
            }
            if self.app.take_changed() && self.draw().is_err() {
                return Ok(Exit::HungUp);
            }
        }
    }

    /// Milliseconds until the next timer.
    fn until_next(&self) -> Option<i64> {
        let now = self.clock.now();
        let next = self.timers.values().chain(self.flush.as_ref()).min()?;
        Some(next.since(now).max(0))
    }

    fn read_keys(&mut self) {
        for _ in 0..BURST {
            // A key that cannot be read is a terminal that is going: the poll tells in a moment.
            if self.exit.is_some() || !matches!(event::poll(Duration::ZERO), Ok(true)) {
                return;
            }
            let Ok(event) = event::read() else { return };
            match event {
                Event::Key(key) if key.kind != KeyEventKind::Release => {
                    if let Some(key) = Key::of(&key) {
                        self.tell(Msg::Key(key));
                    }
                }
                Event::Paste(text) => self.tell(Msg::Paste(text)),
                Event::Resize(..) => self.resized(),
                Event::Key(_) | Event::FocusGained | Event::FocusLost | Event::Mouse(_) => {}
            }
        }
    }

    fn resized(&mut self) {
        let size = terminal::size();
        if size != self.app.look.size {
            self.tell(Msg::Resize(size));
        }
    }

    fn arrived(&mut self, arrival: Arrival) -> Result<(), Error> {
        match arrival {
            Arrival::Msg(msg) => self.tell(msg),
            Arrival::Reply(ticket, reply) => {
                self.working.remove(&ticket);
                self.tell(Msg::Reply(ticket, reply));
            }
            Arrival::Connected(opened) => {
                let (services, actor) = (*opened)?;
                self.connected(services, actor);
            }
            Arrival::End(exit) => self.exit = Some(exit),
            Arrival::Resized => self.resized(),
            Arrival::Continued => {
                let retaken = self.terminal.retake();
                retaken.map_err(|e| Error::Internal(e.to_string()))?;
                self.resized();
                self.shown.forget();
                self.tell(Msg::Resumed);
            }
        }
        Ok(())
    }

    fn connected(&mut self, services: Services, actor: Arc<Actor>) {
        // From here on the time is the database's, so that ages are right on any machine.
        self.clock = services.clock.clone();
        tokio::spawn(notice(services.clone(), self.sender.clone()));
        self.desk = Some(Desk {
            services,
            actor: Arc::clone(&actor),
            links: self.links,
        });
        self.timers.clear();
        self.tell(Msg::Connected(actor));
        let drafts = self.book.open();
        self.tell(Msg::Drafts(drafts));
    }

    fn ring(&mut self) {
        let now = self.clock.now();
        if self.flush.is_some_and(|at| at <= now) {
            self.flush = None;
            self.save_drafts();
        }
        while let Some(timer) = self
            .timers
            .iter()
            .find(|(_, at)| **at <= now)
            .map(|(timer, _)| *timer)
        {
            self.timers.remove(&timer);
            let effects = self.app.update(now, Msg::Timer(timer));
            self.perform(effects);
        }
    }

    fn tell(&mut self, msg: Msg) {
        let effects = self.app.update(self.clock.now(), msg);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::At(timer, at) => {
                    self.timers.insert(timer, at);
                }
                Effect::Copy(text) => self.write(&sequence(&text, self.wrap)),
                Effect::Keep(key, draft) => {
                    self.book.keep(key, *draft);
                    self.flush = Some(self.clock.now().plus(PAUSE));
                }
                Effect::Forget(key) => {
                    self.book.forget(&key);
                    self.flush = Some(self.clock.now());
                }
                Effect::Remember(values) => memory::write(&self.memory, &values),
                Effect::Abort(ticket) => {
                    if let Some(work) = self.working.remove(&ticket) {
                        work.abort();
                    }
                }
                Effect::Suspend => self.suspend(),
                Effect::Repaint => self.shown.forget(),
                Effect::Leave(exit) => self.exit = Some(exit),
                ask => self.ask(ask),
            }
        }
    }

    fn ask(&mut self, effect: Effect) {
        let Some(desk) = self.desk.clone() else {
            return;
        };
        let ticket = effect.ticket();
        let sender = self.sender.clone();
        let work = tokio::spawn(async move {
            let reply = desk.answer(effect).await;
            if let (Some(ticket), Some(reply)) = (ticket, reply) {
                sender.send(Arrival::Reply(ticket, reply)).await;
            }
        });
        if let Some(ticket) = ticket {
            self.working.insert(ticket, work.abort_handle());
        }
    }

    fn suspend(&mut self) {
        self.save_drafts();
        if let Err(error) = self.terminal.suspend() {
            tracing::warn!("suspend: {error}");
        }
        self.shown.forget();
    }

    fn write(&mut self, text: &str) {
        // A terminal that cannot be written to is found gone by the next frame.
        self.terminal.send(text).unwrap_or_default();
    }

    fn draw(&mut self) -> std::io::Result<()> {
        let mut next = grid(self.app.look.size);
        let spot = paint(&self.app, &mut next);
        let bytes = self.shown.frame(next, spot);
        if bytes.is_empty() {
            Ok(())
        } else {
            self.terminal.send(&bytes)
        }
    }

    fn save_drafts(&self) {
        if let Err(error) = self.book.flush() {
            tracing::error!("drafts: {error}");
        }
    }

    /// Drafts first, then the terminal; then colleagues are told, if the database is quick.
    async fn close(&mut self) {
        self.save_drafts();
        self.terminal.leave();
        self.working.drain().for_each(|(_, work)| work.abort());
        if let Some(desk) = &self.desk {
            let leave = (desk.links.leave)(desk.services.clone(), Arc::clone(&desk.actor));
            let told = tokio::time::timeout(Duration::from_millis(300), leave).await;
            tracing::debug!("left: {}", told.is_ok());
        }
    }
}

/// Passes on that something changed, for as long as the database tells; opens the watch again when it broke.
async fn notice(services: Services, sender: Sender) {
    loop {
        if let Ok(mut watch) = services.db.watch().await {
            while watch.changed().await.is_ok() {
                sender.send(Arrival::Msg(Msg::Changed)).await;
            }
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        // Whatever changed while nobody looked.
        sender.send(Arrival::Msg(Msg::Changed)).await;
    }
}
