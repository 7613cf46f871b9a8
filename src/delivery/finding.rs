//! Findings: stable codes, four severities, the place in the file, and the tally that keeps the first hundred per rule.
//! A finding never carries the value of a cell; sentences belong to `language`.

use crate::domain::code::codes;

/// How many findings of one rule keep their place; the rest is counted.
pub const KEPT_PER_RULE: u64 = 100;

codes! {
    /// What was found; an id never changes its meaning.
    pub enum Code {
    /// The file holds nothing but blanks.
    Empty = "ROM-0001",
    /// There is a header and no row.
    HeaderOnly = "ROM-0002",
    /// The first line names none of the columns of any specification.
    NoHeader = "ROM-0003",
    /// A column of the specification is missing.
    MissingColumn = "ROM-0004",
    /// A column of the specification occurs more than once.
    DuplicateColumn = "ROM-0005",
    /// A column has no name.
    BlankColumn = "ROM-0006",
    /// A column that the specification does not know; never stored.
    ExtraColumn = "ROM-0007",
    /// A row has more or fewer cells than the header.
    RowWidth = "ROM-0008",
    /// A quote is opened and never closed.
    UnclosedQuote = "ROM-0009",
    /// Text follows a closing quote.
    TextAfterQuote = "ROM-0010",
    /// A quote stands inside a cell that is not quoted.
    QuoteInside = "ROM-0011",
    /// NUL bytes or binary content.
    Binary = "ROM-0012",
    /// Bytes that are no text in the encoding of the file.
    Undecodable = "ROM-0013",
    /// Two delimiters fit the header equally well.
    AmbiguousDelimiter = "ROM-0014",
    /// Decimal comma and decimal point in one file.
    MixedDecimals = "ROM-0015",
    /// Two forms of dates in one column.
    MixedDates = "ROM-0016",
    /// An archive or compressed file that is not read.
    Compressed = "ROM-0017",
    /// Another kind of file.
    WrongKind = "ROM-0018",
    /// A line over the limit.
    LineTooLong = "ROM-0019",
    /// More columns than the limit.
    TooManyColumns = "ROM-0020",
    /// More rows than the limit.
    TooManyRows = "ROM-0021",
    /// More bytes than the limit.
    TooManyBytes = "ROM-0022",
    /// Two specifications fit the header equally well.
    AmbiguousSpecification = "ROM-0023",
    /// An archive that does not hold exactly one file.
    NotOneFile = "ROM-0030",
    /// An archive within an archive.
    NestedArchive = "ROM-0031",
    /// An archive that needs a password.
    EncryptedArchive = "ROM-0032",
    /// A file in an archive whose name leads out of it.
    PathOutside = "ROM-0033",
    /// An archive whose contents are too large for its size.
    ArchiveRatio = "ROM-0034",
    /// An archive that is damaged or cut off.
    DamagedArchive = "ROM-0035",
    /// A column whose values pass the eleven-test far more often than chance.
    CitizenNumbers = "ROM-0050",
    /// A mail address where a code belongs.
    EmailAddress = "ROM-0051",
    /// A full postcode where a code belongs.
    FullPostcode = "ROM-0052",
    /// A birth date where a code belongs.
    BirthDate = "ROM-0053",
    /// A free text, or a column for it.
    FreeText = "ROM-0054",
    /// A row of another organisation than the one that delivers.
    WrongOrganisation = "ROM-0060",
    /// More than one organisation in a file.
    SeveralOrganisations = "ROM-0061",
    /// The same key twice.
    DuplicateKey = "ROM-0062",
    /// Columns of one care path differ between its rows.
    CarePathDiffers = "ROM-0063",
    /// A required cell is empty.
    Required = "ROM-0100",
    /// A text is too long.
    TooLong = "ROM-0101",
    /// Something else than the required number of digits.
    NotDigits = "ROM-0102",
    /// A code that is not in the list.
    UnknownCode = "ROM-0103",
    /// Not a date.
    NotADate = "ROM-0104",
    /// Not a year.
    NotAYear = "ROM-0105",
    /// Not a number.
    NotANumber = "ROM-0106",
    /// A number with thousands separators.
    ThousandsSeparator = "ROM-0107",
    /// A value outside the limits of its column.
    OutOfBounds = "ROM-0108",
    /// Control characters or line ends within a text.
    ControlCharacter = "ROM-0109",
    /// Not a whole number.
    NotWhole = "ROM-0110",
    /// A date after the day of delivery.
    AfterDelivery = "ROM-0200",
    /// An end date before the start date.
    EndBeforeStart = "ROM-0201",
    /// A session outside the care path.
    SessionOutsidePath = "ROM-0202",
    /// The last session before the first.
    SessionsReversed = "ROM-0203",
    /// A year of birth after the start of the care path.
    BornAfterStart = "ROM-0204",
    /// Some of the measurement columns are filled, not all.
    IncompleteMeasurement = "ROM-0300",
    /// A measurement after the day of delivery.
    MeasuredAfterDelivery = "ROM-0301",
    /// 999 where the list does not say "items only".
    SentinelScore = "ROM-0302",
    /// A score outside the range of its instrument.
    ImpossibleScore = "ROM-0303",
    /// A questionnaire in which no answer counts.
    NoAnswers = "ROM-0304",
    /// It is no well-formed XML.
    NotWellFormed = "SBG-0001",
    /// The document ends before its root does.
    Unclosed = "SBG-0002",
    /// An end tag that does not fit the element that is open.
    MismatchedEnd = "SBG-0003",
    /// A document type.
    Dtd = "SBG-0004",
    /// An entity that XML does not know.
    UnknownEntity = "SBG-0005",
    /// A character that XML forbids.
    ForbiddenCharacter = "SBG-0006",
    /// An attribute twice in one element.
    DuplicateAttribute = "SBG-0007",
    /// A prefix without a namespace, or a namespace declared in a way that is forbidden.
    UndeclaredPrefix = "SBG-0008",
    /// An encoding that is not read.
    UnknownEncoding = "SBG-0009",
    /// The declared encoding is not that of the byte order mark, which counts.
    EncodingContradicts = "SBG-0010",
    /// Something stands before the XML declaration.
    BeforeDeclaration = "SBG-0011",
    /// A tag, text, comment or value over the limit.
    TokenTooLong = "SBG-0012",
    /// More attributes than the limit.
    TooManyAttributes = "SBG-0013",
    /// Elements deeper than the limit.
    TooDeep = "SBG-0014",
    /// The root is another element.
    WrongRoot = "SBG-0100",
    /// The element has another namespace, or none.
    WrongNamespace = "SBG-0101",
    /// An element that the specification does not know.
    UnknownElement = "SBG-0102",
    /// An element that does not belong here, or comes too late.
    MisplacedElement = "SBG-0103",
    /// A required element is missing.
    MissingElement = "SBG-0104",
    /// Text where none belongs.
    TextContent = "SBG-0105",
    /// An attribute that does not belong to this element.
    UnknownAttribute = "SBG-0106",
    /// A required attribute is missing.
    MissingAttribute = "SBG-0107",
    /// A fixed value is another one.
    WrongVersion = "SBG-0108",
    /// Not a date of the schema language.
    NotASchemaDate = "SBG-0109",
    /// Not a date and time of the schema language.
    NotADateTime = "SBG-0110",
    /// A date and time with a blank between them.
    DateWithBlank = "SBG-0111",
    /// Not a whole number.
    NotAnInteger = "SBG-0112",
    /// Not a decimal number.
    NotADecimal = "SBG-0113",
    /// The same key twice among siblings.
    DuplicateElement = "SBG-0114",
    /// The period of delivery ends before it starts.
    PeriodReversed = "SBG-0200",
    /// A care path without a treatment has no start.
    PathWithoutTreatment = "SBG-0201",
    /// The same measurement in two treatments of a care path.
    MeasuredTwice = "SBG-0202",
    /// More measurements in a care path than the limit.
    TooManyMeasurements = "SBG-0203",
    }
}

