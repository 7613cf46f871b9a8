//! A grid as aligned columns. On a terminal it keeps to the width: columns of high rank give way, then long text is cut.

use super::Grid;
use crate::domain::time::Timestamp;
use crate::language::Language;
use crate::ui::Cell;
use crate::ui::sane::sane;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cells between two columns.
const GAP: usize = 2;
/// A column is not cut below this width.
const LEAST: usize = 8;

/// How a table is read.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Language of labels, dates and numbers.
    pub language: Language,
    /// From when ages count.
    pub now: Timestamp,
    /// Width to keep to; none for as wide as it is.
    pub width: Option<usize>,
}

struct Lane {
    title: String,
    cells: Vec<String>,
    right: bool,
    rank: u8,
    width: usize,
}

/// The table with its header, a line per row.
pub fn write(grid: &Grid, reader: Reader) -> String {
    let mut lanes = lanes(grid, reader);
    if let Some(width) = reader.width {
        fit(&mut lanes, width);
    }
    let mut text = line(&lanes, |lane| lane.title.as_str());
    for row in 0..grid.rows.len() {
        text.push_str(&line(&lanes, |lane| {
            lane.cells.get(row).map_or("", String::as_str)
        }));
    }
    text
}

fn lanes(grid: &Grid, reader: Reader) -> Vec<Lane> {
    let heads = grid.heads.iter().enumerate();
    heads
        .map(|(i, head)| {
            let column: Vec<&Cell> = grid.rows.iter().filter_map(|r| r.get(i)).collect();
            let show = |c: &&Cell| sane(&c.show(reader.language, reader.now)).into_owned();
            let cells: Vec<String> = column.iter().map(show).collect();
            let title = head.title.text(reader.language).to_owned();
            let widest = cells.iter().map(|c| c.width()).max().unwrap_or(0);
            Lane {
                right: column
                    .iter()
                    .any(|c| matches!(c, Cell::Number(_) | Cell::Size(_))),
                rank: head.rank,
                width: widest.max(title.width()),
                title,
                cells,
            }
        })
        .collect()
}

fn total(lanes: &[Lane]) -> usize {
    lanes.iter().map(|l| l.width).sum::<usize>() + GAP * lanes.len().saturating_sub(1)
}

fn fit(lanes: &mut Vec<Lane>, width: usize) {
    while total(lanes) > width {
        let last = lanes.iter().enumerate().filter(|(_, l)| l.rank > 0);
        let Some((i, _)) = last.max_by_key(|(i, l)| (l.rank, *i)) else {
            break;
        };
        lanes.remove(i);
    }
    while total(lanes) > width {
        let over = total(lanes) - width;
        let Some(widest) = lanes.iter_mut().max_by_key(|l| l.width) else {
            return;
        };
        if widest.width <= LEAST {
            return;
        }
        widest.width -= over.min(widest.width - LEAST).min(1 + over / 2);
    }
}

fn line<'a>(lanes: &'a [Lane], cell: impl Fn(&'a Lane) -> &'a str) -> String {
    let mut text = String::new();
    for (i, lane) in lanes.iter().enumerate() {
        if i > 0 {
            text.push_str(&" ".repeat(GAP));
        }
        text.push_str(&pad(cell(lane), lane.width, lane.right));
    }
    let mut text = text.trim_end().to_owned();
    text.push('\n');
    text
}

fn pad(text: &str, width: usize, right: bool) -> String {
    let cut = cut(text, width);
    let blank = " ".repeat(width.saturating_sub(cut.width()));
    if right { blank + &cut } else { cut + &blank }
}

/// Text that is at most so wide; `…` stands for what was cut.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}
