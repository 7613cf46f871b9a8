//! Which rows whole tables keep from whom, as they stand in a proof: what each witness shows of a row, and whose own rows it changes.

use super::part::Part;
use crate::domain::sheet::{Sheet, TOTAL};
use crate::extract::read::Status;
use crate::extract::rules::{Rules, Zeros};
use crate::extract::shift::Shift;
use std::collections::{BTreeMap, BTreeSet};

/// Who sees through each witness by the scores that must go with it, beside whom it changes itself; none where no scores can.
pub(super) type Through = Vec<Option<BTreeSet<String>>>;

/// A row that no witness keeps from somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gap<'a> {
    pub(super) row: usize,
    /// An organisation, or none for who has only what is published.
    pub(super) attacker: Option<&'a str>,
    /// For each way in which it must move, the witnesses that would do if scores went with them.
    pub(super) ways: Vec<Vec<usize>>,
}

impl Gap<'_> {
    /// Whether it is the counts that give it away, and not the scores that go with them.
    pub(super) fn is_of_counts(&self) -> bool {
        self.ways.iter().all(Vec::is_empty)
    }
}

/// Rows that no witness keeps from somebody. A cell hidden for its own sake must be seen to be low and high enough, by an organisation in
/// tables in which its own cells do not change; one hidden for others, to be another.
pub(super) fn unproven<'a>(
    part: &'a Part,
    rules: &Rules,
    witnesses: &[Shift],
    through: &'a Through,
) -> Vec<Gap<'a>> {
    let seen = Seen::new(part, witnesses, through);
    let knowing = knowing(part);
    let mut all = Vec::new();
    for (row, record) in part.table.rows.iter().enumerate() {
        if record.status == Status::Secondary {
            all.extend(seen.gap(row, None, [Some((None, None)), None]));
        }
        if record.status != Status::Primary {
            continue;
        }
        let (low, high) = bounds(record.value, (record.lower, record.upper), rules);
        let others = knowing
            .iter()
            .filter(|c| **c != part.owner(row))
            .map(|c| Some(*c));
        // Who is alone in a total, or has all of it where everybody may know that others have none, learns nothing of anybody from it.
        let has_all = |attacker: &str| seen.part_of(row, attacker) == record.value;
        let is_open = rules.zeros == Zeros::Publish;
        let others = others.filter(|attacker| !seen.is_alone(row, *attacker));
        let others = others.filter(|attacker| !(is_open && attacker.is_some_and(has_all)));
        for attacker in std::iter::once(None).chain(others) {
            let own = attacker.map_or(0, |agb| seen.part_of(row, agb));
            // Of few, who knows some of them must think enough others possible.
            let is_small = record.value < rules.min_count;
            let high = if is_small {
                high.max(rules.min_count + own)
            } else {
                high
            };
            let (down, up) = (low.max(own) - record.value, high - record.value);
            let is_low = (down < 0).then_some((None, Some(down)));
            let is_high = (up > 0).then_some((Some(up), None));
            all.extend(seen.gap(row, attacker, [is_low, is_high]));
        }
    }
    all
}

/// A change of at least the first, or at most the second; of any kind where there is neither.
type Asked = (Option<i64>, Option<i64>);

const fn is_enough(by: i64, (least, most): Asked) -> bool {
    match (least, most) {
        (Some(least), _) => by >= least,
        (_, Some(most)) => by <= most,
        (None, None) => by != 0,
    }
}

/// Who attacks with more than is published: organisations, which know rows as their own, and those that are counted together, which each know
/// their part, alone and all of them at once.
pub(super) fn knowing(part: &Part) -> BTreeSet<&str> {
    let codes = part.keys.iter().map(|k| k.1[0].as_str());
    let members = part.members.keys().map(String::as_str);
    codes.filter(|c| *c != TOTAL).chain(members).collect()
}

/// What witnesses show of each row, and whose own cells they change.
struct Seen<'a> {
    part: &'a Part,
    /// Changes of each row, each with the place of its witness.
    changes: Vec<Vec<(i64, usize)>>,
    /// Who sees through each witness: it changes their own cells, or leaves less of a shared one than they have.
    touched: Vec<BTreeSet<&'a str>>,
    /// The same by the scores that go with it.
    through: &'a Through,
    /// What of a total is an organisation's own.
    parts: BTreeMap<(usize, &'a str), i64>,
}

