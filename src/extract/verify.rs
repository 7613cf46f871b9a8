//! The checker: whether a certificate proves a protected table safe, with additions and comparisons only. It shares nothing with the engine
//! but the reader and the form of the certificate, so that a mistake in one is not a mistake in the other.

use super::beside::Kind;
use super::certificate::{Certificate, FORM, Way};
use super::problem::ROOT;
use super::read::{Record, Status, Table};
use super::rules::{Interval, Zeros};
use super::seen::{Eyes, Reach};
use std::collections::{HashMap, HashSet};

/// Why a certificate does not prove a table safe. Lines are those of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The certificate has another form.
    Form,
    /// A code leads to no total.
    Code(u64),
    /// A total is not the sum of its parts.
    Total(u64),
    /// A cell that the rules hide is published.
    Published(u64),
    /// A witness names a row that is not there, or twice.
    Row(usize),
    /// A witness changes a published cell.
    Changed(usize, u64),
    /// A witness takes a cell below 0.
    Below(usize, u64),
    /// The sums of a witness do not hold.
    Sum(usize, u64),
    /// No witness shows what must stay possible of a cell.
    Closed(u64),
}

/// What was proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proven {
    /// Hidden cells.
    pub hidden: usize,
    /// Whole tables that were added up.
    pub witnesses: usize,
}

/// Checks a certificate against its table.
pub fn verify(table: &Table, certificate: &Certificate) -> Result<Proven, Refusal> {
    if certificate.form != FORM {
        return Err(Refusal::Form);
    }
    let mut groups = groups(table, certificate)?;
    for row in &table.rows {
        if must_hide(row, certificate) && !row.status.is_hidden() {
            return Err(Refusal::Published(row.line));
        }
    }
    let rows = with_beside(table, certificate, &mut groups)?;
    let mut changes = vec![Vec::new(); rows.len()];
    for (number, witness) in certificate.witnesses.iter().enumerate() {
        check(&rows, &groups, number, witness)?;
        for (row, change) in witness {
            changes[*row as usize].push((number, *change));
        }
    }
    let eyes = Eyes::new(table, &rows, certificate)?;
    for (at, row) in rows.iter().enumerate() {
        let is_free = at >= table.rows.len() && row.status == Status::Secondary;
        if row.status.is_hidden()
            && !is_free
            && !is_open(row, certificate, &eyes.reach(at, &changes))
        {
            return Err(Refusal::Closed(row.line));
        }
    }
    Ok(Proven {
        hidden: table.rows.iter().filter(|r| r.status.is_hidden()).count(),
        witnesses: certificate.witnesses.len(),
    })
}

/// The rows of the table, and after them the cells beside it.
fn with_beside(
    table: &Table,
    certificate: &Certificate,
    groups: &mut Groups,
) -> Result<Vec<Record>, Refusal> {
    let mut rows = table.rows.clone();
    for cell in &certificate.beside {
        let with = cell
            .with
            .map(|row| table.rows.get(row).ok_or(Refusal::Form));
        rows.push(Record {
            line: 0,
            codes: with
                .transpose()?
                .map(|r| r.codes.clone())
                .unwrap_or_default(),
            value: cell.value,
            status: match cell.kind {
                Kind::Table | Kind::Known => Status::Published,
                Kind::Free => Status::Secondary,
                Kind::Guarded => Status::Primary,
            },
            n: None,
            lower: cell.bounds.0,
            upper: cell.bounds.1,
        });
    }
    groups.of.resize(rows.len(), Vec::new());
    for relation in &certificate.relations {
        for (cell, sign) in relation {
            let of = groups.of.get_mut(*cell as usize).ok_or(Refusal::Form)?;
            of.push((groups.count, i64::from(*sign)));
        }
        groups.count += 1;
    }
    Ok(rows)
}

/// The groups that each row counts in: as a part (+1) or as their total (-1).
struct Groups {
    of: Vec<Vec<(usize, i64)>>,
    count: usize,
}

fn groups(table: &Table, certificate: &Certificate) -> Result<Groups, Refusal> {
    let mut of = vec![Vec::new(); table.rows.len()];
    let mut count = 0;
    for (dimension, name) in table.dimensions.iter().enumerate() {
        let ways: Vec<&Way> = certificate
            .hierarchies
            .iter()
            .filter(|w| w.dimension == *name)
            .collect();
        let mut placed = vec![false; table.rows.len()];
        for way in ways
            .iter()
            .map(|w| Some(*w))
            .chain(ways.is_empty().then_some(None))
        {
            let groups = gathered(table, dimension, &certificate.total, way, &mut placed);
            let has_total = table
                .rows
                .iter()
                .any(|r| r.codes[dimension] == certificate.total);
            for (key, (total, parts)) in groups {
                if parts.is_empty()
                    || total.is_none() && !has_total && key[dimension] == certificate.total
                {
                    continue;
                }
                let sum: i64 = parts.iter().map(|p| table.rows[*p].value).sum();
                if sum != total.map_or(0, |t| table.rows[t].value) {
                    return Err(Refusal::Total(table.rows[total.unwrap_or(parts[0])].line));
                }
                for part in parts {
                    of[part].push((count, 1));
                }
                if let Some(total) = total {
                    of[total].push((count, -1));
                }
                count += 1;
            }
        }
        if let Some(at) = placed.iter().position(|p| !p) {
            return Err(Refusal::Code(table.rows[at].line));
        }
    }
    Ok(Groups { of, count })
}

