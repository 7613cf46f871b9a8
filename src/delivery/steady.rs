//! What the rows of one care path have in common, so that a second row need not be judged over again where it is the same.
//! Only what stands together in the file, byte for byte, counts as the same.

use super::batch::Forms;
use super::header::Layout;
use super::rules::Check;
use super::specification::{Kind, Position, Specification};

/// Cells that stand next to each other, the last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: usize,
    pub(super) last: usize,
}

/// Some columns in the order in which they stand in the file.
#[derive(Debug)]
pub(super) struct Columns {
    pub(super) cells: Vec<usize>,
    pub(super) run: Option<Run>,
}

impl Columns {
    pub(super) fn of(positions: impl IntoIterator<Item = Position>, layout: &Layout) -> Self {
        let places = positions.into_iter().map(|position| layout.cells[position]);
        let mut cells: Vec<usize> = places.collect();
        cells.sort_unstable();
        let run = match (cells.first(), cells.last()) {
            (Some(&first), Some(&last)) if last - first + 1 == cells.len() => {
                Some(Run { first, last })
            }
            _ => None,
        };
        Self { cells, run }
    }
}

/// The columns of care paths, when they stand together, and what is left to judge beside them.
#[derive(Debug)]
pub(super) struct Steady {
    pub(super) run: Run,
    /// A bit per position within the run.
    pub(super) mask: u64,
    /// The other columns.
    pub(super) loose: Vec<Position>,
    /// The rules that have to do with the other columns.
    pub(super) rules: Vec<usize>,
    /// Suspected columns outside the run.
    pub(super) suspects: Vec<usize>,
}

/// What was judged of the steady part of the row before, when nothing was wrong with that row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Where it stands in the text.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) filled: u64,
    pub(super) forms: Forms,
    pub(super) group: (u64, u64),
}

impl Steady {
    pub(super) fn of(
        specification: &Specification,
        layout: &Layout,
        positions: &[Position],
    ) -> Option<Self> {
        let run = Columns::of(positions.iter().copied(), layout).run?;
        let mask = positions
            .iter()
            .fold(0, |mask, position| mask | 1 << position);
        let is_loose = |position: &Position| mask >> position & 1 == 0;
        let number =
            |position: &Position| matches!(specification.fields[*position].kind, Kind::Number);
        if positions.iter().any(number) {
            // The decimal sign of a row would have to be known too.
            return None;
        }
        let rules = specification.rules.iter().enumerate().filter(|(_, rule)| {
            rule.column.is_some_and(|column| is_loose(&column)) || concerns(&rule.check, &is_loose)
        });
        let outside = |cell: usize| cell < run.first || cell > run.last;
        let suspects = layout.suspects.iter().enumerate();
        Some(Self {
            run,
            mask,
            loose: (0..specification.fields.len()).filter(is_loose).collect(),
            rules: rules.map(|(at, _)| at).collect(),
            suspects: suspects
                .filter(|(_, (_, cell))| outside(*cell))
                .map(|(at, _)| at)
                .collect(),
        })
    }
}

/// Whether a rule within a row looks at any of these columns beside its own.
fn concerns(check: &Check<Position>, these: &impl Fn(&Position) -> bool) -> bool {
    match check {
        Check::NotBefore(one)
        | Check::YearNotAfter(one)
        | Check::SentinelOfList(one)
        | Check::RangeOfList(one) => these(one),
        Check::Inside { from, until } => these(from) || these(until),
        Check::Together(many) | Check::Any(many) => many.iter().any(these),
        Check::NotAfterDelivery
        | Check::DeliveringOrganisation
        | Check::OneOrganisation
        | Check::PrimaryKey
        | Check::SameWithin { .. }
        | Check::NoCitizenNumbers(_) => false,
    }
}
