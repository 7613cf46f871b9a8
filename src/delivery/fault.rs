//! The faults that a sample can have: which cell is spoilt, with what, and what a check then finds. Each spoils one thing.

use chrono::{Days, NaiveDate};

use super::finding::{Code, Column};

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
    /// This cell and all behind it.
    Emptied,
}

impl Fault {
    /// Spoils a row.
    pub(super) fn spoil(&self, row: &mut Vec<String>, columns: &[&str], as_of: NaiveDate) {
        let Some(place) = columns.iter().position(|name| *name == self.column) else {
            return;
        };
        match self.change {
            Change::Value(value) => value.clone_into(&mut row[place]),
            Change::DayAfterDelivery => row[place] = (as_of + Days::new(1)).to_string(),
            Change::LastCellsMissing => row.truncate(place),
            Change::Emptied => row[place..].iter_mut().for_each(String::clear),
        }
    }

    /// The column that the finding names; some concern more than one.
    pub(super) fn named_column(&self) -> Option<Column> {
        let of_row = matches!(
            self.code,
            Code::IncompleteMeasurement | Code::RowWidth | Code::CarePathDiffers | Code::NoAnswers
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

/// Those of `rom-1` that leave the file valid with remarks.
pub(super) const ROM_LIGHT: &[Fault] = &[
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

/// Those of `rom-1` that refuse the whole file.
pub(super) const ROM_HEAVY: &[Fault] = &[
    path(Code::WrongOrganisation, "zorgaanbiedercode", "00000001"),
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

/// Those of `cqi-1` that leave the file valid with remarks.
pub(super) const CQI_LIGHT: &[Fault] = &[
    path(Code::OutOfBounds, "v03", "6"),
    path(Code::OutOfBounds, "gezondheid", "0"),
    path(Code::OutOfBounds, "rapportcijfer", "11"),
    path(Code::NotWhole, "rapportcijfer", "7,5"),
    path(Code::NotWhole, "v07", "goed"),
    late(Code::MeasuredAfterDelivery, "afnamedatum", Reach::CarePath),
    Fault {
        code: Code::NoAnswers,
        reach: Reach::CarePath,
        column: "v01",
        change: Change::Emptied,
    },
];

/// Those of `cqi-1` that refuse the whole file.
pub(super) const CQI_HEAVY: &[Fault] = &[
    path(Code::WrongOrganisation, "zorgaanbiedercode", "00000001"),
    path(Code::Required, "koppelnummer", ""),
    path(Code::EmailAddress, "koppelnummer", "iemand@kliniek.example"),
    path(Code::UnknownCode, "profiel", "lang"),
    path(Code::UnknownCode, "vragenlijst", "CQI-AMB-4.0"),
    path(Code::NotADate, "afnamedatum", "31/12/2024"),
    path(Code::FreeText, "v12", "Ik vond het erg prettig hier"),
    path(Code::TextAfterQuote, "zorgtrajectnummer", "\"T\"7"),
    Fault {
        code: Code::RowWidth,
        reach: Reach::CarePath,
        column: "gezondheid",
        change: Change::LastCellsMissing,
    },
];
