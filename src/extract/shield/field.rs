//! The cells of one table of means as an attacker sees them: what each may be, what must stay possible of it, and what each organisation
//! knows already. Counts and sums are attacked with the true counts given, which only makes the attacker stronger.

use super::draft::{Drafts, Key};
use super::flow::{Edge, Moves, Net, Side, Way};
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::Rule;
use crate::extract::definition::Definition;
use std::collections::BTreeMap;

/// Room of a count upwards.
const PLENTY: i64 = 1 << 40;
/// Place of the improved among the sums of an effect.
pub(super) const IMPROVED: usize = 4;

/// Something that is added up in every cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    Count,
    /// Those who improved, at this place of the sums.
    Part(usize),
    /// Scores at this place of the sums, each between these, in thousandths.
    Score(usize, i64, i64),
}

/// What must be possible: so far down, so far up, and so far together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Need {
    pub(super) down: i64,
    pub(super) up: i64,
    pub(super) width: i64,
}

/// Who attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attacker<'a> {
    /// Who has the published cells.
    Outsider,
    /// An organisation, which knows what is its own.
    Insider(&'a str),
}

/// A cell of the field.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub(super) key: Key,
    pub(super) n: i64,
    sums: Vec<i64>,
    parts: BTreeMap<String, i64>,
    pub(super) hidden: bool,
    pub(super) rule: Option<Rule>,
    bounds: Option<(i64, i64)>,
    /// Whether an earlier release gave it away, so that to hide it hides nothing.
    is_out: bool,
}

/// A table of means.
pub(super) struct Field {
    pub(super) spots: Vec<Spot>,
    net: Net,
    pub(super) quantities: Vec<Quantity>,
    least: i64,
    /// Percent of the range that a hidden mean must have.
    interval: i64,
}

impl Field {
    /// The table of cells of one instrument, or of one indicator.
    pub(super) fn new(keys: &[Key], drafts: &Drafts, definition: &Definition) -> Self {
        let spot = |key: &Key| {
            drafts.get(key).map(|draft| Spot {
                key: key.clone(),
                n: draft.n,
                sums: draft.sums.clone(),
                parts: draft.parts.clone(),
                hidden: draft.status.is_hidden(),
                rule: draft.rule,
                bounds: draft.bounds,
                is_out: draft.is_out,
            })
        };
        let spots: Vec<Spot> = keys.iter().filter_map(spot).collect();
        let places: Vec<([&str; 2], Side)> = spots.iter().map(|s| place(&s.key)).collect();
        Self {
            net: Net::new(&places),
            quantities: spots
                .first()
                .map_or_else(Vec::new, |s| quantities(&s.key, definition)),
            least: definition.rules.min_count.value,
            interval: definition.rules.mean_interval.value,
            spots,
        }
    }

    /// Organisations whose own cells are here, and those that are counted with others.
    pub(super) fn insiders(&self) -> Vec<String> {
        let parts = self.spots.iter().flat_map(|s| s.parts.keys());
        let own = self
            .spots
            .iter()
            .map(|s| &s.key.1[0])
            .filter(|c| *c != TOTAL);
        let all: std::collections::BTreeSet<&String> = parts.chain(own).collect();
        all.into_iter().cloned().collect()
    }

    /// Sees the field through the eyes of an attacker who is after one quantity.
    pub(super) fn look(&mut self, attacker: Attacker, quantity: Quantity) {
        for (at, spot) in self.spots.iter().enumerate() {
            let (down, up) = spot.room(quantity, spot.own(attacker));
            let known = spot.is_known(attacker) || spot.is_out && !spot.hidden;
            let price = if spot.hidden {
                0
            } else {
                spot.n.unsigned_abs() + 1
            };
            let edge: &mut Edge = self.net.edge(at);
            (edge.down, edge.up) = (down, up);
            edge.price = (!known).then_some(price);
        }
    }

    /// What must stay possible of a cell; none when the attacker may know it.
    pub(super) fn need(&self, at: usize, attacker: Attacker, quantity: Quantity) -> Option<Need> {
        let spot = &self.spots[at];
        if !spot.hidden || spot.is_known(attacker) || self.is_alone(spot, attacker) {
            return None;
        }
        let own = spot.own(attacker);
        let Some(rule) = spot.rule.filter(|rule| *rule != Rule::Sums) else {
            // Hidden for others: it could have been shown, so only its exact value is kept.
            let is_there = spot.n > 0 && (attacker == Attacker::Outsider || own == 0);
            return is_there.then_some(Need {
                width: 1,
                ..Need::default()
            });
        };
        match quantity {
            Quantity::Count => {
                let (low, high) = self.bounds(spot, rule, own);
                Some(Need {
                    down: (spot.n - low).max(0),
                    up: (high - spot.n).max(0),
                    width: 0,
                })
            }
            Quantity::Part(place) => Some(self.part_need(spot, spot.sums[place], own)),
            Quantity::Score(_, minimum, maximum) => {
                let range = (maximum - minimum) * (spot.n - own);
                (range > 0).then_some(Need {
                    width: (range * self.interval + 99) / 100,
                    ..Need::default()
                })
            }
        }
    }

