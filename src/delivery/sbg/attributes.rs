//! Judges the attributes of one element: types of the schema first, then our lists and rules. It keeps nothing between elements.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::super::cell::{self, Written};
use super::super::finding::{Code, Column, Severity};
use super::super::rules::{Row, Value};
use super::super::specification::{Field, Position, Role};
use super::lexical::{self, Day, Form};
use super::schema::{Attribute, Element, Kind};

/// An attribute as it stands in the document.
#[derive(Debug)]
pub(super) struct Told<'t> {
    /// Local name; none when it is of a namespace.
    pub(super) name: Option<&'t str>,
    pub(super) value: Cow<'t, str>,
    /// Bytes from the beginning of the tag.
    pub(super) offset: usize,
}

/// A finding within an element; the walk knows the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) severity: Severity,
    pub(super) column: Option<Column>,
    pub(super) offset: usize,
}

/// An element that was judged.
pub(super) struct Judged<'t> {
    element: &'static Element,
    values: Vec<Value>,
    /// Where each attribute stands among those that were told.
    places: Vec<Option<usize>>,
    told: &'t [Told<'t>],
    /// In the order of the tag.
    pub(super) faults: Vec<Fault>,
}

impl<'t> Judged<'t> {
    /// Judges what was told of an element; `known` finds the label of an attribute of another element.
    pub(super) fn of(
        element: &'static Element,
        told: &'t [Told<'t>],
        day_of_delivery: NaiveDate,
        known: &dyn Fn(&str) -> Option<&'static str>,
    ) -> Self {
        let count = element.attributes.len();
        let mut judged = Self {
            element,
            values: vec![Value::Absent; count],
            places: vec![None; count],
            told,
            faults: Vec::new(),
        };
        let mut next = 0;
        for (place, attribute) in told.iter().enumerate() {
            let position = attribute
                .name
                .and_then(|name| element.attribute(name, next));
            if let Some(position) = position {
                judged.places[position] = Some(place);
                judged.read(position, attribute);
                next = position + 1;
            } else {
                let column = attribute.name.and_then(known).map(Column::Named);
                judged.fault(
                    Code::UnknownAttribute,
                    Severity::File,
                    column,
                    attribute.offset,
                );
            }
        }
        judged.miss();
        judged.rule(day_of_delivery);
        judged.faults.sort_by_key(|fault| fault.offset);
        judged
    }

    /// The attribute with a role, as a text without the blanks around it.
    pub(super) fn text(&self, role: Role) -> Option<&'t str> {
        let place = self.places[self.element.table.with_role(role)?]?;
        Some(lexical::collapse(&self.told[place].value))
    }

    /// The label of the attribute with a role.
    pub(super) fn label(&self, role: Role) -> Option<&'static str> {
        let position = self.element.table.with_role(role)?;
        Some(&self.element.attributes[position].label)
    }

    /// The value with a role.
    pub(super) fn value(&self, role: Role) -> Value {
        let position = self.element.table.with_role(role);
        position.map_or(Value::Absent, |position| self.values[position])
    }

    /// The year of birth and its attribute, where the element has one.
    pub(super) fn birth(&self) -> Option<(u16, &'static Attribute)> {
        let mut all = self.element.attributes.iter().zip(&self.values);
        all.find_map(|(attribute, value)| match value {
            Value::Whole(year) => Some((*year, attribute)),
            _ => None,
        })
    }

    /// The value at a position without the blanks around it, whether or not it is what it should be.
    pub(super) fn raw(&self, position: Position) -> Option<&'t str> {
        let place = self.places[position]?;
        Some(lexical::collapse(&self.told[place].value))
    }

    /// Where an attribute stands in the tag; at its beginning when it does not.
    pub(super) fn offset(&self, position: Position) -> usize {
        self.places[position].map_or(0, |place| self.told[place].offset)
    }

    fn read(&mut self, position: Position, told: &Told<'_>) {
        let attribute = &self.element.attributes[position];
        let field = &self.element.table.fields[position];
        match read(attribute, field, &told.value) {
            Ok(value) => self.values[position] = value,
            Err((code, severity)) => {
                let column = Some(Column::Named(&attribute.label));
                self.fault(code, severity, column, told.offset);
                if code == Code::DateWithBlank {
                    self.values[position] = day(&told.value);
                }
            }
        }
    }

    fn miss(&mut self) {
        let element = self.element;
        for (attribute, place) in element.attributes.iter().zip(self.places.clone()) {
            if attribute.required && place.is_none() {
                let column = Some(Column::Named(&attribute.label));
                self.fault(Code::MissingAttribute, Severity::File, column, 0);
            }
        }
    }

    fn rule(&mut self, day_of_delivery: NaiveDate) {
        for rule in &self.element.table.rules {
            let row = Row {
                specification: &self.element.table,
                values: &self.values,
                filled: 0,
                day_of_delivery,
            };
            if !rule.is_broken_by(&row) {
                continue;
            }
            let label =
                |position: Position| Column::Named(&self.element.attributes[position].label);
            let offset = rule.column.map_or(0, |position| self.offset(position));
            self.fault(rule.code, rule.severity, rule.column.map(label), offset);
            if let Some(position) = rule.column {
                self.values[position] = Value::Absent;
            }
        }
    }

    fn fault(&mut self, code: Code, severity: Severity, column: Option<Column>, offset: usize) {
        self.faults.push(Fault {
            code,
            severity,
            column,
            offset,
        });
    }
}

