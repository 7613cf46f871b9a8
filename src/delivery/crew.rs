//! Several threads judge pieces of a file while one cuts them, enters them in order and judges along when there is nothing else to do.
//! What comes out does not depend on how many there are.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::batch::Batch;
use super::piece::{Desk, Reader, Regularity};

/// Pieces under way per thread; enough that nobody waits, few enough to stay in the cache.
const PIECES: usize = 4;

/// Whether the pieces go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Onward {
    Continue,
    Stop,
}

/// Where pieces come from and where what was judged of them goes, always in the order of the file.
pub(super) trait Office {
    /// Cuts the next piece; false when there is none to be had.
    fn cut(&mut self, batch: &mut Batch) -> io::Result<bool>;

    /// Takes in a piece of which every record is regular.
    fn enter(&mut self, batch: &Batch) -> Onward;

    /// Takes back an irregular piece and those behind it.
    fn take_back(&mut self, pieces: Vec<Batch>);
}

#[derive(Default)]
struct Table {
    waiting: VecDeque<(u64, Batch)>,
    done: BTreeMap<u64, (Batch, Regularity)>,
    closed: bool,
}

#[derive(Default)]
struct Crew {
    table: Mutex<Table>,
    changed: Condvar,
}

/// Cuts, judges and enters every piece that can be had; says whether what is left goes on in order.
pub(super) fn work(
    threads: usize,
    reader: &Reader<'_>,
    office: &mut dyn Office,
) -> io::Result<Onward> {
    let crew = Crew::default();
    std::thread::scope(|scope| {
        let mut lead = Lead {
            crew: &crew,
            reader,
            office,
            desk: Desk::default(),
            spare: Vec::new(),
            cut: 0,
            entered: 0,
            exhausted: false,
            most: threads.max(1) as u64 * PIECES as u64,
        };
        let first = lead.cut_ahead();
        // A file of one piece needs nobody else.
        let helpers = if lead.cut > 1 {
            threads.saturating_sub(1)
        } else {
            0
        };
        for _ in 0..helpers {
            scope.spawn(|| crew.help(reader));
        }
        let result = first.and_then(|()| lead.run());
        crew.close();
        result
    })
}

impl Crew {
    fn table(&self) -> MutexGuard<'_, Table> {
        // A thread that panicked brings its panic to whoever waits for it; the table itself is whole.
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges pieces until there are no more.
    fn help(&self, reader: &Reader<'_>) {
        let mut desk = Desk::default();
        let mut table = self.table();
        while !table.closed {
            let Some((number, mut batch)) = table.waiting.pop_front() else {
                let waited = self.changed.wait(table);
                table = waited.unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            drop(table);
            let regularity = reader.read(&mut batch, &mut desk);
            table = self.table();
            table.done.insert(number, (batch, regularity));
            self.changed.notify_all();
        }
    }

    fn close(&self) {
        self.table().closed = true;
        self.changed.notify_all();
    }
}

/// The thread that cuts and enters.
struct Lead<'a> {
    crew: &'a Crew,
    reader: &'a Reader<'a>,
    office: &'a mut dyn Office,
    desk: Desk,
    spare: Vec<Batch>,
    cut: u64,
    entered: u64,
    exhausted: bool,
    most: u64,
}

impl Lead<'_> {
    fn run(&mut self) -> io::Result<Onward> {
        loop {
            self.cut_ahead()?;
            if self.entered == self.cut {
                return Ok(Onward::Continue);
            }
            let Some((batch, regularity)) = self.next() else {
                continue;
            };
            if regularity == Regularity::Irregular {
                self.give_back(batch);
                return Ok(Onward::Continue);
            }
            let onward = self.office.enter(&batch);
            self.spare.push(batch);
            if onward == Onward::Stop {
                return Ok(Onward::Stop);
            }
        }
    }

    fn cut_ahead(&mut self) -> io::Result<()> {
        while !self.exhausted && self.cut - self.entered < self.most {
            let mut batch = self.spare.pop().unwrap_or_default();
            if !self.office.cut(&mut batch)? {
                self.exhausted = true;
                return Ok(());
            }
            self.crew.table().waiting.push_back((self.cut, batch));
            self.crew.changed.notify_one();
            self.cut += 1;
        }
        Ok(())
    }

    /// The next piece in order; none when it was time for something else.
    fn next(&mut self) -> Option<(Batch, Regularity)> {
        let mut table = self.crew.table();
        if let Some(done) = table.done.remove(&self.entered) {
            self.entered += 1;
            return Some(done);
        }
        let Some((number, mut batch)) = table.waiting.pop_front() else {
            let waited = self.crew.changed.wait(table);
            drop(waited.unwrap_or_else(PoisonError::into_inner));
            return None;
        };
        drop(table);
        let regularity = self.reader.read(&mut batch, &mut self.desk);
        if number == self.entered {
            self.entered += 1;
            return Some((batch, regularity));
        }
        self.crew.table().done.insert(number, (batch, regularity));
        None
    }

    /// Everything from an irregular piece on goes back, once nobody works on it.
    fn give_back(&mut self, first: Batch) {
        let mut pieces = vec![first];
        let mut table = self.crew.table();
        let waiting = std::mem::take(&mut table.waiting);
        for (number, batch) in waiting {
            table.done.insert(number, (batch, Regularity::Irregular));
        }
        while (table.done.len() as u64) < self.cut - self.entered {
            let waited = self.crew.changed.wait(table);
            table = waited.unwrap_or_else(PoisonError::into_inner);
        }
        let rest = std::mem::take(&mut table.done);
        pieces.extend(rest.into_values().map(|(batch, _)| batch));
        drop(table);
        self.office.take_back(pieces);
    }
}
