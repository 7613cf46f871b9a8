//! What was built, made into rows of the registry, files and manifests; and a release read back as those who kept it know it.

use crate::domain::extract::Verdict;
use crate::domain::sheet::Sheet;
use crate::extract::built::{self, Built, BuiltCell};
use crate::extract::definition::{Definition, Period};
use crate::extract::earlier::Earlier;
use crate::extract::figures::{Counted, Figures};
use crate::extract::outgoing::{self, File, Internal, Unwritable};
use crate::extract::read::Status;
use crate::extract::shield;
use crate::store::extract::{self, Extract};
use crate::store::extract_content::{self, Attack, Cell, Holder};
use crate::store::extract_find::{self, Find};
use crate::store::{StoreError, Tx};
use sha2::{Digest, Sha256};

/// Version of this program, as it stands in every internal manifest.
pub(super) const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// What an extract was made by.
pub(super) struct About<'a> {
    pub(super) definition: &'a Definition,
    pub(super) period: &'a str,
    pub(super) seed: u64,
    pub(super) earlier: &'a [String],
}

/// An extract ready to be stored.
pub(super) struct Made {
    pub(super) manifest: String,
    pub(super) certificate: String,
    pub(super) submissions: Vec<(String, String)>,
    manifest_digest: String,
    digest: String,
    files: Vec<File>,
    cells: Vec<Cell>,
    holders: Vec<Holder>,
    attacks: Vec<Attack>,
    finds: Vec<Find>,
    smallest: i64,
    waiting: i64,
}

/// Makes rows, files and manifests of what was built.
pub(super) fn make(about: &About<'_>, figures: &Figures, built: Built) -> Result<Made, Unwritable> {
    let inside = Internal {
        definition: about.definition,
        period: about.period,
        program: PROGRAM,
        seed: about.seed,
        submissions: figures.submissions.iter().map(|s| s.1.as_str()).collect(),
        read: figures.read,
        earlier: about.earlier.iter().map(String::as_str).collect(),
    };
    let manifest = outgoing::internal(&inside, &built);
    let manifest_digest = hex::encode(Sha256::digest(&manifest));
    let files = outgoing::files(&built, about.definition, about.period, &manifest_digest)?;
    let sums = files.iter().map(|f| (f.name.as_str(), f.sha256.as_str()));
    Ok(Made {
        digest: outgoing::digest(sums),
        cells: (1..).zip(&built.cells).map(cell).collect(),
        holders: holders(&built),
        attacks: attacks(&built),
        finds: finds(&built),
        smallest: smallest(&built),
        waiting: built.waiting,
        submissions: figures.submissions.clone(),
        certificate: built.certificate,
        manifest,
        manifest_digest,
        files,
    })
}

fn cell((position, cell): (i64, &BuiltCell)) -> Cell {
    let code = |i: usize| cell.codes.get(i).cloned().unwrap_or_default();
    let sums: Vec<String> = cell.sums.iter().map(i64::to_string).collect();
    Cell {
        position,
        sheet: cell.sheet.as_str().to_owned(),
        code_1: code(0),
        code_2: code(1),
        code_3: code(2),
        n: cell.n,
        sums: sums.join(","),
        status: cell.status.letter().to_owned(),
        rule: cell.rule.map_or("", |r| r.as_str()).to_owned(),
    }
}

fn holders(built: &Built) -> Vec<Holder> {
    let row = |h: &crate::extract::figures::Holder| Holder {
        agb: h.agb.clone(),
        name: h.name.clone(),
        holds_mark: i64::from(h.holds_mark),
        closed: h.closed,
        pooled: i64::from(h.left_out.is_none() && built.pooled.contains(&h.agb)),
        left_out: h.left_out.map_or("", |why| why.as_str()).to_owned(),
    };
    built.holders.iter().map(row).collect()
}

fn attacks(built: &Built) -> Vec<Attack> {
    let row = |(position, a): (i64, &built::Attack)| Attack {
        position,
        attacker: a.attacker.clone(),
        tried: a.tried,
        open: a.open,
    };
    (1..).zip(&built.attacks).map(row).collect()
}

fn finds(built: &Built) -> Vec<Find> {
    let row = |attacker: &str, f: &built::Find| {
        let code = |i: usize| f.codes.get(i).cloned().unwrap_or_default();
        Find {
            attacker: attacker.to_owned(),
            sheet: f.sheet.as_str().to_owned(),
            code_1: code(0),
            code_2: code(1),
            code_3: code(2),
            leak: f.leak.as_str().to_owned(),
            who: f.who.clone().unwrap_or_default(),
            release: f.release.clone().unwrap_or_default(),
        }
    };
    let all = built.attacks.iter();
    all.flat_map(|a| a.finds.iter().map(|f| row(&a.attacker, f)))
        .collect()
}

/// The smallest count of people that is published and not nothing; 0 when there is none.
fn smallest(built: &Built) -> i64 {
    let people = |c: &&BuiltCell| c.sheet != Sheet::Benchmark && !c.status.is_hidden() && c.n > 0;
    let counts = built.cells.iter().filter(people).map(|c| c.n);
    counts.min().unwrap_or(0)
}

