//! Which delimiter a file uses, told by its header: the one under which most names of a specification appear.
//! When two fit equally, neither is chosen.

use super::finding::Code;
use super::header;
use super::scan::{After, Form, scan};
use super::specification::Specification;
use crate::domain::code::codes;

codes! {
    /// What separates the cells.
    pub enum Delimiter {
        /// Semicolon:
        Semicolon = ";",
        /// Comma:
        Comma = ",",
        /// Vertical bar:
        Bar = "|",
        /// Tab character:
        Tab = "\t",
    }
}

impl Delimiter {
    pub(super) fn byte(self) -> u8 {
        self.as_str().as_bytes()[0]
    }
}

/// What the header told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    pub(super) delimiter: Delimiter,
    pub(super) specification: &'static Specification,
}

/// Weighs every delimiter against every candidate specification.
pub(super) fn detect(
    window: &[u8],
    after: After,
    candidates: &[&'static Specification],
) -> Result<Dialect, Code> {
    if window.first() == Some(&b'<') {
        return Err(Code::WrongKind);
    }
    let mut best: Option<(usize, usize, Dialect)> = None;
    let mut tied = false;
    for &delimiter in Delimiter::ALL {
        for &specification in candidates {
            let (known, width) = known_names(window, after, delimiter, specification);
            // A delimiter that does not occur is no rival of one that does.
            let rank = (known, usize::from(width > 1));
            let ahead = best.map_or((0, 0), |(known, occurs, _)| (known, occurs));
            if known > 0 && rank > ahead {
                best = Some((
                    rank.0,
                    rank.1,
                    Dialect {
                        delimiter,
                        specification,
                    },
                ));
                tied = false;
            } else if known > 0 && rank == ahead && width > 1 {
                tied |= best.is_some_and(|(_, _, other)| other.delimiter != delimiter);
            }
        }
    }
    match best {
        None => Err(Code::NoHeader),
        Some(_) if tied => Err(Code::AmbiguousDelimiter),
        Some((_, _, dialect)) => Ok(dialect),
    }
}

/// How many names of a specification the first line has under a delimiter, and how many cells.
fn known_names(
    window: &[u8],
    after: After,
    delimiter: Delimiter,
    specification: &Specification,
) -> (usize, usize) {
    let mut cells = Vec::new();
    let form = Form {
        delimiter: delimiter.byte(),
        max_columns: usize::MAX,
        width: None,
    };
    // Whatever the scan says: the cells before any damage are what there is to weigh.
    scan(window, form, after, &mut cells);
    let names = cells
        .iter()
        .filter_map(|cell| std::str::from_utf8(&window[cell.start..cell.end]).ok());
    let mut known: Vec<_> = names
        .filter_map(|name| specification.position(&header::normalise(name)))
        .collect();
    known.sort_unstable();
    known.dedup();
    (known.len(), cells.len())
}
