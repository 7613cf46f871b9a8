//! Walks through the document along the schema: which element may stand where, what occurs once, whose file it is, and what is
//! handed over. What an attribute must be is judged elsewhere.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::accepted::CarePathRow;
use super::super::citizen_number::{Suspect, suspicious};
use super::super::finding::{Code, Column, Finding, Severity, Tally};
use super::super::options::Options;
use super::super::seen::Folded;
use super::super::specification::Role;
use super::attributes::{Judged, Told};
use super::care_path::{Counted, Held};
use super::document::{Characters, Ends};
use super::markup;
use super::namespace::{self, Scope, Space};
use super::schema::{Element, Part, Schema};

/// Values of an attribute that are looked at for citizen numbers, unless the attribute is a key: there are many attributes, and
/// so many values are more evidence than any judgement needs.
const SUSPECTED: u32 = 100_000;

/// Hints for validators, which are allowed and not followed.
const HINTS: [&str; 2] = ["schemaLocation", "noNamespaceSchemaLocation"];

/// A document under way.
pub(super) struct Walk<'w> {
    schema: &'static Schema,
    options: &'w Options,
    tally: &'w mut Tally,
    accept: &'w mut dyn FnMut(&CarePathRow<'_>),
    scope: Scope,
    open: Vec<Level>,
    held: Held,
    organisation: Option<String>,
    /// By element and attribute, with the number of values that were looked at.
    suspects: Vec<Vec<(u32, Suspect)>>,
    pub(super) rows: u64,
    pub(super) accepted: u64,
    pub(super) ignored: u64,
}

/// An element that is open.
enum Level {
    Known {
        element: &'static Element,
        /// The place in the order of children.
        order: usize,
        /// A bit for each kind of child that occurred.
        occurred: u64,
        keys: Vec<HashSet<u64, Folded>>,
    },
    /// Not of the schema; what it holds is only read.
    Foreign,
}

/// Whether the document goes on after a node.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Onward {
    Continue,
    Stop,
}

/// The start tag of an element and where it stands.
struct Tag<'t> {
    content: &'t str,
    line: u64,
}

impl Tag<'_> {
    /// The line of a place within the tag.
    fn line_at(&self, offset: usize) -> u64 {
        let before = &self.content.as_bytes()[..offset];
        self.line + markup::line_ends(before, false)
    }
}

