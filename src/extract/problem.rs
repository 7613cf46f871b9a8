//! The cells of all tables, each once, and every sum that ties them together. Wrong input ends here, with file and line.

use super::beside::Kind;
use super::fault::{Fault, Wrong};
use super::read::{Hierarchy, Record, Status, Table};
use super::sums::Sums;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The code of a total inside, whatever word stands for it outside.
pub(super) const TOTAL: u32 = 0;
/// The parent of a code that counts in nothing, in this dimension. No file can hold it.
pub(super) const ROOT: &str = "\0";
/// Most cells that are worked on.
const MOST_CELLS: usize = 2_000_000;

/// A cell of the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// A number per dimension, into its codes.
    pub codes: Vec<u32>,
    /// What it counts.
    pub value: i64,
    /// What became of it.
    pub status: Status,
    /// Contributors, when they are not the value itself.
    pub n: Option<i64>,
    /// Lowest value that must stay possible.
    pub lower: Option<i64>,
    /// Highest value that must stay possible.
    pub upper: Option<i64>,
    /// Where it stands, in a table or beside all of them.
    pub kind: Kind,
    pub(super) place: (usize, u64),
}

/// Everything that is known of the tables.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Names of the dimensions of all tables.
    pub dimensions: Vec<String>,
    /// Codes per dimension; the first is the total.
    pub codes: Vec<Vec<String>>,
    /// The cells, in the order in which they were first read.
    pub cells: Vec<Cell>,
    /// The sums between them.
    pub sums: Sums,
    /// Codes directly above each code, per dimension; one per hierarchy.
    pub(super) parents: Vec<Vec<Vec<u32>>>,
    pub(super) values: Vec<i64>,
    /// Those who are counted together in cells: what each has of which cell. Each knows its own, and that the others have no less than nothing.
    pub members: Vec<BTreeMap<u32, i64>>,
}

/// A parent and the codes that add up to it, in one hierarchy.
type Families = BTreeMap<u32, Vec<u32>>;

impl Problem {
    /// Brings tables together.
    pub fn new(tables: &[Table], hierarchies: &[Hierarchy], total: &str) -> Result<Self, Fault> {
        let mut dimensions: Vec<String> = Vec::new();
        for name in tables.iter().flat_map(|t| &t.dimensions) {
            if !dimensions.contains(name) {
                dimensions.push(name.clone());
            }
        }
        let mut problem = Self {
            codes: vec![vec![total.to_owned()]; dimensions.len()],
            parents: Vec::new(),
            dimensions,
            cells: Vec::new(),
            sums: Sums::default(),
            values: Vec::new(),
            members: Vec::new(),
        };
        problem.gather(tables)?;
        problem.values = problem.cells.iter().map(|c| c.value).collect();
        let families = problem.families(tables, hierarchies)?;
        problem.add_up(tables, &families)?;
        Ok(problem)
    }

    /// The codes of a cell as they stand in a table.
    pub fn names(&self, cell: usize) -> Vec<&str> {
        let codes = self.cells[cell].codes.iter().zip(&self.codes);
        codes
            .map(|(code, all)| all[*code as usize].as_str())
            .collect()
    }

    /// The value of each cell.
    pub fn values(&self) -> &[i64] {
        &self.values
    }

    /// The same cells and sums, none of them a zero that stands fast.
    pub(super) fn with_values_above_zero(&self) -> Self {
        let mut other = self.clone();
        for cell in &mut other.cells {
            cell.value = cell.value.max(1);
        }
        other
    }

    /// The cells by their codes.
    pub fn index(&self) -> HashMap<&[u32], usize> {
        let cells = self.cells.iter().enumerate();
        let cells = cells.filter(|(_, c)| c.kind == Kind::Table);
        cells.map(|(at, c)| (c.codes.as_slice(), at)).collect()
    }

