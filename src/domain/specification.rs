//! The specifications that can be delivered, by name and version, and which kind of delivery each is. Not their columns and rules:
//! those are data in `delivery`.

use super::code::codes;

codes! {
    /// What a delivery is about.
    pub enum Kind {
        Rom = "rom",
        Cqi = "cqi",
    }
}

const TABLE: &[(&str, Kind)] = &[
    ("rom-1", Kind::Rom),
    ("cqi-1", Kind::Cqi),
    ("sbg-5.0.1", Kind::Rom),
];

/// Every specification, the usual ones first.
pub const NAMES: &[&str] = &[TABLE[0].0, TABLE[1].0, TABLE[2].0];

/// What a connection delivers when nobody says what.
pub const USUAL: &str = "rom-1,cqi-1";

/// The kind of a specification; `None` when there is none of this name.
pub fn kind_of(name: &str) -> Option<Kind> {
    TABLE
        .iter()
        .find(|(n, _)| *n == name)
        .map(|(_, kind)| *kind)
}

/// The kinds of several specifications, in the order of the kinds; unknown names add nothing.
pub fn kinds_of(names: &str) -> Vec<Kind> {
    let has = |kind| names.split(',').any(|name| kind_of(name) == Some(kind));
    Kind::ALL.iter().copied().filter(|k| has(*k)).collect()
}

/// Kinds as stored: codes separated by commas.
pub fn join(kinds: &[Kind]) -> String {
    let codes: Vec<&str> = kinds.iter().map(|k| k.as_str()).collect();
    codes.join(",")
}

/// Kinds from their stored form; unknown codes add nothing.
pub fn split(text: &str) -> Vec<Kind> {
    text.split(',')
        .filter_map(|code| code.parse().ok())
        .collect()
}
