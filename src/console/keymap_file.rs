//! Reads keymap files: TOML with one table per context, entries `{ on, run, desc }`. Says what is wrong and on which line.

use super::command::Command;
use super::key::{Chord, Code, Key, sequence, show};
use super::keymap::{Binding, Context, Keymap};
use crate::domain::filter::nearest;
use crate::language::{Language, Message, keys};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

const DEFAULT: &str = include_str!("../../keymaps/default.toml");
const VIM: &str = include_str!("../../keymaps/vim.toml");

/// Why a keymap cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {problem:?}")]
pub struct KeymapError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It is not TOML of this form; the parser's words.
    Toml(String),
    /// There is no such table.
    Context(String, Option<String>),
    /// There is no such action.
    Action(String, Option<String>),
    /// There is no such key.
    Key(String),
    /// A key that terminals cannot be trusted with.
    Forbidden(String, Reason),
    /// Two lines bind the same keys.
    Clash(String, usize),
    /// There is no shipped keymap of this name, and no such file.
    NoFile(String),
}

/// Why a key is forbidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// `Ctrl-h/i/j/m/[` arrive as other keys.
    Control,
    /// `Ctrl-a/b/s/q` belong to tmux, screen and flow control.
    Prefix,
    /// `Alt-digit` belongs to the terminal's tabs.
    Digit,
    /// Dead on many keyboards.
    Dead,
    /// Only with `AltGr`, and no other key does the same.
    AltGr,
}

impl KeymapError {
    /// The sentence for people.
    pub fn tell(&self, language: Language) -> String {
        let detail = self.problem.tell(language);
        if self.line == 0 {
            return format!("{}: {detail}", self.file);
        }
        let line = self.line.to_string();
        keys::BAD_FILE.with(
            language,
            &[("file", &self.file), ("line", &line), ("detail", &detail)],
        )
    }
}

impl Problem {
    fn tell(&self, language: Language) -> String {
        let meant = |message: &Message, name: &str, nearest: &Option<String>| {
            let what = message.with(language, &[("name", name)]);
            match nearest {
                Some(near) => keys::MEANT.with(language, &[("what", &what), ("nearest", near)]),
                None => what,
            }
        };
        match self {
            Self::Toml(detail) => detail.clone(),
            Self::Context(name, near) => meant(&keys::BAD_CONTEXT, name, near),
            Self::Action(name, near) => meant(&keys::BAD_ACTION, name, near),
            Self::Key(name) => keys::BAD_KEY.with(language, &[("name", name)]),
            Self::Forbidden(key, why) => keys::FORBIDDEN_KEY.with(
                language,
                &[("key", key), ("why", why.message().text(language))],
            ),
            Self::Clash(key, line) => {
                keys::CONFLICT_KEY.with(language, &[("key", key), ("other", &line.to_string())])
            }
            Self::NoFile(name) => keys::NO_KEYMAP.with(language, &[("name", name)]),
        }
    }
}