/// Reads a value: what the schema refuses, refuses the file; what we refuse beyond it costs what the data say.
fn read(attribute: &Attribute, field: &Field, value: &str) -> Result<Value, (Code, Severity)> {
    let schema = |code| (code, Severity::File);
    let beyond = |Day(day)| {
        day.map(Value::Date)
            .ok_or((Code::OutOfBounds, field.severity))
    };
    let plain = lexical::collapse(value);
    match attribute.kind {
        Kind::String => match &attribute.fixed {
            Some(fixed) if fixed == value => Ok(Value::Text),
            Some(_) => Err(schema(Code::WrongVersion)),
            None => read_text(field, plain),
        },
        Kind::Int => {
            let number = lexical::int(plain).ok_or(schema(Code::NotAnInteger))?;
            let within = |(low, high): &(i64, i64)| (*low..=*high).contains(&i64::from(number));
            if !attribute.between.is_empty() && !attribute.between.iter().any(within) {
                return Err((Code::OutOfBounds, field.severity));
            }
            let year = u16::try_from(number).ok().filter(|_| attribute.birth);
            Ok(year.map_or(Value::Text, Value::Whole))
        }
        Kind::Decimal => lexical::decimal(plain)
            .map(Value::Number)
            .ok_or(schema(Code::NotADecimal)),
        Kind::Date => beyond(lexical::date(plain).ok_or(schema(Code::NotASchemaDate))?),
        Kind::DateTime => match lexical::date_time(plain) {
            None => Err(schema(Code::NotADateTime)),
            Some((_, Form::Protocol)) => Err((Code::DateWithBlank, Severity::Remark)),
            Some((day, Form::Schema)) => beyond(day),
        },
    }
}

fn read_text(field: &Field, value: &str) -> Result<Value, (Code, Severity)> {
    if value.is_empty() {
        return if field.required {
            Err((Code::Required, field.severity))
        } else {
            Ok(Value::Absent)
        };
    }
    let mut read = Value::Absent;
    cell::read(
        (0, field),
        value.as_bytes(),
        &mut read,
        &mut Written::default(),
    )?;
    Ok(read)
}

fn day(value: &str) -> Value {
    let read = lexical::date_time(lexical::collapse(value));
    let day = read.and_then(|(Day(day), _)| day);
    day.map_or(Value::Absent, Value::Date)
}
