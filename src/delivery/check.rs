//! The way of a delivery from bytes to report: container, encoding, dialect, header, rows, rules. It streams; the only
//! things that grow with the file are digests of its keys.

use std::io::{self, Read};

use super::accepted::{CarePathRow, Judged};
use super::container::Container;
use super::dialect::{self, Delimiter};
use super::encoding::{Flow, Text};
use super::finding::{Code, Column, Finding, Severity, Tally};
use super::format::Format;
use super::header::{self, Layout};
use super::judge::{Judge, Verdict};
use super::ledger::Ledger;
use super::options::Options;
use super::report::{Detected, Report, Status};
use super::sbg;
use super::scan::Form;
use super::scanner::{Record, Scanner, Step};
use super::source::{Source, Supply};
use super::specification::{self, Specification};

/// Checks a delivery. Accepted rows go to `accept` as long as nothing has refused the file, so a caller keeps them
/// apart until the report says that the file is not invalid. Fails only when reading fails, which is not the file's fault.
pub fn check(
    input: &mut dyn Read,
    options: &Options,
    accept: &mut dyn FnMut(&CarePathRow<'_>),
) -> io::Result<Report> {
    let mut source = Source::new(input, options.limits.block_bytes, options.limits.bytes);
    let mut course = Course::new(Container::of(source.head()?));
    let source = match course.detected.container.refusal() {
        Some(code) => {
            course.refuse(code, None, None);
            source
        }
        None if sbg::is_markup(source.head()?) => course.run_import(source, options, accept)?,
        None if matches!(options.specification, Some(Format::Import)) => {
            course.refuse(Code::WrongKind, None, None);
            source
        }
        None => course.run(Text::new(source), options, accept)?,
    };
    course.close(source)
}

/// A check under way.
struct Course {
    detected: Detected,
    tally: Tally,
    rows: u64,
    accepted: u64,
    ignored: u64,
}

impl Course {
    fn new(container: Container) -> Self {
        let detected = Detected {
            container,
            encoding: None,
            delimiter: None,
            decimal: None,
            date_form: None,
            specification: None,
        };
        Self {
            detected,
            tally: Tally::default(),
            rows: 0,
            accepted: 0,
            ignored: 0,
        }
    }

    fn run<'r>(
        &mut self,
        text: Text<'r>,
        options: &Options,
        accept: &mut dyn FnMut(&CarePathRow<'_>),
    ) -> io::Result<Source<'r>> {
        let form = Form {
            delimiter: Delimiter::Semicolon.byte(),
            max_columns: options.limits.columns,
            width: None,
        };
        let mut scanner = Scanner::new(text, form, options.limits.line_bytes);
        let mut record = Record::default();
        if let Some((specification, layout)) =
            self.read_header(&mut scanner, &mut record, options)?
        {
            let found = (specification, &layout);
            self.read_rows(&mut scanner, &mut record, found, options, accept)?;
        }
        self.detected.encoding = Some(scanner.encoding());
        Ok(scanner.into_source())
    }

    fn run_import<'r>(
        &mut self,
        source: Source<'r>,
        options: &Options,
        accept: &mut dyn FnMut(&CarePathRow<'_>),
    ) -> io::Result<Source<'r>> {
        if matches!(options.specification, Some(Format::Table(_))) {
            self.refuse(Code::WrongKind, None, None);
            return Ok(source);
        }
        self.detected.specification = Some(Format::Import.name());
        let read = sbg::read(source, options, &mut self.tally, accept)?;
        self.detected.encoding = Some(read.encoding);
        (self.rows, self.accepted, self.ignored) = (read.rows, read.accepted, read.ignored);
        Ok(read.source)
    }

    fn read_header(
        &mut self,
        scanner: &mut Scanner<'_>,
        record: &mut Record,
        options: &Options,
    ) -> io::Result<Option<(&'static Specification, Layout)>> {
        let candidates: Vec<_> = match options.specification {
            Some(Format::Table(named)) => vec![named],
            Some(Format::Import) | None => specification::all().iter().collect(),
        };
        let (window, after) = scanner.preview()?;
        let dialect = dialect::detect(window, after, &candidates);
        if let Ok(dialect) = dialect {
            scanner.delimit(dialect.delimiter.byte());
        }
        let step = scanner.step(record)?;
        if step == Step::End {
            self.refuse(Code::Empty, None, None);
            return Ok(None);
        }
        let (Ok(dialect), Step::Record) = (dialect, step) else {
            self.note_header_damage(dialect.err(), step, record.line());
            return Ok(None);
        };
        self.detected.delimiter = (record.width() > 1).then_some(dialect.delimiter);
        self.detected.specification = Some(&dialect.specification.name);
        let header = header::read(record, dialect.specification);
        header
            .findings
            .into_iter()
            .for_each(|finding| self.tally.add(finding));
        scanner.expect_width(record.width());
        Ok(header.layout.map(|layout| (dialect.specification, layout)))
    }

    fn read_rows(
        &mut self,
        scanner: &mut Scanner<'_>,
        record: &mut Record,
        (specification, layout): (&'static Specification, &Layout),
        options: &Options,
        accept: &mut dyn FnMut(&CarePathRow<'_>),
    ) -> io::Result<()> {
        let judge = Judge::new(specification, options.as_of);
        let mut ledger = Ledger::new(specification, layout, options.organisation.as_deref());
        let mut verdict = Verdict::default();
        loop {
            let step = scanner.step(record)?;
            if step == Step::Record {
                if self.is_over_rows(options.limits.rows, record.line()) {
                    break;
                }
                judge.judge(record, layout, &mut verdict);
                let place = ledger.enter(record, layout, &verdict, &mut self.tally);
                if !self.tally.is_file_refused() {
                    let judged = Judged {
                        specification,
                        layout,
                        record,
                        verdict: &verdict,
                    };
                    judged.accept(place).iter().for_each(&mut *accept);
                }
            } else if self.note_damage(step, &|cell| layout.column(cell, specification))
                == Onward::Stop
            {
                break;
            }
        }
        self.close_rows(&ledger);
        Ok(())
    }

    fn close_rows(&mut self, ledger: &Ledger) {
        if self.rows == 0 && !self.tally.is_file_refused() {
            self.refuse(Code::HeaderOnly, None, None);
        }
        ledger.close(&mut self.tally);
        self.detected.decimal = ledger.decimal();
        self.detected.date_form = ledger.date_form();
        (self.accepted, self.ignored) = (ledger.accepted, ledger.ignored);
    }

    fn is_over_rows(&mut self, limit: u64, row: u64) -> bool {
        if self.rows == limit {
            self.refuse(Code::TooManyRows, Some(row), None);
            return true;
        }
        self.rows += 1;
        false
    }

    fn note_damage(&mut self, step: Step, columns: &dyn Fn(usize) -> Column) -> Onward {
        match step {
            Step::Record => Onward::Continue,
            Step::End => Onward::Stop,
            Step::Damaged { code, row, cell } => {
                self.rows += 1;
                let at_cell = matches!(
                    code,
                    Code::UnclosedQuote | Code::TextAfterQuote | Code::QuoteInside
                );
                self.refuse(code, Some(row), at_cell.then(|| columns(cell)));
                // Behind a NUL byte there is no text to judge.
                if code == Code::Binary {
                    Onward::Stop
                } else {
                    Onward::Continue
                }
            }
            Step::BrokenOff {
                flow: Flow::Undecodable,
                row,
            } => {
                self.refuse(Code::Undecodable, Some(row), None);
                Onward::Stop
            }
            // Over the limit is told once, when the source is closed.
            Step::BrokenOff { .. } => Onward::Stop,
        }
    }

    /// Without a delimiter, a damaged first line only says that it is no header.
    fn note_header_damage(&mut self, undetected: Option<Code>, step: Step, row: u64) {
        match (undetected, step) {
            (Some(code), Step::Record) => self.refuse(code, Some(row), None),
            (
                Some(code),
                Step::Damaged {
                    code: damage, row, ..
                },
            ) if damage != Code::Binary => {
                self.refuse(code, Some(row), None);
            }
            _ => {
                self.note_damage(step, &|cell| Column::Numbered(cell + 1));
            }
        }
        self.rows = 0;
    }

    fn refuse(&mut self, code: Code, row: Option<u64>, column: Option<Column>) {
        self.tally.add(Finding::file(code, row, column));
    }

    fn close(mut self, mut source: Source<'_>) -> io::Result<Report> {
        let whole = source.drain()? != Supply::OverLimit;
        if !whole {
            self.refuse(Code::TooManyBytes, None, None);
        }
        let status = match self.tally.worst() {
            None => Status::Valid,
            Some(Severity::File) => Status::Invalid,
            Some(_) => Status::ValidWithRemarks,
        };
        if status == Status::Invalid {
            self.ignored += std::mem::take(&mut self.accepted);
        }
        Ok(Report {
            detected: self.detected,
            status,
            rows: self.rows,
            accepted: self.accepted,
            ignored: self.ignored,
            sha256: whole.then(|| source.sha256()),
            bytes: source.bytes(),
            findings: self.tally.close(),
        })
    }
}

/// Whether the rows go on after a step.
#[derive(Debug, PartialEq, Eq)]
enum Onward {
    Continue,
    Stop,
}