impl Reason {
    const fn message(self) -> &'static Message {
        match self {
            Self::Control => &keys::WHY_CONTROL,
            Self::Prefix => &keys::WHY_PREFIX,
            Self::Digit => &keys::WHY_DIGIT,
            Self::Dead => &keys::WHY_DEAD,
            Self::AltGr => &keys::WHY_ALTGR,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    keymap: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    on: Spanned<On>,
    run: Spanned<String>,
    desc: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum On {
    One(String),
    Several(Vec<String>),
}

/// A keymap by name (`default`, `vim`) or path, with the user's own file laid over it when that exists.
pub fn load(
    name: &str,
    own: &std::path::Path,
    screens: &[&'static str],
) -> Result<Keymap, KeymapError> {
    let mut keymap = parse("default.toml", DEFAULT, screens)?;
    match name {
        "default" => {}
        "vim" => keymap.overlay(parse("vim.toml", VIM, screens)?),
        path => keymap.overlay(parse(path, &read(path)?, screens)?),
    }
    if let Ok(text) = std::fs::read_to_string(own) {
        keymap.overlay(parse(&own.display().to_string(), &text, screens)?);
    }
    Ok(keymap)
}

fn read(path: &str) -> Result<String, KeymapError> {
    let fail = |_| KeymapError {
        file: path.to_owned(),
        line: 0,
        problem: Problem::NoFile(path.to_owned()),
    };
    std::fs::read_to_string(path).map_err(fail)
}

/// Reads one file.
pub fn parse(file: &str, text: &str, screens: &[&'static str]) -> Result<Keymap, KeymapError> {
    let fail = |at: usize, problem: Problem| KeymapError {
        file: file.to_owned(),
        line: line(text, at),
        problem,
    };
    let tables: BTreeMap<Spanned<String>, Table> = toml::from_str(text).map_err(|e| {
        fail(
            e.span().map_or(0, |s| s.start),
            Problem::Toml(e.message().to_owned()),
        )
    })?;
    let mut keymap = Keymap::default();
    for (name, table) in tables {
        let context = context(name.get_ref(), screens).map_err(|p| fail(name.span().start, p))?;
        let mut later = Vec::new();
        for (order, entry) in table.keymap.iter().enumerate() {
            let at = entry.on.span().start;
            for (keys, binding) in
                bindings(entry, order, line(text, at)).map_err(|(at, p)| fail(at, p))?
            {
                if keys.iter().any(alt_gr) {
                    later.push((at, keys.clone(), binding.run));
                }
                let shown = show(&keys);
                keymap
                    .add(context, keys, binding)
                    .map_err(|c| fail(at, Problem::Clash(shown, c.first)))?;
            }
        }
        for (at, keys, run) in later {
            let twin = keymap
                .bindings(context)
                .iter()
                .any(|(k, b)| b.run == run && !k.iter().any(alt_gr));
            if !twin && run != Command::Nothing {
                return Err(fail(at, Problem::Forbidden(show(&keys), Reason::AltGr)));
            }
        }
    }
    Ok(keymap)
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|b| *b == b'\n').count() + 1
}

fn context(name: &str, screens: &[&'static str]) -> Result<Context, Problem> {
    if let Some(known) = Context::ALL.iter().find(|c| c.name() == name) {
        return Ok(*known);
    }
    if let Some(screen) = screens.iter().find(|s| **s == name) {
        return Ok(Context::Screen(screen));
    }
    let all: Vec<&str> = Context::ALL
        .iter()
        .map(|c| c.name())
        .chain(screens.iter().copied())
        .collect();
    Err(Problem::Context(
        name.to_owned(),
        nearest(name, &all).map(str::to_owned),
    ))
}

type Bound = Vec<(Vec<Key>, Binding)>;

fn bindings(entry: &Entry, order: usize, line: usize) -> Result<Bound, (usize, Problem)> {
    let name = entry.run.get_ref();
    let unknown = || {
        (
            entry.run.span().start,
            Problem::Action(name.clone(), Command::nearest(name)),
        )
    };
    let run = Command::of(name).ok_or_else(unknown)?;
    let texts = match entry.on.get_ref() {
        On::One(one) => std::slice::from_ref(one),
        On::Several(several) => several.as_slice(),
    };
    let at = entry.on.span().start;
    let mut bound = Vec::new();
    for text in texts {
        let keys = sequence(text).ok_or_else(|| (at, Problem::Key(text.clone())))?;
        if let Some((key, reason)) = keys.iter().find_map(|k| forbidden(*k).map(|r| (k, r))) {
            return Err((at, Problem::Forbidden(key.to_string(), reason)));
        }
        bound.push((
            keys,
            Binding {
                run,
                desc: entry.desc.clone(),
                line,
                order: order * 16 + bound.len(),
            },
        ));
    }
    Ok(bound)
}

/// Why a key may not be bound, if so. `AltGr` characters are judged per table: they need a twin.
fn forbidden(key: Key) -> Option<Reason> {
    match (key.chord, key.code) {
        (Chord::Ctrl, Code::Char('h' | 'i' | 'j' | 'm' | '[')) => Some(Reason::Control),
        (Chord::Ctrl, Code::Char('a' | 'b' | 's' | 'q')) => Some(Reason::Prefix),
        (Chord::Alt, Code::Char(c)) if c.is_ascii_digit() => Some(Reason::Digit),
        (_, Code::Char('\'' | '"' | '~' | '^' | '`')) => Some(Reason::Dead),
        _ => None,
    }
}

fn alt_gr(key: &Key) -> bool {
    matches!(
        key.code,
        Code::Char('[' | ']' | '{' | '}' | '\\' | '|' | '@' | '#' | '$' | '€')
    )
}
