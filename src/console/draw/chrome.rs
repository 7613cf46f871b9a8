//! The lines around every view: screens above, keys and status below.

use super::hints;
use super::pen::Pen;
use crate::console::app::{App, Link, Live};
use crate::console::command::Command;
use crate::console::keymap::Context;
use crate::console::layout::{Area, Frame};
use crate::console::theme::{Glyph, Part, Tone};
use crate::console::views::View;
use crate::console::views::confirm::Purpose;
use crate::console::wrap::{width, wrap};
use crate::language::{console as say, display};

/// Digits and titles of the screens, shortened evenly when there is no room; the current one never.
pub fn header(app: &App, pen: &mut Pen<'_>, area: Area) {
    let language = app.look.language;
    let here = app.board_index();
    let titles: Vec<&str> = app
        .boards
        .iter()
        .map(|b| b.screen.title.text(language))
        .collect();
    let longest = titles.iter().map(|t| t.chars().count()).max().unwrap_or(0);
    let fits = |letters: usize, gap: usize| {
        let tabs = titles.iter().enumerate();
        let shown = |(n, t): (usize, &&str)| {
            if n == here {
                width(t)
            } else {
                width(t).min(letters)
            }
        };
        let wide = tabs.map(|tab| 2 + gap + shown(tab)).sum::<usize>();
        wide <= usize::from(area.width)
    };
    // Titles that stand closer are better than titles cut short.
    let gap = if !fits(longest, 2) && fits(longest, 1) {
        1
    } else {
        2
    };
    let letters = (1..=longest).rev().find(|n| fits(*n, gap)).unwrap_or(0);
    let gap = u16::try_from(gap).unwrap_or(2);
    let mut at = area.indent(1);
    for (n, board) in app.boards.iter().enumerate() {
        let title = titles.get(n).copied().unwrap_or_default();
        let short: String = title.chars().take(letters).collect();
        let part = if n == here { Part::Accent } else { Part::Text };
        let shown = if n == here { title } else { short.as_str() };
        // The screens beyond the digits are opened by name.
        let (key, apart) = match board.screen.key {
            ' ' => (String::new(), ""),
            digit => (digit.to_string(), " "),
        };
        let used = pen.line(
            at,
            &[(&key, Part::Faint), (apart, Part::Text), (shown, part)],
        );
        at = at.indent(used + gap);
    }
}

/// The banner, across the whole width.
pub fn banner(app: &App, pen: &mut Pen<'_>, area: Area) {
    if let Some(banner) = app.banner().filter(|_| area.height > 0) {
        pen.fill(area, banner.part);
        pen.write(area.indent(1), &banner.text, banner.part);
    }
}

/// Keys and status; a long note takes both lines.
pub fn foot(app: &App, pen: &mut Pen<'_>, frame: &Frame) {
    let state = state_line(app);
    let room = usize::from(frame.status.width).saturating_sub(width(&state) + 3);
    let note = app.note.as_ref();
    let long = note.is_some_and(|n| width(&n.text) + 3 > room);
    if let Some(note) = note.filter(|_| long) {
        let lines = wrap(
            &note.text,
            usize::from(frame.footer.width).saturating_sub(4),
        );
        for (area, line) in [frame.footer, frame.status].iter().zip(&lines) {
            let lead = if area.y == frame.footer.y {
                pen.glyph(Glyph::Tone(note.tone))
            } else {
                " "
            };
            pen.line(
                area.indent(1),
                &[
                    (lead, Part::Tone(note.tone)),
                    (" ", Part::Text),
                    (line, Part::Tone(note.tone)),
                ],
            );
        }
        return;
    }
    // A question shows its keys beside itself, where the eye is.
    let asked = app.contexts().0.contains(&Context::Confirm);
    if !asked {
        hints(app, pen, frame.footer.indent(1));
    }
    status(app, pen, frame.status, &state);
}

/// The keys that matter now, most important first, as far as there is room for.
pub fn hints(app: &App, pen: &mut Pen<'_>, area: Area) {
    let language = app.look.language;
    let (contexts, _) = app.contexts();
    let Some(context) = contexts.iter().find(|c| !matches!(c, Context::Screen(_))) else {
        return;
    };
    let mut at = area;
    if !app.pressed.is_empty() {
        let pressed = crate::console::key::show(&app.pressed);
        at = at.indent(pen.line(at, &[(&pressed, Part::Accent), ("-  ", Part::Accent)]));
    }
    for (command, short) in hints::of(*context) {
        if !works(app, *context, *command) {
            continue;
        }
        let keys = app.keymap.keys_of(&contexts, *command);
        let Some(key) = shown(*command, &keys) else {
            continue;
        };
        let text = short.text(language);
        if width(&key) + width(text) + 1 > usize::from(at.width) {
            break;
        }
        at = at.indent(
            pen.line(
                at,
                &[(&key, Part::Key), (" ", Part::Text), (text, Part::Faint)],
            ) + 2,
        );
    }
}

