//! The cells of one table of means as an attacker sees them: what each may be, what must stay possible of it, and what each organisation
//! knows already. Counts and sums are attacked with the true counts given, which only makes the attacker stronger.

use super::draft::{Draft, Drafts, Key};
use super::flow::{Edge, Net, Side, Way};
use super::insider::Own;
use super::scores::{Ends, FAR, Shape, Whole};
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use crate::extract::built::{BuiltCell, Rule};
use crate::extract::definition::Definition;
use crate::extract::figures::Held;
use crate::extract::read::Status;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Room of a count upwards.
const PLENTY: i64 = 1 << 40;
/// Place of the improved among the sums of an effect.
pub(super) const IMPROVED: usize = 4;

/// Something that is added up in every cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Quantity {
    Count,
    /// Those who improved, at this place of the sums.
    Part(usize),
    /// Scores at this place of the sums, each between these, in thousandths.
    Score(usize, i64, i64),
}

impl Quantity {
    /// Its place among the sums; none of a count.
    pub(super) const fn place(self) -> Option<usize> {
        match self {
            Self::Count => None,
            Self::Part(place) | Self::Score(place, ..) => Some(place),
        }
    }
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
    pub(super) sums: Vec<i64>,
    pub(super) parts: BTreeMap<String, Held>,
    pub(super) hidden: bool,
    pub(super) rule: Option<Rule>,
    /// What was decided of it so far; what is hidden beyond that is hidden for others.
    status: Status,
    bounds: Option<(i64, i64)>,
    /// Whether an earlier release gave it away, so that to hide it hides nothing.
    pub(super) is_out: bool,
    /// Whether its figures are such as nobody can have; they teach nobody anything then.
    pub(super) is_odd: bool,
}

/// A table of means.
pub(super) struct Field {
    pub(super) spots: Vec<Spot>,
    pub(super) net: Net,
    pub(super) quantities: Vec<Quantity>,
    pub(super) shape: Shape,
    /// Mean of each sum over the table, by its place.
    pub(super) means: Vec<i64>,
    /// Between what each sum of each cell can lie while nothing else of the cell changes.
    pub(super) calm: Vec<Vec<Ends>>,
    /// The organisation of each cell by its number, and the numbers.
    pub(super) owners: Vec<usize>,
    pub(super) numbers: HashMap<String, usize>,
    least: i64,
    /// Percent of the range that a hidden mean must have.
    interval: i64,
}

/// How far a cell was brought down and up, and whole tables in which it is.
#[derive(Debug, Default)]
pub(super) struct Reached {
    pub(super) far: [i64; 2],
    pub(super) wholes: Vec<Whole>,
}

/// Halvings of a way that is too far for the spread that is published.
const HALVINGS: u32 = 6;

impl Field {
    /// The table of cells of one instrument, or of one indicator.
    pub(super) fn new(keys: &[Key], drafts: &Drafts, definition: &Definition) -> Self {
        let spot = |key: &Key| drafts.get(key).map(|draft| Spot::of(key, draft));
        let spots = keys.iter().filter_map(spot).collect();
        Self::over(spots, definition)
    }

