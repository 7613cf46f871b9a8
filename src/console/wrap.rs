//! Cuts text to a width in terminal cells: wide characters count two, combining ones none. Not its drawing.

use unicode_width::UnicodeWidthChar;

/// Width of a text in cells.
pub fn width(text: &str) -> usize {
    text.chars().map(cell_width).sum()
}

/// Width of one character in cells.
pub fn cell_width(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// The longest beginning that fits, in bytes, and its width in cells.
pub fn fitting(text: &str, most: usize) -> (usize, usize) {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        let wide = cell_width(c);
        if used + wide > most {
            return (at, used);
        }
        used += wide;
    }
    (text.len(), used)
}

/// The lines of a text, none wider than `most` cells, broken at blanks where there are any.
pub fn wrap(text: &str, most: usize) -> Vec<&str> {
    let most = most.max(1);
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        let (end, _) = fitting(rest, most);
        if end >= rest.len() {
            lines.push(rest);
            return lines;
        }
        // A character wider than the line still has to go somewhere.
        let end = if end == 0 {
            rest.chars().next().map_or(rest.len(), char::len_utf8)
        } else {
            end
        };
        let (head, tail) = rest.split_at(end);
        let broken = if tail.starts_with(' ') {
            None
        } else {
            head.rfind(' ').filter(|at| *at > 0)
        };
        let (line, next) = rest.split_at(broken.unwrap_or(end));
        lines.push(line.trim_end_matches(' '));
        rest = next.trim_start_matches(' ');
        if rest.is_empty() {
            return lines;
        }
    }
}
