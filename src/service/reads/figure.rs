//! The cells of an extract as people see them: a table to walk through, with a dot for whatever is hidden. Why it is hidden is in
//! `extract::inspect`.

use super::super::read::{Filter, Source, begin, filters, sorts};
use super::super::record::{Head, Reading};
use super::super::{Actor, Error, Services};
use super::{fixed, known, reason, wide};
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::domain::time::Timestamp;
use crate::extract::definition::Definition;
use crate::language::{column as c, screen};
use crate::store::lists::figure as list;
use crate::ui::{Cell, Column, Cursor, Page, Query, Record, Row, Tab};
use std::fmt::Write;

/// Columns; the places of the first few are known to `members`.
pub static COLUMNS: &[Column] = &[
    fixed("sheet", &c::SHEET, 9, 1),
    wide("organisation", &c::ORGANISATION, (16, 4), 0),
    wide("profile", &c::PROFILE, (9, 1), 0),
    wide("code", &c::CODE, (14, 4), 0),
    fixed("n", &c::COUNT_N, 7, 0),
    fixed("before", &c::BEFORE, 7, 2),
    fixed("status", &c::SHOWN, 14, 0),
    // For programs and for `members`: no screen is so wide.
    fixed("codes", &c::CODES, 400, 9),
];

/// Fields for suggestions.
pub static FILTERS: &[Filter] = &filters::<{ list::FIELDS.len() }>(list::FIELDS);
/// Names of sorts.
pub static SORTS: &[&str] = &sorts::<{ list::SORTS.len() }>(list::SORTS);

/// The list.
pub static SOURCE: Source<list::Row> = Source {
    kind: Kind::Figure,
    spec: &list::LIST,
    columns: COLUMNS,
    row,
    search: None,
};

fn row(r: list::Row, _: Timestamp) -> Row {
    let codes = codes(&r);
    let [organisation, profile, last] = names(&r.sheet, &codes, &r.holder);
    let shown = r.status == "s";
    let why = if r.rule.is_empty() {
        &r.status
    } else {
        &r.rule
    };
    Row {
        version: 0,
        label: step(&r, &codes),
        cells: vec![
            Cell::Code(Kind::Extract, r.sheet.clone()),
            organisation,
            profile,
            last,
            if shown {
                Cell::Number(r.n)
            } else {
                Cell::Hidden
            },
            match r.before {
                -2 => Cell::Empty,
                -1 => Cell::Hidden,
                n => Cell::Number(n),
            },
            if shown {
                Cell::Empty
            } else {
                Cell::Code(Kind::Figure, why.clone())
            },
            Cell::Text(codes.join("/")),
        ],
        id: r.id,
        state: r.status,
        cursor: Cursor::default(),
    }
}

/// The codes that the table has.
pub(super) fn codes(r: &list::Row) -> Vec<&str> {
    let all = [r.code_1.as_str(), &r.code_2, &r.code_3];
    all.into_iter().filter(|code| !code.is_empty()).collect()
}

/// What stands in the columns of organisation, profile and the rest.
pub(super) fn names(sheet: &str, codes: &[&str], holder: &str) -> [Cell; 3] {
    let name = |code: Option<&&str>| match code {
        None => Cell::Empty,
        Some(&TOTAL) => Cell::Code(Kind::Figure, TOTAL.to_owned()),
        Some(code) => Cell::text(title(code)),
    };
    if sheet == Sheet::Benchmark.as_str() {
        return [Cell::Empty, name(codes.first()), name(codes.get(1))];
    }
    let organisation = match codes.first() {
        Some(&code @ (TOTAL | SMALL_HOLDERS)) => Cell::Code(Kind::Figure, code.to_owned()),
        Some(&code) if holder.is_empty() => Cell::text(code),
        _ => Cell::text(holder),
    };
    let last = match codes.get(2) {
        Some(status) if sheet == Sheet::Response.as_str() => {
            Cell::Code(Kind::Figure, (*status).to_owned())
        }
        other => name(other),
    };
    [organisation, name(codes.get(1)), last]
}

/// What a code means, as the definition says it; the code itself where it does not.
pub(super) fn title(code: &str) -> String {
    let d = Definition::built_in();
    let named = |(own, title): (&String, &String)| (own == code).then(|| title.clone());
    let profiles = d.profiles.iter().map(|p| (&p.code, &p.title));
    let diagnoses = d.diagnoses.iter().map(|p| (&p.code, &p.title));
    let indicators = d.questionnaires.iter().flat_map(|q| &q.indicators);
    let indicators = indicators.map(|i| (&i.code, &i.title));
    let mut all = profiles.chain(diagnoses).chain(indicators);
    all.find_map(named).unwrap_or_else(|| code.to_owned())
}

