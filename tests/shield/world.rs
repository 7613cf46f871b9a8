//! Small worlds of figures, written down cell by cell.

use portaal_console::domain::sheet::{Sheet, TOTAL};
use portaal_console::extract::built::{Built, BuiltCell, Rule};
use portaal_console::extract::definition::{Definition, Instrument, Reliability};
use portaal_console::extract::earlier::Earlier;
use portaal_console::extract::figures::{Figures, Holder, Leaf, LeftOut};
use portaal_console::extract::read::Status;
use portaal_console::extract::{Quiet, shield};

pub const PERIOD: &str = "2025";

/// Figures in the making.
#[derive(Debug, Clone, Default)]
pub struct World(pub Figures);

impl World {
    /// A holder that is in, with so many closed care paths.
    pub fn holder(&mut self, agb: &str, closed: i64) -> &mut Self {
        self.0.holders.push(Holder {
            agb: agb.to_owned(),
            name: format!("Aanbieder {agb}"),
            holds_mark: true,
            closed,
            left_out: None,
        });
        self
    }

    /// Leaves a holder out: as the figures have it, with cells of nobody that say how many went since a release.
    pub fn leave_out(&mut self, agb: &str) -> &mut Self {
        for leaf in self.0.leaves.iter_mut().filter(|l| l.codes[0] == agb) {
            (leaf.changed, leaf.then) = (vec![leaf.n], vec![leaf.n]);
            leaf.n = 0;
            leaf.sums.fill(0);
        }
        for holder in self.0.holders.iter_mut().filter(|h| h.agb == agb) {
            (holder.closed, holder.left_out) = (0, Some(LeftOut::NoAcceptance));
        }
        self
    }

    pub fn cell(&mut self, sheet: Sheet, codes: [&str; 3], n: i64, sums: &[i64]) -> &mut Self {
        self.0.leaves.push(Leaf {
            sheet,
            codes: codes.map(ToOwned::to_owned).to_vec(),
            n,
            sums: sums.to_vec(),
            changed: Vec::new(),
            then: Vec::new(),
        });
        self
    }

    /// Closed care paths of an organisation by diagnosis group, under one profile.
    pub fn volume(&mut self, agb: &str, counts: &[(&str, i64)]) -> &mut Self {
        for (diagnosis, n) in counts {
            if *n > 0 {
                self.cell(Sheet::Volume, [agb, "kort", diagnosis], *n, &[]);
            }
        }
        self
    }

    pub fn response(&mut self, agb: &str, counts: [i64; 4]) -> &mut Self {
        let codes = ["completer", "dropout", "non_starter", "non_responder"];
        for (code, n) in codes.into_iter().zip(counts) {
            if n > 0 {
                self.cell(Sheet::Response, [agb, "kort", code], n, &[]);
            }
        }
        self
    }

    /// Says of each release how many rows of a cell changed since.
    pub fn changed(&mut self, sheet: Sheet, codes: [&str; 3], rows: &[i64]) -> &mut Self {
        let leaves = self.0.leaves.iter_mut();
        for leaf in leaves.filter(|l| l.sheet == sheet && l.codes == codes) {
            leaf.changed = rows.to_vec();
        }
        self
    }

    pub fn build(&self, definition: &Definition, earlier: &[Earlier]) -> Built {
        shield::build(&self.0, definition, PERIOD, earlier, 1, &mut Quiet).expect("built")
    }
}

/// The definition of the house with only these tables.
pub fn definition(sheets: &[Sheet]) -> Definition {
    let mut definition = Definition::built_in().clone();
    definition.sheets = sheets.to_vec();
    definition
}

/// As small as can be: three are enough, and totals over organisations need two.
pub fn tiny(sheets: &[Sheet]) -> Definition {
    let mut definition = definition(sheets);
    definition.rules.min_count.value = 3;
    definition.rules.contributors.value = 2;
    definition.rules.dominance.value = 100;
    definition.rules.dominance_of_two.value = 100;
    definition.rules.group_share.value = 100;
    definition.rules.pool_at_most.value = 0;
    definition
}

/// An instrument from 0 to 10 points, with a share of improved or without.
pub fn instrument(definition: &mut Definition, with: Option<Reliability>) {
    definition.instruments = vec![Instrument {
        minimum: 0,
        maximum: 10_000,
        reliability: with,
        norm: None,
        ..definition.instruments[0].clone()
    }];
}

/// A release, as the registry keeps it.
pub fn release(built: &Built, definition: &Definition, period: &str) -> Earlier {
    Earlier {
        name: "1".to_owned(),
        period: period.to_owned(),
        definition: definition.clone(),
        cells: built.cells.clone(),
        pooled: built.pooled.clone(),
        own: shield::own(&built.certificate).expect("a proof"),
    }
}

pub fn cell<'a>(built: &'a Built, sheet: Sheet, codes: &[&str]) -> &'a BuiltCell {
    let mut cells = built.cells.iter();
    let found = cells.find(|c| c.sheet == sheet && c.codes == codes);
    found.expect("a cell with these codes")
}

/// The rule that hides a cell for its own sake.
pub fn rule(built: &Built, sheet: Sheet, codes: &[&str]) -> Option<Rule> {
    let cell = cell(built, sheet, codes);
    cell.rule.filter(|_| cell.status == Status::Primary)
}

/// What our own attacks found, all together.
pub fn open(built: &Built) -> i64 {
    built.attacks.iter().map(|a| a.open).sum()
}

pub fn is_total(codes: &[String]) -> bool {
    codes.iter().any(|c| c == TOTAL)
}
