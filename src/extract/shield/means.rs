//! Keeps counts and means of the tables of scores open against an outsider and every organisation: attacks each hidden cell, hides the
//! cheapest cells along with it where too little stays possible, and gives back what turns out needless.

use super::draft::{Drafts, Key};
use super::field::{Attacker, Field, Need, Quantity};
use super::flow::Moves;
use crate::domain::sheet::Sheet;
use crate::extract::built::Rule;
use crate::extract::definition::Definition;
use crate::extract::progress::{Progress, Stage, Stopped};
use crate::extract::read::Status;
use std::collections::{BTreeMap, BTreeSet};

/// Times that the attack is repeated on what was hidden along.
const ROUNDS: usize = 6;

/// Attacks on one kind of figure: how many, and how many of them found too much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Toll {
    pub(super) tried: i64,
    pub(super) open: i64,
}

impl Toll {
    pub(super) const fn add(&mut self, other: Self) {
        self.tried += other.tried;
        self.open += other.open;
    }
}

/// What all attacks found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tolls {
    pub(super) outsider: Toll,
    pub(super) insider: Toll,
    pub(super) sums: Toll,
}

impl Tolls {
    /// Whether any of them found anything.
    const fn are_open(&self) -> bool {
        self.outsider.open + self.insider.open + self.sums.open > 0
    }
}

/// The cells of each table of scores: of an instrument, or of an indicator of a questionnaire.
pub(super) fn tables<'a>(keys: impl Iterator<Item = &'a Key>) -> Vec<Vec<Key>> {
    let mut tables: BTreeMap<(Sheet, &[String]), Vec<Key>> = BTreeMap::new();
    for key in keys {
        let name = match key.0 {
            Sheet::Effect => &key.1[2..],
            Sheet::Cqi => &key.1[1..],
            Sheet::Volume | Sheet::Response | Sheet::Benchmark | Sheet::Coverage => continue,
        };
        tables.entry((key.0, name)).or_default().push(key.clone());
    }
    tables.into_values().collect()
}

/// Hides what else must be hidden in one table.
pub(super) fn widen(
    keys: &[Key],
    drafts: &mut Drafts,
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<(), Stopped> {
    let mut field = Field::new(keys, drafts, definition);
    for _ in 0..ROUNDS {
        let before = field.spots.iter().filter(|s| s.hidden).count();
        let mut attack = Attack::new(&mut field, true);
        attack.run(progress)?;
        if field.spots.iter().filter(|s| s.hidden).count() == before {
            break;
        }
    }
    // The last resort: a table of so few that it gives somebody away in spite of that is not shown at all.
    let mut attack = Attack::new(&mut field, false);
    attack.run(progress)?;
    if attack.found.tolls.are_open() {
        for spot in field.spots.iter_mut().filter(|s| !s.hidden) {
            (spot.hidden, spot.rule) = (true, Some(Rule::Contributors));
        }
    }
    for spot in field.spots.into_iter().filter(|s| s.hidden) {
        if let Some(draft) = drafts.get_mut(&spot.key)
            && !draft.status.is_hidden()
        {
            draft.status = Status::Secondary;
            draft.rule = spot.rule;
        }
    }
    Ok(())
}

/// What an attack on one table found, and what it could not tell from the truth.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) tolls: Tolls,
    pub(super) evidence: Vec<Evidence>,
}

/// What an attacker after one quantity could not tell from the truth.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) quantity: Quantity,
    /// How far each cell goes down and up in the eyes of an outsider.
    pub(super) far: Vec<[i64; 2]>,
    pub(super) moves: Vec<Moves>,
}

/// Attacks one table as it is.
pub(super) fn attack(
    keys: &[Key],
    drafts: &Drafts,
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<Found, Stopped> {
    let mut field = Field::new(keys, drafts, definition);
    let mut attack = Attack::new(&mut field, false);
    attack.run(progress)?;
    Ok(attack.found)
}

struct Attack<'a> {
    field: &'a mut Field,
    /// Whether more is hidden where too much is found.
    repairs: bool,
    found: Found,
}

