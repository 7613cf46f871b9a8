//! `NOUN list`: any list of the screens as table, JSON or CSV, page by page. Filtering and sorting happen in the database.

use super::exit::{Exit, Failure};
use super::grammar::{codes, value};
use super::output::{self, Format, Grid, Head, csv, json, table};
use super::{Context, Session};
use crate::domain::kind::Kind;
use crate::language::Language;
use crate::language::command::{
    AFTER_CURSOR, BAD_CURSOR, FILTER, FILTER_FIELDS, IDENTIFIER, LIMIT, NEXT_PAGE, NO_ROWS, SORT,
};
use crate::screens::List;
use crate::ui::{Cell, Cursor, Query, Row};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::builder::PossibleValuesParser;
use clap::{ArgMatches, Command, value_parser};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Rows when `--limit` is not given.
const LIMIT_BUILT_IN: &str = "100";
/// Rows that are asked of the database at a time.
const PAGE: u32 = 500;

/// The arguments of a list.
pub fn arguments(command: Command, list: &'static List, language: Language) -> Command {
    let fields: Vec<&str> = list.filters.iter().map(|f| f.name).collect();
    let sorts: Vec<String> = list
        .sorts
        .iter()
        .flat_map(|s| [(*s).to_owned(), format!("-{s}")])
        .collect();
    let sort = format!("{}: {}", SORT.text(language), list.sorts.join(", "));
    command
        .arg(value(
            "filter",
            "FILTER",
            FILTER.text(language).to_owned(),
            language,
        ))
        .arg(
            codes(value("sort", "SORT", sort, language), &[])
                .value_parser(PossibleValuesParser::new(sorts))
                .allow_hyphen_values(true),
        )
        .arg(
            value("limit", "N", LIMIT.text(language).to_owned(), language)
                .value_parser(value_parser!(u32).range(1..))
                .default_value(LIMIT_BUILT_IN),
        )
        .arg(value(
            "after",
            "CURSOR",
            AFTER_CURSOR.text(language).to_owned(),
            language,
        ))
        .after_help(FILTER_FIELDS.with(language, &[("fields", &fields.join(", "))]))
}

/// Shows the list.
pub async fn run(
    context: &Context,
    arguments: &ArgMatches,
    list: &'static List,
) -> Result<Exit, Failure> {
    let text = |name: &str| {
        arguments
            .get_one::<String>(name)
            .cloned()
            .unwrap_or_default()
    };
    let cursor = match arguments.get_one::<String>("after") {
        Some(text) => Some(
            decode(text)
                .ok_or_else(|| Failure::Usage(BAD_CURSOR.text(context.spoken()).to_owned()))?,
        ),
        None => None,
    };
    let limit = arguments.get_one::<u32>("limit").copied().unwrap_or(PAGE);
    let session = context.session().await?;
    let query = Query {
        filter: filter_of(list, text("filter")),
        sort: text("sort"),
        cursor,
        limit,
        ..Query::default()
    };
    let (rows, next) = load(&session, list, query).await?;
    write(context, &session, list, &rows, next.as_ref())?;
    Ok(Exit::Done)
}

/// `agreement pending` is the list of acceptances with one state; what was typed holds as well.
fn filter_of(list: &List, typed: String) -> String {
    match list.kind {
        Kind::Acceptance => format!("status:pending {typed}"),
        _ => typed,
    }
}

/// Rows up to the limit of the query, and where to go on when there are more.
pub async fn load(
    session: &Session,
    list: &List,
    query: Query,
) -> Result<(Vec<Row>, Option<Cursor>), Failure> {
    let mut rows: Vec<Row> = Vec::new();
    let mut cursor = query.cursor.clone();
    let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX);
    loop {
        let left = u32::try_from(wanted - rows.len()).unwrap_or(PAGE);
        let asked = Query {
            cursor,
            limit: left.min(PAGE),
            ..query.clone()
        };
        let page = (list.load)(session.services.clone(), Arc::clone(&session.actor), asked).await?;
        let got = page.rows.len();
        rows.extend(page.rows);
        cursor = rows.last().map(|r| r.cursor.clone());
        if !page.after || got == 0 {
            return Ok((rows, None));
        }
        if rows.len() >= wanted {
            rows.truncate(wanted);
            return Ok((rows, cursor));
        }
    }
}

fn write(
    context: &Context,
    session: &Session,
    list: &List,
    rows: &[Row],
    next: Option<&Cursor>,
) -> Result<(), Failure> {
    let next = next.map(encode);
    match context.format() {
        Format::Json => {
            let all: Vec<Value> = rows.iter().map(|r| row_json(list, r)).collect();
            return output::data(json::write(&json!({ "rows": all, "next": next })).as_bytes());
        }
        Format::Csv => output::data(csv::write(&grid(list, rows, usize::MAX)).as_bytes())?,
        Format::Table if rows.is_empty() => output::tell(NO_ROWS.text(session.language)),
        Format::Table => {
            let reader = session.reader();
            let shown = if reader.width.is_some() {
                short(rows)
            } else {
                usize::MAX
            };
            output::data(table::write(&grid(list, rows, shown), reader).as_bytes())?;
        }
    }
    if let Some(cursor) = next {
        output::tell(&NEXT_PAGE.with(session.language, &[("cursor", &cursor)]));
    }
    Ok(())
}

/// The rows under the columns of the list, with the id, cut to so many characters, before them.
fn grid(list: &List, rows: &[Row], shown: usize) -> Grid {
    let id = Head {
        name: "id",
        title: &IDENTIFIER,
        rank: 0,
    };
    let heads = list.columns.iter().map(|c| Head {
        name: c.name,
        title: c.title,
        rank: c.rank,
    });
    let line = |row: &Row| {
        let id: String = row.id.chars().take(shown).collect();
        std::iter::once(Cell::text(id))
            .chain(row.cells.iter().cloned())
            .collect()
    };
    Grid {
        heads: std::iter::once(id).chain(heads).collect(),
        rows: rows.iter().map(line).collect(),
    }
}

/// How many characters tell the ids of these rows apart: the parts of a UUID, eight at least.
fn short(rows: &[Row]) -> usize {
    let apart = |n: usize| {
        let mut ids: Vec<&str> = rows
            .iter()
            .map(|r| r.id.get(..n).unwrap_or(&r.id))
            .collect();
        ids.sort_unstable();
        ids.windows(2).all(|pair| pair.first() != pair.last())
    };
    [13, 18, 23]
        .into_iter()
        .find(|n| apart(*n))
        .unwrap_or(usize::MAX)
}

fn row_json(list: &List, row: &Row) -> Value {
    let mut map = Map::new();
    map.insert("id".to_owned(), row.id.clone().into());
    map.insert("version".to_owned(), row.version.into());
    map.insert("state".to_owned(), row.state.clone().into());
    for (column, cell) in list.columns.iter().zip(&row.cells) {
        map.insert(column.name.to_owned(), cell.json());
    }
    map.into()
}

fn encode(cursor: &Cursor) -> String {
    URL_SAFE_NO_PAD.encode(json!([cursor.key, cursor.id]).to_string())
}

fn decode(text: &str) -> Option<Cursor> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (key, id): (String, String) = serde_json::from_slice(&bytes).ok()?;
    Some(Cursor { key, id })
}
