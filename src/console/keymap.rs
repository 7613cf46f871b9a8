//! Which keys run which commands, per context: what the shipped and the user's TOML files say, merged and looked up.
//! Reading the files is in `keymap_file`.

use super::command::Command;
use super::key::{Key, show};
use crate::language::{Language, Message, keys};
use std::collections::BTreeMap;

macro_rules! contexts {
    ($($name:ident $text:literal $message:ident;)+) => {
        /// Where keys have a meaning of their own.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Context {
            $(#[doc = $text] $name,)+
            /// One screen, by its English name; goes before `List`.
            Screen(&'static str),
        }

        impl Context {
            /// Every context that does not depend on the screens.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its table in keymap files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ Self::Screen(name) => name }
            }

            /// Its title in help.
            pub const fn title(self) -> Option<&'static Message> {
                match self { $(Self::$name => Some(&keys::$message),)+ Self::Screen(_) => None }
            }
        }
    };
}

contexts! {
    Global "global" CONTEXT_GLOBAL;
    List "list" CONTEXT_LIST;
    Detail "detail" CONTEXT_DETAIL;
    Form "form" CONTEXT_FORM;
    Confirm "confirm" CONTEXT_CONFIRM;
    Type "type" CONTEXT_TYPE;
    Picker "picker" CONTEXT_PICKER;
    Palette "palette" CONTEXT_PALETTE;
    Help "help" CONTEXT_HELP;
    Text "text" CONTEXT_TEXT;
    Conflict "conflict" CONTEXT_CONFLICT;
    Filter "filter" CONTEXT_FILTER;
    Input "input" CONTEXT_INPUT;
}

/// One binding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// What it runs.
    pub run: Command,
    /// The user's own description, instead of the command's.
    pub desc: Option<String>,
    /// Line in its file.
    pub line: usize,
    /// Where it stands in its table, so that help keeps the order of the file.
    pub order: usize,
}

/// What a key sequence means so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// It runs this.
    Run(Command),
    /// It may become something with more keys.
    Wait,
    /// Nothing.
    Unknown,
}

type Table = BTreeMap<Vec<Key>, Binding>;

/// All bindings. A sorted map of sequences per context is the trie: what begins with a prefix stands together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Keymap {
    tables: BTreeMap<Context, Table>,
}

/// Bindings that clash, by their lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    /// The line that was there first.
    pub first: usize,
}

impl Keymap {
    /// Adds one binding; refuses when the sequence is there already, begins another or is begun by another.
    pub fn add(&mut self, context: Context, keys: Vec<Key>, binding: Binding) -> Result<(), Clash> {
        let table = self.tables.entry(context).or_default();
        if let Some(other) = touching(table, &keys).first().and_then(|k| table.get(k)) {
            return Err(Clash { first: other.line });
        }
        table.insert(keys, binding);
        Ok(())
    }

    /// Lays another keymap over this one: its bindings win, `nothing` takes a key away.
    pub fn overlay(&mut self, over: Self) {
        for (context, bindings) in over.tables {
            let table = self.tables.entry(context).or_default();
            for (keys, binding) in bindings {
                for gone in touching(table, &keys) {
                    table.remove(&gone);
                }
                if binding.run != Command::Nothing {
                    table.insert(keys, binding);
                }
            }
        }
    }

    /// What the keys pressed so far mean in the first context that knows them.
    pub fn resolve(&self, contexts: &[Context], pressed: &[Key]) -> Meaning {
        let tables = contexts.iter().filter_map(|c| self.tables.get(c));
        tables
            .map(|t| meaning(t, pressed))
            .find(|m| *m != Meaning::Unknown)
            .unwrap_or(Meaning::Unknown)
    }

    /// The bindings of a context in the order of the file.
    pub fn bindings(&self, context: Context) -> Vec<(&[Key], &Binding)> {
        let mut all: Vec<(&[Key], &Binding)> = self
            .tables
            .get(&context)
            .into_iter()
            .flatten()
            .map(|(k, b)| (k.as_slice(), b))
            .collect();
        all.sort_by_key(|(_, b)| b.order);
        all
    }

    /// The keys of a command in the first context that has them, as people read them, the first of the file first.
    pub fn keys_of(&self, contexts: &[Context], command: Command) -> Vec<String> {
        let of = |c: &Context| -> Vec<String> {
            let all = self.bindings(*c);
            all.iter()
                .filter(|(_, b)| b.run == command)
                .map(|(k, _)| show(k))
                .collect()
        };
        contexts
            .iter()
            .map(of)
            .find(|k| !k.is_empty())
            .unwrap_or_default()
    }

    /// The contexts that have bindings.
    pub fn contexts(&self) -> impl Iterator<Item = Context> + '_ {
        self.tables.keys().copied()
    }
}

impl Binding {
    /// What it does, in the user's words or the program's.
    pub fn describe(&self, language: Language) -> String {
        self.desc
            .clone()
            .unwrap_or_else(|| self.run.describe(language))
    }
}

fn meaning(table: &Table, pressed: &[Key]) -> Meaning {
    match table.range(pressed.to_vec()..).next() {
        Some((keys, binding)) if keys.as_slice() == pressed => Meaning::Run(binding.run),
        Some((keys, _)) if keys.starts_with(pressed) => Meaning::Wait,
        _ => Meaning::Unknown,
    }
}

/// Sequences that are equal to this one, begin it or are begun by it.
fn touching(table: &Table, keys: &[Key]) -> Vec<Vec<Key>> {
    let longer = table
        .range(keys.to_vec()..)
        .map(|(k, _)| k)
        .take_while(|k| k.starts_with(keys));
    let shorter =
        (1..keys.len()).filter_map(|n| table.get_key_value(keys.get(..n)?).map(|(k, _)| k));
    longer.chain(shorter).cloned().collect()
}

/// The key reference in Markdown, from the same bindings that the program uses.
pub fn reference(keymap: &Keymap, language: Language) -> String {
    let mut text = String::new();
    for context in keymap.contexts() {
        let title = context.title().map_or(context.name(), |m| m.text(language));
        text.extend(["\n### ", title, "\n\n| | |\n|---|---|\n"]);
        for (keys, does) in grouped(keymap, context, language) {
            text.extend(["| ", &keys, " | ", &does, " |\n"]);
        }
    }
    text
}

/// The bindings of a context, keys that do the same on one line.
pub fn grouped(keymap: &Keymap, context: Context, language: Language) -> Vec<(String, String)> {
    let mut lines: Vec<(Command, String, String)> = Vec::new();
    for (keys, binding) in keymap.bindings(context) {
        let key = show(keys).replace('|', "\\|");
        match lines.iter_mut().find(|(run, _, _)| *run == binding.run) {
            Some((_, all, _)) => all.extend(["  ", &key]),
            None => lines.push((binding.run, key, binding.describe(language))),
        }
    }
    lines
        .into_iter()
        .map(|(_, keys, does)| (keys, does))
        .collect()
}
