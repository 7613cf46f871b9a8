//! Turns the difference between two grids into the fewest bytes: what changed, scrolled rows by the terminal itself, one
//! synchronised frame. Colours are written here, so `NO_COLOR` and crossterm's own opinion play no part.

use super::Spot;
use crate::console::wrap::cell_width;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Modifier};
use std::fmt::Write;

/// What the terminal shows now.
pub struct Shown {
    grid: Buffer,
    spot: Spot,
    /// Whether nothing is known of what the terminal shows.
    blank: bool,
}

/// Unchanged cells that are written again rather than skipped by moving the cursor.
const BRIDGE: u16 = 4;
/// Blanks at the end of a row that are erased rather than written.
const ERASE: u16 = 8;
/// Rows that must move along before the terminal is asked to scroll.
const WORTH: usize = 4;

impl Shown {
    /// A terminal of which nothing is known.
    pub fn unknown() -> Self {
        Self {
            grid: Buffer::empty(Rect::ZERO),
            spot: None,
            blank: true,
        }
    }

    /// Forgets what the terminal shows; the next frame writes everything.
    pub fn forget(&mut self) {
        self.blank = true;
    }

    /// The bytes that make the terminal show the grid; empty when it does already.
    pub fn frame(&mut self, next: Buffer, spot: Spot) -> String {
        let mut out = Output {
            text: String::new(),
            at: None,
            ink: Ink::default(),
        };
        if self.blank || self.grid.area != next.area {
            out.text.push_str("\x1b[m\x1b[r\x1b[H\x1b[2J");
            self.grid = Buffer::empty(next.area);
            self.blank = false;
            self.spot = None;
        } else {
            scroll(&mut self.grid, &next, &mut out);
        }
        for y in 0..next.area.height {
            row(&self.grid, &next, y, &mut out);
        }
        let drawn = !out.text.is_empty();
        if !drawn && spot == self.spot {
            return String::new();
        }
        out.ink_to(Ink::default());
        match spot {
            Some((x, y)) => {
                out.go(x, y);
                if self.spot.is_none() {
                    out.text.push_str("\x1b[?25h");
                }
            }
            None => out.text.push_str("\x1b[?25l"),
        }
        self.grid = next;
        self.spot = spot;
        format!("\x1b[?2026h{}\x1b[?2026l", out.text)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Ink {
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

impl Default for Ink {
    fn default() -> Self {
        Self {
            fg: Color::Reset,
            bg: Color::Reset,
            modifier: Modifier::empty(),
        }
    }
}

impl Ink {
    const fn of(cell: &Cell) -> Self {
        Self {
            fg: cell.fg,
            bg: cell.bg,
            modifier: cell.modifier,
        }
    }
}

struct Output {
    text: String,
    at: Option<(u16, u16)>,
    ink: Ink,
}

impl Output {
    fn go(&mut self, x: u16, y: u16) {
        let moved = match self.at {
            Some(at) if at == (x, y) => Ok(()),
            Some((_, row)) if row == y && x == 0 => self.text.write_char('\r'),
            Some((column, row)) if row == y && x > column => {
                write!(self.text, "\x1b[{}C", x - column)
            }
            _ if x == 0 => write!(self.text, "\x1b[{}H", y + 1),
            _ => write!(self.text, "\x1b[{};{}H", y + 1, x + 1),
        };
        // Writing into a String cannot fail.
        moved.unwrap_or_default();
        self.at = Some((x, y));
    }

    fn ink_to(&mut self, ink: Ink) {
        if ink == self.ink {
            return;
        }
        let mut codes: Vec<String> = Vec::new();
        let lost = self.ink.modifier.difference(ink.modifier);
        let plain = ink == Ink::default();
        if plain {
            codes.push(String::new());
        } else {
            if !lost.is_empty() {
                codes.push("0".to_owned());
                self.ink = Ink::default();
            }
            let gained = ink.modifier.difference(self.ink.modifier);
            let all = [
                (Modifier::BOLD, "1"),
                (Modifier::DIM, "2"),
                (Modifier::ITALIC, "3"),
                (Modifier::UNDERLINED, "4"),
                (Modifier::REVERSED, "7"),
            ];
            codes.extend(
                all.iter()
                    .filter(|(m, _)| gained.contains(*m))
                    .map(|(_, code)| (*code).to_owned()),
            );
            if ink.fg != self.ink.fg {
                codes.push(colour(ink.fg, 30));
            }
            if ink.bg != self.ink.bg {
                codes.push(colour(ink.bg, 40));
            }
        }
        self.text.push_str("\x1b[");
        self.text.push_str(&codes.join(";"));
        self.text.push('m');
        self.ink = ink;
    }

    fn cell(&mut self, x: u16, y: u16, cell: &Cell) {
        self.go(x, y);
        self.ink_to(Ink::of(cell));
        self.text.push_str(cell.symbol());
        self.at = Some((x + wide(cell), y));
    }
}

fn colour(colour: Color, base: u8) -> String {
    match colour {
        Color::Indexed(n @ 0..=7) => (base + n).to_string(),
        Color::Indexed(n @ 8..=15) => (base + 60 + n - 8).to_string(),
        Color::Indexed(n) => format!("{};5;{n}", base + 8),
        Color::Rgb(r, g, b) => format!("{};2;{r};{g};{b}", base + 8),
        _ => (base + 9).to_string(),
    }
}

/// Cells that a cell's glyph covers; a cell beneath a wide glyph is empty and covers none.
fn wide(cell: &Cell) -> u16 {
    let wide = cell.symbol().chars().map(cell_width).sum::<usize>();
    u16::try_from(wide).unwrap_or(1)
}

fn cell(grid: &Buffer, x: u16, y: u16) -> Option<&Cell> {
    grid.cell(Position { x, y })
}

/// The cells of a row.
fn line(grid: &Buffer, y: u16) -> &[Cell] {
    let width = usize::from(grid.area.width);
    let from = usize::from(y) * width;
    grid.content.get(from..from + width).unwrap_or_default()
}

fn row(old: &Buffer, new: &Buffer, y: u16, out: &mut Output) {
    let (was, cells) = (line(old, y), line(new, y));
    if was == cells {
        return;
    }
    let differs = |x: u16| was.get(usize::from(x)) != cells.get(usize::from(x));
    let hidden = |x: u16| cell_of(cells, x).is_some_and(|c| c.symbol().is_empty());
    let width = new.area.width;
    let Some(first) = (0..width).find(|x| differs(*x)) else {
        return;
    };
    let last = (0..width).rev().find(|x| differs(*x)).unwrap_or(first);
    let blank = blank_from(cells);
    let mut x = first;
    while x <= last {
        // A change beneath the right half of a wide glyph rewrites the whole glyph.
        while x > 0 && hidden(x) {
            x -= 1;
        }
        if x >= blank && last.saturating_sub(x) >= ERASE {
            out.go(x, y);
            out.ink_to(Ink::default());
            out.text.push_str("\x1b[K");
            return;
        }
        let gap = (x..=last).take_while(|x| !differs(*x)).count();
        match u16::try_from(gap) {
            Ok(gap) if gap > BRIDGE => {
                x += gap;
                if !hidden(x) {
                    continue;
                }
                x -= 1;
            }
            _ => {}
        }
        let Some(next) = cell_of(cells, x) else {
            return;
        };
        if !next.symbol().is_empty() {
            out.cell(x, y, next);
        }
        x += wide(next).max(1);
    }
}

fn cell_of(cells: &[Cell], x: u16) -> Option<&Cell> {
    cells.get(usize::from(x))
}

/// From where on a row is plain blanks.
fn blank_from(cells: &[Cell]) -> u16 {
    let plain = |c: &&Cell| c.symbol() == " " && Ink::of(c) == Ink::default();
    let blanks = cells.iter().rev().take_while(plain).count();
    u16::try_from(cells.len() - blanks).unwrap_or(u16::MAX)
}

/// Lets the terminal move rows that only went up or down, and moves them in what is known of it.
fn scroll(old: &mut Buffer, new: &Buffer, out: &mut Output) {
    let changed = (0..new.area.height).filter(|y| line(old, *y) != line(new, *y));
    if changed.count() <= WORTH {
        return;
    }
    let (before, after) = (prints(old), prints(new));
    let Some(shift) = best_shift(&before, &after) else {
        return;
    };
    let (first, last) = (shift.first, shift.last);
    let width = old.area.width;
    let count = shift.by.unsigned_abs();
    out.ink_to(Ink::default());
    // Deleting and inserting lines between margins is what every terminal knows; scrolling by name is not.
    let command = if shift.by > 0 { 'M' } else { 'L' };
    let (top, bottom) = (first + 1, last + 1);
    let written = write!(
        out.text,
        "\x1b[{top};{bottom}r\x1b[{top}H\x1b[{count}{command}\x1b[r"
    );
    written.unwrap_or_default();
    out.at = Some((0, 0));
    let source = old.clone();
    for y in first..=last {
        let from = y.cast_signed() + shift.by;
        for x in 0..width {
            let moved = u16::try_from(from)
                .ok()
                .filter(|f| (first..=last).contains(f))
                .and_then(|f| cell(&source, x, f));
            if let Some(target) = old.cell_mut(Position { x, y }) {
                *target = moved.cloned().unwrap_or_default();
            }
        }
    }
}

struct Shift {
    by: i16,
    first: u16,
    last: u16,
}

/// What each row says, whatever its ink; 0 for a blank row.
fn prints(grid: &Buffer) -> Vec<u64> {
    use std::hash::{Hash, Hasher};
    let rows = 0..grid.area.height;
    let print = |y: u16| {
        let mut hasher = std::hash::DefaultHasher::new();
        let mut blank = true;
        for cell in line(grid, y) {
            blank &= cell.symbol() == " ";
            cell.symbol().hash(&mut hasher);
        }
        if blank { 0 } else { hasher.finish().max(1) }
    };
    rows.map(print).collect()
}

fn best_shift(before: &[u64], after: &[u64]) -> Option<Shift> {
    let height = i16::try_from(after.len()).ok()?;
    let fits = |by: i16, y: i16| {
        let here = usize::try_from(y)
            .ok()
            .and_then(|y| after.get(y))
            .copied()
            .unwrap_or(0);
        let from = usize::try_from(y + by)
            .ok()
            .and_then(|y| before.get(y))
            .copied()
            .unwrap_or(1);
        here != 0 && here == from
    };
    let candidates = (1..height / 2).flat_map(|by| [by, -by]);
    let score = |by: i16| (0..height).filter(|y| fits(by, *y) && !fits(0, *y)).count();
    let (best, by) = candidates
        .map(|by| (score(by), by))
        .max_by_key(|(score, by)| (*score, -by.abs()))?;
    if best < WORTH {
        return None;
    }
    let moved: Vec<i16> = (0..height)
        .filter(|y| fits(by, *y) && !fits(0, *y))
        .collect();
    let (top, bottom) = (*moved.first()?, *moved.last()?);
    let (first, last) = if by > 0 {
        (top, bottom + by)
    } else {
        (top + by, bottom)
    };
    Some(Shift {
        by,
        first: u16::try_from(first).ok()?,
        last: u16::try_from(last.min(height - 1)).ok()?,
    })
}
