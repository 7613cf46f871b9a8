//! A table as it leaves: dimensions, then what is measured, one mark for everything hidden. Not its writing as a file.

use super::super::built::{Built, BuiltCell};
use super::super::definition::Definition;
use super::super::measure::{Measure, Name, measures, row_of, share};
use crate::domain::sheet::{SMALL_HOLDERS, Sheet};
use std::collections::{HashMap, HashSet};

/// What stands for a hidden cell, whatever hid it and whatever its value.
pub(super) const HIDDEN: &str = ".";

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grid {
    /// Which.
    pub(super) sheet: Sheet,
    /// Names of the columns.
    pub(super) heads: Vec<&'static str>,
    /// Rows, a field per column.
    pub(super) rows: Vec<Vec<Field>>,
}

/// A field of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Field {
    /// A code or a name.
    Text(String),
    /// A number as it is shown, with so many decimals.
    Number(String, usize),
    /// A hidden number.
    Hidden,
    /// Nothing: this is not measured here.
    Nothing,
}

/// What is measured in a table, in the order of its columns.
const fn names(sheet: Sheet) -> &'static [Name] {
    match sheet {
        Sheet::Volume => &[Name::Count],
        Sheet::Response => &[Name::Count, Name::Share],
        Sheet::Effect => &[
            Name::Count,
            Name::MeanPre,
            Name::MeanPost,
            Name::MeanDifference,
            Name::Deviation,
            Name::Low,
            Name::High,
            Name::Effect,
            Name::Improved,
            Name::TPre,
            Name::TPost,
        ],
        Sheet::Cqi => &[Name::Count, Name::Mean, Name::Deviation],
        Sheet::Benchmark => &[
            Name::Organisations,
            Name::FirstQuartile,
            Name::Median,
            Name::ThirdQuartile,
        ],
        Sheet::Coverage => &[],
    }
}

/// A table of an extract.
pub(super) fn of(sheet: Sheet, built: &Built, definition: &Definition) -> Grid {
    if sheet == Sheet::Coverage {
        return coverage(built);
    }
    let cells: Vec<&BuiltCell> = built.cells.iter().filter(|c| c.sheet == sheet).collect();
    // The rows that responses are a share of.
    let rows = built.cells.iter().filter(|c| c.sheet == Sheet::Volume);
    let rows: HashMap<&[String], &BuiltCell> = rows.map(|c| (c.codes.as_slice(), c)).collect();
    let heads = sheet.dimensions().iter().copied();
    Grid {
        sheet,
        heads: heads
            .chain(names(sheet).iter().map(|n| n.as_str()))
            .collect(),
        rows: cells.iter().map(|c| row(c, definition, &rows)).collect(),
    }
}

fn row(
    cell: &BuiltCell,
    definition: &Definition,
    rows: &HashMap<&[String], &BuiltCell>,
) -> Vec<Field> {
    let mut found = measures(definition, cell);
    if cell.sheet == Sheet::Response {
        found.extend(share_of(cell, rows));
    }
    let field = |name: &Name| {
        if cell.status.is_hidden() {
            return Field::Hidden;
        }
        match found.iter().find(|m| m.name == *name) {
            Some(measure) => number(measure),
            // A share beside a total that is hidden would give the total away.
            None if *name == Name::Share => Field::Hidden,
            None => Field::Nothing,
        }
    };
    let codes = cell.codes.iter().cloned().map(Field::Text);
    codes.chain(names(cell.sheet).iter().map(field)).collect()
}

fn number(measure: &Measure) -> Field {
    Field::Number(measure.text(), measure.decimals)
}

/// The share of a response among all closed care paths of its organisation and profile.
fn share_of(cell: &BuiltCell, rows: &HashMap<&[String], &BuiltCell>) -> Option<Measure> {
    let (_, codes) = row_of(cell)?;
    share(cell, rows.get(codes.as_slice())?)
}

/// Who is in, in which pool, or why not. How much each holder has is not told here.
fn coverage(built: &Built) -> Grid {
    let pooled: HashSet<&str> = built.pooled.iter().map(String::as_str).collect();
    let text = |text: &str| Field::Text(text.to_owned());
    let yes = |is: bool| text(if is { "yes" } else { "no" });
    let row = |h: &super::super::figures::Holder| {
        let pool = pooled.contains(h.agb.as_str()) && h.left_out.is_none();
        vec![
            text(&h.agb),
            text(&h.name),
            yes(h.holds_mark),
            yes(h.left_out.is_none()),
            text(if pool { SMALL_HOLDERS } else { "" }),
            text(h.left_out.map_or("", |why| why.as_str())),
        ]
    };
    Grid {
        sheet: Sheet::Coverage,
        heads: vec![
            "organisation",
            "name",
            "quality_mark",
            "included",
            "pool",
            "reason",
        ],
        rows: built.holders.iter().map(row).collect(),
    }
}
