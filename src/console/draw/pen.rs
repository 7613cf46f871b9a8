//! Writes text into cells: the one place where text of any origin passes the sanitiser, is cut to width and inked.

use crate::console::layout::Area;
use crate::console::theme::{Colour, Glyph, Glyphs, Ink, Part, Theme, Tone, Weight};
use crate::console::wrap::{cell_width, fitting, width};
use crate::ui::sane::sane;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier, Style};

/// Writes into a grid of cells.
pub struct Pen<'a> {
    grid: &'a mut Buffer,
    theme: Theme,
    glyphs: Glyphs,
    over: Option<Part>,
}

impl<'a> Pen<'a> {
    /// A pen for a grid.
    pub fn new(grid: &'a mut Buffer, theme: Theme, glyphs: Glyphs) -> Self {
        Self {
            grid,
            theme,
            glyphs,
            over: None,
        }
    }

    /// A decoration.
    pub const fn glyph(&self, glyph: Glyph) -> &'static str {
        self.glyphs.get(glyph)
    }

    /// From here on everything is inked as this part, whatever is asked: a row under the cursor has one ink.
    pub const fn over(&mut self, part: Option<Part>) {
        self.over = part;
    }

    /// Inks a whole area.
    pub fn fill(&mut self, area: Area, part: Part) {
        let style = style(self.theme.ink(self.over.unwrap_or(part)));
        for y in area.y..area.y.saturating_add(area.height) {
            for x in area.x..area.x.saturating_add(area.width) {
                if let Some(cell) = self.grid.cell_mut(Position { x, y }) {
                    cell.set_symbol(" ").set_style(style);
                }
            }
        }
    }

    /// Empties an area.
    pub fn clear(&mut self, area: Area) {
        self.over = None;
        self.fill(area, Part::Text);
    }

    /// Writes at the start of the first row of an area, cut with `…` at its end. Gives back the cells used.
    pub fn write(&mut self, area: Area, text: &str, part: Part) -> u16 {
        if area.height == 0 || area.width == 0 || text.is_empty() {
            return 0;
        }
        let safe = sane(text);
        let most = usize::from(area.width);
        let (end, _) = fitting(&safe, most);
        let mut x = area.x;
        if end < safe.len()
            && !safe
                .get(end..)
                .unwrap_or_default()
                .chars()
                .all(|c| cell_width(c) == 0)
        {
            let more = self.glyph(Glyph::More);
            let (end, _) = fitting(&safe, most.saturating_sub(1));
            x = self.put(x, area.y, safe.get(..end).unwrap_or_default(), part);
            x = self.put(x, area.y, more, part);
        } else {
            x = self.put(x, area.y, &safe, part);
        }
        x.saturating_sub(area.x)
    }

    /// Writes parts one after another; gives back the cells used.
    pub fn line(&mut self, area: Area, parts: &[(&str, Part)]) -> u16 {
        let mut used = 0;
        for (text, part) in parts {
            used += self.write(area.indent(used), text, *part);
        }
        used
    }

    /// Writes so that the text ends where the area ends; gives back the cells used.
    pub fn write_right(&mut self, area: Area, text: &str, part: Part) -> u16 {
        let wide = u16::try_from(width(&sane(text))).unwrap_or(u16::MAX);
        self.write(area.indent(area.width.saturating_sub(wide)), text, part)
    }

    /// Draws a horizontal line.
    pub fn rule(&mut self, area: Area) {
        let rule = self.glyph(Glyph::Rule);
        for x in area.x..area.x.saturating_add(area.width) {
            self.put(x, area.y, rule, Part::Line);
        }
    }

    /// Draws a vertical line.
    pub fn bar(&mut self, area: Area) {
        let bar = self.glyph(Glyph::Bar);
        for y in area.y..area.y.saturating_add(area.height) {
            self.put(area.x, y, bar, Part::Line);
        }
    }

    /// A glyph and words for a tone.
    pub fn toned(&mut self, area: Area, tone: Tone, text: &str) -> u16 {
        if tone == Tone::Plain {
            return self.write(area, text, Part::Text);
        }
        let used = self.write(area, self.glyph(Glyph::Tone(tone)), Part::Tone(tone));
        used + 1 + self.write(area.indent(used + 1), text, Part::Tone(tone))
    }

    fn put(&mut self, mut x: u16, y: u16, text: &str, part: Part) -> u16 {
        let style = style(self.theme.ink(self.over.unwrap_or(part)));
        let mut last: Option<u16> = None;
        for c in text.chars() {
            let c = if self.glyphs == Glyphs::Ascii {
                plain(c)
            } else {
                c
            };
            let wide = u16::try_from(cell_width(c)).unwrap_or(0);
            if wide == 0 {
                // A combining mark joins the character before it; on its own it has nothing to stand on.
                if let Some(cell) = last.and_then(|x| self.grid.cell_mut(Position { x, y })) {
                    let joined = format!("{}{c}", cell.symbol());
                    if combines(c) && joined.chars().count() <= 4 {
                        cell.set_symbol(&joined);
                    }
                }
                continue;
            }
            let Some(cell) = self.grid.cell_mut(Position { x, y }) else {
                return x;
            };
            let mut bytes = [0; 4];
            cell.set_symbol(c.encode_utf8(&mut bytes)).set_style(style);
            if wide == 2
                && let Some(next) = self.grid.cell_mut(Position {
                    x: x.saturating_add(1),
                    y,
                })
            {
                next.set_symbol("").set_style(style);
            }
            last = Some(x);
            x = x.saturating_add(wide);
        }
        x
    }
}

/// Whether a character without width may stay: a mark on a letter, not a selector that changes widths.
const fn combines(c: char) -> bool {
    !matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The ASCII stand-in of a character that only decorates.
const fn plain(c: char) -> char {
    match c {
        '•' | '●' => '*',
        '·' => '.',
        '…' => '~',
        '–' | '—' | '─' => '-',
        '→' | '›' => '>',
        '←' | '‹' => '<',
        '▁' => '.',
        '▂' => ':',
        '▃' => '-',
        '▄' => '=',
        '▅' => '+',
        '▆' => '*',
        '▇' => '#',
        '█' => '@',
        other => other,
    }
}

fn style(ink: Ink) -> Style {
    let mut modifiers = Modifier::empty();
    let weights = [
        (Weight::BOLD, Modifier::BOLD),
        (Weight::DIM, Modifier::DIM),
        (Weight::UNDERLINE, Modifier::UNDERLINED),
        (Weight::REVERSE, Modifier::REVERSED),
        (Weight::ITALIC, Modifier::ITALIC),
    ];
    for (weight, modifier) in weights {
        if ink.weight.has(weight) {
            modifiers |= modifier;
        }
    }
    Style {
        add_modifier: modifiers,
        sub_modifier: !modifiers,
        ..Style::new().fg(colour(ink.fg)).bg(colour(ink.bg))
    }
}

const fn colour(colour: Colour) -> Color {
    match colour {
        Colour::Own => Color::Reset,
        Colour::Ansi(n) => Color::Indexed(n),
        Colour::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}
