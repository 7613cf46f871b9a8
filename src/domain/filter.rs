//! The filter language of lists: `status:invalid vendor:"ROM Plus" age>2d !assigned text`. Parsing only; `store` compiles it to SQL.

use super::synonym;

/// How a term compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    /// `field:value` — equal for codes, contains for text.
    Is,
    /// `field>value`
    More,
    /// `field<value`
    Less,
    /// `field` alone, as in `!assigned`: the field holds something.
    Present,
    /// A word or quoted phrase without a field.
    Text,
}

/// One condition; all terms of a filter must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Whether the term is negated with `!`.
    pub negated: bool,
    /// Name of the field; empty for free text.
    pub field: String,
    /// How it compares.
    pub compare: Compare,
    /// Values; a comma in `status:valid,invalid` means one of them.
    pub values: Vec<String>,
    /// Where the term begins, in characters, for messages.
    pub at: usize,
}

/// Why a text is not a filter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// A quote is not closed.
    #[error("unclosed quote at {at}")]
    OpenQuote {
        /// Character position of the quote.
        at: usize,
    },
    /// A field name is not one of the list.
    #[error("unknown field {field}")]
    UnknownField {
        /// The name given.
        field: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// A value does not fit its field.
    #[error("bad value for {field}")]
    BadValue {
        /// The field.
        field: String,
        /// What it takes, as codes or an example.
        takes: String,
    },
    /// The field cannot be compared this way.
    #[error("bad comparison for {field}")]
    BadCompare {
        /// The field.
        field: String,
    },
    /// A word without a field is too short to search a large table by.
    #[error("fewer than {least} characters")]
    TooShort {
        /// Characters that it takes at least.
        least: usize,
    },
    /// There are more terms than a statement can hold.
    #[error("more than {most} terms")]
    TooMany {
        /// The limit.
        most: usize,
    },
}

/// Terms a filter may have at most.
pub const MOST_TERMS: usize = 24;

/// Reads a filter; `fields` are the names that the list knows.
pub fn parse(text: &str, fields: &[&str]) -> Result<Vec<Term>, FilterError> {
    let mut terms = Vec::new();
    for word in words(text)? {
        terms.push(term(&word, fields)?);
    }
    if terms.len() > MOST_TERMS {
        return Err(FilterError::TooMany { most: MOST_TERMS });
    }
    Ok(terms)
}

/// A value as it can stand in a filter: in quotes when it holds a blank or a mark of the language.
pub fn quoted(value: &str) -> String {
    let plain: String = value.chars().filter(|c| *c != '"').collect();
    let marked = plain.starts_with('!') || plain.contains([':', '>', '<', ',']);
    if plain.is_empty() || marked || plain.contains(char::is_whitespace) {
        return format!("\"{plain}\"");
    }
    plain
}

/// The name nearest to a mistyped one, when one is near enough to suggest.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let best = known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(name, k), *k))
        .min()?;
    (best.0 <= 1 + name.chars().count() / 3).then_some(best.1)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    c: char,
    quoted: bool,
}

struct Word {
    at: usize,
    marks: Vec<Mark>,
}

fn words(text: &str) -> Result<Vec<Word>, FilterError> {
    let mut all = Vec::new();
    let mut word = Word {
        at: 0,
        marks: Vec::new(),
    };
    let mut open = None;
    let mut touched = false;
    for (at, c) in text.chars().enumerate() {
        match (c, open) {
            ('"', None) => {
                open = Some(at);
                touched = true;
            }
            ('"', Some(_)) => open = None,
            (c, None) if c.is_whitespace() => {
                if touched || !word.marks.is_empty() {
                    all.push(std::mem::replace(
                        &mut word,
                        Word {
                            at: at + 1,
                            marks: Vec::new(),
                        },
                    ));
                }
                word.at = at + 1;
                touched = false;
            }
            (c, quote) => word.marks.push(Mark {
                c,
                quoted: quote.is_some(),
            }),
        }
    }
    if let Some(at) = open {
        return Err(FilterError::OpenQuote { at });
    }
    if !word.marks.is_empty() {
        all.push(word);
    }
    Ok(all.into_iter().filter(|w| !w.marks.is_empty()).collect())
}

fn term(word: &Word, fields: &[&str]) -> Result<Term, FilterError> {
    let negated = word.marks.len() > 1
        && word.marks.first()
            == Some(&Mark {
                c: '!',
                quoted: false,
            });
    let marks = word.marks.get(usize::from(negated)..).unwrap_or_default();
    let whole: String = marks.iter().map(|m| m.c).collect();
    let Some(split) = marks
        .iter()
        .position(|m| !m.quoted && matches!(m.c, ':' | '>' | '<'))
    else {
        return Ok(bare(word, &whole, marks, negated, fields));
    };
    let field: String = marks.iter().take(split).map(|m| m.c).collect();
    let field = synonym::field(&field.to_lowercase(), fields).to_owned();
    if !fields.contains(&field.as_str()) {
        let nearest = nearest(&field, fields).map(str::to_owned);
        return Err(FilterError::UnknownField { field, nearest });
    }
    let rest = marks.get(split + 1..).unwrap_or_default();
    let values = values(rest);
    if values.is_empty() {
        return Err(FilterError::BadValue {
            field,
            takes: String::new(),
        });
    }
    let compare = match marks.get(split).map(|m| m.c) {
        Some('>') => Compare::More,
        Some('<') => Compare::Less,
        _ => Compare::Is,
    };
    Ok(Term {
        negated,
        field,
        compare,
        values,
        at: word.at,
    })
}

/// A word without a comparison: free text, or with `!` the absence of a field.
fn bare(word: &Word, whole: &str, marks: &[Mark], negated: bool, fields: &[&str]) -> Term {
    let plain = marks.iter().all(|m| !m.quoted);
    let named = synonym::field(whole, fields);
    let known = plain && negated && fields.contains(&named);
    let (field, values, compare) = if known {
        (named.to_owned(), Vec::new(), Compare::Present)
    } else {
        (String::new(), vec![whole.to_owned()], Compare::Text)
    };
    Term {
        negated,
        field,
        compare,
        values,
        at: word.at,
    }
}

fn values(marks: &[Mark]) -> Vec<String> {
    let parts = marks.split(|m| !m.quoted && m.c == ',');
    parts
        .map(|p| p.iter().map(|m| m.c).collect::<String>())
        .filter(|v| !v.is_empty())
        .collect()
}
