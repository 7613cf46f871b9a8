//! What would make a hidden cell publishable: which codes to count together, tried before anything else is given up. Advice for the next
//! definition; it changes nothing by itself.

use super::built::{Built, BuiltCell};
use super::definition::{Definition, Period, PeriodKind};
use super::shield::siblings;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use std::collections::BTreeMap;

/// A merge that would bring a cell to what may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    /// The dimension whose codes are merged; `period` for half-years that make a year.
    pub dimension: &'static str,
    /// The codes to count together, the cell's own first.
    pub codes: Vec<String>,
    /// What they count together in the place of the cell; none when it is not known here.
    pub n: Option<i64>,
    /// Cells below the minimum count in the whole table now, and after the merge.
    pub small: [i64; 2],
}

/// Merges for a cell, those first that leave the fewest cells too small and then those of the fewest codes. None when it is not there.
pub fn advise(
    built: &Built,
    definition: &Definition,
    period: &str,
    sheet: Sheet,
    codes: &[String],
) -> Vec<Advice> {
    let table = Table::of(built, sheet, definition.rules.min_count.value);
    let Some(cell) = table.cells.get(codes) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (at, name) in sheet.dimensions().iter().enumerate() {
        let Some(own) = codes.get(at).filter(|c| *c != TOTAL) else {
            continue;
        };
        let others = match *name {
            "diagnosis" => siblings(definition, own),
            "profile" => definition.profiles.iter().map(|p| p.code.clone()).collect(),
            "organisation" => table.organisations(),
            // A response, an instrument and an indicator mean something else each: nothing adds up over them.
            _ => continue,
        };
        all.extend(table.merge(at, name, cell, &others));
    }
    let is_half = Period::parse(period).is_some_and(|p| p.kind == PeriodKind::HalfYear);
    if is_half && definition.periods.contains(&PeriodKind::Year) {
        all.push(Advice {
            dimension: "period",
            codes: vec![period.to_owned(), period[..4].to_owned()],
            n: None,
            small: [table.small, table.small],
        });
    }
    all.sort_by_key(|a| (a.small[1], a.codes.len(), a.dimension));
    all
}

/// The cells of one table by their codes.
struct Table<'a> {
    cells: BTreeMap<&'a [String], &'a BuiltCell>,
    least: i64,
    /// Cells below the minimum count.
    small: i64,
}

impl<'a> Table<'a> {
    fn of(built: &'a Built, sheet: Sheet, least: i64) -> Self {
        let cells = built.cells.iter().filter(|c| c.sheet == sheet);
        let cells: BTreeMap<&[String], &BuiltCell> =
            cells.map(|c| (c.codes.as_slice(), c)).collect();
        let small = cells.values().filter(|c| c.n < least).count();
        Self {
            small: i64::try_from(small).unwrap_or(i64::MAX),
            cells,
            least,
        }
    }

    fn organisations(&self) -> Vec<String> {
        let mut codes: Vec<String> = self.cells.keys().map(|c| c[0].clone()).collect();
        codes.retain(|c| c != TOTAL);
        codes.dedup();
        codes
    }

    fn n(&self, cell: &BuiltCell, at: usize, code: &str) -> Option<i64> {
        let mut codes = cell.codes.clone();
        code.clone_into(&mut codes[at]);
        self.cells.get(codes.as_slice()).map(|c| c.n)
    }

    /// Adds the smallest others until the cell may be shown.
    fn merge(
        &self,
        at: usize,
        dimension: &'static str,
        cell: &BuiltCell,
        others: &[String],
    ) -> Option<Advice> {
        let own = &cell.codes[at];
        let mut counts: Vec<(i64, &String)> = others
            .iter()
            .filter(|code| *code != own)
            .filter_map(|code| self.n(cell, at, code).filter(|n| *n > 0).map(|n| (n, code)))
            .collect();
        counts.sort();
        let (mut n, mut largest) = (cell.n, cell.n);
        let mut codes = vec![own.clone()];
        for (count, code) in counts {
            n += count;
            largest = largest.max(count);
            codes.push(code.clone());
            let is_enough = match dimension {
                // Who is counted together must not work out the others: see the pool.
                "organisation" => n - largest >= self.least && (codes.len() > 2 || is_pool(&codes)),
                _ => n >= self.least,
            };
            if is_enough {
                return Some(Advice {
                    dimension,
                    small: [self.small, self.small_after(at, &codes)],
                    codes,
                    n: Some(n),
                });
            }
        }
        None
    }

    /// Cells below the minimum count when these codes are one.
    fn small_after(&self, at: usize, merged: &[String]) -> i64 {
        let mut sums: BTreeMap<Vec<&str>, i64> = BTreeMap::new();
        for (codes, cell) in &self.cells {
            let mut key: Vec<&str> = codes.iter().map(String::as_str).collect();
            if merged.iter().any(|m| *m == codes[at]) {
                key[at] = &merged[0];
            }
            *sums.entry(key).or_default() += cell.n;
        }
        let small = sums.values().filter(|n| **n < self.least).count();
        i64::try_from(small).unwrap_or(i64::MAX)
    }
}

fn is_pool(codes: &[String]) -> bool {
    codes.iter().any(|c| c == SMALL_HOLDERS)
}
