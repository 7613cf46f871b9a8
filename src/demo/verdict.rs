//! What the check of a delivery would have found: state, findings with the codes of `delivery`, and how much counts.

use super::chance::Chance;
use crate::delivery::{Code, Severity};
use crate::domain::submission::State;
use crate::store::submission::Finding;

/// A finding that can occur: code, severity, column.
pub(super) type Found = (Code, Severity, &'static str);

/// The column that the broken vendor renamed.
pub(super) const RENAMED: &[Found] = &[
    (Code::MissingColumn, Severity::File, "totaalscore"),
    (Code::ExtraColumn, Severity::Remark, "#18"),
];

/// Letters that are no text in the encoding of the file.
pub(super) const ENCODING: &[Found] = &[(Code::Undecodable, Severity::File, "")];

/// Each alone refuses a file.
const CAUSES: &[&[Found]] = &[
    RENAMED,
    &[(Code::WrongOrganisation, Severity::File, "zorgaanbiedercode")],
    &[(Code::Required, Severity::File, "koppelnummer")],
    &[(Code::UnknownCode, Severity::File, "profiel")],
    &[(Code::DuplicateKey, Severity::File, "")],
    &[
        (Code::NotADate, Severity::File, "startdatum"),
        (Code::NotADate, Severity::Value, "einddatum"),
    ],
    &[(Code::RowWidth, Severity::File, "")],
    &[(Code::CarePathDiffers, Severity::File, "")],
    &[(Code::EmailAddress, Severity::File, "koppelnummer")],
    &[(Code::CitizenNumbers, Severity::File, "koppelnummer")],
    &[(Code::AfterDelivery, Severity::File, "startdatum")],
    ENCODING,
];

/// What leaves a file valid.
const REMARKS: &[Found] = &[
    (Code::UnknownCode, Severity::Value, "diagnosegroep"),
    (Code::UnknownCode, Severity::Value, "geslacht"),
    (Code::OutOfBounds, Severity::Value, "postcodegebied"),
    (Code::NotAYear, Severity::Value, "geboortejaar"),
    (
        Code::SessionOutsidePath,
        Severity::Value,
        "datum_eerste_sessie",
    ),
    (
        Code::SessionsReversed,
        Severity::Value,
        "datum_laatste_sessie",
    ),
    (Code::EndBeforeStart, Severity::Value, "einddatum"),
    (Code::ExtraColumn, Severity::Remark, "#19"),
    (Code::ImpossibleScore, Severity::Measurement, "totaalscore"),
    (Code::SentinelScore, Severity::Measurement, "totaalscore"),
    (Code::UnknownCode, Severity::Measurement, "meetinstrument"),
    (Code::IncompleteMeasurement, Severity::Measurement, ""),
    (
        Code::MeasuredAfterDelivery,
        Severity::Measurement,
        "meetdatum",
    ),
];

/// How files turn out to be written, per vendor.
pub(super) const DETECTED: [&str; 4] = [
    r#"{"container":"plain","encoding":"utf-8","delimiter":";","decimal":",","date_format":"jjjj-mm-dd","specification":"rom-1"}"#,
    r#"{"container":"plain","encoding":"utf-8-bom","delimiter":";","decimal":",","date_format":"dd-mm-jjjj","specification":"rom-1"}"#,
    r#"{"container":"plain","encoding":"windows-1252","delimiter":";","decimal":",","date_format":"dd-mm-jjjj","specification":"rom-1"}"#,
    r#"{"container":"plain","encoding":"utf-8","delimiter":",","decimal":".","date_format":"jjjj-mm-dd","specification":"rom-1"}"#,
];

/// What became of a delivery.
pub(super) struct Verdict {
    pub(super) state: State,
    pub(super) reason: &'static str,
    pub(super) accepted: i64,
    pub(super) ignored: i64,
    /// Care paths that were new, changed, the same.
    pub(super) paths: (i64, i64, i64),
    found: Vec<Found>,
}

/// Draws a verdict; with a cause the file is refused for it.
pub(super) fn draw(
    chance: &mut Chance,
    cause: Option<&'static [Found]>,
    rows: i64,
    (days_ago, times): (i64, i64),
) -> Verdict {
    let state = state(chance, cause.is_some(), days_ago);
    let refused = state == State::Invalid || (state == State::Withdrawn && times % 2 == 0);
    let mut found = Vec::new();
    if refused {
        let of_file = CAUSES[chance.below(CAUSES.len())];
        found.extend_from_slice(cause.unwrap_or(of_file));
    }
    let remarked =
        state == State::ValidWithRemarks || (state != State::Valid && chance.percent(38));
    if remarked && cause.is_none() {
        for _ in 0..chance.between(1, 4) {
            let one = REMARKS[chance.below(REMARKS.len())];
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    let measured = rows * 9 / 10;
    let lost = found
        .iter()
        .filter(|f| f.1 == Severity::Measurement)
        .count();
    let lost = i64::try_from(lost).unwrap_or_default().min(measured);
    let stored = matches!(state, State::Processed | State::Superseded);
    Verdict {
        reason: if state == State::Withdrawn {
            "Verkeerd bestand"
        } else {
            ""
        },
        accepted: if refused { 0 } else { measured - lost },
        ignored: if refused { measured } else { lost },
        paths: if stored {
            paths(chance, rows * 6 / 10 + 1, times)
        } else {
            (0, 0, 0)
        },
        state,
        found,
    }
}

/// Valid files that were not processed are those of test runs.
fn state(chance: &mut Chance, broken: bool, days_ago: i64) -> State {
    if broken {
        return State::Invalid;
    }
    match (chance.between(0, 999), days_ago) {
        (..=104, _) => State::Invalid,
        (105..=117, _) => State::Valid,
        (118..=131, _) => State::ValidWithRemarks,
        (132..=152, _) => State::Withdrawn,
        (153..=205, 3..) => State::Superseded,
        _ => State::Processed,
    }
}

/// The first delivery of an organisation is all new; later ones repeat most of it.
fn paths(chance: &mut Chance, all: i64, times: i64) -> (i64, i64, i64) {
    if times == 1 {
        return (all, 0, 0);
    }
    let new = all * chance.between(10, 45) / 100;
    let changed = (all - new) * chance.between(2, 20) / 100;
    (new, changed, all - new - changed)
}

impl Verdict {
    /// The findings as rows.
    pub(super) fn findings(&self, chance: &mut Chance, rows: i64) -> Vec<Finding> {
        (1..)
            .zip(&self.found)
            .map(|(position, (code, severity, column))| {
                let whole = matches!(
                    *code,
                    Code::MissingColumn | Code::ExtraColumn | Code::CitizenNumbers
                );
                Finding {
                    position,
                    code: code.as_str().to_owned(),
                    severity: severity.as_str().to_owned(),
                    line: if whole {
                        1
                    } else {
                        chance.between(2, rows + 1)
                    },
                    column_name: (*column).to_owned(),
                    count: 1,
                }
            })
            .collect()
    }
}
