//! The console without a terminal: keys go in, effects are answered from the world in memory, the picture comes out as text
//! with the runs of style beneath it.

use super::world::{self, NOW, SCREENS};
use portaal_console::console::app::{App, Look, Place, Setup};
use portaal_console::console::draw::{Buffer, Spot, grid, paint};
use portaal_console::console::keymap_file;
use portaal_console::console::layout::Size;
use portaal_console::console::message::{Effect, Msg, Planned, Reply, Run, Timer};
use portaal_console::console::theme::{Glyphs, Theme};
use portaal_console::console::{key, message};
use portaal_console::domain::action::Act;
use portaal_console::domain::time::{SECOND, Timestamp};
use portaal_console::language::Language;
use portaal_console::service::{Done, Error, Mode};
use portaal_console::ui::form::{Form, Values};
use portaal_console::ui::{Pulse, Row};
use std::collections::{BTreeMap, VecDeque};

/// What the world answers instead of doing it.
type Answer = Box<dyn FnMut(&Run) -> Result<Done, Error>>;

/// The console and its world.
pub struct Console {
    /// The state.
    pub app: App,
    /// The time, moved by hand.
    pub now: Timestamp,
    /// The rows of every list.
    pub rows: Vec<Row>,
    /// Effects that leave the world: copies, drafts, leaving.
    pub out: Vec<Effect>,
    /// What was run.
    pub ran: Vec<Run>,
    /// Values that a form opens with.
    pub values: Values,
    /// Version that a form opens with.
    pub version: i64,
    /// What a run gives.
    pub answer: Answer,
    /// Whether the database answers.
    pub gone: bool,
    /// Effects held back while `slow`.
    pub held: VecDeque<Effect>,
    /// Whether effects are held back.
    pub slow: bool,
    timers: BTreeMap<Timer, Timestamp>,
}

/// How a console is opened.
#[derive(Clone, Copy)]
pub struct Opening {
    /// Size.
    pub size: (u16, u16),
    /// Theme.
    pub theme: Theme,
    /// Glyphs.
    pub glyphs: Glyphs,
    /// Language.
    pub language: Language,
}

impl Default for Opening {
    fn default() -> Self {
        Self {
            size: (80, 24),
            theme: Theme::Ansi,
            glyphs: Glyphs::Unicode,
            language: Language::Nl,
        }
    }
}

impl Console {
    /// A console of 80×24 that is connected.
    pub fn open() -> Self {
        Self::with(Opening::default())
    }

    /// A console that is connected.
    pub fn with(opening: Opening) -> Self {
        let mut console = Self::unconnected(opening);
        let mut actor = (*world::actor()).clone();
        actor.language = opening.language;
        console.tell(Msg::Connected(actor.into()));
        console
    }

    /// A console whose database is not open yet.
    pub fn unconnected(opening: Opening) -> Self {
        let names: Vec<&'static str> = SCREENS.iter().map(|s| s.name_en).collect();
        let nowhere = std::path::Path::new("/nonexistent/keys.toml");
        let keymap = keymap_file::load("default", nowhere, &names).expect("the shipped keymap");
        let (width, height) = opening.size;
        let app = App::new(Setup {
            look: Look {
                language: opening.language,
                theme: opening.theme,
                glyphs: opening.glyphs,
                size: Size { width, height },
            },
            place: Place {
                database: "portaal.db".into(),
                production: String::new(),
            },
            keymap,
            screens: SCREENS,
            memory: BTreeMap::new(),
            idle: 900 * SECOND,
        });
        Self {
            app,
            now: NOW,
            rows: world::rows(),
            out: Vec::new(),
            ran: Vec::new(),
            values: Values::new(),
            version: 1,
            answer: Box::new(|run| Ok(done(run))),
            gone: false,
            held: VecDeque::new(),
            slow: false,
            timers: BTreeMap::new(),
        }
    }

    /// Puts every row in a state.
    pub fn all_are(&mut self, state: &str) -> &mut Self {
        for row in &mut self.rows {
            state.clone_into(&mut row.state);
        }
        self
    }

