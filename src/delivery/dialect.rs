//! Which delimiter a file uses, told by its header: the one under which most names of a specification appear.
//! When two fit equally, neither is chosen.

use super::finding::Code;
use super::header;
use super::scan::{After, Form, scan};
use super::specification::{self, Specification};
use crate::domain::code::codes;
use std::cmp::Ordering;

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

/// Weighs every delimiter against every specification. When one was named and another fits better, the file is of another kind.
pub(super) fn detect(
    window: &[u8],
    after: After,
    named: Option<&'static Specification>,
) -> Result<Dialect, Code> {
    if window.first() == Some(&b'<') {
        return Err(Code::WrongKind);
    }
    let best = best(window, after, named)?;
    if named.is_none_or(|named| std::ptr::eq(named, best.specification)) {
        return Ok(best);
    }
    Err(Code::WrongKind)
}

/// The dialect under which most names of a specification appear.
fn best(
    window: &[u8],
    after: After,
    named: Option<&'static Specification>,
) -> Result<Dialect, Code> {
    let mut best: Option<(Rank, Dialect)> = None;
    let mut rival = None;
    for (&delimiter, specification) in pairs() {
        let (known, width) = known_names(window, after, delimiter, specification);
        let rank = Rank {
            known,
            // A delimiter that does not occur is no rival of one that does.
            occurs: width > 1,
            named: named.is_some_and(|named| std::ptr::eq(named, specification)),
        };
        let dialect = Dialect {
            delimiter,
            specification,
        };
        match best.map(|(highest, other)| (rank.cmp(&highest), other)) {
            _ if known == 0 => {}
            Some((Ordering::Less, _)) => {}
            Some((Ordering::Equal, other)) => {
                rival = rival.max(dialect.rivals(other, rank));
            }
            Some((Ordering::Greater, _)) | None => (best, rival) = (Some((rank, dialect)), None),
        }
    }
    match (best, rival) {
        (None, _) => Err(Code::NoHeader),
        (Some(_), Some(Rival::Delimiter)) => Err(Code::AmbiguousDelimiter),
        (Some(_), Some(Rival::Specification)) => Err(Code::AmbiguousSpecification),
        (Some((_, dialect)), None) => Ok(dialect),
    }
}

fn pairs() -> impl Iterator<Item = (&'static Delimiter, &'static Specification)> {
    let delimiters = Delimiter::ALL.iter();
    delimiters.flat_map(|delimiter| specification::all().iter().map(move |s| (delimiter, s)))
}

/// How well a reading of the header fits, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    known: usize,
    occurs: bool,
    named: bool,
}

/// In what two readings that fit equally differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rival {
    Specification,
    Delimiter,
}

impl Dialect {
    fn rivals(self, other: Self, rank: Rank) -> Option<Rival> {
        // A header of one cell reads the same under every delimiter.
        if self.delimiter != other.delimiter {
            return rank.occurs.then_some(Rival::Delimiter);
        }
        Some(Rival::Specification)
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
