//! Care as it is given in the made-up world: care paths with what was measured in them and what clients thought of it, and the files
//! in which their organisation delivers them. Nothing is stored here.

use super::chance::Chance;
use chrono::{Datelike, Days, NaiveDate};
use std::fmt::Write;

/// Rows that a care path has on average: six of ten are measured twice, some once, some never or not yet.
const ROWS: f64 = 1.16;
/// Days that care paths of the last years can still be open from now.
const AHEAD: i64 = 120;

/// One instrument: code, mean and standard deviation before, lowest and highest score, decimals.
struct Instrument(&'static str, f64, f64, f64, f64, usize);

const INSTRUMENTS: &[Instrument] = &[
    Instrument("OQ45-sd", 52.0, 13.0, 0.0, 100.0, 0),
    Instrument("BSI", 1.32, 0.62, 0.0, 4.0, 2),
    Instrument("SQ48", 62.0, 22.0, 0.0, 148.0, 0),
    Instrument("DASS21", 50.0, 24.0, 0.0, 126.0, 0),
];

/// Profile, its share of a hundred, and days that it lasts.
const PROFILES: &[(&str, i64, i64)] = &[
    ("kort", 24, 75),
    ("middel", 34, 130),
    ("intensief", 30, 210),
    ("chronisch", 12, 320),
];

/// Diagnosis groups by how often they occur in a hundred cases: few, so that an extract is built in seconds.
const DIAGNOSES: &[(&str, i64)] = &[("04", 33), ("05", 31), ("07", 22), ("18", 14)];

/// A questionnaire of clients, and how its versions follow each other.
const QUESTIONNAIRES: [&str; 2] = ["CQI-GGZ-VZ-AMB-2017", "CQI-AMB-5.1"];

/// A care path.
#[derive(Debug, Clone)]
pub(super) struct CarePath {
    number: usize,
    profile: &'static str,
    diagnosis: &'static str,
    start: NaiveDate,
    end: NaiveDate,
    first: NaiveDate,
    last: NaiveDate,
    instrument: &'static str,
    before: Option<String>,
    after: Option<String>,
    about: String,
    opinion: Option<String>,
}

/// How an organisation works: what it measures with and how well it does.
struct House {
    instrument: usize,
    other: usize,
    /// How many of a hundred are measured before, and of those also after.
    response: (i64, i64),
    /// Improvement in standard deviations.
    effect: f64,
    /// Mean answer of its clients, 1 to 5.
    opinion: f64,
    questionnaire: &'static str,
}

/// The care paths of one organisation that end between a day and some months after today; so many rows of measurements.
pub(super) fn given(
    chance: &mut Chance,
    rows: u64,
    (from, today): (NaiveDate, NaiveDate),
) -> Vec<CarePath> {
    let main = chance.pick(&[0, 0, 1, 2, 3]);
    let house = House {
        instrument: main,
        other: (main + 1) % INSTRUMENTS.len(),
        response: (chance.between(78, 93), chance.between(58, 84)),
        effect: real(chance.between(45, 95)) / 100.0,
        opinion: real(chance.between(370, 445)) / 100.0,
        questionnaire: QUESTIONNAIRES[usize::from(chance.percent(20))],
    };
    let days = (today - from).num_days() + AHEAD;
    let count = (0..).take_while(|n| real(*n) * ROWS < real(i64::try_from(rows).unwrap_or(0)));
    count
        .zip(0..)
        .map(|(_, number)| care_path(chance, &house, number, from, days))
        .collect()
}

fn care_path(
    chance: &mut Chance,
    house: &House,
    number: usize,
    from: NaiveDate,
    days: i64,
) -> CarePath {
    let (profile, length) = profile(chance);
    let end = later(from, chance.between(0, days));
    let start = earlier(end, length * chance.between(60, 140) / 100);
    let (first, last) = (
        later(start, chance.between(0, 14)),
        earlier(end, chance.between(0, 10)),
    );
    let place = if chance.percent(90) {
        house.instrument
    } else {
        house.other
    };
    let instrument = &INSTRUMENTS[place];
    let severity = normal(chance) + if profile == "kort" { -0.3 } else { 0.1 };
    let gain = house.effect + 0.75 * normal(chance);
    let before = chance.percent(house.response.0);
    let after = before && chance.percent(house.response.1);
    CarePath {
        number,
        profile,
        diagnosis: diagnosis(chance),
        start,
        end,
        first,
        last,
        instrument: instrument.0,
        before: before.then(|| instrument.score(severity)),
        after: after.then(|| instrument.score(severity - gain)),
        about: format!(
            "{};{};{}",
            chance.between(1945, 2006),
            chance.between(1, 2),
            chance.between(1000, 9999)
        ),
        opinion: chance.percent(38).then(|| opinion(chance, house)),
    }
}

fn profile(chance: &mut Chance) -> (&'static str, i64) {
    let mut draw = chance.between(0, 99);
    for (name, share, days) in PROFILES {
        draw -= share;
        if draw < 0 {
            return (name, *days);
        }
    }
    (PROFILES[0].0, PROFILES[0].2)
}

fn diagnosis(chance: &mut Chance) -> &'static str {
    let mut draw = chance.between(0, 99);
    for (code, share) in DIAGNOSES {
        draw -= share;
        if draw < 0 {
            return code;
        }
    }
    DIAGNOSES[0].0
}

