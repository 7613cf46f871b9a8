//! What could be typed next in a filter: names of fields, then the codes that a field takes. Parsing is in `domain::filter`.

use crate::language::{Language, state};
use crate::screens::List;

/// Something that could be typed next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// What is typed for it, from the beginning of the word.
    pub text: String,
    /// What it means to people.
    pub label: String,
}

/// Suggestions for the last word of a filter.
pub fn suggest(text: &str, list: &List, language: Language) -> Vec<Suggestion> {
    let word = last_word(text);
    let (not, bare) = word
        .strip_prefix('!')
        .map_or(("", word), |rest| ("!", rest));
    if let Some((name, begun)) = bare.split_once(':') {
        let Some(field) = list.filters.iter().find(|f| f.name == name) else {
            return Vec::new();
        };
        let (chosen, tail) = begun
            .rsplit_once(',')
            .map_or((String::new(), begun), |(c, l)| (format!("{c},"), l));
        let fits = |code: &&&str| {
            let label = state::label(list.kind, code, language).to_lowercase();
            code.starts_with(tail) || label.starts_with(&tail.to_lowercase())
        };
        let of = |code: &&str| Suggestion {
            text: format!("{not}{name}:{chosen}{code}"),
            label: state::label(list.kind, code, language),
        };
        return field.codes.iter().filter(fits).map(of).collect();
    }
    let fields = list.filters.iter().filter(|f| f.name.starts_with(bare));
    fields
        .map(|f| Suggestion {
            text: format!("{not}{}:", f.name),
            label: f.name.to_owned(),
        })
        .collect()
}

/// The filter with its last word replaced by a suggestion.
pub fn complete(text: &str, taken: &Suggestion) -> String {
    let word = last_word(text);
    let kept = text.get(..text.len() - word.len()).unwrap_or_default();
    let gap = if taken.text.ends_with(':') { "" } else { " " };
    format!("{kept}{}{gap}", taken.text)
}

/// The word being typed; a blank within quotes does not end it.
fn last_word(text: &str) -> &str {
    let mut quoted = false;
    let mut from = 0;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => from = at + c.len_utf8(),
            _ => {}
        }
    }
    text.get(from..).unwrap_or_default()
}
