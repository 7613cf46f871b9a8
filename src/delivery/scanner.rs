//! Moves the scan through the text, record by record, and takes up again after damage. Memory stays within two windows
//! whatever the file holds.

use std::io;

use super::batch::Batch;
use super::content::Content;
use super::encoding::{Encoding, Flow, Text};
use super::finding::Code;
use super::piece::{content, last_record_end};
use super::scan::{After, Cell, Damage, Form, Scanned, judge_endless, line_end, line_ends, scan};

/// How often lines are read a second time after an open quote; beyond it, hostile files would cost quadratic time.
const SECOND_READINGS: u32 = 100;

/// One record: its text and where its cells are.
#[derive(Debug, Default)]
pub(super) struct Record {
    text: String,
    cells: Vec<Cell>,
    line: u64,
}

/// What a step through the text gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The record is filled.
    Record,
    /// A damaged line; the scan goes on behind it.
    Damaged { code: Code, row: u64, cell: usize },
    /// The text breaks off.
    BrokenOff { flow: Flow, row: u64 },
    /// The text is finished.
    End,
}

/// A text and a place in it.
pub(super) struct Scanner<'r> {
    text: Text<'r>,
    buffer: String,
    start: usize,
    line: u64,
    flow: Flow,
    form: Form,
    window_bytes: usize,
    second_readings: u32,
    cells: Vec<Cell>,
}

impl<'r> Scanner<'r> {
    pub(super) fn new(text: Text<'r>, form: Form, line_bytes: usize) -> Self {
        Self {
            text,
            buffer: String::new(),
            start: 0,
            line: 1,
            flow: Flow::More,
            form,
            // A line end of two bytes belongs to a line of the longest kind.
            window_bytes: line_bytes + 2,
            second_readings: 0,
            cells: Vec::new(),
        }
    }

    pub(super) fn encoding(&self) -> Encoding {
        self.text.encoding()
    }

