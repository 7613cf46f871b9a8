//! Rules over several columns, as the specification states them. Those that need one row only are judged here;
//! those that need the whole file are only described here and kept by the ledger.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::finding::{Code, Severity};
use super::specification::{CodeEntry, Position, Specification, SpecificationError};

/// A typed cell; texts stay in the record.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    /// Empty, or invalid and therefore not delivered.
    Absent,
    Text,
    Code(&'static CodeEntry),
    /// A year or another whole number.
    Whole(u16),
    Date(NaiveDate),
    Number(f64),
}

impl Value {
    pub(super) fn date(self) -> Option<NaiveDate> {
        if let Self::Date(date) = self {
            Some(date)
        } else {
            None
        }
    }

    pub(super) fn code(self) -> Option<&'static CodeEntry> {
        if let Self::Code(entry) = self {
            Some(entry)
        } else {
            None
        }
    }

    pub(super) fn number(self) -> Option<f64> {
        if let Self::Number(number) = self {
            Some(number)
        } else {
            None
        }
    }

    pub(super) fn whole(self) -> Option<u16> {
        if let Self::Whole(number) = self {
            Some(number)
        } else {
            None
        }
    }
}

/// One rule: what it checks, what breaking it costs, and the column that then counts as not delivered.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) code: Code,
    pub(super) severity: Severity,
    pub(super) column: Option<Position>,
    pub(super) check: Check<Position>,
}

/// What a rule checks; `T` is a name in the document and a position afterwards.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Check<T> {
    /// The column is the organisation that delivers, when that is known.
    DeliveringOrganisation,
    /// The column is the same in every row, when the delivering organisation is not known.
    OneOrganisation,
    /// The date is not after the day of delivery.
    NotAfterDelivery,
    /// The date is not before that of another column.
    NotBefore(T),
    /// The date lies within two others; without the second one, until the day of delivery.
    Inside { from: T, until: T },
    /// The year is not after that of a date.
    YearNotAfter(T),
    /// All of these are filled, or none.
    Together(Vec<T>),
    /// The sentinel of the code list stands only where the list says "items only", and nothing else stands there.
    SentinelOfList(T),
    /// The score lies within the range of its code.
    RangeOfList(T),
    /// At least one of these counts as delivered.
    Any(Vec<T>),
    /// The key of the specification occurs once.
    PrimaryKey,
    /// Within rows of equal group, these columns are equal.
    SameWithin { group: Vec<T>, columns: Vec<T> },
    /// These columns, and every column that is not known, hold no citizen service numbers.
    NoCitizenNumbers(Vec<T>),
}

/// A rule as the document states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NamedRule {
    code: String,
    severity: Severity,
    #[serde(default)]
    column: Option<String>,
    check: Check<String>,
}

/// A row while it is judged.
pub(super) struct Row<'a> {
    pub(super) specification: &'static Specification,
    pub(super) values: &'a [Value],
    /// A bit per position whose cell is filled, valid or not.
    pub(super) filled: u64,
    pub(super) day_of_delivery: NaiveDate,
}

impl Rule {
    /// Whether a row breaks this rule; an absent value breaks nothing.
    pub(super) fn is_broken_by(&self, row: &Row<'_>) -> bool {
        let own = self
            .column
            .map_or(Value::Absent, |column| row.values[column]);
        let date_of = |position: Position| row.values[position].date();
        match &self.check {
            Check::NotAfterDelivery => own.date().is_some_and(|date| date > row.day_of_delivery),
            Check::NotBefore(other) => own
                .date()
                .zip(date_of(*other))
                .is_some_and(|(date, other)| date < other),
            Check::Inside { from, until } => own.date().is_some_and(|date| {
                date_of(*from).is_some_and(|from| date < from)
                    || date > date_of(*until).unwrap_or(row.day_of_delivery)
            }),
            Check::YearNotAfter(other) => own
                .whole()
                .zip(date_of(*other))
                .is_some_and(|(year, date)| i32::from(year) > date.year()),
            Check::Together(columns) => {
                let filled = columns
                    .iter()
                    .filter(|&&column| row.filled >> column & 1 == 1)
                    .count();
                filled != 0 && filled != columns.len()
            }
            Check::SentinelOfList(by) => {
                let sentinel = row.specification.fields[*by]
                    .list()
                    .and_then(|list| list.sentinel);
                let pair = own.number().zip(row.values[*by].code());
                pair.is_some_and(|(score, code)| code.items_only != is_sentinel(score, sentinel))
            }
            Check::RangeOfList(by) => {
                let pair = own.number().zip(row.values[*by].code());
                pair.is_some_and(|(score, code)| !code.items_only && !code.holds(score))
            }
            Check::Any(columns) => columns
                .iter()
                .all(|&column| row.values[column] == Value::Absent),
            Check::DeliveringOrganisation
            | Check::OneOrganisation
            | Check::PrimaryKey
            | Check::SameWithin { .. }
            | Check::NoCitizenNumbers(_) => false,
        }
    }
}

/// Scores come from text, so 999 is 999 to the last bit; a margin keeps `999,0` and the lint content.
pub(super) fn is_sentinel(score: f64, sentinel: Option<f64>) -> bool {
    sentinel.is_some_and(|sentinel| (score - sentinel).abs() < f64::EPSILON)
}

impl<T> Check<T> {
    /// Whether it needs the rows before it.
    pub(super) fn needs_file(&self) -> bool {
        matches!(
            self,
            Self::DeliveringOrganisation
                | Self::OneOrganisation
                | Self::PrimaryKey
                | Self::SameWithin { .. }
        )
    }
}

impl NamedRule {
    /// Replaces names by positions.
    pub(super) fn resolve(
        self,
        find: &impl Fn(&str) -> Result<Position, SpecificationError>,
    ) -> Result<Rule, SpecificationError> {
        let code = self
            .code
            .parse()
            .map_err(|_| SpecificationError::Unknown(self.code))?;
        let column = self.column.as_deref().map(find).transpose()?;
        let check = self.check.resolve(find)?;
        Ok(Rule {
            code,
            severity: self.severity,
            column,
            check,
        })
    }
}

impl Check<String> {
    fn resolve(
        self,
        find: &impl Fn(&str) -> Result<Position, SpecificationError>,
    ) -> Result<Check<Position>, SpecificationError> {
        let all = |names: Vec<String>| {
            names
                .iter()
                .map(|name| find(name))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match self {
            Self::DeliveringOrganisation => Check::DeliveringOrganisation,
            Self::OneOrganisation => Check::OneOrganisation,
            Self::NotAfterDelivery => Check::NotAfterDelivery,
            Self::NotBefore(other) => Check::NotBefore(find(&other)?),
            Self::Inside { from, until } => Check::Inside {
                from: find(&from)?,
                until: find(&until)?,
            },
            Self::YearNotAfter(other) => Check::YearNotAfter(find(&other)?),
            Self::Together(columns) => Check::Together(all(columns)?),
            Self::SentinelOfList(by) => Check::SentinelOfList(find(&by)?),
            Self::RangeOfList(by) => Check::RangeOfList(find(&by)?),
            Self::Any(columns) => Check::Any(all(columns)?),
            Self::PrimaryKey => Check::PrimaryKey,
            Self::SameWithin { group, columns } => Check::SameWithin {
                group: all(group)?,
                columns: all(columns)?,
            },
            Self::NoCitizenNumbers(columns) => Check::NoCitizenNumbers(all(columns)?),
        })
    }
}
