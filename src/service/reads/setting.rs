//! Settings in force and where each came from. Read from memory, not from the database; secrets are dots already.

use super::super::{Actor, Error, Services};
use super::wide;
use crate::domain::filter::{Compare, Term, parse};
use crate::domain::right::Right;
use crate::domain::text::fold;
use crate::language::column as c;
use crate::ui::{Cell, Column, Cursor, Page, Query, Row};

/// Columns.
pub static COLUMNS: &[Column] = &[
    wide("name", &c::SETTING, (18, 1), 0),
    wide("value", &c::VALUE, (24, 3), 0),
    wide("source", &c::SOURCE, (16, 2), 0),
];

/// One page: all settings that hold every word of the filter.
pub fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    let right = Right::Read;
    if !actor.may(right) {
        return Err(Error::Right { act: None, right });
    }
    let terms = parse(&query.filter, &[])?;
    let origins = services.settings.origins.iter();
    let rows = origins
        .filter(|o| {
            holds(
                &terms,
                &fold(&format!("{} {} {}", o.name, o.value, o.source)),
            )
        })
        .map(|o| Row {
            id: o.name.to_owned(),
            version: 0,
            state: String::new(),
            label: o.name.to_owned(),
            cells: vec![
                Cell::text(o.name),
                Cell::text(&o.value),
                Cell::text(&o.source),
            ],
            cursor: Cursor::default(),
        });
    let rows: Vec<Row> = rows.collect();
    Ok(Page {
        total: i64::try_from(rows.len()).ok(),
        rows,
        at: services.clock.now(),
        ..Page::default()
    })
}

fn holds(terms: &[Term], text: &str) -> bool {
    let word = |t: &Term| t.values.first().map(|v| fold(v)).unwrap_or_default();
    let free = terms.iter().filter(|t| t.compare == Compare::Text);
    free.into_iter()
        .all(|t| text.contains(&word(t)) != t.negated)
}
