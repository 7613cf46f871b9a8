//! The attack on scores of somebody who lays all releases side by side, with all counts known: each sum of a table is a line of its own, as
//! counts are. And what is hidden on top where that finds too much. Squares of scores are no part of it.

use super::beheld::{Beheld, Named};
use super::draft::{Drafts, Key};
use super::field::{Attacker, Field, Quantity};
use super::insider::Own;
use super::joint::{Aim, Joint, MOST};
use super::part::{Part, parts};
use super::scores::Whole;
use super::together::{blank, broken, drafted, shows_nothing};
use super::toll::Toll;
use super::{Halt, means, past, rules, views};
use crate::extract::audit::{Finding, at_most};
use crate::extract::beside::{Beside, Kind};
use crate::extract::built::{BuiltCell, Leak, Rule};
use crate::extract::definition::Definition;
use crate::extract::earlier::Earlier;
use crate::extract::problem::Problem;
use crate::extract::progress::Progress;
use crate::extract::read::Status;
use crate::extract::rules::Rules;
use std::collections::BTreeMap;

/// Hides more of a table of scores where somebody who kept earlier releases would know too much of its sums: what those hid, then ever more
/// of the smallest, and in the end everything. Gives what the attack finds then.
pub(super) fn keep(
    drafts: &mut Drafts,
    wholes: &mut BTreeMap<Key, Vec<Whole>>,
    (own, joint): (&Own, &Joint),
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<Toll, Halt> {
    let mut all = Toll::default();
    let tables = parts(views(drafts).into_iter(), own, joint.tree);
    for part in tables.iter().filter(|part| !part.is_care) {
        let mut toll = scores(part, drafts, joint, definition, progress)?;
        let mut more = 0;
        while toll.is_open() {
            let shown = |key: &&Key| drafts.get(key).is_some_and(|d| !d.status.is_hidden());
            let mut next: Vec<Key> = part.keys.iter().filter(shown).cloned().collect();
            if next.is_empty() {
                break;
            }
            if more == 0 {
                let hid = joint.problem(part, Aim::Protect)?.hid;
                let is_hid = |key: &Key| part.place(key).is_some_and(|at| hid[at]);
                next.retain(is_hid);
            } else {
                next.sort_by_key(|key| drafts.get(key).map_or(0, |d| d.n));
                next.truncate(more);
            }
            more = (2 * more).max(1);
            for key in &next {
                if let Some(draft) = drafts.get_mut(key) {
                    (draft.status, draft.rule) = (Status::Secondary, Some(Rule::Sums));
                }
            }
            let known = wholes.remove(&part.name()).unwrap_or_default();
            let found = means::widen(&part.keys, drafts, known, definition, progress)?;
            wholes.insert(part.name(), found);
            toll = scores(part, drafts, joint, definition, progress)?;
        }
        all.add(toll);
    }
    Ok(all)
}

/// What somebody finds in one table of scores, each sum by itself: whether a hidden mean keeps its width, and who improved or not stays
/// unknown. All counts are taken to be known, which only makes the attacker stronger.
fn scores(
    part: &Part,
    drafts: &Drafts,
    joint: &Joint,
    definition: &Definition,
    progress: &mut dyn Progress,
) -> Result<Toll, Halt> {
    let part = drafted(part, drafts);
    let mut toll = Toll::default();
    if !joint.is_tied(&part) {
        return Ok(toll);
    }
    let field = Field::new(&part.keys, drafts, definition);
    let releases = joint.releases.iter();
    let then: Vec<Then> = releases.filter_map(|r| Then::of(r, &part)).collect();
    let is_sum = |quantity: &&Quantity| **quantity != Quantity::Count;
    for quantity in field.quantities.iter().filter(is_sum) {
        if let Some(lines) = Lines::new(&part, &field, &then, *quantity) {
            lines.attack(joint, &rules(definition), (&mut toll, progress))?;
        }
    }
    Ok(toll)
}

/// One of the people among those who improved, in thousandths.
const ONE: i64 = 1_000;

/// A table of scores of an earlier release.
struct Then<'a> {
    earlier: &'a Earlier,
    cells: Vec<&'a BuiltCell>,
    field: Field,
}

impl<'a> Then<'a> {
    fn of(release: &past::Release<'a>, part: &Part) -> Option<Self> {
        let (sheet, of) = part.name();
        let earlier = release.earlier;
        let is_it = |c: &&BuiltCell| c.sheet == sheet && c.codes.ends_with(&of);
        let cells: Vec<&BuiltCell> = earlier.cells.iter().filter(is_it).collect();
        let field = Field::ready(cells.iter().copied(), &Own::new(), &earlier.definition);
        (!cells.is_empty()).then_some(Self {
            earlier,
            cells,
            field,
        })
    }
}

