//! Every sentence that people read, in Dutch and English, and how numbers and dates are written. The only place with such sentences.

pub mod action;
pub mod audit;
pub mod cause;
pub mod column;
pub mod command;
pub mod console;
pub mod deed;
pub mod delivery;
pub mod demo;
pub mod disclosure;
pub mod display;
pub mod doctor;
pub mod error;
pub mod extract;
pub mod finding;
pub mod flag;
pub mod help;
pub mod intake;
pub mod keys;
pub mod kind;
pub mod mail;
pub mod outgoing;
pub mod report;
pub mod screen;
pub mod state;
pub mod triage;
pub mod usage;
pub mod verb;

pub use crate::domain::right::Language;

/// One message in both languages; placeholders are `{name}`.
#[derive(Debug)]
pub struct Message {
    /// Name of the message, for tests and logs.
    pub key: &'static str,
    /// Dutch.
    pub nl: &'static str,
    /// English.
    pub en: &'static str,
}

impl Message {
    /// The text in a language, placeholders left as they are.
    pub const fn text(&self, language: Language) -> &'static str {
        match language {
            Language::Nl => self.nl,
            Language::En => self.en,
        }
    }

    /// The text with its placeholders filled; a name that the message does not have is ignored.
    pub fn with(&self, language: Language, values: &[(&str, &str)]) -> String {
        let mut rest = self.text(language);
        let mut filled = String::with_capacity(rest.len() + 32);
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}').map(|c| open + c) else {
                break;
            };
            filled.push_str(&rest[..open]);
            let name = &rest[open + 1..close];
            match values.iter().find(|(n, _)| *n == name) {
                Some((_, value)) => filled.push_str(value),
                None => filled.push_str(&rest[open..=close]),
            }
            rest = &rest[close + 1..];
        }
        filled.push_str(rest);
        filled
    }
}

/// Declares messages, each in both languages, and the list of them for the tests.
#[macro_export]
macro_rules! messages {
    ($($name:ident = $nl:literal / $en:literal;)+) => {
        $(
            #[doc = $en]
            pub static $name: $crate::language::Message =
                $crate::language::Message { key: stringify!($name), nl: $nl, en: $en };
        )+
        /// Every message of this file.
        pub static ALL: &[&$crate::language::Message] = &[$(&$name),+];
    };
}

/// Every message of every file, for the tests.
pub fn all() -> impl Iterator<Item = &'static Message> {
    [
        action::ALL,
        audit::ALL,
        cause::ALL,
        column::ALL,
        command::ALL,
        console::ALL,
        deed::ALL,
        delivery::ALL,
        demo::ALL,
        disclosure::ALL,
        doctor::ALL,
        error::ALL,
        extract::ALL,
        finding::ALL,
        flag::ALL,
        help::ALL,
        intake::ALL,
        keys::ALL,
        kind::ALL,
        mail::ALL,
        outgoing::ALL,
        report::ALL,
        screen::ALL,
        state::ALL,
        triage::ALL,
        usage::ALL,
        verb::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}
