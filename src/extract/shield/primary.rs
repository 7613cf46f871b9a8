//! Which cells are hidden for their own sake, and how far each must stay open. Not what must be hidden along with them.

use super::draft::{Draft, Drafts, Key};
use super::field::IMPROVED;
use super::pool::FEWEST;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::Rule;
use crate::extract::definition::{Answers, Definition, Ruling};
use crate::extract::earlier::Earlier;
use crate::extract::read::Status;
use crate::extract::rules::Zeros;
use std::collections::BTreeMap;

/// Marks every cell that a rule of the definition hides.
///
/// The row of the group rule is the one of the sensitive answer: diagnosis groups or responses within an organisation and profile. That all
/// clients of an organisation have one profile is its offer and no answer of theirs.
pub(super) fn mark(drafts: &mut Drafts, definition: &Definition) {
    let mut rows: BTreeMap<(Sheet, Vec<String>), i64> = BTreeMap::new();
    for ((sheet, codes), draft) in drafts.iter() {
        let counts = match sheet {
            Sheet::Volume => codes[2] == TOTAL,
            Sheet::Response => true,
            Sheet::Effect | Sheet::Cqi | Sheet::Benchmark | Sheet::Coverage => false,
        };
        if counts {
            *rows.entry((*sheet, codes[..2].to_vec())).or_default() += draft.n;
        }
    }
    for (key, draft) in drafts.iter_mut() {
        let row = match key.0 {
            Sheet::Volume if key.1[2] == TOTAL => None,
            // Those of an effect are completers, who are a part of the same row.
            Sheet::Effect => [Sheet::Volume, Sheet::Response]
                .iter()
                .find_map(|sheet| rows.get(&(*sheet, key.1[..2].to_vec())).copied()),
            _ => rows.get(&(key.0, key.1[..2].to_vec())).copied(),
        };
        let judge = Judge {
            rules: &definition.rules,
            key,
            draft,
            row,
            improves: definition
                .instrument(&key.1[2])
                .is_some_and(|i| i.reliability.is_some()),
            scale: Scale::of(key, definition),
        };
        if let Some((rule, bounds)) = judge.judge() {
            draft.status = Status::Primary;
            (draft.rule, draft.bounds) = (Some(rule), bounds);
        }
    }
}

/// Hides again what was hidden in the same figures for who had how much of it. Where figures are repeated, that is not always known any more.
pub(super) fn again(drafts: &mut Drafts, same: &[(usize, &Earlier)]) {
    for cell in same.iter().flat_map(|(_, release)| &release.cells) {
        let is_shared = cell.codes[0] == SMALL_HOLDERS;
        let rule = cell
            .rule
            .filter(|r| is_shared && matches!(r, Rule::Contributors | Rule::Dominance));
        let key = (cell.sheet, cell.codes.clone());
        if let (Some(rule), Some(draft)) = (rule, drafts.get_mut(&key))
            && draft.n == cell.n
            && draft.rule.is_none()
        {
            (draft.status, draft.rule) = (Status::Primary, Some(rule));
        }
    }
}

/// Lowest and highest value that must stay possible; none for what the minimum count asks.
type Bounds = Option<(i64, i64)>;

struct Judge<'a> {
    rules: &'a Ruling,
    key: &'a Key,
    draft: &'a Draft,
    /// What the row of its answers counts.
    row: Option<i64>,
    /// Whether a share of improved is shown.
    improves: bool,
    scale: Option<Scale>,
}

/// What one score can be, in thousandths.
#[derive(Debug, Clone, Copy)]
struct Scale {
    minimum: i64,
    maximum: i64,
    /// How far the score of somebody who answers otherwise lies at least.
    step: i64,
}

/// Thousandths of a point.
const POINT: i64 = 1_000;

impl Scale {
    fn of((sheet, codes): &Key, definition: &Definition) -> Option<Self> {
        match sheet {
            Sheet::Effect => {
                let instrument = definition.instrument(&codes[2])?;
                let (minimum, maximum) = (instrument.minimum, instrument.maximum);
                // Longer scales are sums, in whole points; a shorter one is a mean over items, for which fifty are taken.
                let is_sum = maximum - minimum >= 10 * POINT;
                let step = if is_sum { POINT } else { POINT / 50 };
                Some(Self {
                    minimum,
                    maximum,
                    step,
                })
            }
            Sheet::Cqi => {
                let indicator = definition.indicator(&codes[1], &codes[2])?;
                let step = match &indicator.of {
                    Answers::Items(items) => POINT / count(items.len()).max(1),
                    Answers::Grade | Answers::Health => POINT,
                };
                Some(Self {
                    minimum: indicator.minimum,
                    maximum: indicator.maximum,
                    step,
                })
            }
            Sheet::Volume | Sheet::Response | Sheet::Benchmark | Sheet::Coverage => None,
        }
    }
}

