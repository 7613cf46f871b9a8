//! What leaves the house: files made of an extract, the sums over them and the one digest that stands for all. Pure: bytes in memory.

mod csv;
mod grid;
mod manifest;
mod sums;
mod workbook;

pub use manifest::{Internal, earlier_of, internal};
pub use sums::{SUMS, digest, read_sums, sums};

use super::built::Built;
use super::definition::Definition;
use grid::Grid;
use sha2::{Digest, Sha256};

/// Name of the public manifest.
pub const MANIFEST: &str = "manifest.json";
/// Name of the workbook.
pub const WORKBOOK: &str = "extract.xlsx";

/// A file that leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Name, the same for every release.
    pub name: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl File {
    fn new(name: String, bytes: Vec<u8>) -> Self {
        Self {
            sha256: hex::encode(Sha256::digest(&bytes)),
            name,
            bytes,
        }
    }
}

/// A workbook could not be made; a fault of the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("workbook: {0}")]
pub struct Unwritable(String);

/// The files of an extract: a table each, a workbook with all, and the public manifest that names them. The same extract gives the
/// same bytes on every machine and on any day.
pub fn files(
    built: &Built,
    definition: &Definition,
    period: &str,
    internal_digest: &str,
) -> Result<Vec<File>, Unwritable> {
    let grids: Vec<Grid> = definition
        .sheets
        .iter()
        .map(|sheet| grid::of(*sheet, built, definition))
        .collect();
    let table = |grid: &Grid| File::new(format!("{}.csv", grid.sheet), csv::write(grid));
    let mut all: Vec<File> = grids.iter().map(table).collect();
    let book = workbook::write(&grids).map_err(|e| Unwritable(e.to_string()))?;
    all.push(File::new(WORKBOOK.to_owned(), book));
    let manifest = manifest::public(definition, period, &all, internal_digest);
    all.push(File::new(MANIFEST.to_owned(), manifest.into_bytes()));
    Ok(all)
}
