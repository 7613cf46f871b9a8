//! Where everything stands, from the size of the terminal alone. Used by update for scrolling and by draw for painting.

use crate::ui::{Column, Width};

/// Size of the terminal in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// Least size that holds the console.
pub const LEAST: Size = Size {
    width: 60,
    height: 15,
};

/// From this width a record may stand beside its list.
pub const WIDE: u16 = 110;

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Area {
    /// First column.
    pub x: u16,
    /// First row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// One row of it, empty beyond its end.
    pub const fn row(self, n: u16) -> Self {
        let height = if n < self.height { 1 } else { 0 };
        Self {
            y: self.y.saturating_add(n),
            height,
            ..self
        }
    }

    /// What is left below the first `n` rows.
    pub const fn below(self, n: u16) -> Self {
        let n = if n < self.height { n } else { self.height };
        Self {
            y: self.y.saturating_add(n),
            height: self.height - n,
            ..self
        }
    }

    /// Its first `n` rows.
    pub const fn top(self, n: u16) -> Self {
        Self {
            height: if n < self.height { n } else { self.height },
            ..self
        }
    }

    /// Narrower by `n` columns on the left.
    pub const fn indent(self, n: u16) -> Self {
        let n = if n < self.width { n } else { self.width };
        Self {
            x: self.x.saturating_add(n),
            width: self.width - n,
            ..self
        }
    }

    /// Its first `n` columns.
    pub const fn left(self, n: u16) -> Self {
        Self {
            width: if n < self.width { n } else { self.width },
            ..self
        }
    }
}

/// Whether there is a banner, strip of stages, tabs or side pane to make room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Needs {
    /// Lines of banner.
    pub banner: u16,
    /// Lines above the rows besides the header of columns.
    pub strip: u16,
    /// Lines of input beneath the rows.
    pub input: u16,
    /// Whether a side pane is asked.
    pub side: bool,
}

/// The parts of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Frame {
    /// Digits and titles of the screens.
    pub header: Area,
    /// Banner.
    pub banner: Area,
    /// Everything of the view.
    pub view: Area,
    /// Beside the view, empty when there is none.
    pub side: Area,
    /// The keys that matter now.
    pub footer: Area,
    /// Database, age of the data, worker, who is here.
    pub status: Area,
}

/// Divides the terminal.
pub fn frame(size: Size, needs: Needs) -> Frame {
    let all = Area {
        x: 0,
        y: 0,
        width: size.width,
        height: size.height,
    };
    let banner = needs.banner.min(1);
    // A blank line under the header where there is room for it.
    let air = u16::from(size.height >= 30);
    let top = 1 + banner + air;
    let view = Area {
        y: top,
        height: size.height.saturating_sub(top + 2),
        ..all
    };
    let side_width = if needs.side && size.width >= WIDE {
        (size.width * 2 / 5).min(72)
    } else {
        0
    };
    Frame {
        header: all.top(1),
        banner: Area {
            y: 1,
            height: banner,
            ..all
        },
        view: view.left(size.width - side_width),
        side: Area {
            x: size.width - side_width,
            width: side_width,
            ..view
        },
        footer: all.row(size.height.saturating_sub(2)),
        status: all.row(size.height.saturating_sub(1)),
    }
}

/// The parts of a list: title, strip, header of columns, rows, input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListFrame {
    /// Title, filter, count.
    pub title: Area,
    /// Stages; empty when the list has none.
    pub strip: Area,
    /// Headers.
    pub header: Area,
    /// Rows.
    pub rows: Area,
    /// Input and suggestions, above the footer.
    pub input: Area,
}

/// Divides the view of a list.
pub fn list(view: Area, needs: Needs) -> ListFrame {
    let input = needs.input.min(view.height);
    let body = view.top(view.height - input);
    ListFrame {
        title: body.row(0),
        strip: Area {
            height: needs.strip.min(body.height.saturating_sub(1)),
            ..body.below(1)
        },
        header: body.below(1 + needs.strip).top(1),
        rows: body.below(2 + needs.strip),
        input: view.below(view.height - input),
    }
}

/// The columns that fit and where they begin: `(index, x, width)`.
pub fn columns(columns: &[Column], width: u16) -> Vec<(usize, u16, u16)> {
    let mut shown: Vec<usize> = (0..columns.len()).collect();
    while shown.len() > 1 && least(columns, &shown) > width {
        // The column of the highest rank goes first; of equals the last.
        let Some((place, _)) = shown
            .iter()
            .enumerate()
            .max_by_key(|(place, i)| (rank(columns, **i), *place))
        else {
            break;
        };
        shown.remove(place);
    }
    let spare = width.saturating_sub(least(columns, &shown));
    let weights: u32 = shown.iter().map(|i| weight(columns, *i)).sum();
    let mut x = 0;
    let mut placed = Vec::with_capacity(shown.len());
    for index in shown {
        let part = (u32::from(spare) * weight(columns, index))
            .checked_div(weights)
            .unwrap_or(0);
        let wide = min(columns, index)
            .saturating_add(u16::try_from(part).unwrap_or(0))
            .min(width.saturating_sub(x));
        placed.push((index, x, wide));
        x = x.saturating_add(wide).saturating_add(GAP);
    }
    placed
}

/// Cells between two columns.
pub const GAP: u16 = 2;

fn least(columns: &[Column], shown: &[usize]) -> u16 {
    let gaps = GAP.saturating_mul(u16::try_from(shown.len().saturating_sub(1)).unwrap_or(u16::MAX));
    shown
        .iter()
        .map(|i| min(columns, *i))
        .fold(gaps, u16::saturating_add)
}

fn min(columns: &[Column], index: usize) -> u16 {
    match columns.get(index).map(|c| c.width) {
        Some(Width::Fixed(n) | Width::Fill { min: n, .. }) => n,
        None => 0,
    }
}

fn weight(columns: &[Column], index: usize) -> u32 {
    match columns.get(index).map(|c| c.width) {
        Some(Width::Fill { weight, .. }) => u32::from(weight),
        Some(Width::Fixed(_)) | None => 0,
    }
}

fn rank(columns: &[Column], index: usize) -> u8 {
    columns.get(index).map_or(0, |c| c.rank)
}

/// The first visible line so that the cursor is in sight, moving as little as possible.
pub const fn follow(top: usize, cursor: usize, height: usize) -> usize {
    if cursor < top {
        return cursor;
    }
    let last = top.saturating_add(if height == 0 { 0 } else { height - 1 });
    if cursor > last {
        top + (cursor - last)
    } else {
        top
    }
}