/// Fifteen answers, the mark and the health of one client; one answer in ten is left open, the first never.
fn opinion(chance: &mut Chance, house: &House) -> String {
    let mood = house.opinion + 0.45 * normal(chance);
    let mut text = house.questionnaire.to_owned();
    text.push_str(";{}");
    for question in 0..15 {
        let answer = (mood + 0.6 * normal(chance)).round().clamp(1.0, 5.0);
        if question > 0 && chance.percent(10) {
            text.push(';');
        } else {
            let _ = write!(text, ";{answer:.0}");
        }
    }
    let mark = (mood * 1.9 + 0.5 * normal(chance)).round().clamp(0.0, 10.0);
    let _ = write!(text, ";{mark:.0};{}", chance.between(1, 5));
    text
}

impl Instrument {
    fn score(&self, severity: f64) -> String {
        let score = (self.1 + self.2 * severity).clamp(self.3, self.4);
        format!("{score:.*}", self.5).replace('.', ",")
    }
}

/// About normal, mean 0 and standard deviation 1: the sum of twelve draws.
fn normal(chance: &mut Chance) -> f64 {
    let sum: i64 = (0..12).map(|_| chance.between(0, 1000)).sum();
    real(sum) / 1000.0 - 6.0
}

fn real(number: i64) -> f64 {
    // Small whole numbers, which a float holds exactly.
    f64::from(i32::try_from(number).unwrap_or(i32::MAX))
}

fn later(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_days(Days::new(days.unsigned_abs()))
        .unwrap_or(day)
}

fn earlier(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_sub_days(Days::new(days.unsigned_abs()))
        .unwrap_or(day)
}

/// A stretch of time about which a file reports: after the last one, until the day of delivery.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) after: NaiveDate,
    pub(super) until: NaiveDate,
}

impl CarePath {
    fn is_in(&self, stretch: Stretch) -> bool {
        self.first < stretch.until && self.end >= stretch.after
    }
}

const ROM: &str = "zorgaanbiedercode;koppelnummer;zorgtrajectnummer;profiel;diagnosegroep;geboortejaar;geslacht;postcodegebied;\
    startdatum;einddatum;datum_eerste_sessie;datum_laatste_sessie;reden_non_response_voor;reden_non_response_na;typemeting;\
    meetdatum;meetinstrument;totaalscore\n";
const CQI: &str = "zorgaanbiedercode;koppelnummer;zorgtrajectnummer;profiel;vragenlijst;afnamedatum;v01;v02;v03;v04;v05;v06;v07;v08;\
    v09;v10;v11;v12;v13;v14;v15;rapportcijfer;gezondheid\n";

/// The file of measurements: care paths that were open in the stretch, as far as they had come.
pub(super) fn rom(agb: &str, paths: &[CarePath], stretch: Stretch) -> String {
    let mut text = ROM.to_owned();
    for path in paths.iter().filter(|p| p.is_in(stretch)) {
        let closed = path.end < stretch.until;
        let day = |day: NaiveDate| {
            if closed {
                day.to_string()
            } else {
                String::new()
            }
        };
        let after = path.after.as_ref().filter(|_| closed);
        let (no_before, no_after) = (reason(path.before.is_some()), reason(after.is_some()));
        let about = format!(
            "{agb};{};T{:06};{};{};{};{};{};{};{};{no_before};{no_after}",
            client(agb, path.number),
            path.number,
            path.profile,
            path.diagnosis,
            path.about,
            path.start,
            day(path.end),
            path.first,
            day(path.last)
        );
        let mut measured = Vec::new();
        measured.extend(path.before.as_ref().map(|score| (1, path.first, score)));
        measured.extend(after.map(|score| (2, path.last.max(later(path.first, 1)), score)));
        if measured.is_empty() {
            let _ = writeln!(text, "{about};;;;");
        }
        for (moment, day, score) in measured {
            let _ = writeln!(text, "{about};{moment};{day};{};{score}", path.instrument);
        }
    }
    text
}

/// The file of what clients thought of it: of care paths that ended in the stretch.
pub(super) fn cqi(agb: &str, paths: &[CarePath], stretch: Stretch) -> String {
    let mut text = CQI.to_owned();
    let ended = |p: &&CarePath| p.end >= stretch.after && p.end < stretch.until;
    for path in paths.iter().filter(ended) {
        if let Some(opinion) = &path.opinion {
            let _ = writeln!(
                text,
                "{agb};{};T{:06};{};{}",
                client(agb, path.number),
                path.number,
                path.profile,
                opinion.replace("{}", &path.last.to_string())
            );
        }
    }
    text
}

/// Why there is no measurement; some code of the list.
const fn reason(measured: bool) -> &'static str {
    if measured { "" } else { "04" }
}

fn client(agb: &str, number: usize) -> String {
    let number = u64::try_from(number).unwrap_or_default();
    let agb: u64 = agb.parse().unwrap_or_default();
    format!(
        "C{:08X}",
        (agb ^ number << 20).wrapping_mul(0x9E37_79B1) & 0xFFFF_FFFF
    )
}

/// The last year that was over two months ago.
pub(super) fn last_year(today: NaiveDate) -> i32 {
    earlier(today, 60).year() - 1
}

/// Days since that year was over.
pub(super) fn days_since_last_year(today: NaiveDate) -> i64 {
    let end = NaiveDate::from_ymd_opt(last_year(today) + 1, 1, 1).unwrap_or(today);
    (today - end).num_days()
}

/// The last half-year that was over two months ago.
pub(super) fn last_half(today: NaiveDate) -> String {
    let then = earlier(today, 60);
    match then.month() {
        7.. => format!("{}-H1", then.year()),
        _ => format!("{}-H2", then.year() - 1),
    }
}

/// The first day that files go back to: that of the year before the last one.
pub(super) fn beginning(today: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(last_year(today) - 1, 1, 1).unwrap_or(today)
}
