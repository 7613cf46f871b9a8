//! Copying through the terminal itself (OSC 52), which works over SSH too. What a terminal accepts is limited.

use crate::language::{Language, console as say, display};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Bytes of text that terminals take at most: 74,994 in base64 stay below 100,000.
pub const MOST: usize = 74_994;

/// Whether the session runs inside tmux, which must be told to pass the sequence on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrap {
    /// Straight to the terminal.
    Plain,
    /// Through tmux.
    Tmux,
}

/// The sequence that puts text on the clipboard of the terminal.
pub fn sequence(text: &str, wrap: Wrap) -> String {
    let encoded = STANDARD.encode(cut(text));
    match wrap {
        Wrap::Plain => format!("\x1b]52;c;{encoded}\x07"),
        // tmux's own clipboard (`set-clipboard on`) takes the plain form; the wrapped one reaches the outer terminal.
        Wrap::Tmux => format!("\x1b]52;c;{encoded}\x07\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\"),
    }
}

/// What is said about a copy: how much was sent, and the text itself, so that it can be copied by hand too.
pub fn told(text: &str, language: Language) -> String {
    let size = |bytes: usize| display::size(i64::try_from(bytes).unwrap_or(i64::MAX), language);
    let sent = cut(text);
    if sent.len() < text.len() {
        return say::COPIED_CUT.with(
            language,
            &[("size", &size(sent.len())), ("whole", &size(text.len()))],
        );
    }
    let first = text.lines().next().unwrap_or_default();
    say::COPIED.with(language, &[("size", &size(text.len())), ("text", first)])
}

fn cut(text: &str) -> &str {
    let mut end = text.len().min(MOST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
