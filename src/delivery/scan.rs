//! The strict structural scan of one record: where its cells are, or which line is damaged and how.
//! It works on a window of text and keeps nothing; `scanner` moves the window.

use super::finding::Code;

/// Where a cell is within the window, without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether `""` occurs in it.
    pub(super) escaped: bool,
}

impl Cell {
    /// A cell that is not there.
    pub(super) const NOTHING: Self = Self {
        start: 0,
        end: 0,
        escaped: false,
    };

    pub(super) fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The cell without surrounding blanks.
    #[inline]
    pub(super) fn trimmed(self, text: &[u8]) -> Self {
        // Nearly every cell begins and ends with a letter or digit: then there is nothing to look for.
        let dense = |place: usize| text.get(place).is_some_and(u8::is_ascii_graphic);
        if self.is_empty() || (dense(self.start) && dense(self.end - 1)) {
            return self;
        }
        let whole = str::from_utf8(&text[self.start..self.end]).unwrap_or_default();
        let start = self.start + whole.len() - whole.trim_start().len();
        Self {
            start,
            end: start + whole.trim().len(),
            ..self
        }
    }

    /// The cell of a text that begins so many bytes earlier.
    pub(super) fn moved(self, bytes: usize) -> Self {
        Self {
            start: self.start + bytes,
            end: self.end + bytes,
            ..self
        }
    }

    /// The cell with its doubled quotes made single; such a cell moves to the end of the text.
    pub(super) fn plain(self, text: &mut String) -> Self {
        if !self.escaped {
            return self;
        }
        let plain = text[self.start..self.end].replace("\"\"", "\"");
        let start = text.len();
        text.push_str(&plain);
        Self {
            start,
            end: text.len(),
            escaped: false,
        }
    }
}

/// Whether text may follow the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    More,
    Nothing,
}

/// What the scan of one record gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scanned {
    /// A record of so many bytes and line ends.
    Record { bytes: usize, lines: u64 },
    /// The window ends before the record does.
    Incomplete,
    /// A damaged record.
    Damaged(Damage),
}

/// What is wrong with the structure, and where to take up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) code: Code,
    /// Line ends between the start of the record and the damage.
    pub(super) line: u64,
    /// Cell, counted from 0.
    pub(super) cell: usize,
    /// Reading goes on after the first line end from here.
    pub(super) resume: usize,
    /// How far the scan came; further than `resume` when lines are read a second time.
    pub(super) reached: usize,
}

impl Damage {
    fn having_reached(self, reached: usize) -> Self {
        Self { reached, ..self }
    }
}

/// What limits and shapes a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) delimiter: u8,
    pub(super) max_columns: usize,
    /// Cells that every record must have, once the header is known.
    pub(super) width: Option<usize>,
}

/// Scans one record at the start of the window.
pub(super) fn scan(window: &[u8], form: Form, after: After, cells: &mut Vec<Cell>) -> Scanned {
    cells.clear();
    let mut scan = Scan {
        window,
        form,
        after,
        cells,
        lines: 0,
        at: 0,
        first_spanning: None,
    };
    loop {
        let step = if window.get(scan.at) == Some(&b'"') {
            scan.quoted()
        } else {
            scan.plain()
        };
        match step {
            Step::Cell => {}
            Step::End { bytes } => return scan.finish(bytes),
            Step::Incomplete => return Scanned::Incomplete,
            Step::Damaged(damage) => return Scanned::Damaged(damage),
        }
        if scan.cells.len() >= form.max_columns {
            return Scanned::Damaged(scan.damage(Code::TooManyColumns, scan.at));
        }
    }
}

/// What a record is whose end lies beyond the limit: an open quote when it spans lines, else a line too long.
pub(super) fn judge_endless(window: &[u8], form: Form, cells: &mut Vec<Cell>) -> Damage {
    let reached = window.len();
    match scan(window, form, After::Nothing, cells) {
        Scanned::Damaged(damage)
            if damage.code == Code::UnclosedQuote && line_ends(&window[damage.resume..]) == 0 =>
        {
            Damage {
                code: Code::LineTooLong,
                ..damage
            }
        }
        Scanned::Damaged(damage) => damage,
        Scanned::Record { .. } | Scanned::Incomplete => Damage {
            code: Code::LineTooLong,
            line: 0,
            cell: 0,
            resume: 0,
            reached,
        },
    }
}

/// How many lines end within a text.
pub(super) fn line_ends(text: &[u8]) -> u64 {
    let (mut at, mut count) = (0, 0);
    while let Some(length) = text[at..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
    {
        at += length;
        at += line_end(&text[at..], After::Nothing).unwrap_or(1);
        count += 1;
    }
    count
}

enum Step {
    Cell,
    End { bytes: usize },
    Incomplete,
    Damaged(Damage),
}

struct Scan<'a> {
    window: &'a [u8],
    form: Form,
    after: After,
    cells: &'a mut Vec<Cell>,
    lines: u64,
    at: usize,
    /// The first cell that spans lines, as the damage that it is when the record turns out wrong.
    first_spanning: Option<Damage>,
}

