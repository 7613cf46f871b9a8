//! Reads a JSON document of staff and says what does not fit by its path and what is expected there. No sentences for people, and
//! never a value of the document.

use serde::de::DeserializeOwned;

/// What is wrong at a place of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// The text is no JSON from this line on.
    NotJson,
    /// The name is not known here.
    UnknownName,
    /// It must be there.
    Missing,
    /// It stands there twice.
    Twice,
    /// The value is of another kind, or none of the words that are possible: what is expected.
    Kind(String),
    /// The number must lie between these.
    Between(i64, i64),
    /// At least one is needed.
    Empty,
    /// It refers to something that does not exist.
    Nowhere,
    /// It leads back to itself.
    Round,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {flaw:?}")]
pub struct Misfit {
    /// Where: `instruments[2].maximum`, or `line 7`.
    pub path: String,
    /// What is wrong.
    pub flaw: Flaw,
}

impl Misfit {
    /// A flaw at a place.
    pub fn at(path: impl Into<String>, flaw: Flaw) -> Self {
        Self {
            path: path.into(),
            flaw,
        }
    }
}

/// Reads a document.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Misfit> {
    let mut from = serde_json::Deserializer::from_str(text.trim_start_matches('\u{feff}'));
    let document = serde_path_to_error::deserialize(&mut from).map_err(|e| misfit(&e))?;
    let ended = from.end();
    ended.map_err(|e| Misfit::at(format!("line {}", e.line()), Flaw::NotJson))?;
    Ok(document)
}

/// The parser's own words may hold values; only what it expected is repeated, which is ours.
fn misfit(error: &serde_path_to_error::Error<serde_json::Error>) -> Misfit {
    let inner = error.inner();
    if !inner.is_data() {
        return Misfit::at(format!("line {}", inner.line()), Flaw::NotJson);
    }
    let (text, path) = (inner.to_string(), error.path().to_string());
    let quoted = |start: &str| {
        text.strip_prefix(start)
            .and_then(|rest| rest.split('`').next())
    };
    if let Some(name) = quoted("missing field `") {
        let whole = path == ".";
        let path = if whole {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        return Misfit::at(path, Flaw::Missing);
    }
    if text.starts_with("unknown field `") {
        return Misfit::at(path, Flaw::UnknownName);
    }
    if text.starts_with("duplicate field `") {
        return Misfit::at(path, Flaw::Twice);
    }
    let expected = text.rsplit_once("expected ").map_or("", |(_, rest)| rest);
    let expected = expected
        .rsplit_once(" at line")
        .map_or(expected, |(it, _)| it);
    Misfit::at(path, Flaw::Kind(expected.to_owned()))
}
