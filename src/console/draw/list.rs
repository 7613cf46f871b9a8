//! Paints a list: title, stages, headers, rows and the filter being typed.

use super::pen::Pen;
use super::{Spot, detail, strip};
use crate::console::app::{App, Link};
use crate::console::layout::{self, Area, ListFrame};
use crate::console::theme::{Glyph, Part, Tone, tone_of};
use crate::console::views::list::Pane;
use crate::console::wrap::{width, wrap};
use crate::domain::time::Timestamp;
use crate::language::{Language, console as say, display, error};
use crate::ui::{Cell, Row};

/// Cells before the first column: the mark.
const GUTTER: u16 = 2;

/// Paints the list in sight.
pub fn paint(app: &App, pen: &mut Pen<'_>) -> Spot {
    let pane = app.pane()?;
    let frame = app.list_frame();
    title(app, pen, pane, frame.title);
    strip::paint(app, pen, pane, frame.strip);
    let placed = layout::columns(
        pane.list.columns,
        frame.rows.width.saturating_sub(GUTTER + 1),
    );
    headers(app, pen, pane, &frame, &placed);
    let mut spot = None;
    let now = pane.window.at;
    for (n, row) in pane
        .window
        .visible(usize::from(frame.rows.height))
        .iter()
        .enumerate()
    {
        let area = frame.rows.row(u16::try_from(n).unwrap_or(u16::MAX));
        let here = pane.window.top + n == pane.window.cursor;
        if here {
            pen.over(Some(Part::Cursor));
            pen.fill(area, Part::Cursor);
            spot = Some((area.x, area.y));
        }
        line(
            app,
            pen,
            area,
            &Line {
                row,
                placed: &placed,
                marked: pane.marks.contains_key(&row.id),
                now,
            },
        );
        pen.over(None);
    }
    empty(app, pen, pane, frame.rows);
    side(app, pen);
    typing(app, pen, pane, frame.input).or(spot)
}

fn title(app: &App, pen: &mut Pen<'_>, pane: &Pane, area: Area) {
    let language = app.look.language;
    let area = area.indent(1).left(area.width.saturating_sub(2));
    let several = app.board().is_some_and(|b| b.panes.len() > 1);
    let name = match app.board().filter(|_| several) {
        Some(board) => board.screen.title.text(language),
        None => pane.list.title.text(language),
    };
    let mut right = Vec::new();
    if pane.fresh > 0 {
        let (count, above) = (
            display::number(pane.fresh, language),
            pen.glyph(Glyph::Above),
        );
        right.push((
            say::FRESH.with(language, &[("count", &count), ("above", above)]),
            Part::Accent,
        ));
    }
    if pane.range.is_some() {
        right.push((say::RANGE.text(language).to_owned(), Part::Marked));
    }
    if !pane.marks.is_empty() {
        right.push((
            say::MARKS.with(language, &[("count", &pane.marks.len().to_string())]),
            Part::Marked,
        ));
    }
    if let Some(total) = pane.window.total {
        right.push((display::number(total, language), Part::Faint));
    }
    let mut end = area;
    for (text, part) in right.iter().rev() {
        let used = pen.write_right(end, text, *part);
        end = end.left(end.width.saturating_sub(used + 3));
    }
    let used = pen.write(end, name, Part::Title);
    let mut at = end.indent(used + 2);
    if let Some(scope) = &pane.scope {
        let path = scope.path().join(pen.glyph(Glyph::Step));
        at = at.indent(pen.write(at, &path, Part::Accent) + 2);
    }
    if !pane.filter.is_empty() {
        at = at.indent(pen.line(at, &[("/", Part::Key), (&pane.filter, Part::Accent)]) + 2);
    }
    if !pane.sort.is_empty() {
        pen.write(at, &sorted(pane, language), Part::Faint);
    }
}

fn sorted(pane: &Pane, language: Language) -> String {
    let down = pane.sort.strip_prefix('-');
    let name = down.unwrap_or(&pane.sort);
    let column = pane.list.columns.iter().find(|c| c.sort == Some(name));
    let title = column.map_or(name, |c| c.title.text(language));
    let direction = if down.is_some() {
        &say::DESCENDING
    } else {
        &say::ASCENDING
    };
    say::SORTED.with(
        language,
        &[("name", title), ("direction", direction.text(language))],
    )
}

fn headers(
    app: &App,
    pen: &mut Pen<'_>,
    pane: &Pane,
    frame: &ListFrame,
    placed: &[(usize, u16, u16)],
) {
    let language = app.look.language;
    let area = frame.header.indent(GUTTER);
    let sort = if pane.sort.is_empty() {
        pane.list.order
    } else {
        pane.sort.as_str()
    };
    let (name, mark) = match sort.strip_prefix('-') {
        Some(name) => (name, pen.glyph(Glyph::Below)),
        None => (sort, pen.glyph(Glyph::Above)),
    };
    for (index, x, wide) in placed {
        let Some(column) = pane.list.columns.get(*index) else {
            continue;
        };
        let cell = area.indent(*x).left(*wide);
        let mut text = column.title.text(language).to_owned();
        if column.sort == Some(name) && width(&text) + 1 < usize::from(*wide) {
            text = format!("{text}{mark}");
        }
        let sample = pane
            .window
            .rows
            .iter()
            .find_map(|r| r.cells.get(*index).filter(|c| !matches!(c, Cell::Empty)));
        if sample.is_some_and(at_right) {
            pen.write_right(cell, &text, Part::Header);
        } else {
            pen.write(cell, &text, Part::Header);
        }
    }
}

