//! Every deviation that the sums of a table allow, as a basis of sparse rows modulo a prime. It knows which cells move together once
//! others are published. It knows nothing of signs and sizes: whether a table stays whole and non-negative is the attacker's question.

use super::number::real_of;
use std::num::Wrapping;

/// A Mersenne prime: products fit in 64 bits, and no coefficient of a count table comes near.
const PRIME: u64 = (1 << 31) - 1;

/// Independent random sums per column; two columns that agree in the ratios of all three move together.
const SUMS: usize = 3;

/// One coefficient of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// The cell.
    pub(super) column: u32,
    /// Its coefficient modulo the prime, never 0.
    pub(super) factor: u32,
}

/// What tells columns apart that do not move together: equal for two columns exactly when one is a multiple of the other.
pub(super) type Direction = (u32, u32);

/// A reduced basis of all deviations. A row is *free* while its own cell is hidden; rows of published cells are kept reduced, so that
/// a cell can be hidden again without work.
pub(super) struct Tableau {
    rows: Vec<Vec<Entry>>,
    /// The cell that a row alone moves, among those that rows belong to.
    own: Vec<u32>,
    free: Vec<bool>,
    weights: Vec<[u32; SUMS]>,
    /// Rows that touch a column, and perhaps some that did once.
    touching: Vec<Vec<u32>>,
    sums: Vec<[u32; SUMS]>,
    spare: Vec<Entry>,
}

impl Tableau {
    /// A basis from rows that are reduced already: each owns a cell that no other row touches. All are free.
    pub(super) fn new(rows: Vec<Vec<Entry>>, own: Vec<u32>, columns: usize, seed: u64) -> Self {
        let mut chance = Chance(Wrapping(seed));
        let weights = rows.iter().map(|_| chance.weights()).collect();
        let mut tableau = Self {
            free: vec![true; rows.len()],
            weights,
            touching: vec![Vec::new(); columns],
            sums: vec![[0; SUMS]; columns],
            spare: Vec::new(),
            rows,
            own,
        };
        for row in 0..tableau.rows.len() {
            for entry in &tableau.rows[row] {
                tableau.touching[entry.column as usize].push(narrow(row));
            }
            tableau.add_to_sums(row);
        }
        tableau
    }

    /// How many rows there are.
    pub(super) const fn rows(&self) -> usize {
        self.rows.len()
    }

    /// A row.
    pub(super) fn row(&self, row: usize) -> &[Entry] {
        &self.rows[row]
    }

    /// The cell that a row alone moves.
    pub(super) fn own(&self, row: usize) -> usize {
        self.own[row] as usize
    }

    /// Whether the cell of a row is hidden.
    pub(super) fn is_free(&self, row: usize) -> bool {
        self.free[row]
    }

    /// Whether anything that is hidden moves this column.
    pub(super) fn moves(&self, column: usize) -> bool {
        self.sums[column] != [0; SUMS]
    }

    /// Whether two columns that move are multiples of each other.
    pub(super) fn together(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.sums[a], self.sums[b]);
        let cross = |i: usize, j: usize| times(a[i], b[j]) == times(a[j], b[i]);
        cross(0, 1) && cross(0, 2) && cross(1, 2)
    }

    /// The directions of columns that move, and by how much of it each moves.
    pub(super) fn directions(&self, columns: &[u32]) -> Vec<(Direction, u32)> {
        let firsts: Vec<u32> = columns.iter().map(|c| self.sums[*c as usize][0]).collect();
        let inverse = inverses(&firsts);
        let of = |(column, inverse): (&u32, &u32)| {
            let [first, second, third] = self.sums[*column as usize];
            ((times(second, *inverse), times(third, *inverse)), first)
        };
        columns.iter().zip(&inverse).map(of).collect()
    }

    /// The shortest free row that touches a column.
    pub(super) fn shortest(&mut self, column: usize) -> Option<usize> {
        self.tidy(column);
        let rows = self.touching[column].iter().map(|r| *r as usize);
        rows.filter(|r| self.free[*r])
            .min_by_key(|r| (self.rows[*r].len(), *r))
    }

    /// Publishes a column that moves: no free row touches it afterwards. Gives the row that is its own from now on.
    pub(super) fn publish(&mut self, column: usize) -> Option<usize> {
        let row = self.shortest(column)?;
        let by = self.sums[column];
        self.scale(row, column);
        self.free[row] = false;
        for entry in &self.rows[row] {
            let sums = &mut self.sums[entry.column as usize];
            for (sum, by) in sums.iter_mut().zip(by) {
                *sum = minus(*sum, times(by, entry.factor));
            }
        }
        self.clear(row, column);
        Some(row)
    }

    /// Makes a row the only one that touches a column; its factor there is 1.
    fn clear(&mut self, row: usize, column: usize) {
        self.own[row] = narrow(column);
        let pivot = std::mem::take(&mut self.rows[row]);
        for other in std::mem::take(&mut self.touching[column]) {
            if other as usize != row {
                self.subtract(other as usize, column, &pivot);
            }
        }
        self.touching[column].push(narrow(row));
        self.rows[row] = pivot;
    }

    /// Hides the cell of a row that was published: the row is free again.
    pub(super) fn release(&mut self, row: usize) {
        self.free[row] = true;
        self.add_to_sums(row);
    }

    fn add_to_sums(&mut self, row: usize) {
        let weights = self.weights[row];
        for entry in &self.rows[row] {
            let sums = &mut self.sums[entry.column as usize];
            for (sum, weight) in sums.iter_mut().zip(weights) {
                *sum = plus(*sum, times(weight, entry.factor));
            }
        }
    }

    fn factor(&self, row: usize, column: usize) -> Option<u32> {
        let entries = &self.rows[row];
        let at = entries.binary_search_by_key(&narrow(column), |e| e.column);
        at.ok().map(|at| entries[at].factor)
    }

    /// Forgets rows that touch the column no longer, or stand there twice.
    fn tidy(&mut self, column: usize) {
        let mut rows = std::mem::take(&mut self.touching[column]);
        rows.sort_unstable();
        rows.dedup();
        rows.retain(|row| self.factor(*row as usize, column).is_some());
        self.touching[column] = rows;
    }

    fn scale(&mut self, row: usize, column: usize) {
        let factor = self.factor(row, column).unwrap_or(1);
        if factor != 1 {
            let by = inverse(factor);
            for entry in &mut self.rows[row] {
                entry.factor = times(entry.factor, by);
            }
            // The sums keep the weight that the row had before it was scaled.
            for weight in &mut self.weights[row] {
                *weight = times(*weight, factor);
            }
        }
    }

    /// Takes the multiple of the pivot from a row that makes its coefficient at the column 0.
    fn subtract(&mut self, row: usize, column: usize, pivot: &[Entry]) {
        let Some(by) = self.factor(row, column) else {
            return;
        };
        let old = std::mem::take(&mut self.rows[row]);
        let mut new = std::mem::take(&mut self.spare);
        new.clear();
        new.reserve(old.len() + pivot.len());
        let (mut i, mut j) = (0, 0);
        while i < old.len() && j < pivot.len() {
            let (a, b) = (old[i], pivot[j]);
            match a.column.cmp(&b.column) {
                std::cmp::Ordering::Less => {
                    new.push(a);
                    i += 1;
                }
                std::cmp::Ordering::Greater => {
                    new.push(negative(b, by));
                    self.touching[b.column as usize].push(narrow(row));
                    j += 1;
                }
                std::cmp::Ordering::Equal => {
                    let factor = minus(a.factor, times(by, b.factor));
                    if factor != 0 {
                        new.push(Entry { factor, ..a });
                    }
                    i += 1;
                    j += 1;
                }
            }
        }
        new.extend_from_slice(&old[i..]);
        for b in &pivot[j..] {
            new.push(negative(*b, by));
            self.touching[b.column as usize].push(narrow(row));
        }
        self.rows[row] = new;
        self.spare = old;
    }
}

