//! What only the whole file can tell: keys, care paths, organisations, one form per column, citizen numbers.
//! Rows come in the order of the file, and the findings leave in it.

use super::accepted::{Accepted, Place};
use super::batch::{Fault, Forms, Measured, Notes, RowKind, RowNote};
use super::care_paths::{CarePaths, Entered};
use super::citizen_number::Suspect;
use super::finding::{Code, Column, Finding, Tally};
use super::header::Layout;
use super::rules::{Check, Rule};
use super::specification::{Position, Specification};
use super::value::{DateForm, DecimalSign};

/// What is kept of the rows so far: digests and counts, never their text but for one organisation code.
pub(super) struct Ledger {
    specification: &'static Specification,
    rules: Vec<&'static Rule>,
    organisation: Organisation,
    care_paths: CarePaths,
    suspects: Vec<(Column, Suspect)>,
    date_forms: Vec<Option<DateForm>>,
    /// The same as bits.
    forms: Forms,
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

/// Some rows and where they stand.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) text: &'a str,
    pub(super) notes: &'a Notes,
    /// Line of the file on which the text starts.
    pub(super) line: u64,
}

impl Ledger {
    pub(super) fn new(
        specification: &'static Specification,
        layout: &Layout,
        delivering: Option<&str>,
    ) -> Self {
        let suspects = layout.suspects.iter();
        Self {
            specification,
            rules: specification
                .rules
                .iter()
                .filter(|rule| rule.check.needs_file())
                .collect(),
            organisation: delivering.map_or(Organisation::Unknown, |code| {
                Organisation::Delivering(code.to_owned())
            }),
            care_paths: CarePaths::default(),
            suspects: suspects
                .map(|(column, _)| (*column, Suspect::default()))
                .collect(),
            date_forms: vec![None; specification.fields.len()],
            forms: Forms::default(),
            decimal: None,
            accepted: 0,
            ignored: 0,
        }
    }

    /// Takes in the next row of a page and its faults; hands it over unless something refuses the file.
    pub(super) fn enter(
        &mut self,
        page: Page<'_>,
        (row, faults): (&RowNote, &[Fault]),
        tally: &mut Tally,
        accept: &mut dyn FnMut(&Accepted<'_>),
    ) {
        let line = page.line + row.line;
        for fault in faults {
            tally.add(of(fault, line));
        }
        if row.kind == RowKind::WrongWidth {
            return;
        }
        self.weigh_forms(line, row, tally);
        let place = self.weigh_rules(page, row, tally);
        match row.kind {
            RowKind::Sound(Measured::Accepted) | RowKind::Refused(Measured::Accepted) => {
                self.accepted += 1;
            }
            RowKind::Sound(Measured::Ignored) | RowKind::Refused(Measured::Ignored) => {
                self.ignored += 1;
            }
            RowKind::Sound(Measured::Nothing)
            | RowKind::Refused(Measured::Nothing)
            | RowKind::WrongWidth => {}
        }
        let handed = row.handed.and_then(|place| page.notes.handed.get(place));
        if let Some(handed) = handed
            && !tally.is_file_refused()
        {
            accept(&handed.in_text(page.text, line, place));
        }
    }

    /// Makes room for rows that will be entered.
    pub(super) fn expect(&mut self, rows: &[RowNote]) {
        self.care_paths.expect(rows);
    }

    /// Takes note of numbers that might be citizen service numbers.
    pub(super) fn note(&mut self, numbers: &[(usize, u32)]) {
        for &(suspect, number) in numbers {
            if let Some((_, suspect)) = self.suspects.get_mut(suspect) {
                suspect.note(number);
            }
        }
    }

    fn weigh_rules(&mut self, page: Page<'_>, row: &RowNote, tally: &mut Tally) -> Place {
        let sound = matches!(row.kind, RowKind::Sound(_));
        // A row whose key is damaged would be reported twice.
        let entered = sound.then(|| self.care_paths.enter(row.key, row.group));
        for at in 0..self.rules.len() {
            let rule = self.rules[at];
            if !self.is_broken(rule, page, row, entered) {
                continue;
            }
            let fields = &self.specification.fields;
            let column = rule
                .column
                .map(|column| Column::Named(&fields[column].name));
            let fault = Fault {
                code: rule.code,
                severity: rule.severity,
                column,
            };
            tally.add(of(&fault, page.line + row.line));
        }
        entered.map_or(Place::Further, |entered| entered.place)
    }

    /// Whether a row breaks a rule that needs the rows before it.
    fn is_broken(
        &mut self,
        rule: &Rule,
        page: Page<'_>,
        row: &RowNote,
        entered: Option<Entered>,
    ) -> bool {
        match rule.check {
            Check::DeliveringOrganisation | Check::OneOrganisation => {
                let cell = row.organisation;
                let code = page.text.get(cell.start..cell.end).unwrap_or_default();
                !code.is_empty() && self.organisation.differs(&rule.check, code)
            }
            Check::PrimaryKey => entered.is_some_and(|entered| entered.repeats),
            Check::SameWithin { .. } => entered.is_some_and(|entered| entered.differs),
            _ => false,
        }
    }

    /// Judges what needed all rows.
    pub(super) fn close(&self, tally: &mut Tally) {
        let is_about_numbers = |rule: &&Rule| matches!(rule.check, Check::NoCitizenNumbers(_));
        let Some(rule) = self.specification.rules.iter().find(is_about_numbers) else {
            return;
        };
        for (column, suspect) in &self.suspects {
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

    fn weigh_forms(&mut self, line: u64, row: &RowNote, tally: &mut Tally) {
        if !row.forms.within(&self.forms) {
            self.weigh_dates(line, row, tally);
        }
        if let Some((position, sign)) = row.decimal
            && *self.decimal.get_or_insert(sign) != sign
        {
            tally.add(self.mixed(Code::MixedDecimals, line, position));
        }
    }

    fn weigh_dates(&mut self, line: u64, row: &RowNote, tally: &mut Tally) {
        for position in 0..self.date_forms.len() {
            let all = DateForm::ALL.iter();
            let Some(&form) = all.clone().find(|form| row.forms.has(position, **form)) else {
                continue;
            };
            let known = self.date_forms[position];
            self.forms.note(position, *known.as_ref().unwrap_or(&form));
            if *self.date_forms[position].get_or_insert(form) != form {
                tally.add(self.mixed(Code::MixedDates, line, position));
            }
        }
    }

    fn mixed(&self, code: Code, line: u64, position: Position) -> Finding {
        let column = Column::Named(&self.specification.fields[position].name);
        Finding::file(code, Some(line), Some(column))
    }
}

fn of(fault: &Fault, line: u64) -> Finding {
    Finding {
        code: fault.code,
        severity: fault.severity,
        row: Some(line),
        column: fault.column,
        count: 1,
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