impl<'a> Attack<'a> {
    fn new(field: &'a mut Field, repairs: bool) -> Self {
        Self {
            field,
            repairs,
            found: Found::default(),
        }
    }

    fn run(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        let insiders = self.field.insiders();
        for quantity in self.field.quantities.clone() {
            self.found.evidence.push(Evidence {
                quantity,
                far: vec![[0, 0]; self.field.spots.len()],
                moves: Vec::new(),
            });
            let moved = self.outsider(quantity, progress)?;
            for (done, agb) in insiders.iter().enumerate() {
                progress.step(Stage::Attacking, done, insiders.len())?;
                self.insider(agb, quantity, &moved);
            }
        }
        Ok(())
    }

    /// Attacks every hidden cell with what is published; gives which cells moved with each.
    fn outsider(
        &mut self,
        quantity: Quantity,
        progress: &mut dyn Progress,
    ) -> Result<Vec<BTreeSet<usize>>, Stopped> {
        self.field.look(Attacker::Outsider, quantity);
        let count = self.field.spots.len();
        let mut moved = Vec::new();
        for at in 0..count {
            progress.step(Stage::Attacking, at, count)?;
            moved.push(self.strike(at, Attacker::Outsider, quantity));
        }
        Ok(moved)
    }

    /// Attacks with what an organisation knows what could lean on it.
    fn insider(&mut self, agb: &str, quantity: Quantity, moved: &[BTreeSet<usize>]) {
        let attacker = Attacker::Insider(agb);
        self.field.look(attacker, quantity);
        for (at, with) in moved.iter().enumerate() {
            let touches = |cell: &usize| self.field.spots[*cell].is_touched_by(agb);
            let leans = with.iter().any(touches) || touches(&at);
            if leans {
                self.strike(at, attacker, quantity);
            } else if let Some(need) = self.field.need(at, attacker, quantity) {
                self.record(attacker, quantity, need, None);
            }
        }
    }

    /// Attacks one cell; gives what moved with it.
    fn strike(&mut self, at: usize, attacker: Attacker, quantity: Quantity) -> BTreeSet<usize> {
        let Some(need) = self.field.need(at, attacker, quantity) else {
            return BTreeSet::new();
        };
        let (mut far, mut moves) = self.field.reach(at, need);
        if self.repairs && !need.is_met(far) {
            self.hide(&self.field.buy(at, need), quantity);
            self.field.look(attacker, quantity);
            (far, moves) = self.field.reach(at, need);
        }
        self.record(attacker, quantity, need, Some(far));
        let along = moves.iter().flatten().map(|(cell, _)| *cell).collect();
        if let Some(evidence) = self.found.evidence.last_mut() {
            if attacker == Attacker::Outsider {
                evidence.far[at] = far;
            }
            evidence
                .moves
                .extend(moves.into_iter().filter(|m| !m.is_empty()));
        }
        along
    }

    fn record(
        &mut self,
        attacker: Attacker,
        quantity: Quantity,
        need: Need,
        far: Option<[i64; 2]>,
    ) {
        let toll = match (quantity, attacker) {
            (Quantity::Count, Attacker::Outsider) => &mut self.found.tolls.outsider,
            (Quantity::Count, Attacker::Insider(_)) => &mut self.found.tolls.insider,
            _ => &mut self.found.tolls.sums,
        };
        toll.tried += 1;
        toll.open += i64::from(far.is_some_and(|far| !need.is_met(far)));
    }

    fn hide(&mut self, cells: &[usize], quantity: Quantity) {
        for cell in cells {
            let spot = &mut self.field.spots[*cell];
            spot.hidden = true;
            spot.rule = (quantity != Quantity::Count).then_some(Rule::Sums);
        }
    }
}
