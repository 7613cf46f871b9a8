//! One key press as keymaps write it: `j`, `G`, `Ctrl-d`, `PgDn`. The character counts, not Shift. Not what it does.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// What was pressed, without modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// A character as the terminal sent it, Shift already in it.
    Char(char),
    /// Function key.
    F(u8),
    /// A key with a name.
    Named(Named),
}

/// Whether Control or Alt was held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Chord {
    /// Neither.
    #[default]
    Plain,
    /// Control.
    Ctrl,
    /// Alt.
    Alt,
}

/// One key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// What was pressed.
    pub code: Code,
    /// What was held.
    pub chord: Chord,
}

macro_rules! named {
    ($($name:ident = $text:literal $code:pat,)+) => {
        /// Keys with a name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Named { $(#[doc = $text] $name),+ }

        impl Named {
            const ALL: &'static [(Self, &'static str)] = &[$((Self::$name, $text)),+];

            const fn of(code: KeyCode) -> Option<Self> {
                match code { $($code => Some(Self::$name),)+ _ => None }
            }
        }
    };
}

named! {
    Enter = "Enter" KeyCode::Enter,
    Esc = "Esc" KeyCode::Esc,
    Space = "Space" KeyCode::Char(' '),
    Tab = "Tab" KeyCode::Tab,
    BackTab = "Shift-Tab" KeyCode::BackTab,
    Backspace = "Backspace" KeyCode::Backspace,
    Delete = "Del" KeyCode::Delete,
    Up = "Up" KeyCode::Up,
    Down = "Down" KeyCode::Down,
    Left = "Left" KeyCode::Left,
    Right = "Right" KeyCode::Right,
    Home = "Home" KeyCode::Home,
    End = "End" KeyCode::End,
    PageUp = "PgUp" KeyCode::PageUp,
    PageDown = "PgDn" KeyCode::PageDown,
}

impl Named {
    /// As keymaps write it.
    pub fn text(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(n, _)| *n == self)
            .map_or("", |(_, text)| text)
    }
}

impl Key {
    /// A character without modifiers.
    pub const fn char(c: char) -> Self {
        if c == ' ' {
            return Self::named(Named::Space);
        }
        Self {
            code: Code::Char(c),
            chord: Chord::Plain,
        }
    }

    /// A key with a name.
    pub const fn named(named: Named) -> Self {
        Self {
            code: Code::Named(named),
            chord: Chord::Plain,
        }
    }

    /// A character with Control.
    pub const fn ctrl(c: char) -> Self {
        Self {
            code: Code::Char(c),
            chord: Chord::Ctrl,
        }
    }

    /// What the terminal sent; `None` for keys that this program does not know.
    pub fn of(event: &KeyEvent) -> Option<Self> {
        let chord = if event.modifiers.contains(KeyModifiers::CONTROL) {
            Chord::Ctrl
        } else if event
            .modifiers
            .intersects(KeyModifiers::ALT | KeyModifiers::META)
        {
            Chord::Alt
        } else {
            Chord::Plain
        };
        let code = match (Named::of(event.code), event.code) {
            (Some(Named::Tab), _) if event.modifiers.contains(KeyModifiers::SHIFT) => {
                Code::Named(Named::BackTab)
            }
            (Some(named), _) => Code::Named(named),
            (None, KeyCode::Char(c)) if chord == Chord::Ctrl => Code::Char(c.to_ascii_lowercase()),
            (None, KeyCode::Char(c)) => Code::Char(c),
            (None, KeyCode::F(n)) => Code::F(n),
            (None, _) => return None,
        };
        Some(Self { code, chord })
    }

    /// The character that this key types into an input.
    pub fn typed(self) -> Option<char> {
        match (self.code, self.chord) {
            (Code::Char(c), Chord::Plain) => Some(c),
            (Code::Named(Named::Space), Chord::Plain) => Some(' '),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.chord {
            Chord::Plain => "",
            Chord::Ctrl => "Ctrl-",
            Chord::Alt => "Alt-",
        })?;
        match self.code {
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "F{n}"),
            Code::Named(named) => f.write_str(named.text()),
        }
    }
}

impl std::str::FromStr for Key {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (chord, rest) = match text.split_once('-') {
            Some(("Ctrl", rest)) if !rest.is_empty() => (Chord::Ctrl, rest),
            Some(("Alt", rest)) if !rest.is_empty() => (Chord::Alt, rest),
            _ => (Chord::Plain, text),
        };
        if let Some((named, _)) = Named::ALL.iter().find(|(_, name)| *name == rest) {
            return Ok(Self {
                code: Code::Named(*named),
                chord,
            });
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_whitespace() => Code::Char(if chord == Chord::Ctrl {
                c.to_ascii_lowercase()
            } else {
                c
            }),
            (Some('F'), Some(_)) => Code::F(
                rest.get(1..)
                    .and_then(|n| n.parse().ok())
                    .filter(|n| (1..=12).contains(n))
                    .ok_or(())?,
            ),
            _ => return Err(()),
        };
        Ok(Self { code, chord })
    }
}

/// A sequence of keys as keymaps write it, the keys separated by blanks.
pub fn sequence(text: &str) -> Option<Vec<Key>> {
    let keys: Option<Vec<Key>> = text.split_whitespace().map(|k| k.parse().ok()).collect();
    keys.filter(|k| !k.is_empty())
}

/// A sequence as people read it.
pub fn show(keys: &[Key]) -> String {
    keys.iter()
        .map(Key::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}
