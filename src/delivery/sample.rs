//! Writes synthetic files: the same bytes for the same seed, and, when asked, with faults whose findings are known.
//! Nothing in them comes from a person.

use std::io::{self, Write};

use chrono::{Days, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::cqi_sample;
use super::fault::{self, Fault, Reach};
use super::finding::{Code, Column};
use super::format::Format;
use super::sbg;

/// What to write.
#[derive(Debug, Clone)]
pub struct Sample {
    /// AGB code of the organisation.
    pub organisation: String,
    /// Rows below the header.
    pub rows: u64,
    /// The same seed gives the same file; more rows with the same seed begin with the same care paths.
    pub seed: u64,
    /// What goes wrong.
    pub faults: Faults,
    /// The day of delivery: everything lies before it.
    pub as_of: NaiveDate,
}

/// Which faults are planted, in how many care paths of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Faults {
    /// None: the file is valid.
    None,
    /// Only those that leave the file valid with remarks.
    Light(u8),
    /// Also those that refuse the whole file.
    Any(u8),
}

/// A fault that was planted: what a check of the file, for this organisation and day, must find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planted {
    /// Line as an editor counts it.
    pub row: u64,
    /// The code of the finding.
    pub code: Code,
    /// The column of the finding.
    pub column: Option<Column>,
}

const COLUMNS: [&str; 18] = [
    "zorgaanbiedercode",
    "koppelnummer",
    "zorgtrajectnummer",
    "profiel",
    "diagnosegroep",
    "geboortejaar",
    "geslacht",
    "postcodegebied",
    "startdatum",
    "einddatum",
    "datum_eerste_sessie",
    "datum_laatste_sessie",
    "reden_non_response_voor",
    "reden_non_response_na",
    "typemeting",
    "meetdatum",
    "meetinstrument",
    "totaalscore",
];

/// Writes a sample of `rom-1` and tells which faults it has, in the order of the file.
pub fn write(sample: &Sample, out: &mut dyn Write) -> io::Result<Vec<Planted>> {
    write_kind(&ROM, sample, out)
}

/// As `write`, for any format; one without samples is an error of kind `Unsupported`.
pub fn write_as(format: Format, sample: &Sample, out: &mut dyn Write) -> io::Result<Vec<Planted>> {
    match format {
        Format::Import => sbg::sample::write(sample, out),
        Format::Table(table) if table.name == "rom-1" => write_kind(&ROM, sample, out),
        Format::Table(table) if table.name == "cqi-1" => write_kind(&cqi_sample::CQI, sample, out),
        Format::Table(_) => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// What samples of one specification are made of.
pub(super) struct Kind {
    /// Names of the columns, in the order in which they are written.
    pub(super) columns: &'static [&'static str],
    pub(super) light: &'static [Fault],
    pub(super) heavy: &'static [Fault],
    /// The rows of a care path, by its number.
    pub(super) rows: fn(&Sample, u64, &mut ChaCha8Rng) -> Vec<Vec<String>>,
}

const ROM: Kind = Kind {
    columns: &COLUMNS,
    light: fault::ROM_LIGHT,
    heavy: fault::ROM_HEAVY,
    rows: care_path,
};

fn write_kind(kind: &Kind, sample: &Sample, out: &mut dyn Write) -> io::Result<Vec<Planted>> {
    let mut random = ChaCha8Rng::seed_from_u64(sample.seed);
    let mut planted = Vec::new();
    let mut written = 0;
    let mut index = 0;
    writeln!(out, "{}", kind.columns.join(";"))?;
    while written < sample.rows {
        let mut rows = (kind.rows)(sample, index, &mut random);
        let fault = pick(kind, sample.faults, &rows, &mut random);
        rows.truncate(usize::try_from(sample.rows - written).unwrap_or(usize::MAX));
        for (number, row) in rows.iter_mut().enumerate() {
            written += 1;
            if let Some(fault) = fault
                && fault.reach.covers(number)
            {
                fault.spoil(row, kind.columns, sample.as_of);
                let column = fault.named_column();
                planted.push(Planted {
                    row: written + 1,
                    code: fault.code,
                    column,
                });
            }
            writeln!(out, "{}", row.join(";"))?;
        }
        index += 1;
    }
    Ok(planted)
}

/// A fault for a care path, or none. It is drawn in any case, so that faults do not change the rest of the file.
fn pick(
    kind: &Kind,
    faults: Faults,
    rows: &[Vec<String>],
    random: &mut ChaCha8Rng,
) -> Option<&'static Fault> {
    let chance = random.random_range(0..100_u8);
    let draw = random.random_range(0..u32::MAX);
    let (percent, heavy) = match faults {
        Faults::None => return None,
        Faults::Light(percent) => (percent, &[][..]),
        Faults::Any(percent) => (percent, kind.heavy),
    };
    let measured = rows
        .first()
        .is_some_and(|row| row.last().is_some_and(|score| !score.is_empty()));
    let fitting: Vec<_> = kind
        .light
        .iter()
        .chain(heavy)
        .filter(|fault| match fault.reach {
            Reach::CarePath => true,
            Reach::FirstMeasurement => measured,
            Reach::SecondRow => rows.len() > 1,
        })
        .collect();
    let fault = fitting.get(draw as usize % fitting.len().max(1)).copied();
    fault.filter(|_| chance < percent)
}

