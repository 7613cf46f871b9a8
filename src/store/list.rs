//! One list as data and how a page of it is read: filter, sort, keyset on both sides, counts. Each list has a file in `lists`.

use super::condition::Condition;
use super::db::Tx;
use super::error::StoreError;
use super::filter::{self, Context, Field, Free, ListError, Of};
use super::plan::{Direction, Plan};
use super::query::{Query, Record, Value};
use crate::domain::filter::{Compare, FilterError, Term, nearest, parse};
use crate::domain::kind::Kind;
use crate::domain::order::{Cursor, Side};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

/// A list: where its rows come from and what can be asked of it. Columns are program text with the table's alias.
#[derive(Debug)]
pub struct ListSpec {
    /// What stands between SELECT and FROM.
    pub columns: &'static str,
    /// What stands after FROM; joins are outer joins, so that the first table leads.
    pub from: &'static str,
    /// The identifier of a row.
    pub id: Key,
    /// Fields that it can be filtered by.
    pub fields: &'static [Field],
    /// What a word without a field is compared with.
    pub free: Option<Free>,
    /// Its sorts.
    pub sorts: &'static [Sort],
    /// The sort when none is asked, `-` before it for descending.
    pub order: &'static str,
    /// The state column and the kind under which its states are counted.
    pub counter: Option<(&'static str, Kind)>,
}

/// A sort column; never NULL and indexed with the identifier.
#[derive(Debug, Clone, Copy)]
pub struct Sort {
    /// Its name.
    pub name: &'static str,
    /// Its column.
    pub by: Key,
    /// Columns for which an index `(column, sort, id)` exists: their values are read one by one and merged.
    pub split: &'static [Split],
    /// Which index serves it when nothing is filtered.
    pub index: Index,
}

/// A column by which a sort can be split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Split {
    /// The column.
    pub column: &'static str,
    /// How its values share the rows.
    pub share: Share,
}

/// How the values of a column share the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// As the counters say.
    Counted,
    /// About the same for each.
    Even,
    /// Next to nothing: the index is partial.
    Rare,
}

impl Split {
    /// A column with its share.
    pub const fn of(column: &'static str, share: Share) -> Self {
        Self { column, share }
    }
}

/// Which index serves a sort when nothing is filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Index {
    /// One on `(sort, id)`.
    Whole,
    /// The one on `(state, sort, id)`, state by state: saves an index on a large table.
    PerState,
}

impl Sort {
    /// A sort by name.
    pub const fn by(name: &'static str, by: Key) -> Self {
        Self {
            name,
            by,
            split: &[],
            index: Index::Whole,
        }
    }
}

/// A column that rows are ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A whole number or point in time.
    Number(&'static str),
    /// Text.
    Text(&'static str),
}

/// A row and where it stands in the order.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<R> {
    /// Value of the sort column and identifier.
    pub at: Cursor,
    /// The row.
    pub row: R,
}

/// What is asked of a list.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// Filter as typed.
    pub filter: &'a str,
    /// Name of a sort, `-` before it for descending; empty for the list's own.
    pub sort: &'a str,
    /// Read on from here.
    pub cursor: Option<&'a Cursor>,
    /// Which side of the cursor.
    pub side: Side,
    /// Rows at most.
    pub limit: u32,
    /// Only rows with this value in this column, whatever the filter says.
    pub scope: Option<(&'static str, &'a str)>,
    /// What terms depend on.
    pub context: Context,
}

/// One page of rows.
#[derive(Debug, Clone)]
pub struct Slice<R> {
    /// Rows in the order asked.
    pub rows: Vec<Listed<R>>,
    /// Whether there are rows before the first.
    pub before: bool,
    /// Whether there are rows after the last.
    pub after: bool,
    /// How many rows the whole list holds, when the counters know.
    pub total: Option<i64>,
    /// Records per state, whatever the filter says.
    pub counts: Vec<(String, i64)>,
}

/// Rows when no limit is given.
const USUAL: u32 = 50;
/// Rows at most in one page.
const MOST_ROWS: u32 = 10_000;

impl ListSpec {
    /// Names of the fields, for the parser and for suggestions.
    pub fn field_names(&self) -> Vec<&'static str> {
        self.fields.iter().map(|f| f.name).collect()
    }

    /// The fields that a filter names, free text as an empty name.
    pub fn fields_used(&self, filter: &str) -> Vec<&'static str> {
        let terms = parse(filter, &self.field_names()).unwrap_or_default();
        let named = self.fields.iter().map(|f| f.name);
        let free = terms.iter().any(|t| t.compare == Compare::Text);
        named
            .filter(|n| terms.iter().any(|t| t.field == *n))
            .chain(free.then_some(""))
            .collect()
    }

    /// Every state, unless states are asked already or the rows are those of one record.
    fn states(&self, conditions: &[Condition]) -> Option<Condition> {
        let states = self.fields.iter().find_map(|f| match f.of {
            Of::State(column, _, codes) => Some((column, codes)),
            _ => None,
        });
        let (state, codes) = states?;
        let narrow = conditions.iter().any(|c| match c {
            Condition::Among(column, _) => *column == state,
            Condition::Compare(_, op, _) => *op == " = ",
            _ => false,
        });
        let codes = codes.iter().copied().map(Value::from).collect();
        (!narrow).then_some(Condition::Among(state, codes))
    }

    fn sort(&self, asked: &str) -> Result<(Sort, Direction), FilterError> {
        let asked = if asked.is_empty() { self.order } else { asked };
        let (name, direction) = match asked.strip_prefix('-') {
            Some(name) => (name, Direction::Down),
            None => (asked, Direction::Up),
        };
        let found = self.sorts.iter().find(|s| s.name == name);
        let sort = found.copied().ok_or_else(|| {
            let names: Vec<&str> = self.sorts.iter().map(|s| s.name).collect();
            FilterError::UnknownField {
                field: name.to_owned(),
                nearest: nearest(name, &names).map(str::to_owned),
            }
        })?;
        Ok((sort, direction))
    }
}

