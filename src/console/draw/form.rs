//! Paints a form.

use super::Spot;
use super::panel::tail;
use super::pen::Pen;
use crate::console::app::App;
use crate::console::layout::Area;
use crate::console::theme::{Part, Tone};
use crate::console::views::form::{Entry, FormView, ON, Slot};
use crate::console::wrap::{width, wrap};
use crate::domain::action::{FieldKind, Reason};
use crate::language::{Language, action, console as say, display, error, state};

/// Paints a form.
pub fn paint(app: &App, pen: &mut Pen<'_>, view: &FormView) -> Spot {
    let language = app.look.language;
    let all = app.frame().view.indent(1);
    let title = action::label(view.form.act).text(language);
    let used = pen.line(
        all.row(0),
        &[
            (title, Part::Title),
            ("  ", Part::Text),
            (&view.form.label, Part::Text),
        ],
    );
    if let Some(at) = view.restored {
        let text = say::RESTORED.with(language, &[("at", &display::moment(at, language))]);
        pen.write(all.row(0).indent(used + 3), &text, Part::Tone(Tone::Wait));
    }
    let body = app.form_area().indent(1);
    let label = view
        .entries
        .iter()
        .map(|e| width(name(e).text(language)))
        .max()
        .unwrap_or(0);
    let label = u16::try_from(label).unwrap_or(0) + 2;
    let mut spot = None;
    for n in view.top..=view.entries.len() {
        let row = body.row(u16::try_from(n - view.top).unwrap_or(u16::MAX));
        if row.height == 0 {
            break;
        }
        let focused = n == view.focus;
        let at = match view.entries.get(n) {
            Some(entry) => self::entry(
                app,
                pen,
                row,
                &Line {
                    view,
                    entry,
                    label,
                    focused,
                },
            ),
            None => Some(last(pen, row, language, focused)),
        };
        spot = if focused { at } else { spot };
    }
    foot(app, pen, view, all);
    spot
}

fn name(entry: &Entry) -> &'static crate::language::Message {
    match entry.slot {
        Slot::Field(field) => action::field(field.name),
        Slot::Reason(_) => action::field("reason"),
    }
}

struct Line<'a> {
    view: &'a FormView,
    entry: &'a Entry,
    label: u16,
    focused: bool,
}

fn entry(app: &App, pen: &mut Pen<'_>, row: Area, line: &Line<'_>) -> Spot {
    let language = app.look.language;
    let part = if line.focused {
        Part::Accent
    } else {
        Part::Faint
    };
    let text = name(line.entry).text(language);
    let used = pen.write(row.left(line.label), text, part);
    if line.entry.slot.required() {
        pen.write(row.indent(used), "*", Part::Key);
    }
    let at = row.indent(line.label + 1);
    let note = note(line, language);
    // The value keeps its room; a note that is too long is cut here and stands in full at the foot.
    let noted = u16::try_from(width(&note.0) + 2).unwrap_or(u16::MAX);
    let room = at.left(at.width.saturating_sub(noted).max(at.width / 2));
    let (used, spot) = match line.entry.slot {
        Slot::Field(field) if !line.entry.slot.typed() => {
            let used = match field.kind {
                FieldKind::Flag => flag(pen, room, line.entry, line.focused, language),
                _ => codes(pen, room, line, language),
            };
            (used, Some((at.x, at.y)))
        }
        _ => {
            let wide = room.width.min(60);
            let (text, cursor) = tail(&line.entry.line, usize::from(wide.saturating_sub(1)));
            if line.focused {
                pen.fill(room.left(wide), Part::Input);
            }
            pen.write(
                room.left(wide),
                text,
                if line.focused {
                    Part::Input
                } else {
                    Part::Text
                },
            );
            let x = room.x + u16::try_from(cursor).unwrap_or(0);
            (
                if line.focused {
                    wide
                } else {
                    u16::try_from(width(text)).unwrap_or(wide)
                },
                Some((x, room.y)),
            )
        }
    };
    pen.write(at.indent(used + 2), &note.0, note.1);
    spot
}

