//! Why a cell is hidden: the rule and its figures, or the sums by which somebody who saw it would get at a cell that must be hidden.
//! Data for staff, who may see what is inside; the sentences are in `language`.

use super::built::{Built, BuiltCell, Rule};
use super::definition::Definition;
use super::fault::Fault;
use super::read::Status;
use super::shield::{Part, parts_of};
use super::sums::Sums;
use crate::domain::sheet::{SMALL_HOLDERS, Sheet, TOTAL};
use std::collections::VecDeque;

/// A cell by its place.
pub type Place = (Sheet, Vec<String>);

/// Why a cell is hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Explanation {
    /// For its own sake.
    Own(Figures),
    /// For others: the sums from this cell to the one that must be hidden, in order.
    Others(Vec<Link>),
}

/// The figures of the rule that hides a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// The rule.
    pub rule: Rule,
    /// What the cell counts.
    pub n: i64,
    /// The lowest count that may be shown.
    pub min_count: i64,
    /// What its row counts, where the rule looks at it.
    pub of: Option<i64>,
    /// Those of an effect who reliably improved, where it is they, or the others, who are too few.
    pub improved: Option<i64>,
    /// Organisations that have a part in it, where the rule looks at them. Small holders count as one: they are kept together.
    pub organisations: Option<i64>,
    /// The fewest that may stand behind a figure over organisations.
    pub min_contributors: i64,
    /// The largest part of one of them, in whole percents.
    pub largest: Option<i64>,
}

/// A sum through which a cell shields others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The total.
    pub total: Place,
    /// Its hidden cells, the total among them when it is hidden.
    pub hidden: Vec<Place>,
    /// How many of its cells are shown.
    pub shown: usize,
    /// The cell that would follow if the one before were shown, or would have too little room left.
    pub next: Place,
    /// Whether it would follow exactly, given the links before.
    pub follows: bool,
}

/// Explains a cell; none when it is not hidden or not there.
pub fn explain(
    built: &Built,
    definition: &Definition,
    sheet: Sheet,
    codes: &[String],
) -> Result<Option<Explanation>, Fault> {
    let mut cells = built.cells.iter().filter(|c| c.status.is_hidden());
    let Some(cell) = cells.find(|c| c.sheet == sheet && c.codes == codes) else {
        return Ok(None);
    };
    if let Some(rule) = cell.rule.filter(|_| cell.status == Status::Primary) {
        return Ok(Some(Explanation::Own(figures(
            built, definition, cell, rule,
        ))));
    }
    let place = (sheet, codes.to_vec());
    let mut links = Vec::new();
    // A count of effect stands in two: its own table says more than what ties it to the care.
    for part in parts_of(&built.cells, definition).iter().rev() {
        if let Some(at) = part.place(&place).filter(|_| links.is_empty()) {
            links = chain(part, at)?;
        }
    }
    Ok(Some(Explanation::Others(links)))
}

fn figures(built: &Built, definition: &Definition, cell: &BuiltCell, rule: Rule) -> Figures {
    let at = |sheet: Sheet, codes: &[String]| {
        let mut cells = built.cells.iter();
        cells
            .find(|c| c.sheet == sheet && c.codes == codes)
            .map(|c| c.n)
    };
    let of = match (rule, cell.sheet) {
        (Rule::Complement | Rule::Group, Sheet::Volume | Sheet::Response) => {
            let row = [&cell.codes[..2], &[TOTAL.to_owned()]].concat();
            at(Sheet::Volume, &row)
        }
        (Rule::Complement | Rule::Group, Sheet::Effect) => {
            let rules = &definition.rules;
            let row = [&cell.codes[..2], &[TOTAL.to_owned()]].concat();
            let hides = |row: &i64| {
                row - cell.n < rules.min_count.value
                    || 100 * cell.n >= rules.group_share.value * row
            };
            let row = at(Sheet::Volume, &row);
            row.or_else(|| responses(built, &cell.codes[..2]))
                .filter(hides)
        }
        _ => None,
    };
    let over = matches!(rule, Rule::Contributors | Rule::Dominance);
    let parts = over.then(|| contributions(built, cell));
    let largest = parts.as_ref().and_then(|p| p.iter().max().copied());
    Figures {
        rule,
        n: cell.n,
        min_count: definition.rules.min_count.value,
        improved: improved(definition, cell, rule).filter(|_| of.is_none()),
        of,
        organisations: match (&parts, cell.sheet) {
            (_, Sheet::Benchmark) => Some(cell.n),
            (Some(parts), _) if cell.codes[0] == TOTAL => i64::try_from(parts.len()).ok(),
            _ => None,
        },
        min_contributors: definition.rules.contributors.value,
        largest: largest.filter(|_| cell.n > 0).map(|n| 100 * n / cell.n),
    }
}

/// All responses of an organisation and profile together; none where the extract has none.
fn responses(built: &Built, codes: &[String]) -> Option<i64> {
    let all = built.cells.iter();
    let all = all.filter(|c| c.sheet == Sheet::Response && c.codes[..2] == *codes);
    all.map(|c| c.n).reduce(|one, other| one + other)
}

