//! What a command writes: data to stdout as table, JSON or CSV, narration to stderr. Nothing unsafe reaches a terminal from here.

pub mod csv;
pub mod json;
pub mod record;
pub mod sheet;
pub mod table;

use super::exit::Failure;
use crate::language::Message;
use crate::ui::Cell;
use crate::ui::sane::sane;
use std::io::{ErrorKind, IsTerminal, Write};

/// How data is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns for people.
    Table,
    /// One JSON document.
    Json,
    /// Comma-separated values with a header.
    Csv,
}

impl Format {
    /// The names as given with `--output`.
    pub const NAMES: [&'static str; 3] = ["table", "json", "csv"];

    /// The format of this name; a table for any other.
    pub fn of(name: &str) -> Self {
        match name {
            "json" => Self::Json,
            "csv" => Self::Csv,
            _ => Self::Table,
        }
    }
}

/// One column of a grid.
#[derive(Debug, Clone, Copy)]
pub struct Head {
    /// Key in JSON and header in CSV.
    pub name: &'static str,
    /// Header of a table.
    pub title: &'static Message,
    /// 0 always shown; on a terminal higher numbers give way first.
    pub rank: u8,
}

/// Rows under columns, ready to be written in any format.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The columns.
    pub heads: Vec<Head>,
    /// The rows, each as long as the columns.
    pub rows: Vec<Vec<Cell>>,
}

/// Writes data to stdout. A reader that has gone away is no error.
pub fn data(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes)
        .and_then(|()| out.flush())
        .map_err(|e| match e.kind() {
            ErrorKind::BrokenPipe => Failure::Closed,
            _ => Failure::file("stdout", &e),
        })
}

/// Writes text to stdout, its lines made safe.
pub fn text(text: &str) -> Result<(), Failure> {
    data(safe_lines(text).as_bytes())
}

/// Tells something on stderr, its lines made safe. When nobody hears it, that is that.
pub fn tell(text: &str) {
    let mut line = safe_lines(text);
    if !line.ends_with('\n') {
        line.push('\n');
    }
    let _ = std::io::stderr().lock().write_all(line.as_bytes());
}

/// Width of the terminal on stdout; none when stdout is not a terminal.
pub fn terminal_width() -> Option<usize> {
    let out = std::io::stdout();
    if !out.is_terminal() {
        return None;
    }
    let size = rustix::termios::tcgetwinsize(&out).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}

/// Text whose line breaks are its own and in which nothing else steers a terminal.
pub fn safe_lines(text: &str) -> String {
    text.split('\n').map(sane).collect::<Vec<_>>().join("\n")
}
