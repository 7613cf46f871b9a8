//! Paints a record: head, summary, tabs, and the lines of the tab in sight.

use super::Spot;
use super::list::{at_right, value};
use super::pen::Pen;
use crate::console::app::App;
use crate::console::app::outlook::record_body;
use crate::console::layout::Area;
use crate::console::theme::{Glyph, Part, Tone, tone};
use crate::console::views::detail::{Detail, Item};
use crate::console::wrap::{width, wrap};
use crate::domain::time::Timestamp;
use crate::language::{Language, console as say, display, kind, state};
use crate::ui::record::Related;
use crate::ui::{Cell, Record, Row};

/// Paints a record into the view, broken into lines as update counts them.
pub fn paint(app: &App, pen: &mut Pen<'_>, detail: &Detail, view: Area) -> Spot {
    paint_in(app, pen, detail, (view, app.record_area().width))
}

/// Paints a record beside a list; nobody walks its lines there.
pub fn paint_beside(app: &App, pen: &mut Pen<'_>, detail: &Detail, view: Area) {
    let width = view.width.saturating_sub(2);
    paint_in(app, pen, detail, (view, width));
}

fn paint_in(app: &App, pen: &mut Pen<'_>, detail: &Detail, (view, width): (Area, u16)) -> Spot {
    let inner = view.indent(1).left(view.width.saturating_sub(2));
    let body = Area {
        width: inner.width,
        ..record_body(inner)
    };
    head(app, pen, detail, inner);
    if let Some(trouble) = &detail.trouble {
        for (n, line) in wrap(trouble, usize::from(body.width)).iter().enumerate() {
            pen.write(
                body.row(u16::try_from(n).unwrap_or(u16::MAX)),
                line,
                Part::Tone(Tone::Bad),
            );
        }
        return None;
    }
    let Some(record) = &detail.record else {
        pen.write(body, say::LOADING.text(app.look.language), Part::Faint);
        return None;
    };
    lines(app, pen, (detail, record), (body, width))
}

fn head(app: &App, pen: &mut Pen<'_>, detail: &Detail, area: Area) {
    let language = app.look.language;
    let noun = kind::name(detail.kind, language);
    let row = area.row(0);
    let used = pen.line(
        row,
        &[
            (noun, Part::Faint),
            ("  ", Part::Text),
            (&detail.label, Part::Title),
        ],
    );
    let Some(record) = &detail.record else { return };
    let at = row.indent(used + 3);
    let label = state::label(detail.kind, &record.state, language);
    let used = if record.state.is_empty() {
        0
    } else {
        pen.toned(at, tone(&record.state), &label)
    };
    company(pen, record, at.indent(used + 3), language);
    summary(pen, record, area.row(1), language);
    tabs(pen, detail, record, area.row(2), language);
}

/// Who has claimed the record and who has it open too.
fn company(pen: &mut Pen<'_>, record: &Record, area: Area, language: Language) {
    let mut parts = Vec::new();
    if let Some((name, until)) = &record.claim {
        parts.push(say::CLAIMED.with(language, &[("name", name), ("at", &display::clock(*until))]));
    }
    if !record.present.is_empty() {
        parts.push(say::PRESENT.with(language, &[("names", &record.present.join(", "))]));
    }
    pen.write_right(area, &parts.join(" · "), Part::Tone(Tone::Warn));
}

fn summary(pen: &mut Pen<'_>, record: &Record, area: Area, language: Language) {
    let mut at = area;
    for (title, cell) in &record.summary {
        if matches!(cell, Cell::Empty) {
            continue;
        }
        let text = cell.show(language, record.at);
        let used = pen.line(
            at,
            &[
                (title.text(language), Part::Faint),
                (" ", Part::Text),
                (&text, Part::Text),
            ],
        );
        at = at.indent(used + 3);
    }
}

fn tabs(pen: &mut Pen<'_>, detail: &Detail, record: &Record, area: Area, language: Language) {
    if record.tabs.len() < 2 {
        return;
    }
    let mut at = area;
    for (n, tab) in record.tabs.iter().enumerate() {
        let part = if n == detail.tab {
            Part::Accent
        } else {
            Part::Faint
        };
        at = at.indent(pen.write(at, tab.title.text(language), part) + 3);
    }
}

