//! Whether a definition that could be read fits together: codes that exist, ranges, hierarchies, scales. Not how it is read.

use super::{
    Answers, CouplingOf, Definition, Diagnosis, Flaw, Indicator, Instrument, Misfit, Questionnaire,
    Ruled, Ruling,
};
use crate::domain::sheet::{SMALL_HOLDERS, TOTAL};
use crate::domain::specification::{Kind, kind_of};
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

/// Questions that a CQi has at most.
const QUESTIONS: u8 = 15;
/// The highest score or deviation that makes sense, in thousandths: the square of a difference across the whole scale, a million wide, fits
/// for nine million clients. More than fits is refused where it is added up.
const MOST: i64 = 500_000;

/// Everything that does not fit, in the order of the document.
pub(super) fn misfits(definition: &Definition) -> Vec<Misfit> {
    let mut found = Found::default();
    found.text("name", &definition.name);
    found.between("version", i64::from(definition.version), 1, 9999);
    found.filled("periods", &definition.periods);
    found.filled("sheets", &definition.sheets);
    found.unique("sheets", definition.sheets.iter().map(|s| s.as_str()));
    found.ruling(&definition.rules);
    found.couplings(&definition.couplings);
    found.codes(
        "profiles",
        definition.profiles.iter().map(|p| p.code.as_str()),
    );
    found.codes(
        "diagnoses",
        definition.diagnoses.iter().map(|d| d.code.as_str()),
    );
    found.hierarchy(&definition.diagnoses);
    let mut codes = definition.diagnoses.iter().map(|d| &d.code);
    if !codes.any(|code| *code == definition.no_diagnosis) {
        found.add("no_diagnosis", Flaw::Nowhere);
    }
    found.codes(
        "instruments",
        definition.instruments.iter().map(|i| i.code.as_str()),
    );
    for (at, instrument) in definition.instruments.iter().enumerate() {
        found.instrument(&format!("instruments[{at}]"), instrument);
    }
    let questionnaires = definition.questionnaires.iter();
    found.codes("questionnaires", questionnaires.map(|q| q.code.as_str()));
    for (at, questionnaire) in definition.questionnaires.iter().enumerate() {
        found.questionnaire(&format!("questionnaires[{at}]"), questionnaire);
    }
    found.0
}

#[derive(Default)]
struct Found(Vec<Misfit>);

impl Found {
    fn add(&mut self, path: impl Into<String>, flaw: Flaw) {
        self.0.push(Misfit::at(path, flaw));
    }

    fn between(&mut self, path: impl Into<String>, value: i64, least: i64, most: i64) {
        if !(least..=most).contains(&value) {
            self.add(path, Flaw::Between(least, most));
        }
    }

    fn filled<T>(&mut self, path: &str, all: &[T]) {
        if all.is_empty() {
            self.add(path, Flaw::Empty);
        }
    }

    fn text(&mut self, path: impl Into<String>, text: &str) {
        if text.trim().is_empty() {
            self.add(path, Flaw::Empty);
        }
    }