fn negative(entry: Entry, by: u32) -> Entry {
    Entry {
        factor: minus(0, times(by, entry.factor)),
        ..entry
    }
}

/// A factor as the whole number nearest to zero that it stands for.
pub(super) fn signed(factor: u32) -> i64 {
    let factor = i64::from(factor);
    let prime = PRIME.cast_signed();
    if factor > prime / 2 {
        factor - prime
    } else {
        factor
    }
}

/// A factor as the simplest fraction that it stands for: what is below comes out exact as long as both parts are small.
pub(super) fn real(factor: u32) -> f64 {
    let whole = signed(factor);
    if whole.abs() <= SMALL {
        return real_of(whole);
    }
    let (mut r, mut s) = ((PRIME.cast_signed(), i64::from(factor)), (0, 1));
    while r.1 > SMALL {
        let q = r.0 / r.1;
        r = (r.1, r.0 - q * r.1);
        s = (s.1, s.0 - q * s.1);
    }
    real_of(r.1) / real_of(s.1)
}

/// Largest numerator that is taken for the simple form of a fraction.
const SMALL: i64 = 20_000;

/// A whole number as a factor.
pub(super) fn factor_of(number: i64) -> u32 {
    reduced(number.rem_euclid(PRIME.cast_signed()).cast_unsigned())
}

/// Random numbers that are the same on every machine: a splitmix generator.
pub(super) struct Chance(Wrapping<u64>);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(Wrapping(seed))
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 += Wrapping(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)) * Wrapping(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)) * Wrapping(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)).0
    }

    /// A part of 1.
    pub(super) fn part(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    }

    /// A number below this one.
    pub(super) fn below(&mut self, most: usize) -> usize {
        let most = most.max(1) as u64;
        usize::try_from(self.next() % most).unwrap_or(0)
    }

    fn weights(&mut self) -> [u32; SUMS] {
        [(); SUMS].map(|()| reduced(1 + self.next() % (PRIME - 1)))
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn reduced(number: u64) -> u32 {
    u32::try_from(number % PRIME).unwrap_or(0)
}

pub(super) fn times(a: u32, b: u32) -> u32 {
    reduced(u64::from(a) * u64::from(b))
}

fn plus(a: u32, b: u32) -> u32 {
    reduced(u64::from(a) + u64::from(b))
}

fn minus(a: u32, b: u32) -> u32 {
    reduced(u64::from(a) + PRIME - u64::from(b))
}

/// The number that gives 1 when multiplied with this one.
fn inverse(number: u32) -> u32 {
    let (mut result, mut base, mut exponent) = (1, number, PRIME - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, base);
        }
        base = times(base, base);
        exponent >>= 1;
    }
    result
}

/// All inverses for the price of one and three products each; the inverse of 0 is 0.
pub(super) fn inverses(numbers: &[u32]) -> Vec<u32> {
    let mut before = Vec::with_capacity(numbers.len());
    let mut product = 1;
    for number in numbers {
        before.push(product);
        if *number != 0 {
            product = times(product, *number);
        }
    }
    let mut rest = inverse(product);
    let mut all = vec![0; numbers.len()];
    for (at, number) in numbers.iter().enumerate().rev() {
        if *number != 0 {
            all[at] = times(rest, before[at]);
            rest = times(rest, *number);
        }
    }
    all
}
