//! The same figures row by row from the model, as simply as they can be said: nothing of the real aggregation is used but its types.

use super::model::{Acceptance, Answered, Model, Party, Path, agb, day, sha256, submission};
use chrono::{Datelike, NaiveDate};
use portaal_console::domain::sheet::Sheet;
use portaal_console::extract::definition::{Answers, Definition, Higher, Period};
use portaal_console::extract::figures::{Figures, Holder, Leaf, LeftOut};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What stands in each cell: count and sums.
pub type Cells = BTreeMap<Cell, (i64, Vec<i64>)>;
/// A cell: its table and codes.
pub type Cell = (Sheet, Vec<String>);

/// Today, as the clock of the tests stands.
const TODAY: &str = "2026-10-05";

/// A date some months away; the last of the month where that is shorter.
fn months_away(from: NaiveDate, months: i32) -> NaiveDate {
    let all = from.year() * 12 + i32::try_from(from.month0()).expect("month") + months;
    let (year, month) = (
        all.div_euclid(12),
        u32::try_from(all.rem_euclid(12)).expect("month") + 1,
    );
    let of = |day| NaiveDate::from_ymd_opt(year, month, day);
    (1..=from.day()).rev().find_map(of).expect("day")
}

/// Every score of a care path that may be a pre or post measurement of an instrument, best first: day and thousandths.
fn candidates(
    definition: &Definition,
    path: &Path,
    moment: &str,
    code: &str,
) -> Vec<(NaiveDate, i64)> {
    let Some(instrument) = definition.instrument(code) else {
        return Vec::new();
    };
    let about = match moment {
        "pre" => path.first_session.unwrap_or(path.starts),
        _ => match path.ends {
            Some(ends) => path.last_session.unwrap_or(ends),
            None => return Vec::new(),
        },
    };
    let (first, last) = (months_away(about, -3), months_away(about, 3));
    let mut all = Vec::new();
    for m in &path.measured {
        let thousandths: i64 = format!("{:.0}", (m.score * 1000.0).round())
            .parse()
            .expect("whole");
        let possible = instrument.minimum <= thousandths && thousandths <= instrument.maximum;
        if m.moment == moment && m.instrument == code && m.day >= first && m.day <= last && possible
        {
            all.push((m.day, thousandths));
        }
    }
    let sign = if moment == "pre" { 1 } else { -1 };
    all.sort_by_key(|(d, _)| {
        (
            (*d - about).num_days().abs(),
            sign * (*d - about).num_days(),
        )
    });
    all
}

/// What a row adds: its day, the codes of a cell beside the organisation, and its sums.
type Add = (NaiveDate, Sheet, [String; 2], Vec<i64>);
type Adds = Vec<Add>;

fn of_path(definition: &Definition, path: &Path) -> Adds {
    let diagnosis = if path.diagnosis.is_empty() {
        "onbekend"
    } else {
        path.diagnosis
    };
    let cell = |second: &str| [path.profile.to_owned(), second.to_owned()];
    let day = path.ends.unwrap_or(path.starts);
    let mut adds = vec![(day, Sheet::Volume, cell(diagnosis), vec![])];
    let (mut pre_any, mut post_any, mut both) = (false, false, false);
    for instrument in &definition.instruments {
        let pre = candidates(definition, path, "pre", &instrument.code);
        let post = candidates(definition, path, "post", &instrument.code);
        let before = pre.first().copied();
        let after = post
            .iter()
            .copied()
            .find(|(d, _)| Some(*d) != before.map(|b| b.0));
        pre_any |= before.is_some();
        post_any |= after.is_some();
        if let (Some((_, before)), Some((_, after))) = (before, after) {
            both = true;
            let better = match instrument.higher {
                Higher::Worse => before - after,
                Higher::Better => after - before,
            };
            let improved = instrument.reliability.as_ref().is_some_and(|r| {
                // better² > (1.96 × SD)² × 2 × (1 − r), both sides times ten million.
                let limit = 196_i64.pow(2) * r.deviation.pow(2) * 2 * (1000 - r.r);
                better > 0 && better.pow(2) * 10_000_000 > limit
            });
            let sums = vec![
                before,
                after,
                before.pow(2),
                (after - before).pow(2),
                i64::from(improved),
            ];
            adds.push((day, Sheet::Effect, cell(&instrument.code), sums));
        }
    }
    let status = match (both, pre_any, post_any) {
        (true, _, _) => "completer",
        (_, true, _) => "dropout",
        (_, _, true) => "non_starter",
        _ => "non_responder",
    };
    adds.push((day, Sheet::Response, cell(status), vec![]));
    adds
}

