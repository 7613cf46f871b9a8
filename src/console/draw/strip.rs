//! Paints the lines above a list: the lists of its screen, and its stages with their counts.

use super::pen::Pen;
use crate::console::app::App;
use crate::console::layout::Area;
use crate::console::theme::{Part, Tone, tone};
use crate::console::views::list::Pane;
use crate::console::wrap::width;
use crate::language::{Language, console as say, display, state};

/// Cells between two stages or lists.
const GAP: u16 = 3;

/// Paints what there is of the two lines.
pub fn paint(app: &App, pen: &mut Pen<'_>, pane: &Pane, area: Area) {
    let several = app.board().is_some_and(|b| b.panes.len() > 1);
    if several {
        lists(app, pen, area.row(0).indent(1));
    }
    if !pane.list.stages.is_empty() {
        let row = area.row(u16::from(several)).indent(1);
        stages(pen, pane, row, app.look.language);
    }
}

fn lists(app: &App, pen: &mut Pen<'_>, area: Area) {
    let mut at = area;
    for (n, other) in app.board().iter().flat_map(|b| b.panes.iter().enumerate()) {
        let here = app.board().is_some_and(|b| b.pane == n);
        let part = if here { Part::Accent } else { Part::Faint };
        let title = other.list.title.text(app.look.language);
        at = at.indent(pen.write(at, title, part) + GAP);
    }
}

struct Stage {
    label: String,
    count: String,
    tone: Tone,
}

impl Stage {
    fn width(&self) -> usize {
        width(&self.label) + 1 + width(&self.count) + usize::from(GAP)
    }
}

/// "All", then every stage; counts are left out where nobody keeps them.
fn all_stages(pane: &Pane, language: Language) -> Vec<Stage> {
    let counts = &pane.window.counts;
    let shown = |n: i64| {
        if counts.is_empty() {
            String::new()
        } else {
            display::number(n, language)
        }
    };
    let all = Stage {
        label: say::ALL_STAGES.text(language).to_owned(),
        count: shown(counts.iter().map(|(_, n)| n).sum()),
        tone: Tone::Plain,
    };
    let each = pane.list.stages.iter().map(|stage| {
        let count = counts.iter().find(|(code, _)| code == stage.state);
        Stage {
            label: state::label(pane.list.kind, stage.state, language),
            count: shown(count.map_or(0, |(_, n)| *n)),
            tone: tone(stage.state),
        }
    });
    std::iter::once(all).chain(each).collect()
}

fn stages(pen: &mut Pen<'_>, pane: &Pane, area: Area, language: Language) {
    let stages = all_stages(pane, language);
    let chosen = pane.stage.map_or(0, |n| n + 1);
    // The chosen stage is always in sight; those before it give way.
    let fits = |first: usize| {
        let shown = stages.get(first..=chosen).unwrap_or_default();
        shown.iter().map(Stage::width).sum::<usize>() <= usize::from(area.width)
    };
    let first = (0..=chosen).find(|n| fits(*n)).unwrap_or(chosen);
    let mut at = area;
    for (n, stage) in stages.iter().enumerate().skip(first) {
        let (name, number) = match (n == chosen, stage.count == "0") {
            (true, _) => (Part::Accent, Part::Accent),
            (false, true) => (Part::Faint, Part::Faint),
            (false, false) => (Part::Text, Part::Tone(stage.tone)),
        };
        let parts = [
            (stage.label.as_str(), name),
            (" ", Part::Text),
            (stage.count.as_str(), number),
        ];
        at = at.indent(pen.line(at, &parts) + GAP);
    }
}