    /// Presses keys, as keymaps write them, separated by blanks; `'text'` types text.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for word in keys.split(' ').filter(|w| !w.is_empty()) {
            match word.strip_prefix('\'').and_then(|w| w.strip_suffix('\'')) {
                Some(text) => text.chars().for_each(|c| {
                    self.tell(Msg::Key(key::Key::char(if c == '_' { ' ' } else { c })));
                }),
                None => self.tell(Msg::Key(
                    word.parse().unwrap_or_else(|()| key::Key::char('\u{0}')),
                )),
            }
        }
        self
    }

    /// Lets something happen and answers what it asks, until nothing is asked any more.
    pub fn tell(&mut self, msg: Msg) {
        let effects = self.app.update(self.now, msg);
        self.perform(effects);
    }

    /// Lets time pass, with the timers that fall in it.
    pub fn wait(&mut self, millis: i64) -> &mut Self {
        let end = self.now.plus(millis);
        while let Some((timer, at)) = self
            .timers
            .iter()
            .map(|(t, at)| (*t, *at))
            .filter(|(_, at)| *at <= end)
            .min_by_key(|(_, at)| *at)
        {
            self.timers.remove(&timer);
            self.now = self.now.max(at);
            self.tell(Msg::Timer(timer));
        }
        self.now = end;
        self
    }

    /// Answers what was held back.
    pub fn release(&mut self) -> &mut Self {
        self.slow = false;
        let held = std::mem::take(&mut self.held);
        self.perform(held.into_iter().collect());
        self
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::At(timer, at) = effect {
                self.timers.insert(timer, at);
                continue;
            }
            if self.slow && effect.ticket().is_some() {
                self.held.push_back(effect);
                continue;
            }
            match (effect.ticket(), self.reply(&effect)) {
                (Some(ticket), Some(reply)) => self.tell(Msg::Reply(ticket, reply)),
                _ => self.out.push(effect),
            }
        }
    }

    fn lost<T>(&self, value: T) -> Result<T, Error> {
        if self.gone {
            Err(portaal_console::store::StoreError::Unreachable("gone".into()).into())
        } else {
            Ok(value)
        }
    }

    fn reply(&mut self, effect: &Effect) -> Option<Reply> {
        Some(match effect {
            Effect::Load { list, query, .. } if list.columns.len() == 4 => {
                let _ = query;
                Reply::Page(self.lost(world::overview()))
            }
            Effect::Load { query, .. } => {
                let at = self.now;
                Reply::Page(
                    self.lost(())
                        .and_then(|()| world::page_of(&self.rows, query))
                        .map(|mut p| {
                            p.at = at;
                            p
                        }),
                )
            }
            Effect::Collect { query, most, .. } => {
                let all = portaal_console::ui::Query {
                    limit: u32::try_from(*most).unwrap_or(0),
                    ..query.clone()
                };
                Reply::Rows(world::page_of(&self.rows, &all).map(|p| p.rows))
            }
            Effect::Open { id, .. } => Reply::Record(self.lost(Box::new(world::record(id)))),
            Effect::OpenForm { act, id, .. } => Reply::Form(Ok(Box::new(self.form(*act, id)))),
            Effect::Run { run, .. } => {
                if run.mode == Mode::Commit {
                    self.ran.push(run.clone());
                }
                Reply::Done((self.answer)(run))
            }
            Effect::Plan { run, .. } => Reply::Plan(Ok(run.targets.iter().map(plan).collect())),
            Effect::Find { text, .. } => Reply::Found(self.find(text)),
            Effect::Pulse { .. } => Reply::Pulse(Ok(Pulse {
                workers: 1,
                ..Pulse::default()
            })),
            _ => return None,
        })
    }

    fn form(&self, act: Act, id: &str) -> Form {
        let label = self
            .rows
            .iter()
            .find(|r| r.id == id)
            .map_or_else(String::new, |r| r.label.clone());
        Form {
            act,
            id: id.to_owned(),
            version: self.version,
            confirm: if act == Act::OrganisationEnd {
                label.clone()
            } else {
                String::new()
            },
            label,
            fields: act.spec().fields,
            values: self.values.clone(),
            preview: vec!["2 mails gaan in de wachtrij.".into()],
        }
    }

    fn find(&self, text: &str) -> Vec<message::Found> {
        let fits = self
            .rows
            .iter()
            .filter(|r| r.label.to_lowercase().contains(&text.to_lowercase()))
            .take(4);
        fits.map(|r| message::Found {
            kind: portaal_console::domain::kind::Kind::Registration,
            id: r.id.clone(),
            label: r.label.clone(),
        })
        .collect()
    }

    /// The picture and where the cursor stands.
    pub fn paint(&self) -> (Buffer, Spot) {
        let mut picture = grid(self.app.look.size);
        let spot = paint(&self.app, &mut picture);
        (picture, spot)
    }

    /// The picture as text.
    pub fn text(&self) -> String {
        let (picture, _) = self.paint();
        lines(&picture).join("\n")
    }

    /// The picture as text, then the runs of style per line, then the cursor.
    pub fn shot(&self) -> String {
        let (picture, spot) = self.paint();
        let mut text = lines(&picture).join("\n");
        text.push_str("\n-- styles --\n");
        for y in 0..picture.area.height {
            let styles = runs(&picture, y);
            if !styles.is_empty() {
                text.extend([
                    format!("{y:>2}: "),
                    styles.join(" "),
                    "
"
                    .to_owned(),
                ]);
            }
        }
        text.extend([format!("cursor: {spot:?}\n")]);
        text
    }

    /// What the status bar says.
    pub fn note(&self) -> String {
        self.app
            .note
            .as_ref()
            .map_or_else(String::new, |n| n.text.clone())
    }
}

