//! Reads a piece of the file, which begins and ends where records do, and judges its rows. What only a scan in order can explain
//! makes the piece irregular; then nothing that was judged of it counts.

use super::batch::{Batch, Fault, Forms, Notes, RowKind, RowNote};
use super::finding::{Code, Severity};
use super::judge::{Judge, Room, RowForm, Standing};
use super::marks::Marks;
use super::scan::{After, Cell, Form, Scanned, scan};

/// What is needed to read pieces.
pub(super) struct Reader<'a> {
    pub(super) judge: &'a Judge<'a>,
    pub(super) form: Form,
    /// Bytes of a record without its line end.
    pub(super) line_bytes: usize,
}

/// Whether every record of a piece is what it seems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Regularity {
    Regular,
    /// A quote that is wrong, a NUL, a line too long or too wide.
    Irregular,
}

/// Room that reading needs; used again for every piece.
#[derive(Debug, Default)]
pub(super) struct Desk {
    cells: Vec<Cell>,
    room: Room,
    form: RowForm,
}

/// Where the last record of a text ends: behind the last line end that stands within no quotes, as far as counting quotes tells.
pub(super) fn last_record_end(text: &[u8]) -> Option<usize> {
    let mut quotes = memchr::memchr_iter(b'"', text).count();
    let mut end = text.len();
    loop {
        let place = memchr::memrchr3(b'\n', b'\r', b'"', &text[..end])?;
        match text[place] {
            b'"' => quotes -= 1,
            // Behind a carriage return at the very end, a line feed may follow.
            b'\r' if place + 1 == text.len() => {}
            _ if quotes.is_multiple_of(2) => return Some(place + 1),
            _ => {}
        }
        end = place;
    }
}

impl Reader<'_> {
    /// Judges every row of a piece.
    pub(super) fn read(&self, batch: &mut Batch, desk: &mut Desk) -> Regularity {
        batch.notes.clear();
        desk.room.forget();
        if is_plain(batch.text.as_bytes()) {
            desk.form = RowForm::Bare;
            self.read_plain(batch, desk)
        } else {
            desk.form = RowForm::Dressed;
            self.read_quoted(batch, desk)
        }
    }

    /// Without quotes, every delimiter ends a cell and every line feed a record.
    fn read_plain(&self, batch: &mut Batch, desk: &mut Desk) -> Regularity {
        let text = batch.text.as_bytes();
        let (mut start, mut record, mut line) = (0, 0, 0);
        desk.cells.clear();
        for place in Marks::of(text, self.form.delimiter) {
            let cell = Cell {
                start,
                end: place,
                escaped: false,
            };
            desk.cells.push(cell);
            start = place + 1;
            if text[place] != b'\n' {
                continue;
            }
            if let Some(last) = desk.cells.last_mut()
                && text[..last.end].ends_with(b"\r")
                && last.start < last.end
            {
                last.end -= 1;
            }
            let entered = content(&text[record..start]) <= self.line_bytes
                && self.enter((text, line), desk, &mut batch.notes);
            if !entered {
                return Regularity::Irregular;
            }
            desk.cells.clear();
            (record, line) = (start, line + 1);
        }
        batch.notes.lines = line;
        whole(start, text)
    }

    fn read_quoted(&self, batch: &mut Batch, desk: &mut Desk) -> Regularity {
        let length = batch.length;
        let (mut start, mut line) = (0, 0);
        while start < length {
            let window = &batch.text.as_bytes()[start..length];
            let Scanned::Record { bytes, lines } =
                scan(window, self.form, After::Nothing, &mut desk.cells)
            else {
                return Regularity::Irregular;
            };
            for cell in &mut desk.cells {
                *cell = cell.moved(start).plain(&mut batch.text);
            }
            let row = (batch.text.as_bytes(), line);
            let entered = content(&row.0[start..start + bytes]) <= self.line_bytes
                && self.enter(row, desk, &mut batch.notes);
            if !entered {
                return Regularity::Irregular;
            }
            start += bytes;
            line += lines;
        }
        batch.notes.lines = line;
        Regularity::Regular
    }

    /// Judges a record, unless it is blank or of the wrong width; false when it has too many cells to be one.
    fn enter(&self, (text, line): (&[u8], u64), desk: &mut Desk, notes: &mut Notes) -> bool {
        let Desk { cells, room, form } = desk;
        let mut form = *form;
        for cell in cells.iter_mut() {
            let trimmed = cell.trimmed(text);
            if trimmed != *cell {
                (*cell, form) = (trimmed, RowForm::Dressed);
            }
        }
        let row = Standing {
            text,
            cells,
            line,
            form,
        };
        match (self.form.width, cells.as_slice()) {
            (_, [only]) if only.is_empty() => {}
            (Some(width), _) if width != cells.len() => notes.note_wrong_width(line),
            _ => self.judge.judge(row, room, notes),
        }
        cells.len() <= self.form.max_columns
    }
}

impl Notes {
    fn note_wrong_width(&mut self, line: u64) {
        self.faults.push(Fault {
            code: Code::RowWidth,
            severity: Severity::File,
            column: None,
        });
        self.rows.push(RowNote {
            line,
            faults: self.faults.len(),
            kind: RowKind::WrongWidth,
            key: 0,
            group: (0, 0),
            forms: Forms::default(),
            decimal: None,
            organisation: Cell::NOTHING,
            handed: None,
        });
    }
}

/// Whether there is no quote, no NUL, and no carriage return but before a line feed.
fn is_plain(text: &[u8]) -> bool {
    memchr::memchr2(b'"', 0, text).is_none()
        && memchr::memchr_iter(b'\r', text).all(|place| text.get(place + 1) == Some(&b'\n'))
}

fn whole(end: usize, text: &[u8]) -> Regularity {
    if end == text.len() {
        Regularity::Regular
    } else {
        Regularity::Irregular
    }
}

/// The length of a record without its line end.
pub(super) fn content(record: &[u8]) -> usize {
    match record {
        [text @ .., b'\r', b'\n'] | [text @ .., b'\r' | b'\n'] => text.len(),
        text => text.len(),
    }
}
