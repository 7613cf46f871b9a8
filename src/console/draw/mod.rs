//! Paints the state onto a grid of cells. Reads only: it never changes the state, and only here is ratatui named.

mod chrome;
mod conflict;
mod detail;
pub mod encode;
mod form;
mod hints;
mod list;
mod panel;
mod pen;
mod reader;
mod strip;

pub use ratatui::buffer::Buffer;
pub use ratatui::layout::Rect;

use super::app::{App, Cover};
use super::layout::{Area, LEAST, Size};
use super::theme::Part;
use super::views::View;
use crate::language::console as say;
use pen::Pen;

/// Where the terminal's own cursor stands: on the chosen row or in the input.
pub type Spot = Option<(u16, u16)>;

/// An empty grid of this size.
pub fn grid(size: Size) -> Buffer {
    Buffer::empty(Rect::new(0, 0, size.width, size.height))
}

/// Paints everything.
pub fn paint(app: &App, grid: &mut Buffer) -> Spot {
    let size = app.look.size;
    let mut pen = Pen::new(grid, app.look.theme, app.look.glyphs);
    if size.width < LEAST.width || size.height < LEAST.height {
        return too_small(app, &mut pen);
    }
    if app.cover == Cover::Locked {
        return locked(app, &mut pen);
    }
    let frame = app.frame();
    chrome::header(app, &mut pen, frame.header);
    chrome::banner(app, &mut pen, frame.banner);
    let spot = view(app, &mut pen);
    chrome::foot(app, &mut pen, &frame);
    spot
}

fn view(app: &App, pen: &mut Pen<'_>) -> Spot {
    let top = app.stack.last()?;
    match top {
        View::Screen(_) => list::paint(app, pen),
        View::Detail(record) => detail::paint(app, pen, record, app.frame().view),
        View::Form(view) => form::paint(app, pen, view),
        View::Conflict(conflict) => conflict::paint(app, pen, conflict),
        View::Help(help) => Some(reader::help(app, pen, help)),
        View::Text(text) => Some(reader::text(app, pen, text)),
        View::Confirm(_) | View::Picker(_) | View::Palette(_) => {
            beneath(app, pen);
            match top {
                View::Confirm(confirm) => Some(panel::confirm(app, pen, confirm)),
                View::Picker(picker) => panel::picker(app, pen, picker),
                View::Palette(palette) => Some(panel::palette(app, pen, palette)),
                _ => None,
            }
        }
    }
}

/// What lies under a panel: the list, record or form that it is about.
fn beneath(app: &App, pen: &mut Pen<'_>) {
    let covered = app
        .stack
        .iter()
        .rev()
        .find(|v| !matches!(v, View::Confirm(_) | View::Picker(_) | View::Palette(_)));
    match covered {
        Some(View::Detail(record)) => {
            detail::paint(app, pen, record, app.frame().view);
        }
        Some(View::Form(view)) => {
            form::paint(app, pen, view);
        }
        Some(View::Text(text)) => {
            reader::text(app, pen, text);
        }
        _ => {
            list::paint(app, pen);
        }
    }
}

fn too_small(app: &App, pen: &mut Pen<'_>) -> Spot {
    let text = say::TOO_SMALL.with(
        app.look.language,
        &[
            ("width", &LEAST.width.to_string()),
            ("height", &LEAST.height.to_string()),
        ],
    );
    let size = app.look.size;
    let lines = super::wrap::wrap(&text, usize::from(size.width));
    for (n, line) in lines.iter().enumerate() {
        let row = Area {
            x: 0,
            y: u16::try_from(n).unwrap_or(u16::MAX),
            width: size.width,
            height: 1,
        };
        pen.write(row, line, Part::Text);
    }
    None
}

fn locked(app: &App, pen: &mut Pen<'_>) -> Spot {
    let text = say::LOCKED.text(app.look.language);
    let size = app.look.size;
    let wide = u16::try_from(super::wrap::width(text)).unwrap_or(0);
    let row = Area {
        x: 0,
        y: size.height / 2,
        width: size.width,
        height: 1,
    };
    pen.write(
        row.indent(size.width.saturating_sub(wide) / 2),
        text,
        Part::Faint,
    );
    None
}
