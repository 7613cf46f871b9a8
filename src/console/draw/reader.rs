//! Paints what is read: help and text.

use super::panel::input;
use super::pen::Pen;
use crate::console::app::App;
use crate::console::layout::Area;
use crate::console::theme::Part;
use crate::console::views::help::Help;
use crate::console::views::text::Text;
use crate::console::wrap::{width, wrap};
use crate::language::{console as say, display};

/// Paints help: sentences, the search, and every key that works.
pub fn help(app: &App, pen: &mut Pen<'_>, help: &Help) -> (u16, u16) {
    let language = app.look.language;
    let all = app
        .frame()
        .view
        .indent(1)
        .left(app.frame().view.width.saturating_sub(2));
    let mut at = all;
    for line in help
        .about
        .iter()
        .flat_map(|s| wrap(s, usize::from(all.width)))
    {
        pen.write(at, line, Part::Faint);
        at = at.below(1);
    }
    let spot = input(pen, at, say::HELP_PROMPT.text(language), &help.line);
    let body = at.below(2);
    if help.shown.is_empty() {
        pen.write(body, say::NOTHING_FOUND.text(language), Part::Faint);
    }
    topics(pen, help, body);
    spot
}

fn topics(pen: &mut Pen<'_>, help: &Help, body: Area) {
    let keys = help.topics.iter().map(|t| width(&t.keys)).max();
    let keys = u16::try_from(keys.unwrap_or(0)).unwrap_or(0).min(28);
    let height = usize::from(body.height);
    let top = help.top.max((help.cursor + 1).saturating_sub(height));
    let mut group = "";
    for place in top..help.shown.len().min(top + height) {
        let Some(topic) = help.topic(place) else {
            continue;
        };
        let row = body.row(u16::try_from(place - top).unwrap_or(u16::MAX));
        if place == help.cursor {
            pen.over(Some(Part::Cursor));
            pen.fill(row, Part::Cursor);
        }
        pen.write(row.left(keys), &topic.keys, Part::Key);
        let used = pen.write(row.indent(keys + 2), &topic.does, Part::Text);
        if topic.group != group {
            pen.write_right(row.indent(keys + 4 + used), &topic.group, Part::Faint);
        }
        group = &topic.group;
        pen.over(None);
    }
}

/// Paints text.
pub fn text(app: &App, pen: &mut Pen<'_>, text: &Text) -> (u16, u16) {
    let all = app
        .frame()
        .view
        .indent(1)
        .left(app.frame().view.width.saturating_sub(2));
    pen.write(all.row(0), &text.title, Part::Title);
    let body = crate::console::app::outlook::record_body(all);
    let needle = text.needle.to_lowercase();
    for (n, line) in text
        .lines
        .iter()
        .skip(text.top)
        .take(usize::from(body.height))
        .enumerate()
    {
        let hit = !needle.is_empty() && line.to_lowercase().contains(&needle);
        pen.write(
            body.row(u16::try_from(n).unwrap_or(u16::MAX)),
            line,
            if hit { Part::Accent } else { Part::Text },
        );
    }
    if let Some((code, until)) = &text.secret {
        let beneath = u16::try_from(text.lines.len())
            .unwrap_or(u16::MAX)
            .saturating_add(1);
        pen.write(body.row(beneath), code.expose(), Part::Accent);
        let at = display::clock(*until);
        let gone = say::SECRET_UNTIL.with(app.look.language, &[("at", &at)]);
        pen.write(body.row(beneath.saturating_add(2)), &gone, Part::Faint);
    }
    match &text.search {
        Some(line) => input(
            pen,
            all.row(1),
            say::SEARCH_PROMPT.text(app.look.language),
            line,
        ),
        None => (body.x, body.y),
    }
}
