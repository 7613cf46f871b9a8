//! The way of a delivery from bytes to report: container, encoding, dialect, header, rows, rules. It streams; the only
//! things that grow with the file are digests of its keys.

use std::io::{self, Read};

use super::accepted::{Accepted, CarePathRow};
use super::batch::{Batch, Notes, RowKind, RowNote};
use super::container::Container;
use super::content::Content;
use super::crew::{self, Office, Onward};
use super::dialect::{self, Delimiter};
use super::encoding::{Flow, Text};
use super::finding::{Code, Column, Finding, Severity, Tally};
use super::format::Format;
use super::header::{self, Layout};
use super::judge::{Handing, Judge, Room, RowForm, Standing};
use super::ledger::{Ledger, Page};
use super::options::{Limits, Options};
use super::piece::Reader;
use super::report::{Detected, Report, Status};
use super::sbg;
use super::scan::Form;
use super::scanner::{Record, Scanner, Step};
use super::source::Source;
use super::specification::Specification;

/// A piece for one thread: small enough for its cache, large enough that passing it on costs nothing.
const BLOCKS_PER_PIECE: usize = 2;

/// Checks a delivery. Accepted care paths go to `accept` as long as nothing has refused the file, so a caller keeps them
/// apart until the report says that the file is not invalid. Fails only when reading fails, which is not the file's fault.
/// Rows of other kinds are not handed over: `check_into` hands over all.
pub fn check(
    input: &mut dyn Read,
    options: &Options,
    accept: &mut dyn FnMut(&CarePathRow<'_>),
) -> io::Result<Report> {
    check_into(input, options, &mut |row| {
        if let Accepted::CarePath(row) = row {
            accept(row);
        }
    })
}

/// As `check`, with every kind of row.
pub fn check_into(
    input: &mut dyn Read,
    options: &Options,
    accept: &mut dyn FnMut(&Accepted<'_>),
) -> io::Result<Report> {
    run(input, options, Handing::Over, accept)
}

/// As `check`, for the report alone.
pub fn check_only(input: &mut dyn Read, options: &Options) -> io::Result<Report> {
    run(input, options, Handing::Nothing, &mut |_| {})
}

fn run(
    input: &mut dyn Read,
    options: &Options,
    handing: Handing,
    accept: &mut dyn FnMut(&Accepted<'_>),
) -> io::Result<Report> {
    let mut source = Source::new(input, options.limits.block_bytes, options.limits.bytes);
    let container = Container::of(source.head()?);
    let mut content = Content::new(source, container, options.limits)?;
    let mut course = Course::new(container);
    let is_markup = sbg::is_markup(content.head()?);
    let content = match options.specification {
        _ if content.refusal().is_some() => content,
        Some(Format::Table(_)) if is_markup => course.refuse_kind(content),
        Some(Format::Import) if !is_markup => course.refuse_kind(content),
        _ if is_markup => course.run_import(content, options, accept)?,
        named => {
            let named = match named {
                Some(Format::Table(specification)) => Some(specification),
                Some(Format::Import) | None => None,
            };
            let kind = (named, handing);
            course.run(Text::new(content), options, kind, accept)?
        }
    };
    course.close(content)
}

/// The specification that was named, and whether accepted rows are handed over.
type Kind = (Option<&'static Specification>, Handing);

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
        (named, handing): Kind,
        accept: &mut dyn FnMut(&Accepted<'_>),
    ) -> io::Result<Content<'r>> {
        let form = Form {
            delimiter: Delimiter::Semicolon.byte(),
            max_columns: options.limits.columns,
            width: None,
        };
        let mut scanner = Scanner::new(text, form, options.limits.line_bytes);
        let mut record = Record::default();
        if let Some((specification, layout)) = self.read_header(&mut scanner, &mut record, named)? {
            let form = (scanner.form().delimiter, handing);
            let judge = Judge::new(specification, &layout, options, form);
            let mut rows = Rows {
                ledger: Ledger::new(specification, &layout, options.organisation.as_deref()),
                course: self,
                scanner: &mut scanner,
                limits: options.limits,
                accept,
            };
            if rows.read_pieces(&judge, options.threads)? == Onward::Continue {
                rows.read_in_order(&judge, &mut record, &|cell| {
                    layout.column(cell, specification)
                })?;
            }
            rows.close();
        }
        self.detected.encoding = Some(scanner.encoding());
        Ok(scanner.into_content())
    }

    fn run_import<'r>(
        &mut self,
        content: Content<'r>,
        options: &Options,
        accept: &mut dyn FnMut(&Accepted<'_>),
    ) -> io::Result<Content<'r>> {
        self.detected.specification = Some(Format::Import.name());
        let read = sbg::read(content, options, &mut self.tally, &mut |row| {
            accept(&Accepted::CarePath(*row));
        })?;
        self.detected.encoding = Some(read.encoding);
        (self.rows, self.accepted, self.ignored) = (read.rows, read.accepted, read.ignored);
        Ok(read.content)
    }

    fn refuse_kind<'r>(&mut self, content: Content<'r>) -> Content<'r> {
        self.refuse(Code::WrongKind, None, None);
        content
    }

    fn read_header(
        &mut self,
        scanner: &mut Scanner<'_>,
        record: &mut Record,
        named: Option<&'static Specification>,
    ) -> io::Result<Option<(&'static Specification, Layout)>> {
        let (window, after) = scanner.preview()?;
        let dialect = dialect::detect(window, after, named);
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

    /// Counts a row; a damaged one is over no limit, as its like are not when they are read in order.
    fn is_over_rows(&mut self, limit: u64, row: &RowNote, line: u64) -> bool {
        if self.rows == limit && row.kind != RowKind::WrongWidth {
            self.refuse(Code::TooManyRows, Some(line + row.line), None);
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
            // Why is told once, when the source is closed.
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

    fn close(mut self, mut content: Content<'_>) -> io::Result<Report> {
        content.drain()?;
        let mut refusal = content.refusal();
        let Some(mut source) = content.into_source() else {
            return Err(io::ErrorKind::Other.into());
        };
        source.drain()?;
        let whole = !source.is_over_limit();
        refusal = refusal.or((!whole).then_some(Code::TooManyBytes));
        if let Some(code) = refusal {
            // How far the contents came before that is chance.
            self = Self::new(self.detected.container);
            self.refuse(code, None, None);
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

/// The rows below the header while they are read.
struct Rows<'a, 'r> {
    course: &'a mut Course,
    ledger: Ledger,
    scanner: &'a mut Scanner<'r>,
    limits: Limits,
    accept: &'a mut dyn FnMut(&Accepted<'_>),
}

impl Rows<'_, '_> {
    /// Judges the rows piece by piece, by several threads, as far as every record is what it seems.
    fn read_pieces(&mut self, judge: &Judge<'_>, threads: usize) -> io::Result<Onward> {
        let reader = Reader {
            judge,
            form: self.scanner.form(),
            line_bytes: self.limits.line_bytes,
        };
        crew::work(threads, &reader, self)
    }

    /// Judges the rest of the rows one by one, and takes up again after damage.
    fn read_in_order(
        &mut self,
        judge: &Judge<'_>,
        record: &mut Record,
        columns: &dyn Fn(usize) -> Column,
    ) -> io::Result<()> {
        let (mut room, mut notes) = (Room::default(), Notes::default());
        loop {
            let step = self.scanner.step(record)?;
            let onward = if step == Step::Record {
                let (text, cells) = record.parts();
                let row = Standing {
                    text: text.as_bytes(),
                    cells,
                    line: 0,
                    form: RowForm::Dressed,
                };
                room.forget();
                notes.clear();
                judge.judge(row, &mut room, &mut notes);
                self.enter_page(Page {
                    text,
                    notes: &notes,
                    line: record.line(),
                })
            } else {
                self.course.note_damage(step, columns)
            };
            if onward == Onward::Stop {
                return Ok(());
            }
        }
    }

    fn enter_page(&mut self, page: Page<'_>) -> Onward {
        let mut from = 0;
        self.ledger.expect(&page.notes.rows);
        for row in &page.notes.rows {
            if self.course.is_over_rows(self.limits.rows, row, page.line) {
                return Onward::Stop;
            }
            let faults = page.notes.faults.get(from..row.faults).unwrap_or_default();
            from = row.faults;
            let tally = &mut self.course.tally;
            self.ledger.enter(page, (row, faults), tally, self.accept);
        }
        self.ledger.note(&page.notes.numbers);
        Onward::Continue
    }

    fn close(self) {
        let Self { course, ledger, .. } = self;
        if course.rows == 0 && !course.tally.is_file_refused() {
            course.refuse(Code::HeaderOnly, None, None);
        }
        ledger.close(&mut course.tally);
        course.detected.decimal = ledger.decimal();
        course.detected.date_form = ledger.date_form();
        (course.accepted, course.ignored) = (ledger.accepted, ledger.ignored);
    }
}

impl Office for Rows<'_, '_> {
    fn cut(&mut self, batch: &mut Batch) -> io::Result<bool> {
        let about = self.limits.block_bytes * BLOCKS_PER_PIECE;
        self.scanner.cut(batch, about)
    }

    fn enter(&mut self, batch: &Batch) -> Onward {
        let page = Page {
            text: &batch.text,
            notes: &batch.notes,
            line: self.scanner.line(),
        };
        let onward = self.enter_page(page);
        self.scanner.pass(batch.notes.lines);
        onward
    }

    fn take_back(&mut self, pieces: Vec<Batch>) {
        self.scanner.put_back(&pieces);
    }
}