/// What of a sum must stay possible: between these, or where there is a width, so far apart.
#[derive(Debug, Clone, Copy)]
struct Due {
    ends: (i64, i64),
    width: i64,
}

impl Due {
    /// Whether what is known of it says too much.
    fn is_broken(self, found: &Finding, (low, high): (i64, i64)) -> bool {
        if self.width > 0 {
            found.upper - found.lower < self.width.min(high - low)
        } else {
            found.lower > low || found.upper < high
        }
    }
}

/// A sum of a cell in thousandths, and the least and most that it can be. It is counted from one below the lowest score for each of the
/// people: so others at the lowest score are another sum, and not what it was before.
#[derive(Debug, Clone, Copy)]
struct Level {
    value: i64,
    least: i64,
    most: i64,
}

impl Level {
    /// None where the scale does not hold it.
    fn of(quantity: Quantity, (n, sums): (i64, &[i64])) -> Option<Self> {
        let sum = |place: usize| sums.get(place).copied().unwrap_or(0);
        let (value, most) = match quantity {
            Quantity::Count => return None,
            Quantity::Part(place) => (ONE * sum(place), ONE * n),
            Quantity::Score(place, low, high) => (sum(place) - low * n, (high - low) * n),
        };
        (0..=most).contains(&value).then_some(Self {
            value: value + n,
            least: n,
            most: most + n,
        })
    }

    /// What must stay possible of it in the eyes of who has only what is published.
    fn due(self, field: &Field, at: usize, quantity: Quantity) -> Option<Due> {
        let need = field.need(at, Attacker::Outsider, quantity)?;
        let one = match quantity {
            Quantity::Part(_) => ONE,
            Quantity::Count | Quantity::Score(..) => 1,
        };
        let (down, up) = if need.width > 0 {
            (need.width, need.width)
        } else {
            (one * need.down, one * need.up)
        };
        let ends = (
            (self.value - down).max(self.least),
            (self.value + up).min(self.most),
        );
        (ends.0 < ends.1).then_some(Due {
            ends,
            width: need.width,
        })
    }
}

/// What everybody may know of a sum of a cell, and what must stay possible of it.
type Known = (Level, Option<Due>);

/// One sum over all releases of a table.
struct Lines<'a> {
    part: &'a Part,
    then: &'a [Then<'a>],
    quantity: Quantity,
    /// By the name of the release, which is empty for now, and by cell.
    of: BTreeMap<(&'a str, Key), Known>,
}