    fn unique<'a>(&mut self, path: &str, codes: impl Iterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for (at, code) in codes.enumerate() {
            if !seen.insert(code) {
                self.add(format!("{path}[{at}]"), Flaw::Twice);
            }
        }
    }

    /// Codes of a dimension: some, none empty, none twice, none that stands for something else in a table.
    fn codes<'a>(&mut self, path: &str, codes: impl Iterator<Item = &'a str> + Clone) {
        if codes.clone().next().is_none() {
            self.add(path, Flaw::Empty);
        }
        for (at, code) in codes.clone().enumerate() {
            let place = format!("{path}[{at}].code");
            self.text(&place, code);
            if code == TOTAL || code == SMALL_HOLDERS {
                self.add(place, Flaw::Twice);
            }
        }
        self.unique(path, codes);
    }

    fn ruling(&mut self, rules: &Ruling) {
        let percent = (1, 100);
        let count = (1, 1_000_000);
        for (name, rule, (least, most)) in [
            // Below 3 the people in a cell know each other's scores.
            ("min_count", &rules.min_count, (3, 1_000_000)),
            ("group_share", &rules.group_share, (51, 100)),
            ("contributors", &rules.contributors, count),
            ("dominance", &rules.dominance, percent),
            ("dominance_of_two", &rules.dominance_of_two, percent),
            ("median_from", &rules.median_from, count),
            ("quartiles_from", &rules.quartiles_from, count),
            ("pool_at_most", &rules.pool_at_most, (0, 1_000_000)),
            ("mean_interval", &rules.mean_interval, (0, 100)),
        ] {
            self.between(format!("rules.{name}.value"), rule.value, least, most);
            self.ruled(name, rule);
        }
        self.ruled("interval", &rules.interval);
        self.ruled("zeros", &rules.zeros);
    }

    fn ruled<T>(&mut self, name: &str, rule: &Ruled<T>) {
        self.text(format!("rules.{name}.origin"), &rule.origin);
        if rule.since.parse::<NaiveDate>().is_err() {
            let flaw = Flaw::Kind("a day YYYY-MM-DD".to_owned());
            self.add(format!("rules.{name}.since"), flaw);
        }
    }

    fn couplings(&mut self, all: &[CouplingOf]) {
        self.filled("couplings", all);
        let mut seen = HashSet::new();
        for (at, coupling) in all.iter().enumerate() {
            let path = format!("couplings[{at}]");
            self.between(
                format!("{path}.window_months"),
                i64::from(coupling.window_months),
                0,
                24,
            );
            self.text(format!("{path}.origin"), &coupling.origin);
            self.filled(&format!("{path}.specifications"), &coupling.specifications);
            for (place, name) in coupling.specifications.iter().enumerate() {
                let path = format!("{path}.specifications[{place}]");
                if kind_of(name) != Some(Kind::Rom) {
                    self.add(&path, Flaw::Nowhere);
                }
                if !seen.insert(name) {
                    self.add(path, Flaw::Twice);
                }
            }
        }
    }

    fn hierarchy(&mut self, all: &[Diagnosis]) {
        let parents: HashMap<&str, Option<&str>> = all
            .iter()
            .map(|d| (d.code.as_str(), d.parent.as_deref()))
            .collect();
        for (at, diagnosis) in all.iter().enumerate() {
            let path = format!("diagnoses[{at}].parent");
            let mut above = diagnosis.parent.as_deref();
            let mut steps = 0;
            while let Some(code) = above {
                let Some(next) = parents.get(code) else {
                    self.add(&path, Flaw::Nowhere);
                    break;
                };
                steps += 1;
                if steps > all.len() {
                    self.add(&path, Flaw::Round);
                    break;
                }
                above = *next;
            }
        }
    }

    fn instrument(&mut self, path: &str, instrument: &Instrument) {
        self.scale(path, instrument.minimum, instrument.maximum);
        if let Some(given) = &instrument.reliability {
            self.between(format!("{path}.reliability.r"), given.r, 0, 1000);
            self.between(
                format!("{path}.reliability.deviation"),
                given.deviation,
                1,
                MOST,
            );
            self.text(format!("{path}.reliability.source"), &given.source);
        }
        if let Some(norm) = &instrument.norm {
            let (least, most) = (instrument.minimum, instrument.maximum);
            self.between(format!("{path}.norm.mean"), norm.mean, least, most);
            self.between(format!("{path}.norm.deviation"), norm.deviation, 1, MOST);
            self.text(format!("{path}.norm.source"), &norm.source);
        }
    }

    fn scale(&mut self, path: &str, minimum: i64, maximum: i64) {
        self.between(format!("{path}.minimum"), minimum, -MOST, MOST);
        self.between(
            format!("{path}.maximum"),
            maximum,
            minimum.saturating_add(1),
            MOST,
        );
    }

    fn questionnaire(&mut self, path: &str, questionnaire: &Questionnaire) {
        let indicators = questionnaire.indicators.iter();
        self.codes(
            &format!("{path}.indicators"),
            indicators.map(|i| i.code.as_str()),
        );
        for (at, indicator) in questionnaire.indicators.iter().enumerate() {
            self.indicator(&format!("{path}.indicators[{at}]"), indicator);
        }
    }

    fn indicator(&mut self, path: &str, indicator: &Indicator) {
        self.scale(path, indicator.minimum, indicator.maximum);
        let Answers::Items(items) = &indicator.of else {
            return;
        };
        self.filled(&format!("{path}.of.items"), items);
        let mut seen = HashSet::new();
        for (at, item) in items.iter().enumerate() {
            let path = format!("{path}.of.items[{at}]");
            self.between(&path, i64::from(*item), 1, i64::from(QUESTIONS));
            if !seen.insert(item) {
                self.add(path, Flaw::Twice);
            }
        }
    }
}
