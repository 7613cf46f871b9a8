//! What was counted, as it comes out of one snapshot of the database: before small holders are pooled, totals are made and anything is
//! hidden. It never leaves the house.

use super::definition::Period;
use crate::domain::sheet::Sheet;
use std::collections::HashSet;

/// A cell at the finest level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// Its table.
    pub sheet: Sheet,
    /// A code per dimension of the table; organisations by their AGB code.
    pub codes: Vec<String>,
    /// Care paths, or answers for a CQi.
    pub n: i64,
    /// What is added up, in the order of `Sheet::sums`.
    pub sums: Vec<i64>,
    /// Rows that were added, removed or changed since each earlier release that was asked after, in that order. A row counts once for
    /// each of the two cells that it left and came to.
    pub changed: Vec<i64>,
    /// Rows that each earlier release counted here and that can still be read. Fewer than it had counted: clients were erased since.
    pub then: Vec<i64>,
}

/// What an earlier release was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Its period; rows of other days are not compared.
    pub period: Period,
    /// The submissions that it counted, as in `Figures::submissions`.
    pub submissions: HashSet<String>,
}

/// An organisation that holds the quality mark in the period, or delivered for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// AGB code.
    pub agb: String,
    /// Name.
    pub name: String,
    /// Whether it held the mark on a day of the period.
    pub holds_mark: bool,
    /// Closed care paths that count; 0 when it is left out.
    pub closed: i64,
    /// Why it is left out; none when it is in.
    pub left_out: Option<LeftOut>,
}

crate::domain::code::codes! {
    /// Why an organisation is left out of an extract.
    pub enum LeftOut {
        NoAcceptance = "no_acceptance",
        Ended = "ended",
        NothingDelivered = "nothing_delivered",
        Overdue = "overdue",
    }
}

/// What one organisation has of a cell that others count in too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Held {
    /// Care paths or answers.
    pub n: i64,
    /// What of each sum of the cell is theirs; none when that is not known any more.
    pub sums: Vec<i64>,
}

impl Held {
    /// Adds another part of the same organisation.
    pub fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.sums.resize(other.sums.len().max(self.sums.len()), 0);
        for (sum, by) in self.sums.iter_mut().zip(&other.sums) {
            *sum += by;
        }
    }

    /// What is left without a part of it; none when the part has other sums or does not fit in a number.
    pub fn without(&self, part: &Self) -> Option<Self> {
        let is_like = self.sums.len() == part.sums.len();
        let sums = self.sums.iter().zip(&part.sums);
        let sums: Option<Vec<i64>> = sums.map(|(sum, by)| sum.checked_sub(*by)).collect();
        Some(Self {
            n: self.n.checked_sub(part.n)?,
            sums: sums.filter(|_| is_like)?,
        })
    }
}

/// Everything that an extract is made from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// The cells, in the order of table and codes.
    pub leaves: Vec<Leaf>,
    /// The holders, by AGB code.
    pub holders: Vec<Holder>,
    /// Every processed submission of the organisations that take part, for each may have replaced rows of others: identifier and
    /// SHA-256 of the delivered bytes, by identifier.
    pub submissions: Vec<(String, String)>,
    /// Care paths, measurements and respondents that were read.
    pub read: [i64; 3],
}
