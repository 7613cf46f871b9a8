//! Adds up care paths and answers to questionnaires in the cells of the tables, one organisation at a time, in whole numbers. Where
//! the rows come from is not its business; what may be shown of a cell is not either.

use super::definition::{Answers, Definition, Higher, Instrument};
use super::figures::Leaf;
use crate::domain::coupling::{Coupling, Course, Measurement, Pair, Response};
use crate::domain::sheet::Sheet;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// Most sums that a cell of any table has.
const SUMS: usize = 5;

/// Why a row cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Uncountable {
    /// The definition lacks a code that was delivered: the dimension and the code.
    #[error("the definition has no {0} {1}")]
    Code(&'static str, String),
    /// A sum does not fit.
    #[error("a sum is too large")]
    TooLarge,
}

/// What one row adds to one cell.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// The day by which it belongs to a period.
    pub day: NaiveDate,
    cell: Place,
    sums: [i64; SUMS],
}

/// A cell of an organisation: its table, and the places of its other two codes in the definition.
type Place = (Sheet, (usize, usize));

/// A closed care path of the period, or one that may be.
#[derive(Debug, Clone, Copy)]
pub struct CarePath<'a> {
    /// Profile.
    pub profile: &'a str,
    /// Diagnosis group, empty when none.
    pub diagnosis: &'a str,
    /// Its dates.
    pub course: Course,
}

/// A questionnaire of one respondent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answered {
    /// Questionnaire, by its place in the definition.
    pub questionnaire: usize,
    /// When it was answered.
    pub day: NaiveDate,
    /// Answers 1 to 5 by question.
    pub answers: [Option<i64>; 15],
    /// Grade 0 to 10.
    pub grade: Option<i64>,
    /// Own judgement of health 1 to 5.
    pub health: Option<i64>,
}

/// Turns rows into what they add to cells, by a definition.
#[derive(Debug)]
pub struct Counter<'a> {
    definition: &'a Definition,
    profiles: HashMap<&'a str, usize>,
    diagnoses: HashMap<&'a str, usize>,
    no_diagnosis: usize,
    instruments: HashMap<&'a str, usize>,
    ranges: Vec<Range>,
}

/// What an instrument measures between, and which change of it is reliable.
#[derive(Debug, Clone, Copy)]
struct Range {
    least: i64,
    most: i64,
    higher: Higher,
    reliable: Option<i64>,
}

fn places<'a>(codes: impl Iterator<Item = &'a String>) -> HashMap<&'a str, usize> {
    codes.map(String::as_str).zip(0..).collect()
}

impl<'a> Counter<'a> {
    /// A counter by a definition.
    pub fn new(definition: &'a Definition) -> Self {
        let diagnoses = places(definition.diagnoses.iter().map(|d| &d.code));
        let none = diagnoses.get(definition.no_diagnosis.as_str()).copied();
        let range = |i: &Instrument| Range {
            least: i.minimum,
            most: i.maximum,
            higher: i.higher,
            reliable: i.reliable_change(),
        };
        Self {
            definition,
            profiles: places(definition.profiles.iter().map(|p| &p.code)),
            no_diagnosis: none.unwrap_or_default(),
            diagnoses,
            instruments: places(definition.instruments.iter().map(|i| &i.code)),
            ranges: definition.instruments.iter().map(range).collect(),
        }
    }

    /// An instrument by its place in the definition; none when it does not count.
    pub fn instrument(&self, code: &str) -> Option<usize> {
        self.instruments.get(code).copied()
    }

    /// A questionnaire by its place in the definition; none when it does not count.
    pub fn questionnaire(&self, code: &str) -> Option<usize> {
        let mut all = self.definition.questionnaires.iter();
        all.position(|q| q.code == code)
    }

