//! The faults that a sample can have: which cell is spoilt, with what, and what a check then finds. Each spoils one thing.

use chrono::{Days, NaiveDate};

use super::finding::{Code, Column};
use super::sample::COLUMNS;

/// One way to spoil a care path.
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) reach: Reach,
    column: &'static str,
    change: Change,
}

/// Which rows of a care path a fault touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// All of them: otherwise its rows would differ, which is another fault.
    CarePath,
    /// The first row, which must have a measurement.
    FirstMeasurement,
    /// The second row only.
    SecondRow,
}

impl Reach {
    pub(super) fn covers(self, number: usize) -> bool {
        match self {
            Self::CarePath => true,
            Self::FirstMeasurement => number == 0,
            Self::SecondRow => number == 1,
        }
    }
}

enum Change {
    Value(&'static str),
    DayAfterDelivery,
    LastCellsMissing,
}

impl Fault {
    /// Those that leave the file valid with remarks.
    pub(super) fn light() -> &'static [Self] {
        LIGHT
    }

    /// Those that refuse the whole file.
    pub(super) fn heavy() -> &'static [Self] {
        HEAVY
    }

    /// Spoils a row.
    pub(super) fn spoil(&self, row: &mut Vec<String>, as_of: NaiveDate) {
        let Some(place) = COLUMNS.iter().position(|name| *name == self.column) else {
            return;
        };
        match self.change {
            Change::Value(value) => value.clone_into(&mut row[place]),
            Change::DayAfterDelivery => row[place] = (as_of + Days::new(1)).to_string(),
            Change::LastCellsMissing => row.truncate(place),
        }
    }

    /// The column that the finding names; some concern more than one.
    pub(super) fn named_column(&self) -> Option<Column> {
        let of_row = matches!(
            self.code,
            Code::IncompleteMeasurement | Code::RowWidth | Code::CarePathDiffers
        );
        (!of_row).then_some(Column::Named(self.column))
    }
}

const fn path(code: Code, column: &'static str, value: &'static str) -> Fault {
    let (reach, change) = (Reach::CarePath, Change::Value(value));
    Fault {
        code,
        reach,
        column,
        change,
    }
}

const fn measured(code: Code, column: &'static str, value: &'static str) -> Fault {
    let (reach, change) = (Reach::FirstMeasurement, Change::Value(value));
    Fault {
        code,
        reach,
        column,
        change,
    }
}

const fn late(code: Code, column: &'static str, reach: Reach) -> Fault {
    let change = Change::DayAfterDelivery;
    Fault {
        code,
        reach,
        column,
        change,
    }
}

const LIGHT: &[Fault] = &[
    path(Code::UnknownCode, "diagnosegroep", "XX"),
    path(Code::OutOfBounds, "geboortejaar", "1800"),
    path(Code::NotAYear, "geboortejaar", "'75"),
    path(Code::OutOfBounds, "postcodegebied", "0500"),
    path(Code::UnknownCode, "geslacht", "M"),
    path(Code::NotADate, "datum_eerste_sessie", "2024-02-30"),
    path(
        Code::SessionOutsidePath,
        "datum_eerste_sessie",
        "2001-01-01",
    ),
    path(Code::EndBeforeStart, "einddatum", "2001-01-01"),
    measured(Code::ImpossibleScore, "totaalscore", "480"),
    measured(Code::SentinelScore, "totaalscore", "999"),
    measured(Code::ThousandsSeparator, "totaalscore", "1.234,5"),
    measured(Code::UnknownCode, "meetinstrument", "XYZ"),
    measured(Code::IncompleteMeasurement, "totaalscore", ""),
    late(
        Code::MeasuredAfterDelivery,
        "meetdatum",
        Reach::FirstMeasurement,
    ),
];

const HEAVY: &[Fault] = &[
    path(Code::WrongOrganisation, "zorgaanbiedercode", "00000000"),
    path(Code::Required, "koppelnummer", ""),
    path(Code::EmailAddress, "koppelnummer", "iemand@kliniek.example"),
    path(Code::UnknownCode, "profiel", "lang"),
    path(Code::FullPostcode, "postcodegebied", "1234 AB"),
    path(Code::BirthDate, "geboortejaar", "1975-06-07"),
    path(Code::QuoteInside, "zorgtrajectnummer", "T\"7"),
    path(Code::TextAfterQuote, "zorgtrajectnummer", "\"T\"7"),
    late(Code::AfterDelivery, "startdatum", Reach::CarePath),
    Fault {
        code: Code::RowWidth,
        reach: Reach::CarePath,
        column: "totaalscore",
        change: Change::LastCellsMissing,
    },
    Fault {
        code: Code::CarePathDiffers,
        reach: Reach::SecondRow,
        column: "geslacht",
        change: Change::Value("9"),
    },
];
