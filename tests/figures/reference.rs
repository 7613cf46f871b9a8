//! The same figures row by row from the model, as simply as they can be said: nothing of the real aggregation is used but its types.

use super::model::{Acceptance, Answered, Model, Party, Path, agb, day, sha256, submission};
use chrono::{Datelike, NaiveDate};
use portaal_console::domain::sheet::Sheet;
use portaal_console::extract::definition::{Answers, Definition, Higher, Period};
use portaal_console::extract::figures::{Figures, Holder, LeftOut};
use std::collections::BTreeMap;

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

/// What a row adds: the codes of a cell beside the organisation, and its sums.
type Adds = Vec<(Sheet, [String; 2], Vec<i64>)>;

fn of_path(definition: &Definition, path: &Path) -> Adds {
    let diagnosis = if path.diagnosis.is_empty() {
        "onbekend"
    } else {
        path.diagnosis
    };
    let cell = |second: &str| [path.profile.to_owned(), second.to_owned()];
    let mut adds = vec![(Sheet::Volume, cell(diagnosis), vec![])];
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
            adds.push((Sheet::Effect, cell(&instrument.code), sums));
        }
    }
    let status = match (both, pre_any, post_any) {
        (true, _, _) => "completer",
        (_, true, _) => "dropout",
        (_, _, true) => "non_starter",
        _ => "non_responder",
    };
    adds.push((Sheet::Response, cell(status), vec![]));
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
            adds.push((Sheet::Cqi, cell, vec![score, score.pow(2)]));
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
        for (sheet, [first, second], sums) in adds {
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

/// Everything but what changed since earlier releases.
pub fn figures(definition: &Definition, period: &Period, model: &Model) -> Figures {
    let mut made = Figures::default();
    for (at, party) in model.parties.iter().enumerate() {
        let holds_mark = party
            .mark
            .is_some_and(|(from, until)| from <= period.last && until >= period.first);
        let own: Vec<usize> = (0..model.deliveries.len())
            .filter(|d| model.deliveries[*d].party == at && model.deliveries[*d].counts())
            .collect();
        if !holds_mark && own.is_empty() {
            continue;
        }
        let mut left_out = out(period, party);
        let mut closed = 0;
        if left_out.is_none() {
            let (all, read) = cells(definition, period, model, at);
            closed = read[0];
            for ((sheet, codes), (n, sums)) in all {
                made.leaves.push(portaal_console::extract::figures::Leaf {
                    sheet,
                    codes,
                    n,
                    sums,
                    changed: vec![],
                });
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
        made.holders.push(Holder {
            agb: agb(at),
            name: format!("Aanbieder {at}"),
            holds_mark,
            closed,
            left_out,
        });
    }
    made.leaves
        .sort_by(|a, b| (a.sheet, &a.codes).cmp(&(b.sheet, &b.codes)));
    made.submissions.sort();
    made
}