fn of_answers(definition: &Definition, row: &Answered) -> Adds {
    let mut adds = Vec::new();
    let questionnaire = definition
        .questionnaire(row.questionnaire)
        .expect("questionnaire");
    for indicator in &questionnaire.indicators {
        let given: Vec<i64> = match &indicator.of {
            Answers::Items(items) => items
                .iter()
                .filter_map(|i| row.answers[usize::from(*i) - 1])
                .collect(),
            Answers::Grade => row.answers[15].into_iter().collect(),
            Answers::Health => row.answers[16].into_iter().collect(),
        };
        let n = i64::try_from(given.len()).expect("few");
        if n > 0 {
            let exact = given.iter().sum::<i64>() * 1000;
            let score = exact / n + i64::from(exact % n * 2 >= n);
            let cell = [row.questionnaire.to_owned(), indicator.code.clone()];
            adds.push((row.day, Sheet::Cqi, cell, vec![score, score.pow(2)]));
        }
    }
    adds
}

/// What the rows of a care path add in a period: care paths, measurements and respondents that count, and their shares.
pub fn adds(
    definition: &Definition,
    period: &Period,
    model: &Model,
    path: &Path,
) -> ([i64; 3], Adds) {
    if model.deliveries[path.delivery].specification != "cqi-1" {
        let closed = path.ends.is_some_and(|d| period.holds(d));
        if !closed {
            return ([0; 3], vec![]);
        }
        let measured = i64::try_from(path.measured.len()).expect("few");
        return ([1, measured, 0], of_path(definition, path));
    }
    let mut last: BTreeMap<&str, &Answered> = BTreeMap::new();
    for row in path.answered.iter().filter(|r| period.holds(r.day)) {
        let kept = last.entry(row.questionnaire).or_insert(row);
        if row.day > kept.day {
            *kept = row;
        }
    }
    let n = i64::try_from(last.len()).expect("few");
    (
        [0, 0, n],
        last.values()
            .flat_map(|row| of_answers(definition, row))
            .collect(),
    )
}

/// Why an organisation is out, whatever it delivered.
pub fn out(period: &Period, party: &Party) -> Option<LeftOut> {
    let now = |a: &Acceptance| a.state == "accepted" && a.until >= day(TODAY);
    let then = |a: &Acceptance| {
        let ended = a.state != "accepted" && a.state_on < period.first;
        a.accepted.is_some_and(|d| d <= period.last) && a.until >= period.first && !ended
    };
    let accepted = party.acceptances.iter().any(now) && party.acceptances.iter().any(then);
    if party.state == "ended" {
        Some(LeftOut::Ended)
    } else if !accepted || party.state == "in_setup" {
        Some(LeftOut::NoAcceptance)
    } else {
        let late =
            |o: (&str, Option<NaiveDate>)| o.0 == "overdue" && o.1.is_none_or(|d| d <= period.last);
        party
            .obligation
            .is_some_and(late)
            .then_some(LeftOut::Overdue)
    }
}

/// Count and sums of every cell of an organisation that has rows.
pub fn cells(
    definition: &Definition,
    period: &Period,
    model: &Model,
    party: usize,
) -> (Cells, [i64; 3]) {
    let mut cells = Cells::new();
    let mut read = [0; 3];
    for path in &model.paths {
        let of = &model.deliveries[path.delivery];
        if of.party != party || !of.counts() || path.superseded_by.is_some() {
            continue;
        }
        let (counts, adds) = adds(definition, period, model, path);
        for (sum, more) in read.iter_mut().zip(counts) {
            *sum += more;
        }
        for (_, sheet, [first, second], sums) in adds {
            let key = (sheet, vec![agb(party), first, second]);
            let cell = cells.entry(key).or_insert_with(|| (0, vec![0; sums.len()]));
            cell.0 += 1;
            for (sum, more) in cell.1.iter_mut().zip(sums) {
                *sum += more;
            }
        }
    }
    (cells, read)
}

/// An earlier release: its period, and the world as it was.
pub struct Then<'a> {
    pub period: Period,
    pub model: &'a Model,
    pub submissions: HashSet<String>,
}

/// What each care path of an organisation adds in a period, by kind and key.
type Rows = BTreeMap<(bool, (u8, u8)), Adds>;

fn rows(
    definition: &Definition,
    period: &Period,
    model: &Model,
    counts: impl Fn(usize) -> bool,
) -> Rows {
    let mut all = Rows::new();
    for path in model
        .paths
        .iter()
        .filter(|p| p.superseded_by.is_none() && counts(p.delivery))
    {
        let is_cqi = model.deliveries[path.delivery].specification == "cqi-1";
        let adds = adds(definition, period, model, path).1;
        all.entry((is_cqi, path.key)).or_default().extend(adds);
    }
    all
}