    fn gather(&mut self, tables: &[Table]) -> Result<(), Fault> {
        let mut numbers: Vec<HashMap<String, u32>> = self
            .codes
            .iter()
            .map(|all| HashMap::from([(all[0].clone(), TOTAL)]))
            .collect();
        let mut found: HashMap<Vec<u32>, usize> = HashMap::new();
        for (number, table) in tables.iter().enumerate() {
            let places: Vec<usize> = table
                .dimensions
                .iter()
                .filter_map(|d| self.dimensions.iter().position(|x| x == d))
                .collect();
            for row in &table.rows {
                let mut codes = vec![TOTAL; self.dimensions.len()];
                for (place, code) in places.iter().zip(&row.codes) {
                    let next = narrow(self.codes[*place].len());
                    let code_number = *numbers[*place].entry(code.clone()).or_insert(next);
                    if code_number == next {
                        self.codes[*place].push(code.clone());
                    }
                    codes[*place] = code_number;
                }
                self.take(tables, &mut found, codes, (number, row))?;
            }
        }
        Ok(())
    }

    fn take(
        &mut self,
        tables: &[Table],
        found: &mut HashMap<Vec<u32>, usize>,
        codes: Vec<u32>,
        (number, row): (usize, &Record),
    ) -> Result<(), Fault> {
        let file = &tables[number].file;
        if let Some(at) = found.get(&codes) {
            let known = &mut self.cells[*at];
            // A cell may stand in several tables, with one value; in one table it stands once.
            if known.place.0 == number || known.value != row.value {
                return Err(Fault::at(
                    file,
                    row.line,
                    Wrong::Twice,
                    row.codes.join(" | "),
                ));
            }
            if row.status == Status::Primary || known.status == Status::Open {
                known.status = row.status;
            }
            known.place.0 = number;
            return Ok(());
        }
        if self.cells.len() >= MOST_CELLS {
            return Err(Fault::at(file, row.line, Wrong::Size, ""));
        }
        found.insert(codes.clone(), self.cells.len());
        self.cells.push(Cell {
            codes,
            value: row.value,
            status: row.status,
            n: row.n,
            lower: row.lower,
            upper: row.upper,
            kind: Kind::Table,
            place: (number, row.line),
        });
        Ok(())
    }

    /// Per dimension its hierarchies, each as parents with what adds up to them. A dimension without one is flat.
    fn families(
        &mut self,
        tables: &[Table],
        hierarchies: &[Hierarchy],
    ) -> Result<Vec<Vec<Families>>, Fault> {
        for h in hierarchies {
            if !self.dimensions.contains(&h.dimension) {
                return Err(Fault::at(&h.file, 0, Wrong::Dimension, &h.dimension));
            }
        }
        let mut all = Vec::new();
        for dimension in 0..self.dimensions.len() {
            let own: Vec<&Hierarchy> = hierarchies
                .iter()
                .filter(|h| h.dimension == self.dimensions[dimension])
                .collect();
            let codes = &self.codes[dimension];
            let mut parents = vec![Vec::new(); codes.len()];
            let mut ways = Vec::new();
            if own.is_empty() {
                let children: Vec<u32> = (1..narrow(codes.len())).collect();
                for child in &children {
                    parents[*child as usize].push(TOTAL);
                }
                ways.push(Families::from([(TOTAL, children)]));
            }
            for h in &own {
                ways.push(way(codes, h, &mut parents)?);
            }
            let roots: HashSet<&str> = own
                .iter()
                .flat_map(|h| &h.branches)
                .filter(|b| b.parent == ROOT)
                .map(|b| b.code.as_str())
                .collect();
            let is_lost = |c: &usize| parents[*c].is_empty() && !roots.contains(codes[*c].as_str());
            if let Some(code) = (1..codes.len()).find(is_lost) {
                let cell = self
                    .cells
                    .iter()
                    .find(|c| c.codes[dimension] as usize == code);
                let (table, line) = cell.map_or((0, 0), |c| c.place);
                return Err(Fault::at(
                    &tables[table].file,
                    line,
                    Wrong::Parent,
                    &codes[code],
                ));
            }
            self.parents.push(parents);
            all.push(ways);
        }
        Ok(all)
    }