struct Line<'a> {
    row: &'a Row,
    placed: &'a [(usize, u16, u16)],
    marked: bool,
    now: Timestamp,
}

fn line(app: &App, pen: &mut Pen<'_>, area: Area, line: &Line<'_>) {
    if line.marked {
        pen.write(area, pen.glyph(Glyph::Mark), Part::Marked);
    }
    let body = area.indent(GUTTER);
    for (index, x, wide) in line.placed {
        if let Some(cell) = line.row.cells.get(*index) {
            value(
                pen,
                body.indent(*x).left(*wide),
                cell,
                app.look.language,
                line.now,
            );
        }
    }
}

/// Whether values of this kind end where their column ends.
pub fn at_right(cell: &Cell) -> bool {
    matches!(
        cell,
        Cell::Number(_) | Cell::Size(_) | Cell::Age(_) | Cell::Hidden
    )
}

/// Paints one value; a state with its glyph. Gives back the cells used.
pub fn value(
    pen: &mut Pen<'_>,
    area: Area,
    cell: &Cell,
    language: Language,
    now: Timestamp,
) -> u16 {
    let text = cell.show(language, now);
    match cell {
        Cell::Code(kind, code) => pen.toned(area, tone_of(*kind, code), &text),
        Cell::Masked => pen.write(area, &text, Part::Faint),
        Cell::Spark(_) | Cell::Share(..) => pen.write(area, &text, Part::Accent),
        cell if at_right(cell) => pen.write_right(area, &text, Part::Text),
        _ => pen.write(area, &text, Part::Text),
    }
}

fn empty(app: &App, pen: &mut Pen<'_>, pane: &Pane, area: Area) {
    let language = app.look.language;
    let body = area
        .indent(GUTTER)
        .left(area.width.saturating_sub(2 * GUTTER));
    if let Some(trouble) = &pane.trouble {
        let covers = if pane.window.rows.is_empty() {
            body
        } else {
            body.below(body.height.saturating_sub(2))
        };
        for (n, text) in wrap(trouble, usize::from(body.width)).iter().enumerate() {
            pen.write(
                covers.row(u16::try_from(n).unwrap_or(u16::MAX)),
                text,
                Part::Tone(Tone::Bad),
            );
        }
        return;
    }
    if !pane.window.rows.is_empty() {
        return;
    }
    let text = match (pane.loaded, app.link) {
        (false, Link::Connecting) => say::CONNECTING.text(language),
        (false, Link::Ready | Link::Lost) => say::LOADING.text(language),
        (true, _) if !pane.whole_filter().is_empty() => say::NOTHING_MATCHES.text(language),
        (true, _) => pane.list.empty.text(language),
    };
    for (n, line) in wrap(text, usize::from(body.width)).iter().enumerate() {
        pen.write(
            body.row(u16::try_from(n + 1).unwrap_or(u16::MAX)),
            line,
            Part::Faint,
        );
    }
}

fn side(app: &App, pen: &mut Pen<'_>) {
    let area = app.frame().side;
    if area.width == 0 {
        return;
    }
    pen.bar(area.left(1));
    if let Some(record) = &app.side.detail {
        detail::paint_beside(app, pen, record, area.indent(1));
    }
}

/// The filter being typed: its line, and what could follow or what is wrong.
fn typing(app: &App, pen: &mut Pen<'_>, pane: &Pane, area: Area) -> Spot {
    let typed = pane.typing.as_ref()?;
    let language = app.look.language;
    let prompt = say::FILTER_PROMPT.text(language);
    let spot = super::panel::input(pen, area.row(0).indent(1), prompt, &typed.line);
    let hints = area.row(1).indent(1);
    let suggestions = app.suggestions();
    if suggestions.is_empty() {
        if let Some(trouble) = app.filter_trouble() {
            pen.write(
                hints,
                &error::of_filter(&trouble, language),
                Part::Tone(Tone::Bad),
            );
        }
        return Some(spot);
    }
    let mut at = hints;
    for (n, suggestion) in suggestions
        .iter()
        .enumerate()
        .skip(typed.choice.saturating_sub(3))
    {
        let part = if n == typed.choice {
            Part::Accent
        } else {
            Part::Faint
        };
        // Of a code only the code: its field stands in the line above.
        let bare = suggestion.text.rsplit([':', ',']).next();
        let bare = bare.filter(|b| !b.is_empty());
        let used = pen.write(at, bare.unwrap_or(&suggestion.text), part);
        let label = bare.map_or_else(String::new, |_| format!(" {}", suggestion.label));
        at = at.indent(used + pen.write(at.indent(used), &label, Part::Faint) + 3);
    }
    Some(spot)
}