    /// Whether nobody but the attacker counts in a total: it learns nothing of anybody from it.
    fn is_alone(&self, spot: &Spot, attacker: Attacker) -> bool {
        let counts = |s: &&Spot| s.key.1[0] != TOTAL && s.key.1[1..] == spot.key.1[1..];
        let mut all = self.spots.iter().filter(counts);
        let is_own = all.next().is_some_and(|s| s.is_known(attacker));
        is_own && all.next().is_none()
    }

    fn bounds(&self, spot: &Spot, rule: Rule, own: i64) -> (i64, i64) {
        let (low, high) = spot
            .bounds
            .unwrap_or(if matches!(rule, Rule::Small | Rule::Zero) {
                (0, self.least + own)
            } else {
                (spot.n - self.least, spot.n + self.least)
            });
        (low.max(own), high)
    }

    /// Of few who improved nobody and enough must be possible, and of few who did not as well.
    fn part_need(&self, spot: &Spot, improved: i64, own: i64) -> Need {
        if own > 0 {
            return Need::default();
        }
        let others = spot.n - improved;
        let mut need = Need::default();
        if improved < self.least {
            need.down = improved;
            need.up = (self.least - improved).min(others);
        }
        if others < self.least {
            need.up = others;
            need.down = need.down.max((self.least - others).min(improved));
        }
        need
    }

    /// How far a cell can go down and up, as far as is asked, and what moves along.
    pub(super) fn reach(&self, at: usize, need: Need) -> ([i64; 2], [Moves; 2]) {
        let (down, one) = self.net.reach(at, Way::Down, need.down.max(need.width));
        let rest = (need.width - down).max(0);
        let (up, other) = self.net.reach(at, Way::Up, need.up.max(rest));
        ([down, up], [one, other])
    }

    /// Cells that must be hidden too so that what is needed becomes possible, cheapest first.
    pub(super) fn buy(&self, at: usize, need: Need) -> Vec<usize> {
        let (down, one) = self.net.buy(at, Way::Down, need.down.max(need.width));
        let rest = (need.width - down).max(0);
        let (_, other) = self.net.buy(at, Way::Up, need.up.max(rest));
        let moved = one.iter().chain(&other).map(|(cell, _)| *cell);
        let mut cells: Vec<usize> = moved.filter(|c| !self.spots[*c].hidden).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }
}

impl Need {
    /// Whether this far down and up is enough.
    pub(super) const fn is_met(self, [down, up]: [i64; 2]) -> bool {
        down >= self.down && up >= self.up && down + up >= self.width
    }
}

impl Spot {
    /// What of the cell is the attacker's own.
    fn own(&self, attacker: Attacker) -> i64 {
        match attacker {
            Attacker::Insider(agb) => self.parts.get(agb).copied().unwrap_or(0),
            Attacker::Outsider => 0,
        }
    }

    fn is_known(&self, attacker: Attacker) -> bool {
        attacker == Attacker::Insider(&self.key.1[0])
    }

    /// Whether an insider sees more of this cell, or of what moves with it, than an outsider.
    pub(super) fn is_touched_by(&self, agb: &str) -> bool {
        self.key.1[0] == agb || self.parts.contains_key(agb)
    }

    /// How far a quantity can fall and rise by itself.
    fn room(&self, quantity: Quantity, own: i64) -> (i64, i64) {
        match quantity {
            Quantity::Count => (self.n - own, PLENTY),
            Quantity::Part(place) => {
                let improved = self.sums[place];
                self.without(own, (improved, self.n - improved))
            }
            Quantity::Score(place, minimum, maximum) => {
                let sum = self.sums[place];
                let room = (sum - minimum * self.n, maximum * self.n - sum);
                self.without(own, (room.0.max(0), room.1.max(0)))
            }
        }
    }

    /// The room that the others leave, in proportion: what one organisation's own sums are within a total is not kept.
    fn without(&self, own: i64, (down, up): (i64, i64)) -> (i64, i64) {
        if own == 0 || self.key.1[0] != SMALL_HOLDERS {
            return (down, up);
        }
        let others = (self.n - own).max(0);
        let part = |room: i64| room / self.n.max(1) * others;
        (part(down), part(up))
    }
}

/// Row and column of a cell, and whether it is a total there. A table of one dimension has one of each.
fn place((sheet, codes): &Key) -> ([&str; 2], Side) {
    let ends = if *sheet == Sheet::Effect {
        [codes[0].as_str(), codes[1].as_str()]
    } else {
        ["", ""]
    };
    let totals = match sheet {
        Sheet::Effect => codes[..2].iter().filter(|c| *c == TOTAL).count(),
        _ => usize::from(codes[0] == TOTAL),
    };
    (ends, if totals == 1 { Side::Total } else { Side::Part })
}

fn quantities((sheet, codes): &Key, definition: &Definition) -> Vec<Quantity> {
    let mut all = vec![Quantity::Count];
    if *sheet == Sheet::Effect {
        let Some(instrument) = definition.instrument(&codes[2]) else {
            return all;
        };
        let score = |place| Quantity::Score(place, instrument.minimum, instrument.maximum);
        all.extend([score(0), score(1)]);
        if instrument.reliability.is_some() {
            all.push(Quantity::Part(IMPROVED));
        }
    } else if let Some(indicator) = definition.indicator(&codes[1], &codes[2]) {
        all.push(Quantity::Score(0, indicator.minimum, indicator.maximum));
    }
    all
}