    /// A score in thousandths, half away from zero; none for a sentinel and whatever else lies outside the range of the instrument.
    pub fn score(&self, instrument: usize, score: f64) -> Option<i64> {
        let Range { least, most, .. } = self.ranges.get(instrument).copied()?;
        let scaled = (score * 1000.0).round();
        // Far less than 2^53, so that every whole number up to it is exact.
        let possible = scaled.is_finite() && scaled.abs() < 1e15;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and far from the ends"
        )]
        let whole = possible.then_some(scaled as i64)?;
        (least..=most).contains(&whole).then_some(whole)
    }

    /// What a closed care path adds. Pairs are those of its coupling; the caller keeps the buffer.
    pub fn care_path(
        &self,
        path: &CarePath<'_>,
        coupling: Coupling,
        measurements: &[Measurement<usize>],
        pairs: &mut Vec<Pair<usize>>,
        into: &mut Vec<Share>,
    ) -> Result<(), Uncountable> {
        let unknown = |dimension, code: &str| Uncountable::Code(dimension, code.to_owned());
        let profile = self.profiles.get(path.profile).copied();
        let profile = profile.ok_or_else(|| unknown("profile", path.profile))?;
        let diagnosis = match path.diagnosis {
            "" => self.no_diagnosis,
            code => {
                let known = self.diagnoses.get(code).copied();
                known.ok_or_else(|| unknown("diagnosis", code))?
            }
        };
        coupling.pairs(&path.course, measurements, pairs);
        let response = Response::of(pairs);
        let status = Response::ALL.iter().position(|r| *r == response);
        let status = status.unwrap_or_default();
        let mut add = |sheet, second, sums| {
            let cell = (sheet, (profile, second));
            let day = path.course.ends.unwrap_or(path.course.starts);
            self.add(Share { day, cell, sums }, into);
        };
        add(Sheet::Volume, diagnosis, [0; SUMS]);
        add(Sheet::Response, status, [0; SUMS]);
        for pair in pairs.iter() {
            if let (Some(pre), Some(post)) = (pair.pre, pair.post) {
                let sums = self.effect(pair.instrument, pre, post);
                add(Sheet::Effect, pair.instrument, sums);
            }
        }
        Ok(())
    }

    /// In the order of `Sheet::sums`.
    fn effect(&self, instrument: usize, pre: i64, post: i64) -> [i64; SUMS] {
        let change = post - pre;
        let improved = self.ranges.get(instrument).is_some_and(|range| {
            let better = match range.higher {
                Higher::Worse => -change,
                Higher::Better => change,
            };
            range.reliable.is_some_and(|limit| better > limit)
        });
        [pre, post, pre * pre, change * change, i64::from(improved)]
    }

    /// What a respondent adds: each indicator that has an answer.
    pub fn respondent(&self, answered: &Answered, into: &mut Vec<Share>) {
        let known = self.definition.questionnaires.get(answered.questionnaire);
        let indicators = known.map(|q| q.indicators.as_slice()).unwrap_or_default();
        for (at, indicator) in indicators.iter().enumerate() {
            let score = match &indicator.of {
                Answers::Items(items) => mean(items.iter().filter_map(|item| {
                    let place = usize::from(*item).checked_sub(1)?;
                    *answered.answers.get(place)?
                })),
                Answers::Grade => answered.grade.map(|grade| grade * 1000),
                Answers::Health => answered.health.map(|health| health * 1000),
            };
            let holds = |score: &i64| (indicator.minimum..=indicator.maximum).contains(score);
            if let Some(score) = score.filter(holds) {
                let cell = (Sheet::Cqi, (answered.questionnaire, at));
                let sums = [score, score * score, 0, 0, 0];
                let day = answered.day;
                self.add(Share { day, cell, sums }, into);
            }
        }
    }

    fn add(&self, share: Share, into: &mut Vec<Share>) {
        if self.definition.sheets.contains(&share.cell.0) {
            into.push(share);
        }
    }

    /// The codes of a cell beside the organisation, in words.
    fn words(&self, (sheet, (first, second)): Place) -> Option<(&'a str, &'a str)> {
        let of = self.definition;
        let profile = || of.profiles.get(first).map(|p| p.code.as_str());
        Some(match sheet {
            Sheet::Volume => (profile()?, of.diagnoses.get(second)?.code.as_str()),
            Sheet::Response => (profile()?, Response::ALL.get(second)?.as_str()),
            Sheet::Effect => (profile()?, of.instruments.get(second)?.code.as_str()),
            Sheet::Cqi => {
                let questionnaire = of.questionnaires.get(first)?;
                let indicator = questionnaire.indicators.get(second)?;
                (questionnaire.code.as_str(), indicator.code.as_str())
            }
            Sheet::Benchmark | Sheet::Coverage => return None,
        })
    }
}

