//! The sums that tie cells together, from both sides: the cells of each sum and the sums of each cell.

use std::collections::HashMap;

/// All sums over the cells of a problem. In each, the parts count +1 and the total -1; together they are 0.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    rows: Vec<Vec<(u32, i8)>>,
    /// The total of each sum, `u32::MAX` for a relation that has none.
    heads: Vec<u32>,
    at: Vec<Vec<(u32, i8)>>,
}

impl Sums {
    /// Sums over this many cells.
    pub fn new(cells: usize) -> Self {
        Self {
            rows: Vec::new(),
            heads: Vec::new(),
            at: vec![Vec::new(); cells],
        }
    }

    /// Adds a sum.
    pub fn add(&mut self, total: u32, parts: &[u32]) {
        let mut row: Vec<(u32, i8)> = parts.iter().map(|c| (*c, 1)).collect();
        row.push((total, -1));
        self.add_row(row, total);
    }

    /// Adds cells whose signed sum everybody knows, none of them their total.
    pub(super) fn relate(&mut self, row: Vec<(u32, i8)>) {
        self.add_row(row, u32::MAX);
    }

    /// Room for one more cell, in no sum yet.
    pub(super) fn add_cell(&mut self) {
        self.at.push(Vec::new());
    }

    fn add_row(&mut self, row: Vec<(u32, i8)>, head: u32) {
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        for (cell, sign) in &row {
            self.at[*cell as usize].push((number, *sign));
        }
        self.rows.push(row);
        self.heads.push(head);
    }

    /// How many cells there are.
    pub fn cells(&self) -> usize {
        self.at.len()
    }

    /// The sums, each with its cells and signs.
    pub fn rows(&self) -> &[Vec<(u32, i8)>] {
        &self.rows
    }

    /// The cells of a sum.
    pub fn row(&self, row: usize) -> &[(u32, i8)] {
        &self.rows[row]
    }

    /// The total of a sum; none for a relation.
    pub(super) fn head(&self, row: usize) -> Option<usize> {
        let head = self.heads[row];
        (head != u32::MAX).then_some(head as usize)
    }

    /// Whether a cell is no total of any sum.
    pub(super) fn is_leaf(&self, cell: usize) -> bool {
        let mut of = self.at[cell].iter();
        of.all(|(row, _)| self.heads[*row as usize] as usize != cell)
    }

    /// The sums of a cell.
    pub fn of(&self, cell: usize) -> &[(u32, i8)] {
        &self.at[cell]
    }
}

/// Whether a shift keeps every sum and leaves no cell below 0. Additions only.
pub(super) fn holds(sums: &Sums, values: &[i64], shift: &[(u32, i64)]) -> bool {
    let mut change: HashMap<u32, i64> = HashMap::new();
    for (cell, by) in shift {
        if values[*cell as usize] + by < 0 {
            return false;
        }
        for (row, sign) in sums.of(*cell as usize) {
            *change.entry(*row).or_default() += by * i64::from(*sign);
        }
    }
    change.values().all(|c| *c == 0)
}
