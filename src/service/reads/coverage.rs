//! Who is in an extract: how many of the holders of the quality mark, by themselves or counted together, and of each why not.

use super::super::Error;
use super::super::record::Reading;
use super::plain;
use crate::domain::kind::Kind;
use crate::extract::figures::LeftOut;
use crate::language::{column as c, screen};
use crate::store::extract_content::{self as content, Holder};
use crate::ui::Cell;
use crate::ui::record::{Body, Related};

/// The tab: a bar for every way to be in or out, and every holder.
pub(super) async fn body(reading: &mut Reading<'_>, id: &str) -> Result<Body, Error> {
    let all = content::holders(&mut reading.tx, id).await?;
    if all.is_empty() {
        return Ok(Body::List(holders(all)));
    }
    let bars = plain(
        &[&screen::TAB_COVERAGE, &c::HOLDERS, &c::SHARE],
        bars(&all),
        &screen::NO_MARKED,
    );
    Ok(Body::Sections(vec![
        (&screen::TAB_COVERAGE, Body::List(bars)),
        (&screen::HOLDERS, Body::List(holders(all))),
    ]))
}

/// How many are in and out, each way with its part of those that hold the mark; who holds none is no part of them.
fn bars(all: &[Holder]) -> Vec<Vec<Cell>> {
    let (marked, others): (Vec<&Holder>, Vec<&Holder>) =
        all.iter().partition(|h| h.holds_mark != 0);
    let whole = count(marked.len());
    let ways = ["alone", "pooled"]
        .into_iter()
        .chain(LeftOut::CODES.iter().copied());
    let bar = |code: &str| {
        let n = count(marked.iter().filter(|h| way(h) == code).count());
        (n > 0).then(|| {
            vec![
                Cell::Code(Kind::Extract, code.to_owned()),
                Cell::Number(n),
                Cell::Share(n, whole),
            ]
        })
    };
    let mut bars: Vec<Vec<Cell>> = ways.filter_map(bar).collect();
    let unmarked = count(others.iter().filter(|h| h.left_out.is_empty()).count());
    if unmarked > 0 {
        let code = Cell::Code(Kind::Extract, "unmarked".to_owned());
        bars.push(vec![code, Cell::Number(unmarked), Cell::Empty]);
    }
    bars
}

fn way(holder: &Holder) -> &str {
    match holder.left_out.as_str() {
        "" if holder.pooled != 0 => "pooled",
        "" => "alone",
        why => why,
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A holder: AGB code, name, whether it holds the mark, is in and is counted together, and why it is not in.
pub fn cells(h: Holder) -> Vec<Cell> {
    vec![
        Cell::text(h.agb),
        Cell::text(h.name),
        Cell::Flag(h.holds_mark != 0),
        Cell::Flag(h.left_out.is_empty()),
        Cell::Flag(h.pooled != 0),
        Cell::Code(Kind::Extract, h.left_out),
    ]
}

fn holders(all: Vec<Holder>) -> Related {
    plain(
        &[
            &c::AGB,
            &c::ORGANISATION,
            &c::MARK,
            &c::COVERED,
            &c::POOLED,
            &c::LEFT_OUT,
        ],
        all.into_iter().map(cells).collect(),
        &screen::NO_HOLDERS,
    )
}
