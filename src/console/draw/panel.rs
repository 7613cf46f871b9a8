//! Paints what lies at the foot of a view: questions, menus and the palette, each under a single rule.

use super::pen::Pen;
use super::{Spot, chrome};
use crate::console::app::App;
use crate::console::app::choosing::PANEL;
use crate::console::layout::Area;
use crate::console::theme::{Glyph, Part, Tone};
use crate::console::views::confirm::{Awaits, Confirm, Purpose, Said};
use crate::console::views::input::Line;
use crate::console::views::palette::Palette;
use crate::console::views::picker::Picker;
use crate::console::wrap::{cell_width, width, wrap};
use crate::language::console as say;

/// Clears the area of a panel and draws its rule and title. Gives back what is left for its lines.
fn open(pen: &mut Pen<'_>, area: Area, title: &str) -> Area {
    pen.clear(area);
    pen.rule(area.row(0));
    pen.write(area.row(1).indent(1), title, Part::Title);
    area.below(2).indent(1).left(area.width.saturating_sub(2))
}

/// Paints an input with its prompt; gives back where the cursor stands.
pub fn input(pen: &mut Pen<'_>, area: Area, prompt: &str, line: &Line) -> (u16, u16) {
    let sign = pen.glyph(Glyph::Prompt);
    let used = pen.line(
        area,
        &[
            (prompt, Part::Faint),
            (" ", Part::Text),
            (sign, Part::Accent),
            (" ", Part::Text),
        ],
    );
    let room = area.indent(used);
    let (text, cursor) = tail(line, usize::from(room.width.saturating_sub(1)));
    pen.write(room, text, Part::Text);
    (room.x + u16::try_from(cursor).unwrap_or(0), room.y)
}

/// The part of a line that fits around its cursor, and where the cursor stands in it, in cells.
pub fn tail(line: &Line, most: usize) -> (&str, usize) {
    let text = line.text();
    let before: Vec<(usize, char)> = text.char_indices().take(line.cursor()).collect();
    let mut used = 0;
    let mut from = before.last().map_or(0, |(at, c)| at + c.len_utf8());
    for (at, c) in before.iter().rev() {
        if used + cell_width(*c) > most {
            break;
        }
        used += cell_width(*c);
        from = *at;
    }
    (text.get(from..).unwrap_or_default(), used)
}

/// Paints a question.
pub fn confirm(app: &App, pen: &mut Pen<'_>, confirm: &Confirm) -> (u16, u16) {
    let room = usize::from(app.look.size.width.saturating_sub(2));
    let lines = said_lines(pen, confirm, room);
    let prompt = if confirm.must_type().is_some() { 2 } else { 1 };
    let trouble = confirm
        .trouble
        .as_deref()
        .map(|t| wrap(t, room))
        .unwrap_or_default();
    let area = app.panel_area(lines.len() + prompt + trouble.len() + 1);
    let body = open(pen, area, &confirm.title);
    let foot = u16::try_from(prompt + trouble.len()).unwrap_or(1);
    let list = body.top(body.height.saturating_sub(foot));
    let top = confirm
        .top
        .min(lines.len().saturating_sub(usize::from(list.height)));
    for (n, line) in lines
        .iter()
        .skip(top)
        .take(usize::from(list.height))
        .enumerate()
    {
        let parts: Vec<(&str, Part)> = line
            .iter()
            .map(|(text, part)| (text.as_str(), *part))
            .collect();
        pen.line(list.row(u16::try_from(n).unwrap_or(u16::MAX)), &parts);
    }
    let mut at = body.below(list.height);
    for line in &trouble {
        pen.write(at, line, Part::Tone(Tone::Bad));
        at = at.below(1);
    }
    ask(app, pen, confirm, at)
}

/// What is waited for, what must be typed, or the keys that answer; gives back where the cursor stands.
fn ask(app: &App, pen: &mut Pen<'_>, confirm: &Confirm, at: Area) -> (u16, u16) {
    let language = app.look.language;
    if let Some((_, awaits)) = confirm.wait {
        let message = if awaits == Awaits::Plan {
            &say::PLANNING
        } else {
            &say::WORKING
        };
        pen.write(at, message.text(language), Part::Tone(Tone::Busy));
        return (at.x, at.y);
    }
    if matches!(confirm.purpose, Purpose::Nothing) {
        pen.write(at, say::ONLY_ESCAPE.text(language), Part::Faint);
        return (at.x, at.y);
    }
    if let Some(word) = confirm.must_type() {
        pen.write(
            at,
            &say::ASK_TYPE.with(language, &[("word", word)]),
            Part::Text,
        );
        return input(pen, at.below(1), "", &confirm.typed);
    }
    chrome::hints(app, pen, at);
    (at.x, at.y)
}