    /// The same table of an extract that is ready, with what holders have of the cells that they share.
    pub(super) fn ready<'a>(
        cells: impl Iterator<Item = &'a BuiltCell> + Clone,
        own: &Own,
        definition: &Definition,
    ) -> Self {
        let mut parts: BTreeMap<&[String], BTreeMap<String, Held>> = BTreeMap::new();
        let shared = |codes: &'a [String]| ![TOTAL, SMALL_HOLDERS].contains(&codes[0].as_str());
        for cell in cells.clone().filter(|c| shared(&c.codes)) {
            let held = Held {
                n: cell.n,
                sums: cell.sums.clone(),
            };
            let of = parts.entry(&cell.codes[1..]).or_default();
            of.insert(cell.codes[0].clone(), held);
        }
        let sheet = cells.clone().next().map(|c| c.sheet);
        let mut joint: BTreeMap<&[String], BTreeMap<String, Held>> = BTreeMap::new();
        for ((_, codes), held) in own.iter().filter(|((s, _), _)| Some(*s) == sheet) {
            let of = joint.entry(&codes[1..]).or_default();
            of.insert(codes[0].clone(), held.clone());
        }
        let spot = |cell: &'a BuiltCell| {
            let members = joint.get(&cell.codes[1..]).cloned().unwrap_or_default();
            let all = match cell.codes[0].as_str() {
                SMALL_HOLDERS => members,
                TOTAL => {
                    let others = parts.get(&cell.codes[1..]).cloned().unwrap_or_default();
                    others.into_iter().chain(members).collect()
                }
                _ => BTreeMap::new(),
            };
            Spot {
                key: (cell.sheet, cell.codes.clone()),
                n: cell.n,
                sums: cell.sums.clone(),
                parts: all.into_iter().filter(|(_, held)| held.n > 0).collect(),
                hidden: cell.status.is_hidden(),
                rule: cell.rule,
                status: cell.status,
                bounds: None,
                is_out: false,
                is_odd: false,
            }
        };
        let spots = cells.map(spot).collect();
        Self::over(spots, definition)
    }

    fn over(mut spots: Vec<Spot>, definition: &Definition) -> Self {
        let places: Vec<([&str; 2], Side)> = spots.iter().map(|s| place(&s.key)).collect();
        let net = Net::new(&places);
        let first = spots.first().map(|s| s.key.clone());
        let shape = first
            .as_ref()
            .map_or_else(Shape::default, |key| Shape::of(key, definition));
        let whole = spots.iter().max_by_key(|s| s.n);
        let mean = |sum: &i64| whole.map_or(0, |s| sum / s.n.max(1));
        let means = whole.map_or_else(Vec::new, |s| s.sums.iter().map(mean).collect());
        add_pool(&mut spots);
        find_odd(&mut spots, &shape);
        let calm = |spot: &Spot| {
            let truth = (spot.n, spot.sums.as_slice());
            let ends = |place| shape.sure(place, truth, truth);
            let all = 0..shape.len();
            all.map(|place| if spot.is_odd { FAR } else { ends(place) })
                .collect()
        };
        let mut numbers = HashMap::new();
        let number = |spot: &Spot| {
            let unused = numbers.len();
            *numbers.entry(spot.key.1[0].clone()).or_insert(unused)
        };
        Self {
            owners: spots.iter().map(number).collect(),
            calm: spots.iter().map(calm).collect(),
            numbers,
            quantities: first
                .as_ref()
                .map_or_else(Vec::new, |key| quantities(key, &shape, definition)),
            least: definition.rules.min_count.value,
            interval: definition.rules.mean_interval.value,
            spots,
            net,
            shape,
            means,
        }
    }

    /// What a cell counts, and its sums.
    pub(super) fn truth(&self, at: usize) -> (i64, &[i64]) {
        (self.spots[at].n, &self.spots[at].sums)
    }

    /// Organisations whose own cells are here, and those that are counted with others.
    pub(super) fn insiders(&self) -> Vec<String> {
        let parts = self.spots.iter().flat_map(|s| s.parts.keys());
        let own = self
            .spots
            .iter()
            .map(|s| &s.key.1[0])
            .filter(|c| *c != TOTAL);
        let all: BTreeSet<&String> = parts.chain(own).collect();
        all.into_iter().cloned().collect()
    }

    /// Sees the field through the eyes of an attacker who is after one quantity.
    pub(super) fn look(&mut self, attacker: Attacker, quantity: Quantity) {
        for (at, spot) in self.spots.iter().enumerate() {
            let (down, up) = spot.room(quantity, attacker);
            let edge: &mut Edge = self.net.edge(at);
            (edge.down, edge.up) = (down, up);
            edge.price = spot.price(attacker);
        }
    }

    /// What must stay possible of a cell; none when the attacker may know it.
    pub(super) fn need(&self, at: usize, attacker: Attacker, quantity: Quantity) -> Option<Need> {
        let spot = &self.spots[at];
        if !spot.hidden || spot.is_known(attacker) || self.is_alone(spot, attacker) {
            return None;
        }
        let held = spot.held(attacker);
        let own = held.map_or(0, |held| held.n);
        if spot.status != Status::Primary {
            // Hidden for others: it could have been shown, so only its exact value is kept.
            let is_there = spot.n > 0 && (attacker == Attacker::Outsider || own == 0);
            return is_there.then_some(Need {
                width: 1,
                ..Need::default()
            });
        }
        match quantity {
            Quantity::Count => {
                let (low, high) = self.bounds(spot, own);
                Some(Need {
                    down: (spot.n - low).max(0),
                    up: (high - spot.n).max(0),
                    width: 0,
                })
            }
            Quantity::Part(place) => {
                let improved = held.and_then(|held| held.sums.get(place));
                let others = (spot.n - own, spot.sums[place] - improved.unwrap_or(&0));
                Some(self.part_need(others))
            }
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

    fn bounds(&self, spot: &Spot, own: i64) -> (i64, i64) {
        let (low, high) = spot.bounds.unwrap_or(if spot.n < self.least {
            (0, self.least + own)
        } else {
            (spot.n - self.least, spot.n + self.least)
        });
        (low.max(own), high)
    }

    /// Of few who improved nobody and enough must be possible, and of few who did not as well; for who knows some of them, of the others.
    fn part_need(&self, (n, improved): (i64, i64)) -> Need {
        let others = n - improved;
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

    /// How far a cell can go down and up, as far as is asked, and what moves along. What must have a width gets it on both sides, as far
    /// as that goes: to move far from the truth takes more of the spread than to move as far apart on both sides of it.
    pub(super) fn reach(&self, at: usize, eyes: Attacker, what: (Quantity, Need)) -> Reached {
        let (quantity, need) = what;
        let half = (need.width + 1) / 2;
        let go = |way, want| self.go((at, way), want, eyes, quantity);
        let (mut down, mut one) = go(Way::Down, need.down.max(half));
        let (up, other) = go(Way::Up, need.up.max(need.width - down));
        if down + up < need.width && down >= half {
            (down, one) = go(Way::Down, need.width - up);
        }
        Reached {
            far: [down, up],
            wholes: one.into_iter().chain(other).collect(),
        }
    }

    /// How far a cell can go one way, as far as is asked, so that counts, sums and squares together are a table that could be.
    fn go(
        &self,
        (at, way): (usize, Way),
        want: i64,
        eyes: Attacker,
        quantity: Quantity,
    ) -> (i64, Option<Whole>) {
        let try_out = |want: i64| {
            let (far, moves) = self.net.reach(at, way, want);
            let whole = (far > 0).then(|| self.complete(quantity, &moves, eyes, false));
            (far, whole.flatten())
        };
        let (far, whole) = try_out(want);
        if far == 0 || whole.is_some() || !matches!(quantity, Quantity::Score(..)) {
            return (if whole.is_some() { far } else { 0 }, whole);
        }
        let (mut best, mut beyond) = ((0, None), far);
        for _ in 0..HALVINGS {
            let middle = i64::midpoint(best.0, beyond);
            match try_out(middle) {
                (far, Some(whole)) if far > best.0 => best = (far, Some(whole)),
                _ => beyond = middle,
            }
        }
        best
    }

    /// Cells that must be hidden too so that what is needed becomes possible, cheapest first.
    pub(super) fn buy(&self, at: usize, eyes: Attacker, what: (Quantity, Need)) -> Vec<usize> {
        let (quantity, need) = what;
        let half = (need.width + 1) / 2;
        let (down, mut one) = self.net.buy(at, Way::Down, need.down.max(half));
        let (up, other) = self.net.buy(at, Way::Up, need.up.max(need.width - down));
        if down + up < need.width {
            (_, one) = self.net.buy(at, Way::Down, need.width - up);
        }
        let mut cells = BTreeSet::new();
        for moves in [one, other] {
            cells.extend(moves.iter().map(|(cell, _)| *cell));
            if let Some(whole) = self.complete(quantity, &moves, eyes, true) {
                cells.extend(whole.cells());
            }
        }
        cells.retain(|cell| !self.spots[*cell].hidden);
        cells.into_iter().collect()
    }
}

impl Need {
    /// Whether this far down and up is enough.
    pub(super) const fn is_met(self, [down, up]: [i64; 2]) -> bool {
        down >= self.down && up >= self.up && down + up >= self.width
    }
}

impl Spot {
    fn of(key: &Key, draft: &Draft) -> Self {
        Self {
            key: key.clone(),
            n: draft.n,
            sums: draft.sums.clone(),
            parts: draft.parts.clone(),
            hidden: draft.status.is_hidden(),
            rule: draft.rule,
            status: draft.status,
            bounds: draft.bounds,
            is_out: draft.is_out,
            is_odd: false,
        }
    }

    /// What of the cell is the attacker's own.
    pub(super) fn held(&self, attacker: Attacker) -> Option<&Held> {
        match attacker {
            Attacker::Insider(agb) => self.parts.get(agb),
            Attacker::Outsider => None,
        }
    }

    pub(super) fn is_known(&self, attacker: Attacker) -> bool {
        attacker == Attacker::Insider(&self.key.1[0])
    }

    /// What it costs to let it move in somebody's eyes: nothing when it is hidden from them; none when it must not.
    pub(super) fn price(&self, attacker: Attacker) -> Option<u64> {
        let known = self.is_known(attacker) || self.is_out && !self.hidden;
        let price = if self.hidden {
            0
        } else {
            self.n.unsigned_abs() + 1
        };
        (!known).then_some(price)
    }

    /// How far a quantity can fall and rise by itself, when some of those counted are the attacker's own.
    fn room(&self, quantity: Quantity, attacker: Attacker) -> (i64, i64) {
        let held = self.held(attacker);
        let is_shared = self.key.1[0] == SMALL_HOLDERS;
        let n = self.n - held.map_or(0, |held| held.n);
        let rest = |place: usize| {
            let own = held.filter(|_| is_shared).and_then(|h| h.sums.get(place));
            let count = if own.is_some() { n } else { self.n };
            (count, self.sums[place] - own.unwrap_or(&0))
        };
        match quantity {
            Quantity::Count => (n, PLENTY),
            Quantity::Part(place) => {
                let (count, improved) = rest(place);
                (improved, (count - improved).max(0))
            }
            Quantity::Score(place, minimum, maximum) => {
                let (count, sum) = rest(place);
                let room = (sum - minimum * count, maximum * count - sum);
                (room.0.max(0), room.1.max(0))
            }
        }
    }
}

/// What those who are counted together have of a total between them is theirs as well.
fn add_pool(spots: &mut [Spot]) {
    let shared = spots.iter().filter(|s| s.key.1[0] == SMALL_HOLDERS);
    let all: HashMap<Vec<String>, Held> = shared
        .filter(|spot| spot.n > 0)
        .map(|spot| {
            let (n, sums) = (spot.n, spot.sums.clone());
            (spot.key.1[1..].to_vec(), Held { n, sums })
        })
        .collect();
    for spot in spots.iter_mut().filter(|s| s.key.1[0] == TOTAL) {
        if let Some(held) = all.get(&spot.key.1[1..]) {
            spot.parts.insert(SMALL_HOLDERS.to_owned(), held.clone());
        }
    }
}

/// Finds figures that nobody can have, and parts that leave such figures to the others.
fn find_odd(spots: &mut [Spot], shape: &Shape) {
    for spot in &mut *spots {
        spot.is_odd = !shape.is_possible(spot.n, &spot.sums);
        // Parts whose sums are not known any more leave a rest that nobody can have: only how many they are counts then.
        for held in spot.parts.values_mut() {
            let rest = spot.sums.iter().zip(&held.sums).map(|(sum, own)| sum - own);
            let rest: Vec<i64> = rest.collect();
            if !shape.is_possible(spot.n - held.n, &rest) {
                held.sums.clear();
            }
        }
    }
    // What adds up such figures may be left with them.
    if spots.iter().any(|spot| spot.is_odd) {
        let totals = spots
            .iter_mut()
            .filter(|s| s.key.1.iter().any(|c| c == TOTAL));
        totals.for_each(|spot| spot.is_odd = true);
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

fn quantities((sheet, codes): &Key, shape: &Shape, definition: &Definition) -> Vec<Quantity> {
    let instrument = definition.instrument(&codes[2]);
    let improves = *sheet == Sheet::Effect && instrument.is_some_and(|i| i.reliability.is_some());
    let means = shape.means(improves).into_iter();
    let quantity = |place| match shape.scale(place) {
        Some((minimum, maximum)) => Quantity::Score(place, minimum, maximum),
        None => Quantity::Part(place),
    };
    std::iter::once(Quantity::Count)
        .chain(means.map(quantity))
        .collect()
}