/// The mean of answers in thousandths, half up; none without an answer.
fn mean(answers: impl Iterator<Item = i64>) -> Option<i64> {
    let (sum, n) = answers.fold((0, 0), |(sum, n), answer| (sum + answer, n + 1));
    (n > 0).then(|| (2000 * sum + n) / (2 * n))
}

/// What was added up of one organisation.
#[derive(Debug)]
pub struct Tally {
    cells: BTreeMap<Place, Cell>,
    /// Earlier releases that are asked after.
    earlier: usize,
}

#[derive(Debug, Clone)]
struct Cell {
    n: i64,
    sums: [i64; SUMS],
    changed: Vec<i64>,
    then: Vec<i64>,
}

impl Tally {
    /// Nothing yet, with so many earlier releases to be asked after.
    pub const fn new(earlier: usize) -> Self {
        Self {
            cells: BTreeMap::new(),
            earlier,
        }
    }

    fn cell(&mut self, place: Place) -> &mut Cell {
        let zeros = self.earlier;
        self.cells.entry(place).or_insert_with(|| Cell {
            n: 0,
            sums: [0; SUMS],
            changed: vec![0; zeros],
            then: vec![0; zeros],
        })
    }

    /// Adds a row as it is now.
    pub fn add(&mut self, shares: &[Share]) -> Result<(), Uncountable> {
        for share in shares {
            let cell = self.cell(share.cell);
            cell.n += 1;
            for (sum, more) in cell.sums.iter_mut().zip(share.sums) {
                *sum = sum.checked_add(more).ok_or(Uncountable::TooLarge)?;
            }
        }
        Ok(())
    }

    /// Notes a row that an earlier release counted, by the place of that release.
    pub fn note_then<'s>(&mut self, release: usize, shares: impl Iterator<Item = &'s Share>) {
        for share in shares {
            if let Some(then) = self.cell(share.cell).then.get_mut(release) {
                *then += 1;
            }
        }
    }

    /// Notes what changed in the row of a care path since an earlier release: in each cell, what only one of the two has.
    pub fn note_change(&mut self, release: usize, then: &[Share], now: &[Share]) {
        for (place, n) in differences(then, now) {
            if let Some(changed) = self.cell(place).changed.get_mut(release) {
                *changed += n;
            }
        }
    }

    /// The cells, in the order of table and codes as the definition has them.
    pub fn leaves(self, counter: &Counter<'_>, agb: &str) -> Vec<Leaf> {
        let all = self.cells.into_iter();
        let leaf = |(place, cell): (Place, Cell)| {
            let (first, second) = counter.words(place)?;
            let mut sums = cell.sums.to_vec();
            sums.truncate(place.0.sums().len());
            Some(Leaf {
                sheet: place.0,
                codes: vec![agb.to_owned(), first.to_owned(), second.to_owned()],
                n: cell.n,
                sums,
                changed: cell.changed,
                then: cell.then,
            })
        };
        all.filter_map(leaf).collect()
    }
}

/// Cells in which two lists differ, and by how many rows: a row that stays in its cell with another score counts once.
fn differences(then: &[Share], now: &[Share]) -> Vec<(Place, i64)> {
    let same = |a: &Share, b: &Share| (a.cell, a.sums) == (b.cell, b.sums);
    let mut came: Vec<&Share> = now.iter().collect();
    let mut went: Vec<&Share> = Vec::new();
    for share in then {
        match came.iter().position(|other| same(share, other)) {
            Some(at) => drop(came.swap_remove(at)),
            None => went.push(share),
        }
    }
    let mut cells: BTreeMap<Place, (i64, i64)> = BTreeMap::new();
    for share in came {
        cells.entry(share.cell).or_default().0 += 1;
    }
    for share in went {
        cells.entry(share.cell).or_default().1 += 1;
    }
    let larger = |(place, (came, went)): (Place, (i64, i64))| (place, came.max(went));
    cells.into_iter().map(larger).collect()
}