impl Judge<'_> {
    fn judge(&self) -> Option<(Rule, Bounds)> {
        let (n, least) = (self.draft.n, self.rules.min_count.value);
        if n == 0 {
            let is_shown = self.rules.zeros.value == Zeros::Publish;
            return (!is_shown).then_some((Rule::Zero, None));
        }
        if n < least {
            // Who has a part in it must think enough of others possible beside its own.
            let own = self.draft.largest().first().copied().unwrap_or(0);
            let enough = (own > 0).then_some((0, least + own));
            return Some((Rule::Small, enough));
        }
        self.row()
            .or_else(|| self.improved())
            .or_else(|| self.alike())
            .or_else(|| self.organisations())
    }

    /// All who are counted, and for each of several organisations those of the others: how many, and their sums. Too few of others is the
    /// matter of another rule.
    fn everybody_and_others(&self) -> Vec<(i64, Vec<i64>)> {
        let (n, sums) = (self.draft.n, &self.draft.sums);
        let others = self.draft.parts.values().map(|held| {
            let rest = sums.iter().zip(&held.sums).map(|(sum, own)| sum - own);
            (n - held.n, rest.collect::<Vec<i64>>())
        });
        let least = self.rules.min_count.value;
        let others = others.filter(|(n, rest)| *n >= least && rest.len() == sums.len());
        std::iter::once((n, sums.clone())).chain(others).collect()
    }

    /// A cell that nearly everyone of its row is in, or of a response or an effect all but a few.
    fn row(&self) -> Option<(Rule, Bounds)> {
        let row = self.row?;
        let (n, least) = (self.draft.n, self.rules.min_count.value);
        let others = row - n;
        // The others must be able to be nobody, and to be enough.
        let enough = (row - least).max(0);
        let is_share = matches!(self.key.0, Sheet::Response | Sheet::Effect);
        if is_share && others < least {
            return Some((Rule::Complement, Some((enough.min(n), row))));
        }
        let share = self.rules.group_share.value;
        if 100 * n < share * row {
            return None;
        }
        let below = (share * row + 99) / 100 - 1;
        let least = below.min(n - least).max(0).min(enough);
        Some((
            Rule::Group,
            Some((least, (n + self.rules.min_count.value).min(row).max(n))),
        ))
    }

    /// Who improved and who did not are a share of the cell, so both must be enough and neither nearly everyone; of the others too, for an
    /// organisation that knows its own.
    fn improved(&self) -> Option<(Rule, Bounds)> {
        if self.key.0 != Sheet::Effect || !self.improves {
            return None;
        }
        let least = self.rules.min_count.value;
        let all = self.everybody_and_others();
        let all = all
            .iter()
            .filter_map(|(n, sums)| Some((*n, *sums.get(IMPROVED)?)));
        let is_few = |(n, improved): (i64, i64)| improved < least || n - improved < least;
        let is_group = |(n, improved): (i64, i64)| {
            100 * improved.max(n - improved) >= self.rules.group_share.value * n
        };
        if all.clone().any(is_few) {
            return Some((Rule::Complement, None));
        }
        all.clone().any(is_group).then_some((Rule::Group, None))
    }

    /// A mean that tells what nearly everyone answered: it lies so near an end of the scale, or the spread is so small, that fewer than the
    /// minimum count, or no more than the group rule leaves, can have answered otherwise. The mean of the others too.
    fn alike(&self) -> Option<(Rule, Bounds)> {
        let scale = self.scale?;
        let all = self.everybody_and_others();
        let mut all = all.iter();
        all.any(|(n, sums)| self.is_alike(scale, *n, sums))
            .then_some((Rule::Group, None))
    }

    fn is_alike(&self, scale: Scale, n: i64, sums: &[i64]) -> bool {
        let Scale {
            minimum,
            maximum,
            step,
        } = scale;
        let apart = (100 - self.rules.group_share.value) * n / 100 + 1;
        let few = self.rules.min_count.value.max(apart);
        let at_end = |sum: i64| {
            let from_ends = [sum - minimum * n, maximum * n - sum];
            from_ends.iter().any(|far| *far < few * step)
        };
        // So many others, all of them one step away on one side, are the smallest spread that they can make.
        let others = i128::from(few.min(n / 2));
        let least = others * (i128::from(n) - others) * i128::from(step) * i128::from(step);
        let is_one = |sum: i64, squares: i64| {
            i128::from(n) * i128::from(squares) - i128::from(sum) * i128::from(sum) < least
        };
        match *sums {
            [pre, post, pre_squared, difference_squared, _] => {
                at_end(pre)
                    || at_end(post)
                    || is_one(pre, pre_squared)
                    || is_one(post - pre, difference_squared)
            }
            [sum, squared] => at_end(sum) || is_one(sum, squared),
            _ => false,
        }
    }

    /// A figure over organisations says nothing about any one of them, nor does it tell one of them about the rest.
    fn organisations(&self) -> Option<(Rule, Bounds)> {
        let organisation = self.key.1.first()?;
        if organisation != TOTAL && organisation != SMALL_HOLDERS {
            return None;
        }
        let parts = self.draft.largest();
        let (n, rules) = (self.draft.n, self.rules);
        let largest = parts.first().copied().unwrap_or(0);
        let rest = n - largest;
        if organisation == SMALL_HOLDERS {
            // The pool is a figure of its own and not one over the field: three members are enough, but none may work out too few others.
            return if parts.len() < FEWEST {
                Some((Rule::Contributors, None))
            } else {
                (rest < rules.min_count.value).then_some((Rule::Dominance, None))
            };
        }
        let two = largest + parts.get(1).copied().unwrap_or(0);
        if count(parts.len()) < rules.contributors.value {
            return Some((Rule::Contributors, None));
        }
        let is_dominant = rest < rules.min_count.value
            || 100 * largest > rules.dominance.value * n
            || 100 * two > rules.dominance_of_two.value * n;
        is_dominant.then_some((Rule::Dominance, None))
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
