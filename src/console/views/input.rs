//! One line of typing: a text, its cursor and how keys change it. What comes in by paste is made one safe line.

use crate::console::command::Command;
use crate::domain::check::unprintable;
use tui_input::{Input, InputRequest};

/// Characters that one line may hold.
const MOST: usize = 1000;

/// One line of typing.
#[derive(Debug, Clone, Default)]
pub struct Line {
    input: Input,
}

/// Whether a line was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// Its text is another.
    Text,
    /// At most its cursor moved.
    Nothing,
}

impl Line {
    /// A line with text, the cursor at its end.
    pub fn of(text: &str) -> Self {
        Self {
            input: Input::new(text.to_owned()),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Place of the cursor in characters.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// The cursor in cells from the start of the text.
    pub fn visual_cursor(&self) -> usize {
        self.input.visual_cursor()
    }

    /// Types one character.
    pub fn push(&mut self, c: char) -> Edited {
        if unprintable(c) || self.text().chars().count() >= MOST {
            return Edited::Nothing;
        }
        self.ask(InputRequest::InsertChar(c))
    }

    /// Puts pasted text in: line ends become blanks, what steers a terminal is left out.
    pub fn paste(&mut self, text: &str) -> Edited {
        let mut edited = Edited::Nothing;
        let safe = text.trim_end_matches(['\r', '\n']).replace("\r\n", " ");
        for c in safe.chars() {
            let c = if matches!(c, '\r' | '\n' | '\t') {
                ' '
            } else {
                c
            };
            if self.push(c) == Edited::Text {
                edited = Edited::Text;
            }
        }
        edited
    }

    /// Edits by command; `None` when the command is not about editing.
    pub fn edit(&mut self, command: Command) -> Option<Edited> {
        let request = match command {
            Command::Left => InputRequest::GoToPrevChar,
            Command::Right => InputRequest::GoToNextChar,
            Command::LineStart => InputRequest::GoToStart,
            Command::LineEnd => InputRequest::GoToEnd,
            Command::DeleteBack => InputRequest::DeletePrevChar,
            Command::DeleteNext => InputRequest::DeleteNextChar,
            Command::DeleteWord => InputRequest::DeletePrevWord,
            Command::DeleteLine => InputRequest::DeleteLine,
            _ => return None,
        };
        Some(self.ask(request))
    }

    /// Puts another text in its place.
    pub fn set(&mut self, text: &str) {
        *self = Self::of(text);
    }

    fn ask(&mut self, request: InputRequest) -> Edited {
        match self.input.handle(request) {
            Some(change) if change.value => Edited::Text,
            _ => Edited::Nothing,
        }
    }
}