type Gathered<'a> = HashMap<Vec<&'a str>, (Option<usize>, Vec<usize>)>;

/// Totals and their parts along one dimension. Marks the rows that have a place in it.
fn gathered<'a>(
    table: &'a Table,
    dimension: usize,
    total: &'a str,
    way: Option<&'a Way>,
    placed: &mut [bool],
) -> Gathered<'a> {
    let parents = parents(table, dimension, total, way);
    let mut groups = Gathered::new();
    for (at, row) in table.rows.iter().enumerate() {
        let key: Vec<&str> = row.codes.iter().map(String::as_str).collect();
        groups.entry(key.clone()).or_default().0 = Some(at);
        if key[dimension] == total || is_root(way, key[dimension]) {
            placed[at] = true;
        } else if let Some(parent) = parents.get(key[dimension]) {
            placed[at] = true;
            let mut above = key;
            above[dimension] = parent;
            groups.entry(above).or_default().1.push(at);
        }
    }
    groups
}

/// Whether a code counts in nothing, in its dimension.
fn is_root(way: Option<&Way>, code: &str) -> bool {
    let branches = way.map_or(&[][..], |w| w.branches.as_slice());
    branches.iter().any(|(c, p)| c == code && p == ROOT)
}

/// The nearest code above each that the table holds; the total where there is none.
pub(super) fn parents<'a>(
    table: &'a Table,
    dimension: usize,
    total: &'a str,
    way: Option<&'a Way>,
) -> HashMap<&'a str, &'a str> {
    let codes = table.rows.iter().map(|r| r.codes[dimension].as_str());
    let present: HashSet<&str> = codes.clone().collect();
    let Some(way) = way else {
        return codes.filter(|c| *c != total).map(|c| (c, total)).collect();
    };
    let above: HashMap<&str, &str> = way
        .branches
        .iter()
        .map(|(c, p)| (c.as_str(), p.as_str()))
        .collect();
    let nearest = |code: &str| {
        let mut parent = above.get(code).copied()?;
        for _ in 0..=above.len() {
            if parent == total || present.contains(parent) {
                return Some(parent);
            }
            parent = above.get(parent).copied()?;
        }
        None
    };
    let known = codes.filter(|c| *c != total);
    known.filter_map(|c| nearest(c).map(|p| (c, p))).collect()
}

fn check(
    rows: &[Record],
    groups: &Groups,
    number: usize,
    witness: &[(u32, i64)],
) -> Result<(), Refusal> {
    let mut change: HashMap<usize, i64> = HashMap::new();
    let mut seen = HashSet::new();
    for (row, by) in witness {
        let record = rows.get(*row as usize).ok_or(Refusal::Row(number))?;
        if !seen.insert(*row) {
            return Err(Refusal::Row(number));
        }
        if !record.status.is_hidden() {
            return Err(Refusal::Changed(number, record.line));
        }
        if record.value.checked_add(*by).is_none_or(|v| v < 0) {
            return Err(Refusal::Below(number, record.line));
        }
        for (group, sign) in &groups.of[*row as usize] {
            let sum = change.entry(*group).or_default();
            *sum = sum.saturating_add(sign * by);
        }
    }
    debug_assert!(change.keys().all(|g| *g < groups.count));
    for (row, _) in witness {
        if groups.of[*row as usize]
            .iter()
            .any(|(g, _)| change.get(g) != Some(&0))
        {
            return Err(Refusal::Sum(number, rows[*row as usize].line));
        }
    }
    Ok(())
}

fn must_hide(row: &Record, certificate: &Certificate) -> bool {
    let count = row.n.unwrap_or(row.value);
    match count {
        0 => certificate.rules.zeros == Zeros::Protect,
        count => count < certificate.rules.min_count,
    }
}

/// Whether what is shown to each attacker leaves open what must be: a second value of a secondary cell in the eyes of the outsider, who comes
/// first; the interval of a primary one in the eyes of all.
fn is_open(row: &Record, certificate: &Certificate, reach: &[Reach]) -> bool {
    let is_other = |r: &Reach| r.low < 0 || r.high > 0;
    if row.status == Status::Secondary {
        return reach.first().is_some_and(is_other);
    }
    if certificate.rules.interval == Interval::Exact {
        return reach.iter().all(is_other);
    }
    let least = certificate.rules.min_count;
    let is_small = row.value < least;
    let lower = row.lower.unwrap_or(if is_small {
        0
    } else {
        (row.value - least).max(0)
    });
    let upper = row
        .upper
        .unwrap_or(if is_small { least } else { row.value + least });
    // Nobody takes a total for less than what is their own in it.
    let is_wide = |r: &Reach| row.value + r.low <= lower.max(r.own) && row.value + r.high >= upper;
    reach.iter().all(is_wide)
}