impl Scan<'_> {
    fn plain(&mut self) -> Step {
        let start = self.at;
        let delimiter = self.form.delimiter;
        let stop = |byte: &u8| *byte == delimiter || matches!(byte, b'\n' | b'\r' | b'"' | 0);
        let Some(length) = self.window[start..].iter().position(stop) else {
            return self.run_out(Cell {
                start,
                end: self.window.len(),
                escaped: false,
            });
        };
        let end = start + length;
        match self.window[end] {
            b'"' => Step::Damaged(self.damage(Code::QuoteInside, end)),
            0 => Step::Damaged(self.damage(Code::Binary, end)),
            _ => self.close(
                Cell {
                    start,
                    end,
                    escaped: false,
                },
                end,
            ),
        }
    }

    fn quoted(&mut self) -> Step {
        let opening = self.damage(Code::UnclosedQuote, self.at);
        let cell = match self.find_closing_quote(opening) {
            Ok(cell) => cell,
            Err(step) => return step,
        };
        let next = cell.end + 1;
        match self.window.get(next) {
            None => self.run_out(cell),
            Some(&byte) if byte == self.form.delimiter || matches!(byte, b'\n' | b'\r') => {
                self.close(cell, next)
            }
            Some(_) if self.lines > opening.line => Step::Damaged(opening.having_reached(next)),
            Some(_) => Step::Damaged(self.damage(Code::TextAfterQuote, next)),
        }
    }

    /// Goes from an opening quote to the closing one, over line ends and doubled quotes.
    fn find_closing_quote(&mut self, opening: Damage) -> Result<Cell, Step> {
        let start = self.at + 1;
        let (mut at, mut escaped) = (start, false);
        loop {
            let stop = |byte: &u8| matches!(byte, b'\n' | b'\r' | b'"' | 0);
            let Some(length) = self.window[at..].iter().position(stop) else {
                return Err(self.unless_more(opening.having_reached(self.window.len())));
            };
            at += length;
            match self.window[at] {
                0 => return Err(Step::Damaged(self.damage(Code::Binary, at))),
                b'"' => match self.window.get(at + 1) {
                    Some(b'"') => {
                        escaped = true;
                        at += 2;
                    }
                    None if self.after == After::More => return Err(Step::Incomplete),
                    _ => {
                        return Ok(Cell {
                            start,
                            end: at,
                            escaped,
                        });
                    }
                },
                _ => {
                    at += self.line_end(at).ok_or(Step::Incomplete)?;
                    self.lines += 1;
                    self.first_spanning.get_or_insert(opening);
                }
            }
        }
    }

    fn unless_more(&self, damage: Damage) -> Step {
        if self.after == After::More {
            Step::Incomplete
        } else {
            Step::Damaged(damage)
        }
    }

    /// The window ends within or right after a cell.
    fn run_out(&mut self, cell: Cell) -> Step {
        if self.after == After::More {
            return Step::Incomplete;
        }
        self.cells.push(cell);
        Step::End {
            bytes: self.window.len(),
        }
    }

    /// A cell is closed by the delimiter or line end at `at`.
    fn close(&mut self, cell: Cell, at: usize) -> Step {
        if self.window[at] == self.form.delimiter {
            self.cells.push(cell);
            self.at = at + 1;
            return Step::Cell;
        }
        let Some(bytes) = self.line_end(at) else {
            return Step::Incomplete;
        };
        self.cells.push(cell);
        self.lines += 1;
        Step::End { bytes: at + bytes }
    }

    /// How many bytes the line end has; none when a line feed may still follow.
    fn line_end(&self, at: usize) -> Option<usize> {
        line_end(&self.window[at..], self.after)
    }

    /// A record of the wrong width that spans lines was swallowed by an open quote.
    fn finish(&self, bytes: usize) -> Scanned {
        let wrong = self
            .form
            .width
            .is_some_and(|width| width != self.cells.len());
        match self.first_spanning {
            Some(opening) if wrong => Scanned::Damaged(opening.having_reached(bytes)),
            _ => Scanned::Record {
                bytes,
                lines: self.lines,
            },
        }
    }

    fn damage(&self, code: Code, resume: usize) -> Damage {
        Damage {
            code,
            line: self.lines,
            cell: self.cells.len(),
            resume,
            reached: resume,
        }
    }
}

/// How many bytes the line end at the start has; none when it is none, or when a line feed may still follow.
pub(super) fn line_end(text: &[u8], after: After) -> Option<usize> {
    match text {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r'] if after == After::More => None,
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}
