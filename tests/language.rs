//! Messages are complete: both languages, the same placeholders, and every file of messages is in the list of all.

use portaal_console::domain::cause::Party;
use portaal_console::domain::kind::Kind;
use portaal_console::language::state::label;
use portaal_console::language::{self, Language, Message};
use std::collections::BTreeSet;
use std::path::Path;

fn placeholders(text: &str) -> BTreeSet<&str> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|p| p.split_once('}').map(|(name, _)| name))
        .collect()
}

fn name(message: &Message) -> String {
    format!("{} ({})", message.key, message.nl)
}

#[test]
fn every_message_is_in_both_languages() {
    assert!(language::all().count() > 100, "messages were not found");
    for message in language::all() {
        assert!(
            !message.nl.trim().is_empty(),
            "{} has no Dutch",
            name(message)
        );
        assert!(
            !message.en.trim().is_empty(),
            "{} has no English",
            name(message)
        );
    }
}

#[test]
fn placeholders_are_the_same_in_both_languages() {
    for message in language::all() {
        let (nl, en) = (placeholders(message.nl), placeholders(message.en));
        assert_eq!(nl, en, "{}", name(message));
        let plain =
            |p: &&str| p.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !p.is_empty();
        assert!(
            nl.iter().all(plain),
            "{} has an odd placeholder",
            name(message)
        );
    }
}

#[test]
fn every_file_of_messages_is_listed() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/language");
    let list = std::fs::read_to_string(directory.join("mod.rs")).expect("mod.rs");
    for entry in std::fs::read_dir(directory).expect("language") {
        let path = entry.expect("entry").path();
        let text = std::fs::read_to_string(&path).expect("source");
        let name = path
            .file_stem()
            .expect("name")
            .to_string_lossy()
            .into_owned();
        if name != "mod" && text.contains("crate::messages!") {
            assert!(
                list.contains(&format!("{name}::ALL")),
                "{name} is not in language::all()"
            );
        }
    }
}

#[test]
fn who_must_act_reads_as_a_word_in_both_languages() {
    let read = |language| {
        let all = Party::ALL.iter();
        all.map(|p| label(Kind::Cause, p.as_str(), language))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        read(Language::Nl),
        ["tekenbevoegde", "piketdienst", "leverancier"]
    );
    assert_eq!(read(Language::En), ["signatory", "on call", "vendor"]);
}
