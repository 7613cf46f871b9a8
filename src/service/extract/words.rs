//! Why a cell is hidden and what would help, in the reader's language: for the command line and for the pane beside the figures.

use crate::domain::sheet::SMALL_HOLDERS;
use crate::domain::time::Timestamp;
use crate::extract::advise::Advice;
use crate::extract::built::{EARLIER, Leak, Rule};
use crate::extract::explain::{Explanation, Figures, Link, Place};
use crate::language::{Language, Message, display, extract as say};
use crate::store::extract_find::Found;

/// Why a cell is hidden, a sentence a line.
pub fn lines(found: Option<&Explanation>, language: Language) -> Vec<String> {
    let mut all = Vec::new();
    match found {
        None => all.push(say::OPEN_CELL.text(language).to_owned()),
        Some(Explanation::Own(figures)) => all.push(own(figures, language)),
        Some(Explanation::Others(links)) => {
            all.push(say::FOR_OTHERS.text(language).to_owned());
            all.extend(links.iter().map(|l| link(l, language)));
        }
    }
    all
}

fn own(f: &Figures, language: Language) -> String {
    let message: &Message = match f.rule {
        Rule::Small => &say::OWN_SMALL,
        Rule::Zero => &say::OWN_ZERO,
        Rule::Complement | Rule::Group if f.improved.is_some() => &say::OWN_IMPROVED,
        Rule::Complement if f.of.is_none() => &say::OWN_REST,
        Rule::Complement => &say::OWN_COMPLEMENT,
        // A group in a table of scores that no row and no share tells of: its mean does.
        Rule::Group if f.of.is_none() => &say::OWN_SUMS,
        Rule::Group => &say::OWN_GROUP,
        Rule::Contributors => &say::OWN_CONTRIBUTORS,
        Rule::Dominance => &say::OWN_DOMINANCE,
        Rule::Change => &say::OWN_CHANGE,
        Rule::Sums => &say::OWN_SUMS,
    };
    let known = |n: Option<i64>| n.map_or_else(|| "?".to_owned(), |n| n.to_string());
    message.with(
        language,
        &[
            ("n", &f.n.to_string()),
            ("least", &f.min_count.to_string()),
            ("of", &known(f.of)),
            ("improved", &known(f.improved)),
            ("organisations", &known(f.organisations)),
            ("contributors", &f.min_contributors.to_string()),
            ("largest", &known(f.largest)),
        ],
    )
}

fn link(l: &Link, language: Language) -> String {
    let name = |(_, codes): &Place| codes.join(" · ");
    let hidden: Vec<String> = l.hidden.iter().map(name).collect();
    let message = if l.follows {
        &say::LINK
    } else {
        &say::LINK_NEAR
    };
    message.with(
        language,
        &[
            ("total", &name(&l.total)),
            ("shown", &l.shown.to_string()),
            ("hidden", &hidden.join(", ")),
            ("next", &name(&l.next)),
        ],
    )
}

/// What gave way in a cell and to whom, a find a line.
pub fn found(all: &[Found], language: Language) -> Vec<String> {
    let line = |f: &Found| {
        let message = match f.find.leak.parse() {
            Ok(Leak::Improved) => &say::FOUND_IMPROVED,
            Ok(Leak::Mean) => &say::FOUND_MEAN,
            Ok(Leak::Change) => &say::FOUND_CHANGE,
            Ok(Leak::Count) | Err(_) => &say::FOUND_COUNT,
        };
        message.with(language, &[("who", &who(f, language))])
    };
    all.iter().map(line).collect()
}

/// Who found something, as the subject of a sentence.
fn who(f: &Found, language: Language) -> String {
    let is_earlier = f.find.attacker == EARLIER;
    match (f.find.who.as_str(), f.period.as_str()) {
        ("", "") if is_earlier => say::BY_EARLIER.text(language).to_owned(),
        ("", "") => say::BY_ANYBODY.text(language).to_owned(),
        ("", _) => say::BY_RELEASE.with(language, &[("release", &beside(f, language))]),
        (SMALL_HOLDERS, _) => say::BY_POOL.text(language).to_owned(),
        (agb, _) => {
            let name = if f.name.is_empty() { agb } else { &f.name };
            say::BY_ITSELF.with(language, &[("name", name)])
        }
    }
}

/// The release that a find takes, with the day on which it left: a period may have left more than once.
pub fn beside(f: &Found, language: Language) -> String {
    if f.released_at == Timestamp::NEVER {
        return f.period.clone();
    }
    format!("{}, {}", f.period, display::date(f.released_at, language))
}

/// What would make a cell publishable, a merge a line.
pub fn advice(all: &[Advice], language: Language) -> Vec<String> {
    let line = |a: &Advice| {
        let (codes, count) = (a.codes.join(" + "), a.n.map(|n| n.to_string()));
        let (before, after) = (a.small[0].to_string(), a.small[1].to_string());
        let filled = [
            ("codes", codes.as_str()),
            ("n", count.as_deref().unwrap_or("?")),
            ("before", &before),
            ("after", &after),
            ("period", a.codes.first().map_or("", String::as_str)),
            ("year", a.codes.last().map_or("", String::as_str)),
        ];
        let message = if a.n.is_some() {
            &say::MERGE
        } else {
            &say::MERGE_PERIOD
        };
        message.with(language, &filled)
    };
    if all.is_empty() {
        return vec![say::NO_MERGE.text(language).to_owned()];
    }
    all.iter().take(3).map(line).collect()
}