/// The first key of a command; of a no the second too, for most people press Enter.
fn shown(command: Command, keys: &[String]) -> Option<String> {
    let count = if command == Command::No { 2 } else { 1 };
    let some: Vec<&str> = keys.iter().take(count).map(String::as_str).collect();
    (!some.is_empty()).then(|| some.join("/"))
}

/// Whether a command means anything here: stages only where there are stages, a next list only where there is one.
fn works(app: &App, context: Context, command: Command) -> bool {
    match (context, command) {
        (Context::List, Command::NextStage) => {
            app.pane().is_some_and(|p| !p.list.stages.is_empty())
        }
        (Context::List, Command::NextPane) => app.board().is_some_and(|b| b.panes.len() > 1),
        (Context::List, Command::Actions | Command::Mark) => app
            .pane()
            .is_some_and(|p| !p.list.acts.is_empty() || !p.list.creates.is_empty()),
        (Context::Confirm, Command::DryRun) => {
            !matches!(app.stack.last(), Some(View::Confirm(c)) if matches!(c.purpose, Purpose::Quit))
        }
        (Context::List, Command::Record) => app.pane().is_some_and(|p| p.list.enter.goes_on()),
        (Context::List, Command::Sort) => app.pane().is_some_and(|p| p.list.sorts.len() > 1),
        _ => true,
    }
}

fn status(app: &App, pen: &mut Pen<'_>, area: Area, state: &str) {
    let part = match app.link {
        Link::Lost => Part::Tone(Tone::Bad),
        Link::Connecting | Link::Ready => Part::Faint,
    };
    let used = pen.write_right(area.left(area.width.saturating_sub(1)), state, part);
    let left = area.indent(1).left(area.width.saturating_sub(used + 4));
    match &app.note {
        Some(note) => {
            pen.toned(left, note.tone, &note.text);
        }
        None => {
            pen.write(left, &app.place.database, Part::Faint);
        }
    }
}

/// Link, live, worker, company and age of the data, as far as there is room for.
fn state_line(app: &App) -> String {
    let language = app.look.language;
    let mut parts = Vec::new();
    match app.link {
        Link::Connecting => return say::CONNECTING.text(language).to_owned(),
        Link::Lost => parts.push(say::LOST.text(language).to_owned()),
        Link::Ready => parts.extend(pulse_parts(app)),
    }
    match app.live {
        Live::Following | Live::Due => {}
        Live::Paused => parts.push(say::LIVE_PAUSED.text(language).to_owned()),
        Live::Missed => parts.push(say::LIVE_MISSED.text(language).to_owned()),
    }
    if let Some(at) = app.read_at() {
        parts.push(say::READ_AT.with(language, &[("at", &display::clock(at))]));
    }
    // What is least missed goes first; that the database is gone is never left out.
    let room = usize::from(app.look.size.width).saturating_sub(16);
    let spared = usize::from(app.link == Link::Lost);
    while parts.len() > 1 + spared && width(&parts.join(" · ")) > room {
        parts.remove(spared);
    }
    parts.join(" · ")
}

fn pulse_parts(app: &App) -> Vec<String> {
    let language = app.look.language;
    let Some(pulse) = &app.pulse else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    match pulse.online.as_slice() {
        [] => {}
        [one] => parts.push(say::ONLINE.with(language, &[("names", one)])),
        [first, rest @ ..] => {
            let count = rest.len().to_string();
            let names = say::ONLINE_MORE.with(language, &[("name", first), ("count", &count)]);
            parts.push(say::ONLINE.with(language, &[("names", &names)]));
        }
    }
    let waiting = display::number(pulse.waiting, language);
    match (pulse.workers, pulse.waiting) {
        (0, 0) => parts.push(say::NO_WORKER.text(language).to_owned()),
        (0, _) => parts.push(say::NO_WORKER_WAITING.with(language, &[("count", &waiting)])),
        (_, 0) => {}
        (_, _) => parts.push(say::WORKER_WAITING.with(language, &[("count", &waiting)])),
    }
    parts
}
