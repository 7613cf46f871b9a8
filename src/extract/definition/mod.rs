//! What an extract is made by, as data: periods, tables, coupling, instruments, questionnaires, codes and the rules of protection.
//! A new version is a new file in `definitions/`; this file knows none of their values.

mod check;
mod period;
mod rule;

use super::reading::{Flaw, Misfit, read};
use crate::domain::coupling::{Coupling, Preference, Reference};
use crate::domain::sheet::Sheet;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

pub use period::{Period, PeriodKind};
pub use rule::{Ruled, Ruling};

/// A version of a definition. Read by `parse`, so that everything in it fits together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Name, such as `kibg`.
    pub name: String,
    /// Version, from 1.
    pub version: u32,
    /// Where it comes from.
    pub origin: String,
    /// The periods that it can be built for.
    pub periods: Vec<PeriodKind>,
    /// The tables that it has.
    #[serde(with = "sheets")]
    pub sheets: Vec<Sheet>,
    /// The rules of protection.
    pub rules: Ruling,
    /// How measurements are coupled, by specification of the delivery.
    pub couplings: Vec<CouplingOf>,
    /// Care profiles.
    pub profiles: Vec<Named>,
    /// Diagnosis groups, with the group above them; a code without one stands right beneath the total.
    pub diagnoses: Vec<Diagnosis>,
    /// The code of a care path without a diagnosis group; one of `diagnoses`.
    pub no_diagnosis: String,
    /// Instruments.
    pub instruments: Vec<Instrument>,
    /// Questionnaires of the CQi by version.
    pub questionnaires: Vec<Questionnaire>,
}

/// How the measurements of a delivery are coupled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CouplingOf {
    /// The specifications that it holds for.
    pub specifications: Vec<String>,
    /// Months on each side of the reference date, its last day included.
    pub window_months: u32,
    /// Reference date of the measurement before.
    pub pre: ReferenceOf,
    /// Reference date of the measurement after.
    pub post: ReferenceOf,
    /// Where it comes from.
    pub origin: String,
}

/// Which date a measurement is held against, and which of two equally near ones counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceOf {
    /// The date.
    pub reference: Reference,
    /// The preference.
    pub tie: Preference,
}

/// A code with its name in Dutch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Code.
    pub code: String,
    /// Name.
    pub title: String,
}

/// A diagnosis group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// Code.
    pub code: String,
    /// The code above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Name.
    pub title: String,
}

/// An instrument; scores in thousandths of its own point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Code.
    pub code: String,
    /// Name.
    pub title: String,
    /// Lowest score.
    pub minimum: i64,
    /// Highest score.
    pub maximum: i64,
    /// What a higher score means.
    pub higher: Higher,
    /// How reliable it is; none: no share reliably improved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reliability: Option<Reliability>,
    /// The norm of its T-scores; none: no T-scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub norm: Option<Norm>,
}

/// What a higher score means for the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Higher {
    /// It goes worse.
    Worse,
    /// It goes better.
    Better,
}

/// The figures of the reliable change index: 1.96 × SD × √(2 × (1 − r)). Both are fixed here and not taken from the measurements, so
/// that the same change is reliable everywhere and next year too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reliability {
    /// r, in thousandths.
    pub r: i64,
    /// Standard deviation before treatment in the population of the source, in thousandths of a point.
    pub deviation: i64,
    /// Publication and population.
    pub source: String,
}

/// A norm group: T = 50 + 10 × (score − mean) / deviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Norm {
    /// Mean in thousandths of a point.
    pub mean: i64,
    /// Standard deviation in thousandths of a point.
    pub deviation: i64,
    /// Publication and population.
    pub source: String,
}

/// A questionnaire of the CQi in one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questionnaire {
    /// Code.
    pub code: String,
    /// Name.
    pub title: String,
    /// Where its indicators come from.
    pub origin: String,
    /// Indicators.
    pub indicators: Vec<Indicator>,
}

/// An indicator: the mean of what a respondent answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Code.
    pub code: String,
    /// Name.
    pub title: String,
    /// What it is the mean of.
    pub of: Answers,
    /// Lowest score, in thousandths.
    pub minimum: i64,
    /// Highest score, in thousandths.
    pub maximum: i64,
}

