//! Text from outside: folded for search. Not its display: `ui::sane` makes it safe for a terminal.

/// The form that searches compare: lower case, without accents, blanks collapsed.
pub fn fold(text: &str) -> String {
    let plain = deunicode::deunicode(text).to_lowercase();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Several fields folded into the one column that a free-text search compares.
pub fn fold_all(parts: &[&str]) -> String {
    parts
        .iter()
        .map(|p| fold(p))
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
