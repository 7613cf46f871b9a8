//! Which cells of an extract our own attacks worked out, of what and for whom, as a tab of its record shows them.

use super::super::Error;
use super::super::extract::words;
use super::super::read::RELATED;
use super::super::record::Reading;
use super::figure;
use crate::domain::kind::Kind;
use crate::domain::right::Right;
use crate::domain::sheet::SMALL_HOLDERS;
use crate::extract::built::EARLIER;
use crate::language::{Language, Message, column as c, extract as say};
use crate::store::extract_find::{self, Found};
use crate::ui::record::{Body, Related};
use crate::ui::{Cell, Cursor, Row};

/// Which cells gave way, for who may know; `Enter` opens one.
pub(super) async fn body(reading: &mut Reading<'_>, id: &str) -> Result<Body, Error> {
    let text =
        |message: &Message| Body::Text(vec![message.text(reading.actor.language).to_owned()]);
    if !reading.actor.may(Right::Extracts) {
        return Ok(text(&say::FOUND_TO_MANAGERS));
    }
    let mut all = extract_find::first(&mut reading.tx, id, i64::from(RELATED) + 1).await?;
    if all.is_empty() {
        return Ok(text(&say::FOUND_UNKNOWN));
    }
    let language = reading.actor.language;
    let more = all.len() > RELATED as usize;
    all.truncate(RELATED as usize);
    Ok(Body::List(Related {
        kind: Some(Kind::Figure),
        columns: vec![
            &c::ATTACKER,
            &c::SHEET,
            &c::ORGANISATION,
            &c::PROFILE,
            &c::CODE,
            &c::LEAK,
            &c::BESIDE,
        ],
        rows: all.into_iter().map(|f| find(f, language)).collect(),
        more,
        empty: None,
    }))
}

fn find(f: Found, language: Language) -> Row {
    let codes = [&f.find.code_1, &f.find.code_2, &f.find.code_3];
    let codes: Vec<&str> = codes
        .into_iter()
        .map(String::as_str)
        .filter(|c| !c.is_empty())
        .collect();
    let [organisation, profile, last] = figure::names(&f.find.sheet, &codes, &f.holder);
    let who = match f.find.who.as_str() {
        "" if f.find.attacker == EARLIER => Cell::Code(Kind::Extract, EARLIER.to_owned()),
        "" => Cell::Code(Kind::Extract, "outsider".to_owned()),
        SMALL_HOLDERS => Cell::Code(Kind::Figure, SMALL_HOLDERS.to_owned()),
        agb if f.name.is_empty() => Cell::text(agb),
        _ => Cell::text(&f.name),
    };
    let beside = words::beside(&f, language);
    Row {
        id: f.figure,
        version: 0,
        state: String::new(),
        label: codes.join(" "),
        cells: vec![
            who,
            Cell::Code(Kind::Extract, f.find.sheet.clone()),
            organisation,
            profile,
            last,
            Cell::Code(Kind::Figure, f.find.leak),
            Cell::text(beside),
        ],
        cursor: Cursor::default(),
    }
}
