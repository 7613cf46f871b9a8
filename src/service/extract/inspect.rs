//! An extract as staff look at it, cell by cell, beside the last release. What is hidden is shown to release managers alone, and who
//! looked is noted.

use super::super::error::Error;
use super::super::read::begin;
use super::super::{Actor, Services};
use super::content::{built_cell, built_find};
use crate::domain::extract::left;
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::extract::advise::{self, Advice};
use crate::extract::built::{Attack, Built, BuiltCell};
use crate::extract::definition::Definition;
use crate::extract::explain::{self, Explanation, Place};
use crate::extract::figures;
use crate::store::extract::{self, Extract};
use crate::store::extract_content as stored;
use crate::store::extract_find::{self, Found};
use crate::store::{StoreError, Tx};

/// An extract with its content.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The extract.
    pub row: Extract,
    /// By what it was made.
    pub definition: Definition,
    /// What was made. For who may not see hidden figures, hidden cells are empty and give no reason.
    pub built: Built,
    /// Which cells gave way to our own attacks, with the names of who and what it takes; for who may see hidden figures.
    pub found: Vec<Found>,
}

/// The whole of an extract; noted for every reader, once in a while.
pub async fn whole(services: &Services, actor: &Actor, id: &str) -> Result<Whole, Error> {
    let mut tx = begin(services, actor).await?;
    let found = extract::by_id(&mut tx, id).await?;
    let row = found.ok_or_else(|| Error::missing(Kind::Extract, id))?;
    let whole = read(&mut tx, row, actor).await?;
    tx.rollback().await?;
    super::view::note(services, actor, &whole.row).await?;
    Ok(whole)
}

/// The release before an extract by the same definition: of the same period when there is one, else the newest. None before the first.
pub async fn previous(
    services: &Services,
    actor: &Actor,
    of: &Extract,
) -> Result<Option<Whole>, Error> {
    let mut tx = begin(services, actor).await?;
    let mut all = extract::left(&mut tx).await?;
    all.retain(|e| e.id != of.id && e.definition == of.definition);
    if of.state.parse().is_ok_and(left) {
        all.retain(|e| e.released_at < of.released_at);
    }
    let same = all.iter().rposition(|e| e.period == of.period);
    let chosen = match same {
        Some(at) => Some(all.swap_remove(at)),
        None => all.pop(),
    };
    let whole = match chosen {
        Some(row) => Some(read(&mut tx, row, actor).await?),
        None => None,
    };
    tx.rollback().await?;
    Ok(whole)
}

async fn read(tx: &mut Tx, row: Extract, actor: &Actor) -> Result<Whole, Error> {
    let unreadable = || StoreError::Unreadable(format!("extract {}", row.id));
    let definition = Definition::parse(&row.definition_text).map_err(|_| unreadable())?;
    let cells = stored::cells(tx, &row.id).await?;
    let cells: Option<Vec<_>> = cells.iter().map(built_cell).collect();
    let mut cells = cells.ok_or_else(unreadable)?;
    let may = actor.may(Right::Extracts);
    if !may {
        for cell in cells.iter_mut().filter(|c| c.status.is_hidden()) {
            cell.n = 0;
            cell.sums.clear();
            cell.rule = None;
            cell.status = crate::extract::read::Status::Secondary;
        }
    }
    let (_, certificate) = match extract::inside(tx, &row.id).await? {
        Some(inside) if may => inside,
        _ => (String::new(), String::new()),
    };
    let found = if may {
        extract_find::first(tx, &row.id, i64::MAX).await?
    } else {
        Vec::new()
    };
    let holders = stored::holders(tx, &row.id).await?;
    let pooled = holders.iter().filter(|h| h.pooled != 0);
    let built = Built {
        cells,
        pooled: pooled.map(|h| h.agb.clone()).collect(),
        holders: holders.into_iter().map(|h| holder(h, may)).collect(),
        waiting: row.waiting,
        attacks: attacks(tx, &row.id, &found).await?,
        certificate,
    };
    Ok(Whole {
        row,
        definition,
        built,
        found,
    })
}

fn holder(h: stored::Holder, may: bool) -> figures::Holder {
    figures::Holder {
        agb: h.agb,
        name: h.name,
        holds_mark: h.holds_mark != 0,
        // How much a small holder has is what its pool hides.
        closed: if may { h.closed } else { 0 },
        left_out: h.left_out.parse().ok(),
    }
}

async fn attacks(tx: &mut Tx, id: &str, found: &[Found]) -> Result<Vec<Attack>, StoreError> {
    let all = stored::attacks(tx, id).await?;
    let attack = |a: stored::Attack| {
        let own = found.iter().map(|f| &f.find);
        let own = own.filter(|f| f.attacker == a.attacker);
        Attack {
            finds: own.filter_map(built_find).collect(),
            attacker: a.attacker,
            tried: a.tried,
            open: a.open,
        }
    };
    Ok(all.into_iter().map(attack).collect())
}

/// The files of an extract as they would leave, byte for byte, for who decides on it.
pub async fn file(
    services: &Services,
    actor: &Actor,
    id: &str,
    name: &str,
) -> Result<Vec<u8>, Error> {
    let mut tx = begin(services, actor).await?;
    let content = stored::content(&mut tx, id, name).await?;
    tx.rollback().await?;
    content
        .map(|c| c.0)
        .ok_or_else(|| Error::missing(Kind::Extract, id))
}

/// Why a cell is hidden, which merges of codes would bring it to what may be shown, and what gave way in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Why; none when it is not hidden.
    pub why: Option<Explanation>,
    /// What would help, the best first; nothing for a cell that is not hidden.
    pub advice: Vec<Advice>,
    /// What our own attacks found in it.
    pub found: Vec<Found>,
}

/// Why a cell is hidden, and what gave way in it. For release managers alone: it says what is inside.
pub async fn explain(
    services: &Services,
    actor: &Actor,
    id: &str,
    place: &Place,
) -> Result<Reason, Error> {
    let right = Right::Extracts;
    if !actor.may(right) {
        return Err(Error::Right { act: None, right });
    }
    let (sheet, codes) = place;
    let whole = whole(services, actor, id).await?;
    let there = |c: &&BuiltCell| c.sheet == *sheet && c.codes == *codes;
    let cell = whole.built.cells.iter().find(there);
    let named = || format!("{sheet} {}", codes.join(" "));
    let cell = cell.ok_or_else(|| Error::missing(Kind::Figure, &named()))?;
    reason(&whole, cell)
}

/// As `explain`, of a cell that was read already.
pub fn reason(whole: &Whole, cell: &BuiltCell) -> Result<Reason, Error> {
    let (built, definition) = (&whole.built, &whole.definition);
    let (sheet, codes) = (cell.sheet, cell.codes.as_slice());
    let why = explain::explain(built, definition, sheet, codes);
    let why = why.map_err(|e| Error::Internal(e.to_string()))?;
    let advice = why.iter();
    let advice =
        advice.flat_map(|_| advise::advise(built, definition, &whole.row.period, sheet, codes));
    let here =
        |f: &&Found| built_find(&f.find).is_some_and(|f| f.sheet == sheet && f.codes == codes);
    Ok(Reason {
        advice: advice.collect(),
        found: whole.found.iter().filter(here).cloned().collect(),
        why,
    })
}
