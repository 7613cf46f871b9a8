//! Filter terms as conditions on columns: which names a list knows and what each takes. Not the language itself: that is
//! `domain::filter`; nor the SQL: that is `condition`.

use super::condition::Condition;
use super::db::Tx;
use super::error::StoreError;
use super::lookup::look_up;
use super::query::Value;
use crate::domain::filter::{Compare, FilterError, Term};
use crate::domain::kind::Kind;
use crate::domain::period;
use crate::domain::text::fold;
use crate::domain::time::{Timestamp, parse_span};

/// A field that a list can be filtered by.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in the filter language.
    pub name: &'static str,
    /// What it holds and where.
    pub of: Of,
}

impl Field {
    /// A field by name.
    pub const fn of(name: &'static str, of: Of) -> Self {
        Self { name, of }
    }
}

/// What a field holds and where. Columns are program text with the table's alias.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// The state of a record: always one code of the set.
    State(&'static str, Kind, &'static [&'static str]),
    /// One code of a set, or none.
    Code(&'static str, Kind, &'static [&'static str]),
    /// Text that few rows have: one code of a set, or any text when the set is empty. The guard, which says that a row has
    /// it, is the condition of a partial index.
    Sparse(&'static str, &'static str, Kind, &'static [&'static str]),
    /// Several codes of a set in one column, separated by commas.
    Codes(&'static str, Kind, &'static [&'static str]),
    /// Text that was folded when stored; a value is looked for anywhere in it.
    Folded(&'static str),
    /// Text compared as it stands, from its beginning.
    Prefix(&'static str),
    /// As `Prefix`, on a large table: its column, the same written so that an index does not tempt, and the statement that
    /// counts what stands between `$1` and `$2`, as far as it matters. Few are sorted, many are met while reading in order.
    Ranged(&'static str, &'static str, &'static str),
    /// Text compared as it stands, in full.
    Exact(&'static str),
    /// An identifier, by its first characters; anything that cannot be one matches nothing.
    Id(&'static str),
    /// A column that names another record; the statement finds those records by `$1`, folded and wrapped for LIKE.
    Reference(&'static str, &'static str),
    /// A point in time, compared with a date or, as an age, with a span.
    Time(&'static str),
    /// A point in time, compared as an age: `age>2d`.
    Age(&'static str),
    /// A date `YYYY-MM-DD`.
    Date(&'static str),
    /// A whole number.
    Number(&'static str),
    /// A condition that holds or not.
    Holds(&'static str),
}

/// What a word without a field is compared with: one of these must match.
#[derive(Debug, Clone, Copy)]
pub struct Free {
    /// Characters that the longest word must have at least.
    pub least: usize,
    /// Where it is looked for.
    pub any: &'static [Of],
}

/// Both names of a code as people read it, for those who type the label.
pub type Labels = fn(Kind, &str) -> [String; 2];

/// What the meaning of a term depends on.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The time now, for ages.
    pub now: Timestamp,
    /// Names of codes.
    pub labels: Labels,
}

/// Why a list cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The filter or sort is wrong.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// The database refused or is gone.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whatever holds a text, as a pattern for LIKE with `\` before its signs.
pub fn containing(text: &str) -> String {
    format!("%{}%", escaped(&fold(text)))
}

fn escaped(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let sign = matches!(c, '%' | '_' | '\\');
            sign.then_some('\\').into_iter().chain([c])
        })
        .collect()
}

/// The codes of a set that a value names: by code, by either label, or by the beginning of one.
pub fn codes_named(
    value: &str,
    kind: Kind,
    codes: &'static [&'static str],
    labels: Labels,
) -> Vec<&'static str> {
    let wanted = fold(value);
    if let Some(code) = codes.iter().find(|c| **c == wanted) {
        return vec![code];
    }
    let named = |like: &dyn Fn(&str) -> bool| -> Vec<&'static str> {
        let of = |c: &&'static str| like(c) || labels(kind, c).iter().any(|l| like(&fold(l)));
        codes.iter().copied().filter(of).collect()
    };
    let exact = named(&|name| name == wanted);
    if exact.is_empty() {
        named(&|name| name.starts_with(&wanted))
    } else {
        exact
    }
}

/// The condition that a term sets on a field.
pub async fn condition(
    tx: &mut Tx,
    field: Field,
    term: &Term,
    context: Context,
) -> Result<Condition, ListError> {
    let any = term.values.iter().any(|v| v == "*");
    if let (Of::State(column, kind, codes), true, Compare::Is, false) =
        (field.of, term.negated, term.compare, any)
    {
        // The codes that remain can be read by index, one after the other; "not" cannot.
        let gone = codes_of(field, kind, codes, &term.values, context)?;
        let kept = codes.iter().filter(|c| !gone.contains(c));
        return Ok(among(column, kept.copied().map(Value::from).collect()));
    }
    let met = if term.compare == Compare::Present || any {
        present(field.of)
    } else if matches!(field.of, Of::Reference(..) | Of::Ranged(..)) {
        if term.compare != Compare::Is {
            return Err(bad_compare(field).into());
        }
        let mut alternatives = Vec::with_capacity(term.values.len());
        for value in &term.values {
            alternatives.push(look_up(tx, field.of, value).await?);
        }
        one_of(alternatives)
    } else {
        compared(field, term, context)?
    };
    Ok(negated(met, term.negated))
}

/// Refuses a filter of which no word is long enough; beside a long one, a short word narrows and may stand.
pub fn long_enough(free: Free, terms: &[Term]) -> Result<(), FilterError> {
    let words = terms.iter().filter(|t| t.compare == Compare::Text);
    let lengths = words
        .flat_map(|t| &t.values)
        .map(|v| fold(v).chars().count());
    match lengths.max() {
        Some(longest) if longest < free.least => Err(FilterError::TooShort { least: free.least }),
        _ => Ok(()),
    }
}

/// The condition that a word without a field sets.
pub async fn free(
    tx: &mut Tx,
    free: Free,
    term: &Term,
    context: Context,
) -> Result<Condition, ListError> {
    let word = term.values.first().map_or("", String::as_str);
    let mut alternatives = Vec::with_capacity(free.any.len());
    for of in free.any.iter().copied() {
        alternatives.push(match of {
            of @ (Of::Reference(..) | Of::Ranged(..)) => look_up(tx, of, word).await?,
            of => compared(Field { name: "", of }, term, context)?,
        });
    }
    Ok(negated(one_of(alternatives), term.negated))
}

fn among(column: &'static str, values: Vec<Value>) -> Condition {
    if values.is_empty() {
        Condition::Never
    } else {
        Condition::Among(column, values)
    }
}

fn codes_of(
    field: Field,
    kind: Kind,
    codes: &'static [&'static str],
    values: &[String],
    context: Context,
) -> Result<Vec<&'static str>, FilterError> {
    let mut all = Vec::new();
    for value in values {
        let named = codes_named(value, kind, codes, context.labels);
        if named.is_empty() {
            return Err(bad_value(field));
        }
        all.extend(named);
    }
    Ok(codes.iter().copied().filter(|c| all.contains(c)).collect())
}

fn negated(condition: Condition, negated: bool) -> Condition {
    if negated {
        Condition::Not(Box::new(condition))
    } else {
        condition
    }
}

fn one_of(mut alternatives: Vec<Condition>) -> Condition {
    alternatives.retain(|c| *c != Condition::Never);
    match alternatives.len() {
        0 => Condition::Never,
        1 => alternatives.pop().unwrap_or(Condition::Never),
        _ => Condition::Any(alternatives),
    }
}

const fn bad_compare_of(name: String) -> FilterError {
    FilterError::BadCompare { field: name }
}

fn bad_compare(field: Field) -> FilterError {
    bad_compare_of(field.name.to_owned())
}

fn bad_value(field: Field) -> FilterError {
    FilterError::BadValue {
        field: field.name.to_owned(),
        takes: takes(field.of),
    }
}

/// What a field takes, as codes or an example.
pub fn takes(of: Of) -> String {
    match of {
        Of::State(_, _, codes) | Of::Code(_, _, codes) | Of::Codes(_, _, codes) => codes.join(", "),
        Of::Sparse(_, _, _, codes) if !codes.is_empty() => codes.join(", "),
        Of::Time(_) | Of::Date(_) => "2026-07-01, 2026-07, 2d".to_owned(),
        Of::Age(_) => "15m, 36h, 2d, 3w".to_owned(),
        Of::Number(_) => "0, 10, 250".to_owned(),
        Of::Holds(_) => "*".to_owned(),
        Of::Sparse(..)
        | Of::Folded(_)
        | Of::Prefix(_)
        | Of::Exact(_)
        | Of::Id(_)
        | Of::Ranged(..)
        | Of::Reference(..) => "…".to_owned(),
    }
}

fn present(of: Of) -> Condition {
    match of {
        Of::Holds(text) | Of::Sparse(_, text, ..) => Condition::Holds(text),
        Of::Time(column) | Of::Age(column) | Of::Number(column) => {
            Condition::Compare(column, " <> ", Value::from(0_i64))
        }
        Of::State(column, ..)
        | Of::Code(column, ..)
        | Of::Codes(column, ..)
        | Of::Folded(column)
        | Of::Prefix(column)
        | Of::Exact(column)
        | Of::Id(column)
        | Of::Reference(column, _)
        | Of::Ranged(column, ..)
        | Of::Date(column) => Condition::Compare(column, " <> ", Value::from("")),
    }
}

fn compared(field: Field, term: &Term, context: Context) -> Result<Condition, FilterError> {
    if let (Of::State(column, kind, codes) | Of::Code(column, kind, codes), Compare::Is) =
        (field.of, term.compare)
    {
        let named = codes_of(field, kind, codes, &term.values, context)?;
        return Ok(among(column, named.into_iter().map(Value::from).collect()));
    }
    if let (Of::Sparse(column, guard, kind, codes), Compare::Is) = (field.of, term.compare) {
        let values = if codes.is_empty() {
            term.values.iter().map(Value::from).collect()
        } else {
            let named = codes_of(field, kind, codes, &term.values, context)?;
            named.into_iter().map(Value::from).collect()
        };
        return Ok(Condition::All(vec![
            among(column, values),
            Condition::Holds(guard),
        ]));
    }
    let alternatives = term
        .values
        .iter()
        .map(|value| match field.of {
            Of::Time(column) | Of::Age(column) => time(field, column, term.compare, value, context),
            Of::Date(column) => date(field, column, term.compare, value),
            Of::Number(column) => number(field, column, term.compare, value),
            _ if term.compare == Compare::More || term.compare == Compare::Less => {
                Err(bad_compare(field))
            }
            Of::Codes(column, kind, codes) => {
                let named = codes_of(field, kind, codes, std::slice::from_ref(value), context)?;
                let holds = |c: &str| Condition::Like(column, format!("%{}%", escaped(c)));
                Ok(one_of(named.into_iter().map(holds).collect()))
            }
            Of::Folded(column) => Ok(Condition::Like(column, containing(value))),
            Of::Prefix(column) => Ok(prefix(column, value)),
            Of::Exact(column) => Ok(Condition::Compare(column, " = ", Value::from(value))),
            Of::Id(column) => Ok(id(column, value)),
            Of::Holds(text) => match fold(value).as_str() {
                "ja" | "yes" | "true" | "1" => Ok(Condition::Holds(text)),
                "nee" | "no" | "false" | "0" => {
                    Ok(Condition::Not(Box::new(Condition::Holds(text))))
                }
                _ => Err(bad_value(field)),
            },
            // These are read whole, before this.
            Of::State(..) | Of::Code(..) | Of::Sparse(..) | Of::Reference(..) | Of::Ranged(..) => {
                Ok(Condition::Never)
            }
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(one_of(alternatives))
}

/// A range that an index serves, which LIKE on a bound value does not.
pub(super) fn prefix(column: &'static str, value: &str) -> Condition {
    Condition::All(vec![
        Condition::Compare(column, " >= ", Value::from(value)),
        Condition::Compare(column, " < ", Value::from(format!("{value}\u{10ffff}"))),
    ])
}

/// Identifiers are UUIDs: fewer than six of their characters name too many rows to be meant.
fn id(column: &'static str, value: &str) -> Condition {
    let value = value.to_ascii_lowercase();
    let fits = value.len() >= 6 && value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    if fits {
        prefix(column, &value)
    } else {
        Condition::Never
    }
}

fn time(
    field: Field,
    column: &'static str,
    compare: Compare,
    value: &str,
    context: Context,
) -> Result<Condition, FilterError> {
    let at = |op, t: Timestamp| Condition::Compare(column, op, Value::from(t));
    let dates = matches!(field.of, Of::Time(_));
    let since = Condition::Compare(column, " > ", Value::from(0_i64));
    if let Some(span) = parse_span(value) {
        let moment = context.now.plus(-span);
        return match compare {
            // Zero stands for "never" and is no age.
            Compare::More => Ok(Condition::All(vec![at(" < ", moment), since])),
            Compare::Less => Ok(at(" > ", moment)),
            Compare::Is | Compare::Present | Compare::Text => Err(bad_compare(field)),
        };
    }
    let period = period::parse(value).filter(|_| dates);
    let period = period.ok_or_else(|| bad_value(field))?;
    Ok(match compare {
        Compare::More => at(" >= ", period.until),
        Compare::Less => Condition::All(vec![at(" < ", period.from), since]),
        Compare::Is | Compare::Present | Compare::Text => {
            Condition::All(vec![at(" >= ", period.from), at(" < ", period.until)])
        }
    })
}

fn date(
    field: Field,
    column: &'static str,
    compare: Compare,
    value: &str,
) -> Result<Condition, FilterError> {
    let (first, next) = period::parse_days(value).ok_or_else(|| bad_value(field))?;
    let day = |op, d: String| Condition::Compare(column, op, Value::from(d));
    Ok(match compare {
        Compare::More => day(" >= ", next),
        Compare::Less => Condition::All(vec![day(" < ", first), day(" > ", String::new())]),
        Compare::Is | Compare::Present | Compare::Text => {
            Condition::All(vec![day(" >= ", first), day(" < ", next)])
        }
    })
}

fn number(
    field: Field,
    column: &'static str,
    compare: Compare,
    value: &str,
) -> Result<Condition, FilterError> {
    let number: i64 = value.parse().map_err(|_| bad_value(field))?;
    let op = match compare {
        Compare::More => " > ",
        Compare::Less => " < ",
        Compare::Is | Compare::Present | Compare::Text => " = ",
    };
    Ok(Condition::Compare(column, op, Value::from(number)))
}
