//! One record as aligned text or as JSON: its head, its tabs and what may be done with it. Not how it was read.

use super::table::{self, Reader};
use super::{Grid, Head};
use crate::language::Message;
use crate::language::command::{DETAIL, NAME};
use crate::ui::record::{Body, Check, Related};
use crate::ui::sane::sane;
use crate::ui::{Cell, Record};
use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthStr;

/// The record as text.
pub fn text(record: &Record, reader: Reader) -> String {
    let mut lines = vec![sane(&record.title).into_owned()];
    let id = ("id".to_owned(), record.id.clone());
    let summary = record.summary.iter();
    let summary = summary.map(|(name, cell)| pair(name, cell, reader));
    lines.extend(pairs(std::iter::once(id).chain(summary).collect()));
    for tab in &record.tabs {
        lines.push(String::new());
        lines.push(tab.title.text(reader.language).to_owned());
        lines.extend(body(&tab.body, reader));
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn pair(name: &Message, cell: &Cell, reader: Reader) -> (String, String) {
    let name = name.text(reader.language).to_owned();
    (name, cell.show(reader.language, reader.now))
}

fn pairs(all: Vec<(String, String)>) -> Vec<String> {
    let width = all.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    let line = |(name, value): (String, String)| {
        let blank = " ".repeat(width - name.width());
        let line = format!("  {name}{blank}  {}", sane(&value));
        line.trim_end().to_owned()
    };
    all.into_iter().map(line).collect()
}

fn body(body: &Body, reader: Reader) -> Vec<String> {
    match body {
        Body::Fields(fields) => {
            let all = fields.iter().map(|(name, cell)| pair(name, cell, reader));
            pairs(all.collect())
        }
        Body::Checklist(checks) => checks.iter().map(|c| check(c, reader)).collect(),
        Body::List(related) => list(related, reader),
        Body::Text(lines) => {
            let indented = |l: &String| format!("  {}", sane(l)).trim_end().to_owned();
            lines.iter().map(indented).collect()
        }
        Body::Sections(sections) => {
            let mut lines = Vec::new();
            for (title, inner) in sections {
                lines.push(format!("  {}", title.text(reader.language)));
                let inner = self::body(inner, reader);
                lines.extend(inner.into_iter().map(|line| format!("  {line}")));
            }
            lines
        }
    }
}

fn check(check: &Check, reader: Reader) -> String {
    let mark = if check.done { "[x]" } else { "[ ]" };
    let title = check.title.text(reader.language);
    let line = format!("  {mark} {title}  {}", sane(&check.detail));
    line.trim_end().to_owned()
}

fn list(related: &Related, reader: Reader) -> Vec<String> {
    if related.rows.is_empty() {
        let empty = related.empty.map_or("-", |m| m.text(reader.language));
        return vec![format!("  {empty}")];
    }
    let heads = related.columns.iter();
    let heads = heads.map(|title| Head {
        name: "",
        title,
        rank: 0,
    });
    let grid = Grid {
        heads: heads.collect(),
        rows: related.rows.iter().map(|r| r.cells.clone()).collect(),
    };
    let narrow = Reader {
        width: reader.width.map(|w| w.saturating_sub(2)),
        ..reader
    };
    let table = table::write(&grid, narrow);
    table.lines().map(|l| format!("  {l}")).collect()
}

/// The record as CSV: a line per value with its name, tab and section before it.
pub fn csv(record: &Record) -> String {
    let head = |name, title| Head {
        name,
        title,
        rank: 0,
    };
    let mut rows = Vec::new();
    flatten("", &json(record), &mut rows);
    super::csv::write(&Grid {
        heads: vec![head("field", &NAME), head("value", &DETAIL)],
        rows,
    })
}

fn flatten(path: &str, value: &Value, rows: &mut Vec<Vec<Cell>>) {
    let beneath = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(name, v)| flatten(&beneath(name), v, rows)),
        Value::Array(all) => {
            for (i, v) in all.iter().enumerate() {
                flatten(&beneath(&i.to_string()), v, rows);
            }
        }
        Value::Null => rows.push(vec![Cell::text(path), Cell::Empty]),
        Value::String(text) => rows.push(vec![Cell::text(path), Cell::text(text.clone())]),
        other => rows.push(vec![Cell::text(path), Cell::text(other.to_string())]),
    }
}

/// The record as JSON; names are keys of messages and never translated.
pub fn json(record: &Record) -> Value {
    let mut summary = Map::new();
    for (name, cell) in &record.summary {
        put(&mut summary, name, cell.json());
    }
    let mut tabs = Map::new();
    for tab in &record.tabs {
        put(&mut tabs, tab.title, body_json(&tab.body));
    }
    let actions = record.actions.iter().map(|choice| {
        let spec = choice.act.spec();
        json!({ "action": format!("{} {}", spec.noun, spec.verb), "refusal": choice.refusal })
    });
    json!({
        "id": record.id,
        "version": record.version,
        "state": record.state,
        "title": record.title,
        "summary": summary,
        "tabs": tabs,
        "actions": actions.collect::<Vec<_>>(),
    })
}

fn put(map: &mut Map<String, Value>, name: &Message, value: Value) {
    let mut key = name.key.to_lowercase();
    while map.contains_key(&key) {
        key.push('_');
    }
    map.insert(key, value);
}

fn body_json(body: &Body) -> Value {
    match body {
        Body::Fields(fields) => {
            let mut map = Map::new();
            for (name, cell) in fields {
                put(&mut map, name, cell.json());
            }
            map.into()
        }
        Body::Checklist(checks) => checks
            .iter()
            .map(|c| json!({ "item": c.title.key.to_lowercase(), "done": c.done, "detail": c.detail }))
            .collect(),
        Body::List(related) => {
            json!({ "rows": related.rows.iter().map(|r| row_json(related, r)).collect::<Vec<_>>(), "more": related.more })
        }
        Body::Text(lines) => lines.clone().into(),
        Body::Sections(sections) => {
            let mut map = Map::new();
            for (title, inner) in sections {
                put(&mut map, title, body_json(inner));
            }
            map.into()
        }
    }
}

fn row_json(related: &Related, row: &crate::ui::Row) -> Value {
    let mut map = Map::new();
    map.insert("id".into(), row.id.clone().into());
    for (title, cell) in related.columns.iter().zip(&row.cells) {
        put(&mut map, title, cell.json());
    }
    map.into()
}