impl<'w> Walk<'w> {
    pub(super) fn new(
        schema: &'static Schema,
        options: &'w Options,
        tally: &'w mut Tally,
        accept: &'w mut dyn FnMut(&CarePathRow<'_>),
    ) -> Self {
        let suspects = schema.elements.iter();
        Self {
            schema,
            options,
            tally,
            accept,
            scope: Scope::new(&schema.namespace),
            open: Vec::new(),
            held: Held::default(),
            organisation: None,
            suspects: suspects
                .map(|e| {
                    e.attributes
                        .iter()
                        .map(|_| (0, Suspect::default()))
                        .collect()
                })
                .collect(),
            rows: 0,
            accepted: 0,
            ignored: 0,
        }
    }

    /// Takes in a start tag.
    pub(super) fn open(&mut self, content: &str, line: u64, ends: Ends) -> Onward {
        let tag = Tag { content, line };
        let mut given = Vec::with_capacity(16);
        let opened = markup::tag(content, &mut given).and_then(|name| {
            self.scope.open(self.open.len(), &given)?;
            let name = self.scope.element(name).map_err(|code| (code, 0))?;
            Ok((name, self.tell(&given)?))
        });
        let onward = match opened {
            Ok((name, told)) => self.enter(name, &told, &tag),
            Err((code, offset)) => {
                self.refuse(code, Some(tag.line_at(offset)), None);
                Onward::Stop
            }
        };
        if onward == Onward::Stop || ends == Ends::Later {
            return onward;
        }
        self.close(line)
    }

    /// Takes in the end of an element.
    pub(super) fn close(&mut self, line: u64) -> Onward {
        let Some(level) = self.open.pop() else {
            return Onward::Stop;
        };
        self.scope.close(self.open.len());
        let Level::Known {
            element, occurred, ..
        } = level
        else {
            return Onward::Continue;
        };
        for (place, child) in element.children.iter().enumerate() {
            if child.required && occurred >> place & 1 == 0 {
                let name = &self.schema.elements[child.element].name;
                self.refuse(Code::MissingElement, Some(line), Some(Column::Named(name)));
            }
        }
        if element.part == Some(Part::CarePath) {
            return self.close_path();
        }
        Onward::Continue
    }

    /// Takes in characters between tags.
    pub(super) fn text(&mut self, characters: Characters, line: u64) {
        if let Some(Level::Known { element, .. }) = self.open.last()
            && (characters == Characters::Other || element.children.is_empty())
        {
            let name = Column::Named(&element.name);
            self.refuse(Code::TextContent, Some(line), Some(name));
        }
    }

    /// Judges what needed the whole document.
    pub(super) fn finish(&mut self) {
        for (element, suspects) in self.schema.elements.iter().zip(&self.suspects) {
            for (attribute, (_, suspect)) in element.attributes.iter().zip(suspects) {
                if suspect.is_beyond_chance() {
                    let label = Column::Named(&attribute.label);
                    self.tally
                        .add(Finding::file(Code::CitizenNumbers, None, Some(label)));
                }
            }
        }
    }

    /// The attributes with their values; declarations and hints are taken out.
    fn tell<'t>(&self, given: &[markup::Given<'t>]) -> Result<Vec<Told<'t>>, (Code, usize)> {
        let mut told = Vec::with_capacity(given.len());
        let mut hints = Vec::new();
        for attribute in given {
            let flaw = |code| (code, attribute.offset);
            let value = markup::value(attribute.raw).map_err(flaw)?;
            if namespace::is_declaration(attribute.name) {
                continue;
            }
            let (space, local) = self.scope.attribute(attribute.name).map_err(flaw)?;
            if space == Space::Instance && HINTS.contains(&local) {
                if hints.contains(&local) {
                    return Err(flaw(Code::DuplicateAttribute));
                }
                hints.push(local);
                continue;
            }
            told.push(Told {
                name: (space == Space::None).then_some(local),
                value,
                offset: attribute.offset,
            });
        }
        Ok(told)
    }

    fn enter(&mut self, name: (Space, &str), told: &[Told<'_>], tag: &Tag<'_>) -> Onward {
        let Some(number) = self.place(name, tag.line) else {
            self.open.push(Level::Foreign);
            return Onward::Continue;
        };
        let schema = self.schema;
        let element = &schema.elements[number];
        let known = |attribute: &str| schema.label(attribute);
        let judged = Judged::of(element, told, self.options.as_of, &known);
        for fault in &judged.faults {
            self.tally.add(Finding {
                code: fault.code,
                severity: fault.severity,
                row: Some(tag.line_at(fault.offset)),
                column: fault.column,
                count: 1,
            });
        }
        self.suspect(number, &judged);
        let onward = self.key(number, &judged, tag);
        self.open.push(Level::Known {
            element,
            order: 0,
            occurred: 0,
            keys: element.uniques.iter().map(|_| HashSet::default()).collect(),
        });
        if onward == Onward::Stop {
            return onward;
        }
        element
            .part
            .map_or(Onward::Continue, |part| self.hold(part, &judged, tag))
    }

    /// Which element of the schema this is, when it may stand here.
    fn place(&mut self, (space, name): (Space, &str), line: u64) -> Option<usize> {
        let schema = self.schema;
        let named = schema.find(name);
        let found = named.filter(|_| space == Space::Own);
        let label = named.map(|number| Column::Named(&schema.elements[number].name));
        let code = match (self.open.last_mut(), found) {
            (Some(Level::Foreign), _) => return None,
            (None, Some(0)) => return Some(0),
            (None, _) if named == Some(0) => Code::WrongNamespace,
            (None, _) => Code::WrongRoot,
            (Some(_), None) if named.is_some() => Code::WrongNamespace,
            (Some(_), None) => Code::UnknownElement,
            (
                Some(Level::Known {
                    element,
                    order,
                    occurred,
                    ..
                }),
                Some(number),
            ) => {
                let mut places = element.children.iter();
                match places.position(|child| child.element == number) {
                    Some(place) if place >= *order => {
                        *order = place;
                        *occurred |= 1 << place;
                        return Some(number);
                    }
                    _ => Code::MisplacedElement,
                }
            }
        };
        self.refuse(code, Some(line), label);
        None
    }

    /// Compares the keys of an element with those of its siblings; only digests are kept.
    fn key(&mut self, number: usize, judged: &Judged<'_>, tag: &Tag<'_>) -> Onward {
        let limit = usize::try_from(self.options.limits.rows).unwrap_or(usize::MAX);
        let Some(Level::Known { element, keys, .. }) = self.open.last_mut() else {
            return Onward::Continue;
        };
        let mut twice = None;
        for (unique, seen) in element.uniques.iter().zip(keys) {
            if unique.child != number {
                continue;
            }
            let mut hasher = DefaultHasher::new();
            let values = unique.by.iter().map(|position| judged.raw(*position));
            // A key with an attribute that is not there is no key.
            let Some(values) = values.collect::<Option<Vec<_>>>() else {
                continue;
            };
            values.hash(&mut hasher);
            if seen.len() > limit {
                self.refuse(Code::TooManyRows, Some(tag.line), None);
                return Onward::Stop;
            }
            if !seen.insert(hasher.finish()) {
                twice = unique.by.first().copied();
            }
        }
        if let Some(position) = twice {
            let label = &self.schema.elements[number].attributes[position].label;
            let line = tag.line_at(judged.offset(position));
            self.refuse(
                Code::DuplicateElement,
                Some(line),
                Some(Column::Named(label)),
            );
        }
        Onward::Continue
    }

    fn suspect(&mut self, number: usize, judged: &Judged<'_>) {
        let element = &self.schema.elements[number];
        for (position, attribute) in element.attributes.iter().enumerate() {
            let Some(value) = judged.raw(position).filter(|_| attribute.suspect) else {
                continue;
            };
            let (looked_at, suspect) = &mut self.suspects[number][position];
            let key = element.table.fields[position].role.is_some();
            if key || *looked_at < SUSPECTED {
                *looked_at += u32::from(!key);
                if let Some(digits) = suspicious(value.as_bytes()) {
                    suspect.note(digits);
                }
            }
        }
    }

    /// Keeps what an element means to us.
    fn hold(&mut self, part: Part, judged: &Judged<'_>, tag: &Tag<'_>) -> Onward {
        match part {
            Part::Organisation => self.compare_organisation(judged, tag),
            Part::Client => self.held.open_client(judged, tag.line),
            Part::CarePath => self.held.open_path(judged, tag.line),
            Part::Treatment => {
                if let Some(birth) = self.held.open_treatment(judged) {
                    self.tally.add(Finding {
                        code: Code::BornAfterStart,
                        severity: Severity::Value,
                        row: Some(birth.line),
                        column: Some(Column::Named(birth.label)),
                        count: 1,
                    });
                }
            }
            Part::Measurement => {
                if self.is_over_rows(tag.line) {
                    return Onward::Stop;
                }
                return self.measure(judged, tag.line);
            }
        }
        Onward::Continue
    }

    fn compare_organisation(&mut self, judged: &Judged<'_>, tag: &Tag<'_>) {
        let code = judged
            .text(Role::Organisation)
            .filter(|code| !code.is_empty());
        let Some(code) = code else { return };
        let label = judged.label(Role::Organisation).map(Column::Named);
        let differs = match (&self.options.organisation, &self.organisation) {
            (Some(delivering), _) if delivering != code => Code::WrongOrganisation,
            (None, Some(first)) if first != code => Code::SeveralOrganisations,
            _ => {
                self.organisation = Some(code.to_owned());
                return;
            }
        };
        self.refuse(differs, Some(tag.line), label);
    }

    fn measure(&mut self, judged: &Judged<'_>, line: u64) -> Onward {
        let faults = judged.faults.iter();
        let sound = faults.clone().all(|f| f.severity < Severity::Measurement);
        match self.held.measure(judged, line, sound) {
            Counted::Accepted => self.accepted += 1,
            Counted::Ignored => self.ignored += 1,
            Counted::Again => {
                self.ignored += 1;
                self.tally.add(Finding {
                    code: Code::MeasuredTwice,
                    severity: Severity::Measurement,
                    row: Some(line),
                    column: None,
                    count: 1,
                });
            }
            Counted::TooMany => {
                self.refuse(Code::TooManyMeasurements, Some(line), None);
                return Onward::Stop;
            }
        }
        Onward::Continue
    }

    fn close_path(&mut self) -> Onward {
        let line = self.held.path_line();
        if !self.held.has_measurements() && self.is_over_rows(line) {
            return Onward::Stop;
        }
        let refused = self.tally.is_file_refused();
        let mut nobody = |_: &CarePathRow<'_>| {};
        let accept = if refused {
            &mut nobody
        } else {
            &mut *self.accept
        };
        if !self.held.close_path(accept) && !refused {
            self.tally.add(Finding {
                code: Code::PathWithoutTreatment,
                severity: Severity::Value,
                row: Some(line),
                column: None,
                count: 1,
            });
        }
        Onward::Continue
    }

    fn is_over_rows(&mut self, line: u64) -> bool {
        if self.rows == self.options.limits.rows {
            self.refuse(Code::TooManyRows, Some(line), None);
            return true;
        }
        self.rows += 1;
        false
    }

    pub(super) fn refuse(&mut self, code: Code, row: Option<u64>, column: Option<Column>) {
        self.tally.add(Finding::file(code, row, column));
    }
}
