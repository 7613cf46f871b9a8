//! What people see of each kind: columns, rows, and the record with its tabs. One file per kind; a screen names them.

pub mod acceptance;
pub mod account;
pub mod agreement;
pub mod aside;
pub mod audit;
pub mod bulk;
pub mod cause;
pub mod checklist;
pub mod connection;
pub mod coverage;
pub mod extract;
pub mod figure;
mod found;
pub mod job;
pub mod licence;
pub mod mail;
pub mod obligation;
pub mod operator;
pub mod organisation;
pub mod overview;
pub mod portal;
pub mod reason;
pub mod registration;
pub mod search;
pub mod setting;
pub mod submission;
pub mod test_run;
pub mod vendor;
pub mod worker;

use crate::domain::time::Timestamp;
use crate::language::Message;
use crate::ui::record::{Body, Related};
use crate::ui::{Cell, Column, Row, Width};

/// A column of a fixed width.
const fn fixed(name: &'static str, title: &'static Message, width: u16, rank: u8) -> Column {
    Column {
        name,
        title,
        width: Width::Fixed(width),
        rank,
        sort: None,
    }
}

/// A column that takes a share of what is left.
const fn wide(
    name: &'static str,
    title: &'static Message,
    (min, weight): (u16, u16),
    rank: u8,
) -> Column {
    Column {
        name,
        title,
        width: Width::Fill { min, weight },
        rank,
        sort: None,
    }
}

/// The column stands for a sort.
const fn sorted(column: Column, sort: &'static str) -> Column {
    Column {
        sort: Some(sort),
        ..column
    }
}

/// Mail address of which only the server can be read: `j•••@instelling.example`.
fn masked(email: &str) -> Cell {
    let Some((local, domain)) = email.rsplit_once('@') else {
        return if email.is_empty() {
            Cell::Empty
        } else {
            Cell::Masked
        };
    };
    let first = local.chars().next().map(String::from).unwrap_or_default();
    Cell::Text(format!("{first}•••@{domain}"))
}

/// The first characters of an identifier: enough to tell two apart, and to type.
fn short(id: &str) -> String {
    id.chars().take(13).collect()
}

/// The fields that hold something.
fn known(mut fields: Vec<(&'static Message, Cell)>) -> Body {
    let never =
        |cell: &Cell| matches!(cell, Cell::Age(at) | Cell::Moment(at) if *at == Timestamp::NEVER);
    let blank =
        |cell: &Cell| matches!(cell, Cell::Date(text) | Cell::Code(_, text) if text.is_empty());
    fields.retain(|(_, cell)| *cell != Cell::Empty && !never(cell) && !blank(cell));
    Body::Fields(fields)
}

/// A date that stands for "without end" is none.
fn until(date: String) -> Cell {
    if date.starts_with("9999") {
        Cell::Empty
    } else {
        Cell::Date(date)
    }
}

/// Rows that are not records of their own: attempts, findings, users.
fn plain(columns: &[&'static Message], rows: Vec<Vec<Cell>>, empty: &'static Message) -> Related {
    let row = |(i, cells): (usize, Vec<Cell>)| Row {
        id: (i + 1).to_string(),
        version: 0,
        state: String::new(),
        label: String::new(),
        cells,
        cursor: crate::ui::Cursor::default(),
    };
    Related {
        kind: None,
        columns: columns.to_vec(),
        rows: rows.into_iter().enumerate().map(row).collect(),
        more: false,
        empty: Some(empty),
    }
}