/// What an indicator is the mean of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answers {
    /// Questions by number, from 1.
    Items(Vec<u8>),
    /// The grade for the treatment.
    Grade,
    /// Own judgement of health.
    Health,
}

impl Instrument {
    /// Change in thousandths beyond which it is reliable: the reliable change index, rounded down, which takes the same whole numbers
    /// as the index itself. None without figures.
    pub fn reliable_change(&self) -> Option<i64> {
        let given = self.reliability.as_ref()?;
        let (deviation, error) = (i128::from(given.deviation), i128::from(1000 - given.r));
        // 1.96² × SD² × 2 × (1 − r), in millionths of a point; whole numbers, so that no machine rounds another way.
        let square = 196 * 196 * deviation * deviation * 2 * error / (100 * 100 * 1000);
        i64::try_from(square.isqrt()).ok()
    }

    /// Whether a change from one score to another, in thousandths, is a reliable improvement. False without figures.
    pub fn is_improved(&self, pre: i64, post: i64) -> bool {
        let better = match self.higher {
            Higher::Worse => pre - post,
            Higher::Better => post - pre,
        };
        self.reliable_change().is_some_and(|limit| better > limit)
    }
}

impl Definition {
    /// Reads a definition and checks that everything in it fits together.
    pub fn parse(text: &str) -> Result<Self, Vec<Misfit>> {
        let definition: Self = read(text).map_err(|misfit| vec![misfit])?;
        let misfits = check::misfits(&definition);
        if misfits.is_empty() {
            Ok(definition)
        } else {
            Err(misfits)
        }
    }

    /// Reads a definition that somebody made: of its rules and those of the house the stricter hold, value by value.
    pub fn given(text: &str) -> Result<Self, Vec<Misfit>> {
        let mut definition = Self::parse(text)?;
        definition.rules = definition.rules.stricter(&Self::built_in().rules);
        Ok(definition)
    }

    /// The definition that stands in this program.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Name and version, such as `kibg-1`.
    pub fn label(&self) -> String {
        format!("{}-{}", self.name, self.version)
    }

    /// As JSON in the order of the fields: the same for the same definition.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The period of a text such as `2025` or `2025-H1`; none when it is not one or not one of this definition.
    pub fn period(&self, text: &str) -> Option<Period> {
        Period::parse(text).filter(|period| self.periods.contains(&period.kind))
    }

    /// How measurements of a delivery are coupled; none when the definition does not count that specification.
    pub fn coupling(&self, specification: &str) -> Option<Coupling> {
        let mut all = self.couplings.iter();
        let of = all.find(|c| c.specifications.iter().any(|s| s == specification))?;
        Some(Coupling {
            months: of.window_months,
            pre: (of.pre.reference, of.pre.tie),
            post: (of.post.reference, of.post.tie),
        })
    }

    /// An instrument by code.
    pub fn instrument(&self, code: &str) -> Option<&Instrument> {
        self.instruments.iter().find(|i| i.code == code)
    }

    /// A questionnaire by code.
    pub fn questionnaire(&self, code: &str) -> Option<&Questionnaire> {
        self.questionnaires.iter().find(|q| q.code == code)
    }

    /// An indicator of a questionnaire.
    pub fn indicator(&self, questionnaire: &str, code: &str) -> Option<&Indicator> {
        let mut all = self.questionnaire(questionnaire)?.indicators.iter();
        all.find(|i| i.code == code)
    }
}

#[expect(
    clippy::expect_used,
    reason = "the embedded file is parsed by a test, so it cannot fail in use"
)]
static BUILT_IN: LazyLock<Definition> = LazyLock::new(|| {
    Definition::parse(include_str!("../definitions/kibg-1.json"))
        .expect("the embedded definition is valid")
});

/// Tables by their code.
mod sheets {
    use super::Sheet;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(all: &[Sheet], to: S) -> Result<S::Ok, S::Error> {
        let codes: Vec<&str> = all.iter().map(|s| s.as_str()).collect();
        codes.serialize(to)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Sheet>, D::Error> {
        let codes = Vec::<String>::deserialize(from)?;
        let read = |code: &String| {
            let unknown = |_| D::Error::unknown_variant(code, Sheet::CODES);
            code.parse().map_err(unknown)
        };
        codes.iter().map(read).collect()
    }
}