/// What people call a cell: its table and its codes that are no totals.
pub(super) fn label(r: &list::Row, codes: &[&str]) -> String {
    let own = codes.iter().copied().filter(|c| *c != TOTAL);
    std::iter::once(r.sheet.as_str())
        .chain(own)
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a cell is called on the way to its parts: what was last chosen, at the beginning the table.
fn step(r: &list::Row, codes: &[&str]) -> String {
    match codes.iter().rposition(|c| *c != TOTAL) {
        None => r.sheet.clone(),
        Some(0) if !r.holder.is_empty() => r.holder.clone(),
        Some(at) => title(codes[at]),
    }
}

/// The cells that a total is made of: the first dimension that is a total is opened. Empty for a cell that is no total.
pub fn members(row: &Row) -> String {
    let Some((extract, _)) = row.id.split_once(':') else {
        return String::new();
    };
    let (Some(Cell::Code(_, sheet)), Some(Cell::Text(codes))) =
        (row.cells.first(), row.cells.last())
    else {
        return String::new();
    };
    let Ok(sheet) = sheet.parse::<Sheet>() else {
        return String::new();
    };
    let codes: Vec<&str> = codes.split('/').collect();
    let Some(open) = codes.iter().position(|c| *c == TOTAL) else {
        return String::new();
    };
    let fields = sheet.dimensions().iter().map(|d| match *d {
        "organisation" | "profile" | "questionnaire" => *d,
        _ => "code",
    });
    let mut filter = format!("extract:{extract} sheet:{sheet}");
    for (at, (field, code)) in fields.zip(&codes).enumerate() {
        let not = if at == open { "!" } else { "" };
        let _ = write!(filter, " {not}{field}:\"{code}\"");
    }
    filter
}

/// One page of the list.
///
/// Who has no part in releases sees that a cell is hidden and not why: a cell that is too small tells more than one that shields it.
pub async fn page(services: &Services, actor: &Actor, query: &Query) -> Result<Page, Error> {
    let right = Right::Extracts;
    if actor.may(right) {
        return SOURCE.page(services, actor, query).await;
    }
    let used = list::LIST.fields_used(&query.filter);
    if used
        .iter()
        .any(|field| matches!(*field, "status" | "rule" | "found"))
    {
        return Err(Error::Right { act: None, right });
    }
    let mut page = SOURCE.page(services, actor, query).await?;
    page.rows.iter_mut().for_each(veil);
    Ok(page)
}

/// One mark for every hidden cell.
fn veil(row: &mut Row) {
    let place = COLUMNS.iter().position(|c| c.name == "status");
    if row.state == "s" {
        return;
    }
    "u".clone_into(&mut row.state);
    if let Some(cell) = place.and_then(|at| row.cells.get_mut(at)) {
        *cell = Cell::Code(Kind::Figure, "u".to_owned());
    }
}

/// One cell: what it says and why not, and where it stands.
pub async fn open(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut tx = begin(services, actor).await?;
    let mut row = SOURCE.one(&mut tx, id).await?;
    tx.rollback().await?;
    let now = reason::tab(services, actor, &row).await?;
    let reading = Reading::begin(services, actor).await?;
    if row.status != "s" && !actor.may(Right::Extracts) {
        "u".clone_into(&mut row.status);
        row.rule.clear();
    }
    let codes = codes(&row);
    let [organisation, profile, last] = names(&row.sheet, &codes, &row.holder);
    let head = Head {
        summary: vec![(&c::EXTRACT, Cell::text(&row.period))],
        title: label(&row, &codes),
        id: row.id.clone(),
        state: row.status.clone(),
        ..Head::default()
    };
    let shown = row.status == "s";
    let fields = vec![
        (&c::SHEET, Cell::Code(Kind::Extract, row.sheet.clone())),
        (&c::ORGANISATION, organisation),
        (&c::PROFILE, profile),
        (&c::CODE, last),
        (
            &c::COUNT_N,
            if shown {
                Cell::Number(row.n)
            } else {
                Cell::Hidden
            },
        ),
        (&c::SHOWN, Cell::Code(Kind::Figure, row.status.clone())),
        (&c::RULE, Cell::Code(Kind::Figure, row.rule.clone())),
    ];
    let general = Tab {
        title: &screen::TAB_GENERAL,
        body: known(fields),
    };
    reading.end(Kind::Figure, head, vec![now, general]).await
}