/// Reads a page.
pub async fn read<R: Record>(
    tx: &mut Tx,
    spec: &'static ListSpec,
    asked: &Asked<'_>,
) -> Result<Slice<R>, ListError>
where
    Listed<R>: Record,
{
    let (sort, direction) = spec.sort(asked.sort)?;
    let mut conditions = conditions(tx, spec, asked).await?;
    if let (Index::PerState, Some(states)) = (sort.index, spec.states(&conditions)) {
        conditions.push(states);
    }
    let counts = counts(tx, spec).await?;
    let total = total(spec, &conditions, &counts);
    let plan = Plan {
        spec,
        sort,
        direction: direction.toward(asked.side),
        cursor: asked.cursor,
        limit: if asked.limit == 0 { USUAL } else { asked.limit }.min(MOST_ROWS),
        counts: &counts,
    };
    let mut rows = plan.rows(tx, conditions).await?;
    let most = plan.limit as usize;
    let more = rows.len() > most;
    rows.truncate(most);
    let (before, after) = match asked.side {
        Side::After => (asked.cursor.is_some(), more),
        Side::Before => (more, asked.cursor.is_some()),
    };
    if asked.side == Side::Before {
        rows.reverse();
    }
    Ok(Slice {
        // Counters that lag behind the rows are worse than none.
        total: total.filter(|n| usize::try_from(*n).is_ok_and(|n| n >= rows.len())),
        rows,
        before,
        after,
        counts,
    })
}

/// Reads the row with this identifier, as the list shows it.
pub async fn one<R: Record>(
    tx: &mut Tx,
    spec: &'static ListSpec,
    id: &str,
) -> Result<Option<R>, StoreError> {
    let query = Query::new("SELECT ").push(spec.columns);
    let query = query.push(" FROM ").push(spec.from).push(" WHERE ");
    let query = query.push(spec.id.column()).push(" = ");
    let Some(value) = spec.id.value(id) else {
        return Ok(None);
    };
    tx.optional(query.arg(value)).await
}

async fn conditions(
    tx: &mut Tx,
    spec: &'static ListSpec,
    asked: &Asked<'_>,
) -> Result<Vec<Condition>, ListError> {
    let mut all = Vec::new();
    let terms = parse(asked.filter, &spec.field_names())?;
    if let Some(free) = spec.free {
        filter::long_enough(free, &terms)?;
    }
    for term in terms {
        match condition(tx, spec, &term, asked.context).await? {
            Condition::All(each) => all.extend(each),
            one => all.push(one),
        }
    }
    if let Some((column, value)) = asked.scope {
        all.push(Condition::Compare(column, " = ", Value::from(value)));
    }
    Ok(all)
}

async fn condition(
    tx: &mut Tx,
    spec: &'static ListSpec,
    term: &Term,
    context: Context,
) -> Result<Condition, ListError> {
    if let Some(field) = spec.fields.iter().find(|f| f.name == term.field) {
        return filter::condition(tx, *field, term, context).await;
    }
    match spec.free {
        Some(free) => filter::free(tx, free, term, context).await,
        None => Err(FilterError::UnknownField {
            field: term.values.join(","),
            nearest: None,
        }
        .into()),
    }
}

async fn counts(tx: &mut Tx, spec: &'static ListSpec) -> Result<Vec<(String, i64)>, StoreError> {
    let Some((_, kind)) = spec.counter else {
        return Ok(Vec::new());
    };
    let sql = "SELECT state, n FROM counter WHERE kind = $1 ORDER BY state";
    tx.all(Query::new(sql).bind(kind.as_str())).await
}

/// Known without counting when nothing but states is asked.
fn total(
    spec: &'static ListSpec,
    conditions: &[Condition],
    counts: &[(String, i64)],
) -> Option<i64> {
    let (column, _) = spec.counter?;
    let asked = |state: &str| {
        conditions
            .iter()
            .all(|c| matches!(c, Condition::Among(_, codes) if codes.contains(&Value::from(state))))
    };
    let states_only = |c: &Condition| matches!(c, Condition::Among(of, _) if *of == column);
    conditions.iter().all(states_only).then(|| {
        let counted = counts.iter().filter(|(state, _)| asked(state));
        counted.map(|(_, n)| n).sum()
    })
}

impl<'r, D: Row, R: FromRow<'r, D>> FromRow<'r, D> for Listed<R>
where
    &'static str: ColumnIndex<D>,
    String: Decode<'r, D::Database> + Type<D::Database>,
{
    fn from_row(row: &'r D) -> sqlx::Result<Self> {
        Ok(Self {
            at: Cursor {
                key: row.try_get("sort_key")?,
                id: row.try_get("sort_id")?,
            },
            row: R::from_row(row)?,
        })
    }
}
