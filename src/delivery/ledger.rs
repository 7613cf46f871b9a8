//! What only the whole file can tell: keys, care paths, organisations, one form per column, citizen numbers.
//! Rows come in the order of the file, and the findings leave in it.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use super::accepted::Place;
use super::citizen_number::Suspect;
use super::finding::{Code, Column, Finding, Severity, Tally};
use super::header::Layout;
use super::judge::{Fault, Measured, Verdict};
use super::rules::{Check, Rule};
use super::scanner::Record;
use super::seen::Folded;
use super::specification::{Position, Specification};
use super::value::{DateForm, DecimalSign};

/// What is kept of the rows so far: digests and counts, never their text but for one organisation code.
pub(super) struct Ledger {
    specification: &'static Specification,
    organisation: Organisation,
    keys: HashSet<u64, Folded>,
    groups: HashMap<u64, u64, Folded>,
    suspects: Vec<(Column, usize, Suspect)>,
    date_forms: Vec<Option<DateForm>>,
    decimal: Option<DecimalSign>,
    pub(super) accepted: u64,
    pub(super) ignored: u64,
}

/// Whose rows these must be.
enum Organisation {
    Delivering(String),
    /// Nobody said; the first row decides for the others.
    Unknown,
    OfFirstRow(String),
}

impl Ledger {
    pub(super) fn new(
        specification: &'static Specification,
        layout: &Layout,
        delivering: Option<&str>,
    ) -> Self {
        let suspected = specification
            .rules
            .iter()
            .filter_map(|rule| match &rule.check {
                Check::NoCitizenNumbers(columns) => Some(columns),
                _ => None,
            });
        let named = suspected.flatten().map(|&position| {
            (
                Column::Named(&specification.fields[position].name),
                layout.cells[position],
                Suspect::default(),
            )
        });
        let extra = layout
            .extra
            .iter()
            .map(|&cell| (Column::Numbered(cell + 1), cell, Suspect::default()));
        Self {
            specification,
            organisation: delivering.map_or(Organisation::Unknown, |code| {
                Organisation::Delivering(code.to_owned())
            }),
            keys: HashSet::default(),
            groups: HashMap::default(),
            suspects: named.chain(extra).collect(),
            date_forms: vec![None; specification.fields.len()],
            decimal: None,
            accepted: 0,
            ignored: 0,
        }
    }

    /// Takes in the next row; says whether its care path was seen before.
    pub(super) fn enter(
        &mut self,
        record: &Record,
        layout: &Layout,
        verdict: &Verdict,
        tally: &mut Tally,
    ) -> Place {
        for fault in &verdict.faults {
            tally.add(self.finding(fault, record.line()));
        }
        self.weigh_forms(record.line(), verdict, tally);
        let place = self.weigh_rules(record, layout, verdict, tally);
        for (_, cell, suspect) in &mut self.suspects {
            suspect.note(record.cell(*cell));
        }
        match verdict.measured {
            Measured::Nothing => {}
            Measured::Accepted => self.accepted += 1,
            Measured::Ignored => self.ignored += 1,
        }
        place
    }

    fn weigh_rules(
        &mut self,
        record: &Record,
        layout: &Layout,
        verdict: &Verdict,
        tally: &mut Tally,
    ) -> Place {
        let mut place = Place::Further;
        for rule in &self.specification.rules {
            let cell = rule
                .column
                .map_or("", |position| record.cell(layout.cells[position]));
            if self.is_broken(rule, cell, verdict, &mut place) {
                let Rule {
                    code,
                    severity,
                    column,
                    ..
                } = *rule;
                tally.add(self.finding(
                    &Fault {
                        code,
                        severity,
                        column,
                    },
                    record.line(),
                ));
            }
        }
        place
    }

    /// Whether a row breaks a rule that needs the rows before it.
    fn is_broken(&mut self, rule: &Rule, cell: &str, verdict: &Verdict, place: &mut Place) -> bool {
        // A row whose key is damaged would be reported twice.
        let sound = || {
            verdict
                .faults
                .iter()
                .all(|fault| fault.severity != Severity::File)
        };
        match rule.check {
            Check::DeliveringOrganisation | Check::OneOrganisation => {
                !cell.is_empty() && self.organisation.differs(&rule.check, cell)
            }
            Check::PrimaryKey => sound() && !self.keys.insert(verdict.key),
            Check::SameWithin { .. } => sound() && self.differs_within_group(verdict, place),
            _ => false,
        }
    }

    /// Judges what needed all rows.
    pub(super) fn close(&self, tally: &mut Tally) {
        let rule = self
            .specification
            .rules
            .iter()
            .find(|rule| matches!(rule.check, Check::NoCitizenNumbers(_)));
        let Some(rule) = rule else { return };
        for (column, _, suspect) in &self.suspects {
            if suspect.is_beyond_chance() {
                let (code, severity) = (rule.code, rule.severity);
                tally.add(Finding {
                    code,
                    severity,
                    row: None,
                    column: Some(*column),
                    count: 1,
                });
            }
        }
    }

    /// The decimal sign of the file, once one was seen.
    pub(super) fn decimal(&self) -> Option<DecimalSign> {
        self.decimal
    }

    /// The form of dates: that of the first column of the specification that has one.
    pub(super) fn date_form(&self) -> Option<DateForm> {
        self.date_forms.iter().copied().flatten().next()
    }

    fn weigh_forms(&mut self, row: u64, verdict: &Verdict, tally: &mut Tally) {
        for &(position, form) in &verdict.dates {
            if *self.date_forms[position].get_or_insert(form) != form {
                tally.add(Finding::file(
                    Code::MixedDates,
                    Some(row),
                    Some(self.column(position)),
                ));
            }
        }
        if let Some((position, sign)) = verdict.decimal
            && *self.decimal.get_or_insert(sign) != sign
        {
            tally.add(Finding::file(
                Code::MixedDecimals,
                Some(row),
                Some(self.column(position)),
            ));
        }
    }

    fn differs_within_group(&mut self, verdict: &Verdict, place: &mut Place) -> bool {
        let Some((group, columns)) = verdict.group else {
            return false;
        };
        match self.groups.entry(group) {
            Entry::Vacant(vacant) => {
                vacant.insert(columns);
                *place = Place::First;
                false
            }
            Entry::Occupied(first) => *first.get() != columns,
        }
    }

    fn finding(&self, fault: &Fault, row: u64) -> Finding {
        let column = fault.column.map(|position| self.column(position));
        Finding {
            code: fault.code,
            severity: fault.severity,
            row: Some(row),
            column,
            count: 1,
        }
    }

    fn column(&self, position: Position) -> Column {
        Column::Named(&self.specification.fields[position].name)
    }
}

impl Organisation {
    /// Whether a code differs from the one that this check goes by.
    fn differs<T>(&mut self, check: &Check<T>, code: &str) -> bool {
        match (&*self, check) {
            (Self::Delivering(expected), Check::DeliveringOrganisation)
            | (Self::OfFirstRow(expected), Check::OneOrganisation) => expected != code,
            (Self::Unknown, Check::OneOrganisation) => {
                *self = Self::OfFirstRow(code.to_owned());
                false
            }
            _ => false,
        }
    }
}