type Parts = Vec<(String, Part)>;

fn said_lines(pen: &Pen<'_>, confirm: &Confirm, room: usize) -> Vec<Parts> {
    let becomes = pen.glyph(Glyph::Becomes);
    let labels = confirm.lines.iter().map(|l| {
        if let Said::Change { label, .. } = l {
            width(label)
        } else {
            0
        }
    });
    let label_width = labels.max().unwrap_or(0);
    let mut lines: Vec<Parts> = Vec::new();
    for said in &confirm.lines {
        match said {
            Said::Blank => lines.push(Vec::new()),
            Said::Plain(text) => lines.extend(
                wrap(text, room)
                    .iter()
                    .map(|l| vec![((*l).to_owned(), Part::Text)]),
            ),
            Said::Warning(text) => {
                let warn = Part::Tone(Tone::Warn);
                lines.extend(
                    wrap(text, room)
                        .iter()
                        .map(|l| vec![((*l).to_owned(), warn)]),
                );
            }
            Said::Change { label, old, new } => {
                let pad = " ".repeat(label_width.saturating_sub(width(label)) + 2);
                let mut parts = vec![(format!("{label}{pad}"), Part::Faint)];
                if !old.is_empty() {
                    parts.push((format!("{old} {becomes} "), Part::Faint));
                }
                let shown = if new.is_empty() {
                    "–".to_owned()
                } else {
                    new.clone()
                };
                parts.push((shown, Part::Title));
                lines.push(parts);
            }
        }
    }
    lines
}

/// Paints a menu; what cannot be chosen is dimmed and says why.
pub fn picker(app: &App, pen: &mut Pen<'_>, picker: &Picker) -> Spot {
    let body = open(
        pen,
        app.panel_area(picker.options.len().min(PANEL)),
        &picker.title,
    );
    let label = picker
        .options
        .iter()
        .map(|o| width(&o.label))
        .max()
        .unwrap_or(0);
    let alone = picker
        .options
        .iter()
        .all(|o| o.detail.is_empty() && o.refusal.is_none());
    let most = if alone { body.width } else { body.width / 2 };
    let label = u16::try_from(label).unwrap_or(0).min(most);
    let mut spot = None;
    let height = usize::from(body.height);
    let top = picker.top.max((picker.cursor + 1).saturating_sub(height));
    for (n, option) in picker.options.iter().enumerate().skip(top).take(height) {
        let row = body.row(u16::try_from(n - top).unwrap_or(u16::MAX));
        if n == picker.cursor {
            spot = Some((row.x, row.y));
            pen.over(Some(Part::Cursor));
            pen.fill(row, Part::Cursor);
        }
        let (part, detail) = match &option.refusal {
            Some(why) => (Part::Faint, why),
            None => (Part::Text, &option.detail),
        };
        pen.write(row.left(label), &option.label, part);
        pen.write(row.indent(label + 3), detail, Part::Faint);
        pen.over(None);
    }
    spot
}

/// Paints the palette: the input, then what fits.
pub fn palette(app: &App, pen: &mut Pen<'_>, palette: &Palette) -> (u16, u16) {
    let language = app.look.language;
    let area = app.panel_area(PANEL);
    pen.clear(area);
    pen.rule(area.row(0));
    let inner = area.indent(1).left(area.width.saturating_sub(2));
    let spot = input(
        pen,
        inner.row(1),
        say::PALETTE_PROMPT.text(language),
        &palette.line,
    );
    let body = inner.below(2);
    let height = usize::from(body.height);
    let top = palette.top.max((palette.cursor + 1).saturating_sub(height));
    for place in top..palette.shown.len().min(top + height) {
        let Some(offer) = palette.offer(place) else {
            continue;
        };
        let row = body.row(u16::try_from(place - top).unwrap_or(u16::MAX));
        if place == palette.cursor {
            pen.over(Some(Part::Cursor));
            pen.fill(row, Part::Cursor);
        }
        let used = pen.write_right(row, &offer.detail, Part::Key);
        let left = row.left(row.width.saturating_sub(used + 2));
        let used = pen.write(left, &offer.label, Part::Text);
        pen.write(left.indent(used + 2), &offer.names.join(" "), Part::Faint);
        pen.over(None);
    }
    if palette.shown.is_empty() {
        let message = if palette.wait.is_some() {
            &say::SEARCHING
        } else {
            &say::NOTHING_FOUND
        };
        pen.write(body, message.text(language), Part::Faint);
    }
    spot
}
