//! JSON as text: readable, keys in their own order, and safe to show on a terminal without losing a character.

use crate::domain::check::unprintable;
use serde_json::Value;
use std::fmt::Write;

/// A document with indents and a last line break.
pub fn write(value: &Value) -> String {
    let mut text = safe(&serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}

/// JSON in which control, direction and invisible characters are `\u` escapes: every parser reads the same text from it.
pub fn safe(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + 1);
    for c in json.chars() {
        if c == '\n' || !unprintable(c) {
            text.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}