/// The rows of one care path: before and after, before only, or none.
fn care_path(sample: &Sample, index: u64, random: &mut ChaCha8Rng) -> Vec<Vec<String>> {
    let course = Course::draw(sample.as_of, random);
    let instrument = &INSTRUMENTS[random.random_range(0..INSTRUMENTS.len())];
    let answers = random.random_range(0..100_u8);
    let before = (answers < 85).then_some(course.first_session);
    let after = course.last_session.filter(|_| answers < 60);
    let mut columns = about_care_path(sample, index, &course, random);
    columns.push(if before.is_some() { "" } else { "04" }.to_owned());
    columns.push(if after.is_some() { "" } else { "07" }.to_owned());
    if before.is_none() {
        columns.resize(COLUMNS.len(), String::new());
        return vec![columns];
    }
    let mut rows = Vec::new();
    for (moment, date) in [("1", before), ("2", after)]
        .into_iter()
        .filter(|(_, date)| date.is_some())
    {
        let score = instrument.draw(moment, random);
        let measurement = [
            moment.to_owned(),
            written(date),
            instrument.code.to_owned(),
            score,
        ];
        rows.push(columns.iter().cloned().chain(measurement).collect());
    }
    rows
}

fn about_care_path(
    sample: &Sample,
    index: u64,
    course: &Course,
    random: &mut ChaCha8Rng,
) -> Vec<String> {
    vec![
        sample.organisation.clone(),
        client_key(index),
        format!("T{index:07}"),
        ["kort", "middel", "intensief", "chronisch", "GBG03"][random.random_range(0..5)].to_owned(),
        format!("{:02}", random.random_range(1..=20)),
        random.random_range(1940..=2004).to_string(),
        random.random_range(1..=2).to_string(),
        random.random_range(1000..=9999).to_string(),
        written(Some(course.start)),
        written(course.end),
        written(Some(course.first_session)),
        written(course.last_session),
    ]
}

/// The dates of a care path.
struct Course {
    start: NaiveDate,
    end: Option<NaiveDate>,
    first_session: NaiveDate,
    last_session: Option<NaiveDate>,
}

impl Course {
    /// Between a month and two years ago; one in eight is still open.
    fn draw(as_of: NaiveDate, random: &mut ChaCha8Rng) -> Self {
        let length = random.random_range(60..=240_u64);
        let start = as_of - Days::new(length + random.random_range(30..=500));
        let first_session = start + Days::new(random.random_range(0..=20));
        let (tail, open) = (random.random_range(0..=20), random.random_range(0..8) == 0);
        let end = (!open).then(|| start + Days::new(length));
        Self {
            start,
            end,
            first_session,
            last_session: end.map(|end| end - Days::new(tail)),
        }
    }
}

pub(super) fn client_key(index: u64) -> String {
    format!("C{:08X}", index.wrapping_mul(0x9E37_79B1) & 0xFFFF_FFFF)
}

fn written(date: Option<NaiveDate>) -> String {
    date.map(|date| date.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

struct Instrument {
    code: &'static str,
    /// Scores before and after, in tenths.
    before: std::ops::Range<u32>,
    after: std::ops::Range<u32>,
    decimals: Decimals,
}

enum Decimals {
    None,
    One,
}

const INSTRUMENTS: [Instrument; 4] = [
    Instrument {
        code: "BSI",
        before: 8..28,
        after: 2..20,
        decimals: Decimals::One,
    },
    Instrument {
        code: "OQ45-sd",
        before: 350..800,
        after: 150..700,
        decimals: Decimals::None,
    },
    Instrument {
        code: "SQ48",
        before: 400..1100,
        after: 200..900,
        decimals: Decimals::None,
    },
    Instrument {
        code: "DASS21",
        before: 200..900,
        after: 50..700,
        decimals: Decimals::None,
    },
];

impl Instrument {
    fn draw(&self, moment: &str, random: &mut ChaCha8Rng) -> String {
        let range = if moment == "1" {
            &self.before
        } else {
            &self.after
        };
        let tenths = random.random_range(range.clone());
        match self.decimals {
            Decimals::None => (tenths / 10).to_string(),
            Decimals::One => format!("{},{}", tenths / 10, tenths % 10),
        }
    }
}