impl<'a> Seen<'a> {
    fn new(part: &'a Part, witnesses: &[Shift], through: &'a Through) -> Self {
        let mut seen = Self {
            part,
            through,
            changes: vec![Vec::new(); part.keys.len()],
            touched: Vec::new(),
            parts: BTreeMap::new(),
        };
        for (place, witness) in witnesses.iter().enumerate() {
            let rows = witness.iter().map(|(row, by)| (*row as usize, *by));
            let owners = rows.clone().map(|(row, _)| part.owner(row));
            let members = part
                .members
                .iter()
                .filter(|(_, own)| seen.takes(own, witness));
            let members = members.map(|(agb, _)| agb.as_str());
            seen.touched.push(owners.chain(members).collect());
            for (row, by) in rows.filter(|(row, _)| *row < part.keys.len()) {
                seen.changes[row].push((by, place));
            }
        }
        let totals = part.keys.iter().enumerate().filter(|k| k.1.1[0] == TOTAL);
        let totals: BTreeMap<(Sheet, &[String]), usize> = totals
            .map(|(row, (sheet, codes))| ((*sheet, &codes[1..]), row))
            .collect();
        for (row, (sheet, codes)) in part.keys.iter().enumerate() {
            let total = totals.get(&(*sheet, &codes[1..]));
            if let Some(total) = total.filter(|_| codes[0] != TOTAL) {
                let own = part.table.rows[row].value;
                seen.parts.insert((*total, codes[0].as_str()), own);
            }
        }
        seen
    }

    /// Whether a witness leaves less of some cell than somebody has of it.
    fn takes(&self, own: &BTreeMap<u32, i64>, witness: &Shift) -> bool {
        witness.iter().any(|(cell, by)| {
            let part = own.get(cell).copied().unwrap_or(0);
            part > 0 && self.part.value(*cell as usize) + by < part
        })
    }

    fn part_of(&self, row: usize, attacker: &'a str) -> i64 {
        let member = self.part.members.get(attacker);
        let shared = member.and_then(|own| own.get(&u32::try_from(row).ok()?));
        let own = self.parts.get(&(row, attacker));
        shared.or(own).copied().unwrap_or(0)
    }

    /// Whether nobody but this organisation counts in a total.
    fn is_alone(&self, row: usize, attacker: Option<&str>) -> bool {
        let of = self.parts.range((row, "")..(row + 1, ""));
        let mut all = of.map(|((_, agb), _)| Some(*agb));
        all.next() == Some(attacker) && all.next().is_none()
    }

    /// The gap that somebody sees in a row, if some way in which it must move is not kept open.
    fn gap(
        &self,
        row: usize,
        attacker: Option<&'a str>,
        asked: [Option<Asked>; 2],
    ) -> Option<Gap<'a>> {
        let mut ways = Vec::new();
        for asked in asked.into_iter().flatten() {
            let changes = self.changes[row].iter();
            let enough = changes.filter(|(by, place)| {
                let is_blind = attacker.is_none_or(|agb| !self.touched[*place].contains(agb));
                is_blind && is_enough(*by, asked)
            });
            let places = enough.map(|(_, place)| *place);
            if !places.clone().any(|place| self.keeps(place, attacker)) {
                ways.push(places.collect());
            }
        }
        let gap = Gap {
            row,
            attacker,
            ways,
        };
        (!gap.ways.is_empty()).then_some(gap)
    }

    /// Whether scores go with a witness that somebody does not see through.
    fn keeps(&self, place: usize, attacker: Option<&str>) -> bool {
        let through = self.through.get(place).and_then(Option::as_ref);
        through.is_some_and(|by| attacker.is_none_or(|agb| !by.contains(agb)))
    }
}

fn bounds(value: i64, given: (Option<i64>, Option<i64>), rules: &Rules) -> (i64, i64) {
    let least = rules.min_count;
    let is_small = value < least;
    let low = if is_small { 0 } else { (value - least).max(0) };
    let high = if is_small { least } else { value + least };
    (given.0.unwrap_or(low), given.1.unwrap_or(high))
}
