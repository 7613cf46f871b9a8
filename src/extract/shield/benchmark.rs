//! The benchmark: quartiles of the means of organisations that are shown themselves. Never a lowest or highest one, and nothing of a mean
//! that is hidden: so it tells no more than what stands beside it.

use super::draft::{Drafts, Key};
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::{BuiltCell, Rule};
use crate::extract::definition::{Definition, Ruling};
use crate::extract::read::Status;
use std::collections::BTreeMap;

/// An organisation in a benchmark: its cases, and its mean in thousandths.
type Member = (i64, i64);

/// The benchmark of each profile and instrument, and of each indicator under the total of the profiles.
///
/// `n` is the number of organisations whose own mean is published, and not of clients. One that is hidden must not count: how many hidden
/// ones are large enough, and between which published means theirs lies, would be told. The quartiles are one value, the median, or three.
pub(super) fn cells(drafts: &Drafts, definition: &Definition) -> Vec<BuiltCell> {
    if !definition.sheets.contains(&Sheet::Benchmark) {
        return Vec::new();
    }
    let mut members: BTreeMap<Vec<String>, Vec<Member>> = BTreeMap::new();
    for (key, draft) in drafts {
        let Some(codes) = codes(key) else { continue };
        let group = members.entry(codes).or_default();
        if draft.n > 0 && !draft.status.is_hidden() {
            let sum = match key.0 {
                Sheet::Effect => draft.sums[1] - draft.sums[0],
                _ => draft.sums[0],
            };
            group.push((draft.n, rounded(sum, draft.n)));
        }
    }
    let cells = members.into_iter();
    cells
        .map(|(codes, members)| cell(codes, members, &definition.rules))
        .collect()
}

/// The benchmark that the cell of an organisation counts in.
fn codes((sheet, codes): &Key) -> Option<Vec<String>> {
    if [TOTAL, SMALL_HOLDERS].contains(&codes[0].as_str()) {
        return None;
    }
    match sheet {
        Sheet::Effect => Some(codes[1..].to_vec()),
        Sheet::Cqi => Some(vec![TOTAL.to_owned(), codes[1..].join(":")]),
        Sheet::Volume | Sheet::Response | Sheet::Benchmark | Sheet::Coverage => None,
    }
}

fn cell(codes: Vec<String>, mut members: Vec<Member>, rules: &Ruling) -> BuiltCell {
    members.sort_unstable_by(|a, b| b.cmp(a));
    let n = i64::try_from(members.len()).unwrap_or(i64::MAX);
    let cases: i64 = members.iter().map(|m| m.0).sum();
    let largest: Vec<i64> = members.iter().map(|m| m.0).take(2).collect();
    let is_dominant = 100 * largest.first().unwrap_or(&0) > rules.dominance.value * cases
        || 100 * largest.iter().sum::<i64>() > rules.dominance_of_two.value * cases;
    let rule = if n < rules.median_from.value.max(rules.contributors.value) {
        Some(Rule::Contributors)
    } else {
        is_dominant.then_some(Rule::Dominance)
    };
    let mut means: Vec<i64> = members.iter().map(|m| m.1).collect();
    means.sort_unstable();
    let quarters: &[usize] = match rule {
        Some(_) => &[],
        None if n < rules.quartiles_from.value => &[2],
        None => &[1, 2, 3],
    };
    BuiltCell {
        sheet: Sheet::Benchmark,
        codes,
        n,
        sums: quarters.iter().map(|q| quantile(&means, *q)).collect(),
        status: if rule.is_some() {
            Status::Primary
        } else {
            Status::Published
        },
        rule,
    }
}

/// A quartile by linear interpolation between the nearest two.
fn quantile(sorted: &[i64], quarter: usize) -> i64 {
    let place = (sorted.len() - 1) * quarter;
    let (below, part) = (place / 4, place % 4);
    let above = sorted[(below + 1).min(sorted.len() - 1)];
    let part = i64::try_from(part).unwrap_or(0);
    sorted[below] + rounded((above - sorted[below]) * part, 4)
}

/// A quotient to the nearest whole number, halves away from 0.
pub(super) const fn rounded(sum: i64, by: i64) -> i64 {
    let half = if sum < 0 { -by / 2 } else { by / 2 };
    (sum + half) / by
}