    fn add_up(&mut self, tables: &[Table], families: &[Vec<Families>]) -> Result<(), Fault> {
        let mut sums = Sums::new(self.cells.len());
        let index: HashMap<&[u32], usize> = self.index();
        let mut seen: HashSet<Vec<u32>> = HashSet::new();
        for (dimension, ways) in families.iter().enumerate() {
            for way in ways {
                let mut parent_of: HashMap<u32, u32> = HashMap::new();
                for (parent, children) in way {
                    parent_of.extend(children.iter().map(|c| (*c, *parent)));
                }
                let mut groups: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
                for (at, cell) in self.cells.iter().enumerate() {
                    if let Some(parent) = parent_of.get(&cell.codes[dimension]) {
                        let mut above = cell.codes.clone();
                        above[dimension] = *parent;
                        groups.entry(above).or_default().push(narrow(at));
                    }
                }
                for (above, parts) in groups {
                    let sum: i64 = parts.iter().map(|c| self.cells[*c as usize].value).sum();
                    let Some(total) = index.get(above.as_slice()) else {
                        if sum == 0 || !self.has_code(dimension, above[dimension]) {
                            continue;
                        }
                        return Err(self.fault(tables, parts[0] as usize, Wrong::NoTotal));
                    };
                    if sum != self.cells[*total].value {
                        return Err(self.fault(tables, *total, Wrong::Total));
                    }
                    let mut key = parts.clone();
                    key.push(narrow(*total));
                    if seen.insert(key) {
                        sums.add(narrow(*total), &parts);
                    }
                }
            }
        }
        self.sums = sums;
        Ok(())
    }

    pub(super) fn has_code(&self, dimension: usize, code: u32) -> bool {
        let mut cells = self.cells.iter().filter(|c| c.kind == Kind::Table);
        cells.any(|c| c.codes[dimension] == code)
    }

    fn fault(&self, tables: &[Table], cell: usize, wrong: Wrong) -> Fault {
        let (table, line) = self.cells[cell].place;
        Fault::at(
            &tables[table].file,
            line,
            wrong,
            self.names(cell).join(" | "),
        )
    }
}

/// One hierarchy over the codes that the tables hold. A parent that no table holds is passed over: what is beneath it counts in the next.
fn way(
    codes: &[String],
    hierarchy: &Hierarchy,
    parents: &mut [Vec<u32>],
) -> Result<Families, Fault> {
    let above: HashMap<&str, (&str, u64)> = hierarchy
        .branches
        .iter()
        .map(|b| (b.code.as_str(), (b.parent.as_str(), b.line)))
        .collect();
    let number: HashMap<&str, u32> = codes
        .iter()
        .enumerate()
        .map(|(at, c)| (c.as_str(), narrow(at)))
        .collect();
    let mut families = Families::new();
    for (at, code) in codes.iter().enumerate().skip(1) {
        let Some((mut parent, mut line)) = above.get(code.as_str()).copied() else {
            continue;
        };
        if parent == ROOT {
            continue;
        }
        for steps in 0.. {
            if steps > above.len() {
                return Err(Fault::at(&hierarchy.file, line, Wrong::Cycle, code));
            }
            if parent == codes[0] {
                break;
            }
            let Some(next) = above.get(parent) else {
                return Err(Fault::at(&hierarchy.file, line, Wrong::Parent, parent));
            };
            if number.contains_key(parent) && parent != code {
                break;
            }
            (parent, line) = *next;
        }
        let parent = number.get(parent).copied().unwrap_or(TOTAL);
        families.entry(parent).or_default().push(narrow(at));
        if !parents[at].contains(&parent) {
            parents[at].push(parent);
        }
    }
    cycle(&families, hierarchy, codes)?;
    Ok(families)
}

fn cycle(families: &Families, hierarchy: &Hierarchy, codes: &[String]) -> Result<(), Fault> {
    let mut reached: HashSet<u32> = HashSet::from([TOTAL]);
    let mut open = vec![TOTAL];
    while let Some(parent) = open.pop() {
        for child in families.get(&parent).into_iter().flatten() {
            if reached.insert(*child) {
                open.push(*child);
            }
        }
    }
    let lost = families.values().flatten().find(|c| !reached.contains(c));
    lost.map_or(Ok(()), |code| {
        let name = &codes[*code as usize];
        let line = hierarchy
            .branches
            .iter()
            .find(|b| b.code == *name)
            .map_or(0, |b| b.line);
        Err(Fault::at(&hierarchy.file, line, Wrong::Cycle, name))
    })
}

pub(super) fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