/// How often each row stands in each cell.
fn by_cell(adds: &[Add], period: &Period, party: usize) -> BTreeMap<Cell, BTreeMap<Vec<i64>, i64>> {
    let mut all: BTreeMap<Cell, BTreeMap<Vec<i64>, i64>> = BTreeMap::new();
    for (_, sheet, [first, second], sums) in adds.iter().filter(|add| period.holds(add.0)) {
        let cell = (*sheet, vec![agb(party), first.clone(), second.clone()]);
        *all.entry(cell)
            .or_default()
            .entry(sums.clone())
            .or_default() += 1;
    }
    all
}

/// Rows then and rows that changed, by cell, of an organisation since one release.
fn since(
    definition: &Definition,
    period: &Period,
    model: &Model,
    party: usize,
    then: &Then<'_>,
) -> BTreeMap<Cell, (i64, i64)> {
    let takes_part = out(period, &model.parties[party]).is_none();
    let of = |m: &Model, d: usize| m.deliveries[d].party == party && m.deliveries[d].counts();
    let now = rows(definition, period, model, |d| takes_part && of(model, d));
    let before = rows(definition, period, then.model, |d| {
        of(then.model, d) && then.submissions.contains(&submission(d))
    });
    let mut cells: BTreeMap<Cell, (i64, i64)> = BTreeMap::new();
    let none = Adds::new();
    let keys: BTreeSet<_> = now.keys().chain(before.keys()).collect();
    for key in keys {
        let now = by_cell(now.get(key).unwrap_or(&none), &then.period, party);
        let before = by_cell(before.get(key).unwrap_or(&none), &then.period, party);
        let all: BTreeSet<&Cell> = now.keys().chain(before.keys()).collect();
        for cell in all {
            let empty = BTreeMap::new();
            let (now, before) = (
                now.get(cell).unwrap_or(&empty),
                before.get(cell).unwrap_or(&empty),
            );
            let beyond = |a: &BTreeMap<Vec<i64>, i64>, b: &BTreeMap<Vec<i64>, i64>| -> i64 {
                a.iter()
                    .map(|(row, n)| (n - b.get(row).unwrap_or(&0)).max(0))
                    .sum()
            };
            let entry = cells.entry(cell.clone()).or_default();
            entry.0 += before.values().sum::<i64>();
            entry.1 += beyond(now, before).max(beyond(before, now));
        }
    }
    cells
}

/// Everything, with what changed since earlier releases.
pub fn figures(
    definition: &Definition,
    period: &Period,
    model: &Model,
    earlier: &[Then<'_>],
) -> Figures {
    let mut made = Figures::default();
    for (at, party) in model.parties.iter().enumerate() {
        let holds_mark = party
            .mark
            .is_some_and(|(from, until)| from <= period.last && until >= period.first);
        let counts = |d: &usize| model.deliveries[*d].party == at && model.deliveries[*d].counts();
        let own: Vec<usize> = (0..model.deliveries.len()).filter(counts).collect();
        if !holds_mark && own.is_empty() {
            continue;
        }
        let mut left_out = out(period, party);
        let mut read = [0; 3];
        let mut leaves: BTreeMap<Cell, Leaf> = BTreeMap::new();
        let leaf = |(sheet, codes): Cell| {
            let (zeros, sums) = (vec![0; earlier.len()], vec![0; sheet.sums().len()]);
            Leaf {
                sheet,
                codes,
                n: 0,
                sums,
                changed: zeros.clone(),
                then: zeros,
            }
        };
        if left_out.is_none() {
            let all;
            (all, read) = cells(definition, period, model, at);
            for (cell, (n, sums)) in all {
                leaves.insert(
                    cell.clone(),
                    Leaf {
                        n,
                        sums,
                        ..leaf(cell)
                    },
                );
            }
            made.submissions
                .extend(own.iter().map(|d| (submission(*d), sha256(*d))));
            for (sum, more) in made.read.iter_mut().zip(read) {
                *sum += more;
            }
            if read[0] + read[2] == 0 {
                left_out = Some(LeftOut::NothingDelivered);
            }
        }
        for (release, then) in earlier.iter().enumerate() {
            for (cell, (before, changed)) in since(definition, period, model, at, then) {
                if before + changed > 0 {
                    let found = leaves.entry(cell.clone()).or_insert_with(|| leaf(cell));
                    found.then[release] = before;
                    found.changed[release] = changed;
                }
            }
        }
        made.leaves.extend(leaves.into_values());
        made.holders.push(Holder {
            agb: agb(at),
            name: format!("Aanbieder {at}"),
            holds_mark,
            closed: read[0],
            left_out,
        });
    }
    made.leaves
        .sort_by(|a, b| (a.sheet, &a.codes).cmp(&(b.sheet, &b.codes)));
    made.submissions.sort();
    made
}