impl Made {
    /// Fills in what the registry shows of it.
    pub(super) fn write_to(&self, row: &mut Extract) {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        PROGRAM.clone_into(&mut row.code_version);
        row.digest.clone_from(&self.digest);
        row.manifest_digest.clone_from(&self.manifest_digest);
        let broken = self.attacks.iter().any(|a| a.open > 0) || self.attacks.is_empty();
        let verdict = if broken { Verdict::Open } else { Verdict::Safe };
        verdict.as_str().clone_into(&mut row.verdict);
        row.cell_count = count(self.cells.len());
        let open = Status::Published.letter();
        row.hidden_count = count(self.cells.iter().filter(|c| c.status != open).count());
        row.smallest = self.smallest;
        row.holders_in = count(
            self.holders
                .iter()
                .filter(|h| h.left_out.is_empty())
                .count(),
        );
        row.holders_out = count(
            self.holders
                .iter()
                .filter(|h| !h.left_out.is_empty())
                .count(),
        );
        row.waiting = self.waiting;
    }
}

/// Stores the rows and files of a draft.
pub(super) async fn store(tx: &mut Tx, id: &str, made: &Made) -> Result<(), StoreError> {
    extract_content::insert_cells(tx, id, &made.cells).await?;
    extract_content::insert_holders(tx, id, &made.holders).await?;
    extract_content::insert_attacks(tx, id, &made.attacks).await?;
    extract_find::insert(tx, id, &made.finds).await?;
    extract_content::insert_submissions(tx, id, &made.submissions).await?;
    for file in &made.files {
        let row = extract_content::File {
            name: file.name.clone(),
            bytes: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
            sha256: file.sha256.clone(),
        };
        extract_content::insert_file(tx, id, &row, file.bytes.clone()).await?;
    }
    Ok(())
}

/// A cell of the registry as it was built; none when its codes are not of this program.
pub(super) fn built_cell(cell: &Cell) -> Option<BuiltCell> {
    let sheet: Sheet = cell.sheet.parse().ok()?;
    let sums: Result<Vec<i64>, _> = cell
        .sums
        .split(',')
        .filter(|s| !s.is_empty())
        .map(str::parse)
        .collect();
    Some(BuiltCell {
        sheet,
        codes: codes(sheet, [&cell.code_1, &cell.code_2, &cell.code_3]),
        n: cell.n,
        sums: sums.ok()?,
        status: status(&cell.status)?,
        rule: cell.rule.parse().ok(),
    })
}

/// A find of the registry as it was made; none when its codes are not of this program.
pub(super) fn built_find(find: &Find) -> Option<built::Find> {
    let sheet: Sheet = find.sheet.parse().ok()?;
    let known = |code: &String| (!code.is_empty()).then(|| code.clone());
    Some(built::Find {
        sheet,
        codes: codes(sheet, [&find.code_1, &find.code_2, &find.code_3]),
        leak: find.leak.parse().ok()?,
        who: known(&find.who),
        release: known(&find.release),
    })
}

/// The codes that a table has.
fn codes(sheet: Sheet, all: [&String; 3]) -> Vec<String> {
    let own = all.into_iter().take(sheet.dimensions().len());
    own.cloned().collect()
}

fn status(letter: &str) -> Option<Status> {
    let all = [Status::Published, Status::Primary, Status::Secondary];
    all.into_iter().find(|s| s.letter() == letter)
}

/// The submissions that a release counted.
pub(super) async fn counted(tx: &mut Tx, id: &str, period: Period) -> Result<Counted, StoreError> {
    let all = extract_content::submissions(tx, id).await?;
    Ok(Counted {
        period,
        submissions: all.into_iter().map(|s| s.0).collect(),
    })
}

/// A release as it is known to who kept it, and to us who kept what was hidden.
pub(super) async fn earlier(tx: &mut Tx, row: &Extract) -> Result<Earlier, StoreError> {
    let cells = extract_content::cells(tx, &row.id).await?;
    let read: Option<Vec<BuiltCell>> = cells.iter().map(built_cell).collect();
    // A release that cannot be read would be one that is not held against the next.
    let cells = read.ok_or_else(|| StoreError::Unreadable(format!("extract {}", row.id)))?;
    let definition = Definition::parse(&row.definition_text);
    let definition = definition
        .map_err(|_| StoreError::Unreadable(format!("definition of extract {}", row.id)))?;
    let holders = extract_content::holders(tx, &row.id).await?;
    let pooled = holders.into_iter().filter(|h| h.pooled != 0).map(|h| h.agb);
    let inside = extract::inside(tx, &row.id).await?;
    let own = inside.and_then(|(_, certificate)| shield::own(&certificate));
    Ok(Earlier {
        name: row.id.clone(),
        period: row.period.clone(),
        definition,
        cells,
        pooled: pooled.collect(),
        // The oldest proofs hold none of it.
        own: own.unwrap_or_default(),
    })
}