fn plan(target: &message::Target) -> Planned {
    let odd = target.id.ends_with(['1', '3', '5', '7', '9']);
    Planned {
        label: target.label.clone(),
        refusal: odd.then(|| "al geblokkeerd door J. Bakker 14:01".to_owned()),
    }
}

fn done(run: &Run) -> Done {
    let label = run
        .targets
        .first()
        .map_or_else(String::new, |t| t.label.clone());
    Done {
        id: "new".into(),
        label,
        said: vec!["2 mails in de wachtrij".into()],
        undo_until: None,
        secret: None,
    }
}

fn lines(picture: &Buffer) -> Vec<String> {
    let row = |y: u16| {
        let cells = (0..picture.area.width).filter_map(|x| picture.cell((x, y)));
        cells
            .map(|c| c.symbol().to_owned())
            .collect::<String>()
            .trim_end()
            .to_owned()
    };
    (0..picture.area.height).map(row).collect()
}

/// Runs of cells that are not plain: `from-to style`.
fn runs(picture: &Buffer, y: u16) -> Vec<String> {
    let style = |x: u16| {
        picture
            .cell((x, y))
            .map_or_else(String::new, |c| name(c.fg, c.bg, c.modifier))
    };
    let mut all = Vec::new();
    let mut x = 0;
    while x < picture.area.width {
        let here = style(x);
        let end = (x..picture.area.width)
            .take_while(|x| style(*x) == here)
            .last()
            .unwrap_or(x);
        if !here.is_empty() {
            all.push(format!("{x}-{end}:{here}"));
        }
        x = end + 1;
    }
    all
}

fn name(
    fg: impl std::fmt::Debug,
    bg: impl std::fmt::Debug,
    modifier: impl std::fmt::Debug,
) -> String {
    let (fg, bg, modifier) = (
        format!("{fg:?}"),
        format!("{bg:?}"),
        format!("{modifier:?}"),
    );
    let mut parts = Vec::new();
    if fg != "Reset" {
        parts.push(fg);
    }
    if bg != "Reset" {
        parts.push(format!("on {bg}"));
    }
    if modifier != "NONE" {
        parts.push(modifier);
    }
    parts.join("+").replace(' ', "")
}
