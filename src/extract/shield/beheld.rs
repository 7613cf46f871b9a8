//! One table in the eyes of somebody who kept all releases: the cells and what hangs together. How it is made is in `joint`.

use super::draft::Key;
use crate::extract::built::Leak;
use crate::extract::problem::Problem;
use std::collections::BTreeMap;

/// The cells of one table in the eyes of who kept all releases.
pub(super) struct Beheld {
    pub(super) problem: Problem,
    /// Which cells some release hid and now may have to hide again.
    pub(super) hid: Vec<bool>,
    /// What the guarded cells beside the table are.
    pub(super) named: BTreeMap<usize, Named>,
    /// What is left of a year without a half, by its cell: of which cells, of now or of a release by name, it is the signed sum.
    pub(super) rests: BTreeMap<usize, Vec<(String, Key, i8)>>,
}

/// A cell that an earlier release hid, or a change since.
pub(super) struct Named {
    pub(super) key: Key,
    pub(super) leak: Leak,
    /// The name of the release.
    pub(super) release: String,
    /// Whether it is of earlier releases alone.
    pub(super) is_past: bool,
}
