//! The sums that tie cells together, from both sides: the cells of each sum and the sums of each cell.

/// All sums over the cells of a problem. In each, the parts count +1 and the total -1; together they are 0.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    rows: Vec<Vec<(u32, i8)>>,
    at: Vec<Vec<(u32, i8)>>,
}

impl Sums {
    /// Sums over this many cells.
    pub fn new(cells: usize) -> Self {
        Self {
            rows: Vec::new(),
            at: vec![Vec::new(); cells],
        }
    }

    /// Adds a sum.
    pub fn add(&mut self, total: u32, parts: &[u32]) {
        let mut row: Vec<(u32, i8)> = parts.iter().map(|c| (*c, 1)).collect();
        row.push((total, -1));
        self.add_row(row);
    }

    /// Adds cells that together are constant.
    pub(super) fn add_row(&mut self, row: Vec<(u32, i8)>) {
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        for (cell, sign) in &row {
            self.at[*cell as usize].push((number, *sign));
        }
        self.rows.push(row);
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

    /// Whether a cell is no total of any sum.
    pub(super) fn is_leaf(&self, cell: usize) -> bool {
        self.at[cell].iter().all(|(_, sign)| *sign > 0)
    }

    /// The sums of a cell.
    pub fn of(&self, cell: usize) -> &[(u32, i8)] {
        &self.at[cell]
    }
}
