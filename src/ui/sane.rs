//! The one sanitiser between data and a terminal: control, escape, direction and invisible characters become visible symbols.

use crate::domain::check::unprintable;
use std::borrow::Cow;

/// Text that cannot steer a terminal. C0 controls become their control pictures, everything else unprintable becomes `�`.
pub fn sane(text: &str) -> Cow<'_, str> {
    if !text.chars().any(unsafe_for_terminal) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.chars()
            .map(|c| {
                if unsafe_for_terminal(c) {
                    picture(c)
                } else {
                    c
                }
            })
            .collect(),
    )
}

fn unsafe_for_terminal(c: char) -> bool {
    unprintable(c)
}

fn picture(c: char) -> char {
    match c {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ => '\u{fffd}',
    }
}
