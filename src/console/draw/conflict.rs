//! Paints a conflict: what each field was, what the colleague made of it and what was typed here.

use super::Spot;
use super::pen::Pen;
use crate::console::app::App;
use crate::console::app::forming::shown;
use crate::console::layout::Area;
use crate::console::theme::{Glyph, Part, Tone};
use crate::console::views::conflict::{Conflict, Difference, Side};
use crate::language::{action, console as say, error};

/// Cells of the names of fields.
const NAMES: u16 = 20;

/// Paints the comparison.
pub fn paint(app: &App, pen: &mut Pen<'_>, conflict: &Conflict) -> Spot {
    let language = app.look.language;
    let view = app.frame().view;
    let all = view.indent(1).left(view.width.saturating_sub(2));
    let by = match conflict.by.as_str() {
        "" => error::SOMEBODY.text(language),
        name => name,
    };
    let label = conflict.theirs.label.as_str();
    let title = say::CONFLICT_TITLE.with(language, &[("by", by), ("label", label)]);
    pen.write(all.row(0), &title, Part::Tone(Tone::Warn));
    if conflict.rows.is_empty() {
        pen.write(all.row(2), say::CONFLICT_NONE.text(language), Part::Text);
        return None;
    }
    if let Some(trouble) = &conflict.trouble {
        let foot = all.row(all.height.saturating_sub(1));
        pen.write(foot, trouble, Part::Tone(Tone::Bad));
    }
    let body = all.below(2).top(all.height.saturating_sub(3));
    rows(app, pen, conflict, body)
}

/// Headers, then the fields around the cursor.
fn rows(app: &App, pen: &mut Pen<'_>, conflict: &Conflict, body: Area) -> Spot {
    let third = (body.width.saturating_sub(NAMES) / 3).max(8);
    let places = [0, NAMES, NAMES + third, NAMES + 2 * third];
    let heads = [
        &say::CONFLICT_FIELD,
        &say::CONFLICT_ORIGINAL,
        &say::CONFLICT_THEIRS,
        &say::CONFLICT_MINE,
    ];
    for (n, (x, head)) in places.iter().zip(heads).enumerate() {
        let text = head.text(app.look.language);
        // The values of the last two stand behind their tick.
        let tick = if n < 2 { 0 } else { 2 };
        pen.write(body.row(0).indent(x + tick), text, Part::Header);
    }
    let list = body.below(1);
    let top = (conflict.cursor + 1).saturating_sub(usize::from(list.height));
    let mut spot = None;
    for (n, row) in conflict.rows.iter().enumerate().skip(top) {
        let area = list.row(u16::try_from(n - top).unwrap_or(u16::MAX));
        let here = n == conflict.cursor;
        if here {
            spot = Some((area.x, area.y));
        }
        let cells = places.map(|x| area.indent(x));
        difference(app, pen, conflict, row, &cells, here);
    }
    spot
}

fn difference(
    app: &App,
    pen: &mut Pen<'_>,
    conflict: &Conflict,
    row: &Difference,
    places: &[Area; 4],
    here: bool,
) {
    let language = app.look.language;
    let noun = conflict.theirs.act.spec().noun;
    let field = conflict.theirs.fields.iter().find(|f| f.name == row.field);
    let show =
        |value: &str| field.map_or_else(|| value.to_owned(), |f| shown(noun, f, value, language));
    let [label, original, theirs, mine] = *places;
    let wide = theirs.x.saturating_sub(original.x).saturating_sub(2);
    pen.write(
        label.left(18),
        action::field(row.field).text(language),
        if here { Part::Accent } else { Part::Text },
    );
    pen.write(original.left(wide), &show(&row.original), Part::Faint);
    for (area, side, value) in [
        (theirs, Side::Theirs, &row.theirs),
        (mine, Side::Mine, &row.mine),
    ] {
        let taken = row.taken == Some(side);
        let sign = if taken { pen.glyph(Glyph::Done) } else { " " };
        let part = match (taken, here) {
            (true, true) => Part::Cursor,
            (true, false) => Part::Title,
            (false, _) => Part::Faint,
        };
        pen.line(
            area.left(wide),
            &[
                (sign, Part::Tone(Tone::Good)),
                (" ", Part::Text),
                (&show(value), part),
            ],
        );
    }
}
