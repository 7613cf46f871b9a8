//! Remembers which care paths and which keys a file has had, as digests: one entry per care path and twelve bytes per row.
//! It does not know what the digests stand for.

use std::collections::HashSet;

use super::accepted::Place;
use super::batch::RowNote;
use super::seen::Folded;

/// Rows of a care path that are compared one by one; hostile files have more, and those go into a set.
const COMPARED: usize = 16;
/// No row follows.
const NONE: u32 = u32::MAX;
/// Slots to begin with; a power of two.
const FEWEST: usize = 1 << 10;

/// The care paths so far. Rows of one mostly stand together, so the last one is at hand.
#[derive(Debug, Default)]
pub(super) struct CarePaths {
    /// A table with open slots, for digests under a secret are spread evenly: one place in memory for each care path, which is what
    /// entering a row mostly waits for.
    slots: Vec<Slot>,
    used: usize,
    keys: Vec<u64>,
    /// The row that follows in the same care path.
    next: Vec<u32>,
    /// Keys of care paths with more rows than are compared.
    others: HashSet<u64, Folded>,
    last: Option<(u64, Head)>,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    group: u64,
    head: Head,
}

/// The first row of a care path, and half of the digest of what must be equal in all its rows.
#[derive(Debug, Clone, Copy)]
struct Head {
    row: u32,
    columns: u32,
}

const EMPTY: Slot = Slot {
    group: 0,
    head: Head {
        row: NONE,
        columns: 0,
    },
};

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
        self.make_room(1);
        let place = self.place_of(group);
        let found = self.slots[place].head;
        if found.row != NONE {
            self.last = Some((group, found));
            return self.follow(found, columns, key);
        }
        let row = self.append(key);
        let head = Head { row, columns };
        self.slots[place] = Slot { group, head };
        self.used += 1;
        self.last = Some((group, head));
        Entered {
            place: Place::First,
            repeats: false,
            differs: false,
        }
    }

    /// Makes room for rows to come. Looking all their care paths up first lets the memory answer several at a time, which makes
    /// entering them much faster.
    pub(super) fn expect(&mut self, rows: &[RowNote]) {
        self.make_room(1);
        let is_new = |row: &&RowNote| self.slots[self.place_of(row.group.0)].head.row == NONE;
        let new = rows.iter().filter(is_new).count();
        self.make_room(new);
    }

    /// Where a care path stands, or the empty slot where it would.
    #[inline]
    fn place_of(&self, group: u64) -> usize {
        let last = self.slots.len() - 1;
        let mut place = usize::try_from(group >> 32).unwrap_or_default() & last;
        loop {
            let slot = &self.slots[place];
            if slot.group == group || slot.head.row == NONE {
                return place;
            }
            place = (place + 1) & last;
        }
    }

    /// At most seven of eight slots are used: looking at a few more neighbours costs less than memory for twice as many slots.
    fn make_room(&mut self, more: usize) {
        if (self.used + more) * 8 <= self.slots.len() * 7 {
            return;
        }
        let wanted = ((self.used + more) * 8 / 7 + 1).next_power_of_two();
        let empty = vec![EMPTY; wanted.max(FEWEST)];
        for slot in std::mem::replace(&mut self.slots, empty) {
            if slot.head.row != NONE {
                let place = self.place_of(slot.group);
                self.slots[place] = slot;
            }
        }
    }

    /// Takes down a key that nothing follows; gives its row.
    fn append(&mut self, key: u64) -> u32 {
        let row = u32::try_from(self.keys.len()).unwrap_or(NONE);
        self.keys.push(key);
        self.next.push(NONE);
        row
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
                    self.next[place] = self.append(key);
                    return false;
                }
                _ => break,
            }
        }
        !self.others.insert(key)
    }
}