fn lines(
    app: &App,
    pen: &mut Pen<'_>,
    (detail, record): (&Detail, &Record),
    (body, wide): (Area, u16),
) -> Spot {
    let language = app.look.language;
    let items = detail.items(wide);
    let labels = items.iter().filter_map(|i| {
        if let Item::Field(m, _) = i {
            Some(width(m.text(language)))
        } else {
            None
        }
    });
    let label = u16::try_from(labels.max().unwrap_or(0).min(28)).unwrap_or(28);
    let titles = items.iter().filter_map(|i| match i {
        Item::Check(check) => Some(width(check.title.text(language)) + 2),
        _ => None,
    });
    let most = usize::from(body.width) * 3 / 5;
    let check = u16::try_from(titles.max().unwrap_or(0).min(most)).unwrap_or(0);
    let mut spot = None;
    for (n, item) in items
        .iter()
        .enumerate()
        .skip(detail.top)
        .take(usize::from(body.height))
    {
        let area = body.row(u16::try_from(n - detail.top).unwrap_or(u16::MAX));
        if n == detail.cursor && item.stops() {
            spot = Some((area.x, area.y));
            if !matches!(item, Item::Text(_)) {
                pen.over(Some(Part::Cursor));
                pen.fill(area, Part::Cursor);
            }
        }
        paint_item(
            pen,
            area,
            *item,
            &Look {
                language,
                now: record.at,
                label,
                check,
            },
        );
        pen.over(None);
    }
    spot
}

struct Look {
    language: Language,
    now: Timestamp,
    label: u16,
    check: u16,
}

fn paint_item(pen: &mut Pen<'_>, area: Area, item: Item<'_>, look: &Look) {
    match item {
        Item::Blank => {}
        Item::Heading(title) => {
            pen.write(area, title.text(look.language), Part::Title);
        }
        Item::Field(title, cell) => {
            pen.write(
                area.left(look.label),
                title.text(look.language),
                Part::Faint,
            );
            value(
                pen,
                area.indent(look.label + 2),
                &left(cell, look),
                look.language,
                look.now,
            );
        }
        Item::Check(check) => {
            let (glyph, part) = if check.done {
                (pen.glyph(Glyph::Done), Part::Tone(Tone::Good))
            } else {
                (pen.glyph(Glyph::Open), Part::Tone(Tone::Wait))
            };
            let words = if check.done { Part::Faint } else { Part::Text };
            let used = pen.line(
                area,
                &[
                    (glyph, part),
                    (" ", Part::Text),
                    (check.title.text(look.language), words),
                ],
            );
            pen.write(
                area.indent(used.max(look.check) + 2),
                &check.detail,
                Part::Faint,
            );
        }
        Item::Head(related) => heads(pen, area, related, look),
        Item::Row(related, row) => cells(pen, area, related, row, look),
        Item::More => {
            pen.write(area, say::MORE_ROWS.text(look.language), Part::Faint);
        }
        Item::Empty(message) => {
            pen.write(area, message.text(look.language), Part::Faint);
        }
        Item::Text(text) => {
            pen.write(area, text, Part::Text);
        }
    }
}

/// In a field an age is better read as its moment, and numbers begin where the others do.
fn left(cell: &Cell, look: &Look) -> Cell {
    match cell {
        Cell::Age(at) => Cell::Moment(*at),
        number if at_right(number) => Cell::Text(number.show(look.language, look.now)),
        other => other.clone(),
    }
}

fn heads(pen: &mut Pen<'_>, area: Area, related: &Related, look: &Look) {
    let mut at = area;
    for (n, (title, wide)) in related
        .columns
        .iter()
        .zip(widths(related, area.width, look))
        .enumerate()
    {
        let cell = at.left(wide);
        if related
            .rows
            .iter()
            .find_map(|r| r.cells.get(n))
            .is_some_and(at_right)
        {
            pen.write_right(cell, title.text(look.language), Part::Header);
        } else {
            pen.write(cell, title.text(look.language), Part::Header);
        }
        at = at.indent(wide + 2);
    }
}

fn cells(pen: &mut Pen<'_>, area: Area, related: &Related, row: &Row, look: &Look) {
    let mut at = area;
    for (cell, wide) in row.cells.iter().zip(widths(related, area.width, look)) {
        value(pen, at.left(wide), cell, look.language, look.now);
        at = at.indent(wide + 2);
    }
}

/// As wide as their contents; when that is too much the widest give way.
fn widths(related: &Related, room: u16, look: &Look) -> Vec<u16> {
    let of = |n: usize, title: &crate::language::Message| {
        let cells = related.rows.iter().filter_map(|r| r.cells.get(n));
        let wide = cells.map(|c| {
            width(&c.show(look.language, look.now))
                + if matches!(c, Cell::Code(..)) { 2 } else { 0 }
        });
        let wide = wide
            .max()
            .unwrap_or(0)
            .max(width(title.text(look.language)));
        u16::try_from(wide).unwrap_or(u16::MAX)
    };
    let mut all: Vec<u16> = related
        .columns
        .iter()
        .enumerate()
        .map(|(n, title)| of(n, title))
        .collect();
    let gaps = 2 * u16::try_from(all.len().saturating_sub(1)).unwrap_or(u16::MAX);
    let room = u32::from(room.saturating_sub(gaps));
    while all.iter().map(|w| u32::from(*w)).sum::<u32>() > room {
        let Some(widest) = all.iter_mut().max().filter(|w| **w > 4) else {
            break;
        };
        *widest -= 1;
    }
    all
}
