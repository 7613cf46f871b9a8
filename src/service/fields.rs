//! Values that people typed for an action: checked against the table of fields, trimmed, and compared for the audit.

use super::error::{Error, Wrong};
use crate::domain::account;
use crate::domain::action::{Field, FieldKind};
use crate::domain::check::{self, Flaw};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Values by field name.
pub type Values = BTreeMap<String, String>;

/// The values trimmed, when all fit their fields; else every value that does not.
pub fn check(fields: &[Field], values: &Values) -> Result<Values, Error> {
    let mut wrong: Vec<Wrong> = values
        .keys()
        .filter(|name| !fields.iter().any(|f| f.name == name.as_str()))
        .map(|name| Wrong {
            field: name.clone(),
            flaw: Flaw::Unknown,
        })
        .collect();
    let mut clean = Values::new();
    for field in fields {
        let text = values.get(field.name).map_or("", |v| v.trim());
        match check_one(field, text) {
            Ok(value) => {
                clean.insert(field.name.to_owned(), value);
            }
            Err(flaw) => wrong.push(Wrong {
                field: field.name.to_owned(),
                flaw,
            }),
        }
    }
    if wrong.is_empty() {
        Ok(clean)
    } else {
        Err(Error::Invalid(wrong))
    }
}

/// One value in its stored form; also what a form checks when a field is left.
pub fn check_one(field: &Field, text: &str) -> Result<String, Flaw> {
    if text.is_empty() {
        return if field.required {
            Err(Flaw::Missing)
        } else {
            Ok(String::new())
        };
    }
    match field.kind {
        FieldKind::Line | FieldKind::Reference(_) => check::line(text)?,
        FieldKind::Email => check::email(text)?,
        FieldKind::Date => check::date(text)?,
        FieldKind::Digits(count) => check::digits(text, count)?,
        FieldKind::Choice(codes) => {
            if !codes.contains(&text) {
                return Err(Flaw::UnknownCode);
            }
        }
        FieldKind::Choices(codes) => return choices(codes, text),
        FieldKind::Flag => return flag(text),
    }
    if field.name == "postcode" {
        check::postcode(text)?;
    }
    Ok(text.to_owned())
}

fn choices(codes: &[&str], text: &str) -> Result<String, Flaw> {
    let given: Vec<&str> = text
        .split(',')
        .map(str::trim)
        .filter(|c| !c.is_empty())
        .collect();
    if given.is_empty() {
        return Err(Flaw::Missing);
    }
    if given.iter().any(|g| !codes.contains(g)) {
        return Err(Flaw::UnknownCode);
    }
    Ok(codes
        .iter()
        .copied()
        .filter(|c| given.contains(c))
        .collect::<Vec<_>>()
        .join(","))
}

fn flag(text: &str) -> Result<String, Flaw> {
    match text {
        "yes" | "true" | "1" | "ja" => Ok("yes".to_owned()),
        "no" | "false" | "0" | "nee" => Ok(String::new()),
        _ => Err(Flaw::UnknownCode),
    }
}

/// A value by name; empty when it is not there.
pub fn get<'a>(values: &'a Values, name: &str) -> &'a str {
    values.get(name).map_or("", String::as_str)
}

/// What changed, as the audit may know it: code, date and digit fields with before and after, other fields by name.
pub fn changes(fields: &[Field], before: &Values, after: &Values) -> Value {
    let mut all = Map::new();
    for field in fields {
        let (old, new) = (get(before, field.name), get(after, field.name));
        if old == new {
            continue;
        }
        let open = matches!(
            field.kind,
            FieldKind::Choice(_)
                | FieldKind::Choices(_)
                | FieldKind::Date
                | FieldKind::Digits(_)
                | FieldKind::Flag
        );
        let change = if open && !field.personal {
            json!({ "before": old, "after": new })
        } else {
            json!("changed")
        };
        all.insert(field.name.to_owned(), change);
    }
    Value::Object(all)
}

/// Role codes in their stored order; the flaw when one is unknown or none is given.
pub fn roles(text: &str) -> Result<String, Flaw> {
    let roles = account::split(text).ok_or(Flaw::UnknownCode)?;
    if roles.is_empty() {
        Err(Flaw::Missing)
    } else {
        Ok(account::join(&roles))
    }
}