impl<'a> Lines<'a> {
    /// None where some sum lies outside of its scale: then nobody can reckon with it.
    fn new(
        part: &'a Part,
        field: &Field,
        then: &'a [Then<'a>],
        quantity: Quantity,
    ) -> Option<Self> {
        let mut of = BTreeMap::new();
        for (at, key) in part.keys.iter().enumerate() {
            let level = Level::of(quantity, field.truth(at))?;
            let is_own = part.table.rows[at].status == Status::Primary;
            let due = level.due(field, at, quantity).filter(|_| is_own);
            of.insert(("", key.clone()), (level, due));
        }
        for then in then {
            for (at, cell) in then.cells.iter().enumerate() {
                let level = Level::of(quantity, then.field.truth(at))?;
                let is_own = cell.rule.is_some();
                let due = level.due(&then.field, at, quantity).filter(|_| is_own);
                let key = (cell.sheet, cell.codes.clone());
                of.insert((&then.earlier.name, key), (level, due));
            }
        }
        Some(Self {
            part,
            then,
            quantity,
            of,
        })
    }

    /// Adds the cells whose sums are too well known, each with the release that it is of when it is none of now.
    fn attack(
        &self,
        joint: &Joint,
        rules: &Rules,
        (toll, progress): (&mut Toll, &mut dyn Progress),
    ) -> Result<(), Halt> {
        let earlier: Vec<Earlier> = self.then.iter().map(|then| self.earlier(then)).collect();
        let releases = past::releases(&earlier);
        let joint = Joint {
            releases: &releases,
            period: joint.period.clone(),
            least: 0,
            ..*joint
        };
        let asked = self.asked(&joint, self.part)?;
        let Asked {
            problem,
            dues,
            named,
        } = &asked;
        if problem.cells.len() > MOST {
            return Ok(());
        }
        let is_all = shows_nothing(self.part);
        let cells = dues.keys().copied();
        let cells = cells.filter(|cell| !is_all || named.contains_key(cell));
        let cells: Vec<usize> = cells.collect();
        toll.try_out(cells.len());
        let mut found = broken(problem, &cells, rules, progress)?;
        found.retain(|f| dues[&f.cell].is_broken(f, dues[&f.cell].ends));
        self.forgive(&joint, &asked, &mut found, progress)?;
        let leak = match self.quantity {
            Quantity::Part(_) => Leak::Improved,
            Quantity::Count | Quantity::Score(..) => Leak::Mean,
        };
        for cell in found.iter().map(|f| f.cell) {
            match named.get(&cell) {
                Some(n) => toll.give(Some(&n.key), leak, None, Some(&n.release)),
                None => toll.give(self.part.named(cell), leak, None, None),
            }
        }
        Ok(())
    }

    /// Drops what was found of cells of now, as far as that can be known without this extract.
    fn forgive(
        &self,
        joint: &Joint,
        Asked { dues, named, .. }: &Asked,
        found: &mut Vec<Finding>,
        progress: &mut dyn Progress,
    ) -> Result<(), Halt> {
        let own = found.iter().map(|f| f.cell);
        let own = own.filter(|cell| !named.contains_key(cell));
        let own: Vec<(usize, (i64, i64))> = own.map(|cell| (cell, dues[&cell].ends)).collect();
        if own.is_empty() {
            return Ok(());
        }
        let before = self.asked(joint, &blank(self.part))?.problem;
        let open = at_most(&before, &own, progress)?;
        let cells = own.iter().map(|(cell, _)| *cell);
        let open: BTreeMap<usize, (i64, i64)> = cells.zip(open).collect();
        found.retain(|f| {
            let open = open.get(&f.cell);
            open.is_none_or(|open| dues[&f.cell].is_broken(f, *open))
        });
        Ok(())
    }

    /// A release as if its counts were these sums.
    fn earlier(&self, then: &Then) -> Earlier {
        let cell = |c: &&BuiltCell| BuiltCell {
            n: self.value(&then.earlier.name, &(c.sheet, c.codes.clone())),
            sums: Vec::new(),
            ..(*c).clone()
        };
        Earlier {
            cells: then.cells.iter().map(cell).collect(),
            own: BTreeMap::new(),
            ..then.earlier.clone()
        }
    }

    fn value(&self, release: &str, key: &Key) -> i64 {
        let known = self.of.get(&(release, key.clone()));
        known.map_or(0, |(level, _)| level.value)
    }

    /// The sums of now beside those of all releases, none of them above the most that it can be.
    fn asked(&self, joint: &Joint, part: &Part) -> Result<Asked, Halt> {
        let mut part = part.clone();
        for (key, row) in part.keys.iter().zip(&mut part.table.rows) {
            row.value = self.value("", key);
        }
        let Beheld {
            mut problem,
            named,
            rests,
            ..
        } = joint.problem(&part, Aim::Attack)?;
        let now = part.keys.iter().enumerate();
        let now = now.filter(|(at, _)| part.table.rows[*at].status.is_hidden());
        let now = now.map(|(at, key)| (at, ("", key.clone())));
        let then = named.iter();
        let then = then.map(|(cell, n)| (*cell, (n.release.as_str(), n.key.clone())));
        let (mut rooms, mut dues) = (Vec::new(), BTreeMap::new());
        for (cell, place) in now.chain(then) {
            if let Some((level, due)) = self.of.get(&place) {
                rooms.push((cell, level.most - level.value));
                dues.extend(due.map(|due| (cell, due)));
            }
        }
        for (cell, terms) in rests {
            let most = terms.into_iter().map(|(release, key, sign)| {
                let of = self.of.get(&(release.as_str(), key));
                i64::from(sign) * of.map_or(0, |(level, _)| level.most)
            });
            rooms.push((cell, most.sum::<i64>() - problem.cells[cell].value));
        }
        for (cell, room) in rooms.into_iter().filter(|(_, room)| *room >= 0) {
            let room = problem.add(Beside {
                value: room,
                kind: Kind::Free,
                ..Beside::default()
            });
            problem.relate(&[(cell, 1), (room, 1)]);
        }
        dues.retain(|cell, _| problem.cells[*cell].kind != Kind::Known);
        for (at, cell) in problem.cells.iter_mut().enumerate() {
            if let Some(due) = dues.get(&at) {
                (cell.lower, cell.upper) = (Some(due.ends.0), Some(due.ends.1));
            } else if cell.status == Status::Primary {
                (cell.kind, cell.status) = (Kind::Free, Status::Secondary);
            }
        }
        Ok(Asked {
            problem,
            dues,
            named,
        })
    }
}

/// A problem, what is due of which of its cells, and what those beside the table are.
struct Asked {
    problem: Problem,
    dues: BTreeMap<usize, Due>,
    named: BTreeMap<usize, Named>,
}
