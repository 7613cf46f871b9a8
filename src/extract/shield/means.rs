//! Keeps counts and means of the tables of scores open against an outsider and every organisation: attacks each hidden cell, hides the
//! cheapest cells along with it where too little stays possible, and gives back what turns out needless.

use super::draft::{Drafts, Key};
use super::field::{Attacker, Field, Need, Quantity};
use super::scores::Whole;
use super::toll::Toll;
use super::wholes::Wholes;
use crate::domain::sheet::Sheet;
use crate::extract::built::{Leak, Rule};
use crate::extract::definition::Definition;
use crate::extract::progress::{Progress, Stage, Stopped};
use crate::extract::read::Status;
use std::collections::BTreeMap;

/// Times that the attack is repeated on what was hidden along.
const ROUNDS: usize = 6;
/// Times that more is hidden for one cell.
const TRIES: usize = 3;

/// What all attacks found.
#[derive(Debug, Clone, Default)]
pub(super) struct Tolls {
    pub(super) outsider: Toll,
    pub(super) insider: Toll,
    pub(super) sums: Toll,
}

impl Tolls {
    /// Whether any of them found anything.
    const fn are_open(&self) -> bool {
        self.outsider.is_open() || self.insider.is_open() || self.sums.is_open()
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

/// Hides what else must be hidden in one table. Takes whole tables that are known and gives them back with those that were found.
pub(super) fn widen(
    keys: &[Key],
    drafts: &mut Drafts,
    known: Vec<Whole>,
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<Vec<Whole>, Stopped> {
    let field = Field::new(keys, drafts, definition);
    let mut attack = Attack::new(field, known);
    attack.repairs = true;
    for _ in 0..ROUNDS {
        let before = attack.hidden();
        attack.run(progress)?;
        if attack.hidden() == before {
            break;
        }
    }
    // The last resort: a table of so few that it gives somebody away in spite of that is not shown at all.
    attack.repairs = false;
    attack.run(progress)?;
    if attack.tolls.are_open() {
        for spot in attack.field.spots.iter_mut().filter(|s| !s.hidden) {
            (spot.hidden, spot.rule) = (true, Some(Rule::Sums));
        }
    }
    for spot in attack.field.spots.iter().filter(|s| s.hidden) {
        if let Some(draft) = drafts.get_mut(&spot.key)
            && !draft.status.is_hidden()
        {
            draft.status = Status::Secondary;
            draft.rule = spot.rule;
        }
    }
    Ok(attack.known.into_inner())
}

/// Attacks one table as it is. Gives whole tables that nobody could tell from the truth.
pub(super) fn attack(
    keys: &[Key],
    drafts: &Drafts,
    known: Vec<Whole>,
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<(Tolls, Vec<Whole>), Stopped> {
    let field = Field::new(keys, drafts, definition);
    let mut attack = Attack::new(field, known);
    attack.run(progress)?;
    Ok((attack.tolls, attack.known.into_inner()))
}

struct Attack {
    field: Field,
    /// Whether more is hidden where too much is found.
    repairs: bool,
    tolls: Tolls,
    known: Wholes,
}

impl Attack {
    fn new(field: Field, known: Vec<Whole>) -> Self {
        Self {
            known: Wholes::of(known, &field),
            repairs: false,
            tolls: Tolls::default(),
            field,
        }
    }

    fn hidden(&self) -> usize {
        self.field.spots.iter().filter(|s| s.hidden).count()
    }

    fn run(&mut self, progress: &mut dyn Progress) -> Result<(), Stopped> {
        self.tolls = Tolls::default();
        let insiders = self.field.insiders();
        for quantity in self.field.quantities.clone() {
            self.strike_all(Attacker::Outsider, quantity, progress)?;
            for (done, agb) in insiders.iter().enumerate() {
                progress.step(Stage::Attacking, done, insiders.len())?;
                self.strike_all(Attacker::Insider(agb), quantity, progress)?;
            }
        }
        Ok(())
    }

    /// Attacks every hidden cell with what somebody knows.
    fn strike_all(
        &mut self,
        attacker: Attacker,
        quantity: Quantity,
        progress: &mut dyn Progress,
    ) -> Result<(), Stopped> {
        let leak = match quantity {
            Quantity::Count => Leak::Count,
            Quantity::Part(_) => Leak::Improved,
            Quantity::Score(..) => Leak::Mean,
        };
        let who = match attacker {
            Attacker::Outsider => None,
            Attacker::Insider(agb) => Some(agb),
        };
        let mut looks = false;
        for at in 0..self.field.spots.len() {
            let Some(need) = self.field.need(at, attacker, quantity) else {
                continue;
            };
            // Whole tables that are known say more than any attack.
            let mut far = self.known.reach(at, quantity, attacker);
            if !need.is_met(far) {
                progress.step(Stage::Attacking, at, self.field.spots.len())?;
                if !looks {
                    self.field.look(attacker, quantity);
                    looks = true;
                }
                far = self.strike(at, attacker, (quantity, need));
            }
            let toll = match (quantity, attacker) {
                (Quantity::Count, Attacker::Outsider) => &mut self.tolls.outsider,
                (Quantity::Count, Attacker::Insider(_)) => &mut self.tolls.insider,
                _ => &mut self.tolls.sums,
            };
            toll.try_out(1);
            if !need.is_met(far) {
                toll.give(Some(&self.field.spots[at].key), leak, who, None);
            }
        }
        Ok(())
    }

    /// Attacks one cell, and hides more for it where that is asked; gives how far it goes down and up.
    fn strike(&mut self, at: usize, attacker: Attacker, what: (Quantity, Need)) -> [i64; 2] {
        let (quantity, need) = what;
        let mut reached = self.field.reach(at, attacker, what);
        for _ in 0..TRIES {
            if !self.repairs || need.is_met(reached.far) {
                break;
            }
            let cells = self.field.buy(at, attacker, what);
            if cells.is_empty() {
                break;
            }
            self.hide(&cells, quantity);
            self.field.look(attacker, quantity);
            reached = self.field.reach(at, attacker, what);
        }
        for whole in reached.wholes {
            self.known.add(whole, &self.field);
        }
        self.known.reach(at, quantity, attacker)
    }

    fn hide(&mut self, cells: &[usize], quantity: Quantity) {
        for cell in cells {
            let spot = &mut self.field.spots[*cell];
            spot.hidden = true;
            spot.rule = (quantity != Quantity::Count).then_some(Rule::Sums);
        }
    }
}
