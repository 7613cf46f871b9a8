//! The pane beside the figures of an extract: what a cell says, why it is a dot, what would help, and what earlier releases said.
//! Hidden figures are for release managers alone, and who looks is noted.

use super::super::extract::inspect::{self, Whole};
use super::super::extract::words;
use super::super::read::begin;
use super::super::record::Reading;
use super::super::{Actor, Error, Services};
use super::{figure, known};
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::sheet::{Sheet, TOTAL};
use crate::extract::built::BuiltCell;
use crate::extract::measure::{Measure, Name, measures, row_of, share};
use crate::language::{Language, Message, display, extract as say, screen};
use crate::store::lists::figure as list;
use crate::ui::record::Body;
use crate::ui::{Cell, Record, Tab};

/// Bars of a spread.
const BARS: usize = 12;

type Sections = Vec<(&'static Message, Body)>;

/// The pane for one cell.
pub async fn figure(services: &Services, actor: &Actor, id: &str) -> Result<Record, Error> {
    let mut reading = Reading::begin(services, actor).await?;
    let row = figure::SOURCE.one(&mut reading.tx, id).await?;
    let at = reading.context.now;
    reading.tx.rollback().await?;
    Ok(Record {
        id: id.to_owned(),
        title: figure::label(&row, &figure::codes(&row)),
        state: String::new(),
        tabs: vec![tab(services, actor, &row).await?],
        at,
        ..Record::default()
    })
}

/// What a cell says and why not, as a tab.
pub(super) async fn tab(services: &Services, actor: &Actor, row: &list::Row) -> Result<Tab, Error> {
    let whole = inspect::whole(services, actor, &row.extract_id).await?;
    let codes = figure::codes(row);
    let place = |c: &&BuiltCell| c.sheet.as_str() == row.sheet && c.codes == codes;
    let missing = || Error::missing(Kind::Figure, &row.id);
    let cell = whole.built.cells.iter().find(place).ok_or_else(missing)?;
    let mut sections = shows(&whole, cell, actor.language);
    sections.extend(reasons(&whole, cell, actor)?);
    let earlier = earlier(services, actor, row).await?;
    sections.push((&say::EARLIER_RELEASES, earlier));
    Ok(Tab {
        title: &screen::TAB_EXPLANATION,
        body: Body::Sections(sections),
    })
}

/// What stands in the files, and how the parts of a total lie.
fn shows(whole: &Whole, cell: &BuiltCell, language: Language) -> Sections {
    let measured = |m: &Measure| (name(m.name), Cell::Text(number(m, language)));
    let all = measures(&whole.definition, cell);
    let mut fields: Vec<(&'static Message, Cell)> = all.iter().map(measured).collect();
    if cell.sheet == Sheet::Response {
        // Beside a total that is hidden every file has a dot: the share would give the total away.
        let share = share_of(whole, cell);
        fields.push(share.map_or((&say::M_SHARE, Cell::Hidden), |m| measured(&m)));
    }
    let mut all: Sections = if cell.status.is_hidden() {
        let text = say::IS_HIDDEN.text(language).to_owned();
        vec![(&say::SHOWS, Body::Text(vec![text]))]
    } else {
        vec![(&say::SHOWS, known(fields))]
    };
    if let Some(spread) = spread(whole, cell, language) {
        all.push((&say::SPREAD, Body::Text(vec![spread])));
    }
    all
}

/// The share of a response in its row, as the files have it.
fn share_of(whole: &Whole, cell: &BuiltCell) -> Option<Measure> {
    let (sheet, codes) = row_of(cell)?;
    let is_row = |c: &&BuiltCell| c.sheet == sheet && c.codes == codes;
    share(cell, whole.built.cells.iter().find(is_row)?)
}

/// A number as people of a language write it.
fn number(m: &Measure, language: Language) -> String {
    display::decimal(&m.text(), language)
}

const fn name(name: Name) -> &'static Message {
    match name {
        Name::Count => &say::M_N,
        Name::Organisations => &say::M_ORGANISATIONS,
        Name::Share => &say::M_SHARE,
        Name::MeanPre => &say::M_MEAN_PRE,
        Name::MeanPost => &say::M_MEAN_POST,
        Name::MeanDifference => &say::M_DIFFERENCE,
        Name::Deviation => &say::M_SD,
        Name::Low => &say::M_LOW,
        Name::High => &say::M_HIGH,
        Name::Effect => &say::M_EFFECT,
        Name::Improved => &say::M_IMPROVED,
        Name::TPre => &say::M_T_PRE,
        Name::TPost => &say::M_T_POST,
        Name::Mean => &say::M_MEAN,
        Name::FirstQuartile => &say::M_FIRST,
        Name::Median => &say::M_MEDIAN,
        Name::ThirdQuartile => &say::M_THIRD,
    }
}

/// How the shown means of the organisations lie that a total is over, lowest to highest: a bar each, or none where there are few.
fn spread(whole: &Whole, total: &BuiltCell, language: Language) -> Option<String> {
    let wanted = match total.sheet {
        Sheet::Effect => Name::MeanDifference,
        Sheet::Cqi => Name::Mean,
        _ => return None,
    };
    if total.codes.first().is_none_or(|c| c != TOTAL) {
        return None;
    }
    let part = |c: &&BuiltCell| {
        c.sheet == total.sheet && c.codes[0] != TOTAL && c.codes[1..] == total.codes[1..]
    };
    let cells = whole.built.cells.iter().filter(part);
    let mut means: Vec<Measure> = cells
        .flat_map(|c| measures(&whole.definition, c))
        .filter(|m| m.name == wanted)
        .collect();
    means.sort_by(|a, b| a.value.total_cmp(&b.value));
    let (first, last) = (means.first()?, means.last()?);
    let (low, high) = (first.value, last.value);
    if means.len() < 5 || high <= low {
        return None;
    }
    let mut bars = vec![0_u32; BARS];
    for mean in &means {
        let share = (mean.value - low) / (high - low);
        let place = (1..BARS).find(|n| share < bound(*n)).unwrap_or(BARS) - 1;
        bars[place] += 1;
    }
    let bars = crate::ui::cell::spark(&bars);
    let (low, high) = (number(first, language), number(last, language));
    Some(format!("{low} {bars} {high}"))
}

/// Where a bar ends, as a part of the whole width.
fn bound(bar: usize) -> f64 {
    f64::from(u32::try_from(bar).unwrap_or(0)) / f64::from(u32::try_from(BARS).unwrap_or(1))
}

/// What gave way in a cell, why it is hidden and what would help, for who may know.
fn reasons(whole: &Whole, cell: &BuiltCell, actor: &Actor) -> Result<Sections, Error> {
    let language = actor.language;
    if !actor.may(Right::Extracts) {
        let text = || Body::Text(vec![say::FOR_MANAGERS.text(language).to_owned()]);
        let hidden = cell.status.is_hidden();
        return Ok(hidden
            .then(|| (&say::WHY_HIDDEN, text()))
            .into_iter()
            .collect());
    }
    let reason = inspect::reason(whole, cell)?;
    let mut all = Sections::new();
    if !reason.found.is_empty() {
        let found = words::found(&reason.found, language);
        all.push((&say::WORKED_OUT_HERE, Body::Text(found)));
    }
    if let Some(why) = &reason.why {
        let (why, advice) = (words::lines(Some(why), language), &reason.advice);
        all.push((&say::WHY_HIDDEN, Body::Text(why)));
        let advice = words::advice(advice, language);
        all.push((&say::WOULD_HELP, Body::Text(advice)));
    }
    Ok(all)
}

/// What every release of the same definition said of the cell, oldest first.
async fn earlier(services: &Services, actor: &Actor, row: &list::Row) -> Result<Body, Error> {
    let language = actor.language;
    let mut tx = begin(services, actor).await?;
    let all = list::released(&mut tx, row).await?;
    tx.rollback().await?;
    if all.is_empty() {
        return Ok(Body::Text(vec![
            say::NONE_EARLIER.text(language).to_owned(),
        ]));
    }
    let shown = |n: i64| {
        if n < 0 {
            ".".to_owned()
        } else {
            display::number(n, language)
        }
    };
    let mut lines: Vec<String> = all
        .iter()
        .map(|(period, n)| format!("{period}  {}", shown(*n)))
        .collect();
    let known: Vec<u32> = all
        .iter()
        .filter_map(|(_, n)| u32::try_from(*n).ok())
        .collect();
    if known.len() > 2 {
        lines.push(crate::ui::cell::spark(&known));
    }
    Ok(Body::Text(lines))
}