codes! {
    /// How deep a finding cuts, from the lightest to the heaviest.
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Severity {
        /// Good to know; nothing is left out.
        Remark = "remark",
        /// The value counts as not delivered; the row stays.
        Value = "value",
        /// The measurement does not count; it shows as response loss.
        Measurement = "measurement",
        /// The whole file is invalid and must be delivered again.
        File = "file",
    }
}

/// The column of a finding: by name only when the specification knows it, for a file without a header has a client in row 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// A column of the specification.
    Named(&'static str),
    /// Any other column, counted from 1.
    Numbered(usize),
}

impl Column {
    /// Its name, or its number when the specification does not know it.
    pub const fn name_or_number(self) -> Result<&'static str, usize> {
        match self {
            Self::Named(name) => Ok(name),
            Self::Numbered(number) => Err(number),
        }
    }
}

/// One finding: what, how bad, where and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub code: Code,
    /// How deep it cuts.
    pub severity: Severity,
    /// Line as an editor counts it; none when it concerns the file or is the count of the rest.
    pub row: Option<u64>,
    /// The column, when one is to blame.
    pub column: Option<Column>,
    /// How often: 1 for a finding with its place; the closing one without a row counts the rest, so that counts add up.
    pub count: u64,
}

impl Finding {
    /// A finding that makes the file invalid.
    pub fn file(code: Code, row: Option<u64>, column: Option<Column>) -> Self {
        Self {
            code,
            severity: Severity::File,
            row,
            column,
            count: 1,
        }
    }
}

/// Findings in the order of the file: the first hundred per rule and severity kept, the rest counted.
#[derive(Debug, Default)]
pub(super) struct Tally {
    kept: Vec<Finding>,
    counts: Vec<(Code, Severity, u64)>,
    worst: Option<Severity>,
}

impl Tally {
    pub(super) fn add(&mut self, finding: Finding) {
        self.worst = self.worst.max(Some(finding.severity));
        if self.raise(finding.code, finding.severity) <= KEPT_PER_RULE {
            self.kept.push(finding);
        }
    }

    pub(super) fn worst(&self) -> Option<Severity> {
        self.worst
    }

    pub(super) fn is_file_refused(&self) -> bool {
        self.worst == Some(Severity::File)
    }

    /// The kept findings, then one per rule that counts the rest.
    pub(super) fn close(mut self) -> Vec<Finding> {
        self.counts.sort_unstable();
        let rest = self
            .counts
            .iter()
            .filter(|(_, _, count)| *count > KEPT_PER_RULE);
        self.kept
            .extend(rest.map(|&(code, severity, count)| Finding {
                code,
                severity,
                row: None,
                column: None,
                count: count - KEPT_PER_RULE,
            }));
        self.kept
    }

    fn raise(&mut self, code: Code, severity: Severity) -> u64 {
        let known = self
            .counts
            .iter_mut()
            .find(|(c, s, _)| (*c, *s) == (code, severity));
        if let Some((_, _, count)) = known {
            *count += 1;
            return *count;
        }
        self.counts.push((code, severity, 1));
        1
    }
}
