//! Remembers which care paths and which keys a file has had, as digests: one entry per care path and twelve bytes per row.
//! It does not know what the digests stand for.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::accepted::Place;
use super::batch::RowNote;
use super::seen::Folded;

/// Rows of a care path that are compared one by one; hostile files have more, and those go into a set.
const COMPARED: usize = 16;
/// No row follows.
const NONE: u32 = u32::MAX;

/// The care paths so far. Rows of one mostly stand together, so the last one is at hand.
#[derive(Debug, Default)]
pub(super) struct CarePaths {
    heads: HashMap<u64, Head, Folded>,
    keys: Vec<u64>,
    /// The row that follows in the same care path.
    next: Vec<u32>,
    /// Keys of care paths with more rows than are compared.
    others: HashSet<u64, Folded>,
    last: Option<(u64, Head)>,
}

/// The first row of a care path, and half of the digest of what must be equal in all its rows.
#[derive(Debug, Clone, Copy)]
struct Head {
    row: u32,
    columns: u32,
}

/// What a row turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entered {
    pub(super) place: Place,
    /// The same key was there before.
    pub(super) repeats: bool,
    /// What must be equal within a care path is not.
    pub(super) differs: bool,
}

impl CarePaths {
    /// Takes in a row: its key, its care path, and what must be equal within it.
    pub(super) fn enter(&mut self, key: u64, (group, columns): (u64, u64)) -> Entered {
        let columns = u32::try_from(columns >> 32).unwrap_or_default();
        if let Some((last, head)) = self.last
            && last == group
        {
            return self.follow(head, columns, key);
        }
        let row = u32::try_from(self.keys.len()).unwrap_or(NONE);
        match self.heads.entry(group) {
            Entry::Occupied(entry) => {
                let head = *entry.get();
                self.last = Some((group, head));
                self.follow(head, columns, key)
            }
            Entry::Vacant(entry) => {
                let head = Head { row, columns };
                entry.insert(head);
                self.last = Some((group, head));
                self.keys.push(key);
                self.next.push(NONE);
                Entered {
                    place: Place::First,
                    repeats: false,
                    differs: false,
                }
            }
        }
    }

    /// Makes room for rows to come. Looking all their care paths up first lets the memory answer several at a time, which makes
    /// entering them three times as fast.
    pub(super) fn expect(&mut self, rows: &[RowNote]) {
        let known = rows
            .iter()
            .filter(|row| self.heads.contains_key(&row.group.0))
            .count();
        self.heads.reserve(rows.len() - known);
    }

    fn follow(&mut self, head: Head, columns: u32, key: u64) -> Entered {
        Entered {
            place: Place::Further,
            repeats: self.repeats(head.row, key),
            differs: head.columns != columns,
        }
    }

    /// Whether a care path had this key; from now on it has.
    fn repeats(&mut self, head: u32, key: u64) -> bool {
        let mut at = head;
        for _ in 0..COMPARED {
            let place = at as usize;
            match (self.keys.get(place), self.next.get(place)) {
                (Some(&other), _) if other == key => return true,
                (Some(_), Some(&next)) if next != NONE => at = next,
                (Some(_), Some(_)) => {
                    let row = u32::try_from(self.keys.len()).unwrap_or(NONE);
                    self.keys.push(key);
                    self.next.push(NONE);
                    self.next[place] = row;
                    return false;
                }
                _ => break,
            }
        }
        !self.others.insert(key)
    }
}
