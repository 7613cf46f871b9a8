//! The cheapest way to shift an amount through one cell along its dimensions: a cube whose corners take up and give off the same. Not every
//! deviation is a cube; what no cube can do is left to the attacker's own search.

use super::shift::Shift;

/// One way to shift along a dimension: codes and what they gain (+1) or lose (-1), the cell's own code aside, which gains.
pub(super) type Path = Vec<(u32, i8)>;

/// Cells by their codes.
pub(super) struct Grid {
    /// Cell per combination of codes, `u32::MAX` where there is none.
    pub(super) cells: Vec<u32>,
    /// What one code further in a dimension adds to the place.
    pub(super) strides: Vec<usize>,
    /// Place of each cell.
    pub(super) places: Vec<u32>,
    /// Code of each cell per dimension.
    pub(super) codes: Vec<Vec<u32>>,
    /// Ways to shift, per dimension and code.
    pub(super) paths: Vec<Vec<Vec<Path>>>,
}

/// A search for the cheapest cube through a cell.
pub(super) struct CubeSearch<'a> {
    pub(super) grid: &'a Grid,
    pub(super) values: &'a [i64],
    /// Price of each cell, 0 when it is hidden; `u64::MAX` when it must not move.
    pub(super) prices: &'a [u64],
    best: Option<(u64, Vec<(u32, i8)>)>,
    bound: u64,
    amount: i64,
    /// A cell that must move along, which the searched one is part of.
    through: usize,
}

impl<'a> CubeSearch<'a> {
    pub(super) const fn new(grid: &'a Grid, values: &'a [i64], prices: &'a [u64]) -> Self {
        Self {
            grid,
            values,
            prices,
            best: None,
            bound: 0,
            amount: 0,
            through: 0,
        }
    }

    /// The cheapest cube that adds `amount`, of either sign, to a cell and to another that it is part of, perhaps itself.
    pub(super) fn cheapest(&mut self, cell: usize, through: usize, amount: i64) -> Option<Shift> {
        self.through = through;
        self.search(cell, amount, u64::MAX).map(|(_, shift)| shift)
    }

    /// The cheapest cube that adds `amount`, of either sign, to a cell, and its price; none when it costs as much as `most`.
    pub(super) fn below(&mut self, cell: usize, amount: i64, most: u64) -> Option<(u64, Shift)> {
        self.through = cell;
        self.search(cell, amount, most)
    }

    fn search(&mut self, cell: usize, amount: i64, most: u64) -> Option<(u64, Shift)> {
        (self.best, self.bound, self.amount) = (None, most, amount);
        let place = self.grid.places[cell] as usize;
        self.extend(cell, 0, &[(place, 1)], 0);
        let (price, corners) = self.best.take()?;
        let shift = corners
            .iter()
            .map(|(c, sign)| (*c, i64::from(*sign) * amount));
        Some((price, shift.collect()))
    }

    fn extend(&mut self, cell: usize, dimension: usize, corners: &[(usize, i8)], price: u64) {
        if dimension == self.grid.strides.len() {
            if price < self.bound {
                let corners = corners
                    .iter()
                    .map(|(place, sign)| (self.grid.cells[*place], *sign));
                self.best = Some((price, corners.collect()));
                self.bound = price;
            }
            return;
        }
        let code = self.grid.codes[dimension][cell] as usize;
        let paths = &self.grid.paths[dimension][code];
        let mut found: Vec<(u64, usize)> = Vec::with_capacity(paths.len());
        let through = self.grid.codes[dimension][self.through];
        let along = |path: &Path| through as usize == code || path.contains(&(through, 1));
        for (number, path) in paths.iter().enumerate().filter(|(_, p)| along(p)) {
            if let Some(more) = self.price(dimension, code, path, corners, price) {
                found.push((more, number));
            }
        }
        found.sort_unstable();
        let stride = self.grid.strides[dimension];
        for (price, number) in found {
            if price >= self.bound {
                return;
            }
            let mut all = corners.to_vec();
            for (other, sign) in &paths[number] {
                for (place, own) in corners {
                    let there = *place + *other as usize * stride - code * stride;
                    all.push((there, *own * *sign));
                }
            }
            self.extend(cell, dimension + 1, &all, price);
        }
    }

    /// The price with a path taken; none when a corner cannot be there or it is too dear.
    fn price(
        &self,
        dimension: usize,
        code: usize,
        path: &Path,
        corners: &[(usize, i8)],
        mut price: u64,
    ) -> Option<u64> {
        let stride = self.grid.strides[dimension];
        for (other, sign) in path {
            for (place, own) in corners {
                let there = *place + *other as usize * stride - code * stride;
                let cell = *self.grid.cells.get(there)? as usize;
                let own_price = *self.prices.get(cell)?;
                let change = i64::from(*own * *sign) * self.amount;
                if own_price == u64::MAX || self.values[cell] + change < 0 {
                    return None;
                }
                price += own_price;
                if price >= self.bound {
                    return None;
                }
            }
        }
        Some(price)
    }
}