    pub(super) fn into_content(self) -> Content<'r> {
        self.text.into_content()
    }

    /// The text from the first line that is not blank, up to one window.
    pub(super) fn preview(&mut self) -> io::Result<(&[u8], After)> {
        self.fill()?;
        while let Some(length) = blank_line(self.window(), self.after()) {
            self.start += length;
            self.line += 1;
            self.fill()?;
        }
        Ok((self.window(), self.after()))
    }

    pub(super) fn delimit(&mut self, delimiter: u8) {
        self.form.delimiter = delimiter;
    }

    pub(super) fn expect_width(&mut self, width: usize) {
        self.form.width = Some(width);
    }

    /// Moves text out that begins and ends where records do, about a block of it; false when there is none to be had.
    /// The lines in it are not counted: whoever reads it does, and calls `pass` or `put_back`.
    pub(super) fn cut(&mut self, piece: &mut Batch, about: usize) -> io::Result<bool> {
        piece.text.clear();
        let mut wanted = about;
        loop {
            self.fill_to(wanted)?;
            let rest = &self.buffer.as_bytes()[self.start..];
            let reach = rest.len().min(wanted.max(about));
            if let Some(end) = last_record_end(&rest[..reach]) {
                piece
                    .text
                    .push_str(&self.buffer[self.start..self.start + end]);
                piece.length = end;
                self.start += end;
                return Ok(true);
            }
            // A record that does not fit a window is damaged; so is what seems to be one.
            if self.flow != Flow::More || wanted >= self.window_bytes {
                return Ok(false);
            }
            wanted = self.window_bytes.min(wanted * 2);
        }
    }

    /// Lines that were cut out have been read.
    pub(super) fn pass(&mut self, lines: u64) {
        self.line += lines;
    }

    /// Puts text back that was cut out and must be read in order after all.
    pub(super) fn put_back(&mut self, pieces: &[Batch]) {
        let rest = self.buffer.split_off(self.start);
        self.buffer.clear();
        for piece in pieces {
            self.buffer.push_str(&piece.text[..piece.length]);
        }
        self.buffer.push_str(&rest);
        self.start = 0;
    }

    /// The line on which the next record starts.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn form(&self) -> Form {
        self.form
    }

    /// The next record that is not blank.
    pub(super) fn step(&mut self, record: &mut Record) -> io::Result<Step> {
        loop {
            self.fill()?;
            if self.start == self.buffer.len() {
                return Ok(self.finish());
            }
            let window = window_of(&self.buffer, self.start, self.window_bytes);
            let after = after_of(self.flow, window.len(), self.buffer.len() - self.start);
            match scan(window, self.form, after, &mut self.cells) {
                Scanned::Record { bytes, .. }
                    if content(&window[..bytes]) > self.window_bytes - 2 =>
                {
                    let damage = judge_endless(window, self.form, &mut self.cells);
                    return self.report(damage);
                }
                Scanned::Record { bytes, lines } => {
                    record.load(
                        &self.buffer[self.start..self.start + bytes],
                        &self.cells,
                        self.line,
                    );
                    self.start += bytes;
                    self.line += lines;
                    if !record.is_blank() {
                        return Ok(self.weigh_width(record));
                    }
                }
                Scanned::Damaged(damage) => return self.report(damage),
                Scanned::Incomplete if window.len() == self.window_bytes => {
                    let damage = judge_endless(window, self.form, &mut self.cells);
                    return self.report(damage);
                }
                Scanned::Incomplete => return Ok(self.break_off()),
            }
        }
    }

    fn weigh_width(&self, record: &Record) -> Step {
        if self.form.width.is_some_and(|width| width != record.width()) {
            return Step::Damaged {
                code: Code::RowWidth,
                row: record.line,
                cell: record.width(),
            };
        }
        Step::Record
    }

    fn report(&mut self, damage: Damage) -> io::Result<Step> {
        let row = self.line + damage.line;
        let mut from = damage.resume;
        if damage.reached > damage.resume {
            self.second_readings += 1;
            if self.second_readings > SECOND_READINGS {
                from = self.before_line_end(damage.reached);
            }
        }
        self.skip_line(from)?;
        Ok(Step::Damaged {
            code: damage.code,
            row,
            cell: damage.cell,
        })
    }

    /// Goes to the line after the first line end from here; a line of any length is passed without being kept.
    fn skip_line(&mut self, from: usize) -> io::Result<()> {
        self.line += line_ends(&self.buffer.as_bytes()[self.start..self.start + from]);
        self.start += from;
        loop {
            let rest = &self.buffer.as_bytes()[self.start..];
            if let Some(length) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
                self.start += length;
                self.fill()?;
                self.start += line_end(self.window(), After::Nothing).unwrap_or(0);
                self.line += 1;
                return Ok(());
            }
            self.start = self.buffer.len();
            if self.flow != Flow::More {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Steps back over the line end that a scan went past, so that skipping finds it whole.
    fn before_line_end(&self, reached: usize) -> usize {
        let passed = &self.buffer.as_bytes()[self.start..self.start + reached];
        match passed {
            [.., b'\r', b'\n'] => reached - 2,
            [.., b'\r' | b'\n'] => reached - 1,
            _ => reached,
        }
    }

    fn finish(&self) -> Step {
        match self.flow {
            Flow::More | Flow::End => Step::End,
            Flow::Undecodable | Flow::Refused => Step::BrokenOff {
                flow: self.flow,
                row: self.line,
            },
        }
    }

    fn break_off(&mut self) -> Step {
        self.line += line_ends(&self.buffer.as_bytes()[self.start..]);
        self.start = self.buffer.len();
        self.finish()
    }

    /// Fills the window, so that what a record is never depends on where a block ended.
    fn fill(&mut self) -> io::Result<()> {
        self.fill_to(self.window_bytes)
    }

    fn fill_to(&mut self, bytes: usize) -> io::Result<()> {
        while self.flow == Flow::More && self.buffer.len() - self.start < bytes {
            self.buffer.drain(..self.start);
            self.start = 0;
            self.flow = self.text.append(&mut self.buffer)?;
        }
        Ok(())
    }

    fn window(&self) -> &[u8] {
        window_of(&self.buffer, self.start, self.window_bytes)
    }

    fn after(&self) -> After {
        after_of(
            self.flow,
            self.window().len(),
            self.buffer.len() - self.start,
        )
    }
}

fn window_of(buffer: &str, start: usize, window_bytes: usize) -> &[u8] {
    let rest = &buffer.as_bytes()[start..];
    &rest[..rest.len().min(window_bytes)]
}

fn after_of(flow: Flow, window: usize, rest: usize) -> After {
    if flow == Flow::End && window == rest {
        After::Nothing
    } else {
        After::More
    }
}

/// The bytes of a first line that holds nothing but blanks, its line end included.
fn blank_line(window: &[u8], after: After) -> Option<usize> {
    let blanks = window
        .iter()
        .take_while(|byte| matches!(byte, b' '))
        .count();
    line_end(&window[blanks..], after).map(|length| blanks + length)
}

impl Record {
    /// Line on which the record starts.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// How many cells it has.
    pub(super) fn width(&self) -> usize {
        self.cells.len()
    }

    /// A cell, without surrounding blanks; empty beyond the last.
    pub(super) fn cell(&self, index: usize) -> &str {
        let cell = self.cells.get(index).copied().unwrap_or(Cell::NOTHING);
        self.text.get(cell.start..cell.end).unwrap_or_default()
    }

    /// The cells as they stand, and the text in which they stand.
    pub(super) fn parts(&self) -> (&str, &[Cell]) {
        (&self.text, &self.cells)
    }

    fn is_blank(&self) -> bool {
        self.width() == 1 && self.cell(0).is_empty()
    }

    fn load(&mut self, text: &str, cells: &[Cell], line: u64) {
        self.line = line;
        self.text.clear();
        self.text.push_str(text);
        self.cells.clear();
        self.cells.extend_from_slice(cells);
        for cell in &mut self.cells {
            *cell = cell.plain(&mut self.text);
            *cell = cell.trimmed(self.text.as_bytes());
        }
    }
}
