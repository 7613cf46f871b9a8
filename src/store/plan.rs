//! How one page is asked: by keyset, in one statement or value by value of the column that leads. Not what is asked: that is
//! `list`.

use super::condition::Condition;
use super::db::{Engine, Tx};
use super::error::StoreError;
use super::list::{Key, ListSpec, Listed, Share, Sort};
use super::query::{Query, Record, Value};
use crate::domain::order::{Cursor, Side};
use std::cmp::Ordering;

/// Values of a split column that are read one by one; more are skipped through in order.
const MOST_PARTS: usize = 24;
/// Organisations and vendors have about one in so many of the rows each.
const PARTIES: i64 = 40;

/// Which way a page is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Smallest first.
    Up,
    /// Largest first.
    Down,
}

impl Direction {
    /// The way to read for the rows on one side of a cursor.
    pub const fn toward(self, side: Side) -> Self {
        match (self, side) {
            (Self::Up, Side::After) | (Self::Down, Side::Before) => Self::Up,
            (Self::Down, Side::After) | (Self::Up, Side::Before) => Self::Down,
        }
    }
}

/// A page that is ready to be asked.
pub(super) struct Plan<'a> {
    /// The list.
    pub spec: &'static ListSpec,
    /// Its sort.
    pub sort: Sort,
    /// Which way it is read.
    pub direction: Direction,
    /// Read on from here.
    pub cursor: Option<&'a Cursor>,
    /// Rows at most.
    pub limit: u32,
    /// Records per state, where they are counted.
    pub counts: &'a [(String, i64)],
}

impl Plan<'_> {
    /// One row more than the limit, in the direction of reading.
    pub async fn rows<R: Record>(
        &self,
        tx: &mut Tx,
        conditions: Vec<Condition>,
    ) -> Result<Vec<Listed<R>>, StoreError>
    where
        Listed<R>: Record,
    {
        if conditions.iter().any(Condition::never) {
            return Ok(Vec::new());
        }
        let parts = self.parts(conditions, tx.engine());
        let alone = parts.len() == 1;
        let mut rows: Vec<Listed<R>> = Vec::new();
        for part in parts {
            rows.extend(tx.all(self.query(&part)).await?);
        }
        if !alone {
            rows.sort_by(|a, b| self.compare(a, b));
        }
        rows.truncate(self.limit as usize + 1);
        Ok(rows)
    }

    /// Conditions per statement: one statement for each value of the column that leads, or one in all.
    fn parts(&self, mut conditions: Vec<Condition>, engine: Engine) -> Vec<Vec<Condition>> {
        let Some(lead) = self.lead(&conditions) else {
            return vec![
                conditions
                    .into_iter()
                    .map(|c| self.follower(c, engine))
                    .collect(),
            ];
        };
        let Condition::Among(column, values) = conditions.swap_remove(lead) else {
            return vec![conditions];
        };
        let rest: Vec<Condition> = conditions
            .into_iter()
            .map(|c| self.follower(c, engine))
            .collect();
        let part = |value: Value| {
            let mut part = vec![Condition::Among(column, vec![value])];
            part.extend(rest.iter().cloned());
            part
        };
        values.into_iter().map(part).collect()
    }

    /// The condition whose index finds the fewest rows. A database without statistics would take any.
    fn lead(&self, conditions: &[Condition]) -> Option<usize> {
        let weights = conditions.iter().enumerate();
        let known = weights.filter_map(|(i, c)| Some((self.rows_of(c)?, i)));
        known.min().map(|(_, i)| i)
    }

    /// About how many rows a condition leaves, when an index in the order of the sort can find them value by value.
    fn rows_of(&self, condition: &Condition) -> Option<i64> {
        let Condition::Among(column, values) = condition else {
            return None;
        };
        let split = self.sort.split.iter().find(|s| s.column == *column)?;
        if values.len() > MOST_PARTS {
            return None;
        }
        let all: i64 = self.counts.iter().map(|(_, n)| n).sum();
        let counted = self
            .counts
            .iter()
            .filter(|(state, _)| values.contains(&Value::from(state)));
        Some(match split.share {
            Share::Counted => counted.map(|(_, n)| n).sum(),
            Share::Even => all / PARTIES * i64::try_from(values.len()).unwrap_or(i64::MAX),
            Share::Rare => -1,
        })
    }

    /// A condition that another one leads. `SQLite` keeps no statistics here and would be tempted by its index; `PostgreSQL`
    /// knows better by itself.
    fn follower(&self, condition: Condition, engine: Engine) -> Condition {
        let split = |column| self.sort.split.iter().any(|s| s.column == column);
        match (condition, engine) {
            (Condition::Among(column, values), Engine::Sqlite) if split(column) => {
                Condition::Dense(column, values)
            }
            (other, _) => other,
        }
    }

    fn query(&self, conditions: &[Condition]) -> Query {
        let (column, id) = (self.sort.by.column(), self.spec.id.column());
        let query = Query::new("SELECT CAST(").push(column);
        let query = query.push(" AS TEXT) AS sort_key, CAST(").push(id);
        let query = query.push(" AS TEXT) AS sort_id, ").push(self.spec.columns);
        let mut query = query.push(" FROM ").push(self.spec.from);
        let mut word = " WHERE ";
        for condition in conditions {
            query = condition.write(query.push(word));
            word = " AND ";
        }
        if let Some((key, last)) = self.start() {
            query = query.push(word).push("(").push(column).push(", ").push(id);
            query = query.push(match self.direction {
                Direction::Up => ") > (",
                Direction::Down => ") < (",
            });
            query = query.args([key, last]).push(")");
        }
        let order = match self.direction {
            Direction::Up => ["", ", ", " LIMIT "],
            Direction::Down => [" DESC, ", "", " DESC LIMIT "],
        };
        query = query.push(" ORDER BY ").push(column);
        query = query.push(order[0]).push(order[1]).push(id);
        query.push(order[2]).arg(self.limit + 1)
    }

    fn start(&self) -> Option<(Value, Value)> {
        let cursor = self.cursor?;
        let key = self.sort.by.value(&cursor.key)?;
        Some((key, self.spec.id.value(&cursor.id)?))
    }

    fn compare<R>(&self, a: &Listed<R>, b: &Listed<R>) -> Ordering {
        let by_key = self.sort.by.compare(&a.at.key, &b.at.key);
        let order = by_key.then_with(|| self.spec.id.compare(&a.at.id, &b.at.id));
        match self.direction {
            Direction::Up => order,
            Direction::Down => order.reverse(),
        }
    }
}

impl Key {
    pub(super) const fn column(self) -> &'static str {
        match self {
            Self::Number(column) | Self::Text(column) => column,
        }
    }

    pub(super) fn value(self, text: &str) -> Option<Value> {
        match self {
            Self::Number(_) => text.parse::<i64>().ok().map(Value::from),
            Self::Text(_) => Some(Value::from(text)),
        }
    }

    fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            Self::Number(_) => a.parse::<i64>().ok().cmp(&b.parse::<i64>().ok()),
            Self::Text(_) => a.cmp(b),
        }
    }
}