/// What stands behind a field: what is wrong with it, or how it is filled in.
fn note(line: &Line<'_>, language: Language) -> (String, Part) {
    if let Some(flaw) = line.entry.flaw {
        return (
            error::flaw(flaw).text(language).to_owned(),
            Part::Tone(Tone::Bad),
        );
    }
    if !line.focused {
        return (String::new(), Part::Text);
    }
    let hint = match line.entry.slot {
        Slot::Reason(Reason::Required) => say::REQUIRED.text(language).to_owned(),
        Slot::Reason(_) => String::new(),
        Slot::Field(field) => match field.kind {
            FieldKind::Digits(count) => {
                action::HINT_DIGITS.with(language, &[("count", &count.to_string())])
            }
            FieldKind::Date => action::HINT_DATE.text(language).to_owned(),
            FieldKind::Choice(_) => action::HINT_CHOICE.text(language).to_owned(),
            FieldKind::Choices(_) => action::HINT_CHOICES.text(language).to_owned(),
            FieldKind::Flag => action::HINT_FLAG.text(language).to_owned(),
            FieldKind::Reference(_) => action::HINT_REFERENCE.text(language).to_owned(),
            FieldKind::Line | FieldKind::Email => String::new(),
        },
    };
    (hint, Part::Faint)
}

fn flag(pen: &mut Pen<'_>, at: Area, entry: &Entry, focused: bool, language: Language) -> u16 {
    let on = entry.line.text() == ON;
    let text = if on { &state::YES } else { &state::NO }.text(language);
    pen.write(at, text, if focused { Part::Input } else { Part::Text })
}

fn codes(pen: &mut Pen<'_>, at: Area, line: &Line<'_>, language: Language) -> u16 {
    let Slot::Field(field) = line.entry.slot else {
        return 0;
    };
    let several = matches!(field.kind, FieldKind::Choices(_));
    let noun = line.view.form.act.spec().noun;
    let mut used = 0;
    for (n, code) in line.entry.slot.codes().iter().enumerate() {
        let on = line.entry.chosen(code);
        let label = state::label(noun, code, language);
        let here = line.focused && several && n == line.entry.choice;
        let part = match (on, here) {
            (_, true) => Part::Input,
            (true, false) => Part::Title,
            (false, false) => Part::Faint,
        };
        let sign = match (several, on) {
            (true, true) => "[x] ",
            (true, false) => "[ ] ",
            (false, true) => "(x) ",
            (false, false) => "( ) ",
        };
        used += pen.line(at.indent(used), &[(sign, part), (&label, part)]) + 2;
    }
    used.saturating_sub(2)
}

fn last(pen: &mut Pen<'_>, row: Area, language: Language, focused: bool) -> (u16, u16) {
    let part = if focused { Part::Cursor } else { Part::Key };
    let text = format!(" {} ", say::FORM_CONTINUE.text(language));
    pen.write(row, &text, part);
    (row.x, row.y)
}

fn foot(app: &App, pen: &mut Pen<'_>, view: &FormView, all: Area) {
    let language = app.look.language;
    let row = all.row(all.height.saturating_sub(1));
    let wrong = view.entries.get(view.focus).filter(|e| e.flaw.is_some());
    let flaw = wrong.and_then(|e| e.flaw.map(|f| (name(e), error::flaw(f))));
    let flaw = flaw.map(|(name, flaw)| format!("{} {}.", name.text(language), flaw.text(language)));
    if let Some(trouble) = view.trouble.clone().or(flaw) {
        let lines = wrap(&trouble, usize::from(row.width.saturating_sub(1)));
        let count = u16::try_from(lines.len()).unwrap_or(1).min(2);
        for (n, line) in (0..count).zip(&lines) {
            let at = all.row(all.height.saturating_sub(count) + n);
            pen.write(at, line, Part::Tone(Tone::Bad));
        }
    } else if view.targets.len() > 1 {
        let count = view.targets.len().to_string();
        let text = say::ACTIONS_ON_MARKED.with(language, &[("count", &count)]);
        pen.write(row, &text, Part::Marked);
    }
}
