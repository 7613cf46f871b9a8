//! An extract after protection: every cell with what is shown of it and why not. Not how it is made: that is in `shield`.

use super::figures::Holder;
use super::read::Status;
use crate::domain::sheet::Sheet;

/// A cell of an extract, total or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuiltCell {
    /// Its table.
    pub sheet: Sheet,
    /// A code per dimension, `Total` for a total; small holders under one code.
    pub codes: Vec<String>,
    /// Care paths or answers. Kept inside when the cell is hidden.
    pub n: i64,
    /// What is added up, in the order of `Sheet::sums`; for a benchmark its quartiles in thousandths.
    pub sums: Vec<i64>,
    /// What became of it.
    pub status: Status,
    /// The rule that hid it for its own sake; none for a published cell and for one hidden for others.
    pub rule: Option<Rule>,
}

crate::domain::code::codes! {
    /// Why a cell is hidden for its own sake.
    pub enum Rule {
        Small = "small",
        Zero = "zero",
        Complement = "complement",
        Group = "group",
        Contributors = "contributors",
        Dominance = "dominance",
        Change = "change",
        Sums = "sums",
    }
}

crate::domain::code::codes! {
    /// What gave way in a cell. A change is that of its count since an earlier release, or beside it.
    pub enum Leak {
        Count = "count",
        Improved = "improved",
        Mean = "mean",
        Change = "change",
    }
}

/// A hidden cell of which somebody knows too much.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Find {
    /// Its table.
    pub sheet: Sheet,
    /// Its codes; of a cell that only an earlier release has, those it has there.
    pub codes: Vec<String>,
    /// What gave way.
    pub leak: Leak,
    /// AGB code of who needs their own figures for it; none for what everybody can work out.
    pub who: Option<String>,
    /// Earlier release that it takes, by its name; none for what this extract alone gives away.
    pub release: Option<String>,
}

/// The attacker who kept earlier releases.
pub const EARLIER: &str = "earlier";

/// What came of an attack on the extract by one kind of attacker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attack {
    /// `outsider`, `insider`, `earlier` or `sums`.
    pub attacker: String,
    /// Hidden cells that were attacked, times attackers.
    pub tried: i64,
    /// Of those, how many could be worked out or stayed too narrow. An extract with one cannot be requested.
    pub open: i64,
    /// Which those are, each once, in the order of table and codes; of very many only the first.
    pub finds: Vec<Find>,
}

/// An extract that was built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The cells, in the order of table and codes, totals first.
    pub cells: Vec<BuiltCell>,
    /// Every holder: in, in which pool, or why not.
    pub holders: Vec<Holder>,
    /// AGB codes of the holders counted together.
    pub pooled: Vec<String>,
    /// Rows that wait for the next period, because too few of them came late.
    pub waiting: i64,
    /// What our own attacks found.
    pub attacks: Vec<Attack>,
    /// The proof, as JSON; it stays inside.
    pub certificate: String,
}
