//! The faults that a sample of the import can have: which element is spoilt, how, and what a check then finds. Each spoils one thing.

use chrono::{Days, NaiveDate};

use super::super::finding::{Code, Column};
use super::sample::Tree;
use super::schema::schema;

/// One way to spoil a client.
pub(super) struct Fault {
    pub(super) code: Code,
    pub(super) element: &'static str,
    attribute: &'static str,
    change: Change,
}

enum Change {
    Value(&'static str),
    /// Something behind the value, so that keys stay different.
    Suffix(&'static str),
    DayAfterDelivery,
    /// The attribute is not there.
    Missing,
    /// The attribute is not of the specification, so no finding names it.
    Strange,
    /// The element has text, so the finding names the element.
    Text,
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

    /// Spoils an element.
    pub(super) fn spoil(&self, tree: &mut Tree, as_of: NaiveDate) {
        match self.change {
            Change::Value(value) => tree.set(self.attribute, value.to_owned()),
            Change::Suffix(suffix) => {
                let attribute = tree.attributes.iter_mut();
                for (_, value) in attribute.filter(|(name, _)| *name == self.attribute) {
                    value.push_str(suffix);
                }
            }
            Change::DayAfterDelivery => {
                tree.set(self.attribute, (as_of + Days::new(1)).to_string());
            }
            Change::Missing => tree.attributes.retain(|(name, _)| *name != self.attribute),
            Change::Strange => tree.set(self.attribute, "1".to_owned()),
            Change::Text => tree.text = true,
        }
    }

    /// What the finding names.
    pub(super) fn named_column(&self) -> Option<Column> {
        let number = schema().find(self.element)?;
        let element = &schema().elements[number];
        match self.change {
            Change::Strange => None,
            Change::Text => Some(Column::Named(&element.name)),
            _ => {
                let position = element.attribute(self.attribute, 0)?;
                Some(Column::Named(&element.attributes[position].label))
            }
        }
    }
}

const fn fault(
    code: Code,
    element: &'static str,
    attribute: &'static str,
    change: Change,
) -> Fault {
    Fault {
        code,
        element,
        attribute,
        change,
    }
}

const fn value(
    code: Code,
    element: &'static str,
    attribute: &'static str,
    value: &'static str,
) -> Fault {
    fault(code, element, attribute, Change::Value(value))
}

const LIGHT: &[Fault] = &[
    value(Code::UnknownCode, "Patient", "geslacht", "M"),
    value(Code::OutOfBounds, "Patient", "geboorteJaar", "1800"),
    value(Code::OutOfBounds, "Patient", "postcodegebied", "500"),
    value(Code::UnknownCode, "Patient", "leefsituatie", "11"),
    value(Code::OutOfBounds, "Zorgtraject", "GAFscore", "101"),
    value(Code::UnknownCode, "Zorgtraject", "zorgdomeinCode", "99"),
    value(Code::UnknownCode, "Behandelaar", "beroep", "koffiedame"),
    value(
        Code::SessionOutsidePath,
        "DBCTraject",
        "datumEersteSessie",
        "2001-01-01",
    ),
    value(
        Code::EndBeforeStart,
        "DBCTraject",
        "einddatumDBC",
        "2001-01-01",
    ),
    value(Code::ImpossibleScore, "Meting", "totaalscoreMeting", "480"),
    value(Code::SentinelScore, "Meting", "totaalscoreMeting", "999"),
    value(Code::UnknownCode, "Meting", "gebruiktMeetinstrument", "XYZ"),
    fault(
        Code::MeasuredAfterDelivery,
        "Meting",
        "datum",
        Change::DayAfterDelivery,
    ),
];

const HEAVY: &[Fault] = &[
    fault(
        Code::TooLong,
        "Patient",
        "koppelnummer",
        Change::Suffix("-0123456789-0123456789-0123456789-0123456789-0123456789-0123456789"),
    ),
    fault(
        Code::EmailAddress,
        "Patient",
        "koppelnummer",
        Change::Suffix("@kliniek.example"),
    ),
    value(Code::BirthDate, "Patient", "patientReserve01", "1975-06-07"),
    value(Code::NotAnInteger, "Patient", "geboorteMaand", "mei"),
    value(
        Code::NotASchemaDate,
        "DBCTraject",
        "einddatumDBC",
        "31-12-2024",
    ),
    value(Code::NotADecimal, "Meting", "totaalscoreMeting", "1,5"),
    value(Code::DuplicateElement, "Item", "itemnummer", "2"),
    fault(
        Code::AfterDelivery,
        "DBCTraject",
        "startdatumDBC",
        Change::DayAfterDelivery,
    ),
    fault(
        Code::MissingAttribute,
        "Zorgtraject",
        "zorgdomeinCode",
        Change::Missing,
    ),
    fault(
        Code::UnknownAttribute,
        "Patient",
        "huisarts",
        Change::Strange,
    ),
    fault(Code::TextContent, "NevendiagnoseCode", "", Change::Text),
];