/// Those who improved, when it is they who hide an effect.
fn improved(definition: &Definition, cell: &BuiltCell, rule: Rule) -> Option<i64> {
    let instrument = definition.instrument(&cell.codes[2])?;
    let is_asked = instrument.reliability.is_some() && cell.sheet == Sheet::Effect;
    let improved = cell.sums.get(4).copied().filter(|_| is_asked)?;
    let (others, rules) = (cell.n - improved, &definition.rules);
    let is_few = improved.min(others) < rules.min_count.value;
    let is_group = 100 * improved.max(others) >= rules.group_share.value * cell.n;
    let hides = match rule {
        Rule::Complement => is_few,
        Rule::Group => is_group,
        _ => false,
    };
    hides.then_some(improved)
}

/// What each organisation has in a total over them.
fn contributions(built: &Built, cell: &BuiltCell) -> Vec<i64> {
    if cell.sheet == Sheet::Benchmark || cell.codes[0] != TOTAL {
        return Vec::new();
    }
    let same = |c: &&BuiltCell| {
        c.sheet == cell.sheet && c.codes[1..] == cell.codes[1..] && c.codes[0] != TOTAL && c.n > 0
    };
    built.cells.iter().filter(same).map(|c| c.n).collect()
}

/// The way from a cell to the nearest one that is hidden for its own sake: first by what would follow sum by sum, else by the sums that
/// they share.
fn chain(part: &Part, from: usize) -> Result<Vec<Link>, Fault> {
    let problem = part.tied()?;
    let cells = problem.cells.iter();
    let hidden: Vec<bool> = cells.map(|c| c.status.is_hidden()).collect();
    let walk = Walk {
        part,
        sums: &problem.sums,
        hidden,
    };
    Ok(walk
        .exact(from)
        .or_else(|| walk.near(from))
        .unwrap_or_default())
}

struct Walk<'a> {
    part: &'a Part,
    sums: &'a Sums,
    hidden: Vec<bool>,
}

impl Walk<'_> {
    /// Pretends that the cell is shown and works out what follows, until a primary cell does.
    fn exact(&self, from: usize) -> Option<Vec<Link>> {
        let mut unknown = self.hidden.clone();
        unknown[from] = false;
        let mut by: Vec<Option<(usize, usize)>> = vec![None; unknown.len()];
        let mut open = VecDeque::from([from]);
        while let Some(cell) = open.pop_front() {
            for (row, _) in self.sums.of(cell) {
                let row = *row as usize;
                let mut left = self
                    .sums
                    .row(row)
                    .iter()
                    .map(|(c, _)| *c as usize)
                    .filter(|c| unknown[*c]);
                let (Some(next), None) = (left.next(), left.next()) else {
                    continue;
                };
                unknown[next] = false;
                by[next] = Some((cell, row));
                if self.is_primary(next) {
                    return Some(self.links(from, next, &by, true));
                }
                open.push_back(next);
            }
        }
        None
    }

    /// The shortest way over hidden cells that stand in the same sums.
    fn near(&self, from: usize) -> Option<Vec<Link>> {
        let mut by: Vec<Option<(usize, usize)>> = vec![None; self.hidden.len()];
        let mut open = VecDeque::from([from]);
        while let Some(cell) = open.pop_front() {
            let mut rows: Vec<usize> = self
                .sums
                .of(cell)
                .iter()
                .map(|(r, _)| *r as usize)
                .collect();
            rows.sort_by_key(|row| self.hidden_of(*row).count());
            for row in rows {
                let next: Vec<usize> = self.hidden_of(row).collect();
                for next in next {
                    if next == from || by[next].is_some() {
                        continue;
                    }
                    by[next] = Some((cell, row));
                    if self.is_primary(next) {
                        return Some(self.links(from, next, &by, false));
                    }
                    open.push_back(next);
                }
            }
        }
        None
    }

    fn is_primary(&self, cell: usize) -> bool {
        let row = self.part.table.rows.get(cell);
        row.is_some_and(|r| r.status == Status::Primary)
    }

    fn hidden_of(&self, row: usize) -> impl Iterator<Item = usize> {
        let cells = self.sums.row(row).iter().map(|(c, _)| *c as usize);
        cells.filter(|c| self.hidden[*c])
    }

    fn links(
        &self,
        from: usize,
        to: usize,
        by: &[Option<(usize, usize)>],
        follows: bool,
    ) -> Vec<Link> {
        let mut links = Vec::new();
        let is_row = |cell: &usize| *cell < self.part.keys.len();
        let mut at = to;
        while at != from {
            let Some((before, row)) = by[at] else { break };
            let cells = self.sums.row(row);
            let total = cells.iter().find(|(_, sign)| *sign < 0).or(cells.first());
            links.push(Link {
                total: total.map_or_else(|| self.place(at), |(c, _)| self.place(*c as usize)),
                hidden: self
                    .hidden_of(row)
                    .filter(is_row)
                    .map(|c| self.place(c))
                    .collect(),
                shown: cells.len() - self.hidden_of(row).count(),
                next: self.place(at),
                follows,
            });
            at = before;
        }
        links.reverse();
        links
    }

    fn place(&self, cell: usize) -> Place {
        self.part.keys[cell].clone()
    }
}

/// Whether a cell counts several organisations together.
pub fn is_joint(codes: &[String]) -> bool {
    codes
        .first()
        .is_some_and(|c| c == TOTAL || c == SMALL_HOLDERS)
}
